"""Write pictures as SVG text, in the course's colours, for light and dark pages alike.

An element's `fill` and `stroke` may be a role of the palette, such as ``"value"``. It is written as the
colour for a light page, which every viewer understands, and as a class by which `document` gives the colour
for a dark one. Widgets put their own variables in the place of both.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from backprop_course.palette import COLOURS, DARK_COLOURS

PAINTS = {
    "ink": ("#212121", "#E4E4E4"),
    "muted": ("#6B6B6B", "#A8A8A8"),
    "rule": ("#DCDCDC", "#4A4A4A"),
    "paper": ("#FFFFFF", "#111111"),
} | {role: (COLOURS[role], DARK_COLOURS[role]) for role in COLOURS}
Point = tuple[float, float]
Curve = tuple[Point, Point]
Box = tuple[float, float, float, float]  # middle, width and height


def tag(name: str, *content: str, **attributes: Any) -> str:
    """Write one element; an underscore in an attribute's name becomes a hyphen, None leaves one out."""
    classes = [attributes.pop("class_", "")]
    for paint in ("fill", "stroke"):
        role = attributes.get(paint)
        if role in PAINTS:
            attributes[paint] = PAINTS[role][0]
            classes.append(f"bp-{paint}-{role}")
    given = {"class": " ".join(filter(None, classes)) or None} | attributes
    attached = "".join(
        f' {key.strip("_").replace("_", "-")}="{escape(written(value))}"'
        for key, value in given.items()
        if value is not None
    )
    return f"<{name}{attached}>{''.join(content)}</{name}>"


def text(words: str, x: float, y: float, **attributes: Any) -> str:
    """Write a line of text."""
    return tag("text", escape(words), x=x, y=y, **attributes)


def title(words: str) -> str:
    """Name the element that this comes first in: shown by a mouse at rest, read out."""
    return tag("title", escape(words))


def width_of(words: str) -> float:
    """Estimate the width of bold text of size 12, with a margin."""
    return 7.2 * len(words) + 8


def label(words: str, x: float, y: float, role: str = "ink", **attributes: Any) -> str:
    """Write a number, or a few words, on a piece of paper of its own around the point (x, y)."""
    width = width_of(words)
    paper = tag("rect", x=x - width / 2, y=y - 7.5, width=width, height=15, rx=4, fill="paper")
    style = {"font_size": 12, "font_weight": "bold", "text_anchor": "middle"} | attributes
    return paper + text(words, x, y + 4.3, fill=role, **style)


def document(
    name: str, width: float, height: float, *content: str, description: str = "", corner: Point = (0.0, 0.0)
) -> str:
    """Wrap `content` as a document on paper, which shrinks with its page and whose name is read out."""
    left, top = corner
    inside = "".join(content)
    paper = tag("rect", x=left, y=top, width=width, height=height, fill="paper")
    return tag(
        "svg",
        title(name),
        tag("desc", escape(description)) if description else "",
        _dark(paper + inside),
        paper,
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{left:g} {top:g} {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        style="max-width: 100%; height: auto",
        font_family="system-ui, sans-serif",
        font_size=14,
    )


_THEME = """<style>
.backprop-still { color-scheme: light dark; }
.backprop-still img { max-width: 100%; }
body[data-jp-theme-light="true"] .backprop-still { color-scheme: light; }
body[data-jp-theme-light="false"] .backprop-still { color-scheme: dark; }
</style>"""


def image(svg: str, alt: str, note: str = "") -> str:
    """Make a document an image of a page: with an alt text, shown unasked, and drawn for the page's theme.

    As output of its own kind, SVG has no alt text, JupyterLab shows none that came from elsewhere, and GitHub
    and nbviewer break it; an image in HTML they all show.
    """
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    below = f"<p><small>{escape(note)}</small></p>" if note else ""
    shown = f'<img alt="{escape(alt)}" src="{source}">{below}'
    return f'{_THEME}\n<div class="backprop-still">{shown}</div>'


class Picture:
    """A drawing that a notebook shows: `svg` is its text, `description` says it in words."""

    def __init__(self, svg: str, description: str) -> None:
        self.svg, self.description = svg, description

    def _repr_html_(self) -> str:
        return image(self.svg, self.description)

    def __repr__(self) -> str:
        return self.description


def _dark(content: str) -> str:
    """Give the colours for a dark page of the paints that are used."""
    used = sorted(set(re.findall(r"bp-(fill|stroke)-(\w+)", content)))
    rules = "".join(f".bp-{paint}-{role}{{{paint}:{PAINTS[role][1]}}}" for paint, role in used)
    return tag("style", f"@media (prefers-color-scheme: dark){{{rules}}}")


def least_overlap(places: Iterable[Point], size: Point, taken: Sequence[Box]) -> Point:
    """Choose the first place where a box of this size meets nothing that is `taken`, or else the least."""
    width, height = size

    def overlap(place: Point) -> float:
        return sum(
            max(0.0, (width + w) / 2 - abs(place[0] - x)) * max(0.0, (height + h) / 2 - abs(place[1] - y))
            for x, y, w, h in taken
        )

    return min(places, key=overlap)


def written(value: object) -> str:
    """Write an attribute: a number with two digits at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

"""Figures of matplotlib in the colours of the reader's theme, with an alt text that is read out."""

import base64
import html
import io
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from backprop_course.palette import COLOURS, DARK_COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNDRAWN = "BACKPROP_COURSE_UNDRAWN"  # in the environment where nobody will look, as when a class is graded
_INK, _RULE = "#000000", "#b0b0b0"  # matplotlib's own: text, axes; the grid
_STYLE = """<style>
.backprop-figure { color-scheme: light dark; color: var(--jp-content-font-color1, CanvasText); }
body[data-jp-theme-light="true"] .backprop-figure { color-scheme: light; }
body[data-jp-theme-light="false"] .backprop-figure { color-scheme: dark; }
.backprop-figure svg { display: block; max-width: 100%; height: auto; }
.backprop-figure img { display: none; }
</style>"""


def show(alt: str) -> None:
    """Show the current figure and close it.

    Parameters
    ----------
    alt : str
        What there is to see, in a sentence or two, for readers who hear the page.

    Raises
    ------
    ValueError
        When there is no figure, or no words.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not plt.get_fignums():
        raise ValueError("there is no figure to show: draw one first, with plt.subplots()")
    if not alt.strip():
        raise ValueError("expected an alt text, a sentence on what there is to see; got none")
    figure = plt.gcf()
    display(_Picture("" if UNDRAWN in os.environ else _page(figure, alt), alt))
    plt.close(figure)


class _Picture(NamedTuple):
    page: str
    alt: str

    def _repr_html_(self) -> str | None:
        return self.page or None

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def _page(figure: "Figure", alt: str) -> str:
    """Write the figure as an SVG element and, hidden, as an image: what remains where a page drops SVG."""
    words = html.escape(alt)
    svg = _svg(figure).replace("<svg ", f'<svg role="img" aria-label="{words}" fill="currentColor" ', 1)
    image = base64.b64encode(_drawn(figure, "png", dpi=80)).decode()
    fallback = f'<img alt="{words}" src="data:image/png;base64,{image}">'
    return f'{_STYLE}\n<div class="backprop-figure">\n{_themed(svg)}\n{fallback}\n</div>'


def _svg(figure: "Figure") -> str:
    """Draw the figure as an SVG element: text as text, the same bytes for the same figure."""
    import matplotlib as mpl

    nothing_about_the_run = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "backprop_course"}):
        svg = _drawn(figure, "svg", transparent=True, metadata=nothing_about_the_run).decode()
    return svg[svg.index("<svg") :].replace('<style type="text/css">*', "<style>.backprop-figure svg *")


def _drawn(figure: "Figure", kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format=kind, **options)
    return file.getvalue()


def _themed(svg: str) -> str:
    """Let the palette's colours, text and axes follow the theme; other colours stay as they are."""
    for role, light in COLOURS.items():
        svg = svg.replace(light.lower(), f"light-dark({light}, {DARK_COLOURS[role]})")
    return svg.replace(_INK, "currentColor").replace(_RULE, "light-dark(#b0b0b0, #6a6a6a)")

"""The activation explorer as a static figure, for a printed page or one where no widget runs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from backprop_course.svg import document, tag, text
from backprop_course.widgets._chart import Chart, Style, legend
from backprop_course.widgets.activation._picture import SPAN

HEIGHT = 230
STYLE: dict[str, Style] = {
    "value": {"stroke": "value", "stroke_width": 3},
    "slope": {"stroke": "gradient", "stroke_width": 6},
    "yours": {"stroke": "yours", "stroke_width": 3, "stroke_dasharray": "12 4 2 4"},
    "saturated": {"stroke": "muted", "stroke_width": 12, "stroke_opacity": 0.25},
}
PIECE: Style = {"stroke": "muted", "stroke_width": 1.5, "stroke_dasharray": "1 4", "stroke_linecap": "round"}
RIM: Style = STYLE["yours"] | {"stroke": "paper", "stroke_width": 6.5}  # yours stands out where it is right
JUMP: Style = {"stroke": "gradient", "stroke_width": 1.5, "stroke_dasharray": "1 3"}


def draw(s: dict[str, Any], i: int, show: Sequence[str], sentences: Iterable[tuple[str, str, str]]) -> str:
    """Draw the curve above its slope, both with the point at sample `i`, and the sentences below."""
    value, slope = (Chart(SPAN, tuple(s[axis]), height=HEIGHT) for axis in ("values", "slopes"))
    upper = value.frame(*_shade(value, s, show), *_value(value, s, i), _corner("y"))
    lower = slope.frame(*_shade(slope, s, show), *_slope(slope, s, i, show), _corner("slope f′(z)"))
    rows: list[tuple[Style | None, str]] = [
        (STYLE.get(layer), f"{label}: {sentence}") for layer, label, sentence in sentences
    ]
    verdict = s["verdict"] if "yours" in show else ""
    words, bottom = legend([*rows, *([(None, verdict)] if verdict else [])], 2 * HEIGHT + 26)
    title = f"{s['label']}, {s['formula']}, and its slope"
    return document(
        title,
        value.width,
        bottom,
        text(f"{s['label']}: {s['formula']}", 48, 18, fill="ink"),
        tag("g", upper, transform="translate(0 18)"),
        tag("g", lower, transform=f"translate(0 {HEIGHT + 18})"),
        words,
    )


def _corner(words: str) -> str:
    """Name what the axis shows, on a rim of paper."""
    return text(words, 8, 18, fill="ink", stroke="paper", stroke_width=4, paint_order="stroke")


def _shade(chart: Chart, s: dict[str, Any], show: Sequence[str]) -> Iterator[str]:
    """Hatch where the activation is saturated: seen without colour too."""
    if "saturated" not in show:
        return
    for low, high in s["saturated"]:
        left, right = chart.px(low), chart.px(high)
        yield tag(
            "rect", x=left, y=0, width=right - left, height=chart.height, fill="muted", fill_opacity=0.12
        )
        lines = "".join(f"M{x:g} 0V{chart.height}" for x in np.arange(np.ceil(left / 8) * 8, right, 8))
        yield tag("path", d=lines, stroke="muted", stroke_opacity=0.35)


def _value(chart: Chart, s: dict[str, Any], i: int) -> Iterator[str]:
    for weight, bias in s["lines"]:
        yield chart.line((0.0, bias), weight, **PIECE)
    yield chart.path(s["z"], s["y"], **STYLE["value"])
    yield _point(chart, s["z"][i], s["y"][i], "value")


def _slope(chart: Chart, s: dict[str, Any], i: int, show: Sequence[str]) -> Iterator[str]:
    kinks = [k for k, both in enumerate(zip(s["left"], s["right"], strict=True)) if both[0] != both[1]]
    cuts = list(pairwise([0, *kinks, len(s["z"]) - 1]))
    if "slope" in show:
        for first, last in cuts:
            heights = [s["right"][first], *s["left"][first + 1 : last + 1]]
            yield chart.path(s["z"][first : last + 1], heights, **STYLE["slope"])
        for k in kinks:
            yield chart.path([s["z"][k]] * 2, [s["left"][k], s["right"][k]], **JUMP)
    if "yours" in show and s["yours"]:
        for ends in cuts:
            inside = [k for k in range(ends[0], ends[1] + 1) if k not in kinks]
            for style in (RIM, STYLE["yours"]):
                yield chart.path([s["z"][k] for k in inside], [s["yours"][k] for k in inside], **style)
        for k in kinks:  # where the student's function chooses a slope
            yield _point(chart, s["z"][k], s["yours"][k], "yours")
    if "slope" in show:
        for side in sorted({s["left"][i], s["right"][i]}):
            yield _point(chart, s["z"][i], side, "gradient")


def _point(chart: Chart, z: float, height: float, role: str) -> str:
    return tag("circle", cx=chart.px(z), cy=chart.py(height), r=7, fill=role, stroke="paper")

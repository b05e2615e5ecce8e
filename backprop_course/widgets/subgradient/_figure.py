"""The subgradient explorer as a static figure, for a printed page or one where no widget runs."""

from collections.abc import Iterator

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.svg import document, tag
from backprop_course.widgets._chart import Chart, Style, legend
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.subgradient._words import Position, findings, verdict

GRAPH: Style = {"stroke": "ink", "stroke_width": 3}
ABOVE: Style = {"stroke": "wrong", "stroke_width": 6, "stroke_opacity": 0.8}
LAYER: dict[str, Style] = {
    "interval": {"stroke": "right", "stroke_width": 3, "stroke_opacity": 0.6},
    "difference": {"stroke": "gradient", "stroke_width": 4, "stroke_dasharray": "2 3"},
    "yours": {"stroke": "yours", "stroke_width": 3, "stroke_dasharray": "12 4 2 4"},
}


def draw(position: Position, x: Array, y: Array) -> str:
    """Draw graph, line, subgradients, chord and the student's slope, with their sentences below."""
    chart = Chart((float(x[0]), float(x[-1])), y_range(y))
    words, bottom = legend(_legend(position), chart.height)
    picture = chart.frame(*_picture(position, chart, x, y))
    title = f"{position.name} and a line of slope {number(position.slope)} at x = {number(position.x0)}"
    return document(title, chart.width, bottom, picture, words)


def y_range(y: Array) -> tuple[float, float]:
    """Leave room under the graph, where supporting lines run."""
    size = float(np.ptp(y)) or 1.0
    return float(y.min()) - 0.35 * size, float(y.max()) + 0.1 * size


def _picture(position: Position, chart: Chart, x: Array, y: Array) -> Iterator[str]:
    at = (position.x0, position.y0)
    if "interval" in position.show and position.interval is not None:
        yield _wedge(chart, at, position.interval)
    yield chart.path(x, y, **GRAPH)
    yield chart.line(at, position.slope, **_line(position))
    for stretch in position.stretches:
        yield chart.line(at, position.slope, stretch, **ABOVE)
    if "difference" in position.show and position.central is not None:
        ends = [position.x0 - position.h, position.x0 + position.h]
        yield chart.path(ends, np.interp(ends, x, y), **LAYER["difference"])
    if "yours" in position.show and position.yours is not None:
        yield chart.line(at, position.yours, **LAYER["yours"])
    yield tag("circle", cx=chart.px(at[0]), cy=chart.py(at[1]), r=7, fill="value", stroke="paper")


def _wedge(chart: Chart, at: tuple[float, float], slopes: tuple[float, float]) -> str:
    """Fill what the lines between the two slopes sweep, on both sides of the point."""
    far = 2 * (chart.x[1] - chart.x[0])
    x = [at[0] - far, at[0], at[0] + far, at[0] + far, at[0], at[0] - far]
    y = [at[1] + slope * (v - at[0]) for slope, v in zip(np.repeat(slopes, 3), x, strict=True)]
    fill = {"fill": "right", "fill_opacity": 0.2}
    return chart.path(x, y, **LAYER["interval"], **fill)


def _line(position: Position) -> Style:
    """Draw a supporting line solid, any other dashed."""
    dashes: Style = {} if position.is_subgradient(position.slope) else {"stroke_dasharray": "9 6"}
    return {"stroke": "value", "stroke_width": 3} | dashes


def _legend(position: Position) -> Iterator[tuple[Style, str]]:
    yield GRAPH, f"{position.name} at x₀ = {number(position.x0)}: {number(position.y0)}"
    yield _line(position), f"Slope {number(position.slope)}. {verdict(position)}"
    for layer, label, sentence in findings(position):
        yield LAYER[layer], f"{label}: {sentence}"

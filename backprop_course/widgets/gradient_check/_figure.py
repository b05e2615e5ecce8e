"""The gradient-check explorer as a static figure, for a printed page or one where no widget runs."""

import math
from typing import Any

from backprop_course.svg import document, tag
from backprop_course.widgets._chart import Chart, Style, legend
from backprop_course.widgets._heat_map import heat_map

TRUTH: Style = {"stroke": "right", "stroke_width": 3}
YOURS: Style = {"stroke": "yours", "stroke_width": 3, "stroke_dasharray": "9 5"}
GAP = 16.0


def draw(summary: str, shown: dict[str, Any], curve: dict[str, Any]) -> str:
    """Draw the array, its worst entry framed, above the curve of the chosen entry."""
    drawn, width, bottom = heat_map(
        shown["values"],
        shown["rows"],
        shown["columns"],
        shown["title"],
        (16, 8),
        largest=shown["largest"] or math.inf,
        wide=shown["wide"],
        marked=[tuple(shown["worst"])] if shown["worst"] else [],
    )
    parts = [drawn]
    bottom += 8 + GAP
    rows: list[tuple[Style | None, str]] = []
    if curve.get("h"):
        chart = _chart(curve)
        lines = [chart.path(*_points(curve, name), **style) for name, style in _lines(curve)]
        parts.append(tag("g", chart.frame(*lines), transform=f"translate(0 {bottom:g})"))
        bottom += chart.height
        whose = {"truth": "the expected value", "yours": curve["whose"]}
        rows = [(style, f"Distance from {whose[name]}, over the step h") for name, style in _lines(curve)]
    words, bottom = legend([*rows, (None, curve.get("sentence", "")), (None, summary)], bottom + 8)
    return document(summary, max(640.0, width + 32), bottom, *parts, words)


def _chart(curve: dict[str, Any]) -> Chart:
    logs = [y for name, _ in _lines(curve) for y in _points(curve, name)[1]]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return Chart((-15, 0), (min(low, high - 6) - 0.5, high + 0.5), height=260, written=_power)


def _power(exponent: float) -> str:
    return f"1e{exponent:g}".replace("-", "−")


def _lines(curve: dict[str, Any]) -> list[tuple[str, Style]]:
    return [("truth", TRUTH), *([("yours", YOURS)] if curve["yours"] else [])]


def _points(curve: dict[str, Any], name: str) -> tuple[list[float], list[float]]:
    pairs = [
        (math.log10(h), math.log10(d)) for h, d in zip(curve["h"], curve[name], strict=True) if d is not None
    ]
    return [x for x, _ in pairs], [y for _, y in pairs]

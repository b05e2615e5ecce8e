"""The Jacobian explorer as a static figure, for a printed page or one where no widget runs."""

from collections.abc import Iterator
from typing import Any

from backprop_course.svg import document
from backprop_course.widgets._chart import Style, legend
from backprop_course.widgets._heat_map import heat_map

WIDTH, GAP = 760.0, 24.0


def draw(picture: dict[str, Any], layout: str) -> str:
    """Draw the heat maps in a row, as many as fit, with their sentences below."""
    parts, x, y, tallest = [], 0.0, 12.0, 0.0
    for panel in picture["panels"]:
        drawn, width, height = _panel(picture, panel, layout, (x, y))
        if x and x + width > WIDTH:
            x, y, tallest = 0.0, y + tallest + GAP, 0.0
            drawn, width, height = _panel(picture, panel, layout, (x, y))
        parts.append(drawn)
        x, tallest = x + width + GAP, max(tallest, height)
    words, bottom = legend(_sentences(picture), y + tallest + GAP)
    return document(picture["title"], WIDTH, bottom, *parts, words)


def _panel(
    picture: dict[str, Any], panel: dict[str, Any], layout: str, at: tuple[float, float]
) -> tuple[str, float, float]:
    rows, columns, values = picture["outputs"], picture["inputs"], panel["values"]
    marked = [] if panel["key"] == "truth" else picture["wrong"]
    if layout == "denominator":
        rows, columns, values = columns, rows, [list(column) for column in zip(*values, strict=True)]
        marked = [(j, i) for i, j in marked]
    return heat_map(
        values,
        rows,
        columns,
        panel["head"],
        at,
        largest=panel["largest"],
        wide=picture["wide"],
        marked=marked,
    )


def _sentences(picture: dict[str, Any]) -> Iterator[tuple[Style | None, str]]:
    said = [f"{panel['head']}: {panel['note']}." for panel in picture["panels"]]
    remarks = [f"{label}: {words}" for label, words in picture["remarks"]]
    for words in [*said, picture["verdict"], *remarks]:
        if words:
            yield None, words

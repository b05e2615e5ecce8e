"""The chain explorer as a static figure, for a printed page or one where no widget runs."""

from collections.abc import Iterator
from typing import Any

from backprop_course.svg import document, tag, text
from backprop_course.widgets._chart import Style, legend
from backprop_course.widgets.chain._picture import Row

WIDTH, ROW = 720, 26
LANE = (230.0, 560.0)  # between these columns the arrows lie
STROKE: dict[str, Style] = {
    "change": {"stroke": "value", "stroke_width": 6},
    "forecast": {"stroke": "gradient", "stroke_width": 3, "stroke_dasharray": "6 3"},
    "yours": {"stroke": "yours", "stroke_width": 3, "stroke_dasharray": "12 4 2 4"},
}


def draw(picture: dict[str, Any], reached: int, last: int) -> str:
    """Draw the rows that the push has reached, with the findings below once it has arrived."""
    rows = picture["rows"]
    drawn = [_row(row, 8 + ROW * i, row["step"] <= reached, picture["span"]) for i, row in enumerate(rows)]
    bottom = 8 + ROW * len(rows)
    zero = _column(0.0, picture["span"])
    axis = tag("path", d=f"M{zero:.2f} 8V{bottom}", stroke="muted", stroke_width=1)
    words, end = legend(_legend(picture["findings"], reached == last), bottom + 12)
    x = rows[0]
    title = f"A push of x from {x['before']} to {x['after']}, step {reached} of {last}"
    return document(title, WIDTH, end, axis, *drawn, words)


def _row(row: Row, top: float, reached: bool, span: list[float]) -> str:
    middle, left = top + ROW / 2 + 5, 44 if row.get("path") else 12
    if row["kind"] == "rule":
        told = f"{row['ratio']}    {row['slope']}" if reached else ""
        return text(row["name"], left + 12, middle, fill="muted") + text(
            told, LANE[0] + 8, middle, fill="muted"
        )
    values = f"{row['name']}: {row['before']}"
    if not reached:
        return text(values, left, middle, fill="ink")
    said = text(row["said"], LANE[1] + 12, middle, fill="ink")
    return (
        text(f"{values} → {row['after']}", left, middle, fill="ink") + said + "".join(_arrows(row, top, span))
    )


def _arrows(row: Row, top: float, span: list[float]) -> Iterator[str]:
    for kind, start, end in row["arrows"]:
        y = top + (ROW * 0.35 if kind == "change" else ROW * 0.75)
        a, b = (_column(v, span) for v in (start, end))
        head = max(-7.0, min(7.0, b - a))
        style = STROKE[kind]
        yield tag("path", d=f"M{a:.2f} {y:.2f}H{b - head:.2f}", fill="none", **style)
        tip = f"M{b - head:.2f} {y - 5:.2f}L{b:.2f} {y:.2f}L{b - head:.2f} {y + 5:.2f}Z"
        yield tag("path", d=tip, fill=style["stroke"])


def _column(value: float, span: list[float]) -> float:
    low, high = span
    return LANE[0] + (value - low) / (high - low) * (LANE[1] - LANE[0])


def _legend(findings: list[dict[str, Any]], arrived: bool) -> Iterator[tuple[Style | None, str]]:
    for found in findings:
        words = found["words"] if arrived else "once the push has arrived"
        yield STROKE.get(found["row"]), f"{found['label']}: {words}"

"""The rows of the picture, as the browser and the static figure draw them: plain lists and words."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from backprop_course.numbers import show as number
from backprop_course.widgets.chain._stages import Move, Stage

Row = dict[str, Any]


class Travel(NamedTuple):
    """What a push does on its way: the rows, and what arrives beside what the slopes forecast.

    ``output`` is the name of the last variable and ``move`` its values; ``terms`` writes the slope as a
    product along the chain, or as one product for each path.
    """

    rows: list[Row]
    output: str
    move: Move
    slope: float
    terms: list[str]


def value_row(step: int, name: str, move: Move, forecasts: Sequence[float] = (), **more: Any) -> Row:
    """Show a value that the push moves in this step; `forecasts` are laid head to tail beside it."""
    arrows: list[tuple[str, float, float]] = [("change", 0.0, move.delta)]
    start = 0.0
    for forecast in forecasts:
        arrows.append(("forecast", start, start + forecast))
        start += forecast
    words = {"before": number(move.before), "after": number(move.after)}
    said = f"Δ{name} = {number(move.delta)}"
    return {"kind": "value", "step": step, "name": name, "said": said, "arrows": arrows, **words, **more}


def rule_row(step: int, stage: Stage, measured: bool, **more: Any) -> Row:
    """Show a function of one number: the ratio of what the push did beside the slope."""
    y, x = stage.formula.variable, stage.source
    at = f"at {x} = {number(stage.enters.before)}{', measured' if measured else ''}"
    return {
        "kind": "rule",
        "step": step,
        "name": stage.formula.written,
        "ratio": ratio(y, x, stage.leaves, stage.enters),
        "slope": f"d{y}/d{x} = {number(stage.slope)}, {at}",
        **more,
    }


def ratio(y: str, x: str, leaves: Move, enters: Move) -> str:
    """Write how many times as far y moved as x did."""
    if enters.delta == 0:
        return f"Δ{x} = 0: no move to pass on"
    return f"Δ{y}/Δ{x} = {number(leaves.delta / enters.delta)}"


def product(*factors: float) -> str:
    """Write a product, with negative factors in parentheses."""
    return " · ".join(f"({number(v)})" if v < 0 else number(v) for v in factors)


def span(rows: Sequence[Row]) -> list[float]:
    """Give the common scale of all arrows, from the smallest to the largest, 0 included."""
    ends = [end for row in rows for _, *pair in row.get("arrows", []) for end in pair]
    low, high = min(ends), max(ends)
    return [low, high] if high > low else [-1.0, 1.0]

"""What the chain explorer says about a push, beside the rows of its picture."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import CannotShowError, call, name_of
from backprop_course.widgets.chain._picture import Row, Travel
from backprop_course.widgets.chain._stages import Function, one_number

Finding = dict[str, Any]


def findings(travel: Travel, dx: float, tenth: Travel) -> Iterator[Finding]:
    """Give what arrived, the forecast of the slopes, and their difference, also for a tenth of Δx."""
    y, terms = travel.output, " + ".join(travel.terms)
    slope = f"({terms})" if len(travel.terms) > 1 else terms
    step = f"({number(dx)})" if dx < 0 else number(dx)
    forecast = f"{slope} · {step} = {number(travel.slope * dx)}"
    missed = _shrinking(_miss(travel, dx), _miss(tenth, dx / 10))
    yield {"row": "change", "label": f"What happened, Δ{y}", "words": number(travel.move.delta)}
    yield {"row": "forecast", "label": "Forecast, slopes times Δx", "words": forecast}
    yield {"row": "miss", "label": f"Miss, Δ{y} minus forecast", "words": missed}


def _miss(travel: Travel, dx: float) -> float:
    """Subtract the forecast; what round-off leaves of two equal numbers is 0."""
    miss = travel.move.delta - travel.slope * dx
    return 0.0 if abs(miss) <= 1e-13 * max(1.0, abs(travel.move.before)) else miss


def _shrinking(miss: float, tenth: float) -> str:
    if miss == 0 or tenth == 0:
        return f"{number(miss)}; with a tenth of Δx, {number(tenth)}" if miss else "0"
    times = f", {miss / tenth:.3g} times smaller" if miss / tenth > 1 else ""
    return f"{number(miss)}; with a tenth of Δx, {number(tenth)}{times}"


def your_finding(
    yours: Function, arguments: Sequence[Any], slope: float, whole: str
) -> tuple[Finding, float | None]:
    """Judge the slope that a student's function returns against that of the picture."""
    name = name_of(yours, "function")
    try:
        found = one_number(call(yours, *arguments), name)
    except CannotShowError as reason:
        return {"row": "yours", "label": "Yours", "words": str(reason)}, None
    right = bool(np.isclose(found, slope, rtol=1e-6, atol=1e-9))
    judged = f"as is {whole}" if right else f"while {whole} is {number(slope)}"
    words = f"{'✓' if right else '✗'} {number(found)}, {judged}"
    return {"row": "yours", "label": f"Your {name}", "words": words}, found


def row_words(row: Row) -> str:
    """Write a row as a sentence."""
    if row["kind"] == "rule":
        return f"{row['name']}: {row['ratio']}; {row['slope']}."
    return f"{row['name']} from {row['before']} to {row['after']}, {row['said']}."

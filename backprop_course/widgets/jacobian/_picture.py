"""What the browser needs to show a comparison: plain lists and sentences, computed once."""

from typing import Any

import numpy as np

from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.jacobian._compare import Comparison
from backprop_course.widgets.jacobian._measure import Mask
from backprop_course.widgets.jacobian._words import cost_facts, labels, layout_facts, remarks, verdict

LAYOUTS = ("numerator", "denominator")
NUMBERED = 8  # rows and columns up to which the cells show numbers


def picture_of(c: Comparison, name: str, source: str, *, with_cost: bool) -> dict[str, Any]:
    """Describe the heat maps, outputs by inputs, and all that is said about them."""
    y, x = c.names
    kinks = np.argwhere(c.truth.kinks).tolist()
    return {
        "title": f"Jacobian of {name}, ∂{y}/∂{x}",
        "outputs": labels(y, c.shapes[0]),
        "inputs": labels(x, c.shapes[1]),
        "panels": _panels(c, source),
        "kind": "problem" if c.problem else "none" if c.yours is None else "wrong" if c.wrong else "right",
        "wrong": [list(place) for place in c.wrong],
        "kinks": [[i, j, c.truth.low[i, j], c.truth.high[i, j]] for i, j in kinks],
        "wide": max(c.truth.low.shape) > NUMBERED,
        "verdict": verdict(c),
        "facts": {layout: layout_facts(c, layout) for layout in LAYOUTS},
        "cost": cost_facts(c) if with_cost else [],
        "remarks": list(remarks(c)),
    }


def _panels(c: Comparison, source: str) -> list[dict[str, Any]]:
    """Describe the matrices that there are: the truth, and the student's with its difference."""
    known = [c.truth.slopes] if c.yours is None else [c.truth.slopes, c.yours]
    deepest = max(map(_largest, known))
    panels = [_panel("truth", f"Truth, {source}", c.truth.slopes, c.truth.not_zero, deepest)]
    if c.yours is not None and c.difference is not None:
        not_zero = ~(np.abs(c.yours) <= c.truth.tolerance)
        panels += [
            _panel("yours", "Yours", c.yours, not_zero, deepest),
            _panel("difference", "Yours − truth", c.difference, c.difference != 0, _largest(c.difference)),
        ]
    return panels


def _panel(key: str, head: str, values: Array, not_zero: Mask, largest: float) -> dict[str, Any]:
    return {
        "key": key,
        "head": head,
        "note": f"{not_zero.sum()} of {not_zero.size} not zero",
        "values": [[v if np.isfinite(v) else None for v in row] for row in values.tolist()],
        "largest": largest,
    }


def _largest(values: Array) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))

"""What the browser needs to draw an activation: numbers and sentences for each position, computed once."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from backprop_course.widgets._evaluate import Array, CannotShowError, name_of
from backprop_course.widgets._lines import grid
from backprop_course.widgets.activation import _words as words
from backprop_course.widgets.activation._activations import ACTIVATIONS, Activation, Values
from backprop_course.widgets.activation._slopes import saturation, slopes_from_both_sides
from backprop_course.widgets.activation._student import Backward, Judged, students_gradient

SPAN = (-6.0, 6.0)  # which z the picture shows
Row = tuple[str, str, str | list[str]]  # layer, label, and one sentence, or one for each position


@dataclass(frozen=True)
class Curves:
    """An activation with its parameters, sampled; `left` and `right` are its slopes on both sides."""

    activation: Activation
    values: Values
    dy: float
    z: Array
    y: Array
    left: Array
    right: Array


def curves_of(name: str, values: Values, dy: float) -> Curves:
    """Sample an activation for an upstream gradient `dy`."""
    activation = ACTIVATIONS[name]
    z = grid(0.0, *SPAN, activation.kinks(values))
    sides = slopes_from_both_sides(activation, z, values)
    return Curves(activation, values, dy, z, activation.forward(z, values), *sides)


def samples_of(name: str, values: Values, dy: float, backward: Backward | None) -> dict[str, Any]:
    """Compute what the picture shows: an activation, its parameters `values`, the student's function."""
    curves = curves_of(name, values, dy)
    activation, z = curves.activation, curves.z
    largest, stretches = saturation(activation, z, values)
    judged, problem = _judge(curves, backward)
    slopes = judged.dz / dy if judged and dy else np.array([])
    flat = (words.saturated_head(largest), words.saturated_words(stretches))
    return {
        "name": name,
        "label": activation.label,
        "formula": activation.formula,
        "parameters": [asdict(parameter) for parameter in activation.parameters],
        **{key: getattr(curves, key).tolist() for key in ("z", "y", "left", "right")},
        "yours": slopes.tolist(),
        "lines": activation.lines(values),
        "values": _room(curves.y),
        "slopes": _room(np.concatenate([curves.left, curves.right, [0.0]]), slopes),
        "saturated": [np.clip(ends, *SPAN).tolist() for ends in stretches],
        "rows": [*_rows(curves), ("saturated", *flat), *_your_row(judged, problem, backward)],
        "verdict": judged.verdict() if judged else "",
        "fits": judged is None or bool(judged.fits.all()),
    }


def _judge(curves: Curves, backward: Backward | None) -> tuple[Judged | None, str]:
    """Run the student's function, or say why there is nothing to judge."""
    if backward is None:
        return None, ""
    dy = np.full_like(curves.z, curves.dy)
    try:
        dz = students_gradient(curves.activation, backward, dy, curves.z, curves.values)
    except CannotShowError as reason:
        return None, str(reason)
    low, high = np.sort([curves.dy * curves.left, curves.dy * curves.right], axis=0)
    return Judged(name_of(backward, "backward"), curves.z, dz, low, high), ""


def _rows(curves: Curves) -> list[Row]:
    """Say the value, the slope and dz at each position, and what only this activation has."""
    sides = list(zip(curves.left, curves.right, strict=True))
    rows: list[Row] = [
        ("value", "Value", [words.value_words(*at) for at in zip(curves.z, curves.y, strict=True)]),
        ("slope", "Slope f′(z)", [words.slope_words(*both) for both in sides]),
        ("gradient", "dz = dy · f′(z)", [words.gradient_words(curves.dy, *both) for both in sides]),
    ]
    if curves.activation.note:
        dy = np.full_like(curves.z, curves.dy)
        rows.append(("note", *curves.activation.note(dy, curves.z, curves.y, curves.values)))
    return rows


def _your_row(judged: Judged | None, problem: str, backward: Backward | None) -> list[Row]:
    if judged:
        return [("yours", f"Your {judged.name}", judged.sentences())]
    return [("yours", "Yours", problem)] if backward else []


def _room(true: Array, students: Array | None = None) -> list[float]:
    """Choose the range of an axis: the true curve with room, and another one as far as it stays near."""
    low, high = float(true.min()), float(true.max())
    size = high - low or 1.0
    if students is not None and students.size:
        low = min(low, max(float(students.min()), low - size))
        high = max(high, min(float(students.max()), high + size))
    return [low - 0.08 * size, high + 0.08 * size]

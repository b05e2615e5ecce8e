"""What the softmax explorer sends to the browser: plain lists of numbers and words."""

from typing import Any

from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets._overlay import plain
from backprop_course.widgets.softmax._state import State
from backprop_course.widgets.softmax._words import entry, sentences, yours


def picture(state: State) -> dict[str, Any]:
    """Gather every number and every sentence that the page shows."""
    softmax, gradient, jacobian = (
        state.yours.get(name) for name in ("softmax", "softmax_cross_entropy_backward", "softmax_jacobian")
    )
    classes = range(len(state.z))
    pulled = gradient.values[0] if gradient and gradient.values is not None else None
    return {
        "bars": {
            "logits": _bars(state.z),
            "probabilities": _bars(state.p, softmax.values if softmax else None),
            "gradient": _bars(state.gradient, pulled),
        },
        "jacobian": plain(state.jacobian),
        "entries": [[entry(state, i, j) for j in classes] for i in classes],
        "your_jacobian": plain(jacobian.values) if jacobian and jacobian.values is not None else None,
        "worst": list(jacobian.worst) if jacobian and jacobian.worst else None,
        "shifted": _shifted(state, softmax.values if softmax else None),
        "said": sentences(state),
        "yours": yours(state),
    }


def _bars(values: Array, mine: Array | None = None) -> dict[str, Any]:
    return {
        "values": plain(values),
        "text": _written(values),
        "yours": None if mine is None else plain(mine),
        "yours_text": [] if mine is None else _written(mine),
    }


def _shifted(state: State, mine: Array | None) -> dict[str, list[str]]:
    """Columns of the table that compares the formula as it stands with the softmax."""
    columns = {
        "z + c": state.z + state.shift,
        "e^(z + c)": state.exponentials,
        "divided by their sum": state.unshifted,
        "softmax": state.p,
    }
    if mine is not None:
        columns["your softmax"] = mine
    return {name: _written(values) for name, values in columns.items()}


def _written(values: Array) -> list[str]:
    return [number(float(value)) for value in values]

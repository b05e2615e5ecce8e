"""The numbers behind the softmax explorer: one row of logits, and all that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from backprop_course import ops
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets._overlay import Function, Overlay, overlay


@dataclass(frozen=True)
class State:
    """Logits, label and shift, with what the course's and the student's functions make of them."""

    z: Array
    label: int
    shift: float
    p: Array
    loss: float
    gradient: Array  # of the loss, with respect to the logits
    jacobian: Array  # outputs by inputs
    exponentials: Array
    unshifted: Array  # softmax by its formula as it stands: nan where the exponentials fail
    yours: dict[str, Overlay] = field(default_factory=dict)  # by the name of the function


def state_of(logits: Iterable[float], label: int, shift: float, functions: dict[str, Function]) -> State:
    """Compute everything for one row of logits, to all of which `shift` is added."""
    z = np.array(list(logits), dtype=float)
    shifted, labels = z + shift, np.array([label])
    p = ops.softmax(shifted)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        exponentials = np.exp(shifted)
        unshifted = exponentials / exponentials.sum()
    state = State(
        z=z,
        label=label,
        shift=shift,
        p=p,
        loss=float(ops.softmax_cross_entropy(shifted[None], labels)),
        gradient=ops.softmax_cross_entropy_backward(shifted[None], labels)[0],
        jacobian=ops.softmax_jacobian(p),
        exponentials=exponentials,
        unshifted=unshifted,
    )
    state.yours.update((name, _yours(name, f, state)) for name, f in functions.items())
    return state


def _yours(name: str, f: Function, state: State) -> Overlay:
    """Run one of the student's functions on the logits, or on the probabilities."""
    z, row = state.z + state.shift, state.gradient[None]
    if name == "softmax":
        return overlay(name, f, (z,), state.p, lambda i: f"for class {i}")
    if name == "softmax_jacobian":
        return overlay(name, f, (state.p.copy(),), state.jacobian, lambda i, j: f"in row {i}, column {j}")
    return overlay(name, f, (z[None], np.array([state.label])), row, lambda _, i: f"for class {i}")

"""The true Jacobian and the student's, side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.widgets._evaluate import Array, CannotShowError, call, numbers
from backprop_course.widgets.jacobian._measure import Truth, differences, given, measured, not_together
from backprop_course.widgets.jacobian._student import output, probed, whole

Jacobian = npt.ArrayLike | Callable[[Array], Any]
Backward = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Comparison:
    """The true Jacobian, the student's, and what is wrong with it."""

    names: tuple[str, str]  # of output and input
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    truth: Truth
    yours: Array | None
    difference: Array | None
    wrong: list[tuple[int, int]]  # output and input of each entry that differs, row by row
    problem: str  # why there is no Jacobian of the student's; empty when there is, or none was asked for


def compare(
    forward: Callable[[Any], Any],
    x: Array,
    backward: Backward | None,
    yours: Jacobian | None,
    jacobian: Jacobian | None,
    names: tuple[str, str],
) -> Comparison:
    """Measure or take the truth at `x`, run the student's function, and find what differs.

    Raises
    ------
    CannotShowError
        When there is no truth: `forward` raises, or is not finite.
    """
    f = _kind(forward)
    y = output(forward, x)
    truth = measured(f, x, y) if jacobian is None else given(_exact(jacobian, x, y))
    theirs, problem = _students(backward, yours, x, y)
    difference, wrong = None, set[tuple[int, int]]()
    if theirs is not None:
        difference = differences(truth, theirs)
        wrong = {(int(i), int(j)) for i, j in np.argwhere(difference != 0)}
        wrong |= set(not_together(f, x, y, truth, theirs))
    return Comparison(names, (y.shape, x.shape), truth, theirs, difference, sorted(wrong), problem)


def _kind(forward: Callable[[Any], Any]) -> Callable[[Array], Array]:
    """Make the forward function return numbers, and say kindly where it does not."""

    @wraps(forward, updated=())
    def f(x: Array) -> Array:
        return numbers(call(forward, x))

    return f


def _exact(jacobian: Jacobian, x: Array, y: Array) -> Array:
    """Take the true Jacobian from who wrote the cell: a wrong one is a wrong argument."""
    try:
        return whole(jacobian, x, y.shape, "jacobian")
    except CannotShowError as reason:
        raise ValueError(str(reason)) from None


def _students(
    backward: Backward | None, yours: Jacobian | None, x: Array, y: Array
) -> tuple[Array | None, str]:
    """Recover the student's Jacobian, or say why there is none."""
    try:
        if backward is not None:
            return probed(backward, x, y.shape), ""
        return (None, "") if yours is None else (whole(yours, x, y.shape, "Your Jacobian"), "")
    except CannotShowError as reason:
        return None, str(reason)

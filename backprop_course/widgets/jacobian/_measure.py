"""The true Jacobian of a function at a point, with how far to trust it, and its kinks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.numerical import numerical_jacobian, subgradient_violation
from backprop_course.widgets._evaluate import Array, CannotShowError, name_of

Mask = npt.NDArray[np.bool_]
H = 1e-5  # step of the central differences
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Truth:
    """The slopes that are right, outputs by inputs: `low` and `high` are equal but at a kink."""

    low: Array
    high: Array
    tolerance: Array  # an entry off by less may be right

    @property
    def kinks(self) -> Mask:
        """Where there is no single slope."""
        return np.less(self.low, self.high)

    @property
    def slopes(self) -> Array:
        """The Jacobian; nan at a kink."""
        return np.where(self.kinks, np.nan, self.low)

    @property
    def not_zero(self) -> Mask:
        """Where an input moves an output."""
        return np.not_equal(self.low, 0) | np.not_equal(self.high, 0)


def measured(f: Callable[[Array], Any], x: Array, y: Array) -> Truth:
    """Measure the Jacobian of `f` at `x`, where y = f(x), by central differences.

    The change from one step to its double bounds the truncation error, and the size of x and y the round-off.
    At a kink the slopes from the left and from the right stay apart as the step shrinks.

    Raises
    ------
    CannotShowError
        When `f` is not finite a step away from `x`.
    """
    central, doubled = numerical_jacobian(f, x, H), numerical_jacobian(f, x, 2 * H)
    if not np.isfinite(central).all() or not np.isfinite(doubled).all():
        raise CannotShowError(f"{name_of(f)} is not finite next to x: there is no slope.")
    slopes = np.abs(central).max()
    noise = 50 * EPS * (np.abs(y).max() + np.abs(x).max() * slopes) / H
    (left, right), (farther_left, farther_right) = _one_sided(f, x, H), _one_sided(f, x, 2 * H)
    gap, wider_gap = np.abs(right - left), np.abs(farther_right - farther_left)
    kinks = (gap > 100 * noise + 1e-4 * slopes) & (wider_gap < 1.5 * gap)  # smooth: twice the gap
    tolerance = np.where(kinks, 0, 4 * np.abs(doubled - central)) + noise
    central[np.abs(central) <= tolerance] = 0
    low, high = np.minimum(left, right), np.maximum(left, right)
    return Truth(np.where(kinks, low, central), np.where(kinks, high, central), tolerance)


def given(jacobian: Array) -> Truth:
    """Take a Jacobian as exact; who measures the same by differences is right to six digits."""
    return Truth(jacobian, jacobian, np.full(jacobian.shape, 1e-6 * np.abs(jacobian).max()))


def _one_sided(f: Callable[[Array], Any], x: Array, h: float) -> tuple[Array, Array]:
    """Slopes to the left and to the right: a step to one side alone is half of a central difference."""
    left, right = (
        2 * numerical_jacobian(lambda step, side=side: f(x + side(step, 0.0)), np.zeros(x.shape), h)
        for side in (np.minimum, np.maximum)
    )
    return left, right


def differences(truth: Truth, yours: Array) -> Array:
    """How far each entry is from the nearest right slope; 0 up to round-off, nan where it is no number."""
    off: Array = yours - np.clip(yours, truth.low, truth.high)
    return np.where(np.abs(off) <= truth.tolerance, 0.0, off)


def not_together(
    f: Callable[[Array], Any], x: Array, y: Array, truth: Truth, yours: Array
) -> list[tuple[int, int]]:
    """Entries at kinks that are right one by one and not together, as (1, 1) at a tied maximum of two."""
    found = []
    off = differences(truth, yours)
    for i in np.flatnonzero(truth.kinks.any(axis=1) & (off == 0).all(axis=1)):
        unit = np.eye(y.size)[i].reshape(y.shape)
        worst = subgradient_violation(f, (x,), unit, (yours[i].reshape(x.shape),))
        for _, index, _ in worst.along if worst else ():
            found.append((int(i), int(np.ravel_multi_index(index, x.shape)) if index else 0))
    return found

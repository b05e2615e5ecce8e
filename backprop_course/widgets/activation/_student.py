"""A student's backward pass beside all that is right."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array, CannotShowError, answer, call, name_of
from backprop_course.widgets.activation._activations import Activation, Values
from backprop_course.widgets.activation._words import between

Backward = Callable[..., Any]
ROUND_OFF = 1e-9  # dz may be off by this share of the largest dz


def students_gradient(
    activation: Activation, backward: Backward, dy: Array, z: Array, values: Values
) -> Array:
    """Run the student's backward function with copies of its arguments, and take its dz.

    Raises
    ------
    CannotShowError
        When there is no dz to show; says why.
    """
    arguments = [np.copy(a) if np.ndim(a) else a for a in activation.arguments(dy, z, values)]
    returned = call(backward, *arguments)
    if len(activation.returns) > 1:
        if not isinstance(returned, tuple | list) or len(returned) != len(activation.returns):
            said = f"{type(returned).__name__}; expected ({', '.join(activation.returns)})"
            raise CannotShowError(f"{name_of(backward, 'backward')} returned one {said}.")
        returned = returned[0]
    dz = answer(wraps(backward)(lambda: returned), shape=arguments[0].shape).reshape(z.shape)
    if not np.isfinite(dz).all():
        bad = int(np.isfinite(dz).argmin())
        raise CannotShowError(f"{name_of(backward, 'backward')} returned {dz[bad]} at z = {z[bad]:.4g}.")
    return dz


@dataclass(frozen=True)
class Judged:
    """What a student's backward pass returned, beside all that is right: any dz from `low` to `high`."""

    name: str
    z: Array
    dz: Array
    low: Array
    high: Array

    @property
    def fits(self) -> Array:
        """Where dz is right, up to round-off."""
        slack = ROUND_OFF * max(np.abs(self.low).max(), np.abs(self.high).max())
        return np.asarray((self.low - slack <= self.dz) & (self.dz <= self.high + slack))

    def sentences(self) -> list[str]:
        """Say at each position what was returned, and what is right there."""
        entries = zip(self.dz, self.low, self.high, self.fits, strict=True)
        return [_beside(*entry) for entry in entries]

    def verdict(self) -> str:
        """Say whether all is right, else where it is not, with the numbers of the first such position."""
        wrong = np.flatnonzero(np.logical_not(self.fits))
        if not wrong.size:
            return f"Your {self.name} is right at all {len(self.z)} points of the picture."
        where = f"{wrong.size} of {len(self.z)} points, first at z = {number(self.z[wrong[0]])}"
        return f"Your {self.name} differs at {where}: {self.sentences()[wrong[0]]}."


def _beside(dz: float, low: float, high: float, fits: bool) -> str:
    """Write dz beside what is right; where both look alike, write how far they are apart."""
    expected = between(low, high)
    if fits:
        return f"dz = {number(dz)}, right"
    if number(dz) != expected:
        return f"dz = {number(dz)}, expected {expected}"
    return f"dz = {number(dz)}, off by {number(max(low - dz, dz - high))}"

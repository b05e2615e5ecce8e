"""Slopes of an activation from both sides, and where it saturates."""

from collections.abc import Callable

import numpy as np

from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.activation._activations import Activation, Values

SATURATED = 0.05  # a slope below this share of the largest counts as saturated
FAR = 1000.0  # beyond this |z|, no activation changes its slope any more


def true_slopes(activation: Activation, z: Array, values: Values) -> Array:
    """Evaluate f'(z): the backward pass of `ops` for an upstream gradient of 1."""
    returned = activation.backward(*activation.arguments(np.ones_like(z), z, values))
    return np.asarray(returned if len(activation.returns) == 1 else returned[0]).reshape(z.shape)


def slopes_from_both_sides(activation: Activation, z: Array, values: Values) -> tuple[Array, Array]:
    """Evaluate the slope before and behind each entry of `z`; they differ at a kink only."""
    step = np.where(np.isin(z, activation.kinks(values)), _nudge(z), 0.0)
    return true_slopes(activation, z - step, values), true_slopes(activation, z + step, values)


def _nudge(z: Array) -> Array:
    """Give a step that leaves a kink and is too short for the slope to change otherwise."""
    return np.maximum(1e-9 * np.abs(z), 1e-300)


def saturation(activation: Activation, z: Array, values: Values) -> tuple[float, list[tuple[float, float]]]:
    """Find the largest slope, and between which z the slope is small against it or 0.

    The positions `z` are close enough together to see every change; at the end of a stretch, `FAR` stands for
    infinity.
    """

    def size(z: Array) -> Array:
        return np.asarray(np.abs(true_slopes(activation, z, values)))

    kinks = activation.kinks(values)
    beside = [kinks - _nudge(kinks), kinks + _nudge(kinks)]
    points = np.unique(np.concatenate([[-FAR, FAR], z[~np.isin(z, kinks)], *beside]))
    largest = float(size(points).max())

    def flat(z: Array) -> Array:
        return np.asarray((size(z) < SATURATED * largest) | (size(z) == 0))

    inside = flat(points)
    change = np.flatnonzero(inside[1:] != inside[:-1])
    crossings = (
        np.round(_bisect(flat, points[change], points[change + 1]), 9) + 0.0
    )  # the sum turns −0 into 0
    ends = [*([-FAR] if inside[0] else []), *crossings.tolist(), *([FAR] if inside[-1] else [])]
    return largest, list(zip(ends[::2], ends[1::2], strict=True))


def _bisect(flat: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Narrow down where `flat` changes between the entries of `low` and of `high`."""
    at_low = flat(low)
    for _ in range(60):
        middle = (low + high) / 2
        same = flat(middle) == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2

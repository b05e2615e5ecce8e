"""Positions along a graph, and the maximum of several lines with its kinks."""

from collections.abc import Callable, Sequence

import numpy as np

from backprop_course.widgets._evaluate import Array

Line = tuple[float, float]  # slope, intercept
STEPS_ACROSS = 240  # positions of a point in a picture


def grid(at: float, low: float, high: float, kinks: Array) -> Array:
    """Space the positions evenly, with `at` and every kink among them to the last digit."""
    step = (high - low) / STEPS_ACROSS
    multiples = np.arange(np.ceil((low - at) / step - 1e-9), np.floor((high - at) / step + 1e-9) + 1)
    even = at + np.round(step * multiples, 12)
    inside = kinks[(low < kinks) & (kinks < high)]
    apart = (np.abs(even[:, None] - inside) > step / 100).all(axis=1)
    return np.sort(np.concatenate([even[apart], inside]))


def upper_envelope(lines: Sequence[Line]) -> Callable[[Array], Array]:
    """Make the function x ↦ max over the lines of slope · x + intercept."""
    slopes, intercepts = np.array(lines, dtype=float).T

    def envelope(x: Array) -> Array:
        return np.asarray(np.max(np.multiply.outer(x, slopes) + intercepts, axis=-1))

    return envelope


def envelope_kinks(lines: Sequence[Line]) -> Array:
    """List where two or more lines of different slope tie for the maximum."""
    envelope = upper_envelope(lines)
    crossings = np.array(
        [(d - b) / (a - c) for i, (a, b) in enumerate(lines) for c, d in lines[i + 1 :] if a != c],
        dtype=float,
    )
    tied = [len({lines[i][0] for i in winners(lines, x, float(envelope(x)))}) > 1 for x in crossings]
    kinks = np.sort(crossings[np.array(tied, dtype=bool)])
    return kinks[np.diff(kinks, prepend=-np.inf) > 1e-9]


def winners(lines: Sequence[Line], x: float, y: float) -> list[int]:
    """Give the positions of the lines that pass through (x, y), up to round-off."""
    return [
        i
        for i, (slope, intercept) in enumerate(lines)
        if abs(slope * x + intercept - y) <= 1e-12 * (1 + abs(slope * x) + abs(intercept))
    ]

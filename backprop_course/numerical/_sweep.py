r"""The fast pass: two evaluations for an entry along which the function is linear, four where it is curved.

It can say "right" for certain, and never says "wrong": whatever it cannot settle (a kink in the window, much
round-off, a disagreement) is left to `slopes_along`, which costs ten times as much.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import EPS, SAFETY, Place, Point, Vector

STEP = EPS**0.2  # of max(|x|, 1): truncation h⁴ and round-off ε/h of the extrapolated difference balance
_CERTAIN = 1e-5  # a tolerance below this part of the slope leaves no room for a mistake


class Sweep(NamedTuple):
    """For each entry of an input: bounds of the slope of ⟨dy, f⟩, and whether it is right for certain."""

    low: Vector
    high: Vector
    certain: npt.NDArray[np.bool_]


class Upstream:
    """Upstream gradient with the round-off that it lets through."""

    def __init__(self, dy: Vector, noise: Vector, plateau: npt.NDArray[np.bool_]) -> None:
        self.dy = dy
        self.on_plateau = bool(plateau[dy != 0].any())  # there, what does not react may have a slope
        self.noise = SAFETY * np.abs(dy) * noise
        self.total_noise = float(self.noise.sum())


def sweep(point: Point, k: int, upstream: Upstream, gradient: Vector, precision: float) -> Sweep:
    """Compare each entry of the gradient for input `k` with central differences.

    `precision` is the relative round-off of `gradient`.
    """
    steps = STEP * np.maximum(np.abs(point.base[k]), 1.0)
    rows = [
        settle(point, (k, i), upstream, g, h, precision)
        for i, (g, h) in enumerate(zip(gradient.tolist(), steps.tolist(), strict=True))
    ]
    low, high, certain = zip(*rows, strict=True) if rows else ((), (), ())
    return Sweep(np.array(low, np.float64), np.array(high, np.float64), np.array(certain, bool))


def settle(
    point: Point, entry: Place, upstream: Upstream, gradient: float, step: float, precision: float
) -> tuple[float, float, bool]:
    """Compare one entry: bounds of the slope, and whether `gradient` is right for certain."""
    right, left, tolerance, reacts = _quotients(point, entry, upstream, step)
    gap, slope = abs(right - left), (right + left) / 2
    if not reacts:
        return 0.0, 0.0, gradient == 0 and not upstream.on_plateau
    error = abs(gradient - slope)
    tolerance += precision * abs(slope)
    if gap <= tolerance and error <= tolerance <= _CERTAIN * abs(slope):
        return slope, slope, True
    right2, left2, tolerance2, _ = _quotients(point, entry, upstream, step / 2)
    gap2, slope2 = abs(right2 - left2), (right2 + left2) / 2
    if not abs(2 * gap2 - gap) <= 4 * tolerance2 + 0.01 * gap:  # curvature halves the gap, a kink does not
        return min(left2, right2), max(left2, right2), False
    extrapolated = (4 * slope2 - slope) / 3
    tolerance = 2 * tolerance2 + 0.01 * abs(slope2 - slope) + precision * abs(extrapolated)
    certain = abs(gradient - extrapolated) <= tolerance <= _CERTAIN * abs(extrapolated)
    return extrapolated, extrapolated, certain


def _quotients(
    point: Point, entry: Place, upstream: Upstream, step: float
) -> tuple[float, float, float, bool]:
    """Slopes to the right and the left of ⟨dy, forward⟩, their round-off, and whether any output reacts."""
    x = float(point.base[entry[0]][entry[1]])
    ahead, behind = x + step, x - step  # the steps really taken are ahead - x and x - behind
    up, down = point.change(entry, ahead), point.change(entry, behind)
    dy = upstream.dy
    right, left = float(dy.dot(up)) / (ahead - x), float(dy.dot(down)) / (behind - x)
    tolerance = 2 * upstream.total_noise / step + SAFETY * point.eps * (abs(right) + abs(left))
    if tolerance <= 0.1 * _CERTAIN * min(abs(right), abs(left)):
        return right, left, tolerance, True
    touched = (up != 0) | (down != 0)  # the others cancel exactly and bring no round-off
    tolerance = 2 * float(upstream.noise.dot(touched)) / step + SAFETY * point.eps * (abs(right) + abs(left))
    return right, left, tolerance, bool(touched.any())

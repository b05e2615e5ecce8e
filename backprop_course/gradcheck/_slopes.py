r"""One-sided slopes of every output along a line, with an error for each.

The difference quotients :math:`(f(x + tv) - f(x)) / t` are taken from the smallest step that round-off leaves
readable, upwards. As long as a larger step agrees with the smaller ones, its smaller round-off is a gain. Once it
disagrees, the window has grown over something that is not at x (a kink nearby, curvature, the edge of the domain),
and the growth of that output ends. So a kink counts as one only if it is at x, not if it is near.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.gradcheck._point import SAFETY, Direction, Point, Vector

_RATIO = 8.0  # of consecutive steps
_MARGIN = 8.0  # truncation that one more level could still hide
_FAR = (1.0, 30.0, 1000.0)  # moves after which an output that has not changed does not depend on the entry


class Slopes(NamedTuple):
    """Slopes of each output: `low` and `high` are equal where the output is smooth, `error` bounds both."""

    low: Vector
    high: Vector
    error: Vector

    @property
    def kinked(self) -> npt.NDArray[np.bool_]:
        """Which outputs have a kink here."""
        return np.asarray(self.low < self.high)


def slopes_along(point: Point, direction: Direction, noise: Vector) -> Slopes:
    """Measure the slopes of all outputs along `direction`, from both sides.

    Parameters
    ----------
    point : Point
        Where.
    direction : sequence of ndarray
        One flat array per moving input, not all zero.
    noise : ndarray
        Round-off of each output, from `output_noise`.

    Returns
    -------
    Slopes
        nan where an output is finite on neither side.
    """
    finest, coarsest = _range_of_steps(point, direction)
    rights, lefts, centres = (_Limit(point.y.size, order) for order in (1, 1, 2))
    reacts = np.zeros(point.y.size, bool)
    for t in _geometric(finest, coarsest):
        up, down = point.change_along(direction, t), point.change_along(direction, -t)
        right, left = up / t, -down / t
        error = SAFETY * (noise / t + point.eps * np.fmax(np.abs(right), np.abs(left)))
        rights.add(right, error)
        lefts.add(left, error)
        centres.add((right + left) / 2, error)
        reacts |= (up != 0) | (down != 0)
        if not (rights.growing | lefts.growing | centres.growing).any():
            break
    for far in _FAR:
        for t in (far * coarsest, -far * coarsest):
            reacts |= point.change_along(direction, t) != 0
    return _combine(rights, lefts, centres, reacts)


class _Limit:
    """Limit of difference quotients as their steps grow from round-off, for each output by itself."""

    def __init__(self, size: int, order: int) -> None:
        self._factor = _RATIO**order
        self._finer: tuple[Vector, Vector] | None = None
        self._confirmed = np.zeros(size, bool)
        self.growing = np.ones(size, bool)
        self.value = np.full(size, np.nan)
        self.error = np.full(size, np.inf)

    def add(self, quotient: Vector, error: Vector) -> None:
        """Take the quotient of a step `_RATIO` times the last one; Richardson extrapolation removes its leading error."""
        if self._finer is not None:
            finer, finer_error = self._finer
            estimate = (self._factor * finer - quotient) / (self._factor - 1)
            spread = (self._factor * finer_error + error) / (self._factor - 1)
            first, off = np.isinf(self.error), np.abs(estimate - self.value)
            agrees = np.isfinite(estimate) & (first | (off <= self.error + spread))
            doubtful = self.growing & ~agrees & ~self._confirmed & np.isfinite(off)
            self.error[doubtful] = off[doubtful]  # a single estimate may be far off, as for x**1.5 at 0
            self.growing &= agrees
            self._confirmed |= self.growing & ~first
            better = self.growing & (spread <= self.error)
            self.value[better], self.error[better] = estimate[better], spread[better]
        self._finer = quotient, error


def _combine(rights: _Limit, lefts: _Limit, centres: _Limit, reacts: Vector) -> Slopes:
    r, left, c = ((limit.value, _MARGIN * limit.error) for limit in (rights, lefts, centres))
    kink = np.abs(r[0] - left[0]) > r[1] + left[1]
    one_sided = np.isnan(r[0]) | np.isnan(left[0])  # at the edge of the domain only one side exists
    value = np.where(one_sided, np.fmax(r[0], left[0]), c[0])
    error = np.where(one_sided, np.fmin(r[1], left[1]), np.where(kink, np.fmax(r[1], left[1]), c[1]))
    low, high = (np.where(kink, side(r[0], left[0]), value) for side in (np.minimum, np.maximum))
    return Slopes(low, high, np.where(reacts, error, 0.0))


def _range_of_steps(point: Point, direction: Direction) -> tuple[float, float]:
    """Step that moves some entry by a few units in the last place, and one that moves it by an eighth of its size."""
    b, s, d = (np.concatenate(list(arrays)) for arrays in (point.base, point.scale, direction))
    moves = d != 0
    ratio = s[moves] / np.abs(d[moves])
    reach = np.maximum(np.abs(b[moves]), 1.0) / np.abs(d[moves])
    return 2.0 ** (np.floor(np.log2(ratio.min())) - 49), float(
        reach.max()
    ) / 8  # powers of two: x + t is exact


def _geometric(finest: float, coarsest: float) -> Iterable[float]:
    while finest < coarsest:
        yield finest
        finest *= _RATIO
    yield finest

r"""One-sided slopes of every output along a line, with an error for each.

The difference quotients :math:`(f(x + tv) - f(x)) / t` are taken from the smallest step that round-off leaves
readable, upwards. As long as a larger step agrees with the smaller ones, its smaller round-off is a gain.
Once it disagrees, the window has grown over something that is not at x (a kink nearby, curvature, the edge of
the domain), and that output is done. So a kink counts as one only if it is at x, not if it is near. Where the
quotients themselves grow without end as the steps shrink, there is no slope: a jump, or an infinite one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import SAFETY, Direction, Point, Vector

_RATIO = 8.0  # of consecutive steps
_MARGIN = 12.0  # truncation is let in up to the round-off of the last step and of this one, 8 + 1 times it
_FAR = (10.0, 1e4, 1e18)  # moves that change every output that depends on the entry moved
_SMALLEST_STEP = -1000  # power of two: a smaller one, beside a subnormal entry, is no number any more
_STEEP = 6  # the finest readable steps, over which quotients that grow tell a jump or an infinite slope
_SURELY_NOT = 4 * (_RATIO + 1)  # times the round-off of a quotient: no smaller change can be read
_READABLE = 256 * _SURELY_NOT  # far above, as a kink that round-off half hides looks like a jump
_SETTLED = 0.25  # of a quotient; less round-off, and no change, means that the quotient has arrived
_GROWTH = 0.95  # of consecutive changes of a quotient; as a slope is approached, they shrink


class Slopes(NamedTuple):
    """Slopes of each output: `low` and `high` are equal where it is smooth, `error` bounds both errors.

    `window` is the largest step up to which nothing but the slopes at the point shows; `steep` tells which
    outputs jump here or have an infinite slope, so that their other numbers mean nothing.
    """

    low: Vector
    high: Vector
    error: Vector
    window: Vector
    steep: npt.NDArray[np.bool_]

    @property
    def kinked(self) -> npt.NDArray[np.bool_]:
        """Which outputs have a kink here."""
        return np.asarray(self.low < self.high)


def slopes_along(point: Point, direction: Direction, noise: Vector) -> Slopes:
    """Measure the slopes of all outputs along `direction`, from both sides; nan where neither side is finite.

    `noise` is the round-off of each output, from `output_noise`.
    """
    finest, coarsest = _range_of_steps(point, direction)
    limits, first = _Limits(point.y.size), np.zeros(point.y.size)
    windows, growth = np.full((2, point.y.size), np.inf), _Growth(point.y.size)
    for t in _geometric(finest, coarsest):
        up, down = point.change_along(direction, t), point.change_along(direction, -t)
        largest = np.fmax(np.abs(up), np.abs(down))
        round_off = SAFETY * (noise + point.eps * largest) / t
        limits.add(np.array((up, -down, (up - down) / 2)) / t, round_off)
        growth.add(np.array((up, -down)) / t, round_off)
        windows = np.where(limits.growing[:2], t, windows)  # infinite on a side without any answer
        first = np.where(first == 0, largest / t, first)
        if not limits.growing.any() and not growth.open.any():
            break
    low, high, error = _combined(limits)
    error = _with_unseen_slopes(point, direction, coarsest, first, error)
    return Slopes(low, high, error, windows.min(axis=0), growth.endless)


def _with_unseen_slopes(
    point: Point, direction: Direction, coarsest: float, first: Vector, error: Vector
) -> Vector:
    """Add to `error` the slope that an output may have without showing it, as a saturated sigmoid has.

    `first` is the first secant slope that was not zero. An output that no move of a single entry changes,
    however far, is independent of it: its round-off does not count, but for what even that move hides.
    """
    silent = first == 0
    alone = sum(int(np.count_nonzero(d)) for d in direction) == 1
    for t in [sign * far * coarsest for far in _FAR for sign in (1, -1)]:
        if alone and silent.any():
            change = point.change_along(direction, t)
            first = np.where(silent, np.abs(change / t), first)
            silent &= change == 0
    seen = error + SAFETY * point.eps * np.nan_to_num(first, posinf=0.0)
    return np.where(silent & alone, SAFETY * point.eps * np.abs(point.y) / (_FAR[-1] * coarsest), seen)


class _Growth:
    """Tells whether the right or the left quotient of an output grows without end as steps shrink.

    Towards a slope the quotients change less and less; at a jump or an infinite slope they never do, so
    `_STEEP` consecutive readable changes that do not shrink are proof enough.
    """

    def __init__(self, size: int) -> None:
        self._finer, self._change = np.full((2, size), np.nan), np.full((2, size), np.inf)
        self._run = np.zeros((2, size), int)
        self.open = np.ones((2, size), bool)  # until the first readable change that breaks the run

    def add(self, quotients: Vector, round_off: Vector) -> None:
        """Take the quotients of the next larger step."""
        change = np.abs(quotients - self._finer)
        readable = change > _READABLE * round_off
        settled = np.isfinite(change) & ~readable & (_SURELY_NOT * round_off < _SETTLED * np.abs(quotients))
        grows = readable & (change * _GROWTH <= self._change) & (np.abs(quotients) < np.abs(self._finer))
        self._run = np.where(grows & self.open, self._run + 1, self._run)
        self.open &= (self._run < _STEEP) & (grows | (~readable & ~settled & (self._run == 0)))
        self._finer, self._change = quotients, np.where(readable, change, np.inf)

    @property
    def endless(self) -> npt.NDArray[np.bool_]:
        """Which outputs have no finite slope on one of the sides."""
        return np.asarray((self._run >= _STEEP).any(axis=0))


class _Limits:
    """Limits of the right, left and central quotients (rows) of each output, as steps grow from round-off."""

    _factor = np.array([[_RATIO], [_RATIO], [_RATIO**2]])  # Richardson: orders 1, 1 and 2

    def __init__(self, size: int) -> None:
        self._finer: tuple[Vector, Vector] | None = None
        self._confirmed = np.zeros((3, size), bool)
        self.growing = np.ones((3, size), bool)
        self.value = np.full((3, size), np.nan)
        self.error = np.full((3, size), np.inf)

    def add(self, quotients: Vector, round_off: Vector) -> None:
        """Take the quotients of a step `_RATIO` times the last one, extrapolated to a step of zero."""
        if self._finer is not None:
            finer, finer_round_off = self._finer
            estimate = finer + (finer - quotients) / (self._factor - 1)
            error = finer_round_off + (finer_round_off + round_off) / (self._factor - 1)
            self._grow(estimate, error)
        self._finer = quotients, round_off

    def _grow(self, estimate: Vector, error: Vector) -> None:
        first, off = np.isinf(self.error), np.abs(estimate - self.value)
        agrees = np.isfinite(estimate) & (first | (off <= self.error + error))
        doubtful = self.growing & ~agrees & ~self._confirmed & np.isfinite(off)
        self.error[doubtful] = off[doubtful]  # a single estimate may be far off, as for x**1.5 at 0
        self.growing &= agrees
        self._confirmed |= self.growing & ~first
        better = self.growing & (error <= self.error)
        self.value[better], self.error[better] = estimate[better], error[better]


def _combined(limits: _Limits) -> tuple[Vector, Vector, Vector]:
    """Both slopes where they differ for certain, else the central one; the only one at a domain's edge."""
    right, left, centre = limits.value
    right_error, left_error, centre_error = _MARGIN * limits.error
    gap = np.abs(right - left)
    kink = gap > right_error + left_error
    edge = np.isnan(gap)
    smooth = np.where(edge, np.fmax(right, left), centre)
    smooth_error = np.where(
        edge, np.fmin(right_error, left_error), centre_error + gap
    )  # a kink may be so small
    low, high = (np.where(kink, side(right, left), smooth) for side in (np.minimum, np.maximum))
    return low, high, np.where(kink, np.fmax(right_error, left_error), smooth_error)


def _range_of_steps(point: Point, direction: Direction) -> tuple[float, float]:
    """Step that moves an entry by one unit in the last place, and one that moves it by an eighth.

    The former is a power of two, as are all steps then, so that most x + t are exact.
    """
    base, scale, along = (np.concatenate(list(parts)) for parts in (point.base, point.scale, direction))
    moves = along != 0
    ratio, reach = (
        scale[moves] / np.abs(along[moves]),
        np.maximum(np.abs(base[moves]), 1.0) / np.abs(along[moves]),
    )
    finest = max(float(np.floor(np.log2(ratio.min()))) - 52, _SMALLEST_STEP)
    return 2.0**finest, float(reach.max()) / 8


def _geometric(finest: float, coarsest: float) -> Iterator[float]:
    while finest < coarsest:
        yield finest
        finest *= _RATIO
    yield finest

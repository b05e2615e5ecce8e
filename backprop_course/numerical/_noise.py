"""How much of a difference of outputs is round-off: measured, not assumed."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import Direction, Point, Vector

_SPACINGS = 2.0 ** -np.array([50, 40, 30, 24])  # relative; float32 inside forward shows at the last only
_AWAY = 1e-3  # measured this far beside the point, where no kink is expected
_LARGEST = (
    1e-6  # of an output; more than float32 inside forward causes, and no smooth change passes for round-off
)
_SUBNORMAL = float(np.finfo(np.float64).smallest_subnormal)
_STRIDES = 2.0 ** np.arange(-24, 7)  # relative; to find where an output that looks constant begins to move
_ONSETS, _FINE = 4, 24  # how many beginnings are looked at closely, in how many steps
_FIRST = 4
_SPACING = 2  # neighbours of a float differ from it by its size times the machine epsilon at most
_COUNTABLE = 2.0**18  # steps of a staircase; beyond, their rounding hides that they are whole
_WHOLE = 1e-5  # distance from a whole number


class Noise(NamedTuple):
    """Round-off of each output, and whether the output shows nothing else near the point: a plateau."""

    size: Vector
    plateau: npt.NDArray[np.bool_]


def output_noise(point: Point, rng: np.random.Generator) -> Noise:
    r"""Standard deviation of the round-off in each output: at least half a unit in its last place.

    Four equally spaced points on a random line have the third difference :math:`y_0 - 3y_1 + 3y_2 - y_3`. A
    smooth function leaves nothing in it when the points are close, so what is seen is round-off (the idea is
    that of J. J. Moré and S. M. Wild, *Estimating Computational Noise*, 2011). Lines on two opposite sides of
    the point are used, as an output may be constant on one of them, like that of a ReLU.
    """
    unit = [np.where(b == 0, _AWAY * s, np.abs(b)) for b, s in zip(point.base, point.scales[1], strict=True)]
    away, along = (
        [u * rng.choice((-1.0, 1.0), u.size) * rng.uniform(0.5, 1.5, u.size) for u in unit] for _ in range(2)
    )
    size = np.abs(point.y)
    noise, flat = np.where(size > 0, np.maximum(point.eps * size, _SUBNORMAL), 0.0), np.ones(size.size, bool)
    for side in (-_AWAY, _AWAY):
        for spacing in _SPACINGS:
            samples = [_beside(point, away, side, along, n * spacing) for n in range(4)]
            third = samples[0] - 3 * samples[1] + 3 * samples[2] - samples[3]
            noise = np.fmax(noise, np.abs(third) / np.sqrt(20.0))
            size = np.fmax(size, np.abs(samples[0]))
            flat &= samples[0] == samples[3]
    noise = np.where(np.isfinite(size), np.fmin(noise, max(_LARGEST, point.eps) * size), noise)
    quantum = _staircase(point, along, flat) if flat.any() else np.zeros(size.size)
    return Noise(np.fmax(noise, quantum), quantum > 0)


def _staircase(point: Point, along: Direction, flat: npt.NDArray[np.bool_]) -> Vector:
    """Height of the steps in which an output moves that looks `flat`; 0 where it is smooth or constant.

    An output that was computed from a much larger number, as log(1 + x²) at 1e-7 or the loss of a confident
    row, takes whole multiples of that number's round-off. A ReLU that is switched off does not: once it
    moves, it takes any value. A step that is small neither beside a far move nor beside the spacing of floats
    there is no round-off, but a jump; what no move within 64 times the size of the inputs changes counts as
    constant.
    """
    ratios = [np.abs(d[d != 0]) for d in along]
    far = 1 / float(np.max(np.concatenate(ratios), initial=0.0) or 1.0)  # tiny inputs move by about 1
    samples = [np.abs(point.change_along(along, far))[np.newaxis]]
    for side in (1.0, -1.0):
        coarse = np.array([np.abs(point.change_along(along, side * t)) for t in _STRIDES])
        onsets = np.unique(np.argmax(coarse > 0, axis=0)[flat & (coarse > 0).any(axis=0)])
        stops = [t for n in onsets[:_ONSETS] for t in np.linspace(_STRIDES[n] / 2, _STRIDES[n], _FINE)]
        samples += [coarse, *(np.abs(point.change_along(along, side * t))[np.newaxis] for t in stops)]
    changes = np.nan_to_num(np.concatenate(samples))
    step = np.min(np.where(changes > 0, changes, np.inf), axis=0)
    counts = changes / step
    counted = (counts > 0) & (counts < _COUNTABLE)
    stairs = np.zeros(flat.size, bool)
    for first in range(1, _FIRST + 1):  # how many steps high the first one seen was
        off = np.abs(first * counts - np.round(first * counts))
        stairs |= flat & ((off <= _WHOLE) | ~counted).all(axis=0) & (counted.sum(axis=0) > 2)
    small = np.fmax(_LARGEST * changes.max(axis=0), _SPACING * point.eps * np.abs(point.y))
    return np.where(stairs & (step <= small), step, 0.0)


def _beside(point: Point, away: Direction, side: float, along: Direction, t: float) -> Vector:
    values = zip(point.base, away, along, strict=True)
    return point.outputs_at([b + side * a + t * d for b, a, d in values])

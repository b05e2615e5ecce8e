r"""Search beside the point for the slope that a gradient claims.

An element of Clarke's subdifferential is a limit of gradients at points nearby, so along v its value is at most
the largest slope found there. With several layers of kinks at one point (a row of zeros in a network whose
biases are zero), few of the many cells around it hold that slope; the cross-entropy method goes and finds them.
"""

import numpy as np

from backprop_course.gradcheck._point import SAFETY, Direction, Point, Vector

_DISTANCE = 1e-11  # of the points searched, relative to the size of the entries
_STEP = 0.01  # of the slope, relative to that distance, so that it rarely leaves the cell
_POPULATION, _ELITE, _ROUNDS = 64, 8, 12
_FARTHEST = 10.0


def steepest_nearby(
    point: Point, direction: Direction, dy: Vector, noise: Vector, wanted: float, rng: np.random.Generator
) -> tuple[float, float]:
    r"""Largest slope of :math:`\langle dy, f \rangle` along `direction` found beside the point, and its round-off.

    Parameters
    ----------
    point : Point
        Where.
    direction : sequence of ndarray
        Along which line, one flat array per moving input.
    dy, noise : ndarray
        Upstream gradient and round-off of each output.
    wanted : float
        The search ends once it has found so much.
    rng : Generator
        Chooses the points.
    """
    ratios = [s[d != 0] / np.abs(d[d != 0]) for s, d in zip(point.scale, direction, strict=True)]
    step = _STEP * float(np.min(np.concatenate(ratios)))
    error = SAFETY * float(np.abs(dy).dot(noise)) / (_DISTANCE * step)

    def slope(offset: Direction) -> float:
        ends = [
            [_DISTANCE * (s * o + t * d) for s, o, d in zip(point.scale, offset, direction, strict=True)]
            for t in (step, -step)
        ]
        change = point.change_along(ends[0], 1.0) - point.change_along(ends[1], 1.0)
        return float(dy.dot(change)) / (2 * _DISTANCE * step)

    offsets = [
        [10 ** rng.uniform(-1.5, 1) * rng.standard_normal(s.size) for s in point.scale]
        for _ in range(_POPULATION)
    ]
    best = -np.inf
    for _ in range(_ROUNDS):
        slopes = np.nan_to_num([slope(offset) for offset in offsets], nan=-np.inf)
        best = max(best, float(slopes.max()))
        if best + error >= wanted:
            break
        offsets = _next_generation([offsets[n] for n in np.argsort(slopes)[-_ELITE:]], rng)
    return best, error


def _next_generation(elite: list[list[Vector]], rng: np.random.Generator) -> list[list[Vector]]:
    """Points drawn around the best ones, a little wider than these spread."""
    stacked = [np.array(arrays) for arrays in zip(*elite, strict=True)]
    centres = [np.clip(a.mean(axis=0), -_FARTHEST, _FARTHEST) for a in stacked]
    spreads = [1.2 * a.std(axis=0) + 0.01 for a in stacked]
    return [
        [c + s * rng.standard_normal(c.size) for c, s in zip(centres, spreads, strict=True)]
        for _ in range(_POPULATION)
    ]

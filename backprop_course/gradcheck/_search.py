r"""Search beside the point for the slope that a gradient claims.

Clarke's subdifferential is spanned by the limits of gradients at points nearby, so along v the value of each
element is at most the largest slope there. With several layers of kinks at one point (a row of zeros in a
network whose biases are zero), few of the many cells around it have that slope; the cross-entropy method
finds them.
"""

import numpy as np

from backprop_course.gradcheck._point import SAFETY, Direction, Point, Vector
from backprop_course.gradcheck._slopes import Slopes

_DISTANCE = 1e-12  # of the points searched, relative to the size of the entries
_STEP = 0.1  # of the slope, relative to that distance, so that it rarely leaves the cell
_POPULATION, _ELITE, _ROUNDS = 128, 12, 20
_FARTHEST = 10.0
_BEND = 1e-3  # a smaller relative change of slope is curvature


def steepest_nearby(
    point: Point,
    direction: Direction,
    slopes: Slopes,
    dy: Vector,
    noise: Vector,
    wanted: float,
    rng: np.random.Generator,
) -> float:
    r"""Largest slope of :math:`\langle dy, f \rangle` along `direction` found beside the point.

    Outputs that show nothing beside the point but their one-sided slopes, within round-off, count with these.
    The point found must give the same slope at a tenth of its distance: a kink nearby would not.

    Returns -inf where no output shows more than its one-sided slopes.

    Parameters
    ----------
    point : Point
        Where.
    direction : sequence of ndarray
        Along which line, one flat array per moving input.
    slopes : Slopes
        One-sided slopes at the point.
    dy, noise : ndarray
        Upstream gradient and round-off of each output.
    wanted : float
        The search ends once it has found so much.
    rng : Generator
        Chooses the points.
    """
    ratios = [s[d != 0] / np.abs(d[d != 0]) for s, d in zip(point.scale, direction, strict=True)]
    step = _STEP * float(np.min(np.concatenate(ratios)))

    def beside(offset: Direction, distance: float) -> Vector:
        ends = [
            [distance * (s * o + t * d) for s, o, d in zip(point.scale, offset, direction, strict=True)]
            for t in (step, -step)
        ]
        change = point.change_along(ends[0], 1.0) - point.change_along(ends[1], 1.0)
        return np.asarray(np.nan_to_num(change / (2 * distance * step)))

    offsets = [
        [10 ** rng.uniform(-1.5, 1) * rng.standard_normal(s.size) for s in point.scale]
        for _ in range(_POPULATION)
    ]
    error = 2 * SAFETY * noise / (_DISTANCE * step)
    seen = np.array([beside(offset, _DISTANCE) for offset in offsets])
    margin = error + _BEND * np.max(np.abs(seen), axis=0)
    hidden = ((seen > slopes.high + margin) | (seen < slopes.low - margin)).any(axis=0)
    if not hidden.any():
        return -np.inf
    known = float(np.maximum(dy * slopes.low, dy * slopes.high)[~hidden].sum())
    weights, best = np.where(hidden, dy, 0.0), -np.inf
    for _ in range(_ROUNDS):
        found = np.array([weights.dot(beside(offset, _DISTANCE)) for offset in offsets])
        top = offsets[int(found.argmax())]
        change = np.abs(beside(top, _DISTANCE) - beside(top, _DISTANCE / 10))
        if (change <= 10 * margin)[hidden].all():
            best = max(best, known + float(found.max()))
        if best >= wanted:
            break
        offsets = _next_generation([offsets[n] for n in np.argsort(found)[-_ELITE:]], rng)
    return best + float(np.abs(weights).dot(error))


def _next_generation(elite: list[list[Vector]], rng: np.random.Generator) -> list[list[Vector]]:
    """Points drawn around the best ones, a little wider than these spread."""
    stacked = [np.array(arrays) for arrays in zip(*elite, strict=True)]
    centres = [np.clip(a.mean(axis=0), -_FARTHEST, _FARTHEST) for a in stacked]
    spreads = [1.2 * a.std(axis=0) + 0.01 for a in stacked]
    return [
        [c + s * rng.standard_normal(c.size) for c, s in zip(centres, spreads, strict=True)]
        for _ in range(_POPULATION)
    ]

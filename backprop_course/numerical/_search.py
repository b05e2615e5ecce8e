r"""Search beside the point for the slope that a gradient claims.

Clarke's subdifferential is spanned by the limits of gradients at points nearby, so along v the value of each
element is at most the largest slope there. With several layers of kinks at one point (a row of zeros in a
network whose biases are zero), few of the many cells around it have that slope; the cross-entropy method
finds them.
"""

import numpy as np

from backprop_course.numerical._clarke import offset
from backprop_course.numerical._point import SAFETY, Direction, Point, Vector, ratios
from backprop_course.numerical._slopes import Slopes

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

    Outputs that show nothing beside the point but their one-sided `slopes`, within round-off, count with
    these; where no output shows more, the answer is -inf. The point found must give the same slope at a tenth
    of its distance: a kink nearby would not. The search ends once it has found as much as is `wanted`.
    """
    best = -np.inf
    if _nearest_kink(point, direction, slopes, dy) < 10 * _DISTANCE:
        return best
    for scale in point.scales:
        if best < wanted:
            best = max(best, _steepest(point, direction, scale, slopes, dy, noise, wanted, rng))
    return best


def _nearest_kink(point: Point, direction: Direction, slopes: Slopes, dy: Vector) -> float:
    """How near a kink beside the point may be, relative to the size of the entries that move."""
    window = np.min(slopes.window[dy != 0], initial=np.inf)
    return float(window / np.max(ratios(point.scale, direction)))


def _steepest(
    point: Point,
    direction: Direction,
    scale: Direction,
    slopes: Slopes,
    dy: Vector,
    noise: Vector,
    wanted: float,
    rng: np.random.Generator,
) -> float:
    step = _STEP * float(np.min(ratios(scale, direction)))

    def slopes_at(move: Direction, distance: float = _DISTANCE) -> Vector:
        ends = [[distance * (m + t * d) for m, d in zip(move, direction, strict=True)] for t in (step, -step)]
        change = point.change_along(ends[0], 1.0) - point.change_along(ends[1], 1.0)
        return np.asarray(np.nan_to_num(change / (2 * distance * step)))

    moves = [offset(scale, rng) for _ in range(_POPULATION)]
    seen = np.array([slopes_at(move) for move in moves])
    error = 2 * SAFETY * noise / (_DISTANCE * step)
    margin = error + _BEND * np.max(np.abs(seen), axis=0)
    hidden = ((seen > slopes.high + margin) | (seen < slopes.low - margin)).any(axis=0)
    if not hidden.any():
        return -np.inf
    known = float(np.maximum(dy * slopes.low, dy * slopes.high)[~hidden].sum())
    weights, best = np.where(hidden, dy, 0.0), -np.inf
    for _ in range(_ROUNDS):
        found = np.array([weights.dot(slopes_at(move)) for move in moves])
        top = moves[int(found.argmax())]
        if (np.abs(slopes_at(top) - slopes_at(top, _DISTANCE / 10)) <= 10 * margin)[hidden].all():
            best = max(best, known + float(found.max()))
        if best >= wanted:
            break
        moves = _next_generation([moves[n] for n in np.argsort(found)[-_ELITE:]], scale, rng)
    return best + float(np.abs(weights).dot(error))


def _next_generation(
    elite: list[list[Vector]], scale: Direction, rng: np.random.Generator
) -> list[list[Vector]]:
    """Moves drawn around the best ones, a little wider than these spread."""
    stacked = [
        np.array(moves) / np.array(s) for moves, s in zip(zip(*elite, strict=True), scale, strict=True)
    ]
    centres = [
        np.clip(m.mean(axis=0), -_FARTHEST, _FARTHEST) * s for m, s in zip(stacked, scale, strict=True)
    ]
    spreads = [(1.2 * m.std(axis=0) + 0.01) * s for m, s in zip(stacked, scale, strict=True)]
    return [
        [c + s * rng.standard_normal(c.size) for c, s in zip(centres, spreads, strict=True)]
        for _ in range(_POPULATION)
    ]

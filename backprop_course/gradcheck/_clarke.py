r"""Clarke's generalised derivative where kinks cancel.

At a kink of a convex or a concave output, the slopes to the left and to the right bound what a subgradient may
give along a line. In general they do not: :math:`|x_1 + x_2| - |x_1 - x_2|` has slope 0 on both sides
along :math:`e_1` at the origin, and :math:`(2, 0)` in its Clarke subdifferential. A line that passes *beside* the
point meets the two kinks one after the other, so that they show as a rise and a fall of the slope.
"""

import numpy as np

from backprop_course.gradcheck._point import SAFETY, Direction, Point, Vector

_MAGNIFICATIONS = (1e-7, 1e-11)  # a kink at the point is there at both, one nearby only at the first
_OFFSETS = (1.0, 0.3, 0.1, 0.03)  # of the lines from the point, relative to its size
_STOPS = np.tan(np.linspace(-0.49, 0.49, 81) * np.pi)  # where a random line meets random kinks
_SMOOTH = 1e-4  # a smaller relative change of slope is curvature
_GENEROSITY = 1.1  # the rise and fall are read off a grid


def hidden_kinks(point: Point, direction: Direction, noise: Vector, rng: np.random.Generator) -> Vector:
    r"""How far, for each output, the slopes along `direction` reach beyond the two one-sided ones.

    With total rise P and total fall N of the slope along a line beside the point, from L on its left end to
    R = L + P - N, sums of independent kinks take slopes in [L - N, L + P]. That is min(P, N) beyond L and R
    on either side, and nothing where P or N is 0, as for a convex or concave output.

    Parameters
    ----------
    point : Point
        Where.
    direction : sequence of ndarray
        Along which line, one flat array per moving input.
    noise : ndarray
        Round-off of each output.
    rng : Generator
        Chooses the lines.

    Returns
    -------
    ndarray
        Per unit of `direction`; 0 for an output without cancelling kinks here.
    """
    ratios = [s[d != 0] / np.abs(d[d != 0]) for s, d in zip(point.scale, direction, strict=True)]
    unit = float(np.median(np.concatenate(ratios)))
    beside = [[far * s * rng.standard_normal(s.size) for s in point.scale] for far in _OFFSETS]
    reach = [
        np.max([_cancelling(point, direction, unit, offset, size, noise) for offset in beside], axis=0)
        for size in _MAGNIFICATIONS
    ]
    return np.asarray(_GENEROSITY * np.min(reach, axis=0))


def _cancelling(
    point: Point, direction: Direction, unit: float, offset: Direction, size: float, noise: Vector
) -> Vector:
    """Smaller of total rise and total fall of the slopes along one line at distance `size`."""
    t = size * unit * _STOPS
    starts = [b + size * o for b, o in zip(point.base, offset, strict=True)]
    values = [point.outputs_at([s + u * d for s, d in zip(starts, direction, strict=True)]) for u in t]
    width = np.diff(t)[:, None]
    slopes = np.diff(np.array(values), axis=0) / width
    unsure = SAFETY * noise / np.minimum(width[1:], width[:-1]) + _SMOOTH * np.max(np.abs(slopes), axis=0)
    jumps = np.diff(slopes, axis=0)
    jumps[~(np.abs(jumps) > unsure)] = 0.0
    return np.asarray(np.minimum(np.maximum(jumps, 0).sum(axis=0), np.maximum(-jumps, 0).sum(axis=0)))

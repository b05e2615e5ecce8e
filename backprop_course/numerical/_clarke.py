r"""Clarke's generalised derivative where kinks cancel.

At a kink of a convex or a concave output, the slopes to the left and to the right bound what a subgradient
may give along a line. In general they do not: :math:`|x_1 + x_2| - |x_1 - x_2|` has slope 0 on both sides
along :math:`e_1` at the origin, and :math:`(2, 0)` in its Clarke subdifferential. A line that passes *beside*
the point meets the two kinks one after the other, and there they show as a rise and a fall of the slope.
"""

from collections.abc import Callable

import numpy as np

from backprop_course.numerical._point import SAFETY, Direction, Point, Vector, ratios

_SIZES = (1e-8, 1e-10)  # distances of the line from the point, relative to its size
_SMALLEST = 1e-11  # a kink that is not seen at this distance is not at the point
_POWERS = 2.0 ** np.arange(-6, 13)
_STOPS = np.concatenate([-_POWERS[::-1], [0.0], _POWERS])  # along the line, in units of its distance
_NEAR = np.abs(_STOPS) <= 64
_DEPTH = 8  # of the bisection between two stops
_STRAIGHT = 1e-5  # a smaller relative bend is curvature
_GENEROSITY = 1.1  # two kinks in the smallest piece hide each other

Piece = tuple[float, Vector]  # length and slopes
Samples = Callable[[float], Vector]


def hidden_kinks(
    point: Point,
    direction: Direction,
    scale: Direction,
    noise: Vector,
    window: Vector,
    rng: np.random.Generator,
) -> Vector:
    r"""How far, for each output, the slopes along `direction` reach beyond the two one-sided ones.

    With total rise P and total fall N of the slope along a line beside the point, from L on its left end to
    R = L + P - N, sums of independent kinks take slopes in [L - N, L + P]. That is min(P, N) beyond L and R
    on either side, and nothing where P or N is 0, as for a convex or concave output.

    `window` tells how far, along `direction`, each output shows nothing but its slopes at the point. A kink
    that is nearer than the lines tried would look as if it were at the point, so there nothing is looked for.
    `scale` is one of `Point.scales`, `noise` the round-off of each output.
    """
    aside = offset(scale, rng)
    unit = float(np.median(ratios(scale, direction)))

    def at_distance(size: float) -> Samples:
        """Outputs along the line, as if seen through a glass that enlarges it to unit distance."""

        def sample(t: float) -> Vector:
            move = [size * (a + t * unit * d) for a, d in zip(aside, direction, strict=True)]
            return point.change_along(move, 1.0) / size

        return sample

    reach = np.zeros(point.y.size)
    smallest = np.array([at_distance(_SMALLEST)(t) for t in _STOPS[_NEAR]])
    for size in _SIZES:
        sample = at_distance(size)
        values = np.array([sample(t) for t in _STOPS])
        slack = SAFETY * noise / _SMALLEST + 1e-3 * np.max(np.abs(smallest), axis=0)
        here = np.max(np.abs(values[_NEAR] - smallest), axis=0) <= slack  # a kink looks alike at any size
        reach = np.where(here & (reach == 0), _cancelling(sample, values, noise / size), reach)
    return np.where(window >= unit * _SIZES[0], _GENEROSITY * reach / unit, 0.0)


def offset(scale: Direction, rng: np.random.Generator) -> list[Vector]:
    """Random move, of another size for each input, as it is unknown which of them matter."""
    return [10 ** rng.uniform(-1.5, 1) * s * rng.standard_normal(s.size) for s in scale]


def _cancelling(sample: Samples, values: Vector, noise: Vector) -> Vector:
    """Smaller of total rise and total fall of the slopes along a line, for each output."""
    steepest = np.max(np.abs(np.diff(values, axis=0)) / np.diff(_STOPS)[:, None], axis=0)
    pieces: list[Piece] = []
    for n in range(_STOPS.size - 1):
        a, b = _STOPS[n], _STOPS[n + 1]
        pieces += _straight_pieces(sample, (a, values[n]), (b, values[n + 1]), noise, steepest, _DEPTH)
    lengths, slopes = np.array([length for length, _ in pieces]), np.array([slope for _, slope in pieces])
    jumps = np.diff(slopes, axis=0)
    unsure = SAFETY * noise / np.minimum(lengths[1:], lengths[:-1])[:, None] + _STRAIGHT * steepest
    jumps[~(np.abs(jumps) > unsure)] = 0.0
    return np.asarray(np.minimum(np.maximum(jumps, 0).sum(axis=0), np.maximum(-jumps, 0).sum(axis=0)))


def _straight_pieces(
    sample: Samples,
    start: tuple[float, Vector],
    end: tuple[float, Vector],
    noise: Vector,
    steepest: Vector,
    depth: int,
) -> list[Piece]:
    """Bisect a piece of the line until each part is straight for all outputs."""
    (a, ya), (b, yb) = start, end
    middle = ((a + b) / 2, sample((a + b) / 2))
    bend = np.abs(middle[1] - (ya + yb) / 2)
    if depth == 0 or not (bend > SAFETY * noise + _STRAIGHT * steepest * (b - a)).any():
        return [(b - a, (yb - ya) / (b - a))]
    halves = ((start, middle), (middle, end))
    return [piece for s, e in halves for piece in _straight_pieces(sample, s, e, noise, steepest, depth - 1)]

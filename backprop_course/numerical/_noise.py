"""How much of a difference of outputs is round-off: measured, not assumed."""

import numpy as np

from backprop_course.numerical._point import Direction, Point, Vector

_SPACINGS = 2.0 ** -np.array([50, 40, 30, 24])  # relative; float32 inside forward shows at the last only
_AWAY = 1e-3  # measured this far beside the point, where no kink is expected
_LARGEST = (
    1e-6  # of an output; more than float32 inside forward causes, and no smooth change passes for round-off
)


def output_noise(point: Point, rng: np.random.Generator) -> Vector:
    r"""Standard deviation of the round-off in each output.

    Four equally spaced points on a random line have the third difference :math:`y_0 - 3y_1 + 3y_2 - y_3`. A
    smooth function leaves nothing in it when the points are close, so what is seen is round-off (the idea is
    that of J. J. Moré and S. M. Wild, *Estimating Computational Noise*, 2011). Lines on two opposite sides of
    the point are used, as an output may be constant on one of them, like that of a ReLU.

    Parameters
    ----------
    point : Point
        Where.
    rng : Generator
        Chooses the lines.

    Returns
    -------
    ndarray
        One number per output, at least half a unit in the last place.
    """
    unit = [np.where(b == 0, _AWAY * s, np.abs(b)) for b, s in zip(point.base, point.scales[1], strict=True)]
    away, along = (
        [u * rng.choice((-1.0, 1.0), u.size) * rng.uniform(0.5, 1.5, u.size) for u in unit] for _ in range(2)
    )
    noise, size = point.eps * np.abs(point.y), np.abs(point.y)
    for side in (-_AWAY, _AWAY):
        for spacing in _SPACINGS:
            samples = [_beside(point, away, side, along, n * spacing) for n in range(4)]
            third = samples[0] - 3 * samples[1] + 3 * samples[2] - samples[3]
            noise = np.fmax(noise, np.abs(third) / np.sqrt(20.0))
            size = np.fmax(size, np.abs(samples[0]))
    return np.where(np.isfinite(size), np.fmin(noise, max(_LARGEST, point.eps) * size), noise)


def _beside(point: Point, away: Direction, side: float, along: Direction, t: float) -> Vector:
    values = zip(point.base, away, along, strict=True)
    return point.outputs_at([b + side * a + t * d for b, a, d in values])

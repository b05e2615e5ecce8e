r"""Directions that tell subgradients from vectors whose entries are right only one by one."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import Direction, Place, Point, Vector
from backprop_course.numerical._slopes import Slopes

_RANDOM = 6
_OUTPUTS = 8  # with a kink, for each of which directions of its own are made


def directions(
    point: Point, kinks: Mapping[Place, Slopes], off_centre: Sequence[Vector], rng: np.random.Generator
) -> Iterator[Direction]:
    """Directions to try, the most telling ones first.

    Without kinks along the entries there are few: they find what is smooth along each entry but not between
    them, such as a median of equal numbers.

    Parameters
    ----------
    point : Point
        Where.
    kinks : mapping
        Slopes along each entry at which some output has a kink.
    off_centre : sequence of ndarray
        Gradient minus centre of the interval of each entry, one array per input asked for. A vector outside
        a convex set is separated from it along some direction, and for small sets this one is near it.
    rng : Generator
        For random directions.
    """
    asked = len(off_centre)
    candidates = _at_kinks(point, kinks, off_centre, rng) if kinks else []
    everywhere = [(k, i) for k in range(asked) for i in range(point.base[k].size)]
    for candidate in [*candidates, *_ones(point, asked), _random(point, everywhere, rng)]:
        if sum(int(np.count_nonzero(d)) for d in candidate) > 1:  # single entries have been tried
            yield candidate


def _at_kinks(
    point: Point, kinks: Mapping[Place, Slopes], off_centre: Sequence[Vector], rng: np.random.Generator
) -> Iterator[Direction]:
    """Directions that move the entries with kinks, all of them or those of one output."""
    outputs = kinked_outputs(list(kinks.values()), _OUTPUTS, rng)
    groups = [[e for e, slopes in kinks.items() if slopes.kinked[i]] for i in outputs]
    away = [np.zeros_like(base) for base in point.base]
    for k, gap in enumerate(off_centre):
        away[k] = gap * point.scales[1][k] ** 2  # a gradient has units 1/x, a direction x
    ones = [np.ones_like(base) for base in point.base]
    yield from (_restricted(point, ones, group) for group in groups)
    yield from (_restricted(point, away, group) for group in [list(kinks), *groups])
    yield from (_random(point, list(kinks), rng) for _ in range(_RANDOM))


def kinked_outputs(slopes: Sequence[Slopes], limit: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """At most `limit` outputs with a kink along some entry, chosen at random where there are more."""
    if not slopes:
        return np.empty(0, np.intp)
    found = np.flatnonzero(np.any([s.kinked for s in slopes], axis=0))
    return found if found.size <= limit else rng.choice(found, limit, replace=False)


def _ones(point: Point, asked: int) -> list[Direction]:
    """All ones over each input asked for, and over all of them."""
    rows = [[k] for k in range(asked)] + [list(range(asked))] * (asked > 1)
    return [[np.full(base.size, float(k in row)) for k, base in enumerate(point.base)] for row in rows]


def _random(point: Point, entries: Sequence[Place], rng: np.random.Generator) -> Direction:
    return _restricted(point, [s * rng.standard_normal(s.size) for s in point.scales[1]], entries)


def _restricted(point: Point, direction: Direction, entries: Sequence[Place]) -> Direction:
    kept = [np.zeros_like(base) for base in point.base]
    for k, i in entries:
        kept[k][i] = direction[k][i]
    return kept

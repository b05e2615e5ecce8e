"""Inputs that most backward functions should be tried on."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.arrays import Array
from backprop_course.exercises._declare import Case


def normal(rng: Generator, *shape: int, scale: float = 1.0) -> Array:
    """Random entries of both signs, none within 0.05 of zero, so that no kink is near by chance."""
    z = rng.normal(scale=scale, size=shape)
    return np.asarray(z + np.copysign(0.05, z))


def distinct(rng: Generator, *shape: int) -> Array:
    """Random entries no two of which are within 0.1 of each other, so that no maximum is a near tie."""
    steps = 0.2 * (rng.permutation(int(np.prod(shape))) + rng.uniform(0, 0.5, size=int(np.prod(shape))))
    return np.asarray(steps - steps.mean()).reshape(shape)


def views(*inputs: Any) -> Case:
    """A case whose arrays are passed with gaps between their entries in memory."""
    return Case("views that are not contiguous in memory", inputs, strided=True)


def elementwise(
    rng: Generator,
    small: tuple[Any, ...],
    *more: Any,
    shapes: tuple[tuple[int, ...], ...] = ((3, 4), (1, 5), (2, 3, 2)),
) -> Iterator[Case]:
    """Cases for ``backward(dy, z, *more)`` of an elementwise function: `small`, then shapes, memory and types.

    `small` are all arguments of a first case that can be read at a glance.
    """
    yield Case("two entries to follow by hand", small)
    for shape in shapes:
        why = "a batch of one" if shape[0] == 1 else f"random entries of shape {shape}"
        yield Case(why, (normal(rng, *shape), normal(rng, *shape), *more))
    yield views(normal(rng, 4, 3), normal(rng, 4, 3), *more)
    yield Case(
        "float32 arrays", (normal(rng, 2, 3).astype(np.float32), normal(rng, 2, 3).astype(np.float32), *more)
    )
    # A float dy beside an integer z shows an answer that is cut to the integer type of z.
    yield Case("an array of integers", (np.array([3.5, -2.25, 5.5]), np.array([-2, 1, 3]), *more))

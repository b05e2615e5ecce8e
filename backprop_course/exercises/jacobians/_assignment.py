"""What the exercises of 03-jacobians share."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Exercise
from backprop_course.numbers import count

Exercise03 = partial(Exercise, assignment="03-jacobians")

_SHAPES = ((3, 3), (1, 4), (4, 1), (3, 5))


def layer_cases(rng: Generator) -> Iterator[Case]:
    """Cases of ``jacobian(h, W, b)``."""
    W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    yield Case("two inputs and three outputs, to follow by hand", (np.array([7.0, 8.0]), W, np.ones(3)))
    for D, M in _SHAPES:
        yield Case(
            f"{count(D, 'input')} and {count(M, 'output')}" if D != M else "as many outputs as inputs",
            (normal(rng, D), normal(rng, D, M), normal(rng, M)),
        )
    layer = normal(rng, 3), normal(rng, 3, 2), normal(rng, 2)
    yield views(*layer)
    yield Case("float32 arrays", tuple(a.astype(np.float32) for a in layer))
    yield Case("arrays of integers", (np.array([2, -3]), np.array([[1, -2, 4], [3, 5, -1]]), np.arange(3)))

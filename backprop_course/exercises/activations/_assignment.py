"""What the exercises of 04-activations share."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._cases import elementwise, normal
from backprop_course.exercises._declare import Case, Exercise

Exercise04 = partial(Exercise, assignment="04-activations")

SMALL_DY, SMALL_Z = np.array([3.0, 4.0]), np.array([-1.0, 2.0])


def kinked_cases(rng: Generator, *more: Any) -> Iterator[Case]:
    """Cases of ``backward(dy, z, *more)`` for an activation with a kink at z = 0."""
    small, *others = elementwise(rng, (SMALL_DY, SMALL_Z, *more), *more)
    yield small
    yield Case(  # before the random ones: a report shows the first case that a mistake is seen in
        "upstream gradients of both signs",
        (np.array([-3.0, 4.0, -5.0, 6.0]), np.array([1.0, -2.0, -3.0, 4.0]), *more),
    )
    yield from others
    yield Case(
        "inputs near zero and far from it",
        (normal(rng, 6), np.array([-1e4, -1e-3, -1e-9, 1e-9, 1e-3, 1e4]), *more),
    )
    yield Case(
        "inputs at the kink",
        (np.array([2.0, -3.0, 5.0, 7.0]), np.array([0.0, 0.0, -1.0, 1.0]), *more),
        kink=True,
    )
    yield Case("a whole row at the kink", (normal(rng, 2, 3), np.zeros((2, 3)), *more), kink=True)

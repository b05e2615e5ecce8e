"""What the exercises of 06-backpropagation share."""

from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.arrays import Array
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Exercise

Exercise06 = partial(Exercise, assignment="06-backpropagation")


def arrays(rng: Generator, *shapes: tuple[int, ...], dtype: Any = np.float64) -> tuple[Array, ...]:
    """Random arrays of the given shapes, no entry near zero."""
    return tuple(normal(rng, *shape).astype(dtype) for shape in shapes)

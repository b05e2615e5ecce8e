"""What the exercises of 05-softmax-and-losses share."""

from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.arrays import Array
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Exercise

Exercise05 = partial(Exercise, assignment="05-softmax-and-losses")

# Shapes of rows of classes: a batch, a square one, a batch of one, two batch axes, a single class.
ROWS: tuple[tuple[int, ...], ...] = ((2, 3), (3, 3), (1, 5), (2, 3, 4), (3, 1))

GUARDS = 1e-16, 0.4  # from the smallest to the largest constant that students add lest they divide by 0
GUARD_SAYS = "The small constant that you add in the denominator, about {constant}, changes the answer."
GUARD_BECAUSE = "No probability is 0 here. If one may be, the place to treat it is where it is computed."


def probabilities(rng: Generator, *shape: int) -> Array:
    """Random rows of probabilities, none of them near 0."""
    return ops.softmax(normal(rng, *shape))


def naive_softmax(z: Any) -> Any:
    """Softmax without the shift: its exponentials overflow for large logits. Many wrong answers start from it."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def one_hot(labels: Any, classes: int) -> Any:
    """One row per label, 1 at the label and 0 elsewhere."""
    return np.eye(classes)[labels]

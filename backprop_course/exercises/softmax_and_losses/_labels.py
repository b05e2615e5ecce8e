"""What the two cross-entropies of class labels share."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case
from backprop_course.numbers import count

SHAPES = ((1, 4), (4, 4), (5, 3), (2, 6), (3, 1))
SHARED_LABEL = "All rows get the entries of all labels: the labels pick columns, or rows, of the whole batch."
PAIRS = "Each row has one label. Which pair of indices belongs to row n?"


def labelled(rng: Generator, of: Callable[[Any], Any]) -> Iterator[Case]:
    """Random cases of ``backward(scores, labels)`` with scores = of(logits)."""
    for N, C in SHAPES:
        why = "a batch of one" if N == 1 else f"{N} examples of {count(C, 'class', 'es')}"
        yield Case(why, (of(normal(rng, N, C)), rng.integers(C, size=N)))
    yield Case("every class once", (of(normal(rng, 3, 3)), rng.permutation(3)))
    yield Case("the same label everywhere", (of(normal(rng, 4, 3)), np.array([1, 1, 1, 1])))
    yield views(of(normal(rng, 3, 4)), np.array([3, 0, 2]))
    yield Case("float32 scores", (of(normal(rng, 3, 4)).astype(np.float32), np.array([1, 3, 0])))

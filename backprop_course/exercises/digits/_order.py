"""Whether training takes every example once an epoch, each time in a new order.

A network without hidden layers that gets nothing but zeros learns by its biases alone, and these start at 0: what
they are in the end tells which labels came when.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.arrays import Array
from backprop_course.exercises._declare import Case, Mistake

# Of six examples there are 720 orders: one in 500,000 right answers has three epochs in the same.
EXAMPLES, EPOCHS = 6, 3
ROUND_OFF = 1e-5  # of float32 as well; other orders end farther away


def order_cases(rng: Generator) -> Iterator[Case]:
    """Yield one batch that is smaller than `batch_size`, and batches of one example each."""
    labels, seed = np.arange(EXAMPLES), int(rng.integers(1, 10_000))
    x, widths = np.zeros((EXAMPLES, 2)), [2, EXAMPLES]
    yield Case("fewer examples than a batch holds", (x, labels, widths, 1, 0.5, EXAMPLES + 2, seed))
    yield Case("zeros, one to a batch", (x, labels, widths, EPOCHS, 0.5, 1, seed + 1))


def wrong_order(biases: Array, epochs: int, learning_rate: float, batch_size: int) -> Mistake | None:
    """What the biases after training on one of these cases tell, if anything is wrong."""
    if batch_size > EXAMPLES:
        if biases.any():
            return None
        return Mistake(
            "dropped-path",
            f"No step is made with the {EXAMPLES} examples that there are, as a batch holds {batch_size}.",
            "An epoch takes every example. The last batch is smaller where the numbers do not divide.",
        )
    came = tuple(range(EXAMPLES))
    if np.allclose(biases, _biases_after([came] * epochs, learning_rate), rtol=0, atol=ROUND_OFF):
        return Mistake(
            "wrong-order",
            f"In each of {epochs} epochs the labels come in the order in which they were given.",
            "Each epoch takes the examples in a new random order, and the labels in the same.",
        )
    orders = np.array(list(permutations(came)))
    same = _biases_after([orders.T] * epochs, learning_rate)
    if (np.abs(same - biases).max(axis=-1) < ROUND_OFF).any():
        return Mistake(
            "wrong-order",
            f"All {epochs} epochs take the labels in one and the same order.",
            "Each epoch takes a new one. In which loop is yours drawn, and where does its generator begin?",
        )
    return None


def _biases_after(orders: Sequence[Sequence[int] | Array], learning_rate: float) -> Array:
    """The biases after steps of one example each, for one order or for many at once."""
    biases: Array = np.zeros((*np.shape(orders[0][0]), EXAMPLES))
    for example in (example for order in orders for example in order):
        biases = biases - learning_rate * (ops.softmax(biases) - np.eye(EXAMPLES)[example])
    return biases

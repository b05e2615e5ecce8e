"""Training: judged by what the network can do afterwards, since many networks are right."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network, ops
from backprop_course.arrays import Array
from backprop_course.data import split_digits
from backprop_course.exercises._declare import Case, Mistake, WrongForm
from backprop_course.exercises.digits._assignment import Exercise07
from backprop_course.exercises.digits._order import order_cases, wrong_order
from backprop_course.numbers import show

WANTED = 0.95
# A network that has not learnt, or made one step, gets 5 to 27 % right, whatever the form of the answer. One
# that ignores an argument meant to keep it from learning gets 56 % or more.
UNTRAINED = 0.45
GUESSING = 0.2
GUESSES = "A network that guesses gets 10 %. Do images and labels still belong together after shuffling, and do the steps go downhill?"


def _train_cases(rng: Generator) -> Iterator[Case]:
    centres = np.array([[2.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])
    labels = np.arange(12) % 3
    points = centres[labels] + 0.3 * rng.normal(size=(12, 2))
    seed = int(rng.integers(1, 10_000))
    yield Case("twelve points in three heaps", (points, labels, [2, 8, 3], 20, 0.05, 5, seed))
    yield from order_cases(rng)
    x, digits, *_ = split_digits()
    yield Case("a learning rate of 0", (x, digits, [64, 48, 10], 2, 0.0, 32, seed + 1))
    yield Case("no epochs", (x, digits, [64, 48, 10], 0, 0.2, 32, seed + 2))
    yield Case("one step: one epoch of one batch", (x, digits, [64, 80, 10], 1, 0.05, len(x), seed + 3))
    # Batches that leave a full last batch: a step from one or two examples at the very end can throw a
    # network far off. With these settings right answers of many forms reached 96 % or more.
    shallow = [64, int(rng.integers(64, 113)), 10]
    yield Case(
        "one hidden layer",
        (
            x,
            digits,
            shallow,
            40,
            round(rng.uniform(0.15, 0.3), 2),
            int(rng.choice([24, 32, 36, 40, 48])),
            seed + 4,
        ),
    )
    deep = [64, int(rng.integers(80, 113)), int(rng.integers(48, 65)), 10]
    yield Case(
        "two hidden layers",
        (x, digits, deep, 50, round(rng.uniform(0.2, 0.3), 2), int(rng.choice([24, 32])), seed + 5),
    )


def _failed_training(inputs: tuple[Any, ...], answer: Any) -> Mistake | None:
    x, labels, widths, epochs, learning_rate, batch_size, _ = inputs
    found = _parameters(answer, widths)
    if isinstance(found, Mistake):
        return found
    weights, biases = found
    if not all(np.isfinite(a).all() for a in (*weights, *biases)):
        return Mistake(
            "not-finite", "The weights are nan or infinite after training: the steps went too far or uphill."
        )
    if not x.any():
        return wrong_order(biases[0], epochs, learning_rate, batch_size)
    if x.shape[1] != 64:
        return _moved_downhill(weights, biases, x, labels)
    _, _, held_out, meant = split_digits()
    right = round(network.accuracy(weights, biases, held_out, meant) * len(meant))
    if epochs * learning_rate == 0 or batch_size >= len(x):
        return _stayed_untrained(inputs, right, len(meant))
    return _learnt(inputs, weights, right, len(meant))


def _parameters(answer: Any, widths: Sequence[int]) -> tuple[list[Array], list[Array]] | Mistake:
    """Weights and biases out of an answer, or what is wrong with its structure."""
    layers = len(widths) - 1
    try:
        weights, biases = ([np.asarray(a, np.float64) for a in part] for part in answer)
    except (TypeError, ValueError):
        return Mistake("wrong-type", "train returns two lists of arrays: weights, biases.")
    got, expected = _shapes(weights, biases), _shapes(*network.initial_parameters(widths, 0))
    if got == expected:
        return weights, biases
    if got[::-1] == expected:
        return Mistake("swapped-inputs", "The biases come first. train returns weights, biases.")
    if (len(weights), len(biases)) != (layers, layers):
        return Mistake(
            "wrong-type",
            f"Widths {list(widths)} make {layers} layers, so there are {layers} weights and {layers} biases. "
            f"You return {len(weights)} and {len(biases)}.",
        )
    swapped = [shape[::-1] for shape in got[0]] == expected[0]
    told = f"For widths {list(widths)} the weights have the shapes {got[0]} and the biases {got[1]}. "
    return Mistake(
        "transposed" if swapped else "wrong-shape", f"{told}Expected are {expected[0]} and {expected[1]}."
    )


def _shapes(*parts: Sequence[Array]) -> tuple[list[tuple[int, ...]], ...]:
    return tuple([a.shape for a in part] for part in parts)


def _moved_downhill(weights: list[Array], biases: list[Array], x: Array, labels: Array) -> Mistake | None:
    """Whether a short training moved the biases, and left the loss below that of a network that guesses."""
    if not biases[-1].any():
        return Mistake(
            "dropped-path",
            "The biases are still 0 after training. They are parameters too, and have gradients.",
            "Look at the line that makes the step: which of the two lists does it change?",
        )
    guessing = math.log(len(biases[-1]))
    loss = float(ops.softmax_cross_entropy(network.mlp_forward(x, weights, biases)[-1], labels))
    told = f"After training, the loss on the training examples is {show(loss, digits=3)}. A network that guesses has {show(guessing, digits=3)}"
    if loss > 5 * guessing:
        return Mistake("wrong-sign", f"{told}: the steps go uphill.")
    if loss > 1.05 * guessing:
        return Mistake(
            "wrong-value", f"{told}. Do the steps go downhill, and do x and labels still belong together?"
        )
    return None


def _stayed_untrained(inputs: tuple[Any, ...], right: int, total: int) -> Mistake | None:
    """Whether a network that could not learn, from the arguments it got, indeed has not."""
    if right <= UNTRAINED * total:
        return None
    epochs, learning_rate, batch_size = inputs[3:6]
    because = (
        "The learning rate was 0"
        if not learning_rate
        else "There were 0 epochs"
        if not epochs
        else f"One epoch with batches of {batch_size}, that is all examples, makes one single step"
    )
    ignored = "learning_rate" if not learning_rate else "epochs" if not epochs else "batch_size or epochs"
    return Mistake(
        "wrong-value",
        f"{because}, and yet {right} of {total} held-out digits are right: {ignored} is not used.",
    )


def _learnt(inputs: tuple[Any, ...], weights: list[Array], right: int, total: int) -> Mistake | None:
    """Whether enough held-out digits are right."""
    if right >= WANTED * total:
        return None
    widths, epochs, learning_rate, batch_size = inputs[2:6]
    suspect = _suspect(weights)
    return Mistake(
        "wrong-value",
        f"With widths {list(widths)}, {epochs} epochs, a learning rate of {learning_rate:g} and batches of "
        f"{batch_size}, {right} of {total} held-out digits are right; {math.ceil(WANTED * total)} are needed.{suspect}",
        GUESSES if right < GUESSING * total and not suspect else "",
    )


def _suspect(weights: list[Array]) -> str:
    """What the weights themselves say about why too little was learnt."""
    alike = [layer for layer, W in enumerate(weights) if np.ptp(W, axis=1).max() < 1e-9]
    if alike:
        return f" All columns of weights[{alike[0]}] are the same: units that start equal stay equal."
    spread, inputs = float(weights[0].std()), len(weights[0])
    if spread > 4 * math.sqrt(2 / inputs):
        return f" The entries of weights[0] spread by {show(spread, digits=2)}. That is a lot for {inputs} inputs: start smaller."
    return ""


TRAIN = Exercise07(
    points=3,
    reference=network.train,
    cases=_train_cases,
    returns=("weights", "biases"),
    find_mistake=_failed_training,
    wrong=(
        WrongForm(
            "wrong-value",
            lambda x, labels, widths, epochs, learning_rate, batch_size, seed: network.initial_parameters(
                widths, seed
            ),
            "The network comes back as it started: nothing was learnt.",
            "Each batch of each epoch should take one step. Look at what happens to the result of your step.",
        ),
    ),
    analytic=False,
    time_limit=60.0,
    hints=(
        "Two loops, one in the other: epochs and batches, and inside them the step that you have written. Print the loss once an epoch: it should fall from about 2.3.",
        "Weights start random and of a size that fits the number of inputs; the seed makes them the same each time. Take the examples of a batch and their labels with the same indices.",
    ),
)

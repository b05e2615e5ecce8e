"""Cross-entropy of class labels, from probabilities."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import (
    GUARD_BECAUSE,
    GUARD_SAYS,
    GUARDS,
    Exercise05,
    one_hot,
)
from backprop_course.exercises.softmax_and_losses._labels import PAIRS, SHARED_LABEL, labelled


def _probability_cases(rng: Generator) -> Iterator[Case]:
    p = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])
    yield Case("two examples of three classes, to follow by hand", (p, np.array([0, 2])))
    yield from labelled(rng, ops.softmax)
    yield Case("a label of small probability", (np.array([[1e-5, 0.99999], [0.7, 0.3]]), np.array([0, 1])))


def _at(where: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """A gradient that is right in value and stands at the entries that ``where(labels, p)`` picks."""

    def form(p: Any, labels: Any) -> Any:
        dp = np.zeros(np.shape(p))
        index = where(labels, p)
        dp[index] = -1 / p[index] / len(p)
        return dp

    return form


def _scaled(scale: Callable[[Any], Any]) -> Callable[..., Any]:
    """The right gradient times ``scale(p)``."""
    return lambda p, labels: ops.cross_entropy_backward(p, labels) * scale(p)


CROSS_ENTROPY_BACKWARD = Exercise05(
    points=2,
    reference=ops.cross_entropy_backward,
    cases=_probability_cases,
    returns=("dp",),
    forward=ops.cross_entropy,
    wrong=(
        WrongForm("not-averaged", _scaled(len)),
        WrongForm(
            "not-averaged",
            _scaled(lambda p: -len(p)),
            "{output} is N times too large, where N is the size of the batch, and its sign is wrong.",
            "The loss is minus a mean over the batch.",
        ),
        WrongForm(
            "wrong-axis",
            _scaled(lambda p: p.shape[0] / p.shape[1]),
            "{output} is divided by the number of classes, where the number of examples belongs.",
            "The loss is a mean over the batch, axis 0.",
        ),
        WrongForm(
            "averaged-twice",
            _scaled(lambda p: 1 / p.shape[1]),
            "{output} is divided by the number of classes as well as by the number of examples.",
            "The loss is a mean over the batch. For one example it is a single logarithm.",
        ),
        WrongForm("averaged-twice", _scaled(lambda p: 1 / p.shape[0])),
        WrongForm(
            "wrong-mask",
            _at(lambda labels, p: slice(None)),
            "Every class gets a gradient, not only the labels.",
            "The loss reads one probability of each row. Does it change when another one moves?",
        ),
        *wrong_forms(
            "wrong-mask",
            (_at(lambda labels, p: labels), _at(lambda labels, p: (slice(None), labels))),
            SHARED_LABEL,
            PAIRS,
        ),
        WrongForm(
            "wrong-mask",
            _at(lambda labels, p: (np.arange(len(labels)), labels - 1)),
            "The gradient stands one class beside the label.",
            "Classes are counted from 0.",
        ),
        WrongForm(
            "wrong-mask",
            lambda p, labels: (
                (-one_hot(labels, p.shape[1]) / p + (1 - one_hot(labels, p.shape[1])) / (1 - p)) / len(p)
            ),
            "Classes beside the label get a gradient, as if each class were a yes or no of its own.",
            "The loss reads one probability of each row. Does it change when another one moves?",
        ),
        *wrong_forms(
            "wrong-local-derivative",
            (
                lambda p, labels: (p - one_hot(labels, p.shape[1])) / len(p),
                lambda p, labels: p - one_hot(labels, p.shape[1]),
            ),
            "That is what softmax and cross-entropy give together, by the logits. Here the derivative is by p.",
            "There is no softmax in this loss: differentiate the logarithm.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda p, labels: -np.log(p) * one_hot(labels, p.shape[1]) / len(p),
            "You return the logarithms, not their derivatives.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda p, labels: ops.cross_entropy(p, labels),
            "You return the loss itself.",
        ),
        WrongForm(
            "forgot-chain",
            lambda p, labels: -one_hot(labels, p.shape[1]) / len(p),
            "The derivative of the logarithm is missing: your gradient does not depend on p.",
            "The less likely the right class, the steeper the loss.",
        ),
        WrongForm(
            "value-instead-of-mask",
            _scaled(np.square),
            "The probability stands above the fraction bar.",
            "The less likely the right class, the steeper the loss. What is the derivative of the logarithm?",
        ),
        WrongForm(
            "wrong-shape",
            lambda p, labels: -1 / p[np.arange(len(p)), labels] / len(p),
            "You return one number per example. dp has the shape of p.",
            "Start from zeros of the shape of p and set the entries that the loss reads.",
        ),
        WrongForm(
            "not-averaged",
            lambda p, labels, constant=1e-8: -one_hot(labels, p.shape[1]) / (p + constant),
            "The batch mean is missing, and the small constant below the fraction bar changes the answer.",
            constants=GUARDS,
        ),
        WrongForm(
            "lost-precision",
            lambda p, labels, constant=1e-8: -one_hot(labels, p.shape[1]) / (p + constant) / len(p),
            GUARD_SAYS,
            GUARD_BECAUSE,
            GUARDS,
        ),
    ),
    hints=(
        "Which entries of p does the loss read at all? All others have gradient 0.",
        "For one example, differentiate the logarithm. Then remember that the loss is a mean over the batch.",
    ),
)

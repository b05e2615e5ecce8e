"""Softmax and cross-entropy joined, from logits."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import Exercise05, naive_softmax, one_hot
from backprop_course.exercises.softmax_and_losses._labels import PAIRS, SHARED_LABEL, labelled


def _logit_cases(rng: Generator) -> Iterator[Case]:
    z = np.array([[0.0, 0.0], [np.log(3.0), 0.0]])
    yield Case("two examples, with probabilities 1/2, 1/2 and 3/4, 1/4", (z, np.array([0, 1])))
    yield from labelled(rng, lambda z: z)
    extreme = np.array([[1e4, 0.0, -1e4], [1e4, 0.0, -1e4], [-1e4, -1e4, 2 - 1e4]])
    yield Case("logits of size 10,000, with right and wrong labels", (extreme, np.array([0, 2, 1])))
    yield Case("logits as integers", (np.array([[2, -1, 0], [1, 1, 3]]), np.array([1, 2])))


def _joined(slug: str, change: Callable[[Any, Any], Any], says: str = "", because: str = "") -> WrongForm:
    """A wrong answer ``change(p, Y)`` of the probabilities and the one-hot labels."""
    return WrongForm(
        slug, lambda z, labels: change(ops.softmax(z), one_hot(labels, np.shape(z)[1])), says, because
    )


def _shifted_by(index: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """Subtract 1 at the entries that ``index(labels)`` picks, then average."""

    def change(p: Any, Y: Any) -> Any:
        dz = np.array(p)
        dz[index(Y.argmax(axis=1))] -= 1
        return dz / len(p)

    return change


SOFTMAX_CROSS_ENTROPY_BACKWARD = Exercise05(
    points=3,
    reference=ops.softmax_cross_entropy_backward,
    cases=_logit_cases,
    returns=("dz",),
    forward=ops.softmax_cross_entropy,
    wrong=(
        WrongForm(
            "not-finite",
            lambda z, labels: (naive_softmax(z) - one_hot(labels, np.shape(z)[1])) / len(z),
            "For large logits your answer is nan: the exponential overflows in the softmax.",
            "You have written a softmax that survives logits of 10,000. Use it here.",
        ),
        _joined("not-averaged", lambda p, Y: p - Y),
        _joined(
            "not-averaged",
            lambda p, Y: p / len(p) - Y,
            "The probabilities are averaged over the batch, and the 1 of the label is not.",
            "The mean is over the loss of each example, so all of its gradient is divided.",
        ),
        _joined(
            "wrong-sign",
            lambda p, Y: Y - p,
            "The sign is wrong, and the batch mean is missing.",
            "If the right class is too unlikely, the loss shrinks when its logit grows.",
        ),
        _joined(
            "averaged-twice",
            lambda p, Y: (p - Y) / p.size,
            "{output} is divided by the number of classes as well as by the number of examples.",
            "The loss is a mean over the batch. The classes of one example are not averaged.",
        ),
        _joined("averaged-twice", lambda p, Y: (p - Y) / len(p) ** 2),
        _joined(
            "wrong-axis",
            lambda p, Y: (p - Y) / p.shape[1],
            "{output} is divided by the number of classes, where the number of examples belongs.",
            "The loss is a mean over the batch, axis 0.",
        ),
        _joined(
            "dropped-path",
            lambda p, Y: p / len(p),
            "The label does not occur in {output}.",
            "The logit of the right class is in the loss twice: by itself, and in the sum of exponentials.",
        ),
        _joined(
            "dropped-path",
            lambda p, Y: -Y / len(p),
            "Only the logit of the right class gets a gradient.",
            "All logits are in the sum of exponentials.",
        ),
        # before the next one, which gives the same where the right class has a probability above 0
        _joined(
            "diagonal-jacobian",
            lambda p, Y: -Y / p * p * (1 - p) / len(p),
            "The softmax is treated as if each class stood by itself.",
            "When the right logit grows, the other probabilities shrink, so wrong classes get a gradient as well.",
        ),
        _joined(
            "dropped-path",
            lambda p, Y: (p - Y) * Y / len(p),
            "Only the right class gets a gradient.",
            "All logits are in the sum of exponentials. What should happen to the logit of a wrong class?",
        ),
        _joined(
            "wrong-local-derivative",
            lambda p, Y: (p - Y) * p * (1 - p) / len(p),
            "A slope of the sigmoid has been multiplied on top.",
            "Softmax and cross-entropy are differentiated together here. Nothing more is to be multiplied.",
        ),
        _joined(
            "wrong-mask",
            _shifted_by(lambda labels: labels),
            "The 1 is taken off whole rows. " + SHARED_LABEL,
            PAIRS,
        ),
        _joined("wrong-mask", _shifted_by(lambda labels: (slice(None), labels)), SHARED_LABEL, PAIRS),
        _joined(
            "wrong-mask",
            _shifted_by(lambda labels: (np.arange(len(labels)), labels - 1)),
            "The 1 is taken off one class beside the label.",
            "Classes are counted from 0.",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, labels: (z - one_hot(labels, np.shape(z)[1])) / len(z),
            "The logits are used as if they were probabilities.",
            "The rows of {output} should add up to 0.",
        ),
        *wrong_forms(
            "wrong-variable",
            (
                lambda z, labels: (ops.softmax(z) - labels) / len(z),
                lambda z, labels: (ops.softmax(z) - labels[:, None]) / len(z),
                lambda z, labels: ops.softmax(z) - labels[:, None],
            ),
            "The class numbers are used as if they were amounts.",
            "A label says which class is right. Class 2 is not twice class 1.",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, labels: (ops.log_softmax(z) - one_hot(labels, np.shape(z)[1])) / len(z),
            "Logarithms of probabilities are used where probabilities belong.",
            "The rows of {output} should add up to 0.",
        ),
        WrongForm(
            "raised-error",
            lambda z, labels: (ops.softmax(z) - one_hot(labels, max(labels) + 1)) / len(z),
            "Your one-hot rows are as long as the largest label asks for. A batch need not contain the last class.",
            "The number of classes is the number of columns of z.",
        ),
        _joined(
            "wrong-local-derivative",
            lambda p, Y: (p + Y) / len(p),
            "The 1 of the label is added where it should be taken off.",
            "Should the logit of the right class have a positive or a negative gradient?",
        ),
        _joined(
            "wrong-variable",
            lambda p, Y: (ops.softmax(p) - Y) / len(p),
            "The softmax is applied twice.",
            "z holds logits. How many times does the loss take a softmax of them?",
        ),
        WrongForm(
            "wrong-axis",
            lambda z, labels: (ops.softmax(np.transpose(z)).T - one_hot(labels, np.shape(z)[1])) / len(z),
            "Your softmax normalises down the columns: over the examples.",
            "Each row is one example. Its probabilities should add up to 1.",
        ),
        *wrong_forms(
            "wrong-axis",
            [
                lambda z, labels, shift=shift: (
                    (np.exp(z - shift(z)) / np.exp(z - shift(z)).sum() - one_hot(labels, np.shape(z)[1]))
                    / len(z)
                )
                for shift in (np.max, lambda z: np.max(z, axis=1, keepdims=True))
            ],
            "Your softmax divides by the sum over the whole batch.",
            "Each row is one example. Its probabilities should add up to 1.",
        ),
        _joined(
            "forgot-chain",
            lambda p, Y: -Y / p / len(p),
            "You stop at the probabilities. The question is for the gradient by the logits.",
            "Between the loss and the logits there is still the softmax.",
        ),
        _joined("forward-instead-of-backward", lambda p, Y: p, "You return the probabilities."),
    ),
    hints=(
        "For one example, write the loss as the log-sum-exp of the row minus one logit, and differentiate the two.",
        "Two terms: one for all classes, one for the label alone. Each row adds up to 0, and the loss is a mean.",
    ),
)

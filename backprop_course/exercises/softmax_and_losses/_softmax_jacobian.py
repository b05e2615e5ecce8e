"""Jacobian of the softmax, from its output."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.softmax_and_losses._assignment import Exercise05, probabilities


def _jacobian_cases(rng: Generator) -> Iterator[Case]:
    yield Case("three classes to follow by hand", (np.array([0.5, 0.3, 0.2]),))
    for C in (2, 5, 1):
        yield Case(f"{C} classes" if C > 1 else "one class, which is certain", (probabilities(rng, C),))
    yield Case("nearly certain", (ops.softmax(np.array([0.0, 12.0, -12.0])),))
    yield views(probabilities(rng, 4))
    yield Case("a float32 array", (probabilities(rng, 4).astype(np.float32),))
    yield Case("a certain answer as integers", (np.array([0, 1, 0]),))


SOFTMAX_JACOBIAN = Exercise05(
    points=2,
    reference=ops.softmax_jacobian,
    cases=_jacobian_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "diagonal-jacobian",
            lambda y: np.diag(y * (1 - y)),
            "Off the diagonal your Jacobian is zero.",
            "When one logit grows, what happens to the probabilities of the others?",
        ),
        WrongForm(
            "diagonal-jacobian",
            lambda y: y * (1 - y),
            "You return the diagonal alone: how each probability changes with its own logit.",
            "When one logit grows, what happens to the probabilities of the others?",
        ),
        WrongForm(
            "dropped-path",
            lambda y: np.diag(y) * 1.0,
            "A logit is in the exponential above the fraction bar and in the sum below it. The second way is missing.",
            "When one logit grows, what happens to the probabilities of the others?",
        ),
        WrongForm(
            "dropped-path",
            lambda y: -np.outer(y, y),
            "A logit is in the exponential above the fraction bar and in the sum below it. The first way is missing.",
            "Should a probability grow or shrink when its own logit grows?",
        ),
        WrongForm(
            "dropped-path",
            lambda y: -np.outer(y, y) * (1 - np.eye(len(y))),
            "The diagonal is zero.",
            "Should a probability stay, grow or shrink when its own logit grows?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y: np.where(np.eye(len(y)) == 1, 1, -1) * np.outer(y, 1 - y),
            "Off the diagonal, the right signs stand before the wrong products.",
            "The share that class i loses to class j depends on both shares alike. Is your matrix symmetric?",
        ),
        WrongForm(
            "wrong-sign",
            lambda y: np.diag(y) + np.outer(y, y),
            "The products of the shares are added, and they belong subtracted.",
            "The probabilities add up to 1. What must the entries of a column add up to?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y: np.outer(y, 1 - y),
            "Every entry has the form that is right on the diagonal.",
            "When one logit grows, do the probabilities of the others grow or shrink?",
        ),
        WrongForm(
            "wrong-sign",
            lambda y: np.diag(y * (1 - y)) + np.outer(y, y) * (1 - np.eye(len(y))),
            "Off the diagonal the signs are wrong.",
            "The probabilities add up to 1. What must the entries of a column add up to?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y: np.eye(len(y)) - y,
            "One factor is missing: that is the Jacobian of the logarithm of the softmax.",
            "A class with probability 0 keeps it when the logits move a little. What should its row be?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y: np.diag(y) - y * y,
            "The squares of y are taken off in every row.",
            "Which pairs of entries of y belong to the entry in row i and column j?",
        ),
        WrongForm(
            "matrix-product-for-elementwise",
            lambda y: np.diag(y) - np.dot(y, y),
            "The same number is taken off everywhere: the product of y with itself became a single number.",
            "Which pairs of entries of y belong to the entry in row i and column j?",
        ),
        WrongForm(
            "wrong-variable",
            lambda y: ops.softmax_jacobian(ops.softmax(y)),
            "The softmax is applied once more to y, which already is its output.",
        ),
    ),
    hints=(
        "Differentiate by a logit twice: once for its own class, once for another. They give diagonal and off-diagonal.",
        "Every column adds up to 0, as the probabilities always add up to 1. The matrix is symmetric.",
    ),
)

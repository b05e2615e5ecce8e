"""Squared error and Kullback-Leibler divergence."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import (
    GUARD_BECAUSE,
    GUARD_SAYS,
    GUARDS,
    Exercise05,
    probabilities,
)


def _error_cases(rng: Generator) -> Iterator[Case]:
    yield Case("two entries to follow by hand", (np.array([3.0, 1.0]), np.array([1.0, 5.0])))
    for shape in ((4,), (2, 3), (3, 3), (1, 4), (2, 2, 3)):
        yield Case(f"arrays of shape {shape}", (normal(rng, *shape), normal(rng, *shape)))
    f = normal(rng, 3)
    yield Case("outputs that hit their targets", (f, f.copy()))
    yield Case("large values that nearly agree", (1e4 + f, 1e4 + normal(rng, 3)))
    yield views(normal(rng, 3, 2), normal(rng, 3, 2))
    yield Case("float32 arrays", (normal(rng, 2, 3).astype(np.float32), normal(rng, 2, 3).astype(np.float32)))
    yield Case("float outputs and integer targets", (np.array([0.5, -1.25, 3.75]), np.array([1, -1, 2])))
    yield Case("arrays of integers", (np.array([4, -1, 2]), np.array([1, 3, 2])))


def _both(change: Any) -> Any:
    """Wrong gradients made of the right ones: ``change(f - y)`` and the same of ``y - f``."""

    def form(f: Any, y: Any) -> Any:
        df = np.subtract(f, y)
        return change(df), change(-df)

    return form


SQUARED_ERROR_BACKWARD = Exercise05(
    points=1,
    reference=ops.squared_error_backward,
    cases=_error_cases,
    returns=("df", "dy"),
    forward=ops.squared_error,
    wrong=(
        WrongForm(
            "constant-factor",
            _both(lambda d: 2 * d),
            "{output} is twice the right one: the factor 1/2 of the loss is lost.",
            "The 1/2 is there to meet the 2 of the square. What is left of the two?",
        ),
        WrongForm(
            "constant-factor",
            _both(lambda d: d / 2),
            "{output} is half the right one: the factor 1/2 is kept and the square's 2 is lost.",
            "Differentiate the square, then multiply by the 1/2 in front.",
        ),
        *wrong_forms(
            "averaged-not-summed",
            [_both(mean) for mean in (lambda d: d / d.size, lambda d: d / len(d), lambda d: 2 * d / d.size)],
            "{output} is divided by a number of entries. This loss is a sum.",
            "Look at the definition of the loss: is there a mean in it?",
        ),
        WrongForm(
            "dropped-path",
            _both(lambda d: np.zeros(d.shape)),
            "{output} is zero: one of the arguments is treated as a constant.",
            "Here both arguments are inputs of the loss, and it changes when either of them moves.",
        ),
        WrongForm(
            "wrong-sign",
            lambda f, y: (np.subtract(f, y),) * 2,
            "{output} has the wrong sign: it is what df should be.",
            "When the target moves towards the output, the loss shrinks.",
        ),
        WrongForm(
            "wrong-sign",
            lambda f, y: (np.subtract(y, f),) * 2,
            "{output} has the wrong sign: the difference is taken the wrong way round.",
            "Where an output is too large, the loss grows when that output grows.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            _both(lambda d: d**2 / 2),
            "{output} holds the terms of the loss, not their slopes.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            _both(np.square),
            "{output} holds squares: the terms of the loss, not their slopes.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _both(np.abs),
            "{output} has lost its signs.",
            "Does the loss grow or shrink when an output that is too small grows?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _both(np.sign),
            "{output} holds signs alone. That is the slope of the absolute error.",
            "A square is steeper far from its minimum.",
        ),
        WrongForm(
            "wrong-shape",
            _both(np.sum),
            "{output} is one number. Each entry has a gradient of its own.",
            "The loss adds up the entries; its derivative by one entry sees one term only.",
        ),
        WrongForm(
            "dropped-path",
            lambda f, y: (f, y),
            "{output} contains one of the two arguments only.",
            "Where is the loss smallest? Both gradients are zero there.",
        ),
    ),
    hints=(
        "Differentiate the term of one entry, first by the output, then by the target.",
        "The two gradients differ in one thing only, since the loss depends on the difference alone.",
    ),
)


def _kl_cases(rng: Generator) -> Iterator[Case]:
    yield Case("three classes to follow by hand", (np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5])))
    for shape in ((5,), (2, 3), (3, 3), (1, 4), (2, 2, 3)):
        yield Case(f"rows of shape {shape}", (probabilities(rng, *shape), probabilities(rng, *shape)))
    y = probabilities(rng, 4)
    yield Case("distributions that agree", (y, y.copy()))
    yield Case("a target with a class that never occurs", (probabilities(rng, 3), np.array([0.0, 0.4, 0.6])))
    yield Case("a small probability", (np.array([1e-5, 0.5, 0.49999]), np.array([0.5, 0.25, 0.25])))
    yield Case(
        "targets that are certain, as integers", (probabilities(rng, 2, 3), np.array([[0, 1, 0], [1, 0, 0]]))
    )
    yield views(probabilities(rng, 2, 3), probabilities(rng, 2, 3))
    yield Case(
        "float32 arrays",
        (probabilities(rng, 2, 3).astype(np.float32), probabilities(rng, 2, 3).astype(np.float32)),
    )


KL_DIVERGENCE_BACKWARD = Exercise05(
    points=1,
    reference=ops.kl_divergence_backward,
    cases=_kl_cases,
    returns=("dy",),
    forward=ops.kl_divergence,
    wrong=(
        WrongForm(
            "forward-instead-of-backward",
            lambda y, d: d * np.log(np.divide(d, y)),
            "You return the terms of the divergence, not their derivatives.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda y, d: ops.kl_divergence(y, d),
            "You return the divergence itself.",
        ),
        WrongForm(
            "wrong-variable",
            lambda y, d: np.log(np.divide(d, y)) + 1,
            "You differentiate by d, the target. The question is for the derivative by y.",
            "In each term, which of the places hold y? Treat the others as constants.",
        ),
        *wrong_forms(
            "forgot-chain",
            (
                lambda y, d: np.log(np.divide(d, y)),
                lambda y, d: np.log(np.divide(y, d)),
                lambda y, d: -d * np.log(y),
            ),
            "The logarithm is still there: it is not differentiated.",
            "What is the slope of the logarithm?",
        ),
        WrongForm(
            "unused-parameter",
            lambda y, d: -1 / y,
            "The weight d of each term is missing.",
            "The logarithm stands behind a factor. It stays when you differentiate.",
        ),
        WrongForm(
            "forgot-chain",
            lambda y, d: -d,
            "The derivative of the logarithm is missing.",
            "Half a small probability costs as much as half a large one. Is your slope steeper for small y?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y, d: -d / y**2,
            "y enters once too often.",
            "The logarithm of a quotient is a difference of logarithms. Differentiate it in that form.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y, d: np.subtract(y, d),
            "That is what softmax and cross-entropy give together, by the logits. Here the derivative is by y.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda y, d: -np.divide(d, y) + (1 - d) / (1 - y),
            "A second term is there that belongs to the two classes of a sigmoid output.",
            "Differentiate the sum as it stands: each entry of y occurs in one term.",
        ),
        WrongForm(
            "swapped-inputs",
            lambda y, d: -np.divide(y, d),
            "y and d have changed places.",
            "Which of the two does the logarithm divide by?",
        ),
        WrongForm(
            "wrong-shape",
            lambda y, d: -np.sum(np.divide(d, y)),
            "You return one number. Each entry of y has a gradient of its own.",
            "The divergence adds up the entries; its derivative by one entry sees one term only.",
        ),
        WrongForm(
            "wrong-type",
            lambda y, d: (-np.divide(d, y), np.log(np.divide(d, y)) + 1),
            "You return two gradients. Only the one by y is asked for.",
            "The target d is given; nothing learns from its gradient.",
        ),
        *wrong_forms(
            "averaged-not-summed",
            (lambda y, d: -np.divide(d, y) / len(y), lambda y, d: -np.divide(d, y) / np.size(y)),
            "Your gradient is divided by a number of entries. This divergence is a sum.",
            "Look at the definition: is there a mean in it?",
        ),
        WrongForm(
            "integer-truncation",
            lambda y, d: np.asarray(ops.kl_divergence_backward(y, d)).astype(d.dtype),
            "Where the targets are integers, your gradient is cut to whole numbers.",
            "An array made like d has the type of d. Ask for floats.",
        ),
        WrongForm(
            "lost-precision",
            lambda y, d, constant=1e-8: -d / (y + constant),
            GUARD_SAYS,
            GUARD_BECAUSE,
            GUARDS,
        ),
    ),
    hints=(
        "Split the logarithm of the quotient into two. Only one of them contains y.",
        "Each entry of y occurs in a single term of the sum. What is the slope of the logarithm there?",
    ),
)

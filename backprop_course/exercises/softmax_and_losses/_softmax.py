"""Softmax and its logarithm: the forward passes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import GUARDS, ROWS, Exercise05, naive_softmax


def _logit_cases(rng: Generator) -> Iterator[Case]:
    yield Case("logits whose exponentials are 1, 2 and 5", (np.log([1.0, 2.0, 5.0]),))
    for shape in ROWS:
        yield Case("a batch of one" if shape[0] == 1 else f"logits of shape {shape}", (normal(rng, *shape),))
    yield Case("equal logits", (np.full((2, 4), 0.7),))
    yield Case("very large logits", (np.array([[1e4, 1e4 - 1, 1e4 - 2], [1e4, -1e4, 0.0]]),))
    yield Case("very small logits", (np.array([-1e4, -1e4 + 1, -1e4 + 3]),))
    yield Case("rows of very different size", (np.array([[1e4, 1e4 - 2], [-1e4, -1e4 + 1], [0.0, 1.0]]),))
    yield views(normal(rng, 3, 4))
    yield Case("float32 arrays", (normal(rng, 2, 3).astype(np.float32),))
    yield Case("float32 logits whose exponentials overflow", (np.array([[100.0, 101.0, 99.0]], np.float32),))
    yield Case("an array of integers", (np.array([[1, 3, 2], [0, 0, 7]]),))


def _row_max(z: Any) -> Any:
    return np.max(z, axis=-1, keepdims=True)


# What students subtract before they take exponentials; the first is right.
SHIFTS = (_row_max, np.max, lambda z: 0.0)


def _normalised(sum_of: Any, shift: Any) -> Any:
    """A softmax that subtracts ``shift(z)`` and divides by ``sum_of(exponentials)``."""

    def form(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / sum_of(e)

    return form


def _log_normalised(sum_of: Any, shift: Any) -> Any:
    """As `_normalised`, for the logarithm."""

    def form(z: Any) -> Any:
        shifted = z - shift(z)
        return shifted - np.log(sum_of(np.exp(shifted)))

    return form


def _row_sum(e: Any) -> Any:
    return e.sum(axis=-1, keepdims=True)


SOFTMAX = Exercise05(
    points=2,
    reference=ops.softmax,
    cases=_logit_cases,
    returns=("y",),
    wrong=(
        WrongForm(
            "not-finite",
            naive_softmax,
            "For large logits your answer is nan: the exponential overflows to infinity.",
            "A constant that is added to every logit of a row does not change the answer. Which constant is safe?",
        ),
        WrongForm(
            "not-finite",
            _normalised(_row_sum, np.max),
            "In a row far below the largest logit of the batch all exponentials are 0, and 0/0 is nan.",
            "Each row needs a shift of its own.",
        ),
        *wrong_forms(
            "wrong-axis",
            [_normalised(lambda e: e.sum(axis=0), shift) for shift in (_row_max, np.max)],
            "You normalise down the columns: the examples of a batch share out one probability.",
            "Each row is one example. Its probabilities should add up to 1.",
        ),
        *wrong_forms(
            "wrong-axis",
            [_normalised(np.sum, shift) for shift in (_row_max, np.max)],
            "You divide by the sum over the whole batch.",
            "Each row is one example. Its probabilities should add up to 1.",
        ),
        *wrong_forms(
            "wrong-axis",
            [_normalised(lambda e: e.sum(axis=-1), shift) for shift in (_row_max, np.max)],
            "The sums of the rows are divided into the wrong axis, where the shapes let them.",
            "A sum has lost its axis. What shape must it have to divide each row by its own sum?",
        ),
        WrongForm(
            "wrong-axis",
            lambda z: naive_softmax(z - np.max(z, axis=-1)),
            "The maxima of the rows are subtracted along the wrong axis, where the shapes let them.",
            "A maximum has lost its axis. What shape must it have to shift each row by its own maximum?",
        ),
        *wrong_forms(
            "wrong-value",
            [_normalised(lambda e: 1.0, shift) for shift in SHIFTS],
            "You return exponentials. The rows do not add up to 1.",
            "What turns positive numbers into shares of a whole?",
        ),
        WrongForm(
            "averaged-not-summed",
            _normalised(lambda e: e.mean(axis=-1, keepdims=True), _row_max),
            "You divide by the mean of the exponentials: the rows add up to the number of classes.",
            "The probabilities of a row should add up to 1.",
        ),
        WrongForm(
            "not-finite",
            lambda z: np.exp(z - np.log(_row_sum(np.exp(z)))),
            "For large logits the exponentials inside the logarithm overflow, and the probabilities become 0.",
            "A constant that is added to every logit of a row does not change the answer. Which constant is safe?",
        ),
        WrongForm(
            "wrong-value",
            ops.sigmoid,
            "That is the sigmoid: each entry is treated by itself.",
            "The probabilities of a row compete: each of them depends on all logits of the row.",
        ),
        WrongForm(
            "wrong-sign",
            lambda z: ops.softmax(-z),
            "The smallest logit gets the largest probability: a sign is the wrong way round.",
            "Subtract the maximum from the logits, not the logits from the maximum.",
        ),
        WrongForm(
            "wrong-value",
            lambda z: z / _row_sum(z),
            "You divide the logits by their sum. A logit can be negative, a probability can't.",
            "Something has to make the logits positive first.",
        ),
        *(
            WrongForm(
                "lost-precision",
                lambda z, constant=1e-8, shift=shift: _normalised(lambda e: _row_sum(e) + constant, shift)(z),
                "The small constant that you add below the fraction bar, about {constant}, changes the answer.",
                "After the shift, one of the exponentials is 1. Can their sum be 0?",
                GUARDS,
            )
            for shift in (_row_max, np.max)
        ),
        WrongForm("wrong-value", ops.log_softmax, "You return the logarithm of the softmax."),
    ),
    hints=(
        "Three steps: shift, exponential, share. Each of them works along the last axis.",
        "At 1e4 the exponential overflows. Shift each row so that its largest exponent is 0, and keep the axis of the sum.",
    ),
)

LOG_SOFTMAX = Exercise05(
    points=2,
    reference=ops.log_softmax,
    cases=_logit_cases,
    returns=("y",),
    wrong=(
        *wrong_forms(
            "not-finite",
            [lambda z, f=f: np.log(f(z)) for f in (ops.softmax, _normalised(_row_sum, np.max))],
            "For large differences of logits you take the logarithm of 0: the probability is too small for a float.",
            "The logarithm of a quotient is a difference. Take it before the numbers become too small.",
        ),
        WrongForm(
            "not-finite",
            _log_normalised(_row_sum, lambda z: 0.0),
            "For large logits your answer is not finite: the exponential overflows inside the logarithm.",
            "A constant that is added to every logit of a row does not change the answer. Which constant is safe?",
        ),
        WrongForm(
            "not-finite",
            _log_normalised(_row_sum, np.max),
            "In a row far below the largest logit of the batch all exponentials are 0, and so is their sum.",
            "Each row needs a shift of its own.",
        ),
        WrongForm(
            "dropped-path",
            lambda z: z - _row_max(z) - np.log(_row_sum(np.exp(z))),
            "The shift is subtracted outside the logarithm only, so the answer is off by the shift.",
            "Whatever you subtract in one place has to be made good in the other.",
        ),
        *wrong_forms(
            "wrong-value",
            [
                lambda z, shift=shift: z - np.log(_row_sum(np.exp(z - shift(z))))
                for shift in (_row_max, np.max)
            ],
            "The shift is subtracted inside the exponential only, so the answer is off by the shift.",
            "Whatever you subtract in one place has to be made good in the other.",
        ),
        WrongForm(
            "lost-precision",
            lambda z, constant=1e-8: np.log(ops.softmax(z) + constant),
            "The small constant that you add inside the logarithm, about {constant}, changes the answer.",
            "The logarithm of a quotient is a difference. Then there is no 0 to be guarded against.",
            GUARDS,
        ),
        *wrong_forms(
            "wrong-axis",
            [_log_normalised(lambda e: e.sum(axis=0), shift) for shift in (_row_max, np.max)],
            "The exponentials are added down the columns: over the examples, not over the classes.",
            "Each row is one example. The exponentials of its answer should add up to 1.",
        ),
        *wrong_forms(
            "wrong-axis",
            [_log_normalised(np.sum, shift) for shift in (_row_max, np.max)],
            "The exponentials are added over the whole batch.",
            "Each row is one example. The exponentials of its answer should add up to 1.",
        ),
        *wrong_forms(
            "wrong-axis",
            [_log_normalised(lambda e: e.sum(axis=-1), shift) for shift in SHIFTS],
            "The sums of the rows are subtracted along the wrong axis, where the shapes let them.",
            "A sum has lost its axis. What shape must it have to be taken off its own row?",
        ),
        WrongForm(
            "wrong-value",
            lambda z: z - _row_max(z) - _row_sum(np.exp(z - _row_max(z))),
            "The sum of exponentials is taken off without its logarithm.",
            "Take the logarithm of the fraction by hand: what becomes of the part below the bar?",
        ),
        WrongForm(
            "wrong-value",
            lambda z: z - _row_max(z) + np.log(_row_sum(np.exp(z - _row_max(z)))),
            "The logarithm of the sum is added where it should be taken off.",
            "No logarithm of a probability is positive.",
        ),
        WrongForm(
            "dropped-path",
            lambda z: z - _row_max(z),
            "You subtract the maximum and stop there.",
            "The logarithm of the sum is close to the maximum, and equal to it only for one class.",
        ),
        WrongForm("wrong-value", ops.softmax, "You return the softmax. Its logarithm is asked for."),
    ),
    hints=(
        "Take the logarithm of the formula of the softmax by hand. It turns the fraction into a difference.",
        "Shift each row by its maximum first, everywhere: then the sum of exponentials lies between 1 and C.",
    ),
)

"""Backward passes of the softmax and of its logarithm, from their outputs."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.softmax_and_losses._assignment import ROWS, Exercise05


def _output_cases(rng: Generator, of: Callable[[Any], Any], by_hand: Any, certain: Any) -> Iterator[Case]:
    """Cases of ``backward(dy, y)`` with y = of(logits)."""
    yield Case("three classes to follow by hand", (np.array([4.0, 0.0, 2.0]), by_hand))
    for shape in ROWS:
        why = "a batch of one" if shape[0] == 1 else f"rows of shape {shape}"
        yield Case(why, (normal(rng, *shape), of(normal(rng, *shape))))
    yield Case("the same dy for all classes of a row", (np.full((2, 3), 2.5), of(normal(rng, 2, 3))))
    yield Case("nearly certain", (normal(rng, 2, 3), of(np.array([[0.0, 12.0, -12.0], [30.0, 0.0, 1.0]]))))
    yield views(normal(rng, 3, 4), of(normal(rng, 3, 4)))
    yield Case(
        "float32 arrays", (normal(rng, 2, 3).astype(np.float32), of(normal(rng, 2, 3)).astype(np.float32))
    )
    yield Case("certain rows as integers", (np.array([[3.5, -2.25], [0.5, 1.25]]), certain))


def _softmax_cases(rng: Generator) -> Iterator[Case]:
    return _output_cases(rng, ops.softmax, np.array([0.5, 0.25, 0.25]), np.array([[0, 1], [1, 0]]))


def _log_softmax_cases(rng: Generator) -> Iterator[Case]:
    return _output_cases(rng, ops.log_softmax, np.log([0.5, 0.25, 0.25]), np.array([[-900, 0], [0, -800]]))


def _row_sum(a: Any) -> Any:
    return np.sum(a, axis=-1, keepdims=True)


def _overwritten(dy: Any, y: Any) -> Any:
    """The double loop over outputs and inputs, with ``=`` inside: only the last output is left."""
    delta = np.eye(y.shape[-1])[-1]
    return dy[..., -1:] * y[..., -1:] * (delta - y)


SOFTMAX_BACKWARD = Exercise05(
    points=3,
    reference=ops.softmax_backward,
    cases=_softmax_cases,
    returns=("dz",),
    wrong=(
        WrongForm(
            "diagonal-jacobian",
            lambda dy, y: dy * y * (1 - y),
            "You treat every class by itself, as if the softmax were a sigmoid.",
            "When one logit grows, the other probabilities shrink. Their upstream gradients belong into the answer.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, y: dy * y,
            "A logit is in the exponential above the fraction bar and in the sum below it. The second way is missing.",
            "Add up a row of your answer. A constant added to all logits changes nothing, so it should be 0.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, y: -y * _row_sum(np.multiply(dy, y)),
            "A logit is in the exponential above the fraction bar and in the sum below it. The first way is missing.",
            "Add up a row of your answer. A constant added to all logits changes nothing, so it should be 0.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, y: y * (1 - y),
            "Your answer does not depend on dy, and it treats every class by itself.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: y * (dy - np.sum(np.multiply(dy, y), axis=0)),
            "Your sum runs over the batch, not over the classes.",
            "Axis 0 is the batch. One example must not feel the upstream gradient of another.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: y * (dy - np.sum(np.multiply(dy, y))),
            "Your sum runs over the whole batch.",
            "One example must not feel the upstream gradient of another.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: y * (dy - np.sum(np.multiply(dy, y), axis=-1)),
            "The sums of the rows are subtracted along the wrong axis, where the shapes let them.",
            "A sum has lost its axis. What shape must it have to be taken off its own row?",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, y: y * (dy - np.mean(np.multiply(dy, y), axis=-1, keepdims=True)),
            "The term that all classes share is an average, not a sum.",
            "The gradients of all outputs reach a logit, and gradients of paths add.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: y * (dy - np.mean(dy, axis=-1, keepdims=True)),
            "The average that you take off counts every class alike.",
            "How much should the upstream gradient of a class count that has almost no probability?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: y * (dy - _row_sum(dy)),
            "The sum that you take off does not weight the upstream gradients.",
            "Each output passes its gradient on through the row of its own derivatives. What is in that row?",
        ),
        WrongForm(
            "wrong-sign",
            lambda dy, y: y * (dy + _row_sum(np.multiply(dy, y))),
            "The sum is added where it should be taken off.",
            "Add up a row of your answer. A constant added to all logits changes nothing, so it should be 0.",
        ),
        WrongForm(
            "forgot-chain",
            lambda dy, y: dy - _row_sum(np.multiply(dy, y)),
            "The factor in front is missing: a class of probability 0 gets a gradient.",
            "How much can a probability change when it is almost 0?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy - y * _row_sum(np.multiply(dy, y)),
            "The factor in front reaches only one of the two terms.",
            "How much can a probability change when it is almost 0?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: np.multiply(dy, y) - _row_sum(np.multiply(dy, y)),
            "The factor in front reaches only the first of the two terms.",
            "How much can a probability change when it is almost 0?",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, y: dy - y,
            "y is taken off dy. That would be a step of the softmax joined with the cross-entropy, which is not here.",
            "This function knows nothing of a loss: its gradient is linear in dy.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, y: ops.softmax_backward(dy, ops.softmax(y)),
            "The softmax is applied once more to y, which already is its output.",
        ),
        WrongForm(
            "overwritten-gradient",
            _overwritten,
            "Only the last output's contribution is left in each entry.",
            "Every output adds to every logit: look for `=` where `+=` belongs.",
        ),
        WrongForm(
            "forgot-chain",
            lambda dy, y: dy,
            "You pass dy on unchanged. The derivative of the softmax is missing.",
        ),
        WrongForm("forward-instead-of-backward", lambda dy, y: y, "You return the probabilities themselves."),
    ),
    hints=(
        "Write the Jacobian for one row, multiply dy into it, and see which part of the result is the same for all j.",
        "One number per row collects what all outputs send back. Add up a row of your dz: it should be 0.",
    ),
)

LOG_SOFTMAX_BACKWARD = Exercise05(
    points=3,
    reference=ops.log_softmax_backward,
    cases=_log_softmax_cases,
    returns=("dz",),
    wrong=(
        WrongForm(
            "wrong-variable",
            lambda dy, y: dy - y * _row_sum(dy),
            "y is used as if it were the probability. It is the logarithm of one.",
            "Look at the sign of y: no probability is negative. How do you get back to it?",
        ),
        WrongForm(
            "diagonal-jacobian",
            lambda dy, y: dy * (1 - np.exp(y)),
            "You treat every class by itself.",
            "The sum inside the logarithm contains all logits, so every output depends on every logit of its row.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, y: dy,
            "You pass dy on unchanged: the way through the logarithm of the sum is missing.",
            "Add up a row of your answer. A constant added to all logits changes nothing, so it should be 0.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, y: -np.exp(y) * _row_sum(dy),
            "Only the way through the logarithm of the sum is left.",
            "Each output contains its own logit as well, outside the logarithm.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: dy - np.exp(y) * np.sum(dy, axis=0),
            "Your sum runs over the batch, not over the classes.",
            "Axis 0 is the batch. One example must not feel the upstream gradient of another.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: dy - np.exp(y) * np.sum(dy),
            "Your sum runs over the whole batch.",
            "One example must not feel the upstream gradient of another.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, y: dy - np.exp(y) * np.sum(dy, axis=-1),
            "The sums of the rows are multiplied along the wrong axis, where the shapes let them.",
            "A sum has lost its axis. What shape must it have to meet its own row?",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, y: dy - np.exp(y) * np.mean(dy, axis=-1, keepdims=True),
            "The term that all classes share is an average, not a sum.",
            "The gradients of all outputs reach a logit, and gradients of paths add.",
        ),
        WrongForm(
            "forgot-chain",
            lambda dy, y: dy - _row_sum(dy),
            "The slope of the logarithm of the sum is missing: all classes share it alike.",
            "By how much does the log-sum-exp grow when one logit grows? It depends on how likely that class is.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy - np.exp(y) * _row_sum(dy * np.exp(y)),
            "The upstream gradients are weighted with the probabilities inside the sum. That belongs to the softmax.",
            "Every output contains the same logarithm of the sum, all with the same weight.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: np.exp(y) * (dy - _row_sum(dy * np.exp(y))),
            "That is the backward pass of the softmax, without the logarithm.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy + np.exp(y) * _row_sum(dy),
            "The term that all classes share is added where it should be taken off.",
            "Add up a row of your answer. A constant added to all logits changes nothing, so it should be 0.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, y: dy - np.exp(y),
            "The part that belongs to the logarithm of the sum does not depend on dy.",
            "That is right only where the entries of dy add up to 1. Double dy: does your answer double?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy + np.exp(y),
            "The part that belongs to the logarithm of the sum does not depend on dy, and its sign is wrong.",
            "Double dy: does your answer double?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy * np.exp(-np.asarray(y, np.float64)),
            "dy is divided by the probability: that is the derivative of the logarithm alone.",
            "Behind the logarithm there is still the softmax. Or differentiate the difference that log_softmax is.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, y: 1 - np.exp(y),
            "Your answer does not depend on dy, and it treats every class by itself.",
        ),
        WrongForm(
            "overwritten-gradient",
            lambda dy, y: dy[..., -1:] * (np.eye(np.shape(y)[-1])[-1] - np.exp(y)),
            "Only the last output's contribution is left in each entry.",
            "Every output adds to every logit: look for `=` where `+=` belongs.",
        ),
    ),
    hints=(
        "Each output is its own logit minus one number that the whole row shares. Follow the two ways separately.",
        "The shared number collects dy from all outputs. How much does it grow when one logit grows? y tells, once you undo the logarithm.",
    ),
)

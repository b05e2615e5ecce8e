"""The loss of the whole network and its gradients."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network, ops
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._mlp_backward import MLP_BACKWARD
from backprop_course.exercises.digits._assignment import Exercise07, guarded_logarithm


def _case(
    rng: Generator, why: str, batch: int, widths: Sequence[int], dtype: Any = np.float64, **more: Any
) -> Case:
    weights = [normal(rng, d, m, scale=0.7).astype(dtype) for d, m in pairwise(widths)]
    biases = [normal(rng, m, scale=0.3).astype(dtype) for m in widths[1:]]
    x = normal(rng, batch, widths[0], scale=0.7).astype(dtype)
    return Case(why, (weights, biases, x, rng.integers(0, widths[-1], size=batch)), **more)


def _loss_cases(rng: Generator) -> Iterator[Case]:
    x, zeros = np.array([[2.0], [6.0]]), [np.zeros((1, 2))]
    yield Case("one layer of zeros, two classes", (zeros, [np.zeros(2)], x, np.array([0, 0])))
    yield Case(
        "two layers, one unit of which is off",
        (
            [np.array([[2.0, -3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])],
            [np.array([0.0, 1.0]), np.array([-2.0, 0.0])],
            np.array([[1.0]]),
            np.array([1]),
        ),
    )
    for batch, widths in ((4, (3, 2)), (3, (2, 4, 3)), (1, (3, 5, 4)), (3, (3, 3, 3)), (5, (4, 6, 5, 3))):
        yield _case(rng, f"batch of {batch}, widths {list(widths)}", batch, widths)
    yield _case(rng, "float32 arrays", 3, (3, 4, 2), np.float32)
    for label, why in enumerate(("the right class 1000 ahead", "the wrong class 1000 ahead")):
        logits = [np.zeros((1, 2))], [np.array([1000.0, 0.0])]
        yield Case(why, (*logits, np.array([[1.0]]), np.array([label])))
    weights, biases, x, labels = _case(rng, "", 3, (2, 3, 3)).inputs
    yield Case("logits near 1000", (weights, [biases[0], biases[1] + 1000.0], x, labels))
    far = rng.permutation([-1000.0, 0.0, 1000.0])
    yield Case("each class 1000 ahead of the next", (weights, [biases[0], biases[1] + far], x, np.arange(3)))
    yield Case(
        "integer arrays",
        (
            [np.array([[1, -1], [2, 1]]), np.array([[1, 0], [-1, 1]])],
            [np.array([0, 1]), np.array([0, -1])],
            np.array([[1, -2], [1, 0]]),
            np.array([1, 0]),
        ),
    )
    yield _case(rng, "views that are not contiguous in memory", 3, (2, 4, 3), strided=True)


def _loss(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    return ops.softmax_cross_entropy(network.mlp_forward(x, weights, biases)[-1], labels)


def _mean_loss(p: Any, Y: Any) -> Any:
    return -np.log(p[Y == 1]).mean()


def _network(
    loss: Callable[[Any, Any], Any] = _mean_loss,
    dz: Callable[[Any, Any], Any] = lambda p, Y: (p - Y) / len(Y),
    softmax: Callable[[Any], Any] = ops.softmax,
    backward: Callable[..., Any] = network.mlp_backward,
) -> Callable[..., Any]:
    """Loss and gradients in which one step may go wrong."""

    def form(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
        activations = network.mlp_forward(x, weights, biases)
        p, Y = softmax(activations[-1]), np.eye(len(biases[-1]))[labels]
        return loss(p, Y), *backward(dz(p, Y), activations, weights)[1:]

    return form


def _along_the_batch(z: Any) -> Any:
    return ops.softmax(z.T).T


def _rows_divided_by_columns(z: Any) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum(axis=1)


def _overflowing(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def _whole_columns(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    """``p[:, labels]`` in place of each row's own label."""
    activations = network.mlp_forward(x, weights, biases)
    p = ops.softmax(activations[-1])
    loss = -np.log(p[:, labels]).mean()
    p[:, labels] -= 1
    return loss, *network.mlp_backward(p / len(p), activations, weights)[1:]


def _relu_at_the_end(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    activations = network.mlp_forward(x, weights, biases)
    z = ops.relu(activations[-1])
    dlogits = ops.softmax_cross_entropy_backward(z, labels) * (z > 0)
    return float(ops.softmax_cross_entropy(z, labels)), *network.mlp_backward(dlogits, activations, weights)[
        1:
    ]


LOSS_AND_GRADIENTS = Exercise07(
    points=3,
    reference=network.loss_and_gradients,
    cases=_loss_cases,
    returns=("loss", "dweights", "dbiases"),
    forward=_loss,
    wrong=(
        guarded_logarithm(lambda e: _network(lambda p, Y: -np.log(p[Y == 1] + e).mean())),
        WrongForm(
            "not-averaged",
            _network(lambda p, Y: _mean_loss(p, Y) * len(Y), lambda p, Y: p - Y),
            "{output} is N times too large, where N is the number of examples.",
            "The loss is a mean over the batch. What does that do to the gradient of one example?",
        ),
        WrongForm(
            "averaged-twice",
            _network(lambda p, Y: _mean_loss(p, Y) / len(Y), lambda p, Y: (p - Y) / len(Y) ** 2),
            "{output} is divided by the number of examples once too often.",
            "The loss divides by N once. Is the 1/N already in the gradient that your backward pass starts from?",
        ),
        WrongForm(
            "averaged-twice",
            _network(lambda p, Y: _mean_loss(p, Y) / Y.shape[1], lambda p, Y: (p - Y) / Y.size),
            "{output} is divided by the number of classes as well.",
            "The mean goes over the examples. A mean over the whole array of shape (N, C) divides by more.",
        ),
        WrongForm(
            "dropped-path",
            _network(dz=lambda p, Y: p / len(Y)),
            "{output} does not know the labels: nothing is subtracted at the right class.",
            "Where in the gradient of the loss does the label enter?",
        ),
        WrongForm(
            "dropped-path",
            _network(dz=lambda p, Y: -Y / len(Y)),
            "{output} does not know the probabilities: only the right class is looked at.",
            "A rising logit of a wrong class lowers the probability of the right one.",
        ),
        WrongForm(
            "diagonal-jacobian",
            _network(dz=lambda p, Y: -(1 - p) * Y / len(Y)),
            "{output} treats the softmax entry by entry: only the right class's logit gets a gradient.",
            "Every logit is in the denominator of every probability.",
        ),
        WrongForm(
            "broadcast-blow-up",
            _whole_columns,
            "In {output}, every example meets the labels of all examples: an index of the form [:, labels] picks whole columns.",
            "Row n belongs to label n. Print the shape of what your index picks: it should be (N,).",
        ),
        WrongForm(
            "wrong-local-derivative",
            _network(dz=lambda p, Y: ops.softmax_backward((p - Y) / len(Y), p)),
            "In {output}, the gradient of softmax and cross-entropy together is sent through the softmax once more.",
            "The short form already is the gradient with respect to the logits.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _network(lambda p, Y: np.square(p - Y).sum(axis=1).mean(), lambda p, Y: 2 * (p - Y) / len(Y)),
            "{output} is that of the squared error.",
            "The loss is the cross-entropy: only the probability of the right class enters it, as a logarithm.",
        ),
        WrongForm(
            "forgot-chain",
            _network(dz=lambda p, Y: -Y / np.where(Y == 1, p, 1) / len(Y)),
            "{output} starts from the gradient with respect to the probabilities. The softmax is skipped.",
            "The network puts out logits. What lies between them and the probabilities?",
        ),
        WrongForm(
            "wrong-axis",
            _network(softmax=_along_the_batch),
            "The softmax runs along the batch: the probabilities of one class over all examples add up to 1.",
            "Each row is one example, and its probabilities add up to 1. Which axis do they lie along?",
        ),
        WrongForm(
            "wrong-axis",
            _network(softmax=_rows_divided_by_columns),
            "The rows of exponentials are divided by the wrong sums: one per column, where one per row belongs.",
            "A sum over axis 1 has shape (N,), and NumPy lines that up with the columns. `keepdims=True` keeps it with the rows.",
        ),
        WrongForm(
            "not-finite",
            _network(softmax=_overflowing),
            "{output} is nan where logits are large: the exponential overflows.",
            "Subtracting one number from all logits of a row leaves the probabilities as they are.",
        ),
        # Below the loss, the pass goes wrong as it does by itself. Words about x, dx and dy are not for here.
        *(
            replace(form, function=_network(backward=form.function))
            for form in MLP_BACKWARD.wrong
            if form.says and not re.search(r"\b(x|dx|dy)\b", form.says + form.because)
        ),
        WrongForm(
            "wrong-value",
            _relu_at_the_end,
            "The logits go through a ReLU before the softmax.",
            "The last layer is linear: a logit may be negative.",
        ),
    ),
    hints=(
        "You have written every part: mlp_forward, softmax_cross_entropy_backward, mlp_backward. The loss itself needs log_softmax and the labels.",
        "The mean's 1/N enters once, in the gradient of the logits; every layer below inherits it.",
    ),
)

"""The whole network forward, keeping every activation."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network
from backprop_course.exercises._cases import views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06, arrays
from backprop_course.ops import relu, sigmoid, softmax

# (batch, widths): one to four layers, widths that differ and widths that agree, a batch of one
SIZES = ((4, (3, 2)), (3, (2, 5, 3)), (1, (3, 4, 2)), (3, (3, 3, 3)), (2, (4, 6, 5, 3)), (5, (2, 4, 4, 4, 2)))


def random_network(
    rng: Generator, batch: int, widths: Sequence[int], dtype: Any = np.float64
) -> tuple[Any, list[Any], list[Any]]:
    """Inputs x, weights and biases of a network with the given widths."""
    (x,) = arrays(rng, (batch, widths[0]), dtype=dtype)
    weights = arrays(rng, *pairwise(widths), dtype=dtype)
    biases = arrays(rng, *((m,) for m in widths[1:]), dtype=dtype)
    return x, list(weights), list(biases)


def _forward_cases(rng: Generator) -> Iterator[Case]:
    one, two = [np.array([[3.0]]), np.array([[2.0, -3.0]])], [np.array([-10.0]), np.array([0.0, 5.0])]
    yield Case("one layer, to follow by hand", (np.array([[2.0]]), one[:1], two[:1]))
    yield Case(
        "two layers, one unit of which is off",
        (np.array([[2.0]]), [one[1], np.array([[1.0], [4.0]])], [two[1], np.array([-9.0])]),
    )
    for batch, widths in SIZES:
        yield Case(f"batch of {batch}, widths {list(widths)}", random_network(rng, batch, widths))
    yield Case("float32 arrays", random_network(rng, 2, (3, 4, 2), np.float32))
    yield Case(
        "integer arrays",
        (
            np.array([[1, -2], [3, 0]]),
            [np.array([[1, -1], [2, 1]]), np.array([[3], [-2]])],
            [np.array([0, 1]), np.array([-4])],
        ),
    )
    yield views(*random_network(rng, 3, (2, 3, 2)))


def _forward(
    x: Any,
    weights: Any,
    biases: Any,
    *,
    inner: Callable[[Any, Any, Any], Any] = lambda y, W, b: relu(y @ W + b),
    last: Callable[[Any, Any, Any], Any] = lambda y, W, b: y @ W + b,
) -> list[Any]:
    """A forward pass whose inner and whose last layer may go wrong."""
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        activations.append((last if layer == len(weights) else inner)(activations[-1], W, b))
    return activations


def _pre_activations(x: Any, weights: Any, biases: Any) -> list[Any]:
    """The list holds z of every layer, though the next layer is fed with relu(z)."""
    listed = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        listed.append((relu(listed[-1]) if layer else x) @ W + b)
    return listed


MLP_FORWARD = Exercise06(
    points=2,
    reference=network.mlp_forward,
    cases=_forward_cases,
    returns=("activations",),
    analytic=False,
    wrong=(
        WrongForm(
            "wrong-mask",
            partial(_forward, last=lambda y, W, b: relu(y @ W + b)),
            "The last layer goes through the ReLU as well: negative outputs become 0.",
            "The last layer is linear. Compare the number of ReLUs with the number of layers.",
        ),
        WrongForm(
            "wrong-value",
            partial(_forward, inner=lambda y, W, b: y @ W + b),
            "There is no ReLU between the layers: negative activations go on.",
            "Without a kink in between, the layers together are one linear layer.",
        ),
        WrongForm(
            "wrong-mask",
            partial(_forward, inner=lambda y, W, b: y @ W + b, last=lambda y, W, b: relu(y @ W + b)),
            "The ReLU is in the wrong place: after the last layer, not between the layers.",
            "Inner layers end in a ReLU, the last one does not.",
        ),
        WrongForm(
            "wrong-mask",
            lambda x, weights, biases: [x, *_forward(relu(x), weights, biases)[1:]],
            "x goes through a ReLU before the first layer.",
            "Inputs may be negative. They enter the first layer as they are.",
        ),
        WrongForm(
            "wrong-value",
            partial(_forward, last=lambda y, W, b: softmax(y @ W + b)),
            "The output went through a softmax.",
            "This network puts out logits. The softmax belongs to the loss.",
        ),
        WrongForm(
            "wrong-value",
            partial(_forward, inner=lambda y, W, b: sigmoid(y @ W + b)),
            "The hidden layers end in a sigmoid.",
            "This network has ReLUs between its layers.",
        ),
        WrongForm(
            "dropped-path",
            partial(_forward, inner=lambda y, W, b: relu(y @ W), last=lambda y, W, b: y @ W),
            "The biases are missing.",
            "Every layer adds its bias to every row.",
        ),
        WrongForm(
            "wrong-order",
            partial(_forward, inner=lambda y, W, b: relu(y @ W) + b),
            "The bias is added after the ReLU.",
            "The ReLU comes last in a layer: a bias decides where the unit switches on.",
        ),
        WrongForm(
            "wrong-variable",
            _pre_activations,
            "The list holds what goes into each ReLU, not what comes out of it.",
            "The backward pass needs the input of each layer, which is the output of the ReLU before it.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x, weights, biases: [x, *(x @ W + b for W, b in zip(weights, biases, strict=True))],
            "Every layer is fed with x.",
            "A layer's input is the output of the layer before.",
        ),
        WrongForm(
            "missing-transpose",
            partial(_forward, inner=lambda y, W, b: relu(y @ W.T + b), last=lambda y, W, b: y @ W.T + b),
            "The weights are transposed: that fits only where two widths agree.",
            "Rows are examples: a layer's W has one row for each input and one column for each output.",
        ),
    ),
    hints=(
        "Start the list with x. In a loop, let the last entry of the list go through the next layer and append the result.",
        "How does the loop know that it is at the last layer? Only that one has no ReLU.",
    ),
)

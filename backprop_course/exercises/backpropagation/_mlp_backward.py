"""The whole network backward, through the activations that the forward pass kept."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06, arrays
from backprop_course.exercises.backpropagation._mlp_forward import SIZES, random_network


def _backward_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "one layer, to follow by hand",
        (
            np.array([[5.0], [7.0]]),
            [np.array([[2.0], [1.0]]), np.array([[-1.0], [-2.0]])],
            [np.array([[3.0]])],
        ),
    )
    yield Case(
        "two layers, one unit of which was off",
        (
            np.array([[10.0]]),
            [np.array([[1.0]]), np.array([[2.0, 0.0]]), np.array([[8.0]])],
            [np.array([[2.0, -3.0]]), np.array([[4.0], [7.0]])],
        ),
    )
    for batch, widths in SIZES:
        yield _case(rng, f"batch of {batch}, widths {list(widths)}", batch, widths)
    yield _case(rng, "float32 arrays", 2, (3, 4, 2), np.float32)
    yield Case(
        "integer activations and weights",
        (
            np.array([[0.5], [-1.25]]),
            [np.array([[1, -2], [3, 0]]), np.array([[0, 2], [3, 0]]), np.array([[-4], [9]])],
            [np.array([[1, -1], [2, 1]]), np.array([[3], [-2]])],
        ),
    )
    yield _case(rng, "views that are not contiguous in memory", 3, (2, 4, 2), strided=True)


def _case(
    rng: Generator,
    why: str,
    batch: int,
    widths: Sequence[int],
    dtype: Any = np.float64,
    strided: bool = False,
) -> Case:
    x, weights, biases = random_network(rng, batch, widths, dtype)
    (dy,) = arrays(rng, (batch, widths[-1]), dtype=dtype)
    return Case(why, (dy, network.mlp_forward(x, weights, biases), weights), strided=strided)


def _backward(
    dy: Any,
    activations: Any,
    weights: Any,
    *,
    start: Callable[[Any, Any], Any] = lambda dy, y: dy,
    mask: Callable[[Any, Any], Any] = lambda g, y: g * (y > 0),
    mask_x: bool = False,
    through: Callable[[Any, Any], Any] = lambda g, W: g @ W.T,
    dW: Callable[[Any, Any, Any], Any] = lambda y, after, g: y.T @ g,
    db: Callable[[Any], Any] = lambda g: g.sum(axis=0),
) -> tuple[Any, list[Any], list[Any]]:
    """A backward pass in which each step may go wrong."""
    g, dweights, dbiases = start(dy, activations[-1]), list[Any](), list[Any]()
    for layer in reversed(range(len(weights))):
        dweights.insert(0, dW(activations[layer], activations[layer + 1], g))
        dbiases.insert(0, db(g))
        g = through(g, weights[layer])
        if layer or mask_x:
            g = mask(g, activations[layer])
    return g, dweights, dbiases


def _mask_of_the_layer_below(dy: Any, activations: Any, weights: Any) -> Any:
    """The mask of each ReLU is taken from the input of its layer in place of the output."""
    g, dweights, dbiases = dy, list[Any](), list[Any]()
    for layer in reversed(range(len(weights))):
        if layer < len(weights) - 1:
            g = g * (activations[layer] > 0)
        dweights.insert(0, activations[layer].T @ g)
        dbiases.insert(0, g.sum(axis=0))
        g = g @ weights[layer].T
    return g, dweights, dbiases


def _mask_of_the_layer_above(dy: Any, activations: Any, weights: Any) -> Any:
    """The mask of each ReLU is taken from the output of the layer that it feeds."""
    g, dweights, dbiases = dy, list[Any](), list[Any]()
    for layer in reversed(range(len(weights))):
        dweights.insert(0, activations[layer].T @ g)
        dbiases.insert(0, g.sum(axis=0))
        g = g @ weights[layer].T
        if layer:
            g = g * (activations[layer + 1] > 0)
    return g, dweights, dbiases


def _masked_too_late(dy: Any, activations: Any, weights: Any) -> Any:
    """The gradients of a layer's parameters are taken before the gradient has passed its ReLU."""
    g, dweights, dbiases = dy, list[Any](), list[Any]()
    for layer in reversed(range(len(weights))):
        dweights.insert(0, activations[layer].T @ g)
        dbiases.insert(0, g.sum(axis=0))
        if layer < len(weights) - 1:
            g = g * (activations[layer + 1] > 0)
        g = g @ weights[layer].T
    return g, dweights, dbiases


def _always_from_dy(dy: Any, activations: Any, weights: Any) -> Any:
    """Every layer is handed the gradient of the output."""
    dweights = [y.T @ dy for y in activations[:-1]]
    return dy @ weights[0].T, dweights, [dy.sum(axis=0) for _ in weights]


def _backwards(dy: Any, activations: Any, weights: Any) -> Any:
    dx, dweights, dbiases = _backward(dy, activations, weights)
    return dx, dweights[::-1], dbiases[::-1]


def _in_forward_order(dy: Any, activations: Any, weights: Any) -> Any:
    """The layers are visited from the first to the last."""
    g, dweights, dbiases = dy, list[Any](), list[Any]()
    for y, W in zip(activations, weights, strict=False):
        dweights.append(y.T @ g)
        dbiases.append(g.sum(axis=0))
        g = (g @ W.T) * (y > 0)
    return g, dweights, dbiases


def _stops_before_the_first_layer(dy: Any, activations: Any, weights: Any) -> Any:
    g = dy
    for layer in range(len(weights) - 1, 0, -1):
        g = (g @ weights[layer].T) * (activations[layer] > 0)
    return g, *_backward(dy, activations, weights)[1:]


MLP_BACKWARD = Exercise06(
    points=3,
    reference=network.mlp_backward,
    cases=_backward_cases,
    returns=("dx", "dweights", "dbiases"),
    wrong=(
        WrongForm(
            "wrong-order",
            _backwards,
            "The entries of {output} come in reverse order: the last layer's first.",
            "The pass goes from the last layer to the first. The lists it returns start with the first layer.",
        ),
        WrongForm(
            "wrong-order",
            _in_forward_order,
            "The layers are visited from the first to the last. dy belongs to the last one.",
            "A layer can only be treated once the gradient of its output is known.",
        ),
        WrongForm(
            "forgot-chain",
            partial(_backward, mask=lambda g, y: g),
            "The gradient passes through units that were off.",
            "Either the mask is missing, or it asks whether an activation is >= 0, which after a ReLU every one is.",
        ),
        WrongForm(
            "wrong-mask",
            partial(_backward, mask_x=True),
            "The gradient is stopped where x is negative, as if a ReLU had come before the first layer.",
            "x is an input, not the output of a ReLU. Count the ReLUs of the forward pass.",
        ),
        WrongForm(
            "wrong-mask",
            partial(_backward, start=lambda dy, y: dy * (y > 0)),
            "The upstream gradient is stopped where the output is negative, as if the last layer had a ReLU.",
            "The last layer is linear. Count the ReLUs of the forward pass.",
        ),
        WrongForm(
            "wrong-mask",
            partial(_backward, start=lambda dy, y: dy * (y > 0), mask_x=True),
            "There is a mask at every layer, the input and the output included.",
            "There is one ReLU less than there are layers. x and the output have none.",
        ),
        WrongForm(
            "wrong-mask",
            _mask_of_the_layer_below,
            "The masks come from the wrong layer: each is taken one entry too early in the list of activations.",
            "A unit was on where its own output is positive, not where the input of its layer is.",
        ),
        WrongForm(
            "wrong-mask",
            _mask_of_the_layer_above,
            "The masks come from the wrong layer: each is taken one entry too late in the list of activations.",
            "A gradient that has come down through W belongs to what went into the layer. Which entry is that?",
        ),
        WrongForm(
            "wrong-mask",
            _masked_too_late,
            "{output} is computed before the gradient has passed the layer's ReLU.",
            "The ReLU comes after the layer's sum, so on the way back it comes first.",
        ),
        WrongForm(
            "wrong-variable",
            partial(_backward, dW=lambda y, after, g: after.T @ g),
            "{output} is built from the output of each layer, where its input belongs.",
            "Which entry of the list of activations went into the layer, and which came out?",
        ),
        WrongForm(
            "wrong-mask",
            partial(_backward, mask=lambda g, y: g * (g > 0)),
            "The mask comes from the gradient's sign, not from the activations.",
            "Which units were on? The forward pass decided that, and the activations remember it.",
        ),
        WrongForm(
            "value-instead-of-mask",
            partial(_backward, mask=lambda g, y: g * y),
            "The gradient is multiplied by the activations, not by the ReLU's slope.",
        ),
        WrongForm(
            "averaged-not-summed",
            partial(_backward, dW=lambda y, after, g: y.T @ g / len(g), db=lambda g: g.mean(axis=0)),
            "{output} is divided by the number of examples.",
            "Contributions of the examples add. The 1/N of a mean loss is already in dy.",
        ),
        WrongForm(
            "unsummed-axis",
            partial(_backward, db=lambda g: g),
            "The entries of {output} still have one row for each example.",
            "The forward pass adds one bias to every row, so it receives a gradient from every row.",
        ),
        WrongForm(
            "wrong-axis",
            partial(_backward, db=lambda g: g.sum(axis=1)),
            "The biases' gradients are summed over the units of a layer, not over the examples.",
            "There is one bias for each unit, whatever the size of the batch.",
        ),
        WrongForm(
            "forgot-chain",
            _always_from_dy,
            "Every layer is handed the gradient of the output.",
            "What a layer receives from upstream is the gradient that the layer above it passes down.",
        ),
        WrongForm(
            "forgot-chain",
            _stops_before_the_first_layer,
            "dx stops at the first layer's output: its weights are not passed.",
            "x has an entry for each input. What turns a gradient of the first layer's output into one of its input?",
        ),
        WrongForm(
            "missing-transpose",
            partial(_backward, through=lambda g, W: g @ W),
            "The product that carries the gradient down through W fits only where widths agree.",
            "Write the shapes below the factors: the gradient of the output is (N, M), W is (D, M), and (N, D) must come out.",
        ),
    ),
    hints=(
        "Go through the layers from the last to the first with one running gradient. A layer is a linear_backward, and all but the last have a ReLU after it.",
        "A unit was on where its activation is positive. For the layer with input activations[k], in which entry of the list is its output?",
    ),
)

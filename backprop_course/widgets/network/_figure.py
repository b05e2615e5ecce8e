"""One picture of a network, for a page."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from backprop_course.numbers import count, show
from backprop_course.svg import Picture
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.network._drawing import Drawing
from backprop_course.widgets.network._network import Network, checked
from backprop_course.widgets.network._passes import Function, Passes, both_passes


def draw_network(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike] | None = None,
    x: ArrayLike | None = None,
    target: ArrayLike | None = None,
    *,
    forward: Function | None = None,
    backward: Function | None = None,
    activation: str = "relu",
    names: Sequence[Sequence[str]] | None = None,
    inputs: str = "",
    outputs: Sequence[object] | None = None,
) -> Picture:
    r"""Draw a network of layers: its units, its weights, and what both passes compute.

    Units are circles, from the inputs on the left to the outputs on the right. A line is a weight: the
    thicker, the larger; dashed where it is negative. With an input `x`, each circle holds the unit's value
    and each line its weight. With a `target` too, the loss stands at the right, and below each number its
    gradient: dL/dx below an input, dL/dW below a weight, and dL/dz below every other unit, where z is the
    sum that goes into its activation, so that this is the gradient of its bias as well. Where a hidden ReLU
    stops the gradient, what arrives stands before it: −6 → 0.

    .. math:: L = \tfrac12 \sum_j (y_j - d_j)^2

    Parameters
    ----------
    weights : sequence of array_like, shapes (D_{k-1}, D_k), or of int
        Weights of each layer, ``weights[k][i, j]`` from unit i to unit j; or only the widths [D_0, ..., D_L],
        for a picture of the bare units.
    biases : sequence of array_like, shapes (D_k,), optional
        Default: zeros.
    x, target : array_like, shapes (D_0,) and (D_L,), optional
        One example and what the network should put out for it.
    forward : callable, optional
        The student's ``mlp_forward(x, weights, biases) -> [x, y1, ..., output]``. Its numbers are drawn, and
        marked where they are not the true ones. Default: the true ones.
    backward : callable, optional
        The student's ``mlp_backward(dy, activations, weights) -> (dx, dweights, dbiases)``, likewise.
        A function that is not written yet leaves its numbers out; the picture says which.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Of the hidden layers; the last layer is linear.
    names : sequence of sequence of str, optional
        A name for each unit, layer by layer. Default: x₁, x₂; h₁, h₂; y₁.
    inputs : str, optional
        What the inputs are, written beside them: ``"64 pixels"``.
    outputs : sequence, optional
        What each output stands for, in place of its name: ``range(10)`` for digits.

    Returns
    -------
    Picture
        Shows itself in a notebook, in light and dark; ``.svg`` is the text of the drawing, and printing it
        gives the same in words. Of a layer of more than eight units the first two and the last are drawn;
        where at most twelve lines are drawn between two layers, they carry numbers.

    Raises
    ------
    ValueError
        If shapes do not fit, `x` or `target` is a batch, a target has no input, or `activation` is unknown.

    See Also
    --------
    NetworkExplorer : The same picture, step by step.

    Examples
    --------
    >>> draw_network([2, 3, 1])
    A network of 2 inputs, 3 hidden units and 1 output.
    >>> draw_network([[[1.0], [2.0]]], x=[3.0, 1.0], target=[4.0])
    A network of 2 inputs and 1 output. x₁ = 3, x₂ = 1. y₁ = 5. L = 0.5. dL/dx = (1, 2). dL/dz of y₁ = 1.
    """
    if widths := _widths(weights):
        if x is not None or target is not None:
            raise ValueError("numbers need weights: give arrays of shape (D, M) in place of the widths")
        weights = [np.ones(shape) for shape in pairwise(widths)]
    network = checked(weights, biases, x, target, activation, names, inputs, outputs)
    passes = both_passes(network, forward, backward)
    description = in_words(passes)
    return Picture(Drawing(passes, step=0).svg(layers_in_words(network), description), description)


def _widths(weights: Sequence[ArrayLike]) -> list[int]:
    """Return the widths of a network of which nothing else is given; none, if these are weights."""
    widths = [int(width) for width in weights if isinstance(width, int | np.integer)]
    if widths and (len(widths) != len(weights) or len(widths) < 2 or min(widths) < 1):
        raise ValueError(f"expected two or more positive widths, or the weights of each layer; got {weights}")
    return widths


def in_words(passes: Passes) -> str:
    """Say what a picture shows, number by number."""
    network, values, gradients = passes.network, passes.activations, passes.gradients
    said = [layers_in_words(network)]
    if network.inputs:
        said.append(f"Its inputs are {network.inputs}.")
    if network.meant:
        said.append(f"Its outputs stand for {', '.join(network.names[-1])}.")
    if values is not None and sum(network.widths) <= 24:
        said += [_equal(names, row) for names, row in zip(network.names, values, strict=True)]
    if passes.loss is not None:
        said.append(f"L = {show(passes.loss)}.")
    if gradients is not None and sum(network.widths) <= 24:
        said.append(f"dL/dx = {_tuple(gradients.dx)}.")
        for names, row in zip(network.names[1:], gradients.dz, strict=True):
            said.append(f"dL/dz of {', '.join(names)} = {_tuple(row) if len(row) > 1 else show(row[0])}.")
        for (layer, i), heard in passes.stopped.items():
            goes_on = show(gradients.dz[layer - 1][i])
            said.append(
                f"At the ReLU of {network.names[layer][i]}, {show(heard)} arrives and {goes_on} goes on."
            )
    if passes.said:
        said.append(passes.said)
    if passes.wrong:
        said.append("Some of these numbers are wrong; the picture marks them.")
    return " ".join(said)


def layers_in_words(network: Network) -> str:
    """Say how many units each layer has."""
    kinds = ["input", *["hidden unit"] * (len(network.weights) - 1), "output"]
    parts = [count(n, kind) for n, kind in zip(network.widths, kinds, strict=True)]
    return f"A network of {', '.join(parts[:-1])} and {parts[-1]}."


def _equal(names: Sequence[str], row: Array) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in zip(names, row, strict=True)) + "."


def _tuple(row: Array) -> str:
    return f"({', '.join(map(show, row))})"

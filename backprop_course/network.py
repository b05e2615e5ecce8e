r"""A multilayer perceptron in NumPy: forward, backward, loss, and stochastic gradient descent.

Layer k is ``y[k + 1] = relu(y[k] @ weights[k] + biases[k])`` with ``y[0] = x``; the last layer is linear and
its outputs are logits. `weights[k]` has shape (widths[k], widths[k + 1]), `biases[k]` has shape
(widths[k + 1],). Sources: Z. Cui, *Forward and Backward Propagation* (2025); K. R. Mopuri, *FoML 24:
Backpropagation* (2025).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops import (
    linear,
    linear_backward,
    relu,
    relu_backward,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from backprop_course.ops._shapes import as_array, as_count, as_floats, as_list

Arrays = Sequence[ArrayLike]


def initial_parameters(
    widths: Sequence[int], seed: int | np.random.Generator
) -> tuple[list[Array], list[Array]]:
    r"""Random weights and zero biases to start training from.

    The entries of ``weights[k]`` are normal with variance :math:`2 / D_k`, so that activations keep their
    size from layer to layer (K. He and others, *Delving Deep into Rectifiers*, 2015).

    Parameters
    ----------
    widths : sequence of int
        [D_0, ..., D_L]: the size of the input, then of each layer's output.
    seed : int or Generator
        The same seed gives the same parameters.

    Returns
    -------
    weights, biases : list of ndarray
    """
    _check_widths(widths)
    rng = np.random.default_rng(seed)
    weights: list[Array] = [
        rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out)) for fan_in, fan_out in pairwise(widths)
    ]
    return weights, [np.zeros(fan_out) for fan_out in widths[1:]]


def mlp_forward(x: ArrayLike, weights: Arrays, biases: Arrays) -> list[Array]:
    r"""Forward pass, keeping every activation: :math:`y_k = \max(0, y_{k-1} W_k + b_k)`, the last one linear.

    Parameters
    ----------
    x : array_like, shape (..., D_0)
        Inputs, one row per example.
    weights, biases : sequence of array_like
        One of each per layer, of shapes (D_{k-1}, D_k) and (D_k,).

    Returns
    -------
    list of ndarray
        [x, y_1, ..., output], one more than there are layers.

    Raises
    ------
    ValueError
        If there are no layers, not as many biases as weights, or shapes that do not follow on.
    """
    (x,) = as_floats("...", x=x)
    _check_layers(x, weights, biases)
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z = linear(activations[-1], W, b)
        activations.append(z if layer == len(weights) else relu(z))
    return activations


def mlp_backward(
    dy: ArrayLike, activations: Arrays, weights: Arrays
) -> tuple[Array, list[Array], list[Array]]:
    r"""Backward pass of `mlp_forward`, from the last layer to the first.

    An activation is positive exactly where the input of its ReLU was, so the activations are all that the
    pass needs: the mask of each ReLU and the input of each linear map.

    Parameters
    ----------
    dy : array_like, shape (..., D_L)
        Upstream gradient, of the output.
    activations : sequence of array_like
        The list that `mlp_forward` returned; the output at its end is not used.
    weights : sequence of array_like
        Weights of the forward pass.

    Returns
    -------
    dx : ndarray, shape (..., D_0)
    dweights, dbiases : list of ndarray
        First layer first, like `weights` and `biases`.

    Raises
    ------
    ValueError
        If there is not one activation more than there are weights, or shapes do not fit.
    """
    activations, weights = as_list("activations", activations), as_list("weights", weights)
    if len(activations) != len(weights) + 1:
        raise ValueError(f"got {len(activations)} activations, expected [x, y1, ...]: {len(weights) + 1}.")
    for layer, W in enumerate(weights):
        as_floats("... D, D M", **{f"activations[{layer}]": activations[layer], f"weights[{layer}]": W})
    (gradient,), dweights, dbiases = as_floats("...", dy=dy), list[Array](), list[Array]()
    if gradient.shape != (expected := np.shape(activations[0])[:-1] + np.shape(weights[-1])[1:]):
        raise ValueError(f"dy has shape {gradient.shape}, expected that of the output, {expected}.")
    for layer in reversed(range(len(weights))):
        if layer < len(weights) - 1:
            gradient = relu_backward(gradient, activations[layer + 1])
        gradient, dW, db = linear_backward(gradient, activations[layer], weights[layer])
        dweights.insert(0, dW)
        dbiases.insert(0, db)
    return gradient, dweights, dbiases


def activation_memory(batch: int, widths: Sequence[int], itemsize: int = 8) -> int:
    r"""Bytes of activations that `mlp_backward` needs: :math:`N (D_0 + \dots + D_{L-1})` numbers.

    Those are the inputs of all layers: every activation but the output. Inference can drop each one as soon
    as the next is computed.

    Parameters
    ----------
    batch : int
        Number of examples N.
    widths : sequence of int
        [D_0, ..., D_L].
    itemsize : int
        Bytes per number: 8 for float64, 4 for float32.
    """
    _check_widths(widths)
    batch, itemsize = as_count("batch", batch, 0), as_count("itemsize", itemsize)
    return batch * sum(widths[:-1]) * itemsize


def binary_loss_and_gradients(
    w: ArrayLike, b: ArrayLike, x: ArrayLike, d: ArrayLike
) -> tuple[float, Array, Array]:
    r"""Loss of one sigmoid unit, :math:`\sigma(x w + b)`, on two classes, with its gradients.

    .. math:: L = \frac1N \sum_n -d_n \log \sigma(z_n) - (1 - d_n) \log(1 - \sigma(z_n)), \qquad z = x w + b

    Parameters
    ----------
    w, b : array_like
        Weights (D,) and bias, a number.
    x, d : array_like
        Inputs (N, D), and targets (N,): 1 where the example belongs to the class, 0 elsewhere.

    Returns
    -------
    loss : float
        Mean over the batch.
    dw, db : ndarray
        Gradients, of shapes (D,) and ().

    Raises
    ------
    ValueError
        If a target is not in [0, 1], there are no examples, or shapes do not fit.
    """
    w, b, x, d = as_floats("D, , N D, N", w=w, b=b, x=x, d=d)
    if d.size == 0 or d.min() < 0 or d.max() > 1:
        raise ValueError(f"d must hold at least one target, all of them 0 or 1, got {d}.")
    z = x @ w + b
    dz = sigmoid_cross_entropy_backward(z, d) / len(d)
    return float(sigmoid_cross_entropy(z, d).mean()), dz @ x, np.asarray(dz.sum())


def loss_and_gradients(
    weights: Arrays, biases: Arrays, x: ArrayLike, labels: ArrayLike
) -> tuple[float, list[Array], list[Array]]:
    r"""Mean cross-entropy of softmax over a batch, and its gradients.

    .. math:: L = -\frac1N \sum_n \log \mathrm{softmax}(z_n)_{label_n}

    Parameters
    ----------
    weights, biases : sequence of array_like
        As in `mlp_forward`; the output z are logits.
    x, labels : array_like
        Inputs (N, D_0), and their right classes (N,), integers from 0 to D_L - 1.

    Returns
    -------
    loss : float
    dweights, dbiases : list of ndarray
        First layer first.

    Raises
    ------
    ValueError
        If shapes do not fit or a label is not a class.
    """
    activations = mlp_forward(x, weights, biases)
    logits = activations[-1]
    dlogits = softmax_cross_entropy_backward(logits, labels)
    _, dweights, dbiases = mlp_backward(dlogits, activations, weights)
    return float(softmax_cross_entropy(logits, labels)), dweights, dbiases


def sgd_step(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    r"""One step of gradient descent, a new list of :math:`\theta - \eta\,d\theta`; nothing given changes.

    Raises
    ------
    ValueError
        If there is not one gradient, of the same shape, for each parameter.
    """
    values, slopes = _arrays("parameters", parameters), _arrays("gradients", gradients)
    got, expected = [g.shape for g in slopes], [p.shape for p in values]
    if got != expected:
        raise ValueError(f"gradients have the shapes {got}, expected those of the parameters, {expected}.")
    as_floats("", learning_rate=learning_rate)
    return [p - learning_rate * g for p, g in zip(values, slopes, strict=True)]


def _arrays(name: str, values: Arrays) -> list[Array]:
    return [as_array(f"{name}[{n}]", value) for n, value in enumerate(as_list(name, values, least=0))]


def train(
    x: ArrayLike,
    labels: ArrayLike,
    widths: Sequence[int],
    epochs: int,
    learning_rate: float,
    batch_size: int,
    seed: int,
) -> tuple[list[Array], list[Array]]:
    """Train a network from random parameters by stochastic gradient descent.

    Parameters
    ----------
    x, labels : array_like
        Inputs (N, D_0) to learn from, and their right classes (N,).
    widths : sequence of int
        [D_0, ..., D_L]; the last is the number of classes.
    epochs, learning_rate : number
        How often to go through all examples, each time in a new random order, and how far a step goes.
    batch_size, seed : int
        Examples per step; the last step of an epoch takes those that are left. One seed gives one network.

    Returns
    -------
    weights, biases : list of ndarray

    Raises
    ------
    ValueError
        If `x`, `labels` and `widths` do not fit together, or `epochs` or `batch_size` is too small.
    """
    (x,), labels = as_floats("N D", x=x), as_array("labels", labels, "iu", "whole numbers, the classes")
    epochs, batch_size = as_count("epochs", epochs, 0), as_count("batch_size", batch_size)
    if labels.shape != x.shape[:1]:
        raise ValueError(f"labels have shape {labels.shape}, expected {x.shape[:1]}: one for each row of x.")
    rng = np.random.default_rng(seed)
    weights, biases = initial_parameters(widths, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, dweights, dbiases = loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = sgd_step(weights, dweights, learning_rate)
            biases = sgd_step(biases, dbiases, learning_rate)
    return weights, biases


def predict(weights: Arrays, biases: Arrays, x: ArrayLike) -> Array:
    """Return the class with the largest logit for each row of x, the first of them at a tie."""
    return np.asarray(mlp_forward(x, weights, biases)[-1].argmax(axis=-1))


def accuracy(weights: Arrays, biases: Arrays, x: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of the rows of x whose class is predicted right, from 0 to 1."""
    predicted = predict(weights, biases, x)
    labels = as_array("labels", labels, "iu", "whole numbers, the classes")
    if labels.shape != predicted.shape:
        raise ValueError(f"labels have shape {labels.shape}, expected {predicted.shape}: one per row of x.")
    return float(np.mean(predicted == labels))


def _check_widths(widths: Sequence[int]) -> None:
    sizes = as_list("widths", widths, "sizes", 0)
    if len(sizes) < 2:
        raise ValueError(f"expected two or more widths, got {sizes}.")
    for layer, width in enumerate(sizes):
        as_count(f"widths[{layer}]", width)


def _check_layers(x: Array, weights: Arrays, biases: Arrays) -> None:
    """Every layer takes as many numbers as the one before puts out; say which layer does not."""
    weights, biases = as_list("weights", weights, least=0), as_list("biases", biases, least=0)
    if len(weights) == 0 or len(weights) != len(biases):
        raise ValueError(f"got {len(weights)} weights and {len(biases)} biases, expected one each a layer.")
    sizes = x.shape[-1:]
    shapes = ([a.shape for a in _arrays(*named)] for named in (("weights", weights), ("biases", biases)))
    for layer, (W, b) in enumerate(zip(*shapes, strict=True)):
        if len(W) != 2 or W[:1] != sizes:
            size = sizes[0] if sizes else "D"
            raise ValueError(f"weights[{layer}] has shape {W}, expected ({size}, M): one row for each input.")
        if b != W[1:]:
            raise ValueError(f"biases[{layer}] has shape {b}, expected {W[1:]}: one for each output.")
        sizes = W[1:]

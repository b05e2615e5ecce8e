r"""Losses, each beside its gradient. A loss is where the backward pass starts, so there is no ``dy``.

`cross_entropy` and `softmax_cross_entropy` are means over the batch; `sigmoid_mse` and
`sigmoid_cross_entropy` give one loss per entry; the others are sums over all entries.
Sources: L. Aitchison, *EMAT31530, Part 6: Backprop* (½ of the squared error); *Lecture 5: Backpropagation*
(2018) for the output units; Z. Cui, *Forward and Backward Propagation* (2025) for the divergences.
"""

import numpy as np
from numpy.typing import NDArray

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._activations import sigmoid, softplus
from backprop_course.ops._shapes import as_array, as_floats
from backprop_course.ops._softmax import log_softmax, softmax

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "kl_divergence",
    "kl_divergence_backward",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_backward",
    "sigmoid_mse",
    "sigmoid_mse_backward",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "squared_distance",
    "squared_distance_backward",
    "squared_error",
    "squared_error_backward",
]


def squared_error(f: ArrayLike, y: ArrayLike) -> Array:
    r"""Half the squared error, :math:`L = \frac12 \sum_i (f_i - y_i)^2`.

    Parameters
    ----------
    f : array_like
        Output of the network, any shape.
    y : array_like
        Target, same shape.

    Returns
    -------
    ndarray, 0-d
    """
    f, y = as_floats("..., ...", f=f, y=y)
    return np.asarray(np.square(f - y).sum() / 2)


def squared_error_backward(f: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    r"""Gradients of `squared_error`: :math:`df = f - y` and :math:`dy = y - f`.

    Parameters
    ----------
    f, y : array_like
        As in `squared_error`.

    Returns
    -------
    df, dy : ndarray
    """
    f, y = as_floats("..., ...", f=f, y=y)
    return np.asarray(f - y), np.asarray(y - f)


def squared_distance(x: ArrayLike, h: ArrayLike) -> Array:
    r"""Squared distance, :math:`\varepsilon = \|x - h\|^2`; unlike `squared_error` without the ½.

    Parameters
    ----------
    x, h : array_like
        Two points of the same shape.

    Returns
    -------
    ndarray, 0-d
    """
    x, h = as_floats("..., ...", x=x, h=h)
    return np.asarray(np.square(x - h).sum())


def squared_distance_backward(x: ArrayLike, h: ArrayLike) -> Array:
    r"""Gradient of `squared_distance`: :math:`dx = 2 (x - h)`.

    Parameters
    ----------
    x, h : array_like
        As in `squared_distance`.
    """
    x, h = as_floats("..., ...", x=x, h=h)
    return np.asarray(2 * (x - h))


def kl_divergence(y: ArrayLike, d: ArrayLike) -> Array:
    r"""Kullback-Leibler divergence of `y` from `d`, :math:`\sum_i d_i \log(d_i / y_i)`.

    Parameters
    ----------
    y : array_like
        Probabilities of the network, any shape.
    d : array_like
        Target probabilities, same shape.

    Returns
    -------
    ndarray, 0-d
        A sum over all entries. An entry with d = 0 adds 0; one with y = 0 < d makes it infinite.
    """
    y, d = as_floats("..., ...", y=y, d=d)
    present = d != 0
    with np.errstate(divide="ignore"):
        return np.asarray(np.sum(d[present] * (np.log(d[present]) - np.log(y[present]))))


def kl_divergence_backward(y: ArrayLike, d: ArrayLike) -> Array:
    r"""Gradient of `kl_divergence`: :math:`dy_i = -d_i / y_i`.

    Parameters
    ----------
    y, d : array_like
        As in `kl_divergence`.

    Returns
    -------
    ndarray
        0 where d = 0, even at y = 0; minus infinity where y = 0 < d.
    """
    y, d = as_floats("..., ...", y=y, d=d)
    with np.errstate(divide="ignore", over="ignore"):
        return np.divide(-d, y, out=np.zeros_like(y), where=d != 0)


def cross_entropy(p: ArrayLike, labels: ArrayLike) -> Array:
    r"""Mean cross-entropy, :math:`L = -\frac1N \sum_n \log p_{n, label_n}`.

    Parameters
    ----------
    p : array_like, shape (..., C)
        Probabilities of the classes.
    labels : array_like of int, shape (...)
        Right classes, from 0 to C - 1.

    Returns
    -------
    ndarray, 0-d
        Infinite where a right class has probability 0.

    Raises
    ------
    ValueError
        If the labels are not classes, not one per row, or none at all.
    """
    (p,) = as_floats("... C", p=p)
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(p[_one_hot(labels, p)]).mean())


def cross_entropy_backward(p: ArrayLike, labels: ArrayLike) -> Array:
    r"""Gradient of `cross_entropy`: :math:`dp_{nc} = -1 / (N p_{nc})` at the right class, 0 elsewhere.

    Parameters
    ----------
    p, labels : array_like
        As in `cross_entropy`.

    Returns
    -------
    ndarray, shape (..., C)
        Minus infinity where a right class has probability 0.
    """
    (p,) = as_floats("... C", p=p)
    right = _one_hot(labels, p)
    with np.errstate(divide="ignore", over="ignore"):
        return np.divide(-1 / right[..., 0].size, p, out=np.zeros_like(p), where=right)


def softmax_cross_entropy(z: ArrayLike, labels: ArrayLike) -> Array:
    r"""`cross_entropy` of ``softmax(z)``, :math:`L = -\frac1N \sum_n \log \mathrm{softmax}(z_n)_{label_n}`.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits.
    labels : array_like of int, shape (...)
        Right classes, from 0 to C - 1.

    Returns
    -------
    ndarray, 0-d
        Finite for all finite logits, since `log_softmax` is.
    """
    (z,) = as_floats("... C", z=z)
    return np.asarray(-log_softmax(z)[_one_hot(labels, z)].mean())


def softmax_cross_entropy_backward(z: ArrayLike, labels: ArrayLike) -> Array:
    r"""Gradient of `softmax_cross_entropy`: :math:`dz = (\mathrm{softmax}(z) - Y) / N`, Y one-hot.

    Parameters
    ----------
    z, labels : array_like
        As in `softmax_cross_entropy`.

    Returns
    -------
    ndarray, shape (..., C)
        Each row adds up to 0. Unlike the two gradients it joins, nothing is divided by a probability.
    """
    (z,) = as_floats("... C", z=z)
    right = _one_hot(labels, z)
    return np.asarray((softmax(z) - right) / right[..., 0].size)


def _one_hot(labels: ArrayLike, scores: Array) -> NDArray[np.bool_]:
    """Boolean array of the shape of `scores` (..., C): True at each row's label."""
    index = as_array("labels", labels, "fiub", "whole numbers")
    classes = scores.shape[-1]
    if index.dtype.kind not in "iu" or index.shape != scores.shape[:-1] or index.size == 0:
        raise ValueError(
            f"labels have dtype {index.dtype} and shape {index.shape}, "
            f"expected integers of shape {scores.shape[:-1]}, at least one."
        )
    if index.min() < 0 or index.max() >= classes:
        raise ValueError(f"labels go from {index.min()} to {index.max()}, expected 0 to {classes - 1}.")
    return np.asarray(index[..., np.newaxis] == np.arange(classes))


def sigmoid_mse(z: ArrayLike, d: ArrayLike) -> Array:
    r"""Squared error of a sigmoid output, entry by entry: :math:`\frac12 (d - \sigma(z))^2`.

    Parameters
    ----------
    z : array_like
        Logits, any shape.
    d : array_like
        Targets in [0, 1], same shape.

    Returns
    -------
    ndarray
        One loss per entry.
    """
    z, d = as_floats("..., ...", z=z, d=d)
    return np.asarray(np.square(d - sigmoid(z)) / 2)


def sigmoid_mse_backward(z: ArrayLike, d: ArrayLike) -> Array:
    r"""Gradient of `sigmoid_mse`: :math:`dz = (\sigma(z) - d)\,\sigma(z)\,(1 - \sigma(z))`.

    Parameters
    ----------
    z, d : array_like
        As in `sigmoid_mse`.

    Returns
    -------
    ndarray
        Vanishes at both ends, also where the output is as wrong as can be: a saturated unit does not learn.
    """
    z, d = as_floats("..., ...", z=z, d=d)
    y = sigmoid(z)
    return np.asarray((y - d) * y * (1 - y))


def sigmoid_cross_entropy(z: ArrayLike, d: ArrayLike) -> Array:
    r"""Cross-entropy of a sigmoid output: :math:`-d \log \sigma(z) - (1 - d) \log(1 - \sigma(z))`, per entry.

    Parameters
    ----------
    z : array_like
        Logits, any shape.
    d : array_like
        Targets in [0, 1], same shape.

    Returns
    -------
    ndarray
        One loss per entry. Since :math:`-\log \sigma(z) = \zeta(-z)`, softplus keeps it finite everywhere.
    """
    z, d = as_floats("..., ...", z=z, d=d)
    return np.asarray(d * softplus(-z) + (1 - d) * softplus(z))


def sigmoid_cross_entropy_backward(z: ArrayLike, d: ArrayLike) -> Array:
    r"""Gradient of `sigmoid_cross_entropy`: :math:`dz = \sigma(z) - d`.

    Parameters
    ----------
    z, d : array_like
        As in `sigmoid_cross_entropy`.

    Returns
    -------
    ndarray
        The derivative of the sigmoid has cancelled, so a wrong output always learns.
    """
    z, d = as_floats("..., ...", z=z, d=d)
    return np.asarray(sigmoid(z) - d)

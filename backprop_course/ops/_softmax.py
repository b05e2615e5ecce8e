r"""Softmax and its logarithm along the last axis: forward, Jacobian, backward.

Every output depends on every input, so the Jacobian is full; the vector-Jacobian product still takes O(C).
Sources: Z. Cui, *Forward and Backward Propagation* (2025); *Lecture 5: Backpropagation* (2018).
"""

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_floats, expect_entries

__all__ = ["log_softmax", "log_softmax_backward", "softmax", "softmax_backward", "softmax_jacobian"]


def softmax(z: ArrayLike) -> Array:
    r"""Softmax, :math:`y_i = e^{z_i} / \sum_j e^{z_j}`: positive, and 1 in sum.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits. A constant added to a row changes nothing, so its maximum is subtracted first and no
        exponential overflows.

    Returns
    -------
    ndarray, shape (..., C)
    """
    (z,) = as_floats("... C", z=z)
    expect_entries("z", z)
    y: Array = z - z.max(axis=-1, keepdims=True)
    np.exp(y, out=y)  # in place: new memory costs more than the arithmetic
    y /= y.sum(axis=-1, keepdims=True)
    return y


def softmax_jacobian(y: ArrayLike) -> Array:
    r"""Jacobian of `softmax` from its output: :math:`J_{ij} = y_i (\delta_{ij} - y_j)`.

    Parameters
    ----------
    y : array_like, shape (C,)
        Output of the forward pass, ``softmax(z)``.

    Returns
    -------
    ndarray, shape (C, C)
        Symmetric. Rows and columns add up to 0, because the outputs always add up to 1.
    """
    (y,) = as_floats("C", y=y)
    return np.asarray(np.diag(y) - np.outer(y, y))


def softmax_backward(dy: ArrayLike, y: ArrayLike) -> Array:
    r"""Backward pass of `softmax` from its output: :math:`dz_i = y_i (dy_i - \sum_j dy_j y_j)`.

    Parameters
    ----------
    dy : array_like, shape (..., C)
        Upstream gradient.
    y : array_like, shape (..., C)
        Output of the forward pass, ``softmax(z)``.

    Returns
    -------
    ndarray, shape (..., C)
        Each row adds up to 0.
    """
    dy, y = as_floats("... C, ... C", dy=dy, y=y)
    dz: Array = dy - np.einsum("...i, ...i -> ...", dy, y)[..., np.newaxis]
    dz *= y
    return dz


def log_softmax(z: ArrayLike) -> Array:
    r"""Logarithm of `softmax`, :math:`y_i = z_i - \log \sum_j e^{z_j}`.

    Parameters
    ----------
    z : array_like, shape (..., C)
        Logits. The maximum of a row is subtracted first (log-sum-exp), so a probability too small for a
        float still has its logarithm.

    Returns
    -------
    ndarray, shape (..., C)
    """
    (z,) = as_floats("... C", z=z)
    expect_entries("z", z)
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def log_softmax_backward(dy: ArrayLike, y: ArrayLike) -> Array:
    r"""Backward pass of `log_softmax` from its output: :math:`dz_i = dy_i - e^{y_i} \sum_j dy_j`.

    Parameters
    ----------
    dy : array_like, shape (..., C)
        Upstream gradient.
    y : array_like, shape (..., C)
        Output of the forward pass, ``log_softmax(z)``.

    Returns
    -------
    ndarray, shape (..., C)
        Each row adds up to 0.
    """
    dy, y = as_floats("... C, ... C", dy=dy, y=y)
    return np.asarray(dy - np.exp(y) * dy.sum(axis=-1, keepdims=True))

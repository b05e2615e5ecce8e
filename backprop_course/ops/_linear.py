r"""The linear layer ``x @ W + b``: forward, backward, Jacobians, and the sums that undo broadcasting.

Sources: L. Aitchison, *EMAT31530, Part 6: Backprop* (exercises 1 to 6); Z. Cui, *Forward and Backward
Propagation* (2025) for the bias as an extra weight; *Lecture 5: Backpropagation* (2018) for the composition.
"""

from collections.abc import Sequence

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_count, as_floats, as_list

__all__ = [
    "broadcast_backward",
    "extended_layer",
    "extended_layer_backward",
    "linear",
    "linear_backward",
    "linear_composition",
    "linear_jacobian_W",
    "linear_jacobian_b",
    "linear_jacobian_h",
    "linear_vjp_W",
    "linear_vjp_b",
    "linear_vjp_h",
]


def linear(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Linear (affine) layer, :math:`z_j = \sum_i x_i W_{ij} + b_j`.

    Parameters
    ----------
    x : array_like, shape (..., D)
        Inputs, one row per example.
    W : array_like, shape (D, M)
        Weights.
    b : array_like, shape (M,)
        Bias, added to every row.

    Returns
    -------
    ndarray, shape (..., M)
    """
    x, W, b = as_floats("... D, D M, M", x=x, W=W, b=b)
    return np.asarray(x @ W + b)


def linear_backward(dz: ArrayLike, x: ArrayLike, W: ArrayLike) -> tuple[Array, Array, Array]:
    r"""Backward pass of `linear`: :math:`dx = dz\,W^T`, :math:`dW = x^T dz`, :math:`db = \sum_n dz_n`.

    Every example shares `W` and `b`, so their gradients are sums over the batch.

    Parameters
    ----------
    dz : array_like, shape (..., M)
        Upstream gradient.
    x : array_like, shape (..., D)
        Input of the forward pass.
    W : array_like, shape (D, M)
        Weights of the forward pass.

    Returns
    -------
    dx, dW, db : ndarray
        Of shapes (..., D), (D, M) and (M,).
    """
    dz, x, W = as_floats("... M, ... D, D M", dz=dz, x=x, W=W)
    batch = tuple(range(x.ndim - 1))
    return dz @ W.T, np.tensordot(x, dz, axes=(batch, batch)), np.asarray(dz.sum(axis=batch))


def linear_composition(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> tuple[Array, Array]:
    r"""One linear layer that equals a whole stack.

    :math:`W = W_1 W_2 \cdots W_n` and :math:`b = b_1 W_2 \cdots W_n + b_2 W_3 \cdots W_n + \dots + b_n`.

    Parameters
    ----------
    weights : sequence of array_like
        ``weights[k]`` has shape (D_k, D_{k+1}); the first is applied first.
    biases : sequence of array_like
        ``biases[k]`` has shape (D_{k+1},).

    Returns
    -------
    W : ndarray, shape (D_0, D_n)
    b : ndarray, shape (D_n,)

    Raises
    ------
    ValueError
        If there are no layers, not as many biases as weights, or shapes that do not follow on.
    """
    weights, biases = as_list("weights", weights), as_list("biases", biases, least=0)
    if len(weights) != len(biases):
        raise ValueError(
            f"got {len(weights)} weights and {len(biases)} biases, expected one of each per layer."
        )
    sizes = range(len(weights))
    pattern = ", ".join([f"D{k} D{k + 1}" for k in sizes] + [f"D{k + 1}" for k in sizes])
    named = {f"weights[{k}]": W for k, W in enumerate(weights)} | {
        f"biases[{k}]": b for k, b in enumerate(biases)
    }
    arrays = as_floats(pattern, **named)
    (W, *weights), (b, *biases) = arrays[: len(sizes)], arrays[len(sizes) :]
    for W_next, b_next in zip(weights, biases, strict=True):
        W, b = W @ W_next, b @ W_next + b_next
    return W.copy(), b.copy()


def linear_jacobian_h(h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Jacobian of `linear` with respect to `h`: :math:`\partial a_j / \partial h_\alpha = W_{\alpha j}`.

    Parameters
    ----------
    h : array_like, shape (D,)
        One input; the values of `h` and `b` do not matter.
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (M, D)
        The transpose of `W`: outputs by inputs.
    """
    _, W, _ = as_floats("D, D M, M", h=h, W=W, b=b)
    return W.T.copy()


def linear_jacobian_W(h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:  # noqa: N802
    r"""Jacobian of `linear` with respect to `W`, a tensor.

    :math:`\partial a_j / \partial W_{\alpha\beta} = h_\alpha \delta_{j\beta}`: column β of `W` feeds output β
    alone, so an entry with j ≠ β is 0. *Lecture 5: Backpropagation* (2018) prints an input there.

    Parameters
    ----------
    h : array_like, shape (D,)
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (M, D, M)
        Indexed [j, α, β]; all but one in M entries are zero, which is why nobody builds it.
    """
    h, _, b = as_floats("D, D M, M", h=h, W=W, b=b)
    return np.asarray(h[:, np.newaxis] * np.eye(b.size, dtype=h.dtype)[:, np.newaxis, :])


def linear_jacobian_b(h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Jacobian of `linear` with respect to `b`: :math:`\partial a_j / \partial b_\alpha = \delta_{j\alpha}`.

    Parameters
    ----------
    h : array_like, shape (D,)
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (M, M)
        The identity.
    """
    _, _, b = as_floats("D, D M, M", h=h, W=W, b=b)
    return np.eye(b.size, dtype=b.dtype)


def linear_vjp_h(da: ArrayLike, h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Vector-Jacobian product with respect to `h`: :math:`dh_\alpha = \sum_j W_{\alpha j}\,da_j`.

    Parameters
    ----------
    da : array_like, shape (M,)
        Upstream gradient.
    h : array_like, shape (D,)
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (D,)
    """
    da, _, W, _ = as_floats("M, D, D M, M", da=da, h=h, W=W, b=b)
    return np.asarray(da @ W.T)


def linear_vjp_W(da: ArrayLike, h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:  # noqa: N802
    r"""Vector-Jacobian product with respect to `W`: :math:`dW_{\alpha\beta} = h_\alpha\,da_\beta`.

    Parameters
    ----------
    da : array_like, shape (M,)
        Upstream gradient.
    h : array_like, shape (D,)
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (D, M)
        An outer product: D·M operations, where the Jacobian alone has D·M² entries.
    """
    da, h, _, _ = as_floats("M, D, D M, M", da=da, h=h, W=W, b=b)
    return np.outer(h, da)


def linear_vjp_b(da: ArrayLike, h: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Vector-Jacobian product with respect to `b`: :math:`db_\alpha = da_\alpha`.

    Parameters
    ----------
    da : array_like, shape (M,)
        Upstream gradient.
    h : array_like, shape (D,)
    W : array_like, shape (D, M)
    b : array_like, shape (M,)

    Returns
    -------
    ndarray, shape (M,)
        A copy, so that changing the one does not change the other.
    """
    da, _, _, _ = as_floats("M, D, D M, M", da=da, h=h, W=W, b=b)
    return da.copy()


def extended_layer(y_prev: ArrayLike, w: ArrayLike) -> Array:
    r"""Linear layer whose bias is a weight: :math:`z_j = \sum_{i=0}^D w_{ij} y_i` with :math:`y_0 = 1`.

    Parameters
    ----------
    y_prev : array_like, shape (D,)
        Outputs of the layer before, :math:`y_1 \dots y_D`.
    w : array_like, shape (D + 1, M)
        Weights; row 0 is the bias.

    Returns
    -------
    ndarray, shape (M,)
    """
    y_prev, w = as_floats("D, D+1 M", y_prev=y_prev, w=w)
    return np.asarray(np.insert(y_prev, 0, 1) @ w)


def extended_layer_backward(dz: ArrayLike, y_prev: ArrayLike, w: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of `extended_layer`: :math:`dy_i = \sum_j w_{ij}\,dz_j`, :math:`dw_{ij} = y_i\,dz_j`.

    Parameters
    ----------
    dz : array_like, shape (M,)
        Upstream gradient.
    y_prev : array_like, shape (D,)
        Input of the forward pass.
    w : array_like, shape (D + 1, M)
        Weights; row 0 is the bias.

    Returns
    -------
    dy_prev : ndarray, shape (D,)
        The constant :math:`y_0` has no gradient to pass on.
    dw : ndarray, shape (D + 1, M)
        Row 0 is `dz`, the gradient of the bias.
    """
    dz, y_prev, w = as_floats("M, D, D+1 M", dz=dz, y_prev=y_prev, w=w)
    return np.asarray(w[1:] @ dz), np.outer(np.insert(y_prev, 0, 1), dz)


def broadcast_backward(dy: ArrayLike, shape: tuple[int, ...]) -> Array:
    r"""Gradient of an array of `shape` that was broadcast to the shape of `dy`: the sum over its copies.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, of the broadcast shape.
    shape : tuple of int
        Shape before broadcasting.

    Returns
    -------
    ndarray, of `shape`
        `dy` summed over the axes that broadcasting added in front or stretched from 1.

    Raises
    ------
    ValueError
        If NumPy cannot broadcast `shape` to the shape of `dy`.
    """
    (dy,) = as_floats("...", dy=dy)
    shape = tuple(as_count("each size in shape", n, 0) for n in as_list("shape", shape, "sizes", 0))
    padded = (1,) * (dy.ndim - len(shape)) + tuple(shape)
    if len(padded) != dy.ndim or any(n not in (1, m) for n, m in zip(padded, dy.shape, strict=True)):
        raise ValueError(
            f"an array of shape {shape} does not broadcast to the shape of dy, {dy.shape}, as expected."
        )
    copies = tuple(axis for axis, n in enumerate(padded) if n == 1)
    return np.asarray(dy.sum(axis=copies).reshape(shape))

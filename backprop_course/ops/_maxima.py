r"""Maxima: of a row, of sliding windows and of several linear pieces (maxout), each beside its backward pass.

A maximum routes the upstream gradient to the entry that won. Where several entries tie for it, any convex
split of ``dy`` among them is a subgradient. These functions give all of it to the first winner, as an argmax
does; ``torch.amax`` and JAX split it evenly. Sources: Z. Cui, *Forward and Backward Propagation* (2025);
*Lecture 5: Backpropagation* (2018) for maxout.
"""

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_count, as_floats, expect_entries

__all__ = ["max_backward", "max_pool", "max_pool_backward", "maxout", "maxout_backward", "row_max"]


def row_max(z: ArrayLike) -> Array:
    r"""Maximum along the last axis, :math:`y = \max_j z_j`.

    Parameters
    ----------
    z : array_like, shape (..., D)
        Input.
    """
    (z,) = as_floats("... D", z=z)
    expect_entries("z", z)
    return np.asarray(z.max(axis=-1))


def max_backward(dy: ArrayLike, z: ArrayLike) -> Array:
    r"""Backward pass of `row_max`: :math:`dz_j = dy` at the maximum, 0 elsewhere.

    Parameters
    ----------
    dy : array_like, shape (...)
        Upstream gradient, one per row.
    z : array_like, shape (..., D)
        Input of the forward pass.

    Returns
    -------
    ndarray, shape (..., D)
        At a tie the first winner takes all; any convex split is as right.
    """
    dy, z = as_floats("..., ... D", dy=dy, z=z)
    expect_entries("z", z)
    winner = z.argmax(axis=-1)[..., np.newaxis]
    dz = np.zeros_like(z)
    np.put_along_axis(dz, winner, dy[..., np.newaxis], axis=-1)
    return dz


def _expect_pieces(W: Array) -> None:
    if len(W) == 0:
        raise ValueError(f"W has shape {W.shape}, expected at least one piece.")


def _windows(z: Array, size: int, stride: int) -> Array:
    """View of `z` as (..., number of windows, size)."""
    size, stride = as_count("size", size), as_count("stride", stride)
    if size > z.shape[-1]:
        raise ValueError(f"size is {size}, expected at most {z.shape[-1]}, the number of entries in a row.")
    return np.lib.stride_tricks.sliding_window_view(z, size, axis=-1)[..., ::stride, :]


def max_pool(z: ArrayLike, size: int, stride: int) -> Array:
    r"""Maximum over windows along the last axis, :math:`y_k = \max_{0 \le i < size} z_{k \cdot stride + i}`.

    Parameters
    ----------
    z : array_like, shape (..., D)
        Input, with D ≥ `size`. Entries that no window reaches are ignored.
    size, stride : int
        Length of a window and distance between the starts of two. Windows overlap when stride < size.

    Returns
    -------
    ndarray, shape (..., (D - size) // stride + 1)
    """
    (z,) = as_floats("... D", z=z)
    return np.asarray(_windows(z, size, stride).max(axis=-1))


def max_pool_backward(dy: ArrayLike, z: ArrayLike, size: int, stride: int) -> Array:
    r"""Backward pass of `max_pool`: each window sends its ``dy`` to its winner, and the contributions add.

    Parameters
    ----------
    dy : array_like, shape (..., (D - size) // stride + 1)
        Upstream gradient, one per window.
    z : array_like, shape (..., D)
        Input of the forward pass.
    size, stride : int
        As in the forward pass. An entry that wins several windows receives the sum.
    """
    dy, z = as_floats("... K, ... D", dy=dy, z=z)
    windows = _windows(z, size, stride)
    if windows.shape[-2] != dy.shape[-1]:
        raise ValueError(f"dy has shape {dy.shape}, expected {windows.shape[:-1]}: one entry per window.")
    winner = windows.argmax(axis=-1) + stride * np.arange(dy.shape[-1])
    *rows, _ = np.indices(winner.shape, sparse=True)
    dz = np.zeros_like(z)
    np.add.at(dz, (*rows, winner), dy)
    return dz


def maxout(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    r"""Maxout unit, :math:`y = \max_k (x W_k + b_k)`: the largest of K linear pieces.

    Parameters
    ----------
    x : array_like, shape (N, D)
        Input.
    W : array_like, shape (K, D, M)
        Weights of the pieces.
    b : array_like, shape (K, M)
        Biases of the pieces.

    Returns
    -------
    ndarray, shape (N, M)
        With K = 2 and one piece zero this is the ReLU of a linear layer.
    """
    x, W, b = as_floats("N D, K D M, K M", x=x, W=W, b=b)
    _expect_pieces(W)
    return np.asarray((x @ W + b[:, np.newaxis]).max(axis=0))


def maxout_backward(dy: ArrayLike, x: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
    r"""Backward pass of `maxout`: a linear layer per piece, which sees ``dy`` only where the piece won.

    Parameters
    ----------
    dy : array_like, shape (N, M)
        Upstream gradient.
    x, W, b : array_like
        As in `maxout`.

    Returns
    -------
    dx, dW, db : ndarray
        Of the shapes of `x`, `W` and `b`. At a tie the first piece takes all; any convex split is as right.
    """
    dy, x, W, b = as_floats("N M, N D, K D M, K M", dy=dy, x=x, W=W, b=b)
    _expect_pieces(W)
    pieces = x @ W + b[:, np.newaxis]
    won = np.arange(len(W))[:, np.newaxis, np.newaxis] == pieces.argmax(axis=0)
    dpieces = won * dy
    return (dpieces @ W.swapaxes(1, 2)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)

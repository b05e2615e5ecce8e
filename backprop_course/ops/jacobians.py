r"""Jacobians, ``J[i, j] = dy_i / dx_j``, and vector-Jacobian products ``dy @ J`` that never build one.

Sources: K. R. Mopuri, *FoML 24: Backpropagation* (2025) for the product of Jacobians; L. Aitchison,
*EMAT31530, Part 6: Backprop* for the cost of building one; Z. Cui, *Forward and Backward Propagation* (2025)
for the diagonal.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from backprop_course.ops._arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_floats


def chain_jacobians(jacobians: Sequence[ArrayLike]) -> Array:
    r"""Jacobian of a composition, :math:`J = J_n J_{n-1} \cdots J_1`.

    Parameters
    ----------
    jacobians : sequence of array_like
        :math:`J_1, \dots, J_n` in the order in which the functions are applied; ``jacobians[k]`` has shape
        (D_{k+1}, D_k).

    Returns
    -------
    ndarray, shape (D_n, D_0)
        The outer function stands on the left.

    Raises
    ------
    ValueError
        If there are no Jacobians, or the shapes of neighbours do not fit.
    """
    if len(jacobians) == 0:
        raise ValueError("got no Jacobians, expected at least one.")
    pattern = ",".join(f"D{k + 1} D{k}" for k in range(len(jacobians)))
    arrays = as_floats(pattern, **{f"jacobians[{k}]": J for k, J in enumerate(jacobians)})
    return reduce(lambda product, J: J @ product, arrays[1:], arrays[0].copy())


def elementwise_vjp(dy: ArrayLike, derivative: Callable[[Array], ArrayLike], z: ArrayLike) -> Array:
    r"""Vector-Jacobian product of an elementwise function: :math:`dz_i = dy_i f'(z_i)`.

    The Jacobian is diagonal, so D products replace a matrix of D² entries.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    derivative : callable
        f' for arrays, entry by entry; it may return one number where f' is constant.
    z : array_like
        Input of the forward pass, any shape.
    """
    dy, z = as_floats("..., ...", dy=dy, z=z)
    slope = derivative(z)
    if np.shape(slope) not in ((), z.shape):
        raise ValueError(f"derivative(z) has shape {np.shape(slope)}, expected the shape of z, {z.shape}.")
    return np.asarray(dy * slope)


def jacobian_from_vjp(vjp: Callable[[Array], ArrayLike], x: ArrayLike, output_size: int) -> Array:
    r"""Jacobian by rows: row i is the vector-Jacobian product with the unit vector :math:`e_i`.

    Parameters
    ----------
    vjp : callable
        Takes an upstream gradient of shape (M,), returns the gradient at `x`, of shape (D,).
    x : array_like, shape (D,)
        Where `vjp` is taken; only its shape and type are used.
    output_size : int
        M, the number of outputs.

    Returns
    -------
    ndarray, shape (M, D)
        M backward passes build it, so for a loss, M = 1, one is enough.
    """
    (x,) = as_floats("D", x=x)
    jacobian = np.empty((output_size, x.size), dtype=x.dtype)
    for row, dy in zip(jacobian, np.eye(output_size, dtype=x.dtype), strict=True):
        row[:], _ = as_floats("D, D", **{"vjp(dy)": vjp(dy), "x": x})
    return jacobian

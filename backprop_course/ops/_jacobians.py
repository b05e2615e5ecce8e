r"""Jacobians, ``J[i, j] = dy_i / dx_j``, and vector-Jacobian products ``dy @ J`` that never build one.

Sources: K. R. Mopuri, *FoML 24: Backpropagation* (2025) for the product of Jacobians; L. Aitchison,
*EMAT31530, Part 6: Backprop* for the cost of building one; Z. Cui, *Forward and Backward Propagation* (2025)
for the diagonal.

The last two functions put the products together: a network of two layers, and its backward pass.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._activations import sigmoid, sigmoid_backward
from backprop_course.ops._linear import linear, linear_vjp_b, linear_vjp_h, linear_vjp_W
from backprop_course.ops._shapes import as_array, as_count, as_floats, as_function, as_list

__all__ = ["chain_jacobians", "elementwise_vjp", "jacobian_from_vjp", "network_vjp", "sigmoid_network"]


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
    jacobians = as_list("jacobians", jacobians, "Jacobians")
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
    slope = as_array("derivative(z)", as_function("derivative", derivative)(z))
    if slope.shape not in ((), z.shape):
        raise ValueError(f"derivative(z) has shape {np.shape(slope)}, expected the shape of z, {z.shape}.")
    return np.asarray(dy * slope.astype(z.dtype))


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
    as_function("vjp", vjp)
    output_size = as_count("output_size", output_size, 0)
    jacobian = np.empty((output_size, x.size), dtype=x.dtype)
    for row, dy in zip(jacobian, np.eye(output_size, dtype=x.dtype), strict=True):
        row[:], _ = as_floats("D, D", **{"vjp(dy)": vjp(dy), "x": x})
    return jacobian


def sigmoid_network(x: ArrayLike, W1: ArrayLike, b1: ArrayLike, W2: ArrayLike, b2: ArrayLike) -> Array:
    r"""Network of two linear layers with a sigmoid between: :math:`y = \sigma(x W_1 + b_1)\,W_2 + b_2`.

    Parameters
    ----------
    x : array_like, shape (D,)
        One input.
    W1, b1 : array_like, shapes (D, H) and (H,)
        The hidden layer, of H units.
    W2, b2 : array_like, shapes (H, M) and (M,)
        The output layer.

    Returns
    -------
    ndarray, shape (M,)
    """
    x, W1, b1, W2, b2 = as_floats("D, D H, H, H M, M", x=x, W1=W1, b1=b1, W2=W2, b2=b2)
    return linear(sigmoid(linear(x, W1, b1)), W2, b2)


def network_vjp(
    dy: ArrayLike, x: ArrayLike, W1: ArrayLike, b1: ArrayLike, W2: ArrayLike, b2: ArrayLike
) -> tuple[Array, Array, Array, Array, Array]:
    r"""Vector-Jacobian products of `sigmoid_network`: its backward pass, one product for each step.

    With :math:`y_1 = \sigma(x W_1 + b_1)`, the output layer gives :math:`dy_1 = dy\,W_2^T`,
    :math:`dW_2 = y_1 \otimes dy` and :math:`db_2 = dy`, the sigmoid :math:`dz_1 = dy_1 \cdot y_1 (1 - y_1)`,
    and the hidden layer :math:`dx = dz_1 W_1^T`, :math:`dW_1 = x \otimes dz_1` and :math:`db_1 = dz_1`.

    Parameters
    ----------
    dy : array_like, shape (M,)
        Upstream gradient.
    x, W1, b1, W2, b2 : array_like
        Inputs of `sigmoid_network`.

    Returns
    -------
    dx, dW1, db1, dW2, db2 : ndarray
        Each of the shape of what it is the gradient of.
    """
    dy, x, W1, b1, W2, b2 = as_floats("M, D, D H, H, H M, M", dy=dy, x=x, W1=W1, b1=b1, W2=W2, b2=b2)
    y1 = sigmoid(linear(x, W1, b1))
    dz1 = sigmoid_backward(linear_vjp_h(dy, y1, W2, b2), y1)
    return (
        linear_vjp_h(dz1, x, W1, b1),
        linear_vjp_W(dz1, x, W1, b1),
        linear_vjp_b(dz1, x, W1, b1),
        linear_vjp_W(dy, y1, W2, b2),
        linear_vjp_b(dy, y1, W2, b2),
    )

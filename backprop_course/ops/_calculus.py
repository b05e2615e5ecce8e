r"""The chain rule for functions of numbers: compositions, several paths, partial against total derivative.

A function that takes functions works for one number `x` and for arrays, entry by entry.
Sources: P. Arias Martínez, *T4: Backpropagation algorithm* (2022); K. R. Mopuri, *FoML 24: Backpropagation*
(2025); L. Aitchison, *EMAT31530, Part 6: Backprop*.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_floats, as_function, as_list

__all__ = [
    "chain_derivative",
    "distributed_derivative",
    "exp_sin_square",
    "exp_sin_square_derivative",
    "partial_and_total",
    "squared_error_node",
    "squared_error_node_gradients",
]

Function = Callable[..., Any]


def exp_sin_square(x: ArrayLike) -> Array:
    r"""Composition of three functions, :math:`y = e^{\sin(x^2)}`, entry by entry."""
    (x,) = as_floats("...", x=x)
    return np.asarray(np.exp(np.sin(x**2)))


def exp_sin_square_derivative(x: ArrayLike) -> Array:
    r"""Differentiate `exp_sin_square`: :math:`e^{\sin(x^2)} \cdot \cos(x^2) \cdot 2x` (Mopuri, 2025).

    Parameters
    ----------
    x : array_like
        Where, any shape.
    """
    (x,) = as_floats("...", x=x)
    return np.asarray(np.exp(np.sin(x**2)) * np.cos(x**2) * 2 * x)


def chain_derivative(functions: Sequence[Function], derivatives: Sequence[Function], x: ArrayLike) -> Array:
    r"""Differentiate a composition: :math:`\prod_k f_k'(y_{k-1})` with :math:`y_k = f_k(y_{k-1})`.

    Parameters
    ----------
    functions, derivatives : sequence of callable
        :math:`f_1, \dots, f_n` in the order in which they are applied, and their derivatives.
    x : array_like
        Where: :math:`y_0`.

    Returns
    -------
    ndarray
        The derivative of :math:`f_n \circ \dots \circ f_1` at `x` (Arias Martínez, 2022); 1 for no functions.
    """
    _expect_functions(functions=functions, derivatives=derivatives)
    (y,) = as_floats("...", x=x)
    slope = np.ones_like(y)
    for f, derivative in zip(functions, derivatives, strict=True):
        y, slope = f(y), slope * derivative(y)
    return np.asarray(slope)


def distributed_derivative(
    f_partials: Function, inner: Sequence[Function], inner_derivatives: Sequence[Function], x: ArrayLike
) -> Array:
    r"""Distributed chain rule, :math:`\frac{dy}{dx} = \sum_m \frac{\partial f}{\partial z_m}\,g_m'(x)`.

    Parameters
    ----------
    f_partials : callable
        Takes z = (g₁(x), …, g_M(x)), returns the M partial derivatives of f there.
    inner, inner_derivatives : sequence of callable
        :math:`g_1, \dots, g_M` and their derivatives.
    x : array_like
        Where.

    Returns
    -------
    ndarray
        The derivative of :math:`y = f(g_1(x), \dots, g_M(x))` at `x` (Mopuri, 2025).
    """
    as_function("f_partials", f_partials)
    _expect_functions(inner=inner, inner_derivatives=inner_derivatives)
    (x,) = as_floats("...", x=x)
    partials: Any = f_partials(np.array([g(x) for g in inner]))
    _expect_pairs("partial derivatives", partials, "inner functions", inner)
    return np.asarray(sum(p * dg(x) for p, dg in zip(partials, inner_derivatives, strict=True)))


def partial_and_total(
    df_dx: Function, df_dy: Function, y: Function, dy_dx: Function, x: ArrayLike
) -> tuple[Array, Array]:
    r"""Both derivatives of f(x, y(x)) with respect to x.

    :math:`\frac{df}{dx} = \frac{\partial f}{\partial x} + \frac{\partial f}{\partial y} \frac{dy}{dx}`.

    Parameters
    ----------
    df_dx, df_dy : callable
        Partial derivatives of f; each takes (x, y).
    y, dy_dx : callable
        The second argument of f as a function of x, and its derivative.
    x : array_like
        Where.

    Returns
    -------
    partial, total : ndarray
        The partial derivative holds y fixed; the total one follows it (Aitchison).
    """
    for name, function in {"df_dx": df_dx, "df_dy": df_dy, "y": y, "dy_dx": dy_dx}.items():
        as_function(name, function)
    (x,) = as_floats("...", x=x)
    partial = np.asarray(df_dx(x, y(x)))
    return partial, np.asarray(partial + df_dy(x, y(x)) * dy_dx(x))


def squared_error_node(x: ArrayLike, y: ArrayLike, z: ArrayLike, t: ArrayLike) -> Array:
    r"""Squared error of a small graph, :math:`L = (xy + z - t)^2`; 1 at (-2, 3, 1, -4)."""
    x, y, z, t = as_floats("..., ..., ..., ...", x=x, y=y, z=z, t=t)
    return np.asarray((x * y + z - t) ** 2)


def squared_error_node_gradients(
    x: ArrayLike, y: ArrayLike, z: ArrayLike, t: ArrayLike
) -> tuple[Array, Array, Array]:
    r"""Gradients of `squared_error_node`.

    :math:`dx = y\,df`, :math:`dy = x\,df` and :math:`dz = df`, with :math:`df = 2 (xy + z - t)`.

    Parameters
    ----------
    x, y, z, t : array_like
        Inputs and target, all of one shape.

    Returns
    -------
    dx, dy, dz : ndarray
        At (-2, 3, 1, -4): -6, 4 and -2 (Mopuri, 2025).
    """
    x, y, z, t = as_floats("..., ..., ..., ...", x=x, y=y, z=z, t=t)
    df = 2 * (x * y + z - t)
    return np.asarray(y * df), np.asarray(x * df), np.asarray(df)


def _expect_functions(**lists: Sequence[Function]) -> None:
    """Two lists of functions, as long as each other."""
    for name, functions in lists.items():
        for n, function in enumerate(as_list(name, functions, "functions", 0)):
            as_function(f"{name}[{n}]", function)
    (name, functions), (other_name, others) = lists.items()
    _expect_pairs(name, functions, other_name, others)


def _expect_pairs(name: str, items: Sequence[Any], other_name: str, others: Sequence[Any]) -> None:
    if len(as_list(name, items, "values", 0)) != len(as_list(other_name, others, "functions", 0)):
        raise ValueError(f"got {len(items)} {name} and {len(others)} {other_name}, expected as many of each.")

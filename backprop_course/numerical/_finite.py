r"""Textbook finite differences: one fixed step, one formula, float64.

They are what a student writes first, and the reference of the graded exercises with the same names. The step
is given and not adapted: a large `h` shows the truncation error, a small one the round-off, and a kink inside
:math:`[x - h, x + h]` is averaged away. `gradcheck` does better at all three.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import Vector
from backprop_course.ops._shapes import as_array, as_function


def central_difference(f: Callable[..., Any], x: npt.ArrayLike, h: float = 1e-5) -> float:
    r"""Slope of the secant through two points around `x`, :math:`\frac{f(x + h) - f(x - h)}{2h}`.

    Parameters
    ----------
    f : callable
        Takes a number, returns a number.
    x : float
        Where.
    h : float, optional
        Step. The truncation error is :math:`h^2 f'''(x) / 6`, the round-off about
        :math:`\varepsilon |f(x)| / h`.

    Returns
    -------
    float
        At a kink this is the mean of the two one-sided slopes, which is no derivative.
    """
    at, h = _one_number(x, "x"), _start(f, x, h)[1]
    return (_one_number(f(at + h), "f(x)") - _one_number(f(at - h), "f(x)")) / (2 * h)


def numerical_gradient(f: Callable[..., Any], x: npt.ArrayLike, h: float = 1e-5) -> Vector:
    r"""Gradient of a scalar function: the central difference along each entry of `x`.

    Parameters
    ----------
    f : callable
        Takes an array like `x`, returns one number.
    x : array_like
        Where, any shape. Never changed: `f` gets float64 copies.
    h : float, optional
        Step along each entry.

    Returns
    -------
    ndarray
        Same shape as `x`; entry j is :math:`\frac{f(x + h e_j) - f(x - h e_j)}{2h}`.
    """
    x, h = _start(f, x, h)
    differences = [
        _one_number(f(x + step), "f(x)") - _one_number(f(x - step), "f(x)") for step in _steps(x, h)
    ]
    return np.array(differences, np.float64).reshape(x.shape) / (2 * h)


def numerical_jacobian(f: Callable[..., Any], x: npt.ArrayLike, h: float = 1e-5) -> Vector:
    r"""Jacobian by central differences, :math:`J_{ij} \approx \frac{f_i(x + h e_j) - f_i(x - h e_j)}{2h}`.

    Parameters
    ----------
    f : callable
        Takes an array like `x`, returns an array.
    x : array_like, shape (D,)
        Where. Never changed: `f` gets float64 copies.
    h : float, optional
        Step along each entry.

    Returns
    -------
    ndarray, shape (M, D)
        Outputs by inputs. Inputs and outputs of any other shape are flattened in C order.
    """
    x, h = _start(f, x, h)
    outputs = _numbers(f(x.copy())).size
    columns = [(_numbers(f(x + step)) - _numbers(f(x - step))).ravel() for step in _steps(x, h)]
    return np.array(columns, np.float64).reshape(x.size, outputs).T / (2 * h)


def numerical_hessian(f: Callable[..., Any], x: npt.ArrayLike, h: float = 1e-4) -> Vector:
    r"""Hessian of a scalar function: the central difference taken twice.

    .. math:: H_{ij} \approx \frac{f(x + he_i + he_j) - f(x + he_i - he_j)
              - f(x - he_i + he_j) + f(x - he_i - he_j)}{4h^2}

    Parameters
    ----------
    f : callable
        Takes an array like `x`, returns one number.
    x : array_like, shape (D,)
        Where; any other shape is flattened in C order. Never changed.
    h : float, optional
        Step. The round-off is about :math:`\varepsilon |f| / h^2`, so it must be larger than for a gradient.

    Returns
    -------
    ndarray, shape (D, D)
        Symmetric: each pair is computed once.
    """
    x, h = _start(f, x, h)
    steps = _steps(x, h)
    hessian = np.empty((x.size, x.size))
    for i, along_i in enumerate(steps):
        for j, along_j in enumerate(steps[: i + 1]):
            corners = [f(x + p * along_i + q * along_j) for p in (1, -1) for q in (1, -1)]
            a, b, c, d = (_one_number(value, "f(x)") for value in corners)
            hessian[i, j] = hessian[j, i] = (a - b - c + d) / (4 * h**2)
    return hessian


def _start(f: Callable[..., Any], x: npt.ArrayLike, h: float) -> tuple[Vector, float]:
    """Check the arguments that all of these functions share; `x` becomes float64."""
    as_function("f", f)
    step = _one_number(h, "h")
    if not (np.isfinite(step) and step > 0):
        raise ValueError(f"h is {step}, expected a step that is positive and finite.")
    return as_array("x", x).astype(np.float64), step


def _numbers(value: Any) -> Vector:
    return as_array("f(x)", value).astype(np.float64)


def _steps(x: Vector, h: float) -> list[Vector]:
    """One array per entry of `x`: `h` at that entry, zero elsewhere."""
    return [h * row.reshape(x.shape) for row in np.eye(x.size)]


def _one_number(value: Any, what: str) -> float:
    """Convert a number or an array of size one; anything else is a clear error."""
    array = as_array(what, value, expected="one real number")
    if array.size != 1:
        raise ValueError(f"{what} has shape {array.shape}, expected one real number.")
    return float(array.reshape(-1)[0])

"""The complex step, free of round-off as it subtracts nothing, and the errors of difference quotients."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.exceptions import ComplexWarning

from backprop_course.numerical._finite import _one_number, _start, central_difference
from backprop_course.numerical._point import Vector
from backprop_course.ops._shapes import as_array, as_function

_CHECK_STEP = 1e-5  # for a second opinion by central differences: good to about ten digits
_CHECK_TOLERANCE = (
    1e-3  # far above the error of that opinion, far below that of a function that is not analytic
)


class ErrorCurve(NamedTuple):
    """Absolute error of each difference quotient over the step: four arrays of one length."""

    h: Vector
    forward: Vector
    central: Vector
    complex_step: Vector


def complex_step_gradient(f: Callable[..., Any], x: npt.ArrayLike, h: float = 1e-30) -> Vector:
    r"""Gradient by a step into the complex plane, :math:`\operatorname{Im} f(x + i h e_j) / h`.

    Nothing is subtracted, so `h` may be so small that the truncation error :math:`h^2 f''' / 6` vanishes: the
    result is right to the last digits. In return `f` must be analytic and compute with complex numbers.

    Parameters
    ----------
    f : callable
        Takes a complex array like `x`, returns one number.
    x : array_like
        Where, any shape. Never changed.
    h : float, optional
        Size of the imaginary step.

    Returns
    -------
    ndarray
        Same shape as `x`.

    Raises
    ------
    TypeError
        Where `f` cannot take complex numbers, or returns a real one (as ``np.abs`` does).
    ValueError
        Where the result disagrees with the central difference, so that `f` is not analytic, for example
        ``x * np.conj(x)``.
    """
    x, h = _start(f, x, h)
    units = [row.reshape(x.shape) for row in np.eye(x.size)]
    gradient = np.array([_complex_step(f, x, unit, h) for unit in units], np.float64)
    for j, unit in enumerate(units):
        _confirm_analytic(f, x, unit, float(gradient[j]))
    return gradient.reshape(x.shape)


def error_curve(
    f: Callable[..., Any], derivative: Callable[..., Any], x: float, steps: npt.ArrayLike | None = None
) -> ErrorCurve:
    r"""Error of the forward difference, the central difference and the complex step, for many steps.

    On logarithmic axes the truncation error falls with `h` (slope 1 for the forward difference, 2 for the
    central one) until round-off, :math:`\varepsilon |f| / h`, takes over and it rises again. The best steps
    are near :math:`\varepsilon^{1/2}` and :math:`\varepsilon^{1/3}`.

    Parameters
    ----------
    f, derivative : callable
        A function of one number and its exact derivative.
    x : float
        Where.
    steps : array_like, optional
        Steps, 1e-16 to 1 if not given.

    Returns
    -------
    ErrorCurve
        Arrays ``(h, forward, central, complex_step)`` of absolute errors. The last holds nan where `f` takes
        no complex numbers.
    """
    as_function("f", f)
    as_function("derivative", derivative)
    h = np.logspace(-16, 0, 65) if steps is None else np.atleast_1d(as_array("steps", steps).astype(float))
    if h.ndim != 1 or not h.size:
        raise ValueError(f"steps have shape {h.shape}, expected one step or a list of them.")
    if not (np.isfinite(h) & (h > 0)).all():
        raise ValueError(f"steps hold {h.min():g}, expected positive and finite ones.")
    at = np.float64(_one_number(x, "x"))
    exact, here = _one_number(derivative(at), "derivative(x)"), _one_number(f(at), "f(x)")
    ahead = np.array([(_one_number(f(at + step), "f(x)") - here) / step for step in h])
    central = np.array([central_difference(f, at, step) for step in h])
    imaginary = np.array([_complex_step_or_nan(f, at, step) for step in h])
    return ErrorCurve(h, abs(ahead - exact), abs(central - exact), abs(imaginary - exact))


def _complex_step_or_nan(f: Callable[..., Any], x: np.float64, h: float) -> float:
    try:
        return _complex_step(f, np.asarray(x), np.ones(()), h)
    except TypeError:
        return np.nan


def _complex_step(f: Callable[..., Any], x: Vector, direction: Vector, h: float) -> float:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ComplexWarning)  # how NumPy's numbers tell math.sin to drop a part
            answer = f(x + 1j * h * direction)
    except (TypeError, ComplexWarning) as error:
        raise TypeError(
            f"f does not take complex numbers ({error}): write it with NumPy functions, not math.sin."
        ) from error
    value = as_array("f(x)", answer, "fiubc", "one number")
    if value.size != 1:
        raise ValueError(f"f(x) has shape {value.shape}, expected one number.")
    if not np.iscomplexobj(value):
        raise TypeError(
            f"f returned {value.dtype} for a complex input, expected a complex number: something in it (abs, "
            "real, a cast to float) drops the imaginary part, which is where the derivative is."
        )
    return float(value.reshape(-1)[0].imag / h)


def _confirm_analytic(f: Callable[..., Any], x: Vector, unit: Vector, found: float) -> None:
    """Compare with a real difference: they agree for analytic functions only."""
    step = _CHECK_STEP * (abs(float((x * unit).sum())) or 1.0)
    ahead, behind = (complex(np.asarray(f(x + s * unit)).reshape(-1)[0]).real for s in (step, -step))
    real = (ahead - behind) / (2 * step)
    noise = np.finfo(float).eps * max(abs(ahead), abs(behind)) / step
    if abs(real - found) > _CHECK_TOLERANCE * max(abs(real), abs(found)) + 100 * noise:
        raise ValueError(
            f"the complex step gives {found:.6g}, the central difference {real:.6g}: f is not analytic here "
            "(it uses conj, abs or real, or has a kink), as the complex step needs it to be."
        )

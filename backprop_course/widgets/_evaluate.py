"""Run a student's function on many points, and say kindly why it cannot be shown."""

import reprlib
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class CannotShowError(Exception):
    """Why a function cannot be drawn, in words for its author."""


def name_of(f: Callable[..., Any], otherwise: str = "f") -> str:
    """Give the name a function was defined with, `otherwise` for a lambda or a nameless callable."""
    name = getattr(f, "__name__", otherwise)
    return otherwise if name == "<lambda>" else name


def call(f: Callable[..., Any], *arguments: Any, where: str = "") -> Any:
    """Call `f`, and turn whatever it raises into `CannotShowError`."""
    name = name_of(f)
    try:
        with np.errstate(all="ignore"):
            return f(*arguments)
    except NotImplementedError as error:
        unwritten = traceback.extract_tb(error.__traceback__)[-1].name  # f may call what is not written yet
        raise CannotShowError(
            f"{name if unwritten == '<lambda>' else unwritten} is not written yet. "
            "Write it, run its cell, then run this cell again."
        ) from None
    except Exception as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise CannotShowError(f"{name} stopped{where} with {said}.") from None


def numbers(returned: object) -> Array:
    """Turn what a function returned into an array; None is no number, although NumPy makes it nan."""
    if returned is None:
        raise TypeError("expected numbers, got None")
    return np.asarray(returned, dtype=float)


def answer(f: Callable[..., Any], *arguments: Any, shape: tuple[int, ...]) -> Array:
    """Call a student's function whose answer is an array of a known shape; entries may be nan.

    Raises
    ------
    CannotShowError
        When `f` raises, or returns anything else.
    """
    returned = call(f, *arguments)
    try:
        found = numbers(returned)
    except (TypeError, ValueError):
        said = f"{reprlib.repr(returned)}; expected an array of numbers of shape {shape}"
        raise CannotShowError(f"{name_of(f)} returned {said}.") from None
    if found.shape != shape:
        raise CannotShowError(f"{name_of(f)} returned an array of shape {found.shape}; expected {shape}.")
    return found


def sample(f: Callable[[Any], Any], x: Array) -> Array:
    """Evaluate a scalar function at every entry of `x`: all at once if `f` takes arrays, else one by one.

    Raises
    ------
    CannotShowError
        When `f` raises, or returns something other than one finite number, at some entry.
    """
    y = _all_at_once(f, x)
    if y is None:
        y = np.array([_at(f, float(point)) for point in x])
    finite = np.isfinite(y)
    if not finite.all():
        first = int(np.argmin(finite))
        raise CannotShowError(
            f"{name_of(f)}({x[first]:.4g}) is {y[first]}, which has no place in a picture. "
            "Choose a span=(from, to) in which the function is finite."
        )
    return y


def _all_at_once(f: Callable[[Any], Any], x: Array) -> Array | None:
    try:
        y = numbers(call(f, x.copy()))
    except (CannotShowError, TypeError, ValueError):
        return None
    return y if y.shape == x.shape else None


def _at(f: Callable[[Any], Any], point: float) -> float:
    value = call(f, point, where=f" at x = {point:.4g}")
    try:
        return float(numbers(value).reshape(()))
    except (TypeError, ValueError):
        raise CannotShowError(f"{name_of(f)}({point:.4g}) returned {value!r}; expected one number.") from None

"""The checked arguments of a Jacobian explorer, and the student's Jacobian, recovered from their function."""

import reprlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backprop_course import ops
from backprop_course.widgets._evaluate import Array, CannotShowError, answer, call, name_of, numbers

LIMIT = 48  # inputs, and outputs: more cells than that no page can show


def checked_point(x: object) -> Array:
    """Check the input: an array of at most 48 finite numbers, of any shape."""
    try:
        point = numbers(x)
    except (TypeError, ValueError):
        raise TypeError(f"x is {reprlib.repr(x)}; expected an array of numbers") from None
    if not 0 < point.size <= LIMIT:
        raise ValueError(f"x has {point.size} entries; expected 1 to {LIMIT}: choose a smaller example")
    if not np.isfinite(point).all():
        raise ValueError(f"x = {reprlib.repr(point.tolist())}; expected finite numbers")
    return point


def checked_names(names: Sequence[str]) -> tuple[str, str]:
    """Check the names of output and input."""
    if isinstance(names, str) or len(names) != 2 or not all(isinstance(n, str) and n for n in names):
        raise ValueError(f'names = {names!r}; expected the names of output and input, such as ("y", "x")')
    return names[0], names[1]


def checked_functions(forward: object, backward: object, yours: object) -> None:
    """Check that forward and backward can be called, and that the student's Jacobian comes one way only."""
    if not callable(forward):
        raise TypeError(f"forward is {reprlib.repr(forward)}; expected a function of x, without parentheses")
    if backward is not None and not callable(backward):
        raise TypeError(f"backward is {reprlib.repr(backward)}; expected a function backward(dy, x), or None")
    if backward is not None and yours is not None:
        raise TypeError("got backward and yours; expected one of them: both give the student's Jacobian")


def output(f: Callable[[Array], Any], x: Array) -> Array:
    """Evaluate the forward function, whose output may have any shape."""
    name, returned = name_of(f), call(f, x.copy())
    try:
        y = numbers(returned)
    except (TypeError, ValueError):
        raise CannotShowError(
            f"{name} returned {reprlib.repr(returned)}; expected an array of numbers."
        ) from None
    if not 0 < y.size <= LIMIT:
        raise CannotShowError(f"{name} returned {y.size} numbers; a picture has room for 1 to {LIMIT}.")
    if not np.isfinite(y).all():
        raise CannotShowError(
            f"{name} returned {reprlib.repr(y.tolist())}, which is not finite: there is no slope."
        )
    return y


def probed(backward: Callable[[Array, Array], Any], x: Array, y_shape: tuple[int, ...]) -> Array:
    """Recover the Jacobian from a backward function: one vector-Jacobian product with a unit vector a row."""
    named = _with_name(backward, "backward")

    def row(unit: Array) -> Array:
        return answer(named, unit.reshape(y_shape), x.copy(), shape=x.shape).ravel()

    return ops.jacobian_from_vjp(row, x.ravel(), int(np.prod(y_shape)))


def whole(jacobian: object, x: Array, y_shape: tuple[int, ...], name: str) -> Array:
    """Take a Jacobian from an array or a function of x; it may keep the shapes of output and input."""
    shape = (int(np.prod(y_shape)), x.size)
    if callable(jacobian):
        name = name_of(jacobian, name)
        jacobian = call(jacobian, x.copy())
    try:
        found = numbers(jacobian)
    except (TypeError, ValueError):
        raise CannotShowError(
            f"{name} is {reprlib.repr(jacobian)}; expected an array of shape {shape}."
        ) from None
    if found.shape not in (shape, y_shape + x.shape):
        other = " That is the other layout, inputs by outputs." if found.shape == shape[::-1] else ""
        raise CannotShowError(f"{name} has shape {found.shape}; expected {shape}, outputs by inputs.{other}")
    return found.reshape(shape)


def _with_name(f: Callable[..., Any], otherwise: str) -> Callable[..., Any]:
    """Give a nameless function the name that its messages use."""

    def named(*arguments: Any) -> Any:
        return f(*arguments)

    named.__name__ = name_of(f, otherwise)
    return named

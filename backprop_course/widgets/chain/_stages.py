"""What functions do to a push: values before and after it, and slopes where they belong."""

import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.numerical import central_difference
from backprop_course.widgets._evaluate import CannotShowError, call, name_of, numbers

Function = Callable[..., Any]
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Formula:
    """One function of the picture: the variable that it makes, and how it is written."""

    variable: str
    written: str


@dataclass(frozen=True)
class Move:
    """A value before and after the push."""

    before: float
    after: float

    @property
    def delta(self) -> float:
        """How far it moved."""
        return self.after - self.before


@dataclass(frozen=True)
class Stage:
    """A function of one number on the way of the push; `slope` is taken at what goes into it."""

    source: str
    formula: Formula
    enters: Move
    leaves: Move
    slope: float


def subscripted(letter: str, k: int) -> str:
    """Write a letter with a number below, such as y₂."""
    return letter + str(k).translate(_LOW)


def formula(given: str | None, variable: str, otherwise: str) -> Formula:
    """Read a name that was given, "a = x²" or "x²" alone; without one, write `otherwise`."""
    left, equals, _ = (given or otherwise).partition("=")
    if equals:
        return Formula(left.strip(), given or otherwise)
    return Formula(variable, f"{variable} = {given or otherwise}")


def stage(f: Function, derivative: Function, source: str, name: Formula, enters: Move) -> Stage:
    """Send a move through a function, and take its slope at what goes into it."""
    leaves = Move(*(value(f, name, source, at) for at in (enters.before, enters.after)))
    return Stage(source, name, enters, leaves, value(derivative, name, source, enters.before))


def value(f: Function, name: Formula, source: str, at: Any) -> float:
    """Evaluate a function whose result is one number.

    Raises
    ------
    CannotShowError
        When it raises, or returns something other than one finite number.
    """
    where = f" at {source} = {', '.join(map(number, np.atleast_1d(at)))}, in {name.written},"
    advice = " Move x, or choose a smaller Δx."
    return one_number(call(f, at, where=where), f"{name_of(f)}{where}", advice)


def one_number(returned: object, said: str, advice: str = "") -> float:
    """Turn what a function returned into a finite number; `said` names the function in the message."""
    try:
        found = float(numbers(returned).reshape(()))
    except (TypeError, ValueError):
        given = reprlib.repr(returned)
        raise CannotShowError(f"{said} returned {given}; expected one number.") from None
    if not np.isfinite(found):
        raise CannotShowError(f"{said} returned {found}; expected a finite number.{advice}")
    return found


def checked(name: str, functions: object) -> list[Function]:
    """Check a list of functions among the arguments."""
    if callable(functions) or not isinstance(functions, Sequence):
        raise TypeError(f"{name} is {functions!r}; expected a list of functions, such as [np.sin, np.exp]")
    for f in functions:
        if not callable(f):
            raise TypeError(f"{name} holds {f!r}; expected functions, such as np.sin (without parentheses)")
    if not functions:
        raise ValueError(f"{name} is empty; expected at least one function")
    return list(functions)


def derivatives_of(functions: Sequence[Function], given: object) -> list[Function]:
    """Check the derivatives of functions; where none are given, measure them by central differences."""
    if given is None:
        return [partial(central_difference, f) for f in functions]
    derivatives = checked("derivatives", given)
    if len(derivatives) != len(functions):
        raise ValueError(
            f"got {len(functions)} functions and {len(derivatives)} derivatives; expected one of each"
        )
    return derivatives


def checked_names(names: Sequence[str] | None, count: int) -> list[str | None]:
    """Check the names of functions; None stands for each that has none."""
    if names is None:
        return [None] * count
    if isinstance(names, str) or len(names) != count:
        raise ValueError(f"names = {names!r}; expected a list of {count}, one for each function")
    return list(names)

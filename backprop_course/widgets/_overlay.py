"""What a student's function answers, beside the right answer: the numbers and a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array, CannotShowError, answer

Function = Callable[..., Any]
SAME = 1e-6  # what no picture shows; the checks of the course look more closely


@dataclass(frozen=True)
class Overlay:
    """A student's answer, what to say of it, and the index where it is furthest off."""

    said: str
    values: Array | None = None
    worst: tuple[int, ...] | None = None


def overlay(
    name: str, f: Function, arguments: tuple[Any, ...], truth: Array, place: Callable[..., str]
) -> Overlay:
    """Call the student's `f` and compare its answer, which has to have the shape of `truth`, with it.

    ``place(1)`` gives the words for an index: "at class 1". There are no values where `f` is not written,
    raises, or answers with something else.
    """
    try:
        values = answer(f, *arguments, shape=truth.shape)
    except CannotShowError as reason:
        return Overlay(str(reason))
    off = np.nan_to_num(np.abs(values - truth), nan=np.inf)
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
    if off[worst] <= SAME * max(1.0, float(np.abs(truth).max())):
        return Overlay(f"Your {name} gives the same.", values)
    found, right = number(float(values[worst])), number(float(truth[worst]))
    return Overlay(f"Your {name} is furthest off {place(*worst)}: {found}, not {right}.", values, worst)


def checked_functions(functions: dict[str, Function | None]) -> dict[str, Function]:
    """Keep the functions that are given; refuse what is no function."""
    for name, f in functions.items():
        if f is not None and not callable(f):
            raise TypeError(
                f"{name} is {f!r}; expected your function, such as {name}={name} (without parentheses)"
            )
    return {name: f for name, f in functions.items() if f is not None}


def plain(values: Array) -> Any:
    """Turn an array into lists in which None, which JSON knows, stands for what is not finite."""
    if values.ndim:
        return [plain(row) for row in values]
    return float(values) if np.isfinite(values) else None

"""Taking an answer apart into its returned arrays ("leaves"), and saying what is wrong with its structure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._call import Foreign


@dataclass(frozen=True)
class Mismatch:
    """An answer whose structure is not the expected one."""

    output: str
    expected: str
    got: str


def kind_of(value: Any) -> str:
    """Say in words what a value is."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.kind
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict with keys {list(value)}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, str):
        return "a string"
    return "a number"


def as_array(value: Any) -> Array | None:
    """A real array out of a number, an array or nested lists of numbers; None where that is impossible."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    if (
        array.dtype == np.bool_
        or np.issubdtype(array.dtype, np.floating)
        or np.issubdtype(array.dtype, np.integer)
    ):
        return array
    return None


def alike(a: Any, b: Any) -> bool:
    """Whether two answers are the same to the last digit, nan equal to nan."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return type(a) is type(b) and bool(a == b or (a != a and b != b))


def _is_sequence(value: Any, length: int) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and len(value) == length
    return isinstance(value, list | tuple) and len(value) == length


def leaves(expected: Any, got: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Array, Array] | Mismatch]:
    """Walk an answer along the structure of the expected one.

    Parameters
    ----------
    expected, got : object
        The right answer and the student's.
    names : tuple of str
        Names of the returned values: one, or as many as `expected` has entries.

    Yields
    ------
    (name, expected leaf, student's leaf) or Mismatch
        Leaves are arrays of real numbers.
    """
    if len(names) == 1:
        yield from _walk(names[0], expected, got)
    elif not _is_sequence(got, len(names)):
        yield Mismatch("The answer", f"{len(names)} values: {', '.join(names)}", kind_of(got))
    else:
        for name, e, g in zip(names, expected, got, strict=True):
            yield from _walk(name, e, g)


def _walk(name: str, expected: Any, got: Any) -> Iterator[tuple[str, Array, Array] | Mismatch]:
    if isinstance(expected, dict):
        if not isinstance(got, dict) or set(got) != set(expected):
            yield Mismatch(name, kind_of(expected), kind_of(got))
            return
        for key, e in expected.items():
            yield from _walk(f"{name}[{key!r}]", e, got[key])
    elif isinstance(expected, list | tuple):
        if not _is_sequence(got, len(expected)):
            yield Mismatch(name, kind_of(expected), kind_of(got))
            return
        for i, (e, g) in enumerate(zip(expected, got, strict=True)):
            yield from _walk(f"{name}[{i}]", e, g)
    else:
        array = as_array(got)
        if array is None:
            yield Mismatch(name, kind_of(expected), kind_of(got))
        else:
            yield name, np.asarray(expected), array

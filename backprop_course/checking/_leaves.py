"""Taking an answer apart into its returned arrays ("leaves"), and saying what is wrong with its structure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop_course.arrays import Array, Nested
from backprop_course.checking._call import Foreign


@dataclass(frozen=True, eq=False)
class Leaf:
    """One returned array beside the right one.

    Attributes
    ----------
    name : str
        As in `Exercise.returns`, with an index for entries of lists: ``dweights[1]``.
    expected, got, tolerance : ndarray
        Same shape, but for `got`, whose shape may be wrong.
    """

    name: str
    expected: Array
    got: Array
    tolerance: Array

    @property
    def base_name(self) -> str:
        """Name of the returned value that this belongs to: ``dweights`` for ``dweights[1]``."""
        return self.name.split("[", 1)[0]

    @cached_property
    def fits(self) -> bool:
        """Whether the shape is right."""
        return self.got.shape == self.expected.shape

    @cached_property
    def wrong(self) -> Array:
        """Which entries are wrong. All of them where the shape is."""
        if not self.fits:
            return np.ones(self.expected.shape, bool)
        return ~close(self.got, self.expected, self.tolerance)

    @cached_property
    def passed(self) -> bool:
        """Whether shape and every entry are right."""
        return self.fits and not self.wrong.any()

    @cached_property
    def worst(self) -> tuple[int, ...] | None:
        """Index of the wrong entry whose error is largest in units of what round-off allows."""
        if not self.fits or not self.wrong.any():
            return None
        error = np.abs(np.subtract(self.got, self.expected, dtype=np.float64))
        error = np.nan_to_num(
            error / np.maximum(self.tolerance, 1e-300), nan=np.inf, posinf=np.finfo(float).max
        )
        flat = int(np.argmax(np.where(self.wrong, error, -1.0)))
        return tuple(int(i) for i in np.unravel_index(flat, error.shape))


def close(a: Array, b: Array, tolerance: Array | float) -> Array:
    """Entry by entry, whether two arrays agree within `tolerance`; equal infinities agree, nan never does."""
    with np.errstate(all="ignore"):
        return np.asarray((np.abs(np.subtract(a, b, dtype=np.float64)) <= tolerance) | (a == b))


@dataclass(frozen=True)
class Mismatch:
    """An answer whose structure is not the expected one."""

    output: str
    expected: str
    got: str


def kind_of(value: Nested) -> str:
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
    return "a string" if isinstance(value, str) else "a number"


def as_array(value: Nested) -> Array | None:
    """A real array out of a number, an array or nested lists of numbers; None where that is impossible."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return array if array.dtype.kind in "bfiu" else None


def alike(a: Nested, b: Nested) -> bool:
    """Whether two answers are the same to the last digit, nan equal to nan."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return type(a) is type(b) and bool(a == b or (a != a and b != b))


def leaves(
    expected: Nested, got: Nested, names: tuple[str, ...]
) -> Iterator[tuple[str, Array, Array] | Mismatch]:
    """Walk an answer along the structure of the expected one.

    Parameters
    ----------
    expected, got : nested values
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


def _walk(name: str, expected: Nested, got: Nested) -> Iterator[tuple[str, Array, Array] | Mismatch]:
    if isinstance(expected, list | tuple):
        if _is_sequence(got, len(expected)):
            for i, (e, g) in enumerate(zip(expected, got, strict=True)):
                yield from _walk(f"{name}[{i}]", e, g)
        else:
            yield Mismatch(name, kind_of(expected), kind_of(got))
    else:
        array = as_array(got)
        if array is None:
            yield Mismatch(name, kind_of(expected), kind_of(got))
        else:
            yield name, np.asarray(expected), array


def _is_sequence(value: Nested, length: int) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and len(value) == length
    return isinstance(value, list | tuple) and len(value) == length

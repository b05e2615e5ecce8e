"""The arguments of an operation as arrays: one floating type, shapes that fit together."""

from operator import attrgetter
from typing import Any

import numpy as np

from backprop_course.arrays import Array, ArrayLike


def as_floats(pattern: str, **values: ArrayLike) -> tuple[Array, ...]:
    """Return the values as floating-point arrays whose shapes follow a pattern.

    Parameters
    ----------
    pattern : str
        One shape per value, separated by commas: ``"... D, D M, M"``. A name is one size wherever it
        appears, ``D+1`` is one more, a number is itself, and a leading ``...`` stands for the same batch axes
        wherever it appears.
    **values : array_like
        The arguments by their names, in the order of the pattern.

    Returns
    -------
    tuple of ndarray
        In the widest type of the NumPy float arrays given. Integers, lists and Python numbers adapt to it;
        where there is nothing else they become float64. A value that already fits is not copied.

    Raises
    ------
    TypeError
        If a value does not hold real numbers.
    ValueError
        If a shape does not fit.
    """
    given: tuple[Any, ...] = tuple(values.values())
    try:
        signature: tuple[Any, ...] = (pattern, *map(_class_shape_dtype, given))
    except AttributeError:  # a Python number or a list
        signature = (pattern, *[_class_shape_dtype(v) if _is_numpy(v) else type(v) for v in given])
    known = _KNOWN_TO_FIT.get(signature)
    if known is None:
        dtype = _check(pattern, values)
        known = dtype, all(type(v) is np.ndarray and v.dtype == dtype for v in given)
        told_all = all(_is_numpy(v) or isinstance(v, float | int) for v in given)  # a list may hold anything
        if told_all and len(_KNOWN_TO_FIT) < _MOST_KNOWN:
            _KNOWN_TO_FIT[signature] = known
    dtype, as_they_are = known
    return given if as_they_are else tuple([np.asarray(v, dtype) for v in given])


# Signatures that were checked, with the type to convert to and whether nothing needs it: on ten numbers the
# checks would take longer than the mathematics, so a call like an earlier one skips them.
_KNOWN_TO_FIT: dict[tuple[Any, ...], tuple[np.dtype[Any], bool]] = {}
_MOST_KNOWN = 10_000
_class_shape_dtype = attrgetter("__class__", "shape", "dtype")


def _is_numpy(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic)


def as_array(name: str, value: ArrayLike, kinds: str = "fiub", expected: str = "real numbers") -> Array:
    """Return a value as an array; TypeError where it holds anything but numbers of these kinds."""
    try:
        array: Array = np.asarray(value)
    except ValueError:  # a ragged list
        raise ValueError(f"{name} has rows of different lengths, expected {expected} in an array.") from None
    if array.dtype.kind not in kinds:
        held = {"O": "objects", "U": "text", "c": "complex numbers"}.get(array.dtype.kind, str(array.dtype))
        raise TypeError(f"{name} holds {'None' if value is None else held}, expected {expected}.")
    return array


def expect_entries(name: str, rows: Array) -> None:
    """Raise ValueError where a row holds nothing, and so has no maximum."""
    if rows.shape[-1] == 0:
        raise ValueError(f"{name} has shape {rows.shape}, expected at least one entry in a row.")


def as_count(name: str, value: Any, least: int = 1) -> int:
    """Return a whole number that is at least `least`: a size, a stride, a number of outputs."""
    array = as_array(name, value, "iu", "a whole number")
    if array.shape != () or array < least:
        raise ValueError(f"{name} is {value!r}, expected one whole number, {least} or more.")
    return int(array)


def as_list(name: str, value: Any, of: str = "arrays", least: int = 1) -> list[Any]:
    """Return a list or tuple (or the rows of an array) as a list."""
    if not isinstance(value, list | tuple) and (not isinstance(value, np.ndarray) or value.ndim == 0):
        raise TypeError(f"{name} is {_kind(value)}, expected a list of {of}.")
    if len(value) < least:
        raise ValueError(f"{name} is empty, expected a list of {of} with at least {least} in it.")
    return list(value)


def as_function(name: str, value: Any) -> Any:
    """Return a value that can be called."""
    if not callable(value):
        raise TypeError(f"{name} is {_kind(value)}, expected a function.")
    return value


def _kind(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _check(pattern: str, values: dict[str, ArrayLike]) -> np.dtype[Any]:
    """Compare the values with the pattern and return their common floating type."""
    sizes: dict[str, int] = {}
    for (name, value), shape in zip(values.items(), pattern.split(","), strict=True):
        array = as_array(name, value)
        expected = _describe(shape.split(), sizes)
        if not _fits(array.shape, shape.split(), sizes):
            raise ValueError(f"{name} has shape {array.shape}, expected {expected}.")
    numpy_values = [v.dtype for v in values.values() if isinstance(v, np.ndarray | np.generic)]
    return np.result_type(*[d for d in numpy_values if d.kind == "f"] or [np.float64])


def _fits(shape: tuple[int, ...], axes: list[str], sizes: dict[str, int]) -> bool:
    """Compare a shape with its pattern; a name met for the first time is added to `sizes`."""
    if axes[:1] == ["..."]:
        sizes.setdefault("...", max(len(shape) - len(axes) + 1, 0))
    names = _expand(axes, sizes)
    return len(shape) == len(names) and all(
        size == (sizes.setdefault(name, size) if (known := _size(name, sizes)) is None else known)
        for name, size in zip(names, shape, strict=True)
    )


def _expand(axes: list[str], sizes: dict[str, int]) -> list[str]:
    """Give each batch axis a name of its own, once their number is known."""
    if axes[:1] != ["..."] or "..." not in sizes:
        return axes
    return [f"batch {i}" for i in range(sizes["..."])] + axes[1:]


def _size(name: str, sizes: dict[str, int]) -> int | None:
    """Return the size that a name, a sum or a number stands for, None where it is still open."""
    base, _, more = name.partition("+")
    known = int(base) if base.isdigit() else sizes.get(base)
    return None if known is None else known + int(more or 0)


def _describe(axes: list[str], sizes: dict[str, int]) -> str:
    """Return a pattern for an error message, with the sizes that are known."""
    known = [(name, _size(name, sizes)) for name in _expand(axes, sizes)]
    return "(" + ", ".join(name if size is None or name == "..." else str(size) for name, size in known) + ")"

"""Arrays, the type of nearly everything here, and nested values: lists, tuples and dicts that hold them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
ArrayLike = npt.ArrayLike
Nested = Any  # an array, a number, a string, or lists, tuples and dicts of such


def tree_map(change: Callable[[Any], Any], value: Nested) -> Nested:
    """Return a nested value of the same structure, with ``change(leaf)`` in place of each leaf."""
    if isinstance(value, list | tuple):
        return type(value)(tree_map(change, v) for v in value)
    if isinstance(value, dict):
        return {key: tree_map(change, v) for key, v in value.items()}
    return change(value)


def tree_leaves(value: Nested) -> Iterator[Any]:
    """Yield what a nested value holds that is no list, tuple or dict, from left to right."""
    if isinstance(value, list | tuple | dict):
        for v in value.values() if isinstance(value, dict) else value:
            yield from tree_leaves(v)
    else:
        yield value

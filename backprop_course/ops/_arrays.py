"""What the reference functions share about arrays: floats in, floats of the same precision out."""

from typing import Any, overload

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
ArrayLike = npt.ArrayLike


@overload
def floating(array: ArrayLike, /) -> Array: ...
@overload
def floating(first: ArrayLike, second: ArrayLike, /, *more: ArrayLike) -> tuple[Array, ...]: ...
def floating(*arrays: ArrayLike) -> Array | tuple[Array, ...]:
    """Arrays of one floating type: the widest of those given, or float64 where all are integers.

    A gradient is a real number even where an input is an integer, so integers and booleans are promoted.
    """
    given = [np.asarray(a) for a in arrays]
    dtype = np.result_type(*given)
    if not np.issubdtype(dtype, np.inexact):
        dtype = np.dtype(np.float64)
    promoted = tuple(a.astype(dtype, copy=False) for a in given)
    return promoted[0] if len(promoted) == 1 else promoted


def sum_to_scalar(a: Array) -> Array:
    """Sum of all entries as a 0-d array, which `ndarray.sum` would turn into a scalar."""
    return np.asarray(a.sum())

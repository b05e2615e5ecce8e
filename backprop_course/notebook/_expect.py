"""Try a function of the student's on one example: a right answer is printed, a wrong one is said plainly."""

import copy
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


def expect(function: Callable[..., Any], *arguments: Any, result: npt.ArrayLike) -> None:
    """Call a function that returns an array, and compare what it returns with `result`.

    Parameters
    ----------
    function : callable
        The student's function.
    *arguments
        What to call it with; it gets copies, so that an answer in place spoils nothing.
    result : array_like
        The right answer.

    Raises
    ------
    AssertionError
        With what was expected and what was got, unless they agree; where an argument was changed, too.

    Examples
    --------
    >>> expect(np.cumsum, [1, 2, 3], result=[1, 3, 6])
    right: [1.0, 3.0, 6.0]
    """
    name, expected, given = function.__name__, np.asarray(result, dtype=float), copy.deepcopy(arguments)
    call = f"{name}({', '.join(map(_written, arguments))})"
    try:
        got = function(*given)
    except Exception as error:
        error.add_note(f"in {call}")
        raise
    assert got is not None, (
        f"{name} returns None: `return` is missing, or what stands after it gives nothing."
    )
    one = f"{call}\nexpected an array of shape {expected.shape}, got one number: {got}."
    assert not isinstance(got, numbers.Real), f"{one} Is an axis missing in a sum?"
    kind = f"{name} returns something of type {type(got).__name__}"
    assert isinstance(got, np.ndarray), f"{kind}. Return an array: np.array(...) makes one of a list."
    assert got.dtype.kind in "biuf", f"{name} returns {got}. Return an array of numbers."
    kept = all(map(np.array_equal, given, arguments))
    assert kept, f"{name} changes an array that it is given. Make a new one."
    shown, got = _written(got), got.astype(float)
    shapes = f"expected an array of shape {expected.shape}, got one of shape {got.shape}"
    assert got.shape == expected.shape, f"{call}\n{shapes}: {shown}"
    assert np.allclose(got, expected), f"{call}\nexpected {_written(expected)}\ngot      {shown}"
    print("right:", _written(got))


def _written(values: npt.ArrayLike) -> str:
    array = np.asarray(values)
    return str((array if array.dtype == bool else array.round(3)).tolist())

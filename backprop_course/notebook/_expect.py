"""Try a function of the student's on one example: a right answer is printed, a wrong one is said plainly."""

import copy
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.arrays import Array


def expect(
    function: Callable[..., Any], *arguments: Any, result: npt.ArrayLike | tuple[npt.ArrayLike, ...]
) -> None:
    """Call a function that returns an array, or several, and compare what it returns with `result`.

    Parameters
    ----------
    function : callable
        The student's function.
    *arguments
        What to call it with; it gets copies, so that an answer in place spoils nothing.
    result : array_like or tuple of array_like
        The right answer, a tuple where the function returns several arrays.

    Raises
    ------
    AssertionError
        With what was expected and what was got, unless they agree; where an argument was changed, too.

    Examples
    --------
    >>> expect(np.cumsum, [1, 2, 3], result=[1, 3, 6])
    right: [1.0, 3.0, 6.0]
    """
    name, given = function.__name__, copy.deepcopy(arguments)
    call = f"{name}({', '.join(map(_written, arguments))})"
    try:
        got = function(*given)
    except Exception as error:
        error.add_note(f"in {call}")
        raise
    assert got is not None, (
        f"{name} returns None: `return` is missing, or what stands after it gives nothing."
    )
    wanted = result if isinstance(result, tuple) else (result,)
    answers = got if isinstance(result, tuple) else (got,)
    kind = f"{name} returns something of type {type(got).__name__}"
    commas = f"{kind}. Return {len(wanted)} arrays, with commas between them."
    assert isinstance(answers, tuple), commas
    assert len(answers) == len(wanted), commas
    parts = [
        (
            f"{call}\narray {n} of {len(wanted)}:" if len(wanted) > 1 else call,
            answer,
            np.asarray(right, float),
        )
        for n, (answer, right) in enumerate(zip(answers, wanted, strict=True), 1)
    ]
    for where, answer, expected in parts:
        _is_an_array(name, where, answer, expected.shape)
    kept = all(map(np.array_equal, given, arguments))
    assert kept, f"{name} changes an array that it is given. Make a new one."
    for where, answer, expected in parts:
        _agrees(where, answer, expected)
    print("right:", " and ".join(_written(answer) for answer in answers))


def _is_an_array(name: str, where: str, got: Any, shape: tuple[int, ...]) -> None:
    one = f"{where}\nexpected an array of shape {shape}, got one number: {got}."
    assert not isinstance(got, numbers.Real), f"{one} Is an axis missing in a sum?"
    kind = f"{name} returns something of type {type(got).__name__}"
    assert isinstance(got, np.ndarray), f"{kind}. Return an array: np.array(...) makes one of a list."
    assert got.dtype.kind in "biuf", f"{name} returns {got}. Return an array of numbers."


def _agrees(where: str, got: Any, expected: Array) -> None:
    shapes = f"expected an array of shape {expected.shape}, got one of shape {got.shape}"
    assert got.shape == expected.shape, f"{where}\n{shapes}: {_written(got)}"
    right = f"{where}\nexpected {_written(expected)}\ngot      {_written(got)}"
    assert np.allclose(got.astype(float), expected), right


def _written(values: npt.ArrayLike) -> str:
    array = np.asarray(values)
    return str((array if array.dtype == bool else array.round(3)).tolist())

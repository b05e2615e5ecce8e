"""What every page of the course uses beside its pictures: tables, and calls of functions still unwritten."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def table(columns: Mapping[str, npt.ArrayLike]) -> None:
    """Print named columns of numbers side by side."""
    print("".join(f"{name:>12}" for name in columns))
    for row in zip(*map(np.asarray, columns.values()), strict=True):
        print("".join(f"{number:12.4g}" for number in row))


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call what needs a function of the student's; while that does not work, say so and return nan.

    Parameters
    ----------
    function : callable
        The student's function, or one that calls it.
    *arguments
        What to call it with.

    Returns
    -------
    object
        What `function` returns, or nan in the shape of the first argument, which leaves a gap in a figure.
    """
    try:
        answer = function(*arguments)
    except NotImplementedError as error:
        name = traceback.extract_tb(error.__traceback__)[-1].name
        print(f"{name} is still to be written. Come back to this cell when it is.")
    except Exception as error:
        name = getattr(function, "__name__", "The function")
        print(f"{name} stopped with {type(error).__name__}: {error}. Its check tells you more.")
    else:
        return answer
    return np.full(np.shape(arguments[0]) if arguments else (), np.nan)

"""The graded functions: one declaration each, in a module per assignment.

>>> from backprop_course import exercises
>>> exercises.get("relu_backward").assignment
'04-activations'
"""

import functools
from importlib import import_module
from typing import Any

import numpy as np

from backprop_course.exercises._declare import Case, Exercise, Mistake, Named, WrongForm
from backprop_course.exercises._own import own_exercises
from backprop_course.exercises.functions import resolve

_ASSIGNMENTS = (
    "chain_rule",
    "computational_graphs",
    "jacobians",
    "activations",
    "softmax_and_losses",
    "backpropagation",
    "digits",
)

__all__ = ["Case", "Exercise", "Mistake", "Named", "WrongForm", "assigned", "get", "inputs", "names"]


def names() -> tuple[str, ...]:
    """Names of all graded functions: the course's, in its order, then those declared outside."""
    return tuple(_all())


def get(name: str) -> Exercise:
    """Return the exercise of that name.

    Raises
    ------
    KeyError
        When there is none; the message proposes the closest name.
    """
    known = _course() if name in _course() else _all()
    if name not in known:
        import difflib

        close = difflib.get_close_matches(name, known, n=1)
        proposal = f" Did you mean {close[0]!r}?" if close else " exercises.names() lists them all."
        raise KeyError(f"no exercise is called {name!r}.{proposal}")
    return known[name]


def assigned(assignment: str) -> tuple[Exercise, ...]:
    """Return the exercises of one assignment, in the order of its notebook.

    Raises
    ------
    ValueError
        When no exercise belongs to it; the message lists the assignments.
    """
    found = tuple(exercise for exercise in _all().values() if exercise.assignment == assignment)
    if not found:
        known = sorted({exercise.assignment for exercise in _all().values()})
        raise ValueError(f"no assignment is called {assignment!r}; expected one of {', '.join(known)}")
    return found


def inputs(name: str, position: int) -> tuple[Any, ...]:
    """Arguments of one of the cases that `check` tries, to call your own function with.

    Parameters
    ----------
    name : str
        Of the exercise.
    position : int
        Of the case, from 0.

    Raises
    ------
    IndexError
        When there is no such case.
    """
    cases = list(get(name).cases(np.random.default_rng(0)))
    if not 0 <= position < len(cases):
        raise IndexError(f"{name} has cases 0 to {len(cases) - 1}, got {position}")
    return tuple(resolve(cases[position].inputs))


def _all() -> dict[str, Exercise]:
    return _course() | own_exercises(_course())


@functools.cache
def _course() -> dict[str, Exercise]:
    """Load the declarations, at the first question: without them the course is imported in half the time."""
    modules = [import_module(f"{__name__}.{assignment}") for assignment in _ASSIGNMENTS]
    return {exercise.name: exercise for module in modules for exercise in module.EXERCISES}

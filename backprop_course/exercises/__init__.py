"""The graded functions: one declaration each, in a module per assignment.

>>> from backprop_course import exercises
>>> exercises.get("relu_backward").assignment
'04-activations'
"""

import difflib

from backprop_course.exercises import (
    activations,
    backpropagation,
    chain_rule,
    computational_graphs,
    digits,
    jacobians,
    softmax_and_losses,
)
from backprop_course.exercises._declare import Case, Exercise, Mistake, Named, WrongForm

_MODULES = (
    chain_rule,
    computational_graphs,
    jacobians,
    activations,
    softmax_and_losses,
    backpropagation,
    digits,
)
_BY_NAME: dict[str, Exercise] = {
    exercise.name: exercise for module in _MODULES for exercise in module.EXERCISES
}

__all__ = ["Case", "Exercise", "Mistake", "Named", "WrongForm", "assigned", "get", "names"]


def names() -> tuple[str, ...]:
    """Names of all graded functions, in the order of the course."""
    return tuple(_BY_NAME)


def get(name: str) -> Exercise:
    """Return the exercise of that name.

    Raises
    ------
    KeyError
        When there is none; the message proposes the closest name.
    """
    if name not in _BY_NAME:
        close = difflib.get_close_matches(name, _BY_NAME, n=1)
        proposal = f" Did you mean {close[0]!r}?" if close else " exercises.names() lists them all."
        raise KeyError(f"no exercise is called {name!r}.{proposal}")
    return _BY_NAME[name]


def assigned(assignment: str) -> tuple[Exercise, ...]:
    """Return the exercises of one assignment, in the order of its notebook.

    Raises
    ------
    ValueError
        When no exercise belongs to it; the message lists the assignments.
    """
    found = tuple(exercise for exercise in _BY_NAME.values() if exercise.assignment == assignment)
    if not found:
        known = sorted({exercise.assignment for exercise in _BY_NAME.values()})
        raise ValueError(f"no assignment is called {assignment!r}; expected one of {', '.join(known)}")
    return found

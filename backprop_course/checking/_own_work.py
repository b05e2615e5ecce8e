"""An answer is the student's own work: while it runs, whatever of the course differentiates refuses to."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import CodeType, FunctionType
from typing import Any

from backprop_course import exercises, numerical


class UsesReference(Exception):
    """Raised by a function of the course that an answer asks for the answer."""


_asked: list[str] = []


def own_work(function: Callable[..., Any], exercise: exercises.Exercise) -> Callable[..., Any]:
    """The same function, which stops when it asks the course for the answer, even if it hides the refusal."""

    @functools.wraps(function)
    def answer(*arguments: Any) -> Any:
        _asked.clear()
        with _refusing(exercise):
            value = function(*arguments)
        if _asked:
            raise UsesReference(_asked[0])
        return value

    return answer


@contextmanager
def _refusing(exercise: exercises.Exercise) -> Iterator[None]:
    """Give the references another body for a while: they are the same objects under whatever name."""
    bodies: dict[FunctionType, CodeType] = {}
    for reference in {exercise.reference, *_backward_passes(), *_derivatives()}:
        if isinstance(reference, FunctionType):
            with suppress(ValueError):  # a closure, which can't be given this body
                body, reference.__code__ = (
                    reference.__code__,
                    _refuse.__code__.replace(co_name=reference.__name__),
                )
                bodies[reference] = body
    try:
        yield
    finally:
        for reference, body in bodies.items():
            reference.__code__ = body


@functools.cache
def _backward_passes() -> tuple[Callable[..., Any], ...]:
    declared = map(exercises.get, exercises.names())
    return tuple(e.reference for e in declared if e.name.endswith("backward"))


@functools.cache
def _derivatives() -> tuple[Callable[..., Any], ...]:
    """The gradient checker's functions, and the local derivatives of a graph's operations."""
    from backprop_course.graph import OPERATIONS  # not before it is needed: the course is to be imported fast

    numerically = [getattr(numerical, name) for name in numerical.__all__]
    return (*numerically, *(d for o in OPERATIONS.values() for d in o.derivatives))


def _refuse(*_: Any, **__: Any) -> Any:
    # It runs with the names of the module whose function it stands in for, so it brings its own.
    import sys

    from backprop_course.checking import _own_work

    name = sys._getframe().f_code.co_name
    _own_work._asked.append(name)
    raise _own_work.UsesReference(name)

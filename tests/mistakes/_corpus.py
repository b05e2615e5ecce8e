"""Where the wrong and right implementations register themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from backprop_course import evaluate

Function = Callable[..., Any]


@dataclass(frozen=True)
class Specimen:
    """One implementation of an exercise; `names` holds the slugs that name it right, best first."""

    exercise: str
    function: Function
    names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.exercise}-{self.function.__name__}"


@cache
def named(specimen: Specimen) -> str:
    """What the checker calls it on the visible cases; nothing where it passes."""
    mistakes = evaluate(specimen.exercise, specimen.function).mistakes
    return mistakes[0].slug if mistakes else ""


WRONG: list[Specimen] = []
RIGHT: list[Specimen] = []


def wrong(exercise: str, *names: str) -> Callable[[Function], Function]:
    """Register a wrong implementation, and the mistakes' names that are right for it."""

    def register(function: Function) -> Function:
        WRONG.append(Specimen(exercise, function, names))
        return function

    return register


def right(exercise: str) -> Callable[[Function], Function]:
    """Register a right implementation."""

    def register(function: Function) -> Function:
        RIGHT.append(Specimen(exercise, function))
        return function

    return register

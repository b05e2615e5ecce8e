"""Where the wrong and right implementations register themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from backprop_course import evaluate, exercises
from backprop_course.checking import Report, judge
from backprop_course.checking._call import call

Function = Callable[..., Any]


@dataclass(frozen=True)
class Specimen:
    """One implementation of an exercise.

    `names` holds the slugs that name it right, best first; `places` further ones whose hint sends the student to
    the right place all the same, or `astray`, where the author wrote these down, those that send elsewhere; `title` is
    a label for a function without a name of its own.
    """

    exercise: str
    function: Function
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    astray: tuple[str, ...] | None = None
    title: str = ""

    @property
    def label(self) -> str:
        return f"{self.exercise}-{self.title or self.function.__name__}"


@cache
def told(specimen: Specimen) -> tuple[str, str]:
    """What the checker calls it on the visible cases, and in which words; nothing where it passes."""
    return _first(evaluate(specimen.exercise, specimen.function))


def named(specimen: Specimen) -> str:
    """What the checker calls it on the visible cases; nothing where it passes."""
    return told(specimen)[0]


def _first(report: Report) -> tuple[str, str]:
    return (report.mistakes[0].slug, report.mistakes[0].message) if report.mistakes else ("", "")


def judged_by_rules(exercise: str, function: Function) -> Report:
    """Evaluate a function as if the exercise had no bank of known wrong forms."""
    untaught = replace(exercises.get(exercise), wrong=())
    limit = untaught.time_limit
    return judge(
        untaught, lambda case: call(function, case.inputs, strided=case.strided, time_limit=limit), seed=0
    )


@cache
def told_by_rules(specimen: Specimen) -> tuple[str, str]:
    """The same as `told`, by general rules alone."""
    return _first(judged_by_rules(specimen.exercise, specimen.function))


@dataclass(frozen=True)
class Corpus:
    """Wrong and right implementations."""

    wrong: list[Specimen] = field(default_factory=list)
    right: list[Specimen] = field(default_factory=list)

    def add_wrong(self, exercise: str, *names: str) -> Callable[[Function], Function]:
        """Register a wrong implementation, and the mistakes' names that are right for it."""
        return _register(self.wrong, exercise, names)

    def add_right(self, exercise: str) -> Callable[[Function], Function]:
        """Register a right implementation."""
        return _register(self.right, exercise, ())


def _register(to: list[Specimen], exercise: str, names: tuple[str, ...]) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        to.append(Specimen(exercise, function, names))
        return function

    return register


CORPUS = Corpus()
WRONG, RIGHT = CORPUS.wrong, CORPUS.right
wrong, right = CORPUS.add_wrong, CORPUS.add_right

"""Evaluating one answer: cases, verdicts, named mistakes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from backprop_course.checking._call import Outcome, call
from backprop_course.checking._evidence import Evidence
from backprop_course.checking._explain import case_result
from backprop_course.checking._findings import find_mistakes
from backprop_course.checking._question import questions
from backprop_course.checking._source import source_of
from backprop_course.checking._trial import Ask, Trial, trial
from backprop_course.checking.report import Report
from backprop_course.exercises import Case, Exercise, get


def evaluate(name: str, function: Callable[..., Any], *, seed: int = 0) -> Report:
    """Check `function` as an answer to the exercise `name`.

    Parameters
    ----------
    name : str
        Of the exercise: one of `exercises.names()`.
    function : callable
        The answer. Whatever it raises, prints, warns of or changes becomes part of the report; nothing is
        printed and nothing is raised.
    seed : int
        Of the random cases.

    Returns
    -------
    Report
        ``report.passed``, ``report.mistakes``, ``report.cases``.

    Raises
    ------
    KeyError
        When there is no exercise of that name.
    TypeError
        When `function` cannot be called.
    """
    exercise = get(name)
    require_function(function, name, "evaluate")

    def ask(case: Case) -> Outcome:
        return call(function, case.inputs, strided=case.strided, time_limit=exercise.time_limit)

    return judge(exercise, ask, seed, source=partial(source_of, function))


def require_function(function: object, name: str | None, asker: str) -> None:
    """Raise a TypeError that says what to pass, unless `function` can be called."""
    __tracebackhide__ = True
    if callable(function):
        return
    if isinstance(function, str):
        got, instead = f"the text {function!r}", f"{function}, without quotes"
    else:
        of = name or "relu_backward"
        got, instead = f"a value of type {type(function).__name__}", f"{of}, not {of}(...)"
    raise TypeError(f"{asker} needs the function itself, got {got}: pass {instead}")


def judge(exercise: Exercise, ask: Ask, seed: int, *, source: Callable[[], str] = str) -> Report:
    """Judge an answer through `ask` alone, which may put the cases to a function in another process.

    Parameters
    ----------
    exercise : Exercise
        What is asked.
    ask : callable
        ``ask(case)`` gives the `Outcome` of the function for that case.
    seed : int
        Of the random cases.
    source : callable
        Gives the function's text, where there is one. It is read only to confirm what the numbers of a wrong
        answer show; it is never run and decides nothing.
    """
    with np.errstate(all="ignore"):  # wrong answers overflow
        trials = tuple(_trials(exercise, ask, seed))
        evidence = Evidence(exercise, trials, ask, source)
        mistakes = tuple(find_mistakes(evidence))
        return Report(
            exercise.name, exercise.points, mistakes, tuple(map(case_result, trials)), exercise.hints
        )


def _trials(exercise: Exercise, ask: Ask, seed: int) -> Iterator[Trial]:
    """Put the questions, until the rest would tell nothing new: no answer at all, or no end."""
    for question in questions(exercise, seed):
        asked = trial(question, ask(question.case))
        yield asked
        if asked.hopeless:
            return

"""Evaluating one answer: cases, verdicts, named mistakes."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_course.checking._call import Outcome, call
from backprop_course.checking._diagnose import findings
from backprop_course.checking._evidence import Evidence
from backprop_course.checking._explain import case_result
from backprop_course.checking._leaves import alike
from backprop_course.checking._trial import Ask, Trial, attempt
from backprop_course.checking.report import Mistake, Report
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
    if not callable(function):
        raise TypeError(
            f"evaluate needs the function itself, got {type(function).__name__}: pass {name}, not {name}(...)"
        )

    def ask(case: Case) -> Outcome:
        return call(function, case.inputs, strided=case.strided, time_limit=exercise.time_limit)

    return judge(exercise, ask, seed)


def judge(exercise: Exercise, ask: Ask, seed: int) -> Report:
    """Judge an answer through `ask` alone, which may put the cases to a function in another process."""
    with np.errstate(
        all="ignore"
    ):  # wrong answers overflow; a warning on stderr would cost points in nbgrader
        return _judge(exercise, ask, seed)


def _judge(exercise: Exercise, ask: Ask, seed: int) -> Report:
    trials: list[Trial] = []
    for trial in _trials(exercise, ask, seed):
        trials.append(trial)
        if _hopeless(trial):
            break
    evidence = Evidence(exercise, tuple(trials), ask)
    stale = exercise.repeat and not _hopeless(trials[-1]) and _stale(exercise, trials[0], ask)
    mistakes: list[Mistake] = []
    if stale or evidence.failing:
        for finding, trial, leaf in findings(evidence, stale):
            if all((m.slug, m.message) != (finding.slug, finding.says) for m in mistakes):
                mistakes.append(
                    Mistake(finding.slug, finding.says, finding.hint, case_result(exercise, trial, leaf))
                )
    results = tuple(case_result(exercise, t) for t in trials)
    return Report(exercise.name, exercise.points, tuple(mistakes), results, exercise.hints)


def _trials(exercise: Exercise, ask: Ask, seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng(seed)
    for case in exercise.cases(rng):
        yield attempt(exercise, case, ask)


def _hopeless(trial: Trial) -> bool:
    """Whether the rest of the cases would tell nothing new: no answer at all, or no end."""
    unwritten = trial.outcome.raised is not None and trial.outcome.raised.kind == "NotImplementedError"
    return trial.outcome.timed_out or unwritten


def _stale(exercise: Exercise, first: Trial, ask: Ask) -> bool:
    """Whether the first case, put once more, gets another answer."""
    if not first.answered:
        return False
    again = ask(first.case)
    return again.raised is not None or not alike(first.outcome.value, again.value)

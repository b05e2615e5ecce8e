"""What was checked: by the check of an exercise, or by `gradcheck` for any pair of functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backprop_course import exercises
from backprop_course.checking import CaseResult, Leaf, OneEntry, Report, evaluate, loss_of_one_entry
from backprop_course.numerical import GradientReport, Measured, gradcheck
from backprop_course.widgets._evaluate import CannotShowError, call, name_of

Index = tuple[int, ...]
Follow = Callable[[Leaf, Index], OneEntry | str]


@dataclass(frozen=True)
class CheckedCase:
    """One call of the function under test, with every returned array beside a right one.

    ``follow(leaf, index)`` gives the number whose gradient that entry is, as a function of the input behind
    it, or says in words why there is none.
    """

    why: str
    passed: bool
    leaves: tuple[Leaf, ...]
    comparable: bool  # whether the answer has these arrays
    follow: Follow
    yours: bool  # an answer to an exercise; of any other function, nobody can tell whose it is


@dataclass(frozen=True)
class Checked:
    """The verdict, the named mistakes (slug, message, hint, number of the case) and the cases."""

    name: str
    headline: str
    passed: bool
    mistakes: list[dict[str, Any]]
    cases: list[CheckedCase]


def by_exercise(function: Callable[..., Any], name: str | None) -> Checked:
    """Evaluate a function as `check` does, on the cases that a student sees.

    Raises
    ------
    TypeError, ValueError
        When `function` is none, or belongs to no exercise.
    """
    if not callable(function):
        got = f"GradientCheckExplorer needs a function, got {type(function).__name__}"
        raise TypeError(f"{got}: write relu_backward, not relu_backward(...)")
    name = name or name_of(function, type(function).__name__)
    try:
        exercise = exercises.get(name)
    except KeyError as error:
        hint = (
            "name the exercise, GradientCheckExplorer(f, 'relu_backward'), or give forward, backward, inputs"
        )
        raise ValueError(f"{error.args[0]} For another function: {hint}.") from None
    report = evaluate(name, function)
    cases = [_case(exercise, case) for case in report.cases]
    return Checked(name, report.headline, report.passed, _mistakes(report), cases)


def _case(exercise: exercises.Exercise, case: CaseResult) -> CheckedCase:
    def follow(leaf: Leaf, index: Index) -> OneEntry | str:
        if exercise.forward is None:
            return (
                f"The check of {exercise.name} compares with a right answer. "
                "It has no forward function whose input could be moved, so there is no step-size curve."
            )
        found = loss_of_one_entry(exercise, case.inputs, leaf, index)
        return found or f"{leaf.name} is no gradient of an input, so there is no step-size curve."

    return CheckedCase(case.why, case.passed, case.leaves, case.comparable, follow, yours=True)


def _mistakes(report: Report) -> list[dict[str, Any]]:
    return [
        {"slug": m.slug, "message": m.message, "hint": m.hint, "case": _number_of(m.case, report.cases)}
        for m in report.mistakes
    ]


def _number_of(shown: CaseResult | None, cases: Sequence[CaseResult]) -> int:
    """Find the case that a mistake shows among all cases: the one with the very same arguments."""
    arguments = [] if shown is None else list(map(id, shown.inputs.values()))
    return next((k for k, c in enumerate(cases) if list(map(id, c.inputs.values())) == arguments), 0)


def by_slopes(forward: Callable[..., Any], backward: Callable[..., Any], inputs: Sequence[Any]) -> Checked:
    """Check any pair of functions at one point with `gradcheck`, which raises where that makes no sense.

    Where `backward` gives nothing to compare, as while it is not written yet, the slopes are shown alone.

    Raises
    ------
    CannotShowError
        When `forward`, or what it calls, is not written yet.
    """
    try:
        report = gradcheck(forward, backward, *inputs)
    except NotImplementedError:
        call(forward, *inputs)
        raise
    name = name_of(backward, "backward")
    mistakes = [] if report.passed else [_mistake(report, backward, inputs)]
    waits = any(mistake["slug"] for mistake in mistakes)
    verdict = "waits" if waits else "passed" if report.passed else "failed"
    shown = report if report.measured else gradcheck(forward, _zeros, *inputs)
    leaves = tuple(_leaf(m, shown) for m in shown.measured)
    if not report.measured:
        leaves = tuple(replace(leaf, got=np.full_like(leaf.expected, np.nan)) for leaf in leaves)
    follow = _follow(forward, inputs, shown)
    case = CheckedCase("your inputs", report.passed, leaves, bool(report.measured), follow, yours=False)
    return Checked(name, f"{name}: gradcheck {verdict}.", report.passed, mistakes, [case])


def _mistake(report: GradientReport, backward: Callable[..., Any], inputs: Sequence[Any]) -> dict[str, Any]:
    message, slug = report.problem or f"{report.worst}.", ""
    if "NotImplementedError" in message:
        try:
            call(backward, report.dy, *inputs)
        except CannotShowError as error:  # it knows which function it is that is not written
            message, slug = str(error), "not-implemented"
    return {"slug": slug, "message": message, "hint": "", "case": 0}


def _zeros(_: Any, *inputs: Any) -> tuple[Any, ...]:
    """Stand in for a backward function that gives nothing."""
    differentiated = [
        v for v in inputs if isinstance(v, np.ndarray | float) and np.asarray(v).dtype.kind in "fiu"
    ]
    return tuple(np.zeros(np.shape(v)) for v in differentiated)


def _leaf(measured: Measured, report: GradientReport) -> Leaf:
    """Take for right the slope, at a kink the nearest of them."""
    gradient = measured.gradient.astype(np.float64)
    right = np.clip(gradient, measured.low, measured.high)
    size = float(np.max(np.abs(right), initial=0.0))
    tolerance = np.where(measured.certain | report.passed, np.inf, 1e-7 * (np.abs(right) + 0.01 * size))
    worst = report.worst
    if worst and not report.passed and worst.input == measured.input:
        tolerance[worst.index] = 0.0  # so that the picture opens on the entry that the report names
    return Leaf(f"d{measured.input}", right, gradient, tolerance)


def _follow(forward: Callable[..., Any], inputs: Sequence[Any], report: GradientReport) -> Follow:
    positions = {f"d{m.input}": m.position for m in report.measured}

    def follow(leaf: Leaf, index: Index) -> OneEntry:
        position = positions[leaf.name]
        start = np.array(inputs[position], np.float64)
        before = np.asarray(forward(*_with(inputs, position, start)))

        def change(x: float) -> float:
            moved = start.copy()
            moved[index] = x
            after = np.asarray(forward(*_with(inputs, position, moved)))
            return float((report.dy * (after - before)).sum())

        return OneEntry(change, float(start[index]))

    return follow


def _with(inputs: Sequence[Any], position: int, value: Any) -> list[Any]:
    """Copy the inputs, so that nothing of the caller's changes, with another value at one position."""
    copies = [np.array(v) if isinstance(v, np.ndarray) else v for v in inputs]
    return [*copies[:position], value, *copies[position + 1 :]]

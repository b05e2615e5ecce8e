"""Turning a trial into the part of a report that a student reads: inputs, answer, worst entry, and why."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from backprop_course.checking._along import along
from backprop_course.checking._leaves import Mismatch, kind_of, leaves
from backprop_course.checking._tolerance import right_answer
from backprop_course.checking._trial import Leaf, Trial
from backprop_course.checking.report import CaseResult, Entry
from backprop_course.exercises import Exercise

STEP = 0.01


def case_result(exercise: Exercise, trial: Trial, leaf: Leaf | None = None) -> CaseResult:
    """Describe a trial; with `leaf`, as evidence for what is wrong with that leaf."""
    if leaf is None:
        leaf = next((found for found in trial.leaves if not trial.passed and not found.passed), None)
    worst = _worst(leaf) if leaf is not None else None
    inputs = dict(zip(exercise.parameters, trial.case.inputs, strict=False))
    return CaseResult(
        why=trial.case.why,
        shapes={name: np.shape(value) for name, value in inputs.items() if isinstance(value, np.ndarray)},
        passed=trial.passed,
        worst=worst,
        inputs=inputs,
        outputs={leaf.name: leaf.got} if leaf is not None else _shown(trial),
        note=_note(exercise, trial, leaf, worst) if leaf is not None and worst is not None else "",
        leaves=trial.leaves or tuple(_unanswered(exercise, trial)),
        comparable=bool(trial.leaves),
    )


def _unanswered(exercise: Exercise, trial: Trial) -> Iterator[Leaf]:
    """Right arrays beside nan, where the answer has none to compare."""
    if exercise.judge is not None or trial.case.raises:
        return
    expected = right_answer(exercise, trial.case.inputs)
    for walked in leaves(expected, expected, exercise.returns):
        if not isinstance(walked, Mismatch):
            name, right, _ = walked
            yield Leaf(name, right, np.full(right.shape, np.nan), np.zeros(right.shape))


def _shown(trial: Trial) -> dict[str, Any]:
    """The answer as a whole, where its kind is the matter."""
    if trial.problem:
        return {"answer": trial.outcome.value}
    return {"answer": kind_of(trial.outcome.value)} if trial.mismatch else {}


def _worst(leaf: Leaf) -> Entry | None:
    if leaf.worst is None:
        return None
    return Entry(leaf.name, leaf.worst, float(leaf.got[leaf.worst]), float(leaf.expected[leaf.worst]))


def _note(exercise: Exercise, trial: Trial, leaf: Leaf, worst: Entry) -> str:
    """What the function does when the input behind the worst entry moves, or the right value."""
    expected = f"expected {number(worst.expected)}"
    inputs = dict(zip(exercise.parameters, trial.case.inputs, strict=False))
    moved = None if trial.case.kink else along(exercise, inputs, leaf, worst.index)
    if moved is None:
        return expected
    parameter, change = leaf.name.removeprefix("d"), moved.change(moved.at + STEP)
    if change == 0:
        return f"the output does not change when this {parameter} moves, so its gradient is 0"
    subject = f"the sum of {exercise.upstream} * output" if exercise.upstream else "the loss"
    return f"{expected}: when this {parameter} grows by {STEP}, {subject} changes by {number(change)}"


def number(x: float) -> str:
    """Four significant digits, without a trailing ".0" or "-0"."""
    return f"{x + 0.0:.4g}"

"""Turning a trial into the part of a report that a student reads: inputs, answer, worst entry, and why."""

from typing import Any

import numpy as np

from backprop_course.checking._leaves import kind_of
from backprop_course.checking._trial import Leaf, Trial
from backprop_course.checking.report import CaseResult, Entry
from backprop_course.exercises import Exercise
from backprop_course.exercises.functions import resolve

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
    )


def _shown(trial: Trial) -> dict[str, Any]:
    """The answer as a whole, where its kind is the matter."""
    if trial.problem:
        return {"answer": trial.outcome.value}
    return {"answer": kind_of(trial.outcome.value)} if trial.mismatch else {}


def _worst(leaf: Leaf) -> Entry | None:
    """The entry whose error is largest in units of what round-off allows."""
    if leaf.got.shape != leaf.expected.shape or not leaf.wrong.any():
        return None
    error = np.abs(np.subtract(leaf.got, leaf.expected, dtype=np.float64)) / np.maximum(
        leaf.tolerance, 1e-300
    )
    error = np.where(leaf.wrong, np.nan_to_num(error, nan=np.inf, posinf=np.finfo(float).max), -1.0)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape))
    return Entry(leaf.name, index, float(leaf.got[index]), float(leaf.expected[index]))


def _note(exercise: Exercise, trial: Trial, leaf: Leaf, worst: Entry) -> str:
    """What the function does when the input behind the worst entry moves, or the right value."""
    expected = f"expected {number(worst.expected)}"
    parameter = leaf.name.split("[", 1)[0].removeprefix("d")
    if exercise.forward is None or trial.case.kink or parameter not in exercise.parameters:
        return expected
    change = _change(exercise, trial, parameter, worst.index)
    if change is None:
        return expected
    if change == 0:
        return f"the output does not change when this {parameter} moves, so its gradient is 0"
    subject = f"the sum of {exercise.upstream} * output" if exercise.upstream else "the loss"
    return f"{expected}: when this {parameter} grows by {STEP}, {subject} changes by {number(change)}"


def _change(exercise: Exercise, trial: Trial, parameter: str, index: tuple[int, ...]) -> float | None:
    """Change of the loss when one entry of one input grows by `STEP`; None where that can't be computed."""
    assert exercise.forward is not None
    given = dict(zip(exercise.parameters, resolve(trial.case.inputs), strict=False))
    dy = np.asarray(given.pop(exercise.upstream)) if exercise.upstream else np.array(1.0)
    if parameter not in given or np.shape(given[parameter])[: len(index)] != np.shape(given[parameter]):
        return None
    before = np.asarray(exercise.forward(*given.values()))
    moved = np.array(given[parameter], np.float64)
    moved[index] += STEP
    after = np.asarray(exercise.forward(*{**given, parameter: moved}.values()))
    return float((dy * (after - before)).sum())


def number(x: float) -> str:
    """Four significant digits, without a trailing ".0" or "-0"."""
    return f"{x + 0.0:.4g}"

"""Rules that change one argument and look at what the answer does.

What they see is true, and rarely tells what the mistake is called: mostly it goes under the vague name.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake
from backprop_course.exercises import Mistake

TRIALS = 2  # wrong trials that are asked again


def not_linear(output: OutputEvidence) -> Mistake | None:
    """A backward pass that is not proportional to the upstream gradient, as each one is."""
    if output.exercise.upstream is None:
        return None
    for trial, _ in [pair for pair in output.wrong if not pair[0].case.kink][:TRIALS]:
        dy = np.asarray(trial.case.inputs[0])
        pairs = [output.with_upstream(trial, k * dy) for k in (0.0, 1.0, 2.0, -1.0)]
        broken = _broken_law(*(pair[0] for pair in pairs if pair)) if all(pairs) else None
        if broken:
            slug, says, hint = broken
            return mistake(output, slug, says, hint)
    return None


def _broken_law(zero: Array, one: Array, two: Array, minus: Array) -> tuple[str, str, str] | None:
    """Which law of linear functions is broken by the values at 0, 1, 2 and -1 times an argument, if any."""
    often = "How often does {upstream} stand in each product of your formula?"
    if np.nan_to_num(zero).any():
        return "wrong-value", "{output} is not right: not all of it is 0 when {upstream} is 0.", often
    if not _same(two, 2 * one):  # a factor of 2 costs no round-off
        return "wrong-local-derivative", "{output} does not double when {upstream} doubles.", often
    if not _same(minus, -1 * one):
        says = "{output} does more than change its sign when {upstream} does."
        return "wrong-mask", says, "The forward pass decides what passes, and it knows nothing of {upstream}."
    return None


def depends(output: OutputEvidence) -> Mistake | None:
    """An input that moves the right value and not the student's, or the reverse."""
    exercise = output.exercise
    for i, parameter in enumerate(exercise.parameters if exercise.analytic else ()):
        moves = {_moves(output, trial, i) for trial, _ in output.wrong[:TRIALS]}
        if moves == {(False, True)}:
            says = f"{{output}} is not right: it does not change when {parameter} changes, and it should."
            return mistake(output, "wrong-value", says, f"Where does {parameter} enter the derivative?")
        if moves == {(True, False)}:
            says = f"{{output}} is not right: it changes when {parameter} changes, and it should not."
            return mistake(output, "wrong-value", says, f"What takes {parameter} into your formula?")
    return None


def _moves(output: OutputEvidence, trial: Trial, i: int) -> tuple[bool, bool] | None:
    """Whether the student's and the right value move with the i-th argument; None where nothing tells."""
    inputs = trial.case.inputs
    before = None if trial.case.kink or i >= len(inputs) else output.at(trial, inputs)
    if before is None:
        return None
    tried = [_at(output, trial, (*inputs[:i], other, *inputs[i + 1 :])) for other in _others(inputs[i])]
    after = [pair for pair in tried if pair is not None]
    if not after:
        return None
    mine, right = (any(not _same(pair[k], before[k]) for pair in after) for k in (0, 1))
    return mine, right


def _others(value: Any) -> Iterator[Any]:
    """Yield a near value and a far one, for floats and arrays of floats."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64):
        yield 0.9 * value + 0.01
        yield 0.5 - value


def _at(output: OutputEvidence, trial: Trial, inputs: tuple[Any, ...]) -> tuple[Array, Array] | None:
    try:
        return output.at(trial, inputs)
    except ValueError:  # the reference refuses such inputs
        return None


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-300, equal_nan=True)

"""One case tried: what was asked, what came back, and which entries of it are right."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._call import Outcome
from backprop_course.checking._leaves import Mismatch, leaves
from backprop_course.checking._tolerance import right_answer, tolerances
from backprop_course.exercises import Case, Exercise, Problem
from backprop_course.numerical import subgradient_violation

Ask = Callable[[Case], Outcome]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One returned array beside the right one.

    Attributes
    ----------
    name : str
        As in `Exercise.returns`, with an index for entries of lists: ``dweights[1]``.
    expected, got, tolerance : ndarray
        Same shape, but for `got`, whose shape may be wrong.
    """

    name: str
    expected: Array
    got: Array
    tolerance: Array

    @cached_property
    def wrong(self) -> Array:
        """Which entries are wrong. All of them where the shape is."""
        if self.got.shape != self.expected.shape:
            return np.ones(self.expected.shape, bool)
        return ~close(self.got, self.expected, self.tolerance)

    @cached_property
    def passed(self) -> bool:
        """Whether shape and every entry are right."""
        return self.got.shape == self.expected.shape and not self.wrong.any()

    @cached_property
    def worst(self) -> tuple[int, ...] | None:
        """Index of the wrong entry whose error is largest in units of what round-off allows."""
        if self.got.shape != self.expected.shape or not self.wrong.any():
            return None
        error = np.abs(np.subtract(self.got, self.expected, dtype=np.float64))
        error = np.nan_to_num(
            error / np.maximum(self.tolerance, 1e-300), nan=np.inf, posinf=np.finfo(float).max
        )
        flat = int(np.argmax(np.where(self.wrong, error, -1.0)))
        return tuple(int(i) for i in np.unravel_index(flat, error.shape))


def close(a: Array, b: Array, tolerance: Array | float) -> Array:
    """Entry by entry, whether two arrays agree within `tolerance`; equal infinities agree, nan never does."""
    with np.errstate(all="ignore"):
        return np.asarray((np.abs(np.subtract(a, b, dtype=np.float64)) <= tolerance) | (a == b))


@dataclass(frozen=True, eq=False)
class Trial:
    """A case with the answer to it.

    Attributes
    ----------
    case, outcome : Case, Outcome
        What was asked and what came back.
    expected : object
        The right answer.
    leaves : tuple of Leaf
        The returned arrays; empty where the answer's structure is wrong.
    mismatch : Mismatch or None
        What is wrong with the structure.
    problem : Problem or None
        What the exercise's own judge found.
    excused : bool
        Whether a different answer was accepted because it is another subgradient.
    """

    case: Case
    outcome: Outcome
    expected: Any = None
    leaves: tuple[Leaf, ...] = ()
    mismatch: Mismatch | None = None
    problem: Problem | None = None
    excused: bool = False

    @property
    def answered(self) -> bool:
        """Whether a value came back at all."""
        return self.outcome.raised is None and not self.outcome.timed_out and self.outcome.value is not None

    @property
    def passed(self) -> bool:
        """Whether the answer is right and the arguments are as they were."""
        if self.case.raises:
            return not (self.problem or self.outcome.mutated)
        sound = self.answered and not (self.mismatch or self.problem or self.outcome.mutated)
        return sound and (self.excused or all(leaf.passed for leaf in self.leaves))


def attempt(exercise: Exercise, case: Case, ask: Ask) -> Trial:
    """Ask for the answer to `case` and compare it with the right one."""
    outcome = ask(case)
    if case.raises:
        return Trial(case, outcome, problem=_not_refused(case, outcome))
    trial = Trial(case, outcome)
    if not trial.answered:
        return trial
    if exercise.judge is not None:
        return Trial(case, outcome, problem=exercise.judge(case.inputs, outcome.value))
    return compare(exercise, case, outcome)


def _not_refused(case: Case, outcome: Outcome) -> Problem | None:
    """What is wrong with the answer to inputs that should be refused."""
    if outcome.raised and case.raises in outcome.raised.ancestors:
        return None
    got = f"yours raises {outcome.raised}" if outcome.raised else "yours returns something"
    return Problem("missing-error", f"For these inputs the function should raise {case.raises}, and {got}.")


def compare(exercise: Exercise, case: Case, outcome: Outcome) -> Trial:
    """Compare an answer with the reference, leaf by leaf."""
    expected = right_answer(exercise, case.inputs)
    walked = list(leaves(expected, outcome.value, exercise.returns))
    mismatch = next((w for w in walked if isinstance(w, Mismatch)), None)
    if mismatch:
        return Trial(case, outcome, expected, mismatch=mismatch)
    found = [w for w in walked if not isinstance(w, Mismatch)]
    slack = tolerances(exercise, case, [np.asarray(e, np.float64) for _, e, _ in found])
    compared = tuple(Leaf(*w, tolerance) for w, tolerance in zip(found, slack, strict=True))
    return Trial(
        case, outcome, expected, compared, excused=case.kink and _is_subgradient(exercise, case, compared)
    )


def _is_subgradient(exercise: Exercise, case: Case, compared: tuple[Leaf, ...]) -> bool:
    """Whether an answer other than the reference's is in the subdifferential, for all outputs at once."""
    if exercise.forward is None or all(leaf.passed for leaf in compared):
        return False
    if any(leaf.got.shape != leaf.expected.shape or not np.isfinite(leaf.got).all() for leaf in compared):
        return False
    dy, inputs = (case.inputs[0], case.inputs[1:]) if exercise.upstream else (np.array(1.0), case.inputs)
    parameters = exercise.parameters[1:] if exercise.upstream else exercise.parameters
    gradients: dict[str, Any] = {leaf.name.removeprefix("d"): leaf.got for leaf in compared}
    by_input = [gradients.get(p) for p in parameters]
    return subgradient_violation(exercise.forward, inputs, dy, by_input) is None

"""All that is known about one function's answers, and experiments that find out more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._call import Outcome, call
from backprop_course.checking._leaves import Mismatch, leaves
from backprop_course.checking._tolerance import precision
from backprop_course.checking._trial import Ask, Leaf, Trial, close, compare
from backprop_course.exercises import Case, Exercise, WrongForm

READABLE = 20  # entries among the inputs of a case
PROBE_SIZE = 12  # entries of an upstream gradient up to which the whole Jacobian is probed


def is_integer_case(exercise: Exercise, case: Case) -> bool:
    """Whether every array among the inputs, but for the upstream gradient, holds integers."""
    arrays = list(flat(case.inputs[1:] if exercise.upstream else case.inputs))
    return bool(arrays) and all(a.dtype.kind == "i" for a in arrays)


def _floats(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "i":
        return value.astype(np.float64)
    if isinstance(value, list | tuple):
        return type(value)(map(_floats, value))
    return {key: _floats(v) for key, v in value.items()} if isinstance(value, dict) else value


def flat(value: Any) -> Iterator[Any]:
    """Yield the arrays, with at least one axis, in a nested value."""
    if isinstance(value, list | tuple):
        for v in value:
            yield from flat(v)
    elif isinstance(value, dict):
        yield from flat(list(value.values()))
    elif isinstance(value, np.ndarray) and value.ndim:
        yield value


def unreadable(trial: Trial) -> bool:
    """Whether a case has too many entries to take in at a glance; a sort key that keeps the order."""
    return bool(sum(a.size for a in flat(trial.case.inputs)) > READABLE)


def base_name(leaf: Leaf) -> str:
    """Name of the returned value that a leaf belongs to: ``dweights`` for ``dweights[1]``."""
    return leaf.name.split("[", 1)[0]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The trials of one function.

    Attributes
    ----------
    exercise : Exercise
        What was asked.
    trials : tuple of Trial
        What came back.
    ask : callable
        Puts a further case to the function.
    """

    exercise: Exercise
    trials: tuple[Trial, ...]
    ask: Ask

    @cached_property
    def failing(self) -> list[Trial]:
        """Trials that did not pass, those that can be read first."""
        return sorted((t for t in self.trials if not t.passed), key=unreadable)

    def outputs(self) -> Iterator["OutputEvidence"]:
        """Yield the returned values of which some entry is wrong, each with all its leaves."""
        wrong = {base_name(leaf) for t in self.trials if not t.passed for leaf in t.leaves if not leaf.passed}
        for name in self.exercise.returns:
            if name in wrong:
                yield OutputEvidence(self, name)

    def would_pass(self, change: Callable[[Any], Any]) -> bool:
        """Whether the answers would all be right, had they been changed by ``change(value)``."""
        answered = sorted((t for t in self.trials if t.answered), key=lambda t: t.case.kink)
        try:
            all_right = all(self._passes(t, change(t.outcome.value)) for t in answered)
            return all_right and not all(t.passed for t in answered)
        except (TypeError, IndexError, KeyError, ValueError):
            return False

    def _passes(self, trial: Trial, value: Any) -> bool:
        return compare(self.exercise, trial.case, replace(trial.outcome, value=value)).passed

    def passes_as_floats(self, trial: Trial) -> bool:
        """Whether a case with arrays of integers gets a right answer when they are floats."""
        if not any(a.dtype.kind == "i" for a in flat(trial.case.inputs)):
            return False
        outcome = self.ask(replace(trial.case, inputs=_floats(trial.case.inputs)))
        return outcome.value is not None and compare(self.exercise, trial.case, outcome).passed


@dataclass(frozen=True, eq=False)
class OutputEvidence:
    """What is known about one returned value.

    Attributes
    ----------
    evidence : Evidence
        Of the whole answer.
    name : str
        Of the returned value.
    """

    evidence: Evidence
    name: str

    @cached_property
    def pairs(self) -> list[tuple[Trial, Leaf]]:
        """Every leaf of this value, with its trial."""
        return [(t, leaf) for t in self.evidence.trials for leaf in t.leaves if base_name(leaf) == self.name]

    @cached_property
    def wrong(self) -> list[tuple[Trial, Leaf]]:
        """The wrong ones, of readable cases first."""
        found = [(t, leaf) for t, leaf in self.pairs if not leaf.passed and not t.passed]
        return sorted(found, key=lambda pair: unreadable(pair[0]))

    @cached_property
    def plain(self) -> list[tuple[Trial, Leaf]]:
        """Leaves of float64 cases away from kinks, which tell most; where those pass, the wrong ones too."""
        found = [(t, leaf) for t, leaf in self.pairs if self._is_plain(t.case)]
        if any(not leaf.passed for _, leaf in found):
            return found
        return found + [(t, leaf) for t, leaf in self.wrong if not self._is_plain(t.case)]

    def _is_plain(self, case: Case) -> bool:
        exact = precision(case.inputs) == np.float64 and not is_integer_case(self.evidence.exercise, case)
        return exact and not case.kink

    def matches(self, form: WrongForm) -> bool:
        """Whether a known wrong form gives the same values as the student's function."""
        return all(self._agrees(form, t, leaf) for t, leaf in self.plain)

    def _agrees(self, form: WrongForm, trial: Trial, leaf: Leaf) -> bool:
        outcome = call(form.function, trial.case.inputs)
        other = leaf_of(outcome, trial, leaf, self.evidence.exercise)
        if other is None or other.shape != leaf.got.shape:
            return False
        both_nan = np.isnan(other) & np.isnan(leaf.got)
        alike = close(leaf.got, other, _slack(leaf, other)) | both_nan
        return bool(np.all(alike | ~np.isfinite(other) & ~np.isfinite(leaf.got)))

    def with_upstream(self, trial: Trial, dy: Array) -> tuple[Array, Array] | None:
        """Student's and right value of this output, flattened, for another upstream gradient."""
        return self.at(trial, (dy, *trial.case.inputs[1:]))

    def at(self, trial: Trial, inputs: tuple[Any, ...]) -> tuple[Array, Array] | None:
        """Student's and right value of this output, flattened, for other inputs than a trial's."""
        exercise = self.evidence.exercise
        case = replace(trial.case, inputs=inputs)
        outcome = self.evidence.ask(case)
        if outcome.raised or outcome.timed_out or outcome.value is None:
            return None
        mine = [leaf for leaf in compare(exercise, case, outcome).leaves if base_name(leaf) == self.name]
        if not mine:
            return None
        return np.concatenate([m.got.ravel() for m in mine]), np.concatenate(
            [m.expected.ravel() for m in mine]
        )

    @cached_property
    def jacobians(self) -> tuple[Array, Array] | None:
        """Student's and right Jacobian (outputs by inputs), from one-hot upstream gradients."""
        if self.evidence.exercise.upstream is None:
            return None
        for trial, leaf in self.wrong:
            dy = np.asarray(trial.case.inputs[0])
            if dy.size <= PROBE_SIZE and not trial.case.kink and leaf.got.shape == leaf.expected.shape:
                rows = [self.with_upstream(trial, e.reshape(dy.shape)) for e in np.eye(dy.size)]
                found = [row for row in rows if row is not None]
                if len(found) == len(rows) and len({len(row[0]) for row in found}) == 1:
                    return np.stack([row[0] for row in found]), np.stack([row[1] for row in found])
        return None


def _slack(leaf: Leaf, other: Array) -> Array:
    """How far a known wrong form may be from the answer: round-off, and a tenth of the answer's own error."""
    slack = np.asarray(1e-9 * np.nan_to_num(np.abs(other), posinf=0.0))
    if leaf.tolerance.shape != other.shape:
        return slack
    error = np.nan_to_num(np.abs(np.subtract(leaf.got, leaf.expected, dtype=np.float64)), posinf=0.0)
    return np.where(leaf.wrong, np.minimum(slack, 0.1 * error), slack) + leaf.tolerance


def leaf_of(outcome: Outcome, trial: Trial, leaf: Leaf, exercise: Exercise) -> Array | None:
    """Find the leaf of the same name in another answer to the same case."""
    if outcome.value is None:
        return None
    for walked in leaves(trial.expected, outcome.value, exercise.returns):
        if not isinstance(walked, Mismatch) and walked[0] == leaf.name:
            return walked[2]
    return None

"""All that is known about one function's answers, and experiments that find out more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from backprop_course.arrays import Array, Nested, tree_leaves, tree_map
from backprop_course.checking._call import Outcome
from backprop_course.checking._leaves import Leaf, Mismatch, leaves
from backprop_course.checking._question import Question
from backprop_course.checking._source import Source
from backprop_course.checking._tolerance import precision
from backprop_course.checking._trial import Ask, Trial, trial
from backprop_course.exercises import Case, Exercise

READABLE = 20  # entries among the inputs of a case
PROBE_SIZE = 24  # entries of an upstream gradient up to which the whole Jacobian is probed

Pair = tuple[Trial, Leaf]


def arrays(value: Nested) -> list[Array]:
    """The arrays, with at least one axis, in a nested value."""
    return [leaf for leaf in tree_leaves(value) if isinstance(leaf, np.ndarray) and leaf.ndim]


def _as_floats(value: Nested) -> Nested:
    def one(leaf: Nested) -> Nested:
        is_integers = isinstance(leaf, np.ndarray) and leaf.dtype.kind == "i"
        return leaf.astype(np.float64) if is_integers else leaf

    return tree_map(one, value)


def _unreadable(asked: Trial) -> bool:
    """Whether a case has too many entries to take in at a glance; a sort key that keeps the order."""
    return sum(a.size for a in arrays(asked.case.inputs)) > READABLE


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
    read : callable
        Gives the text of the function, or an empty one.
    """

    exercise: Exercise
    trials: tuple[Trial, ...]
    ask: Ask
    read: Callable[[], str]

    @cached_property
    def source(self) -> Source:
        """The student's own text, read when a rule first wants to see it."""
        return Source(self.read())

    @cached_property
    def failing(self) -> list[Trial]:
        """Trials that did not pass, those that can be read first."""
        return sorted((t for t in self.trials if not t.passed), key=_unreadable)

    def outputs(self) -> Iterator["OutputEvidence"]:
        """Yield the returned values of which some entry is wrong, each with all its leaves."""
        wrong = {name for t in self.trials for name in _wrong_in(t)}
        sure = {name for t in self.trials if not t.case.kink for name in _wrong_in(t)}
        for name in self.exercise.returns:
            if name in sure or (name in wrong and not (sure and self._is_right_but_for_others(name))):
                yield OutputEvidence(self, name)

    def _is_right_but_for_others(self, name: str) -> bool:
        """Whether a value is one of the right ones at each kink, once the others there are right.

        The values of a case are accepted together: a wrong one at a kink takes right ones along.
        """
        asked = [t for t in self.trials if name in _wrong_in(t)]
        return all(trial(t.question, replace(t.outcome, value=_alone(t, name))).passed for t in asked)

    def all_outputs(self) -> list["OutputEvidence"]:
        """Every returned value, right or wrong."""
        return [OutputEvidence(self, name) for name in self.exercise.returns]

    @cached_property
    def written_size(self) -> str:
        """The student's line that makes an array of one size, where the cases ask for several."""
        sizes = {tuple(leaf.expected.shape for leaf in t.question.leaves) for t in self.trials}
        return self.source.line("size in numbers") if len(sizes) > 1 else ""

    @cached_property
    def by_entry(self) -> bool:
        """Whether the exercise works entry by entry: arrays of a case have one shape, that of the answer."""
        for t in self.trials:
            shapes = {a.shape for a in arrays(t.case.inputs)} | {r.expected.shape for r in t.question.leaves}
            if len(shapes - {()}) > 1:
                return False
        return len(self.exercise.parameters) == 1 or any(arrays(t.case.inputs) for t in self.trials)

    @cached_property
    def sums_upstream(self) -> bool:
        """Whether some entry of a right answer adds up several entries of the upstream gradient."""
        if self.exercise.upstream is None:
            return True
        small = [t for t in self.trials if 1 < np.size(t.case.inputs[0]) <= PROBE_SIZE]
        return not small or any(_adds_up(t) for t in small)

    def would_pass(self, change: Callable[[Nested], Nested]) -> bool:
        """Whether the answers would all be right, had they been changed by ``change(value)``."""
        answered = sorted((t for t in self.trials if t.answered), key=lambda t: t.case.kink)
        if all(t.passed for t in answered):
            return False
        try:
            return all(
                trial(t.question, replace(t.outcome, value=change(t.outcome.value))).passed for t in answered
            )
        except (TypeError, IndexError, KeyError, ValueError):
            return False

    def passes_as_floats(self, asked: Trial, name: str = "") -> bool:
        """Whether a case with integer arrays gets a right answer, or value `name`, when they are floats."""
        if not any(a.dtype.kind == "i" for a in arrays(asked.case.inputs)):
            return False
        outcome = self.ask(replace(asked.case, inputs=_as_floats(asked.case.inputs)))
        again = trial(asked.question, outcome)
        if not name or not again.leaves:
            return again.passed
        return all(leaf.passed for leaf in again.leaves if leaf.base_name == name)


def _wrong_in(asked: Trial) -> set[str]:
    return set() if asked.passed else {leaf.base_name for leaf in asked.leaves if not leaf.passed}


def _alone(asked: Trial, name: str) -> Nested:
    """One value of an answer, among right ones."""
    values = zip(asked.question.exercise.returns, asked.outcome.value, asked.question.expected, strict=True)
    return tuple(got if returned == name else right for returned, got, right in values)


def _adds_up(asked: Trial) -> bool:
    dy = np.asarray(asked.case.inputs[0])
    count: Array = np.zeros(1)
    for unit in np.eye(dy.size):
        inputs = (unit.reshape(dy.shape), *asked.case.inputs[1:])
        right = Question(asked.question.exercise, replace(asked.case, inputs=inputs)).expected
        count = count + np.concatenate([np.ravel(leaf) != 0 for leaf in tree_leaves(right)])
    return bool(np.max(count) > 1)


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

    @property
    def exercise(self) -> Exercise:
        """What was asked."""
        return self.evidence.exercise

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every leaf of this value, with its trial."""
        return [(t, leaf) for t in self.evidence.trials for leaf in t.leaves if leaf.base_name == self.name]

    @cached_property
    def wrong(self) -> list[Pair]:
        """The wrong ones, of readable cases first."""
        found = [(t, leaf) for t, leaf in self.pairs if not leaf.passed and not t.passed]
        return sorted(found, key=lambda pair: _unreadable(pair[0]))

    @cached_property
    def plain(self) -> list[Pair]:
        """Leaves of float64 cases away from kinks, which tell most; where those pass, the wrong ones too."""
        found = [(t, leaf) for t, leaf in self.pairs if self._is_plain(t.case)]
        if any(not leaf.passed for _, leaf in found):
            return found
        return found + [(t, leaf) for t, leaf in self.wrong if not self._is_plain(t.case)]

    @property
    def comparable(self) -> list[Pair]:
        """The wrong answers that tell most, where all of them can be laid beside the right ones."""
        wrong = [(t, leaf) for t, leaf in self.plain if not leaf.passed]
        return wrong if all(leaf.fits and np.isfinite(leaf.got).all() for _, leaf in wrong) else []

    def _is_plain(self, case: Case) -> bool:
        inputs = arrays(case.inputs[1:] if self.exercise.upstream else case.inputs)
        integers = bool(inputs) and all(a.dtype.kind == "i" for a in inputs)
        return precision(case.inputs) == np.float64 and not integers and not case.kink

    @cached_property
    def only_not_finite(self) -> bool:
        """Whether nothing is wrong but nan or infinity in the place of numbers."""
        return all(leaf.fits and not np.isfinite(leaf.got[leaf.wrong]).any() for _, leaf in self.wrong)

    def with_upstream(self, asked: Trial, dy: Array) -> tuple[Array, Array] | None:
        """Student's and right value of this output, flattened, for another upstream gradient."""
        return self.at(asked, (dy, *asked.case.inputs[1:]))

    def at(self, asked: Trial, inputs: tuple[Nested, ...]) -> tuple[Array, Array] | None:
        """Student's and right value of this output, flattened, for other inputs than a trial's."""
        question = Question(self.exercise, replace(asked.case, inputs=inputs))
        outcome = self.evidence.ask(question.case)
        if outcome.raised or outcome.timed_out or outcome.value is None:
            return None
        walked = list(leaves(question.expected, outcome.value, self.exercise.returns))
        mine = [w for w in walked if not isinstance(w, Mismatch) and w[0].split("[", 1)[0] == self.name]
        if not mine or (len(mine) < len(walked) and any(isinstance(w, Mismatch) for w in walked)):
            return None
        return np.concatenate([got.ravel() for _, _, got in mine]), np.concatenate(
            [expected.ravel() for _, expected, _ in mine]
        )

    @property
    def is_derivative(self) -> bool:
        """Whether the value is a derivative, and not what a function gives."""
        return self.name.startswith("d") or self.name in ("J", "H", "gradient", "partial", "total")

    @property
    def is_like_upstream(self) -> bool:
        """Whether every entry belongs to one of the upstream gradient's, in the same place."""
        return all(np.shape(t.case.inputs[0]) == leaf.expected.shape for t, leaf in self.pairs)

    @property
    def jacobians(self) -> tuple[Array, Array] | None:
        """Student's and right Jacobian (entries of the upstream gradient by entries of this value)."""
        return self.probed and self.probed[1:]

    @cached_property
    def probed(self) -> tuple[Pair, Array, Array] | None:
        """A wrong answer, with both Jacobians there from one-hot upstream gradients."""
        if self.exercise.upstream is None:
            return None
        # Several rows show whether they stand by themselves, and zeros alone show nothing.
        for asked, leaf in sorted(
            self.wrong,
            key=lambda pair: (not pair[1].got.any(), np.shape(pair[0].case.inputs[0])[:-1] in ((), (1,))),
        ):
            dy = np.asarray(asked.case.inputs[0])
            if dy.size <= PROBE_SIZE and not asked.case.kink and leaf.fits:
                rows = [self.with_upstream(asked, e.reshape(dy.shape)) for e in np.eye(dy.size)]
                found = [row for row in rows if row is not None]
                if len(found) == len(rows) and len({len(row[0]) for row in found}) == 1:
                    mine, right = (np.stack([row[k] for row in found]) for k in (0, 1))
                    return (asked, leaf), mine, right
        return None


def leaf_of(outcome: Outcome, asked: Trial, leaf: Leaf) -> Array | None:
    """Find the leaf of the same name in another answer to the same case."""
    if outcome.value is None:
        return None
    question = asked.question
    for walked in leaves(question.expected, outcome.value, question.exercise.returns):
        if not isinstance(walked, Mismatch) and walked[0] == leaf.name:
            return walked[2]
    return None

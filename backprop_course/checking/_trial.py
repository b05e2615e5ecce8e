"""One question asked: what came back, and which entries of it are right."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._call import Outcome, call
from backprop_course.checking._leaves import Leaf, Mismatch, close, leaves
from backprop_course.checking._question import Question
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.exercises import Case, Mistake
from backprop_course.numerical import subgradient_violation

Ask = Callable[[Case], Outcome]


@dataclass(frozen=True, eq=False)
class Trial:
    """A question with the answer to it.

    Attributes
    ----------
    question, outcome : Question, Outcome
        What was asked and what came back.
    leaves : tuple of Leaf
        The returned arrays; empty where the answer's structure is wrong.
    mismatch : Mismatch or None
        What is wrong with the structure.
    mistake : Mistake or None
        What the exercise's own `find_mistake` found, or the exception that was not raised.
    excused : bool
        Whether a different answer was accepted: another subgradient, or one that is also right.
    """

    question: Question
    outcome: Outcome
    leaves: tuple[Leaf, ...] = ()
    mismatch: Mismatch | None = None
    mistake: Mistake | None = None
    excused: bool = False

    @property
    def case(self) -> Case:
        """What was asked."""
        return self.question.case

    @property
    def answered(self) -> bool:
        """Whether a value came back at all."""
        return self.outcome.raised is None and not self.outcome.timed_out and self.outcome.value is not None

    @property
    def passed(self) -> bool:
        """Whether the answer is right and the arguments are as they were."""
        if self.case.raises:
            return not (self.mistake or self.outcome.mutated)
        sound = self.answered and not (self.mismatch or self.mistake or self.outcome.mutated)
        return sound and (self.excused or all(leaf.passed for leaf in self.leaves))

    @property
    def hopeless(self) -> bool:
        """Whether further cases would tell nothing new: no answer is written, or no end."""
        return self.outcome.timed_out or self.unwritten

    @property
    def unwritten(self) -> bool:
        """Whether the function is the stub."""
        return self.outcome.raised is not None and self.outcome.raised.kind == "NotImplementedError"


def trial(question: Question, outcome: Outcome) -> Trial:
    """Compare what came back with the right answer."""
    case, exercise = question.case, question.exercise
    if case.raises:
        return Trial(question, outcome, mistake=_not_refused(case, outcome))
    unjudged = Trial(question, outcome)
    if not unjudged.answered:
        return unjudged
    if exercise.find_mistake is not None:
        return Trial(question, outcome, mistake=exercise.find_mistake(case.inputs, outcome.value))
    compared = question.compare(outcome.value)
    if isinstance(compared, Mismatch):
        return Trial(question, outcome, mismatch=compared)
    excused = (case.kink and _is_subgradient(question, compared)) or _is_also_right(question, compared)
    return Trial(question, outcome, compared, excused=excused)


def _is_also_right(question: Question, compared: tuple[Leaf, ...]) -> bool:
    """Whether another answer that is right has these values."""
    for function in question.exercise.also_right:
        found = leaves(
            question.expected, call(function, question.case.inputs).value, question.exercise.returns
        )
        others = [walked[2] for walked in found if not isinstance(walked, Mismatch)]
        pairs = zip(compared, others, strict=True)
        if all(leaf.fits and close(leaf.got, other, leaf.tolerance).all() for leaf, other in pairs):
            return True
    return False


def _not_refused(case: Case, outcome: Outcome) -> Mistake | None:
    """What is wrong with the answer to inputs that should be refused."""
    if outcome.raised and case.raises in outcome.raised.ancestors:
        return None
    slug, got = "missing-error", "yours returns something"
    if outcome.raised:
        slug, got = "raised-error", f"yours raises {outcome.raised}"
    says = f"For these inputs the function should raise {case.raises}, and {got}."
    return Mistake(slug, says, CATALOGUE["missing-error"].hint)


def _is_subgradient(question: Question, compared: tuple[Leaf, ...]) -> bool:
    """Whether an answer other than the reference's is in the subdifferential, for all outputs at once."""
    if question.exercise.forward is None or all(leaf.passed for leaf in compared):
        return False
    if not all(leaf.fits and np.isfinite(leaf.got).all() for leaf in compared):
        return False
    return _in_subdifferential(question, tuple((leaf.got.dtype.str, leaf.got.tobytes()) for leaf in compared))


@lru_cache(maxsize=512)  # a whole class gives the same few answers at a kink
def _in_subdifferential(question: Question, answers: tuple[tuple[str, bytes], ...]) -> bool:
    exercise, case = question.exercise, question.case
    assert exercise.forward is not None
    dy, inputs = (case.inputs[0], case.inputs[1:]) if exercise.upstream else (np.array(1.0), case.inputs)
    parameters = exercise.parameters[1:] if exercise.upstream else exercise.parameters
    gradients: dict[str, Array] = {
        leaf.name.removeprefix("d"): np.frombuffer(got, dtype).reshape(leaf.expected.shape)
        for leaf, (dtype, got) in zip(question.leaves, answers, strict=True)
    }
    by_input = [gradients.get(p) for p in parameters]
    return subgradient_violation(exercise.forward, inputs, dy, by_input) is None

"""What is asked, with the right answer and how near to it an answer must be: prepared once, asked often."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from backprop_course.arrays import Array, Nested, tree_map
from backprop_course.checking._leaves import Leaf, Mismatch, leaves
from backprop_course.checking._tolerance import right_answer, tolerances
from backprop_course.exercises import Case, Exercise

SEEN = 0  # the seed of a notebook's cases; those of a class's secret seed stay secret


@dataclass(frozen=True, eq=False)
class Question:
    """A case of an exercise. The right answer is computed when it is first needed, and kept.

    Attributes
    ----------
    exercise, case : Exercise, Case
        What is asked; the arrays of the case are read-only.
    position : int or None
        Of the case among those that students see; None for any other.
    """

    exercise: Exercise
    case: Case
    position: int | None = None

    @property
    def comparable(self) -> bool:
        """Whether there is one right answer to compare with."""
        return self.exercise.find_mistake is None and not self.case.raises

    @cached_property
    def expected(self) -> Nested:
        """The right answer, read-only."""
        with np.errstate(all="ignore"):
            return tree_map(_read_only, right_answer(self.exercise, self.case.inputs))

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every array of the right answer with its tolerance, nan in the place of an answer."""
        if not self.comparable:
            return ()
        found = [
            walked
            for walked in leaves(self.expected, self.expected, self.exercise.returns)
            if not isinstance(walked, Mismatch)
        ]
        slack = tolerances(self.exercise, self.case, [np.asarray(e, np.float64) for _, e, _ in found])
        return tuple(
            Leaf(name, right, _read_only(np.full(right.shape, np.nan)), _read_only(tolerance))
            for (name, right, _), tolerance in zip(found, slack, strict=True)
        )

    def compare(self, value: Nested) -> tuple[Leaf, ...] | Mismatch:
        """Lay an answer beside the right one, leaf by leaf; or say where its structure differs."""
        walked = list(leaves(self.expected, value, self.exercise.returns))
        for found in walked:
            if isinstance(found, Mismatch):
                return found
        answers = [found[2] for found in walked if not isinstance(found, Mismatch)]
        return tuple(replace(leaf, got=got) for leaf, got in zip(self.leaves, answers, strict=True))


@lru_cache(maxsize=256)
def questions(exercise: Exercise, seed: int) -> tuple[Question, ...]:
    """All questions of an exercise, kept: a second check, or the next student, costs no right answers."""
    return tuple(_prepared(exercise, seed))


def _prepared(exercise: Exercise, seed: int) -> Iterator[Question]:
    for position, case in enumerate(exercise.cases(np.random.default_rng(seed))):
        asked = replace(case, inputs=tree_map(_read_only, case.inputs))
        yield Question(exercise, asked, position if seed == SEEN else None)


def _read_only(value: Nested) -> Nested:
    if not isinstance(value, np.ndarray):
        return value
    kept: Array = value.copy()
    kept.setflags(write=False)
    return kept

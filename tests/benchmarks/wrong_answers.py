"""Wrong answers through plain tests: ``python -m tests.benchmarks.wrong_answers``.

How many of the corpus's wrong backward passes get through ``np.allclose`` with the right answer on one case,
drawn at random from the exercise's own away from kinks; the same with an upstream of ones; and `check`.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from backprop_course import exercises
from backprop_course.arrays import tree_leaves
from backprop_course.checking._call import call
from tests.mistakes import WRONG
from tests.mistakes._corpus import Specimen, named

DRAWS = 3


def one_case(exercise: exercises.Exercise, seed: int) -> exercises.Case:
    """Draw one ordinary case of an exercise."""
    rng = np.random.default_rng(seed)
    cases = [case for case in exercise.cases(rng) if not (case.kink or case.raises)]
    return cases[rng.integers(len(cases))]


def with_ones(case: exercises.Case) -> exercises.Case:
    """Replace the upstream gradient, the first argument of a backward pass, by ones."""
    return replace(case, inputs=(np.ones_like(np.asarray(case.inputs[0], float)), *case.inputs[1:]))


def all_close(answer: Any, right: Any) -> bool:
    """Compare as a course's assertion does: ``np.allclose``, array by array."""
    try:
        pairs = zip(tree_leaves(answer), tree_leaves(right), strict=True)
        return all(np.allclose(a, b) for a, b in pairs)
    except Exception:  # what NumPy cannot compare fails the assertion too
        return False


def passes(specimen: Specimen, case: exercises.Case) -> bool:
    """Whether a wrong answer agrees with the reference on one case."""
    exercise = exercises.get(specimen.exercise)
    answer, right = (call(f, case.inputs, time_limit=1.0) for f in (specimen.function, exercise.reference))
    return answer.raised is None and not answer.timed_out and all_close(answer.value, right.value)


def main() -> None:
    """Print how many wrong answers each way of checking lets through."""
    backward = [s for s in WRONG if next(iter(exercises.get(s.exercise).signature.parameters)) == "dy"]
    print(f"{'let through, mean of ' + str(DRAWS) + ' draws':<44}{'wrong answers':>14}{'pass':>8}")
    for what, change in (
        ("np.allclose, one case", lambda case: case),
        ("the same with an upstream of ones", with_ones),
    ):
        counts = [
            sum(passes(s, change(one_case(exercises.get(s.exercise), seed))) for s in backward)
            for seed in range(DRAWS)
        ]
        print(f"{what:<44}{len(backward):>14}{np.mean(counts):>8.1f}")
    print(f"{'check':<44}{len(backward):>14}{sum(not named(s) for s in backward):>8.1f}")


if __name__ == "__main__":
    main()

"""How fast `check` answers: ``python -m tests.benchmarks.evaluate_speed``.

For every exercise, the time of one evaluation of a right answer and the slowest of its known wrong ones. The
yardstick is one bare run of the same cases through the reference solution, measured beside it.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from backprop_course import evaluate, exercises
from backprop_course.checking._call import call


def _milliseconds(function: Callable[[], object], repeat: int = 5) -> float:
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return 1e3 * statistics.median(times)


def _bare_calls(exercise: exercises.Exercise, cases: list[exercises.Case]) -> None:
    for case in cases:
        call(exercise.reference, case.inputs)


def main(names: Sequence[str] = ()) -> None:
    """Print milliseconds by exercise, and the slowest."""
    right, wrong = {}, {}
    print(f"{'exercise':<34}{'right':>9}{'worst wrong':>13}{'bare calls':>12}   (ms)")
    for name in names or [name for name in exercises.names() if name != "train"]:
        exercise = exercises.get(name)
        cases = list(exercise.cases(np.random.default_rng(0)))
        bare = _milliseconds(partial(_bare_calls, exercise, cases))
        right[name] = _milliseconds(partial(evaluate, name, exercise.reference))
        wrong[name] = max(_milliseconds(partial(evaluate, name, form.function), 1) for form in exercise.wrong)
        print(f"{name:<34}{right[name]:>9.1f}{wrong[name]:>13.1f}{bare:>12.1f}")
    both = [*right.values(), *wrong.values()]
    print(f"median {statistics.median(both):.1f} ms, slowest {max(both):.1f} ms")


if __name__ == "__main__":
    main()

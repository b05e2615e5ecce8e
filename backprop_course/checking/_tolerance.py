r"""How far a right answer may be from the reference: as far as round-off in the inputs could carry it.

A right answer in another form (a loop, another order of summation) is the exact answer to inputs that differ
in their last digits. So we move every input by a small relative amount, see how far each entry of the
reference moves, and scale that down to the size of round-off. A sum that cancels gets the slack it needs; an
entry of size 1e-9 beside entries of size 1 gets none that it does not need.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_course.arrays import Array, Nested, tree_leaves, tree_map
from backprop_course.checking._call import fresh
from backprop_course.checking._leaves import Mismatch, leaves
from backprop_course.exercises import Case, Exercise
from backprop_course.exercises.functions import resolve

DRAWS = 3
STEP = 1e-6
UNITS = 400  # of round-off; random sums of the sizes used here stay below 50


def precision(value: Nested) -> np.dtype[Any]:
    """Lowest floating precision among the arrays in a nested value; float64 where there is none."""
    found = [leaf.dtype for leaf in tree_leaves(value) if isinstance(leaf, np.ndarray | np.floating)]
    return min((d for d in found if d.kind == "f"), key=lambda d: d.itemsize, default=np.dtype(np.float64))


def _map_floats(change: Callable[[Array], Array], value: Nested) -> Nested:
    return tree_map(lambda a: change(np.asarray(a, np.float64)) if _is_float(a) else a, value)


def _is_float(leaf: Any) -> bool:
    return isinstance(leaf, float | np.ndarray | np.floating) and np.asarray(leaf).dtype.kind == "f"


def _nudge(value: Nested, rng: np.random.Generator) -> Nested:
    return _map_floats(lambda a: a * (1 + STEP * rng.choice([-1.0, 1.0], size=a.shape)), value)


def right_answer(exercise: Exercise, inputs: tuple[Any, ...]) -> Nested:
    """Answer of the reference, in float64 whatever the precision of the inputs."""
    return exercise.reference(*resolve(fresh(_map_floats(np.copy, inputs))))


def tolerances(exercise: Exercise, case: Case, expected: list[Array]) -> list[Array]:
    """Absolute tolerance for every entry of every leaf of a right answer.

    Parameters
    ----------
    exercise, case : Exercise, Case
        What was asked. At kinks only the upstream gradient is moved: moving the others would leave the kink.
    expected : list of ndarray
        Leaves of the reference's answer.
    """
    if exercise.rtol is not None:
        return [exercise.rtol * (np.abs(e) + 1e-3 * _largest(e)) + 1e-300 for e in expected]
    dtype = precision(case.inputs)
    eps = float(np.finfo(dtype).eps)
    movement = [np.zeros(np.shape(e)) for e in expected]
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        moved = case.inputs if case.kink else _nudge(case.inputs, rng)
        if case.kink and exercise.upstream:
            moved = (_nudge(case.inputs[0], rng), *case.inputs[1:])
        for m, e, a in zip(movement, expected, _reference_leaves(exercise, moved), strict=False):
            if a.shape == np.shape(e):
                np.maximum(m, np.nan_to_num(np.abs(a - e), nan=0.0, posinf=0.0), out=m)
    # where the right answer is 0 all over, it may be the difference of numbers as large as the inputs
    inputs = max((_largest(np.asarray(a)) for a in tree_leaves(case.inputs) if _is_float(a)), default=0.0)
    floor = [np.abs(e) + 0.01 * (_largest(e) or inputs) for e in expected]
    return [UNITS * eps * (m / STEP + f) for m, f in zip(movement, floor, strict=True)]


def _largest(e: Array) -> float:
    finite = np.abs(e[np.isfinite(e)])
    return float(finite.max()) if finite.size else 0.0


def _reference_leaves(exercise: Exercise, inputs: tuple[Any, ...]) -> list[Array]:
    with np.errstate(all="ignore"):
        answer = right_answer(exercise, inputs)
    return [leaf[1] for leaf in leaves(answer, answer, exercise.returns) if not isinstance(leaf, Mismatch)]

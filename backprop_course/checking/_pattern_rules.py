"""Rules that look at where a gradient is zero: the Jacobian probed with one-hot upstream gradients."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._words import mistake
from backprop_course.exercises import Mistake


def jacobian_pattern(output: OutputEvidence) -> Mistake | None:
    """What the student's whole Jacobian, probed with one-hot upstream gradients, has in the wrong place."""
    if output.jacobians is None:
        return None
    mine, right = output.jacobians
    scale = 1e-9 * max(float(np.abs(right).max()), 1e-300)
    here, there = np.abs(mine) > scale, np.abs(right) > scale
    agree = np.abs(mine - right) <= 1e3 * scale
    slug = _pattern(here, there, agree)
    return mistake(output, slug) if slug else None


def value_pattern(output: OutputEvidence) -> Mistake | None:
    """The same, read off the values of a gradient that has no upstream gradient to probe with."""
    leaves = [leaf for _, leaf in output.plain if leaf.got.shape == leaf.expected.shape and not leaf.passed]
    if not leaves or not _is_derivative(output.name) or output.exercise.upstream is not None:
        return None
    slugs = {_pattern_of_values(leaf) for leaf in leaves}
    return mistake(output, slugs.pop()) if len(slugs) == 1 and "" not in slugs else None


def _is_derivative(name: str) -> bool:
    return name.startswith("d") or name in ("J", "H")


def _pattern_of_values(leaf: Leaf) -> str:
    scale = 1e-9 * max(float(np.abs(leaf.expected).max(initial=0.0)), 1e-300)
    here, there = np.abs(leaf.got) > scale, np.abs(leaf.expected) > scale
    return _pattern(here.reshape(1, -1), there.reshape(1, -1), ~leaf.wrong.reshape(1, -1)) or ""


def _pattern(here: Array, there: Array, agree: Array) -> str | None:
    square = here.shape[0] == here.shape[1]
    off = np.eye(*here.shape) == 0
    if square and len(here) > 1 and not here[off].any() and there[off].any() and here.any():
        return "diagonal-jacobian"
    if not here.any():
        return None
    if agree.all():
        return None
    if (here == there).all():
        return "wrong-local-derivative"
    if not (here & ~there).any() and agree[here].all():
        return "dropped-path"
    if agree[here & there].all():
        return "wrong-mask"
    return None

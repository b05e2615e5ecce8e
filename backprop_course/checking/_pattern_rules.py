"""Rules that look at where a gradient is zero: the Jacobian probed with one-hot upstream gradients."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._words import mistake, ratio
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


def common_factor(output: OutputEvidence) -> Mistake | None:
    """Right proportions in every row, or in the whole array, and a changing factor."""
    wrong = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    if not wrong or not all(leaf.fits and leaf.expected.size > 1 for _, leaf in wrong):
        return None
    if not all(_is_proportional(leaf) for _, leaf in wrong):
        return None
    says = "The entries of {output} have the right proportions; what they are all multiplied by is wrong."
    return mistake(output, "wrong-local-derivative", says, shown=wrong[0])


def _is_proportional(leaf: Leaf) -> bool:
    if ratio(leaf) is not None:
        return True
    if leaf.expected.ndim < 2 or leaf.expected.shape[-1] < 2:
        return False
    rows = zip(*(a.reshape(-1, a.shape[-1]) for a in (leaf.expected, leaf.got, leaf.tolerance)), strict=True)
    return all(ratio(Leaf(leaf.name, *row)) is not None for row in rows)


def wrong_slope(output: OutputEvidence) -> Mistake | None:
    """A wrong derivative of a function that works entry by entry: nothing but its slope can be wrong."""
    if not output.evidence.by_entry or not output.exercise.analytic or not _is_derivative(output.name):
        return None
    if any(not leaf.fits for _, leaf in output.wrong):
        return None
    says = "{output} is not the slope at that point: every entry has a slope of its own, and some are wrong."
    return mistake(output, "wrong-local-derivative", says)


def _is_derivative(name: str) -> bool:
    return name.startswith("d") or name in ("J", "H")


def _pattern_of_values(leaf: Leaf) -> str:
    scale = 1e-9 * max(float(np.abs(leaf.expected).max(initial=0.0)), 1e-300)
    here, there = np.abs(leaf.got) > scale, np.abs(leaf.expected) > scale
    if not here.any():
        return "dropped-path"
    return _pattern(here.reshape(1, -1), there.reshape(1, -1), ~leaf.wrong.reshape(1, -1)) or ""


def _pattern(here: Array, there: Array, agree: Array) -> str | None:
    square = here.shape[0] == here.shape[1]
    off = np.eye(*here.shape) == 0
    if square and len(here) > 1 and not here[off].any() and there[off].any() and here.any():
        return "diagonal-jacobian"
    if not here.any() or agree.all():
        return None
    if (here == there).all() and not there.all():  # a dense pattern shows nothing
        return "wrong-local-derivative"
    if not (here & ~there).any() and agree[here].all():  # some entries are right, the others 0
        return "dropped-path"
    if agree[here & there].all():
        return "wrong-mask"
    if not there.all() and not (here & ~there).any():
        return "wrong-local-derivative"
    return None

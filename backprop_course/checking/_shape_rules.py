"""Rules that name what is wrong with the shape of a returned value."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._findings import Finding, facts_about, facts_of, finding
from backprop_course.checking._trial import Leaf, close


def _misshapen(e: OutputEvidence) -> list[Leaf]:
    return [leaf for _, leaf in e.pairs if leaf.got.shape != leaf.expected.shape]


def transposed(e: OutputEvidence) -> Finding | None:
    """The right values with their axes swapped; shapes may agree by chance when square."""
    bad = [leaf for _, leaf in e.plain if not leaf.passed and leaf.expected.ndim >= 2]
    if bad and all(_right_when(leaf, _swap(leaf.got)) for leaf in bad):
        return finding("transposed", facts_about(e))
    return None


def _swap(a: Array) -> Array:
    return a.swapaxes(-1, -2) if a.ndim >= 2 else a


def _right_when(leaf: Leaf, changed: Array) -> bool:
    return changed.shape == leaf.expected.shape and bool(close(changed, leaf.expected, leaf.tolerance).all())


def unsummed_axis(e: OutputEvidence) -> Finding | None:
    """The right values once some axes are summed away."""
    bad = [
        leaf
        for leaf in _misshapen(e)
        if leaf.got.ndim > leaf.expected.ndim and leaf.got.size != leaf.expected.size
    ]
    if bad and all(any(_right_when(leaf, s) for s in _partial_sums(leaf)) for leaf in bad):
        return finding("unsummed-axis", facts_of(e, bad[0]))
    return None


def _partial_sums(leaf: Leaf) -> Iterator[Array]:
    for axes in combinations(range(leaf.got.ndim), leaf.got.ndim - leaf.expected.ndim):
        yield leaf.got.sum(axis=axes)


def extra_axis(e: OutputEvidence) -> Finding | None:
    """As many entries as wanted, on more axes."""
    bad = _misshapen(e)
    if bad and all(
        leaf.got.ndim > leaf.expected.ndim and leaf.got.size == leaf.expected.size for leaf in bad
    ):
        return finding("extra-axis", facts_of(e, bad[0]))
    return None


def broadcast_blow_up(e: OutputEvidence) -> Finding | None:
    """A square array where a column or a row belongs."""
    bad = [leaf for leaf in _misshapen(e) if leaf.expected.size > 1]
    if bad and all(leaf.got.shape == (leaf.expected.size,) * 2 for leaf in bad):
        return finding("broadcast-blow-up", facts_of(e, bad[0]))
    return None


def wrong_axis(e: OutputEvidence) -> Finding | None:
    """The shape that a sum along another axis of the upstream gradient gives."""
    bad = _misshapen(e)
    if e.evidence.exercise.upstream is None or not bad:
        return None
    if all(_other_axis(np.shape(t.case.inputs[0]), leaf) for t, leaf in e.pairs if leaf in bad):
        return finding("wrong-axis", facts_of(e, bad[0]))
    return None


def _other_axis(shape: tuple[int, ...], leaf: Leaf) -> bool:
    without = [shape[:i] + shape[i + 1 :] for i in range(len(shape))]
    return leaf.got.shape in without and leaf.expected.shape in without


def wrong_shape(e: OutputEvidence) -> Finding | None:
    """Any other shape."""
    bad = _misshapen(e)
    return finding("wrong-shape", facts_of(e, bad[0])) if bad else None

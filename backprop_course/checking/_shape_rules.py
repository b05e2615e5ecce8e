"""Rules that name what is wrong with the shape of a returned value."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, Pair
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._words import mistake, written_in
from backprop_course.exercises import Mistake


def _misshapen(output: OutputEvidence) -> list[Pair]:
    return [pair for pair in output.wrong if not pair[1].fits]


def written_size(output: OutputEvidence) -> Mistake | None:
    """One shape in every case, from a line that writes it in as numbers."""
    bad, line = _misshapen(output), output.evidence.written_size
    shapes = {leaf.got.shape for _, leaf in output.pairs}
    if not bad or not line or len(shapes) > 1 or shapes == {()}:
        return None
    says = "{output} should have shape {expected}, and yours has {got} in every case."
    return mistake(output, "wrong-shape", says, written_in(line), bad[0])


def transposed(output: OutputEvidence) -> Mistake | None:
    """The right values with their axes swapped; shapes may agree by chance when square."""
    bad = [(t, leaf) for t, leaf in output.plain if not leaf.passed and leaf.expected.ndim >= 2]
    if bad and all(_right_when(leaf, _swap(leaf.got)) for _, leaf in bad):
        return mistake(output, "transposed", shown=bad[0])
    if bad and all(_right_when(leaf, _swap_refilled(leaf)) for _, leaf in bad):
        says = (
            "{output} has the right numbers, filled row by row into another shape. Its axes are not swapped."
        )
        hint = "`reshape` keeps the order of the numbers; `.T` makes the rows into columns."
        return mistake(output, "missing-transpose", says, hint, bad[0])
    return None


def _swap_refilled(leaf: Leaf) -> Array:
    """What swapping the axes would have given, out of what `reshape` gave."""
    if not leaf.fits:
        return leaf.got
    return _swap(leaf.got.reshape(_swap(leaf.expected).shape))


def _swap(a: Array) -> Array:
    return a.swapaxes(-1, -2) if a.ndim >= 2 else a


def _right_when(leaf: Leaf, changed: Array) -> bool:
    return changed.shape == leaf.expected.shape and bool(close(changed, leaf.expected, leaf.tolerance).all())


def unsummed_axis(output: OutputEvidence) -> Mistake | None:
    """The right values once some axes are summed, away or into one entry."""
    bad = [
        (t, leaf)
        for t, leaf in _misshapen(output)
        if leaf.got.ndim >= leaf.expected.ndim and leaf.got.size != leaf.expected.size
    ]
    kept = all(leaf.got.ndim == leaf.expected.ndim for _, leaf in bad)
    if kept and all(_is_square(leaf) for _, leaf in bad):  # a column met a row: nothing asks for a sum
        return None
    if bad and all(_mended_by_a_sum(leaf) for _, leaf in bad):
        says = "An axis of {output} should be summed: its shape is {got}, not {expected}." if kept else ""
        return mistake(output, "unsummed-axis", says, shown=bad[0])
    return None


def _mended_by_a_sum(leaf: Leaf) -> bool:
    return any(_right_when(leaf, total) for total in _partial_sums(leaf))


def _partial_sums(leaf: Leaf) -> Iterator[Array]:
    surplus = leaf.got.ndim - leaf.expected.ndim
    for count in range(max(surplus, 1), leaf.got.ndim + 1):
        for axes in combinations(range(leaf.got.ndim), count):
            total = leaf.got.sum(axis=axes, keepdims=surplus == 0)
            if total.shape == leaf.expected.shape or surplus == 0:
                yield total


def extra_axis(output: OutputEvidence) -> Mistake | None:
    """As many entries as wanted, on more axes."""
    bad = _misshapen(output)
    if bad and all(
        leaf.got.ndim > leaf.expected.ndim and leaf.got.size == leaf.expected.size for _, leaf in bad
    ):
        return mistake(output, "extra-axis", shown=bad[0])
    return None


def broadcast_blow_up(output: OutputEvidence) -> Mistake | None:
    """A square array where a column or a row belongs."""
    bad = [(t, leaf) for t, leaf in _misshapen(output) if leaf.expected.size > 1]
    if bad and all(_is_square(leaf) for _, leaf in bad):
        return mistake(output, "broadcast-blow-up", shown=bad[0])
    return None


def _is_square(leaf: Leaf) -> bool:
    return leaf.got.shape == (leaf.expected.size,) * 2


def wrong_axis(output: OutputEvidence) -> Mistake | None:
    """The shape, or the total, that a sum along another axis gives."""
    bad = _misshapen(output)
    if not bad or not output.is_derivative:
        return None
    if output.exercise.upstream and all(_other_axis(np.shape(t.case.inputs[0]), leaf) for t, leaf in bad):
        return mistake(output, "wrong-axis", shown=bad[0])
    telling = [(t, leaf) for t, leaf in bad if 1 < leaf.got.size != leaf.expected.size and _has_total(leaf)]
    # Where another sum would mend it, as it does where nothing was summed, no wrong axis was.
    telling = [(t, leaf) for t, leaf in telling if not _mended_by_a_sum(leaf)]
    if telling and all(leaf.got.ndim >= leaf.expected.ndim and _same_total(leaf) for _, leaf in bad):
        says = "{output} is summed along the wrong axis: its total is right, its shape {got} is not."
        return mistake(output, "wrong-axis", says, shown=telling[0])
    return None


def _has_total(leaf: Leaf) -> bool:
    """Whether the entries do not cancel: any gradient that does would have their total."""
    return bool(abs(leaf.expected.sum()) > 1e-3 * np.abs(leaf.expected).sum())


def _same_total(leaf: Leaf) -> bool:
    """Whether the same products were added up into other entries."""
    slack = 1e-9 * np.abs(leaf.expected).sum() + leaf.tolerance.sum()
    return bool(close(leaf.got.sum(), leaf.expected.sum(), slack))


def _other_axis(shape: tuple[int, ...], leaf: Leaf) -> bool:
    without = [shape[:i] + shape[i + 1 :] for i in range(len(shape))]
    return leaf.got.shape in without and leaf.expected.shape in without


def wrong_shape(output: OutputEvidence) -> Mistake | None:
    """Any other shape."""
    bad = _misshapen(output)
    is_gradient = output.exercise.upstream is not None or output.name.startswith("d")
    hint = "" if is_gradient else "Write down the shape of what each line computes, for the case above."
    return mistake(output, "wrong-shape", hint=hint, shown=bad[0]) if bad else None

"""Rules that look at where a gradient is zero: the Jacobian probed with one-hot upstream gradients."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, Pair
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, ratio
from backprop_course.exercises import Mistake

NUMBERS = "{output} takes from the right entries of {upstream}, and multiplies some of them by wrong numbers."
FACTORS_OF_ONE = (
    "{output} takes from the right entries of {upstream}, and multiplies some of them. "
    "Each should be passed on as it is."
)
ZEROS = "Some entries of {output} are 0, and they should not be."
WHICH_ZEROS = "What do the entries that are 0 have in common? Which step of your code leaves them out?"
ONE_ROW = "Which of your steps looks at more than one row: a sum, a maximum, an index?"


def jacobian_pattern(output: OutputEvidence) -> Mistake | None:
    """What the student's whole Jacobian, probed with one-hot upstream gradients, has in the wrong place."""
    if output.probed is None:
        return None
    pair, mine, right = output.probed
    scale = 1e-9 * max(float(np.abs(right).max()), 1e-300)
    here, there = np.abs(mine) > scale, np.abs(right) > scale
    if _mixes_rows(pair, here, there):
        says = "A row of {output} takes from other rows of {upstream}, and each should stand by itself."
        return mistake(output, "wrong-axis", says, ONE_ROW, pair)
    if output.is_like_upstream and _is_diagonal(here, there):
        return mistake(output, "diagonal-jacobian")
    agree = np.abs(mine - right) <= 1e3 * scale
    slug = _pattern(here, there, agree)
    if slug == "dropped-path" and _last_of_several(here, there):
        slug = "overwritten-gradient"
    if slug == "dropped-path" and not (here.any(axis=0) & (there & ~here).any(axis=0)).any():
        return mistake(output, slug, ZEROS, WHICH_ZEROS, pair)
    if slug == "wrong-local-derivative" and (right[there] == 1).all():  # no slope to derive
        return mistake(
            output, slug, FACTORS_OF_ONE, "Which of your steps multiplies, divides or takes a mean?"
        )
    if slug == "wrong-local-derivative":
        by_entry = not there[np.eye(*there.shape) == 0].any()
        return mistake(output, slug, _slope(output) if by_entry else NUMBERS)
    return mistake(output, slug) if slug else None


def _mixes_rows(pair: Pair, here: Array, there: Array) -> bool:
    """Whether an entry depends on upstream gradients of another row, and no right one does."""
    (asked, leaf), rows = pair, int(np.prod(pair[1].expected.shape[:-1]))
    dy = np.shape(asked.case.inputs[0])
    if rows < 2 or dy[: leaf.expected.ndim - 1] != leaf.expected.shape[:-1]:
        return False
    of_dy, of_entries = (np.repeat(np.arange(rows), count // rows) for count in here.shape)
    other = of_dy[:, np.newaxis] != of_entries
    return bool(here[other].any() and not there[other].any())


def _is_diagonal(here: Array, there: Array) -> bool:
    off = np.eye(*here.shape) == 0
    return len(here) > 1 and not here[off].any() and bool(there[off].any() and here.any())


def _last_of_several(here: Array, there: Array) -> bool:
    """Whether of the paths that meet in an entry the last is left, every time, as where each is assigned."""
    reached = there.any(axis=0)
    last = (there.cumsum(axis=0) == there.sum(axis=0)) & there
    return bool((there.sum(axis=0) > 1).any() and np.array_equal(here[:, reached], last[:, reached]))


def one_row_alone(output: OutputEvidence) -> Mistake | None:
    """Right wherever there is one row, and wrong wherever there are several."""
    found = [(leaf, _rows_of(t, leaf)) for t, leaf in output.plain]
    single, several = ([leaf for leaf, rows in found if (rows > 1) == many] for many in (False, True))
    if not (single and several and all(rows for _, rows in found)):
        return None
    if all(leaf.passed for leaf in single) and not any(leaf.passed for leaf in several):
        if not _rows_are_right_alone(output, *next(pair for pair in output.plain if not pair[1].passed)):
            return None
        says = "{output} is right where there is one row, and wrong where there are several."
        if output.is_derivative and any((leaf.got[leaf.expected == 0] != 0).any() for leaf in several):
            return mistake(output, "wrong-mask", says, ONE_ROW)
        is_of_mean = output.is_derivative and output.exercise.upstream is None  # and N may be what is wrong
        return mistake(output, "wrong-value" if is_of_mean else "wrong-axis", says, ONE_ROW)
    return None


def _rows_are_right_alone(output: OutputEvidence, asked: Trial, leaf: Leaf) -> bool:
    """Whether each row of a wrong case gets a right answer where it stands by itself."""
    inputs, lead = asked.case.inputs, leaf.expected.shape[:-1]
    for row in np.ndindex(lead):
        at = tuple(slice(k, k + 1) for k in row)
        is_shared = (isinstance(a, np.ndarray) and a.shape[: len(lead)] == lead for a in inputs)
        pair = output.at(asked, tuple(a[at] if s else a for a, s in zip(inputs, is_shared, strict=True)))
        if pair is None or not np.allclose(*pair):
            return False
    return True


def _rows_of(asked: Trial, leaf: Leaf) -> int:
    """Number of rows that the value shares with the first argument; 0 where it shares none."""
    first, shape = asked.case.inputs[0], leaf.expected.shape
    if not (isinstance(first, np.ndarray) and shape and leaf.fits):
        return 0
    is_shared = first.shape == shape or (asked.question.exercise.upstream and first.shape == shape[:-1])
    return int(np.prod(shape[:-1])) if is_shared else 0


def value_pattern(output: OutputEvidence) -> Mistake | None:
    """The same, read off the values of a gradient that has no upstream gradient to probe with."""
    leaves = [leaf for _, leaf in output.plain if leaf.got.shape == leaf.expected.shape and not leaf.passed]
    if not leaves or not output.is_derivative or output.exercise.upstream is not None:
        return None
    if all(leaf.expected.size == 1 for leaf in leaves):  # one number has no pattern
        return None
    square = [leaf for leaf in leaves if leaf.expected.ndim == 2 and len(set(leaf.expected.shape)) == 1]
    if len(square) == len(leaves) and all(_is_diagonal(x.got != 0, x.expected != 0) for x in square):
        return mistake(output, "diagonal-jacobian", "{output} is 0 off its diagonal, and it should not be.")
    slugs = {_pattern_of_values(leaf) for leaf in leaves}
    if slugs == {"dropped-path"}:
        return mistake(output, "dropped-path", ZEROS, WHICH_ZEROS)
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


def shared_factor(output: OutputEvidence) -> Mistake | None:
    """Several gradients, and all of them are off by one and the same factor in each case."""
    others = [o for o in output.evidence.outputs() if o.is_derivative]
    if len(others) < 2 or not output.is_derivative:
        return None
    trials = {id(t): t for t, leaf in output.plain if not leaf.passed}
    factors = [_factors(t, {o.name for o in others}) for t in trials.values()]
    if not factors or not all(found and np.allclose(found, found[0], rtol=1e-6) for found in factors):
        return None
    names = [o.name for o in others]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    says = f"{listed} are all off by one factor, the same for all of them in a case."
    hint = "Which step do they all go through on the way back from the output?"
    return mistake(output, "wrong-local-derivative", says, hint)


def _factors(asked: Trial, names: set[str]) -> list[float]:
    """What the answers of a case are times the right ones; nothing where one of them is no multiple."""
    found = [ratio(leaf) for leaf in asked.leaves if leaf.base_name in names and leaf.expected.any()]
    return [r for r in found if r] if len(found) > 1 and all(found) else []


def common_offset(output: OutputEvidence) -> Mistake | None:
    """A whole row off by one number, right between its entries."""
    wrong = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    if not all(leaf.fits and leaf.expected.ndim and _is_shifted(leaf) for _, leaf in wrong):
        return None
    if not any(leaf.expected.shape[-1] > 1 for _, leaf in wrong):
        return None
    says = "The entries of a row of {output} are all off by the same number."
    hint = "What is added to a whole row, or taken off it, in your formula?"
    return mistake(output, "wrong-value", says, hint, wrong[0])


def _is_shifted(leaf: Leaf) -> bool:
    off = leaf.got - leaf.expected
    slack = 1e-9 * np.abs(leaf.expected).max() + leaf.tolerance
    return bool((np.abs(off - off[..., :1]) <= slack).all())


def _is_proportional(leaf: Leaf) -> bool:
    if ratio(leaf) is not None:
        return True
    if leaf.expected.ndim < 2 or leaf.expected.shape[-1] < 2:
        return False
    rows = zip(*(a.reshape(-1, a.shape[-1]) for a in (leaf.expected, leaf.got, leaf.tolerance)), strict=True)
    return all(ratio(Leaf(leaf.name, *row)) is not None for row in rows)


def wrong_slope(output: OutputEvidence) -> Mistake | None:
    """A wrong derivative of a function that works entry by entry: nothing but its slope can be wrong."""
    if not output.evidence.by_entry or not output.exercise.analytic or not output.is_derivative:
        return None
    if any(not leaf.fits for _, leaf in output.wrong):
        return None
    return mistake(output, "wrong-local-derivative", _slope(output))


def _slope(output: OutputEvidence) -> str:
    right = any((leaf.expected[~leaf.wrong] != 0).any() for _, leaf in output.plain if leaf.fits)
    return f"In {{output}} the slope is wrong{' at some points' if right else ''}."


def _pattern_of_values(leaf: Leaf) -> str:
    scale = 1e-9 * max(float(np.abs(leaf.expected).max(initial=0.0)), 1e-300)
    here, there = np.abs(leaf.got) > scale, np.abs(leaf.expected) > scale
    if not here.any():
        return "dropped-path"
    return _pattern(here.reshape(1, -1), there.reshape(1, -1), ~leaf.wrong.reshape(1, -1)) or ""


def _pattern(here: Array, there: Array, agree: Array) -> str | None:
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

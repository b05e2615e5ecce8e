"""Rules that recognise what the answer is made of: the upstream gradient, a value, an input, a right part."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._made_of import (
    ACTIVATIONS,
    Made,
    added,
    changed,
    given,
    is_everywhere,
    only_where_wrong,
    product,
    right,
    slope,
    upstream,
    value,
)
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, quoted
from backprop_course.exercises import Mistake

EVERYWHERE = "entries that should be 0 get what belongs to others."


def passed_through(output: OutputEvidence) -> Mistake | None:
    """The upstream gradient as it came."""
    return mistake(output, "passed-through") if is_everywhere(output, upstream) else None


def value_for_slope(output: OutputEvidence) -> Mistake | None:
    """The value of the function, by itself or in the place of its slope."""
    if is_everywhere(output, value):
        return mistake(output, "forward-instead-of-backward")
    if is_everywhere(output, product(upstream, value)):
        says = "{output} is {upstream} times the value of the function, not times its slope."
        slug = "value-instead-of-mask" if output.evidence.by_entry else "wrong-local-derivative"
        return mistake(
            output, slug, says, "The chain rule needs the derivative of the function at the input."
        )
    return None


def input_for_slope(output: OutputEvidence) -> Mistake | None:
    """Upstream gradient times one of the inputs."""
    exercise = output.exercise
    for i, parameter in enumerate(exercise.parameters[1:] if exercise.upstream else (), 1):
        if is_everywhere(output, product(upstream, given(i))):
            says = f"{{output}} is {{upstream}} times {parameter} itself."
            hint = (
                f"The chain rule multiplies by a slope: how fast does the output grow with {output.name[1:]}?"
            )
            return mistake(output, "wrong-local-derivative", says, hint)
    return None


def surplus_factor(output: OutputEvidence) -> Mistake | None:
    """The right answer times something at hand."""
    exercise = output.exercise
    hint = (
        "Write the formula with the cursor on each factor: which step of the forward pass does it come from?"
    )
    if is_everywhere(output, product(right, slope)):
        says = "The local derivative stands in {output} twice."
        return mistake(output, "wrong-local-derivative", says, hint)
    if is_everywhere(output, product(right, value)):
        says = "{output} has the right factors, and the value of the function as one more."
        slug = "value-instead-of-mask" if _passes_or_stops(output) else "wrong-local-derivative"
        return mistake(output, slug, says, hint)
    for i, parameter in enumerate(exercise.parameters):
        if is_everywhere(output, product(right, given(i))):
            says = f"{{output}} has the right factors, and {parameter} as one more."
            return mistake(output, "wrong-local-derivative", says, hint)
        for name, change in ACTIVATIONS.items():
            if is_everywhere(output, product(right, changed(change, given(i)))):
                says = f"{{output}} has the right factors, and {name.format(p=parameter)} as one more."
                return mistake(output, "wrong-local-derivative", says, hint)
    return None


def _passes_or_stops(output: OutputEvidence) -> bool:
    """Whether the right slope is 1 or 0 everywhere."""
    slopes = [slope(asked, leaf) for asked, leaf in output.plain]
    return all(slope is not None and np.isin(slope, (0, 1)).all() for slope in slopes)


def average_slope(output: OutputEvidence) -> Mistake | None:
    """One slope for all entries: the average of theirs."""
    if not is_everywhere(output, product(upstream, _mean_slope)):
        return None
    says = "All entries of {output} get the average slope. Each one has its own."
    hint = "Which entry of the input does each entry of the output come from?"
    return mistake(output, "wrong-local-derivative", says, hint)


def _mean_slope(asked: Trial, leaf: Leaf) -> Array | None:
    slopes = slope(asked, leaf)
    return slopes if slopes is None or not slopes.size else np.full(slopes.shape, slopes.mean())


def where_wrong(output: OutputEvidence) -> Mistake | None:
    """Right in part; elsewhere {upstream} times the function's value or an input, or this input alone."""
    wrong = [leaf.got[leaf.wrong] for _, leaf in output.plain if leaf.fits]
    if not wrong or np.unique(np.concatenate(wrong)).size < 3:  # fewer numbers come out of many formulas
        return None
    where = "Where {output} is wrong, it is {upstream} times "
    if is_everywhere(output, only_where_wrong(product(upstream, value))):
        says = f"{where}the value of the function, not times its slope."
        return mistake(output, "value-instead-of-mask", says)
    for i, parameter in enumerate(output.exercise.parameters[1:] if output.exercise.upstream else (), 1):
        if is_everywhere(output, only_where_wrong(product(upstream, given(i)))):
            return mistake(output, "wrong-local-derivative", f"{where}{parameter} itself.")
        if is_everywhere(output, only_where_wrong(given(i))):
            return _alone(output, parameter)
        if is_everywhere(output, only_where_wrong(product(slope, given(i)))):
            says = f"Where {{output}} is wrong, {parameter} stands in the place of {{upstream}}."
            return mistake(output, "wrong-variable", says)
    return None


def _alone(output: OutputEvidence, parameter: str) -> Mistake:
    if any(leaf.expected[leaf.wrong].any() for _, leaf in output.plain if leaf.fits):
        says = f"Where {{output}} is wrong, it is {parameter} itself, and {{upstream}} is no factor of it."
        return mistake(output, "missing-upstream", says)
    says = f"Where {{output}} should be 0, it is {parameter} itself."
    return mistake(output, "value-instead-of-mask", says)


def other_side(output: OutputEvidence) -> Mistake | None:
    """Two slopes, neither of them 0, and the wrong entries have that of the other side of the kink."""
    if not is_everywhere(output, only_where_wrong(product(upstream, _slope_of_other_side))):
        return None
    says = "Some entries of {output} get the slope of the other side of the kink."
    return mistake(output, "wrong-mask", says, "Which numbers does your code compare to choose a side?")


def _slope_of_other_side(asked: Trial, leaf: Leaf) -> Array | None:
    slopes = slope(asked, leaf)
    known = np.zeros(0) if slopes is None else slopes[slopes != 0]  # dy may be 0
    if slopes is None or not known.size:
        return None
    low, high = known.min(), known.max()
    has_two = np.isclose(known, low, rtol=1e-9) | np.isclose(known, high, rtol=1e-9)
    return np.asarray(low + high - slopes) if has_two.all() else None


def missing_factor(output: OutputEvidence) -> Mistake | None:
    """The right answer but for a factor at hand."""
    for i, parameter in enumerate(output.exercise.parameters):
        made = given(i)
        if all(_lacks(t, leaf, made) for t, leaf in output.plain) and any(
            not leaf.passed for _, leaf in output.plain
        ):
            says = f"A factor is missing in {{output}}: one in which {parameter} appears."
            return mistake(output, "forgot-chain", says)
    return None


def _lacks(asked: Trial, leaf: Leaf, made: Made) -> bool:
    factor = made(asked, leaf) if leaf.fits else None
    if factor is None or not np.isfinite(leaf.got).all():
        return False
    slack = 1e-9 * np.abs(leaf.expected) + leaf.tolerance
    return bool(np.any(leaf.got)) and bool(close(np.multiply(leaf.got, factor), leaf.expected, slack).all())


def surplus_term(output: OutputEvidence) -> Mistake | None:
    """The right answer, and one of the inputs added to it or taken off."""
    hint = "Is there a term too many in your formula, or one too few?"
    for sign, too in ((1, "large"), (-1, "small")):
        for i, parameter in enumerate(output.exercise.parameters):
            if is_everywhere(output, added(right, given(i), sign)):
                says = f"{{output}} is too {too} by {parameter}, in every entry."
                slug = "wrong-local-derivative" if output.is_derivative else "wrong-value"
                return mistake(output, slug, says, hint)
    return None


def summed_too_far(output: OutputEvidence) -> Mistake | None:
    """The right answer, summed along one axis more and copied back along it."""
    for axis in (-1, 0):
        if is_everywhere(output, _smeared(axis)):
            if _fills_zeros(output) and all(_picks_one(leaf, axis) for _, leaf in output.plain):
                return mistake(output, "wrong-mask", "{output} is the same all along an axis: " + EVERYWHERE)
            says = "{output} is the same all along an axis: what belongs to each entry was added up along it."
            return mistake(output, "wrong-axis", says)
    return None


def _fills_zeros(output: OutputEvidence) -> bool:
    """Whether numbers stand where nothing belongs: what is wrong then is where the sum goes."""
    return any(leaf.fits and (leaf.got[leaf.expected == 0] != 0).any() for _, leaf in output.plain)


def _picks_one(leaf: Leaf, axis: int) -> bool:
    """Whether the right answer has one number at most in each line along an axis, as winners leave it."""
    return leaf.expected.ndim == 0 or bool((np.count_nonzero(leaf.expected, axis=axis) <= 1).all())


def _smeared(axis: int) -> Made:
    def made(_: Trial, leaf: Leaf) -> Array | None:
        right = leaf.expected
        return np.broadcast_to(right.sum(axis=axis, keepdims=True), right.shape) if right.ndim else right

    return made


def shuffled(output: OutputEvidence) -> Mistake | None:
    """The right entries in another order."""
    pairs = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    if not pairs or not all(_is_shuffled(leaf) for _, leaf in pairs):
        return None
    says = "{output} holds the right numbers in the wrong places."
    return mistake(output, "wrong-order", says, shown=pairs[0])


def _is_shuffled(leaf: Leaf) -> bool:
    if not leaf.fits or np.unique(leaf.expected).size < 3 or not leaf.expected.all():  # zeros: a mask
        return False
    got, expected = np.sort(leaf.got, axis=None), np.sort(leaf.expected, axis=None)
    return bool(close(got, expected, float(leaf.tolerance.max())).all())


def all_zero(output: OutputEvidence) -> Mistake | None:
    """Nothing but zeros."""
    if not output.name.startswith("d") or any(leaf.got.any() for _, leaf in output.pairs):
        return None
    says = "{output} is 0 in every case: no path leads back to it."
    verdict = output.evidence.source.line("one verdict")
    if verdict:
        hint = f"`{quoted(verdict)}` decides once for all entries. Each of them needs an answer of its own."
        return mistake(output, "truth-of-an-array", says, hint)
    return mistake(output, "dropped-path", says)

"""Rules for the right answer times a number: a constant, or a number of entries of some input."""

from collections.abc import Iterator

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, Pair
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, quoted, ratio
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.exercises import Mistake
from backprop_course.numbers import show

NEAR = 0.05  # a factor that is this close to 1 is an error of rounding or of a difference quotient
BESIDES = (0.5, 1.0, 2.0)  # constants that come with a size when two slips are made at once


def scaled(output: OutputEvidence) -> Mistake | None:
    """A constant times the right answer, or a number of entries times it, or it divided by one."""
    # What overflows has a name of its own; the factor shows where there are numbers.
    telling = [(t, leaf) for t, leaf in output.plain if leaf.expected.any() and _is_finite(leaf)]
    ratios = [ratio(leaf) for _, leaf in telling]
    factors = np.array([r for r in ratios if r])
    if not telling or len(factors) < len(ratios) or np.allclose(factors, 1):
        return None
    stopped = any(t.outcome.raised for t in output.evidence.failing)
    if stopped and sum(leaf.expected.size for _, leaf in telling) == 1:  # one number is a multiple of any
        return None
    shown = next(pair for pair, r in zip(telling, factors, strict=True) if not np.isclose(r, 1))
    if np.allclose(factors, factors[0], rtol=1e-6):
        if np.isclose(factors[0], -1):
            return mistake(output, "wrong-sign", shown=shown)
        says = (
            ""
            if any(leaf.expected.ndim for _, leaf in telling)
            else "{output} is {factor} times the right one."
        )
        is_formula = output.is_derivative and output.exercise.analytic
        hint = (
            CATALOGUE["constant-factor"].hint
            if is_formula
            else "Look for a factor that is missing, or counted twice."
        )
        return mistake(output, "constant-factor", says, hint, shown, factor=show(factors[0], digits=6))
    for label, counts in _sizes(output, [t for t, _ in telling]):
        for times, expected in ((False, 1 / counts), (True, counts)):
            k = float(factors[0] / expected[0])
            if np.allclose(factors, k * expected, rtol=1e-6) and np.isclose(np.abs(k), BESIDES).any():
                return _by_a_size(output, times, label, k, shown)
    return None


def scaled_in_part(output: OutputEvidence) -> Mistake | None:
    """A constant times the right answer wherever it is wrong, and right elsewhere."""
    wrong = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    if not all(leaf.fits and not t.case.kink for t, leaf in wrong):
        return None
    parts = [_where_wrong(leaf) for _, leaf in wrong]
    factors = np.array([ratio(part) or np.nan for part in parts])
    expected = np.concatenate([part.expected for part in parts])
    is_telling = np.unique(expected).size > 2 and not np.isclose(factors[0], 1, rtol=NEAR)
    if not is_telling or not np.allclose(factors, factors[0], rtol=1e-6):
        return None
    shown = wrong[0]
    if not np.isclose(factors[0], -1):
        says = "Where {output} is wrong, it is {factor} times the right one."
        hint = "What do the entries that are right have in common?"
        return mistake(output, "constant-factor", says, hint, shown, factor=show(factors[0], digits=6))
    line = output.evidence.source.line("absolute value")
    if line and any(all((sign * leaf.got >= 0).all() for _, leaf in output.plain) for sign in (1, -1)):
        says, hint = "{output} has lost its signs.", f"`{quoted(line)}` takes signs away."
        return mistake(output, "wrong-local-derivative", says, hint, shown)
    return mistake(output, "wrong-sign", "Where {output} is wrong, it has the wrong sign.", shown=shown)


def _where_wrong(leaf: Leaf) -> Leaf:
    return Leaf(leaf.name, *(a[leaf.wrong] for a in (leaf.expected, leaf.got, leaf.tolerance)))


def _is_finite(leaf: Leaf) -> bool:
    return bool(np.isfinite(leaf.got).all())


def _by_a_size(output: OutputEvidence, times: bool, label: str, k: float, shown: Pair) -> Mistake:
    """Words for k times, or over, a number of entries."""
    is_sum = output.exercise.upstream or _adds_up(output, shown[0])
    too_small = "averaged-not-summed" if is_sum else "averaged-twice"
    slug = "not-averaged" if times else too_small
    if label in output.exercise.parameters:  # the value of an argument, and no size
        slug = "constant-factor"
    verb = "multiplied by" if times else "divided by"
    line = "" if times else output.evidence.source.line("mean")
    hint = f"Look at the mean in `{quoted(line)}`." if line else ""
    if is_sum and not output.exercise.upstream:
        hint = f"The function that you differentiate is a sum, and no mean. {hint}".strip()
    if np.isclose(k, 1):
        return mistake(output, slug, f"{{output}} is {verb} {label} once too often.", hint, shown)
    besides = "its sign is wrong" if np.isclose(k, -1) else f"it is multiplied by {show(k)}"
    says = f"Two slips at once in {{output}}: it is {verb} {label} once too often, and {besides}."
    return mistake(output, "wrong-sign" if np.isclose(k, -1) else slug, says, hint, shown)


def _adds_up(output: OutputEvidence, asked: Trial) -> bool:
    """Whether the function is a sum over the entries of its arrays: twice as much for all of them twice."""
    arrays = [np.asarray(a) for a in asked.case.inputs]
    forward = output.exercise.forward
    if forward is None or not all(a.ndim for a in arrays):
        return False
    try:
        once, twice = (forward(*(np.concatenate([a] * n) for a in arrays)) for n in (1, 2))
    except ValueError:  # rows and columns that no longer fit
        return False
    return bool(np.ndim(once) == 0 and np.isclose(twice, 2 * once))


def _size(asked: Trial, name: str) -> int:
    return sum(leaf.expected.size for leaf in asked.question.leaves if leaf.base_name == name)


def _sizes(output: OutputEvidence, trials: list[Trial]) -> Iterator[tuple[str, Array]]:
    """Sizes by which a student may have divided: of the axes of every input, and of all its entries."""
    for i, parameter in enumerate(output.exercise.parameters):
        given = [t.case.inputs[i] for t in trials if i < len(t.case.inputs)]
        if len(given) == len(trials) and all(isinstance(a, np.ndarray) and a.ndim for a in given):
            shapes = [a.shape for a in given]
            yield f"the length of {parameter}'s first axis", np.array([s[0] for s in shapes])
            yield f"the number of {parameter}'s entries", np.array([np.prod(s) for s in shapes])
            yield f"the length of {parameter}'s last axis", np.array([s[-1] for s in shapes])
            yield f"the number of {parameter}'s rows", np.array([np.prod(s[:-1]) for s in shapes])
        elif len(given) == len(trials) and all(isinstance(a, list) for a in given):
            yield f"the length of {parameter}", np.array([len(a) for a in given])
        elif len(given) == len(trials) and all(isinstance(a, int) and a > 0 for a in given):
            yield parameter, np.array(given)
    if output.exercise.upstream:
        summed = np.array([np.size(t.case.inputs[0]) / max(_size(t, output.name), 1) for t in trials])
        if summed.max() > 1:
            yield f"the number of entries of {output.exercise.upstream} that are summed up in each", summed

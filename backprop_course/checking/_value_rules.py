"""Rules that name what is wrong with the numbers of a returned value."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, arrays
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._tolerance import precision
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, ratio, relative_errors
from backprop_course.exercises import Mistake


def integer_truncation(output: OutputEvidence) -> Mistake | None:
    """Right once the integers among the inputs are floats."""
    if all(output.evidence.passes_as_floats(t) for t, _ in output.wrong):
        return mistake(output, "integer-truncation")
    return None


def not_finite(output: OutputEvidence) -> Mistake | None:
    """Nan or infinity where a number belongs, and nothing else wrong."""
    if all(not np.isfinite(leaf.got[leaf.wrong]).any() for _, leaf in output.wrong):
        return mistake(output, "not-finite")
    return None


def _ratios(output: OutputEvidence) -> list[tuple[Trial, Leaf, float]]:
    """The factor of every leaf that has entries to compare; empty when one has none."""
    telling = [(t, leaf) for t, leaf in output.plain if leaf.expected.any()]
    found = [(t, leaf, ratio(leaf)) for t, leaf in telling]
    return [(t, leaf, r) for t, leaf, r in found if r is not None] if all(r for *_, r in found) else []


def scaled(output: OutputEvidence) -> Mistake | None:
    """A constant times the right answer, or a power of the batch size times it."""
    ratios = _ratios(output)
    if not ratios:
        return None
    factors = np.array([r for *_, r in ratios])
    if np.allclose(factors, 1):
        return None
    if np.allclose(factors, factors[0], rtol=1e-6):
        slug = "wrong-sign" if np.isclose(factors[0], -1) else "constant-factor"
        return mistake(output, slug, factor=factors[0])
    if all(any(np.isclose(r, 1 / n) for n in _counts(t)) for t, _, r in ratios):
        return mistake(output, "averaged-not-summed" if output.exercise.upstream else "averaged-twice")
    if all(np.isclose(r, _counts(t)[0]) for t, _, r in ratios):
        return mistake(output, "not-averaged")
    return None


def _counts(trial: Trial) -> list[int]:
    """Sizes by which a student may have divided: the batch, and the number of entries of the first array."""
    shape = next((a.shape for a in arrays(trial.case.inputs)), (1,))
    return [shape[0], int(np.prod(shape)), int(np.prod(shape[:-1])), shape[-1]]


def missing_upstream(output: OutputEvidence) -> Mistake | None:
    """The same answer whatever comes from upstream."""
    if output.exercise.upstream is None:
        return None
    probes = [(t, leaf) for t, leaf in output.wrong if not t.case.kink][:2]
    for trial, leaf in probes:
        dy = np.asarray(trial.case.inputs[0], np.float64)
        for changed in (dy * 0.7 + 0.3, -2 * dy):
            other = output.with_upstream(trial, changed)
            if other is None or not leaf.got.any() or not _same_numbers(other[0], leaf.got.ravel()):
                return None
    return mistake(output, "missing-upstream") if probes else None


def _same_numbers(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, equal_nan=True)


def numerical_differentiation(output: OutputEvidence) -> Mistake | None:
    """Errors of a difference quotient: small, and nearly everywhere."""
    if not output.exercise.analytic:
        return None
    errors = [
        relative_errors(leaf)
        for t, leaf in output.wrong
        if precision(t.case.inputs) == np.float64 and not t.case.kink
    ]
    errors = [err for err in errors if err.size]
    if not errors:
        return None
    small = [float(err.max()) < 1e-3 for err in errors]
    everything = np.concatenate(errors)
    if np.mean(small) > 0.7 and np.mean(everything > 1e-13) > 0.5:
        return mistake(output, "numerical-differentiation", error=float(np.median(everything)))
    return None


def only_at_kinks(output: OutputEvidence) -> Mistake | None:
    """Right everywhere but at kinks and ties."""
    if not all(t.case.kink for t, _ in output.wrong):
        return None
    says = "{output} is right except at kinks and ties: no subgradient has the value that you return there."
    hint = (
        "At a kink, a right answer lies between the slopes of the two sides. "
        "At a tie, the shares add up to the upstream gradient."
    )
    return mistake(output, "wrong-local-derivative", says, hint)

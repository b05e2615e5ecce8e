"""Rules that name what is wrong with the numbers of a returned value."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, flat
from backprop_course.checking._findings import Finding, facts_about, finding, ratio, relative_errors
from backprop_course.checking._tolerance import precision
from backprop_course.checking._trial import Leaf, Trial


def integer_truncation(e: OutputEvidence) -> Finding | None:
    """Right once the integers among the inputs are floats."""
    if all(e.evidence.passes_as_floats(t) for t, _ in e.wrong):
        return finding("integer-truncation", facts_about(e))
    return None


def not_finite(e: OutputEvidence) -> Finding | None:
    """Nan or infinity where a number belongs, and nothing else wrong."""
    if all(not np.isfinite(leaf.got[leaf.wrong]).any() for _, leaf in e.wrong):
        return finding("not-finite", facts_about(e))
    return None


def _ratios(e: OutputEvidence) -> list[tuple[Trial, Leaf, float]]:
    """The factor of every leaf that has entries to compare; empty when one has none."""
    telling = [(t, leaf) for t, leaf in e.plain if leaf.expected.any()]
    found = [(t, leaf, ratio(leaf)) for t, leaf in telling]
    return [(t, leaf, r) for t, leaf, r in found if r is not None] if all(r for *_, r in found) else []


def scaled(e: OutputEvidence) -> Finding | None:
    """A constant times the right answer, or a power of the batch size times it."""
    ratios = _ratios(e)
    if not ratios:
        return None
    factors = np.array([r for *_, r in ratios])
    if np.allclose(factors, 1):
        return None
    if np.allclose(factors, factors[0], rtol=1e-6):
        slug = "wrong-sign" if np.isclose(factors[0], -1) else "constant-factor"
        return finding(slug, {**facts_about(e), "factor": factors[0]})
    if all(any(np.isclose(r, 1 / n) for n in _counts(t)) for t, _, r in ratios):
        return finding(
            "averaged-not-summed" if e.evidence.exercise.upstream else "averaged-twice", facts_about(e)
        )
    if all(np.isclose(r, _counts(t)[0]) for t, _, r in ratios):
        return finding("not-averaged", facts_about(e))
    return None


def _counts(trial: Trial) -> list[int]:
    """Sizes by which a student may have divided: the batch, and the number of entries of the first array."""
    shape = next((a.shape for a in flat(trial.case.inputs)), (1,))
    return [shape[0], int(np.prod(shape)), int(np.prod(shape[:-1])), shape[-1]]


def missing_upstream(e: OutputEvidence) -> Finding | None:
    """The same answer whatever comes from upstream."""
    if e.evidence.exercise.upstream is None:
        return None
    probes = [(t, leaf) for t, leaf in e.wrong if not t.case.kink][:2]
    for trial, leaf in probes:
        dy = np.asarray(trial.case.inputs[0], np.float64)
        for changed in (dy * 0.7 + 0.3, -2 * dy):
            other = e.with_upstream(trial, changed)
            if other is None or not leaf.got.any() or not _same_numbers(other[0], leaf.got.ravel()):
                return None
    return finding("missing-upstream", facts_about(e)) if probes else None


def _same_numbers(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, equal_nan=True)


def numerical_differentiation(e: OutputEvidence) -> Finding | None:
    """Errors of a difference quotient: small, and nearly everywhere."""
    if not e.evidence.exercise.analytic:
        return None
    errors = [
        relative_errors(leaf)
        for t, leaf in e.wrong
        if precision(t.case.inputs) == np.float64 and not t.case.kink
    ]
    errors = [err for err in errors if err.size]
    if not errors:
        return None
    small = [float(err.max()) < 1e-3 for err in errors]
    everything = np.concatenate(errors)
    if np.mean(small) > 0.7 and np.mean(everything > 1e-13) > 0.5:
        return finding("numerical-differentiation", {**facts_about(e), "error": float(np.median(everything))})
    return None


def only_at_kinks(e: OutputEvidence) -> Finding | None:
    """Right everywhere but at kinks and ties."""
    if not all(t.case.kink for t, _ in e.wrong):
        return None
    says = "{output} is right except at kinks and ties: no subgradient has the value that you return there."
    hint = (
        "At a kink, a right answer lies between the slopes of the two sides. "
        "At a tie, the shares add up to the upstream gradient."
    )
    return finding("wrong-local-derivative", facts_about(e), says, hint)

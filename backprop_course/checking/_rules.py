"""Rules that name what is wrong with one returned value, from its numbers alone.

Each rule looks at the evidence and returns a finding or None. They are tried in the order of `RULES`: the
more a rule claims, the more it must see.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backprop_course.checking._evidence import OutputEvidence, flat
from backprop_course.checking._tolerance import precision
from backprop_course.checking._trial import Leaf, Trial, close
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.ops._arrays import Array


@dataclass(frozen=True)
class Finding:
    """A mistake by name, with its words filled in."""

    slug: str
    says: str
    hint: str


def finding(slug: str, facts: dict[str, object], says: str = "", hint: str = "") -> Finding:
    """Name a mistake, in the given words or else the catalogue's, with the facts filled in."""
    entry = CATALOGUE[slug]
    return Finding(slug, (says or entry.says).format(**facts), (hint or entry.hint).format(**facts))


Rule = Callable[[OutputEvidence], Finding | None]


# ---------------------------------------------------------------- known wrong forms


def known_form(e: OutputEvidence) -> Finding | None:
    """A wrong form from the exercise's own bank that gives the same values."""
    for form in e.evidence.exercise.wrong:
        if e.matches(form):
            return finding(form.slug, _facts(e), form.says, form.because)
    return None


def _facts(e: OutputEvidence) -> dict[str, object]:
    _, leaf = e.wrong[0]
    return {
        "output": e.name,
        "upstream": e.evidence.exercise.upstream or "the upstream gradient",
        "expected": leaf.expected.shape,
        "got": leaf.got.shape,
        "value": _first_not_finite(leaf.got),
        "factor": _ratio(leaf) or 0.0,
        "error": float(np.median(_relative(leaf))) if leaf.expected.any() else 0.0,
    }


def _first_not_finite(a: Array) -> str:
    flat = np.ravel(a)
    bad = flat[~np.isfinite(flat)]
    return str(bad[0]) if bad.size else "nan"


# ---------------------------------------------------------------- shapes


def _misshapen(e: OutputEvidence) -> list[Leaf]:
    return [leaf for _, leaf in e.pairs if leaf.got.shape != leaf.expected.shape]


def transposed(e: OutputEvidence) -> Finding | None:
    """The right values with their axes swapped; shapes may agree by chance when square."""
    bad = [leaf for _, leaf in e.plain if not leaf.passed and leaf.expected.ndim >= 2]
    if bad and all(_right_when(leaf, _swap(leaf.got)) for leaf in bad):
        return finding("transposed", _facts(e))
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
        return finding("unsummed-axis", _facts_of(e, bad[0]))
    return None


def _partial_sums(leaf: Leaf) -> Iterator[Array]:
    for axes in combinations(range(leaf.got.ndim), leaf.got.ndim - leaf.expected.ndim):
        yield leaf.got.sum(axis=axes)


def _facts_of(e: OutputEvidence, leaf: Leaf) -> dict[str, object]:
    return {**_facts(e), "expected": leaf.expected.shape, "got": leaf.got.shape}


def extra_axis(e: OutputEvidence) -> Finding | None:
    """As many entries as wanted, on more axes."""
    bad = _misshapen(e)
    if bad and all(
        leaf.got.ndim > leaf.expected.ndim and leaf.got.size == leaf.expected.size for leaf in bad
    ):
        return finding("extra-axis", _facts_of(e, bad[0]))
    return None


def broadcast_blow_up(e: OutputEvidence) -> Finding | None:
    """A square array where a column or a row belongs."""
    bad = [leaf for leaf in _misshapen(e) if leaf.expected.size > 1]
    if bad and all(leaf.got.shape == (leaf.expected.size,) * 2 for leaf in bad):
        return finding("broadcast-blow-up", _facts_of(e, bad[0]))
    return None


def wrong_axis(e: OutputEvidence) -> Finding | None:
    """The shape that a sum along another axis of the upstream gradient gives."""
    bad = _misshapen(e)
    if e.evidence.exercise.upstream is None or not bad:
        return None
    if all(_other_axis(np.shape(t.case.inputs[0]), leaf) for t, leaf in e.pairs if leaf in bad):
        return finding("wrong-axis", _facts_of(e, bad[0]))
    return None


def _other_axis(shape: tuple[int, ...], leaf: Leaf) -> bool:
    without = [shape[:i] + shape[i + 1 :] for i in range(len(shape))]
    return leaf.got.shape in without and leaf.expected.shape in without


def wrong_shape(e: OutputEvidence) -> Finding | None:
    """Any other shape."""
    bad = _misshapen(e)
    return finding("wrong-shape", _facts_of(e, bad[0])) if bad else None


# ---------------------------------------------------------------- values


def integer_truncation(e: OutputEvidence) -> Finding | None:
    """Right once the integers among the inputs are floats."""
    if all(e.evidence.passes_as_floats(t) for t, _ in e.wrong):
        return finding("integer-truncation", _facts(e))
    return None


def not_finite(e: OutputEvidence) -> Finding | None:
    """Nan or infinity where a number belongs, and nothing else wrong."""
    if all(not np.isfinite(leaf.got[leaf.wrong]).any() for _, leaf in e.wrong):
        return finding("not-finite", _facts(e))
    return None


def _ratio(leaf: Leaf) -> float | None:
    """The one factor by which a leaf differs from the right one, or None."""
    if leaf.got.shape != leaf.expected.shape or not np.isfinite(leaf.got).all():
        return None
    got, expected = np.asarray(leaf.got, np.float64), np.asarray(leaf.expected, np.float64)
    square = float((expected * expected).sum())
    if square == 0 or not np.isfinite(square):
        return None
    factor = float((got * expected).sum()) / square
    slack = 4 * (1 + abs(factor)) * leaf.tolerance + 1e-9 * abs(factor) * np.abs(expected)
    return factor if factor and close(got, factor * expected, slack).all() else None


def _ratios(e: OutputEvidence) -> list[tuple[Trial, Leaf, float]]:
    """The factor of every leaf that has entries to compare; empty when one has none."""
    telling = [(t, leaf) for t, leaf in e.plain if leaf.expected.any()]
    found = [(t, leaf, _ratio(leaf)) for t, leaf in telling]
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
        return finding(slug, {**_facts(e), "factor": factors[0]})
    if all(any(np.isclose(r, 1 / n) for n in _counts(t)) for t, _, r in ratios):
        return finding("averaged-not-summed" if e.evidence.exercise.upstream else "averaged-twice", _facts(e))
    if all(np.isclose(r, _counts(t)[0]) for t, _, r in ratios):
        return finding("not-averaged", _facts(e))
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
    return finding("missing-upstream", _facts(e)) if probes else None


def _same_numbers(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, equal_nan=True)


def numerical_differentiation(e: OutputEvidence) -> Finding | None:
    """Errors of a difference quotient: small, and nearly everywhere."""
    if not e.evidence.exercise.analytic:
        return None
    errors = [
        _relative(leaf) for t, leaf in e.wrong if precision(t.case.inputs) == np.float64 and not t.case.kink
    ]
    errors = [err for err in errors if err.size]
    if not errors:
        return None
    small = [float(err.max()) < 1e-3 for err in errors]
    everything = np.concatenate(errors)
    if np.mean(small) > 0.7 and np.mean(everything > 1e-13) > 0.5:
        return finding("numerical-differentiation", {**_facts(e), "error": float(np.median(everything))})
    return None


def _relative(leaf: Leaf) -> Array:
    """Relative errors of the entries that should not be 0."""
    if leaf.got.shape != leaf.expected.shape:
        return np.full(1, np.inf)
    here = leaf.expected != 0
    error = np.abs(leaf.got[here].astype(np.float64) - leaf.expected[here]) / np.abs(leaf.expected[here])
    return np.asarray(np.nan_to_num(error, nan=np.inf))


def only_at_kinks(e: OutputEvidence) -> Finding | None:
    """Right everywhere but at kinks and ties."""
    if not all(t.case.kink for t, _ in e.wrong):
        return None
    says = "{output} is right except at kinks and ties: no subgradient has the value that you return there."
    hint = (
        "At a kink, a right answer lies between the slopes of the two sides. "
        "At a tie, the shares add up to the upstream gradient."
    )
    return finding("wrong-local-derivative", _facts(e), says, hint)


# ---------------------------------------------------------------- the student's Jacobian


def jacobian_pattern(e: OutputEvidence) -> Finding | None:
    """What the student's whole Jacobian, probed with one-hot upstream gradients, has in the wrong place."""
    if e.jacobians is None:
        return None
    mine, right = e.jacobians
    scale = 1e-9 * max(float(np.abs(right).max()), 1e-300)
    here, there = np.abs(mine) > scale, np.abs(right) > scale
    agree = np.abs(mine - right) <= 1e3 * scale
    slug = _pattern(here, there, agree)
    return finding(slug, _facts(e)) if slug else None


def value_pattern(e: OutputEvidence) -> Finding | None:
    """The same, read off the values of a gradient that has no upstream gradient to probe with."""
    leaves = [leaf for _, leaf in e.plain if leaf.got.shape == leaf.expected.shape and not leaf.passed]
    if not leaves or not _is_derivative(e.name) or e.evidence.exercise.upstream is not None:
        return None
    slugs = {_pattern_of_values(leaf) for leaf in leaves}
    return finding(slugs.pop(), _facts(e)) if len(slugs) == 1 and "" not in slugs else None


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


RULES: tuple[Rule, ...] = (
    known_form,
    integer_truncation,
    transposed,
    unsummed_axis,
    extra_axis,
    broadcast_blow_up,
    wrong_axis,
    wrong_shape,
    not_finite,
    scaled,
    missing_upstream,
    numerical_differentiation,
    only_at_kinks,
    jacobian_pattern,
    value_pattern,
)


def name_mistake(e: OutputEvidence) -> Finding:
    """The first finding of `RULES`; "wrong-value" where none applies."""
    for rule in RULES:
        found = rule(e)
        if found:
            return found
    return finding("wrong-value", _facts(e))

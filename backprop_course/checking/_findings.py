"""A mistake by name, and the numbers that fill in its words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._trial import Leaf, close
from backprop_course.checking.catalogue import CATALOGUE


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


def facts_about(e: OutputEvidence) -> dict[str, object]:
    """What the words of a mistake may mention, from the first leaf that is wrong."""
    _, leaf = e.wrong[0]
    return {
        "output": e.name,
        "upstream": e.evidence.exercise.upstream or "the upstream gradient",
        "expected": leaf.expected.shape,
        "got": leaf.got.shape,
        "value": _first_not_finite(leaf.got),
        "factor": ratio(leaf) or 0.0,
        "error": float(np.median(relative_errors(leaf))) if leaf.expected.any() else 0.0,
    }


def _first_not_finite(a: Array) -> str:
    flat = np.ravel(a)
    bad = flat[~np.isfinite(flat)]
    return str(bad[0]) if bad.size else "nan"


def facts_of(e: OutputEvidence, leaf: Leaf) -> dict[str, object]:
    """The same, with the shapes of a leaf of one's own choice."""
    return {**facts_about(e), "expected": leaf.expected.shape, "got": leaf.got.shape}


def ratio(leaf: Leaf) -> float | None:
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


def relative_errors(leaf: Leaf) -> Array:
    """Relative errors of the entries that should not be 0."""
    if leaf.got.shape != leaf.expected.shape:
        return np.full(1, np.inf)
    here = leaf.expected != 0
    error = np.abs(leaf.got[here].astype(np.float64) - leaf.expected[here]) / np.abs(leaf.expected[here])
    return np.asarray(np.nan_to_num(error, nan=np.inf))

"""Naming a mistake: its words, filled in with the numbers of the very case that is shown."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import Evidence, OutputEvidence, Pair
from backprop_course.checking._explain import case_result
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._trial import Trial
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.exercises import Mistake


def mistake(
    output: OutputEvidence,
    slug: str,
    says: str = "",
    hint: str = "",
    shown: Pair | None = None,
    **facts: object,
) -> Mistake:
    """Name what is wrong with a returned value, in the given words or else the catalogue's.

    Parameters
    ----------
    output : OutputEvidence
        The returned value.
    slug, says, hint : str
        The mistake's name and words.
    shown : pair of Trial and Leaf, optional
        What shows it: the first wrong one where a rule does not say otherwise.
    **facts
        Further numbers that the words may mention.
    """
    asked, leaf = shown or output.wrong[0]
    known = {
        "output": output.name,
        "upstream": output.exercise.upstream or "the upstream gradient",
        "expected": leaf.expected.shape,
        "got": leaf.got.shape,
        "value": _first_not_finite(leaf.got),
        "factor": ratio(leaf) or 0.0,
        "error": float(np.median(relative_errors(leaf))) if leaf.expected.any() else 0.0,
    }
    return _said(slug, says, hint, known | facts, asked, leaf)


def mistake_of_all(
    evidence: Evidence, asked: Trial, slug: str, says: str = "", hint: str = "", **facts: object
) -> Mistake:
    """Name what is wrong with an answer as a whole."""
    known = {"output": evidence.exercise.returns[0], "upstream": evidence.exercise.upstream}
    return _said(slug, says, hint, known | facts, asked, None)


def _said(
    slug: str, says: str, hint: str, facts: dict[str, object], asked: Trial, leaf: Leaf | None
) -> Mistake:
    words = CATALOGUE[slug]
    return Mistake(
        slug,
        (says or words.says).format(**facts),
        (hint or ("" if says and words.alone else words.hint)).format(**facts),
        case_result(asked, leaf),
    )


def quoted(line: str) -> str:
    """A line of the student's, fit to stand in words that are filled in later."""
    return line.replace("{", "{{").replace("}", "}}")


def _first_not_finite(a: Array) -> str:
    bad = np.ravel(a)[~np.isfinite(np.ravel(a))]
    return str(bad[0]) if bad.size else "nan"


def ratio(leaf: Leaf) -> float | None:
    """The one factor by which a leaf differs from the right one, or None."""
    if not leaf.fits or not np.isfinite(leaf.got).all():
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
    if not leaf.fits:
        return np.full(1, np.inf)
    here = leaf.expected != 0
    error = np.abs(leaf.got[here].astype(np.float64) - leaf.expected[here]) / np.abs(leaf.expected[here])
    return np.asarray(np.nan_to_num(error, nan=np.inf))


def written_in(line: str) -> str:
    """What the source shows of an array that has one size, and how to have others."""
    return (
        f"`{quoted(line)}` makes an array of one size, written in as numbers. Take its size from the inputs."
    )


def never_reads(parameter: str) -> str:
    """What the source shows of an argument that plays no part."""
    return f"Your function never reads the {parameter} that it is given."

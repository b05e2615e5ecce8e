"""Rules for answers that are nearly right: each kind leaves its own mark in the numbers."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, Pair
from backprop_course.checking._leaves import Leaf
from backprop_course.checking._tolerance import precision
from backprop_course.checking._words import mistake, quoted, relative_errors
from backprop_course.exercises import Mistake

NEAR = 1e-3  # relative errors below this are near misses
FLAT = 0.7  # share of the cases in which every entry must be near

ROUNDED = "{output} is rounded: no entry has more than {digits} decimals."
SINGLE = (
    "{output} has the precision of float32: every entry is a float32 number, though the inputs are float64."
)
CANCELS = "{output} is right to the last digits in most entries, and a little off in some."
CANCELLATION = "Are two numbers subtracted there that are nearly equal? The digits that they share are lost."
GUARD = "In the case shown, {output} is off by at most {error:.0e} times its largest entry."


def lost_precision(output: OutputEvidence) -> Mistake | None:
    """A lower precision, rounding, clipping, or a small constant in the way."""
    near = _near_misses(output)
    if not near:
        return None
    source, leaves = output.evidence.source, [leaf for _, leaf in output.plain if leaf.fits]
    if all(np.array_equal(leaf.got, leaf.got.astype(np.float32)) for leaf in leaves):
        line = source.line("float32")
        hint = f"It comes from `{quoted(line)}`." if line else "Look for a cast or an array of float32."
        return mistake(output, "lost-precision", SINGLE, hint, clearest(near))
    digits = max(map(_decimals, leaves))
    if digits <= 8:
        line = source.line("rounding")
        hint = f"It is rounded in `{quoted(line)}`." if line else "Return the numbers as they come."
        return mistake(output, "lost-precision", ROUNDED, hint, clearest(near), digits=digits)
    for sign, does in (
        # What is cut is off, and the rest is not.
        *([] if _nearly_everywhere(output) else [("clipping", "changes the numbers that it cuts")]),
        ("guard", "changes every number a little, and more the smaller it is"),
        ("float32", "keeps seven digits"),
        ("rounding", "rounds what it is given"),
        ("few digits", "holds a number with few digits"),
    ):
        line = source.line(sign)
        if line and output.exercise.analytic and not source.line("difference"):
            return _off_by(output, near, f"`{quoted(line)}` {does}.")
    return None


def _off_by(output: OutputEvidence, near: list[Pair], hint: str = "") -> Mistake:
    shown = clearest(near)
    return mistake(output, "lost-precision", GUARD, hint, shown, error=_largest_error(shown[1]))


def _nearly_everywhere(output: OutputEvidence) -> bool:
    """Whether most entries are off: a cut or a cancellation leaves them as they are."""
    everywhere = [leaf for t, leaf in output.plain if precision(t.case.inputs) == np.float64]
    return bool(np.mean(np.concatenate([relative_errors(leaf) for leaf in everywhere]) > 1e-13) > 0.5)


def _near_misses(output: OutputEvidence) -> list[Pair]:
    """The wrong answers in float64, where each of them is a near miss."""
    wrong = [
        (t, leaf)
        for t, leaf in output.wrong
        if precision(t.case.inputs) == np.float64 and not t.case.kink and leaf.expected.any()
    ]
    near = [pair for pair in wrong if _largest_error(pair[1]) < NEAR]
    return near if wrong and len(near) > FLAT * len(wrong) else []


def _largest_error(leaf: Leaf) -> float:
    """Error in units of the largest entry."""
    if not leaf.fits or not np.isfinite(leaf.got).all():
        return np.inf
    return float(
        np.abs(np.subtract(leaf.got, leaf.expected, dtype=np.float64)).max() / np.abs(leaf.expected).max()
    )


def clearest(pairs: list[Pair]) -> Pair:
    """The first pair, which is easiest to read, among those whose digits differ most."""
    pairs = [pair for pair in pairs if pair[1].expected.any()] or pairs
    largest = max(_largest_error(leaf) for _, leaf in pairs)
    return next(pair for pair in pairs if _largest_error(pair[1]) >= 0.1 * largest)


def _decimals(leaf: Leaf) -> int:
    """To how many decimals every entry is rounded; 99 where it is not."""
    got: Array = leaf.got.astype(np.float64)
    for digits in range(1, 9):
        rounded = np.allclose(got, np.round(got, digits), rtol=1e-15, atol=1e-15)
        if rounded and np.allclose(got, leaf.expected, rtol=1e-15, atol=10.0**-digits):
            return digits
    return 99


def numerical_differentiation(output: OutputEvidence) -> Mistake | None:
    """Small errors nearly everywhere, as a difference quotient makes them."""
    near = _near_misses(output) if output.exercise.analytic else []
    if not near:
        return None
    if not output.is_derivative:
        return _off_by(output, near)
    if not _nearly_everywhere(output):
        hint = CANCELLATION if output.evidence.source.line("subtraction") else ""
        return mistake(output, "lost-precision", CANCELS, hint, clearest(near))
    errors = np.concatenate([relative_errors(leaf) for _, leaf in near])
    line = output.evidence.source.line("difference")
    hint = f"`{quoted(line)}` is a difference quotient. Derive the formula; the quotient is for checking it."
    error = float(np.median(errors))
    slug = "numerical-differentiation"
    return mistake(output, slug, hint=hint if line else "", shown=clearest(near), error=error)

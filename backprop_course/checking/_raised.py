"""Naming an exception: what Python or NumPy refused, with the student's line where it is known."""

import re

import numpy as np

from backprop_course.checking._call import Outcome, Raised, call
from backprop_course.checking._evidence import Evidence, leaf_of
from backprop_course.checking._leaves import close
from backprop_course.checking._source import Source
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake_of_all, quoted, written_in
from backprop_course.exercises import Mistake, WrongForm

Told = tuple[str, str, str]  # slug, message, hint

PRODUCT_REFUSED = ("matmul", "not aligned", "core dimension")
OF_SHAPES = ("ValueError", "IndexError")
BY_ENTRY_REFUSED = ("could not be broadcast", "broadcast together")


def stopping_form(evidence: Evidence) -> Mistake | None:
    """A known wrong form with every answer and every error of the student's: there is nothing more to say."""
    stopped = _stopped(evidence)
    if all(evidence.passes_as_floats(t) for t in stopped):  # none, or for integers alone
        return None
    # Where there is no room for an array, the words are about that.
    asked = min(stopped, key=lambda t: _kind_of_error(t.outcome) != "MemoryError")
    for form in evidence.exercise.wrong:
        if form.constants is None and all(_stops_alike(form, t) for t in evidence.trials):
            # A form without words of its own: the catalogue's speak of an array, and here is none.
            says = form.says or "Your function stopped with {error}."
            # Words of its own fit every failing case, also a smaller one that was answered: unless they are
            # about the error itself.
            shown = evidence.failing[0] if form.says and form.slug != "raised-error" else asked
            return mistake_of_all(evidence, shown, form.slug, says, form.because, error=asked.outcome.raised)
    return None


def raised(evidence: Evidence) -> Mistake | None:
    """An exception, and what it tells."""
    stopped = _stopped(evidence)
    if not stopped:
        return None
    asked, error = stopped[0], stopped[0].outcome.raised
    assert error is not None
    if all(evidence.passes_as_floats(t) for t in stopped):
        says = "Your function stopped for integer inputs with {error}."
        return mistake_of_all(evidence, asked, "integer-truncation", says, error=error)
    where = _with_line(error)
    for tell in TELL:
        told = tell(evidence, asked, error)
        if told:
            return mistake_of_all(evidence, asked, *told, error=where)
    return mistake_of_all(evidence, asked, "raised-error", error=where)


def beyond_one_row(evidence: Evidence) -> Mistake | None:
    """Right for one row alone: where there are several, it stops in some cases, and no answer is right.

    Nothing more is said then. What it returns for several rows comes from shapes that fit by chance.
    """
    stopped = _stopped(evidence)
    if not stopped or evidence.written_size or not all(_is_array(t.case.inputs[0]) for t in evidence.trials):
        return None
    single = [t for t in evidence.trials if np.ndim(t.case.inputs[0]) < 2]
    several = [t for t in evidence.trials if _has_several_rows(t)]
    if not any(t.passed for t in single) or any(t in stopped for t in single):
        return None
    if not several or any(t.passed for t in several):
        return None
    asked, error = stopped[0], stopped[0].outcome.raised
    assert error is not None
    if error.kind not in OF_SHAPES or "truth value" in error.message:
        return None
    ends = "stops" if all(t in stopped for t in several) else "stops or goes wrong"
    says = f"Your function works for one row alone, and {ends} where an axis stands in front of it"
    hint = _lost_axis(evidence.source) or (
        "What does this line do with several rows? "
        "`axis=-1` and `z[..., 0]` work along the last axis, however many there are in front of it."
    )
    return mistake_of_all(
        evidence, asked, "raised-error", f"{says}: {{error}}.", hint, error=_with_line(error)
    )


def _has_several_rows(asked: Trial) -> bool:
    """Several rows, and answers that are not all 0: those come out of nearly any code."""
    shape = np.shape(asked.case.inputs[0])
    return bool(np.prod(shape[:-1]) > 1) and any(leaf.expected.any() for leaf in asked.question.leaves)


def _with_line(error: Raised) -> str:
    return f"{error}, in the line `{error.line}`" if error.line else str(error)


def _stopped(evidence: Evidence) -> list[Trial]:
    """Failing trials that ended in an error which was not asked for."""
    return [t for t in evidence.failing if t.outcome.raised and not (t.mistake or t.case.raises)]


def _unknown_name(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    if error.kind not in ("NameError", "UnboundLocalError"):
        return None
    hint = (
        "Python knows no such name at that point: it is misspelt, not imported, or its cell has not been run."
    )
    if error.kind == "UnboundLocalError":
        hint = "The name has no value at that point: it is set later, or only on a way that was not taken."
    return "raised-error", "", hint


def _in_given_function(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """It arose inside a function that the student's line calls: nothing in the line itself was refused."""
    if not error.in_given:
        return None
    hint = "The error arose inside the function that this line calls. What does it take, and what did it get?"
    return "raised-error", "", hint


def _uncalled_function(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """A function that was computed with, or used as a list, in the place of what it returns."""
    if error.kind != "TypeError" or not re.search("'function'|got a? ?functions?", error.message):
        return None
    hint = "A function stands where a number or a list is needed. To get what it returns, call it: `g(x)`."
    return "raised-error", "", hint


def _list_for_array(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """Arithmetic with a list as if it were an array."""
    if error.kind != "TypeError" or not re.search("multiply sequence|'list'|concatenate list", error.message):
        return None
    hint = (
        "A list is no array: arithmetic does not go through its items. Go through them in a loop, one by one."
    )
    return "raised-error", "", hint


def _kept_kind(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """Numbers with a fraction were to be written into an array of whole ones."""
    if "Cannot cast ufunc" not in error.message:
        return None
    hint = (
        "An array of whole numbers is written into, as `a -= b` and `a[i] += b` do. It can't hold fractions: "
        "write into one of floats."
    )
    return "raised-error", "", hint


def _one_number_needed(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """An array where Python takes one number."""
    if error.kind != "TypeError" or "converted to Python scalar" not in error.message:
        return None
    hint = (
        "Python's own functions, such as those of `math`, take one number. "
        "NumPy's work entry by entry: `np.sin(x)`."
    )
    return "raised-error", "", hint


def _truth_of_array(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    if "truth value of an array" not in error.message:
        return None
    line = error.line or evidence.source.line("condition")
    hint = f"The line `{quoted(line)}` needs one answer, and gets one for each entry. " if line else ""
    return (
        "truth-of-an-array",
        "",
        hint
        and hint
        + (
            "A comparison of arrays gives an array of True and False, to multiply by or to use in `np.where`."
        ),
    )


def _axis_counted_from_the_front(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    if error.kind != "AxisError":
        return None
    hint = (
        "An array has axis 1 only where it has two axes. `axis=-1` is the last one, however many there are."
    )
    return "raised-error", "", hint


def _written_size(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """Shapes that do not fit, and an array of a size that is written in as numbers."""
    shapes = (*PRODUCT_REFUSED, *BY_ENTRY_REFUSED, "could not broadcast", "cannot reshape", "out of bounds")
    if not evidence.written_size or not any(word in error.message for word in shapes):
        return None
    agree = "works only where sizes happen to agree" if any(t.passed for t in evidence.trials) else "stopped"
    return "raised-error", f"Your function {agree}: {{error}}.", written_in(evidence.written_size)


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray)


def _refused_product(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """NumPy would not multiply two matrices."""
    if not any(word in error.message for word in PRODUCT_REFUSED):
        return None
    if evidence.by_entry or not evidence.sums_upstream:
        line = error.line or evidence.source.line("matrix product")
        hint = f"That is `{quoted(line)}`. " if line else ""
        says = (
            "Your function stopped in a matrix product, and here entries are multiplied one by one: {error}."
        )
        about = "`*` multiplies entry by entry; `@` and `np.dot` also add up along an axis."
        return "matrix-product-for-elementwise", says, hint + about
    if isinstance(asked.case.inputs[0], list):  # of matrices that fit one another as they come
        says = "NumPy refused a matrix product: {error}."
        return "raised-error", says, "Write the shape under each factor. Which two matrices meet here?"
    if any(t.passed for t in evidence.trials):
        says = "A matrix product works only where shapes happen to agree: {error}."
        hint = (
            "Write the shape under each factor. Is one of them of another layer, or is a transpose missing?"
        )
        has_layers = any(isinstance(value, list) for value in asked.case.inputs)
        return "missing-transpose", says, hint if has_layers else ""
    says = "NumPy refused a matrix product, since the shapes of its factors do not fit: {error}."
    return (
        "missing-transpose",
        says,
        (
            "Write the shape under each factor: the inner ones must be the same axis. "
            "A transpose, or another order, may be missing."
        ),
    )


def _refused_by_entry(evidence: Evidence, asked: Trial, error: Raised) -> Told | None:
    """NumPy would not combine two arrays entry by entry, or write one into the place of another."""
    if "could not broadcast input array" in error.message and any(t.passed for t in evidence.trials):
        return (
            "missing-transpose",
            "Your function works only where shapes happen to agree: {error}.",
            (
                "An array is written into a place of another shape. "
                "Are rows and columns exchanged, or is an index missing?"
            ),
        )
    if not any(word in error.message for word in BY_ENTRY_REFUSED):
        return None
    source = evidence.source
    both_matrices = re.search(r"\(\d+,(\d+)\) \((\d+),\d+\)", error.message)
    # A factor that does not fit may be a mask of another layer, unless a matrix product of the two would.
    read = Source(error.line) if both_matrices and both_matrices[1] == both_matrices[2] else source
    product = read.line("elementwise product") if not read.line("matrix product") else ""
    if product and both_matrices and not evidence.by_entry and evidence.sums_upstream:
        says = "Arrays whose shapes do not fit were combined entry by entry: {error}."
        line = quoted(error.line or product)
        hint = f"`{line}` multiplies entry by entry. Does a matrix product belong there?"
        return "matrix-product-for-elementwise", says, hint
    says = "Two arrays can't be combined entry by entry: {error}."
    hint = "Print both shapes. Read from the right, axes must be equal, or one of them 1."
    shapes = re.search(r"\(([\d,]*)\) \(([\d,]*)\)", error.message)
    is_lost = shapes is None or shapes[1].strip(",").count(",") != shapes[2].strip(",").count(",")
    return "raised-error", says, f"{hint} {_lost_axis(source) if is_lost else ''}".strip()


def _lost_axis(source: Source) -> str:
    line = source.line("reduction without keepdims")
    return line and f"`{quoted(line)}` takes an axis away; with `keepdims=True` it would stay, with length 1."


def _stops_alike(form: WrongForm, asked: Trial) -> bool:
    """Whether a known wrong form raises where the answer does, and otherwise gives the same values."""
    outcome = call(form.function, asked.case.inputs)
    if _kind_of_error(outcome) != _kind_of_error(asked.outcome):
        return False
    for leaf in asked.leaves:
        other = leaf_of(outcome, asked, leaf)
        if other is None or other.shape != leaf.got.shape:
            return False
        slack = leaf.tolerance if leaf.fits else np.zeros(())
        if not close(other, leaf.got, 1e-9 + slack).all():
            return False
    return True


def _kind_of_error(outcome: Outcome) -> str | None:
    return outcome.raised.kind if outcome.raised else None


TELL = (
    _unknown_name,
    _in_given_function,
    _uncalled_function,
    _list_for_array,
    _kept_kind,
    _one_number_needed,
    _truth_of_array,
    _axis_counted_from_the_front,
    _written_size,
    _refused_product,
    _refused_by_entry,
)

"""Recognising the wrong forms of an exercise's own bank, with the constant that a student may have chosen."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._call import call
from backprop_course.checking._evidence import OutputEvidence, leaf_of
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._part_rules import forgetful_line, overwriting_line
from backprop_course.checking._precision_rules import clearest
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake
from backprop_course.exercises import Mistake, WrongForm
from backprop_course.numbers import show

Function = Callable[..., Any]
LACKING = ("dropped-path", "forgot-chain", "wrong-value")  # what a loop that ends early leaves
HALVINGS = 60  # of the range of a constant's logarithm: down to round-off


def known_form(output: OutputEvidence) -> Mistake | None:
    """The first form that gives the same values."""
    return joint_form([output])


def joint_form(outputs: Sequence[OutputEvidence]) -> Mistake | None:
    """The first form that gives the student's values in all of `outputs`.

    Else the first that gives most of them: a form may overflow where the student's own code is guarded.
    """
    # Nan is like any other nan: a form with a wrong formula is not seen where no number is wrong.
    if any(t.outcome.raised for t in outputs[0].evidence.failing) and len(outputs[0].wrong) < 2:
        return None  # one answer among errors may be like anything
    only_not_finite = any(output.only_not_finite for output in outputs)
    guarded = None
    for form in outputs[0].exercise.wrong:
        if only_not_finite and form.slug != "not-finite":
            continue
        function, facts = _fitted(outputs[0], form)
        given = [None if function is None else _given(output, function) for output in outputs]
        if any(share is None for share in given) or not (function and _is_true(outputs[0], form, function)):
            continue
        shown = clearest(outputs[0].wrong) if form.slug == "lost-precision" else None
        found = _confirmed(outputs, mistake(outputs[0], form.slug, form.says, form.because, shown, **facts))
        if all(share == 1 for share in given):
            return found
        guarded = guarded or found
    return guarded


def _is_true(output: OutputEvidence, form: WrongForm, function: Function) -> bool:
    """Whether every value that the form's words mention by its name is as the form gives it."""
    named = re.findall(r"\w+", form.says)
    return all(_given(o, function) is not None for o in output.evidence.all_outputs() if o.name in named)


def _confirmed(outputs: Sequence[OutputEvidence], found: Mistake) -> Mistake:
    """A form with a part missing, and the line of the student's that loses it where the source shows one."""
    if found.slug in LACKING and (line := outputs[0].evidence.source.ends_first_round):
        return replace(found, hint=f"`{line}` ends the loop in its first round. {found.hint}")
    # Beside other values, the last of a running gradient is rightly set anew in every round.
    single = outputs if len(outputs[0].exercise.returns) == 1 else ()
    lines = {"dropped-path": map(forgetful_line, outputs), "forgot-chain": map(overwriting_line, single)}
    if not (line := next(filter(None, lines.get(found.slug, ())), "")):
        return found
    return replace(
        found, slug="overwritten-gradient", hint=f"`{line}` forgets what stood there. {found.hint}"
    )


def _given(output: OutputEvidence, function: Function) -> float | None:
    """The share of the student's finite values that a form gives; None where it gives others, or too few.

    Finite values are what a formula shows: the same formula overflows in many ways. Where none of them is
    wrong, the form must overflow in the same entries.
    """
    is_wrong, same_overflow, given, meant = False, True, 0, 0
    for asked, leaf in output.plain:
        other, finite = _leaf_from(function, asked, leaf), np.isfinite(leaf.got)
        if other is None:
            return None
        both = finite & np.isfinite(other)
        if not close(leaf.got, other, _slack(leaf, other))[both].all():
            return None
        is_wrong |= bool(both.any() and (not leaf.fits or leaf.wrong[both].any()))
        same_overflow &= bool((np.isfinite(other) == finite).all())
        given, meant = given + int(both.sum()), meant + int(finite.sum())
    if same_overflow:
        return 1.0
    return given / meant if is_wrong and 2 * given >= meant else None


def _leaf_from(function: Function, asked: Trial, leaf: Leaf) -> Array | None:
    """What a form returns in the place of a student's leaf, where it has its shape."""
    other = leaf_of(call(function, asked.case.inputs), asked, leaf)
    return other if other is not None and other.shape == leaf.got.shape else None


def _slack(leaf: Leaf, other: Array) -> Array:
    """How far a known wrong form may be from the answer: round-off, and a tenth of the answer's own error."""
    slack = np.asarray(1e-9 * np.nan_to_num(np.abs(other), posinf=0.0))
    if leaf.tolerance.shape != other.shape:
        return slack
    error = np.nan_to_num(np.abs(np.subtract(leaf.got, leaf.expected, dtype=np.float64)), posinf=0.0)
    return np.where(leaf.wrong, np.minimum(slack, 0.1 * error), slack) + leaf.tolerance


def _fitted(output: OutputEvidence, form: WrongForm) -> tuple[Function | None, dict[str, Any]]:
    """A form as a function of the exercise's inputs, and what its words may mention.

    The constant of a form is the one that explains the most wrong of the entries that depend on it, by
    bisection.
    """
    if form.constants is None:
        return form.function, {}

    def with_constant(logarithm: float) -> Function:
        return partial(form.function, constant=float(np.exp(logarithm)))

    low, high = (float(np.log(constant)) for constant in form.constants)
    found = _most_telling(output, with_constant(low), with_constant(high))
    if found is None:
        return None, {}
    asked, leaf, index = found
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        other, start = (_leaf_from(with_constant(end), asked, leaf) for end in (middle, low))
        if other is None or start is None:
            return None, {}
        is_beyond = (other[index] > leaf.got[index]) != (start[index] > leaf.got[index])
        low, high = (low, middle) if is_beyond else (middle, high)
    return with_constant(high), {"constant": show(float(np.exp(high)), digits=1)}


def _most_telling(
    output: OutputEvidence, smallest: Function, largest: Function
) -> tuple[Trial, Leaf, tuple[int, ...]] | None:
    """The most wrong of the entries between those of two functions: it has most of a constant's digits."""
    most, found = 0.0, None
    for asked, leaf in output.plain:
        ends = [_leaf_from(function, asked, leaf) for function in (smallest, largest)]
        if not leaf.fits or ends[0] is None or ends[1] is None:
            continue
        is_between = (ends[0] > leaf.got) != (ends[1] > leaf.got)
        error = np.abs(np.subtract(leaf.got, leaf.expected, dtype=np.float64))
        error = np.where(leaf.wrong & is_between, error, 0.0)
        if error.max(initial=0.0) > most:
            most = float(error.max())
            index = np.unravel_index(int(error.argmax()), error.shape)
            found = asked, leaf, tuple(int(i) for i in index)
    return found

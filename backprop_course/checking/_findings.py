"""From trials to named mistakes: first how the function behaves, then what each returned value holds."""

from collections.abc import Iterator
from functools import partial
from itertools import permutations

from backprop_course.arrays import Nested
from backprop_course.checking._call import Outcome, call
from backprop_course.checking._evidence import Evidence, leaf_of
from backprop_course.checking._leaves import alike, close
from backprop_course.checking._rules import name_mistake
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake_of_all
from backprop_course.exercises import Mistake, WrongForm

SHAPE_WORDS = ("matmul", "shapes", "aligned", "broadcast", "operand", "dimension")


def find_mistakes(evidence: Evidence) -> list[Mistake]:
    """What is wrong, the most telling first; empty where nothing is."""
    found: list[Mistake] = []
    for m in _in_order(evidence):
        if (m.slug, m.message) not in [(known.slug, known.message) for known in found]:
            found.append(m)
    return found


def _in_order(evidence: Evidence) -> Iterator[Mistake]:
    # Without an answer there is nothing more to say.
    blocking = _no_answer(evidence)
    if blocking:
        yield blocking
        return
    stale = _is_stale(evidence)
    if not (stale or evidence.failing):
        return
    # How the function behaves comes before what it returns: values may be wrong for that reason alone.
    if stale:
        yield mistake_of_all(evidence, evidence.trials[0], "stale-state")
    mutated = next((t for t in evidence.failing if t.outcome.mutated), None)
    if mutated:
        argument = evidence.exercise.parameters[mutated.outcome.mutated[0]]
        yield mistake_of_all(evidence, mutated, "mutated-input", argument=argument)
    judged = next((t for t in evidence.failing if t.mistake), None)
    if judged:
        yield _judged(evidence, judged)
    # All values right in another order: each of them by itself would look wrong for a reason of its own.
    reordered = _reordered(evidence)
    if reordered:
        yield reordered
        return
    mismatched = next((t for t in evidence.failing if t.mismatch), None)
    if mismatched:
        yield mistake_of_all(evidence, mismatched, "wrong-type", **vars(mismatched.mismatch))
    raised = _raised(evidence)
    if raised:
        yield raised
    for output in evidence.outputs():
        if not (stale or mutated) or _wrong_by_itself(evidence, output.wrong[0][0]):
            yield name_mistake(output)


def _is_stale(evidence: Evidence) -> bool:
    """Whether the first case, put once more, gets another answer."""
    first = evidence.trials[0]
    if not first.answered:
        return False
    again = evidence.ask(first.case)
    return again.raised is not None or not alike(first.outcome.value, again.value)


def _wrong_by_itself(evidence: Evidence, asked: Trial) -> bool:
    """Whether values are wrong even in trials that left their arguments alone."""
    return any(not t.outcome.mutated and not t.passed for t in evidence.failing) and not asked.outcome.mutated


def _no_answer(evidence: Evidence) -> Mistake | None:
    """The function returns nothing, is the stub, asks the course for the answer, or does not return."""
    for asked in evidence.failing:
        if asked.outcome.timed_out:
            return mistake_of_all(evidence, asked, "out-of-time", seconds=evidence.exercise.time_limit)
        if asked.unwritten:
            says = "There is no answer yet: the function raises NotImplementedError."
            return mistake_of_all(evidence, asked, "not-implemented", says)
        if asked.outcome.raised and asked.outcome.raised.kind == "UsesReferenceError":
            return mistake_of_all(evidence, asked, "uses-reference", name=asked.outcome.raised.message)
        if not asked.outcome.raised and asked.outcome.value is None and not asked.case.raises:
            says = "The function returns None: it has no `return`, or one without a value."
            return mistake_of_all(evidence, asked, "not-implemented", says)
    return None


def _judged(evidence: Evidence, asked: Trial) -> Mistake:
    """A known wrong form that answers every case as the student does, or what the exercise itself found."""
    for form in evidence.exercise.wrong:
        if all(_same_answer(form, t) for t in evidence.trials):
            return mistake_of_all(evidence, asked, form.slug, form.says, form.because)
    found = asked.mistake
    assert found is not None
    return mistake_of_all(evidence, asked, found.slug, "{message}", found.hint, message=found.message)


def _same_answer(form: WrongForm, asked: Trial) -> bool:
    outcome = call(form.function, asked.case.inputs)
    return bool(outcome.raised) == bool(asked.outcome.raised) and alike(outcome.value, asked.outcome.value)


def _reordered(evidence: Evidence) -> Mistake | None:
    """All values right once put into another order."""
    if evidence.exercise.find_mistake is not None or not evidence.failing:
        return None
    names, shown = evidence.exercise.returns, evidence.failing[0]
    if 1 < len(names) <= 4:
        for order in list(permutations(range(len(names))))[1:]:
            if evidence.would_pass(partial(_permuted, order)):
                return mistake_of_all(evidence, shown, "swapped-inputs")
    if _returns_lists(shown, names) and evidence.would_pass(partial(_reversed_lists, names)):
        says = "The entries of the returned lists come in reverse order."
        return mistake_of_all(evidence, shown, "wrong-order", says)
    return None


def _permuted(order: tuple[int, ...], value: Nested) -> Nested:
    return [value[i] for i in order]


def _returns_lists(asked: Trial, names: tuple[str, ...]) -> bool:
    if not asked.question.comparable:
        return False
    expected = asked.question.expected
    return any(isinstance(part, list) for part in ([expected] if len(names) == 1 else expected))


def _reversed_lists(names: tuple[str, ...], value: Nested) -> Nested:
    parts = [value] if len(names) == 1 else value
    turned = [part[::-1] if isinstance(part, list | tuple) else part for part in parts]
    return turned[0] if len(names) == 1 else turned


def _raised(evidence: Evidence) -> Mistake | None:
    """An exception, and what it tells."""
    stopped = [t for t in evidence.failing if t.outcome.raised and not t.mistake]
    if not stopped:
        return None
    asked, error = stopped[0], stopped[0].outcome.raised
    assert error is not None
    if all(evidence.passes_as_floats(t) for t in stopped):
        says = "Your function stopped for integer inputs with {error}."
        return mistake_of_all(evidence, asked, "integer-truncation", says, error=error)
    for form in evidence.exercise.wrong:
        if all(_stops_alike(form, t) for t in evidence.trials):
            # A form without words of its own: the catalogue's speak of an array, and here is none.
            says = form.says or "Your function stopped with {error}."
            return mistake_of_all(evidence, asked, form.slug, says, form.because, error=error)
    fits_sometimes = any(t.answered for t in evidence.trials)
    if error.kind == "ValueError" and fits_sometimes and any(word in error.message for word in SHAPE_WORDS):
        says = "Your function works only where shapes happen to agree. Here it stopped with {error}."
        return mistake_of_all(evidence, asked, "missing-transpose", says, error=error)
    where = f"{error}, in the line `{error.line}`" if error.line else str(error)
    return mistake_of_all(evidence, asked, "raised-error", error=where)


def _stops_alike(form: WrongForm, asked: Trial) -> bool:
    """Whether a known wrong form raises where the answer does, and otherwise gives the same values."""
    outcome = call(form.function, asked.case.inputs)
    if _kind_of_error(outcome) != _kind_of_error(asked.outcome):
        return False
    for leaf in asked.leaves:
        other = leaf_of(outcome, asked, leaf)
        if other is None or other.shape != leaf.got.shape:
            return False
        slack = leaf.tolerance if leaf.fits else 0.0
        if not close(other, leaf.got, 1e-9 + slack).all():
            return False
    return True


def _kind_of_error(outcome: Outcome) -> str | None:
    return outcome.raised.kind if outcome.raised else None

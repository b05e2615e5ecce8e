"""From trials to named mistakes: first how the function behaves, then what each returned value holds."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from backprop_course.arrays import Nested
from backprop_course.checking._call import call
from backprop_course.checking._dependence_rules import others
from backprop_course.checking._evidence import Evidence
from backprop_course.checking._known_forms import joint_form
from backprop_course.checking._leaves import alike
from backprop_course.checking._raised import beyond_one_row, raised, stopping_form
from backprop_course.checking._rules import name_mistake
from backprop_course.checking._tolerance import right_answer
from backprop_course.checking._trial import Trial, trial
from backprop_course.checking._words import mistake_of_all, never_reads, quoted
from backprop_course.exercises import Exercise, Mistake, WrongForm

VAGUE = ("wrong-value",)
# They describe what is wrong without a cause, so they come after those that name one.
DESCRIPTIVE = ("wrong-value", "wrong-local-derivative", "forgot-chain", "unused-parameter")
# An argument that is never read is the cause of these.
SYMPTOMS = (
    "wrong-value",
    "wrong-local-derivative",
    "constant-factor",
    "wrong-mask",
    "raised-error",
    "stale-state",
    "unused-parameter",
)
# Seen for arrays of integers alone, or for inputs so large that something overflows: last of all. An answer
# cut to integers may well overflow too, and its kind is the clearer cause.
SPECIAL = ("integer-truncation", "not-finite")


def find_mistakes(evidence: Evidence) -> list[Mistake]:
    """What is wrong, the most telling first; empty where nothing is."""
    found: list[Mistake] = []
    for symptom in _in_order(evidence):
        m = _by_its_cause(evidence, symptom)
        if m is not symptom and m.slug in [known.slug for known in found]:
            continue  # the argument that is never read has been told
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
    if not stale:  # the rules ask again, and would take each new answer for a mistake of another kind
        yield from _of_values(evidence, has_side_effects=bool(mutated))


def _by_its_cause(evidence: Evidence, m: Mistake) -> Mistake:
    """The same finding, with the cause before it where the source shows one: an argument is never read.

    What is differentiated by is left out: an answer may do without it, or have another in its place. So is an
    error of another kind, such as a name that is misspelt.
    """
    exercise, first = evidence.exercise, evidence.trials[0].case.inputs
    errors = {t.outcome.raised.kind for t in evidence.failing if t.outcome.raised}
    if m.slug not in SYMPTOMS or (m.slug == "raised-error" and not errors <= {"ValueError", "IndexError"}):
        return m
    if exercise.find_mistake and m.slug != "stale-state":  # what it says is the exercise's own
        return m
    values = dict(zip(exercise.parameters, first, strict=False))
    unread = [
        p
        for p in evidence.source.unused(exercise.parameters)
        if p != exercise.upstream
        and not any(output.endswith(f"d{p}") for output in exercise.returns)
        and (m.slug == "stale-state" or _is_number(values.get(p)))
        and _plays_a_part(exercise, first, p)
    ]
    if not unread or never_reads(unread[0]) in m.hint:
        return m
    cause = never_reads(unread[0])
    if m.slug == "raised-error":  # the error is a symptom; other findings are in words that fit
        return replace(m, slug="unused-parameter", message=f"{cause} {m.message}")
    return replace(m, slug="unused-parameter", hint=f"{cause} {m.hint}".strip())


def _plays_a_part(exercise: Exercise, inputs: tuple[Any, ...], parameter: str) -> bool:
    """Whether the right answer moves with an argument: one that does not need not be read."""
    if exercise.find_mistake:  # many answers are right, and the task asks for each argument
        return True
    i = exercise.parameters.index(parameter)
    tried = [inputs, *((*inputs[:i], other, *inputs[i + 1 :]) for other in others(inputs[i]))]
    try:
        right, *moved = (right_answer(exercise, given) for given in tried)
    except (ValueError, IndexError):  # a size that does not fit the others
        return True
    return not all(alike(value, right) for value in moved)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.generic | np.ndarray) and np.ndim(value) == 0


def _of_values(evidence: Evidence, has_side_effects: bool) -> Iterator[Mistake]:
    """What the returned values show, all together and then each by itself."""
    # One known form for all that is wrong explains more than an exchange of values, which may only look like
    # one: where each input gets its own factor, swapping the answers teaches nothing. It tells more than an
    # error in other cases, too.
    outputs = sorted(evidence.outputs(), key=lambda o: all(t.case.kink for t, _ in o.wrong))  # ties wait
    joint = joint_form(outputs) if outputs else None
    whole = stopping_form(evidence) or beyond_one_row(evidence)
    stopped = whole or raised(evidence)
    if joint and not has_side_effects:
        yield from filter(None, (joint, stopped))
        return
    if whole:
        yield whole
        return
    # All values right in another order: each of them by itself would look wrong for a reason of its own.
    reordered = _reordered(evidence)
    if reordered:
        yield reordered
        return
    mismatched = next((t for t in evidence.failing if t.mismatch), None)
    if mismatched:
        line = evidence.source.line_in_loop("return") if " of 1" in str(mismatched.mismatch) else ""
        hint = f"`{quoted(line)}` ends the loop in its first round." if line else ""
        found = mistake_of_all(evidence, mismatched, "wrong-type", hint=hint, **vars(mismatched.mismatch))
        yield _not_written(evidence, mismatched) or _lacks_one(evidence, mismatched) or found
    values = [
        name_mistake(output)
        for output in outputs
        if not has_side_effects or _wrong_by_itself(evidence, output.wrong[0][0])
    ]
    # Where one value shows a cause, the vague words for another would only repeat that something is wrong.
    # A list of the wrong kind may have the right length by chance; its shapes then tell nothing.
    telling = [m for m in values if m.slug not in VAGUE and not (mismatched and m.slug == "wrong-shape")]
    if stopped:  # a line that explains the error need not be told again
        telling = [m for m in telling if not m.hint or m.hint != stopped.hint]
    if all(m.slug in SPECIAL for m in telling):  # what special inputs show explains no other value
        telling += [m for m in values if m.slug in VAGUE][:1]
    # A mask of another layer is refused too where widths differ, and no transpose would help.
    waits = stopped and stopped.slug == "missing-transpose" and any(m.slug == "wrong-mask" for m in telling)
    if stopped and not waits:
        yield stopped
    yield from sorted(telling, key=_lateness)
    if stopped and waits:
        yield stopped


def _lateness(m: Mistake) -> tuple[int, int]:
    """Causes come first, then wrong digits, then what only describes; what special inputs show waits."""
    waits = SPECIAL.index(m.slug) + 1 if m.slug in SPECIAL else 0
    return waits, 2 if m.slug in DESCRIPTIVE else int(m.slug == "lost-precision")


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
        if asked.outcome.raised and asked.outcome.raised.kind == "UsesReference":
            return mistake_of_all(evidence, asked, "uses-reference")
        if not asked.outcome.raised and asked.outcome.value is None and not asked.case.raises:
            if any(t.answered for t in evidence.trials):
                says = "In some cases your function returns None: it reaches no `return` with a value."
                line = evidence.source.ends_first_round
                hint = f"`{quoted(line)}` ends the loop in its first round." if line else ""
                return mistake_of_all(evidence, asked, "wrong-type", says, hint)
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
    if form.constants is not None:  # a constant of the student's is never the same to the last digit
        return False
    outcome = call(form.function, asked.case.inputs)
    return bool(outcome.raised) == bool(asked.outcome.raised) and alike(outcome.value, asked.outcome.value)


def _reordered(evidence: Evidence) -> Mistake | None:
    """All values right once put into another order."""
    if evidence.exercise.find_mistake is not None or not evidence.failing:
        return None
    names, shown = evidence.exercise.returns, evidence.failing[0]
    if 1 < len(names) <= 5:
        for order in list(permutations(range(len(names))))[1:]:
            if evidence.would_pass(partial(_permuted, order)):
                return mistake_of_all(evidence, shown, "swapped-inputs")
    if _returns_lists(shown, names) and evidence.would_pass(partial(_reversed_lists, names)):
        says = "The entries of the returned lists come in reverse order."
        return mistake_of_all(evidence, shown, "wrong-order", says)
    return None


def _not_written(evidence: Evidence, shown: Trial) -> Mistake | None:
    """A returned value that is None in every case: the others may be done."""
    assert shown.mismatch is not None
    if not all(t.mismatch and t.mismatch.got == "None" for t in evidence.trials):
        return None
    says = f"There is no answer yet for {shown.mismatch.output}: yours is None."
    return mistake_of_all(evidence, shown, "not-implemented", says, "Look at what your `return` gives back.")


def _lacks_one(evidence: Evidence, shown: Trial) -> Mistake | None:
    """A list that is right but for its first entry, or its last, which is not there."""
    for which, at in (("first", 0), ("last", -1)):
        completed = [_completed(asked, at) for asked in evidence.trials]
        if all(asked is not None and asked.passed for asked in completed):
            says = f"{{output}} lacks its {which} entry. The others are right."
            return mistake_of_all(evidence, shown, "wrong-type", says, f"What is the {which} entry to be?")
    return None


def _completed(asked: Trial, at: int) -> Trial | None:
    """The trial, had the answer the one entry that it lacks."""
    value, question = asked.outcome.value, asked.question
    if not (question.comparable and isinstance(question.expected, list) and isinstance(value, list | tuple)):
        return None
    if not question.expected:
        return None
    entry = question.expected[at]
    return trial(question, replace(asked.outcome, value=[entry, *value] if at == 0 else [*value, entry]))


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

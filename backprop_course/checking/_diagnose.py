"""From trials to named mistakes: first how the function behaves, then what each returned value holds."""

from collections.abc import Iterator
from functools import partial
from itertools import permutations
from typing import Any

from backprop_course.checking._call import call
from backprop_course.checking._evidence import Evidence, leaf_of
from backprop_course.checking._findings import Finding, finding
from backprop_course.checking._leaves import alike
from backprop_course.checking._rules import name_mistake
from backprop_course.checking._trial import Leaf, Trial, close
from backprop_course.exercises import WrongForm

SHAPE_WORDS = ("matmul", "shapes", "aligned", "broadcast", "operand", "dimension")


def findings(evidence: Evidence, stale: bool) -> Iterator[tuple[Finding, Trial, Leaf | None]]:
    """Yield what is wrong, the most telling first, each with the trial and the leaf that show it."""
    first = evidence.failing[0] if evidence.failing else evidence.trials[0]
    blocking = _no_answer(evidence)
    if blocking:
        yield blocking[0], blocking[1], None
        return
    if stale:
        yield finding("stale-state", {}), evidence.trials[0], None
    mutated = next((t for t in evidence.failing if t.outcome.mutated), None)
    if mutated:
        argument = evidence.exercise.parameters[mutated.outcome.mutated[0]]
        yield finding("mutated-input", {"argument": argument}), mutated, None
    judged = next((t for t in evidence.failing if t.problem), None)
    if judged:
        yield _judged(evidence, judged), judged, None
    reordered = _reordered(evidence)
    if reordered:
        yield reordered, first, first.leaves[0] if first.leaves else None
        return
    mismatched = next((t for t in evidence.failing if t.mismatch), None)
    if mismatched and mismatched.mismatch:
        m = mismatched.mismatch
        yield finding("wrong-type", vars(m)), mismatched, None
    raised = _raised(evidence)
    if raised:
        yield raised[0], raised[1], None
    for output in evidence.outputs():
        trial, leaf = output.wrong[0]
        if not (stale or mutated) or _wrong_by_itself(evidence, trial):
            yield name_mistake(output), trial, leaf


def _wrong_by_itself(evidence: Evidence, trial: Trial) -> bool:
    """Whether values are wrong even in trials that left their arguments alone."""
    return any(not t.outcome.mutated and not t.passed for t in evidence.failing) and not trial.outcome.mutated


def _no_answer(evidence: Evidence) -> tuple[Finding, Trial] | None:
    """The function returns nothing, is the stub, or does not return."""
    for trial in evidence.failing:
        raised = trial.outcome.raised
        if trial.outcome.timed_out:
            return finding("out-of-time", {"seconds": evidence.exercise.time_limit}), trial
        if raised and raised.kind == "NotImplementedError":
            says = "There is no answer yet: the function raises NotImplementedError."
            return finding("not-implemented", {}, says), trial
        if not raised and trial.outcome.value is None and not trial.case.raises:
            says = "The function returns None: it has no `return`, or one without a value."
            return finding("not-implemented", {}, says), trial
    return None


def _judged(evidence: Evidence, trial: Trial) -> Finding:
    """A known wrong form that answers every case as the student does, or what the judge said."""
    for form in evidence.exercise.wrong:
        if all(_same_answer(form, t) for t in evidence.trials):
            return finding(form.slug, {"output": evidence.exercise.returns[0]}, form.says, form.because)
    problem = trial.problem
    assert problem is not None
    return finding(problem.slug, {"message": problem.message}, "{message}")


def _same_answer(form: WrongForm, trial: Trial) -> bool:
    outcome = call(form.function, trial.case.inputs)
    return bool(outcome.raised) == bool(trial.outcome.raised) and alike(outcome.value, trial.outcome.value)


def _reordered(evidence: Evidence) -> Finding | None:
    """All values right once put into another order."""
    names = evidence.exercise.returns
    if 1 < len(names) <= 4:
        for order in list(permutations(range(len(names))))[1:]:
            if evidence.would_pass(partial(_permuted, order)):
                return finding("swapped-inputs", {})
    if any(isinstance(part, list) for t in evidence.trials for part in _parts(t.expected, names)) and (
        evidence.would_pass(
            lambda value: [_backwards(part) for part in value] if len(names) > 1 else _backwards(value)
        )
    ):
        return finding("wrong-order", {}, "The entries of the returned lists come in reverse order.")
    return None


def _permuted(order: tuple[int, ...], value: Any) -> list[Any]:
    return [value[i] for i in order]


def _parts(expected: Any, names: tuple[str, ...]) -> Any:
    return [expected] if len(names) == 1 else expected or []


def _backwards(part: Any) -> Any:
    return part[::-1] if isinstance(part, list | tuple) else part


def _raised(evidence: Evidence) -> tuple[Finding, Trial] | None:
    """An exception, and what it tells."""
    stopped = [t for t in evidence.failing if t.outcome.raised and not t.problem]
    if not stopped:
        return None
    trial, error = stopped[0], stopped[0].outcome.raised
    assert error is not None
    if all(evidence.passes_as_floats(t) for t in stopped):
        says = "Your function stopped for integer inputs with {error}."
        return finding("integer-truncation", {"error": error}, says), trial
    for form in evidence.exercise.wrong:
        if _stops_alike(form, evidence):
            return finding(
                form.slug, {"output": evidence.exercise.returns[0]}, form.says, form.because
            ), trial
    fits_sometimes = any(t.answered for t in evidence.trials)
    if error.kind == "ValueError" and fits_sometimes and any(word in error.message for word in SHAPE_WORDS):
        says = "Your function works only where shapes happen to agree. Here it stopped with {error}."
        return finding("missing-transpose", {"error": error}, says), trial
    where = f"{error}, in the line `{error.line}`" if error.line else str(error)
    return finding("raised-error", {"error": where}), trial


def _stops_alike(form: WrongForm, evidence: Evidence) -> bool:
    """Whether a known wrong form raises in the same cases and answers alike in the others."""
    for trial in evidence.trials:
        outcome = call(form.function, trial.case.inputs)
        if (outcome.raised and outcome.raised.kind) != (trial.outcome.raised and trial.outcome.raised.kind):
            return False
        for leaf in trial.leaves:
            other = leaf_of(outcome, trial, leaf, evidence.exercise)
            if other is None or other.shape != leaf.got.shape:
                return False
            slack = leaf.tolerance if leaf.tolerance.shape == other.shape else 0.0
            if not close(other, leaf.got, 1e-9 + slack).all():
                return False
    return True

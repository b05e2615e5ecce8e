"""Turning a trial into the part of a report that a student reads: inputs, answer, worst entry, and why."""

import numpy as np

from backprop_course.arrays import Nested, tree_leaves
from backprop_course.checking._leaves import Leaf, kind_of
from backprop_course.checking._one_entry import loss_of_one_entry
from backprop_course.checking._records import CaseResult, Entry
from backprop_course.checking._trial import Trial
from backprop_course.checking.show import READABLE, apart
from backprop_course.exercises import Named
from backprop_course.numbers import show

STEP = 0.01
LITERAL = 12  # entries up to which an array is written down
LONGEST = 160  # characters up to which a call is


def case_result(asked: Trial, leaf: Leaf | None = None) -> CaseResult:
    """Describe a trial; with `leaf`, as evidence for what is wrong with that leaf."""
    if leaf is None:
        leaf = next((found for found in asked.leaves if not asked.passed and not found.passed), None)
    worst = _worst(leaf) if leaf is not None else None
    inputs = dict(zip(asked.question.exercise.parameters, asked.case.inputs, strict=False))
    return CaseResult(
        why=asked.case.why,
        shapes={name: np.shape(value) for name, value in inputs.items() if isinstance(value, np.ndarray)},
        passed=asked.passed,
        worst=worst,
        inputs=inputs,
        outputs={leaf.name: leaf.got} if leaf is not None else _shown(asked),
        note=_note(asked, leaf, worst) if leaf is not None and worst is not None else "",
        leaves=asked.leaves or asked.question.leaves,
        comparable=bool(asked.leaves),
        call=_call(asked) if asked.outcome.raised and not asked.unwritten else "",
    )


def _call(asked: Trial) -> str:
    """Lines that call the function with a case's arguments: written down where they are short."""
    name, inputs, position = asked.question.exercise.name, asked.case.inputs, asked.question.position
    if not any(isinstance(leaf, Named) or np.size(leaf) > LITERAL for leaf in tree_leaves(inputs)):
        line = f"{name}({', '.join(map(_literal, inputs))})"
        if len(line) <= LONGEST or position is None:
            return line
    made = f'{name}(*exercises.inputs("{name}", {position}))'
    return "" if position is None else f"from backprop_course import exercises\n{made}"


def _literal(value: Nested) -> str:
    if isinstance(value, np.ndarray):
        dtype = "" if value.dtype in (np.float64, np.int64) else f", np.{value.dtype}"
        return f"np.array({value.tolist()}{dtype})"
    if isinstance(value, list | tuple):
        items = ", ".join(map(_literal, value))
        return f"[{items}]" if isinstance(value, list) else f"({items}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(v)}" for key, v in value.items()) + "}"
    return repr(value)


def _shown(asked: Trial) -> dict[str, Nested]:
    """The answer as a whole, where its kind is the matter."""
    if asked.mistake and asked.answered:
        size = sum(map(np.size, tree_leaves(asked.outcome.value)))
        return {"answer": asked.outcome.value} if size <= READABLE else {}  # the words say what was found
    return {"answer": kind_of(asked.outcome.value)} if asked.mismatch else {}


def _worst(leaf: Leaf) -> Entry | None:
    if leaf.worst is None:
        return None
    return Entry(leaf.name, leaf.worst, float(leaf.got[leaf.worst]), float(leaf.expected[leaf.worst]))


def _note(asked: Trial, leaf: Leaf, worst: Entry) -> str:
    """What the function does when the input behind the worst entry moves, or the right value."""
    exercise = asked.question.exercise
    told = "one right value is" if asked.case.kink else "expected"
    expected = f"{told} {apart(worst.got, worst.expected)[1]}"
    inputs = dict(zip(exercise.parameters, asked.case.inputs, strict=False))
    moved = None if asked.case.kink else loss_of_one_entry(exercise, inputs, leaf, worst.index)
    if moved is None:
        return expected
    parameter, change = leaf.name.removeprefix("d"), moved.change(moved.at + STEP)
    this = f"this entry of {parameter}" if parameter.endswith("]") else f"this {parameter}"
    value = exercise.returns[0]  # where it is returned beside its gradients
    subject = f"the sum of {exercise.upstream} * output" if exercise.upstream else "the loss"
    if not value.startswith("d") and len(exercise.returns) > 1:
        subject = value
    if change == 0:
        still = "the output" if exercise.upstream else subject
        return f"{still} does not change when {this} moves, so its gradient is 0"
    return f"{expected}: when {this} grows by {STEP}, {subject} changes by {show(change)}"

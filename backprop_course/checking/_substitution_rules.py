"""Rules that ask the course's own function with an argument exchanged: the right formula, elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from backprop_course.arrays import Array, Nested
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf, Mismatch, close, leaves
from backprop_course.checking._likeness_rules import differs
from backprop_course.checking._tolerance import right_answer
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake
from backprop_course.exercises import Mistake
from backprop_course.exercises.functions import resolve

Inputs = tuple[Nested, ...]
Exchange = Callable[[Trial], Inputs | None]

ELSEWHERE = "The formula may be right. Check which variable each of its places takes."
SQUARE = "the square of {p}"


def at_another_place(output: OutputEvidence) -> Mistake | None:
    """The right formula, with another variable in the place of one of its own."""
    if not output.exercise.analytic or output.exercise.find_mistake is not None:
        return None
    for slug, says, exchange in _exchanges(output):
        if _fits(output, exchange):
            return mistake(output, slug, says, ELSEWHERE)
    return None


def _exchanges(output: OutputEvidence) -> Iterator[tuple[str, str, Exchange]]:
    """Yield the exchanges worth trying: what they are called, what to say, and the arguments they make."""
    parameters = output.exercise.parameters
    for i, p in enumerate(parameters):
        for j, other in enumerate(parameters):
            if i != j:
                says = f"In {{output}}, {other} stands where {p} belongs."
                yield "wrong-variable", says, _put(i, _input(j))
    for i, p in enumerate(parameters):
        yield "wrong-variable", f"In {{output}}, the output stands where {p} belongs.", _put(i, _value)
        if p == output.exercise.upstream:  # the answer is linear in it, and the laws of that tell more
            continue
        yield "wrong-sign", f"In {{output}}, {p} enters with the wrong sign.", _changed(i, np.negative)
        for name, change in CHANGES.items():
            says = f"{{output}} would be right if {p} were {name.format(p=p)}."
            slug = "wrong-local-derivative" if name == SQUARE else "wrong-variable"
            yield slug, says, _changed(i, change)
        says = f"{{output}} is what it would be if {p} were 0."
        yield "unused-parameter", says, _changed(i, np.zeros_like)


def _exp_over_sum(a: Array) -> Array:
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


CHANGES: dict[str, Callable[[Array], Array]] = {
    "the sigmoid of {p}": lambda a: 1 / (1 + np.exp(-a)),
    "the softmax of {p}": _exp_over_sum,
    "tanh({p})": np.tanh,
    "exp({p})": np.exp,
    "log({p})": np.log,
    "{p} without its sign": np.abs,
    "{p} after a ReLU": lambda a: np.maximum(a, 0),
    SQUARE: np.square,
}


def _put(i: int, value: Callable[[Trial], Nested]) -> Exchange:
    def exchange(asked: Trial) -> Inputs | None:
        inputs = asked.case.inputs
        with suppress(IndexError):
            old, new = inputs[i], value(asked)
            if _is_numbers(old) and _is_numbers(new) and np.shape(old) == np.shape(new):
                return (*inputs[:i], new, *inputs[i + 1 :])
        return None

    return exchange


def _input(j: int) -> Callable[[Trial], Nested]:
    return lambda asked: asked.case.inputs[j]


def _changed(i: int, change: Callable[[Array], Array]) -> Exchange:
    def changed(asked: Trial) -> Nested:
        old = asked.case.inputs[i]
        return change(np.asarray(old, np.float64)) if _is_numbers(old) else None

    return _put(i, changed)


def _is_numbers(value: Nested) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def _value(asked: Trial) -> Nested:
    exercise, inputs = asked.question.exercise, resolve(asked.case.inputs)
    if exercise.forward is None:
        return None
    return np.asarray(exercise.forward(*(inputs[1:] if exercise.upstream else inputs)))


def _fits(output: OutputEvidence, exchange: Exchange) -> bool:
    """Whether the exchange explains every plain answer, and at least one of them is wrong without it."""
    explained = 0
    for asked, leaf in output.plain:
        inputs = exchange(asked) if leaf.fits else None
        other = None if inputs is None else _answer(output, inputs, leaf)
        if other is None or other.shape != leaf.got.shape or not np.isfinite(other).all():
            return False
        if not close(leaf.got, other, 1e-9 * np.abs(other) + leaf.tolerance).all():
            return False
        explained += not leaf.passed and differs(other, leaf)
    return explained > 0


def _answer(output: OutputEvidence, inputs: Inputs, leaf: Leaf) -> Array | None:
    """The course's answer for other arguments."""
    with suppress(ValueError, TypeError, IndexError, ZeroDivisionError):
        expected = right_answer(output.exercise, inputs)
        for walked in leaves(expected, expected, output.exercise.returns):
            if not isinstance(walked, Mismatch) and walked[0] == leaf.name:
                return walked[1]
    return None

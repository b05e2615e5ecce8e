"""Rules that ask the course's own function with an argument exchanged: the right formula, elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from backprop_course.arrays import Array, Nested, tree_leaves, tree_map
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf, Mismatch, close, leaves
from backprop_course.checking._made_of import ACTIVATIONS, differs
from backprop_course.checking._tolerance import right_answer
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, never_reads, quoted
from backprop_course.exercises import Mistake, Named
from backprop_course.exercises.functions import resolve

Inputs = tuple[Nested, ...]
Exchange = Callable[[Trial], Inputs | None]
Told = tuple[str, str, str, Exchange]  # what an exchange is called, what to say and to hint, what it makes
Change = Callable[[Nested], Nested]

ELSEWHERE = "The formula may be right. Check which variable each of its places takes."
SIGN = "The formula may be right but for a minus: one too many, or one too few."
LEFT_OUT = "Where does {part} enter the formula, and is it in yours at each of these places?"
SQUARE, ABSOLUTE = "the square of {p}", "|{p}|"


def at_another_place(output: OutputEvidence) -> Mistake | None:
    """The right formula, with another variable in the place of one of its own, or with a part left out."""
    exercise = output.exercise
    if exercise.rtol is not None or exercise.find_mistake is not None:  # no formula to compare with
        return None
    told = (told for told in _exchanges(output) if _fits(output, told[3]))
    return next((mistake(output, slug, says, hint) for slug, says, hint, _ in told), None)


def _exchanges(output: OutputEvidence) -> Iterator[Told]:
    """Yield the exchanges worth trying."""
    parameters, upstream = output.exercise.parameters, output.exercise.upstream
    ties = any(t.case.kink for t in output.evidence.trials)  # of two equal inputs, which says nothing
    pairs = [
        (i, j)
        for i, j in permutations(range(len(parameters)), 2)
        if not ties or upstream in (parameters[i], parameters[j])
    ]
    for i, j in pairs:
        says = f"In {{output}}, {parameters[j]} stands where {parameters[i]} belongs."
        slug = "wrong-local-derivative" if "derivatives" in parameters[i] else "wrong-variable"
        yield slug, says, ELSEWHERE, _put(i, _input(j))
    for i, j in pairs:
        if i < j:
            says = f"In {{output}}, {parameters[i]} and {parameters[j]} stand in each other's place."
            yield "swapped-inputs", says, ELSEWHERE, _swapped(i, j)
    for i, p in enumerate(parameters):
        says = f"In {{output}}, the output stands where {p} belongs."
        yield "wrong-variable", says, ELSEWHERE, _put(i, _value)
        if p == upstream:  # the answer is linear in it, and the laws of that tell more
            says = f"In {{output}}, {p} is multiplied by the value of the function as well."
            hint = "The chain rule needs the derivative of the function at the input."
            slug = "value-instead-of-mask" if output.evidence.by_entry or ties else "wrong-local-derivative"
            yield slug, says, hint, _put(i, _upstream_times_value)
            continue
        says = f"{{output}} would be right if {p} had the other sign."
        yield "wrong-sign", says, SIGN, _changed(i, _each_number(np.negative))
        for name, change in CHANGES.items() if _is_numbers(_arguments(output.wrong[0][0])[i]) else ():
            says = f"{{output}} would be right if {p} were {name.format(p=p)}."
            slug = "wrong-local-derivative" if name in (SQUARE, ABSOLUTE) else "wrong-variable"
            line = output.evidence.source.line("absolute value") if name == ABSOLUTE else ""
            hint = f"`{quoted(line)}` takes signs away." if line else ELSEWHERE
            yield slug, says, hint, _changed(i, _each_number(change))
        yield from _left_out(output, i)


def _left_out(output: OutputEvidence, i: int) -> Iterator[Told]:
    """Yield exchanges of an argument, or of a part of it, for nothing or for 1."""
    p, given = output.exercise.parameters[i], _arguments(output.wrong[0][0])[i]
    is_of_functions = any(isinstance(leaf, Named) for leaf in tree_leaves(given))
    if is_of_functions:
        says = f"{{output}} is what it would be if {p} gave back what goes in."
        yield "wrong-variable", says, ELSEWHERE, _changed(i, partial(tree_map, lambda _: _first_argument))
    unused = output.evidence.source.unused(output.exercise.parameters)
    for part, restrict in _parts(p, given):
        hint, were = LEFT_OUT.format(part=part), f"{{output}} is what it would be if {part} were"
        # The slope by an argument at 0 of it is often 1: a slope that was forgotten.
        slug = "forgot-chain" if output.name == f"d{part}" else "dropped-path"
        if part in unused:
            slug, hint = "unused-parameter", f"{never_reads(part)} {hint}"
        yield slug, f"{were} 0.", hint, _changed(i, restrict(partial(_constant, 0.0)))
        slug = "forgot-chain" if is_of_functions else "wrong-local-derivative"
        yield slug, f"{were} 1.", hint, _changed(i, restrict(partial(_constant, 1.0)))


def _parts(p: str, given: Nested) -> Iterator[tuple[str, Callable[[Change], Change]]]:
    """Yield an argument as a whole and its parts, with what restricts a change to them."""
    yield p, lambda change: partial(tree_map, change)
    if isinstance(given, dict):
        for key in given:
            yield f"{p}[{str(key).strip('()')}]", partial(_of_key, key)
    elif isinstance(given, list) or (isinstance(given, np.ndarray) and given.ndim == 1):
        for label, chosen in SOME.items():
            yield label.format(p=p), partial(_of_some, chosen)


SOME = {
    "the first entry of {p}": slice(0, 1),
    "the last entry of {p}": slice(-1, None),
    "every entry of {p} but the first": slice(1, None),
    "every entry of {p} but the last": slice(0, -1),
}


def _of_key(key: Any, change: Change) -> Change:
    return lambda value: {**value, key: tree_map(change, value[key])}


def _of_some(chosen: slice, change: Change) -> Change:
    def changed(value: Nested) -> Nested:
        if isinstance(value, np.ndarray) and value.ndim != 1:
            return value
        items = list(value)
        items[chosen] = tree_map(change, items[chosen])
        return items if isinstance(value, list) else np.array(items, np.float64)

    return changed


def _constant(k: float, value: Nested) -> Nested:
    """One number in the place of every entry, or a function that gives it wherever it is asked."""
    if isinstance(value, Named):
        return lambda *arguments: np.full(np.shape(arguments[-1]), k)
    return np.full(np.shape(value), k)


def _first_argument(*arguments: Nested) -> Nested:
    return arguments[0]


CHANGES: dict[str, Callable[[Array], Array]] = {
    **ACTIVATIONS,
    "log({p})": np.log,
    ABSOLUTE: np.abs,
    "max({p}, 0)": lambda a: np.maximum(a, 0),
    SQUARE: np.square,
}


def _put(i: int, value: Callable[[Trial], Nested]) -> Exchange:
    def exchange(asked: Trial) -> Inputs | None:
        inputs = _arguments(asked)
        with suppress(TypeError):
            old, new = inputs[i], value(asked)
            if _structure(old) == _structure(new):
                return (*inputs[:i], new, *inputs[i + 1 :])
        return None

    return exchange


def _arguments(asked: Trial) -> Inputs:
    """The arguments of a case, with the defaults of those that it leaves out."""
    defaults = [p.default for p in asked.question.exercise.signature.parameters.values()]
    return (*asked.case.inputs, *defaults[len(asked.case.inputs) :])


def _input(j: int) -> Callable[[Trial], Nested]:
    return lambda asked: _arguments(asked)[j]


def _swapped(i: int, j: int) -> Exchange:
    def exchange(asked: Trial) -> Inputs | None:
        once = _put(i, _input(j))(asked)
        return None if once is None else (*once[:j], _arguments(asked)[i], *once[j + 1 :])

    return exchange


def _changed(i: int, change: Change) -> Exchange:
    return _put(i, lambda asked: change(_arguments(asked)[i]))


def _each_number(change: Callable[[Array], Array]) -> Change:
    return partial(tree_map, lambda leaf: change(np.asarray(leaf, np.float64)) if _is_numbers(leaf) else leaf)


def _structure(value: Nested) -> list[tuple[bool, tuple[int, ...]]]:
    """Of every leaf, whether it is a function, and the shape of the numbers."""
    found = list(tree_leaves(value))
    if not all(_is_numbers(leaf) or _is_function(leaf) for leaf in found):
        raise TypeError
    return [(_is_function(leaf), np.shape(leaf)) for leaf in found]


def _is_function(value: Nested) -> bool:
    return isinstance(value, Named) or callable(value)


def _is_numbers(value: Nested) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind == "f")
    return isinstance(value, float | int) and not isinstance(value, bool)


def _value(asked: Trial) -> Nested:
    exercise, inputs = asked.question.exercise, resolve(asked.case.inputs)
    if exercise.forward is None:
        return None
    return np.asarray(exercise.forward(*(inputs[1:] if exercise.upstream else inputs)))


def _upstream_times_value(asked: Trial) -> Nested:
    value = _value(asked)
    return None if value is None else np.multiply(asked.case.inputs[0], value)


def _fits(output: OutputEvidence, exchange: Exchange) -> bool:
    """Whether the exchange explains every plain answer, and at least one of them is wrong without it."""
    explained: list[Array] = []
    for asked, leaf in output.plain:
        inputs = exchange(asked) if leaf.fits else None
        other = None if inputs is None else _answer(output, inputs, leaf)
        if other is None or other.shape != leaf.got.shape or not np.isfinite(other).all():
            return False
        if not close(leaf.got, other, 1e-9 * np.abs(other) + leaf.tolerance).all():
            return False
        if not leaf.passed and differs(other, leaf):
            explained.append(np.ravel(leaf.got))
    # One value everywhere, or a choice of two, comes out of many formulas.
    return bool(explained) and np.unique(np.concatenate(explained)).size > 2


def _answer(output: OutputEvidence, inputs: Inputs, leaf: Leaf) -> Array | None:
    """The course's answer for other arguments."""
    with suppress(ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, OverflowError):
        expected = right_answer(output.exercise, inputs)
        for walked in leaves(expected, expected, output.exercise.returns):
            if not isinstance(walked, Mismatch) and walked[0] == leaf.name:
                return walked[1]
    return None

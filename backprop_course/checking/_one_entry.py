"""The number whose gradient is asked for, as a function of one entry of one input."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from backprop_course.checking._leaves import Leaf
from backprop_course.exercises import Exercise
from backprop_course.exercises.functions import resolve

Index = tuple[int, ...]


class OneEntry(NamedTuple):
    """A function of one entry.

    Attributes
    ----------
    change : callable
        ``change(x)``: by how much the loss, or the sum of upstream gradient times output, changes when the
        entry takes the value x and all others stay.
    at : float
        The entry's own value.
    """

    change: Callable[[float], float]
    at: float


def loss_of_one_entry(
    exercise: Exercise, inputs: Mapping[str, Any], leaf: Leaf, index: Index
) -> OneEntry | None:
    """Follow the entry of an input whose gradient is entry `index` of a returned array.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    inputs : mapping
        Arguments of the case, by parameter.
    leaf : Leaf
        The returned array: ``dW`` belongs to the input ``W``, ``dweights[1]`` to the second of a list.
    index : tuple of int
        Of the entry.

    Returns
    -------
    OneEntry or None
        None where the exercise has no forward function, or the returned array is no gradient of it.
    """
    forward, (name, position) = exercise.forward, _input_behind(leaf.name)
    if forward is None:
        return None
    given = dict(zip(inputs, resolve(tuple(inputs.values())), strict=True))
    dy = np.asarray(given.pop(exercise.upstream)) if exercise.upstream else np.array(1.0)
    if name not in given:
        given |= _default(forward, name)
    if name not in given:
        return None
    moving = given[name] if position is None else given[name][position]
    if np.shape(moving) not in ((), leaf.expected.shape):
        return None
    start = np.array(np.broadcast_to(moving, leaf.expected.shape), np.float64)
    before = np.asarray(forward(*given.values()))

    def change(x: float) -> float:
        moved = start.copy()
        moved[index] = x
        value = moved if position is None else _replaced(given[name], position, moved)
        after = np.asarray(forward(*{**given, name: value}.values()))
        return float((dy * (after - before)).sum())

    return OneEntry(change, float(start[index]))


def _input_behind(output: str) -> tuple[str, int | None]:
    """Input that a gradient belongs to, and its place where that is a list."""
    name, _, place = output.partition("[")
    if not name.startswith("d") or (place and not place[:-1].isdigit()):
        return "", None
    return name[1:], int(place[:-1]) if place else None


def _default(forward: Callable[..., Any], name: str) -> dict[str, Any]:
    """What `forward` takes for an input that a case does not have: a bias, which its backward never sees."""
    parameters = inspect.signature(forward).parameters
    return {name: parameters[name].default} if name in parameters else {}


def _replaced(values: Any, position: int, value: Any) -> list[Any]:
    return [*values[:position], value, *values[position + 1 :]]

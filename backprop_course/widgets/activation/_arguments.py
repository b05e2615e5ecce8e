"""Check what an activation explorer is given."""

from collections.abc import Mapping, Sequence

import numpy as np

from backprop_course.widgets.activation._activations import ACTIVATIONS
from backprop_course.widgets.activation._student import Backward


def checked_names(activation: str, among: Sequence[str] | None) -> list[str]:
    """Check which activations there are to choose from, `activation` among them."""
    if isinstance(among, str):
        raise TypeError(f"among is {among!r}; expected a list of names, such as ['sigmoid', 'tanh']")
    names = list(among or ACTIVATIONS)
    for name in (activation, *names):
        if name not in ACTIVATIONS:
            raise ValueError(
                f"{name!r} is no activation of the course; expected one of {', '.join(ACTIVATIONS)}"
            )
    if activation not in names:
        raise ValueError(f"activation = {activation!r} is not in among = {names}; add it there")
    return names


def checked_backward(
    activation: str, backward: Backward | Mapping[str, Backward] | None
) -> dict[str, Backward]:
    """Check the student's function or functions, and give each the name of its activation."""
    if backward is None:
        return {}
    functions = dict(backward) if isinstance(backward, Mapping) else {activation: backward}
    for name, function in functions.items():
        if name not in ACTIVATIONS:
            raise ValueError(
                f"backward has a key {name!r}; expected names of activations: {', '.join(ACTIVATIONS)}"
            )
        if not callable(function):
            raise TypeError(
                f"backward for {name} is {function!r}; expected a function, such as {name}_backward "
                "(without parentheses)"
            )
    return functions


def checked_parameters(activation: str, parameters: Mapping[str, float]) -> dict[str, float]:
    """Check that the parameters belong to the activation and are numbers in their ranges."""
    known = {parameter.name: parameter for parameter in ACTIVATIONS[activation].parameters}
    for name, value in parameters.items():
        if name not in known:
            has = f"has {', '.join(known)}" if known else "has no parameters"
            raise TypeError(f"{name} is no parameter of {activation}, which {has}")
        if not isinstance(value, int | float | np.integer | np.floating) or not np.isfinite(value):
            raise ValueError(f"{name} = {value!r}; expected a finite number")
        low, high = known[name].low, known[name].high
        if not low <= value <= high:
            raise ValueError(f"{name} = {value:g}; expected a number from {low:g} to {high:g}")
    return {name: float(value) for name, value in parameters.items()}

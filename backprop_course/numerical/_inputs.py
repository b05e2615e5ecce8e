"""Which arguments of a forward function are differentiated, their names, and what it may return."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def input_names(forward: Callable[..., Any], count: int) -> list[str | int]:
    """Names of the first `count` positional parameters; the position where there is no name."""
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):  # some built-in functions have no signature
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [*named[:count], *range(len(named), count)]


def kind_of(value: Any) -> str:
    """Classify an argument: ``"floating"`` and ``"integer"`` arrays are inputs, all else ``"constant"``.

    A Python float is a 0-d floating array. A Python integer is a constant, such as an axis or a size.
    """
    if isinstance(value, float | np.floating):
        return "floating"
    if isinstance(value, np.ndarray):
        return {"f": "floating", "i": "integer", "u": "integer"}.get(value.dtype.kind, "constant")
    return "constant"


def moving_positions(inputs: Sequence[Any]) -> list[int]:
    """Positions of the floating inputs."""
    return [position for position, value in enumerate(inputs) if kind_of(value) == "floating"]


def private_copies(inputs: Sequence[Any], as_float64: Sequence[int] = ()) -> list[Any]:
    """Arrays as copies, those at the given positions in float64; constants as they are."""
    return [
        np.array(value, np.float64 if position in as_float64 else None, order="C")
        if isinstance(value, np.ndarray) or kind_of(value) == "floating"
        else value
        for position, value in enumerate(inputs)
    ]


def as_float64_number(value: Any) -> Any:
    """Round a longdouble array to numbers of float64, where slopes are measured; it stays longdouble."""
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f" and value.dtype.itemsize > 8:
        return np.asarray(value, np.float64).astype(value.dtype)
    return value


def as_output(value: Any) -> npt.NDArray[Any]:
    """Check what a forward function returned: one real, finite array."""
    expect_answer(value, "at the point")
    if isinstance(value, tuple | list):
        raise TypeError(
            f"forward returned a {type(value).__name__} of {len(value)}, expected one array: "
            "check each output by itself, or stack them."
        )
    output = np.array(value)
    if output.dtype.kind not in "fiub":
        raise TypeError(
            f"forward returned {output.dtype} values, expected real numbers: an array or a number."
        )
    if not np.isfinite(output).all():
        raise ValueError(
            "forward returned nan or inf at the point, where no slope exists: "
            "choose inputs inside its domain, where it does not overflow."
        )
    return output


def expect_answer(value: Any, where: str) -> None:
    """Raise TypeError where a forward function returned nothing."""
    if value is None:
        raise TypeError(
            f"forward returned None {where}, expected an array: does each of its ways end in return?"
        )


def expect_callable(**functions: Any) -> None:
    """Raise TypeError where something is no function."""
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(
                f"{name} is a {type(function).__name__}, expected a function: "
                "gradcheck(forward, backward, *inputs)."
            )


def expect_inputs(inputs: Sequence[Any]) -> None:
    """Raise TypeError or ValueError where there is nothing to differentiate."""
    for position, value in enumerate(inputs):
        if isinstance(value, list):
            raise TypeError(
                f"input {position} is a list, expected an array: np.array(...), or one input per array in it."
            )
        if isinstance(value, complex | np.ndarray) and np.asarray(value).dtype.kind in "cO":
            raise TypeError(f"input {position} is complex or an object array, expected real numbers.")
        if kind_of(value) == "floating" and not np.isfinite(value).all():
            raise ValueError(f"input {position} holds nan or inf, expected finite numbers.")
        if kind_of(value) == "floating" and np.any(np.abs(value) > np.finfo(np.float64).max):
            raise ValueError(
                f"input {position} holds numbers beyond 1.8e308, expected some that float64 can hold: slopes "
                "are measured in float64."
            )
    if not any(np.size(value) for value in inputs if kind_of(value) != "constant"):
        raise ValueError(
            "no input to differentiate, expected a floating or integer array with an entry in it: "
            "gradcheck(forward, backward, *inputs). A Python integer is passed on as a constant."
        )

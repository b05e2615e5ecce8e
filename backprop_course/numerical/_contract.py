"""What a backward function promises besides right numbers: shapes, dtypes, no side effects, linearity."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.numerical._inputs import as_output, input_names, kind_of, private_copies
from backprop_course.numerical._report import entry_name

Gradients = dict[int, Array]  # by position of the input; one for which backward returned None is missing


class BrokenContract(Exception):
    """What the function under test does wrong, in words for its author."""


class Contract:
    """Forward and backward function of one check, with what every call of them must keep.

    The caller's `inputs` are never passed on: every call gets copies.
    """

    def __init__(
        self, forward: Callable[..., Any], backward: Callable[..., Any], inputs: Sequence[Any]
    ) -> None:
        self._forward, self._backward, self.inputs = forward, backward, inputs
        self.names = input_names(forward, len(inputs))
        kinds = {position: kind_of(value) for position, value in enumerate(inputs)}
        self.places = [position for position, kind in kinds.items() if kind != "constant"]
        self._may_be_none = [position for position, kind in kinds.items() if kind == "integer"]

    def forward(self, wide: Sequence[int] = ()) -> Array:
        """Call the forward function on copies, those at positions `wide` in float64."""
        arguments = private_copies(self.inputs, wide)
        before = _frozen(arguments)
        try:
            output = as_output(self._forward(*arguments))
        except IndexError as error:
            if not set(wide) & set(self._may_be_none):
                raise
            raise TypeError(
                f"forward fails on float64 copies of its integer inputs ({error}): for an integer input "
                "without a gradient, such as labels, backward must return None."
            ) from error
        self._expect_unchanged("forward", arguments, before)
        return output

    def backward(self, dy: Array, wide: Sequence[int] = ()) -> Gradients:
        """Call the backward function on copies, those at positions `wide` in float64."""
        return self.backward_at(dy, private_copies(self.inputs, wide))

    def backward_at(self, dy: Array, arguments: Sequence[Any]) -> Gradients:
        """Call the backward function and check what it returns, and that it changes nothing."""
        dy = dy.copy()
        before, dy_before = _frozen(arguments), dy.tobytes()
        try:
            answer = self._backward(dy, *arguments)
        except Exception as error:
            raise BrokenContract(
                f"backward raised {type(error).__name__}: {error} (inputs: {_dtypes(arguments)})."
            ) from error
        if dy.tobytes() != dy_before:
            raise BrokenContract("backward changed its upstream gradient dy in place: work on a copy.")
        self._expect_unchanged("backward", arguments, before)
        parts = dict(zip(self.places, self._split(answer), strict=True))
        missing = [p for p, part in parts.items() if part is None]
        if len(missing) == len(parts) or any(p not in self._may_be_none for p in missing):
            raise BrokenContract(
                f"backward returned None for {self.names[missing[0]]}, expected its gradient "
                "(None is for integer inputs without one, such as labels)."
            )
        return {p: self._gradient(p, part, arguments[p]) for p, part in parts.items() if part is not None}

    def compare(
        self, got: Gradients, expected: Gradients, tolerance: Mapping[int, Array], message: str
    ) -> None:
        """Raise `message` with the entry that is furthest off, unless all are within tolerance."""
        for position, right in expected.items():
            off = np.abs(np.subtract(got[position], right, dtype=np.float64))
            if (off > tolerance[position]).any():
                index = np.unravel_index(int((off - tolerance[position]).argmax()), off.shape)
                where = entry_name(self.names[position], tuple(int(i) for i in index))
                raise BrokenContract(
                    f"{message}: at {where} it gives {got[position][index]:.6g}, expected {right[index]:.6g}."
                )

    def _split(self, answer: Any) -> Sequence[Any]:
        """One gradient per place; for a single place the tuple around it may be missing."""
        if len(self.places) == 1 and not _is_tuple_of_gradients(answer):
            return (answer,)
        if not isinstance(answer, tuple | list) or len(answer) != len(self.places):
            several = isinstance(answer, tuple | list)
            got = f"{len(answer)} gradients" if several else f"one {type(answer).__name__}"
            names = ", ".join(str(self.names[position]) for position in self.places)
            raise BrokenContract(f"backward returned {got}, expected {len(self.places)}, for {names}.")
        return answer

    def _gradient(self, position: int, part: Any, value: Any) -> Array:
        """Copy of one gradient, after checking shape, dtype and that it is finite."""
        what = f"the gradient for {self.names[position]}"
        given = f"the input is {value.dtype} of shape {value.shape}"
        try:
            gradient = np.array(part)
        except Exception as error:  # a ragged list, or whatever an object's own conversion raises
            raise BrokenContract(f"{what} is no array: {error} ({given}).") from error
        if gradient.dtype.kind != "f":
            raise BrokenContract(f"{what} has dtype {gradient.dtype}, expected a floating one ({given}).")
        if gradient.shape != value.shape:
            raise BrokenContract(f"{what} has shape {gradient.shape}, expected {value.shape} ({given}).")
        if not np.isfinite(gradient).all():
            bad = gradient.size - int(np.isfinite(gradient).sum())
            raise BrokenContract(f"{what} holds {bad} nan or inf, expected finite numbers ({given}).")
        return gradient

    def _expect_unchanged(self, who: str, arguments: Sequence[Any], before: Sequence[bytes]) -> None:
        for name, now, then in zip(self.names, _frozen(arguments), before, strict=True):
            if now != then:
                raise BrokenContract(f"{who} changed its input {name} in place: work on a copy.")


def _is_tuple_of_gradients(answer: Any) -> bool:
    """Tell (gradient,) from one gradient that is written as a list or tuple of numbers or rows."""
    if isinstance(answer, list):
        return len(answer) == 1 and isinstance(answer[0], np.ndarray)
    numbers = int | float | np.number
    return isinstance(answer, tuple) and not (len(answer) > 1 and all(isinstance(a, numbers) for a in answer))


def _frozen(arguments: Sequence[Any]) -> list[bytes]:
    return [value.tobytes() if isinstance(value, np.ndarray) else b"" for value in arguments]


def _dtypes(arguments: Sequence[Any]) -> str:
    return ", ".join(str(value.dtype) for value in arguments if isinstance(value, np.ndarray))

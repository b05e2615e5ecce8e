"""A forward function at a point: what its outputs do when the inputs move."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._inputs import as_output, expect_answer

Vector = npt.NDArray[np.float64]
Direction = Sequence[Vector]  # one flat array per moving input
Place = tuple[int, int]  # number of the moving input, flat index in it

EPS = float(np.finfo(np.float64).eps)
SAFETY = 16.0  # how far beyond its estimate round-off is believed to reach


class Point:
    """Forward function and the inputs around which it is examined.

    Only private float64 copies are moved. `change` returns differences of the outputs, entry by entry, so
    that an output that does not react contributes an exact zero and no round-off. Inputs whose positions are
    not among `moving` are passed on as they are.

    Attributes
    ----------
    y : ndarray
        Outputs at the point, flat.
    base : list of ndarray
        The moving inputs at the point, flat.
    eps : float
        Unit of round-off of the outputs' dtype.
    scale : list of ndarray
        Typical size of each entry: its own; where it is 0, the root mean square of its input, or 1 if
        that is less.
    scales : tuple of two lists of ndarray
        `scale`, and the same without "or 1": an entry that is 0 gives no hint of its size.
    """

    def __init__(self, forward: Callable[..., Any], inputs: Sequence[Any], moving: Sequence[int]) -> None:
        self._forward = forward
        self._arguments = list(inputs)
        for position in moving:
            self._arguments[position] = np.array(inputs[position], np.float64, order="C")
        self._flat = [self._arguments[position].reshape(-1) for position in moving]  # views, to move them
        self.base = [flat.copy() for flat in self._flat]
        means = [float(np.sqrt(np.mean(base**2))) or 1.0 if base.size else 1.0 for base in self.base]
        self.scales = tuple(
            [np.where(b == 0, max(m, least), np.abs(b)) for b, m in zip(self.base, means, strict=True)]
            for least in (1.0, 0.0)
        )
        self.scale = self.scales[0]
        self.shapes = [self._arguments[position].shape for position in moving]
        self.size = sum(base.size for base in self.base)
        value = as_output(forward(*self._arguments))
        self.eps = float(np.finfo(value.dtype).eps) if value.dtype.kind == "f" else EPS
        self.shape, self.y = value.shape, value.astype(np.float64).reshape(-1)
        self._nowhere = np.full(self.y.size, np.nan)

    def change(self, entry: Place, value: float) -> Vector:
        """Change of the outputs when one entry takes `value`."""
        k, i = entry
        self._flat[k][i] = value
        change = self._outputs() - self.y
        self._flat[k][i] = self.base[k][i]
        return change

    def change_along(self, direction: Direction, t: float) -> Vector:
        """Change of the outputs when all inputs move by t times `direction`."""
        return self.outputs_at([b + t * d for b, d in zip(self.base, direction, strict=True)]) - self.y

    def outputs_at(self, values: Direction) -> Vector:
        """Outputs where the moving inputs take `values`, as a copy."""
        for flat, value in zip(self._flat, values, strict=True):
            flat[:] = value
        outputs = self._outputs().copy()
        for flat, base in zip(self._flat, self.base, strict=True):
            flat[:] = base
        return outputs

    def unit(self, entry: Place) -> list[Vector]:
        """Direction along one entry."""
        direction = [np.zeros_like(base) for base in self.base]
        direction[entry[0]][entry[1]] = 1.0
        return direction

    def _outputs(self) -> Vector:
        try:
            answer = self._forward(*self._arguments)
        except (ArithmeticError, ValueError):  # outside the domain, as math.log(-1) says it
            return self._nowhere
        except Exception as error:
            raise ValueError(
                f"forward raised {type(error).__name__} beside the point: {error}. It gave an answer at the "
                "point, expected one where the inputs are a little different as well."
            ) from error
        expect_answer(answer, "beside the point")
        value = np.asarray(answer, np.float64)
        if value.shape != self.shape:
            raise ValueError(
                f"forward returned shape {value.shape} beside the point and {self.shape} at the point, "
                "expected one shape: it must not depend on the values."
            )
        return value.reshape(-1)


def ratios(scale: Direction, direction: Direction) -> Vector:
    """Sizes of the entries that move, in units of their moves."""
    return np.concatenate([s[d != 0] / np.abs(d[d != 0]) for s, d in zip(scale, direction, strict=True)])

"""Gradients as given, and how a slope measured along a direction judges them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._point import EPS, Direction, Vector
from backprop_course.numerical._slopes import Slopes

_ROUND_OFF = 64  # units in the last place that a backward function may lose


class Answer(NamedTuple):
    """Gradients to judge, flat, one per input asked for, with their relative and absolute round-off."""

    gradients: list[Vector]
    precision: list[float]
    slack: list[Vector]


class Judgement(NamedTuple):
    """The gradient along a direction beside the interval that is right there."""

    value: float
    low: float
    high: float
    right: bool
    tolerance: float


def as_answer(gradients: Sequence[npt.NDArray[Any]], slack: Sequence[Vector] | None = None) -> Answer:
    """Flatten gradients. The relative round-off to allow follows from their dtype."""
    flat = [np.asarray(g, np.float64).reshape(-1) for g in gradients]
    eps = [float(np.finfo(g.dtype).eps) if g.dtype.kind == "f" else EPS for g in gradients]
    spare = [np.zeros_like(g) for g in flat] if slack is None else [s.reshape(-1) for s in slack]
    return Answer(flat, [_ROUND_OFF * max(e, EPS) for e in eps], spare)


def compare(answer: Answer, direction: Direction, slopes: Slopes, dy: Vector) -> Judgement:
    r"""Compare :math:`\langle g, v\rangle` with :math:`\sum_i dy_i\,[l_i, h_i]`, a choice for each output."""
    parts = list(zip(answer.gradients, direction, answer.precision, answer.slack, strict=False))
    value = sum(float(g.dot(d)) for g, d, _, _ in parts)
    round_off = sum(float((p * np.abs(g) + s).dot(np.abs(d))) for g, d, p, s in parts)
    matters = dy != 0  # outputs that dy leaves out may have any slope, even none
    one, other = dy[matters] * slopes.low[matters], dy[matters] * slopes.high[matters]
    low, high = float(np.minimum(one, other).sum()), float(np.maximum(one, other).sum())
    tolerance = float(np.abs(dy[matters]).dot(slopes.error[matters])) + round_off
    tolerance += max(answer.precision) * float(np.maximum(np.abs(one), np.abs(other)).sum())
    return Judgement(value, low, high, low - tolerance <= value <= high + tolerance, tolerance)

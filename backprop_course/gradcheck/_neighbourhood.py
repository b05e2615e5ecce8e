r"""What is known about a forward function around a point, and how gradients are judged by it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.gradcheck._clarke import hidden_kinks
from backprop_course.gradcheck._directions import directions, kinked_outputs
from backprop_course.gradcheck._inputs import input_names, moving_positions
from backprop_course.gradcheck._noise import output_noise
from backprop_course.gradcheck._point import EPS, Direction, Entry, Point, Vector
from backprop_course.gradcheck._report import Worst
from backprop_course.gradcheck._slopes import Slopes, slopes_along
from backprop_course.gradcheck._sweep import STEP, Sweep, Upstream, settle, sweep

_ROUND_OFF = 64  # units in the last place that a backward function may lose
_ZOOM = 2.0**-10  # of the usual step: free of most kinks nearby


class Examination(NamedTuple):
    """What `Neighbourhood.examine` found: a violation, if there is one, and the worst entry in any case."""

    violation: Worst | None
    worst: Worst | None


class Answer(NamedTuple):
    """Gradients to judge: flat, one per input asked for, with the relative and the absolute round-off to allow."""

    gradients: list[Vector]
    precision: list[float]
    slack: list[Vector]

    def along(self, direction: Direction) -> tuple[float, float]:
        """⟨gradient, direction⟩ and its round-off."""
        pairs = list(zip(self.gradients, direction, self.precision, self.slack, strict=False))
        value = sum(float(g.dot(d)) for g, d, _, _ in pairs)
        return value, sum(float((p * np.abs(g) + s).dot(np.abs(d))) for g, d, p, s in pairs)


def as_answer(
    gradients: Sequence[npt.NDArray[Any]], slack: Sequence[npt.NDArray[np.float64]] | None = None
) -> Answer:
    """Flatten gradients; the round-off to allow follows from their dtype."""
    flat = [np.asarray(g, np.float64).reshape(-1) for g in gradients]
    eps = [float(np.finfo(g.dtype).eps) if g.dtype.kind == "f" else EPS for g in gradients]
    spare = [np.zeros_like(g) for g in flat] if slack is None else [s.reshape(-1) for s in slack]
    return Answer(flat, [_ROUND_OFF * max(e, EPS) for e in eps], spare)


class Neighbourhood:
    """Slopes of a forward function around a point. Those at kinks are measured once and kept.

    Parameters
    ----------
    forward : callable
        Takes `inputs`, returns one array.
    inputs : sequence
        Arguments of `forward`.
    asked : sequence of int
        Positions of the inputs whose gradients are judged.
    seed : int
        Of the directions.

    Attributes
    ----------
    kinks : dict
        Slopes of the outputs along each entry at which some output has a kink.
    """

    def __init__(
        self, forward: Callable[..., Any], inputs: Sequence[Any], asked: Sequence[int], seed: int
    ) -> None:
        moving = [*asked, *(p for p in moving_positions(inputs) if p not in asked)]
        names = input_names(forward, len(inputs))
        self._names = [names[p] for p in moving]
        self._rng = np.random.default_rng(seed)
        self._point = Point(forward, inputs, moving)
        self._noise = output_noise(self._point, self._rng)
        self._along: list[tuple[Direction, Slopes]] = []
        self.kinks: dict[Entry, Slopes] = {}

    def examine(self, dy: Vector, answer: Answer) -> Examination:
        """Judge gradients for the upstream gradient `dy` (flat): entry by entry, then along directions."""
        upstream = Upstream(dy, self._noise)
        parts = enumerate(zip(answer.gradients, answer.precision, strict=True))
        sweeps = [sweep(self._point, k, upstream, g, precision) for k, (g, precision) in parts]
        for entry in _suspects(sweeps, answer.gradients):
            found = self._settle_suspect(entry, upstream, answer, sweeps)
            if found is not None:
                return Examination(found, found)
        centres = [g - (s.low + s.high) / 2 for g, s in zip(answer.gradients, sweeps, strict=True)]
        if self.kinks:
            for direction in directions(self._point, self.kinks, centres, self._rng):
                self._along.append((direction, self._slopes(direction)))
                found = self._judge_direction(len(self._along) - 1, dy, answer)
                if found is not None:
                    return Examination(found, found)
        return Examination(None, self._worst_entry(sweeps, answer))

    def outputs_with_kinks(self, limit: int) -> npt.NDArray[np.intp]:
        """Flat indices of at most `limit` outputs that have a kink here."""
        return kinked_outputs(self.kinks, limit, self._rng)

    def examine_output(self, output: int, dy: Vector, answer: Answer) -> Worst | None:
        """Judge gradients for a `dy` that is zero but at one output with a kink: no other kink can hide a mistake."""
        for entry in [e for e, slopes in self.kinks.items() if slopes.kinked[output]]:
            found = self._judge_entry(entry, dy, answer)
            if found is not None:
                return found
        judged = (self._judge_direction(n, dy, answer) for n in range(len(self._along)))
        return next((found for found in judged if found is not None), None)

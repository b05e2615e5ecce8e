"""What is known about a forward function around a point, and how gradients are judged by it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.numerical._answer import Answer, Judgement, compare
from backprop_course.numerical._clarke import hidden_kinks
from backprop_course.numerical._directions import directions, kinked_outputs
from backprop_course.numerical._inputs import input_names, moving_positions
from backprop_course.numerical._noise import output_noise
from backprop_course.numerical._point import EPS, Direction, Place, Point, Vector
from backprop_course.numerical._report import Index, Worst, entry_name
from backprop_course.numerical._search import steepest_nearby
from backprop_course.numerical._slopes import Slopes, slopes_along
from backprop_course.numerical._sweep import STEP, Sweep, Upstream, settle, sweep

_ZOOM = 2.0**-10  # of the usual step: free of most kinks nearby
_FIRST_SEARCHES = 2  # for kinks that cancel, on new random lines each
_SEARCHES = 6  # where there are any
_RIGHT = "right"
_SMOOTH = "the function is smooth here, so this slope is the only right answer"
_KINK = "there is a kink here, and anything in the interval is right"
_TOGETHER = "at this kink the entries may be right one by one, but not together"
_SMOOTH_TOGETHER = "the function is smooth along this line, so the entries are not right together"
_UNREADABLE = 0.1  # of a slope or of what moves around it; more round-off than that leaves nothing to read
_NEAR, _FAR = 2.0**-6, 10.0  # moves that show what happens near the point, and what an entry matters for
_NEGLIGIBLE = 64 * EPS  # of the largest gradient entry


class Examination(NamedTuple):
    """What `Neighbourhood.examine` found: a violation, if there is one, the worst entry, and all slopes."""

    violation: Worst | None
    worst: Worst | None
    sweeps: list[Sweep]


@dataclass
class Line:
    """Slopes measured along a direction, and how far kinks that cancel reach beyond them."""

    direction: Direction
    measured: Slopes
    reach: Vector
    searches: int = 0

    @property
    def slopes(self) -> Slopes:
        """Slopes of all elements of Clarke's subdifferential, as far as known."""
        low, high = self.measured.low - self.reach, self.measured.high + self.reach
        return self.measured._replace(low=low, high=high)


class Neighbourhood:
    """Slopes of a forward function around a point. Those at kinks are measured once and kept.

    `asked` are the positions of the inputs whose gradients are judged, `seed` is that of the directions.

    Attributes
    ----------
    output_shape : tuple of int
        Shape of what `forward` returns.
    kinks : dict
        Slopes along each entry at which some output has a kink, once `examine` has run.
    doubts : list of str
        Why some entries cannot be judged here, once `examine` has run.
    """

    def __init__(
        self, forward: Callable[..., Any], inputs: Sequence[Any], asked: Sequence[int], seed: int
    ) -> None:
        moving = [*asked, *(p for p in moving_positions(inputs) if p not in asked)]
        names = input_names(forward, len(inputs))
        self._names = [names[p] for p in moving]
        self._rng = np.random.default_rng(seed)
        self._point = Point(forward, inputs, moving)
        self._noise, self._plateau = output_noise(self._point, self._rng)
        self._lines: list[Line] = []
        self.output_shape = self._point.shape
        self.kinks: dict[Place, Line] = {}
        self.doubts: list[str] = []

    def examine(self, dy: Vector, answer: Answer) -> Examination:
        """Judge gradients for the upstream gradient `dy` (flat): entry by entry, then along directions."""
        upstream = Upstream(dy, self._noise, self._plateau)
        parts = enumerate(zip(answer.gradients, answer.precision, strict=True))
        sweeps = [sweep(self._point, k, upstream, g, precision) for k, (g, precision) in parts]
        for entry in _suspects(sweeps, answer.gradients):
            violation = self._examine_suspect(entry, upstream, answer, sweeps[entry[0]])
            if violation is not None:
                return Examination(violation, violation, sweeps)
        off_centre = [_off_centre(s, g) for s, g in zip(sweeps, answer.gradients, strict=True)]
        for direction in self._directions(off_centre):
            violation = self._examine_direction(direction, dy, answer)
            if violation is not None:
                return Examination(violation, violation, sweeps)
        return Examination(None, self._worst(sweeps, answer.gradients), sweeps)

    def examine_output(self, output: int, dy: Vector, answer: Answer) -> Worst | None:
        """Judge gradients for a `dy` that is zero but at one output: no kink of another hides a mistake."""
        for entry, line in self.kinks.items():
            if line.slopes.kinked[output] and not (judgement := self._judge(line, dy, answer)).right:
                return self._report_entry(entry, judgement)
        for line in self._lines:
            if not (judgement := self._judge(line, dy, answer)).right:
                return self._report_direction(line.direction, judgement)
        return None

    def kinked_outputs(self, limit: int) -> npt.NDArray[np.intp]:
        """Flat indices of at most `limit` outputs that have a kink here."""
        return kinked_outputs([line.slopes for line in self.kinks.values()], limit, self._rng)

    def _directions(self, off_centre: Sequence[Vector]) -> Iterator[Direction]:
        slopes = {entry: line.slopes for entry, line in self.kinks.items()}
        return directions(self._point, slopes, off_centre, self._rng)

    def _examine_suspect(
        self, entry: Place, upstream: Upstream, answer: Answer, found: Sweep
    ) -> Worst | None:
        """Judge an entry that the fast pass left open: with smaller steps, then with all of them."""
        k, i = entry
        gradient, scale = float(answer.gradients[k][i]), self._point.scale[k][i]
        for step in STEP * scale, STEP * scale * _ZOOM:
            row = settle(self._point, entry, upstream, gradient, step, answer.precision[k])
            if row[2]:
                found.low[i], found.high[i], found.certain[i] = row
                return None
        line = self._measure(self._point.unit(entry))
        if np.isnan(line.slopes.low[upstream.dy != 0]).any():
            raise ValueError(
                f"forward is nan or inf on both sides of {entry_name(self._names[k], self._index(entry))}, "
                "however small the step: choose inputs inside its domain."
            )
        if line.slopes.steep[upstream.dy != 0].any():
            self.doubts.append(self._no_slope(entry, line))
            return None
        judgement = self._judge(line, upstream.dy, answer)
        found.low[i], found.high[i] = judgement.low, judgement.high
        if judgement.right and self._unreadable(entry, judgement, upstream, answer):
            name = entry_name(self._names[k], self._index(entry))
            self.doubts.append(
                f"along {name} forward changes by no more than its round-off, so that the {gradient:.3g} "
                f"which backward gives and any other number below {judgement.tolerance:.0e} look alike. Move "
                "the point to where forward changes"
            )
        if line.slopes.kinked.any():
            self.kinks[entry] = line
        return None if judgement.right else self._report_entry(entry, judgement)

    def _examine_direction(self, direction: Direction, dy: Vector, answer: Answer) -> Worst | None:
        line = self._measure(direction)
        if np.isnan(line.slopes.low).any() or line.slopes.steep.any():  # a corner of the domain, or a jump
            return None
        self._lines.append(line)
        judgement = self._judge(line, dy, answer)
        return None if judgement.right else self._report_direction(direction, judgement)

    def _measure(self, direction: Direction) -> Line:
        slopes = slopes_along(self._point, direction, self._noise)
        return Line(direction, slopes, np.zeros(slopes.low.size))

    def _judge(self, line: Line, dy: Vector, answer: Answer) -> Judgement:
        """Judge by the slopes along a line; before saying "wrong", look for kinks that cancel."""
        judgement = compare(answer, line.direction, line.slopes, dy)
        while not judgement.right and line.searches < (_SEARCHES if line.reach.any() else _FIRST_SEARCHES):
            scale = self._point.scales[line.searches % 2]
            line.searches += 1
            reach = hidden_kinks(
                self._point, line.direction, scale, self._noise, line.measured.window, self._rng
            )
            line.reach = np.fmax(line.reach, reach)
            judgement = compare(answer, line.direction, line.slopes, dy)
        return judgement if judgement.right else self._search(line, dy, judgement)

    def _search(self, line: Line, dy: Vector, judgement: Judgement) -> Judgement:
        """Ask whether the value of a gradient is a slope beside the point, where layers of kinks meet."""
        sign = 1.0 if judgement.value > judgement.high else -1.0
        wanted = sign * judgement.value
        found = steepest_nearby(
            self._point, line.direction, line.measured, sign * dy, self._noise, wanted, self._rng
        )
        return judgement._replace(right=found >= wanted)

    def _worst(self, sweeps: Sequence[Sweep], gradients: Sequence[Vector]) -> Worst | None:
        """Entry furthest from its interval, in a right answer."""
        misses = [_relative_miss(s, g) for s, g in zip(sweeps, gradients, strict=True)]
        k = max((k for k, m in enumerate(misses) if m.size), key=lambda k: misses[k].max(), default=None)
        if k is None:
            return None
        i = int(misses[k].argmax())
        value, low, high = (float(a[i]) for a in (gradients[k], sweeps[k].low, sweeps[k].high))
        return Worst(self._names[k], self._index((k, i)), value, low, high, _RIGHT)

    def _report_entry(self, entry: Place, judgement: Judgement) -> Worst:
        verdict = _KINK if judgement.low < judgement.high else _SMOOTH
        return Worst(self._names[entry[0]], self._index(entry), *judgement[:3], verdict)

    def _report_direction(self, direction: Direction, judgement: Judgement) -> Worst:
        weights = [((k, int(i)), float(d[i])) for k, d in enumerate(direction) for i in np.flatnonzero(d)]
        along = tuple((self._names[entry[0]], self._index(entry), weight) for entry, weight in weights)
        name, index, _ = max(along, key=lambda term: abs(term[2]))
        verdict = _TOGETHER if self.kinks or judgement.low < judgement.high else _SMOOTH_TOGETHER
        return Worst(name, index, *judgement[:3], verdict, along)

    def _no_slope(self, entry: Place, line: Line) -> str:
        """Say that an output jumps at the point, or that its slope is infinite."""
        steep = line.measured.steep
        t = 2.0**-40 * float(self._point.scale[entry[0]][entry[1]])
        sides = [
            np.abs([self._point.change_along(line.direction, sign * f * t)[steep] for f in (1, 8)])
            for sign in (1, -1)
        ]
        jumps = any((near[near > 0] > far[near > 0] / 2).any() for near, far in sides)
        what = "jumps" if jumps else "has an infinite slope"
        name = entry_name(self._names[entry[0]], self._index(entry))
        return (
            f"forward {what} at {name}, so no gradient is right or wrong there. Move the point away from it"
        )

    def _unreadable(self, entry: Place, judgement: Judgement, upstream: Upstream, answer: Answer) -> bool:
        """Whether round-off alone accepts an answer: nothing near the point, nor the slope, is larger."""
        if not upstream.on_plateau:
            return False
        largest = max(float(np.max(np.abs(g), initial=0.0)) for g in answer.gradients)
        sizes = abs(judgement.value), abs(judgement.low), abs(judgement.high)
        if judgement.tolerance <= max(_NEGLIGIBLE * largest, _UNREADABLE * max(sizes)):
            return False
        size = float(np.maximum(np.abs(self._point.base[entry[0]][entry[1]]), 1.0))
        near, far = (self._moved(entry, share * size) for share in (_NEAR, _FAR))
        depends = bool((far[self._plateau & (upstream.dy != 0)] > 0).any())
        slope_near = float(np.abs(upstream.dy).dot(near)) / (_NEAR * size)
        return depends and judgement.tolerance > _UNREADABLE * slope_near

    def _moved(self, entry: Place, t: float) -> Vector:
        """How far each output moves when an entry moves by t, to the side where it is more."""
        sides = [self._point.change_along(self._point.unit(entry), sign * t) for sign in (1, -1)]
        return np.asarray(np.nan_to_num(np.max(np.abs(sides), axis=0)))

    def _index(self, entry: Place) -> Index:
        return tuple(int(n) for n in np.unravel_index(entry[1], self._point.shapes[entry[0]]))


def _suspects(sweeps: Sequence[Sweep], gradients: Sequence[Vector]) -> Iterator[Place]:
    """Entries that are not certainly right, those that look most wrong first."""
    misses = [_relative_miss(s, g) for s, g in zip(sweeps, gradients, strict=True)]
    entries = [(k, int(i)) for k, s in enumerate(sweeps) for i in np.flatnonzero(np.logical_not(s.certain))]
    yield from sorted(entries, key=lambda entry: -misses[entry[0]][entry[1]])


def _off_centre(found: Sweep, gradient: Vector) -> Vector:
    """Distance of each entry from the middle of its interval, as far as it is more than round-off."""
    gap = gradient - (found.low + found.high) / 2
    return np.where(np.abs(gap) > 1e-6 * (found.high - found.low), gap, 0.0)


def _relative_miss(found: Sweep, gradient: Vector) -> Vector:
    """Distance of each entry from its interval, relative to the largest entry of the input."""
    miss = np.nan_to_num(np.fmax(np.fmax(found.low - gradient, gradient - found.high), 0.0))
    sizes = np.fmax(np.fmax(np.abs(found.low), np.abs(found.high)), np.abs(gradient))
    largest = float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
    return np.asarray(miss / largest if largest else miss)

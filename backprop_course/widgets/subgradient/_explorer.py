"""Subgradient explorer: drag a line through a point of a graph and see whether it supports the graph."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets as t

from backprop_course.numbers import show as number
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets._chart import notice
from backprop_course.widgets._evaluate import CannotShowError
from backprop_course.widgets._lines import Line, envelope_kinks, grid, upper_envelope, winners
from backprop_course.widgets.subgradient._figure import draw
from backprop_course.widgets.subgradient._picture import (
    H,
    checked_lines,
    checked_span,
    finite,
    samples_of,
    with_step,
)
from backprop_course.widgets.subgradient._supporting_lines import stretches_above
from backprop_course.widgets.subgradient._words import Position, findings, verdict

LAYERS = ("interval", "difference", "yours")


class SubgradientExplorer(CourseWidget):
    r"""Show which lines through a point of a graph support it, and what a central difference reports there.

    A number v is a subgradient of f at :math:`x_0` when :math:`f(x) \ge f(x_0) + v (x - x_0)` for every x:
    the line stays under the graph. Point and line are dragged in the browser; `x0`, `slope` and `h` follow
    here, and setting them moves the picture. Verdicts hold for the x that the picture shows. See Z. Cui,
    *Forward and Backward Propagation*, 2025.

    Parameters
    ----------
    f : callable, optional
        Scalar function; takes an array entry by entry, or one number at a time.
    at : float, optional
        Where the point starts; always one of the positions it can be dragged to. Default: the kink nearest 0
        of `lines`, 0 for `f`.
    lines : sequence of (slope, intercept), optional
        In place of `f`: show the maximum of these lines, and which of them tie.
    slope : float, optional
        Slope of the line at the start. Default: the middle of the subgradients there.
    h : float, optional
        Step of the central difference. Default: 0.5, or less in a narrow picture.
    span : (float, float), optional
        Which x the picture shows. Default: 3 to either side, and every kink of `lines`.
    backward : callable, optional
        A backward function ``backward(dy, z)``, the student's own; its slope is shown beside the others.
    show : sequence of {"interval", "difference", "yours"}
        What is ticked at the start, so that a notebook can ask before it tells.

    Attributes
    ----------
    supports : bool
        Whether the line stays under the graph.
    interval : (float, float) or None
        The subgradients at `x0`, from smallest to largest; None where no supporting line exists.
    central_difference : float or None
        (f(x0 + h) − f(x0 − h)) / 2h; None where a step leaves the picture.
    yours : float or None
        The slope that `backward` returns at `x0`.
    problem : str
        Why there is no picture (`f` raises, or is not finite); empty otherwise.

    Raises
    ------
    TypeError, ValueError
        When the arguments make no picture: neither or both of `f` and `lines`, an `at` outside `span`.

    Examples
    --------
    >>> explorer = SubgradientExplorer(lambda x: max(0.0, x), at=0.0)
    >>> explorer.interval, explorer.supports, explorer.central_difference
    ((0.0, 1.0), True, 0.5)
    """

    _esm = browser_module("subgradient")
    _css = stylesheet("subgradient")

    samples = t.Dict(help="What the browser draws: lists of numbers, one entry for each position.").tag(
        sync=True
    )
    x0 = t.Float(help="Where the line touches the graph.").tag(sync=True)
    slope = t.Float(help="Slope of the line.").tag(sync=True)
    h = t.Float(help="Step of the central difference.").tag(sync=True)
    show = t.List(t.Enum(LAYERS), help="What is shown besides the graph and the line.").tag(sync=True)
    supports = t.Bool(read_only=True).tag(sync=True)
    interval = t.Tuple(t.Float(), t.Float(), default_value=None, allow_none=True, read_only=True).tag(
        sync=True
    )
    central_difference = t.Float(None, allow_none=True, read_only=True).tag(sync=True)
    yours = t.Float(None, allow_none=True, read_only=True).tag(sync=True)

    def __init__(
        self,
        f: Callable[[Any], Any] | None = None,
        at: float | None = None,
        *,
        lines: Sequence[Line] | None = None,
        slope: float | None = None,
        h: float | None = None,
        span: tuple[float, float] | None = None,
        backward: Callable[[Any, Any], Any] | None = None,
        show: Sequence[str] = LAYERS,
    ) -> None:
        pairs = checked_lines(f, lines)
        kinks = envelope_kinks(pairs) if pairs else np.array([])
        at = finite("at", min(kinks, key=abs, default=0.0) if at is None else at)
        low, high = checked_span(span, at, kinks)
        self._f = upper_envelope(pairs) if f is None else f
        super().__init__(x0=at, show=list(show))
        try:
            self.samples = samples_of(self._f, grid(at, low, high, kinks), pairs, backward)
        except CannotShowError as reason:
            self.problem = str(reason)
            return
        self.x0 = at
        self.h = max((s for s in H if s <= (high - low) / 12), default=(high - low) / 12) if h is None else h
        self.slope = self._middle_slope() if slope is None else finite("slope", slope)
        self._judge()

    def summary(self) -> str:
        """Say what the current position shows, in sentences."""
        position = self._position()
        found = [f"{label}: {sentence.rstrip('.')}." for _, label, sentence in findings(position)]
        line = f"{position.name} at x₀ = {number(self.x0)}, a line of slope {number(self.slope)}."
        return " ".join([line, verdict(position), *found])

    def figure(self) -> str:
        """Draw the current position as an SVG document."""
        if self.problem:
            return notice(self.problem)
        return draw(self._position(), np.array(self.samples["x"]), np.array(self.samples["y"]))

    @t.validate("x0")
    def _on_the_graph(self, proposal: Any) -> float:
        """Take the nearest sample: the graph is known there, and its slopes."""
        x0, x = float(proposal["value"]), self.samples.get("x")
        if x is None:
            return x0
        if not x[0] <= x0 <= x[-1]:
            raise t.TraitError(
                f"x0 = {x0:g} lies outside the picture, which shows x from {x[0]:g} to {x[-1]:g}"
            )
        return float(min(x[1:-1], key=lambda sample: abs(sample - x0)))

    @t.validate("slope")
    def _a_number(self, proposal: Any) -> float:
        if not np.isfinite(proposal["value"]):
            raise t.TraitError(f"slope = {proposal['value']} is no slope of a line; expected a finite number")
        return float(proposal["value"])

    @t.validate("h")
    def _a_step(self, proposal: Any) -> float:
        """Compute the differences of a step that the picture does not have yet."""
        h = float(proposal["value"])
        if self.samples and h not in self.samples["steps"]:
            width = self.samples["x"][-1] - self.samples["x"][0]
            if not 0 < h <= width / 2:
                raise t.TraitError(f"h = {h:g} does not fit the picture; expected 0 < h ≤ {width / 2:g}")
            self.samples = with_step(self.samples, self._f, h)
        return h

    @t.observe("x0", "slope", "h", "samples")
    def _judge(self, _: Any = None) -> None:
        """Keep what Python reads in step with the position, whoever moved it."""
        if not self.samples or self.h not in self.samples["steps"]:
            return
        position = self._position()
        self.set_trait("interval", position.interval)
        self.set_trait("supports", position.is_subgradient(self.slope))
        self.set_trait("central_difference", position.central)
        self.set_trait("yours", position.yours)

    def _middle_slope(self) -> float:
        s, i = self.samples, self._index()
        ends = (s["low"][i], s["high"][i]) if s["low"][i] is not None else (s["left"][i], s["right"][i])
        return float(sum(ends) / 2)

    def _index(self) -> int:
        return int(self.samples["x"].index(self.x0))

    def _position(self) -> Position:
        s, i = self.samples, self._index()
        x, y = np.array(s["x"]), np.array(s["y"])
        return Position(
            name=s["name"],
            x0=self.x0,
            y0=s["y"][i],
            slope=self.slope,
            h=self.h,
            interval=None if s["low"][i] is None else (s["low"][i], s["high"][i]),
            tolerance=s["tolerance"],
            stretches=stretches_above(x, y, self.x0, self.slope),
            tied=sorted({s["lines"][k][0] for k in winners(s["lines"], self.x0, s["y"][i])}),
            central=s["central"][s["steps"].index(self.h)][i],
            yours=s["yours"][i] if s["yours"] else None,
            yours_name=s["yours_name"],
            yours_problem=s["yours_problem"],
            show=self.show,
        )

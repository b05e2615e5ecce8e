"""Chain explorer: push x by Δx and watch the push travel through a composition, or along several paths."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets as t

from backprop_course.numbers import show as number
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets._chart import notice
from backprop_course.widgets._evaluate import CannotShowError
from backprop_course.widgets.chain._chain import Chain
from backprop_course.widgets.chain._figure import draw
from backprop_course.widgets.chain._paths import Paths
from backprop_course.widgets.chain._picture import span as scale_of
from backprop_course.widgets.chain._words import findings, row_words, your_finding

SIZES = (1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)  # of Δx on the slider, with either sign


class ChainExplorer(CourseWidget):
    r"""Push x by Δx and compare how far y moves with what the slopes forecast, stage by stage.

    Through a composition a push is stretched by every stage,
    :math:`\Delta y \approx f_n'(y_{n-1}) \cdots f_1'(x)\,\Delta x`; along several paths the contributions
    add, :math:`\Delta y \approx \sum_m \frac{\partial f}{\partial z_m}\,g_m'(x)\,\Delta x`. See P. Arias
    Martínez, *T4: Backpropagation algorithm*, 2022, and K. R. Mopuri, *FoML 24: Backpropagation*, 2025.
    `x` and `dx` are on sliders, `reached` is stepped and played in the browser; setting them here moves the
    picture.

    Parameters
    ----------
    functions : sequence of callable, optional
        The stages of a composition, in the order in which they are applied.
    derivatives : sequence of callable, optional
        Their derivatives, or those of `paths`. Measured by central differences where not given.
    paths, outer : sequence of callable, callable, optional
        In place of `functions`: :math:`g_1, \dots, g_M`, which all take x, and f, which takes their values as
        one array.
    f_partials : callable, optional
        The M partial derivatives of `outer` at such an array. Measured where not given.
    x, dx : float
        Where the push starts, and how far it goes.
    names : sequence of str, optional
        How each function is written, "a = x²" or "x²" alone; that of `outer` comes last.
    span : (float, float), optional
        The x on the slider. Default: 2 to either side.
    yours : callable, optional
        The student's own ``chain_derivative(functions, derivatives, x)``, or
        ``distributed_derivative(f_partials, paths, derivatives, x)``; its slope is shown beside the others.
    reached : int, optional
        How far the push has travelled at the start: 0 shows the values alone, so that a notebook can ask
        before it tells. Default: to the end.

    Attributes
    ----------
    change : float or None
        Δy, what really happened to y.
    slope : float or None
        The product of the slopes, or the sum of such products over the paths; times Δx it is the forecast.
    your_slope : float or None
        What `yours` returns.
    last : int
        The step in which the push arrives at y.
    problem : str
        Why there is no picture (a function raises, or is not finite); empty otherwise.

    Raises
    ------
    TypeError, ValueError
        When the arguments make no picture: neither or both of `functions` and `paths`, unequal lengths.

    Examples
    --------
    >>> explorer = ChainExplorer([lambda x: x**2, lambda a: 3 * a], [lambda x: 2 * x, lambda a: 3.0], x=1.0)
    >>> explorer.slope, round(explorer.change, 6)
    (6.0, 0.63)
    """

    _esm = browser_module("chain")
    _css = stylesheet("chain")

    x = t.Float(help="Where the push starts.").tag(sync=True)
    dx = t.Float(0.1, help="How far x is pushed.").tag(sync=True)
    reached = t.Int(help="The step that the push has reached.").tag(sync=True)
    last = t.Int(read_only=True).tag(sync=True)
    span = t.Tuple(t.Float(), t.Float(), default_value=(-1.0, 1.0), read_only=True).tag(sync=True)
    sizes = t.List(t.Float(), help="The Δx on the slider.").tag(sync=True)
    picture = t.Dict(help="What the browser draws: rows, findings and the scale of the arrows.").tag(
        sync=True
    )
    change = t.Float(None, allow_none=True, read_only=True)
    slope = t.Float(None, allow_none=True, read_only=True)
    your_slope = t.Float(None, allow_none=True, read_only=True)

    def __init__(
        self,
        functions: Sequence[Callable[..., Any]] | None = None,
        derivatives: Sequence[Callable[..., Any]] | None = None,
        *,
        paths: Sequence[Callable[..., Any]] | None = None,
        outer: Callable[..., Any] | None = None,
        f_partials: Callable[..., Any] | None = None,
        x: float = 1.0,
        dx: float = 0.1,
        names: Sequence[str] | None = None,
        span: tuple[float, float] | None = None,
        yours: Callable[..., Any] | None = None,
        reached: int | None = None,
    ) -> None:
        if (functions is None) == (paths is None) or (paths is None) != (outer is None):
            raise TypeError("expected a list of functions, or paths=[...] with outer=f, and not both")
        self._route: Chain | Paths = (
            Paths(paths, outer, derivatives, f_partials, names)
            if functions is None
            else Chain(functions, derivatives, names)
        )
        if yours is not None and not callable(yours):
            raise TypeError(f"yours is {yours!r}; expected a function, such as chain_derivative")
        self._yours = yours
        super().__init__(sizes=sorted({sign * size for size in SIZES for sign in (1, -1)}))
        self.set_trait("span", _checked_span(span, _finite("x", x)))
        self.set_trait("last", self._route.last)
        self.x, self.dx = x, _finite("dx", dx)
        self.reached = self.last if reached is None else reached
        self._push()
        self.observe(self._push, ["x", "dx"])

    def summary(self) -> str:
        """Say what has happened to the push so far, in sentences."""
        said = [f"x = {number(self.x)}, pushed by Δx = {number(self.dx)}."]
        said += [row_words(row) for row in self.picture["rows"] if 0 < row["step"] <= self.reached]
        if self.reached == self.last:
            said += [f"{found['label']}: {found['words'].rstrip('.')}." for found in self.picture["findings"]]
        return " ".join(said)

    def figure(self) -> str:
        """Draw the push, as far as it has travelled, as an SVG document."""
        return notice(self.problem) if self.problem else draw(self.picture, self.reached, self.last)

    @t.validate("x")
    def _on_the_slider(self, proposal: Any) -> float:
        x, (low, high) = proposal["value"], self.span
        if not low <= x <= high:
            raise t.TraitError(f"x = {x:g} lies outside the slider, which goes from {low:g} to {high:g}")
        return float(x)

    @t.validate("dx")
    def _a_push(self, proposal: Any) -> float:
        dx = float(proposal["value"])
        if not np.isfinite(dx) or dx == 0:
            raise t.TraitError(f"dx = {dx:g} is no push; expected a finite number other than 0")
        if dx not in self.sizes:
            self.sizes = sorted([*self.sizes, dx])
        return dx

    @t.validate("reached")
    def _on_the_way(self, proposal: Any) -> int:
        return int(within(proposal, 0, self.last, "a step"))

    def _push(self, _: Any = None) -> None:
        """Follow the push anew, and send one message about everything that it changes."""
        with self.hold_sync():
            try:
                self._show()
                self.problem = ""
            except CannotShowError as reason:
                self.problem = str(reason)
                for name in ("change", "slope", "your_slope"):
                    self.set_trait(name, None)

    def _show(self) -> None:
        travel, tenth = (self._route.push(self.x, dx) for dx in (self.dx, self.dx / 10))
        found, yours = list(findings(travel, self.dx, tenth)), None
        if self._yours is not None:
            arguments, whole = self._route.arguments(self.x), self._route.whole
            said, yours = your_finding(self._yours, arguments, travel.slope, whole)
            found.append(said)
        self.set_trait("change", travel.move.delta)
        self.set_trait("slope", travel.slope)
        self.set_trait("your_slope", yours)
        self.picture = {"rows": travel.rows, "findings": found, "span": scale_of(travel.rows)}


def _finite(name: str, number: object) -> float:
    """Check one number among the arguments."""
    if not isinstance(number, (int, float, np.integer, np.floating)) or not np.isfinite(number):
        raise ValueError(f"{name} = {number!r}; expected a finite number")
    return float(number)


def _checked_span(span: tuple[float, float] | None, x: float) -> tuple[float, float]:
    """Check, or choose, which x the slider holds."""
    low, high = (x - 2.0, x + 2.0) if span is None else (_finite("span", end) for end in span)
    if not low < high:
        raise ValueError(f"span = ({low:g}, {high:g}); expected from < to")
    return low, high

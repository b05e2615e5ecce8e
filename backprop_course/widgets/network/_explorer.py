"""Network explorer: one whole pass through a network, step by step, and a nudge of one weight."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import traitlets as t
from numpy.typing import ArrayLike

from backprop_course.numbers import show
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets.network._drawing import Drawing
from backprop_course.widgets.network._figure import in_words, layers_in_words
from backprop_course.widgets.network._layout import Edge
from backprop_course.widgets.network._network import checked
from backprop_course.widgets.network._passes import Function, both_passes
from backprop_course.widgets.network._words import Nudge, Step, steps_of, times_of

MOST_UNITS = 16  # that can be read, and stepped through, one by one
REACH = 1.0  # of the nudge, to both sides


class NetworkExplorer(CourseWidget):
    """Step through one whole pass of a small network: forward, loss, backward, then nudge one weight.

    Each unit is a step, and each step writes its rule in numbers: a weighted sum and its activation on the
    way forward, what a unit hears and hands to its weights on the way back. Then one weight moves by Δw. The
    change ripples forward to the loss, and stands beside what the gradient had predicted, dL/dw · Δw. A click
    on a line chooses the weight; a slider sets Δw. Steps are taken in the browser, by buttons or arrow keys.

    The student's own functions are used where they are given. What is not written yet is left out and named;
    a number that is not the true one is marked.

    Parameters
    ----------
    weights, biases : sequence of array_like, shapes (D_{k-1}, D_k) and (D_k,)
        Of each layer; sixteen units at most, inputs included. ``biases=None`` means zeros.
    x, target : array_like, shapes (D_0,) and (D_L,)
        One example, and what the network should put out. The loss is ½ Σ (y − d)².
    forward, backward : callable, optional
        ``mlp_forward(x, weights, biases) -> [x, y1, ..., output]`` and
        ``mlp_backward(dy, activations, weights) -> (dx, dweights, dbiases)``, called with a batch of one
        example. Default: the true ones.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Of the hidden layers; the last layer is linear.
    names : sequence of sequence of str, optional
        A name for each unit, layer by layer. Default: x₁, x₂; h₁, h₂; y₁.

    Attributes
    ----------
    step : int
        The step on the picture: 0 before the forward pass, `last` after the nudge.
    edge : list of int
        [layer, i, j] of the weight that is nudged, ``weights[layer][i, j]``.
    nudge : float
        Δw, from −1 to 1.
    predicted, true : float
        The change of the loss, by the gradient and by running forward again; nan where it is unknown.

    Raises
    ------
    ValueError
        If shapes do not fit, the network is too large, or there is no such weight.

    See Also
    --------
    draw_network : The same picture, still.

    Examples
    --------
    >>> explorer = NetworkExplorer([[[1.0], [2.0]]], [[0.0]], x=[3.0, 1.0], target=[4.0], nudge=0.1)
    >>> explorer.last, round(explorer.predicted, 3), round(explorer.true, 3)
    (7, 0.3, 0.345)
    """

    _esm = browser_module("network")
    _css = stylesheet("network")

    picture = t.Unicode(help="The drawing, with the steps at which its parts show.").tag(sync=True)
    steps = t.List(t.Dict(), help="Phase and words of each step.").tag(sync=True)
    choices: t.List[list[Any]] = t.List(help="Every weight as [layer, i, j, words].").tag(sync=True)
    step = t.Int(0, min=0).tag(sync=True)
    edge = t.List(t.Int(), [0, 0, 0], minlen=3, maxlen=3).tag(sync=True)
    nudge = t.Float(0.1).tag(sync=True)

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike] | None,
        x: ArrayLike,
        target: ArrayLike,
        *,
        forward: Function | None = None,
        backward: Function | None = None,
        activation: str = "relu",
        names: Sequence[Sequence[str]] | None = None,
        edge: Edge = (0, 0, 0),
        nudge: float = 0.1,
    ) -> None:
        network = checked(weights, biases, x, target, activation, names)
        if network.x is None or network.target is None:
            raise ValueError("expected an input x and a target; draw_network draws a network without them")
        if sum(network.widths) > MOST_UNITS:
            raise ValueError(
                f"the network has {sum(network.widths)} units, expected at most {MOST_UNITS}; "
                "draw_network draws larger ones"
            )
        for name, f in (("forward", forward), ("backward", backward)):
            if f is not None and not callable(f):
                raise TypeError(f"{name} is {f!r}; expected your function, without parentheses")
        super().__init__()
        self._functions = forward, backward
        self.passes = both_passes(network, forward, backward)
        self.choices = [
            [k, i, j, f"{network.names[k][i]} → {network.names[k + 1][j]}"]
            for k, W in enumerate(network.weights)
            for i in range(W.shape[0])
            for j in range(W.shape[1])
        ]
        self.set_trait("edge", list(edge))
        self.set_trait("nudge", nudge)
        self._follow()

    @property
    def last(self) -> int:
        """The step after which there is nothing more to show."""
        return len(self.steps) - 1

    @property
    def predicted(self) -> float:
        """The change of the loss that the gradient predicts, dL/dw · Δw."""
        made = self._nudged()
        return made.predicted if made else float("nan")

    @property
    def true(self) -> float:
        """The change of the loss when the network runs again with the moved weight."""
        made = self._nudged()
        return made.true if made and made.after.loss is not None else float("nan")

    def summary(self) -> str:
        """Say what both passes give, and what the nudge does."""
        made = self._nudged()
        if made is None:
            return in_words(self.passes)
        k, i, j = made.edge
        names = self.passes.network.names
        moved = f"The weight from {names[k][i]} to {names[k + 1][j]} moved by {show(made.by)}"
        return (
            f"{in_words(self.passes)} {moved}: predicted change of L {show(made.predicted)}, "
            f"true change {show(made.true)}."
        )

    def figure(self) -> str:
        """Draw both passes as an SVG document, before the nudge."""
        return Drawing(self.passes, step=0).svg(layers_in_words(self.passes.network), in_words(self.passes))

    def _nudged(self) -> Nudge | None:
        """Run forward with the moved weight, where there is a gradient to compare with."""
        if self.passes.gradients is None:
            return None
        k, i, j = self.edge
        after = both_passes(self.passes.network.moved(k, i, j, self.nudge), *self._functions)
        return Nudge(self.passes, after, (k, i, j), self.nudge)

    @t.validate("edge")
    def _a_weight(self, proposal: Any) -> list[int]:
        known = [choice[:3] for choice in self.choices]
        if known and proposal.value not in known:
            raise ValueError(f"edge is {proposal.value}; expected [layer, i, j] of a weight, one of {known}")
        return list(proposal.value)

    @t.validate("nudge")
    def _within_reach(self, proposal: Any) -> float:
        return max(-REACH, min(REACH, float(proposal.value)))

    @t.observe("edge", "nudge")
    def _changed(self, _: object) -> None:
        if self.steps:
            self._follow()

    def _follow(self) -> None:
        """Bring words and picture up to date."""
        made = self._nudged()
        steps: list[Step] = steps_of(self.passes, made)
        drawing = Drawing(
            self.passes, times_of(steps), None, made.after if made else None, made.edge if made else None
        )
        network = self.passes.network
        with self.hold_sync():
            self.steps = [asdict(step) for step in steps]
            self.picture = drawing.svg(layers_in_words(network), "")
            self.problem = self.passes.said
            self.step = min(self.step, self.last)

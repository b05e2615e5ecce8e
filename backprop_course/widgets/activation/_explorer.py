"""Activation explorer: values, slopes, saturation and the student's backward pass of every activation."""

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets as t

from backprop_course.numbers import show as number
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets.activation._activations import ACTIVATIONS
from backprop_course.widgets.activation._arguments import checked_backward, checked_names, checked_parameters
from backprop_course.widgets.activation._figure import draw
from backprop_course.widgets.activation._picture import SPAN, samples_of
from backprop_course.widgets.activation._student import Backward

LAYERS = ("slope", "saturated", "yours")
DY = (-2.0, 2.0)  # range of the upstream gradient


class ActivationExplorer(CourseWidget):
    """Show an activation, its slope, where it saturates, and what the student's backward pass makes of it.

    The activation is chosen among several, its parameters and the upstream gradient are moved by sliders, and
    a point is dragged along the curve: there the picture tells value, slope (from both sides at a kink) and
    dz = dy · f'(z). A unit counts as saturated where its slope is below 5 % of the largest. See *Lecture 5:
    Backpropagation* (2018).

    Parameters
    ----------
    activation : str
        Shown at the start: "sigmoid", "tanh", "relu", "softplus", "leaky_relu", "prelu", "rrelu", "elu" or
        "maxout" (three pieces of one input).
    among : sequence of str, optional
        The activations to choose from. Default: all.
    backward : callable or mapping, optional
        The student's backward function of `activation`, or one for each of several: ``{"relu":
        relu_backward, "elu": elu_backward}``. Called as the exercises call it: ``sigmoid_backward(dy, y)``,
        ``leaky_relu_backward(dy, z, alpha)``.
    z : float
        Where the point starts.
    dy : float
        Upstream gradient, from −2 to 2.
    show : sequence of {"slope", "saturated", "yours"}
        What is ticked at the start, so that a notebook can ask before it tells.
    **parameters : float
        Of `activation`: ``alpha=0.2``; ``low`` and ``high``, the bounds of a randomised slope, and ``draw``,
        its seed; ``w1``, ``w2`` and ``w3``, the slopes of the pieces.

    Attributes
    ----------
    parameters : dict
        Of the current activation.
    value : float
        The activation at `z`.
    slopes : (float, float)
        Its slopes before and behind `z`, which differ at a kink.
    yours : float or None
        The slope that the student's function gives at `z`: its dz / dy.

    Raises
    ------
    TypeError, ValueError
        When an argument names no activation, or no parameter of it, or is no number in its range.

    Examples
    --------
    >>> explorer = ActivationExplorer("leaky_relu", alpha=0.2, z=0.0)
    >>> explorer.value, explorer.slopes
    (0.0, (0.2, 1.0))
    """

    _esm = browser_module("activation")
    _css = stylesheet("activation")

    activation = t.Unicode(help="Which one is shown.").tag(sync=True)
    choices = t.List(t.List(t.Unicode()), help="Name and label of those to choose from.").tag(sync=True)
    parameters = t.Dict(help="Its parameters by their names.").tag(sync=True)
    z = t.Float(help="Where the point stands.").tag(sync=True)
    dy = t.Float(help="Upstream gradient.").tag(sync=True)
    show = t.List(t.Enum(LAYERS), help="What is shown besides the curve and the point.").tag(sync=True)
    samples = t.Dict(help="What the browser draws and says at each position.").tag(sync=True)

    def __init__(
        self,
        activation: str = "sigmoid",
        *,
        among: Sequence[str] | None = None,
        backward: Backward | Mapping[str, Backward] | None = None,
        z: float = 1.0,
        dy: float = 1.0,
        show: Sequence[str] = LAYERS,
        **parameters: float,
    ) -> None:
        names = checked_names(activation, among)
        self._backward = checked_backward(activation, backward)
        self._kept = {name: {p.name: p.start for p in ACTIVATIONS[name].parameters} for name in names}
        self._kept[activation] |= checked_parameters(activation, parameters)
        choices = [[name, ACTIVATIONS[name].label] for name in names]
        super().__init__(choices=choices, z=z, dy=dy, show=list(show))
        self.activation = activation

    @property
    def value(self) -> float:
        """The activation at the point."""
        return float(self.samples["y"][self._index()])

    @property
    def slopes(self) -> tuple[float, float]:
        """Slopes before and behind the point."""
        left, right = (self.samples[side][self._index()] for side in ("left", "right"))
        return left, right

    @property
    def yours(self) -> float | None:
        """The student's dz / dy at the point."""
        yours = self.samples["yours"]
        return yours[self._index()] if yours else None

    def sentences(self) -> list[tuple[str, str, str]]:
        """Give layer, label and sentence of everything that is told at the point, hidden layers left out."""
        hidden = {*LAYERS} - {*self.show}
        if "slope" in hidden:
            hidden.add("gradient")
        return [
            (layer, label, said if isinstance(said, str) else said[self._index()])
            for layer, label, said in self.samples["rows"]
            if layer not in hidden
        ]

    def summary(self) -> str:
        """Say what the picture shows at the point."""
        s = self.samples
        chosen = "".join(
            f", {p['label']} = {number(self.parameters[p['name']])}" for p in s["parameters"] if p["step"] < 1
        )
        told = " ".join(f"{label}: {sentence.rstrip('.')}." for _, label, sentence in self.sentences())
        verdict = s["verdict"] if "yours" in self.show else ""
        return f"{s['label']}{chosen}. {told} {verdict}".rstrip()

    def figure(self) -> str:
        """Draw the current state as an SVG document."""
        return draw(self.samples, self._index(), self.show, self.sentences())

    @t.validate("activation")
    def _one_to_choose(self, proposal: Any) -> str:
        names = [name for name, _ in self.choices]
        if proposal["value"] not in names:
            raise t.TraitError(f"activation = {proposal['value']!r} is not among {names}")
        return str(proposal["value"])

    @t.validate("parameters")
    def _of_the_activation(self, proposal: Any) -> dict[str, float]:
        """Parameters may be set one at a time; the others stay."""
        try:
            checked = checked_parameters(self.activation, proposal["value"])
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None
        return self._kept[self.activation] | checked

    @t.validate("z")
    def _on_the_curve(self, proposal: Any) -> float:
        """Take the nearest sample: the curve is known there."""
        z = float(proposal["value"])
        if not SPAN[0] <= z <= SPAN[1]:
            raise t.TraitError(
                f"z = {z:g} lies outside the picture, which shows z from {SPAN[0]:g} to {SPAN[1]:g}"
            )
        return float(min(self.samples.get("z", [z]), key=lambda sample: abs(sample - z)))

    @t.validate("dy")
    def _in_range(self, proposal: Any) -> float:
        return float(within(proposal, *DY, "an upstream gradient"))

    @t.observe("activation", "parameters", "dy")
    def _compute(self, change: Any) -> None:
        """Run the activation and the student's function anew."""
        if not self.activation:  # the constructor is not done yet
            return
        kept = self._kept[self.activation]
        if change["name"] == "activation" and self.parameters != kept:
            self.parameters = kept  # which leads back here
            return
        self._kept[self.activation] = dict(self.parameters)
        backward = self._backward.get(self.activation)
        self.samples = samples_of(self.activation, self.parameters, self.dy, backward)
        self.z = self.z  # to the nearest of the new samples

    def _index(self) -> int:
        return int(self.samples["z"].index(self.z))

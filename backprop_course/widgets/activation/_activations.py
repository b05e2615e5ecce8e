"""The activations of the course as functions of one number, each with the call of its backward pass.

Sources: *Lecture 5: Backpropagation* (2018) for the units, Z. Cui, *Forward and Backward Propagation* (2025)
for the slopes at a kink.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course import ops
from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets._lines import Line, envelope_kinks, winners

Values = Mapping[str, float]  # of the parameters


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an activation; where `step` is 1, a button moves it instead of a slider."""

    name: str
    label: str
    start: float
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Activation:
    """An activation y = f(z) of one number.

    `arguments(dy, z, values)` are those of its backward function, the student's and the one of `ops` alike.
    `kinks(values)` lists where its slope may jump, and `note(dy, z, y, values)` gives a label and one more
    sentence for each entry.
    """

    label: str
    formula: str
    forward: Callable[[Array, Values], Array]
    backward: Callable[..., Any]
    arguments: Callable[[Array, Array, Values], tuple[Any, ...]]
    returns: tuple[str, ...] = ("dz",)
    parameters: tuple[Parameter, ...] = ()
    kinks: Callable[[Values], Array] = lambda values: np.array([])
    lines: Callable[[Values], list[Line]] = lambda values: []
    note: Callable[[Array, Array, Array, Values], tuple[str, list[str]]] | None = None


def drawn_slope(values: Values) -> float:
    """Draw the left slope of a randomised leaky ReLU, the same for the same number of the draw."""
    low, high = sorted([values["low"], values["high"]])
    return float(np.random.default_rng(int(values["draw"])).uniform(low, high))


def pieces(values: Values) -> list[Line]:
    """Give slope and bias of the pieces of the maxout unit."""
    return [(values["w1"], 0.0), (values["w2"], 0.0), (values["w3"], -2.0)]


def _maxout_arguments(x: Array, values: Values) -> tuple[Array, Array, Array]:
    slopes, biases = np.array(pieces(values)).T
    return x[:, np.newaxis], slopes.reshape(3, 1, 1), biases.reshape(3, 1)


def _at_zero(values: Values) -> Array:
    return np.zeros(1)


def _shares(dy: Array, z: Array, y: Array, values: Values) -> tuple[str, list[str]]:
    shares = [ops.prelu_backward(*entry, values["alpha"])[1] for entry in zip(dy, z, strict=True)]
    return "What this z adds to dα", [number(float(share)) for share in shares]


def _draw(dy: Array, z: Array, y: Array, values: Values) -> tuple[str, list[str]]:
    said = f"slope {number(drawn_slope(values))} on the left"
    return f"Drawn in the forward pass, draw {values['draw'] + 1:.0f}", [said] * len(z)


def _winner(dy: Array, z: Array, y: Array, values: Values) -> tuple[str, list[str]]:
    def said(point: tuple[float, float]) -> str:
        *others, last = [str(k + 1) for k in winners(pieces(values), *point)]
        return f"pieces {', '.join(others)} and {last} tie" if others else f"piece {last}"

    return "Winner, which gets dy", [said(point) for point in zip(z, y, strict=True)]


def _slope_on_the_left(start: float) -> tuple[Parameter]:
    return (Parameter("alpha", "α", start, 0.0, 2.0, 0.01),)


ACTIVATIONS = {
    "sigmoid": Activation(
        "sigmoid",
        "y = 1 / (1 + e⁻ᶻ)",
        lambda z, _: ops.sigmoid(z),
        ops.sigmoid_backward,
        lambda dy, z, _: (dy, ops.sigmoid(z)),
    ),
    "tanh": Activation(
        "tanh",
        "y = tanh(z)",
        lambda z, _: ops.tanh(z),
        ops.tanh_backward,
        lambda dy, z, _: (dy, ops.tanh(z)),
    ),
    "relu": Activation(
        "ReLU",
        "y = max(0, z)",
        lambda z, _: ops.relu(z),
        ops.relu_backward,
        lambda dy, z, _: (dy, z),
        kinks=_at_zero,
    ),
    "softplus": Activation(
        "softplus",
        "y = log(1 + eᶻ)",
        lambda z, _: ops.softplus(z),
        ops.softplus_backward,
        lambda dy, z, _: (dy, z),
    ),
    "leaky_relu": Activation(
        "leaky ReLU",
        "y = z where z > 0, α z elsewhere",
        lambda z, values: ops.leaky_relu(z, values["alpha"]),
        ops.leaky_relu_backward,
        lambda dy, z, values: (dy, z, values["alpha"]),
        parameters=_slope_on_the_left(0.1),
        kinks=_at_zero,
    ),
    "prelu": Activation(
        "PReLU",
        "y = z where z > 0, α z elsewhere; α is learnt",
        lambda z, values: ops.leaky_relu(z, values["alpha"]),
        ops.prelu_backward,
        lambda dy, z, values: (dy, z, values["alpha"]),
        returns=("dz", "dalpha"),
        parameters=_slope_on_the_left(0.25),
        kinks=_at_zero,
        note=_shares,
    ),
    "rrelu": Activation(
        "randomised leaky ReLU",
        "y = z where z > 0, s z elsewhere; s is drawn between two bounds",
        lambda z, values: ops.rrelu(z, np.full_like(z, drawn_slope(values))),
        ops.rrelu_backward,
        lambda dy, z, values: (dy, z, np.full_like(z, drawn_slope(values))),
        parameters=(
            Parameter("low", "Smallest s", 0.1, 0.0, 1.0, 0.01),
            Parameter("high", "Largest s", 0.4, 0.0, 1.0, 0.01),
            Parameter("draw", "Draw another s", 0.0, 0.0, 1e6, 1.0),
        ),
        kinks=_at_zero,
        note=_draw,
    ),
    "elu": Activation(
        "ELU",
        "y = z where z > 0, α (eᶻ − 1) elsewhere",
        lambda z, values: ops.elu(z, values["alpha"]),
        ops.elu_backward,
        lambda dy, z, values: (dy, z, values["alpha"]),
        parameters=_slope_on_the_left(1.0),
        kinks=_at_zero,
    ),
    "maxout": Activation(
        "maxout",
        "y = max(w₁ z, w₂ z, w₃ z − 2), three pieces of one input",
        lambda z, values: ops.maxout(*_maxout_arguments(z, values))[:, 0],
        ops.maxout_backward,
        lambda dy, z, values: (dy[:, np.newaxis], *_maxout_arguments(z, values)),
        returns=("dx", "dW", "db"),
        parameters=(
            Parameter("w1", "w₁", -1.0, -2.0, 2.0, 0.05),
            Parameter("w2", "w₂", 0.25, -2.0, 2.0, 0.05),
            Parameter("w3", "w₃", 2.0, -2.0, 2.0, 0.05),
        ),
        kinks=lambda values: envelope_kinks(pieces(values)),
        lines=pieces,
        note=_winner,
    ),
}

"""Both passes through a network, by the student's functions where there are some, beside the true ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course.widgets._evaluate import Array, CannotShowError, call, name_of, numbers
from backprop_course.widgets.network._network import Network

Function = Callable[..., Any]
SAME = 1e-6  # relative: what no picture shows


@dataclass(frozen=True)
class Gradients:
    """dL/dx, dL/dz of each layer's sums (which is dL/db), and dL/dW of each layer."""

    dx: Array
    dz: list[Array]
    dweights: list[Array]

    def below(self, layer: int) -> Array:
        """Return what stands below the units of a layer: dx for the inputs, dz for every other layer."""
        return self.dz[layer - 1] if layer else self.dx


@dataclass(frozen=True)
class Passes:
    """What is known: activations, loss and gradients, None where a function is not written or fails."""

    network: Network
    activations: list[Array] | None
    gradients: Gradients | None
    true_activations: list[Array] | None
    true_gradients: Gradients | None
    said: str = ""  # why something is not there

    @property
    def loss(self) -> float | None:
        """½ Σ (y − d)² of the output shown."""
        if self.activations is None or self.network.target is None:
            return None
        return loss_of(self.activations[-1], self.network.target)

    @property
    def stopped(self) -> dict[tuple[int, int], float]:
        """What arrives on the way back at each hidden ReLU (layer, i) from which another gradient goes on."""
        if self.gradients is None or self.network.activation != "relu":
            return {}
        dz, weights = self.gradients.dz, self.network.weights
        arrives = [
            (k, i, float(row @ dz[k])) for k in range(1, len(weights)) for i, row in enumerate(weights[k])
        ]
        return {(k, i): heard for k, i, heard in arrives if is_off(dz[k - 1][i], heard)}

    @property
    def wrong(self) -> bool:
        """Whether any number that is shown is not the true one."""
        values = self.activations is not None and differs(self.activations, self.true_activations)
        if values or self.gradients is None or self.true_gradients is None:
            return values
        mine, true = self.gradients, self.true_gradients
        return differs([mine.dx, *mine.dz, *mine.dweights], [true.dx, *true.dz, *true.dweights])


def loss_of(y: Array, target: Array) -> float:
    """Return ½ Σ (y − d)²."""
    return float(0.5 * np.sum((y - target) ** 2))


def differs(found: Sequence[Array], true: Sequence[Array] | None) -> bool:
    """Whether any entry differs by more than a picture shows."""
    return true is not None and any(is_off(a, b).any() for a, b in zip(found, true, strict=True))


def is_off(found: Array | float, true: Array | float) -> Any:
    """Say entry by entry what differs by more than a picture shows."""
    return ~(np.abs(found - true) <= SAME * np.maximum(1.0, np.abs(true)))


def forward_pass(network: Network) -> list[Array]:
    """Return x and what each layer puts out."""
    assert network.x is not None
    activations = [network.x]
    for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        activations.append(network.activate(layer, activations[-1] @ W + b))
    return activations


def backward_pass(network: Network, activations: Sequence[Array]) -> Gradients:
    """Return the gradients of ½ Σ (y − d)²."""
    assert network.target is not None
    dy, dzs, dweights = activations[-1] - network.target, list[Array](), list[Array]()
    sums = network.sums(activations)
    for layer in range(len(network.weights), 0, -1):
        dz = dy * network.slope(layer, sums[layer - 1], activations[layer])
        dzs.insert(0, dz)
        dweights.insert(0, np.outer(activations[layer - 1], dz))
        dy = network.weights[layer - 1] @ dz
    return Gradients(dy, dzs, dweights)


def both_passes(network: Network, forward: Function | None, backward: Function | None) -> Passes:
    """Run what can be run; see `Passes`."""
    if network.x is None:
        return Passes(network, None, None, None, None)
    true = forward_pass(network)
    true_gradients = None if network.target is None else backward_pass(network, true)
    try:
        values = true if forward is None else students_forward(network, forward)
    except CannotShowError as reason:
        return Passes(network, None, None, true, true_gradients, str(reason))
    if network.target is None:
        return Passes(network, values, None, true, None)
    try:
        gradients = (
            backward_pass(network, values)
            if backward is None
            else _students_backward(network, values, backward)
        )
    except CannotShowError as reason:
        return Passes(network, values, None, true, true_gradients, str(reason))
    return Passes(network, values, gradients, true, true_gradients)


def students_forward(network: Network, forward: Function) -> list[Array]:
    """Call ``forward(x, weights, biases)`` with a batch of one example."""
    assert network.x is not None
    x, weights, biases = (
        network.x[None].copy(),
        [W.copy() for W in network.weights],
        [b.copy() for b in network.biases],
    )
    shapes = [(1, width) for width in network.widths]
    found = _arrays(forward, call(forward, x, weights, biases), shapes, "[x, y1, ..., output]")
    return [row[0] for row in found]


def _students_backward(network: Network, activations: list[Array], backward: Function) -> Gradients:
    """Call ``backward(dy, activations, weights)``, which gives dx, dweights and dbiases."""
    assert network.target is not None
    weights = [W.copy() for W in network.weights]
    dy = (activations[-1] - network.target)[None]
    returned = call(backward, dy, [y[None].copy() for y in activations], weights)
    if not isinstance(returned, tuple | list) or len(returned) != 3:
        raise CannotShowError(
            f"{name_of(backward)} returned {returned!r:.80}; expected (dx, dweights, dbiases)."
        )
    dx, dweights, dbiases = returned
    (row,) = _arrays(backward, [dx], [(1, network.widths[0])], "dx")
    dW = _arrays(backward, dweights, [W.shape for W in weights], "dweights")
    db = _arrays(backward, dbiases, [(W.shape[1],) for W in weights], "dbiases")
    return Gradients(row[0], db, dW)


def _arrays(f: Function, returned: Any, shapes: Sequence[tuple[int, ...]], what: str) -> list[Array]:
    """Turn a list of arrays of known shapes into plain ones, or say what does not fit."""
    try:
        found = [numbers(part) for part in returned]
    except (TypeError, ValueError):
        raise CannotShowError(f"{name_of(f)} returned {returned!r:.80}; expected {what}.") from None
    if [part.shape for part in found] != list(shapes):
        got = [part.shape for part in found]
        raise CannotShowError(f"{name_of(f)} returned {what} of the shapes {got}; expected {list(shapes)}.")
    return found

"""What each step of the explorer says: forward, loss, backward, then one weight nudged and the ripple."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backprop_course.numbers import factor, show
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.network._drawing import Times
from backprop_course.widgets.network._layout import Edge
from backprop_course.widgets.network._network import ACTIVATIONS
from backprop_course.widgets.network._passes import Passes, is_off

Unit = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """One step: its phase, the unit it is about, and what it says."""

    phase: str  # start, forward, loss, backward or nudge
    said: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Nudge:
    """One weight moved: the passes before and after, and what the backward pass had said of it."""

    before: Passes
    after: Passes
    edge: Edge
    by: float

    @property
    def predicted(self) -> float:
        """Return dL/dw · Δw."""
        assert self.before.gradients is not None
        k, i, j = self.edge
        return float(self.before.gradients.dweights[k][i, j] * self.by)

    @property
    def true(self) -> float:
        """Return L(w + Δw) − L(w)."""
        assert self.before.loss is not None
        assert self.after.loss is not None
        return self.after.loss - self.before.loss


def steps_of(passes: Passes, nudge: Nudge | None) -> list[Step]:
    """Return every step for which there are numbers."""
    network = passes.network
    assert network.x is not None
    given = _equal(network.names[0], network.x)
    steps = [Step("start", f"The input is given: {given}. Nothing is computed yet.")]
    if passes.activations is None:
        return steps
    steps += _forward(passes)
    steps.append(Step("loss", _loss(passes)))
    if passes.gradients is not None:
        steps += _backward(passes)
    if nudge is not None:
        steps += _nudge(nudge)
    return steps


def times_of(steps: Sequence[Step]) -> Times:
    """Find the step at which each thing appears."""
    values = {step.unit: i for i, step in enumerate(steps) if step.phase == "forward" and step.unit}
    gradients = {step.unit: i for i, step in enumerate(steps) if step.phase == "backward" and step.unit}
    loss = next((i for i, step in enumerate(steps) if step.phase == "loss"), 0)
    nudge = next((i for i, step in enumerate(steps) if step.phase == "nudge"), None)
    return Times(values, gradients, loss, nudge, None if nudge is None else nudge + 1)


def _forward(passes: Passes) -> Iterator[Step]:
    network, values = passes.network, passes.activations
    assert values is not None
    sums = network.sums(values)
    for layer in range(1, len(values)):
        last = layer == len(network.weights)
        function = ACTIVATIONS["linear" if last else network.activation]
        for i, name in enumerate(network.names[layer]):
            terms = _products(values[layer - 1], network.weights[layer - 1][:, i])
            bias = network.biases[layer - 1][i]
            total = terms + (f" {'+' if bias > 0 else '−'} {show(abs(bias))}" if bias else "")
            z, y = float(sums[layer - 1][i]), float(values[layer][i])
            right = float(network.activate(layer, sums[layer - 1])[i])
            parts = [name, function.text.format(total), function.text.format(show(z)), show(right)]
            said = " = ".join(dict.fromkeys(parts)) + "."
            if is_off(y, right):
                said = f"{' = '.join(dict.fromkeys(parts))}, but your function returns {show(y)}."
            elif network.activation == "relu" and not last and z <= 0:
                said += " The ReLU is off here."
            yield Step("forward", said, (layer, i))


def _loss(passes: Passes) -> str:
    network, values = passes.network, passes.activations
    assert values is not None
    assert network.target is not None
    assert passes.loss is not None
    errors = [f"({show(y)} − {factor(t)})²" for y, t in zip(values[-1], network.target, strict=True)]
    inside = errors[0] if len(errors) == 1 else f"[{' + '.join(errors)}]"
    said = f"The loss compares output and target: L = ½ {inside} = {show(passes.loss)}."
    return said if passes.gradients is not None else f"{said} {passes.said}"


def _backward(passes: Passes) -> Iterator[Step]:
    network, gradients, values = passes.network, passes.gradients, passes.activations
    assert gradients is not None
    assert values is not None
    assert network.target is not None
    sums, last = network.sums(values), len(network.weights)
    for layer in range(last, -1, -1):
        for i, name in enumerate(network.names[layer]):
            found = float(gradients.below(layer)[i])
            if layer == last:
                right = float(values[-1][i] - network.target[i])
                slope_there = f"{network.output} − d = {show(right)}"
                said = f"The way back starts with the slope of the loss at {name}: {slope_there}."
            else:
                heard = float(network.weights[layer][i] @ gradients.dz[layer])
                terms = _products(network.weights[layer][i], gradients.dz[layer])
                said = (
                    " = ".join(dict.fromkeys([f"Weight × gradient arrives at {name}: {terms}", show(heard)]))
                    + "."
                )
                right = heard
                if layer:
                    slope = float(network.slope(layer, sums[layer - 1], values[layer])[i])
                    right, passed = heard * slope, _passed(network.activation, slope, heard * slope)
                    said += passed
            if is_off(found, right):
                said += f" Your function returns {show(found)} here."
            if layer:
                said += " " + _weights(passes, layer, i)
            yield Step("backward", said, (layer, i))


def _passed(activation: str, slope: float, dz: float) -> str:
    """Say what an activation lets through."""
    if activation == "relu":
        return (
            " The ReLU was on and lets it through."
            if slope
            else " The ReLU was off and lets nothing through: 0."
        )
    return "" if activation == "linear" else f" Times the slope of {activation}, {show(slope)}: {show(dz)}."


def _weights(passes: Passes, layer: int, i: int) -> str:
    """Say the gradients of the weights that lead into a unit."""
    network, gradients, values = passes.network, passes.gradients, passes.activations
    assert gradients is not None
    assert values is not None
    dz = float(gradients.dz[layer - 1][i])
    parts = [
        f"from {name}: {show(value)} × {factor(dz)} = {show(value * dz)}"
        + (f" (your function returns {show(dW)})" if is_off(dW, value * dz) else "")
        for name, value, dW in zip(
            network.names[layer - 1], values[layer - 1], gradients.dweights[layer - 1][:, i], strict=True
        )
    ]
    return f"Each weight into it gets input × gradient: {'; '.join(parts)}."


def _nudge(nudge: Nudge) -> Iterator[Step]:
    network, (k, i, j) = nudge.before.network, nudge.edge
    w = float(network.weights[k][i, j])
    weight = f"the weight from {network.names[k][i]} to {network.names[k + 1][j]}"
    assert nudge.before.gradients is not None
    dW = float(nudge.before.gradients.dweights[k][i, j])
    predicted = f"{show(dW)} × {factor(nudge.by)} = {show(nudge.predicted)}"
    yield Step(
        "nudge",
        f"Now {weight} moves by Δw = {show(nudge.by)}, from {show(w)} to {show(w + nudge.by)}. "
        f"Its gradient says what the loss will do: ΔL ≈ {predicted}.",
    )
    yield Step("nudge", f"{_ripple(nudge)} {_compared(nudge)}")


def _ripple(nudge: Nudge) -> str:
    """Say which values follow from the nudge."""
    before, after = nudge.before.activations, nudge.after.activations
    assert before is not None
    if after is None:
        return nudge.after.said
    moved = [
        f"{name} by {show(b - a)}"
        for names, row, new in zip(nudge.before.network.names, before, after, strict=True)
        for name, a, b in zip(names, row, new, strict=True)
        if a != b
    ]
    return (
        f"The change runs forward: {', '.join(moved)}. (The gradients shown are those before it.)"
        if moved
        else f"No value moves.{_why_still(nudge)}"
    )


def _why_still(nudge: Nudge) -> str:
    """Say what keeps the values still: no move of the weight, an input of 0, or a ReLU that is off."""
    network, values, (k, i, j) = nudge.before.network, nudge.before.activations, nudge.edge
    assert values is not None
    is_relu = network.activation == "relu" and k + 1 < len(network.weights)
    if nudge.by == 0:
        return " Δw is 0."
    if values[k][i] == 0:
        return f" {network.names[k][i]} is 0, and 0 times any weight is 0."
    sums = (passes.network.sums(values)[k][j] for passes in (nudge.before, nudge.after))
    is_off = is_relu and all(z <= 0 for z in sums)
    return f" The ReLU of {network.names[k + 1][j]} is off." if is_off else ""


def _compared(nudge: Nudge) -> str:
    if nudge.after.loss is None or nudge.before.loss is None:
        return ""
    true, off = nudge.true, nudge.true - nudge.predicted
    said = f"The loss goes from {show(nudge.before.loss)} to {show(nudge.after.loss)}, by {show(true)}"
    if abs(off) <= 1e-9 * max(1.0, abs(true)):
        return f"{said}, as predicted."
    said = f"{said}; predicted was {show(nudge.predicted)}."
    if abs(off) > abs(nudge.predicted) > 0:
        return f"{said} Forecasts are for small moves: this Δw is too large."
    return f"{said} The rest, {show(off)}, shrinks faster than Δw."


def _products(values: Array, weights: Array) -> str:
    pairs = [(show if i == 0 else factor, v, w) for i, (v, w) in enumerate(zip(values, weights, strict=True))]
    return " + ".join(f"{first(v)}·{factor(w)}" for first, v, w in pairs)


def _equal(names: Sequence[str], row: Array) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in zip(names, row, strict=True))

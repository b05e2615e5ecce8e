"""Draw a network: values in its units, weights on its lines, gradients below both."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from backprop_course.numbers import show
from backprop_course.svg import Point, document, label, tag, text, title, width_of
from backprop_course.widgets.network._layout import MOST, RADIUS, Edge, Layout, ends, lay_out
from backprop_course.widgets.network._marks import draw_gradient, draw_ring, draw_value
from backprop_course.widgets.network._network import ACTIVATIONS, Network
from backprop_course.widgets.network._passes import Passes

LEFT, TOP, BOTTOM, RIGHT = 62.0, 56.0, 88.0, 62.0
LOSS_AT, LOSS_SIZE = 168.0, (132.0, 52.0)  # right of the outputs
KEY = "In a circle: the value. On a line: the weight."
KEY_OF_GRADIENTS = "Below them, in purple: the gradient."
LINES = "The thicker a line, the larger the weight; a negative one is dashed."
ARROW = "With an arrow: what arrives at a ReLU → what goes on."
Unit = tuple[int, int]


@dataclass(frozen=True)
class Times:
    """The step at which each thing appears; without times, everything is there from the start."""

    values: dict[Unit, int] = field(default_factory=dict)
    gradients: dict[Unit, int] = field(default_factory=dict)
    loss: int = 0
    nudge: int | None = None  # from here on the moved weight stands in its place
    ripple: int | None = None  # and from here on the values that follow from it


@dataclass(frozen=True)
class Drawing:
    """What to draw: the passes, when each part appears, and the same network after a nudge of one weight.

    Without `step` all of it is drawn, with the steps that show it in ``data-at`` and ``data-until``.
    """

    passes: Passes
    times: Times = Times()
    step: int | None = None
    nudged: Passes | None = None
    edge: Edge | None = None

    def svg(self, name: str, description: str) -> str:
        """Return the picture as an SVG document."""
        network = self.passes.network
        stopped = {unit: width_of(self._below(unit)) for unit in self.passes.stopped}
        names = max(7.5 * len(self._name(unit)) for unit in _units(network))
        layout = lay_out(network, self._room, names, stopped)
        arrows = [ARROW] if stopped.keys() & layout.units.keys() else []
        with_loss = network.target is not None
        numbers = network.x is not None
        left = RADIUS + width_of(network.inputs) + 20 if network.inputs else LEFT
        right = layout.width + (LOSS_AT + LOSS_SIZE[0] / 2 + 12 if with_loss else RIGHT)
        if self._beside:
            right += max(map(width_of, network.names[-1])) - RADIUS
        top = TOP if numbers else RADIUS + 12
        key = [f"{KEY} {KEY_OF_GRADIENTS}" if with_loss else KEY, LINES, *arrows]
        width = max(left + right, LEFT + 6.4 * max(map(len, key)) if numbers else 0.0)
        parts = [
            *(self._line(layout, edge) for edge in layout.edges),
            *(self._unit(unit, point) for unit, point in layout.units.items()),
            *(self._numbers(edge, at) for edge, at in layout.edges.items() if at is not None),
            *(_gap(*gap) for gap in layout.gaps),
            *(self._loss(layout) if with_loss else ()),
            *(_key(layout, left, key) if numbers else ()),
            _inputs(layout, network) if network.inputs else "",
        ]
        height = top + layout.height + (BOTTOM + 17 * len(arrows) if numbers else RADIUS + 12)
        return document(name, width, height, *parts, description=description, corner=(-left, -top))

    @property
    def _beside(self) -> bool:
        """Whether outputs are named beside their circles, so that no name looks like a value."""
        return self.passes.network.meant and self.passes.network.x is None

    def _when(self, content: str, at: int = 0, until: int | None = None, **attributes: str) -> str:
        """Show `content` from the step `at` on, up to the step before `until`."""
        if until is not None and until <= at:
            return ""
        if self.step is None:
            return tag("g", content, data_at=at, data_until=until, **attributes)
        seen = at <= self.step and (until is None or self.step < until)
        return tag("g", content, **attributes) if seen else ""

    def _room(self, edge: Edge) -> float:
        """Return how wide the numbers on a line may get, a nudge of the size of the weight included."""
        k, i, j = edge
        numbers = [self._short(edge, self.passes.network.weights[k][i, j])]
        if self.passes.gradients is not None:
            numbers.append(self._short(edge, self.passes.gradients.dweights[k][i, j]))
        return max(width_of(number) for number in numbers) + 6

    def _short(self, edge: Edge, value: float) -> str:
        """Write a number on a line; where lines are many, with two digits."""
        return show(value, 2 if self.passes.network.weights[edge[0]].size > 6 else 4)

    def _line(self, layout: Layout, edge: Edge) -> str:
        k, i, j = edge
        W = self.passes.network.weights[k]
        numbers = self.passes.network.x is not None
        size = 0.8 + 3.2 * abs(float(W[i, j])) / (float(abs(W).max()) or 1.0) if numbers else 1.2
        faint = max(W.shape) > MOST and not numbers
        (x0, y0), (x1, y1) = ends(layout.units[k, i], layout.units[k + 1, j])
        dashes = "7 4" if numbers and W[i, j] < 0 else None
        path = {
            "d": f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}",
            "fill": "none",
            "stroke_dasharray": dashes,
        }
        plain = tag(
            "path",
            **path,
            stroke="muted",
            stroke_width=size,
            opacity=0.5 if faint else 0.75,
        )
        sends, hears = self.times.gradients.get((k + 1, j)), self.times.gradients.get((k, i))
        marks = ""
        if (at := self.times.values.get((k + 1, j))) is not None:
            marks += self._when(tag("path", **path, stroke="value", stroke_width=size + 1.5), at, at + 1)
        for at in {at for at in (sends, hears) if at is not None}:
            marks += self._when(tag("path", **path, stroke="gradient", stroke_width=size + 1.5), at, at + 1)
        if edge == self.edge and self.times.nudge is not None:
            marks += self._when(tag("path", **path, stroke="yours", stroke_width=size + 3), self.times.nudge)
        return plain + marks

    def _numbers(self, edge: Edge, at: Point) -> str:
        k, i, j = edge
        (x, y), W = at, self.passes.network.weights[k]
        gradients, truth = self.passes.gradients, self.passes.true_gradients
        moves = self.times.nudge if edge == self.edge else None
        written = self._when(label(self._short(edge, W[i, j]), x, y - 8), 0, moves)
        if moves is not None and self.nudged is not None:
            written += self._when(label(show(self.nudged.network.weights[k][i, j]), x, y - 8, "yours"), moves)
        if gradients is not None and truth is not None:
            at_step = self.times.gradients.get((k + 1, j), 0)
            dW, true = gradients.dweights[k][i, j], truth.dweights[k][i, j]
            written += self._when(draw_gradient(dW, true, x, y + 8, self._short(edge, dW)), at_step)
        return tag("g", written, class_="edge", data_edge=f"{k},{i},{j}")

    def _unit(self, unit: Unit, at: Point) -> str:
        (layer, i), (x, y) = unit, at
        values, gradients = self.passes.activations, self.passes.gradients
        circle = {"cx": x, "cy": y, "r": RADIUS}
        dead = values is not None and layer > 0 and not self._alive(layer, i)
        parts = [
            tag("circle", **circle, fill="paper", stroke="muted", stroke_width=1.5),
            self._named(unit, at),
        ]
        computed = self.times.values.get(unit, 0)
        if dead:
            dashed = tag(
                "circle", **circle, fill="paper", stroke="muted", stroke_width=3, stroke_dasharray="3 3"
            )
            parts.append(self._when(dashed, computed))
        if layer in self.times_of_layers() and computed:
            parts.append(self._when(draw_ring(circle, "value"), computed, computed + 1))
        if (heard := self.times.gradients.get(unit)) is not None:
            parts.append(self._when(draw_ring(circle, "gradient"), heard, heard + 1))
        if values is not None and self.passes.true_activations is not None:
            value, true = float(values[layer][i]), float(self.passes.true_activations[layer][i])
            after = value if self.nudged is None else float(_activation(self.nudged, layer, i))
            changes = self.times.ripple if after != value else None
            parts.append(self._when(draw_value(value, true, x, y, "value"), computed, changes))
            if changes is not None:
                moved = draw_ring(circle, "yours") + draw_value(after, after, x, y, "yours")
                parts.append(self._when(moved, changes))
        if gradients is not None and self.passes.true_gradients is not None:
            found, true = gradients.below(layer)[i], self.passes.true_gradients.below(layer)[i]
            words = self._below(unit)
            parts.append(self._when(draw_gradient(found, true, x, y + RADIUS + 10, words), heard or 0))
        return tag("g", title(self._tip(unit)), *parts, class_="unit", data_unit=f"{layer},{i}")

    def _named(self, unit: Unit, at: Point) -> str:
        """Write a unit's name in its circle, or above its value."""
        (x, y), name = at, self._name(unit)
        if self._beside and unit[0] == len(self.passes.network.weights):
            return text(name, x + RADIUS + 12, y + 5, fill="ink", font_weight="bold")
        # on paper of its own: lines pass here
        return label(name, x, y if self.passes.activations is None else y - RADIUS - 12, font_size=14)

    def _below(self, unit: Unit) -> str:
        """Write a unit's gradient; where a ReLU changes it, first what arrives."""
        (layer, i), gradients = unit, self.passes.gradients
        assert gradients is not None
        found = show(gradients.below(layer)[i])
        return f"{show(self.passes.stopped[unit])} → {found}" if unit in self.passes.stopped else found

    def times_of_layers(self) -> set[int]:
        """Return the layers whose units are computed one by one."""
        return {layer for layer, _ in self.times.values}

    def _name(self, unit: Unit) -> str:
        """Return a unit's name, with its bias if it has one."""
        layer, i = unit
        name, network = self.passes.network.names[layer][i], self.passes.network
        bias = network.biases[layer - 1][i] if layer else 0.0
        return f"{name}, b = {show(bias)}" if bias and network.x is not None else name

    def _alive(self, layer: int, i: int) -> bool:
        """Whether any gradient passes through a unit."""
        assert self.passes.activations is not None
        network, values = self.passes.network, self.passes.activations
        z = network.sums(values)[layer - 1]
        return bool(network.slope(layer, z, values[layer])[i] != 0)

    def _tip(self, unit: Unit) -> str:
        """Say what a unit computes, for the mouse that rests on it."""
        (layer, i), network, values = unit, self.passes.network, self.passes.activations
        if not layer or values is None:
            return network.names[layer][i]
        function = "linear" if layer == len(network.weights) else network.activation
        z = show(network.sums(values)[layer - 1][i])
        return (
            f"{network.names[layer][i]} = {ACTIVATIONS[function].text.format(z)} = {show(values[layer][i])}"
        )

    def _loss(self, layout: Layout) -> Iterator[str]:
        network, last = self.passes.network, len(self.passes.network.weights)
        assert network.target is not None
        x, y, (width, height) = layout.width + LOSS_AT, layout.height / 2, LOSS_SIZE
        left = x - width / 2
        for (layer, i), point in layout.units.items():
            if layer == last:
                (x0, y0) = point
                line = f"M{x0 + RADIUS:.1f} {y0:.1f}L{left:.1f} {y:.1f}"
                yield tag("path", d=line, fill="none", stroke="muted", stroke_width=1.5)
                along = 0.58  # clear of the outputs' names
                start = x0 + RADIUS
                # on a level line, what is left of the line beside the words would read as a minus
                above = 12 if y0 == y else 0
                yield label(
                    f"d = {show(network.target[i])}",
                    start + along * (left - start),
                    y0 + along * (y - y0) - above,
                    "muted",
                )
        yield tag(
            "rect", x=left, y=y - height / 2, width=width, height=height, rx=5, fill="paper", stroke="muted"
        )
        difference = f"({network.output} − d)²"
        formula = f"L = ½ {difference}" if len(network.target) == 1 else f"L = ½ Σ {difference}"
        yield text(formula, x, y - 6, fill="ink", text_anchor="middle", font_weight="bold")
        if self.passes.loss is not None:
            after = None if self.nudged is None else self.nudged.loss
            changes = self.times.ripple if after is not None else None
            yield self._when(
                draw_value(self.passes.loss, self.passes.loss, x, y + 12, "value"), self.times.loss, changes
            )
            if after is not None and changes is not None:
                yield self._when(draw_value(after, after, x, y + 12, "yours"), changes)


def _activation(passes: Passes, layer: int, i: int) -> float:
    return float("nan") if passes.activations is None else passes.activations[layer][i]


def _gap(at: Point, left_out: int) -> str:
    (x, y), words = at, f"{left_out} more"
    dots = text("⋮", x, y - 2, fill="muted", font_size=22, text_anchor="middle")
    # on paper of its own: lines pass here
    return dots + label(words, x, y + 14, "muted", font_weight="normal")


def _units(network: Network) -> list[Unit]:
    return [(layer, i) for layer, width in enumerate(network.widths) for i in range(width)]


def _inputs(layout: Layout, network: Network) -> str:
    return text(network.inputs, -RADIUS - 12, layout.height / 2 + 5, fill="muted", text_anchor="end")


def _key(layout: Layout, left: float, key: list[str]) -> Iterator[str]:
    for i, words in enumerate(key):
        yield text(words, -left + 12, layout.height + BOTTOM - 30 + 17 * i, fill="muted", font_size=12)

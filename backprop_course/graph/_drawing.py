"""Draw a graph as SVG: values above the edges, and below them what the backward pass sends along."""

from __future__ import annotations

from xml.etree import ElementTree

from backprop_course.graph._edges import Edge
from backprop_course.graph._model import Model
from backprop_course.graph._numbers import show
from backprop_course.graph._plan import BOX_HEIGHT, Plan, plan
from backprop_course.graph._svg import (
    INK,
    LINE,
    Point,
    add,
    add_arrow,
    add_box,
    add_number,
    add_text,
    document,
    number_width,
)

MARGIN, LEGEND_BELOW, LEGEND_WIDTH = 34.0, 44.0, 505.0
LEGEND = (
    ("above: value", "value"),
    ("below: upstream × local", "gradient"),
    ("Σ: gradient, where several meet", "gradient"),
)


def draw(graph: Model, output: str) -> str:
    """Return the graph as an SVG document, with every gradient taken from `output`."""
    values, gradients = graph.values, graph.gradients(output)
    edges = graph.edges(output)
    sent = {(edge.parent, edge.child): edge.downstream for edge in edges}
    layout = plan(
        graph,
        sum_width=lambda name: number_width(_sum(gradients[name])),
        edge_width=lambda *edge: max(number_width(show(n)) for n in (values[edge[0]], sent[edge])),
    )
    drawing = _Drawing(layout, output, values, gradients)
    for name in graph.parents:
        drawing.add_node(name)
    for edge in edges:
        drawing.add_edge(edge)
    drawing.add_legend()
    return ElementTree.tostring(drawing.root, encoding="unicode")


class _Drawing:
    """A picture under construction."""

    def __init__(
        self, plan: Plan, output: str, values: dict[str, float], gradients: dict[str, float]
    ) -> None:
        self.plan, self.graph, self.values, self.gradients = plan, plan.graph, values, gradients
        self.root = document(
            left=-MARGIN,
            top=-MARGIN - BOX_HEIGHT / 2,
            width=max(plan.layout.width + plan.spacing.stub, LEGEND_WIDTH) + 2 * MARGIN,
            height=plan.layout.height + BOX_HEIGHT + LEGEND_BELOW + 2 * MARGIN,
            title=f"Computational graph of {output}",
            description=self._description(),
        )
        kinds = ("edges", "nodes", "numbers", "legend")
        self.lines, self.boxes, self.numbers, self.legend = (add(self.root, "g", class_=k) for k in kinds)

    def add_node(self, name: str) -> None:
        (x, y), width = self.plan.layout.centres[name], self.plan.widths[name]
        group = add(self.boxes, "g", class_="node", data_node=name)
        is_input = not self.graph.parents[name]
        add_box(group, (x, y), (width, BOX_HEIGHT), corner=BOX_HEIGHT / 2 if is_input else 5, outline=LINE)
        add_text(group, (x, y if is_input else y - 8), name, INK, size=14, weight="bold")
        if not is_input:
            add_text(group, (x, y + 10), self.graph.formula(name), INK, size=12)
        if self.plan.children(name) == 0:
            (start, _), (end, _) = stub = self.plan.stub(name)
            add_arrow(self.lines, [stub])
            self._add_numbers(((start + end) / 2 - 4, y), self.values[name], self.gradients[name])
        if self.plan.children(name) > 1:
            add_number(self.numbers, self.plan.sum_at(name), _sum(self.gradients[name]), "gradient")

    def add_edge(self, edge: Edge) -> None:
        group = add(self.lines, "g", class_="edge", data_parent=edge.parent, data_child=edge.child)
        add(group, "title").text = (
            f"∂{edge.child}/∂{edge.parent} = {edge.rule}, here {show(edge.local)}. "
            f"{show(edge.upstream)} × {show(edge.local)} = {show(edge.downstream)}"
        )
        add_arrow(group, self.plan.curves(edge.parent, edge.child), highlight=edge.overridden)
        self._add_numbers(
            self.plan.numbers[edge.parent, edge.child], self.values[edge.parent], edge.downstream
        )

    def add_legend(self) -> None:
        x, y = 0.0, self.plan.layout.height + BOX_HEIGHT / 2 + LEGEND_BELOW
        for text, kind in LEGEND:
            add_number(self.legend, (x + number_width(text) / 2, y), text, kind)
            x += number_width(text) + 12

    def _description(self) -> str:
        """Say in words what the picture shows."""
        return " ".join(
            (f"{name} = {self.graph.formula(name)}" if parents else name)
            + f" has the value {show(self.values[name])} and the gradient {show(self.gradients[name])}."
            for name, parents in self.graph.parents.items()
        )

    def _add_numbers(self, centre: Point, value: float, gradient: float) -> None:
        x, y = centre
        add_number(self.numbers, (x, y - 8.5), show(value), "value")
        add_number(self.numbers, (x, y + 8.5), show(gradient), "gradient")


def _sum(gradient: float) -> str:
    return f"Σ {show(gradient)}"

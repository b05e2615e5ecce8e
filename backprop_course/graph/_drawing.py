"""Draw a graph as SVG: values above the edges, and below them what the backward pass sends along."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from backprop_course.graph._layout import Layout, place
from backprop_course.graph._svg import (
    INK,
    LINE,
    Curve,
    Point,
    add,
    add_arrow,
    add_box,
    add_number,
    add_text,
    document,
    number_width,
    point_on,
)
from backprop_course.graph._tables import show

if TYPE_CHECKING:
    from backprop_course.graph._edges import Edge
    from backprop_course.graph._graph import Graph

BOX_HEIGHT, NUMBERS_HEIGHT = 42.0, 32.0
STUB = 76.0  # the arrow after a node whose value nothing uses
MARGIN, LEGEND_BELOW, LEGEND_WIDTH = 34.0, 44.0, 505.0
PLACES_ON_A_CURVE = (0.4, 0.5, 0.6, 0.3, 0.7, 0.2, 0.8)  # for numbers, from the end with fewer edges
LEGEND = (
    ("above: value", "value"),
    ("below: upstream × local", "gradient"),
    ("Σ: gradient, where several meet", "gradient"),
)


def draw(graph: Graph, output: str) -> str:
    """Return the graph as an SVG document, with every gradient taken from `output`."""
    widths = {
        name: 24 + max(8.5 * len(name), 7.0 * len(graph.formula(name)) if parents else 0)
        for name, parents in graph.parents.items()
    }
    drawing = _Drawing(graph, output, place(graph.parents, widths), widths)
    for name in graph.parents:
        drawing.add_node(name)
    for edge in graph.edges(output):
        drawing.add_edge(edge)
    drawing.add_legend()
    return ElementTree.tostring(drawing.root, encoding="unicode")


class _Drawing:
    """A picture under construction; knows which places are taken, so that numbers do not overlap."""

    def __init__(self, graph: Graph, output: str, layout: Layout, widths: dict[str, float]) -> None:
        self.parents, self.formula = graph.parents, graph.formula
        self.values, self.gradients = graph.values, graph.gradients(output)
        self.layout, self.widths = layout, widths
        self.taken = [(x, y, widths[name], BOX_HEIGHT) for name, (x, y) in layout.centres.items()]
        self.root = document(
            left=-MARGIN,
            top=-MARGIN - BOX_HEIGHT / 2,
            width=max(layout.width + STUB, LEGEND_WIDTH) + 2 * MARGIN,
            height=layout.height + BOX_HEIGHT + LEGEND_BELOW + 2 * MARGIN,
            title=f"Computational graph of {output}",
            description=self._description(),
        )
        kinds = ("edges", "nodes", "numbers", "legend")
        self.lines, self.boxes, self.numbers, self.legend = (add(self.root, "g", class_=k) for k in kinds)

    def add_node(self, name: str) -> None:
        (x, y), width = self.layout.centres[name], self.widths[name]
        group = add(self.boxes, "g", class_="node", data_node=name)
        is_input = not self.parents[name]
        add_box(group, (x, y), (width, BOX_HEIGHT), corner=BOX_HEIGHT / 2 if is_input else 5, outline=LINE)
        add_text(group, (x, y if is_input else y - 8), name, INK, size=14, weight="bold")
        if not is_input:
            add_text(group, (x, y + 10), self.formula(name), INK, size=12)
        if self._children(name) == 0:
            start = x + width / 2
            add_arrow(self.lines, [((start, y), (start + STUB, y))])
            self._add_numbers((start + STUB / 2 - 4, y), show(self.values[name]), show(self.gradients[name]))
        if self._children(name) > 1:
            total, below = f"Σ {show(self.gradients[name])}", (x, y + BOX_HEIGHT / 2 + 11)
            add_number(self.numbers, below, total, "gradient")
            self.taken.append((*below, number_width(total), 15.0))

    def add_edge(self, edge: Edge) -> None:
        group = add(self.lines, "g", class_="edge", data_parent=edge.parent, data_child=edge.child)
        add(group, "title").text = (
            f"∂{edge.child}/∂{edge.parent} = {show(edge.local)}, {edge.rule}. "
            f"{show(edge.upstream)} × {show(edge.local)} = {show(edge.downstream)}"
        )
        curves = self._curves(edge)
        add_arrow(group, curves, highlight=edge.overridden)
        value, gradient = show(self.values[edge.parent]), show(edge.downstream)
        width = max(number_width(value), number_width(gradient))
        self._add_numbers(self._free_place(edge, curves, width), value, gradient)

    def add_legend(self) -> None:
        x, y = 0.0, self.layout.height + BOX_HEIGHT / 2 + LEGEND_BELOW
        for text, kind in LEGEND:
            add_number(self.legend, (x + number_width(text) / 2, y), text, kind)
            x += number_width(text) + 12

    def _description(self) -> str:
        """Say in words what the picture shows."""
        return " ".join(
            (f"{name} = {self.formula(name)}" if parents else name)
            + f" has the value {show(self.values[name])} and the gradient {show(self.gradients[name])}."
            for name, parents in self.parents.items()
        )

    def _curves(self, edge: Edge) -> list[Curve]:
        """Return the bent parts of an edge, one between each two columns."""
        (x0, y0), (x1, y1) = self.layout.centres[edge.parent], self.layout.centres[edge.child]
        crossings = self.layout.crossings[edge.parent, edge.child]
        starts = [(x0 + self.widths[edge.parent] / 2, y0), *(right for _, right in crossings)]
        ends = [*(left for left, _ in crossings), (x1 - self.widths[edge.child] / 2, y1)]
        return list(zip(starts, ends, strict=True))

    def _free_place(self, edge: Edge, curves: list[Curve], width: float) -> Point:
        """Return the best place on an edge where numbers of this width meet nothing, or else the best."""
        straight = [((p[0] + q[0]) / 2, p[1]) for p, q in self.layout.crossings[edge.parent, edge.child]]
        fans_out = self._children(edge.parent) > len(self.parents[edge.child])
        bent = [point_on(c, 1 - t if fans_out else t) for t in PLACES_ON_A_CURVE for c in curves]
        places = straight + bent
        for x, y in places:
            if all(
                abs(x - u) * 2 >= width + w or abs(y - v) * 2 >= NUMBERS_HEIGHT + h
                for u, v, w, h in self.taken
            ):
                self.taken.append((x, y, width, NUMBERS_HEIGHT))
                return x, y
        return places[0]

    def _add_numbers(self, centre: Point, value: str, gradient: str) -> None:
        x, y = centre
        add_number(self.numbers, (x, y - 8.5), value, "value")
        add_number(self.numbers, (x, y + 8.5), gradient, "gradient")

    def _children(self, name: str) -> int:
        return sum(name in parents for parents in self.parents.values())

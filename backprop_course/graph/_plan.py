"""Where everything in a picture of a graph goes: boxes, edges, and numbers that do not overlap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from backprop_course.graph._layout import Layout, place
from backprop_course.graph._model import Model
from backprop_course.svg import Box, Curve, Point, least_overlap

BOX_HEIGHT, SUM_BELOW = 42.0, 11.0
PLACES_ON_A_CURVE = (0.4, 0.5, 0.6, 0.3, 0.7, 0.2, 0.8)  # for numbers, from the end with fewer edges


@dataclass(frozen=True)
class Spacing:
    """Distances in a picture: of rows and columns, and what the numbers on an edge need."""

    row: float = 104.0
    gap: float = 116.0  # between columns: room for the numbers on an edge
    numbers: float = 32.0  # height of those numbers together
    stub: float = 76.0  # the arrow after a node whose value nothing uses


@dataclass
class Plan:
    """A plan under construction; `taken` holds what is occupied, as (x, y, width, height) around (x, y)."""

    graph: Model
    layout: Layout
    widths: dict[str, float]
    spacing: Spacing
    numbers: dict[tuple[str, str], Point] = field(default_factory=dict)  # by (parent, child)
    taken: list[Box] = field(default_factory=list)

    def children(self, name: str) -> int:
        """Count the nodes that use a node."""
        return sum(name in parents for parents in self.graph.parents.values())

    def sum_at(self, name: str) -> Point:
        """Return where the gradient of a node stands, if several children send one."""
        x, y = self.layout.centres[name]
        return x, y + BOX_HEIGHT / 2 + SUM_BELOW

    def stub(self, name: str) -> Curve:
        """Return the arrow that leaves a node which has no child."""
        x, y = self.layout.centres[name]
        start = x + self.widths[name] / 2
        return (start, y), (start + self.spacing.stub, y)

    def curves(self, parent: str, child: str) -> list[Curve]:
        """Return the bent parts of an edge, one between each two columns."""
        (x0, y0), (x1, y1) = self.layout.centres[parent], self.layout.centres[child]
        crossings = self.layout.crossings[parent, child]
        starts = [(x0 + self.widths[parent] / 2, y0), *(right for _, right in crossings)]
        ends = [*(left for left, _ in crossings), (x1 - self.widths[child] / 2, y1)]
        return list(zip(starts, ends, strict=True))

    def rise(self, parent: str, child: str) -> float:
        """Return how far an edge leads up or down."""
        return abs(self.layout.centres[parent][1] - self.layout.centres[child][1])

    def free_place(self, parent: str, child: str, width: float) -> Point:
        """Return the first place on an edge where numbers of this width meet nothing, or else the least."""
        curves, crossings = self.curves(parent, child), self.layout.crossings[parent, child]
        straight = [((p[0] + q[0]) / 2, p[1]) for p, q in crossings]
        fans_out = self.children(parent) > len(self.graph.parents[child])
        bent = [point_on(c, 1 - t if fans_out else t) for t in PLACES_ON_A_CURVE for c in curves]
        size = (width, self.spacing.numbers)
        best = least_overlap(straight + bent, size, self.taken)
        self.taken.append((*best, *size))
        return best


def plan(
    graph: Model,
    sum_width: Callable[[str], float],
    edge_width: Callable[[str, str], float],
    spacing: Spacing | None = None,
) -> Plan:
    """Place a graph, given how wide the Σ below a node and the numbers on an edge (parent, child) may get."""
    spacing = spacing or Spacing()
    widths = {
        name: 18 + max(8.5 * len(name), 7.0 * len(graph.formula(name)) if parents else BOX_HEIGHT - 18)
        for name, parents in graph.parents.items()
    }
    layout = place(graph.parents, widths, spacing.row, spacing.gap)
    made = Plan(graph, layout, widths, spacing)
    made.taken += [(x, y, widths[name], BOX_HEIGHT) for name, (x, y) in layout.centres.items()]
    made.taken += [(*made.sum_at(name), sum_width(name), 15.0) for name in widths if made.children(name) > 1]
    edges = [(parent, child) for child, parents in graph.parents.items() for parent in parents]
    flat_first = sorted(edges, key=lambda edge: made.rise(*edge))  # the flatter an edge, the less choice
    places = {edge: made.free_place(*edge, edge_width(*edge)) for edge in flat_first}
    made.numbers |= {edge: places[edge] for edge in edges}
    return made


def path_of(curves: list[Curve]) -> str:
    """Write curves as the data of a path, each after a straight line from the one before."""
    path = ""
    for (x0, y0), (x1, y1) in curves:
        middle = (x0 + x1) / 2
        path += f"{'L' if path else 'M'}{x0:g} {y0:g}C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}"
    return path


def point_on(curve: Curve, t: float) -> Point:
    """Return the point of a curve of `path_of` at the parameter t in [0, 1]."""
    (x0, y0), (x1, y1) = curve
    across = (1 - t) ** 3 * x0 + 1.5 * t * (1 - t) * (x0 + x1) + t**3 * x1
    return across, y0 + t * t * (3 - 2 * t) * (y1 - y0)

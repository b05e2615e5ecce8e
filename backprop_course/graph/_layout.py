"""Where to draw nodes and edges: the layered layout of Sugiyama, by igraph, from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from backprop_course.graph._svg import Point


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes and, for each edge (parent, child), where it enters and leaves other columns."""

    centres: dict[str, Point]
    crossings: dict[tuple[str, str], list[tuple[Point, Point]]]
    width: float
    height: float


def place(
    parents: Mapping[str, Sequence[str]], widths: Mapping[str, float], row_height: float, gap: float
) -> Layout:
    """Place nodes of the given widths in columns, every parent left of its children, with few crossings.

    Between two columns there is a `gap`; two nodes of a column are a `row_height` apart, or more.

    Raises
    ------
    ImportError
        If igraph is not installed.
    """
    try:
        import igraph  # type: ignore[import-untyped]
    except ImportError:
        raise ImportError(
            "drawing a graph needs igraph 1.0 or later, which is not installed: "
            "pip install 'backprop-course[student]'"
        ) from None
    names = list(parents)
    edges = [(parent, child) for child in names for parent in parents[child]]
    graph = igraph.Graph(len(names), [(names.index(p), names.index(c)) for p, c in edges], directed=True)
    found = graph.layout_sugiyama()  # rows of (place in the layer, layer)
    layers = [int(layer) for _, layer in found.coords]
    columns = [0.0] * (max(layers) + 1)
    for name, layer in zip(names, layers, strict=True):
        columns[layer] = max(columns[layer], widths[name])
    lefts = list(accumulate((width + gap for width in columns), initial=0.0))
    lowest = min(row for row, _ in found.coords + [point for route in found.edge_routing for point in route])

    def at(point: Sequence[float], side: float) -> Point:
        return lefts[int(point[1])] + side * columns[int(point[1])], (point[0] - lowest) * row_height

    routes = [[(at(p, 0.0), at(p, 1.0)) for p in route] for route in found.edge_routing]
    centres = {name: at(point, 0.5) for name, point in zip(names, found.coords, strict=True)}
    bottom = max(y for _, y in [*centres.values(), *(left for route in routes for left, _ in route)])
    return Layout(centres, dict(zip(edges, routes, strict=True)), lefts[-1] - gap, bottom)

"""What the backward pass sends along each edge of a graph, and both passes as data for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backprop_course.graph._graph import Graph


@dataclass(frozen=True)
class Edge:
    """An edge of a graph, and what the backward pass sends along it from the child to the parent.

    ``downstream = upstream * local`` is this edge's share of the parent's gradient; `upstream` is the
    gradient of the child. `rule` is the formula of the local derivative ∂child/∂parent, `computed` its value,
    and `local` the number in use: they differ where it was overridden.
    """

    parent: str
    child: str
    rule: str
    computed: float
    local: float
    upstream: float
    downstream: float

    @property
    def overridden(self) -> bool:
        """Whether another number stands in the place of the computed local derivative."""
        return self.local != self.computed


def backward_edges(graph: Graph, output: str) -> list[Edge]:
    """Return the edges in the order of their children; see `Graph.edges`."""
    local, gradients = graph.local_derivatives, graph.gradients(output)
    return [
        Edge(
            parent=parent,
            child=child,
            rule=graph.rule(child, parent),
            computed=computed,
            local=local[child, parent],
            upstream=gradients[child],
            downstream=gradients[child] * local[child, parent],
        )
        for (child, parent), computed in graph.computed_derivatives.items()
    ]


def as_dict(graph: Graph, output: str) -> dict[str, Any]:
    """Return both passes as plain dictionaries, lists, texts and numbers; see `Graph.to_dict`."""
    gradients = graph.gradients(output)
    nodes = [
        {
            "name": name,
            "formula": graph.formula(name),
            "is_input": not graph.parents[name],
            "value": value,
            "gradient": gradients[name],
        }
        for name, value in graph.values.items()
    ]
    edges = [asdict(edge) | {"overridden": edge.overridden} for edge in graph.edges(output)]
    orders = {"forward": list(graph.parents), "backward": graph.backward_order(output)}
    return {"output": output, "nodes": nodes, "edges": edges} | orders

"""Both passes of a graph, beside the truth where a local derivative was set by hand."""

from collections.abc import Collection
from dataclasses import dataclass

from backprop_course.graph import Edge, Graph
from backprop_course.numbers import show


@dataclass(frozen=True)
class Run:
    """Both passes of a graph at its current inputs, with its overrides and, as the truth, without."""

    graph: Graph
    output: str
    edges: list[Edge]
    gradients: dict[str, float]
    true_edges: list[Edge]
    true_gradients: dict[str, float]

    def leaving(self, node: str) -> list[Edge]:
        """Return the edges from a node to its parents, along which its gradient leaves."""
        return [edge for edge in self.edges if edge.child == node]

    @property
    def rows(self) -> list[tuple[str, Edge | None]]:
        """Node and edge of each row of the backward table; an input has a row without an edge."""
        rows: list[tuple[str, Edge | None]] = []
        for node in self.graph.backward_order(self.output):
            rows += [(node, edge) for edge in self.leaving(node)] or [(node, None)]
        return rows

    @property
    def wrong(self) -> dict[str, float]:
        """The true gradient of each node whose gradient prints other digits than the true one."""
        order = self.graph.backward_order(self.output)
        return {n: self.true_gradients[n] for n in order if differ(self.gradients[n], self.true_gradients[n])}


def both_passes(graph: Graph, output: str) -> Run:
    """Compute both passes.

    Raises
    ------
    ValueError
        If a node has no value or no derivative at the inputs. What a node's own function raises goes through.
    """
    truth = graph.copy()
    truth.clear_overrides()
    return Run(
        graph,
        output,
        graph.edges(output),
        graph.gradients(output),
        truth.edges(output),
        truth.gradients(output),
    )


def differ(number: float, other: float) -> bool:
    """Whether two numbers print differently."""
    return show(number) != show(other)


def broken(run: Run, known: Collection[str]) -> str:
    """Say which local derivatives were set by hand, and which of the `known` gradients are wrong by it."""
    by_hand = [
        f"∂{edge.child}/∂{edge.parent} is set to {show(edge.local)} by hand; "
        f"the rule {edge.rule} gives {show(edge.computed)}."
        for edge in run.edges
        if edge.overridden
    ]
    if not by_hand:
        return ""
    wrong = [
        f"d{run.output}/d{name} is {show(run.gradients[name])} instead of {show(true)}"
        for name, true in run.wrong.items()
        if name in known
    ]
    none = "No gradient is wrong so far." if run.wrong else "No gradient is wrong because of it."
    count = f"{len(wrong)} wrong gradient{'s' if len(wrong) > 1 else ''}: {', '.join(wrong)}."
    return " ".join([*by_hand, count if wrong else none])

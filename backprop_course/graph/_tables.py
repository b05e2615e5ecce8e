"""The forward and the backward pass of a graph as tables, for the terminal and for notebooks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from html import escape

from backprop_course.graph._edges import Edge
from backprop_course.graph._model import Model
from backprop_course.numbers import show


@dataclass(frozen=True, repr=False)
class Table:
    """A table of text with a caption; prints aligned, and shows as HTML in a notebook."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        lines.insert(1, tuple("─" * width for width in widths))
        text = (
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        )
        return "\n".join([self.caption, "", *(line.rstrip() for line in text)])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" style="text-align: left">{escape(c)}</th>' for c in self.columns)
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align: left">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self.rows
        )
        caption = f'<caption style="text-align: left">{escape(self.caption)}</caption>'
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def forward_table(graph: Model) -> Table:
    """Return one row for each operation, in the order in which they are computed."""
    values, local = graph.values, graph.local_derivatives
    rows = tuple(
        (
            child,
            graph.formula(child),
            ", ".join(f"{parent} = {show(values[parent])}" for parent in parents),
            show(values[child]),
            ", ".join(f"∂{child}/∂{parent} = {show(local[child, parent])}" for parent in parents),
        )
        for child, parents in graph.parents.items()
        if parents
    )
    return Table("Forward pass", ("node", "computes", "from", "value", "local derivatives"), rows)


def backward_table(graph: Model, output: str) -> Table:
    """Return a row for each edge on a path to the output and for each input, in the order of the pass."""
    leaving, arriving = defaultdict(list), defaultdict(list)
    order = graph.backward_order(output)
    for edge in sorted(
        (e for e in graph.edges(output) if e.child in order), key=lambda e: order.index(e.child)
    ):
        leaving[edge.child].append(edge)
        arriving[edge.parent].append(edge)
    rows: list[tuple[str, ...]] = []
    for node in order:
        gradient = "1" if node == output else _sum(arriving[node])
        edges = [(edge.parent, _local(edge), show(edge.downstream)) for edge in leaving[node]]
        for i, cells in enumerate(edges or [("", "", "")]):
            rows.append((*((node, gradient) if i == 0 else ("", "")), *cells))
    columns = ("node", f"upstream d{output}/dnode", "to", "local derivative", "upstream × local")
    return Table(f"Backward pass from {output}", columns, tuple(rows))


def _sum(arriving: list[Edge]) -> str:
    """Write the gradients that arrive at a node and, where paths converge, their sum."""
    parts = [edge.downstream for edge in arriving]
    text = show(parts[0]) + "".join(f" {'−' if p < 0 else '+'} {show(abs(p))}" for p in parts[1:])
    return text if len(parts) == 1 else f"{text} = {show(sum(parts))}"


def _local(edge: Edge) -> str:
    text = f"∂{edge.child}/∂{edge.parent} = {show(edge.local)}"
    return f"{text} (set by hand; the rule gives {show(edge.computed)})" if edge.overridden else text

"""What the browser shows at each step of both passes, as JSON, computed once."""

from dataclasses import dataclass
from typing import Any

from backprop_course.graph import Edge, Table
from backprop_course.numbers import show
from backprop_course.widgets.graph._run import Run, broken, differ
from backprop_course.widgets.graph._words import steps_of

Data = dict[str, Any]


@dataclass(frozen=True)
class Times:
    """The steps at which things appear; what does not lead to the output has its gradient, 0, at once."""

    computed: dict[str, int]  # the value of a node
    heard: dict[str, int]  # the gradient of a node
    sent: dict[tuple[str, str], int]  # what goes back along an edge (parent, child)
    rows: list[int]  # the rows of the backward table


def times_of(run: Run, steps: list[Data]) -> Times:
    """Find when each thing appears: values one operation a step, gradients one row a step."""
    computed = {step["node"]: i for i, step in enumerate(steps) if step["phase"] == "forward"}
    rows = [i for i, step in enumerate(steps) if step["phase"] == "backward"]
    heard = dict.fromkeys(run.graph.parents, rows[0])
    sent = {(edge.parent, edge.child): rows[0] for edge in run.edges}
    for i, (node, edge) in reversed(list(zip(rows, run.rows, strict=True))):
        heard[node] = i  # the first row of a node, which comes last here
        if edge is not None:
            sent[edge.parent, edge.child] = i
    return Times(dict.fromkeys(run.graph.inputs, 0) | computed, heard, sent, rows)


def state_of(run: Run) -> Data:
    """Return everything that any step shows; ``at`` is the step at which a thing appears."""
    steps = steps_of(run)
    times = times_of(run, steps)
    operations = [at for name, at in times.computed.items() if name not in run.graph.inputs]
    forward = _table(run.graph.forward_table(), operations, [[]] * len(operations))
    backward = _table(run.graph.backward_table(run.output), times.rows, _wrong_cells(run))
    for i, step in enumerate(steps):
        step["broken"] = broken(run, [name for name, at in times.heard.items() if at <= i])
    return {
        "steps": steps,
        "nodes": {name: _node(run, times, name) for name in run.graph.parents},
        "edges": [_edge(times, *both) for both in zip(run.edges, run.true_edges, strict=True)],
        "tables": [forward, backward],
    }


def _node(run: Run, times: Times, name: str) -> Data:
    value = {"text": show(run.graph.values[name]), "at": times.computed[name]}
    gradient = _gradient(run.gradients[name], run.true_gradients[name], times.heard[name])
    return {"value": value, "gradient": gradient}


def _edge(times: Times, edge: Edge, true: Edge) -> Data:
    return {
        "parent": edge.parent,
        "child": edge.child,
        "local": {"text": show(edge.local), "at": times.computed[edge.child]},
        "factor": edge.local,
        "computed": show(edge.computed),
        "overridden": edge.overridden,
        "gradient": _gradient(edge.downstream, true.downstream, times.sent[edge.parent, edge.child]),
    }


def _gradient(number: float, true: float, at: int) -> Data:
    return {"text": show(number), "truth": show(true) if differ(number, true) else None, "at": at}


def _wrong_cells(run: Run) -> list[list[int]]:
    """Return the cells of each row of the backward table that hold a wrong gradient, by their column."""
    true = {(e.parent, e.child): e.downstream for e in run.true_edges}
    return [
        [1] * (node in run.wrong and (edge is None or edge == run.leaving(node)[0]))
        + [4] * (edge is not None and differ(edge.downstream, true[edge.parent, edge.child]))
        for node, edge in run.rows
    ]


def _table(table: Table, at: list[int], wrong: list[list[int]]) -> Data:
    rows = [
        {"cells": cells, "at": i, "wrong": bad} for cells, i, bad in zip(table.rows, at, wrong, strict=True)
    ]
    return {"caption": table.caption, "columns": table.columns, "rows": rows}

"""What each step of both passes says, and the numbers of its equation."""

from collections.abc import Iterator
from typing import Any

from backprop_course.graph import Edge
from backprop_course.numbers import show
from backprop_course.widgets.graph._run import Run

Data = dict[str, Any]


def steps_of(run: Run) -> list[Data]:
    """Return the steps: one before the passes, one for each operation, one for each row of the way back."""
    return [_start(run), *_forward(run), *_backward(run)]


def _start(run: Run) -> Data:
    given = ", ".join(f"{name} = {show(value)}" for name, value in run.graph.inputs.items())
    return {"phase": "start", "node": None, "edge": None, "said": f"The inputs are given: {given}."}


def _forward(run: Run) -> Iterator[Data]:
    graph, values = run.graph, run.graph.values
    for name in graph.parents:
        if graph.parents[name]:
            parts = [name, graph.formula(name), graph.substituted(name), show(values[name])]
            kept = ", ".join(_local(edge) for edge in run.edges if edge.child == name)
            said = f"{_equal(*parts)}. Kept for the way back: {kept}."
            yield {"phase": "forward", "node": name, "edge": None, "said": said}


def _local(edge: Edge) -> str:
    rule = "set by hand" if edge.overridden else edge.rule
    return _equal(f"∂{edge.child}/∂{edge.parent}", rule, show(edge.local))


def _equal(*parts: str) -> str:
    """Join what is equal, saying nothing twice in a row."""
    return " = ".join(dict.fromkeys(parts))


def _backward(run: Run) -> Iterator[Data]:
    before = None
    for node, edge in run.rows:
        said = [] if node == before else [_heard(run, node)]
        if edge is not None:
            said.append(f"{node} hands upstream × local on to {edge.parent}.")
        elif node != run.output:
            said.append(
                f"{node} is an input: d{run.output}/d{node} = {show(run.gradients[node])} is a result."
            )
        yield {"phase": "backward", "node": node, "edge": _equation(run, edge), "said": " ".join(said)}
        before = node


def _heard(run: Run, node: str) -> str:
    if node == run.output:
        return f"The way back starts at {node}, with d{node}/d{node} = 1."
    arriving = [e for e in run.edges if e.parent == node and e.child in run.graph.backward_order(run.output)]
    heard = _listed([f"{show(edge.downstream)} from {edge.child}" for edge in arriving])
    total = f" Where paths meet, gradients add: {show(run.gradients[node])}." if len(arriving) > 1 else ""
    return f"{node} hears {heard}.{total}"


def _listed(parts: list[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def _factor(number: float) -> str:
    return f"({show(number)})" if number < 0 else show(number)


def _equation(run: Run, edge: Edge | None) -> Data | None:
    """Return the three numbers of upstream × local = downstream, each with its name."""
    if edge is None:
        return None
    users = sum(edge.parent in parents for parents in run.graph.parents.values())
    share = "one share of " if users > 1 else ""
    return {
        "parent": edge.parent,
        "child": edge.child,
        "numbers": [show(edge.upstream), _factor(edge.local), show(edge.downstream)],
        "names": [
            f"d{run.output}/d{edge.child}",
            _equal(*_local(edge).split(" = ")[:2]),
            f"{share}d{run.output}/d{edge.parent}",
        ],
    }

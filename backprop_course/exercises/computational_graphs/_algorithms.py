"""The algorithms: an order in which parents come first, and backpropagation through any graph."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

from numpy.random import Generator

from backprop_course.exercises._declare import Case, Problem, WrongForm
from backprop_course.exercises.computational_graphs._assignment import Exercise02
from backprop_course.graph import backpropagate, topological_order

Parents = dict[str, list[str]]

PRODUCT_OF_SUM: Parents = {"f": ["q", "z"], "q": ["x", "y"], "x": [], "y": [], "z": []}
DIAMOND: Parents = {"x": [], "a": ["x"], "b": ["x"], "y": ["a", "b"]}
SHARED: Parents = {
    "x0": [],
    "w1": [],
    "w2": [],
    "x1": ["x0", "w1"],
    "x2": ["x0", "x1", "w2"],
    "x3": ["x1", "x2", "w1"],
}


def _random_graph(rng: Generator, size: int) -> Parents:
    """A random acyclic graph whose nodes are listed in no useful order."""
    names = [f"n{i}" for i in rng.permutation(size)]
    parents = {}
    for i, name in enumerate(names):
        count = int(rng.integers(0, min(i, 3) + 1))
        parents[name] = [names[j] for j in rng.choice(i, size=count, replace=False)] if count else []
    return {str(name): parents[str(name)] for name in rng.permutation(names)}


def _order_cases(rng: Generator) -> Iterator[Case]:
    yield Case("(x + y) z, its output listed first", (PRODUCT_OF_SUM,))
    yield Case("two paths that meet again", ({name: DIAMOND[name] for name in ("y", "b", "a", "x")},))
    yield Case("a shared parameter", ({name: SHARED[name] for name in reversed(SHARED)},))
    yield Case("a chain", ({"c": ["b"], "b": ["a"], "a": []},))
    yield Case("nodes without edges", ({"a": [], "b": []},))
    yield Case("no nodes", ({},))
    yield Case("a long edge and a short one", ({"d": ["a", "c"], "c": ["b"], "b": ["a"], "a": []},))
    for size in (6, 12):
        yield Case(f"a random graph of {size} nodes", (_random_graph(rng, size),))
    yield Case("two nodes that use each other", ({"a": ["b"], "b": ["a"]},), raises="ValueError")
    yield Case(
        "a cycle behind an input", ({"x": [], "a": ["x", "c"], "b": ["a"], "c": ["b"]},), raises="ValueError"
    )


def _judge_order(inputs: tuple[Any, ...], answer: Any) -> Problem | None:
    parents: Parents = inputs[0]
    if not isinstance(answer, list | tuple) or not all(isinstance(node, str) for node in answer):
        return Problem("wrong-type", "The answer should be a list of the nodes' names.")
    missing = [node for node in parents if node not in answer]
    if missing:
        return Problem("dropped-path", f"The node {missing[0]!r} is missing in your order.")
    if len(answer) != len(parents):
        return Problem(
            "wrong-value", f"Your order has {len(answer)} entries for {len(parents)} nodes: one comes twice."
        )
    position = {node: i for i, node in enumerate(answer)}
    for child, its_parents in parents.items():
        for parent in its_parents:
            if position[parent] > position[child]:
                return Problem("wrong-order", f"{child!r} comes before its parent {parent!r} in your order.")
    return None


TOPOLOGICAL_ORDER = Exercise02(
    points=2,
    reference=topological_order,
    cases=_order_cases,
    returns=("order",),
    judge=_judge_order,
    wrong=(
        WrongForm(
            "wrong-order",
            lambda parents: topological_order(parents)[::-1],
            "Your order is the reverse: children come before their parents.",
            "That is the order of the backward pass. This one is for the forward pass.",
        ),
        WrongForm(
            "wrong-order",
            lambda parents: list(parents),
            "You return the nodes in the order in which they are listed.",
        ),
        WrongForm("wrong-order", lambda parents: sorted(parents), "The nodes come in alphabetical order."),
        WrongForm(
            "wrong-order",
            lambda parents: sorted(parents, key=lambda node: len(parents[node])),
            "The nodes are sorted by their number of parents. A node with one parent may need one with three.",
        ),
    ),
    analytic=False,
    hints=(
        "A node can be placed once all its parents are. Which nodes can be placed first of all?",
        "Place what can be placed until nothing is left. If nothing can be placed and nodes are left, there is a cycle.",
    ),
)


def _backprop_cases(rng: Generator) -> Iterator[Case]:
    def weighted(parents: Parents) -> dict[tuple[str, str], float]:
        return {
            (child, parent): float(rng.uniform(0.5, 2) * rng.choice([-1, 1]))
            for child in parents
            for parent in parents[child]
        }

    local = {("f", "q"): -4.0, ("f", "z"): 3.0, ("q", "x"): 1.0, ("q", "y"): 1.0}
    yield Case("(x + y) z at x = -2, y = 5, z = -4", (PRODUCT_OF_SUM, local, "f"))
    yield Case(
        "two paths that meet again",
        (DIAMOND, {("a", "x"): 2.0, ("b", "x"): 3.0, ("y", "a"): 5.0, ("y", "b"): 7.0}, "y"),
    )
    yield Case("a shared parameter", (SHARED, weighted(SHARED), "x3"))
    yield Case("nodes that do not reach the output", (SHARED, weighted(SHARED), "x1"))
    backwards = {name: SHARED[name] for name in reversed(SHARED)}
    yield Case("nodes listed from the output on", (backwards, weighted(backwards), "x3"))
    yield Case("the output is an input", (DIAMOND, weighted(DIAMOND), "x"))
    for size in (6, 10):
        parents = _random_graph(rng, size)
        output = list(TopologicalSorter(parents).static_order())[-1]
        yield Case(f"a random graph of {size} nodes", (parents, weighted(parents), output))


def _backprop(rule: Any, order: Any = None) -> Any:
    """Backpropagation whose step is ``rule(gradients, child, parent, local)``."""

    def form(parents: Any, local: Any, output: Any) -> Any:
        gradients = dict.fromkeys(parents, 0.0)
        gradients[output] = 1.0
        for child in order(parents) if order else topological_order(parents)[::-1]:
            for parent in parents[child]:
                rule(gradients, child, parent, local[child, parent])
        return gradients

    return form


def _add(gradients: Any, child: str, parent: str, local: float) -> None:
    gradients[parent] += gradients[child] * local


def _replace(gradients: Any, child: str, parent: str, local: float) -> None:
    gradients[parent] = gradients[child] * local


def _forget_local(gradients: Any, child: str, parent: str, local: float) -> None:
    gradients[parent] += gradients[child]


def _forget_upstream(gradients: Any, child: str, parent: str, local: float) -> None:
    gradients[parent] += local


def _add_up(gradients: Any, child: str, parent: str, local: float) -> None:
    gradients[parent] += gradients[child] + local


BACKPROPAGATE = Exercise02(
    points=3,
    reference=backpropagate,
    cases=_backprop_cases,
    returns=("gradients",),
    wrong=(
        WrongForm(
            "overwritten-gradient",
            _backprop(_replace),
            "Where two paths meet, only the last one counts.",
            "Look for `=` where `+=` belongs.",
        ),
        WrongForm(
            "wrong-order",
            _backprop(_add, order=topological_order),
            "The nodes are visited from the inputs to the output, so gradients are handed on before they have arrived.",
            "A node's gradient is complete when all its children have been visited.",
        ),
        WrongForm(
            "wrong-order",
            _backprop(_add, order=lambda parents: list(parents)[::-1]),
            "The nodes are visited in the reverse of the order in which they are listed, which need not be a valid order.",
            "You wrote a function that finds a valid order.",
        ),
        WrongForm(
            "wrong-order",
            _backprop(_add, order=list),
            "The nodes are visited in the order in which they are listed.",
        ),
        WrongForm(
            "forgot-chain",
            _backprop(_forget_local),
            "The local derivatives are missing: every path counts 1.",
        ),
        WrongForm(
            "missing-upstream",
            _backprop(_forget_upstream),
            "What arrives from the child is missing: you add local derivatives.",
        ),
        WrongForm(
            "wrong-value",
            _backprop(_add_up),
            "Upstream and local derivative are added. Along a path they multiply.",
        ),
    ),
    analytic=False,
    hints=(
        "Start with 1 at the output and 0 elsewhere. Then visit the nodes so that each one comes after all its children.",
        "When you visit a node, hand its gradient, times the local derivative, to each of its parents.",
    ),
)

"""An order of a graph's nodes in which parents come first."""

from collections.abc import Iterator
from typing import Any

from numpy.random import Generator

from backprop_course.exercises._declare import Case, Mistake, WrongForm
from backprop_course.exercises.computational_graphs._assignment import Exercise02
from backprop_course.exercises.computational_graphs._graphs import (
    DIAMOND,
    PRODUCT_OF_SUM,
    SHARED,
    Parents,
    random_graph,
)
from backprop_course.graph import topological_order


def _order_cases(rng: Generator) -> Iterator[Case]:
    yield Case("(x + y) z, its output listed first", (PRODUCT_OF_SUM,))
    yield Case("two paths that meet again", ({name: DIAMOND[name] for name in ("y", "b", "a", "x")},))
    yield Case("a shared parameter", ({name: SHARED[name] for name in reversed(SHARED)},))
    yield Case("a chain", ({"c": ["b"], "b": ["a"], "a": []},))
    yield Case("nodes without edges", ({"a": [], "b": []},))
    yield Case("no nodes", ({},))
    yield Case("a long edge and a short one", ({"d": ["a", "c"], "c": ["b"], "b": ["a"], "a": []},))
    for size in (6, 12):
        yield Case(f"a random graph of {size} nodes", (random_graph(rng, size),))
    yield Case("two nodes that use each other", ({"a": ["b"], "b": ["a"]},), raises="ValueError")
    yield Case(
        "a cycle behind an input", ({"x": [], "a": ["x", "c"], "b": ["a"], "c": ["b"]},), raises="ValueError"
    )


def _wrong_order(inputs: tuple[Any, ...], answer: Any) -> Mistake | None:
    parents: Parents = inputs[0]
    if not isinstance(answer, list | tuple) or not all(isinstance(node, str) for node in answer):
        return Mistake("wrong-type", "The answer should be a list of the nodes' names.")
    missing = [node for node in parents if node not in answer]
    if missing:
        hint = "A node whose parents are not placed yet has to wait. Does your function come back to it?"
        return Mistake("dropped-path", f"The node {missing[0]!r} is missing in your order.", hint)
    surplus = [node for i, node in enumerate(answer) if node not in parents or node in answer[:i]]
    if surplus:
        fault, hint = "is no node of the graph", ""
        if surplus[0] in parents:
            fault = "comes twice"
            hint = "Several nodes may use it. How does your function know that it is placed already?"
        return Mistake("wrong-type", f"{surplus[0]!r} {fault}. Your order should have every node once.", hint)
    position = {node: i for i, node in enumerate(answer)}
    for child, its_parents in parents.items():
        for parent in its_parents:
            if position[parent] > position[child]:
                return Mistake("wrong-order", f"{child!r} comes before its parent {parent!r} in your order.")
    return None


TOPOLOGICAL_ORDER = Exercise02(
    points=2,
    reference=topological_order,
    cases=_order_cases,
    returns=("order",),
    find_mistake=_wrong_order,
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
            "The nodes are sorted by their number of parents. A node may need another that has as many, or more.",
        ),
    ),
    analytic=False,
    time_limit=2.0,
    hints=(
        "A node can be placed once all its parents are. Which nodes can be placed first of all?",
        "Place what can be placed until nothing is left. If nothing can be placed and nodes are left, there is a cycle.",
    ),
)

"""Backpropagation through any graph, and what is wrong at the first node that is."""

from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from itertools import chain, combinations, product
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._declare import Case, Mistake, WrongForm, wrong_forms
from backprop_course.exercises.computational_graphs._assignment import Exercise02
from backprop_course.exercises.computational_graphs._graphs import (
    DIAMOND,
    PRODUCT_OF_SUM,
    SHARED,
    Parents,
    random_graph,
)
from backprop_course.graph import backpropagate, topological_order
from backprop_course.numbers import show

Locals = dict[tuple[str, str], float]
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
COMBINATIONS = 10_000  # of unfinished gradients that are tried to explain one wrong number


def _backprop_cases(rng: Generator) -> Iterator[Case]:
    def weighted(parents: Parents) -> Locals:
        """Local derivatives that tell by which edges a product went: different primes while they last."""
        edges = [(child, parent) for child in parents for parent in parents[child]]
        few = len(edges) <= len(PRIMES)
        sizes = rng.permutation(PRIMES) if few else rng.uniform(0.5, 2, size=len(edges))
        return {edge: float(size * rng.choice([-1, 1])) for edge, size in zip(edges, sizes, strict=False)}

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
    # Which of the two is visited too early depends on whether nodes wait in a queue or on a stack.
    for y_parents in (["a", "b"], ["b", "a"]):
        parents = {"y": y_parents, "b": ["a"], "a": ["x"], "x": []}
        yield Case("a long way beside a short one", (parents, weighted(parents), "y"))
    yield Case("the output is an input", (DIAMOND, weighted(DIAMOND), "x"))
    for size in (6, 10):
        parents = random_graph(rng, size)
        output = list(TopologicalSorter(parents).static_order())[-1]
        yield Case(f"a random graph of {size} nodes", (parents, weighted(parents), output))


def _wrong_gradient(inputs: tuple[Any, ...], answer: Any) -> Mistake | None:
    """Find the wrong node that is nearest to the output: its children are right, so the mistake is made here."""
    parents, local, output = inputs
    if not isinstance(answer, dict):
        return Mistake("wrong-type", "The answer should be a dict that gives every node its gradient.")
    for node in parents:
        if node not in answer:
            says = f"Your dict has no entry for the node {node!r}. A node that does not reach the output gets 0.0."
            return Mistake("wrong-type", says)
        if not _is_number(answer[node]):
            return Mistake(
                "wrong-type", f"The gradient of {node!r} should be a number, and yours is {answer[node]}."
            )
    surplus = [node for node in answer if node not in parents]
    if surplus:
        return Mistake(
            "wrong-type", f"Your dict has an entry for {surplus[0]!r}, which is no node of the graph."
        )
    right = backpropagate(*inputs)
    for node in reversed(topological_order(parents)):
        if not _close(answer[node], right[node]):
            return _passed_over(node, inputs, answer, right) or _explain(
                node, float(answer[node]), parents, local, output, right
            )
    return None


def _passed_over(
    node: str, inputs: tuple[Any, ...], answer: dict[str, Any], right: dict[str, float]
) -> Mistake | None:
    """Nothing has come, and every child of `node` did hand its gradient on to another of its parents."""
    parents, local, _ = inputs
    children = [c for c in parents if node in parents[c] and right[c] * local[c, node]]
    served = [
        next((p for p in parents[c] if p != node and right[p] and _close(answer[p], right[p])), "")
        for c in children
    ]
    if answer[node] or not children or not all(served):
        return None
    says = f"Node {node!r}: yours is 0. Its child {children[0]!r} has handed on its gradient to {served[0]!r}, and nothing to {node!r}."
    return Mistake("dropped-path", says, "A node hands its gradient on to each of its parents.")


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float | np.ndarray)
        and np.ndim(value) == 0
        and np.asarray(value).dtype.kind in "iuf"
    )


def _close(a: float, b: float) -> bool:
    return bool(np.isclose(a, b, rtol=1e-9, atol=1e-12))


def _explain(
    node: str, got: float, parents: Parents, local: Locals, output: str, right: dict[str, float]
) -> Mistake:
    """Name the mistake that turns what the children of `node` hand on into the number `got`."""
    children = [child for child in parents if node in parents[child]]
    arriving = [right[child] * local[child, node] for child in children]
    slopes = [local[child, node] for child in children]
    seen = f"Node {node!r}: yours is {show(got, digits=6)}."
    if node == output:
        slug = "wrong-value" if got else "missing-upstream"
        return Mistake(slug, f"{seen} It is the output, and its derivative by itself is 1.")
    if not any(arriving):
        return Mistake(
            "wrong-mask", f"{seen} No path leads from it to the output {output!r}, so it should be 0."
        )
    handed = ", ".join(
        f"{show(a, digits=6)} from {c!r}" for a, c in zip(arriving, children, strict=True) if a
    )
    seen = f"{seen} It should receive {handed}."
    upstream = [right[child] for child in children]
    early = _handed_on_early(children, slopes, parents, local, output, right)
    for slug, says, values in _causes(arriving, upstream, slopes, early):
        if any(_close(got, value) for value in values):
            return Mistake(slug, f"{seen} {says}")
    return Mistake("wrong-value", seen)


def _causes(
    arriving: list[float], upstream: list[float], slopes: list[float], early: Iterable[float]
) -> Iterator[tuple[str, str, Iterable[float]]]:
    """Yield names and words with the numbers that they explain, the most telling first."""
    unvisited = "Nothing has come. Is its child visited, and only when that child's own gradient has arrived?"
    yield "wrong-order", unvisited, [0.0]
    yield "overwritten-gradient", "Only one of these is left.", arriving
    yield "dropped-path", "One of these is missing.", _subset_sums(arriving)
    yield "forgot-chain", "The local derivative is missing.", [sum(upstream)]
    yield "missing-upstream", "Yours has the local derivatives alone.", [sum(slopes)]
    yield "averaged-not-summed", "Yours is the mean.", [float(np.mean(arriving))]
    yield "wrong-sign", "Yours has the opposite sign.", [-sum(arriving)]
    added = "Yours adds upstream and local derivative; along a path they multiply."
    yield "wrong-value", added, [sum(upstream) + sum(slopes)]
    multiplied = "Yours multiplies these; where paths meet they add."
    yield "wrong-value", multiplied, [prod(filter(None, arriving))]
    yield "wrong-order", "A child handed on its gradient before all of it had arrived.", early


def _subset_sums(numbers: list[float]) -> list[float]:
    subsets = chain.from_iterable(combinations(numbers, k) for k in range(len(numbers) + 1))
    return [sum(subset) for subset in subsets]


def _handed_on_early(
    children: list[str],
    slopes: list[float],
    parents: Parents,
    local: Locals,
    output: str,
    right: dict[str, float],
) -> list[float]:
    """What the children may have handed on while their own gradients were incomplete."""
    partial = [
        [1.0]
        if child == output
        else _subset_sums([right[c] * local[c, child] for c in parents if child in parents[c]])
        for child in children
    ]
    if prod(map(len, partial)) > COMBINATIONS:
        return []
    return [float(np.dot(slopes, choice)) for choice in product(*partial)]


def _recursive(parents: Any, local: Any, output: Any) -> Any:
    gradients = {**dict.fromkeys(parents, 0.0), output: 1.0}

    def visit(node: str) -> None:
        for parent in parents[node]:
            gradients[parent] += gradients[node] * local[node, parent]
            visit(parent)

    visit(output)
    return gradients


def _queue(parents: Any, local: Any, output: Any) -> Any:
    gradients, queue = {**dict.fromkeys(parents, 0.0), output: 1.0}, [output]
    for node in queue:
        for parent in parents[node]:
            gradients[parent] += gradients[node] * local[node, parent]
            queue.append(parent)
    return gradients


def _forward(parents: Any, local: Any, output: Any) -> Any:
    gradients: dict[str, float] = {}
    for node in topological_order(parents):
        gradients[node] = sum(
            (gradients[p] * local[node, p] for p in parents[node]), float(not parents[node])
        )
    return gradients


def _started(start: Any) -> Any:
    """Backpropagation that starts from ``start(parents, output)`` and not from 1 at the output."""

    def form(parents: Any, local: Any, output: Any) -> Any:
        gradients = {node: float(node in start(parents, output)) for node in parents}
        for child in reversed(topological_order(parents)):
            for parent in parents[child]:
                gradients[parent] += gradients[child] * local[child, parent]
        return gradients

    return form


def _ends(parents: Any, output: Any) -> Any:
    return set(parents) - set(chain.from_iterable(parents.values()))


_TWICE = (
    "A node hands on its whole gradient each time that something arrives, so what came first counts twice."
)
_ONCE = "Visit every node once, when all its children have been visited."

BACKPROPAGATE = Exercise02(
    points=3,
    reference=backpropagate,
    cases=_backprop_cases,
    returns=("gradients",),
    find_mistake=_wrong_gradient,
    wrong=(
        *wrong_forms("wrong-order", (_recursive, _queue), _TWICE, _ONCE),
        WrongForm(
            "wrong-order",
            _forward,
            "You go from the inputs to the output: that tells how a node moves when all inputs move.",
            "The question is how the output moves with each node. Start at the output.",
        ),
        WrongForm(
            "missing-upstream",
            _started(lambda parents, output: ()),
            "Every gradient is 0: there is nothing to start from.",
            "What is the derivative of the output by itself?",
        ),
        WrongForm(
            "wrong-variable",
            _started(lambda parents, output: topological_order(parents)[-1:]),
            "You differentiate the last node, not the node `output`.",
            "The output may be any node. Which one gets the 1?",
        ),
        WrongForm(
            "wrong-variable",
            _started(_ends),
            "Every node without children starts with 1. Only `output` does.",
            "A node that does not reach the output has the gradient 0.",
        ),
        WrongForm(
            "wrong-mask",
            _started(lambda parents, output: parents),
            "Every node starts with 1. Only `output` does.",
            "All others start with nothing and wait for what their children hand them.",
        ),
    ),
    analytic=False,
    hints=(
        "Start with 1 at the output and 0 elsewhere. Then visit the nodes so that each one comes after all its children.",
        "When you visit a node, hand its gradient, times the local derivative, to each of its parents.",
    ),
)

"""Order the nodes of a graph, and send the derivative of its output back through them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from numbers import Real
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def topological_order(parents: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """Order the nodes of a graph so that every parent comes before its children.

    A node can be computed when its parents are known, so this is an order for the forward pass. Read
    backwards it is an order for the backward pass: a node comes after everything that uses it.

    Parameters
    ----------
    parents : mapping
        The parents of each node; an input has none, ``{"x": [], "y": ["x"]}``.

    Returns
    -------
    list
        Every node once. Where several orders are right, this is one of them.

    Raises
    ------
    TypeError
        If `parents` is no mapping, or holds anything but lists.
    ValueError
        If the graph has a cycle, which the message spells out, or a parent is not a key of `parents`.

    References
    ----------
    K. R. Mopuri, *FoML 24: Backpropagation*, IIT Hyderabad, 2025 (the general acyclic graph).

    Examples
    --------
    >>> topological_order({"f": ["q", "z"], "q": ["x", "y"], "x": [], "y": [], "z": []})
    ['z', 'x', 'y', 'q', 'f']
    """
    _expect_mapping("parents", parents, "the parents of each node, {'x': [], 'y': ['x']}")
    for node, its_parents in parents.items():
        if isinstance(its_parents, str) or not isinstance(its_parents, Iterable):
            raise TypeError(
                f"the parents of node {node!r} are {its_parents!r}, expected a list of nodes; "
                "an input has an empty one"
            )
        for parent in its_parents:
            if parent not in parents:
                raise ValueError(
                    f"node {node!r} has the parent {parent!r}, which is not a node: "
                    f"expected one of {list(parents)}. An input is a node without parents, {{{parent!r}: []}}"
                )
    try:
        return list(TopologicalSorter(parents).static_order())
    except CycleError as error:
        cycle = " → ".join(str(node) for node in error.args[1])
        raise ValueError(f"the graph has a cycle, so no node of it can come first: {cycle}") from None


def backpropagate(
    parents: Mapping[Node, Sequence[Node]], local_derivatives: Mapping[tuple[Node, Node], float], output: Node
) -> dict[Node, float]:
    r"""Return the derivative of one node of a graph with respect to every node.

    .. math:: \frac{dz}{dx} = \sum_{c\ \text{child of}\ x} \frac{dz}{dc}\,\frac{\partial c}{\partial x},
        \qquad \frac{dz}{dz} = 1

    Parameters
    ----------
    parents : mapping
        The parents of each node; an input has none.
    local_derivatives : mapping
        ``local_derivatives[child, parent]`` is ∂child/∂parent, at the current values.
    output : node
        The node z to differentiate.

    Returns
    -------
    dict
        {node: d output / d node}: 1.0 for the output, 0.0 for a node from which no path leads there.

    Raises
    ------
    TypeError
        If `parents` or `local_derivatives` is no mapping.
    ValueError
        If the graph has a cycle, `output` or a parent is not a node, a node lists one parent twice, or a
        local derivative is missing, is not finite, or belongs to no edge.

    References
    ----------
    P. Arias Martínez, *T4: Backpropagation algorithm*, Master in Computer Vision Barcelona, 2022.

    Examples
    --------
    >>> backpropagate({"x": [], "y": [], "f": ["x", "y"]}, {("f", "x"): 3.0, ("f", "y"): 2.0}, "f")
    {'x': 3.0, 'y': 2.0, 'f': 1.0}
    """
    order = topological_order(parents)
    _expect_mapping("local_derivatives", local_derivatives, "a number for each (child, parent)")
    _check_edges(parents, local_derivatives)
    if not isinstance(output, Hashable) or output not in parents:
        raise ValueError(f"output {output!r} is not a node: expected one of {list(parents)}")
    gradients = dict.fromkeys(parents, 0.0)
    gradients[output] = 1.0
    for node in reversed(order):
        for parent in parents[node]:
            gradients[parent] += gradients[node] * local_derivatives[node, parent]
    return gradients


def _expect_mapping(name: str, value: object, of: str) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} is {value!r}, expected a dict with {of}")


def _check_edges(
    parents: Mapping[Node, Sequence[Node]], local_derivatives: Mapping[tuple[Node, Node], float]
) -> None:
    """Every edge needs one finite local derivative, and every local derivative an edge."""
    edges = Counter((child, parent) for child in parents for parent in parents[child])
    for (child, parent), times in edges.items():
        key = f"local_derivatives[{child!r}, {parent!r}]"
        if times > 1:
            raise ValueError(
                f"node {child!r} lists the parent {parent!r} {times} times; list it once, "
                "with the derivative by all its uses: for x * x that is 2 x"
            )
        if (child, parent) not in local_derivatives:
            raise ValueError(f"{key} is missing: expected one for every edge, with the key (child, parent)")
        local = local_derivatives[child, parent]
        if not (isinstance(local, Real) and math.isfinite(local)):
            raise ValueError(f"{key} is {local!r}, expected a finite number")
    for edge in local_derivatives:
        if not (isinstance(edge, tuple) and len(edge) == 2):
            raise ValueError(f"local_derivatives has the key {edge!r}, expected (child, parent)")
        child, parent = edge
        if edge not in edges:
            raise ValueError(
                f"local_derivatives has the key ({child!r}, {parent!r}), but {parent!r} is no parent of "
                f"{child!r}; the keys are (child, parent)"
            )

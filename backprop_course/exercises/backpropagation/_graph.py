"""Shared weights in a graph, and the memory that a backward pass needs."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network, ops
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06, arrays

# x1 = f(x0; w1), x2 = f(x0, x1; w2), x3 = f(x1, x2; w1)
EDGES = (("x3", "x1"), ("x3", "x2"), ("x3", "w1"), ("x2", "x1"), ("x2", "w2"), ("x1", "w1"))
UNUSED = (("x2", "x0"), ("x1", "x0"))


def _graph_case(
    rng: Generator, why: str, sizes: dict[str, int], dtype: Any = np.float64, **more: Any
) -> Case:
    edges = EDGES + (UNUSED if "x0" in sizes else ())
    dx3, *found = arrays(rng, (sizes["x3"],), *((sizes[y], sizes[x]) for y, x in edges), dtype=dtype)
    return Case(why, (dx3, dict(zip(edges, found, strict=True))), **more)


def _shared_cases(rng: Generator) -> Iterator[Case]:
    numbers = (3.0, 5.0, 100.0, 7.0, 11.0, 2.0)
    scalars = {edge: np.array([[n]]) for edge, n in zip(EDGES, numbers, strict=True)}
    yield Case("one number at every node, to follow by hand", (np.array([1.0]), scalars))
    for x1, x2, x3, w1, w2 in ((2, 3, 4, 3, 2), (3, 2, 1, 2, 4), (2, 2, 2, 2, 2), (1, 4, 3, 2, 1)):
        sizes = {"x1": x1, "x2": x2, "x3": x3, "w1": w1, "w2": w2}
        yield _graph_case(rng, "sizes " + ", ".join(f"{k}: {v}" for k, v in sizes.items()), sizes)
    equal = dict.fromkeys(("x0", "x1", "x2", "x3", "w1", "w2"), 3)
    yield _graph_case(rng, "all of size 3, with Jacobians that are not needed", equal)
    yield _graph_case(rng, "float32 arrays", {**equal, "w2": 2}, np.float32)
    whole = [
        np.array(a) for a in ([[1, 2]], [[3, -1]], [[2, 0]], [[1, 4], [0, 5]], [[2], [1]], [[1, 1], [3, -2]])
    ]
    yield Case("integer Jacobians", (np.array([1.5]), dict(zip(EDGES, whole, strict=True))))
    yield _graph_case(rng, "views that are not contiguous in memory", {**equal, "x3": 2}, strided=True)


def _shared(dw1: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any], tuple[Any, Any]]:
    """``dw1(a, b, c)`` of what reaches w1 from x3 at once, through x1 alone, and through x2 and x1."""

    def form(dx3: Any, jacobians: Any) -> tuple[Any, Any]:
        dx2 = dx3 @ jacobians["x3", "x2"]
        through_x1 = dx3 @ jacobians["x3", "x1"], dx2 @ jacobians["x2", "x1"]
        b, c = (dx1 @ jacobians["x1", "w1"] for dx1 in through_x1)
        return dw1(dx3 @ jacobians["x3", "w1"], b, c), dx2 @ jacobians["x2", "w2"]

    return form


def _ones_upstream(dx3: Any, jacobians: Any) -> tuple[Any, Any]:
    dw1, dw2 = (np.ones(len(jacobians[edge])) @ jacobians[edge] for edge in (("x1", "w1"), ("x2", "w2")))
    return dx3 @ jacobians["x3", "w1"] + dw1, dw2


def _not_transposed(dx3: Any, jacobians: Any) -> tuple[Any, Any]:
    dx2 = jacobians["x3", "x2"] @ dx3
    dx1 = jacobians["x3", "x1"] @ dx3 + jacobians["x2", "x1"] @ dx2
    return jacobians["x3", "w1"] @ dx3 + jacobians["x1", "w1"] @ dx1, jacobians["x2", "w2"] @ dx2


SHARED_WEIGHT_BACKWARD = Exercise06(
    points=2,
    reference=ops.shared_weight_backward,
    cases=_shared_cases,
    returns=("dw1", "dw2"),
    wrong=(
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: b + c),
            "dw1 lacks the place where w1 acts on x3 directly.",
            "w1 is used twice. Each use contributes to its gradient.",
        ),
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: a),
            "dw1 lacks the place where w1 acts on x1.",
            "w1 is used twice. Each use contributes to its gradient.",
        ),
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: a + b),
            "dw1 lacks the path through x2.",
            "x1 feeds two nodes. Draw the graph and follow every arrow that leaves x1.",
        ),
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: a + c),
            "dw1 lacks the path from x3 straight to x1.",
            "x1 feeds two nodes. Draw the graph and follow every arrow that leaves x1.",
        ),
        WrongForm(
            "averaged-not-summed",
            _shared(lambda a, b, c: (a + b + c) / 2),
            "dw1 is the average of the two uses of w1. Their contributions add.",
        ),
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: b),
            "Of the three paths from w1 to x3, dw1 follows one: the one through x1 alone.",
            "Draw the graph and list every way from w1 to x3.",
        ),
        WrongForm(
            "dropped-path",
            _shared(lambda a, b, c: c),
            "Of the three paths from w1 to x3, dw1 follows one: the longest.",
            "Draw the graph and list every way from w1 to x3.",
        ),
        WrongForm(
            "wrong-value",
            _shared(lambda a, b, c: a + b + 2 * c),
            "The path through x2 and x1 is counted twice in dw1.",
            "What arrives at x1 already contains what came through x2. Add it once.",
        ),
        WrongForm(
            "forgot-chain",
            _ones_upstream,
            "{output} does not depend on how the nodes in between act on x3.",
            "What arrives at a weight has passed every node between it and x3.",
        ),
        WrongForm(
            "wrong-order",
            _not_transposed,
            "The products sum over the inputs of the Jacobians; here the outputs have to be summed.",
            "A Jacobian is outputs by inputs, and dx3 has an entry for each output. Write the shapes below the factors.",
        ),
    ),
    hints=(
        "Draw the graph. First find what arrives at x2, then what arrives at x1: two arrows leave it.",
        "There are three ways from w1 to x3 and one from w2. Each is a product of Jacobians, and the ways add.",
    ),
)


def _memory_cases(rng: Generator) -> Iterator[Case]:
    yield Case("one example, one layer", (1, [3, 2]))
    yield Case("two examples, two layers, in float32", (2, [3, 5, 4], 4))
    for depth in (1, 2, 3, 4):
        widths = [int(w) for w in rng.integers(2, 1000, size=depth + 1)]
        itemsize = int(rng.choice([2, 4, 8]))
        yield Case(f"{depth + 1} widths", (int(rng.integers(2, 500)), widths, itemsize))
    yield Case("equal widths, itemsize left out", (int(rng.integers(2, 64)), [int(rng.integers(2, 64))] * 4))
    yield Case("a large network", (64, [150_528, 4096, 4096, 1000]))


def _numbers(count: Callable[[int, list[int], int], float]) -> Callable[..., float]:
    return lambda batch, widths, itemsize=8: count(batch, widths, itemsize)


ACTIVATION_MEMORY = Exercise06(
    points=1,
    reference=network.activation_memory,
    cases=_memory_cases,
    returns=("bytes",),
    analytic=False,
    wrong=(
        WrongForm(
            "wrong-value",
            _numbers(lambda n, widths, size: n * sum(widths) * size),
            "The output is counted too. mlp_backward does not look at it.",
            "Go through your mlp_backward: which entries of the list of activations does it read?",
        ),
        WrongForm(
            "wrong-value",
            _numbers(
                lambda n, widths, size: size * (n * sum(widths[:-1]) + sum(map(math.prod, pairwise(widths))))
            ),
            "The weights are counted as well as the activations.",
            "Inference keeps the weights too. Asked for is what training keeps beyond that.",
        ),
        WrongForm(
            "wrong-value",
            _numbers(lambda n, widths, size: n * sum(widths[1:]) * size),
            "The input x is not counted, and the output is.",
            "Go through your mlp_backward: which entries of the list of activations does it read?",
        ),
        WrongForm(
            "wrong-value",
            _numbers(lambda n, widths, size: n * sum(widths[1:-1]) * size),
            "The input x is not counted.",
            "What does the gradient of the first layer's weights need?",
        ),
        WrongForm(
            "unused-parameter",
            _numbers(lambda n, widths, size: n * sum(widths[:-1])),
            "You count numbers, not bytes.",
            "Each number takes itemsize bytes.",
        ),
        WrongForm(
            "unused-parameter",
            _numbers(lambda n, widths, size: n * sum(widths[:-1]) * 8),
            "Every number is taken to have 8 bytes, whatever itemsize says.",
            "A float32 takes 4 bytes. The caller says so through itemsize.",
        ),
        WrongForm(
            "constant-factor",
            _numbers(lambda n, widths, size: sum(widths[:-1]) * size),
            "The activations of one example are counted, not those of the batch.",
            "Each example of the batch leaves its own activations.",
        ),
        WrongForm(
            "dropped-path",
            _numbers(lambda n, widths, size: n * max(widths) * size),
            "Only the widest layer is counted. That is closer to what inference needs.",
            "The backward pass comes back to every layer, so none of their inputs may be dropped.",
        ),
        WrongForm(
            "wrong-variable",
            _numbers(lambda n, widths, size: size * sum(map(math.prod, pairwise(widths)))),
            "The weights are counted, not the activations.",
            "An activation is what a layer puts out for an example.",
        ),
        WrongForm(
            "wrong-value",
            _numbers(lambda n, widths, size: n * size * sum(map(math.prod, pairwise(widths)))),
            "Widths of neighbouring layers are multiplied. That counts weights.",
            "An activation is what a layer puts out for an example: one number for each unit.",
        ),
    ),
    hints=(
        "List the arrays that mlp_forward returns, with their shapes, and cross out those that mlp_backward never reads.",
        "Count the numbers of one example first. What do the size of the batch and the bytes of a number do to that count?",
    ),
)

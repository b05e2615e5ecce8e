"""The backward pass of a whole network: the assignment's products, one after another."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.jacobians._assignment import Exercise03

_WIDTHS = ((2, 3, 1), (3, 4, 2), (4, 4, 4), (1, 5, 1), (3, 1, 2))


def _case(rng: Generator, widths: tuple[int, int, int]) -> tuple[Any, ...]:
    """``dy`` and the five inputs of a network with these numbers of inputs, hidden units and outputs."""
    D, H, M = widths
    shapes = (M,), (D,), (D, H), (H,), (H, M), (M,)
    return tuple(normal(rng, *shape) for shape in shapes)


def _network_cases(rng: Generator) -> Iterator[Case]:
    by_hand = (
        np.array([4.0]),
        np.array([1.0, 2.0]),
        np.array([[2.0, 1.0], [-1.0, 0.0]]),
        np.array([0.0, -1.0]),
        np.array([[3.0], [5.0]]),
        np.array([1.0]),
    )
    yield Case("two hidden units at z = 0, to follow by hand", by_hand)
    for widths in _WIDTHS:
        D, H, M = widths
        yield Case(f"sizes {D} -> {H} -> {M}", _case(rng, widths))
    yield views(*_case(rng, (3, 4, 2)))
    yield Case("float32 arrays", tuple(a.astype(np.float32) for a in _case(rng, (2, 3, 2))))
    # A float dy beside integers shows gradients that are cut to the integers' type.
    integers = (np.array([0.5, -1.25]), *(np.rint(2 * a).astype(int) for a in _case(rng, (2, 3, 2))[1:]))
    yield Case("x, weights and biases of integers", integers)


def _changed(
    slope: Callable[[Any, Any], Any] = lambda y1, z1: y1 * (1 - y1),
    through: Callable[[Any, Any], Any] = lambda dy, W2: dy @ W2.T,
    hidden: Callable[[Any, Any, Any], Any] = lambda y1, x, z1: y1,
    biased: Callable[[Any, Any], Any] = lambda z1, b1: z1 + b1,
) -> Callable[..., Any]:
    """A backward pass with one step changed; ``hidden`` is what the output layer's weights meet."""

    def form(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        z1 = biased(x @ W1, b1)
        y1 = ops.sigmoid(z1)
        dz1 = through(dy, W2) * slope(y1, z1)
        return dz1 @ W1.T, np.outer(x, dz1), dz1, np.outer(hidden(y1, x, z1), dy), dy

    return form


def _batched(table: Callable[[Any, Any], Any], total: Callable[[Any], Any]) -> Callable[..., Any]:
    """A backward pass with other gradients of the parameters than those of one row."""

    def form(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        y1 = ops.sigmoid(x @ W1 + b1)
        dz1 = dy @ W2.T * y1 * (1 - y1)
        return dz1 @ W1.T, table(x, dz1), total(dz1), table(y1, dy), total(dy)

    return form


_TOTALS: tuple[Callable[[Any], Any], ...] = (
    lambda dz: dz.sum(axis=0),
    lambda dz: dz.sum(axis=0, keepdims=True),
)


def _reordered(*order: int) -> Callable[..., Any]:
    """The right gradients in another order."""
    return lambda *arguments: tuple(ops.network_vjp(*arguments)[k] for k in order)


NETWORK_VJP = Exercise03(
    points=3,
    reference=ops.network_vjp,
    cases=_network_cases,
    returns=("dx", "dW1", "db1", "dW2", "db2"),
    forward=ops.sigmoid_network,
    wrong=(
        *wrong_forms(
            "wrong-shape",
            [_batched(np.outer, total) for total in _TOTALS],
            "{output} is summed as over a batch, and x is one row here.",
            "In one row, a sum over axis 0 adds up the units. Which shape has a bias?",
        ),
        *wrong_forms(
            "wrong-shape",
            [_batched(lambda x, dz: x.T @ dz, total) for total in (*_TOTALS, lambda dz: dz)],
            "These are the formulas of a batch, and x is one row here: a product such as `x.T @ dz` then adds up "
            "products of equal places, where the shapes allow it at all.",
            "Every input meets every unit in a weight of its own. NumPy has a function for such a table of "
            "products: `np.outer`.",
        ),
        WrongForm(
            "forgot-chain",
            _changed(slope=lambda y1, z1: np.ones_like(y1)),
            "On the way back to {output} the sigmoid is missing: its slope never meets the gradient.",
            "Three steps go forward. How many do you go back?",
        ),
        WrongForm(
            "forgot-chain",
            _changed(through=lambda dy, W2: np.ones(len(W2)) * np.sum(dy)),
            "The weights of the output layer are missing on the way to the hidden units.",
            "What reaches a hidden unit depends on the weights that lead from it to the outputs.",
        ),
        WrongForm(
            "dropped-path",
            _changed(biased=lambda z1, b1: z1),
            "Your gradients are those of a network in which b1 is 0.",
            "What is z in your forward pass?",
        ),
        WrongForm(
            "missing-transpose",
            _changed(through=lambda dy, W2: dy @ W2),
            "dy meets the hidden units' axis of W2. Its entries belong to the outputs.",
            "Write the shapes under the factors: dy has M entries and W2 is (H, M).",
        ),
        WrongForm(
            "value-instead-of-mask",
            _changed(slope=lambda y1, z1: y1),
            "The gradient of the hidden units is multiplied by their outputs, not by the sigmoid's slope.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _changed(slope=lambda y1, z1: 1 - y1),
            "The slope of the sigmoid has two factors. One of them is missing.",
        ),
        WrongForm(
            "wrong-variable",
            _changed(slope=lambda y1, z1: ops.sigmoid(y1) * (1 - ops.sigmoid(y1))),
            "The sigmoid's slope is taken at its output.",
            "The slope belongs to the number that went into the sigmoid, z.",
        ),
        WrongForm(
            "wrong-variable",
            _changed(slope=lambda y1, z1: z1 * (1 - z1)),
            "The sigmoid's slope in terms of its output is taken at its input.",
            "The short form of the slope holds for the sigmoid's output, h.",
        ),
        WrongForm(
            "wrong-variable",
            _changed(hidden=lambda y1, x, z1: z1),
            "dW2 is made of z. What meets W2 on the way forward is the sigmoid of it.",
        ),
        *wrong_forms(
            "swapped-inputs",
            (_reordered(0, 3, 4, 1, 2), _reordered(3, 4, 1, 2, 0)),
            "Your gradients come in the order of the backward pass.",
            "They are asked for in the order of the arguments: dx, dW1, db1, dW2, db2.",
        ),
    ),
    hints=(
        "Go forward first and keep z and h. Then walk back: output layer, sigmoid, hidden layer.",
        "You have written each step: three products of a linear layer (twice), and one entry by entry between them.",
    ),
)

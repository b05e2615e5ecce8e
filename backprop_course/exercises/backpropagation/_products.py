"""Multiplicative nodes: the product, products of neighbours, the gated unit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.arrays import Array, ArrayLike
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06, arrays


def multiply_backward(dy: ArrayLike, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    """Backward pass of a product entry by entry: the multiply gate of 02 under the name that 06 gives it."""
    return ops.multiply_gate_backward(dy, a, b)


def _two_input_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "two entries to follow by hand", (np.array([1.0, 10.0]), np.array([2.0, 3.0]), np.array([5.0, 7.0]))
    )
    for shape in ((3, 4), (1, 5), (3, 3), (2, 3, 2)):
        why = "a batch of one" if shape[0] == 1 else f"random entries of shape {shape}"
        yield Case(why, arrays(rng, shape, shape, shape))
    yield Case("inputs that are 0", (normal(rng, 3), np.array([0.0, 2.0, 0.0]), np.array([3.0, 0.0, 0.0])))
    yield Case("single numbers", (np.array(3.0), np.array(-2.0), np.array(0.5)))
    yield Case("float32 arrays", arrays(rng, (2, 3), (2, 3), (2, 3), dtype=np.float32))
    yield Case("integer inputs", (np.array([3.5, -2.25]), np.array([2, -1]), np.array([-3, 4])))
    yield views(*arrays(rng, *((4, 3),) * 3))


MULTIPLY_BACKWARD = Exercise06(
    points=1,
    reference=multiply_backward,
    cases=_two_input_cases,
    returns=("da", "db"),
    forward=ops.multiply_gate,
    wrong=(
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy * a * b, dy * a * b),
            "{output} is {upstream} times the product itself, not times the slope of the product.",
            "Hold the other input fixed and move this one by 1. By how much does the product change?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy, dy),
            "dy is handed on unchanged. That is what an add gate does.",
            "Hold the other input fixed and move this one by 1. By how much does the product change?",
        ),
        WrongForm(
            "swapped-inputs",
            lambda dy, a, b: (dy * a, dy * a),
            "Both gradients use a. {output} should not depend on its own input.",
            "The multiply gate switches its inputs. Check what each of the two lines multiplies.",
        ),
        WrongForm(
            "swapped-inputs",
            lambda dy, a, b: (dy * b, dy * b),
            "Both gradients use b. {output} should not depend on its own input.",
            "The multiply gate switches its inputs. Check what each of the two lines multiplies.",
        ),
        WrongForm(
            "not-finite",
            lambda dy, a, b: (dy * (a * b) / a, dy * (a * b) / b),
            "{output} is nan where an input is 0: the product was divided by it.",
            "The other factor is at hand; nothing needs to be divided out.",
        ),
    ),
    hints=(
        "Freeze one input: the output is then a straight line in the other. What is its slope?",
        "Each input's slope is set by the other input, and multiplies dy.",
    ),
)


def _pairwise_cases(rng: Generator) -> Iterator[Case]:
    yield Case("one pair", (np.array([10.0]), np.array([2.0, 3.0])))
    yield Case("two pairs", (np.array([1.0, 10.0]), np.array([2.0, 3.0, 5.0, 7.0])))
    for shape in ((3, 6), (1, 4), (4, 4), (5, 2), (2, 3, 4)):
        half = (*shape[:-1], shape[-1] // 2)
        why = "a batch of one" if shape[0] == 1 else f"random entries of shape {shape}"
        yield Case(why, arrays(rng, half, shape))
    yield Case("inputs that are 0", (normal(rng, 3), np.array([0.0, 2.0, 3.0, 0.0, 0.0, 0.0])))
    yield Case("float32 arrays", arrays(rng, (2, 3), (2, 6), dtype=np.float32))
    yield Case("an array of integers", (np.array([3.5, -2.25]), np.array([2, -1, 3, 4])))
    yield views(*arrays(rng, (3, 2), (3, 4)))


def _neighbours(z: Any) -> Any:
    """The other entry of each entry's pair."""
    return z.reshape(*z.shape[:-1], -1, 2)[..., ::-1].reshape(z.shape)


def _twice(dy: Any) -> Any:
    return np.repeat(dy, 2, axis=-1)


def _halves_swapped(z: Any) -> Any:
    m = z.shape[-1] // 2
    return np.concatenate([z[..., m:], z[..., :m]], axis=-1)


PAIRWISE_PRODUCT_BACKWARD = Exercise06(
    points=2,
    reference=ops.pairwise_product_backward,
    cases=_pairwise_cases,
    returns=("dz",),
    forward=ops.pairwise_product,
    wrong=(
        WrongForm(
            "swapped-inputs",
            lambda dy, z: _twice(dy) * z,
            "Each entry is multiplied by itself, not by its neighbour.",
            "The multiply gate switches its inputs.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, z: _twice(dy * ops.pairwise_product(z)),
            "dy is multiplied by the pair's product, not by the slope of the product in each entry.",
            "Hold the neighbour fixed and move this entry by 1. By how much does the product change?",
        ),
        WrongForm(
            "wrong-order",
            lambda dy, z: np.concatenate([dy * z[..., 1::2], dy * z[..., ::2]], axis=-1),
            "The gradients of the first partners come first, then those of the second. In z the partners alternate.",
            "dz has the layout of z: put every gradient back where its entry came from.",
        ),
        WrongForm(
            "wrong-order",
            lambda dy, z: np.concatenate([dy, dy], axis=-1) * _halves_swapped(z),
            "z is cut into two halves. The pairs are neighbours: the first with the second, the third with the fourth.",
            "Print z[..., ::2] and z[..., 1::2] for the case above.",
        ),
        WrongForm(
            "wrong-order",
            lambda dy, z: np.concatenate([dy, dy], axis=-1) * _neighbours(z),
            "The entries of dy come one after the other and then again. Each belongs to two neighbours.",
            "Both partners of a pair share one entry of dy.",
        ),
        WrongForm(
            "wrong-order",
            lambda dy, z: _twice(dy) * z[..., ::-1],
            "z is reversed as a whole. Only within each pair do the two change places.",
            "For two pairs, which entry is the neighbour of the first: the second or the fourth?",
        ),
        WrongForm(
            "raised-error",
            lambda dy, z: dy * _neighbours(z),
            "dy and z do not fit together: dy has one entry for each pair, z has two.",
            "Both entries of a pair share one entry of dy. It has to reach both.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, z: _twice(dy) * np.roll(z, -1, axis=-1),
            "Every entry takes the one to its right. The second of a pair has its partner on the left.",
            "Pairs do not overlap, and a partner's partner is the entry itself.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, z: _twice(dy) * _neighbours(z) * (np.arange(z.shape[-1]) % 2 == 0),
            "Only the first entry of each pair gets a gradient.",
            "Both factors of a product move it.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, z: _twice(dy) * _neighbours(z) * (np.arange(z.shape[-1]) % 2 == 1),
            "Only the second entry of each pair gets a gradient.",
            "Both factors of a product move it.",
        ),
        WrongForm(
            "not-finite",
            lambda dy, z: _twice(dy * ops.pairwise_product(z)) / z,
            "dz is nan where an entry is 0: the product was divided by it.",
            "The neighbour is at hand; nothing needs to be divided out.",
        ),
    ),
    hints=(
        "Take one pair, y = z_1 z_2, and treat it as a multiply gate.",
        "Slices with a step, z[..., ::2] and z[..., 1::2], pick the first and the second partners. dz can be filled through the same slices.",
    ),
)


def _gated_cases(rng: Generator) -> Iterator[Case]:
    small = np.array([4.0, 4.0]), np.array([0.0, 0.0]), np.array([1.0, -1.0])
    for case in _two_input_cases(rng):
        yield (
            Case("a gate half open, to follow by hand", small) if case.why.startswith("two entries") else case
        )
    yield Case(
        "gates that are open or shut, candidates that are saturated",
        (normal(rng, 4), np.array([40.0, -40.0, 3.0, -3.0]), np.array([1.0, -1.0, 20.0, -20.0])),
    )


def _gated(change: Any) -> Any:
    """A gated unit whose gradients come from ``change(dy, s, t, g, c)``."""
    return lambda dy, g, c: change(dy, ops.sigmoid(g), np.tanh(c), g, c)


GATED_UNIT_BACKWARD = Exercise06(
    points=2,
    reference=ops.gated_unit_backward,
    cases=_gated_cases,
    returns=("dg", "dc"),
    forward=ops.gated_unit,
    wrong=(
        WrongForm(
            "forgot-chain",
            _gated(lambda dy, s, t, g, c: (dy * t, dy * s)),
            "{output} stops at the multiply gate: the slope of the activation below it is missing.",
            "g reaches the product through a sigmoid, c through a tanh. Each contributes its slope.",
        ),
        WrongForm(
            "forgot-chain",
            _gated(lambda dy, s, t, g, c: (dy * s * (1 - s), dy * (1 - t**2))),
            "{output} lacks the factor of the multiply gate: the other branch scales it.",
            "Shut the gate: the output is 0 whatever the candidate does. Can its gradient be large then?",
        ),
        WrongForm(
            "swapped-inputs",
            _gated(lambda dy, s, t, g, c: (dy * s * s * (1 - s), dy * t * (1 - t**2))),
            "{output} is multiplied by its own branch. A multiply gate hands each input the other one's value.",
            "Which branch is held fixed while this one moves?",
        ),
        WrongForm(
            "wrong-variable",
            _gated(lambda dy, s, t, g, c: (dy * t * g * (1 - g), dy * s * (1 - c**2))),
            "The slope in {output} is written in terms of the activation's output, and evaluated at its input.",
            "This function is given g and c, the inputs. The short forms of the slopes need the outputs.",
        ),
        WrongForm(
            "wrong-variable",
            _gated(
                lambda dy, s, t, g, c: (
                    dy * t * ops.sigmoid(s) * (1 - ops.sigmoid(s)),
                    dy * s * (1 - np.tanh(t) ** 2),
                )
            ),
            "In {output}, the activation is applied once more to its own output.",
            "The short forms of the slopes take the output as it is.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _gated(lambda dy, s, t, g, c: (dy * t * (1 - s**2), dy * s * t * (1 - t))),
            "The slopes of the two activations have changed places.",
            "g goes through the sigmoid, c through the tanh.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _gated(lambda dy, s, t, g, c: (dy * t * (1 - s), dy * s * (1 - t))),
            "The slope of the activation in {output} is incomplete.",
            "Check it at 0: the sigmoid's slope there is 1/4, the tanh's is 1.",
        ),
        WrongForm(
            "wrong-variable",
            _gated(lambda dy, s, t, g, c: (dy * c * s * (1 - s), dy * g * (1 - t**2))),
            "{output} is scaled by the other branch's input, not by that branch's value at the gate.",
            "What enters the multiply gate is what comes out of the activations.",
        ),
        WrongForm(
            "value-instead-of-mask",
            _gated(lambda dy, s, t, g, c: (dy * t * s, dy * s * t)),
            "{output} is multiplied by the values of both branches, and by no slope.",
        ),
    ),
    hints=(
        "Name the two branches, s and t. First treat y = s t as a multiply gate, then go down each branch.",
        "Each gradient has three factors: dy, the value of the other branch, and the slope of its own.",
    ),
)

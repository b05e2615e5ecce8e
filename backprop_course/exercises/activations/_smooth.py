"""Linear layers in a row, and the smooth activations."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import elementwise, normal
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.activations._assignment import SMALL_DY, SMALL_Z, Exercise04


def _composition_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "two layers of one unit", ([np.array([[2.0]]), np.array([[3.0]])], [np.array([1.0]), np.array([5.0])])
    )
    for widths in ((2, 3, 4), (3, 3, 3), (4, 2, 5, 3), (3, 2), (2, 4, 3, 2, 1)):
        weights = [normal(rng, d, m) for d, m in pairwise(widths)]
        yield Case(f"layers of widths {widths}", (weights, [normal(rng, m) for m in widths[1:]]))
    ints = [np.array([[1, 2], [0, 3]]), np.array([[2, 0], [1, 1]])]
    yield Case("integer arrays", (ints, [np.array([1, -1]), np.array([0, 2])]))
    yield Case(
        "float32 arrays",
        (
            [w.astype(np.float32) for w in (normal(rng, 2, 3), normal(rng, 3, 2))],
            [np.ones(3, "f"), np.ones(2, "f")],
        ),
    )


def _product(weights: Any) -> Any:
    return weights[0] if len(weights) == 1 else weights[0] @ _product(weights[1:])


def _bias_through_its_own_layer(weights: Any, biases: Any) -> Any:
    """Where the product so far does not fit, b is right: NumPy's error is not part of this form, and is told too."""
    W, b = weights[0], biases[0]
    for w, c in zip(weights[1:], biases[1:], strict=True):
        W = W @ w
        b = b @ (W if len(W) == len(b) else w) + c
    return W, b


LINEAR_COMPOSITION = Exercise04(
    points=2,
    reference=ops.linear_composition,
    cases=_composition_cases,
    returns=("W", "b"),
    wrong=(
        WrongForm(
            "dropped-path",
            lambda weights, biases: (_product(weights), biases[-1]),
            "Only the last layer's bias reaches your b.",
            "Follow the first bias through the layers that come after it.",
        ),
        WrongForm(
            "forgot-chain",
            lambda weights, biases: (_product(weights), sum(biases)),
            "The biases are added up as they are.",
            "A bias of an early layer is multiplied by every later weight matrix before it reaches the output.",
        ),
        WrongForm(
            "wrong-order",
            lambda weights, biases: (_product(weights[::-1]), ops.linear_composition(weights, biases)[1]),
            "The weight matrices are multiplied in the wrong order.",
            "With row vectors, x meets the first layer's matrix first.",
        ),
        WrongForm(
            "wrong-variable",
            _bias_through_its_own_layer,
            "b is multiplied by the whole product so far, also by matrices that come before the bias.",
            "Which matrices does the first bias still meet on its way to the output?",
        ),
    ),
    hints=(
        "Write out two layers: put the first layer's output into the second and expand the brackets.",
        "Keep a running W and b. What happens to both when one more layer is applied to x @ W + b?",
    ),
)


def _output_cases(rng: Generator, low: float, activation: Any, sure: Any) -> Iterator[Case]:
    """Cases of ``backward(dy, y)`` where y is the activation's output."""
    yield Case("two entries to follow by hand", (np.array([1.0, 10.0]), np.array([0.5, 0.2])))
    for case in elementwise(rng, (SMALL_DY, SMALL_Z)):
        dy, z = case.inputs
        if z.dtype.kind == "f":
            yield Case(case.why, (dy, activation(z)), strided=case.strided)
    # beside an entry of ordinary size: 1/4 - (y - 1/2)² is right, and no nearer to 0 than round-off at 1/4
    yield Case("saturated units", (normal(rng, 5), np.array([low, 1.0, *sure, 0.25])))
    yield Case("saturated units as integers", (np.array([3.5, -2.5]), np.array([int(low), 1])))


SIGMOID_BACKWARD = Exercise04(
    points=1,
    reference=ops.sigmoid_backward,
    cases=partial(_output_cases, low=0.0, activation=ops.sigmoid, sure=(1e-9, 0.999999)),
    returns=("dz",),
    wrong=(
        WrongForm(
            "wrong-variable",
            lambda dy, y: dy * ops.sigmoid(y) * (1 - ops.sigmoid(y)),
            "The sigmoid is applied once more to y, which already is the sigmoid's output.",
            "Look at which of z and y this function is given.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda dy, y: ops.sigmoid(y),
            "You return a sigmoid, not the gradient.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, y: dy * y,
            "dy is multiplied by the output y, not by the slope there.",
            "In saturation, y near 1, the slope is near 0. Yours is near dy.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy * (1 - y**2),
            "That is the slope of another S-curve: the tanh's.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy * (1 - y),
            "One of the two factors of the slope is missing.",
        ),
    ),
    hints=(
        "Write the slope of the sigmoid in terms of its own value. At y = 0.5 it is 0.25.",
        "dz has one factor from upstream and two from the sigmoid: one grows with y, one shrinks.",
    ),
)

TANH_BACKWARD = Exercise04(
    points=1,
    reference=ops.tanh_backward,
    cases=partial(_output_cases, low=-1.0, activation=ops.tanh, sure=(-0.999999, 0.0)),
    returns=("dz",),
    wrong=(
        WrongForm(
            "wrong-variable",
            lambda dy, y: dy * (1 - np.tanh(y) ** 2),
            "The tanh is applied once more to y, which already is the tanh's output.",
            "Look at which of z and y this function is given.",
        ),
        WrongForm(
            "forward-instead-of-backward", lambda dy, y: np.tanh(y), "You return a tanh, not the gradient."
        ),
        WrongForm(
            "wrong-local-derivative", lambda dy, y: dy * y * (1 - y), "That is the slope of the sigmoid."
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, y: dy * (1 - y),
            "At y = 0 this is right; away from it the output must enter squared.",
        ),
        WrongForm("value-instead-of-mask", lambda dy, y: dy * y),
    ),
    hints=(
        "Write the slope of tanh in terms of its own value. It is 1 at y = 0 and 0 at y = 1 and y = -1.",
        "The slope is the same at y and at -y.",
    ),
)


def _softplus_cases(rng: Generator) -> Iterator[Case]:
    yield from elementwise(rng, (SMALL_DY, SMALL_Z))
    yield Case(
        "large and very large inputs", (normal(rng, 6), np.array([-1e4, -800.0, -40.0, 40.0, 800.0, 1e4]))
    )
    yield Case("zero", (normal(rng, 2), np.zeros(2)))


SOFTPLUS_BACKWARD = Exercise04(
    points=1,
    reference=ops.softplus_backward,
    cases=_softplus_cases,
    returns=("dz",),
    forward=ops.softplus,
    wrong=(
        WrongForm(
            "not-finite",
            lambda dy, z: dy * np.exp(z) / (1 + np.exp(z)),
            "For large z your answer is nan: the exponential overflows to infinity.",
            "Rewrite the fraction so that only exponentials of negative numbers are left where z is large.",
        ),
        WrongForm("value-instead-of-mask", lambda dy, z: dy * ops.softplus(z)),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z: dy * ops.sigmoid(z) * (1 - ops.sigmoid(z)),
            "That is the slope of the sigmoid. The sigmoid itself is closer to what is wanted.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z: dy / (1 + np.exp(np.clip(z, -700, 700))),
            "The slope falls where it should rise: the sign of z is lost.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z: dy * (z > 0),
            "That is the slope of the ReLU. The softplus has no corner.",
        ),
    ),
    hints=(
        "Differentiate log(1 + e^z) from the outside in: the logarithm first, then what is inside.",
        "The slope goes from 0 on the far left through 1/2 at z = 0 to 1 on the far right. You have met that curve.",
    ),
)

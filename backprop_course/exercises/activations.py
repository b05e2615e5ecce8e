"""Exercises of assignment 04-activations."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import distinct, elementwise, normal
from backprop_course.exercises._declare import Case, Exercise, Named, WrongForm

Exercise04 = partial(Exercise, assignment="04-activations")

SMALL_DY, SMALL_Z = np.array([3.0, 4.0]), np.array([-1.0, 2.0])


# ---------------------------------------------------------------- linear layers in a row


def _composition_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "two layers of one unit",
        ([np.array([[2.0]]), np.array([[3.0]])], [np.array([1.0]), np.array([5.0])]),
    )
    for widths in ((2, 3, 4), (3, 3, 3), (4, 2, 5, 3), (3, 2), (2, 4, 3, 2, 1)):
        weights = [normal(rng, d, m) for d, m in zip(widths, widths[1:], strict=False)]
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
            "transposed",
            lambda weights, biases: (_product(weights).T, ops.linear_composition(weights, biases)[1]),
        ),
    ),
    hints=(
        "Write out two layers: put the first layer's output into the second and expand the brackets.",
        "Keep a running W and b. What happens to both when one more layer is applied to x @ W + b?",
    ),
)


# ---------------------------------------------------------------- smooth activations


def _output_cases(rng: Generator, low: float, activation: Any, sure: Any) -> Iterator[Case]:
    """Cases of ``backward(dy, y)`` where y is the activation's output."""
    yield Case("two entries to follow by hand", (np.array([1.0, 10.0]), np.array([0.5, 0.2])))
    for case in elementwise(rng, (SMALL_DY, SMALL_Z)):
        dy, z = case.inputs
        if z.dtype.kind == "f":
            yield Case(case.why, (dy, activation(z)), strided=case.strided)
    yield Case("saturated units", (normal(rng, 4), np.array([low, 1.0, *sure])))
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
        WrongForm("missing-upstream", lambda dy, y: y * (1 - y)),
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
        WrongForm("wrong-sign", lambda dy, y: dy * y * (y - 1)),
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
        WrongForm("missing-upstream", lambda dy, y: 1 - np.asarray(y) ** 2),
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
        WrongForm("wrong-sign", lambda dy, y: dy * (np.asarray(y) ** 2 - 1)),
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
        WrongForm("missing-upstream", lambda dy, z: ops.sigmoid(z)),
        WrongForm(
            "not-finite",
            lambda dy, z: dy * np.exp(z) / (1 + np.exp(z)),
            "For large z your answer is nan: the exponential overflows above and below the fraction bar.",
            "Rewrite the fraction so that only exponentials of negative numbers are left where z is large.",
        ),
        WrongForm("forward-instead-of-backward", lambda dy, z: ops.softplus(z)),
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
            lambda dy, z: dy * (np.asarray(z) > 0),
            "That is the slope of the ReLU. The softplus has no corner.",
        ),
    ),
    hints=(
        "Differentiate log(1 + e^z) from the outside in: the logarithm first, then what is inside.",
        "The slope goes from 0 on the far left through 1/2 at z = 0 to 1 on the far right. You have met that curve.",
    ),
)


# ---------------------------------------------------------------- the ReLU and its kin


def _kinked_cases(rng: Generator, *more: Any) -> Iterator[Case]:
    yield from elementwise(rng, (SMALL_DY, SMALL_Z, *more), *more)
    yield Case(
        "upstream gradients of both signs",
        (np.array([-3.0, 4.0, -5.0, 6.0]), np.array([1.0, -2.0, -3.0, 4.0]), *more),
    )
    yield Case(
        "inputs near zero and far from it",
        (normal(rng, 6), np.array([-1e4, -1e-3, -1e-9, 1e-9, 1e-3, 1e4]), *more),
    )
    yield Case(
        "inputs at the kink",
        (np.array([2.0, -3.0, 5.0, 7.0]), np.array([0.0, 0.0, -1.0, 1.0]), *more),
        kink=True,
    )
    yield Case("a whole row at the kink", (normal(rng, 2, 3), np.zeros((2, 3)), *more), kink=True)


RELU_BACKWARD = Exercise04(
    points=2,
    reference=ops.relu_backward,
    cases=_kinked_cases,
    returns=("dz",),
    forward=ops.relu,
    wrong=(
        WrongForm("missing-upstream", lambda dy, z: (np.asarray(z) > 0) * 1.0),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (ops.relu(z) >= 0),
            "The gradient passes through where z < 0.",
            "This happens when the mask comes from the output with >= 0: after a ReLU, every output is >= 0.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (np.asarray(z) > 0) * (np.asarray(dy) > 0),
            "Negative upstream gradients are stopped as well.",
            "The mask depends on the forward input z alone; a negative dy is a gradient like any other.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: np.maximum(dy, 0),
            "The mask is taken from dy, not from z.",
            "Which entries were switched off in the forward pass? z knows, dy does not.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (np.asarray(z) < 0),
            "The mask is the wrong way round: it passes where z < 0.",
        ),
        WrongForm("value-instead-of-mask", lambda dy, z: dy * ops.relu(z)),
        WrongForm("forward-instead-of-backward", lambda dy, z: ops.relu(z)),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z: dy * np.sign(z),
            "Where z < 0 the slope is taken as -1. The output is flat there.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (np.asarray(z) > 1),
            "Inputs between 0 and 1 are switched off too.",
        ),
    ),
    hints=(
        "Draw the graph. What is the slope on the left of zero, and on the right?",
        "Each entry of dy either passes unchanged or is stopped. Which of the two does the sign of z decide?",
    ),
)


def _subdifferential_cases(rng: Generator) -> Iterator[Case]:
    yield Case("left of the kink, at it, right of it", (np.array([-1.0, 0.0, 2.0]),))
    for shape in ((3, 4), (1, 5), (2, 3, 2)):
        z = normal(rng, *shape)
        z.flat[0] = 0.0
        yield Case(f"entries of shape {shape}, one of them 0", (z,))
    yield Case("a single number", (0.0,))
    yield Case("minus zero is zero", (np.array([-0.0, 0.0, 1e-300, -1e-300]),))
    yield Case("integer array", (np.array([-2, 0, 3]),))
    yield Case(
        "a view that is not contiguous in memory", (np.array([[0.0, 1.0], [-1.0, 0.0]]),), strided=True
    )
    yield Case("float32 array", (np.array([-1, 0, 1], np.float32),))


RELU_SUBDIFFERENTIAL = Exercise04(
    points=1,
    reference=ops.relu_subdifferential,
    cases=_subdifferential_cases,
    returns=("low", "high"),
    wrong=(
        WrongForm(
            "wrong-mask",
            lambda z: (ops.relu_subdifferential(z)[0],) * 2,
            "At the kink your interval is the single slope 0.",
            "A steeper line also stays under the graph there. How steep can it get?",
        ),
        WrongForm(
            "wrong-mask",
            lambda z: (ops.relu_subdifferential(z)[1],) * 2,
            "At the kink your interval is the single slope 1.",
            "A flatter line also stays under the graph there. How flat can it get?",
        ),
        WrongForm("forward-instead-of-backward", lambda z: (ops.relu(z), ops.relu(z))),
        WrongForm(
            "wrong-local-derivative",
            lambda z: tuple(
                np.where(np.asarray(z) == 0, s, ops.relu_subdifferential(z)[0]) for s in (-1.0, 1.0)
            ),
            "At the kink your interval is [-1, 1]: that of the absolute value.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda z: (np.where(np.asarray(z) == 0, 0.5, ops.relu_subdifferential(z)[0]),) * 2,
            "At the kink you give the one slope 1/2.",
            "That is the average of the two sides. The question is for all slopes of lines that stay under the graph.",
        ),
    ),
    hints=(
        "Away from the kink there is one slope, so low and high agree.",
        "At the kink, low is the slope on the left and high the slope on the right.",
    ),
)


def _is_subgradient_cases(rng: Generator) -> Iterator[Case]:
    line = np.linspace(-2, 2, 9)[:, np.newaxis]
    grid = rng.uniform(-2, 2, size=(40, 2))
    absolute, largest, square, relus = map(
        Named, ("sum of absolute values", "largest entry", "squared length", "sum of ReLUs")
    )
    zero, origin = np.zeros(1), np.zeros(2)
    yield Case("a flat line under |x|", (np.array([0.0]), absolute, zero, line))
    yield Case("the steepest line under |x|", (np.array([1.0]), absolute, zero, line))
    yield Case("a line too steep for |x|", (np.array([1.2]), absolute, zero, line))
    yield Case("a line too steep, seen on the left only", (np.array([-1.2]), absolute, zero, line))
    yield Case("half the slope of the ReLU's right side", (np.array([0.5]), relus, zero, line))
    yield Case("a negative slope under the ReLU", (np.array([-0.1]), relus, zero, line))
    yield Case("the tangent of a parabola", (np.array([2.0]), square, np.array([1.0]), line))
    yield Case("a secant of a parabola", (np.array([1.5]), square, np.array([1.0]), line))
    yield Case("away from the origin", (np.array([1.0]), absolute, np.array([1.5]), line))
    yield Case("a plane under the largest of two entries", (np.array([0.3, 0.7]), largest, origin, grid))
    yield Case("a plane that cuts the largest of two entries", (np.array([1.0, 1.0]), largest, origin, grid))
    yield Case("the zero plane at a tie", (np.array([0.0, 0.0]), largest, np.ones(2), grid))
    yield Case(
        "touching up to round-off", (np.array([1.0, 1.0]), absolute, np.array([0.1, 0.7]), np.abs(grid) * 0.3)
    )
    constant = Named("a large constant plus absolute values")
    yield Case(
        "touching up to round-off of a large value",
        (np.array([1.0]), constant, np.array([0.1]), np.abs(line) / 3),
    )
    yield Case(
        "one bad point among many",
        (np.array([0.9]), relus, np.array([1.0]), np.array([[2.0], [1.5], [0.2], [-3.0], [3.0]])),
    )


IS_SUBGRADIENT = Exercise04(
    points=2,
    reference=ops.is_subgradient,
    cases=_is_subgradient_cases,
    returns=("answer",),
    wrong=(
        WrongForm(
            "wrong-sign",
            lambda v, f, x0, points: all(f(x) - f(x0) <= v @ (x - x0) + 1e-9 for x in points),
            "The inequality is the wrong way round.",
            "The line must stay under the graph, not above it.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: any(f(x) - f(x0) >= v @ (x - x0) - 1e-9 for x in points),
            "One good point is enough for your function.",
            "The line has to stay under the graph at every point.",
        ),
        WrongForm(
            "dropped-path",
            lambda v, f, x0, points: all(f(x) >= v @ (x - x0) - 1e-9 for x in points),
            "The height f(x0) at which the line starts is missing.",
        ),
        WrongForm(
            "wrong-variable",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ x - 1e-9 for x in points),
            "The line is measured from the origin, not from x0.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(f(x) - f(x0) > v @ (x - x0) for x in points),
            "Touching the graph is not allowed in your function. A supporting line touches.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ (x - x0) for x in points),
            "Where the line touches the graph, round-off decides: the last digits of the two sides differ.",
            "Allow a slack as large as round-off in the numbers that you subtract.",
        ),
    ),
    analytic=False,
    hints=(
        "For each point, compare how much f rises from x0 with how much the line rises.",
        "Both sides carry round-off, so allow a slack that is tiny against the numbers compared.",
    ),
)

ALPHA = 0.1

LEAKY_RELU_BACKWARD = Exercise04(
    points=1,
    reference=ops.leaky_relu_backward,
    cases=lambda rng: (
        *_kinked_cases(rng, ALPHA),
        Case("a steep left side", (normal(rng, 5), normal(rng, 5), 2.5)),
    ),
    returns=("dz",),
    forward=ops.leaky_relu,
    wrong=(
        WrongForm("missing-upstream", lambda dy, z, alpha: np.where(np.asarray(z) > 0, 1.0, alpha)),
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
            "The leak lets part of the gradient through where z < 0.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, z, alpha: np.where(np.asarray(z) > 0, dy, alpha),
            "On the left you return alpha itself; dy is missing there.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(np.asarray(z) > 0, 1, alpha * np.asarray(z)),
            "On the left you multiply by the output alpha * z, not by its slope.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(np.asarray(z) > 0, 1, -alpha),
            "The left side has the wrong sign.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, alpha: dy * np.where(np.asarray(z) > 0, alpha, 1),
            "The two sides are swapped.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, alpha: np.where(np.asarray(dy) > 0, dy, alpha * np.asarray(dy)),
            "The side is chosen by the sign of dy, not of z.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, alpha: dy * np.where(alpha * np.asarray(z) > z, alpha, 1),
            "For alpha > 1 the sides are swapped: max(alpha * z, z) is the leaky ReLU only for alpha <= 1.",
            "Choose the side by the sign of z.",
        ),
        WrongForm("forward-instead-of-backward", lambda dy, z, alpha: ops.leaky_relu(z, alpha)),
    ),
    hints=(
        "There are two slopes, one for each side of zero.",
        "On the left the slope is a number you are given.",
    ),
)

ELU_BACKWARD = Exercise04(
    points=2,
    reference=ops.elu_backward,
    cases=lambda rng: (
        *_kinked_cases(rng, 0.5),
        Case("alpha above one", (normal(rng, 5), normal(rng, 5), 2.5)),
    ),
    returns=("dz",),
    forward=ops.elu,
    wrong=(
        WrongForm("missing-upstream", lambda dy, z, alpha: ops.elu_backward(np.ones(np.shape(z)), z, alpha)),
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(np.asarray(z) > 0, 1, np.exp(np.minimum(z, 0))),
            "The factor alpha is missing on the left.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, z, alpha: dy * np.where(np.asarray(z) > 0, 1, alpha * np.expm1(np.minimum(z, 0))),
            "On the left you multiply by the output, not by its slope.",
            "Subtracting 1 shifts the graph down. Does it change the slope?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: ops.leaky_relu_backward(dy, z, alpha),
            "On the left you take a constant slope. The ELU bends there.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: (
                dy * np.where(np.asarray(z) > 0, 1, alpha * np.asarray(z) * np.exp(np.minimum(z, 0)))
            ),
            "The exponential was differentiated like a power: its exponent came down.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, z, alpha: np.where(np.asarray(z) > 0, dy, alpha * np.exp(np.minimum(z, 0))),
            "On the left dy is missing.",
        ),
        WrongForm(
            "not-finite",
            lambda dy, z, alpha: dy * ((np.asarray(z) > 0) + (np.asarray(z) <= 0) * alpha * np.exp(z)),
            "The exponential of a large z overflows, and 0 times infinity is nan.",
            "Both sides are computed for every entry. Take the exponential only of z that are not positive.",
        ),
        WrongForm("forward-instead-of-backward", lambda dy, z, alpha: ops.elu(z, alpha)),
    ),
    hints=(
        "Differentiate each side on its own.",
        "The derivative of the exponential is itself; a constant that is added does not count.",
    ),
)


def _prelu_wrong(dalpha: Any) -> Any:
    return lambda dy, z, alpha: (ops.leaky_relu_backward(dy, z, alpha), dalpha(np.asarray(dy), np.asarray(z)))


PRELU_BACKWARD = Exercise04(
    points=2,
    reference=ops.prelu_backward,
    cases=lambda rng: _kinked_cases(rng, 0.25),
    returns=("dz", "dalpha"),
    forward=ops.leaky_relu,
    wrong=(
        WrongForm(
            "unsummed-axis",
            _prelu_wrong(lambda dy, z: dy * np.minimum(z, 0)),
            "dalpha has one number per entry. There is one alpha, so there is one gradient.",
            "All entries use the same alpha. What happens to gradients where paths meet?",
        ),
        WrongForm("averaged-not-summed", _prelu_wrong(lambda dy, z: (dy * np.minimum(z, 0)).mean())),
        WrongForm("missing-upstream", _prelu_wrong(lambda dy, z: np.minimum(z, 0).sum())),
        WrongForm(
            "wrong-local-derivative",
            _prelu_wrong(lambda dy, z: (dy * (z < 0)).sum()),
            "dalpha counts dy where z < 0, but how far the output moves with alpha depends on z.",
        ),
        WrongForm(
            "wrong-mask",
            _prelu_wrong(lambda dy, z: (dy * z).sum()),
            "Entries with z > 0 contribute to dalpha. Their output does not depend on alpha.",
        ),
        WrongForm("wrong-axis", _prelu_wrong(lambda dy, z: (dy * np.minimum(z, 0)).sum(axis=0))),
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: (ops.relu_backward(dy, z), ops.prelu_backward(dy, z, alpha)[1]),
            "dz is switched off where z < 0, as if alpha were 0.",
        ),
        WrongForm("wrong-sign", _prelu_wrong(lambda dy, z: -(dy * np.minimum(z, 0)).sum())),
    ),
    hints=(
        "dz is that of the leaky ReLU. For dalpha, ask how each output moves when alpha grows a little.",
        "Only entries with z < 0 depend on alpha. All of them share it.",
    ),
)


def _rrelu_cases(rng: Generator) -> Iterator[Case]:
    for case in _kinked_cases(rng):
        dy, z = case.inputs
        slopes = rng.uniform(0.1, 0.4, size=np.shape(z)).astype(np.result_type(z, np.float32))
        yield Case(case.why, (dy, z, slopes), kink=case.kink, strided=case.strided)


RRELU_BACKWARD = Exercise04(
    points=1,
    reference=ops.rrelu_backward,
    cases=_rrelu_cases,
    returns=("dz",),
    forward=ops.rrelu,
    wrong=(
        WrongForm("missing-upstream", lambda dy, z, slopes: np.where(np.asarray(z) > 0, 1, slopes)),
        WrongForm(
            "dropped-path",
            lambda dy, z, slopes: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, z, slopes: dy * np.where(np.asarray(z) > 0, 1, np.mean(slopes)),
            "All entries get the average slope. Each one has its own.",
            "The forward pass drew a slope for every entry and used it; the backward pass needs the same one.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, slopes: dy * slopes,
            "The slopes are used where z > 0 as well. There the output is z itself.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, slopes: dy * np.where(np.asarray(z) > 0, 1, slopes * np.asarray(z)),
            "On the left you multiply by the output, not by its slope.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, slopes: dy * np.where(np.asarray(z) > 0, slopes, 1),
            "The two sides are swapped.",
        ),
        WrongForm("forward-instead-of-backward", lambda dy, z, slopes: ops.rrelu(z, slopes)),
        WrongForm(
            "missing-upstream",
            lambda dy, z, slopes: np.where(np.asarray(z) > 0, dy, slopes),
            "On the left dy is missing.",
        ),
    ),
    hints=(
        "This is the leaky ReLU with a slope of its own for every entry.",
        "The slopes were drawn in the forward pass. They are constants now.",
    ),
)


# ---------------------------------------------------------------- maxima


def _maxout_cases(rng: Generator) -> Iterator[Case]:
    x, W, b = np.array([[1.0]]), np.array([[[1.0]], [[3.0]]]), np.array([[0.0], [-1.0]])
    yield Case("one input, two pieces", (np.array([[5.0]]), x, W, b))
    for n, k, d, m in ((4, 3, 2, 3), (1, 2, 3, 2), (3, 2, 3, 3), (5, 4, 2, 1), (3, 3, 3, 3)):
        yield Case(
            f"{n} rows, {k} pieces of {d} inputs and {m} outputs",
            (normal(rng, n, m), normal(rng, n, d), normal(rng, k, d, m), normal(rng, k, m)),
        )
    yield Case(
        "float32 arrays",
        tuple(normal(rng, *s).astype(np.float32) for s in ((2, 3), (2, 2), (2, 2, 3), (2, 3))),
    )
    ints = (
        np.array([[2.5], [3.5]]),
        np.array([[1, 0], [0, 2]]),
        np.array([[[1], [2]], [[-1], [1]]]),
        np.array([[0], [1]]),
    )
    yield Case("integer arrays", ints)
    yield Case(
        "a view that is not contiguous in memory",
        (normal(rng, 3, 2), normal(rng, 3, 2), normal(rng, 2, 2, 2), normal(rng, 2, 2)),
        strided=True,
    )
    tied = np.array([[[1.0], [2.0]], [[1.0], [2.0]]])
    yield Case(
        "two pieces that tie",
        (np.array([[3.0], [-2.0]]), np.array([[1.0, 1.0], [2.0, -1.0]]), tied, np.array([[0.5], [0.5]])),
        kink=True,
    )


def _maxout_wrong(change: Any) -> Any:
    """A maxout whose mask of winners or whose gradients are changed by ``change(dy, won, x, W, b)``."""

    def form(dy: Any, x: Any, W: Any, b: Any) -> Any:
        pieces = x @ W + b[:, np.newaxis]
        won = np.arange(len(W))[:, np.newaxis, np.newaxis] == pieces.argmax(axis=0)
        return change(dy, won, x, W, b)

    return form


def _from_pieces(dp: Any, x: Any, W: Any) -> Any:
    return (dp @ W.swapaxes(1, 2)).sum(axis=0), x.T @ dp, dp.sum(axis=1)


MAXOUT_BACKWARD = Exercise04(
    points=3,
    reference=ops.maxout_backward,
    cases=_maxout_cases,
    returns=("dx", "dW", "db"),
    forward=ops.maxout,
    wrong=(
        WrongForm(
            "missing-upstream",
            _maxout_wrong(lambda dy, won, x, W, b: _from_pieces(won * np.ones_like(dy), x, W)),
        ),
        WrongForm(
            "wrong-mask",
            _maxout_wrong(lambda dy, won, x, W, b: _from_pieces(dy * np.ones(won.shape), x, W)),
            "Every piece receives the gradient. Only the largest one produced the output.",
        ),
        WrongForm(
            "averaged-not-summed",
            _maxout_wrong(
                lambda dy, won, x, W, b: (*_from_pieces(won * dy, x, W)[:2], (won * dy).mean(axis=1))
            ),
        ),
        WrongForm(
            "averaged-not-summed",
            _maxout_wrong(
                lambda dy, won, x, W, b: (
                    _from_pieces(won * dy, x, W)[0],
                    x.T @ (won * dy) / len(x),
                    (won * dy).sum(axis=1),
                )
            ),
        ),
        WrongForm(
            "unsummed-axis",
            _maxout_wrong(lambda dy, won, x, W, b: (*_from_pieces(won * dy, x, W)[:2], won * dy)),
        ),
        WrongForm(
            "wrong-mask",
            _maxout_wrong(
                lambda dy, won, x, W, b: (
                    *_from_pieces(won * dy, x, W)[:2],
                    np.broadcast_to(dy.sum(axis=0), b.shape),
                )
            ),
            "db of every piece receives the whole gradient. Only the winner's bias moved the output.",
        ),
        WrongForm(
            "double-counted-tie",
            lambda dy, x, W, b: _from_pieces((x @ W + b[:, None] == ops.maxout(x, W, b)) * dy, x, W),
        ),
    ),
    hints=(
        "First find which piece won, for each row and each output. Only that piece sees dy.",
        "Once dy is routed to the winners, each piece is a linear layer: use what you know of those, then add over the pieces for dx.",
    ),
)


def _max_cases(rng: Generator) -> Iterator[Case]:
    yield Case("three entries to follow by hand", (np.array(5.0), np.array([1.0, 3.0, 2.0])))
    for shape in ((3, 4), (1, 5), (2, 3, 4), (4, 1)):
        yield Case(f"rows of shape {shape}", (normal(rng, *shape[:-1]), distinct(rng, *shape)))
    yield Case("rows of negative entries", (normal(rng, 3), distinct(rng, 3, 4) - 10))
    yield Case("float32 arrays", (normal(rng, 2).astype("f"), distinct(rng, 2, 3).astype("f")))
    yield Case("integer arrays", (np.array([3.5, -2.5]), np.array([[1, 5, 2], [7, 0, -1]])))
    yield Case("a view that is not contiguous in memory", (normal(rng, 3), distinct(rng, 3, 4)), strided=True)
    yield Case("a tie of two", (np.array([6.0]), np.array([[2.0, 2.0, 1.0]])), kink=True)
    yield Case(
        "a tie of three, negative dy",
        (np.array([-6.0, 1.0]), np.array([[4.0, 4.0, 4.0], [0.0, 1.0, 2.0]])),
        kink=True,
    )


def _at_max(z: Any) -> Any:
    return np.asarray(z) == np.max(z, axis=-1, keepdims=True)


MAX_BACKWARD = Exercise04(
    points=2,
    reference=ops.max_backward,
    cases=_max_cases,
    returns=("dz",),
    forward=ops.row_max,
    wrong=(
        WrongForm(
            "double-counted-tie",
            lambda dy, z: np.asarray(dy)[..., None] * _at_max(z),
            "At a tie, every tied entry gets the whole gradient.",
            "Move all tied entries up by a little: the output rises once, not once for each of them.",
        ),
        WrongForm("missing-upstream", lambda dy, z: _at_max(z) * 1.0),
        WrongForm(
            "wrong-mask",
            lambda dy, z: np.asarray(dy)[..., None] * np.ones(np.shape(z)),
            "Every entry gets the gradient, not only the largest.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: np.asarray(dy)[..., None] * (np.asarray(z) == np.max(z)),
            "Only the largest entry of the whole array gets a gradient; each row has its own largest entry.",
            "The maximum is taken along the last axis.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, z: np.asarray(dy)[..., None] * (np.asarray(z) == np.max(z, axis=0)),
            "The winners are those of the columns, not of the rows.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, z: np.asarray(dy)[..., None] * _at_max(z) * np.asarray(z),
            "dy is multiplied by the largest value, not by the slope with which the output follows it.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: ops.max_backward(dy, -np.asarray(z)),
            "The smallest entry gets the gradient, not the largest.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: np.asarray(dy)[..., None] * (np.asarray(z) > 0),
            "That is the ReLU's mask.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, z: np.asarray(dy)[..., None] * np.ones(np.shape(z)) / np.shape(z)[-1],
            "The gradient is spread evenly over all entries. That is what a mean does.",
        ),
    ),
    hints=(
        "Which entries could you move a little without changing the output? Their gradient is 0.",
        "At a tie the gradients of the tied entries must add up to dy. Picking one winner is enough.",
    ),
)


def _pool_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "two windows of two, side by side", (np.array([3.0, 5.0]), np.array([1.0, 4.0, 2.0, 0.0]), 2, 2)
    )
    yield Case("two windows that share their winner", (np.array([3.0, 5.0]), np.array([1.0, 4.0, 2.0]), 2, 1))
    for shape, size, stride in (
        ((2, 7), 3, 1),
        ((2, 8), 3, 2),
        ((1, 6), 2, 2),
        ((2, 2, 7), 2, 3),
        ((3, 5), 5, 1),
        ((2, 9), 4, 3),
        ((2, 4), 1, 1),
    ):
        count = (shape[-1] - size) // stride + 1
        yield Case(
            f"shape {shape}, windows of {size}, stride {stride}",
            (normal(rng, *shape[:-1], count), distinct(rng, *shape), size, stride),
        )
    yield Case("float32 arrays", (normal(rng, 2, 3).astype("f"), distinct(rng, 2, 5).astype("f"), 3, 1))
    yield Case("integer arrays", (np.array([3.5, -2.5, 4.5]), np.array([1, 5, 2, 4]), 2, 1))
    yield Case(
        "a view that is not contiguous in memory",
        (normal(rng, 2, 3), distinct(rng, 2, 5), 3, 1),
        strided=True,
    )
    yield Case(
        "a tie within a window", (np.array([3.0, 5.0]), np.array([2.0, 2.0, 1.0, 4.0]), 2, 2), kink=True
    )
    yield Case(
        "ties in windows that overlap",
        (np.array([3.0, -5.0, 2.0]), np.array([2.0, 2.0, 2.0, 1.0, 2.0]), 3, 1),
        kink=True,
    )


def _pool(route: Any, add: bool = True) -> Any:
    """A pooling backward pass that treats every window with ``route(dy, window)``."""

    def form(dy: Any, z: Any, size: int, stride: int) -> Any:
        dy, dz = np.asarray(dy), np.zeros(np.shape(z))
        for k in range(dy.shape[-1]):
            window = np.s_[..., k * stride : k * stride + size]
            piece = route(dy[..., k], np.asarray(z)[window])
            dz[window] = dz[window] + piece if add else np.where(piece == 0, dz[window], piece)
        return dz

    return form


def _replaced(dy: Any, z: Any, size: int, stride: int) -> Any:
    dy, dz = np.asarray(dy), np.zeros(np.shape(z))
    for k in range(dy.shape[-1]):
        window = np.s_[..., k * stride : k * stride + size]
        dz[window] = ops.max_backward(dy[..., k], np.asarray(z)[window])
    return dz


MAX_POOL_BACKWARD = Exercise04(
    points=3,
    reference=ops.max_pool_backward,
    cases=_pool_cases,
    returns=("dz",),
    forward=ops.max_pool,
    wrong=(
        WrongForm(
            "overwritten-gradient",
            _pool(ops.max_backward, add=False),
            "An entry that wins two windows keeps the gradient of the last one only.",
            "Where paths meet, gradients add: look for an assignment that should be an addition.",
        ),
        WrongForm(
            "overwritten-gradient",
            _replaced,
            "A later window erases what an earlier one wrote where they overlap.",
            "Where paths meet, gradients add: look for an assignment that should be an addition.",
        ),
        WrongForm(
            "double-counted-tie",
            _pool(lambda dy, w: dy[..., None] * _at_max(w)),
            "At a tie, every tied entry of a window gets the whole gradient.",
        ),
        WrongForm("missing-upstream", _pool(lambda dy, w: ops.max_backward(np.ones_like(dy), w))),
        WrongForm(
            "wrong-mask",
            _pool(lambda dy, w: dy[..., None] * np.ones(w.shape)),
            "Every entry of a window gets the gradient, not only its largest.",
        ),
        WrongForm(
            "averaged-not-summed",
            _pool(lambda dy, w: dy[..., None] * np.ones(w.shape) / w.shape[-1]),
            "The gradient is spread evenly over the window. That is average pooling.",
        ),
        WrongForm("value-instead-of-mask", _pool(lambda dy, w: ops.max_backward(dy, w) * w)),
        WrongForm(
            "wrong-variable",
            lambda dy, z, size, stride: (
                ops.max_pool_backward(dy, np.asarray(z), size, size)
                if size * np.shape(dy)[-1] <= np.shape(z)[-1]
                else np.zeros(np.shape(z))
            ),
            "The windows are placed size apart, not stride apart.",
        ),
    ),
    hints=(
        "Treat each window as a small max_backward of its own.",
        "A window starts at k * stride. One entry may win several windows; what does it then receive?",
    ),
)

EXERCISES = (
    LINEAR_COMPOSITION,
    SIGMOID_BACKWARD,
    TANH_BACKWARD,
    SOFTPLUS_BACKWARD,
    RELU_BACKWARD,
    RELU_SUBDIFFERENTIAL,
    IS_SUBGRADIENT,
    LEAKY_RELU_BACKWARD,
    ELU_BACKWARD,
    PRELU_BACKWARD,
    RRELU_BACKWARD,
    MAXOUT_BACKWARD,
    MAX_BACKWARD,
    MAX_POOL_BACKWARD,
)

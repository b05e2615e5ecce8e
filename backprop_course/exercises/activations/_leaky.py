"""The kin of the ReLU that leak on the left: leaky ReLU, ELU, PReLU, RReLU."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.arrays import Array
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.activations._assignment import Exercise04, kinked_cases

# Slopes to draw from, so that no constant can stand for alpha: gentle ones, steep ones, and those for which the
# sign of the output no longer tells the side of the input. They go to `kinked_cases` in turn, so that the array of
# integers meets 2.5: a whole slope would hide one that is cut to the type of z.
SLOPES = (0.01, 0.1, 0.3, 0.7, 1.5, 0.2, 2.5, -0.5, 0.0)


def _drawn(rng: Generator, cases: Iterator[Case], alphas: tuple[float, ...]) -> Iterator[Case]:
    """Cases whose last argument is drawn anew, each of `alphas` in turn; the first case stays readable."""
    yield next(cases)
    for n, case in enumerate(cases):
        alpha = float(rng.permutation(alphas)[0] if n >= len(alphas) else alphas[n])
        yield replace(case, inputs=(*case.inputs[:-1], alpha))


def _both_sides(rng: Generator, count: int) -> Array:
    """Inputs left and right of the kink in turn: five drawn freely lie on one side once in 16 times."""
    return np.asarray(np.copysign(normal(rng, count), np.resize([-1.0, 1.0], count)))


LEAKY_RELU_BACKWARD = Exercise04(
    points=1,
    reference=ops.leaky_relu_backward,
    cases=lambda rng: (
        *_drawn(rng, kinked_cases(rng, 0.1), SLOPES),
        Case("a steep left side", (normal(rng, 5), _both_sides(rng, 5), 2.5)),
        Case("a left side that falls", (normal(rng, 6), _both_sides(rng, 6), -float(rng.uniform(0.2, 0.9)))),
    ),
    returns=("dz",),
    forward=ops.leaky_relu,
    wrong=(
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
            "The leak lets part of the gradient through where z < 0.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, z, alpha: np.where(z > 0, dy, alpha),
            "On the left you return alpha itself; dy is missing there.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, z, alpha: np.where(z > 0, dy, alpha * z),
            "On the left you return the output alpha * z itself; dy is missing there.",
            "The chain rule multiplies dy by a slope. What is the slope on the left?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, alpha * z),
            "On the left you multiply by the output alpha * z, not by its slope.",
        ),
        WrongForm(
            "wrong-sign",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, -alpha),
            "The left side has the wrong sign.",
        ),
        WrongForm(
            "wrong-mask", lambda dy, z, alpha: dy * np.where(z > 0, alpha, 1), "The two sides are swapped."
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, alpha: np.where(dy > 0, dy, alpha * dy),
            "The side is chosen by the sign of dy, not of z.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, alpha: dy * np.where(alpha * z > z, alpha, 1),
            "For alpha > 1 the sides are swapped: max(alpha * z, z) is the leaky ReLU only for alpha <= 1.",
            "Choose the side by the sign of z.",
        ),
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
        *_drawn(rng, kinked_cases(rng, 0.5), (0.2, 0.7, 1.0, 1.5, 0.3)),
        Case("alpha above one", (normal(rng, 5), _both_sides(rng, 5), 2.5)),
    ),
    returns=("dz",),
    forward=ops.elu,
    wrong=(
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
        ),
        WrongForm(
            "unused-parameter",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, np.exp(np.minimum(z, 0))),
            "The factor alpha is missing on the left.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, alpha * np.expm1(np.minimum(z, 0))),
            "On the left you multiply by the output, not by its slope.",
            "Subtracting 1 shifts the graph down. Does it change the slope?",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, z + alpha),
            "On the left stands z + alpha: a slope written in terms of the output, with z in its place.",
            "This function is given z. What is the output there, in terms of z?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: ops.leaky_relu_backward(dy, z, alpha),
            "On the left you take a constant slope. The ELU bends there.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, alpha: dy * np.where(z > 0, 1, alpha * z * np.exp(np.minimum(z, 0))),
            "The exponential was differentiated like a power: its exponent came down.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, z, alpha: np.where(z > 0, dy, alpha * np.exp(np.minimum(z, 0))),
            "On the left dy is missing.",
        ),
        WrongForm(
            "not-finite",
            lambda dy, z, alpha: dy * ((z > 0) + (z <= 0) * alpha * np.exp(z)),
            "The exponential of a large z overflows, and 0 times infinity is nan.",
            "Both sides are computed for every entry. Take the exponential only of z that are not positive.",
        ),
    ),
    hints=(
        "Differentiate each side on its own.",
        "The derivative of the exponential is itself; a constant that is added does not count.",
    ),
)


def _prelu_wrong(dalpha: Any) -> Any:
    return lambda dy, z, alpha: (ops.leaky_relu_backward(dy, z, alpha), dalpha(dy, z))


PRELU_BACKWARD = Exercise04(
    points=2,
    reference=ops.prelu_backward,
    cases=lambda rng: (
        *_drawn(rng, kinked_cases(rng, 0.25), SLOPES),
        Case("a left side that falls", (normal(rng, 6), _both_sides(rng, 6), -float(rng.uniform(0.2, 0.9)))),
    ),
    returns=("dz", "dalpha"),
    forward=lambda z, alpha: np.where(z > 0, z, alpha * z),  # ops.leaky_relu, without its look at the shapes
    wrong=(
        WrongForm(
            "unsummed-axis",
            _prelu_wrong(lambda dy, z: dy * np.minimum(z, 0)),
            "dalpha has one number per entry. There is one alpha, so there is one gradient.",
            "All entries use the same alpha. What happens to gradients where paths meet?",
        ),
        WrongForm("averaged-not-summed", _prelu_wrong(lambda dy, z: (dy * np.minimum(z, 0)).mean())),
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
        WrongForm(
            "dropped-path",
            lambda dy, z, alpha: (ops.relu_backward(dy, z), ops.prelu_backward(dy, z, alpha)[1]),
            "dz is switched off where z < 0, as if alpha were 0.",
        ),
    ),
    hints=(
        "dz is that of the leaky ReLU. For dalpha, ask how each output moves when alpha grows a little.",
        "Only entries with z < 0 depend on alpha. All of them share it.",
    ),
)


def _rrelu_cases(rng: Generator) -> Iterator[Case]:
    for case in kinked_cases(rng):
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
        WrongForm(
            "dropped-path",
            lambda dy, z, slopes: ops.relu_backward(dy, z),
            "The left side is switched off: that is the plain ReLU.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, slopes: dy * np.where(z > 0, 1, np.mean(slopes)),
            "Left of 0, all entries get the average slope. Each one has its own.",
            "The forward pass drew a slope for every entry and used it; the backward pass needs the same one.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z, slopes: dy * slopes,
            "The slopes are used where z > 0 as well. There the output is z itself.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z, slopes: dy * np.where(z > 0, 1, slopes * z),
            "On the left you multiply by the output, not by its slope.",
        ),
        WrongForm(
            "wrong-mask", lambda dy, z, slopes: dy * np.where(z > 0, slopes, 1), "The two sides are swapped."
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, z, slopes: np.where(z > 0, dy, slopes),
            "On the left dy is missing.",
        ),
    ),
    hints=(
        "This is the leaky ReLU with a slope of its own for every entry.",
        "The slopes were drawn in the forward pass. They are constants now.",
    ),
)

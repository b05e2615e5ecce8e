"""The difference quotient, and functions of functions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, Named, WrongForm
from backprop_course.exercises.chain_rule._assignment import Exercise01, away_from_zero
from backprop_course.gradcheck import central_difference


def _difference_cases(rng: Generator) -> Iterator[Case]:
    cube, exp, sin = Named("cube"), Named("exp"), Named("sin")
    yield Case("the cube at 2, with a step of 1", (cube, 2.0, 1.0))
    yield Case("the exponential at 0, with a step of 0.5", (exp, 0.0, 0.5))
    for name in ("cube", "exp", "sin", "tanh"):
        yield Case(
            f"{name} at a random point",
            (Named(name), float(rng.uniform(-2, 2)), float(rng.uniform(0.1, 0.5))),
        )
    yield Case("an integer x", (cube, 3, 0.25))
    yield Case("a small step", (exp, 1.0, 1e-4))
    yield Case("the step that the signature gives", (sin, float(rng.uniform(0.2, 1.2))))
    yield Case("an even function at 0", (Named("square"), 0.0, 0.1))


CENTRAL_DIFFERENCE = Exercise01(
    points=2,
    reference=central_difference,
    cases=_difference_cases,
    returns=("slope",),
    wrong=(
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-5: (f(x + h) - f(x)) / h,
            "This is the forward difference: it looks at one side of x only.",
            "Take one point on each side of x, equally far.",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-5: (f(x) - f(x - h)) / h,
            "This is the backward difference: it looks at one side of x only.",
            "Take one point on each side of x, equally far.",
        ),
        WrongForm(
            "constant-factor",
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h,
            "The slope is twice too large.",
            "How far apart are the two points at which you evaluate f?",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / 2 * h,
            "The step multiplies where it should divide.",
            "Python reads `a / 2 * h` as `(a / 2) * h`.",
        ),
        WrongForm(
            "wrong-sign",
            lambda f, x, h=1e-5: (f(x - h) - f(x + h)) / (2 * h),
            "The slope has the wrong sign: the two values are subtracted the wrong way round.",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-5: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
            "The step h that the caller gives is ignored.",
            "Use the argument h, not a number of your own.",
        ),
        WrongForm(
            "constant-factor",
            lambda f, x, h=1e-5: (f(x + h / 2) - f(x - h / 2)) / (2 * h),
            "The slope is about half of the right one: the two points are h apart, and you divide by 2 h.",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-5: (f(x + h / 2) - f(x - h / 2)) / h,
            "You step h / 2 to each side. The exercise asks for a step of h to each side.",
        ),
        WrongForm("forward-instead-of-backward", lambda f, x, h=1e-5: f(x)),
    ),
    hints=(
        "Draw the graph, mark x - h and x + h, and write down the slope of the line through the two points above.",
        "Rise over run: how far apart are the two points along x?",
    ),
    analytic=False,
    rtol=1e-8,
)


# ---------------------------------------------------------------- compositions


def _numbers(rng: Generator, special: tuple[float, ...]) -> Iterator[Case]:
    for x in special:
        yield Case(f"at x = {x:g}", (x,))
    for _ in range(4):
        yield Case("a random number", (float(rng.uniform(-2, 2)),))
    yield Case("an array of numbers", (rng.uniform(-2, 2, size=5),))
    yield Case("an integer", (2,))


def _exp_sin(x: Any) -> Any:
    return np.exp(np.sin(np.square(x)))


EXP_SIN_SQUARE_DERIVATIVE = Exercise01(
    points=1,
    reference=ops.exp_sin_square_derivative,
    cases=partial(_numbers, special=(1.0, 0.0, -1.5)),
    returns=("derivative",),
    forward=ops.exp_sin_square,
    wrong=(
        WrongForm(
            "forgot-chain",
            lambda x: np.cos(np.square(x)) * _exp_sin(x),
            "The derivative of the innermost function, the square, is missing.",
            "There are three functions inside one another, so there are three factors.",
        ),
        WrongForm(
            "forgot-chain",
            lambda x: 2 * np.asarray(x) * _exp_sin(x),
            "The derivative of the sine is missing.",
            "There are three functions inside one another, so there are three factors.",
        ),
        WrongForm(
            "forgot-chain", _exp_sin, "Only the exponential is differentiated: what is inside it moves too."
        ),
        WrongForm(
            "wrong-variable",
            lambda x: _exp_sin(x) * np.cos(x) * 2 * np.asarray(x),
            "The cosine is taken at x. The sine was taken at the square of x.",
            "Each derivative is evaluated at what went into its function.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: np.exp(np.cos(np.square(x)) * 2 * np.asarray(x)),
            "The derivative of the inside stands in the exponent.",
            "The exponential stays as it was; the derivative of its inside is a factor beside it.",
        ),
        WrongForm(
            "wrong-sign",
            lambda x: -_exp_sin(x) * np.cos(np.square(x)) * 2 * np.asarray(x),
            "The sign is wrong: which of sine and cosine gets a minus when differentiated?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x: _exp_sin(x) * np.cos(np.square(x)) * np.asarray(x),
            "The derivative of the square lacks a factor.",
        ),
    ),
    hints=(
        "Name the stages: a is the square of x, b is the sine of a, y is the exponential of b.",
        "Differentiate each stage with respect to the one before it, and multiply. Keep every factor at its own stage's input.",
    ),
)


def _chain_cases(rng: Generator) -> Iterator[Case]:
    def case(why: str, x: float, *functions: str) -> Case:
        return Case(why, (list(map(Named, functions)), [Named(f"{f}'") for f in functions], x))

    yield case("add 1, then square, at 2", 2.0, "plus one", "square")
    yield case("square, then add 1, at 3", 3.0, "square", "plus one")
    yield case("one function", away_from_zero(rng), "cube")
    yield case("three functions", away_from_zero(rng), "square", "sin", "exp")
    yield case("the same three in the other order", away_from_zero(rng), "exp", "sin", "square")
    yield case("four functions", away_from_zero(rng), "sin", "plus one", "square", "tanh")
    yield case("a function twice", away_from_zero(rng), "sin", "sin")
    yield case("a slope of 0 on the way", 0.0, "square", "exp")


def _chain(rule: Any) -> Any:
    def form(functions: Any, derivatives: Any, x: Any) -> Any:
        stages = [x]
        for f in functions:
            stages.append(f(stages[-1]))
        return rule(functions, derivatives, x, stages)

    return form


CHAIN_DERIVATIVE = Exercise01(
    points=2,
    reference=ops.chain_derivative,
    cases=_chain_cases,
    returns=("derivative",),
    wrong=(
        WrongForm(
            "wrong-variable",
            _chain(lambda fs, ds, x, ys: np.prod([d(x) for d in ds])),
            "Every derivative is evaluated at x.",
            "The second function never sees x: it sees what the first one made of it.",
        ),
        WrongForm(
            "wrong-variable",
            _chain(lambda fs, ds, x, ys: np.prod([d(y) for d, y in zip(ds, ys[1:], strict=True)])),
            "Each derivative is evaluated at its own function's output.",
            "A slope is taken at what goes into the function.",
        ),
        WrongForm(
            "wrong-order",
            lambda fs, ds, x: ops.chain_derivative(fs[::-1], ds[::-1], x),
            "The functions are applied in the wrong order.",
            "The first of the list is applied first.",
        ),
        WrongForm(
            "wrong-value",
            _chain(lambda fs, ds, x, ys: sum(d(y) for d, y in zip(ds, ys[:-1], strict=True))),
            "The slopes are added.",
            "Push x by a little: the first function stretches the push, the second stretches what is left. What do stretches do?",
        ),
        WrongForm(
            "forgot-chain",
            _chain(lambda fs, ds, x, ys: ds[-1](ys[-2])),
            "Only the outermost function is differentiated.",
            "Every function of the list contributes a factor.",
        ),
        WrongForm(
            "forgot-chain",
            _chain(lambda fs, ds, x, ys: np.prod([d(y) for d, y in zip(ds[1:], ys[1:-1], strict=True)])),
            "The innermost function's slope is missing.",
            "Every function of the list contributes a factor.",
        ),
        WrongForm("forward-instead-of-backward", _chain(lambda fs, ds, x, ys: ys[-1])),
        WrongForm(
            "numerical-differentiation",
            _chain(lambda fs, ds, x, ys: central_difference(lambda t: _run(fs, t), x)),
        ),
    ),
    hints=(
        "Walk through the list once, keeping two numbers: the value so far and the slope so far.",
        "Which of the two do you need to update first? Each derivative is evaluated at the value before its function.",
    ),
)


def _run(functions: Any, x: Any) -> Any:
    for f in functions:
        x = f(x)
    return x

"""Functions of functions: stage after stage on one path."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.chain_rule._assignment import Exercise01, away_from_zero
from backprop_course.numerical import central_difference


def _numbers(rng: Generator, special: tuple[float, ...]) -> Iterator[Case]:
    for x in special:
        yield Case(f"at x = {x:g}", (x,))
    for _ in range(4):
        yield Case("a random number", (float(rng.uniform(-2, 2)),))
    yield Case("a large number", (10.0,))
    yield Case("an integer", (2,))
    yield Case("an array of three numbers", (rng.uniform(-2, 2, size=3),))
    yield Case("an array of two rows", (rng.uniform(-2, 2, size=(2, 3)),))
    yield Case("an array without axes", (np.array(float(rng.uniform(-2, 2))),))


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
            lambda x: 2 * x * _exp_sin(x),
            "The derivative of the sine is missing.",
            "There are three functions inside one another, so there are three factors.",
        ),
        WrongForm(
            "forgot-chain",
            lambda x: 2 * x * np.cos(np.square(x)),
            "The outermost function, the exponential, has no factor of its own.",
            "There are three functions inside one another, so there are three factors.",
        ),
        WrongForm(
            "forgot-chain", _exp_sin, "Only the exponential is differentiated: what is inside it moves too."
        ),
        WrongForm(
            "wrong-variable",
            lambda x: _exp_sin(x) * np.cos(x) * 2 * x,
            "The cosine is taken at x. The sine was taken at the square of x.",
            "Each derivative is evaluated at what went into its function.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x: np.exp(np.cos(np.square(x)) * 2 * x),
            "The derivative of the inside stands in the exponent.",
            "The exponential stays as it was; the derivative of its inside is a factor beside it.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x: np.exp(np.cos(np.square(x))) * 2 * x,
            "The sine is differentiated in its place, inside the exponential.",
            "The exponential stays as it was; the derivative of its inside is a factor beside it.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: _exp_sin(x) * np.cos(2 * x),
            "The cosine is taken at the slope of the square. The sine was taken at the square itself.",
            "Each derivative is evaluated at what went into its function, and its own slope is a factor.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: _exp_sin(x) * np.cos(2 * x) * 2 * x,
            "The cosine is taken at 2x, the slope of the square. The sine was taken at the square itself.",
            "Each derivative is evaluated at what went into its function.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: np.exp(np.cos(np.square(x))) * np.cos(np.square(x)) * 2 * x,
            "The exponential is taken at the cosine. In exp(sin(x²)) it is taken at the sine.",
            "Each derivative is evaluated at what went into its function.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: np.exp(np.cos(2 * x)),
            "Each function is replaced by its derivative, and they still stand inside one another.",
            "Derivatives of stages multiply. Each is evaluated at what went into its function.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: np.exp(x) * np.cos(x) * 2 * x,
            "All three derivatives are evaluated at x.",
            "Only the innermost function sees x. What do the other two see?",
        ),
        *wrong_forms(
            "wrong-variable",
            (
                lambda x: np.exp(np.sin(x) ** 2) * np.cos(x) ** 2 * 2 * x,
                lambda x: np.exp(np.sin(x) ** 2) * 2 * np.sin(x) * np.cos(x),
                lambda x: _exp_sin(x) * np.cos(x) ** 2 * 2 * x,
            ),
            "You read sin(x²) as the square of sin(x).",
            "x is squared first, then comes the sine.",
        ),
        WrongForm(
            "wrong-sign",
            lambda x: -_exp_sin(x) * np.cos(np.square(x)) * 2 * x,
            "The sign is wrong: which of sine and cosine gets a minus when differentiated?",
        ),
        WrongForm(
            "constant-factor",
            lambda x: _exp_sin(x) * np.cos(np.square(x)) * x,
            "The derivative of the square lacks a factor.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x: np.sin(x * x) * np.exp(np.sin(x * x) - 1) * np.cos(x * x) * 2 * x,
            "The exponential is differentiated as if it were a power.",
            "In a power the base moves; here the exponent does.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x: _exp_sin(x) + np.cos(np.square(x)) + 2 * x,
            "The three slopes are added.",
            "Push x by a little: each stage stretches what is left of the push. What do stretches do?",
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
            "wrong-variable",
            _chain(lambda fs, ds, x, ys: np.prod([d(y) for d, y in zip(ds, [x, *ys], strict=False)])),
            "Each derivative but the first is evaluated one stage too early.",
            "The second function sees what the first one made of x, and so does its slope.",
        ),
        WrongForm(
            "wrong-variable",
            _chain(
                lambda fs, ds, x, ys: ds[0](x) * np.prod([d(f(x)) for f, d in zip(fs, ds[1:], strict=False)])
            ),
            "Every derivative after the second is evaluated at a value that only one function has made of x.",
            "The third function sees what the first two made of x. Keep the value and go on from it.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _chain(lambda fs, ds, x, ys: np.prod(ys[1:])),
            "The values of the functions are multiplied, not their slopes.",
            "The list `derivatives` holds the functions that give slopes.",
        ),
        WrongForm(
            "constant-factor",
            _chain(lambda fs, ds, x, ys: 0.0),
            "Your answer is always 0.",
            "A product that starts at 0 stays there.",
        ),
        WrongForm(
            "wrong-variable",
            _chain(lambda fs, ds, x, ys: np.prod([d(ys[-1]) for d in ds])),
            "Every derivative is evaluated at the final value.",
            "Keep the values on the way: each slope is taken at what goes into its own function.",
        ),
        WrongForm(
            "wrong-variable",
            _chain(lambda fs, ds, x, ys: _run(ds, x)),
            "The derivatives are put inside one another: each is evaluated at the slope before it.",
            "Each is evaluated at a value of the functions. Slopes of stages multiply.",
        ),
        WrongForm(
            "wrong-order",
            lambda fs, ds, x: ops.chain_derivative(fs[::-1], ds, x),
            "The functions are taken from the last to the first, their derivatives from the first to the last.",
            "Each derivative is evaluated at what goes into its own function.",
        ),
        WrongForm(
            "wrong-order",
            lambda fs, ds, x: ops.chain_derivative(fs[::-1], ds[::-1], x),
            "The functions are applied in the wrong order.",
            "The first of the list is applied first.",
        ),
        WrongForm(
            "wrong-order",
            _chain(lambda fs, ds, x, ys: np.prod([d(y) for d, y in zip(ds[::-1], ys[:-1], strict=True)])),
            "The derivatives are taken from the last to the first, the values from the first to the last.",
            "Pair each derivative with the value that goes into its own function.",
        ),
        WrongForm(
            "wrong-local-derivative",
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
        WrongForm(
            "forgot-chain",
            _chain(lambda fs, ds, x, ys: ds[0](x)),
            "Only the innermost function is differentiated.",
            "Every function of the list contributes a factor.",
        ),
        WrongForm(
            "forgot-chain",
            _chain(lambda fs, ds, x, ys: np.prod([d(y) for d, y in zip(ds[:-1], ys[:-2], strict=True)])),
            "The outermost function's slope is missing.",
            "Every function of the list contributes a factor. Does your loop reach the last?",
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

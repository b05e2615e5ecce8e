"""Functions that depend on a number along several paths."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, Named, WrongForm
from backprop_course.exercises.chain_rule._assignment import Exercise01, away_from_zero


def _distributed_cases(rng: Generator) -> Iterator[Case]:
    def case(why: str, x: float, partials: str, *inner: str) -> Case:
        return Case(why, (Named(partials), list(map(Named, inner)), [Named(f"{g}'") for g in inner], x))

    yield case("a product of two paths, at 2", 2.0, "partials of the product", "square", "plus one")
    yield case("a sum of two paths, at 3", 3.0, "partials of the sum", "square", "cube")
    yield case("one path", away_from_zero(rng), "partials of the sum", "sin")
    for inner in (("sin", "exp"), ("exp", "sin", "square"), ("tanh", "cube", "plus one")):
        yield case(
            f"{len(inner)} paths into a product", away_from_zero(rng), "partials of the product", *inner
        )
        yield case(
            f"{len(inner)} paths into a sum of squares",
            away_from_zero(rng),
            "partials of the sum of squares",
            *inner,
        )
    yield case("the same function on two paths", away_from_zero(rng), "partials of the product", "sin", "sin")


def _by_slopes(rule: Callable[..., Any]) -> Callable[..., Any]:
    """``rule(f, z, dz, x)``, where z and dz are the values and the slopes of the inner functions at x."""
    return lambda f, gs, dgs, x: rule(f, np.array([g(x) for g in gs]), np.array([dg(x) for dg in dgs]), x)


DISTRIBUTED_DERIVATIVE = Exercise01(
    points=2,
    reference=ops.distributed_derivative,
    cases=_distributed_cases,
    returns=("derivative",),
    wrong=(
        WrongForm(
            "wrong-variable",
            _by_slopes(lambda f, z, dz, x: f(np.full(len(z), x)) @ dz),
            "The partial derivatives of f are evaluated at x, not at the values that the inner functions give.",
            "f never sees x. What does it see?",
        ),
        WrongForm(
            "wrong-variable",
            _by_slopes(lambda f, z, dz, x: f(dz) @ dz),
            "The partial derivatives of f are evaluated at the slopes of the inner functions.",
            "f sees the values that the inner functions give, not their slopes.",
        ),
        WrongForm(
            "dropped-path",
            _by_slopes(lambda f, z, dz, x: f(z)[0] * dz[0]),
            "Only the first path is followed.",
            "x reaches y along every inner function, and the contributions add.",
        ),
        WrongForm(
            "dropped-path",
            _by_slopes(lambda f, z, dz, x: f(z)[-1] * dz[-1]),
            "Only the last path is left.",
            "x reaches y along every inner function, and the contributions add.",
        ),
        WrongForm(
            "dropped-path",
            _by_slopes(lambda f, z, dz, x: f(z)[:-1] @ dz[:-1]),
            "The last path is missing.",
            "x reaches y along every inner function. Does your loop reach the last one?",
        ),
        WrongForm(
            "forgot-chain",
            _by_slopes(lambda f, z, dz, x: f(z).sum()),
            "The slopes of the inner functions are missing.",
        ),
        WrongForm(
            "dropped-path",
            _by_slopes(lambda f, z, dz, x: dz.sum()),
            "The partial derivatives of f are missing.",
            "How much y moves depends on how strongly f reacts to each of its arguments.",
        ),
        WrongForm(
            "wrong-value",
            _by_slopes(lambda f, z, dz, x: (f(z) * dz).prod()),
            "The contributions of the paths are multiplied.",
            "Stages of one path multiply. Paths that meet do something else.",
        ),
        WrongForm(
            "wrong-value",
            _by_slopes(lambda f, z, dz, x: f(z).sum() * dz.sum()),
            "The sum of all partial derivatives is multiplied by the sum of all inner slopes.",
            "Each path has one partial derivative and one inner slope of its own. Follow one path at a time.",
        ),
        WrongForm(
            "wrong-order",
            _by_slopes(lambda f, z, dz, x: f(z) @ dz[::-1]),
            "The inner slopes are paired with the partial derivatives in reverse order.",
        ),
        WrongForm(
            "wrong-variable",
            lambda f, gs, dgs, x: sum(
                p * dg(g(x)) for p, g, dg in zip(f(np.array([g(x) for g in gs])), gs, dgs, strict=True)
            ),
            "The inner slopes are evaluated at the inner functions' outputs.",
            "A slope is taken at what goes into the function.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_slopes(lambda f, z, dz, x: f(z) @ z),
            "Each path is multiplied by the value of its inner function, not by its slope.",
            "When x moves a little, how much does the inner function move?",
        ),
        WrongForm(
            "averaged-not-summed",
            _by_slopes(lambda f, z, dz, x: (f(z) * dz).mean()),
            "The contributions of the paths are averaged.",
            "Where paths meet, their contributions add.",
        ),
        WrongForm(
            "unsummed-axis",
            _by_slopes(lambda f, z, dz, x: f(z) * dz),
            "The contributions of the paths stand side by side.",
            "Where paths meet, their contributions add.",
        ),
    ),
    hints=(
        "First compute the inputs of f. Then ask: if only the m-th of them moved, how much would y move?",
        "Each path gives a product of two slopes. There are M paths.",
    ),
)


def _partial_cases(rng: Generator) -> Iterator[Case]:
    def case(why: str, x: float, f: str, y: str) -> Case:
        names = (f"∂f/∂x of {f}", f"∂f/∂y of {f}", y, f"{y}'")
        return Case(why, (*map(Named, names), x))

    yield case("f(x, y) = x y with y = x², at 3", 3.0, "x y", "square")
    yield case("f(x, y) = x² + 3 y with y = sin(x), at 0", 0.0, "x² + 3 y", "sin")
    for f in ("x y", "x² + 3 y", "exp(x) sin(y)"):
        for y in ("cube", "tanh"):
            yield case(f"f(x, y) = {f} at a random x", away_from_zero(rng), f, y)


PARTIAL_AND_TOTAL = Exercise01(
    points=2,
    reference=ops.partial_and_total,
    cases=_partial_cases,
    returns=("partial", "total"),
    wrong=(
        WrongForm(
            "dropped-path",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x))),
            "The total derivative leaves out the path through y.",
            "x moves f twice: directly, and by moving y.",
        ),
        WrongForm(
            "dropped-path",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fy(x, y(x)) * dy(x)),
            "The total derivative leaves out the direct path.",
            "x moves f twice: directly, and by moving y.",
        ),
        WrongForm(
            "dropped-path",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fy(x, y(x))),
            "What you return as the total derivative is the partial derivative with respect to y.",
            "x moves f twice: directly, and by moving y.",
        ),
        WrongForm(
            "forgot-chain",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + fy(x, y(x))),
            "The slope of y is missing on the path through y.",
        ),
        WrongForm(
            "forgot-chain",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + dy(x)),
            "On the path through y, the derivative of f with respect to y is missing.",
            "That path has two stages: x moves y, and y moves f.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(x, x), fx(x, x) + fy(x, x) * dy(x)),
            "In {output} the derivatives of f are evaluated at (x, x).",
            "The second argument of f is y, which has a value of its own at this x.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + fy(x, y(x)) * dy(y(x))),
            "The slope of y is evaluated at y, not at x.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(y(x), x), fx(y(x), x) + fy(y(x), x) * dy(x)),
            "The partial derivatives are called with their arguments in the wrong order.",
            "They take x first, then y.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + fy(y(x), x) * dy(x)),
            "df_dy is called with its arguments in the wrong order.",
            "It takes x first, then y.",
        ),
        WrongForm(
            "wrong-value",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) * dy(x)),
            "The direct path is multiplied by the slope of y.",
            "Each path is a product of its own, and paths add. By which slope does f follow y?",
        ),
        WrongForm(
            "swapped-inputs",
            lambda fx, fy, y, dy, x: (fy(x, y(x)), fy(x, y(x)) + fx(x, y(x)) * dy(x)),
            "The two partial derivatives of f have changed places.",
            "Which of them tells how f moves when x moves and y stays?",
        ),
        WrongForm(
            "wrong-sign",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) - fy(x, y(x)) * dy(x)),
            "The path through y is subtracted.",
            "Where paths meet, their contributions add.",
        ),
        WrongForm(
            "wrong-value",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) * fy(x, y(x)) * dy(x)),
            "The two paths are multiplied.",
            "Where paths meet, their contributions add.",
        ),
        WrongForm(
            "wrong-value",
            lambda fx, fy, y, dy, x: (fx(x, y(x)) + fy(x, y(x)) * dy(x),) * 2,
            "What you return as the partial derivative is the total one.",
            "The partial derivative moves x alone and holds y where it is.",
        ),
    ),
    hints=(
        "For the partial derivative, y is a number that stays put. Which of the four functions do you need?",
        "For the total one, add what arrives along the path through y.",
    ),
)

"""Functions that depend on a number along several paths."""

from collections.abc import Iterator
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


DISTRIBUTED_DERIVATIVE = Exercise01(
    points=2,
    reference=ops.distributed_derivative,
    cases=_distributed_cases,
    returns=("derivative",),
    wrong=(
        WrongForm(
            "wrong-variable",
            lambda f, gs, dgs, x: sum(p * dg(x) for p, dg in zip(f(np.full(len(gs), x)), dgs, strict=True)),
            "The partial derivatives of f are evaluated at x, not at the values that the inner functions give.",
            "f never sees x. What does it see?",
        ),
        WrongForm(
            "dropped-path",
            lambda f, gs, dgs, x: f(np.array([g(x) for g in gs]))[0] * dgs[0](x),
            "Only the first path is followed.",
            "x reaches y along every inner function, and the contributions add.",
        ),
        WrongForm(
            "overwritten-gradient",
            lambda f, gs, dgs, x: f(np.array([g(x) for g in gs]))[-1] * dgs[-1](x),
            "Only the last path is left.",
            "Look for `=` where `+=` belongs.",
        ),
        WrongForm(
            "forgot-chain",
            lambda f, gs, dgs, x: sum(f(np.array([g(x) for g in gs]))),
            "The slopes of the inner functions are missing.",
        ),
        WrongForm(
            "dropped-path",
            lambda f, gs, dgs, x: sum(dg(x) for dg in dgs),
            "The partial derivatives of f are missing.",
            "How much y moves depends on how strongly f reacts to each of its arguments.",
        ),
        WrongForm(
            "wrong-value",
            lambda f, gs, dgs, x: np.prod(
                [p * dg(x) for p, dg in zip(f(np.array([g(x) for g in gs])), dgs, strict=True)]
            ),
            "The contributions of the paths are multiplied.",
            "Stages of one path multiply. Paths that meet do something else.",
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
            "averaged-not-summed",
            lambda f, gs, dgs, x: np.mean(
                [p * dg(x) for p, dg in zip(f(np.array([g(x) for g in gs])), dgs, strict=True)]
            ),
            "The contributions of the paths are averaged.",
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
        names = (f"df/dx of {f}", f"df/dy of {f}", y, f"{y}'")
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
            "forgot-chain",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + fy(x, y(x))),
            "The slope of y is missing on the path through y.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(x, x), fx(x, x) + fy(x, x) * dy(x)),
            "The partial derivatives are evaluated at (x, x).",
            "The second argument of f is y, which has a value of its own at this x.",
        ),
        WrongForm(
            "wrong-variable",
            lambda fx, fy, y, dy, x: (fx(x, y(x)), fx(x, y(x)) + fy(x, y(x)) * dy(y(x))),
            "The slope of y is evaluated at y, not at x.",
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


def _node_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the example of the lecture", (-2.0, 3.0, 1.0, -4.0))
    yield Case("an error of 0 at the target", (2.0, 3.0, 1.0, 7.0))
    yield Case("x is 0", (0.0, 2.0, 1.0, -1.0))
    for _ in range(4):
        yield Case("random numbers", tuple(float(v) for v in rng.uniform(-3, 3, size=4)))
    yield Case("integers", (2, -3, 1, 4))


def _node(rule: Any) -> Any:
    return lambda x, y, z, t: rule(x, y, x * y + z - t)


SQUARED_ERROR_NODE_GRADIENTS = Exercise01(
    points=2,
    reference=ops.squared_error_node_gradients,
    cases=_node_cases,
    returns=("dx", "dy", "dz"),
    forward=ops.squared_error_node,
    wrong=(
        WrongForm(
            "swapped-inputs",
            _node(lambda x, y, e: (2 * e * x, 2 * e * y, 2 * e)),
            "dx and dy each carry the wrong one of the two factors.",
            "Move x a little: by how much does the product of x and y move?",
        ),
        WrongForm(
            "constant-factor",
            _node(lambda x, y, e: (e * y, e * x, e)),
            "{output} is half of the right one: the factor that comes down from the square is missing.",
        ),
        WrongForm(
            "forgot-chain",
            _node(lambda x, y, e: (2 * e, 2 * e, 2 * e)),
            "In {output} the slope of the product is missing.",
            "x and y reach L through a product; z does not.",
        ),
        WrongForm(
            "missing-upstream",
            _node(lambda x, y, e: (y, x, 1.0)),
            "{output} is the slope of the node alone; what comes from the squared error is missing.",
            "The gradient of L arrives at the node first. Multiply by it.",
        ),
        WrongForm(
            "wrong-sign",
            _node(lambda x, y, e: (-2 * e * y, -2 * e * x, -2 * e)),
            "{output} has the wrong sign: the error is target minus output in your code.",
        ),
    ),
    hints=(
        "Name the output f. First find how L moves with f, then how f moves with x, y and z.",
        "For x = -2, y = 3, z = 1, t = -4 the output is -5 and L is 1. L falls by about 0.02 when f grows by 0.01.",
    ),
)

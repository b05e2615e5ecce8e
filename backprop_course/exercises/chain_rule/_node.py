"""A small graph with a squared error at its end."""

from collections.abc import Iterator
from typing import Any

from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.chain_rule._assignment import Exercise01


def _node_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the numbers of the graph", (-2.0, 3.0, 1.0, -4.0))
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
            "forgot-chain",
            _node(lambda x, y, e: (y, x, 1.0)),
            "{output} is the slope of the node alone; what comes from the squared error is missing.",
            "The gradient of L arrives at the node first. Multiply by it.",
        ),
        WrongForm(
            "wrong-sign",
            _node(lambda x, y, e: (-2 * e * y, -2 * e * x, -2 * e)),
            "dx, dy and dz have the wrong sign.",
            "These numbers say where the loss falls; a gradient says where it rises. Is the error output minus target?",
        ),
        WrongForm(
            "unused-parameter",
            lambda x, y, z, t: (2 * y, 2 * x, 2.0),
            "In {output} the slope of the square is taken to be 2, whatever the error.",
            "A parabola is steeper further out.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _node(lambda x, y, e: (e**2 * y, e**2 * x, e**2)),
            "{output} is multiplied by the loss, not by the slope of the loss.",
            "When a number grows by a little, by how much does its square grow?",
        ),
        WrongForm(
            "wrong-variable",
            lambda x, y, z, t: (2 * (x * y + z) * y, 2 * (x * y + z) * x, 2 * (x * y + z)),
            "In {output} the slope of the square is evaluated at the output. The square was taken of the error.",
            "Where has the target gone?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x, y, z, t: (
                2 * (x * y + z - t) * x * y,
                2 * (x * y + z - t) * x * y,
                2 * (x * y + z - t) * z,
            ),
            "In {output} the input itself is a factor too many.",
            "A product hands back the other factor times what arrives; a sum hands back what arrives.",
        ),
    ),
    hints=(
        "Name the output f. First find how L moves with f, then how f moves with x, y and z.",
        "For x = -2, y = 3, z = 1, t = -4 the output is -5 and L is 1. L falls by about 0.02 when f grows by 0.01.",
    ),
)

"""A Jacobian out of vector-Jacobian products, and a gradient: the Jacobian of a loss, one row."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.jacobians._assignment import Exercise03
from backprop_course.numbers import count

# ---------------------------------------------------------------- a Jacobian out of products


def _vjp_cases(rng: Generator) -> Iterator[Case]:
    by_hand = Named("vjp of (x0 * x1, x0 ** 3, 5 * x1) at (1, 2)")
    square = Named("vjp of (x0 ** 2 - x1, x0 * x1 ** 2) at (1, 2)")
    point = np.array([1.0, 2.0])
    yield Case("three outputs of two inputs, to follow by hand", (by_hand, point, 3))
    yield Case("as many outputs as inputs", (square, point, 2))
    for D, M in ((4, 3), (3, 3), (2, 5), (3, 1), (1, 4)):
        layer = Named(f"vjp of layer {rng.choice(list('ABC'))}, {count(D, 'input')}, {count(M, 'output')}")
        yield Case(f"{count(D, 'input')} and {count(M, 'output')}", (layer, normal(rng, D), M))
    layer = Named(f"vjp of layer {rng.choice(list('ABC'))}, 4 inputs, 3 outputs")
    yield views(layer, normal(rng, 4), 3)
    yield Case("a float32 array", (layer, normal(rng, 4).astype(np.float32), 3))
    yield Case("a point of integers, and slopes that are none", (layer, np.array([1, -2, 0, 3]), 3))


def _from_rows(pick: Callable[[Any, Any, int], Any]) -> Callable[..., Any]:
    """A wrong answer made of the right Jacobian: ``pick(J, x, output_size)``."""
    return lambda vjp, x, output_size: pick(
        ops.jacobian_from_vjp(vjp, np.asarray(x, float), output_size), x, output_size
    )


def _one_row_per_input(vjp: Any, x: Any, output_size: int) -> Any:
    return np.stack([vjp(e) for e in np.eye(len(x))])


def _believes_it_square(vjp: Any, x: Any, output_size: int) -> Any:
    jacobian = np.zeros((output_size, output_size))
    jacobian[...] = ops.jacobian_from_vjp(vjp, np.asarray(x, float), output_size)
    return jacobian


JACOBIAN_FROM_VJP = Exercise03(
    points=2,
    reference=ops.jacobian_from_vjp,
    cases=_vjp_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "wrong-shape",
            lambda vjp, x, output_size: vjp(np.ones(output_size)),
            "You return one vector-Jacobian product: with dy = 1 everywhere it is the sum of all rows.",
            "Which upstream gradient picks out one single row?",
        ),
        WrongForm(
            "wrong-value",
            _from_rows(lambda J, x, M: np.tile(J.sum(axis=0), (M, 1))),
            "All rows of your matrix are the same: each is the sum of all rows of J.",
            "The upstream gradient should be new for each row. What does your loop change from row to row?",
        ),
        WrongForm(
            "unused-parameter",
            _one_row_per_input,
            "Your upstream gradients have as many entries as x. They need one for each output.",
            "vjp goes backwards: it takes something of the size of the outputs and returns something of the size of x.",
        ),
        # Stops where J is not square, so it comes first: both look alike where it is.
        WrongForm(
            "transposed",
            lambda vjp, x, output_size: np.stack([vjp(e) for e in np.eye(len(x))], axis=1),
            "What vjp returns is stored as a column, and one for each input.",
            "vjp goes backwards: it takes something of the size of the outputs and returns something of the size of x.",
        ),
        WrongForm(
            "transposed",
            _from_rows(lambda J, x, M: J.T),
            "The slopes are right, and rows and columns have changed places.",
            "What one call of vjp returns is a row of J: an output's slope for every input.",
        ),
        WrongForm(
            "raised-error",
            lambda vjp, x, output_size: vjp(np.eye(output_size)),
            "You hand vjp a whole matrix at once. It takes one upstream gradient, a vector with an entry per output.",
            "The rows of the Jacobian come one call at a time.",
        ),
        WrongForm(
            "wrong-value",
            _from_rows(lambda J, x, M: np.cumsum(J, axis=0)),
            "From the second row on, your rows contain the rows before them.",
            "The entry that was set to 1 for a row has to go back to 0 before the next one.",
        ),
        WrongForm(
            "overwritten-gradient",
            _from_rows(lambda J, x, M: J[-1]),
            "Only the last row is left: each one replaced the one before.",
            "Where does your loop store a row?",
        ),
        WrongForm(
            "wrong-shape",
            _believes_it_square,
            "Your function works only where there are as many inputs as outputs.",
            "A row of J has an entry for each input: as many as x.",
        ),
        WrongForm("wrong-order", _from_rows(lambda J, x, M: J[::-1]), "The rows come in reverse order."),
        WrongForm(
            "wrong-variable",
            _from_rows(lambda J, x, M: J * np.asarray(x, float)),
            "Your entries are multiplied by x.",
            "vjp knows the point x already; x itself is needed for its size at most.",
        ),
    ),
    hints=(
        "A vector-Jacobian product is dy @ J. For which dy is it the first row of J?",
        "One call of vjp for each output. What changes from call to call, and where does the result go?",
    ),
)

# ---------------------------------------------------------------- a gradient by a vector


def _distance_cases(rng: Generator) -> Iterator[Case]:
    yield Case("two entries to follow by hand", (np.array([3.0, 1.0]), np.array([1.0, 5.0])))
    for shape in ((5,), (3, 4), (3, 3), (1, 5), (1,)):
        yield Case(f"points of shape {shape}", (normal(rng, *shape), normal(rng, *shape)))
    x = normal(rng, 4)
    yield Case("a point at distance 0", (x, x.copy()))
    yield Case("far from the origin, close to each other", (1e4 + x, 1e4 + normal(rng, 4)))
    yield views(normal(rng, 3, 2), normal(rng, 3, 2))
    yield Case("float32 arrays", (normal(rng, 4).astype(np.float32), normal(rng, 4).astype(np.float32)))
    yield Case("integer x, target between the integers", (np.array([2, -1, 0]), np.array([0.5, 0.25, -1.5])))
    yield Case("arrays of integers", (np.array([2, -1, 4]), np.array([1, 3, 4])))


def _norm(x: Any, h: Any) -> Any:
    return np.sqrt(np.sum((x - h) ** 2))


SQUARED_DISTANCE_BACKWARD = Exercise03(
    points=1,
    reference=ops.squared_distance_backward,
    cases=_distance_cases,
    returns=("dx",),
    forward=ops.squared_distance,
    wrong=(
        WrongForm(
            "constant-factor",
            lambda x, h: x - h,
            "Your gradient is half the right one.",
            "Differentiate the square of one entry. There is no factor 1/2 in this distance.",
        ),
        WrongForm(
            "wrong-sign",
            lambda x, h: 2 * (h - x),
            "Your gradient points from x to h, where the distance shrinks.",
            "A gradient points to where the function grows.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x, h: (x - h) / _norm(x, h),
            "That is the gradient of the distance. Here the distance is squared.",
            "What is the length of your gradient, far away and close by?",
        ),
        WrongForm(
            "dropped-path",
            lambda x, h: 2 * x,
            "h does not occur in your gradient.",
            "Where is the distance smallest? The gradient is zero there.",
        ),
        *wrong_forms(
            "wrong-local-derivative",
            (lambda x, h: 2 * np.add(x, h), lambda x, h: 2 * x - h),
            "Your gradient is not zero where x equals h.",
            "Where is the distance smallest? The gradient is zero there.",
        ),
        WrongForm(
            "wrong-type",
            lambda x, h: (2 * np.subtract(x, h), 2 * np.subtract(h, x)),
            "You return two gradients. Only the one by x is asked for.",
            "The name says it: dx.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda x, h: np.sum((x - h) ** 2),
            "You return the squared distance, not its gradient.",
        ),
        WrongForm(
            "wrong-shape",
            lambda x, h: 2 * np.sum(x - h),
            "You return one number. The gradient has an entry for every entry of x.",
        ),
        *wrong_forms(
            "wrong-local-derivative",
            [lambda x, h, k=k: k * (x - h) ** 2 for k in (1, 2)],
            "You return squares of the entries: what is summed up, not its slope.",
            "Each entry of x occurs in one term of the sum. Differentiate that term.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda x, h: 2 * np.abs(x - h),
            "Your gradient never points to the left: its signs are lost.",
            "Where x is smaller than h, does the distance grow or shrink when x grows?",
        ),
        WrongForm(
            "forgot-chain",
            lambda x, h: 2 * _norm(x, h) * np.ones(np.shape(x)),
            "All entries of your gradient are the same.",
            "The distance depends on x through the differences of the entries. Differentiate down to one of them.",
        ),
    ),
    hints=(
        "Write the squared distance as a sum over entries and differentiate it by one of them.",
        "At x = h the gradient is zero, and it grows in proportion to the difference. With which factor?",
    ),
)

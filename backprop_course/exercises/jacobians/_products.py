"""Products with Jacobians: a chain of them, and one that never builds its matrix."""

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.jacobians._assignment import Exercise03

# ---------------------------------------------------------------- a chain of Jacobians


def _chain_cases(rng: Generator) -> Iterator[Case]:
    first, second = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [3.0, 1.0]])
    yield Case("two square Jacobians, to follow by hand", ([first, second],))
    for widths in ((2, 3, 4), (3, 3, 3, 3), (4, 2, 5, 3), (3, 4, 1), (1, 3, 2), (2, 3)):
        jacobians = [normal(rng, after, before) for before, after in pairwise(widths)]
        sizes = " -> ".join(map(str, widths))
        yield Case("one Jacobian alone" if len(widths) == 2 else f"sizes {sizes}", (jacobians,))
    jacobians = [normal(rng, 3, 2), normal(rng, 2, 3)]
    yield views(jacobians)
    yield Case("float32 arrays", ([J.astype(np.float32) for J in jacobians],))
    yield Case("arrays of integers", ([np.array([[1, 2], [0, 3], [4, -1]]), np.array([[2, 0, 1]])],))


CHAIN_JACOBIANS = Exercise03(
    points=2,
    reference=ops.chain_jacobians,
    cases=_chain_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "wrong-order",
            lambda jacobians: reduce(np.matmul, jacobians),
            "The Jacobians are multiplied in the wrong order.",
            "Follow a small change Δx: the first Jacobian must meet it first, so it stands next to it.",
        ),
        WrongForm(
            "matrix-product-for-elementwise",
            lambda jacobians: reduce(np.multiply, jacobians),
            "The Jacobians are multiplied entry by entry.",
            "An input reaches an output through every value in between. A matrix product adds up those ways.",
        ),
        WrongForm(
            "forgot-chain",
            lambda jacobians: jacobians[-1],
            "Only the last function's Jacobian is left in your answer.",
            "Every function in the chain contributes a factor.",
        ),
        WrongForm(
            "forgot-chain",
            lambda jacobians: jacobians[0],
            "Only the first function's Jacobian is left in your answer.",
            "Every function in the chain contributes a factor.",
        ),
        *wrong_forms(
            "forgot-chain",
            (
                lambda jacobians: reduce(lambda P, J: J @ P, jacobians[1:], np.eye(len(jacobians[0]))),
                lambda jacobians: reduce(lambda P, J: J @ P, jacobians[1:] or jacobians),
            ),
            "The first function's Jacobian is missing.",
            "Where does your loop start?",
        ),
        *wrong_forms(
            "forgot-chain",
            (
                lambda jacobians: reduce(lambda P, J: J @ P, jacobians[:-1], np.eye(jacobians[0].shape[1])),
                lambda jacobians: reduce(lambda P, J: J @ P, jacobians[:-1] or jacobians),
            ),
            "The last function's Jacobian is missing.",
            "Where does your loop end?",
        ),
        *wrong_forms(
            "forgot-chain",
            [
                lambda jacobians, ends=ends: reduce(lambda P, J: J @ P, jacobians[ends])
                for ends in (slice(0, 2), slice(-2, None))
            ],
            "Two Jacobians are multiplied, however many there are.",
            "Try a chain of three functions.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda jacobians: reduce(np.add, jacobians),
            "The Jacobians are added.",
            "Derivatives add where paths run side by side. Here the functions follow one another.",
        ),
        WrongForm(
            "missing-transpose",
            lambda jacobians: reduce(np.matmul, [np.transpose(J) for J in jacobians[::-1]]),
            "The transposed Jacobians are multiplied in an order that fits only where shapes happen to agree.",
            "Decide for one layout. In ours the shapes are outputs by inputs, and neighbours share a size.",
        ),
    ),
    hints=(
        "Write Δy = J Δx for two functions, and put the one into the other.",
        "Neighbours must share a size: the inputs of one are the outputs of the other. Check it on the shapes in the list.",
    ),
)

# ---------------------------------------------------------------- a product without a Jacobian

MANY = 100_000  # a matrix of MANY x MANY floats takes 80 GB


def _elementwise_cases(rng: Generator) -> Iterator[Case]:
    twice, cosine, bell = Named("2 * z"), Named("cos(z)"), Named("exp(-z ** 2)")
    yield Case(
        "three entries to follow by hand", (np.array([1.0, 10.0, 100.0]), twice, np.array([3.0, -1.0, 2.0]))
    )
    yield Case("random entries", (normal(rng, 5), cosine, normal(rng, 5)))
    yield Case("a single entry", (normal(rng, 1), bell, normal(rng, 1)))
    yield Case("a batch of three rows", (normal(rng, 3, 4), bell, normal(rng, 3, 4)))
    yield Case("a batch as large as its rows", (normal(rng, 3, 3), cosine, normal(rng, 3, 3)))
    yield views(normal(rng, 4), cosine, normal(rng, 4))
    yield Case("float32 arrays", (normal(rng, 4).astype(np.float32), bell, normal(rng, 4).astype(np.float32)))
    yield Case("an array of integers", (np.array([3.5, -2.25, 5.5]), twice, np.array([-2, 1, 3])))
    yield Case(f"D = {MANY:,}", (normal(rng, MANY), twice, normal(rng, MANY)))


def _dense(form: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """``form(dy, slope)`` that builds a D x D matrix, and so stops where that does not fit into memory."""

    def answer(dy: Any, derivative: Any, z: Any) -> Any:
        if np.size(z) >= MANY:
            raise MemoryError
        return form(dy, derivative(z))

    return answer


DENSE_SAYS = "Your function builds a matrix of D times D entries. For D = 100,000 that takes 80 GB."
DENSE_BECAUSE = (
    "All but the diagonal of that matrix is zero. What does the product do with one entry of dy? "
    "(And of a batch, which is a matrix already, `np.diag` takes the diagonal out.)"
)

ELEMENTWISE_VJP = Exercise03(
    points=2,
    reference=ops.elementwise_vjp,
    cases=_elementwise_cases,
    returns=("dz",),
    wrong=(
        *wrong_forms(
            "raised-error",
            map(
                _dense,
                (
                    lambda dy, slope: dy @ np.diag(slope),
                    lambda dy, slope: np.diag(slope) @ dy,
                    lambda dy, slope: dy * slope,
                    lambda dy, slope: np.diag(np.diag(slope) @ np.diag(dy)),
                ),
            ),
            DENSE_SAYS,
            DENSE_BECAUSE,
        ),
        WrongForm(
            "broadcast-blow-up",
            _dense(lambda dy, slope: np.outer(dy, slope)),
            "You form every product of an entry of dy with a slope. Only those of the same place belong together.",
        ),
        WrongForm(
            "wrong-shape",
            _dense(lambda dy, slope: dy * np.diag(slope)),
            "You return a matrix for a row: what is asked for stands on its diagonal, and the rest is zero.",
            "An entry-by-entry product of dy and a diagonal matrix is a matrix. What is the entry-by-entry product "
            "of dy and the slopes themselves?",
        ),
        WrongForm(
            "missing-upstream",
            _dense(lambda dy, slope: np.diag(slope)),
            "You return the Jacobian. Its product with dy is what is asked for, and it can be had without the matrix.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, derivative, z: derivative(z),
            "You return the slopes. What comes from upstream is missing.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, derivative, z: z * derivative(dy),
            "The derivative is evaluated at dy.",
            "The slope of the function is taken where the forward pass was: at its input.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, derivative, z: derivative(dy * z),
            "The derivative is evaluated at dy * z.",
            "The slope of the function is taken where the forward pass was: at its input.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dy, derivative, z: dy * derivative(dy),
            "The derivative is evaluated at dy.",
            "The slope of the function is taken where the forward pass was: at its input.",
        ),
        WrongForm(
            "forgot-chain",
            lambda dy, derivative, z: dy,
            "You pass dy on unchanged. The slope of the function is missing.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, derivative, z: dy * z,
            "dy is multiplied by z, not by the slope at z.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, derivative, z: dy * z * derivative(z),
            "Besides the slope, your answer has z as a factor.",
            "The chain rule has two factors here: what comes from upstream, and the slope.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, derivative, z: dy + derivative(z),
            "The slope is added to dy.",
            "What happens to a change when it passes through a function of slope 0?",
        ),
        WrongForm(
            "wrong-shape",
            lambda dy, derivative, z: dy @ derivative(z),
            "The products are added up over the entries of a row.",
            "Each entry of z has a gradient of its own. Which outputs does it reach?",
        ),
        WrongForm(
            "wrong-shape",
            lambda dy, derivative, z: np.sum(dy * derivative(z)),
            "The products are added up into one number.",
            "Each entry of z has a gradient of its own. Which outputs does it reach?",
        ),
    ),
    hints=(
        "Write down the product of a row vector with a diagonal matrix, for D = 3. Which multiplications have no zero?",
        "Entry i of dz depends on entry i of dy and on the slope at entry i of z, on nothing else.",
    ),
    time_limit=3.0,
)

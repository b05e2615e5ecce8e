"""Jacobian by finite differences.

The steps are coarse where a slip has to show: on a cubic, a central difference has the same error whichever way
it is written, and a one-sided one is off in the first digit.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.jacobians._assignment import Exercise03
from backprop_course.numerical import numerical_jacobian


def _jacobian_cases(rng: Generator) -> Iterator[Case]:
    by_hand, square = Named("(x0 * x1, x0 ** 3, 5 * x1)"), Named("(x0 ** 2 - x1, x0 * x1 ** 2)")
    layer, powers = (
        Named("tanh of a layer with 3 inputs and 4 outputs"),
        Named("(sum of squares, sum of cubes)"),
    )
    exponential = Named("exponential of each entry")
    yield Case("a coarse step, to follow by hand", (by_hand, np.array([1.0, 2.0]), 0.5))
    yield Case("as many outputs as inputs", (square, np.array([3.0, 1.0]), 0.25))
    yield Case("another step at the same point", (by_hand, np.array([1.0, 2.0]), 0.125))
    yield Case("the default step", (layer, normal(rng, 3)))
    yield Case("a coarse step at a random point", (layer, normal(rng, 3), 0.1))
    yield Case("more inputs than outputs", (powers, normal(rng, 6), 0.1))
    yield Case("one output", (Named("log-sum-exp, as an array of one"), normal(rng, 4), 0.1))
    yield Case("one input", (exponential, normal(rng, 1), 0.1))
    yield Case("a diagonal Jacobian, the default step", (exponential, normal(rng, 4)))
    yield views(layer, normal(rng, 3), 0.1)
    yield Case("a float32 array", (by_hand, np.array([2.0, 1.0], np.float32), 0.5))
    yield Case("an array of integers", (by_hand, np.array([2, 1]), 0.5))


def _by_columns(difference: Callable[..., Any]) -> Callable[..., Any]:
    """A Jacobian whose column j is ``difference(f, x, step, h)``, where step is h along entry j."""

    def form(f: Any, x: Any, h: float = 1e-5) -> Any:
        x = np.array(x, np.float64)
        return np.stack([difference(f, x, step, h) for step in h * np.eye(x.size)], axis=1)

    return form


def _by_relative_steps(distance: Callable[[float, float], float]) -> Callable[..., Any]:
    """A Jacobian whose steps are h times the entries of x, divided by ``distance(h, entry)``."""

    def form(f: Any, x: Any, h: float = 1e-5) -> Any:
        x = np.array(x, np.float64)
        pairs = zip(x, np.diag(h * x), strict=True)
        return np.stack([(f(x + step) - f(x - step)) / distance(h, x_j) for x_j, step in pairs], axis=1)

    return form


def _not_moved_back(f: Any, x: Any, h: float = 1e-5) -> Any:
    x, columns = np.array(x, np.float64), []
    for j in range(x.size):
        x[j] += h
        ahead = f(x)
        x[j] -= 2 * h
        columns.append((ahead - f(x)) / (2 * h))
    return np.stack(columns, axis=1)


def _one_sided_and_not_moved_back(f: Any, x: Any, h: float = 1e-5) -> Any:
    x, y = np.array(x, np.float64), f(x)
    return np.stack([(f(x + step) - y) / h for step in np.cumsum(h * np.eye(x.size), axis=0)], axis=1)


def _moves_integers(f: Any, x: Any, h: float = 1e-5) -> Any:
    columns = []
    for j in range(len(x)):
        ahead, behind = np.array(x), np.array(x)
        ahead[j], behind[j] = ahead[j] + h, behind[j] - h
        columns.append((f(ahead) - f(behind)) / (2 * h))
    return np.stack(columns, axis=1)


def _columns_as_rows(f: Any, x: Any, h: float = 1e-5) -> Any:
    jacobian = np.zeros((len(f(x)), len(x)))
    for j, column in enumerate(numerical_jacobian(f, x, h).T):
        jacobian[j] = column
    return jacobian


def _believes_it_square(f: Any, x: Any, h: float = 1e-5) -> Any:
    jacobian = np.zeros((len(x), len(x)))
    jacobian[...] = numerical_jacobian(f, x, h)
    return jacobian


ONE_SIDED = "You step to one side only: the result is the slope of a secant that starts at x, not around it."
NUMERICAL_JACOBIAN = Exercise03(
    points=2,
    reference=numerical_jacobian,
    cases=_jacobian_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "one-sided-difference",
            _by_columns(lambda f, x, step, h: (f(x + step) - f(x)) / h),
            ONE_SIDED,
            "Draw the secant from x to x + h on a curve. Where would a second point make it parallel to the tangent?",
        ),
        WrongForm(
            "one-sided-difference",
            _by_columns(lambda f, x, step, h: (f(x) - f(x - step)) / h),
            ONE_SIDED,
            "Draw the secant from x - h to x on a curve. Where would a second point make it parallel to the tangent?",
        ),
        WrongForm(
            "wrong-variable",
            lambda f, x, h=1e-5: numerical_jacobian(f, x),
            "Your answer does not depend on h.",
            "The step is an argument, so that its error can be studied. Look for a step written as a number.",
        ),
        *wrong_forms(
            "wrong-variable",
            [
                _by_columns(lambda f, x, step, h, k=k: (f(x + k * step) - f(x - k * step)) / (2 * k * h))
                for k in (2, 0.5)
            ],
            "The step that you take is not h but a multiple of it.",
            "Both points lie at distance h from x, so their distance from each other is 2h.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda f, x, h=1e-5: np.array([(f(np.array(x) + s) - f(x)) / h for s in h * np.eye(len(x))]),
            "You step to one side only, and the axes of the result are swapped.",
            "Draw the secant from x to x + h on a curve. And J has a row for every output.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _one_sided_and_not_moved_back,
            "You step to one side only, and an entry that was moved stays moved when the next one moves.",
            "Draw the secant from x to x + h on a curve. And print x at the end of your loop.",
        ),
        WrongForm(
            "transposed",
            lambda f, x, h=1e-5: numerical_jacobian(f, x, h).T,
            "The slopes are right, and rows and columns have changed places.",
            "You move one input at a time, so each of your measurements is a column of J.",
        ),
        WrongForm(
            "transposed",
            _columns_as_rows,
            "Each of your measurements is written into a row.",
            "You move one input at a time, so each of your measurements is a column of J.",
        ),
        WrongForm(
            "overwritten-gradient",
            lambda f, x, h=1e-5: numerical_jacobian(f, x, h) * (np.arange(len(x)) == len(x) - 1),
            "Only the last column is left.",
            "The matrix is made anew for every input. Where should it be made?",
        ),
        WrongForm(
            "constant-factor",
            _by_columns(lambda f, x, step, h: (f(x + step) - f(x - step)) / 2 * h),
            "The difference is multiplied by h where it should be divided.",
            "Python reads a / 2 * h from left to right.",
        ),
        WrongForm(
            "constant-factor",
            _by_columns(lambda f, x, step, h: (f(x + step) - f(x - step)) / (2 * h**2)),
            "The difference is divided by h once too often.",
            "How far apart are the two points?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_columns(lambda f, x, step, h: (f(x + step) + f(x - step)) / (2 * h)),
            "The two values of f are added.",
            "A slope says how much f changes from one point to the other.",
        ),
        WrongForm(
            "constant-factor",
            _by_columns(lambda f, x, step, h: f(x + step) - f(x - step)),
            "You return differences of f. A slope is a difference divided by the distance of the two points.",
            "How far apart are the two points?",
        ),
        WrongForm(
            "wrong-variable",
            _not_moved_back,
            "From the second column on, the slopes belong to another point than x.",
            "After an entry is moved it has to go back before the next one moves.",
        ),
        WrongForm(
            "wrong-variable",
            _by_columns(lambda f, x, step, h: (f(x + step / h) - f(x - step / h)) / (2 * h)),
            "The step that you take has the length 1, and you divide as if it were h.",
            "Print the two points at which you call f. How far apart are they?",
        ),
        *wrong_forms(
            "wrong-variable",
            [_by_relative_steps(distance) for distance in (lambda h, x_j: 2 * h * x_j, lambda h, x_j: 2 * h)],
            "The step is h times the entry of x. Here h is the step itself.",
        ),
        WrongForm(
            "integer-truncation",
            _moves_integers,
            "For an x of integers, an entry that you move is cut to a whole number: the array stays one of integers.",
            "Convert x to floats before you move it.",
        ),
        WrongForm(
            "wrong-shape",
            lambda f, x, h=1e-5: (f(np.array(x) + h) - f(np.array(x) - h)) / (2 * h),
            "All entries of x move at once, so the effects of all inputs are added up in one number per output.",
            "A column of the Jacobian tells what happens when one input moves and the others stay.",
        ),
        WrongForm(
            "wrong-shape",
            _believes_it_square,
            "Your function works only where there are as many outputs as inputs.",
            "The number of outputs is the size of what f returns, not the size of x.",
        ),
    ),
    hints=(
        "Column j answers one question: how do all outputs change when input j alone moves?",
        "Step from x to both sides along one entry, call f at both ends, and mind how far apart they are.",
    ),
    analytic=False,
    rtol=1e-6,
)

"""Hessian by finite differences.

On a cubic every central formula is exact, however coarse the step, so that all of them agree; one-sided ones
do not.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.jacobians._assignment import Exercise03
from backprop_course.numerical import numerical_hessian, numerical_jacobian


def _hessian_cases(rng: Generator) -> Iterator[Case]:
    by_hand, three = Named("x0 ** 2 * x1 + x1 ** 3"), Named("x0 * x1 * x2 + x0 ** 3 - x1 * x2 ** 2")
    cubes, smooth = Named("sum of cubes"), Named("log-sum-exp")
    yield Case("a coarse step, to follow by hand", (by_hand, np.array([1.0, 2.0]), 0.5))
    yield Case("one input", (cubes, np.array([2.0]), 0.5))
    yield Case("three inputs", (three, normal(rng, 3), 0.25))
    yield Case("a diagonal Hessian", (cubes, normal(rng, 4), 0.5))
    yield Case("the default step", (smooth, normal(rng, 3)))
    yield Case("the default step on a cubic", (by_hand, normal(rng, 2)))
    # The values are so large that round-off drowns the answer of any fine step.
    yield Case(
        "large values, which need a coarse step",
        (Named("ten million plus x0 ** 2 * x1"), np.array([1.5, 2.0]), 0.5),
    )
    yield views(three, normal(rng, 3), 0.25)
    yield Case("a float32 array", (by_hand, np.array([2.0, 1.0], np.float32), 0.5))
    yield Case("an array of integers", (by_hand, np.array([2, 1]), 0.5))


def _by_pairs(difference: Callable[..., Any]) -> Callable[..., Any]:
    """A Hessian with entries ``difference(f, x, a, b, h)``, where a and b are h along entries i and j."""

    def form(f: Any, x: Any, h: float = 1e-4) -> Any:
        x = np.array(x, np.float64)
        steps = h * np.eye(x.size)
        return np.array([[difference(f, x, a, b, h) for b in steps] for a in steps])

    return form


def _corners(f: Any, x: Any, a: Any, b: Any, h: float) -> Any:
    return f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)


def _with_signs(*signs: int) -> Callable[..., Any]:
    """The four corners with signs of another kind."""

    def difference(f: Any, x: Any, a: Any, b: Any, h: float) -> Any:
        return np.dot(signs, [f(x + a + b), f(x + a - b), f(x - a + b), f(x - a - b)]) / (4 * h**2)

    return _by_pairs(difference)


def _gradient(f: Any, x: Any, h: float) -> Any:
    return numerical_jacobian(f, x, h)[0]


def _moves_integer_pairs(f: Any, x: Any, h: float = 1e-4) -> Any:
    def at(i: int, step_i: float, j: int, step_j: float) -> Any:
        moved = np.array(x)
        moved[i] = moved[i] + step_i
        moved[j] = moved[j] + step_j
        return f(moved)

    signs = [(a, b, a * b) for a in (1, -1) for b in (1, -1)]
    entries = [
        [sum(s * at(i, a * h, j, b * h) for a, b, s in signs) for j in range(len(x))] for i in range(len(x))
    ]
    return np.array(entries) / (4 * h**2)


def _diagonal_by_three_points(f: Any, x: Any, a: Any, b: Any, h: float) -> Any:
    second = f(x + a) - 2 * f(x) + f(x - a)
    return (second if np.array_equal(a, b) else _corners(f, x, a, b, h)) / (4 * h**2)


NUMERICAL_HESSIAN = Exercise03(
    points=3,
    reference=numerical_hessian,
    cases=_hessian_cases,
    returns=("H",),
    wrong=(
        *wrong_forms(
            "one-sided-difference",
            (
                _by_pairs(lambda f, x, a, b, h: (f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2),
                _by_pairs(lambda f, x, a, b, h: (f(x) - f(x - a) - f(x - b) + f(x - a - b)) / h**2),
            ),
            "You step to one side only, so H belongs to a point beside x: its error shrinks like h, not like its square.",
            "Draw the points at which you call f. Their centre should be x.",
        ),
        *wrong_forms(
            "wrong-variable",
            (
                lambda f, x, h=1e-4: numerical_hessian(f, x),
                lambda f, x, h=1e-4: numerical_jacobian(lambda at: numerical_jacobian(f, at)[0], x),
            ),
            "Your answer does not depend on h.",
            "Where f is large, a fine step drowns in round-off. The caller chooses h for that reason.",
        ),
        WrongForm(
            "one-sided-difference",
            _by_pairs(lambda f, x, a, b, h: (_gradient(f, x + a, h) - _gradient(f, x, h)) @ b / h**2),
            "The slopes are taken on both sides, and their own slope on one side only.",
            "H is a difference of differences. Both of them should be centred at x.",
        ),
        WrongForm(
            "diagonal-jacobian",
            lambda f, x, h=1e-4: np.diag(np.diag(numerical_hessian(f, x, h))),
            "H is zero off the diagonal: only pairs of an input with itself are looked at.",
            "How does the slope along one input change when another input moves?",
        ),
        WrongForm(
            "diagonal-jacobian",
            lambda f, x, h=1e-4: np.diag(numerical_hessian(f, x, h)),
            "You return the diagonal of H alone.",
            "How does the slope along one input change when another input moves?",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-4: np.triu(numerical_hessian(f, x, h)),
            "Below the diagonal, H is zero.",
            "The order of the two derivatives does not matter. What does that say of entries (i, j) and (j, i)?",
        ),
        WrongForm(
            "wrong-value",
            lambda f, x, h=1e-4: np.tril(numerical_hessian(f, x, h)),
            "Above the diagonal, H is zero.",
            "The order of the two derivatives does not matter. What does that say of entries (i, j) and (j, i)?",
        ),
        *wrong_forms(
            "wrong-value",
            (
                lambda f, x, h=1e-4: np.triu(numerical_hessian(f, x, h), 1),
                lambda f, x, h=1e-4: np.tril(numerical_hessian(f, x, h), -1),
            ),
            "H is zero on its diagonal and on one side of it.",
            "Which pairs (i, j) does your loop visit? H has an entry for each, those with i = j too.",
        ),
        WrongForm(
            "dropped-path",
            lambda f, x, h=1e-4: numerical_hessian(f, x, h) * (1 - np.eye(len(x))),
            "The diagonal of H is zero.",
            "A slope changes along its own input as well. Does your loop visit the pairs with i = j, and does the "
            "second of the two steps add to the first there?",
        ),
        WrongForm(
            "wrong-value",
            _by_pairs(lambda f, x, a, b, h: _gradient(f, x, h) @ a * (_gradient(f, x, h) @ b) / h**2),
            "Each entry of H is a product of two first derivatives.",
            "A second derivative is the derivative of a derivative, not a product of two. Try f = x0: its slope is 1.",
        ),
        *wrong_forms(
            "wrong-sign",
            (
                _with_signs(*signs)
                for signs in product((1, -1), repeat=4)
                if signs not in ((1, -1, -1, 1), (-1, 1, 1, -1))
            ),
            "The four values of f are added and subtracted with the wrong signs.",
            "Along j, the slope is a difference of two values. You take it at two places along i and subtract. "
            "Open the brackets: which sign does each of the four get?",
        ),
        WrongForm(
            "wrong-shape",
            _gradient,
            "You return first derivatives, one per input. H holds a second derivative for every pair of inputs.",
        ),
        WrongForm(
            "constant-factor",
            _by_pairs(lambda *given: _corners(*given) / (4 * given[-1])),
            "H is h times the right one.",
            "Two differences are taken, one after the other. By what is each of them divided?",
        ),
        WrongForm(
            "constant-factor",
            _by_pairs(lambda *given: _corners(*given) / 4 * given[-1] ** 2),
            "The difference is multiplied by the square of h where it should be divided.",
            "Python reads a / 4 * h from left to right.",
        ),
        WrongForm(
            "constant-factor",
            _by_pairs(_diagonal_by_three_points),
            "The diagonal of H is a quarter of the right one.",
            "The points of your formula for the diagonal are closer together than those of the other entries.",
        ),
        WrongForm(
            "constant-factor",
            lambda f, x, h=1e-4: numerical_hessian(f, x, h) * (4 - 3 * np.eye(len(x))),
            "Off the diagonal, H is four times the right one.",
            "Off the diagonal the points of your formula are 2h apart, in both directions.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_pairs(lambda f, x, a, b, h: (f(x + a + b) - 2 * f(x) + f(x - a - b)) / h**2),
            "Off the diagonal, your entry is the curvature along a diagonal line. It mixes three entries of H.",
            "Moving both inputs together tells of their own curvatures as well. What has to be taken off?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_pairs(lambda f, x, a, b, h: (f(x + a) - 2 * f(x) + f(x - b)) / h**2),
            "Off the diagonal, you never move two inputs at once.",
            "How does the slope along one input change when another input moves?",
        ),
        WrongForm(
            "integer-truncation",
            _moves_integer_pairs,
            "For an x of integers, an entry that you move is cut to a whole number: the array stays one of integers.",
            "Convert x to floats before you move it.",
        ),
    ),
    hints=(
        "Entry (i, j) is the slope along i of the slope along j. Both slopes can be taken by central differences.",
        "Sketch the plane of inputs i and j with x in the middle. At which corners do you call f, and with which signs?",
    ),
    analytic=False,
    rtol=1e-3,
)

"""The fraction whose numerator and denominator share a sigmoid, step by step through its graph."""

from collections.abc import Iterator
from typing import Any

from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.computational_graphs._assignment import Exercise02


def _fraction_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the numbers of the tables", (4.0, 3.0))
    yield Case("x is 0", (0.0, 2.0))
    for _ in range(5):
        yield Case("random numbers", (float(rng.uniform(-2, 3)), float(rng.uniform(0.5, 3))))
    yield Case("integers", (1, 2))


def _right(ds: Any, q: Any, u: Any, v: Any) -> Any:
    return u * (1 + ds) + v * (ds + q), v * q


def _fraction(rule: Any = _right, slope: Any = lambda x, s: s * (1 - s)) -> Any:
    """``rule(ds, q, u, v)``, with slopes of sigmoid and square, and what reaches numerator and denominator."""

    def form(x: Any, y: Any) -> Any:
        s, square = ops.sigmoid(x), (x + y) ** 2
        top, bottom = x + s, s + square
        return top / bottom, *rule(slope(x, s), 2 * (x + y), 1 / bottom, -top / bottom**2)

    return form


FRACTION_BACKWARD = Exercise02(
    points=3,
    reference=ops.fraction_backward,
    cases=_fraction_cases,
    returns=("z", "dz_dx", "dz_dy"),
    wrong=(
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u + v * (ds + q), v * q)),
            "In dz_dx the path through the sigmoid in the numerator is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) + v * q, v * q)),
            "In dz_dx the path through the sigmoid in the denominator is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) + v * ds, v * q)),
            "In dz_dx the path through the square is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u * (1 + ds), v * q)),
            "dz_dx follows the numerator alone; x is in the denominator too.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u * ds + v * (ds + q), v * q)),
            "In dz_dx the direct path of x into the numerator is missing.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda ds, q, u, v: (u + v * q, v * q)),
            "In dz_dx both paths through the sigmoid are missing: it is no constant, x moves it.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        *wrong_forms(
            "overwritten-gradient",
            (
                _fraction(lambda ds, q, u, v: ((u + v) * ds, v * q)),
                _fraction(lambda ds, q, u, v: (u, v * q)),
                _fraction(lambda ds, q, u, v: (v * q, v * q)),
            ),
            "In dz_dx only one of the nodes that x feeds is left.",
            "x feeds three nodes: the numerator, the sum x + y and the sigmoid. Look for `=` where `+=` belongs.",
        ),
        WrongForm(
            "wrong-sign",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) - v * (ds + q), -v * q)),
            "The denominator's contribution has the wrong sign: when it grows, the fraction falls.",
        ),
        WrongForm(
            "forgot-chain",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) + v * (ds + q / 2), v * q / 2)),
            "The factor that comes down from the square is missing.",
        ),
        WrongForm(
            "forgot-chain",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) + v * (ds + 1), v)),
            "In {output} the slope of the square is missing.",
            "What comes back to the square has to pass through it before it reaches x or y.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x, y: _fraction(lambda ds, q, u, v: (u * (1 + ds) + v * (ds + 2 * x), v * 2 * y))(x, y),
            "In {output} the slope of the square is taken at one of its two inputs alone.",
            "The slope of a square is taken at what is squared. Here that is x + y.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _fraction(lambda ds, q, u, v: (u * (1 + ds) - u**2 * (ds + q), -(u**2) * q)),
            "On the way through the denominator the numerator is missing as a factor.",
            "The multiply gate at the end hands the reciprocal the value of the numerator.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _fraction(lambda ds, q, u, v: (1 + ds + v / u * (ds + q), v / u * q)),
            "{output} should be divided by the denominator once more.",
            "Try the slope of 1 / b at b = 2: how much does it fall when b grows by 0.01?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _fraction(lambda ds, q, u, v: ((1 + ds) / (ds + q), v * q)),
            "In dz_dx the slope of the numerator is divided by that of the denominator.",
            "Try it at z = x / x, which is 1 everywhere: is its slope 1 / 1?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _fraction(slope=lambda x, s: s),
            "In dz_dx the sigmoid's value stands in the place of its slope.",
            "The sigmoid is flat far out, where its value is 0 or 1.",
        ),
        WrongForm(
            "forgot-chain",
            _fraction(slope=lambda x, s: 1.0),
            "In dz_dx the slope of the sigmoid is missing.",
            "What comes back to the sigmoid has to pass through it before it reaches x.",
        ),
        WrongForm(
            "wrong-variable",
            _fraction(slope=lambda x, s: x * (1 - x)),
            "In dz_dx the slope of the sigmoid is written with x. It needs the sigmoid's output.",
            "The short form of the slope is in terms of what comes out of the sigmoid.",
        ),
        WrongForm(
            "wrong-variable",
            _fraction(slope=lambda x, s: ops.sigmoid(s) * (1 - ops.sigmoid(s))),
            "In dz_dx the sigmoid is applied to its own output once more.",
            "You have its output already.",
        ),
    ),
    hints=(
        "Fill in the forward table first, then the backward table from its last row. Every row is upstream times local.",
        "Where the sigmoid feeds two nodes, add what comes back from both before you go through its slope.",
    ),
)

"""Worked examples: the sigmoid neuron, softplus and the fraction, step by step through their graphs."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.computational_graphs._assignment import Exercise02


def _neuron_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the example of the lecture", (np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0])))
    yield Case("all weights 0", (np.zeros(3), np.array([1.0, 2.0])))
    for _ in range(4):
        yield Case("random weights and inputs", (rng.normal(size=3), rng.normal(size=2)))
    yield Case("a saturated neuron", (np.array([3.0, 4.0, 1.0]), np.array([1.5, 1.0])))
    yield Case("integers", (np.array([1, -1, 0]), np.array([2, 1])))
    yield Case(
        "views that are not contiguous in memory", (rng.normal(size=3), rng.normal(size=2)), strided=True
    )
    yield Case("float32 arrays", (rng.normal(size=3).astype("f"), rng.normal(size=2).astype("f")))


def _neuron(rule: Any) -> Any:
    def form(w: Any, x: Any) -> Any:
        f = ops.sigmoid_neuron(w, x)
        return f, *rule(np.asarray(w, float), np.asarray(x, float), f)

    return form


SIGMOID_NEURON_BACKWARD = Exercise02(
    points=2,
    reference=ops.sigmoid_neuron_backward,
    cases=_neuron_cases,
    returns=("f", "dw", "dx"),
    forward=ops.sigmoid_neuron,
    wrong=(
        WrongForm(
            "wrong-sign",
            _neuron(lambda w, x, f: (-f * (1 - f) * np.append(x, 1), -f * (1 - f) * w[:2])),
            "{output} has the wrong sign: one of the two minus signs on the way is lost.",
            "The exponent carries a minus, and so does the slope of 1 / a. Two minus signs.",
        ),
        WrongForm(
            "swapped-inputs",
            _neuron(lambda w, x, f: (f * (1 - f) * np.append(w[:2], 1), f * (1 - f) * x)),
            "dw carries the weights and dx the inputs. A multiply gate hands each input the value of the other.",
        ),
        WrongForm(
            "forgot-chain",
            _neuron(lambda w, x, f: (np.append(x, 1.0), w[:2])),
            "The slope of the sigmoid is missing in {output}.",
            "You stopped at the sum inside. The sigmoid comes after it.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _neuron(lambda w, x, f: (f * (1 - f) * np.append(x, 0), f * (1 - f) * w[:2])),
            "The bias gets no gradient.",
            "w[2] is added to the sum. What does an add gate hand on?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _neuron(lambda w, x, f: (f * (1 - f) * np.append(x, w[2]), f * (1 - f) * w[:2])),
            "The bias's gradient is multiplied by the bias. It is multiplied by nothing in the forward pass.",
        ),
        WrongForm(
            "wrong-variable",
            _neuron(
                lambda w, x, f: (
                    ops.sigmoid(f) * (1 - ops.sigmoid(f)) * np.append(x, 1),
                    ops.sigmoid(f) * (1 - ops.sigmoid(f)) * w[:2],
                )
            ),
            "The sigmoid is applied to its own output once more.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _neuron(lambda w, x, f: (f * np.append(x, 1), f * w[:2])),
            "You multiply by the sigmoid's value, not by its slope.",
        ),
    ),
    hints=(
        "Let s be the sum w[0] x[0] + w[1] x[1] + w[2]. First find the slope of the sigmoid at s, then go on through the sum.",
        "At the example of the lecture f is 0.7311 and the slope of the sigmoid there is 0.1966. What does each multiply gate do to it?",
    ),
)


def _softplus_cases(rng: Generator) -> Iterator[Case]:
    yield Case("at 0", (0.0,))
    yield Case("at 1", (1.0,))
    for _ in range(4):
        yield Case("a random number", (float(rng.uniform(-4, 8)),))
    yield Case("an integer", (2,))
    yield Case("an array of numbers", (rng.uniform(-4, 8, size=5),))


def _softplus(rule: Any) -> Any:
    def form(x: Any) -> Any:
        b = np.exp(x)
        return rule(b, 1 + b, np.log(1 + b))

    return form


SOFTPLUS_GRAPH_BACKWARD = Exercise02(
    points=1,
    reference=ops.softplus_graph_backward,
    cases=_softplus_cases,
    returns=("y", "dy_da", "dy_db", "dy_dx"),
    wrong=(
        WrongForm(
            "forgot-chain",
            _softplus(lambda b, a, y: (y, 1 / a, 1 / a, 1 / a)),
            "The slope of the exponential is missing in {output}.",
            "The last step goes from b back to x. Which function made b out of x?",
        ),
        WrongForm(
            "forgot-chain",
            _softplus(lambda b, a, y: (y, 1 / a, 1.0 + 0 * b, b)),
            "{output} is a local derivative. Multiply it by what comes from upstream.",
            "Each row of the backward table is upstream times local.",
        ),
        WrongForm(
            "wrong-variable",
            _softplus(lambda b, a, y: (y, 1 / b, 1 / b, 1.0 + 0 * b)),
            "The slope of the logarithm is evaluated at b. The logarithm was taken of a.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _softplus(lambda b, a, y: (y, a, a, a * b)),
            "The slope of the logarithm is upside down.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _softplus(lambda b, a, y: (y, 1 / a, 1 / a + 1, b * (1 / a + 1))),
            "Adding the constant 1 does not add to the gradient.",
            "a = 1 + b moves exactly as much as b does.",
        ),
        WrongForm(
            "swapped-inputs",
            _softplus(lambda b, a, y: (y, b / a, 1 / a, 1 / a)),
            "The gradients come in the wrong order: first a, then b, then x.",
        ),
    ),
    hints=(
        "There are three nodes: exp, add 1, log. Walk back through them one at a time.",
        "dy_db equals dy_da, because adding a constant changes nothing. From b to x there is one more factor.",
    ),
)


def _fraction_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the example of the lecture", (4.0, 3.0))
    yield Case("x is 0", (0.0, 2.0))
    for _ in range(5):
        yield Case("random numbers", (float(rng.uniform(-2, 3)), float(rng.uniform(0.5, 3))))
    yield Case("integers", (1, 2))


def _fraction(rule: Any) -> Any:
    def form(x: Any, y: Any) -> Any:
        s, square = ops.sigmoid(x), (x + y) ** 2
        top, bottom = x + s, s + square
        return top / bottom, *rule(x, y, s * (1 - s), top, bottom)

    return form


FRACTION_BACKWARD = Exercise02(
    points=3,
    reference=ops.fraction_backward,
    cases=_fraction_cases,
    returns=("z", "dz_dx", "dz_dy"),
    wrong=(
        WrongForm(
            "dropped-path",
            _fraction(
                lambda x, y, ds, t, b: (1 / b - t / b**2 * (ds + 2 * (x + y)), -t / b**2 * 2 * (x + y))
            ),
            "In dz_dx the path through the sigmoid in the numerator is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(
                lambda x, y, ds, t, b: ((1 + ds) / b - t / b**2 * 2 * (x + y), -t / b**2 * 2 * (x + y))
            ),
            "In dz_dx the path through the sigmoid in the denominator is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda x, y, ds, t, b: ((1 + ds) / b - t / b**2 * ds, -t / b**2 * 2 * (x + y))),
            "In dz_dx the path through the square is missing.",
            "x reaches z along four paths. Mark every place where x appears.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(lambda x, y, ds, t, b: ((1 + ds) / b, -t / b**2 * 2 * (x + y))),
            "dz_dx follows the numerator alone; x is in the denominator too.",
        ),
        WrongForm(
            "dropped-path",
            _fraction(
                lambda x, y, ds, t, b: (ds / b - t / b**2 * (ds + 2 * (x + y)), -t / b**2 * 2 * (x + y))
            ),
            "In dz_dx the direct path of x into the numerator is missing.",
        ),
        WrongForm(
            "wrong-sign",
            _fraction(
                lambda x, y, ds, t, b: ((1 + ds) / b + t / b**2 * (ds + 2 * (x + y)), t / b**2 * 2 * (x + y))
            ),
            "The denominator's contribution has the wrong sign: when it grows, the fraction falls.",
        ),
        WrongForm(
            "forgot-chain",
            _fraction(lambda x, y, ds, t, b: ((1 + ds) / b - t / b**2 * (ds + (x + y)), -t / b**2 * (x + y))),
            "The factor that comes down from the square is missing.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _fraction(
                lambda x, y, ds, t, b: ((1 + ds) / b - 1 / b**2 * (ds + 2 * (x + y)), -1 / b**2 * 2 * (x + y))
            ),
            "On the way through the denominator the numerator is missing as a factor.",
            "The multiply gate at the end hands the reciprocal the value of the numerator.",
        ),
    ),
    hints=(
        "Fill in the forward table first, then the backward table from its last row. Every row is upstream times local.",
        "Where the sigmoid feeds two nodes, add what comes back from both before you go through its slope.",
    ),
)

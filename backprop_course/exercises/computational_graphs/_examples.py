"""The sigmoid neuron and softplus, step by step through their graphs."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.computational_graphs._assignment import Exercise02


def _neuron_cases(rng: Generator) -> Iterator[Case]:
    yield Case("the numbers of the graph", (np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0])))
    yield Case("all weights 0", (np.zeros(3), np.array([1.0, 2.0])))
    for _ in range(4):
        yield Case("random weights and inputs", (rng.normal(size=3), rng.normal(size=2)))
    yield Case("a saturated neuron", (np.array([2.0, 3.0, 1.0]), np.array([1.0, 1.0])))
    yield Case("integers", (np.array([1, -1, 0]), np.array([2, 1])))
    yield views(rng.normal(size=3), rng.normal(size=2))
    yield Case("float32 arrays", (rng.normal(size=3).astype("f"), rng.normal(size=2).astype("f")))


def _neuron(
    parts: Any = lambda w, x: (np.append(x, 1), w[:2]),
    slope: Any = lambda s, f: f * (1 - f),
    activation: Any = ops.sigmoid,
) -> Any:
    """The right answer but for `parts`, the slopes of the sum s, for `slope`, the sigmoid's, or for f itself."""

    def form(w: Any, x: Any) -> Any:
        w, x = np.asarray(w, float), np.asarray(x, float)
        s = w[:2] @ x + w[2]
        f = activation(s)
        return f, *(slope(s, f) * part for part in parts(w, x))

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
            _neuron(slope=lambda s, f: -f * (1 - f)),
            "{output} has the wrong sign.",
            "The exponent carries a minus, and so does the slope of 1 / m. How many minus signs has your way back?",
        ),
        WrongForm(
            "swapped-inputs",
            _neuron(lambda w, x: (np.append(w[:2], 1), x)),
            "dw carries the weights and dx the inputs. A multiply gate hands each input the value of the other.",
        ),
        WrongForm(
            "forgot-chain",
            _neuron(slope=lambda s, f: 1.0),
            "The slope of the sigmoid is missing in {output}.",
            "You stopped at the sum inside. The sigmoid comes after it.",
        ),
        WrongForm(
            "dropped-path",
            _neuron(lambda w, x: (np.append(x, 0), w[:2])),
            "The bias gets no gradient.",
            "w[2] is added to the sum. What does an add gate hand on?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _neuron(lambda w, x: (np.append(x, w[2]), w[:2])),
            "The bias's gradient is multiplied by the bias. It is multiplied by nothing in the forward pass.",
        ),
        WrongForm(
            "wrong-variable",
            _neuron(slope=lambda s, f: ops.sigmoid(f) * (1 - ops.sigmoid(f))),
            "The sigmoid is applied to its own output once more.",
        ),
        WrongForm(
            "wrong-variable",
            _neuron(slope=lambda s, f: s * (1 - s)),
            "In {output} the slope of the sigmoid is written with the sum that goes in. It needs the output.",
            "The short form of the sigmoid's slope is in terms of what comes out of the sigmoid.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _neuron(slope=lambda s, f: f),
            "You multiply by the sigmoid's value, not by its slope.",
        ),
        WrongForm(
            "wrong-order",
            _neuron(lambda w, x: (np.insert(x, 0, 1), w[1:])),
            "{output} takes the first entry of w for the bias.",
            "The bias is w[2], the last one.",
        ),
        WrongForm(
            "wrong-shape",
            _neuron(lambda w, x: (x, w)),
            "{output} has shape {got}, not {expected}. The bias is an entry of w, and no entry of x.",
            "A gradient has the shape of the thing it is the gradient of.",
        ),
        WrongForm(
            "wrong-sign",
            _neuron(activation=lambda s: ops.sigmoid(-s)),
            "{output} falls where the sum grows: the minus sign in the exponent is missing.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            _neuron(slope=lambda s, f: 1.0, activation=lambda s: s),
            "{output} belongs to the sum that goes into the sigmoid. The sigmoid of it is missing.",
        ),
        WrongForm(
            "dropped-path",
            lambda w, x: _neuron()(np.append(w[:2], 0), x),
            "The bias is missing in the forward pass.",
            "The sum has three terms. w[2] is added as it is.",
        ),
    ),
    hints=(
        "Let s be the sum w[0] x[0] + w[1] x[1] + w[2]. First find the slope of the sigmoid at s, then go on through the sum.",
        "At the numbers of the graph f is 0.7311 and the slope of the sigmoid there is 0.1966. What does each multiply gate do to it?",
    ),
)


def _softplus_cases(rng: Generator) -> Iterator[Case]:
    yield Case("at 0", (0.0,))
    yield Case("at 1", (1.0,))
    for _ in range(4):
        yield Case("a random number", (float(rng.uniform(-4, 6)),))
    yield Case("an integer", (2,))


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
            "wrong-variable",
            _softplus(lambda b, a, y: (y, 1 / a, 1 / a, np.exp(a) / a)),
            "The slope of the exponential is evaluated at a. The exponential was taken of x.",
            "The slope of a function is taken at what goes into it.",
        ),
        WrongForm(
            "wrong-variable",
            lambda x: (np.log(1 + np.exp(x)), *[1 / (1 + np.exp(x))] * 2, x / (1 + np.exp(x))),
            "On the way back through the exponential, {output} is multiplied by x, not by the slope there.",
            "What is the slope of the exponential at x? You computed that number on the way forward.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda x: (np.log(1 + np.exp(x)), 1 + np.exp(x), np.exp(x), x),
            "{output} holds the value of the node, not the gradient there.",
            "The forward table has the values. Fill in the backward table from its last row.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _softplus(lambda b, a, y: (y, 1 / a, b / a, b * b / a)),
            "{output} is dy_da times b. Between a and b there is only the sum, a = 1 + b.",
            "a = 1 + b moves exactly as much as b does. The slope of the exponential belongs to the next step.",
        ),
        WrongForm(
            "wrong-sign",
            lambda x: (np.log(1 + np.exp(-x)), *[1 / (1 + np.exp(-x))] * 2, -np.exp(-x) / (1 + np.exp(-x))),
            "{output} belongs to the exponential of -x. Here it is the exponential of x.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _softplus(lambda b, a, y: (y, a, a, a * b)),
            "The slope of the logarithm is upside down.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _softplus(lambda b, a, y: (y, -1 / a**2, -1 / a**2, -b / a**2)),
            "In {output} the logarithm is differentiated as if it were a reciprocal.",
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

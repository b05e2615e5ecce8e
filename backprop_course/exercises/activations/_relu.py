"""The ReLU, its corner and subgradients."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, Named, WrongForm, wrong_forms
from backprop_course.exercises.activations._assignment import Exercise04, kinked_cases

RELU_BACKWARD = Exercise04(
    points=2,
    reference=ops.relu_backward,
    cases=kinked_cases,
    returns=("dz",),
    forward=ops.relu,
    wrong=(
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (ops.relu(z) >= 0),
            "The gradient passes through where z < 0.",
            "A mask taken from the output with >= 0 would do this: after a ReLU, every output is >= 0.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (z > 0) * (dy > 0),
            "Negative upstream gradients are stopped as well.",
            "The mask depends on the forward input z alone; a negative dy is a gradient like any other.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: np.maximum(dy, 0),
            "The mask is taken from dy, not from z.",
            "Which entries were switched off in the forward pass? z knows, dy does not.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy * (z < 0),
            "The mask is the wrong way round: it passes where z < 0.",
        ),
        WrongForm("value-instead-of-mask", lambda dy, z: dy * ops.relu(z)),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, z: dy * np.sign(z),
            "Where z < 0 the slope is taken as -1. The output is flat there.",
        ),
        WrongForm("wrong-mask", lambda dy, z: dy * (z > 1), "Inputs between 0 and 1 are switched off too."),
    ),
    hints=(
        "Draw the graph. What is the slope on the left of zero, and on the right?",
        "Each entry of dy either passes unchanged or is stopped. Which of the two does the sign of z decide?",
    ),
)


def _subdifferential_cases(rng: Generator) -> Iterator[Case]:
    yield Case("left of the kink, at it, right of it", (np.array([-1.0, 0.0, 2.0]),))
    for shape in ((3, 4), (1, 5), (2, 3, 2)):
        z = normal(rng, *shape)
        z.flat[0] = 0.0
        yield Case(f"entries of shape {shape}, one of them 0", (z,))
    yield Case("a single number", (np.array(0.0),))
    yield Case("minus zero is zero", (np.array([-0.0, 0.0, 1e-300, -1e-300]),))
    yield Case("integer array", (np.array([-2, 0, 3]),))
    yield views(np.array([[0.0, 1.0], [-1.0, 0.0]]))
    yield Case("float32 array", (np.array([-1, 0, 1], np.float32),))


RELU_SUBDIFFERENTIAL = Exercise04(
    points=1,
    reference=ops.relu_subdifferential,
    cases=_subdifferential_cases,
    returns=("low", "high"),
    wrong=(
        WrongForm(
            "wrong-mask",
            lambda z: (ops.relu_subdifferential(z)[0],) * 2,
            "At the kink your interval is the single slope 0.",
            "A steeper line also stays under the graph there. How steep can it get?",
        ),
        WrongForm(
            "wrong-mask",
            lambda z: (ops.relu_subdifferential(z)[1],) * 2,
            "At the kink your interval is the single slope 1.",
            "A flatter line also stays under the graph there. How flat can it get?",
        ),
        WrongForm(
            "wrong-mask",
            lambda z: (np.zeros(np.shape(z)), np.ones(np.shape(z))),
            "Your {output} is the same for every z. Away from the kink the interval is a single slope.",
        ),
        WrongForm("forward-instead-of-backward", lambda z: (ops.relu(z), ops.relu(z))),
        WrongForm(
            "wrong-local-derivative",
            lambda z: tuple(np.where(z == 0, s, ops.relu_subdifferential(z)[0]) for s in (-1.0, 1.0)),
            "At the kink your interval is [-1, 1]: that of the absolute value.",
        ),
        WrongForm(
            "wrong-value",
            lambda z: (np.where(z == 0, 0.5, ops.relu_subdifferential(z)[0]),) * 2,
            "At the kink you give the one slope 1/2.",
            "That is the average of the two sides. The question is for all slopes of lines that stay under the graph.",
        ),
    ),
    hints=(
        "Away from the kink there is one slope, so low and high agree.",
        "At the kink, low is the slope on the left and high the slope on the right.",
    ),
)


def _is_subgradient_cases(rng: Generator) -> Iterator[Case]:
    line = np.linspace(-2, 2, 9)[:, np.newaxis]
    grid = rng.uniform(-2, 2, size=(40, 2))
    absolute, largest, square, relus = map(
        Named, ("sum of absolute values", "largest entry", "squared length", "sum of ReLUs")
    )
    zero, origin = np.zeros(1), np.zeros(2)
    yield Case("a flat line under |x|", (np.array([0.0]), absolute, zero, line))
    yield Case("the steepest line under |x|", (np.array([1.0]), absolute, zero, line))
    yield Case("a line too steep for |x|", (np.array([1.2]), absolute, zero, line))
    yield Case("a line too steep, seen on the left only", (np.array([-1.2]), absolute, zero, line))
    yield Case("a line a little too steep for |x|", (np.array([1.0001]), absolute, zero, line))
    yield Case(
        "a plane a little too steep",
        (np.array([0.3, 0.7003]), largest, origin, np.array([[1.0, 1.0], [-1.0, 1.0]])),
    )
    yield Case("a line above |x|, seen on the right only", (np.array([1.2]), absolute, zero, line[5:]))
    yield Case("half the slope of the ReLU's right side", (np.array([0.5]), relus, zero, line))
    yield Case("a negative slope under the ReLU", (np.array([-0.1]), relus, zero, line))
    yield Case("the tangent of a parabola", (np.array([2.0]), square, np.array([1.0]), line))
    yield Case("a secant of a parabola", (np.array([1.5]), square, np.array([1.0]), line))
    yield Case("away from the origin", (np.array([1.0]), absolute, np.array([1.5]), line))
    yield Case("a plane under the largest of two entries", (np.array([0.3, 0.7]), largest, origin, grid))
    yield Case("a plane that cuts the largest of two entries", (np.array([1.0, 1.0]), largest, origin, grid))
    yield Case("the zero plane at a tie", (np.array([0.0, 0.0]), largest, np.ones(2), grid))
    yield Case(
        "touching up to round-off", (np.array([1.0, 1.0]), absolute, np.array([0.1, 0.7]), np.abs(grid) * 0.3)
    )
    constant = Named("a large constant plus absolute values")
    yield Case(
        "touching up to round-off of a large value",
        (np.array([1.0]), constant, np.array([0.1]), np.abs(line) / 3),
    )
    yield Case(
        "one bad point among many",
        (np.array([0.9]), relus, np.array([1.0]), np.array([[2.0], [1.5], [0.2], [-3.0], [3.0]])),
    )


IS_SUBGRADIENT = Exercise04(
    points=2,
    reference=ops.is_subgradient,
    cases=_is_subgradient_cases,
    returns=("answer",),
    wrong=(
        *wrong_forms(
            "wrong-sign",
            (
                lambda v, f, x0, points: all(f(x) - f(x0) <= v @ (x - x0) + 1e-9 for x in points),
                lambda v, f, x0, points: all(f(x) - f(x0) <= v @ (x - x0) for x in points),
            ),
            "The inequality is the wrong way round.",
            "The line must stay under the graph, not above it.",
        ),
        WrongForm(
            "wrong-sign",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ (x0 - x) - 1e-9 for x in points),
            "Your line rises to the other side: the step from x0 to x is taken the wrong way round.",
        ),
        *wrong_forms(
            "first-row-only",
            (
                lambda v, f, x0, points: f(points[0]) - f(x0) >= v @ (points[0] - x0) - 1e-9,
                lambda v, f, x0, points: f(points[0]) - f(x0) >= v @ (points[0] - x0),
            ),
            "Your function looks at the first of the points alone.",
            "The line has to stay under the graph at every point.",
        ),
        *wrong_forms(
            "overwritten-gradient",
            (
                lambda v, f, x0, points: f(points[-1]) - f(x0) >= v @ (points[-1] - x0) - 1e-9,
                lambda v, f, x0, points: f(points[-1]) - f(x0) >= v @ (points[-1] - x0),
            ),
            "The last of the points decides alone.",
            "One bad point is enough for False, wherever it stands. What becomes of an earlier verdict in yours?",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: any(f(x) - f(x0) >= v @ (x - x0) - 1e-9 for x in points),
            "One good point is enough for your function.",
            "The line has to stay under the graph at every point.",
        ),
        WrongForm(
            "dropped-path",
            lambda v, f, x0, points: all(f(x) >= v @ (x - x0) - 1e-9 for x in points),
            "The height f(x0) at which the line starts is missing.",
            "At x0 itself the line and the graph meet. Does yours?",
        ),
        WrongForm(
            "wrong-variable",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ x - 1e-9 for x in points),
            "The line is measured from the origin, not from x0.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(f(x) - f(x0) > v @ (x - x0) for x in points),
            "Touching the graph is not allowed in your function. A supporting line touches.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ (x - x0) for x in points),
            "Where the line touches the graph, round-off decides: the last digits of the two sides differ.",
            "Allow a slack as large as round-off in the numbers that you subtract.",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(np.all(f(x) - f(x0) >= v * (x - x0) - 1e-9) for x in points),
            "Your plane does not rise by the sum of v * (x - x0) over all entries.",
            "Which product of two vectors is one number?",
        ),
        WrongForm(
            "wrong-value",
            lambda v, f, x0, points: all(f(x) - f(x0) >= v @ (x - x0) - 1e-3 for x in points),
            "A line that is a little too steep passes.",
            "How large is your slack beside the round-off in the numbers that you subtract?",
        ),
    ),
    analytic=False,
    hints=(
        "For each point, compare how much f rises from x0 with how much the line rises.",
        "Both sides carry round-off, so allow a slack that is tiny against the numbers compared.",
    ),
)

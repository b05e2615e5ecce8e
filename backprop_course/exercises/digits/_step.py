"""One step of gradient descent."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.digits._assignment import Exercise07


def _step_cases(rng: Generator) -> Iterator[Case]:
    yield Case("one parameter of two entries", ([np.array([1.0, 2.0])], [np.array([10.0, -20.0])], 0.1))
    parameters = [np.array([[3.0]]), np.array([5.0])]
    yield Case("two parameters", (parameters, [np.array([[2.0]]), np.array([-4.0])], 0.5))
    for shapes in (
        ((3, 4), (4,)),
        ((2, 3), (3,), (3, 2), (2,)),
        ((2, 2), (2, 2)),
        ((5,),),
        ((3, 3), (), (3,)),
    ):
        given = [normal(rng, *s) for s in shapes], [normal(rng, *s) for s in shapes]
        yield Case(
            f"parameters of shapes {', '.join(map(str, shapes))}", (*given, float(rng.uniform(0.01, 0.5)))
        )
    yield Case(
        "a learning rate of 0", ([normal(rng, 2), normal(rng, 3)], [normal(rng, 2), normal(rng, 3)], 0.0)
    )
    yield Case("a learning rate above 1", ([normal(rng, 2, 2)], [normal(rng, 2, 2)], 3.0))
    single = [[normal(rng, *s).astype(np.float32) for s in ((2, 3), (3,))] for _ in range(2)]
    yield Case("float32 arrays", (*single, 0.25))
    yield Case(
        "integer parameters",
        ([np.array([1, 2]), np.array([[3]])], [np.array([1, -3]), np.array([[5]])], 0.25),
    )
    layers = [[normal(rng, *s) for s in ((2, 3), (3,))] for _ in range(2)]
    yield views(*layers, 0.1)


def _each(rule: Callable[[Any, Any, float], Any]) -> Callable[..., Any]:
    return lambda parameters, gradients, learning_rate: [
        rule(p, g, learning_rate) for p, g in zip(parameters, gradients, strict=True)
    ]


SGD_STEP = Exercise07(
    points=2,
    reference=network.sgd_step,
    cases=_step_cases,
    returns=("parameters",),
    analytic=False,
    wrong=(
        WrongForm(
            "wrong-sign",
            _each(lambda p, g, rate: p + rate * g),
            "The step goes uphill: the loss grows.",
            "A gradient points to where the loss grows. Which way should a parameter go?",
        ),
        WrongForm(
            "unused-parameter",
            _each(lambda p, g, rate: p - g),
            "The learning rate is not used.",
            "With a learning rate of 0 nothing may move.",
        ),
        WrongForm(
            "dropped-path",
            _each(lambda p, g, rate: -rate * g),
            "You return the steps, not the parameters after the step.",
            "A step starts from where the parameter is.",
        ),
        WrongForm(
            "wrong-sign",
            _each(lambda p, g, rate: rate * g - p),
            "The difference is taken the wrong way round.",
            "With a learning rate of 0 the parameters stay as they are, sign included.",
        ),
        WrongForm(
            "wrong-variable",
            _each(lambda p, g, rate: p - rate * p),
            "The parameters shrink in proportion to themselves. The gradients are not used.",
            "The gradient says how far each entry goes.",
        ),
        WrongForm(
            "wrong-variable",
            _each(lambda p, g, rate: rate * (p - g)),
            "The learning rate multiplies the parameter as well as the gradient.",
            "With a learning rate of 0 nothing may move.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _each(lambda p, g, rate: p * (1 - rate * g)),
            "Each parameter is multiplied by something where a step should be subtracted.",
            "Try a parameter that is 0: can it ever move?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _each(lambda p, g, rate: p - rate * np.sign(g)),
            "Every entry goes equally far: only the sign of the gradient is used.",
            "A large gradient makes a large step.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda parameters, gradients, learning_rate: [
                p - learning_rate * g / len(parameters) for p, g in zip(parameters, gradients, strict=True)
            ],
            "The step is divided by the number of parameters.",
            "Every parameter takes its own full step.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda parameters, gradients, learning_rate: list(parameters),
            "The parameters come back unchanged.",
            "Look at what becomes of the result of your subtraction.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda parameters, gradients, learning_rate: list(gradients),
            "You return the gradients.",
            "Asked for are the parameters after the step.",
        ),
    ),
    hints=(
        "Take the parameters and their gradients in pairs.",
        "p -= ... changes the caller's array. An expression on the right of = makes a new one.",
    ),
)

"""The difference quotient."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from numpy.random import Generator

from backprop_course.exercises._declare import Case, Named, WrongForm
from backprop_course.exercises.chain_rule._assignment import Exercise01
from backprop_course.numerical import central_difference


def _difference_cases(rng: Generator) -> Iterator[Case]:
    cube, exp, sin = Named("cube"), Named("exp"), Named("sin")
    yield Case("the cube at 2, with a step of 1", (cube, 2.0, 1.0))
    yield Case("the exponential at 0, with a step of 0.5", (exp, 0.0, 0.5))
    for name in ("cube", "exp", "sin", "tanh"):
        yield Case(
            f"{name} at a random point",
            (Named(name), float(rng.uniform(-2, 2)), float(rng.uniform(0.1, 0.5))),
        )
    yield Case("where the sine falls", (sin, float(rng.uniform(2.2, 4.0)), 0.25))
    yield Case("an integer x", (cube, 3, 0.25))
    yield Case("a small step", (exp, 1.0, 1e-4))
    yield Case("the step that the signature gives", (sin, float(rng.uniform(0.2, 1.2))))
    yield Case("an even function at 0", (Named("square"), 0.0, 0.1))


def _secant(rule: Any) -> Any:
    return lambda f, x, h=1e-5: rule(f, x, h)


def _one_sided(steps: float, f: Any, x: Any, h: Any) -> Any:
    return (f(x + steps * h) - f(x)) / (steps * h)


def _extrapolated(f: Any, x: Any, h: Any) -> Any:
    """Richardson's extrapolation from the steps h and 2 h."""
    return (4 * central_difference(f, x, h) - central_difference(f, x, 2 * h)) / 3


CENTRAL_DIFFERENCE = Exercise01(
    points=2,
    reference=central_difference,
    cases=_difference_cases,
    returns=("slope",),
    wrong=(
        *(
            WrongForm(
                "one-sided-difference",
                _secant(partial(_one_sided, steps)),
                f"This is the {name} difference: it looks at one side of x only.",
                "Take one point on each side of x, equally far.",
            )
            for name, steps in (("forward", 1), ("backward", -1), ("forward", 0.5), ("backward", -0.5))
        ),
        WrongForm(
            "constant-factor",
            _secant(lambda f, x, h: (f(x + h) - f(x - h)) / h),
            "The slope is twice too large.",
            "How far apart are the two points at which you evaluate f?",
        ),
        WrongForm(
            "constant-factor",
            _secant(lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h),
            "The step multiplies where it should divide.",
            "Python reads `a / 2 * h` as `(a / 2) * h`.",
        ),
        WrongForm(
            "constant-factor",
            _secant(lambda f, x, h: f(x + h) - f(x - h)),
            "You return the rise alone: nothing is divided by the run.",
            "A slope is rise over run. How far apart are the two points?",
        ),
        WrongForm(
            "constant-factor",
            _secant(lambda f, x, h: (f(x + h) - f(x - h)) / 2),
            "The rise is divided by 2, and not by the step.",
            "A slope is rise over run. How far apart are the two points, for this h?",
        ),
        WrongForm(
            "wrong-value",
            _secant(lambda f, x, h: f(x + h) - f(x - h) / (2 * h)),
            "Only the second value of f is divided.",
            "Python divides before it subtracts. Where do parentheses belong?",
        ),
        WrongForm(
            "wrong-sign",
            _secant(lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h)),
            "The slope has the wrong sign: the two values are subtracted the wrong way round.",
        ),
        WrongForm(
            "wrong-sign",
            _secant(lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h)),
            "The two values of f are added. A rise is a difference.",
        ),
        WrongForm(
            "wrong-sign",
            _secant(lambda f, x, h: abs(f(x + h) - f(x - h)) / (2 * h)),
            "Your slope is never negative. Where f falls, it should be.",
        ),
        WrongForm(
            "unused-parameter",
            lambda f, x, h=1e-5, constant=1e-5: (f(x + constant) - f(x - constant)) / (2 * constant),
            "The step h that the caller gives is ignored.",
            "Use the argument h, not a number of your own.",
            (1e-8, 1.0),
        ),
        WrongForm(
            "constant-factor",
            _secant(lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / (2 * h)),
            "The slope is about half of the right one: the two points are h apart, and you divide by 2 h.",
        ),
        WrongForm(
            "constant-factor",
            lambda f, x, h=1e-5, constant=2.0: (f(x + constant * h) - f(x - constant * h)) / (2 * h),
            "Your two points lie {constant} h away on either side, and you divide by 2 h.",
            "A slope is rise over run. How far apart are the two points?",
            (0.05, 20.0),
        ),
        WrongForm(
            "wrong-variable",
            _secant(lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h),
            "You step h / 2 to each side. The exercise asks for a step of h to each side.",
        ),
        WrongForm(
            "wrong-variable",
            _secant(lambda f, x, h: (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)),
            "You step 2 h to each side. The exercise asks for a step of h to each side.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _secant(lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2),
            "This is the difference quotient of the second derivative.",
            "Two points and one division give the slope.",
        ),
        WrongForm("forward-instead-of-backward", _secant(lambda f, x, h: f(x))),
    ),
    hints=(
        "Draw the graph, mark x - h and x + h, and write down the slope of the line through the two points above.",
        "Rise over run: how far apart are the two points along x?",
    ),
    # Better than asked.
    also_right=(_secant(_extrapolated), _secant(lambda f, x, h: _extrapolated(f, x, h / 2))),
    analytic=False,
    rtol=1e-8,
)

"""The operations a graph is built from: each with its value, its local derivatives and the rule in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from numbers import Real

import numpy as np

from backprop_course.ops import sigmoid

Function = Callable[..., float]


@dataclass(frozen=True)
class Operation:
    """One step of a computation, local to its node: it knows its inputs and nothing else of the graph.

    Attributes
    ----------
    name : str
        Its name in a formula.
    text : str
        How it reads, with ``{0}`` and ``{1}`` for the inputs: ``"{0} + {1}"``.
    function : callable
        The value, from as many numbers as there are inputs.
    derivatives : tuple of callable
        The local derivative with respect to each input; each takes all inputs, like `function`.
    rules : tuple of str
        The same as formulas, with ``{0}`` and ``{1}`` for the inputs: ``"{1}"`` and ``"{0}"`` for a product.

    Examples
    --------
    >>> cube = Operation("cube", "{0}³", lambda a: a**3, (lambda a: 3 * a**2,), ("3{0}²",))
    >>> cube.derivatives[0](2.0)
    12.0
    """

    name: str
    text: str
    function: Function
    derivatives: tuple[Function, ...]
    rules: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.derivatives) != len(self.rules):
            raise ValueError(
                f"operation {self.name!r} needs one derivative and one rule for each input, "
                f"got {len(self.derivatives)} derivatives and {len(self.rules)} rules"
            )


def _of_a_number(make: Callable[[float], Operation]) -> Callable[[float], Operation]:
    """Make the operation of each constant once, so that it is equal to itself, and of finite numbers only."""
    once = cache(make)

    @wraps(make)
    def checked(constant: float) -> Operation:
        if not (isinstance(constant, Real) and math.isfinite(constant)):
            raise ValueError(
                f"{make.__name__} got {constant!r}, expected a finite number: {make.__name__}(2)"
            )
        return once(constant)

    return checked


@_of_a_number
def add_constant(c: float) -> Operation:
    """Return the operation a + c."""
    text = f"{{0}} + {c:g}" if c >= 0 else f"{{0}} − {-c:g}"
    return Operation("add_constant", text, lambda a: a + c, (lambda a: 1.0,), ("1",))


@_of_a_number
def scale(c: float) -> Operation:
    """Return the operation c·a."""
    return Operation("scale", f"{c:g}·{{0}}", lambda a: c * a, (lambda a: c,), (f"{c:g}",))


@_of_a_number
def power(n: float) -> Operation:
    """Return the operation aⁿ."""
    rule = "1" if n == 1 else f"{n:g}·{_raised('{0}', n - 1)}".replace("-", "−")
    return Operation(
        "power", _raised("{0}", n), lambda a: math.pow(a, n), (lambda a: n * math.pow(a, n - 1),), (rule,)
    )


def _raised(base: str, n: float) -> str:
    """Write a power: a, a², a⁻¹, a^0.5."""
    if n == 1:
        return base
    return base + f"{n:g}".translate(_SUPERSCRIPTS) if n == int(n) else f"{base}^{n:g}"


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _sigmoid(a: float) -> float:
    return float(sigmoid(a))


def _step(a: float) -> float:
    """Return the slope of max(a, 0), halfway at the kink."""
    return float(np.heaviside(a, 0.5))


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "add",
            "{0} + {1}",
            lambda a, b: a + b,
            (lambda a, b: 1.0, lambda a, b: 1.0),
            ("1", "1"),
        ),
        Operation(
            "subtract",
            "{0} − {1}",
            lambda a, b: a - b,
            (lambda a, b: 1.0, lambda a, b: -1.0),
            ("1", "−1"),
        ),
        Operation(
            "multiply",
            "{0}·{1}",
            lambda a, b: a * b,
            (lambda a, b: b, lambda a, b: a),
            ("{1}", "{0}"),
        ),
        Operation(
            "divide",
            "{0} / {1}",
            lambda a, b: a / b,
            (lambda a, b: 1 / b, lambda a, b: -a / b**2),
            ("1/{1}", "−{0}/{1}²"),
        ),
        Operation(
            "squared_sum",
            "({0} + {1})²",
            lambda a, b: (a + b) ** 2,
            (lambda a, b: 2 * (a + b), lambda a, b: 2 * (a + b)),
            ("2({0} + {1})", "2({0} + {1})"),
        ),
        Operation(
            "max",
            "max({0}, {1})",
            max,
            (lambda a, b: _step(a - b), lambda a, b: _step(b - a)),
            (
                "1 if {0} > {1}, 0 if {0} < {1}, any share of 1 if equal: ½",
                "1 if {1} > {0}, 0 if {1} < {0}, the rest of 1 if equal: ½",
            ),
        ),
        Operation("negate", "−{0}", lambda a: -a, (lambda a: -1.0,), ("−1",)),
        Operation("reciprocal", "1 / {0}", lambda a: 1 / a, (lambda a: -1 / a**2,), ("−1/{0}²",)),
        Operation("exp", "exp({0})", math.exp, (math.exp,), ("exp({0})",)),
        Operation("log", "log({0})", math.log, (lambda a: 1 / a,), ("1/{0}",)),
        Operation("sin", "sin({0})", math.sin, (math.cos,), ("cos({0})",)),
        Operation("cos", "cos({0})", math.cos, (lambda a: -math.sin(a),), ("−sin({0})",)),
        Operation(
            "tanh",
            "tanh({0})",
            math.tanh,
            (lambda a: 1 - math.tanh(a) ** 2,),
            ("1 − tanh({0})²",),
        ),
        Operation(
            "sigmoid",
            "σ({0})",
            _sigmoid,
            (lambda a: _sigmoid(a) * _sigmoid(-a),),
            ("σ({0})(1 − σ({0}))",),
        ),
        Operation(
            "relu",
            "relu({0})",
            lambda a: max(a, 0.0),
            (lambda a: float(a > 0),),
            ("1 if {0} > 0, 0 if {0} < 0, anything from 0 to 1 at 0: 0",),
        ),
    )
}
"""The operations that formulas can name, by their names."""

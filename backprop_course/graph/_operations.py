"""The operations a graph is built from: each with its value, its local derivatives and the rule in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from backprop_course.ops.activations import sigmoid

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
        The same as formulas of the inputs a and b: ``"d(ab)/da = b"``.

    Examples
    --------
    >>> cube = Operation("cube", "{0}³", lambda a: a**3, (lambda a: 3 * a**2,), ("d(a³)/da = 3a²",))
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


@cache
def add_constant(c: float) -> Operation:
    """Return the operation a + c."""
    text = f"{{0}} + {c:g}" if c >= 0 else f"{{0}} − {-c:g}"
    return Operation("add_constant", text, lambda a: a + c, (lambda a: 1.0,), ("d(a + c)/da = 1",))


@cache
def scale(c: float) -> Operation:
    """Return the operation c·a."""
    return Operation("scale", f"{c:g}·{{0}}", lambda a: c * a, (lambda a: c,), (f"d({c:g}a)/da = {c:g}",))


@cache
def power(n: float) -> Operation:
    """Return the operation aⁿ."""
    rule = f"d({_raised('a', n)})/da = {n:g}{_raised('a', n - 1)}"
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
            ("d(a + b)/da = 1", "d(a + b)/db = 1"),
        ),
        Operation(
            "subtract",
            "{0} − {1}",
            lambda a, b: a - b,
            (lambda a, b: 1.0, lambda a, b: -1.0),
            ("d(a − b)/da = 1", "d(a − b)/db = −1"),
        ),
        Operation(
            "multiply",
            "{0}·{1}",
            lambda a, b: a * b,
            (lambda a, b: b, lambda a, b: a),
            ("d(ab)/da = b", "d(ab)/db = a"),
        ),
        Operation(
            "divide",
            "{0} / {1}",
            lambda a, b: a / b,
            (lambda a, b: 1 / b, lambda a, b: -a / b**2),
            ("d(a/b)/da = 1/b", "d(a/b)/db = −a/b²"),
        ),
        Operation(
            "squared_sum",
            "({0} + {1})²",
            lambda a, b: (a + b) ** 2,
            (lambda a, b: 2 * (a + b), lambda a, b: 2 * (a + b)),
            ("d(a + b)²/da = 2(a + b)", "d(a + b)²/db = 2(a + b)"),
        ),
        Operation(
            "max",
            "max({0}, {1})",
            max,
            (lambda a, b: _step(a - b), lambda a, b: _step(b - a)),
            (
                "d max(a, b)/da = 1 if a > b, 0 if a < b, any share of 1 if equal: here ½",
                "d max(a, b)/db = 1 if b > a, 0 if b < a, the rest of 1 if equal: here ½",
            ),
        ),
        Operation("negate", "−{0}", lambda a: -a, (lambda a: -1.0,), ("d(−a)/da = −1",)),
        Operation("reciprocal", "1 / {0}", lambda a: 1 / a, (lambda a: -1 / a**2,), ("d(1/a)/da = −1/a²",)),
        Operation("exp", "exp({0})", math.exp, (math.exp,), ("d exp(a)/da = exp(a)",)),
        Operation("log", "log({0})", math.log, (lambda a: 1 / a,), ("d log(a)/da = 1/a",)),
        Operation("sin", "sin({0})", math.sin, (math.cos,), ("d sin(a)/da = cos(a)",)),
        Operation("cos", "cos({0})", math.cos, (lambda a: -math.sin(a),), ("d cos(a)/da = −sin(a)",)),
        Operation(
            "tanh",
            "tanh({0})",
            math.tanh,
            (lambda a: 1 - math.tanh(a) ** 2,),
            ("d tanh(a)/da = 1 − tanh(a)²",),
        ),
        Operation(
            "sigmoid",
            "σ({0})",
            _sigmoid,
            (lambda a: _sigmoid(a) * _sigmoid(-a),),
            ("dσ(a)/da = σ(a)(1 − σ(a))",),
        ),
        Operation(
            "relu",
            "relu({0})",
            lambda a: max(a, 0.0),
            (lambda a: float(a > 0),),
            ("d relu(a)/da = 1 if a > 0, 0 if a < 0, anything from 0 to 1 at 0: here 0",),
        ),
    )
}
"""The operations that formulas can name, by their names."""

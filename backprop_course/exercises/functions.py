"""Functions that exercises pass as arguments, by name, so that a case is plain data.

An exercise that takes a function (``is_subgradient(v, f, x0, points)``) names one of these in its case as
``Named("absolute")``; whoever calls the student's function looks the name up here.
"""

import reprlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_course.arrays import Nested, tree_map
from backprop_course.exercises._declare import Named
from backprop_course.numbers import count

# Weights of a layer, for functions and vector-Jacobian products that need some.
_LAYER = np.array([[0.5, -1.0, 0.25, 0.75], [-0.5, 0.25, 1.0, -0.75], [0.75, 0.5, -0.25, -1.0]])


def _vjp(jacobian: Any) -> Callable[[Any], Any]:
    """Vector-Jacobian product of a function with that Jacobian, strict about the shape of what it is given."""
    matrix = np.array(jacobian, np.float64)

    def vjp(dy: Any) -> Any:
        if np.shape(dy) != matrix.shape[:1]:
            raise ValueError(
                f"vjp got an upstream gradient of shape {np.shape(dy)}, expected {matrix.shape[:1]}."
            )
        return np.dot(dy, matrix)

    return vjp


def _of_all(rule: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Slopes of a function of several numbers, which says so when it is not given them in one array."""

    def f_partials(z: Any) -> Any:
        if np.ndim(z) == 0:
            raise TypeError(f"f_partials got {reprlib.repr(z)}; expected one array of all of z_1, ..., z_M")
        if any(callable(entry) for entry in z):
            raise TypeError("f_partials got functions; expected an array of the numbers that they give at x")
        return rule(z)

    f_partials.__qualname__ = "f_partials"  # so it is called in Python's own messages
    return f_partials


def _of_two(rule: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Partial derivative of f(x, y), which says so when it is given a function where a number belongs."""

    def partial(x: Any, y: Any) -> Any:
        if callable(x) or callable(y):
            raise TypeError("a partial derivative of f(x, y) got a function; expected the number y(x)")
        return rule(x, y)

    partial.__qualname__ = "partial"
    return partial


def _layers() -> Iterator[tuple[str, tuple[int, int], Any]]:
    """Three layers of each shape (D inputs, M outputs) with their Jacobians, for hidden runs to choose from."""
    rng = np.random.default_rng(3)
    for k in "ABC":
        for D, M in ((4, 3), (3, 3), (2, 5), (3, 1), (1, 4)):
            yield k, (D, M), rng.normal(size=(M, D))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    # functions of a number and their derivatives, for the chain rule
    "plus one": lambda x: x + 1,
    "plus one'": lambda x: 1.0 + 0 * x,
    "square": lambda x: x**2,
    "square'": lambda x: 2 * x,
    "cube": lambda x: x**3,
    "cube'": lambda x: 3 * x**2,
    "exp": np.exp,
    "exp'": np.exp,
    "sin": np.sin,
    "sin'": np.cos,
    "tanh": np.tanh,
    "tanh'": lambda x: 1 - np.tanh(x) ** 2,
    # partial derivatives of functions of several numbers
    "partials of the sum": _of_all(lambda z: np.ones(len(z))),
    "partials of the product": _of_all(lambda z: np.array([np.prod(np.delete(z, m)) for m in range(len(z))])),
    "partials of the sum of squares": _of_all(lambda z: 2 * np.asarray(z)),
    "∂f/∂x of x y": _of_two(lambda x, y: y),
    "∂f/∂y of x y": _of_two(lambda x, y: x),
    "∂f/∂x of x² + 3 y": _of_two(lambda x, y: 2 * x),
    "∂f/∂y of x² + 3 y": _of_two(lambda x, y: 3.0),
    "∂f/∂x of exp(x) sin(y)": _of_two(lambda x, y: np.exp(x) * np.sin(y)),
    "∂f/∂y of exp(x) sin(y)": _of_two(lambda x, y: np.exp(x) * np.cos(y)),
    # functions of a vector to a vector, for Jacobians
    "(x0 * x1, x0 ** 3, 5 * x1)": lambda x: np.array([x[0] * x[1], x[0] ** 3, 5 * x[1]]),
    "(x0 ** 2 - x1, x0 * x1 ** 2)": lambda x: np.array([x[0] ** 2 - x[1], x[0] * x[1] ** 2]),
    "(sum of squares, sum of cubes)": lambda x: np.array([np.dot(x, x), np.power(x, 3).sum()]),
    "exponential of each entry": lambda x: np.exp(x),
    "log-sum-exp, as an array of one": lambda x: np.log(np.exp(x).sum(keepdims=True)),
    "tanh of a layer with 3 inputs and 4 outputs": lambda x: np.tanh(np.dot(x, _LAYER) + 0.1),
    # functions of a vector to a number, for Hessians
    "x0 ** 2 * x1 + x1 ** 3": lambda x: float(x[0] ** 2 * x[1] + x[1] ** 3),
    "x0 * x1 * x2 + x0 ** 3 - x1 * x2 ** 2": lambda x: float(
        x[0] * x[1] * x[2] + x[0] ** 3 - x[1] * x[2] ** 2
    ),
    "sum of cubes": lambda x: float(np.power(x, 3).sum()),
    "log-sum-exp": lambda x: float(np.log(np.exp(x).sum())),
    "ten million plus x0 ** 2 * x1": lambda x: 1e7 + float(x[0] ** 2 * x[1]),
    # derivatives of elementwise functions
    "2 * z": lambda z: 2 * z,
    "cos(z)": lambda z: np.cos(z),
    "exp(-z ** 2)": lambda z: np.exp(-(z**2)),
    # vector-Jacobian products at a point
    "vjp of (x0 * x1, x0 ** 3, 5 * x1) at (1, 2)": _vjp([[2, 1], [3, 0], [0, 5]]),
    "vjp of (x0 ** 2 - x1, x0 * x1 ** 2) at (1, 2)": _vjp([[2, -1], [4, 4]]),
    **{f"vjp of layer {k}, {count(D, 'input')}, {count(M, 'output')}": _vjp(J) for k, (D, M), J in _layers()},
    # convex functions of a vector, for subgradients
    "sum of absolute values": lambda x: float(np.abs(x).sum()),
    "largest entry": lambda x: float(np.max(x)),
    "squared length": lambda x: float(np.dot(x, x)),
    "sum of ReLUs": lambda x: float(np.maximum(x, 0).sum()),
    "a large constant plus absolute values": lambda x: 1e6 + float(np.abs(x).sum()),
}


def resolve(value: Nested) -> Nested:
    """Replace every `Named` in a nested argument by the function of that name."""
    return tree_map(lambda v: FUNCTIONS[v.name] if isinstance(v, Named) else v, value)

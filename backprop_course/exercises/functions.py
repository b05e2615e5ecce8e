"""Functions that exercises pass as arguments, by name, so that a case is plain data.

An exercise that takes a function (``is_subgradient(v, f, x0, points)``) names one of these in its case as
``Named("absolute")``; whoever calls the student's function looks the name up here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_course.exercises._declare import Named

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
    "partials of the sum": lambda z: np.ones(len(z)),
    "partials of the product": lambda z: np.array([np.prod(np.delete(z, m)) for m in range(len(z))]),
    "partials of the sum of squares": lambda z: 2 * np.asarray(z),
    "df/dx of x y": lambda x, y: y,
    "df/dy of x y": lambda x, y: x,
    "df/dx of x² + 3 y": lambda x, y: 2 * x,
    "df/dy of x² + 3 y": lambda x, y: 3.0,
    "df/dx of exp(x) sin(y)": lambda x, y: np.exp(x) * np.sin(y),
    "df/dy of exp(x) sin(y)": lambda x, y: np.exp(x) * np.cos(y),
    # convex functions of a vector, for subgradients
    "sum of absolute values": lambda x: float(np.abs(x).sum()),
    "largest entry": lambda x: float(np.max(x)),
    "squared length": lambda x: float(np.dot(x, x)),
    "sum of ReLUs": lambda x: float(np.maximum(x, 0).sum()),
    "a large constant plus absolute values": lambda x: 1e6 + float(np.abs(x).sum()),
}


def resolve(value: Any) -> Any:
    """Replace every `Named` in a nested argument by the function of that name."""
    if isinstance(value, Named):
        return FUNCTIONS[value.name]
    if isinstance(value, list | tuple):
        return type(value)(resolve(v) for v in value)
    if isinstance(value, dict):
        return {key: resolve(v) for key, v in value.items()}
    return value

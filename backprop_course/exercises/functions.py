"""Functions that exercises pass as arguments, by name, so that a case is plain data.

An exercise that takes a function (``is_subgradient(v, f, x0, points)``) names one of these in its case as
``Named("absolute")``; whoever calls the student's function looks the name up here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_course.exercises._declare import Named

FUNCTIONS: dict[str, Callable[..., Any]] = {
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

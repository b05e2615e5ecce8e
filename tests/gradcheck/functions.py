"""Functions under test: forward passes with right backward passes, written independently of `ops`."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import settings

EXAMPLES = settings(deadline=None, max_examples=200, database=None)


def relu(z):
    return np.maximum(z, 0.0)


def relu_backward(dy, z):
    return dy * (z > 0)


def linear(x, W, b):
    return x @ W + b


def linear_backward(dy, x, W, b):
    return dy @ W.T, x.T @ dy, dy.sum(0)


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def softmax_backward(dy, z):
    y = softmax(z)
    return y * (dy - (dy * y).sum(-1, keepdims=True))


def maximum(z):
    return z.max(-1)


def constant_row(*row: float) -> Callable[..., Any]:
    """Make the backward pass of a function of one vector whose gradient is `row` times dy."""
    return lambda dy, z: dy * np.array(row)


def network(x, W, b, V, c):
    return relu(x @ W + b) @ V + c


def network_backward(at_kink: float) -> Callable[..., Any]:
    """Make the backward pass of `network` that takes `at_kink` for relu'(0)."""

    def backward(dy, x, W, b, V, c):
        z = x @ W + b
        dz = (dy @ V.T) * np.where(z == 0, at_kink, z > 0)
        return dz @ W.T, x.T @ dz, dz.sum(0), relu(z).T @ dy, dy.sum(0)

    return backward


def normal(seed: int, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]

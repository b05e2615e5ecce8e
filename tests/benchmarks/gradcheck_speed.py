"""How fast `gradcheck` is: ``python -m tests.benchmarks.gradcheck_speed``.

Beside it, in the same run, the yardstick: ``torch.autograd.gradcheck`` in its default (slow) mode on the same
functions, shapes and float64 numbers. The two take turns, so that a busy machine slows both.
"""

import statistics
import timeit
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from backprop_course import gradcheck

Arrays = tuple[np.ndarray, ...]


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


def network(x, W, b, V, c):
    return np.maximum(x @ W + b, 0) @ V + c


def network_backward(dy, x, W, b, V, c):
    h = np.maximum(x @ W + b, 0)
    dz = (dy @ V.T) * (h > 0)
    return dz @ W.T, x.T @ dz, dz.sum(0), h.T @ dy, dy.sum(0)


def torch_network(x, W, b, V, c):
    return torch.relu(x @ W + b) @ V + c


CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]] = {
    "linear 32x64 -> 64": (linear, linear_backward, linear, [(32, 64), (64, 64), (64,)]),
    "softmax 32x10": (softmax, softmax_backward, lambda z: torch.softmax(z, -1), [(32, 10)]),
    "ReLU network 16x32 -> 32 -> 10": (
        *(network, network_backward, torch_network),
        [(16, 32), (32, 32), (32,), (32, 10), (10,)],
    ),
}


def main(repeat: int = 5) -> None:
    rng = np.random.default_rng(0)
    print(f"{'median of ' + str(repeat):<34}{'ours':>10}{'torch':>10}{'ours/torch':>12}")
    for name, (forward, backward, in_torch, shapes) in CASES.items():
        arrays = [rng.standard_normal(shape) for shape in shapes]
        tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
        times: tuple[list[float], list[float]] = ([], [])
        assert gradcheck(forward, backward, *arrays).passed
        assert torch.autograd.gradcheck(in_torch, tensors)
        for _ in range(repeat):
            times[0].append(timeit.timeit(lambda: gradcheck(forward, backward, *arrays), number=1))  # noqa: B023
            times[1].append(timeit.timeit(lambda: torch.autograd.gradcheck(in_torch, tensors), number=1))  # noqa: B023
        ours, theirs = map(statistics.median, times)
        print(f"{name:<34}{ours:>9.3f}s{theirs:>9.3f}s{ours / theirs:>12.3f}")


if __name__ == "__main__":
    main()

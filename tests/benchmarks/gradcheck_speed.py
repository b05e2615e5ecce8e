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
from tests.gradcheck.functions import (
    linear,
    linear_backward,
    network,
    network_backward,
    softmax,
    softmax_backward,
)


def torch_network(x, W, b, V, c):
    return torch.relu(x @ W + b) @ V + c


CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]] = {
    "linear 32x64 -> 64": (linear, linear_backward, linear, [(32, 64), (64, 64), (64,)]),
    "softmax 32x10": (softmax, softmax_backward, lambda z: torch.softmax(z, -1), [(32, 10)]),
    "ReLU network 16x32 -> 32 -> 10": (
        *(network, network_backward(at_kink=0.0), torch_network),
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

"""Our gradient checker beside PyTorch's: ``python -m tests.benchmarks.gradcheck_speed``.

Both check the same function at the same point, in turn, in one process: ``backprop_course.gradcheck``, and
``torch.autograd.gradcheck`` in its default, slow mode, which like ours looks at every entry. The ratio is
ours over theirs; below 1 we are faster.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from backprop_course import gradcheck, ops
from backprop_course.network import mlp_backward, mlp_forward

ROUNDS = 5
rng = np.random.default_rng(0)


def _two_layers(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return mlp_forward(x, [W1, W2], [b1, b2])[-1]


def _two_layers_backward(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    dx, (dW1, dW2), (db1, db2) = mlp_backward(dy, mlp_forward(x, [W1, W2], [b1, b2]), [W1, W2])
    return dx, dW1, db1, dW2, db2


def _torch_two_layers(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return torch.relu(x @ W1 + b1) @ W2 + b2


def _arrays(*shapes: tuple[int, ...]) -> list[Any]:
    return [rng.normal(size=shape) for shape in shapes]


PROBLEMS: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], list[Any]]] = {
    "linear 32x64 -> 64": (
        ops.linear,
        lambda dz, x, W, b: ops.linear_backward(dz, x, W),
        lambda x, W, b: x @ W + b,
        _arrays((32, 64), (64, 64), (64,)),
    ),
    "softmax 32x10": (
        ops.softmax,
        lambda dy, z: ops.softmax_backward(dy, ops.softmax(z)),
        lambda z: torch.softmax(z, -1),
        _arrays((32, 10)),
    ),
    "two layers 16x20 -> 30 -> 10": (
        _two_layers,
        _two_layers_backward,
        _torch_two_layers,
        _arrays((16, 20), (20, 30), (30,), (30, 10), (10,)),
    ),
}


def _seconds(check: Callable[[], object]) -> float:
    started = time.perf_counter()
    assert check()
    return time.perf_counter() - started


def main() -> None:
    torch.set_num_threads(1)
    print(f"{'function':<32}{'ours':>9}{'torch':>9}{'ratio':>8}   (seconds, median of {ROUNDS})")
    for name, (forward, backward, torch_forward, arrays) in PROBLEMS.items():
        tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_seconds(lambda f=forward, b=backward, a=arrays: gradcheck(f, b, *a).passed))
            theirs.append(_seconds(lambda f=torch_forward, t=tensors: torch.autograd.gradcheck(f, tuple(t))))
        mine, peer = statistics.median(ours), statistics.median(theirs)
        print(f"{name:<32}{mine:>9.3f}{peer:>9.3f}{mine / peer:>8.2f}")


if __name__ == "__main__":
    main()

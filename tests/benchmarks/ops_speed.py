"""How fast `ops` is: ``python -m tests.benchmarks.ops_speed``.

Beside it, in the same run, PyTorch eager on one thread, with the same float64 numbers. The two take turns and
the medians are compared, so that a busy machine slows both.
"""

import statistics
import timeit
from collections.abc import Callable

import numpy as np
import torch

from backprop_course import ops

SIZES = (10, 1_000, 10_000, 1_000_000)


def pairs(size: int) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Each operation on `size` numbers: ours, and PyTorch's."""
    rng = np.random.default_rng(0)
    z, dy = rng.standard_normal((2, size // 10, 10))
    y, p = ops.sigmoid(z), ops.softmax(z)
    tz, tdy, ty, tp = map(torch.tensor, (z, dy, y, p))
    aten = torch.ops.aten
    return {
        "relu": (lambda: ops.relu(z), lambda: torch.relu(tz)),
        "relu_backward": (lambda: ops.relu_backward(dy, z), lambda: aten.threshold_backward(tdy, tz, 0)),
        "sigmoid": (lambda: ops.sigmoid(z), lambda: torch.sigmoid(tz)),
        "sigmoid_backward": (lambda: ops.sigmoid_backward(dy, y), lambda: aten.sigmoid_backward(tdy, ty)),
        "softmax": (lambda: ops.softmax(z), lambda: torch.softmax(tz, -1)),
        "softmax_backward": (
            lambda: ops.softmax_backward(dy, p),
            lambda: aten._softmax_backward_data(tdy, tp, -1, torch.float64),
        ),
    }


def main(repeat: int = 7) -> None:
    """Print microseconds a call, and the ratio."""
    torch.set_num_threads(1)
    print(f"{'median of ' + str(repeat):<20}{'entries':>10}{'ours':>12}{'torch':>12}{'ours/torch':>12}")
    for size in SIZES:
        number = max(1, 100_000 // size)
        for name, both in pairs(size).items():
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(repeat):
                for who, function in enumerate(both):
                    times[who].append(timeit.timeit(function, number=number) / number)
            ours, theirs = (1e6 * statistics.median(t) for t in times)
            print(f"{name:<20}{size:>10,}{ours:>10.1f}µs{theirs:>10.1f}µs{ours / theirs:>12.2f}")


if __name__ == "__main__":
    main()

"""How fast `ops` is: ``python -m tests.benchmarks.ops_speed``.

Beside it, in the same run on the same float64 numbers: PyTorch eager, JAX jit and HIPS autograd, each with
its own backward pass of the function. With OMP_NUM_THREADS=1 the clock is that of the processor, which other
programs do not disturb; with all threads it is the one on the wall.
"""

import time
from collections.abc import Callable
from functools import partial

import autograd
import autograd.numpy as anp
import jax
import numpy as np
import torch

from backprop_course import ops
from tests.benchmarks._measure import medians, reach

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
PEERS = ("torch", "jax", "HIPS")
Calls = dict[str, Callable[[], object]]


def hips_softmax(z):
    e = anp.exp(z - anp.max(z, axis=-1, keepdims=True))
    return e / anp.sum(e, axis=-1, keepdims=True)


def bare_sigmoid(z):
    y = -z
    np.exp(y, out=y)
    y += 1.0
    return np.divide(1.0, y, out=y)


def bare_softmax(z):
    y = z - z.max(axis=-1, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=-1, keepdims=True)
    return y


def operations(size: int) -> dict[str, Calls]:
    """Each operation on `size` numbers, by who computes it; "floor" is NumPy without our checks."""
    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(0)
    z, dy = rng.standard_normal((2, size // 10, 10))
    y, p = ops.sigmoid(z), ops.softmax(z)
    tz, tdy, ty, tp = map(torch.tensor, (z, dy, y, p))
    aten = torch.ops.aten
    forward: dict[str, Calls] = {
        "relu": {"ours": lambda: ops.relu(z), "torch": lambda: torch.relu(tz)},
        "sigmoid": {
            "ours": lambda: ops.sigmoid(z),
            "torch": lambda: torch.sigmoid(tz),
            "floor": lambda: bare_sigmoid(z),
        },
        "softmax": {
            "ours": lambda: ops.softmax(z),
            "torch": lambda: torch.softmax(tz, -1),
            "floor": lambda: bare_softmax(z),
        },
    }
    backward: dict[str, Calls] = {
        "relu_backward": {
            "ours": lambda: ops.relu_backward(dy, z),
            "torch": lambda: aten.threshold_backward(tdy, tz, 0),
            "np.where": lambda: np.where(z > 0.0, dy, 0.0),
        },
        "sigmoid_backward": {
            "ours": lambda: ops.sigmoid_backward(dy, y),
            "torch": lambda: aten.sigmoid_backward(tdy, ty),
        },
        "softmax_backward": {
            "ours": lambda: ops.softmax_backward(dy, p),
            "torch": lambda: aten._softmax_backward_data(tdy, tp, -1, torch.float64),
        },
    }
    hips = (lambda z: anp.maximum(z, 0.0), lambda z: 1 / (1 + anp.exp(-z)), hips_softmax)
    jitted = (jax.nn.relu, jax.nn.sigmoid, jax.nn.softmax)
    for (name, calls), in_jax, in_hips in zip(forward.items(), jitted, hips, strict=True):
        calls |= {"jax": in_jax_forward(in_jax, z), "HIPS": partial(in_hips, z)}
        vjp, _ = autograd.make_vjp(in_hips)(z)
        backward[f"{name}_backward"] |= {"jax": in_jax_backward(in_jax, dy, z), "HIPS": partial(vjp, dy)}
    return forward | backward


def in_jax_forward(function, z):
    jitted, z = jax.jit(function), jax.numpy.asarray(z)
    return lambda: jitted(z).block_until_ready()


def in_jax_backward(function, dy, z):
    jitted = jax.jit(lambda dy, z: jax.vjp(function, z)[1](dy)[0])
    dy, z = map(jax.numpy.asarray, (dy, z))
    return lambda: jitted(dy, z).block_until_ready()


def main(sizes: tuple[int, ...] = SIZES, repeat: int = 15) -> None:
    """Print microseconds a call, ours as a multiple of each peer's, and what the reach comes to."""
    one = torch.get_num_threads() == 1
    clock = time.process_time if one else time.perf_counter
    print(f"median of {repeat}, {'one thread' if one else f'{torch.get_num_threads()} threads'}")
    print(f"{'':<18}{'entries':>10}{'ours':>11}" + "".join(f"{f'ours/{peer}':>12}" for peer in PEERS))
    ratios: dict[tuple[str, int], float] = {}
    others = []
    for size in sizes:
        for name, calls in operations(size).items():
            seconds = medians(calls, repeat, clock=clock)
            ours = seconds["ours"]
            ratios[name, size] = ours / seconds["torch"]
            row = "".join(f"{ours / seconds[peer]:>12.2f}" for peer in PEERS)
            print(f"{name:<18}{size:>10,}{1e6 * ours:>9.1f}µs{row}")
            for other, says in (("floor", "of PyTorch's time"), ("np.where", "of ours")):
                if other in seconds:
                    share = seconds[other] / (seconds["torch"] if other == "floor" else ours)
                    what = "np.where" if other == "np.where" else f"{name}, its NumPy calls alone"
                    others.append(f"{what:<36}{size:>10,}{share:>8.2f} {says}")
    print("\n" + "\n".join(others))
    for most, chosen, which in (
        (2.0, [s for s in sizes if s <= 1_000], "up to 10³ entries"),
        (1.5, [s for s in sizes if s >= 10_000], "from 10⁴ entries"),
    ):
        found = {key: ratio for key, ratio in ratios.items() if key[1] in chosen}
        if found:
            say(found, most, f"`ops` beside PyTorch eager, {which}, {'one thread' if one else 'all threads'}")


def say(ratios: dict[tuple[str, int], float], most: float, what: str) -> None:
    """One row of the table at the top: the worst, how many stay within reach, and who does not."""
    slow = {key: ratio for key, ratio in ratios.items() if ratio > most}
    named = ", ".join(sorted({name for name, _ in slow}))
    why = f"Beyond it: {named}. NumPy takes several passes, each with its own call, where PyTorch takes one"
    measured = f"{max(ratios.values()):.1f}× at worst, {len(ratios) - len(slow)} of {len(ratios)} within"
    reach(what, measured, f"≤ {most:g}×", not slow, why)


if __name__ == "__main__":
    main()

"""How fast `gradcheck` is: ``python -m tests.benchmarks.gradcheck_speed``.

Beside it, in the same run on the same functions, shapes and float64 numbers, other checkers: PyTorch, JAX and
HIPS autograd look at their own derivative, the others at the backward pass that `gradcheck` looks at.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import autograd.numpy as anp
import jax
import numpy as np
import torch
from autograd.test_util import check_grads as hips_check_grads
from jax.test_util import check_grads as jax_check_grads

from backprop_course import gradcheck
from tests.benchmarks._measure import medians, reach
from tests.gradcheck import peers
from tests.gradcheck.functions import (
    linear,
    linear_backward,
    network,
    network_backward,
    softmax,
    softmax_backward,
)
from tests.gradcheck.verdicts import Question

Function = Callable[..., Any]


def hips_softmax(z):
    e = anp.exp(z - anp.max(z, axis=-1, keepdims=True))
    return e / anp.sum(e, axis=-1, keepdims=True)


def network_in(relu: Function) -> Function:
    """The same network with another library's relu."""
    return lambda x, W, b, V, c: relu(x @ W + b) @ V + c


# name: forward, backward, the same in PyTorch, in JAX and in HIPS autograd, and the shapes
CASES: dict[str, tuple[Function, Function, Function, Function, Function, Sequence[tuple[int, ...]]]] = {
    "linear 8x16 -> 16": (linear, linear_backward, linear, linear, linear, [(8, 16), (16, 16), (16,)]),
    "softmax 32x10": (
        *(softmax, softmax_backward, lambda z: torch.softmax(z, -1), jax.nn.softmax, hips_softmax),
        [(32, 10)],
    ),
    "ReLU network 8x16 -> 16 -> 10": (
        *(network, network_backward(at_kink=0.0)),
        *(network_in(torch.relu), network_in(jax.nn.relu), network_in(lambda z: anp.maximum(z, 0.0))),
        [(8, 16), (16, 16), (16,), (16, 10), (10,)],
    ),
}


def as_one(forward: Function, backward: Function, shapes: Sequence[tuple[int, ...]]) -> Question:
    """The same function of one flat array, as checkers for one vector want it."""
    cuts = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])[:-1]

    def parts(v: Any) -> list[Any]:
        return [p.reshape(shape) for p, shape in zip(np.split(v, cuts), shapes, strict=True)]

    def flat_backward(dy: Any, v: Any) -> Any:
        answer = backward(dy, *parts(v))
        return np.concatenate([np.ravel(a) for a in (answer if isinstance(answer, tuple) else (answer,))])

    zeros = np.zeros(sum(np.prod(shape, dtype=int) for shape in shapes))
    return Question("", "", lambda v: forward(*parts(v)), flat_backward, (zeros,), True)


def checks(case: str) -> dict[str, Callable[[], object]]:
    """A call of each checker on one case."""
    jax.config.update("jax_enable_x64", True)
    forward, backward, torchs, jaxs, hips, shapes = CASES[case]
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape) for shape in shapes]
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    flat, vector = as_one(forward, backward, shapes), np.concatenate([np.ravel(a) for a in arrays])
    calls: dict[str, Callable[[], object]] = {
        "ours": lambda: gradcheck(forward, backward, *arrays).passed,
        "torch, slow": lambda: torch.autograd.gradcheck(torchs, tensors),
        "torch, fast": lambda: torch.autograd.gradcheck(torchs, tensors, fast_mode=True),
        "jax": lambda: jax_check_grads(jaxs, arrays, order=1, modes=["rev"]),
        "HIPS": lambda: hips_check_grads(hips, modes=["rev"], order=1)(*arrays),
    }
    for name in ("scipy", "numdifftools", "taught loop"):
        if name in peers.installed():
            calls[name] = partial(peers.PEERS[name][1], flat, vector)
    return calls


def main(cases: Sequence[str] = tuple(CASES), repeat: int = 3) -> None:
    """Print seconds a check, and ours as a multiple."""
    ratios = []
    for case in cases:
        calls = checks(case)
        assert calls["ours"]() is True
        seconds = medians(calls, repeat, least=0)
        ratios.append(seconds["ours"] / seconds["torch, slow"])
        print(f"{case}, median of {repeat}")
        for name, time in seconds.items():
            print(f"  {name:<14}{1e3 * time:>10.2f} ms{seconds['ours'] / time:>10.3f}  ours/{name}")
    measured = f"{min(ratios):.2f} to {max(ratios):.2f}× its time"
    reach("`gradcheck` beside PyTorch's, slow mode", measured, "≤ 1×", max(ratios) <= 1, "See the table")


if __name__ == "__main__":
    main()

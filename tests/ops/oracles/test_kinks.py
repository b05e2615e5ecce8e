"""At a kink the frameworks choose: what they choose, what this package chooses, and that all are right."""

from typing import Any

import numpy as np
import pytest

from backprop_course.ops import is_subgradient
from tests.ops.op_table import OPS, Arrays

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed (pip install torch, the CPU build will do)"
)
jax = pytest.importorskip("jax", reason="JAX is not installed (pip install jax)")

from tests.ops.oracles import test_jax, test_torch  # noqa: E402

pytestmark = pytest.mark.oracles

# operation, input at the kink, constants; the gradient by this package, by PyTorch and by JAX
KINKS: list[tuple[str, list[float], Arrays, list[float], list[float], list[float]]] = [
    ("relu", [0.0, -1.0, 2.0], (), [0, 0, 1], [0, 0, 1], [0, 0, 1]),
    ("leaky_relu", [0.0], (0.1,), [0.1], [0.1], [1]),
    ("elu", [0.0], (0.5,), [0.5], [0.5], [0.5]),
    ("max", [1.0, 1.0, 0.0], (), [1, 0, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]),
    ("max_pool", [1.0, 1.0, 0.0, 1.0], (3, 1), [1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]),
    ("max_gate", [1.0], (np.ones(1),), [0.5], [0.5], [0.5]),
]


@pytest.mark.parametrize(("name", "z", "constants", "ours", "by_torch", "by_jax"), KINKS)
def test_choice_at_a_kink(
    name: str, z: list[float], constants: Arrays, ours: Any, by_torch: Any, by_jax: Any
) -> None:
    op = next(op for op in OPS if op.name == name)
    inputs = (np.array(z), *constants)
    dy = np.ones(np.shape(op.forward(*inputs)))
    assert op.gradients(dy, *inputs)[0].tolist() == pytest.approx(ours)
    assert test_torch.differentiate(op, dy, inputs)[1][0].tolist() == pytest.approx(by_torch)
    assert test_jax.differentiate(op, (dy, inputs))[0][1][0].tolist() == pytest.approx(by_jax)
    points = np.array(z) + np.random.default_rng(0).uniform(-2, 2, (200, len(z)))
    for choice in (ours, by_torch, by_jax):
        assert is_subgradient(choice, lambda x: op.forward(x, *constants).sum(), z, points)


def test_relu_written_as_a_maximum_takes_a_half() -> None:
    z = torch.zeros(1, requires_grad=True)
    torch.maximum(z, torch.zeros(1)).sum().backward()
    assert z.grad.tolist() == [0.5]
    assert jax.grad(lambda z: jax.numpy.maximum(z, 0.0))(0.0) == 0.5


def test_max_along_an_axis_and_of_everything_differ_in_pytorch() -> None:
    gradients = []
    for largest in (lambda z: z.max(), lambda z: z.amax(-1), lambda z: z.max(-1).values):
        z = torch.tensor([1.0, 1.0, 0.0], requires_grad=True)
        largest(z).backward()
        gradients.append(z.grad.tolist())
    assert gradients == [[0.5, 0.5, 0], [0.5, 0.5, 0], [1, 0, 0]]

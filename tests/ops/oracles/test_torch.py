"""Value and gradients of every operation against PyTorch's automatic differentiation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.op_table import EXAMPLES, EXTREMES, OPS, Arrays, Op, assert_agrees, cases

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed (pip install torch, the CPU build will do)"
)
F = torch.nn.functional
pytestmark = pytest.mark.oracles


def max_pool(z: Any, size: int, stride: int) -> Any:
    rows = z.reshape(-1, 1, z.shape[-1])
    return F.max_pool1d(rows, size, stride).reshape(*z.shape[:-1], -1)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),  # F.softplus is exact to 2e-9 only
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "prelu": F.prelu,
    "rrelu": lambda z, slopes: torch.where(z > 0, z, slopes * z),
    "elu": F.elu,
    "max": lambda z: z.amax(-1),
    "max_pool": max_pool,
    "maxout": lambda x, W, b: (x @ W + b[:, None]).amax(0),
    "linear": lambda x, W, b: F.linear(x, W.T, b),
    "sigmoid_network": lambda x, W1, b1, W2, b2: torch.sigmoid(x @ W1 + b1) @ W2 + b2,
    "extended_layer": lambda y, w: torch.cat([torch.ones_like(y[:1]), y]) @ w,
    "broadcast": lambda x, shape: x.expand(shape),
    "softmax": lambda z: F.softmax(z, -1),
    "log_softmax": lambda z: F.log_softmax(z, -1),
    "squared_error": lambda f, y: F.mse_loss(f, y, reduction="sum") / 2,
    "squared_distance": lambda x, h: F.mse_loss(x, h, reduction="sum"),
    "kl_divergence": lambda y, d: F.kl_div(y.log(), d, reduction="sum"),
    "cross_entropy": lambda p, labels: F.nll_loss(p.log().reshape(-1, p.shape[-1]), labels.reshape(-1)),
    "softmax_cross_entropy": lambda z, labels: F.cross_entropy(
        z.reshape(-1, z.shape[-1]), labels.reshape(-1)
    ),
    "sigmoid_mse": lambda z, d: F.mse_loss(torch.sigmoid(z), d, reduction="none") / 2,
    "sigmoid_cross_entropy": lambda z, d: F.binary_cross_entropy_with_logits(z, d, reduction="none"),
    "add_gate": torch.add,
    "multiply_gate": torch.mul,
    "max_gate": torch.maximum,
    "pairwise_product": lambda z: z[..., ::2] * z[..., 1::2],
    "gated_unit": lambda g, c: torch.sigmoid(g) * torch.tanh(c),
    "sigmoid_neuron": lambda w, x: torch.sigmoid(torch.dot(w[:2], x) + w[2]),
    "softplus_graph": lambda x: torch.log(1 + torch.exp(x)),
    "fraction": lambda x, y: (x + torch.sigmoid(x)) / (torch.sigmoid(x) + (x + y) ** 2),
    "exp_sin_square": lambda x: torch.exp(torch.sin(x**2)),
    "squared_error_node": lambda x, y, z, t: (x * y + z - t) ** 2,
}
STABLE = [
    "sigmoid",
    "tanh",
    "softplus",
    "softmax",
    "log_softmax",
    "softmax_cross_entropy",
    "sigmoid_mse",
    "sigmoid_cross_entropy",
    "gated_unit",
]


def differentiate(op: Op, dy: Any, inputs: Arrays) -> tuple[Any, Arrays]:
    """Value and gradients by PyTorch, as NumPy arrays."""
    wanted = [
        torch.tensor(a, dtype=torch.from_numpy(dy).dtype, requires_grad=True)
        for a in op.differentiable(inputs)
    ]
    rest = [torch.from_numpy(a) if isinstance(a, np.ndarray) else a for a in inputs[len(wanted) :]]
    value = FUNCTIONS[op.name](*wanted, *rest)
    value.backward(torch.from_numpy(dy))
    return value.detach().numpy(), tuple(a.grad.numpy() for a in wanted)


def test_every_operation_has_a_counterpart() -> None:
    assert set(FUNCTIONS) == {op.name for op in OPS}


@pytest.mark.parametrize("op", OPS, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(data=st.data())
@EXAMPLES
def test_value_and_gradients(op: Op, dtype: type, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op, dtype))
    assert_agrees(op, dy, inputs, *differentiate(op, dy, inputs))


@pytest.mark.parametrize("op", [op for op in OPS if op.name in STABLE], ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(data=st.data())
@EXAMPLES
def test_value_and_gradients_at_ten_thousand(op: Op, dtype: type, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op, dtype, EXTREMES))
    assert_agrees(op, dy, inputs, *differentiate(op, dy, inputs))

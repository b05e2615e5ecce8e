"""Value and gradients of every operation with a textbook formula, against HIPS autograd."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.op_table import EXAMPLES, OPS, Op, assert_agrees, cases

autograd = pytest.importorskip("autograd", reason="HIPS autograd is not installed (pip install autograd)")
import autograd.numpy as anp  # noqa: E402

pytestmark = pytest.mark.oracles


def sigmoid(z: Any) -> Any:
    return 1 / (1 + anp.exp(-z))


def softmax(z: Any) -> Any:
    return anp.exp(z) / anp.sum(anp.exp(z), axis=-1, keepdims=True)


FORMULAS: dict[str, Callable[..., Any]] = {
    "sigmoid": sigmoid,
    "tanh": anp.tanh,
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z, alpha: anp.where(z > 0, z, alpha * z),
    "prelu": lambda z, alpha: anp.where(z > 0, z, alpha * z),
    "rrelu": lambda z, slopes: anp.where(z > 0, z, slopes * z),
    "elu": lambda z, alpha: anp.where(z > 0, z, alpha * (anp.exp(z) - 1)),
    "max": lambda z: anp.max(z, axis=-1),
    "maxout": lambda x, W, b: anp.max(anp.matmul(x, W) + b[:, None], axis=0),
    "linear": lambda x, W, b: anp.dot(x, W) + b,
    "sigmoid_network": lambda x, W1, b1, W2, b2: anp.dot(1 / (1 + anp.exp(-anp.dot(x, W1) - b1)), W2) + b2,
    "softmax": softmax,
    "log_softmax": lambda z: anp.log(softmax(z)),
    "squared_error": lambda f, y: anp.sum((f - y) ** 2) / 2,
    "squared_distance": lambda x, h: anp.sum((x - h) ** 2),
    "kl_divergence": lambda y, d: anp.sum(d * anp.log(d / y)),
    "sigmoid_mse": lambda z, d: (d - sigmoid(z)) ** 2 / 2,
    "sigmoid_cross_entropy": lambda z, d: -d * anp.log(sigmoid(z)) - (1 - d) * anp.log(sigmoid(-z)),
    "add_gate": lambda a, b: a + b,
    "multiply_gate": lambda a, b: a * b,
    "max_gate": anp.maximum,
    "pairwise_product": lambda z: z[..., ::2] * z[..., 1::2],
    "gated_unit": lambda g, c: sigmoid(g) * anp.tanh(c),
    "sigmoid_neuron": lambda w, x: sigmoid(w[0] * x[0] + w[1] * x[1] + w[2]),
    "softplus_graph": lambda x: anp.log(1 + anp.exp(x)),
    "fraction": lambda x, y: (x + sigmoid(x)) / (sigmoid(x) + (x + y) ** 2),
    "exp_sin_square": lambda x: anp.exp(anp.sin(x**2)),
    "squared_error_node": lambda x, y, z, t: (x * y + z - t) ** 2,
}


@pytest.mark.parametrize("op", [op for op in OPS if op.name in FORMULAS], ids=str)
@given(data=st.data())
@EXAMPLES
def test_value_and_gradients(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op))
    wanted = tuple(map(np.asarray, op.differentiable(inputs)))
    rest = inputs[len(wanted) :]
    vjp, value = autograd.make_vjp(lambda arrays: FORMULAS[op.name](*arrays, *rest))(
        autograd.builtins.tuple(wanted)
    )
    assert_agrees(op, dy, inputs, value, vjp(dy))

"""Value and gradients of every operation against JAX."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ops.op_table import EXAMPLES, OPS, Arrays, Op, assert_agrees, cases, to_type

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install jax)")
jnp = jax.numpy
pytestmark = pytest.mark.oracles


def max_pool(z: Any, size: int, stride: int) -> Any:
    ones = (1,) * (z.ndim - 1)
    return jax.lax.reduce_window(z, -jnp.inf, jax.lax.max, (*ones, size), (*ones, stride), "valid")


def mean_negative_log(p: Any, labels: Any) -> Any:
    return -jnp.mean(jnp.log(jnp.take_along_axis(p, labels[..., None], axis=-1)))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "softplus": jax.nn.softplus,
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "prelu": jax.nn.leaky_relu,
    "rrelu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "max": lambda z: z.max(-1),
    "max_pool": max_pool,
    "maxout": lambda x, W, b: (x @ W + b[:, None]).max(0),
    "linear": lambda x, W, b: x @ W + b,
    "sigmoid_network": lambda x, W1, b1, W2, b2: jax.nn.sigmoid(x @ W1 + b1) @ W2 + b2,
    "extended_layer": lambda y, w: jnp.append(jnp.ones_like(y[:1]), y) @ w,
    "broadcast": jnp.broadcast_to,
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
    "squared_error": lambda f, y: jnp.sum((f - y) ** 2) / 2,
    "squared_distance": lambda x, h: jnp.vdot(x - h, x - h),
    "kl_divergence": lambda y, d: jax.scipy.special.rel_entr(d, y).sum(),
    "cross_entropy": mean_negative_log,
    "softmax_cross_entropy": lambda z, labels: mean_negative_log(jax.nn.softmax(z), labels),
    "sigmoid_mse": lambda z, d: (d - jax.nn.sigmoid(z)) ** 2 / 2,
    "sigmoid_cross_entropy": lambda z, d: -d * jax.nn.log_sigmoid(z) - (1 - d) * jax.nn.log_sigmoid(-z),
    "add_gate": jnp.add,
    "multiply_gate": jnp.multiply,
    "max_gate": jnp.maximum,
    "pairwise_product": lambda z: z.reshape(*z.shape[:-1], -1, 2).prod(-1),
    "gated_unit": lambda g, c: jax.nn.sigmoid(g) * jnp.tanh(c),
    "sigmoid_neuron": lambda w, x: jax.nn.sigmoid(w[:2] @ x + w[2]),
    "softplus_graph": lambda x: jnp.log(1 + jnp.exp(x)),
    "fraction": lambda x, y: (x + jax.nn.sigmoid(x)) / (jax.nn.sigmoid(x) + (x + y) ** 2),
    "exp_sin_square": lambda x: jnp.exp(jnp.sin(x**2)),
    "squared_error_node": lambda x, y, z, t: (x * y + z - t) ** 2,
}


def differentiate(op: Op, *cases: tuple[Any, Arrays]) -> list[tuple[Any, Arrays]]:
    """Value and gradients by JAX for each (dy, inputs), all in one compilation, which is what takes time."""
    count = len(op.differentiable(cases[0][1]))

    @jax.jit
    def run(arguments: Any) -> Any:
        results = []
        for (dy, wanted), (_, inputs) in zip(arguments, cases, strict=True):
            value, vjp = jax.vjp(partial(call, FUNCTIONS[op.name], inputs[count:]), *wanted)
            results.append((value, vjp(dy)))
        return results

    found: list[tuple[Any, tuple[Any, ...]]] = run(
        [(dy, [jnp.asarray(a, dy.dtype) for a in inputs[:count]]) for dy, inputs in cases]
    )
    return found


def call(function: Callable[..., Any], constants: Arrays, *wanted: Any) -> Any:
    return function(*wanted, *constants)


def test_every_operation_has_a_counterpart() -> None:
    assert set(FUNCTIONS) == {op.name for op in OPS}


@pytest.mark.parametrize("op", OPS, ids=str)
@given(data=st.data())
@settings(EXAMPLES, max_examples=2)
def test_value_and_gradients(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op))
    double = dy, inputs
    single = dy.astype(np.float32), to_type(np.float32, inputs)
    for case, result in zip((double, single), differentiate(op, double, single), strict=True):
        assert_agrees(op, *case, *result)

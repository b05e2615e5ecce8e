"""Every differentiable operation, once: its forward and backward pass and the inputs to test it on.

The tests walk this table, so an operation added here is tested for its properties and, by name, against
PyTorch, JAX and autograd. Every backward pass is brought to one form: (dy, *inputs) -> the gradients of the
inputs that have one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from backprop_course import ops

Arrays = tuple[Any, ...]
EXAMPLES = settings(derandomize=True, deadline=None, max_examples=15, database=None)
EXTREMES = (-1e4, -30.0, 0.0, 30.0, 1e4)


def keep(rng: np.random.Generator, *arrays: np.ndarray) -> Arrays:
    """Leave the random arrays as they are."""
    return arrays


@dataclass(frozen=True)
class Op:
    """One operation; `shapes` is a pattern as in `as_floats`, `prepare` turns random arrays into inputs."""

    name: str
    shapes: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    prepare: Callable[..., Arrays] = keep
    inputs_with_gradient: int = 99
    whole_line: bool = True  # takes any numbers, not only probabilities or points away from a pole

    def __str__(self) -> str:
        return self.name

    def gradients(self, dy: Any, *inputs: Any) -> Arrays:
        """Gradients of the inputs that have one, always as a tuple."""
        result = self.backward(dy, *inputs)
        return result if isinstance(result, tuple) else (result,)

    def differentiable(self, inputs: Arrays) -> Arrays:
        """Inputs that have a gradient."""
        return inputs[: self.inputs_with_gradient]


# Adapters: the backward passes of the course, in one form.


def of_output(backward: Callable[..., Any], forward: Callable[..., Any]) -> Callable[..., Any]:
    """(dy, y) -> dz becomes (dy, z) -> dz."""
    return lambda dy, z: backward(dy, forward(z))


def scaled(gradients: Callable[..., Any]) -> Callable[..., Arrays]:
    """Gradients of a loss become a backward pass that multiplies them by dy."""

    def backward(dy: Any, *inputs: Any) -> Arrays:
        result = gradients(*inputs)
        result = result if isinstance(result, tuple) else (result,)
        return tuple(np.asarray(g * np.asarray(dy, g.dtype)) for g in result)

    return backward


def without_value(value_and_gradients: Callable[..., Arrays]) -> Callable[..., Arrays]:
    """The same for a function that returns its value first."""
    return scaled(lambda *inputs: value_and_gradients(*inputs)[1:])


# Inputs that random numbers do not give by themselves.


def with_alpha(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return z, float(rng.uniform(0.05, 0.9))


def with_slopes(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return z, rng.uniform(0.1, 0.4, size=z.shape)


def with_labels(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return z, rng.integers(z.shape[-1], size=z.shape[:-1])


def probabilities_with_labels(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return with_labels(rng, ops.softmax(z))


def with_targets(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return z, rng.random(z.shape)


def two_distributions(rng: np.random.Generator, z: np.ndarray, t: np.ndarray) -> Arrays:
    return ops.softmax(z), ops.softmax(t)


def even_width(rng: np.random.Generator, left: np.ndarray, right: np.ndarray) -> Arrays:
    return (np.concatenate([left, right], axis=-1),)


def with_windows(rng: np.random.Generator, z: np.ndarray) -> Arrays:
    return z, int(rng.integers(1, z.shape[-1] + 1)), int(rng.integers(1, 4))


def to_broadcast(rng: np.random.Generator, x: np.ndarray) -> Arrays:
    target = (2, *x.shape)
    stretched = tuple(slice(0, 1) if rng.random() < 0.5 else slice(None) for _ in x.shape)
    return x[stretched], target


def away_from_the_pole(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> Arrays:
    return np.tanh(x), np.tanh(y)


OPS = [
    Op("sigmoid", "...", ops.sigmoid, of_output(ops.sigmoid_backward, ops.sigmoid)),
    Op("tanh", "...", ops.tanh, of_output(ops.tanh_backward, ops.tanh)),
    Op("softplus", "...", ops.softplus, ops.softplus_backward),
    Op("relu", "...", ops.relu, ops.relu_backward),
    Op("leaky_relu", "...", ops.leaky_relu, ops.leaky_relu_backward, with_alpha, 1),
    Op("prelu", "...", ops.leaky_relu, ops.prelu_backward, with_alpha),
    Op("rrelu", "...", ops.rrelu, ops.rrelu_backward, with_slopes, 1),
    Op("elu", "...", ops.elu, ops.elu_backward, with_alpha, 1),
    Op("max", "... D", ops.row_max, ops.max_backward),
    Op("max_pool", "... D", ops.max_pool, ops.max_pool_backward, with_windows, 1),
    Op("maxout", "N D, K D M, K M", ops.maxout, ops.maxout_backward),
    Op("linear", "... D, D M, M", ops.linear, lambda dz, x, W, b: ops.linear_backward(dz, x, W)),
    Op("sigmoid_network", "D, D H, H, H M, M", ops.sigmoid_network, ops.network_vjp),
    Op("extended_layer", "D, D+1 M", ops.extended_layer, ops.extended_layer_backward),
    Op(
        "broadcast",
        "...",
        lambda x, shape: 1.0 * np.broadcast_to(x, shape),
        lambda dy, x, _: ops.broadcast_backward(dy, np.shape(x)),
        to_broadcast,
        1,
    ),
    Op("softmax", "... C", ops.softmax, of_output(ops.softmax_backward, ops.softmax)),
    Op("log_softmax", "... C", ops.log_softmax, of_output(ops.log_softmax_backward, ops.log_softmax)),
    Op("squared_error", "..., ...", ops.squared_error, scaled(ops.squared_error_backward)),
    Op("squared_distance", "..., ...", ops.squared_distance, scaled(ops.squared_distance_backward), keep, 1),
    Op(
        "kl_divergence",
        "... C, ... C",
        ops.kl_divergence,
        scaled(ops.kl_divergence_backward),
        two_distributions,
        1,
        False,
    ),
    Op(
        "cross_entropy",
        "... C",
        ops.cross_entropy,
        scaled(ops.cross_entropy_backward),
        probabilities_with_labels,
        1,
        False,
    ),
    Op(
        "softmax_cross_entropy",
        "... C",
        ops.softmax_cross_entropy,
        scaled(ops.softmax_cross_entropy_backward),
        with_labels,
        1,
    ),
    Op("sigmoid_mse", "...", ops.sigmoid_mse, scaled(ops.sigmoid_mse_backward), with_targets, 1),
    Op(
        "sigmoid_cross_entropy",
        "...",
        ops.sigmoid_cross_entropy,
        scaled(ops.sigmoid_cross_entropy_backward),
        with_targets,
        1,
    ),
    Op("add_gate", "..., ...", ops.add_gate, ops.add_gate_backward),
    Op("multiply_gate", "..., ...", ops.multiply_gate, ops.multiply_gate_backward),
    Op("max_gate", "..., ...", ops.max_gate, ops.max_gate_backward),
    Op("pairwise_product", "... M, ... M", ops.pairwise_product, ops.pairwise_product_backward, even_width),
    Op("gated_unit", "..., ...", ops.gated_unit, ops.gated_unit_backward),
    Op("sigmoid_neuron", "3, 2", ops.sigmoid_neuron, without_value(ops.sigmoid_neuron_backward)),
    Op("softplus_graph", "...", ops.softplus, scaled(lambda x: ops.softplus_graph_backward(x)[-1])),
    Op(
        "fraction",
        "..., ...",
        ops.fraction,
        without_value(ops.fraction_backward),
        away_from_the_pole,
        whole_line=False,
    ),
    Op("exp_sin_square", "...", ops.exp_sin_square, scaled(ops.exp_sin_square_derivative)),
    Op(
        "squared_error_node",
        "..., ..., ..., ...",
        ops.squared_error_node,
        scaled(ops.squared_error_node_gradients),
        inputs_with_gradient=3,
    ),
]


@st.composite
def cases(
    draw: st.DrawFn, op: Op, dtype: type = np.float64, values: tuple[float, ...] = ()
) -> tuple[np.ndarray, Arrays]:
    """Draw dy and inputs of random shapes; entries are normal, so never tied, unless `values` lists them."""
    batch = draw(st.sampled_from([[2], [], [3, 2], [1, 4]]))  # the first example is the first of each list
    sizes: dict[str, int] = {}

    def size(axis: str) -> int:
        name, _, more = axis.partition("+")
        if name.isdigit():
            return int(name)
        if name not in sizes:
            sizes[name] = draw(st.sampled_from([3, 2, 1, 5]))
        return sizes[name] + int(more or 0)

    shapes = [
        (batch if "..." in text else []) + [size(axis) for axis in text.split() if axis != "..."]
        for text in op.shapes.split(",")
    ]
    scale = draw(st.sampled_from([0.1, 1.0, 4.0]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    arrays = [rng.choice(values, shape) if values else scale * rng.standard_normal(shape) for shape in shapes]
    inputs = to_type(dtype, op.prepare(rng, *(np.asarray(a) for a in arrays)))
    return np.asarray(rng.standard_normal(np.shape(op.forward(*inputs))), dtype), inputs


def to_type(dtype: type, inputs: Arrays) -> Arrays:
    """Cast the float arrays."""
    return tuple(np.asarray(a, dtype) if is_float_array(a) else a for a in inputs)


def is_float_array(value: Any) -> bool:
    """Tell the arrays with entries to differentiate from labels, sizes and Python numbers."""
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f"


def assert_agrees(op: Op, dy: Any, inputs: Arrays, value: Any, gradients: Arrays) -> None:
    """Compare the value and the gradients of an operation with those of a framework."""
    assert_close(op.forward(*inputs), value)
    for ours, theirs in zip(op.gradients(dy, *inputs), gradients, strict=True):
        assert_close(ours, theirs)


def assert_close(actual: Any, desired: Any, slack: float = 1000) -> None:
    """Compare to `slack` units of round-off of the largest entry; shape and type must be the same."""
    actual, desired = np.asarray(actual), np.asarray(desired)
    assert (actual.shape, actual.dtype) == (desired.shape, desired.dtype)
    unit = slack * np.finfo(desired.dtype).eps
    largest = max(1.0, float(np.abs(desired).max(initial=0)))
    np.testing.assert_allclose(actual, desired, rtol=unit, atol=unit * largest)

"""Chain rules, Jacobians and shared weights against PyTorch."""

from typing import Any

import numpy as np
import pytest

from backprop_course.ops import (
    chain_derivative,
    chain_jacobians,
    distributed_derivative,
    elementwise_vjp,
    linear_composition,
    linear_jacobian_b,
    linear_jacobian_h,
    linear_jacobian_W,
    partial_and_total,
    shared_weight_backward,
    softmax,
    softmax_jacobian,
)
from tests.ops.op_table import assert_close

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed (pip install torch, the CPU build will do)"
)
pytestmark = pytest.mark.oracles


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(24)


jacobian = torch.autograd.functional.jacobian


def derivative(f: Any, *inputs: Any) -> Any:
    """Derivative with respect to the first input."""
    x = inputs[0].clone().requires_grad_()
    return torch.autograd.grad(f(x, *inputs[1:]), x)[0]


def tensors(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[Any]:
    return [torch.from_numpy(rng.standard_normal(shape)) for shape in shapes]


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.3, 2.0])
def test_chain_rules_of_one_variable(x: float) -> None:
    t = torch.tensor(x, dtype=torch.float64)
    chained = chain_derivative([np.sin, np.exp, np.square], [np.cos, np.exp, lambda u: 2 * u], x)
    assert_close(chained, derivative(lambda t: t.sin().exp() ** 2, t))
    distributed = distributed_derivative(
        lambda z: (z[1] * z[2], z[0] * z[2], z[0] * z[1]),
        [np.sin, np.exp, np.tanh],
        [np.cos, np.exp, lambda u: 1 - np.tanh(u) ** 2],
        x,
    )
    assert_close(distributed, derivative(lambda t: t.sin() * t.exp() * t.tanh(), t))
    partial, total = partial_and_total(
        lambda x, y: y * np.cos(x * y), lambda x, y: x * np.cos(x * y), np.exp, np.exp, x
    )
    assert_close(partial, derivative(lambda t, y: (t * y).sin(), t, t.exp()))
    assert_close(total, derivative(lambda t: (t * t.exp()).sin(), t))


def test_jacobians_of_a_linear_layer_and_of_softmax(rng: np.random.Generator) -> None:
    h, W, b = tensors(rng, (3,), (3, 4), (4,))
    by_h, by_W, by_b = jacobian(lambda h, W, b: h @ W + b, (h, W, b))
    assert_close(linear_jacobian_h(h, W, b), by_h)
    assert_close(linear_jacobian_W(h, W, b), by_W)
    assert_close(linear_jacobian_b(h, W, b), by_b)
    assert_close(softmax_jacobian(softmax(b)), jacobian(lambda z: z.softmax(-1), b))


def test_the_jacobian_of_a_network_is_the_product_of_those_of_its_layers(rng: np.random.Generator) -> None:
    x, W1, W2 = tensors(rng, (3,), (3, 5), (5, 2))
    h = np.tanh(x.numpy() @ W1.numpy())
    layers = [W1.T, np.diag(1 - h**2), W2.T, softmax_jacobian(softmax(h @ W2.numpy()))]
    whole = jacobian(lambda x: ((x @ W1).tanh() @ W2).softmax(-1), x)
    assert_close(chain_jacobians(layers), whole)


def test_a_stack_of_linear_layers(rng: np.random.Generator) -> None:
    x, W1, b1, W2, b2 = tensors(rng, (6, 3), (3, 5), (5,), (5, 2), (2,))
    stack = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Linear(5, 2)).double()
    for layer, W, b in ((stack[0], W1, b1), (stack[1], W2, b2)):
        layer.load_state_dict({"weight": W.T, "bias": b})
    W, b = linear_composition([W1, W2], [b1, b2])
    assert_close(x.numpy() @ W + b, stack(x).detach())


def test_elementwise_vjp_of_a_hundred_thousand_entries(rng: np.random.Generator) -> None:
    dy, z = tensors(rng, (100_000,), (100_000,))
    _, dz = torch.autograd.functional.vjp(torch.sin, z, dy)
    assert_close(elementwise_vjp(dy, np.cos, z), dz)


def test_weights_shared_in_a_graph_of_three_nodes(rng: np.random.Generator) -> None:
    x0, w1, w2, dx3 = tensors(rng, (3,), (4,), (5,), (2,))
    A, B, C, D = tensors(rng, (4, 3), (6, 3), (6, 4), (6, 5))
    E, F, G = tensors(rng, (2, 4), (2, 6), (2, 4))

    def phi1(x0: Any, w1: Any) -> Any:
        return ((A @ x0) * w1).tanh()

    def phi2(x0: Any, x1: Any, w2: Any) -> Any:
        return (B @ x0 + (C @ x1) * (D @ w2)).sin()

    def phi3(x1: Any, x2: Any, w1: Any) -> Any:
        return (E @ x1 + (F @ x2) * (G @ w1)).tanh()

    def network(w1: Any, w2: Any) -> Any:
        x1 = phi1(x0, w1)
        return phi3(x1, phi2(x0, x1, w2), w1)

    x1 = phi1(x0, w1)
    x2 = phi2(x0, x1, w2)
    nodes = {
        "x1": (phi1, {"x0": x0, "w1": w1}),
        "x2": (phi2, {"x0": x0, "x1": x1, "w2": w2}),
        "x3": (phi3, {"x1": x1, "x2": x2, "w1": w1}),
    }
    jacobians = {
        (node, name): J
        for node, (phi, inputs) in nodes.items()
        for name, J in zip(inputs, jacobian(phi, tuple(inputs.values())), strict=True)
    }
    _, gradients = torch.autograd.functional.vjp(network, (w1, w2), dx3)
    for ours, theirs in zip(shared_weight_backward(dx3, jacobians), gradients, strict=True):
        assert_close(ours, theirs)

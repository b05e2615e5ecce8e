"""The multilayer perceptron, its losses and its training step against PyTorch."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course.network import (
    binary_loss_and_gradients,
    loss_and_gradients,
    mlp_backward,
    mlp_forward,
    sgd_step,
)
from tests.ops.op_table import EXAMPLES, assert_close

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed (pip install torch, the CPU build will do)"
)
F = torch.nn.functional
pytestmark = pytest.mark.oracles

networks = st.lists(st.integers(1, 6), min_size=2, max_size=5)
generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)
types = st.sampled_from([np.float64, np.float32])


def random_arrays(rng: np.random.Generator, dtype: type, *shapes: tuple[int, ...]) -> list[Any]:
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def with_gradients(arrays: list[Any]) -> list[Any]:
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def by_torch(x: Any, weights: list[Any], biases: list[Any]) -> list[Any]:
    """Every activation of the network, the input first."""
    activations = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        activations.append(torch.relu(F.linear(activations[-1], W.T, b)))
    return [*activations, F.linear(activations[-1], weights[-1].T, biases[-1])]


@given(networks, generators, types, st.sampled_from([(), (1,), (4,), (2, 3)]))
@EXAMPLES
def test_mlp(widths: list[int], rng: np.random.Generator, dtype: type, batch: tuple[int, ...]) -> None:
    dy, x = random_arrays(rng, dtype, (*batch, widths[-1]), (*batch, widths[0]))
    weights, biases = (
        random_arrays(rng, dtype, *pairwise(widths)),
        random_arrays(rng, dtype, *zip(widths[1:])),
    )
    leaves = with_gradients([x]), with_gradients(weights), with_gradients(biases)
    theirs = by_torch(leaves[0][0], *leaves[1:])
    theirs[-1].backward(torch.from_numpy(dy))

    activations = mlp_forward(x, weights, biases)
    for ours, their in zip(activations, theirs, strict=True):
        assert_close(ours, their.detach())
    dx, dweights, dbiases = mlp_backward(dy, activations, weights)
    for ours, leaf in zip(
        [dx, *dweights, *dbiases], [leaf for group in leaves for leaf in group], strict=True
    ):
        assert_close(ours, leaf.grad)


@given(networks, generators, types)
@EXAMPLES
def test_loss_gradients_and_a_step(widths: list[int], rng: np.random.Generator, dtype: type) -> None:
    (x,) = random_arrays(rng, dtype, (5, widths[0]))
    weights, biases = (
        random_arrays(rng, dtype, *pairwise(widths)),
        random_arrays(rng, dtype, *zip(widths[1:])),
    )
    labels = rng.integers(widths[-1], size=5)
    their_weights, their_biases = with_gradients(weights), with_gradients(biases)
    their_loss = F.cross_entropy(
        by_torch(torch.tensor(x), their_weights, their_biases)[-1], torch.tensor(labels)
    )
    their_loss.backward()

    loss, dweights, dbiases = loss_and_gradients(weights, biases, x, labels)
    assert loss == pytest.approx(their_loss.item(), rel=1e-4 if dtype is np.float32 else 1e-12)
    for ours, leaf in zip(dweights + dbiases, their_weights + their_biases, strict=True):
        assert_close(ours, leaf.grad)

    torch.optim.SGD(their_weights, lr=0.1).step()
    for ours, leaf in zip(sgd_step(weights, dweights, 0.1), their_weights, strict=True):
        assert_close(ours, leaf.detach())


@given(st.integers(1, 6), generators, types)
@EXAMPLES
def test_binary_loss_and_gradients(D: int, rng: np.random.Generator, dtype: type) -> None:
    w, b, x = random_arrays(rng, dtype, (D,), (1,), (5, D))
    d = rng.integers(2, size=5)
    their_w, their_b = with_gradients([w, b[0]])
    z = torch.tensor(x) @ their_w + their_b
    their_loss = F.binary_cross_entropy_with_logits(z, torch.tensor(d.astype(dtype)))
    their_loss.backward()
    loss, dw, db = binary_loss_and_gradients(w, b[0], x, d)
    assert loss == pytest.approx(their_loss.item(), rel=1e-4 if dtype is np.float32 else 1e-12)
    assert_close(dw, their_w.grad)
    assert_close(db, their_b.grad)

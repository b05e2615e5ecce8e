"""Jacobians, vector-Jacobian products and the functions built on them agree with each other."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course.ops import (
    broadcast_backward,
    chain_jacobians,
    elementwise_vjp,
    extended_layer,
    extended_layer_backward,
    jacobian_from_vjp,
    linear,
    linear_backward,
    linear_composition,
    linear_jacobian_b,
    linear_jacobian_h,
    linear_jacobian_W,
    linear_vjp_b,
    linear_vjp_h,
    linear_vjp_W,
    log_softmax,
    log_softmax_backward,
    shared_weight_backward,
    softmax,
    softmax_backward,
    softmax_jacobian,
)
from tests.ops.op_table import EXAMPLES, assert_close

sizes = st.integers(1, 5)
EDGES = [("x3", "x1"), ("x3", "x2"), ("x3", "w1"), ("x2", "x1"), ("x2", "w2"), ("x1", "w1")]
generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(generators, sizes, sizes)
@EXAMPLES
def test_linear_vjps_contract_the_jacobians(rng: np.random.Generator, D: int, M: int) -> None:
    da, h, W, b = (rng.standard_normal(shape) for shape in (M, D, (D, M), M))
    assert linear_jacobian_h(h, W, b).shape == (M, D)
    assert linear_jacobian_W(h, W, b).shape == (M, D, M)
    assert_close(linear_vjp_h(da, h, W, b), da @ linear_jacobian_h(h, W, b))
    assert_close(linear_vjp_W(da, h, W, b), np.tensordot(da, linear_jacobian_W(h, W, b), axes=1))
    assert_close(linear_vjp_b(da, h, W, b), da @ linear_jacobian_b(h, W, b))


@given(generators, sizes, sizes)
@EXAMPLES
def test_a_batch_adds_the_vjps_of_its_rows(rng: np.random.Generator, D: int, M: int) -> None:
    dz, x, W, b = (rng.standard_normal(shape) for shape in ((3, M), (3, D), (D, M), M))
    dx, dW, db = linear_backward(dz, x, W)
    rows = list(zip(dz, x, strict=True))
    assert_close(dx, np.stack([linear_vjp_h(da, h, W, b) for da, h in rows]))
    assert_close(dW, sum(linear_vjp_W(da, h, W, b) for da, h in rows))
    assert_close(db, sum(linear_vjp_b(da, h, W, b) for da, h in rows))


def test_an_empty_batch_has_zero_gradients() -> None:
    dx, dW, db = linear_backward(np.zeros((0, 2)), np.zeros((0, 3)), np.ones((3, 2)))
    assert dx.shape == (0, 3)
    assert not dW.any()
    assert not db.any()


@given(generators, sizes, sizes)
@EXAMPLES
def test_the_bias_is_the_weight_of_a_constant_one(rng: np.random.Generator, D: int, M: int) -> None:
    dz, y_prev, w = rng.standard_normal(M), rng.standard_normal(D), rng.standard_normal((D + 1, M))
    assert_close(extended_layer(y_prev, w), linear(y_prev, w[1:], w[0]))
    dx, dW, db = linear_backward(dz, y_prev, w[1:])
    dy_prev, dw = extended_layer_backward(dz, y_prev, w)
    assert_close(dy_prev, dx)
    assert_close(dw, np.vstack([db, dW]))


@given(generators, st.lists(sizes, min_size=2, max_size=5))
@EXAMPLES
def test_a_stack_of_linear_layers_is_one(rng: np.random.Generator, widths: list[int]) -> None:
    weights = [rng.standard_normal(shape) for shape in pairwise(widths)]
    biases = [rng.standard_normal(width) for width in widths[1:]]
    y = x = rng.standard_normal((4, widths[0]))
    for layer in zip(weights, biases, strict=True):
        y = linear(y, *layer)
    W, b = linear_composition(weights, biases)
    assert_close(linear(x, W, b), y)
    assert_close(chain_jacobians([W.T for W in weights]), W.T)


@given(generators, sizes)
@EXAMPLES
def test_softmax_vjps_are_products_with_the_jacobian(rng: np.random.Generator, C: int) -> None:
    z, dy = 3 * rng.standard_normal(C), rng.standard_normal(C)
    y, log_y = softmax(z), log_softmax(z)
    J = softmax_jacobian(y)
    assert_close(softmax_backward(dy, y), dy @ J)
    assert_close(log_softmax_backward(dy, log_y), (dy / y) @ J, slack=1e6)
    assert_close(jacobian_from_vjp(lambda e: softmax_backward(e, y), z, C), J)


@given(generators, sizes)
@EXAMPLES
def test_softmax_ignores_a_shift_and_its_gradients_add_up_to_zero(rng: np.random.Generator, C: int) -> None:
    z, dy = rng.standard_normal((2, C)), rng.standard_normal((2, C))
    assert_close(softmax(z + 1.0), softmax(z))
    assert_close(softmax(z).sum(axis=-1), np.ones(2))
    assert_close(softmax_backward(dy, softmax(z)).sum(axis=-1), np.zeros(2))
    assert_close(log_softmax_backward(dy, log_softmax(z)).sum(axis=-1), np.zeros(2))


@given(generators, sizes, sizes)
@EXAMPLES
def test_jacobian_from_vjp_recovers_a_matrix_that_is_not_square(
    rng: np.random.Generator, M: int, D: int
) -> None:
    J = rng.standard_normal((M, D))
    assert_close(jacobian_from_vjp(lambda dy: dy @ J, np.zeros(D), M), J)


def test_elementwise_vjp_is_a_product_with_a_diagonal_that_is_never_built() -> None:
    rng = np.random.default_rng(0)
    dy, z = rng.standard_normal((2, 7))
    assert_close(elementwise_vjp(dy, np.cos, z), dy @ np.diag(np.cos(z)))
    huge = np.linspace(-1, 1, 100_000)
    assert_close(elementwise_vjp(huge, lambda z: 3.0, huge), 3 * huge)


@given(generators, sizes, sizes, sizes)
@EXAMPLES
def test_a_shared_weight_adds_its_paths(rng: np.random.Generator, n1: int, n2: int, p: int) -> None:
    n3, q = 2, 3
    shapes = {"x3x1": (n3, n1), "x3x2": (n3, n2), "x3w1": (n3, p), "x2x1": (n2, n1), "x2w2": (n2, q)}
    J = {(name[:2], name[2:]): rng.standard_normal(shape) for name, shape in shapes.items()}
    J["x1", "w1"] = rng.standard_normal((n1, p))
    J["x1", "x0"] = np.full((n1, 9), np.nan)  # not on any path to a weight
    dx3 = rng.standard_normal(n3)
    short, long = J["x3", "x1"] @ J["x1", "w1"], J["x3", "x2"] @ J["x2", "x1"] @ J["x1", "w1"]
    dw1, dw2 = shared_weight_backward(dx3, J)
    assert_close(dw1, dx3 @ (J["x3", "w1"] + short + long))
    assert_close(dw2, dx3 @ J["x3", "x2"] @ J["x2", "w2"])


@pytest.mark.parametrize(
    "shape", [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1, 1), (4, 1, 3), (4, 2, 3)], ids=str
)
def test_broadcast_backward_counts_the_copies(shape: tuple[int, ...]) -> None:
    gradient = broadcast_backward(np.ones((4, 2, 3)), shape)
    assert gradient.shape == shape
    assert (gradient == 24 / np.prod(shape)).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_jacobians_and_products_are_new_arrays_of_the_type_of_their_inputs(dtype: type) -> None:
    inputs: list[Any] = [np.ones(shape, dtype) for shape in (2, 3, (3, 2), 2)]
    da, h, W, b = inputs
    results = [
        linear_jacobian_h(h, W, b),
        linear_jacobian_W(h, W, b),
        linear_jacobian_b(h, W, b),
        linear_vjp_h(da, h, W, b),
        linear_vjp_W(da, h, W, b),
        linear_vjp_b(da, h, W, b),
        *linear_composition([W], [b]),
        chain_jacobians([W]),
        softmax_jacobian(h),
        elementwise_vjp(h, lambda z: 1, h),
        jacobian_from_vjp(lambda dy: dy @ W.T, h, 2),
        broadcast_backward(h, (3,)),
        *shared_weight_backward(b, dict.fromkeys(EDGES, np.ones((2, 2), dtype))),
    ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}
    assert not any(np.shares_memory(result, given) for result in results for given in inputs)

"""Numbers that the lecture notes print, or that follow from them by hand."""

from collections.abc import Callable
from math import exp, log
from typing import Any

import numpy as np
import pytest

from backprop_course.ops import (
    add_gate_backward,
    chain_derivative,
    distributed_derivative,
    exp_sin_square,
    exp_sin_square_derivative,
    fraction,
    fraction_backward,
    max_gate_backward,
    multiply_gate_backward,
    partial_and_total,
    sigmoid_cross_entropy_backward,
    sigmoid_mse_backward,
    sigmoid_neuron,
    sigmoid_neuron_backward,
    softplus_graph_backward,
    squared_error_node,
    squared_error_node_gradients,
)


def test_sigmoid_neuron_of_the_2018_lecture() -> None:
    f, dw, dx = sigmoid_neuron_backward([2, -3, -3], [-1, -2])
    assert f == sigmoid_neuron([2, -3, -3], [-1, -2]) == pytest.approx(0.7311, abs=5e-5)
    np.testing.assert_allclose(dw, [-0.1966, -0.3932, 0.1966], atol=5e-5)
    np.testing.assert_allclose(dx, [0.3932, -0.5898], atol=5e-5)


def test_sum_times_z_of_the_2018_lecture_through_its_gates() -> None:
    x, y, z = -2.0, 5.0, -4.0
    dq, dz = multiply_gate_backward(1.0, x + y, z)
    dx, dy = add_gate_backward(dq, x, y)
    assert (dx, dy, dz) == (z, z, x + y)


def test_squared_error_node_of_mopuri() -> None:
    assert squared_error_node(-2, 3, 1, -4) == 1
    assert squared_error_node_gradients(-2, 3, 1, -4) == (-6, 4, -2)


def test_fraction_of_arias_martinez() -> None:
    z, dz_dx, dz_dy = fraction_backward(4, 3)
    assert z == fraction(4, 3)
    assert (z, dz_dx, dz_dy) == pytest.approx((0.09968, -0.007594, -0.027919), abs=5e-6)


def test_last_row_of_the_backward_table_of_arias_martinez() -> None:
    z, dz_dx, dz_dy = fraction_backward(4, 3)
    sigma = 1 / (1 + exp(-4))
    via_numerator = 1 / (sigma + 49)
    assert dz_dx - dz_dy - via_numerator == pytest.approx(0.00032, abs=5e-6)  # what the sigmoid passes to x
    assert z == pytest.approx(0.0997, abs=5e-5)


def test_softplus_through_its_graph() -> None:
    y, dy_da, dy_db, dy_dx = softplus_graph_backward(log(3))  # b = 3, a = 4
    assert (y, dy_da, dy_db, dy_dx) == pytest.approx((log(4), 1 / 4, 1 / 4, 3 / 4))


def test_exp_sin_square_of_mopuri_is_a_chain_of_three() -> None:
    functions = [np.square, np.sin, np.exp]
    derivatives: list[Callable[..., Any]] = [lambda t: 2 * t, np.cos, np.exp]
    for x in (-1.3, 0.0, 0.5, 2.0):
        assert exp_sin_square(x) == pytest.approx(exp(np.sin(x * x)))
        chained = chain_derivative(functions, derivatives, x)
        assert exp_sin_square_derivative(x) == pytest.approx(chained, rel=1e-14)


def test_a_chain_evaluates_each_factor_at_the_value_before_it() -> None:
    derivative = chain_derivative([lambda t: t**2, lambda t: t + 3], [lambda t: 2 * t, lambda t: 1], 5)
    assert derivative == 10
    assert chain_derivative([], [], 7) == 1


def test_distributed_derivative_adds_the_paths() -> None:
    derivative = distributed_derivative(
        lambda z: (z[1], z[0]), [np.sin, np.exp], [np.cos, np.exp], 0.7
    )  # of sin(x) exp(x)
    assert derivative == pytest.approx(exp(0.7) * (np.sin(0.7) + np.cos(0.7)))


def test_partial_derivative_holds_y_and_total_derivative_follows_it() -> None:
    partial, total = partial_and_total(
        lambda x, y: y, lambda x, y: x, lambda x: x**2, lambda x: 2 * x, 3
    )  # of x y(x) with y = x^2
    assert (partial, total) == (9, 27)


def test_max_gate_routes_and_splits_a_tie() -> None:
    da, db = max_gate_backward([1.0, 1.0, 1.0], [2, 0, 5], [1, 4, 5])
    assert da.tolist() == [1, 0, 0.5]
    assert db.tolist() == [0, 1, 0.5]


def test_a_saturated_sigmoid_learns_with_cross_entropy_only() -> None:
    assert abs(sigmoid_mse_backward(-12, 1)) < 1e-5
    assert sigmoid_cross_entropy_backward(-12, 1) == pytest.approx(-1, abs=1e-5)

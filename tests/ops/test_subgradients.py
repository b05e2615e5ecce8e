"""What a subgradient is, at kinks and at the limits of round-off."""

import numpy as np
import pytest

from backprop_course.ops import is_subgradient, relu_subdifferential


def test_the_interval_of_relu_at_each_entry():
    low, high = relu_subdifferential([-2.0, 0.0, 0.5, 2.0])
    np.testing.assert_array_equal(low, [0, 0, 1, 1])
    np.testing.assert_array_equal(high, [0, 1, 1, 1])


@pytest.mark.parametrize(
    ("v", "supports"), [(-1, True), (0.3, True), (1, True), (1.01, False), (-1.01, False)]
)
def test_a_line_through_a_kink_stays_below_the_graph(v, supports):
    points = np.linspace(-2, 2, 9)[:, None]
    assert is_subgradient([v], lambda x: abs(x[0]), [0.0], points) is supports


def test_round_off_of_a_large_value_is_forgiven():
    points = np.random.default_rng(0).normal(size=(50, 1))
    assert is_subgradient([0.3], lambda x: 1e8 + 0.3 * x[0], [0.0], points)


def test_no_more_than_round_off_is_forgiven():
    assert is_subgradient([1.0], lambda x: x[0], [1.0], [[1 + 1e-5]])
    assert not is_subgradient([1 + 1e-6], lambda x: x[0], [1.0], [[1 + 1e-5]])

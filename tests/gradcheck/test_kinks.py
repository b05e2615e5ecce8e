"""Kinks: every element of the Clarke subdifferential passes, nothing else does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course.numerical import gradcheck, subgradient_violation
from backprop_course.numerical._clarke import _STOPS, _cancelling
from tests.gradcheck.functions import (
    EXAMPLES,
    constant_row,
    maximum,
    network,
    network_backward,
    normal,
    relu,
)

SHARES = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda s: [part / sum(s) for part in s])


@pytest.mark.parametrize(
    ("at_zero", "right"), [(0, True), (0.5, True), (1, True), (0.3, True), (-0.1, False), (1.2, False)]
)
@pytest.mark.parametrize("shape", [(), (1,), (3, 2)])
def test_relu_at_zero(at_zero, right, shape):
    z = np.zeros(shape)
    report = gradcheck(relu, lambda dy, z: dy * np.where(z == 0, at_zero, z > 0), z)
    assert report.passed is right
    assert not right or report.kinks == z.size


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize(
    ("slope", "right"), [(-1, True), (0.2, True), (1, True), (1.01, False), (-1.2, False)]
)
def test_abs(scale, slope, right):
    x = np.array([0.0, scale, -scale])
    report = gradcheck(
        lambda x: scale * np.abs(x), lambda dy, x: scale * dy * np.where(x == 0, slope, np.sign(x)), x
    )
    assert report.passed is right


@pytest.mark.parametrize("shares", [(1, 0), (0, 1), (0.3, 0.7), (0.5, 0.5)])
@pytest.mark.parametrize("tie", [0.0, 2.0, -1e-9, 1e9])
def test_convex_splits_of_a_tied_maximum_are_right(shares, tie):
    assert gradcheck(maximum, constant_row(*shares), np.array([tie, tie])).passed


@pytest.mark.parametrize("shares", [(1, 1), (0, 0), (0.5, 0.6), (0.4, 0.5), (1.2, -0.2)])
@pytest.mark.parametrize("tie", [0.0, 2.0, -1e-9, 1e9])
def test_other_splits_are_wrong(shares, tie):
    assert not gradcheck(maximum, constant_row(*shares), np.array([tie, tie])).passed


@EXAMPLES
@given(SHARES, st.integers(0, 2), st.sampled_from([0.1, -0.1]))
def test_three_way_ties(shares, entry, off):
    z = np.array([1.0, 1.0, 1.0, -2.0])
    assert gradcheck(maximum, constant_row(*shares, 0), z).passed
    shares[entry] += off
    assert not gradcheck(maximum, constant_row(*shares, 0), z).passed
    assert not gradcheck(maximum, constant_row(1, 1, 0, 0), z).passed
    assert not gradcheck(maximum, constant_row(0.5, 0.5, 0, 0.1), z).passed


def test_a_tie_across_inputs():
    def backward(left, right):
        return lambda dy, a, b: (dy * np.where(a == b, left, a > b), dy * np.where(a == b, right, b > a))

    a, b = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 0.0])
    assert gradcheck(np.maximum, backward(0.3, 0.7), a, b).passed
    assert gradcheck(np.maximum, backward(1, 0), a, b).passed
    assert not gradcheck(np.maximum, backward(1, 1), a, b).passed
    assert not gradcheck(np.maximum, backward(0, 0), a, b).passed


def test_mistakes_in_two_rows_do_not_make_up_for_each_other():
    def backward(first, second):
        return lambda dy, z: dy[:, None] * np.array([first, second])

    z = np.ones((2, 2))
    assert gradcheck(maximum, backward((1, 0), (0, 1)), z).passed
    for seed in range(10):
        assert not gradcheck(maximum, backward((1, 1), (0, 0)), z, seed=seed).passed


def pool(z):
    return np.stack([z[..., n : n + 3].max(-1) for n in range(z.shape[-1] - 2)], -1)


def pool_backward(share, accumulate=True):
    """Make the backward pass of `pool`; `share` splits dy over a window."""

    def backward(dy, z):
        dz = np.zeros_like(z)
        for n in range(dy.shape[-1]):
            window = z[..., n : n + 3]
            part = dy[..., n : n + 1] * share(window == window.max(-1, keepdims=True))
            dz[..., n : n + 3] = dz[..., n : n + 3] * accumulate + part
        return dz

    return backward


SPLITS = {
    "first": lambda tied: tied & (np.cumsum(tied, -1) == 1),
    "last": lambda tied: tied & (np.cumsum(tied[..., ::-1], -1)[..., ::-1] == 1),
    "even": lambda tied: tied / tied.sum(-1, keepdims=True),
}


@EXAMPLES
@given(st.sampled_from(sorted(SPLITS)), st.integers(3, 8), st.integers(1, 3), st.integers(0, 1000))
def test_overlapping_windows_with_ties(split, width, rows, seed):
    z = np.random.default_rng(seed).integers(0, 3, (rows, width)).astype(float)
    assert gradcheck(pool, pool_backward(SPLITS[split]), z, seed=seed).passed


@pytest.mark.parametrize("seed", range(5))
def test_wrong_overlapping_windows(seed):
    z = np.array([[0.0, 1.0, 1.0, 0.0, 2.0, 2.0, 2.0], [3.0, 1.0, 1.0, 1.0, 1.0, 0.0, 5.0]])
    assert not gradcheck(pool, pool_backward(lambda tied: tied), z, seed=seed).passed
    assert not gradcheck(pool, pool_backward(SPLITS["even"], accumulate=False), z, seed=seed).passed


@EXAMPLES
@given(st.integers(1, 4), st.integers(2, 5), st.integers(0, 1000))
def test_maximum_of_affine_pieces(size, pieces, seed):
    A, x = normal(seed, (pieces, size), (size,))
    c = 1.0 - A @ x  # all pieces meet at x
    weights = np.random.default_rng(seed).dirichlet(np.ones(pieces))

    def forward(x):
        return (A @ x + c).max()

    assert gradcheck(forward, lambda dy, x: dy * (weights @ A), x, seed=seed).passed
    v = normal(seed, (size,))[0] / np.sqrt(size)
    outside = A[(A @ v).argmax()] + v / (v @ v)  # further along v than any piece, by more than a sliver
    assert not gradcheck(forward, lambda dy, x: dy * outside, x, seed=seed).passed


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 1e-7, 1e-9, 1e-10])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("curved", [False, True])
def test_a_kink_nearby_leaves_one_right_answer(distance, side, curved):
    x, bend = np.array([side * distance]), float(curved)

    def forward(x):
        return np.abs(x) + bend * np.exp(x)

    def backward(sign):
        return lambda dy, x: dy * (sign * side + bend * np.exp(x))

    assert gradcheck(forward, backward(1), x).passed
    assert not gradcheck(forward, backward(-1), x).passed
    assert not gradcheck(forward, backward(0), x).passed


def test_a_kink_on_a_curve():
    def forward(x):
        return np.maximum(np.sin(x), np.exp(x) - 1 + x)  # slopes 1 and 2 at 0

    x = np.zeros(1)
    for slope in (1, 1.3, 2):
        assert gradcheck(forward, lambda dy, x, slope=slope: dy * slope, x).passed
    for slope in (0.99, 2.01):
        assert not gradcheck(forward, lambda dy, x, slope=slope: dy * slope, x).passed


@pytest.mark.parametrize("seed", range(5))
def test_a_clipped_line_and_leaky_units(seed):
    x = np.array([0.0, 1.0, 0.5, -1.0, 2.0])
    ends = np.array([True, True, False, False, False])
    inside = np.array([0.5, 0.2, 1, 0, 0])
    assert gradcheck(lambda x: np.clip(x, 0, 1), lambda dy, x: dy * inside, x, seed=seed).passed
    assert not gradcheck(lambda x: np.clip(x, 0, 1), lambda dy, x: dy * (inside - ends), x, seed=seed).passed

    def leaky(slope):
        return lambda dy, x: dy * np.where(x == 0, slope, np.where(x > 0, 1, 0.1))

    assert gradcheck(lambda x: np.where(x > 0, x, 0.1 * x), leaky(0.5), x, seed=seed).passed
    assert not gradcheck(lambda x: np.where(x > 0, x, 0.1 * x), leaky(0.0), x, seed=seed).passed


def test_kinks_that_cancel_are_none():
    zeros = np.zeros(3)
    assert gradcheck(lambda x: np.abs(x) - np.abs(x), lambda dy, x: 0 * dy, zeros).passed
    assert not gradcheck(lambda x: np.abs(x) - np.abs(x), lambda dy, x: dy, zeros).passed
    assert gradcheck(lambda x: relu(x) - relu(-x), lambda dy, x: dy, zeros).passed
    assert not gradcheck(lambda x: relu(x) - relu(-x), lambda dy, x: 0 * dy, zeros).passed


@pytest.mark.parametrize("gradient", [(2, 0), (-2, 0), (0, 2), (0, -2), (0, 0), (1, 1), (0.5, -1.5)])
def test_all_of_clarkes_subdifferential_of_a_difference_of_kinks(gradient):
    def forward(x):
        return np.abs(x[0] + x[1]) - np.abs(x[0] - x[1])  # |g₀| + |g₁| <= 2

    for seed in range(5):
        assert gradcheck(forward, constant_row(*gradient), np.zeros(2), seed=seed).passed


@pytest.mark.parametrize("gradient", [(2.5, 0), (0, -2.5)])
def test_outside_clarkes_subdifferential_of_a_difference_of_kinks(gradient):
    def forward(x):
        return np.abs(x[0] + x[1]) - np.abs(x[0] - x[1])

    assert not gradcheck(forward, constant_row(*gradient), np.zeros(2)).passed


@pytest.mark.parametrize("kink", [63.875, -63.875])
@pytest.mark.parametrize("seed", range(20))
def test_round_off_of_a_short_piece_beside_a_long_one_is_no_second_kink(kink, seed):
    """On one side of the stop at 64 a piece is an eighth long, on the other 64."""
    noise = 1e-5
    round_off = np.random.default_rng(seed)

    def sample(t):
        return np.abs(t - kink) + noise * round_off.uniform(-1, 1, 1)

    values = np.array([sample(t) for t in _STOPS])
    assert _cancelling(sample, values, np.array([noise])) == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_kink_that_passes_close_by_is_not_at_the_point(seed):
    """The search beside the point finds the slope 0.001, but not at a tenth of the distance."""

    def forward(x, y):
        return relu(0.001 * x + y - 6e-12)

    def violation(slope):
        gradients = [np.array([slope]), None]
        return subgradient_violation(forward, [np.zeros(1), np.zeros(1)], np.ones(1), gradients, seed=seed)

    assert violation(0.0) is None
    assert violation(0.001) is not None


@pytest.mark.parametrize("shares", [(1, 0, 0), (0, 1, 0), (0.2, 0.3, 0.5)])
def test_median_of_a_tie(shares):
    assert gradcheck(np.median, constant_row(*shares), np.ones(3)).passed


@pytest.mark.parametrize("shares", [(1, 1, 0), (0, 0, 0)])
def test_a_median_counts_once(shares):
    assert not gradcheck(np.median, constant_row(*shares), np.ones(3)).passed


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("at_kink", [0, 0.5, 1])
def test_a_row_of_zeros_in_a_network_with_zero_biases(seed, at_kink):
    x, W, b, V, c = normal(seed, (3, 2), (2, 6), (6,), (6, 2), (2,))
    x[0], b[:] = 0, 0
    report = gradcheck(network, network_backward(at_kink), x, W, b, V, c, seed=seed)
    assert report.passed, report
    assert report.kinks >= b.size
    for wrong in (-0.1, 1.2):
        assert not gradcheck(network, network_backward(wrong), x, W, b, V, c, seed=seed).passed


def deep(x, *parameters):
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        x = relu(x @ W + b)
    return x


def deep_backward(dy, x, *parameters):
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))
    inputs = [deep(x, *parameters[: 2 * n]) for n in range(len(layers) + 1)]
    gradients: list[np.ndarray] = []
    for (W, _), before, after in reversed(list(zip(layers, inputs[:-1], inputs[1:], strict=True))):
        dz = dy * (after > 0)
        gradients = [before.T @ dz, dz.sum(0), *gradients]
        dy = dz @ W.T
    return dy, *gradients


@pytest.mark.parametrize("seed", range(6))
def test_several_layers_of_kinks_at_one_point(seed):
    x, *parameters = normal(seed, (2, 3), (3, 4), (4,), (4, 3), (3,), (3, 2), (2,))
    x[0] = 0
    for b in parameters[1::2]:
        b[:] = 0
    assert gradcheck(deep, deep_backward, x, *parameters, seed=seed).passed


def test_a_jump_or_an_infinite_slope_does_not_break_the_checker():
    assert gradcheck(lambda x: np.heaviside(x, 1), lambda dy, x: 0 * dy, np.array([0.5, -1.0])).passed
    gradcheck(lambda x: np.heaviside(x, 1), lambda dy, x: 0 * dy, np.zeros(1))
    gradcheck(lambda x: np.sqrt(np.abs(x)), lambda dy, x: 0 * dy, np.zeros(1))
    gradcheck(np.cbrt, lambda dy, x: 0 * dy, np.zeros(1))


@pytest.mark.parametrize("first", [-0.5, 1.0, 1.5])
def test_a_slope_that_one_output_has_not_is_not_hidden_by_the_kinks_of_others(first):
    """Together eight outputs with a kink may have nearly any slope: only one at a time tells."""
    slopes = np.array([first, *[0.5] * 7])
    report = gradcheck(lambda x: np.repeat(relu(x), 8), lambda dy, x: np.array([dy @ slopes]), np.zeros(1))
    assert report.passed == (0 <= first <= 1)

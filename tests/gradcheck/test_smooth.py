"""Smooth points: right answers pass at every scale and dtype, small mistakes are found."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_course.numerical import gradcheck
from tests.gradcheck.functions import (
    EXAMPLES,
    linear,
    linear_backward,
    network,
    network_backward,
    normal,
    softmax,
    softmax_backward,
)

SCALES = st.integers(-9, 9).map(lambda n: 10.0**n)
SHAPES = st.sampled_from([(), (1,), (5,), (2, 3), (2, 1, 3)])
ELEMENTWISE: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "sin": (np.sin, np.cos),
    "square": (np.square, lambda x: 2 * x),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "exp(-x²)": (lambda x: np.exp(-(x**2)), lambda x: -2 * x * np.exp(-(x**2))),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: 1 / (1 + np.exp(-x)) / (1 + np.exp(x))),
    "log(1 + x²)": (lambda x: np.log1p(x**2), lambda x: 2 * x / (1 + x**2)),
}


@EXAMPLES
@given(st.sampled_from(sorted(ELEMENTWISE)), SHAPES, SCALES, SCALES, st.integers(0, 1000))
def test_elementwise_functions_at_every_scale_of_input_and_output(name, shape, wide, tall, seed):
    f, derivative = ELEMENTWISE[name]
    x = (
        np.clip(wide * normal(seed, shape)[0], -600, 600)
        if name == "sigmoid"
        else wide * normal(seed, shape)[0]
    )
    right = gradcheck(lambda x: tall * f(x), lambda dy, x: dy * tall * derivative(x), x, seed=seed)
    saturated = wide >= 10  # tanh(16) differs from 1 by less than its last digit
    assert right.passed or (saturated and right.verdict == "cannot be told"), right


@EXAMPLES
@given(st.sampled_from(["tanh", "sin", "square", "cube"]), SHAPES, SCALES, st.integers(0, 1000))
def test_a_wrong_sign_is_found_at_every_scale_of_the_output(name, shape, tall, seed):
    f, derivative = ELEMENTWISE[name]
    x = np.asarray(0.1 + np.abs(normal(seed, shape)[0]) / 2)
    report = gradcheck(lambda x: tall * f(x), lambda dy, x: -dy * tall * derivative(x), x, seed=seed)
    assert not report.passed
    assert report.worst.analytic == pytest.approx(-report.worst.low, rel=1e-3)


@EXAMPLES
@given(SCALES, st.integers(0, 1000), st.booleans())
def test_one_wrong_sign_among_inputs_of_every_scale(scale, seed, square):
    x = np.array([1.0, 2.0, -3.0]) * np.array([1.0, scale, 1e9])
    flipped = np.array([1.0, -1.0, 1.0])
    f, derivative = (
        (lambda x: x**2 / 2, lambda x: x) if square else (lambda x: 1e-9 * x, lambda x: 1e-9 + 0 * x)
    )
    assert gradcheck(f, lambda dy, x: dy * derivative(x), x, seed=seed).passed
    report = gradcheck(f, lambda dy, x: dy * flipped * derivative(x), x, seed=seed)
    assert (report.passed, report.worst.index) == (False, (1,))


@pytest.mark.parametrize("offset", [0.0, 1.0, 1e3])
@pytest.mark.parametrize("entry", [0, 400, 999])
def test_one_entry_of_a_thousand_wrong_by_a_thousandth(offset, entry):
    (x,) = normal(entry, (1000,))

    def backward(dy, x):
        dx = dy * np.cosh(x)
        dx[entry] *= 1.001
        return dx

    report = gradcheck(lambda x: offset + np.sinh(x), backward, x)
    assert (report.passed, report.worst.input, report.worst.index) == (False, "x", (entry,))
    assert report.worst.analytic == pytest.approx(1.001 * report.worst.low, rel=1e-6)
    assert report.worst.low == report.worst.high


@EXAMPLES
@given(*[st.integers(1, 5)] * 3, SCALES, st.integers(0, 1000), st.sampled_from([np.float64, np.float32]))
def test_linear_layers(n, d, m, scale, seed, dtype):
    arrays = [(scale * a).astype(dtype) for a in normal(seed, (n, d), (d, m), (m,))]
    assert gradcheck(linear, linear_backward, *arrays, seed=seed).passed


@pytest.mark.parametrize(
    "wrong",
    [
        lambda dy, x, W, b: (dy @ W, x.T @ dy, dy.sum(0)),
        lambda dy, x, W, b: (dy @ W.T, dy.T @ x, dy.sum(0)),
        lambda dy, x, W, b: (dy @ W.T, x.T @ dy, dy.sum(1)),
        lambda dy, x, W, b: (dy @ W.T, x.T @ dy, dy.mean(0)),
        lambda dy, x, W, b: (dy @ W.T, x.T @ dy, dy[0]),
        lambda dy, x, W, b: (dy @ W.T, x.T @ dy / 3, dy.sum(0)),
        lambda dy, x, W, b: (2 * dy @ W.T, x.T @ dy, dy.sum(0)),
        lambda dy, x, W, b: (-dy @ W.T, x.T @ dy, dy.sum(0)),
        lambda dy, x, W, b: (x.T @ dy, dy @ W.T, dy.sum(0)),
        lambda dy, x, W, b: (np.ones((3, 3)) @ W.T, x.T @ dy, dy.sum(0)),
    ],
)
def test_wrong_linear_layers_on_square_inputs(wrong):
    arrays = normal(3, (3, 3), (3, 3), (3,))
    assert gradcheck(linear, linear_backward, *arrays).passed
    assert not gradcheck(linear, wrong, *arrays).passed


@EXAMPLES
@given(st.integers(1, 4), st.integers(2, 5), st.sampled_from([1.0, 10.0, 100.0, 1e4]), st.integers(0, 9999))
@example(2, 4, 1e4, 104)  # two whose gradients round to the same digits for every dy of that size
@example(2, 4, 1e4, 1330)
def test_softmax_saturated_or_not(n, c, scale, seed):
    (z,) = normal(seed, (n, c))
    verdict = gradcheck(softmax, softmax_backward, scale * z, seed=seed).verdict
    assert verdict == "right" or (scale >= 10 and verdict == "cannot be told")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda dy, z: softmax(z) * dy,
        lambda dy, z: softmax(z) * (1 - softmax(z)) * dy,
        lambda dy, z: softmax(z) * (dy - (dy * softmax(z)).sum(0)),
    ],
)
def test_wrong_softmax(wrong):
    assert not gradcheck(softmax, wrong, *normal(0, (4, 4))).passed


def test_a_network():
    arrays = normal(0, (5, 6), (6, 7), (7,), (7, 4), (4,))
    report = gradcheck(network, network_backward(0), *arrays)
    assert report.passed
    assert report.entries == sum(a.size for a in arrays)


def test_inputs_that_share_no_output_do_not_hide_each_other():
    def backward(dy, small, large):
        return -1e-9 * dy[:2], dy[2:]

    small, large = np.ones(2), np.full(2, 1e9)
    report = gradcheck(lambda small, large: np.concatenate([1e-9 * small, large]), backward, small, large)
    assert (report.passed, report.worst.input) == (False, "small")


def test_0d_arrays_and_floats():
    for x in (2.0, np.array(2.0), np.float64(2.0), np.float32(2.0)):
        assert gradcheck(lambda x: x**3, lambda dy, x: dy * 3 * x**2, x).passed
    report = gradcheck(math.sin, lambda dy, x: -dy * math.cos(x), 0.3)
    assert (report.passed, report.worst.index) == (False, ())


def test_views_that_are_not_contiguous_are_left_as_they_are():
    whole = normal(0, (6, 8))[0]
    before = whole.copy()
    assert gradcheck(np.tanh, lambda dy, z: dy * (1 - np.tanh(z) ** 2), whole[::2, ::-3].T).passed
    np.testing.assert_array_equal(whole, before)


def test_read_only_inputs():
    x = np.ones(3)
    x.flags.writeable = False
    assert gradcheck(np.exp, lambda dy, x: dy * np.exp(x), x).passed


@pytest.mark.parametrize("x", [1e-300, 1e-12, 1e-6, 1.0, 1e9])
def test_log_close_to_its_edge(x):
    assert gradcheck(np.log, lambda dy, x: dy / x, np.array([x, 1.0])).passed
    assert not gradcheck(np.log, lambda dy, x: 1.001 * dy / x, np.array([x, 1.0])).passed
    assert gradcheck(math.log, lambda dy, x: dy / x, x).passed


def test_at_the_edge_of_the_domain_the_side_that_exists_counts():
    def f(x):
        return np.where(x >= 0, x**2 + 3 * x, np.nan)

    assert gradcheck(f, lambda dy, x: dy * (2 * x + 3), np.array([0.0, 1.0])).passed
    report = gradcheck(f, lambda dy, x: dy * (2 * x + 3.003), np.array([0.0, 1.0]))
    assert not report.passed
    assert gradcheck(lambda x: x**1.5, lambda dy, x: dy * 1.5 * x**0.5, np.array([0.0, 1.0])).passed


def test_overflow_beside_the_point():
    x = np.array([706.0])
    assert gradcheck(lambda x: np.exp(x), lambda dy, x: dy * np.exp(x), x).passed


@pytest.mark.parametrize(
    ("forward", "derivative"),
    [
        (lambda x: (1e8 + x) - 1e8, np.ones_like),
        (lambda x: np.tanh(x.astype(np.float32)), lambda x: 1 - np.tanh(x) ** 2),
        (lambda x: np.sin(1e9 * x), lambda x: 1e9 * np.cos(1e9 * x)),
        (lambda x: np.sin(1e3 * x), lambda x: 1e3 * np.cos(1e3 * x)),
    ],
)
def test_forward_functions_with_much_round_off_or_fast_oscillation(forward, derivative):
    (x,) = normal(1, (5,))
    assert gradcheck(forward, lambda dy, x: dy * derivative(x), x).passed
    assert not gradcheck(forward, lambda dy, x: -dy * derivative(x), x).passed


def test_terms_that_cancel_may_leave_round_off():
    x, W, V = np.ones((2, 1)), np.array([[0.75, 0.75, 0.5]]), np.array([[0.5], [-1.5], [1.5]])

    def backward(dy, x, W, V):
        return dy @ V.T @ W.T, x.T @ (dy @ V.T), (x @ W).T @ dy

    for seed in range(20):
        assert gradcheck(lambda x, W, V: x @ W @ V, backward, x, W, V, seed=seed).passed

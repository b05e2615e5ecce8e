"""What the gradient checker promises: kinks and ties accepted as they should be, small errors caught."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_course import gradcheck, ops
from backprop_course.ops import linear_backward

Z_WITH_KINKS = np.array([[0.0, 1.0, -1.0], [2.0, 0.0, 3.0]])
TIED = np.array([[2.0, 2.0]])


def relu_with(slope_at_zero: float) -> Callable[..., Any]:
    return lambda dy, z: dy * np.heaviside(z, slope_at_zero)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_any_subgradient_of_the_relu_passes(slope: float) -> None:
    assert gradcheck(ops.relu, relu_with(slope), Z_WITH_KINKS).passed


@pytest.mark.parametrize("slope", [-0.1, 1.2])
def test_no_other_slope_of_the_relu_passes(slope: float) -> None:
    report = gradcheck(ops.relu, relu_with(slope), Z_WITH_KINKS)
    assert not report.passed
    assert Z_WITH_KINKS[report.worst.index] == 0


@pytest.mark.parametrize(
    ("shares", "right"),
    [((1, 0), True), ((0, 1), True), ((0.3, 0.7), True), ((1, 1), False), ((0, 0), False)],
)
def test_shares_of_a_tied_maximum(shares: tuple[float, float], right: bool) -> None:
    assert gradcheck(ops.row_max, lambda dy, z: dy[..., None] * np.array(shares), TIED).passed is right


def test_a_wrong_sign_at_scale_1e_9_is_refused() -> None:
    x = np.ones(3)
    assert gradcheck(lambda x: 1e-9 * x, lambda dy, x: 1e-9 * dy, x).passed
    assert not gradcheck(lambda x: 1e-9 * x, lambda dy, x: -1e-9 * dy, x).passed


def test_one_entry_of_a_thousand_off_by_a_thousandth_is_refused() -> None:
    def off(dy: Any, x: Any) -> Any:
        dx = dy * np.cos(x)
        dx[500] *= 1.001
        return dx

    report = gradcheck(np.sin, off, np.random.default_rng(0).normal(size=1000))
    assert not report.passed
    assert report.worst.index == (500,)


def test_the_upstream_gradient_counts() -> None:
    z = np.array([0.5, -0.5, 2.0])
    assert not gradcheck(ops.softplus, lambda dy, z: ops.sigmoid(z), z).passed


def test_contract_failures_are_reported_not_raised() -> None:
    def broken(dy: Any, x: Any) -> Any:
        raise ValueError("no")

    def in_place(dy: Any, x: Any) -> Any:
        dy *= 2 * x
        return dy

    x = np.array([1.0, 2.0])
    for backward in (
        broken,
        in_place,
        lambda dy, x: (2 * x * dy).sum(),
        lambda dy, x: None,
        lambda dy, x: 2 * x * dy**2,
    ):
        assert not gradcheck(np.square, backward, x).passed
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_integers_are_not_truncated_by_the_checker_and_truncation_is_caught() -> None:
    def truncating(dy: Any, z: Any) -> Any:
        dz = np.zeros_like(z)
        dz[...] = dy * (z > 0) * 0.5
        return dz

    z = np.array([3, -2, 5])
    assert gradcheck(lambda z: 0.5 * np.maximum(z, 0), lambda dy, z: 0.5 * dy * (z > 0), z).passed
    assert not gradcheck(lambda z: 0.5 * np.maximum(z, 0), truncating, z).passed


def test_the_report_reads_well() -> None:
    text = str(gradcheck(ops.relu, relu_with(1.2), Z_WITH_KINKS))
    assert text.startswith("gradcheck failed: ")
    assert "backward gives" in text
    assert str(gradcheck(ops.relu, relu_with(1.0), Z_WITH_KINKS)).startswith("gradcheck passed")


def _layer(rng: np.random.Generator, kind: int) -> tuple[Any, Any, Any]:
    """A random layer: away from kinks, with one preactivation on a kink, or with one near it."""
    n, d, m = rng.integers(1, 4, size=3)
    x, W, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
    row, column = rng.integers(n), rng.integers(m)
    target = {0: None, 1: 0.0, 2: float(rng.choice([-1, 1]) * 10 ** rng.uniform(-9, -3))}[kind]
    if target is not None:
        b[column] = 0.0
        b[column] = target - (x @ W + b)[row, column]
    return x, W, b


def _backward(slope_at_zero: float, flipped: tuple[int, ...] | None = None) -> Callable[..., Any]:
    def backward(dy: Any, x: Any, W: Any, b: Any) -> Any:
        mask = np.heaviside(x @ W + b, slope_at_zero)
        if flipped is not None:
            mask[flipped] = 1 - mask[flipped]
        return linear_backward(dy * mask, x, W)

    return backward


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["away from kinks", "at a kink", "near a kink"])
def test_a_thousand_random_relu_layers_get_no_wrong_verdict(kind: int) -> None:
    def forward(x: Any, W: Any, b: Any) -> Any:
        return ops.relu(x @ W + b)

    for seed in range(334):
        rng = np.random.default_rng([seed, kind])
        x, W, b = _layer(rng, kind)
        z = x @ W + b
        assert gradcheck(forward, _backward(float(rng.uniform())), x, W, b, seed=seed).passed, (kind, seed)
        distance = np.abs(z)
        entry = tuple(int(i) for i in np.unravel_index(np.argmin(distance if kind else -distance), z.shape))
        if kind != 1:  # at the kink, the flipped choice is right as well
            assert not gradcheck(forward, _backward(0.5, entry), x, W, b, seed=seed).passed, (kind, seed)
        elif z[entry] == 0:
            assert not gradcheck(forward, _backward(1.5), x, W, b, seed=seed).passed, (kind, seed)

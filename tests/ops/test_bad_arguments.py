"""Arguments that do not fit are refused with what was got and what was expected, not broadcast."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_course.ops import (
    broadcast_backward,
    chain_derivative,
    chain_jacobians,
    cross_entropy,
    cross_entropy_backward,
    distributed_derivative,
    elementwise_vjp,
    extended_layer_backward,
    jacobian_from_vjp,
    kl_divergence,
    kl_divergence_backward,
    linear,
    linear_backward,
    linear_composition,
    log_softmax,
    multiply_gate_backward,
    pairwise_product,
    pairwise_product_backward,
    softmax,
    softmax_backward,
    softmax_cross_entropy_backward,
    softmax_jacobian,
    squared_error_backward,
)
from backprop_course.ops._shapes import as_floats

ones = np.ones
WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], str]] = [
    (linear, (ones((5, 3)), ones((4, 2)), ones(2)), r"W has shape \(4, 2\), expected \(3, M\)"),
    (linear, (ones((5, 3)), ones((3, 2)), ones((5, 2))), r"b has shape \(5, 2\), expected \(2\)"),
    (linear, (1.0, ones((3, 2)), ones(2)), r"x has shape \(\), expected \(\.\.\., D\)"),
    (linear_backward, (ones((5, 2)), ones((1, 3)), ones((3, 2))), r"x has shape \(1, 3\), expected \(5, D\)"),
    (linear_composition, ([ones((2, 3))], []), "1 weights and 0 biases"),
    (linear_composition, ([], []), "weights is empty"),
    (linear_composition, ([ones((2, 3)), ones((2, 3))], [ones(3), ones(3)]), r"weights\[1\] has shape"),
    (extended_layer_backward, (ones(2), ones(3), ones((3, 2))), r"w has shape \(3, 2\), expected \(4, 2\)"),
    (broadcast_backward, (ones((4, 3)), (4,)), r"\(4,\) does not broadcast .* \(4, 3\)"),
    (broadcast_backward, (ones(3), (1, 3)), "does not broadcast"),
    (softmax, (3.0,), r"expected \(\.\.\., C\)"),
    (softmax, (ones((3, 0)),), r"z has shape \(3, 0\), expected at least one entry in a row"),
    (log_softmax, (ones((3, 0)),), r"z has shape \(3, 0\), expected at least one entry in a row"),
    (softmax_jacobian, (ones((2, 2)),), r"y has shape \(2, 2\), expected \(C\)"),
    (softmax_backward, (ones(3), ones((2, 3))), r"y has shape \(2, 3\), expected \(3\)"),
    (squared_error_backward, (ones((3, 1)), ones(3)), r"y has shape \(3,\), expected \(3, 1\)"),
    (multiply_gate_backward, (ones(2), ones(2), 1.0), r"b has shape \(\), expected \(2\)"),
    (pairwise_product, (ones(3),), "3 entries .* even"),
    (pairwise_product_backward, (ones((3, 2)), ones((2, 6))), r"dy has shape \(3, 2\), expected \(2, 3\)"),
    (cross_entropy, (ones((2, 3)), [0.0, 1.0]), "dtype float64 .* expected integers"),
    (
        cross_entropy_backward,
        (ones((2, 3)), [[0], [1]]),
        r"shape \(2, 1\), expected integers of shape \(2,\)",
    ),
    (softmax_cross_entropy_backward, (ones((2, 3)), [0, -1]), "from -1 to 0, expected 0 to 2"),
    (softmax_cross_entropy_backward, (ones((2, 3)), [0, 3]), "from 0 to 3, expected 0 to 2"),
    (softmax_cross_entropy_backward, (ones((0, 3)), np.zeros(0, int)), "at least one"),
    (chain_jacobians, ([],), "jacobians is empty"),
    (
        chain_jacobians,
        ([ones((3, 2)), ones((4, 2))],),
        r"jacobians\[1\] has shape \(4, 2\), expected \(D2, 3\)",
    ),
    (elementwise_vjp, (ones(3), lambda z: ones((3, 3)), ones(3)), r"derivative\(z\) has shape \(3, 3\)"),
    (jacobian_from_vjp, (lambda dy: 1.0, ones(3), 2), r"vjp\(dy\) has shape \(\)"),
    (chain_derivative, ([np.sin], [], 1.0), "1 functions and 0 derivatives"),
    (
        distributed_derivative,
        (lambda z: (1,), [np.sin] * 2, [np.cos] * 2, 1.0),
        "1 partial derivatives and 2",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "message"), WRONG)
def test_a_shape_that_does_not_fit_is_refused(
    function: Callable[..., Any], arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@pytest.mark.parametrize("value", [["a"], [1j], [None]])
def test_what_is_not_a_real_number_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"z holds .* expected real numbers"):
        softmax(value)


@pytest.mark.parametrize("other", [1, 2.5, [1, 2], True, np.array([1, 2]), np.float32(3), np.array([[True]])])
def test_only_numpy_floats_decide_the_type(other: Any) -> None:
    shape = " ".join(map(str, np.shape(other)))
    for dtype in (np.float16, np.float32):
        kept, _ = as_floats(f"2,{shape}", x=np.zeros(2, dtype), other=other)
        wanted = np.float32 if isinstance(other, np.float32) else dtype
        assert kept.dtype == wanted
    assert as_floats(f"{shape}", other=other)[0].dtype.kind == "f"


def test_an_impossible_target_costs_infinitely_much_without_a_warning() -> None:
    assert cross_entropy([[0.0, 1.0]], [0]) == np.inf
    assert cross_entropy_backward([[0.0, 1.0]], [0]).tolist() == [[-np.inf, 0]]
    assert kl_divergence([0.0, 1.0], [1.0, 0.0]) == np.inf
    assert kl_divergence_backward([0.0, 1.0], [1.0, 0.0]).tolist() == [-np.inf, 0]


def test_a_class_without_probability_that_nobody_wants_costs_nothing() -> None:
    assert kl_divergence([0.0, 1.0], [0.0, 1.0]) == 0
    assert kl_divergence_backward([0.0, 1.0], [0.0, 1.0]).tolist() == [0, -1]
    assert cross_entropy_backward([[0.0, 1.0]], [1]).tolist() == [[0, -1]]

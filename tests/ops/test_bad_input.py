"""Bad input, made systematically: each function says what it expected, and NumPy never gets to speak."""

import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from backprop_course import graph, network, numerical, ops

ones = np.ones
RAGGED: Any = [[1.0, 2.0], [3.0]]
ANYWHERE: dict[str, Any] = {
    "text": "abc",
    "None": None,
    "complex": np.array([1j, 2j]),
    "objects": np.array([None, 1.0], object),
    "ragged": RAGGED,
}
CALLS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (ops.sigmoid, (ones(3),)),
    (ops.relu_backward, (ones(3), ones(3))),
    (ops.tanh_backward, (ones(3), ones(3))),
    (ops.leaky_relu_backward, (ones(3), ones(3), 0.1)),
    (ops.prelu_backward, (ones(3), ones(3), 0.1)),
    (ops.elu_backward, (ones(3), ones(3), 0.5)),
    (ops.rrelu_backward, (ones(3), ones(3), ones(3))),
    (ops.max_backward, (ones(2), ones((2, 3)))),
    (ops.max_pool_backward, (ones((2, 2)), ones((2, 4)), 2, 2)),
    (ops.maxout_backward, (ones((2, 3)), ones((2, 4)), ones((5, 4, 3)), ones((5, 3)))),
    (ops.linear_backward, (ones((2, 3)), ones((2, 4)), ones((4, 3)))),
    (ops.linear_composition, ([ones((2, 3))], [ones(3)])),
    (ops.broadcast_backward, (ones((2, 3)), (1, 3))),
    (ops.softmax_backward, (ones((2, 3)), ones((2, 3)))),
    (ops.squared_error_backward, (ones(3), ones(3))),
    (ops.kl_divergence_backward, (ones(3), ones(3))),
    (ops.cross_entropy_backward, (ones((2, 3)), np.array([0, 2]))),
    (ops.softmax_cross_entropy_backward, (ones((2, 3)), np.array([0, 2]))),
    (ops.gated_unit_backward, (ones(3), ones(3), ones(3))),
    (ops.pairwise_product_backward, (ones(2), ones(4))),
    (ops.chain_jacobians, ([ones((2, 3)), ones((4, 2))],)),
    (ops.jacobian_from_vjp, (lambda dy: ones(2), ones(2), 3)),
    (ops.elementwise_vjp, (ones(3), np.cos, ones(3))),
    (ops.chain_derivative, ([np.sin], [np.cos], 1.0)),
    (network.mlp_forward, (ones((2, 3)), [ones((3, 2))], [ones(2)])),
    (network.mlp_backward, (ones((2, 2)), [ones((2, 3)), ones((2, 2))], [ones((3, 2))])),
    (network.sgd_step, ([ones(3)], [ones(3)], 0.1)),
    (network.activation_memory, (2, [3, 4])),
    (network.initial_parameters, ([3, 4], 0)),
    (numerical.central_difference, (np.sin, 1.0, 1e-5)),
    (numerical.numerical_gradient, (np.sum, ones(3), 1e-5)),
    (numerical.numerical_jacobian, (np.sin, ones(3), 1e-5)),
    (numerical.numerical_hessian, (np.sum, ones(3), 1e-4)),
    (numerical.complex_step_gradient, (np.sum, ones(3), 1e-30)),
    (numerical.error_curve, (np.sin, np.cos, 1.0, [1e-3, 1e-4])),
    (numerical.subgradient_violation, (np.sin, [ones(3)], ones(3), [ones(3)])),
    (graph.scale, (2.0,)),
    (graph.power, (2.0,)),
    (graph.add_constant, (2.0,)),
    (graph.topological_order, ({"x": [], "y": ["x"]},)),
    (graph.backpropagate, ({"x": [], "y": ["x"]}, {("y", "x"): 2.0}, "y")),
]
VALID = {  # what looks like a mistake, but makes sense: longer rows, more classes, more rows
    "max_backward-1-one entry more",
    "max_pool_backward-1-one entry more",
    "broadcast_backward-0-one axis more",
    "cross_entropy_backward-0-one entry more",
    "softmax_cross_entropy_backward-0-one entry more",
    "mlp_forward-0-one axis more",
    "error_curve-3-None",
}


def bad_calls() -> Iterator[Any]:
    """Each call with one argument replaced."""
    for function, arguments in CALLS:
        for n, argument in enumerate(arguments):
            if function is network.initial_parameters and n == 1:
                continue  # NumPy's seed
            bad = dict(ANYWHERE)
            several = len(arguments) > 1 and not any(callable(a) for a in arguments)
            if isinstance(argument, np.ndarray) and argument.dtype.kind == "f" and several:
                bad["one axis more"] = argument[np.newaxis].repeat(2, axis=0)
                bad["one entry more"] = np.concatenate([argument, argument[..., :1]], axis=-1)
            if isinstance(argument, np.ndarray) and argument.dtype.kind == "i":
                bad |= {"nan": np.array([np.nan, 0]), "negative": -1 - argument, "too large": 9 + argument}
            if isinstance(argument, int):
                bad |= {"negative": -1, "a fraction": 1.5, "nan": np.nan}
            if isinstance(argument, list):
                bad["a list of text"] = ["a"]
            for what, value in bad.items():
                changed = (*arguments[:n], value, *arguments[n + 1 :])
                name = f"{function.__name__}-{n}-{what}"
                if name not in VALID:
                    yield pytest.param(function, changed, id=name)


@pytest.mark.parametrize(("function", "arguments"), [*bad_calls()])
def test_bad_input_gets_a_clear_error(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        function(*arguments)
    assert "expected" in str(caught.value) or "got" in str(caught.value)
    assert "backprop_course" in traceback.extract_tb(caught.value.__traceback__)[-1].filename

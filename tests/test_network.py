"""The multilayer perceptron: gradients against finite differences, training on real digits, clear errors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backprop_course.data import split_digits
from backprop_course.network import (
    accuracy,
    activation_memory,
    binary_loss_and_gradients,
    initial_parameters,
    loss_and_gradients,
    mlp_backward,
    mlp_forward,
    predict,
    sgd_step,
    train,
)

Array = NDArray[np.float64]
WIDTHS = [5, 7, 4, 3]


def numerical_gradient(loss: Callable[[], float], array: Array, h: float = 1e-6) -> Array:
    """Central differences of `loss`, which reads `array`, by every entry of it."""
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        there = array[index]
        array[index] = there + h
        above = loss()
        array[index] = there - h
        below = loss()
        array[index] = there
        gradient[index] = (above - below) / (2 * h)
    return gradient


def network(batch: int = 6, seed: int = 0) -> tuple[list[Array], list[Array], Array, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    weights, _ = initial_parameters(WIDTHS, rng)
    biases = [rng.normal(size=width) for width in WIDTHS[1:]]
    return weights, biases, rng.normal(size=(batch, WIDTHS[0])), rng.integers(0, WIDTHS[-1], size=batch)


def test_forward_by_hand():
    x = np.array([[1.0, 2.0]])
    weights = [np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([[2.0], [5.0]])]
    activations = mlp_forward(x, weights, [np.array([0.5, 0.5]), np.array([-8.0])])
    assert [a.tolist() for a in activations] == [[[1.0, 2.0]], [[3.5, 0.0]], [[-1.0]]]  # no ReLU at the end


@pytest.mark.parametrize("batch", [1, 6])
@pytest.mark.parametrize("seed", range(3))
def test_backward_against_finite_differences(batch: int, seed: int):
    weights, biases, x, _ = network(batch, seed)
    dy = np.random.default_rng(seed + 100).normal(size=(batch, WIDTHS[-1]))
    activations = mlp_forward(x, weights, biases)
    dx, dweights, dbiases = mlp_backward(dy, activations, weights)

    def loss() -> float:
        return float(np.sum(dy * mlp_forward(x, weights, biases)[-1]))

    for gradient, array in zip([dx, *dweights, *dbiases], [x, *weights, *biases], strict=True):
        assert gradient.shape == array.shape
        np.testing.assert_allclose(gradient, numerical_gradient(loss, array), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("batch", [1, 6])
def test_loss_and_gradients_against_finite_differences(batch: int):
    weights, biases, x, labels = network(batch)
    loss, dweights, dbiases = loss_and_gradients(weights, biases, x, labels)
    logits = mlp_forward(x, weights, biases)[-1]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert loss == pytest.approx(-np.log(p[np.arange(batch), labels]).mean())
    for gradient, array in zip([*dweights, *dbiases], [*weights, *biases], strict=True):
        numerical = numerical_gradient(lambda: loss_and_gradients(weights, biases, x, labels)[0], array)
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("batch", [1, 6])
def test_binary_loss_against_finite_differences(batch: int):
    rng = np.random.default_rng(0)
    w, b, x = rng.normal(size=4), np.array(0.3), rng.normal(size=(batch, 4))
    d = rng.integers(0, 2, size=batch)
    loss, dw, db = binary_loss_and_gradients(w, b, x, d)
    y = 1 / (1 + np.exp(-(x @ w + b)))
    assert loss == pytest.approx(-np.mean(np.where(d == 1, np.log(y), np.log(1 - y))))
    assert dw.shape == (4,)
    assert db.shape == ()

    def value() -> float:
        return binary_loss_and_gradients(w, b, x, d)[0]

    np.testing.assert_allclose(dw, numerical_gradient(value, w), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(db, numerical_gradient(value, b), rtol=1e-6, atol=1e-9)


def test_binary_loss_stays_finite_where_the_unit_is_sure_and_wrong():
    loss, dw, db = binary_loss_and_gradients([1e4], 0.0, [[1.0]], [0])
    assert (loss, dw.tolist(), float(db)) == (1e4, [1.0], 1.0)


def test_the_output_is_not_needed_for_the_backward_pass():
    weights, biases, x, _ = network()
    activations = mlp_forward(x, weights, biases)
    dy = np.ones_like(activations[-1])
    expected = mlp_backward(dy, activations, weights)
    got = mlp_backward(dy, [*activations[:-1], np.full_like(dy, np.nan)], weights)
    np.testing.assert_array_equal(got[0], expected[0])


def test_activation_memory_counts_what_mlp_forward_keeps():
    weights, biases, x, _ = network(batch=6)
    kept = mlp_forward(x, weights, biases)[:-1]
    assert activation_memory(6, WIDTHS) == sum(a.nbytes for a in kept) == 6 * (5 + 7 + 4) * 8
    assert activation_memory(128, [784, 100, 10], itemsize=4) == 128 * 884 * 4


def test_float32_stays_float32():
    weights, biases, x, labels = network()
    narrow, small = ([a.astype(np.float32) for a in arrays] for arrays in (weights, biases))
    _, dweights, dbiases = loss_and_gradients(narrow, small, x.astype(np.float32), labels)
    after = sgd_step(narrow, dweights, 0.1)
    assert {a.dtype for a in [*dweights, *dbiases, *after]} == {np.dtype(np.float32)}


def test_nothing_given_is_changed():
    weights, biases, x, labels = network()
    before = [a.copy() for a in (*weights, *biases, x, labels)]
    activations = mlp_forward(x, weights, biases)
    kept = [a.copy() for a in activations]
    mlp_backward(np.ones((6, 3)), activations, weights)
    _, dweights, _ = loss_and_gradients(weights, biases, x, labels)
    new = sgd_step(weights, dweights, 0.5)
    train(x, labels, WIDTHS, epochs=1, learning_rate=0.1, batch_size=4, seed=0)
    for array, copy in zip([*weights, *biases, x, labels, *activations], before + kept, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not any(np.shares_memory(a, b) for a, b in zip(new, weights, strict=True))


def test_sgd_step_goes_against_the_gradient():
    stepped = sgd_step(
        [np.array([1.0, 2.0]), np.array([[3]])], [np.array([10.0, -10.0]), np.array([[1]])], 0.1
    )
    assert [a.tolist() for a in stepped] == [[0.0, 3.0], [[2.9]]]


def test_initial_parameters_keep_the_size_of_the_activations():
    weights, biases = initial_parameters([400] * 9, seed=0)
    activations = mlp_forward(np.random.default_rng(1).normal(size=(200, 400)), weights, biases)
    sizes = [float(np.mean(np.square(a))) for a in activations[1:-1]]
    assert all(0.7 < size < 1.4 for size in sizes)  # 0.5**8 or 2**8 of it with half or double the variance
    assert not any(b.any() for b in biases)


def test_training_reads_digits_it_has_never_seen():
    x, labels, x_held_out, labels_held_out = split_digits()
    settings: Any = {"widths": [64, 32, 10], "epochs": 20, "learning_rate": 0.2, "batch_size": 16, "seed": 0}
    weights, biases = train(x, labels, **settings)
    assert accuracy(weights, biases, x_held_out, labels_held_out) >= 0.95
    assert accuracy(*initial_parameters([64, 32, 10], 0), x_held_out, labels_held_out) < 0.3
    again, _ = train(x, labels, **settings)
    np.testing.assert_array_equal(again[0], weights[0])


def test_training_takes_one_step_a_batch_and_sees_every_example_once_an_epoch():
    # One linear layer, a batch of all examples: the order cannot matter, so this is plain gradient descent.
    _, _, x, labels = network(batch=6)
    weights, biases = train(x, labels, [5, 3], epochs=3, learning_rate=0.5, batch_size=6, seed=4)
    expected_weights, expected_biases = initial_parameters([5, 3], seed=4)
    for _ in range(3):
        _, dweights, dbiases = loss_and_gradients(expected_weights, expected_biases, x, labels)
        expected_weights = sgd_step(expected_weights, dweights, 0.5)
        expected_biases = sgd_step(expected_biases, dbiases, 0.5)
    np.testing.assert_allclose(weights[0], expected_weights[0], rtol=1e-12)
    np.testing.assert_allclose(biases[0], expected_biases[0], rtol=1e-12)


def test_a_batch_size_that_leaves_a_rest_and_one_larger_than_the_data():
    _, _, x, labels = network(batch=6)
    for batch_size in (4, 100):
        weights, _ = train(x, labels, WIDTHS, epochs=2, learning_rate=0.1, batch_size=batch_size, seed=0)
        assert [w.shape for w in weights] == [(5, 7), (7, 4), (4, 3)]


def test_predict_takes_one_example_or_many():
    weights, biases, x, _ = network()
    logits = mlp_forward(x, weights, biases)[-1]
    assert predict(weights, biases, x).tolist() == [int(row.argmax()) for row in logits]
    assert predict(weights, biases, x[0]) == logits[0].argmax()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": []}, r"0 weights and 3 biases"),
        (
            {"weights": [np.ones((4, 7)), np.ones((7, 4)), np.ones((4, 3))]},
            r"weights\[0\].*\(4, 7\).*\(5, M\)",
        ),
        (
            {"weights": [np.ones((5, 7)), np.ones((6, 4)), np.ones((4, 3))]},
            r"weights\[1\].*\(6, 4\).*\(7, M\)",
        ),
        ({"biases": [np.ones(7), np.ones((1, 4)), np.ones(3)]}, r"biases\[1\].*\(1, 4\).*\(4,\)"),
        ({"labels": np.array([0, 1, 2, 3, 0, 0])}, r"labels go from 0 to 3, expected 0 to 2"),
        ({"labels": np.array([0, 1, -1, 0, 0, 0])}, r"labels go from -1"),
        ({"labels": np.zeros(5, int)}, r"\(5,\).*\(6,\)"),
        ({"labels": np.zeros(6)}, r"float64"),
        ({"x": np.ones((6, 4))}, r"weights\[0\].*\(5, 7\).*\(4, M\)"),
        ({"x": np.array(1.0)}, r"weights\[0\]"),
    ],
)
def test_bad_input_to_the_loss_says_what_was_got_and_expected(change: dict[str, object], message: str):
    weights, biases, x, labels = network()
    arguments = {"weights": weights, "biases": biases, "x": x, "labels": labels} | change
    with pytest.raises(ValueError, match=message):
        loss_and_gradients(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"widths": [5]}, r"got \[5\]"),
        ({"widths": [5, 0, 3]}, r"widths\[1\] is 0"),
        ({"widths": [4, 3]}, r"weights\[0\].*\(4, 3\).*\(5, M\)"),
        ({"widths": [5, 2]}, r"labels go from . to 2, expected 0 to 1"),
        ({"labels": [0, 1]}, r"\(2,\), expected \(6,\)"),
        ({"batch_size": 0}, r"batch_size is 0, expected one whole number, 1 or more"),
        ({"epochs": -1}, r"epochs is -1, expected one whole number, 0 or more"),
    ],
)
def test_bad_input_to_train_says_what_was_got_and_expected(change: dict[str, object], message: str):
    arguments = {"x": np.ones((6, 5)), "labels": [0, 1, 2, 0, 1, 2], "widths": [5, 3], "epochs": 1}
    arguments |= {"learning_rate": 0.1, "batch_size": 2, "seed": 0} | change
    with pytest.raises(ValueError, match=message):
        train(**arguments)  # type: ignore[arg-type]


def test_other_bad_input():
    weights, biases, x, _ = network()
    activations = mlp_forward(x, weights, biases)
    with pytest.raises(ValueError, match=r"got 3 activations, expected \[x, y1, ...\]: 4"):
        mlp_backward(np.ones((6, 3)), activations[:-1], weights)
    with pytest.raises(ValueError, match=r"dy has shape \(5, 3\).*\(6, 3\)"):
        mlp_backward(np.ones((5, 3)), activations, weights)
    with pytest.raises(ValueError, match=r"shapes \[\(1, 3\)\], expected .*\[\(3,\)\]"):
        sgd_step([np.ones(3)], [np.ones((1, 3))], 0.1)
    with pytest.raises(ValueError, match="0 or 1"):
        binary_loss_and_gradients([1.0], 0.0, [[1.0]], [2])
    with pytest.raises(ValueError, match="at least one target"):
        binary_loss_and_gradients([1.0], 0.0, np.ones((0, 1)), [])
    with pytest.raises(ValueError, match=r"\(3,\).*\(6,\)"):
        accuracy(weights, biases, x, [0, 1, 2])
    with pytest.raises(ValueError, match="batch is -1"):
        activation_memory(-1, [2, 3])

"""What a backward function must keep besides its numbers; what breaks it is reported, never raised."""

import numpy as np
import pytest

from backprop_course.numerical import gradcheck
from backprop_course.numerical._report import Worst
from tests.gradcheck.functions import linear, linear_backward, normal, relu, relu_backward

Z = np.array([-1.0, 0.5, 2.0])


def mutates_input(dy, z):
    z[z <= 0] = 0
    return dy * (z > 0)


def mutates_upstream(dy, z):
    dy[z <= 0] = 0
    return dy


def raises(dy, z):
    raise NotImplementedError("not yet")


def of_shape(*shape):
    return lambda dy, z: np.zeros(shape)


@pytest.mark.parametrize(
    ("backward", "problem"),
    [
        (mutates_input, "changed its input z"),
        (mutates_upstream, "changed its upstream gradient dy"),
        (raises, "backward raised NotImplementedError: not yet"),
        (lambda dy: dy, "backward raised TypeError"),
        (of_shape(3, 1), r"gradient for z has shape (3, 1), expected (3,)"),
        (of_shape(), r"gradient for z has shape (), expected (3,)"),
        (lambda dy, z: None, "returned None for z"),
        (lambda dy, z: (dy, dy), "returned 2 gradients, expected 1, for z"),
        (lambda dy, z: z > 0, "dtype bool, expected a floating one"),
        (lambda dy, z: (z > 0).astype(int), "dtype int64, expected a floating one"),
        (lambda dy, z: dy * (1 + 1j), "dtype complex128"),
        (lambda dy, z: "dz", "dtype <U2"),
        (lambda dy, z: [[1.0, 2.0], [3.0]], "is no array"),
        (lambda dy, z: [[[1.0], [1.0, 2.0]]], "is no array"),
        (lambda dy, z: dy / (z - 0.5), "1 nan or inf, expected finite"),
        (lambda dy, z: 1.0 * (z > 0), "does not depend on its upstream gradient"),
        (lambda dy, z: dy * (z > 0) * (dy > 0), "not linear in the upstream gradient"),
        (lambda dy, z: dy**2 * (z > 0), "not linear in the upstream gradient"),
        (lambda dy, z: dy * (z > 0) + 1e-3, "not linear in the upstream gradient"),
    ],
)
def test_broken_contract(backward, problem):
    before = Z.copy()
    report = gradcheck(relu, backward, Z)
    assert not report.passed
    assert problem in str(report)
    assert report.worst is None
    assert problem in str(report)
    np.testing.assert_array_equal(Z, before)


def test_accumulating_in_a_global_array():
    total = np.zeros(3)

    def backward(dy, z):
        nonlocal total
        total = total + dy * (z > 0)
        return total

    assert "another answer on the second call" in str(gradcheck(relu, backward, Z))


def test_a_new_mask_in_each_call():
    rng = np.random.default_rng(0)
    report = gradcheck(np.tanh, lambda dy, z: dy * (rng.random(50) < 0.5), np.ones(50))
    assert "another answer on the second call" in str(report)


def test_a_forward_that_changes_its_input_is_reported():
    def forward(z):
        z[z < 0] = 0
        return z.copy()

    assert "forward changed its input z" in str(gradcheck(forward, relu_backward, Z))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda dx, dW, db: (dx, dW), "returned 2 gradients, expected 3, for x, W, b"),
        (lambda dx, dW, db: dx, "returned one ndarray, expected 3"),
        (lambda dx, dW, db: (dx, None, db), "returned None for W"),
        (lambda dx, dW, db: (dx, dW.T, db), "gradient for W has shape (5, 4), expected (4, 5)"),
        (lambda dx, dW, db: (dW, dx, db), "gradient for x has shape"),
    ],
)
def test_several_inputs(answer, problem):
    arrays = normal(0, (3, 4), (4, 5), (5,))
    report = gradcheck(linear, lambda dy, *a: answer(*linear_backward(dy, *a)), *arrays)
    assert problem in str(report)


@pytest.mark.parametrize("wrap", [tuple, list])
def test_tuple_or_list_of_gradients(wrap):
    arrays = normal(0, (3, 4), (4, 5), (5,))
    assert gradcheck(linear, lambda dy, *a: wrap(linear_backward(dy, *a)), *arrays).passed


@pytest.mark.parametrize(
    "answer",
    [lambda d: (d,), lambda d: [d], lambda d: d.tolist(), lambda d: tuple(d.tolist()), lambda d: list(d)],
)
def test_a_single_gradient_in_any_wrapping(answer):
    assert gradcheck(relu, lambda dy, z: answer(dy * (z > 0)), Z).passed


def test_a_gradient_that_is_the_upstream_gradient_itself():
    assert gradcheck(lambda z: z, lambda dy, z: dy, Z).passed
    assert gradcheck(lambda z: z.T, lambda dy, z: dy.T, np.ones((2, 3))).passed


def truncates(dy, z):
    dz = np.zeros_like(z)
    dz[:] = dy * (z > 0)
    return dz


def truncates_in_disguise(dy, z):
    return truncates(dy, z).astype(float)


@pytest.mark.parametrize(("backward", "problem"), [(truncates, "dtype"), (truncates_in_disguise, "dtype")])
def test_integer_truncation(backward, problem):
    integers = np.array([1, -2, 3])
    assert gradcheck(relu, backward, integers.astype(float)).passed
    assert problem in str(gradcheck(relu, backward, integers))


def test_in_place_arithmetic_that_integers_do_not_allow():
    def backward(dy, z):
        dz = z.copy()
        dz *= dy
        return dz

    assert gradcheck(lambda z: z**2 / 2, backward, np.array([1.0, 2.0])).passed
    assert "backward raised" in str(gradcheck(lambda z: z**2 / 2, backward, np.array([1, 2])))


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, np.float16, np.float32, np.longdouble])
def test_right_answers_for_every_dtype(dtype):
    arrays = [
        np.asarray(np.arange(n).reshape(s) % 5, dtype) for n, s in ((6, (2, 3)), (6, (3, 2)), (2, (2,)))
    ]
    before = [a.copy() for a in arrays]
    report = gradcheck(linear, linear_backward, *arrays)
    assert report.passed, report
    for now, then in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(now, then)
        assert now.dtype == dtype


@pytest.mark.parametrize(("inputs", "cut"), [(4, False), (5, True)])
def test_a_long_direction_is_cut_and_says_so(inputs, cut):
    along = tuple(("x", (i,), 1.0) for i in range(inputs))
    said = str(Worst("x", (0,), 1.0, 0.0, 0.0, "too large", along))
    assert ("…" in said) == cut
    assert ("x[3]" in said, "x[4]" in said) == (True, False)


def test_gradients_in_float32_for_float64_inputs_are_right():
    assert gradcheck(np.tanh, lambda dy, z: (dy * (1 - np.tanh(z) ** 2)).astype(np.float32), Z).passed


def test_a_float16_mistake_is_caught_in_float16():
    def backward(dy, z):
        return dy * np.where(z.dtype == np.float16, 1.5, 1.0) * (z > 0)

    assert gradcheck(relu, backward, Z).passed
    assert "depends on the dtype" in str(gradcheck(relu, backward, Z.astype(np.float16)))


def cross_entropy(p, labels):
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def cross_entropy_backward(dy, p, labels):
    dp = np.zeros_like(p)
    dp[np.arange(len(labels)), labels] = -dy / p[np.arange(len(labels)), labels] / len(labels)
    return dp


def test_labels_have_no_gradient():
    p, labels = np.full((3, 4), 0.25), np.array([0, 3, 1])
    assert gradcheck(
        cross_entropy, lambda dy, p, labels: (cross_entropy_backward(dy, p, labels), None), p, labels
    ).passed
    with pytest.raises(TypeError, match="backward must return None"):
        gradcheck(cross_entropy, lambda dy, p, n: (cross_entropy_backward(dy, p, n), 0.0 * n), p, labels)


def test_other_arguments_are_passed_on():
    def forward(z, mask, axis, how):
        assert mask.dtype == bool
        assert (axis, how) == (1, "sum")
        return (z * mask).sum(axis)

    mask = np.array([[True, False], [True, True]])
    report = gradcheck(
        forward, lambda dy, z, mask, axis, how: dy[:, None] * mask, np.ones((2, 2)), mask, 1, "sum"
    )
    assert report.passed
    assert report.entries == 4


@pytest.mark.parametrize("slope", [1e-9, 1e-14, 1e-20])
def test_the_smallest_gradient_of_an_output_that_nothing_moves_is_wrong(slope):
    def forward(x):
        return np.array([5.0, x[1]])

    def backward(dy, x):
        return np.array([slope * dy[0], dy[1]])

    assert not gradcheck(forward, backward, np.ones(2)).passed

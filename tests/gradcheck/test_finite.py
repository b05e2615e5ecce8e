"""The textbook differences: their values, their shapes, and that they change nothing."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course.numerical import (
    central_difference,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from tests.gradcheck.functions import EXAMPLES, normal


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (central_difference, {"f": None, "x": None, "h": 1e-5}),
        (numerical_gradient, {"f": None, "x": None, "h": 1e-5}),
        (numerical_jacobian, {"f": None, "x": None, "h": 1e-5}),
        (numerical_hessian, {"f": None, "x": None, "h": 1e-4}),
    ],
)
def test_signatures_are_those_of_the_graded_exercises(function, signature):
    parameters = inspect.signature(function).parameters
    found = {n: None if p.default is p.empty else p.default for n, p in parameters.items()}
    assert found == signature


def test_central_difference_is_the_textbook_formula_and_a_float():
    found = central_difference(np.sin, 0.7, h=1e-3)
    assert type(found) is float
    assert found == (np.sin(0.7 + 1e-3) - np.sin(0.7 - 1e-3)) / 2e-3


def test_central_difference_averages_the_slopes_at_a_kink():
    assert central_difference(lambda x: max(x, 0.0), 0.0) == 0.5


def test_central_difference_takes_integers_and_0d_arrays():
    assert central_difference(lambda x: x**2, 3) == pytest.approx(6, rel=1e-9)
    assert central_difference(lambda x: x**2, np.array(3)) == pytest.approx(6, rel=1e-9)


@pytest.mark.parametrize("wrong", [lambda x: np.array([x, x]), lambda x: 1j * x, lambda x: "x"])
def test_central_difference_says_what_it_expected_of_f(wrong):
    with pytest.raises((TypeError, ValueError), match="expected one real number"):
        central_difference(wrong, 1.0)


@EXAMPLES
@given(st.sampled_from([(), (3,), (2, 3), (0,)]), st.integers(0, 1000))
def test_gradient_of_a_quadratic_form(shape, seed):
    (x,) = normal(seed, shape)
    np.testing.assert_allclose(numerical_gradient(lambda v: (v**2).sum(), x), 2 * x, atol=1e-8)
    assert numerical_gradient(lambda v: (v**2).sum(), x).shape == shape


@EXAMPLES
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 1000))
def test_jacobian_is_outputs_by_inputs(outputs, inputs, seed):
    A, x = normal(seed, (outputs, inputs), (inputs,))
    np.testing.assert_allclose(numerical_jacobian(lambda v: A @ v, x), A, atol=1e-8)


def test_jacobian_flattens_other_shapes():
    x = np.arange(6.0).reshape(2, 3)
    jacobian = numerical_jacobian(lambda v: v.T * 2, x)
    order = np.arange(6).reshape(2, 3).T.ravel()
    np.testing.assert_allclose(jacobian, 2 * np.eye(6)[order], atol=1e-8)
    assert numerical_jacobian(lambda v: v[0], np.zeros(2)).shape == (1, 2)
    assert numerical_jacobian(lambda v: np.ones(3), np.zeros(0)).shape == (3, 0)


@EXAMPLES
@given(st.integers(1, 5), st.integers(0, 1000))
def test_hessian_of_a_cubic(size, seed):
    A, x = normal(seed, (size, size), (size,))
    S = A + A.T
    expected = S + np.diag(6 * x)
    found = numerical_hessian(lambda v: v @ S @ v / 2 + (v**3).sum(), x)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(found, found.T)


@pytest.mark.parametrize("function", [numerical_gradient, numerical_jacobian, numerical_hessian])
def test_inputs_are_never_changed_even_by_an_f_that_changes_its_own(function):
    x = np.array([1, 2, 3])

    def spoils(v):
        total = np.sum(v**2)
        v[:] = 99
        return total

    function(spoils, x)
    np.testing.assert_array_equal(x, [1, 2, 3])
    assert x.dtype.kind == "i"


def test_f_gets_float64_of_the_shape_of_x():
    seen = []

    def total(v):
        seen.append((v.shape, v.dtype))
        return v.sum()

    numerical_gradient(total, np.ones((2, 2), np.float32))
    assert set(seen) == {((2, 2), np.dtype(float))}


def test_gradient_of_a_vector_function_is_an_error():
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        numerical_gradient(lambda v: v, np.ones(2))

"""The complex step, when it must refuse, and the curve of errors over the step."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course.numerical import complex_step_gradient, error_curve
from tests.gradcheck.functions import EXAMPLES, normal


@EXAMPLES
@given(st.sampled_from([(), (4,), (2, 3)]), st.integers(0, 1000))
def test_exact_to_the_last_digits(shape, seed):
    (x,) = normal(seed, shape)
    found = complex_step_gradient(lambda v: np.sum(np.exp(np.sin(v))), x)
    np.testing.assert_allclose(found, np.exp(np.sin(x)) * np.cos(x), rtol=1e-14)
    assert found.shape == shape


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_scales(scale):
    x = scale * np.array([0.3, -2.0])
    np.testing.assert_allclose(complex_step_gradient(lambda v: (v**3).sum(), x), 3 * x**2, rtol=1e-14)


def test_a_large_constant_hides_the_difference_that_confirms_it_but_not_the_slope():
    found = complex_step_gradient(lambda v: 1e12 + 0.001 * v.sum(), np.array([1.0, 2.0]))
    np.testing.assert_allclose(found, 0.001, rtol=1e-12)


@pytest.mark.parametrize("real", [lambda v: np.abs(v).sum(), lambda v: v.real.sum(), lambda v: 1.0])
def test_a_function_that_drops_the_imaginary_part_is_a_type_error(real):
    with pytest.raises(TypeError, match="drops the imaginary part"):
        complex_step_gradient(real, np.array([1.0, 2.0]))


def test_a_function_that_takes_no_complex_numbers_is_a_type_error():
    with pytest.raises(TypeError, match="not math"):
        complex_step_gradient(lambda v: math.sin(v), 1.0)


@pytest.mark.parametrize("not_analytic", [lambda v: (v * np.conj(v)).sum(), lambda v: (v * abs(v)).sum()])
def test_a_function_that_is_not_analytic_is_a_value_error(not_analytic):
    with pytest.raises(ValueError, match="not analytic"):
        complex_step_gradient(not_analytic, np.array([1.0, 2.0]))


def test_a_vector_function_is_a_value_error():
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        complex_step_gradient(lambda v: v, np.ones(2))


def test_error_curve_shows_truncation_on_the_right_and_round_off_on_the_left():
    curve = error_curve(np.exp, np.exp, 1.0)
    assert len({part.shape for part in curve}) == 1
    h, forward, central, exact = curve
    assert 1e-9 < h[forward.argmin()] < 1e-7
    assert 1e-7 < h[central.argmin()] < 1e-4
    assert central.min() < forward.min() / 100
    right = (h > 1e-3) & (h < 1e-1)
    assert np.polyfit(np.log(h[right]), np.log(forward[right]), 1)[0] == pytest.approx(1, abs=0.05)
    assert np.polyfit(np.log(h[right]), np.log(central[right]), 1)[0] == pytest.approx(2, abs=0.05)
    left = (h > 1e-15) & (h < 1e-12)
    assert (forward[left] > 1e-6).all()
    assert (exact[h < 1e-8] < 1e-14).all()


def test_error_curve_with_own_steps_and_without_complex_numbers():
    curve = error_curve(math.sin, math.cos, 0.5, steps=[1e-2, 1e-4])
    np.testing.assert_array_equal(curve.h, [1e-2, 1e-4])
    assert np.isnan(curve.complex_step).all()
    assert curve.central[1] < curve.central[0]


@pytest.mark.parametrize("steps", [[0.0], [-1.0], [np.nan]])
def test_error_curve_refuses_impossible_steps(steps):
    with pytest.raises(ValueError, match="positive and finite"):
        error_curve(np.sin, np.cos, 0.5, steps=steps)

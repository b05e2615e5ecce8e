"""The caller's own mistakes are raised, and say what to do."""

import math

import numpy as np
import pytest

from backprop_course.numerical import error_curve, gradcheck, subgradient_violation
from tests.gradcheck.functions import relu, relu_backward

ONE = np.ones(2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((relu, relu_backward), ValueError, "no input to differentiate"),
        ((relu, relu_backward, 3), ValueError, "Python integer is passed on"),
        ((relu, relu_backward, np.zeros((0, 3))), ValueError, "no input to differentiate"),
        ((ONE, relu_backward, ONE), TypeError, "forward is a ndarray, expected a function"),
        ((relu, None, ONE), TypeError, "backward is a NoneType"),
        ((relu, relu_backward, [1.0, 2.0]), TypeError, "input 0 is a list"),
        ((relu, relu_backward, ONE * 1j), TypeError, "complex"),
        ((relu, relu_backward, 1j), TypeError, "complex"),
        ((relu, relu_backward, np.array([None])), TypeError, "object"),
        ((relu, relu_backward, np.array([1.0, np.nan])), ValueError, "input 0 holds nan"),
        ((lambda z: (z, z), relu_backward, ONE), TypeError, "a tuple of 2, expected one array"),
        ((lambda z: z * 1j, relu_backward, ONE), TypeError, "complex128 values, expected real"),
        ((lambda z: np.log(z - 1), relu_backward, ONE), ValueError, "nan or inf at the point"),
    ],
)
def test_gradcheck(arguments, error, message):
    with pytest.raises(error, match=message):
        gradcheck(*arguments)


def test_a_forward_with_its_own_random_numbers():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="two answers for the same inputs"):
        gradcheck(lambda z: z * rng.random(2), lambda dy, z: dy, ONE)


def test_a_forward_whose_shape_depends_on_values():
    with pytest.raises(ValueError, match="expected one shape"):
        gradcheck(lambda z: z[z >= 1], lambda dy, z: dy, ONE)


def test_a_forward_without_a_finite_neighbour():
    with pytest.raises(ValueError, match=r"both sides of z\[0\]"):
        gradcheck(lambda z: np.where(z == 1, z, np.nan), lambda dy, z: dy, ONE)


def test_what_forward_raises_at_the_point_comes_through():
    with pytest.raises(KeyError):
        gradcheck(lambda z: {"y": z}["x"], relu_backward, ONE)


@pytest.mark.parametrize(
    ("inputs", "dy", "gradients", "message"),
    [
        ([ONE], ONE, [], "0 gradients for 1 input,"),
        ([ONE], ONE, [None], "every gradient is None"),
        ([ONE], ONE, [np.ones(3)], r"gradient 0 has shape \(3,\), expected \(2,\)"),
        ([ONE], np.ones(3), [ONE], r"dy has shape \(3,\), expected \(2,\)"),
    ],
)
def test_subgradient_violation(inputs, dy, gradients, message):
    with pytest.raises(ValueError, match=message):
        subgradient_violation(relu, inputs, dy, gradients)


@pytest.mark.parametrize("returned", ["text", None, [[1.0], [1.0, 2.0]]])
def test_an_error_curve_of_what_is_no_number(returned):
    with pytest.raises((TypeError, ValueError), match="expected one real number"):
        error_curve(lambda x: returned, math.cos, 1.0)
    with pytest.raises((TypeError, ValueError), match="expected one real number"):
        error_curve(math.sin, lambda x: returned, 1.0)

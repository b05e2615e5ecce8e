"""The mathematics of the subgradient explorer, against closed forms and the definition itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_course import ops
from backprop_course.widgets._lines import envelope_kinks, upper_envelope, winners
from backprop_course.widgets.subgradient import _supporting_lines as lines

X = np.arange(-120, 121) / 40
SLOPES = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("f", "derivative"),
    [(np.exp, np.exp), (np.square, lambda x: 2 * x), (ops.softplus, ops.sigmoid), (np.sin, np.cos)],
    ids=["exp", "square", "softplus", "sin"],
)
def test_a_smooth_function_has_the_same_slope_on_both_sides(f, derivative):
    left, right = lines.one_sided_slopes(f, X, 2**-14)
    np.testing.assert_array_equal(left, right)
    np.testing.assert_allclose(left, derivative(X), rtol=0, atol=1e-9 * np.abs(derivative(X)).max())


def test_slopes_on_both_sides_of_a_kink():
    left, right = lines.one_sided_slopes(lambda x: np.maximum(x, 0.1 * x), np.array([-1.0, 0.0, 2.0]), 2**-14)
    np.testing.assert_array_equal(left, [0.1, 0.1, 1.0])
    np.testing.assert_array_equal(right, [0.1, 1.0, 1.0])


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_slopes_keep_their_digits_at_every_scale(scale):
    left, right = lines.one_sided_slopes(lambda x: scale * np.abs(x), np.array([0.0, 0.3]), 2**-14)
    np.testing.assert_allclose(left, [-scale, scale], rtol=1e-9)
    np.testing.assert_allclose(right, [scale, scale], rtol=1e-9)


# Thousandths, since a slope nearer than that to the end of an interval passes or fails by round-off alone.
@given(SLOPES, st.integers(1, 239), st.integers(-6000, 6000).map(lambda k: k / 1000))
def test_a_slope_is_in_the_interval_exactly_when_its_line_stays_under_the_graph(pairs, i, slope):
    """The definition itself, on a maximum of lines: under every sample, and no steeper than either side."""
    f = upper_envelope(pairs)
    x = np.union1d(X, envelope_kinks(pairs))
    y = f(x)
    tied = [[pairs[k][0] for k in winners(pairs, *point)] for point in zip(x, y, strict=True)][1:-1]
    left, right = (np.array([pick(slopes) for slopes in tied], dtype=float) for pick in (min, max))
    low, high = lines.subgradient_intervals(x, y, left, right, 1e-9)
    np.testing.assert_array_equal((low, high), (left, right))
    stays_under = bool(np.all(y >= y[i] + slope * (x - x[i]) - 1e-7))
    inside = bool(low[i - 1] - 1e-6 <= slope <= high[i - 1] + 1e-6)
    assert inside == stays_under


def test_a_function_that_is_not_convex_has_points_without_a_supporting_line():
    y = np.sin(X)
    low, high = lines.subgradient_intervals(X, y, np.cos(X[1:-1]), np.cos(X[1:-1]), 1e-6)
    lowest = np.argmin(y) - 1
    assert low[lowest] == high[lowest] == pytest.approx(0, abs=0.02)
    concave = X[1:-1] > 0.1
    assert np.isnan(low[concave]).all()
    assert np.isnan(high[concave]).all()


def test_a_local_minimum_is_supported_less_than_its_slopes_promise():
    """Two valleys of different depth: chords to the deeper one bound the interval from one side."""
    y = np.minimum(np.abs(X + 1), np.abs(X - 1) + 0.5)
    i = int(np.flatnonzero(X == 1.0)[0])
    low, high = lines.subgradient_intervals(X, y, np.full(X.size - 2, -1.0), np.full(X.size - 2, 1.0), 1e-9)
    assert low[i - 1] == pytest.approx(0.25)  # the chord from (−1, 0) to (1, 0.5)
    assert high[i - 1] == 1.0


@pytest.mark.parametrize("h", [1e-6, 0.1, 1.0])
def test_central_differences_are_numpys(h):
    computed = lines.central_differences(np.exp, X, h)
    inside = (X - h >= -3) & (X + h <= 3)
    np.testing.assert_array_equal(np.isnan(computed), ~inside)
    np.testing.assert_array_equal(computed[inside], ((np.exp(X + h) - np.exp(X - h)) / (2 * h))[inside])


@pytest.mark.parametrize(
    ("slope", "expected"),
    [(0.5, []), (2.0, [(0.0, 3.0)]), (-1.0, [(-3.0, 0.0)]), (0.0, []), (1.0, [])],
)
def test_where_a_line_through_the_kink_of_the_relu_runs_above_it(slope, expected):
    assert lines.stretches_above(X, np.maximum(X, 0), 0.0, slope) == expected


def test_a_stretch_ends_where_line_and_graph_cross_between_samples():
    [(start, end)] = lines.stretches_above(X, X**2, 0.0, 0.333)
    assert start == 0.0
    assert end == pytest.approx(0.333, abs=1e-3)


def test_kinks_are_where_the_largest_lines_cross():
    assert envelope_kinks([(-1, 0), (0.5, 0), (2, 0), (3, -2)]).tolist() == [0.0, 2.0]
    assert envelope_kinks([(1, 0), (-1, 0), (0, -5)]).tolist() == [0.0]  # the third is never the largest
    assert envelope_kinks([(1, 0), (1, 2)]).tolist() == []
    assert envelope_kinks([(0, 0), (3, -1)])[0] == pytest.approx(1 / 3)


def test_lines_that_meet_in_one_point_up_to_roundoff_make_one_kink():
    at = 1 / 3
    assert envelope_kinks([(a, -a * at) for a in (-1.0, 0.1, 0.7, 2.3)]) == pytest.approx([at], abs=1e-12)
    assert math.isclose(at, envelope_kinks([(-1.0, at), (2.0, -2 * at)])[0])

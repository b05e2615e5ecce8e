"""One way to write a number, in Python and in the browser."""

import pytest

from backprop_course.numbers import factor, show


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"), (-0.0, "0"), (-2.0, "−2"), (2.5, "2.5"), (1.0625, "1.063"), (-1.0625, "−1.063"),
        (0.73105857, "0.7311"), (-0.00040034, "−0.0004003"), (0.000012345, "1.235e−5"), (100.0, "100"),
        (1234.56, "1235"), (12345.6, "12346"), (-123456.7, "−123457"), (1234567.0, "1.235e6"),
        (1e300, "1e300"), (9.9999, "10"), (0.99999, "1"),
    ],
)  # fmt: skip
def test_four_significant_digits_and_a_true_minus(number, written):
    assert show(number) == written


def test_a_negative_factor_stands_in_parentheses():
    assert (factor(-0.5), factor(0.5)) == ("(−0.5)", "0.5")

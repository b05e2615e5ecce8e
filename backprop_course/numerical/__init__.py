"""Numerical derivatives, and a gradient checker that knows kinks.

`gradcheck` tells whether a backward function is right; `subgradient_violation` judges plain gradients. The
others are the formulas of a textbook, to learn from: central differences, the complex step, and their errors.
"""

from backprop_course.numerical._check import gradcheck
from backprop_course.numerical._complex_step import ErrorCurve, complex_step_gradient, error_curve
from backprop_course.numerical._finite import (
    central_difference,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from backprop_course.numerical._report import GradientReport, Measured, Worst
from backprop_course.numerical._subgradient import subgradient_violation

__all__ = [
    "ErrorCurve",
    "GradientReport",
    "Measured",
    "Worst",
    "central_difference",
    "complex_step_gradient",
    "error_curve",
    "gradcheck",
    "numerical_gradient",
    "numerical_hessian",
    "numerical_jacobian",
    "subgradient_violation",
]

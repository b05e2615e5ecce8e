"""Gradient-check explorer: the entries of a wrong gradient, each with its step-size curve."""

from backprop_course.widgets.gradient_check._explorer import GradientCheckExplorer

__all__ = ["GradientCheckExplorer"]

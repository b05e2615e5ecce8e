"""Activation explorer: values, slopes, saturation and the student's backward pass of every activation."""

from backprop_course.widgets.activation._explorer import ActivationExplorer

__all__ = ["ActivationExplorer"]

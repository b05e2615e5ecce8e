"""Softmax explorer: move the logits, watch probabilities, loss, gradient and Jacobian."""

from backprop_course.widgets.softmax._explorer import SoftmaxExplorer

__all__ = ["SoftmaxExplorer"]

"""Sigmoid and loss explorer: one unit, two losses, two gradients and two descents."""

from backprop_course.widgets.sigmoid_loss._explorer import SigmoidLossExplorer

__all__ = ["SigmoidLossExplorer"]

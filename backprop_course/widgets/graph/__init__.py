"""Graph explorer: step through the forward and the backward pass of a computational graph."""

from backprop_course.widgets.graph._explorer import GraphExplorer

__all__ = ["GraphExplorer"]

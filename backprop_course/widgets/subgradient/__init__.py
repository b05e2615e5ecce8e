"""Subgradient explorer: drag a line through a point of a graph and see whether it supports the graph."""

from backprop_course.widgets.subgradient._explorer import SubgradientExplorer

__all__ = ["SubgradientExplorer"]

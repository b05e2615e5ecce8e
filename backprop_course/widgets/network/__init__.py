"""The network itself: a picture of its units and weights, and an explorer that steps through both passes."""

from backprop_course.widgets.network._explorer import NetworkExplorer
from backprop_course.widgets.network._figure import draw_network

__all__ = ["NetworkExplorer", "draw_network"]

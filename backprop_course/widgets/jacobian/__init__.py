"""Jacobian explorer: the true Jacobian beside the student's, entry by entry, in either layout."""

from backprop_course.widgets.jacobian._explorer import JacobianExplorer

__all__ = ["JacobianExplorer"]

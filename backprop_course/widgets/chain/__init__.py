"""Chain explorer: push x by Δx and watch the push travel through a composition, or along several paths."""

from backprop_course.widgets.chain._explorer import ChainExplorer

__all__ = ["ChainExplorer"]

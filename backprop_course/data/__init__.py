"""Real handwritten digits, shipped with the package: no download, the same for everyone."""

from ._digits import Split, load_digits, split_digits

__all__ = ["Split", "load_digits", "split_digits"]

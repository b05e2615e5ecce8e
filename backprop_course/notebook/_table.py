"""Columns of numbers, side by side."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt


def table(columns: Mapping[str, npt.ArrayLike]) -> None:
    """Print named columns of numbers side by side."""
    width = max(12, *(len(name) + 2 for name in columns))
    print("".join(f"{name:>{width}}" for name in columns))
    for row in zip(*map(np.asarray, columns.values()), strict=True):
        print("".join(f"{number:{width}.4g}" for number in row))

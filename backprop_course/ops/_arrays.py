"""The types of the mathematics: arrays in, arrays out."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
ArrayLike = npt.ArrayLike

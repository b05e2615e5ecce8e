"""A returned array beside the right one, as rows and columns with a sentence for every entry."""

from typing import Any

import numpy as np

from backprop_course.checking import Leaf
from backprop_course.numbers import show
from backprop_course.widgets.gradient_check._cases import CheckedCase, Index

LARGEST = 32  # rows and columns that are shown; of a larger array, those around the worst entry
READABLE = 10  # columns up to which numbers and all labels are written


def matrix_of(leaf: Leaf, case: CheckedCase) -> dict[str, Any]:
    """Describe what is given − expected as a matrix, in plain lists that the browser and the figure draw.

    More than two axes are flattened into rows, no axis or one is a single row. An entry within what round-off
    allows counts as 0; one that is no finite number as None. Where the shape is wrong there is nothing to
    subtract, and your own numbers stand there.
    """
    fits = leaf.got.shape == leaf.expected.shape
    shape = leaf.got.shape
    rows, columns = int(np.prod(shape[:-1])), shape[-1] if shape else 1
    worst = _row_and_column(None if case.passed else leaf.worst, shape)
    window = [_around(at, size) for at, size in zip(worst or (0, 0), (rows, columns), strict=True)]
    indices = [[_index(i, j, shape) for j in window[1]] for i in window[0]]
    wide = len(window[1]) > READABLE
    values = [
        [_value(leaf, index, case) if fits else _finite(leaf.got[index]) for index in row] for row in indices
    ]
    return {
        "name": leaf.name,
        "passed": case.passed or leaf.passed,
        "title": _title(leaf, case, fits, [len(window[0]) < rows, len(window[1]) < columns]),
        "rows": [", ".join(map(str, row[0][:-1])) for row in indices],
        "columns": [str(j) if shape and (not wide or j % 5 == 0) else "" for j in window[1]],
        "wide": wide,
        "values": values,
        "largest": max((abs(v) for row in values for v in row if v is not None), default=0.0)
        if fits
        else 0.0,
        "indices": [[list(index) for index in row] for row in indices],
        "words": [[words(leaf, index, case) for index in row] for row in indices],
        "worst": worst and [worst[0] - window[0].start, worst[1] - window[1].start],
    }


def words(leaf: Leaf, index: Index, case: CheckedCase) -> str:
    """Say what an entry is and what it should be."""
    name = entry_name(leaf.name, index)
    if leaf.got.shape != leaf.expected.shape:
        return f"{name}: yours {digits(leaf.got[index])}."
    got, expected = float(leaf.got[index]), float(leaf.expected[index])
    if not case.comparable:
        return f"{name}: {_nothing(case)}, expected {digits(expected)}."
    both = f"{name}: {_whose(case)} {digits(got)}, expected {digits(expected)}"
    if not leaf.wrong[index]:
        return f"{both}: right."
    if case.passed:
        return f"{both}: right too, as the function has a kink here."
    return f"{both}: off by {digits(got - expected)}." if np.isfinite(got - expected) else f"{both}: wrong."


def entry_name(name: str, index: Index) -> str:
    """Write an entry as Python does."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def digits(value: float) -> str:
    """Write six significant digits."""
    return show(value, digits=6)


def _title(leaf: Leaf, case: CheckedCase, fits: bool, cut: list[bool]) -> str:
    if not fits:
        return f"Your {leaf.name} has shape {leaf.got.shape}, expected {leaf.expected.shape}. Your numbers:"
    part = ", the part around the worst entry" if any(cut) else ""
    what = f"{_whose(case)} − expected" if case.comparable else f"{_nothing(case)} yet"
    return f"{leaf.name}, shape {leaf.expected.shape}{part}: {what}"


def _whose(case: CheckedCase) -> str:
    return "yours" if case.yours else "given"


def _nothing(case: CheckedCase) -> str:
    return "no answer of yours" if case.yours else "nothing given"


def _value(leaf: Leaf, index: Index, case: CheckedCase) -> float | None:
    if not case.comparable:
        return None
    error = _finite(np.subtract(leaf.got[index], leaf.expected[index], dtype=np.float64))
    return 0.0 if not leaf.wrong[index] or case.passed else error


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _row_and_column(index: Index | None, shape: Index) -> list[int] | None:
    if index is None:
        return None
    flat = int(np.ravel_multi_index(index, shape)) if shape else 0
    return list(divmod(flat, shape[-1] if shape else 1))


def _around(at: int, size: int) -> range:
    start = min(max(at - LARGEST // 2, 0), max(size - LARGEST, 0))
    return range(start, min(start + LARGEST, size))


def _index(i: int, j: int, shape: Index) -> Index:
    return (*(int(n) for n in np.unravel_index(i, shape[:-1])), j) if len(shape) > 1 else (j,) * len(shape)

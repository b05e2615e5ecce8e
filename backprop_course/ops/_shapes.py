"""The arguments of an operation as arrays: one floating type, shapes that fit together."""

import numpy as np

from backprop_course.arrays import Array, ArrayLike


def as_floats(pattern: str, **values: ArrayLike) -> tuple[Array, ...]:
    """Return the values as floating-point arrays whose shapes follow a pattern.

    Parameters
    ----------
    pattern : str
        One shape per value, separated by commas: ``"... D, D M, M"``. A name is one size wherever it
        appears, ``D+1`` is one more, a number is itself, and a leading ``...`` stands for the same batch axes
        wherever it appears.
    **values : array_like
        The arguments by their names, in the order of the pattern.

    Returns
    -------
    tuple of ndarray
        In the widest type of the NumPy float arrays given. Integers, lists and Python numbers adapt to it;
        where there is nothing else they become float64. A value that already fits is not copied.

    Raises
    ------
    TypeError
        If a value does not hold real numbers.
    ValueError
        If a shape does not fit.
    """
    arrays = {name: np.asarray(value) for name, value in values.items()}
    sizes: dict[str, int] = {}
    for (name, array), shape in zip(arrays.items(), pattern.split(","), strict=True):
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{name} holds {array.dtype}, expected real numbers.")
        expected = _describe(shape.split(), sizes)
        if not _fits(array.shape, shape.split(), sizes):
            raise ValueError(f"{name} has shape {array.shape}, expected {expected}.")
    numpy_values = [v.dtype for v in values.values() if isinstance(v, np.ndarray | np.generic)]
    dtype = np.result_type(*[d for d in numpy_values if d.kind == "f"] or [np.float64])
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def _fits(shape: tuple[int, ...], axes: list[str], sizes: dict[str, int]) -> bool:
    """Compare a shape with its pattern; a name met for the first time is added to `sizes`."""
    if axes[:1] == ["..."]:
        sizes.setdefault("...", max(len(shape) - len(axes) + 1, 0))
    names = _expand(axes, sizes)
    return len(shape) == len(names) and all(
        size == (sizes.setdefault(name, size) if (known := _size(name, sizes)) is None else known)
        for name, size in zip(names, shape, strict=True)
    )


def _expand(axes: list[str], sizes: dict[str, int]) -> list[str]:
    """Give each batch axis a name of its own, once their number is known."""
    if axes[:1] != ["..."] or "..." not in sizes:
        return axes
    return [f"batch {i}" for i in range(sizes["..."])] + axes[1:]


def _size(name: str, sizes: dict[str, int]) -> int | None:
    """Return the size that a name, a sum or a number stands for, None where it is still open."""
    base, _, more = name.partition("+")
    known = int(base) if base.isdigit() else sizes.get(base)
    return None if known is None else known + int(more or 0)


def _describe(axes: list[str], sizes: dict[str, int]) -> str:
    """Return a pattern for an error message, with the sizes that are known."""
    known = [(name, _size(name, sizes)) for name in _expand(axes, sizes)]
    return "(" + ", ".join(name if size is None or name == "..." else str(size) for name, size in known) + ")"

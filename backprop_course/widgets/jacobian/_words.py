"""What the Jacobian explorer says: labels, the verdict, both layouts, and what a Jacobian costs."""

from collections.abc import Iterator

import numpy as np

from backprop_course.numbers import count
from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.jacobian._compare import Comparison

LISTED = 6  # names of wrong entries that are written out
Facts = list[tuple[str, str]]


def entry(c: Comparison, i: int, j: int) -> str:
    """Name an entry: output i by input j."""
    outputs, inputs = (labels(*pair) for pair in zip(c.names, c.shapes, strict=True))
    return f"∂{outputs[i]}/∂{inputs[j]}"


def labels(name: str, shape: tuple[int, ...]) -> list[str]:
    """Name the entries of an array in the order in which it is flattened: y₀, y₁, or W[0, 1]."""
    if len(shape) == 1:
        digits = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
        return [f"{name}{str(i).translate(digits)}" for i in range(shape[0])]
    return [f"{name}[{', '.join(map(str, index))}]" if index else name for index in np.ndindex(shape)]


def verdict(c: Comparison) -> str:
    """Compare the student's Jacobian with the true one; empty where there is none to compare."""
    if c.yours is None:
        return c.problem
    entries = "1 entry" if c.yours.size == 1 else f"all {c.yours.size} entries"
    if not c.wrong:
        return f"Yours agrees with the truth, up to round-off, in {entries}."
    said = [f"{_count(len(c.wrong), c.yours.size, 'differs', 'differ')}.", _first(c, c.yours)]
    if names := [entry(c, *place) for place in c.wrong[1:LISTED]]:
        more = len(c.wrong) - 1 - len(names)
        said.append(f"Also {', '.join(names)}{f' and {more} more' if more else ''}.")
    if _is_transposed(c, c.yours):
        said.append("Yours is the truth transposed: rows and columns are swapped.")
    return " ".join(said)


def _first(c: Comparison, yours: Array) -> str:
    i, j = c.wrong[0]
    low, high, value, name = c.truth.low[i, j], c.truth.high[i, j], yours[i, j], entry(c, i, j)
    said = number(value) if np.isfinite(value) else f"no finite number but {value}"
    if low == high:
        return f"{name} is {number(low)}, yours is {said}."
    if low <= value <= high:
        return f"At the kink of {name}, where yours is {said}, the slopes of the row do not fit together."
    interval = f"every slope from {number(low)} to {number(high)}"
    return f"{name} has a kink, where {interval} is right; yours is {said}."


def _is_transposed(c: Comparison, yours: Array) -> bool:
    low, tolerance = c.truth.low, c.truth.tolerance
    return yours.shape[0] == yours.shape[1] and bool((np.abs(yours.T - low) <= tolerance).all())


def _count(some: int, all_: int, one: str, more: str) -> str:
    entries = "1 entry" if all_ == 1 else f"{all_} entries"
    return f"{some} of {entries} {one if some == 1 else more}"


def layout_facts(c: Comparison, layout: str) -> Facts:
    """Say what a layout makes of the shape, of a small move, of the chain rule and of the backward pass."""
    y, x = c.names
    m, d = c.truth.low.shape
    if layout == "numerator":
        return [
            ("Rows, columns", f"outputs {y} by inputs {x}: J has the shape ({m}, {d})."),
            ("A small move", f"Δ{y} ≈ J Δ{x}, a column ({d}, 1) to a column ({m}, 1)."),
            ("Chain rule", "J = Jₙ ⋯ J₂ J₁, the function applied last stands first."),
            ("Backward", f"d{x} = d{y} J, a row (1, {m}) times ({m}, {d}) gives a row (1, {d})."),
        ]
    return [
        ("Rows, columns", f"inputs {x} by outputs {y}: Jᵀ has the shape ({d}, {m})."),
        ("A small move", f"Δ{y} ≈ (Jᵀ)ᵀ Δ{x}, a column ({d}, 1) to a column ({m}, 1)."),
        ("Chain rule", "Jᵀ = J₁ᵀ J₂ᵀ ⋯ Jₙᵀ, in the order of application."),
        ("Backward", f"d{x} = Jᵀ d{y}, ({d}, {m}) times a column ({m}, 1) gives a column ({d}, 1)."),
    ]


def cost_facts(c: Comparison) -> Facts:
    """Count what the whole Jacobian costs, and what a vector-Jacobian product does."""
    (y, x), (m, d) = c.names, c.truth.low.shape
    products = int(c.truth.not_zero.sum())
    diagonal = m == d > 1 and not c.truth.not_zero[~np.eye(m, dtype=bool)].any()
    most = f"at most D = {d} multiplications" if diagonal else f"at most {products} multiplications"
    why = f"J is diagonal: not D² = {m * d}" if diagonal else "one for each entry that is not zero"
    passes = count(m, "backward pass", "es")
    return [
        ("Whole J", f"{m} × {d} = {m * d} numbers kept. d{y} J takes {m * d} multiplications."),
        ("VJP", f"{m} + {d} = {m + d} numbers kept, d{y} and d{x}. It takes {most}, {why}."),
        ("To fill J", f"{passes}, one a row, or {2 * d} calls of the function, two a column."),
    ]


def remarks(c: Comparison) -> Iterator[tuple[str, str]]:
    """Say what else a reader must know: arrays that were flattened, entries at kinks."""
    for name, shape in zip(c.names, c.shapes, strict=True):
        if len(shape) > 1:
            yield "Flattened", f"{name}, of shape {shape}, is read row by row, {int(np.prod(shape))} numbers."
    if kinks := int(c.truth.kinks.sum()):
        yield "Kinks", f"{_count(kinks, c.truth.kinks.size, 'has', 'have')} no single slope (hatched)."

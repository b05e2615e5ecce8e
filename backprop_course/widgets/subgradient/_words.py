"""What the subgradient explorer says about one position of its point and line.

The sentences are those of ``subgradient.js``: a test in a browser compares them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backprop_course.numbers import show as number


@dataclass(frozen=True)
class Position:
    """The point, the line, and what is known about the graph there."""

    name: str
    x0: float
    y0: float
    slope: float
    h: float
    interval: tuple[float, float] | None
    tolerance: float
    stretches: list[tuple[float, float]]  # where the line runs above the graph
    tied: list[float]  # slopes of the lines that share the maximum, where f is one
    central: float | None
    yours: float | None
    yours_name: str
    yours_problem: str
    show: list[str]

    def is_subgradient(self, slope: float) -> bool:
        """Whether the line of `slope` supports the graph."""
        return self.interval is not None and self.distance(slope) <= self.tolerance

    def distance(self, slope: float) -> float:
        """How far `slope` lies outside the interval of subgradients."""
        low, high = self.interval or (slope, slope)
        return max(low - slope, slope - high, 0.0)


def verdict(position: Position) -> str:
    """Say whether the line supports the graph, and where it does not."""
    if position.is_subgradient(position.slope):
        return "Supports the graph: the line stays under it everywhere in the picture."
    ranges = " and ".join(f"from {number(a)} to {number(b)}" for a, b in position.stretches)
    where = f"for x {ranges}" if ranges else f"next to x₀ = {number(position.x0)}"
    if position.interval is None:
        return f"No supporting line exists here. This one is above the graph {where}."
    return f"Does not support the graph: the line is above it {where}."


def findings(position: Position) -> Iterator[tuple[str, str, str]]:
    """Give layer, label and sentence of everything else that is shown."""
    if "interval" in position.show:
        yield "interval", "Subgradients at x₀", _interval(position)
        if len(position.tied) > 1:
            slopes = ", ".join(map(number, position.tied))
            yield "interval", "Lines tied at x₀", f"slopes {slopes}"
    if "difference" in position.show:
        label = f"Central difference, h = {number(position.h)}"
        yield "difference", label, _judged(position, position.central, "x₀ ± h leaves the picture")
    if "yours" in position.show and position.yours_name:
        label = "Yours" if position.yours is None else f"Your {position.yours_name}"
        yield "yours", label, _judged(position, position.yours, position.yours_problem)


def _interval(position: Position) -> str:
    if position.interval is None:
        return "none"
    low, high = position.interval
    return f"only {number(low)}" if low == high else f"every slope from {number(low)} to {number(high)}"


def _judged(position: Position, slope: float | None, otherwise: str) -> str:
    if slope is None:
        return otherwise
    if position.interval is None:
        return number(slope)
    if position.is_subgradient(slope):
        return f"{number(slope)}, a subgradient"
    return f"{number(slope)}, off by {number(position.distance(slope))}"

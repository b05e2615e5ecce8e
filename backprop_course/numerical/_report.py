"""What a gradient check found, as data, as text and as HTML."""

import html
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from backprop_course.numbers import show

Index = tuple[int, ...]
Verdict = Literal["right", "wrong", "cannot be told"]
_STATES: dict[Verdict, str] = {"right": "passed", "wrong": "failed", "cannot be told": "cannot tell"}


@dataclass(frozen=True)
class Worst:
    """The entry of a gradient (or the direction) that is furthest from right.

    Attributes
    ----------
    input : str or int
        Name of the input in the forward function's signature, or its position where there is no name.
    index : tuple of int
        Index in that input; () for a 0-d array. For a direction, the entry in it that weighs most.
    analytic : float
        What the backward function gave; for a direction v, ⟨gradient, v⟩.
    low, high : float
        What is right: one slope where the function is smooth, an interval at a kink.
    verdict : str
        What this means, in words.
    along : tuple of (input, index, weight)
        The direction, where single entries are right but not together (as at a tied maximum); else empty.
    """

    input: str | int
    index: Index
    analytic: float
    low: float
    high: float
    verdict: str
    along: tuple[tuple[str | int, Index, float], ...] = ()

    def __str__(self) -> str:
        where = entry_name(self.input, self.index)
        if self.along:
            terms = [
                f"{'+' * (weight > 0)}{show(weight, digits=3)}·{entry_name(name, index)}"
                for name, index, weight in self.along[:4]
            ]
            where = "along " + " ".join(terms) + (" …" if len(self.along) > 4 else "")
        given, low, high = (show(value, digits=10) for value in (self.analytic, self.low, self.high))
        expected = f"[{low}, {high}]" if self.low < self.high else low
        return f"{where}: backward gives {given}, expected {expected}; {self.verdict}"


@dataclass(frozen=True, eq=False)
class Measured:
    """Gradient for one input beside the slopes that were measured.

    Attributes
    ----------
    position, input : int, int or str
        Where the input is among the arguments of the forward function, and its name there, as in `Worst`.
    gradient, low, high : ndarray
        What the backward function gave, and the bounds of the slope of each entry: equal where smooth.
    certain : ndarray of bool
        Which entries agree for certain. In a failing check, others may not have been examined closely.
    """

    position: int
    input: str | int
    gradient: npt.NDArray[Any]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    certain: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class GradientReport:
    """Result of `gradcheck`; true where the check passed.

    Attributes
    ----------
    passed : bool
        Whether every entry of every gradient is right.
    verdict : str
        ``"right"``, ``"wrong"`` or ``"cannot be told"``. The last where no gradient is right or wrong (a
        jump, an infinite slope) or where round-off leaves nothing to compare with; `problem` then says
        where, and `passed` is False, as nothing was confirmed. Choose another point.
    worst : Worst or None
        The entry furthest from right, which may be right; None where `problem` says why there is none.
    problem : str or None
        Which part of the contract the backward (or forward) function breaks: what was got, what was expected.
        Or why the answer cannot be judged here.
    entries, kinks : int
        How many entries were compared, and at how many of them the function has a kink.
    measured : tuple of Measured
        Every entry, by input; empty where `problem` says why.
    dy : ndarray or None
        The upstream gradient of it all.
    told : bool
        False where the verdict is that it cannot be told.
    """

    passed: bool
    worst: Worst | None = None
    problem: str | None = None
    entries: int = 0
    kinks: int = 0
    measured: tuple[Measured, ...] = field(default=(), repr=False)
    dy: npt.NDArray[np.float64] | None = field(default=None, repr=False, compare=False)
    told: bool = field(default=True, repr=False)

    @property
    def verdict(self) -> Verdict:
        """Right, wrong, or neither."""
        if not self.told:
            return "cannot be told"
        return "right" if self.passed else "wrong"

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return f"gradcheck {_STATES[self.verdict]}: {self._finding()}"

    def _repr_html_(self) -> str:
        """Show the report in a notebook."""
        state = _STATES[self.verdict]
        rows = "".join(
            f"<tr><th>{name}</th><td>{html.escape(value)}</td></tr>" for name, value in self._rows()
        )
        return (
            f"<div><p><b>gradcheck {state}</b>: {html.escape(self._finding())}</p><table>{rows}</table></div>"
        )

    def _finding(self) -> str:
        if self.problem is not None:
            return self.problem
        if not self.passed:
            return str(self.worst)
        kinks = f", {self.kinks} at a kink, where any subgradient is right" if self.kinks else ""
        agree = "entry agrees" if self.entries == 1 else "entries agree"
        return f"{self.entries:,} {agree} with the slopes{kinks}."

    def _rows(self) -> list[tuple[str, str]]:
        if self.worst is None:
            return []
        w = self.worst
        numbers = {"backward": w.analytic, "lowest right": w.low, "highest right": w.high}
        return [
            ("worst entry", entry_name(w.input, w.index)),
            *((name, show(number, digits=10)) for name, number in numbers.items()),
            ("verdict", w.verdict),
        ]


def entry_name(name: str | int, index: Index) -> str:
    """Write an entry as Python does: ``W[2, 3]``, or ``input 0[2]`` for an input without a name."""
    base = f"input {name}" if isinstance(name, int) else name
    return f"{base}[{', '.join(map(str, index))}]" if index else base

"""What `evaluate` returns: the verdict, the cases and the named mistakes, as data."""

from dataclasses import dataclass, field
from typing import Any

from backprop_course.checking._trial import Leaf


@dataclass(frozen=True)
class Entry:
    """One entry of a returned array.

    Attributes
    ----------
    output : str
        Name of the returned value.
    index : tuple of int
        Where the entry is in it.
    got, expected : float
        The student's value and a right one.
    """

    output: str
    index: tuple[int, ...]
    got: float
    expected: float


@dataclass(frozen=True)
class CaseResult:
    """One case and its verdict.

    Attributes
    ----------
    why : str
        What the case is there for.
    shapes : dict
        Shape of every array among the inputs, by parameter.
    passed : bool
        Verdict.
    worst : Entry or None
        The entry that is furthest off, measured in units of what round-off allows.
    inputs, outputs : dict
        The arguments and the student's answer, for showing.
    note : str
        What the function itself does at the worst entry when that input moves, in numbers.
    leaves : tuple of Leaf
        Every returned array beside a right one.
    comparable : bool
        Whether the answer has these arrays. Where not, nan stands in for the student's.
    """

    why: str
    shapes: dict[str, tuple[int, ...]]
    passed: bool
    worst: Entry | None = None
    inputs: dict[str, Any] = field(default_factory=dict, repr=False)
    outputs: dict[str, Any] = field(default_factory=dict, repr=False)
    note: str = ""
    leaves: tuple[Leaf, ...] = field(default=(), repr=False)
    comparable: bool = True


@dataclass(frozen=True)
class Mistake:
    """One named mistake.

    Attributes
    ----------
    slug : str
        Its name, from `checking.CATALOGUE`.
    message : str
        What was seen.
    hint : str
        What that usually means and where to look.
    case : CaseResult or None
        The smallest case that shows it.
    """

    slug: str
    message: str
    hint: str
    case: CaseResult | None = None


@dataclass(frozen=True)
class Report:
    """Everything the checker found out about one function.

    Attributes
    ----------
    exercise : str
        Name of the exercise.
    points : int
        What a right answer is worth.
    mistakes : tuple of Mistake
        The most telling first; empty when passed.
    cases : tuple of CaseResult
        In the order tried. When a function does not answer at all, only the cases tried until then.
    hints : tuple of str
        The exercise's own hints, the second more direct.
    """

    exercise: str
    points: int
    mistakes: tuple[Mistake, ...]
    cases: tuple[CaseResult, ...]
    hints: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every case is right."""
        return not self.mistakes

    def __str__(self) -> str:
        """Return the report as text."""
        from backprop_course.checking.show import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from backprop_course.checking.show import as_html

        return as_html(self)

"""One case as a report shows it."""

from dataclasses import dataclass, field

from backprop_course.arrays import Nested
from backprop_course.checking._leaves import Leaf


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
    call : str
        Lines to copy that call the function with these arguments; empty where an entry can be shown, and
        for long arguments of a case that students do not see.
    """

    why: str
    shapes: dict[str, tuple[int, ...]]
    passed: bool
    worst: Entry | None = None
    inputs: dict[str, Nested] = field(default_factory=dict, repr=False)
    outputs: dict[str, Nested] = field(default_factory=dict, repr=False)
    note: str = ""
    leaves: tuple[Leaf, ...] = field(default=(), repr=False)
    comparable: bool = True
    call: str = ""

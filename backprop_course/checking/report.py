"""What `evaluate` returns: the verdict, the cases and the named mistakes."""

from dataclasses import dataclass

from backprop_course.checking import show
from backprop_course.checking._records import CaseResult
from backprop_course.exercises import Mistake
from backprop_course.numbers import count


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

    @property
    def unwritten(self) -> bool:
        """Whether there is no answer yet, so that nothing in it can be wrong."""
        return [mistake.slug for mistake in self.mistakes] == ["not-implemented"]

    @property
    def verdict(self) -> bool | None:
        """Whether every case is right, or None while there is no answer yet."""
        return None if self.unwritten else self.passed

    @property
    def headline(self) -> str:
        """The verdict in one line."""
        if self.unwritten:
            return f"{self.exercise}: still to be written."
        right, tried = sum(c.passed for c in self.cases), len(self.cases)
        if self.passed:
            return f"{self.exercise}: right. {right} of {tried} cases, {count(self.points, 'point')}."
        if right == tried:  # and something else is wrong: a second call, say, gives another answer
            return f"{self.exercise}: not yet, though {right} of {tried} cases come out right."
        return f"{self.exercise}: not yet. {right} of {tried} cases right."

    def text(self, *, numbers: bool = True) -> str:
        """The report for a terminal or a grader's feedback.

        Parameters
        ----------
        numbers : bool
            Whether the inputs and the answer of the telling case are shown; a hidden case keeps them to
            itself, and the exercise's hints stand in their place.
        """
        return show.text(self.headline, self.mistakes, self.hints, numbers=numbers)

    def html(self, *, numbers: bool = True) -> str:
        """The report for a notebook, with the exercise's hints folded away; parameters as in `text`."""
        sign = "✓" if self.passed else "○" if self.unwritten else "✗"
        return show.html(sign, self.headline, self.mistakes, self.hints, numbers=numbers)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()

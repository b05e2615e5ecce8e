"""A submission on its way through the grader, and what its cells have earned."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from nbformat import NotebookNode

from backprop_course.checking import Report
from backprop_course.grading._kernel import KernelLost
from backprop_course.grading._limits import Limits
from backprop_course.grading._markup import Budget
from backprop_course.grading._read import Beside
from backprop_course.grading._source import Source, mark

OTHER_WORDS = {
    "timed-out": "Took too long",
    "kernel-died": "Ended its kernel",
    "out-of-memory": "Took too much memory",
    "output-flood": "Showed too much",
    "tampering": "Wrote to the judge",
    "not-run": "Was not run",
    "judge-error": "Could not be judged",
}


@dataclass
class Verdict:
    """What one graded cell earned, and the outputs that say so."""

    score: float
    outputs: list[NotebookNode]
    reports: list[Report] = field(default_factory=list)
    reason: str = ""
    message: str = ""


@dataclass
class Submission:
    """A submission on its way: the notebook, what it is compared with, and what became of it until now."""

    notebook: NotebookNode
    source: Source
    limits: Limits
    seed: Callable[[str], int]
    beside: Beside = field(default_factory=lambda: Beside({}, []))
    figures: bool = False  # whether cells are run on which no mark depends
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    lost: dict[int, KernelLost] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    starved: bool = False  # time was up, and the processor had hardly worked for it
    unready: str = ""  # why the cell failed that everything begins with
    unwritten: str = ""  # what of the files found no room, and why
    until: float = 0.0

    @cached_property
    def needless(self) -> set[int]:
        """Places of the instructor's own cells that come after all others: no mark depends on them."""
        found: set[int] = set()
        for place, cell in reversed([*enumerate(self.notebook.cells)] if not self.figures else []):
            if cell.cell_type == "code":
                if mark(cell) or cell.source not in self.source.pages:
                    break
                found.add(place)
        return found

"""One submission as a message: all that a worker needs to run and judge it, here or on another machine."""

import time
from dataclasses import dataclass, field

import nbformat

from backprop_course.grading import _worker
from backprop_course.grading._converter import made_whole
from backprop_course.grading._grade import KEY
from backprop_course.grading._limits import Limits
from backprop_course.grading._read import Beside
from backprop_course.grading._source import parsed


@dataclass(frozen=True)
class Task:
    """A notebook to be graded.

    Attributes
    ----------
    student, notebook : str
        Whose, and its name.
    content : bytes or str
        Of the submitted file; a text says why there is none.
    source : str
        Text of the instructor's notebook.
    seeds : dict
        Of the hidden cases, by exercise. Those that draw them stay with the coordinator.
    digest : str
        Of everything that the marks depend on.
    """

    student: str
    notebook: str
    content: bytes | str
    source: str
    seeds: dict[str, int]
    run: int
    digest: str
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "auto"
    figures: bool = False
    beside: Beside = field(default_factory=lambda: Beside({}, []))


@dataclass(frozen=True)
class Done:
    """A graded notebook: its text, how long that took, and whether it had to wait for the processor."""

    text: str
    seconds: float
    starved: bool = False


def execute(task: Task) -> Done:
    """Make a submission whole, run it in this process's sandbox, and judge it."""
    started = time.monotonic()
    source = parsed(task.source)
    notebook = made_whole(task.content, source)
    notebook.metadata[KEY] |= {"run": task.run, "digest": task.digest}
    starved = _worker.run(
        notebook,
        source,
        task.seeds.__getitem__,
        task.limits,
        sandbox=task.sandbox,
        figures=task.figures,
        beside=task.beside,
    )
    return Done(nbformat.writes(notebook), time.monotonic() - started, starved)

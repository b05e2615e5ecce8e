"""One process's sandboxes, kept warm between submissions, and a submission's way through one of them."""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from backprop_course.grading import _view
from backprop_course.grading._grade import grade
from backprop_course.grading._kernel import Kernel
from backprop_course.grading._limits import Limits, at_most
from backprop_course.grading._read import Beside
from backprop_course.grading._sandbox import Sandbox
from backprop_course.grading._source import Source
from backprop_course.grading._submission import Submission

_warm: dict[tuple[int, str, str, Limits, bool], tuple[Sandbox, Path]] = {}


def run(
    notebook: NotebookNode,
    source: Source,
    seed: Callable[[str], int],
    limits: Limits,
    *,
    sandbox: str = "auto",
    figures: bool = False,
    beside: Beside | None = None,
) -> bool:
    """Run a restored notebook in this process's sandbox for that source, and judge it.

    Outputs and findings are written into `notebook`. With `figures`, figures are drawn, and cells run after
    the last of those on which marks depend; ``seed(name)`` is that of an exercise's hidden cases.

    Returns
    -------
    bool
        Whether time was up while the processor hardly worked for it, which others may have caused.

    Raises
    ------
    SandboxError
        When there can be no sandbox here.
    TimeoutError
        When all of it takes longer than any submission that its limits let through.
    """
    warm = _sandbox(source, sandbox, limits, figures)
    submission = Submission(notebook, source, limits, seed, beside or Beside({}, []), figures)
    try:
        with at_most(limits.whole, "grading it"):
            grade(submission, lambda: Kernel(warm, limits))
    except TimeoutError:
        warm.close()  # it may be in the middle of an answer
        raise
    return submission.starved


def _sandbox(source: Source, kind: str, limits: Limits, figures: bool) -> Sandbox:
    key = (os.getpid(), source.text, kind, limits, figures)  # a forked worker does not share its parent's
    if key not in _warm:
        _leave_nothing_when_told_to_end()
        folder = Path(tempfile.mkdtemp(prefix="student-view-"))
        _view.build(folder, source.pages, source.exercises)
        _warm[key] = Sandbox(folder, kind, limits, figures=figures), folder
    return _warm[key][0]


def _leave_nothing_when_told_to_end() -> None:
    """Have SIGTERM end this process as `exit` does, unless it is answered in another way already."""
    mine = threading.current_thread() is threading.main_thread()
    if mine and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def close() -> None:
    """End this process's sandboxes and remove their folders."""
    for key in [key for key in _warm if key[0] == os.getpid()]:
        sandbox, folder = _warm.pop(key)
        sandbox.remove()
        shutil.rmtree(folder, ignore_errors=True)


atexit.register(close)

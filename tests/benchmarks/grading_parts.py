"""Where the time of one submission goes: ``python -m tests.benchmarks.grading_parts [SUBMISSIONS]``.

Submissions are graded one after another in this process, by what ``backprop-course grade`` calls, and each
part is timed from outside. The floor is the time that the same cells take in a warm interpreter: a
fork of a process with IPython's shell, no sandbox, no messages, no judge. Medians, in milliseconds.
"""

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import psutil

from backprop_course.grading import _converter, _grade, _judged, _pool, _task, _worker, many
from backprop_course.grading._kernel import Kernel
from backprop_course.grading._sandbox import Sandbox
from backprop_course.grading._source import is_test, parsed, runs_too
from backprop_course.grading._submission import Submission
from tests.benchmarks.grading_speed import ASSIGNMENT, OURS, make_class

# What is timed: a function, by where it is looked up. Whatever runs inside of another part is counted there.
PARTS: dict[str, list[tuple[Any, str]]] = {
    "start of the sandbox, with its imports (once a worker)": [(Sandbox, "_start")],
    "reading the file and making it whole": [(_task, "made_whole")],
    "kernel: a fork with namespaces of its own": [(Kernel, "__init__"), (Kernel, "close")],
    "cells: they run": [(Kernel, "run")],
    "cells: their outputs are cleaned": [(_grade, "outputs_from")],
    "judging: the student's functions answer": [(Kernel, "ask")],
    "judging: answers are compared and mistakes named": [(_judged, "judge")],
    "writing the notebook's text": [(nbformat, "writes")],
    "gradebook and the graded file": [(many, "_record")],
}


class Clock:
    """Sums up the seconds of each part; those of a part within another are the inner one's."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def times(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function, timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            self._within.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                took, inner = time.perf_counter() - started, self._within.pop()
                self.spent[part] += took - inner
                if self._within:
                    self._within[-1] += took

        return timed


@contextlib.contextmanager
def timed(clock: Clock) -> Iterator[None]:
    """Have a clock run in all parts."""
    with contextlib.ExitStack() as stack:
        for part, functions in PARTS.items():
            for owner, name in functions:
                function = clock.times(part, getattr(owner, name))
                stack.enter_context(mock.patch.object(owner, name, function))
        yield


def floor(task: _task.Task) -> float:
    """Run the cells that grading runs, in a fork of this process, and give the seconds."""
    from backprop_course.grading.inside.shell import Stream, make_shell, outputs

    source = parsed(task.source)
    notebook = _converter.made_whole(task.content, source)
    needless = Submission(notebook, source, task.limits, lambda name: 0).needless
    cells = [c for i, c in enumerate(notebook.cells) if c.cell_type == "code" and i not in needless]
    sources = [cell.source for cell in cells if not is_test(cell) or runs_too(cell.source)]
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            outputs.owner, sys.stdout, sys.stderr = os.getpid(), Stream("stdout"), Stream("stderr")
            shell = make_shell(False)
            for warm in ("import matplotlib.pyplot", "import backprop_course.notebook"):
                shell.run_cell(warm)  # type: ignore[no-untyped-call]
            started = time.perf_counter()
            for text in sources:
                shell.run_cell(text, store_history=True)  # type: ignore[no-untyped-call]
            os.write(writer, str(time.perf_counter() - started).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        seconds = float(said.read())
    os.waitpid(child, 0)
    return seconds


def grade(
    course: Path, submissions: int
) -> tuple[list[defaultdict[str, float]], list[float], list[_task.Task]]:
    """Grade a class in this process; the seconds of each part and of all, by submission."""
    room = many.open_class(course, ASSIGNMENT)
    todo, _ = many.pending(room)
    spent, whole, clock, tasks = [], [], Clock(), []

    def one_by_one(waiting: Any, *_: Any) -> Iterator[_pool.Outcome]:
        for task in waiting:
            tasks.append(task)
            yield task, _task.execute(task)

    with timed(clock), mock.patch.object(_pool, "results", one_by_one):
        graded = many.grade(room, todo, 1)
        while True:
            clock.spent, started = defaultdict(float), time.perf_counter()
            if next(graded, None) is None:
                break
            spent.append(clock.spent)
            whole.append(time.perf_counter() - started)
    many.finish(room)
    return spent, whole, tasks


def main(submissions: int = 12) -> None:
    with tempfile.TemporaryDirectory() as place:
        course, home = make_class(Path(place, "course"), OURS, submissions), Path.cwd()
        spent, whole, tasks = grade(course, submissions)
        os.chdir(home)
        _worker.close()
        floors = [floor(task) for task in tasks]
    print(f"milliseconds a submission of {ASSIGNMENT}, medians of {submissions // 2} each, one at a time")
    print(f"{'':55} {'solved':>8} {'wrong':>8}")
    middle = partial(_middle, kinds=(slice(2, None, 2), slice(1, None, 2)))
    start = next(iter(PARTS))
    print(f"{start:55} {spent[0][start] * 1000:8.0f}")
    for part in [part for part in PARTS if part != start]:
        print(f"{part:55} " + middle([found[part] for found in spent]))
    print(
        f"{'everything else':55} " + middle([a - sum(s.values()) for a, s in zip(whole, spent, strict=True)])
    )
    print(f"{'all of it':55} " + middle(whole))
    print(f"{'the floor: the same cells in a warm interpreter':55} " + middle(floors))
    print(f"{psutil.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end")


def _middle(seconds: list[float], kinds: tuple[slice, slice]) -> str:
    """Write the medians of the solved and of the wrong ones; the first of all pays for the start."""
    return " ".join(f"{statistics.median(seconds[kind]) * 1000:8.0f}" for kind in kinds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""How fast a class is graded: ``python -m tests.benchmarks.grading_speed [SUBMISSIONS]``.

The yardstick is nbgrader's own ``autograde`` with its own settings, on the same assignment and machine, in
the same run. It works in one process; so it is measured once as it comes, and once as two commands at the
same time, each with half of a class, as somebody would who wants both processors busy. Every second
submission is wrong in a third of its answers, each in a way of its own. The marks must be the same. Seconds
are those of the whole command, with its start.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from tests.benchmarks._measure import reach

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "04-activations"
SCRIPTS = Path(sysconfig.get_path("scripts"))
OURS = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""


def make_class(folder: Path, config: str, submissions: int, first: int = 0) -> Path:
    """Make a class with that many submissions of one assignment; equal numbers hand in the same."""
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, folder / "solutions" / ASSIGNMENT)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run(folder, "nbgrader", "generate_assignment", ASSIGNMENT)
    (file,) = (folder / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    right = _solved(file, folder / "solutions" / ASSIGNMENT / file.name)
    for number in range(first, first + submissions):
        place = folder / "submitted" / f"student-{number:04d}" / ASSIGNMENT
        place.mkdir(parents=True)
        nbformat.write(_spoilt(right, number) if number % 2 else right, place / file.name)
    return folder


def _solved(release: Path, solution: Path) -> Any:
    notebook, solved = (nbformat.read(path, as_version=4) for path in (release, solution))
    answers = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if _is_answer(c)}
    for cell in filter(_is_answer, notebook.cells):
        cell.source = answers[cell.metadata.nbgrader.grade_id]
    return notebook


def _spoilt(right: Any, number: int) -> Any:
    notebook = nbformat.from_dict(json.loads(json.dumps(right)))
    for place, cell in enumerate(filter(_is_answer, notebook.cells)):
        if place % 3 == 0:
            name = cell.metadata.nbgrader.grade_id
            cell.source = f"def {name}(*arguments):\n    return {2 + number / 10} * arguments[0]"
    return notebook


def _is_answer(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def run(folder: Path, *command: str) -> float:
    """Run a command in a class and return its seconds."""
    environment = os.environ | {"PATH": os.pathsep.join([str(SCRIPTS), os.environ["PATH"]])}
    started = time.perf_counter()
    done = subprocess.run(
        [SCRIPTS / command[0], *command[1:]], cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started


def marks(folder: Path) -> list[float]:
    """Read everybody's score from the gradebook, by name."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        return [
            s.score for s in sorted(gradebook.assignment_submissions(ASSIGNMENT), key=lambda s: s.student.id)
        ]


def stock(*classes: Path) -> float:
    """Grade classes with nbgrader alone, all at the same time, and return the seconds."""
    started = time.perf_counter()
    with ThreadPoolExecutor(len(classes)) as threads:
        list(threads.map(lambda folder: run(folder, "nbgrader", "autograde", ASSIGNMENT), classes))
    return time.perf_counter() - started


def main(submissions: int = 100) -> None:
    half = min(3, submissions // 2)
    with tempfile.TemporaryDirectory() as place:
        whole = make_class(Path(place, "whole"), STOCK, 2 * half)
        halves = [make_class(Path(place, f"half-{n}"), STOCK, half, n * half) for n in (0, 1)]
        ours = [make_class(Path(place, f"ours-{jobs}"), OURS, submissions) for jobs in (1, 2)]
        stocks = [2 * half / stock(*classes) * 60 for classes in ([whole], halves)]
        rates = [submissions / _grade(folder, jobs) * 60 for jobs, folder in enumerate(ours, 1)]
        if not (marks(whole) == marks(halves[0]) + marks(halves[1]) == marks(ours[0])[: 2 * half]):
            raise SystemExit(f"the marks differ: {marks(whole)} and {marks(ours[0])[: 2 * half]}")
        if marks(ours[0]) != marks(ours[1]):
            raise SystemExit(f"the marks differ between 1 job and 2: {marks(ours[0])} and {marks(ours[1])}")
    print(f"{ASSIGNMENT}, solved, every second one wrong in a third of the answers; the same marks")
    print("                                   submissions a minute")
    names = ("nbgrader autograde", "two of them, each half of a class")
    for name, rate in zip((*names, "grade --jobs 1", "grade --jobs 2"), (*stocks, *rates), strict=True):
        print(f"{name:34} {rate:20.1f}")
    print(f"({2 * half} submissions with nbgrader, {submissions} with ours)")
    one, two = (ours / peer for ours, peer in zip(rates, stocks, strict=True))
    found = f"{rates[1] / stocks[0]:.1f}× as many a minute (one process each: {one:.1f}×; two: {two:.1f}×)"
    why = "Starting the command counts more, the fewer submissions there are"
    reach("grading beside `nbgrader autograde`", found, "≥ 10×", rates[1] / stocks[0] >= 10, why)


def _grade(folder: Path, jobs: int) -> float:
    return run(folder, "backprop-course", "grade", ASSIGNMENT, "--jobs", str(jobs))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""How fast a class is graded: ``python -m tests.benchmarks.grading_speed [SUBMISSIONS [JOBS]]``.

The yardstick is nbgrader's own ``autograde`` with its own settings, on the same assignment and machine, in
the same run. Every second submission is wrong in some answers. The marks must be the same.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "04-activations"
SCRIPTS = Path(sysconfig.get_path("scripts"))
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""


def make_class(folder: Path, config: str, submissions: int) -> None:
    """Make a class with that many submissions of one assignment."""
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, folder / "solutions" / ASSIGNMENT)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run(folder, "nbgrader", "generate_assignment", ASSIGNMENT)
    (file,) = (folder / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    right = _solved(file, folder / "solutions" / ASSIGNMENT / file.name)
    for number in range(submissions):
        place = folder / "submitted" / f"student-{number:04d}" / ASSIGNMENT
        place.mkdir(parents=True)
        nbformat.write(_spoilt(right) if number % 2 else right, place / file.name)


def _solved(release: Path, solution: Path) -> Any:
    notebook, solved = (nbformat.read(path, as_version=4) for path in (release, solution))
    answers = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if _is_answer(c)}
    for cell in filter(_is_answer, notebook.cells):
        cell.source = answers[cell.metadata.nbgrader.grade_id]
    return notebook


def _spoilt(right: Any) -> Any:
    notebook = nbformat.from_dict(json.loads(json.dumps(right)))
    for number, cell in enumerate(filter(_is_answer, notebook.cells)):
        if number % 3 == 0:
            name = cell.metadata.nbgrader.grade_id
            cell.source = f"def {name}(*arguments):\n    return 2 * arguments[0]"
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
    """Read everybody's score from the gradebook."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        return [
            s.score for s in sorted(gradebook.assignment_submissions(ASSIGNMENT), key=lambda s: s.student.id)
        ]


def main(submissions: int = 40, jobs: int = 2) -> None:
    few = min(6, submissions)
    ours_config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        stock, ours = Path(place, "stock"), Path(place, "ours")
        make_class(stock, STOCK, few)
        make_class(ours, ours_config, submissions)
        theirs = few / run(stock, "nbgrader", "autograde", ASSIGNMENT) * 60
        seconds = run(ours, "backprop-course", "grade", ASSIGNMENT, "--jobs", str(jobs))
        rate = submissions / seconds * 60
        if marks(stock) != marks(ours)[:few]:
            raise SystemExit(f"the marks differ: {marks(stock)} and {marks(ours)[:few]}")
        print(f"{ASSIGNMENT}, solved, every second one wrong in a third of the answers; the same marks")
        print(f"nbgrader autograde:    {theirs:6.1f} submissions a minute ({few} of them)")
        print(f"backprop-course grade: {rate:6.1f} submissions a minute ({submissions} of them, {jobs} jobs)")
        print(f"ratio:                 {rate / theirs:6.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""What students get: the released notebooks, and a wheel that holds them and no solutions."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from backprop_course.grading.config import OWN_EXERCISES
from backprop_course.grading.course import CourseError, choose, fresh_folder, load_config

OWN_MODULE = "_class_exercises"
ENTRY_POINT = f"""
[project.entry-points."backprop_course.exercises"]
class = "backprop_course.{OWN_MODULE}:EXERCISES"
"""
START = """Backpropagation, by writing it

You need Python 3.11 or newer. In this folder, run these two lines. On another day the second is enough.

    python3 -m venv .venv && .venv/bin/pip install '{wheel}[student]'
    .venv/bin/backprop-course start

On Windows, in PowerShell:

    py -m venv .venv; .venv\\Scripts\\pip install '{wheel}[student]'
    .venv\\Scripts\\backprop-course start

The notebooks are in the wheel: the command lays them into the folder backprop-course and opens them.
The folder notebooks holds the same files, for those who have JupyterLab and the course already.
"""


def hand_out(course: Path, folder: Path, tree: Path, assignments: Sequence[str] = ()) -> tuple[str, ...]:
    """Make a folder to give to students: notebooks, a wheel, and how to start.

    Parameters
    ----------
    course : Path
        The class's folder; its releases are handed out.
    folder : Path
        Where to make it; nothing may be there but an empty folder.
    tree : Path
        The course's source tree, from which the wheel is built.
    assignments : sequence of str
        The assignments to hand out; all that are released where empty.

    Returns
    -------
    tuple of str
        The assignments, in the order of the course.

    Raises
    ------
    CourseError
        When something is in the place, an assignment is not released, or the wheel cannot be built.
    """
    releases = course / load_config(course).CourseDirectory.release_directory
    chosen = choose(
        [path.name for path in sorted(releases.glob("*/")) if any(path.glob("*.ipynb"))], assignments
    )
    if not chosen:
        raise CourseError(
            f"nothing is released in {releases}. Release one: nbgrader generate_assignment NAME"
        )
    with fresh_folder(folder) as made:
        for assignment in chosen:
            _copy(releases / assignment, made / "notebooks" / assignment)
        wheel = _build_wheel(tree, made, course / OWN_EXERCISES, course.resolve().name)
        (made / "START.txt").write_text(START.format(wheel=wheel), encoding="utf-8")
    return chosen


def _build_wheel(tree: Path, made: Path, own_exercises: Path, class_name: str) -> str:
    """Build the package with these notebooks, and the class's own exercises, in place of the course's."""
    copy = made / "wheel"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy.mkdir(exist_ok=True)
        shutil.copyfile(tree / name, copy / name)
    _copy(tree / "backprop_course", copy / "backprop_course")
    _copy(made / "notebooks", copy / "notebooks")
    project = _with_class_version((copy / "pyproject.toml").read_text(encoding="utf-8"), class_name)
    if own_exercises.is_file():
        shutil.copyfile(own_exercises, copy / "backprop_course" / f"{OWN_MODULE}.py")
        project += ENTRY_POINT
    (copy / "pyproject.toml").write_text(project, encoding="utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(made.resolve())]
    built = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    if built.returncode:
        raise CourseError(f"the wheel could not be built:\n{built.stdout}{built.stderr}")
    shutil.rmtree(copy)
    (wheel,) = made.glob("*.whl")
    return wheel.name


def _with_class_version(project: str, class_name: str) -> str:
    """Let each wheel have a version of its own, so that pip replaces an earlier one by a correction."""
    label = re.sub("[^a-z0-9]+", ".", class_name.lower()).strip(".") or "class"
    local = f"{label}.{datetime.now(UTC):%Y%m%d.%H%M%S}"
    return re.sub(r'(?m)^version = "([^"+]+)"', rf'version = "\1+{local}"', project, count=1)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.pyc"))

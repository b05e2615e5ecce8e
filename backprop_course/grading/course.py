"""A course's folder as its configuration describes it: where its sources are, and making its releases."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG_FILE = "nbgrader_config.py"
REASON = re.compile(r"^\s*(?:\w+\.)*\w*Error: (.+)$", re.MULTILINE)  # where a traceback ends


class CourseError(Exception):
    """What was asked of a course's folder cannot be done; the message says why, and what to do."""


def load_config(course: Path) -> Config:
    """Read the configuration of a course's folder, as nbgrader's commands do.

    Raises
    ------
    CourseError
        When there is none.
    """
    if not (course / CONFIG_FILE).is_file():
        raise CourseError(
            f"no {CONFIG_FILE} in {course.resolve()}; expected a class's folder."
            " Make one: backprop-course new-class DIR, or name yours: --course DIR"
        )
    config: Config = PyFileConfigLoader(CONFIG_FILE, path=str(course.resolve())).load_config()
    return config


def source_folders(course: Path) -> dict[str, Path]:
    """Give the folder of each assignment's solution notebooks, in the order of the course."""
    sources = course / load_config(course).CourseDirectory.source_directory
    return {path.name: path for path in sorted(sources.glob("*/")) if any(path.glob("*.ipynb"))}


def choose(known: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Choose assignments by name, all where none is wanted.

    Raises
    ------
    CourseError
        When a name is not known; the message lists those that are.
    """
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise CourseError(f"no assignment {', '.join(unknown)}; expected some of {', '.join(known)}")
    return tuple(name for name in known if not wanted or name in wanted)


def make_releases(course: Path, assignments: Sequence[str], progress: Callable[[str], None]) -> None:
    """Make the students' versions of assignments, and enter the assignments into the gradebook.

    Raises
    ------
    CourseError
        When nbgrader cannot make one; the message quotes what it says.
    """
    came_from = Path.cwd()
    api = NbGraderAPI(config=load_config(course))
    try:
        for assignment in assignments:
            done = api.generate_assignment(assignment)
            if not done["success"]:
                said = f"{done.get('log', '')}\n{done.get('error', '')}"
                reasons = REASON.findall(said)  # what follows in the log is that there was one
                raise CourseError(
                    f"nbgrader could not release {assignment}: {reasons[0] if reasons else said}"
                )
            progress(assignment)
    finally:
        os.chdir(came_from)  # a conversion that fails leaves the process elsewhere


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, which appears as ``folder`` once all is there; if something fails, nothing does.

    Raises
    ------
    CourseError
        When ``folder`` is there and is not an empty folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is there already, and nothing in it is touched. Name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as unfinished:
        made = Path(unfinished, folder.name)
        made.mkdir()
        yield made
        made.rename(folder)


def source_tree(clone: Path | None = None) -> Path:
    """Find the course's source tree: a clone that is named, or the one that the package lies in.

    Raises
    ------
    CourseError
        When there is none, as in a student's installation: a wheel holds no solutions.
    """
    tree = clone or Path(str(resources.files("backprop_course"))).parent
    if not any(tree.glob("solutions/*/*.ipynb")):
        raise CourseError(
            f"no solution notebooks in {tree / 'solutions'}; a wheel has none, so that students may have it."
            " Get a clone of the repository, or unpack its source archive, and name it: --clone FOLDER"
        )
    return tree

"""A new class: a folder with nbgrader's layout, ready for its commands, its formgrader and ours."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG = '''"""How nbgrader runs this class. Its commands read this when they are called from this folder."""

from pathlib import Path

from backprop_course.grading.config import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)

# What is below is yours. Any setting of nbgrader's may stand here.
c.CourseDirectory.course_id = {course_id}
{db_url}'''
OWN_DATABASE = "c.CourseDirectory.db_url = {}\n"
ITS_FILE = (
    '# c.CourseDirectory.db_url = "postgresql+psycopg://user@host/database"  # else gradebook.db, here\n'
)


class CannotMakeClass(Exception):
    """The class was not made; the message says what was got, what was expected and what to do."""


def new_class(
    folder: Path,
    solutions: Path,
    assignments: Sequence[str] = (),
    db_url: str | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[str, ...]:
    """Make a class's folder: configuration, sources, releases, and a gradebook that knows the assignments.

    The folder appears when all of it is there: whatever goes wrong before leaves nothing behind.

    Parameters
    ----------
    folder : Path
        Where to make it; nothing may be there but an empty folder.
    solutions : Path
        Folder with a folder of solution notebooks for each assignment.
    assignments : sequence of str
        The assignments that the class takes; all where empty.
    db_url : str, optional
        The gradebook's database, as SQLAlchemy spells it; a file in the folder where left out.
    progress : callable
        Told a line for each assignment that is ready.

    Returns
    -------
    tuple of str
        The assignments, in the order of the course.

    Raises
    ------
    CannotMakeClass
        When something is in the place, an assignment is not known, or nbgrader cannot release one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotMakeClass(f"{folder} is there already, and nothing in it is touched. Name a new folder.")
    chosen = _chosen(solutions, assignments)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as unfinished:
        made = Path(unfinished, folder.name)
        made.mkdir()
        _write_config(made, folder.name, db_url)
        for assignment in chosen:
            _copy_notebooks(solutions / assignment, made / "source" / assignment)
        release(made, chosen, progress)
        made.rename(folder)
    return chosen


def release(course: Path, assignments: Sequence[str], progress: Callable[[str], None]) -> None:
    """Make the students' versions of a class's assignments, and enter the assignments into its gradebook."""
    api = NbGraderAPI(config=load_config(course))
    for assignment in assignments:
        done = api.generate_assignment(assignment)
        if not done["success"]:
            said = done.get("error") or done.get("log", "")
            raise CannotMakeClass(f"nbgrader could not release {assignment}:\n{said}")
        progress(assignment)


def load_config(course: Path) -> Config:
    """Read the configuration of a class's folder, as nbgrader's commands do."""
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    return config


def find_solutions(clone: Path | None = None) -> Path:
    """Find the solution notebooks: in a clone that is named, or beside the package in a source tree.

    Raises
    ------
    CannotMakeClass
        When it is not there, as in a student's installation: a wheel holds no solutions.
    """
    tree = clone or Path(str(resources.files("backprop_course"))).parent
    for folder in (tree / "solutions", tree):
        if any(folder.glob("[0-9][0-9]-*/*.ipynb")):
            return folder
    raise CannotMakeClass(
        f"no solution notebooks in {tree / 'solutions'}; a wheel has none, so that students may have it."
        " Get a clone of the repository, or unpack its source archive, and name it: --clone FOLDER"
    )


def _chosen(solutions: Path, assignments: Sequence[str]) -> tuple[str, ...]:
    known = sorted(path.name for path in solutions.iterdir() if any(path.glob("*.ipynb")))
    unknown = [name for name in assignments if name not in known]
    if unknown:
        raise CannotMakeClass(f"no assignment {', '.join(unknown)}; expected some of {', '.join(known)}")
    return tuple(name for name in known if not assignments or name in assignments)


def _write_config(folder: Path, course_id: str, db_url: str | None) -> None:
    own = ITS_FILE if db_url is None else OWN_DATABASE.format(json.dumps(db_url))
    text = CONFIG.format(course_id=json.dumps(course_id), db_url=own)
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")


def _copy_notebooks(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for notebook in sorted(source.glob("*.ipynb")):
        shutil.copyfile(notebook, target / notebook.name)

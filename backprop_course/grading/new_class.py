"""A new class: a folder with nbgrader's layout, ready for its commands, its formgrader and ours."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from backprop_course.grading.course import CONFIG_FILE, choose, fresh_folder, make_releases

CONFIG = '''"""How nbgrader runs this class. Its commands read this when they are called from this folder."""

from pathlib import Path

from backprop_course.grading.config import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)

# What is below is yours. Any setting of nbgrader's may stand here.
c.CourseDirectory.course_id = {course_id}
{db_url}'''
# A class is often made in a clone; what is about people never goes with it.
UNTRACKED = (
    "/.grading/\n/autograded/\n/downloaded/\n/feedback/\n/reports/\n/submitted/\n/*.csv\n/gradebook.db*\n"
)
OWN_DATABASE = "c.CourseDirectory.db_url = {}\n"
ITS_FILE = (
    '# c.CourseDirectory.db_url = "postgresql+psycopg://user@host/database"  # else gradebook.db, here\n'
)


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
    CourseError
        When something is in the place, an assignment is not known, or nbgrader cannot release one.
    """
    known = sorted(path.name for path in solutions.iterdir() if any(path.glob("*.ipynb")))
    chosen = choose(known, assignments)
    with fresh_folder(folder) as made:
        _write_config(made, folder.name, db_url)
        for assignment in chosen:
            _copy_notebooks(solutions / assignment, made / "source" / assignment)
        make_releases(made, chosen, progress)
    return chosen


def _write_config(folder: Path, course_id: str, db_url: str | None) -> None:
    own = ITS_FILE if db_url is None else OWN_DATABASE.format(json.dumps(db_url))
    text = CONFIG.format(course_id=json.dumps(course_id), db_url=own)
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")
    (folder / ".gitignore").write_text(UNTRACKED, encoding="utf-8")


def _copy_notebooks(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for notebook in sorted(source.glob("*.ipynb")):
        shutil.copyfile(notebook, target / notebook.name)

"""Nbgrader's own autograde conversion, made to give everybody a grade.

Nbgrader has settings for the steps of a conversion, and none for what comes before them: which folders it
finds, what it copies, how it reads a file. `install` puts this class in the place of nbgrader's, for its
command and for the formgrader's button.
"""

import fnmatch
import os
import shutil
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generateassignmentapp
import nbgrader.converters
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import find_all_files, parse_utc
from sqlalchemy.exc import SAWarning

from backprop_course.grading import _read, _secret
from backprop_course.grading._grade import KEY
from backprop_course.grading._limits import READING, at_most
from backprop_course.grading._restore import restore
from backprop_course.grading._source import Source

UNREADABLE = "unreadable"


class Exporter(NotebookExporter):
    """Reads a submission that may be anything, and makes it whole before nbgrader's steps see it."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Read, restore, and go on as nbconvert does."""
        converter: Any = self.parent
        if not converter._sanitizing:
            return super().from_filename(filename, resources=resources, **kw)
        where = resources["nbgrader"]
        source = Source.read(source_file(converter.coursedir, where["assignment"], where["notebook"]))
        notebook = made_whole(handed_in(converter.actual[filename]), source)
        resources = (resources or {}) | {
            "metadata": {"name": where["notebook"], "path": str(Path(filename).parent)}
        }
        return self.from_notebook_node(notebook, resources=resources, **kw)  # type: ignore[no-untyped-call]


def handed_in(found: Path | str) -> bytes | str:
    """Read the bytes of a submitted file; or say why there are none."""
    if isinstance(found, str):
        return found
    try:
        return _read.content(found)
    except _read.UnreadableError as error:
        return str(error)


def made_whole(content: bytes | str, source: Source) -> NotebookNode:
    """Restore a submitted file's content; or an empty notebook, where a text says why there is none."""
    unreadable = content if isinstance(content, str) else ""
    submitted = nbformat.v4.new_notebook(nbformat_minor=5)
    if isinstance(content, bytes):
        try:
            with at_most(READING, "reading it"):
                submitted = _read.parse(content)
        except (_read.UnreadableError, TimeoutError) as error:
            unreadable = str(error)
    try:
        with at_most(READING, "making it whole"):
            restored = restore(submitted, source)
    except Exception as error:  # whatever stands in a file, its student has a grade and a reason
        if isinstance(content, str):
            raise  # then it is no student's file that cannot be restored
        said = str(error) if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
        return made_whole(f"it cannot be made whole: {said}", source)
    eyes = [{"slug": UNREADABLE, "message": unreadable, "cell": ""}] if unreadable else []
    put_back = [] if unreadable else restored.findings
    restored.notebook.metadata[KEY] = NotebookNode(needs_eye=eyes, restored=put_back, cells={})
    return restored.notebook


def source_file(coursedir: Any, assignment: str, notebook: str) -> Path:
    """Find the instructor's file of a notebook."""
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    return folder / f"{notebook}.ipynb"


class TrustedAutograde(Autograde):  # type: ignore[misc]
    """Nbgrader's conversion for folders and files of any kind."""

    def __init__(self, coursedir: Any = None, **kwargs: Any) -> None:
        super().__init__(coursedir, **kwargs)
        self.exporter_class = Exporter
        self.run_number: int | None = None
        self.actual: dict[str, Path | str] = {}  # the file of each, or why there is none

    def start(self) -> None:
        """Begin a grading run, unless this is part of one, and convert."""
        if self.run_number is None:
            self.run_number = _secret.new_run(Path(self.coursedir.root), self.coursedir.assignment_id)
        super().start()

    def init_notebooks(self) -> None:
        """Find every student's folder, whatever its name, and the notebooks that it should hold."""
        assignment, wanted = self.coursedir.assignment_id, self.coursedir.student_id
        expected = self.expected_notebooks(assignment)
        self.assignments: dict[str, list[str]] = {}
        self.actual = {}
        for folder, _student in submissions(self.coursedir, assignment, wanted):
            self.assignments[folder] = []
            for name in expected:
                path = os.path.join(folder, f"{name}.ipynb")
                self.assignments[folder].append(path)
                self.actual[path] = self.find_file(Path(folder), name)
        if not self.assignments:
            where = self._format_source(assignment, wanted)
            raise NbGraderException(f"No submissions were found at '{where}'")

    def find_file(self, folder: Path, name: str) -> Path | str:
        """Find a submitted file: by its name, or the only notebook there is where one is expected.

        Students pack folders, too, so it may lie in one. Where there is none to be read, a text says why.
        """
        file = folder / f"{name}.ipynb"
        linked = any(map(os.path.islink, (folder, folder.parent)))
        if os.path.lexists(file) or linked or not os.access(folder, os.R_OK | os.X_OK):
            return file
        others = _read.notebooks(folder)
        if len(others) == len(self.expected_notebooks(self.coursedir.assignment_id)) == 1:
            return folder / others[0]
        names = ", ".join(map(_read.as_text, others[:3]))
        return f"no {name}.ipynb was handed in, but {names}" if names else "no notebook was handed in"

    def expected_notebooks(self, assignment: str) -> list[str]:
        """Names of the notebooks that the gradebook knows for an assignment."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                known = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                known = []
        chosen = [name for name in known if self.coursedir.notebook_id in ("*", name)]
        if not chosen:
            message = (
                f"the gradebook does not know '{assignment}': run 'nbgrader generate_assignment {assignment}'"
            )
            raise NbGraderException(message)
        return chosen

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        """Say whose notebook it is; from its place, as its folder may have any name."""
        path = Path(notebook_filename)
        return {
            "unique_key": path.stem,
            "output_files_dir": f"{path.stem}_files",
            "nbgrader": {
                "student": path.parent.parent.name,
                "assignment": path.parent.name,
                "notebook": path.stem,
                "db_url": self.coursedir.db_url,
            },
        }

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Enter student and submission into the gradebook, and copy what lies beside the notebooks."""
        submitted = Path(self._format_source(assignment_id, student_id))
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            enter(gradebook, assignment_id, student_id, submitted)
        lay_out(self, assignment_id, submitted, Path(self._format_dest(assignment_id, student_id)))

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert; should that fail, whatever mark there was before waits for a person."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception:
            where = self.init_single_notebook_resources(notebook_filename)["nbgrader"]
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                keys = (where["notebook"], where["assignment"], where["student"])
                for grade in gradebook.find_submission_notebook(*keys).grades:
                    grade.needs_manual_grade = True
                gradebook.db.commit()
            raise


def enter(gradebook: Gradebook, assignment: str, student: str, submitted: Path) -> Any:
    """Enter a student and a submission, with the time at which it was handed in, where that is known."""
    when = _timestamp(submitted / "timestamp.txt")
    times = {"timestamp": when} if when else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader fills a new submission before it adds it
        gradebook.update_or_create_student(student)
        return gradebook.update_or_create_submission(assignment, student, **times)


def _timestamp(file: Path) -> datetime | None:
    """Read the time at which a submission was collected; None where the file says none."""
    try:
        if not file.is_file() or file.is_symlink():
            return None
        with file.open("rb") as opened:
            return parse_utc(opened.read(200).decode("utf-8").strip()) or None
    except Exception:  # whatever dateutil makes of a student's text: it has errors of many kinds
        return None


def lay_out(converter: Any, assignment: str, submitted: Path, target: Path) -> None:
    """Copy what lies beside the notebooks: the student's real files, then the instructor's over them."""
    target.mkdir(parents=True, exist_ok=True)
    for name, content in _read.files_beside(submitted).files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    coursedir = converter.coursedir
    source = coursedir.format_path(coursedir.source_directory, ".", assignment)
    kept = {os.path.join(source, name) for name in converter.exclude_overwriting.get(assignment, [])}
    for file in set(find_all_files(source, [*coursedir.ignore, "*.ipynb"])) - kept:
        copied = target / os.path.relpath(file, source)
        for parent in copied.relative_to(target).parents:
            if (target / parent).is_file():
                (target / parent).unlink()
        copied.parent.mkdir(parents=True, exist_ok=True)
        if copied.is_dir():
            shutil.rmtree(copied)
        copied.unlink(missing_ok=True)
        shutil.copy(file, copied)


class CarefulGenerateAssignment(GenerateAssignment):  # type: ignore[misc]
    """Nbgrader's conversion of a source to its release, which leaves the older release where it fails."""

    def start(self) -> None:
        """Keep the release that was there aside until the new one is."""
        release = Path(self._format_dest(self.coursedir.assignment_id, "."))
        kept = release.with_name(f".{release.name}.kept")
        if kept.exists():  # a conversion was killed midway
            shutil.rmtree(release, ignore_errors=True)
            kept.rename(release)
        if release.exists():
            shutil.copytree(release, kept)
        try:
            super().start()
        except BaseException:
            if kept.exists():
                shutil.rmtree(release, ignore_errors=True)
                kept.rename(release)
            raise
        shutil.rmtree(kept, ignore_errors=True)


def install() -> None:
    """Let nbgrader's commands and the formgrader convert with these classes."""
    for module in (nbgrader.converters, nbgrader.apps.autogradeapp, nbgrader.apps.api):
        module.Autograde = TrustedAutograde
    for module in (nbgrader.converters, nbgrader.apps.generateassignmentapp, nbgrader.apps.api):
        module.GenerateAssignment = CarefulGenerateAssignment


def submissions(coursedir: Any, assignment: str, student: str = "*") -> list[tuple[str, str]]:
    """List folders and names of the students who handed something in; a pattern chooses among them.

    A student's name is compared letter by letter first: ``anna[1]`` is a name before it is a pattern.
    """
    base = Path(coursedir.format_path(coursedir.submitted_directory, "x", "y")).parents[1]
    found = []
    for folder in sorted(base.iterdir()) if base.is_dir() else ():
        chosen = folder.name == student or fnmatch.fnmatchcase(folder.name, student)
        if chosen and not folder.name.startswith(".") and _is_there(folder / assignment):
            found.append((str(folder / assignment), _read.as_text(folder.name)))
    return found


def _is_there(path: Path) -> bool:
    """Whether something is there, to be told: also a link to nowhere, a file, what may not be looked at."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True

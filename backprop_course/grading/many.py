"""Grading a class: all submissions of an assignment at once, one process that writes, nothing lost by a kill.

A submission is done when its graded notebook stands in ``autograded`` with the digest of what it was made
from. The gradebook is written before that notebook is put in its place. So whenever a run is killed, the next
one does what is not done, with the same hidden cases, and skips the rest.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata

from backprop_course.grading import _pool, _read, _secret
from backprop_course.grading._converter import (
    TrustedAutograde,
    enter,
    handed_in,
    lay_out,
    source_file,
    submissions,
)
from backprop_course.grading._grade import KEY
from backprop_course.grading._sandbox import keep_unseen
from backprop_course.grading._source import Source
from backprop_course.grading._task import Task
from backprop_course.grading.course import CourseError, load_config, make_releases
from backprop_course.grading.preprocessors import RunAndJudge, SaveGrades


@dataclass(frozen=True)
class Graded:
    """What became of one submission.

    Attributes
    ----------
    score, max_score : float
        As the gradebook has them, late penalties not taken off.
    eyes : list of dict
        Why a person should look: ``slug``, ``message``, ``cell``.
    failed : str
        Why there is no grade; empty where there is one.
    """

    student: str
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    eyes: list[dict[str, str]] = field(default_factory=list)
    failed: str = ""


@dataclass
class Class:
    """A class's folder with its configuration, and one grading run in it."""

    course: Path
    assignment: str
    converter: TrustedAutograde
    run: int
    force: bool

    @property
    def autograded(self) -> Path:
        """Where the graded notebooks of all students are."""
        return Path(self.converter._format_dest(self.assignment, "x")).parents[1]


def open_class(course: Path, assignment: str, *, force: bool = False, sandbox: str | None = None) -> Class:
    """Begin a grading run, or go on with one that was cut short.

    Raises
    ------
    CourseError
        When the folder is no class, or has no such assignment.
    SandboxError
        When there can be no sandbox here.
    """
    config = load_config(course)
    if sandbox is not None:
        config.RunAndJudge.sandbox = sandbox
    api = NbGraderAPI(config=config)
    api.coursedir.assignment_id = assignment
    converter = TrustedAutograde(coursedir=api.coursedir, parent=api)
    keep_unseen(course, RunAndJudge(parent=converter).sandbox)
    if not source_folder(converter, assignment).is_dir():
        raise CourseError(
            f"no assignment {assignment} in {source_folder(converter, assignment).parent}; expected one of "
            f"{', '.join(sorted(p.name for p in source_folder(converter, assignment).parent.glob('*/')))}"
        )
    if not submissions(api.coursedir, assignment):
        expected = Path(api.coursedir.format_path(api.coursedir.submitted_directory, "STUDENT", assignment))
        raise CourseError(f"nobody has handed in {assignment}; expected folders {expected}")
    _know(api, course, assignment)
    run, forced = _begin(course, assignment, force)
    converter.run_number = run
    return Class(course, assignment, converter, run, forced)


@contextlib.contextmanager
def alone(course: Path) -> Iterator[None]:
    """Keep a second run out of the class meanwhile: both would put the same notebooks in their places.

    Raises
    ------
    CourseError
        When one is at work.
    """
    import fcntl  # here: Windows has none

    with (_secret.folder(course) / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError("this class is being graded already; wait until that has ended") from None
        yield


def source_folder(converter: TrustedAutograde, assignment: str) -> Path:
    """Find the folder of the instructor's notebooks."""
    return source_file(converter.coursedir, assignment, "x").parent


def _know(api: NbGraderAPI, course: Path, assignment: str) -> None:
    """Enter the assignment into the gradebook where it is not: that comes with making its release."""
    with api.gradebook as gradebook:
        known = assignment in {a.name for a in gradebook.assignments if a.notebooks}
    if not known:
        make_releases(course, [assignment], lambda name: None)


def _begin(course: Path, assignment: str, force: bool) -> tuple[int, bool]:
    """Give the run that was cut short, else a new one; `force` goes on with no run but a forced one."""
    file = _open_run(course, assignment)
    if file.exists():
        said = json.loads(file.read_text())
        if said["force"] or not force:
            return int(said["run"]), bool(said["force"])
    run = _secret.new_run(course, assignment)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"run": run, "force": force}))
    fresh.replace(file)
    return run, force


def _open_run(course: Path, assignment: str) -> Path:
    return _secret.folder(course) / f"open-{assignment}.json"


def pending(room: Class, student: str = "*") -> tuple[list[tuple[str, str]], list[str]]:
    """List folders and names of those to be graded, and names of those who have been."""
    todo: list[tuple[str, str]] = []
    done: list[tuple[str, str]] = []
    for folder, name in submissions(room.converter.coursedir, room.assignment, student):
        (done if _is_done(room, name, digest(room, Path(folder))) else todo).append((folder, name))
    return todo, [name for _, name in done]


def _is_done(room: Class, student: str, digest: str) -> bool:
    for name in room.converter.expected_notebooks(room.assignment):
        file = room.autograded / student / room.assignment / f"{name}.ipynb"
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["metadata"][KEY]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if found.get("digest") != digest or (room.force and found.get("run") != room.run):
            return False
    return True


def digest(room: Class, folder: Path) -> str:
    """Sum up all that the marks depend on but the hidden cases: what was handed in, and the sources."""
    return _read.digest((folder, source_folder(room.converter, room.assignment)))


def tasks(room: Class, todo: list[tuple[str, str]]) -> Iterator[Task]:
    """Make a message of each submission's notebooks, one after the other: a class's files are many."""
    step = RunAndJudge(parent=room.converter)
    for name in room.converter.expected_notebooks(room.assignment):
        source = Source.read(source_file(room.converter.coursedir, room.assignment, name))
        seeds = {
            e.name: _secret.seed(room.course, room.assignment, room.run, e.name) for e in source.exercises
        }
        for folder, student in todo:
            known = digest(room, Path(folder))  # first: what is put there meanwhile is graded the next time
            yield Task(
                student,
                name,
                handed_in(room.converter.find_file(Path(folder), name)),
                source.text,
                seeds,
                room.run,
                known,
                step.limits,
                step.sandbox,
                step.figures,
                _read.files_beside(Path(folder)),
            )


def grade(
    room: Class, todo: list[tuple[str, str]], jobs: int = 2, scheduler: str | None = None
) -> Iterator[Graded]:
    """Grade submissions, and yield each when its marks are in the gradebook and its notebook in its place."""
    waiting = tasks(room, todo)
    outcomes = _pool.results(waiting, jobs, scheduler)
    steps = [step for step in _steps(room.converter) if not isinstance(step, RunAndJudge)]
    coursedir = room.converter.coursedir
    folders = {name: folder for folder, name in todo}
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for task, outcome in outcomes:
            submitted = Path(folders[task.student])
            try:
                if isinstance(outcome, Exception):
                    raise outcome
                notebook = nbformat.reads(outcome.text, as_version=4)
                points = _record(room, gradebook, steps, task, notebook, submitted)
                eyes = list(notebook.metadata[KEY]["needs_eye"])
                graded = Graded(task.student, *points, outcome.seconds, eyes)
            except Exception as error:  # nobody foresaw it: it is this submission's, and the others go on
                graded = Graded(task.student, failed=f"{type(error).__name__}: {error}")
                with contextlib.suppress(Exception):  # the gradebook itself may be what failed
                    gradebook.db.rollback()
                    _await_a_person(gradebook, room, task.student, submitted)
            yield graded


def finish(room: Class) -> None:
    """End the run: the next one draws its hidden cases anew."""
    _open_run(room.course, room.assignment).unlink(missing_ok=True)


def _steps(converter: TrustedAutograde) -> list[Any]:
    """Make nbgrader's list of steps, as its command does."""
    make: Any = converter.exporter_class
    exporter = make(parent=converter, config=converter.config)
    exporter._preprocessors = []
    for step in converter.autograde_preprocessors:
        exporter.register_preprocessor(step)
    steps = [step for step in exporter._preprocessors if getattr(step, "enabled", True)]
    # `restore` has put every mark back, and nbgrader has checked the source's when it made the release.
    return [step for step in steps if not isinstance(step, CheckCellMetadata)]


def _record(
    room: Class, gradebook: Gradebook, steps: list[Any], task: Task, notebook: NotebookNode, submitted: Path
) -> tuple[float, float]:
    """Write the marks into the gradebook, then the notebook to its place."""
    coursedir = room.converter.coursedir
    where = {"student": task.student, "assignment": room.assignment, "notebook": task.notebook}
    resources = {"nbgrader": where | {"db_url": coursedir.db_url}, "unique_key": task.notebook}
    submission = enter(gradebook, room.assignment, task.student, submitted)
    for step in steps:
        if isinstance(step, SaveGrades):
            step.save(notebook, gradebook, task.notebook, room.assignment, task.student)
            gradebook.db.commit()
        elif not isinstance(step, AssignLatePenalties) or submission.total_seconds_late > 0:
            notebook, _ = step(notebook, resources)
    _put_in_place(room, task, nbformat.writes(notebook), submitted)
    entry = gradebook.find_submission_notebook(task.notebook, room.assignment, task.student)
    score = sum(grade.score or 0.0 for grade in entry.grades)
    return float(score), float(sum(grade.max_score for grade in entry.grades))


def _put_in_place(room: Class, task: Task, text: str, submitted: Path) -> None:
    """Write the graded notebook; the folder is complete before it has its name."""
    target = room.autograded / task.student / room.assignment
    others = [p for p in target.glob("*.ipynb") if p.stem != task.notebook] if target.is_dir() else []
    unfinished = _secret.folder(room.course) / "unfinished" / task.student / room.assignment
    shutil.rmtree(unfinished, ignore_errors=True)
    lay_out(room.converter, room.assignment, submitted, unfinished)
    for other in others:
        shutil.copy(other, unfinished)
    (unfinished / f"{task.notebook}.ipynb").write_text(text, encoding="utf-8")
    for path in unfinished.rglob("*"):
        if path.is_file():
            path.chmod(int(str(room.converter.permissions), 8))
    target.parent.mkdir(parents=True, exist_ok=True)
    older = unfinished.with_name(f"{unfinished.name}.older")
    shutil.rmtree(older, ignore_errors=True)
    if target.exists():
        target.rename(older)
    os.rename(unfinished, target)
    shutil.rmtree(older, ignore_errors=True)
    shutil.rmtree(unfinished.parent, ignore_errors=True)


def _await_a_person(gradebook: Gradebook, room: Class, student: str, submitted: Path) -> None:
    """Have whatever mark there was wait for a person: it is not this submission's."""
    submission = enter(gradebook, room.assignment, student, submitted)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            grade.auto_score, grade.needs_manual_grade = 0.0, True
    gradebook.db.commit()

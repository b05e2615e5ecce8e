"""`backprop-course grade` on a small class: killed and run again, resubmissions, and a release that fails."""

import contextlib
import json
import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from backprop_course.grading import _pool, many
from backprop_course.grading._task import Done, Task
from backprop_course.grading.course import CourseError, load_config, make_releases
from backprop_course.grading.report import standings
from tests.attacks.conftest import CONFIG, POINTS, RIGHT, answered, source

pytestmark = pytest.mark.nbgrader

COMMAND = Path(sysconfig.get_path("scripts"), "backprop-course")
STUDENTS = [f"student-{number}" for number in range(8)]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a class in which every answer of every student is right."""
    folder = tmp_path_factory.mktemp("grade") / "course"
    (folder / "source/attacked").mkdir(parents=True)
    nbformat.write(source(), folder / "source/attacked/page.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    make_releases(folder, ["attacked"], lambda name: None)
    release = nbformat.read(folder / "release/attacked/page.ipynb", as_version=4)
    for student in STUDENTS:
        place = folder / "submitted" / student / "attacked"
        place.mkdir(parents=True)
        nbformat.write(answered(release, RIGHT), place / "page.ipynb")
    return folder


def _command(course: Path, *options: str) -> list[str]:
    return [str(COMMAND), "grade", "attacked", "--course", str(course), "--jobs", "2", *options]


def _grade(course: Path, *options: str) -> str:
    done = subprocess.run(_command(course, *options), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _scores(course: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("attacked")}


def _runs(course: Path) -> dict[str, int]:
    files = course.glob("autograded/*/attacked/page.ipynb")
    found = {f.parent.parent.name: json.loads(f.read_text())["metadata"]["backprop_course"] for f in files}
    return {student: about["run"] for student, about in found.items()}


def test_killed_run_goes_on_where_it_was(course: Path) -> None:
    with subprocess.Popen(_command(course), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        while not list(course.glob("autograded/*/attacked/page.ipynb")):
            assert first.poll() is None
            time.sleep(0.05)
        first.kill()
    before = set(_runs(course))
    said = _grade(course)
    assert _scores(course) == dict.fromkeys(STUDENTS, sum(POINTS.values()))
    assert f"{len(before)} had been graded before" in said
    assert set(_runs(course).values()) == {1}  # one run, the same hidden cases for all
    assert not list((course / ".grading").glob("unfinished/*"))


def test_resubmission_that_cannot_be_read_keeps_no_older_mark(course: Path) -> None:
    file = course / "submitted/student-0/attacked/page.ipynb"
    right = file.read_text()
    file.write_text(right[:500])
    said = _grade(course)
    assert "student-0: unreadable: it is cut short or damaged" in said
    assert f"1 graded, {len(STUDENTS) - 1} had been graded before" in said
    assert _scores(course)["student-0"] == 0
    file.write_text(right)
    _grade(course, "--student", "student-0")
    assert _scores(course)["student-0"] == sum(POINTS.values())


def test_folder_that_disappears_meanwhile_stops_nobody(course: Path) -> None:
    room = many.open_class(course, "attacked", force=True)
    todo, _ = many.pending(room, "student-[12]")
    folder = course / "submitted/student-1"
    folder.rename(folder.with_name(".away"))
    (first, second) = sorted(many.grade(room, todo, jobs=1), key=lambda one: one.student)
    many.finish(room)
    folder.with_name(".away").rename(folder)
    assert (first.score, second.score) == (0, sum(POINTS.values()))
    assert first.eyes[0]["slug"] == "unreadable"
    assert "No such file" in first.eyes[0]["message"]


def test_timeout_of_code_that_waits_is_judged_once_more_alone(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[list[str], int]] = []
    in_processes = _pool.in_processes

    def noted(coming: Iterable[Task], jobs: int) -> Iterator[_pool.Outcome]:
        tasks = list(coming)
        runs.append(([task.student for task in tasks], jobs))
        return in_processes(tasks, jobs)

    monkeypatch.setattr(_pool, "in_processes", noted)
    file = course / "submitted/student-3/attacked/page.ipynb"
    right = file.read_text()
    file.write_text(right.replace("def relu_backward", "import time; time.sleep(99)\\ndef relu_backward"))
    room = many.open_class(course, "attacked", force=True)
    todo, _ = many.pending(room, "student-[34]")
    graded = {one.student: one for one in many.grade(room, todo, jobs=2)}
    many.finish(room)
    file.write_text(right)
    assert runs == [(["student-3", "student-4"], 2), (["student-3"], 1)]
    assert graded["student-4"].score == sum(POINTS.values()) > graded["student-3"].score


class _Ends:
    """Ends the process that it is sent to, as a lack of memory does."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


def test_submission_that_ends_its_process_costs_no_other(course: Path) -> None:
    room = many.open_class(course, "attacked", force=True)
    todo, _ = many.pending(room, "student-[567]")
    made = list(many.tasks(room, todo))
    ends = replace(made[0], student="ends-it", content=_Ends())  # type: ignore[arg-type]
    outcomes = {task.student: outcome for task, outcome in _pool.results([made[0], ends, *made[1:]], 2)}
    many.finish(room)
    assert isinstance(outcomes.pop("ends-it"), RuntimeError)
    assert all(isinstance(outcome, Done) for outcome in outcomes.values())
    assert len(outcomes) == 3


def test_second_run_in_a_class_waits(course: Path) -> None:
    with many.alone(course), pytest.raises(CourseError, match="graded already"), many.alone(course):
        pass


def test_full_disk_ends_no_run(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    room = many.open_class(course, "attacked", force=True)
    todo, _ = many.pending(room, "student-[67]")
    with monkeypatch.context() as patch:
        patch.setattr(many, "_record", full)
        patch.setattr(many, "_await_a_person", full)
        failed = [one.failed for one in many.grade(room, todo, jobs=1)]
    assert failed == ["OSError: [Errno 28] No space left on device"] * 2
    assert many.pending(room, "student-[67]")[0] == todo
    assert not any(one.failed for one in many.grade(room, todo, jobs=1))
    many.finish(room)


def test_release_that_fails_leaves_the_older_one(course: Path) -> None:
    released = (course / "release/attacked/page.ipynb").read_bytes()
    file = course / "source/attacked/page.ipynb"
    sound = file.read_text()
    file.write_text(sound.replace("### END SOLUTION", ""))
    assert not NbGraderAPI(config=load_config(course)).generate_assignment("attacked")["success"]
    file.write_text(sound)
    assert (course / "release/attacked/page.ipynb").read_bytes() == released


def test_second_notebook_is_named_in_the_report(course: Path) -> None:
    second = course / "submitted/student-7/attacked/page (1).ipynb"
    second.write_text("{}")
    reasons = {standing.student: standing.reasons for standing in standings(course, "attacked")[1]}
    second.unlink()
    assert "page (1).ipynb, page.ipynb" in "".join(reasons["student-7"])
    assert not [why for why in reasons["student-6"] if "page" in why]


@pytest.mark.parametrize(
    ("ends", "number"),
    [
        (os.kill, signal.SIGTERM),
        (os.killpg, signal.SIGTERM),  # and all that the command started
        (os.killpg, signal.SIGINT),
    ],
)
def test_run_that_is_ended_leaves_no_folder_and_no_process(
    course: Path, tmp_path: Path, ends: Any, number: int
) -> None:
    with subprocess.Popen(
        _command(course, "--force"),
        env=os.environ | {"TMPDIR": str(tmp_path)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as command:
        while not list(tmp_path.glob("*/grading-*")):
            assert command.poll() is None
            time.sleep(0.02)
        ends(command.pid, number)
    until = time.monotonic() + 30
    while (left := [*tmp_path.iterdir(), *_of_session(command.pid)]) and time.monotonic() < until:
        time.sleep(0.1)  # the workers look each half second whether they are left alone
    assert not left


def _of_session(leader: int) -> list[int]:
    """List the processes that a command has started, and itself."""
    found = []
    for process in psutil.pids():
        with contextlib.suppress(OSError):
            found += [process] if os.getsid(process) == leader else []
    return found

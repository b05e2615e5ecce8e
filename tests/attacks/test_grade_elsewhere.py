"""`backprop-course grade` on a Dask cluster that loses a worker, and with a real PostgreSQL's gradebook."""

import json
import os
import pwd
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from backprop_course.grading.course import make_releases
from tests.attacks.conftest import CONFIG, POINTS, RIGHT, answered, source

pytestmark = pytest.mark.nbgrader

SCRIPTS = Path(sysconfig.get_path("scripts"))
STUDENTS = [f"student-{number}" for number in range(6)]


def _class(folder: Path, settings: str = "") -> Path:
    """Make a class in which every answer of every student is right."""
    (folder / "source/attacked").mkdir(parents=True)
    nbformat.write(source(), folder / "source/attacked/page.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG + settings)
    make_releases(folder, ["attacked"], lambda name: None)
    release = nbformat.read(folder / "release/attacked/page.ipynb", as_version=4)
    for student in STUDENTS:
        place = folder / "submitted" / student / "attacked"
        place.mkdir(parents=True)
        nbformat.write(answered(release, RIGHT), place / "page.ipynb")
    return folder


def _grade(course: Path, *options: str) -> "subprocess.Popen[str]":
    command = [SCRIPTS / "backprop-course", "grade", "attacked", "--course", course, *options]
    return subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _scores(db_url: str) -> dict[str, float]:
    with Gradebook(db_url) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("attacked")}


def _wait_for(condition: object, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.1)


def test_cluster_that_loses_a_worker_grades_everybody(tmp_path: Path) -> None:
    course = _class(tmp_path / "course")
    about = tmp_path / "scheduler.json"
    dask = [str(SCRIPTS / "dask")]
    with ExitStack() as stack:

        def start(*options: str) -> "subprocess.Popen[bytes]":
            quiet = subprocess.DEVNULL
            running = stack.enter_context(subprocess.Popen([*dask, *options], stdout=quiet, stderr=quiet))
            stack.callback(running.kill)
            return running

        start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(about))
        _wait_for(about.is_file)
        worker = ("worker", "--scheduler-file", str(about), "--nthreads", "1", "--no-nanny", "--no-dashboard")
        first = start(*worker)
        address = json.loads(about.read_text())["address"]
        run = stack.enter_context(_grade(course, "--scheduler", address))
        _wait_for(lambda: list(course.glob("autograded/*/attacked/page.ipynb")))
        first.kill()
        start(*worker)
        said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert _scores(f"sqlite:///{course}/gradebook.db") == dict.fromkeys(STUDENTS, sum(POINTS.values()))


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL server, not as root, and give the address of a database of ours."""
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    found = debian[-1] if debian else shutil.which("initdb")
    if found is None:
        pytest.skip("no PostgreSQL server (Debian, Ubuntu: apt-get install postgresql)")
    folder = Path("/tmp" if os.getuid() == 0 else tmp_path_factory.mktemp("pg"), f"pg-{os.getpid()}")
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    folder.mkdir(mode=0o700)
    become = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] if os.getuid() == 0 else []
    if become:
        shutil.chown(folder, user, user)
    data = str(folder / "data")

    def server(tool: str, *options: str) -> None:
        command = [*become, str(Path(found).with_name(tool)), *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    server("initdb", "-D", data, "-A", "trust", "-U", "grader", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    server("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        server("createdb", "-h", str(folder), "-U", "grader", "grades")
        folder.chmod(0o755)
        yield f"postgresql+psycopg://grader@/grades?host={folder}"
    finally:
        server("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_gradebook_in_postgresql(tmp_path: Path, postgres: str) -> None:
    course = _class(tmp_path / "course", f"c.CourseDirectory.db_url = {postgres!r}\n")
    with _grade(course, "--jobs", "2") as run:
        said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert _scores(postgres) == dict.fromkeys(STUDENTS, sum(POINTS.values()))
    assert not (course / "gradebook.db").exists()

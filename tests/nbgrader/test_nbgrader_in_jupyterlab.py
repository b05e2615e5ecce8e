"""What students and instructors press in JupyterLab: Validate, and the formgrader."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from tests.nbgrader import students
from tests.nbgrader.classroom import ASSIGNMENTS, SCRIPTS, Assignment, Course, environment, open_course

pytestmark = [
    pytest.mark.nbgrader,
    pytest.mark.browser,
    pytest.mark.parametrize("assignment", ASSIGNMENTS[:1], indirect=True, scope="session"),
]

PATIENCE = 120_000  # milliseconds; a notebook runs meanwhile


@pytest.fixture(scope="module")
def course(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Open a course folder with a finished notebook in it."""
    opened = open_course(tmp_path_factory.mktemp("jupyterlab") / "course", assignment.name)
    release = nbformat.read(opened.release / assignment.file, as_version=4)
    nbformat.write(students.all_right(assignment.solution, release), opened.folder / "finished.ipynb")
    return opened


@pytest.fixture(scope="module")
def url(course: Course) -> Iterator[str]:
    """Start JupyterLab in the course folder, nothing of nbgrader's enabled by hand, and give its address."""
    runtime = course.folder / ".runtime"
    server = subprocess.Popen(
        [
            SCRIPTS / "jupyter-lab",
            "--no-browser",
            "--allow-root",
            "--ServerApp.port=0",
            "--IdentityProvider.token=",
        ],
        cwd=course.folder,
        env=environment(course.folder) | {"JUPYTER_RUNTIME_DIR": str(runtime)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield _address(server, runtime / f"jpserver-{server.pid}.json")
    server.terminate()
    server.wait(timeout=20)


def _address(server: subprocess.Popen[bytes], file: Path) -> str:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text()):
        assert server.poll() is None, "JupyterLab did not start"
        assert time.monotonic() < deadline, "JupyterLab did not start within a minute"
        time.sleep(0.1)
    return str(json.loads(file.read_text())["url"])


@pytest.fixture
def chromium_page(browser: Browser) -> Iterator[Page]:
    """Give a page with a memory of its own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def _validate(page: Page, address: str) -> str:
    """Open a notebook alone, press the button, give what the dialogue says."""
    page.goto(address)
    page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for(timeout=PATIENCE)
    return dialog.inner_text()


def test_validate_passes_a_finished_notebook(chromium_page: Page, url: str) -> None:
    assert "Success! Your notebook passes all the tests." in _validate(
        chromium_page, f"{url}doc/tree/finished.ipynb"
    )


def test_validate_lists_what_is_missing(
    chromium_page: Page, url: str, course: Course, assignment: Assignment
) -> None:
    said = _validate(chromium_page, f"{url}doc/tree/notebooks/{assignment.name}/{assignment.file}")
    for name in assignment.exercises:
        assert f"check({name})" in said
        assert f"{name}: still to be written." in said
    assert said.count("[not-implemented]") == len(assignment.exercises)


def _formgrader(page: Page, url: str) -> FrameLocator:
    """Choose the formgrader from the menu."""
    page.goto(f"{url}lab")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    return page.frame_locator("iframe")


def test_formgrader_lists_the_assignment_and_makes_its_release(
    chromium_page: Page, url: str, course: Course, assignment: Assignment
) -> None:
    released = (course.release / assignment.file).read_bytes()
    (course.release / assignment.file).unlink()
    formgrader = _formgrader(chromium_page, url)
    row = formgrader.get_by_role("row", name=assignment.name)
    row.locator(".generate a, .glyphicon-education").first.click()
    formgrader.get_by_text("Successfully created the student version").wait_for(timeout=PATIENCE)
    assert (course.release / assignment.file).read_bytes() == released


def test_formgrader_grades_a_student_and_writes_the_feedback(
    chromium_page: Page, url: str, course: Course, assignment: Assignment
) -> None:
    course.submit("anna", assignment.file, (course.folder / "finished.ipynb").read_text(encoding="utf-8"))
    formgrader = _formgrader(chromium_page, url)
    row = formgrader.get_by_role("row", name=assignment.name)
    row.locator(".num-submissions a").click()
    student = formgrader.get_by_role("row", name="anna")
    student.locator(".autograde a").click()
    formgrader.get_by_text("Successfully autograded").wait_for(timeout=PATIENCE)
    formgrader.get_by_role("button", name="OK").click()
    scores = [grade.score for grade in course.grades()["anna"].values()]
    assert sum(filter(None, scores)) == sum(assignment.points.values())
    student.locator(".generate-feedback a").click()
    formgrader.get_by_text("Successfully generated feedback").wait_for(timeout=PATIENCE)
    page = course.folder / "feedback/anna" / assignment.name / assignment.file
    assert "right" in page.with_suffix(".html").read_text(encoding="utf-8")

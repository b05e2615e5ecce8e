"""The built site: what it holds, and working in it as a student does, in a real browser without a server."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser

from backprop_course import exercises
from backprop_course.site import SiteError, build_site
from tests.site.built import StudentPage, fetch_pyodide, let_tests_in, served

pytestmark = pytest.mark.network
ASSIGNMENTS = ["00-start", *sorted({exercises.get(name).assignment for name in exercises.names()})]


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetch_pyodide(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def site(root: Path, pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site by the command, in an environment made for it."""
    place = tmp_path_factory.mktemp("published")
    uv = Path(sys.executable).with_name("uv")
    _call(uv, "venv", "-q", "--python", sys.executable, place / "venv")
    _call(uv, "pip", "install", "-q", "--python", place / "venv/bin/python", "-e", f"{root}[site]")
    _call(place / "venv/bin/backprop-course", "site", place / "site", "--pyodide", pyodide)
    return place / "site"


def _call(*command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets |= {value for name, value in attrs if name in ("href", "src") and value}


def _pages(site: Path) -> list[Path]:
    return [page for page in sorted(site.rglob("*.html")) if "lab" not in page.relative_to(site).parts]


def test_every_link_of_every_page_leads_to_a_file(site: Path) -> None:
    broken = []
    for page in _pages(site):
        links = _Links()
        links.feed(page.read_text(encoding="utf-8"))
        for target in links.targets:
            parts = urlsplit(target)
            if not parts.scheme and parts.path and not (page.parent / parts.path).exists():
                broken.append(f"{page.relative_to(site)} -> {target}")
            if parts.path.endswith("lab/lab/index.html"):
                notebook = parts.query.removeprefix("path=")
                assert (site / "lab" / "files" / notebook).is_file(), target
    assert not broken


def test_pages_to_read_load_nothing_from_elsewhere(site: Path) -> None:
    for page in [*(site / "read").glob("*.html"), site / "index.html", site / "teach" / "index.html"]:
        loaded = re.findall(
            r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(https?:[^"]*)"', page.read_text()
        )
        assert not loaded, page


def test_no_solution_is_published(site: Path, root: Path) -> None:
    texts = [
        path for path in site.rglob("*") if path.suffix in {".ipynb", ".html", ".json"} and path.is_file()
    ]
    assert texts
    for path in texts:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert "BEGIN SOLUTION" not in text, path
        assert "BEGIN HIDDEN" not in text, path


def test_every_formula_of_the_pages_to_read_is_drawn(site: Path) -> None:
    for page in (site / "read").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"<(pre|code|svg|script|iframe|annotation)\b.*?</\1>", "", text, flags=re.DOTALL)
        assert "$" not in prose, page


def test_a_class_that_takes_a_part_gets_a_part(pyodide: Path, tmp_path: Path) -> None:
    with pytest.raises(
        SiteError, match=r"no assignment is called 99-nothing; expected some of 01-chain-rule"
    ):
        build_site(tmp_path / "site", pyodide=str(pyodide), only=["99-nothing"])


def test_a_folder_with_something_else_in_it_stays_as_it_is(pyodide: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SiteError, match="holds something that is not a site"):
        build_site(tmp_path, pyodide=str(pyodide))
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_what_is_no_pyodide_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"holds no pyodide-lock\.json"):
        build_site(tmp_path / "site", pyodide=str(tmp_path))


@pytest.fixture(scope="module")
def opened(site: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy in which tests reach JupyterLab's commands, with the solved notebooks in it."""
    copy = shutil.copytree(site, tmp_path_factory.mktemp("tried") / "site")
    let_tests_in(copy)
    for file in sorted((root / "solutions").glob("*/*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, copy / "lab" / "files" / file.parent.name / f"solved-{file.name}")
    with served(copy) as url:
        yield url


@pytest.mark.browser
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_solved_notebook_runs_in_the_browser_to_its_end(
    opened: str, root: Path, browser: Browser, assignment: str
) -> None:
    (file,) = (root / "solutions" / assignment).glob("*.ipynb")
    student = StudentPage(browser, opened)
    student.open(f"{assignment}/solved-{file.name}")
    student.run_all()
    assert not student.outcomes()
    assert not student.elsewhere
    assert not student.errors
    student.context.close()


@pytest.mark.browser
def test_a_student_writes_reads_mends_reloads_and_downloads(
    opened: str, browser: Browser, tmp_path: Path
) -> None:
    student = StudentPage(browser, opened)
    student.open("04-activations/activations.ipynb")
    student.run("setup")
    student.run("relu_backward", "def relu_backward(dy, z):\n    return dy * (z * (z > 0) >= 0)")
    assert "wrong-mask" in student.run("check-relu_backward")
    right = "def relu_backward(dy, z):\n    return dy * (z > 0)"
    student.run("relu_backward", right)
    assert "relu_backward: right." in student.run("check-relu_backward")
    student.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    student.page.wait_for_timeout(1000)
    student.open("04-activations/activations.ipynb")
    assert student.source("relu_backward") == right
    with student.page.expect_download() as download:
        student.page.evaluate("() => jupyterapp.commands.execute('docmanager:download')")
    download.value.save_as(tmp_path / "activations.ipynb")
    handed_in = nbformat.read(tmp_path / "activations.ipynb", as_version=4)
    assert right in [cell.source for cell in handed_in.cells]
    student.context.close()


@pytest.mark.browser
def test_an_answer_that_never_ends_is_stopped_in_the_browser(opened: str, browser: Browser) -> None:
    student = StudentPage(browser, opened)
    student.open("04-activations/activations.ipynb")
    student.run("setup")
    student.run("relu_backward", "def relu_backward(dy, z):\n    while True: pass")
    assert "not yet" in student.run("check-relu_backward")
    student.context.close()


@pytest.mark.browser
def test_run_all_on_the_untouched_page_leaves_no_cell_waiting(opened: str, browser: Browser) -> None:
    student = StudentPage(browser, opened)
    student.open("04-activations/activations.ipynb")
    student.run_all()
    assert {error.split(":")[0] for errors in student.outcomes().values() for error in errors} == {
        "ExerciseFailed"
    }
    student.context.close()

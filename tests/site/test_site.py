"""The built site: what it holds, a student's work in it, and what is said where it cannot be built."""

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, expect

from backprop_course.site import RUN, SiteError, build_site
from backprop_course.widgets.saved import WIDGET
from tests.site.built import build, fetch_pyodide, run, served, visit

pytestmark = pytest.mark.network
COURSE = Path(sys.executable).with_name("backprop-course")
NOTEBOOK = "04-activations/activations.ipynb"
WRONG = "def relu_backward(dy, z):\n    return dy * (z < 0)"
ENDLESS = "def relu_backward(dy, z):\n    while True:\n        dy = dy * (z > 0)"
BEGUN = "static/pyodide/kernel.js"  # a worker of this address was there before the kernel asked for one
MODULES = ("exercises", "graph", "network", "notebook", "numerical", "ops", "widgets")
PHONE = 390  # pixels wide
RIGHT = "def relu_backward(dy, z):\n    return dy * (z > 0)"


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetch_pyodide(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def site(root: Path, pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(root, tmp_path_factory.mktemp("published"), pyodide)


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets |= {value for name, value in attrs if name in ("href", "src") and value}
        self.anchors |= {value for name, value in attrs if name == "id" and value}


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
            if not parts.path and parts.fragment and unquote(parts.fragment) not in links.anchors:
                broken.append(f"{page.relative_to(site)} -> {target}")
            if RUN in target:
                assert (site / "lab" / "files" / target.partition(RUN)[2]).is_file(), target
    assert not broken


def test_the_teacher_s_page_lists_its_sections(site: Path, root: Path) -> None:
    text = (root / "backprop_course/grading/README.md").read_text(encoding="utf-8")
    page = (site / "teach" / "index.html").read_text(encoding="utf-8")
    listed = re.findall(r'<a href="#.*?">(.*?)</a>', page)
    assert listed == re.findall(r"^## (.*)", text, flags=re.MULTILINE)


def test_each_page_of_the_reference_leads_to_every_module(site: Path) -> None:
    for page in MODULES:
        links = _Links()
        links.feed((site / "api" / "backprop_course" / f"{page}.html").read_text(encoding="utf-8"))
        assert {f"../backprop_course/{name}.html" for name in MODULES} <= links.targets, page


def test_pages_to_read_load_nothing_from_elsewhere(site: Path) -> None:
    for page in _pages(site):
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
        if path.parent.name == "teach":  # it says what an instructor writes around a solution
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert "BEGIN SOLUTION" not in text, path
        assert "BEGIN HIDDEN" not in text, path


def test_every_formula_of_the_pages_to_read_is_drawn(site: Path) -> None:
    for page in (site / "read").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"<(pre|code|svg|script|iframe|annotation)\b.*?</\1>", "", text, flags=re.DOTALL)
        assert "$" not in prose, page


def test_every_formula_of_the_reference_is_drawn(site: Path) -> None:
    pages = list((site / "api").rglob("*.html"))
    assert any("<math" in page.read_text(encoding="utf-8") for page in pages)
    assert not [page for page in pages if r"\(" in page.read_text(encoding="utf-8")]


def test_from_an_address_comes_the_same_python(site: Path, pyodide: Path, tmp_path: Path) -> None:
    with served(pyodide) as address:
        run(site.parent / "venv/bin/backprop-course", "site", tmp_path / "site", "--pyodide", address)
    first, second = (folder / "lab" / "static" / "pyodide" for folder in (site, tmp_path / "site"))
    assert {file.name for file in first.iterdir()} == {file.name for file in second.iterdir()}
    settings = [(folder / "lab" / "jupyter-lite.json").read_text() for folder in (site, tmp_path / "site")]
    assert settings[0] == settings[1]
    assert address not in settings[0]


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


@pytest.mark.browser
def test_an_answer_is_mended_kept_downloaded_and_graded(url: str, browser: Browser, tmp_path: Path) -> None:
    with visit(browser, url) as lab:
        lab.open(NOTEBOOK)
        lab.run_cell("setup")
        lab.run_cell("relu_backward", WRONG)
        assert "wrong-mask" in lab.run_cell("check-relu_backward")
        lab.run_cell("relu_backward", ENDLESS)
        assert "out-of-time" in lab.run_cell("check-relu_backward")
        lab.run_cell("relu_backward", RIGHT)
        assert "✓" in lab.run_cell("check-relu_backward")
        lab.command("docmanager:save")

        lab.page.reload()
        lab.wait_until_readable()
        assert lab.source("relu_backward") == RIGHT
        kept = lab.kinds_of_output()["setup"]  # the progress as a picture: no kernel keeps its widget
        assert "text/html" in kept
        assert WIDGET not in kept
        question = lab.page.locator(".backprop-choice summary").first
        expect(question).to_have_css("cursor", "pointer")  # JupyterLite trusts the page: the style is there
        with lab.page.expect_download() as download:
            lab.page.get_by_text("File", exact=True).click()
            lab.page.get_by_text("Download", exact=True).click()
        handed_in = tmp_path / "class" / "submitted" / "anna" / NOTEBOOK
        run(COURSE, "new-class", tmp_path / "class", "--only", "04-activations")
        handed_in.parent.mkdir(parents=True)
        download.value.save_as(handed_in)
        assert not lab.errors
        assert not lab.elsewhere
    assert _points(tmp_path / "class")["relu_backward"] == 2


@pytest.mark.browser
def test_who_comes_again_finds_python_begun_with_the_page(url: str, browser: Browser) -> None:
    with visit(browser, url) as lab:
        lab.open(NOTEBOOK)
        assert [BEGUN in worker.url for worker in lab.page.workers] == [False]
        read = lab.run_cell("relu_backward", "print(open('activations.ipynb').read(1))")
        assert read.strip() == "{"  # the service worker answers
        lab.page.reload()
        lab.wait_until_readable()
        lab.wait_until_idle()
        assert [BEGUN in worker.url for worker in lab.page.workers] == [True]
        assert "font" not in lab.run_cell("setup")  # Matplotlib has its list of fonts from the site
        lab.run_cell("relu_backward", RIGHT)
        assert "✓" in lab.run_cell("check-relu_backward")
        lab.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        lab.run_cell("setup")
        lab.run_cell("relu_backward", RIGHT)
        assert "✓" in lab.run_cell("check-relu_backward")
        assert not lab.errors
        assert not lab.elsewhere


@pytest.mark.browser
def test_on_a_phone_the_notebook_has_the_whole_width(url: str, browser: Browser) -> None:
    with visit(browser, url) as lab:
        lab.page.set_viewport_size({"width": PHONE, "height": 844})
        lab.read(NOTEBOOK)
        heading = lab.page.locator(".jp-MarkdownOutput h1").first.bounding_box()
        assert heading["width"] > 0.8 * PHONE


@pytest.mark.browser
def test_jupyterlab_and_the_notebook_s_page_show_the_same_file(url: str, browser: Browser) -> None:
    with visit(browser, url) as lab:
        lab.open(NOTEBOOK)
        lab.run_cell("relu_backward", RIGHT)
        lab.command("docmanager:save")
        lab.page.goto(f"{url}/lab/lab/index.html?path={NOTEBOOK}")
        lab.wait_until_readable()
        assert lab.source("relu_backward") == RIGHT


def test_the_browser_compiles_no_module(site: Path) -> None:
    folder = site / "lab" / "static" / "pyodide"
    with (
        zipfile.ZipFile(folder / "python_stdlib.zip") as library,
        tarfile.open(folder / "packages.bin") as packages,
    ):
        names = [*library.namelist(), *packages.getnames()]
    assert {"os.pyc", "backprop_course/ops/__init__.pyc", "matplotlib/fontlist.json"} <= set(names)
    assert not [name for name in names if name.endswith(".py")]


@pytest.mark.browser
def test_a_notebook_runs_to_its_end_and_its_pictures_move(url: str, browser: Browser) -> None:
    with visit(browser, url) as lab:
        lab.open("03-jacobians/jacobians.ipynb")
        lab.run_all()
        assert not lab.stuck_explorers()
        assert not lab.errors
        assert not lab.elsewhere


def _points(folder: Path) -> dict[str, float]:
    run(COURSE, "grade", "04-activations", "--course", folder)
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        submission = gradebook.find_submission("04-activations", "anna")
        return {
            grade.name.removeprefix("check_"): grade.score
            for nb in submission.notebooks
            for grade in nb.grades
        }

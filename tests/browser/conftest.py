"""A real JupyterLab and a real Chromium for every test in this folder."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUIET = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/application-extension/context-menu": {},
}
IGNORED_ERRORS: tuple[str, ...] = ()


class Lab:
    """One page of JupyterLab, with the few things a test does in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.errors: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        where = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not any(known in where for known in IGNORED_ERRORS):
            self.errors.append(where)

    def command(self, name: str, **arguments: object) -> None:
        """Run one of JupyterLab's commands and wait until it is done."""
        self.page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, arguments])

    def open(self, path: str) -> None:
        """Open a notebook on its own and wait for its kernel."""
        self.page.goto(f"{self.url}doc/tree/{path}")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the kernel of the open notebook has nothing to do."""
        self.page.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )

    def run_all(self) -> None:
        """Run every cell and wait for the last."""
        self.command("notebook:run-all-cells")
        self.wait_until_idle()

    def widget(self, name: str, nth: int = 0) -> Locator:
        """Find the nth widget of a kind, by the CSS class of its root, and scroll to it."""
        found = self.page.locator(f".jp-OutputArea .backprop-widget.{name}").nth(nth)
        found.scroll_into_view_if_needed()
        return found

    def python(self, expression: str) -> str:
        """Evaluate an expression in the notebook's kernel and give its repr."""
        return str(self.page.evaluate(EVALUATE, expression))

    def theme(self, name: str) -> None:
        """Switch to the theme "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=name)
        light = str(name.endswith("Light")).lower()
        self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")


EVALUATE = """async (expression) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code: "", user_expressions: { it: expression }, store_history: false });
  const { content } = await future.done;
  const { it } = content.user_expressions;
  return it.status === "ok" ? it.data["text/plain"] : `${it.ename}: ${it.evalue}`;
}"""


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that JupyterLab serves."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="session")
def lab_url(lab_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a JupyterLab that knows nothing of the user's settings, and give its address."""
    home = tmp_path_factory.mktemp("jupyter")
    folders = {f"JUPYTER_{name}_DIR": home / name.lower() for name in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{name}_DIR": home / name.lower() for name in ("SETTINGS", "WORKSPACES")}
    for plugin, settings in QUIET.items():
        file = home / "settings" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")
    environment = os.environ | {name: str(folder) for name, folder in folders.items()}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    command += [f"--ServerApp.root_dir={lab_root}", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=lab_root, stdout=log, stderr=log)
        try:
            yield _address(server, home)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _address(server: subprocess.Popen[bytes], home: Path) -> str:
    """Wait for the file in which the server writes its address, and for the server to answer."""
    file = home / "runtime" / f"jpserver-{server.pid}.json"
    for _ in range(300):
        if server.poll() is not None:
            break
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            return str(json.loads(text)["url"])
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{(home / 'log').read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def write_notebook(lab_root: Path) -> Callable[..., str]:
    """Give a function that writes a notebook of the given code cells and returns its path."""

    def write(name: str, *cells: str) -> str:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, lab_root / name)
        return name

    return write


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_url: str) -> Iterator[Lab]:
    """Give a fresh page of JupyterLab, the same for all tests of a module."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(30_000)
    yield Lab(context.new_page(), lab_url)
    context.close()


@pytest.fixture(autouse=True)
def no_console_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which the page logged an error."""
    yield
    if "lab" in request.fixturenames:
        lab: Lab = request.getfixturevalue("lab")
        errors, lab.errors = lab.errors, []
        assert not errors, "\n".join(errors)

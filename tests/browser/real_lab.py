"""A real JupyterLab, and one page of it in a real browser."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root with one, and CI is root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVALUATE = """async (expression) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = { code: "", user_expressions: { it: expression }, store_history: false };
  const future = kernel.requestExecute(request);
  const { it } = (await future.done).content.user_expressions;
  return it.status === "ok" ? it.data["text/plain"] : `${it.ename}: ${it.evalue}`;
}"""
RUN_ALL = """async () => {
  for (const { model } of jupyterapp.shell.currentWidget.content.widgets) {
    model.setMetadata("tags", ["raises-exception"]); // so that the cells after it run too
  }
  await jupyterapp.commands.execute("notebook:run-all-cells");
}"""

EXPLORER = ".jp-OutputArea .backprop-widget:not(.progress)"
MOVABLE = "input[type=range], [role=slider], td[role=gridcell][tabindex='0']"
ALL_HAVE_RUN = """() => jupyterapp.shell.currentWidget.content.widgets.every(({ model }) =>
  model.type !== "code" || !model.sharedModel.getSource().trim() || model.executionCount !== null)"""


class Lab:
    """One page of JupyterLab, with the few things a test does in it."""

    patience = 120_000  # milliseconds for the cells of a notebook
    ignored_errors: tuple[str, ...] = ()  # pieces of messages that are no fault of ours, each with its reason

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.errors: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._on_error(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._on_error(f"{message.text} ({message.location.get('url', '')})")

    def _on_error(self, said: str) -> None:
        if not any(known in said for known in self.ignored_errors):
            self.errors.append(said)

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
        """Run every cell, also after one that raises, and wait for the last and until all are on the page."""
        self.page.evaluate(RUN_ALL)
        self.wait_until_shown()

    def wait_until_shown(self) -> None:
        """Wait until every cell has run and is on the page, also those far away."""
        # between two cells the kernel is idle, too
        self.page.wait_for_function(ALL_HAVE_RUN, timeout=self.patience)
        self.wait_until_idle()
        notebook = "jupyterapp.shell.currentWidget.content"
        self.page.wait_for_function(f"() => {notebook}.widgets.every((cell) => cell.node.isConnected)")

    def widget(self, name: str, nth: int = 0) -> Locator:
        """Find the nth widget of a kind, by the CSS class of its root, and scroll to it."""
        found = self.page.locator(f".jp-OutputArea .backprop-widget.{name}").nth(nth)
        found.scroll_into_view_if_needed()
        return found

    def stuck_explorers(self) -> list[str | None]:
        """Press keys on every control of every explorer, and name those that look the same after it."""
        return [
            widget.get_attribute("class") for widget in self.page.locator(EXPLORER).all() if _stuck(widget)
        ]

    def drag(self, handle: Locator, by: Callable[[float, float], tuple[float, float]]) -> None:
        """Drag a handle with the mouse; `by` turns where it is on the page into where it goes."""
        middle = self._grab(handle)
        self.page.mouse.move(*by(*middle), steps=5)
        self.page.mouse.up()

    def _grab(self, handle: Locator) -> tuple[float, float]:
        """Press the mouse on a handle, again if the page shifted meanwhile: outputs above may still load."""
        for _ in range(20):
            handle.scroll_into_view_if_needed()
            box = handle.locator(".target").bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            if "dragging" in handle.get_attribute("class"):
                return x, y
            self.page.mouse.up()
            self.page.wait_for_timeout(200)
        raise AssertionError(f"the mouse finds no handle at ({x:.0f}, {y:.0f})")

    def set(self, name: str, **traits: object) -> None:
        """Set a widget's traits from Python, after all that the page still sends."""
        self.wait_until_idle()
        self.page.wait_for_timeout(150)  # milliseconds; the next message goes out once the last is handled
        self.wait_until_idle()
        self.python(f"[{name}.set_trait(k, v) for k, v in {traits!r}.items()]")

    def python(self, expression: str) -> str:
        """Evaluate an expression in the notebook's kernel and give its repr."""
        return str(self.page.evaluate(EVALUATE, expression))

    def expect_python(self, expression: str, expected: str) -> None:
        """Wait until an expression has the expected repr: what the page sends may still be on its way."""
        for _ in range(50):
            if (found := self.python(expression)) == expected:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{expression} is {found}; expected {expected}")

    def theme(self, name: str) -> None:
        """Switch to "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=name)
        body = self.page.locator(f"body[data-jp-theme-name='{name}']")
        body.wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")


def _stuck(widget: Locator) -> bool:
    before = widget.inner_html()
    for control in widget.locator(MOVABLE).all():
        if control.is_visible() and control.is_enabled():
            control.focus()
            for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
                control.press(key)
    widget.page.wait_for_timeout(300)  # milliseconds, for it to be drawn
    return widget.inner_html() == before


def pick(widget: Locator, option: str) -> None:
    """Choose among a widget's options by their text: radio buttons where there are few, a list where many."""
    radio = widget.get_by_role("radio", name=option, exact=True)
    if radio.count():
        radio.check()
    else:
        entry = widget.page.locator("option").filter(has_text=re.compile(f"^{re.escape(option)}$"))
        widget.locator("select").filter(has=entry).select_option(label=option)


@contextmanager
def serve(root: Path, home: Path) -> Iterator[str]:
    """Serve the notebooks under `root` from a JupyterLab that keeps all of its own files under `home`."""
    folders = {f"JUPYTER_{name}_DIR": home / name.lower() for name in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{name}_DIR": home / name.lower() for name in ("SETTINGS", "WORKSPACES")}
    folders["IPYTHONDIR"] = home / "ipython"
    _no_pop_ups(home / "settings")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    command += [
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.root_dir={root}",
    ]
    with (home / "log").open("w") as log:
        environment = os.environ | {name: str(folder) for name, folder in folders.items()}
        server = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
        try:
            yield _address(server, home)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _no_pop_ups(settings: Path) -> None:
    """Answer the questions that JupyterLab asks a new user."""
    file = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8")


def _address(server: subprocess.Popen[bytes], home: Path) -> str:
    """Wait until the server has chosen a port and written its address to a file."""
    file = home / "runtime" / f"jpserver-{server.pid}.json"
    for _ in range(1800):
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            return str(json.loads(text)["url"])
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(home / 'log').read_text(encoding='utf-8')}")


@contextmanager
def launch(chromium: str) -> Iterator[Browser]:
    """Start the Chromium at this path."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser, url: str) -> Iterator[Lab]:
    """Open a page with a memory of its own."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(30_000)
    yield Lab(context.new_page(), url)
    context.close()


def write_notebook(file: Path, *cells: str, above: Sequence[str] = ()) -> None:
    """Write a notebook of the given code cells, with texts above them."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            *(nbformat.v4.new_markdown_cell(words) for words in above),
            *(nbformat.v4.new_code_cell(cell) for cell in cells),
        ]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, file)

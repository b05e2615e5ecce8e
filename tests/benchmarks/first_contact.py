"""How much a newcomer loads, and how long it takes until the first check has answered.

Run from the repository's root: ``python -m tests.benchmarks.first_contact [SITE]``, with the folder of a site
that ``backprop-course site`` built, or none to have one built. A server of its own compresses as GitHub Pages
does and lets the browser keep a file for ten minutes, as it does there. A headless Chromium opens the start
page, runs its cells up to the first check, is closed, and comes a second time. Its profile lies on the disk,
as everybody's does: a private window, which Playwright opens otherwise, keeps no large file and no compiled
code. Beside it: what pip installs, on Binder (``binder/requirements.txt``) and on a laptop (``.[student]``),
into an environment of its own with nothing
kept from before; its seconds end with the first verdict in plain Python.
"""

import gzip
import os
import shutil
import sys
import tempfile
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import BrowserContext, sync_playwright

from tests.benchmarks._measure import reach
from tests.browser.real_lab import CHROMIUM_ARGUMENTS
from tests.site.built import PATIENCE, SiteLab, build, fetch_pyodide, run

ROOT = Path(__file__).resolve().parents[2]
COMPRESSED = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".wasm", ".webmanifest"}
UNTIL_THE_CHECK = ("run-see", "check-see", "check-answer", "check-wrong")
MB = 1e6
FIRST_VISIT, SECOND_VISIT = 15, 5  # seconds, on a laptop


class _Pages(SimpleHTTPRequestHandler):
    """Serves files as GitHub Pages does, and notes for each its size and how many bytes went out."""

    packed: dict[Path, bytes]
    sent: list[tuple[int, int]]

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        body = self.packed.get(file) or file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        if file in self.packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
        self.sent.append((file.stat().st_size, len(body)))

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep to the table."""


def visit(context: BrowserContext, url: str) -> tuple[float, float]:
    """Give the seconds until the start page can be read, and until its first check has answered."""
    lab = SiteLab(context.new_page(), url, [])
    begun = time.monotonic()
    lab.read("00-start/start.ipynb")
    lab.page.locator(".jp-MarkdownOutput h1").first.wait_for()
    readable = time.monotonic()
    lab.wait_until_idle()
    for cell in UNTIL_THE_CHECK:
        said = lab.run_cell(cell)
    answered = time.monotonic()
    if "wrong-mask" not in said:
        sys.exit(f"the first check did not name the mistake, but said: {said}")
    return readable - begun, answered - begun


def measure_site(site: Path, chromium: str) -> None:
    """Print a line for the first visit and one for the second."""
    files = [file for file in site.rglob("*") if file.suffix in COMPRESSED]
    packed = {file: gzip.compress(file.read_bytes(), 6) for file in files}
    sent: list[tuple[int, int]] = []
    handler = type("Pages", (_Pages,), {"packed": packed, "sent": sent})
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: handler(*a, directory=str(site))) as server,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as profile,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        for name, goal in (("first", FIRST_VISIT), ("second", SECOND_VISIT)):
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=chromium,
                args=CHROMIUM_ARGUMENTS,
                viewport={"width": 1280, "height": 900},
            )
            context.set_default_timeout(PATIENCE)
            readable, answered = visit(context, f"http://127.0.0.1:{server.server_port}")
            context.close()
            size, loaded = (sum(column) / MB for column in zip((0, 0), *sent, strict=True))
            print(
                f"site, {name + ' visit':16}{loaded:9.1f}{size:11.1f}{readable:11.1f}{answered:8.1f}",
                flush=True,
            )
            what, found = f"first check in the browser, {name} visit", f"{answered:.1f} s, {loaded:.1f} MB"
            reach(what, found, f"< {goal} s", answered < goal, "Python itself starts anew in each page")
            sent.clear()
        server.shutdown()


def measure_installation(name: str, place: Path, *wanted: object) -> None:
    """Print a line for an environment that pip makes."""
    begun = time.monotonic()
    python = place / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", place],
        [python, "-m", "pip", "install", "--quiet", "--no-cache-dir", *wanted],
        [python, "-c", "import backprop_course as b; assert not b.evaluate('relu_backward', abs).passed"],
    ):
        run(*command)
    size = sum(file.lstat().st_size for file in place.rglob("*") if file.is_file()) / MB
    print(f"{name:22}{'':9}{size:11.1f}{'':11}{time.monotonic() - begun:8.1f}", flush=True)


def main(arguments: list[str]) -> None:
    """Measure both, and say on what kind of a machine."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on PATH (Debian, Ubuntu: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        site = Path(arguments[0]) if arguments else build(ROOT, place, fetch_pyodide(place))
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        print(f"{'':22}{'MB loaded':>9}{'MB on disk':>11}{'s readable':>11}{'s check':>8}")
        measure_site(site, chromium)
        measure_installation(
            "Binder's packages", place / "binder", "-r", ROOT / "binder/requirements.txt", ROOT
        )
        measure_installation("pip install .[student]", place / "student", f"{ROOT}[student]")


if __name__ == "__main__":
    main(sys.argv[1:])

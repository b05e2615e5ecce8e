"""Every notebook of the course in the built site, as it is handed out and as it is solved.

Run from the repository's root: ``python -m tests.site.every_notebook [SITE [NAME ...]]``, with the
folder of a site that ``backprop-course site`` built, or none to have one built, and parts of the files'
names, such as ``solutions/04``, or none for all. Each notebook is opened in Chromium by somebody who can
reach nothing but the site, and run from top to bottom. One line a notebook: seconds until its kernel was
there, seconds that it ran, and below what was not as it should be. Exits with 1 if anything was.
"""

import copy
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from playwright.sync_api import Browser

from tests.browser.real_lab import launch
from tests.site.built import SiteLab, build, fetch_pyodide, served, visit

ROOT = Path(__file__).resolve().parents[2]
NOT_COMPARED = {
    "application/vnd.jupyter.widget-view+json",  # what is stored is the figure in a widget's place
}


def differences(lab: SiteLab, notebook: NotebookNode, solved: bool) -> list[str]:
    """Say below which cells of a notebook that has run stands something else than is meant to.

    A solved notebook has its outputs stored. In a released one no cell raises there, not even a check.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if solved:
        meant = {cell.id: {kind for output in cell.outputs for kind in _kinds(output)} for cell in cells}
        shown = lab.kinds_of_output()
        # No cell raises there, not even a check whose stored output has an error.
        meant = {cell: kinds - NOT_COMPARED - {"error"} for cell, kinds in meant.items()}
        shown = {cell: kinds - NOT_COMPARED for cell, kinds in shown.items()}
    else:
        meant = {cell.id: set() for cell in cells}
        shown = {cell: kinds & {"error"} for cell, kinds in lab.kinds_of_output().items()}
    return [
        f"{cell}: {sorted(shown[cell])} instead of {sorted(meant[cell])}"
        for cell in meant
        if shown[cell] != meant[cell]
    ]


def _kinds(output: NotebookNode) -> list[str]:
    return list(output.data) if "data" in output else [output.get("name", "error")]


def main(arguments: list[str]) -> int:
    """Run them all and say how each went."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on PATH (Debian, Ubuntu: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        site = Path(arguments[0]) if arguments else build(ROOT, place, fetch_pyodide(place))
        tried = Path(shutil.copytree(site, place / "tried"))  # solved notebooks are laid into it
        print(f"{'':50}{'kernel':>8}{'run':>8}   seconds")
        with served(tried) as url, launch(chromium) as browser:
            wrong = [_tell(browser, url, tried, file) for file in _files(arguments[1:])]
    return 1 if any(wrong) else 0


def _files(names: list[str]) -> list[Path]:
    files = [file for kind in ("notebooks", "solutions") for file in sorted((ROOT / kind).glob("*/*.ipynb"))]
    return [file for file in files if not names or any(name in str(file) for name in names)]


def _tell(browser: Browser, url: str, site: Path, file: Path) -> list[str]:
    """Run one notebook, print how it went, and return what was wrong."""
    notebook, path = nbformat.read(file, as_version=4), f"{file.parent.name}/{file.name}"
    solved = file.parents[1].name == "solutions"
    if solved:
        _lay_out(notebook, site / "lab" / "files" / path)
    with visit(browser, url) as lab:
        begun = time.monotonic()
        lab.open(path)
        there = time.monotonic()
        lab.command("notebook:run-all-cells")
        lab.wait_until_shown()
        ran = time.monotonic()
        wrong = differences(lab, notebook, solved) + [f"stuck: {name}" for name in lab.stuck_explorers()]
        wrong += lab.errors + [f"asked of another server: {address}" for address in lab.elsewhere]
    line = f"{file.relative_to(ROOT)!s:50}{there - begun:8.1f}{ran - there:8.1f}"
    print(line, *wrong, sep="\n    ", flush=True)
    return wrong


def _lay_out(notebook: NotebookNode, target: Path) -> None:
    """Put a solved notebook, its outputs cleared, where the site has the released one."""
    cleared = copy.deepcopy(notebook)
    for cell in cleared.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(cleared, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

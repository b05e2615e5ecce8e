"""Putting the parts of the site together."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_markdown_cell

from backprop_course.site._api import build_api
from backprop_course.site._course import Page, chosen_pages, course_wheel
from backprop_course.site._errors import SiteError
from backprop_course.site._front import build_front, build_teach
from backprop_course.site._lab import build_lab
from backprop_course.site._pyodide import PYODIDE_URL
from backprop_course.site._read import build_read
from backprop_course.site._shell import START

WHERE_WORK_IS = """\
**Where your work is.** What you write stays in this browser, on this computer. Come back to the address of \
this page with the same browser, or reload it, and you find it again; then run its cells again from the top. \
Each notebook has a page of its own: *Open…* in the menu *File* lists them all, and *Open JupyterLab* in the \
menu *View* shows several side by side. A private window forgets what you wrote, and so does a browser whose \
site data you clear. To hand a notebook in, or to be safe, choose *Download* from the menu *File*: the file \
is a notebook like any other, and is graded like any other."""


def build_site(
    folder: Path,
    *,
    pyodide: str = PYODIDE_URL,
    only: Sequence[str] = (),
    say: Callable[[str], None] = print,
) -> None:
    """Build the site into `folder`, whole or not at all.

    Parameters
    ----------
    folder : Path
        New, empty, or an earlier site, which is replaced.
    pyodide : str
        Where Python for the browser comes from: an address, a folder or an archive. The site holds
        a copy and asks no other server for anything.
    only : sequence of str
        Assignments to offer, for a class that takes a part; all of them where empty.
    say : callable
        Told what is being built, a line at a time.

    Raises
    ------
    SiteError
        When `folder` holds something else, an assignment does not exist, or something that the build needs is
        missing.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "lab" / "jupyter-lite.json").is_file():
        raise SiteError(f"{folder} holds something that is not a site; expected a new or an empty folder")
    pages = chosen_pages(only)
    with TemporaryDirectory(dir=_existing_parent(folder)) as place:
        site, work = Path(place, "site"), Path(place, "work")
        site.mkdir()
        say("the notebooks to run (lab/)")
        build_lab(site / "lab", _contents(pages, work), course_wheel(work), pyodide)
        say("the notebooks to read (read/)")
        build_read(site / "read", pages)
        say("the reference (api/)")
        build_api(site / "api")
        say("the front page and the teacher's page")
        build_front(site, pages)
        build_teach(site / "teach")
        if folder.exists():
            shutil.rmtree(folder)
        site.rename(folder)


def _existing_parent(folder: Path) -> Path:
    """Make the folder above, so that the finished site is moved into place and never copied."""
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    return parent


def _contents(pages: Sequence[Page], work: Path) -> Path:
    """Lay out what a student finds: the release, whose start page says where the browser keeps it."""
    contents = work / "contents"
    for page in pages:
        shutil.copytree(page.file.parent, contents / page.file.parent.name)
    for file in contents.glob("*/*.ipynb"):
        notebook = nbformat.read(file, as_version=4)
        if file == contents / START:
            notebook.cells.insert(1, new_markdown_cell(WHERE_WORK_IS, id="where-work-is"))
        # Trusted, the questions in it keep their style. nbformat would take the mark out again, and write
        # lines apart, which JupyterLite does not put together.
        for cell in notebook.cells:
            cell.metadata.trusted = True
        file.write_text(json.dumps(notebook), encoding="utf-8")
    return contents

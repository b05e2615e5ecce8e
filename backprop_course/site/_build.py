"""Putting the parts of the site together."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_course.site._api import build_api
from backprop_course.site._course import Page, chosen_pages, course_wheel
from backprop_course.site._front import build_front, build_teach
from backprop_course.site._lab import build_lab
from backprop_course.site._pyodide import PYODIDE_URL, SiteError
from backprop_course.site._read import build_read


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
        Where Python for the browser comes from: an address, a folder or an archive. With a folder or an
        archive the site holds its own copy and asks no other server for anything.
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
    contents = work / "contents"
    for page in pages:
        shutil.copytree(page.file.parent, contents / page.file.parent.name)
    return contents

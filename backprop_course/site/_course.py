"""What the site shows of the course: its released notebooks, in order, and the package as a wheel."""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from backprop_course.exercises import Exercise, assigned
from backprop_course.notebook.released import release_folder
from backprop_course.site._errors import SiteError


@dataclass(frozen=True)
class Page:
    """A released notebook: its file in the release."""

    file: Path

    @property
    def name(self) -> str:
        """Folder of the notebook, which is the assignment's name."""
        return self.file.parent.name

    @property
    def path(self) -> str:
        """Where the browser keeps the notebook."""
        return f"{self.name}/{self.file.name}"

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook, as students get it."""
        notebook: NotebookNode = nbformat.read(self.file, as_version=4)
        return notebook

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """Its graded functions; the start page has none."""
        try:
            return assigned(self.name)
        except ValueError:
            return ()

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        return self._opening[0].lstrip("# ")

    @property
    def lead(self) -> str:
        """The paragraph below it, which may lead to what is not shown with it."""
        return re.sub(":$", ".", self._opening[1])

    @cached_property
    def _opening(self) -> list[str]:
        return [part.strip() for part in self.notebook.cells[0].source.split("\n\n")]


def chosen_pages(only: Sequence[str]) -> list[Page]:
    """List the start page and the chosen assignments, in the order of the course."""
    pages = [Page(file) for file in sorted(release_folder().glob("*/*.ipynb"))]
    graded = [page.name for page in pages if page.exercises]
    unknown = sorted(set(only) - set(graded))
    if unknown:
        raise SiteError(f"no assignment is called {', '.join(unknown)}; expected some of {', '.join(graded)}")
    return [page for page in pages if not (only and page.exercises) or page.name in only]


def course_wheel(work: Path) -> Path:
    """Build the wheel that the browser loads: the package, without notebooks."""
    source = Path(str(resources.files("backprop_course"))).parent
    if not (source / "pyproject.toml").is_file():
        raise SiteError(
            f"the site is built from a clone of the repository; {source} is an installed copy. "
            "Clone it and install it there: pip install -e '.[site]'"
        )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(work / "wheel"),
            ".",
        ],
        cwd=source,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SiteError(f"pip could not build the course's wheel:\n{done.stderr.strip()}")
    return next((work / "wheel").glob("backprop_course-*.whl"))


def solved_file(page: Page) -> Path:
    """Find the finished notebook of a released one: the site shows its pictures, never its answers."""
    file = release_folder().parent / "solutions" / page.file.relative_to(release_folder())
    if not file.is_file():
        raise SiteError(f"no finished notebook at {file}; expected a clone of the whole repository")
    return file

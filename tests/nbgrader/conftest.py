"""A class graded once for each assignment: released, handed in, autograded, given feedback, exported."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import students
from backprop_course import exercises
from cells import hidden_lines, marks, test_cells
from classroom import Course, Grade, open_course
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted(folder.name for folder in (ROOT / "solutions").iterdir() if folder.is_dir())


@dataclass(frozen=True)
class Assignment:
    """The notebook of an assignment with its solutions, and what it is graded by."""

    name: str
    file: str
    solution: NotebookNode

    @property
    def functions(self) -> list[str]:
        """The exercises declared for it."""
        return [name for name in exercises.names() if exercises.get(name).assignment == self.name]

    @property
    def points(self) -> dict[str, float]:
        """What nbgrader gives for each function."""
        return {name: marks(cell)["points"] for name, cell in test_cells(self.solution).items()}

    @property
    def hidden_lines(self) -> set[str]:
        """What no student may read."""
        return hidden_lines(self.solution)

    def wrong_in(self, code: int) -> set[str]:
        """Give the functions that student `code` has wrong.

        Function number i is wrong where the binary digits of i + 1 say so: each function is wrong for some and
        right for others, and no two are wrong for the same students. So few notebooks tell whose points are lost.
        """
        return {name for i, name in enumerate(self.functions) if (i + 1) >> code & 1}

    @property
    def codes(self) -> range:
        """Numbers of the students that it takes."""
        return range(len(self.functions).bit_length())


@dataclass(frozen=True)
class GradedClass:
    """What a class got, from the gradebook, the feedback pages and the exported table."""

    grades: dict[str, dict[str, Grade]]
    feedback: dict[str, str]
    exported: dict[str, dict[str, str]]
    complaints: str
    leftovers: list[Path]


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    """Give each assignment in turn."""
    (file,) = (ROOT / "solutions" / request.param).glob("*.ipynb")
    return Assignment(request.param, file.name, nbformat.read(file, as_version=4))


@pytest.fixture(scope="session")
def course(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Give a course folder in which the assignment has been released."""
    return open_course(ROOT, tmp_path_factory.mktemp(assignment.name) / "course", assignment.name)


@pytest.fixture(scope="session")
def graded_class(assignment: Assignment, course: Course, tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Grade the whole class, one half beside the other."""
    release = nbformat.read(course.release / assignment.file, as_version=4)
    submissions = sorted(_submissions(assignment, release).items())
    folder = tmp_path_factory.mktemp("class")

    def grade(half: int) -> dict[str, Any]:
        mine = open_course(ROOT, folder / f"half-{half}", assignment.name)
        for student, content in submissions[half::2]:
            mine.submit(student, {assignment.file: content})
        return _cycle(mine)

    with ThreadPoolExecutor() as pool:
        first, second = pool.map(grade, range(2))
    return GradedClass(**{name: first[name] + second[name] if isinstance(first[name], str | list) else first[name] | second[name] for name in first})


def _submissions(assignment: Assignment, release: NotebookNode) -> dict[str, str]:
    right = students.all_right(assignment.solution, release)
    notebooks = {
        "all-right": right,
        "untouched": release,
        "noisy": students.noisy(right),
        "shuffled-cells": students.shuffled_cells(right),
        "skips-its-tests": students.skips_its_tests(release),
        "cut-short": students.cut_short(right),
        "kills-its-kernel": students.kills_its_kernel(right),
    }
    notebooks |= {f"wrong-{code}": students.wrong(assignment.wrong_in(code), right) for code in assignment.codes}
    submissions = {student: students.text(notebook) for student, notebook in notebooks.items()}
    return submissions | {"broken-file": submissions["all-right"][:1000]}

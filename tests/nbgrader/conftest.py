"""A class graded once for each assignment: released, handed in, autograded, given feedback, exported."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import students
from backprop_course import exercises
from cells import marks, test_cells
from classroom import Course, Grade, open_course
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted(notebook.parent.name for notebook in ROOT.glob("solutions/[!.]*/*.ipynb"))


@dataclass(frozen=True)
class Assignment:
    """An assignment as its solution notebook has it, and the exercises declared for it."""

    name: str
    file: str
    solution: NotebookNode

    @property
    def exercises(self) -> dict[str, exercises.Exercise]:
        """The declarations, by name, in the order of the course."""
        declared = {name: exercises.get(name) for name in exercises.names()}
        return {name: exercise for name, exercise in declared.items() if exercise.assignment == self.name}

    def wrong_for(self, student: int) -> set[str]:
        """Choose the functions that one of the students with wrong answers has wrong.

        Function number n is wrong for the student whose number is a binary digit of n. So each is wrong for some
        students and right for others, no two for the same ones, and a handful of notebooks tells whose points go.
        """
        return {name for n, name in enumerate(self.exercises, start=1) if n >> student & 1}

    @property
    def students_with_wrong_answers(self) -> range:
        """Number the students that this takes."""
        return range(len(self.exercises).bit_length())


@dataclass(frozen=True)
class GradedClass:
    """What a class got, from the gradebook, the feedback and the exported table."""

    assignment: Assignment
    courses: tuple[Course, ...]
    said: str

    def grades(self, student: str) -> dict[str, Grade]:
        """Give a student's grades by function."""
        cells = {marks(cell)["grade_id"]: name for name, cell in test_cells(self.assignment.solution).items()}
        (grades,) = (course.grades()[student] for course in self.courses if student in course.grades())
        return {cells[cell]: grade for cell, grade in grades.items()}

    def scores(self, student: str) -> dict[str, float | None]:
        """Give a student's scores by function."""
        return {name: grade.score for name, grade in self.grades(student).items()}

    @property
    def feedback(self) -> dict[str, str]:
        """Each student's feedback as text."""
        return {student: page for course in self.courses for student, page in course.feedback().items()}

    @property
    def exported(self) -> dict[str, dict[str, str]]:
        """The exported row of each student."""
        return {student: row for course in self.courses for student, row in course.exported().items()}


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    """Give each assignment in turn."""
    (file,) = ROOT.glob(f"solutions/{request.param}/*.ipynb")
    return Assignment(request.param, file.name, nbformat.read(file, as_version=4))


@pytest.fixture(scope="session")
def courses(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, ...]:
    """Open two course folders, so that two processors can grade, and release the assignment in both."""
    folder = tmp_path_factory.mktemp(assignment.name)
    with ThreadPoolExecutor() as pool:
        opened = pool.map(lambda half: open_course(ROOT, folder / half, assignment.name), ("first", "second"))
        return tuple(opened)


@pytest.fixture(scope="session")
def release(assignment: Assignment, courses: tuple[Course, ...]) -> NotebookNode:
    """Give the notebook that students get."""
    return nbformat.read(courses[0].release / assignment.file, as_version=4)


@pytest.fixture(scope="session")
def graded_class(assignment: Assignment, courses: tuple[Course, ...], release: NotebookNode) -> GradedClass:
    """Hand in everybody's notebook, half of them in each course, and run nbgrader's commands one after the other."""
    for number, (student, content) in enumerate(_submissions(assignment, release).items()):
        courses[number % 2].submit(student, assignment.file, content)
    with ThreadPoolExecutor() as pool:
        return GradedClass(assignment, courses, "".join(pool.map(_grade, courses)))


def _grade(course: Course) -> str:
    course.kill_autograde_midway()
    said = course.run("autograde", course.assignment, fails=True)  # each half has one notebook that cannot run
    course.run("generate_feedback", course.assignment)
    course.run("export")
    return said


def _submissions(assignment: Assignment, release: NotebookNode) -> dict[str, str]:
    right = students.all_right(assignment.solution, release)
    notebooks = {
        "all-right": right,
        "untouched": release,
        "kills-its-kernel": students.kills_its_kernel(right),
        "noisy": students.noisy(right),
        "rearranged": students.rearranged(right),
        "skips-its-tests": students.skips_its_tests(release),
        "cut-short": students.cut_short(right),
    }
    for number in assignment.students_with_wrong_answers:
        notebooks[f"wrong-{number}"] = students.wrong(assignment.wrong_for(number), right)
    submissions = {student: students.text(notebook) for student, notebook in notebooks.items()}
    broken = {"a-broken-file": submissions["all-right"][:1000]}
    return broken | submissions

"""A class graded once for each assignment: released, handed in, autograded, given feedback, exported."""

from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import students
from classroom import ASSIGNMENTS, ROOT, TROUBLED, Assignment, Course, GradedClass, open_course
from nbformat import NotebookNode


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
        return tuple(pool.map(lambda half: open_course(folder / half, assignment.name), ("first", "second")))


@pytest.fixture(scope="session")
def release(assignment: Assignment, courses: tuple[Course, ...]) -> NotebookNode:
    """Give the notebook that students get."""
    return nbformat.read(courses[0].release / assignment.file, as_version=4)


@pytest.fixture(scope="session")
def graded_class(assignment: Assignment, courses: tuple[Course, ...], release: NotebookNode) -> GradedClass:
    """Hand in everybody's notebook, every second one in the other course, and run nbgrader's commands."""
    submissions = students.everybody(assignment, release)
    for number, (student, content) in enumerate(submissions.items()):
        courses[number % 2].submit(student, assignment.file, content)
    with ThreadPoolExecutor() as pool:
        return GradedClass(assignment, courses, "".join(pool.map(_grade, courses)))


def _grade(course: Course) -> str:
    troubled = course.assignment == TROUBLED
    if troubled:
        course.kill_autograde_midway()
    said = course.run("autograde", course.assignment, fails=troubled)  # it says who can't be graded
    course.run("generate_feedback", course.assignment)
    course.run("export")
    return said

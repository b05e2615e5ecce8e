"""A class graded once for each assignment: released, handed in, autograded, given feedback, exported."""

import nbformat
import pytest
from nbformat import NotebookNode

from tests.nbgrader import students
from tests.nbgrader.classroom import ASSIGNMENTS, ROOT, TROUBLED, Assignment, Course, GradedClass, open_course


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    """Give each assignment in turn."""
    (file,) = ROOT.glob(f"solutions/{request.param}/*.ipynb")
    return Assignment(request.param, file.name, nbformat.read(file, as_version=4))


@pytest.fixture(scope="session")
def course(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Open a course folder and release the assignment in it."""
    return open_course(tmp_path_factory.mktemp(assignment.name) / "course", assignment.name)


@pytest.fixture(scope="session")
def release(assignment: Assignment, course: Course) -> NotebookNode:
    """Give the notebook that students get."""
    return nbformat.read(course.release / assignment.file, as_version=4)


@pytest.fixture(scope="session")
def graded_class(assignment: Assignment, course: Course, release: NotebookNode) -> GradedClass:
    """Hand in everybody's notebook and run nbgrader's commands."""
    for student, content in students.everybody(assignment, release).items():
        course.submit(student, assignment.file, content)
    if assignment.name == TROUBLED:
        course.kill_autograde_midway()
    said = course.run("autograde", assignment.name)
    course.run("generate_feedback", assignment.name)
    course.run("export")
    return GradedClass(assignment, course, said)

"""Feedback names the mistakes and keeps the hidden tests."""

import re

import pytest

from backprop_course.grading._outputs import TOO_MUCH
from tests.nbgrader import students
from tests.nbgrader.classroom import TROUBLED, Assignment, GradedClass
from tests.nbgrader.notebook_cells import graded_cells, hidden_lines

pytestmark = pytest.mark.nbgrader


def test_feedback_names_each_wrong_answer(assignment: Assignment, graded_class: GradedClass) -> None:
    for number in assignment.students_with_wrong_answers:
        for name in assignment.wrong_for(number):
            page = graded_class.course.feedback()[f"wrong-{number}"]
            after = re.split(rf"\b{name}: not yet\.", page, maxsplit=1)[1]
            assert students.wrong_answer(name)[1] in after.partition(": not yet.")[0], name


def test_feedback_on_a_stub_says_so(assignment: Assignment, graded_class: GradedClass) -> None:
    assert graded_class.course.feedback()["untouched"].count("not-implemented") >= len(assignment.exercises)


@pytest.mark.parametrize("assignment", [TROUBLED], indirect=True, scope="session")
def test_feedback_on_a_missing_function_says_so(assignment: Assignment, graded_class: GradedClass) -> None:
    *_, (missing, _) = graded_cells(assignment.solution)
    assert f"There is no function {missing}" in graded_class.course.feedback()["cut-short"]


def test_feedback_shows_no_hidden_test(assignment: Assignment, graded_class: GradedClass) -> None:
    hidden = hidden_lines(assignment.solution)
    assert hidden
    for student, page in graded_class.course.feedback().items():
        for secret in ("HIDDEN TESTS", *hidden):
            assert secret not in page, student


def test_feedback_has_all_that_the_course_shows_and_no_style_as_text(graded_class: GradedClass) -> None:
    for student, page in graded_class.course.feedback().items():
        assert TOO_MUCH not in page, student
        assert ".backprop-choice {" not in page, student


def test_feedback_brings_no_file_from_beside_the_solution(graded_class: GradedClass) -> None:
    files = [path for path in (graded_class.course.folder / "feedback").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".html"}

"""A class's scores, through nbgrader's own commands; a run of them was killed midway before."""

import pytest
from nbformat import NotebookNode

from tests.nbgrader import students
from tests.nbgrader.classroom import TROUBLED, Assignment, GradedClass
from tests.nbgrader.notebook_cells import solution_cells

pytestmark = pytest.mark.nbgrader

BROKEN = "a-broken-file"  # it cannot be read, so a person has to look
troubled_class = pytest.mark.parametrize("assignment", [TROUBLED], indirect=True, scope="session")


def test_right_answers_get_every_point(graded_class: GradedClass) -> None:
    assert graded_class.scores("all-right") == graded_class.assignment.points


@troubled_class
@pytest.mark.parametrize("student", ["noisy", "rearranged"])
def test_right_answers_in_an_odd_notebook_get_every_point(graded_class: GradedClass, student: str) -> None:
    assert graded_class.scores(student) == graded_class.assignment.points


def test_stubs_get_no_point(graded_class: GradedClass) -> None:
    assert graded_class.scores("untouched") == dict.fromkeys(graded_class.assignment.points, 0)


@troubled_class
def test_tests_that_are_tagged_to_be_skipped_give_no_point(graded_class: GradedClass) -> None:
    assert graded_class.scores("skips-its-tests") == dict.fromkeys(graded_class.assignment.points, 0)


def test_wrong_function_loses_its_own_points_only(assignment: Assignment, graded_class: GradedClass) -> None:
    for number in assignment.students_with_wrong_answers:
        wrong = assignment.lost_with(assignment.wrong_for(number))
        expected = {name: 0 if name in wrong else points for name, points in assignment.points.items()}
        assert graded_class.scores(f"wrong-{number}") == expected


@troubled_class
def test_notebook_cut_short_keeps_the_points_of_what_is_there(
    assignment: Assignment, release: NotebookNode, graded_class: GradedClass
) -> None:
    kept = solution_cells(NotebookNode(cells=release.cells[: len(release.cells) // 2]))
    assert 0 < len(kept) < len(assignment.exercises)
    expected = {name: points if name in kept else 0 for name, points in assignment.points.items()}
    assert graded_class.scores("cut-short") == expected


@troubled_class
def test_cell_that_ends_the_kernel_costs_nothing_but_itself(graded_class: GradedClass) -> None:
    assert graded_class.scores("kills-its-kernel") == graded_class.assignment.points


@troubled_class
def test_file_that_cannot_be_read_gets_no_point_and_waits_for_a_person(graded_class: GradedClass) -> None:
    assert graded_class.scores(BROKEN) == dict.fromkeys(graded_class.assignment.points, 0)
    assert all(grade.needs_manual_grade for grade in graded_class.grades(BROKEN).values())


def test_nothing_else_waits_for_manual_grading(graded_class: GradedClass) -> None:
    for student in graded_class.course.exported().keys() - {BROKEN}:
        assert not any(grade.needs_manual_grade for grade in graded_class.grades(student).values()), student


def test_exported_table_has_everybody_with_the_sum_of_the_scores(
    assignment: Assignment, release: NotebookNode, graded_class: GradedClass
) -> None:
    assert graded_class.course.exported().keys() == students.everybody(assignment, release).keys()
    for student, row in graded_class.course.exported().items():
        assert row["assignment"] == assignment.name
        assert float(row["max_score"]) == sum(assignment.points.values())
        assert float(row["score"]) == sum(score or 0 for score in graded_class.scores(student).values())

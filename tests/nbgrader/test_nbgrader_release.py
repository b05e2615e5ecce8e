"""The students' notebooks are what nbgrader makes of the solutions, and give nothing away."""

import ast
from pathlib import Path

import pytest
from cells import graded, hidden_lines, marks, solution_cells
from classroom import Course
from conftest import ASSIGNMENTS, Assignment
from nbformat import NotebookNode

pytestmark = pytest.mark.nbgrader


def _files(folder: Path) -> dict[Path, bytes]:
    visible = (path for path in folder.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(folder): path.read_bytes() for path in visible}


def test_release_is_the_committed_one_byte_for_byte(
    root: Path, assignment: Assignment, courses: tuple[Course, ...]
) -> None:
    for course in courses:
        assert _files(course.release) == _files(root / "notebooks" / assignment.name)


def test_only_notebooks_are_released(root: Path) -> None:
    released = _files(root / "notebooks")
    assert {path.suffix for path in released} == {".ipynb"}
    assert sorted(path.parent.name for path in released if path.parent.name) == ASSIGNMENTS


def test_release_holds_no_solution_no_hidden_test_no_output(assignment: Assignment, release: NotebookNode) -> None:
    source = "\n".join(cell.source for cell in release.cells)
    for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", *hidden_lines(assignment.solution)):
        assert secret not in source
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in release.cells)


def test_stub_is_the_signature_a_docstring_and_an_error(assignment: Assignment, release: NotebookNode) -> None:
    cells = solution_cells(release)
    assert list(cells) == list(assignment.exercises)
    for name, exercise in assignment.exercises.items():
        (stub,) = (n for n in ast.parse(cells[name].source).body if isinstance(n, ast.FunctionDef) and n.name == name)
        assert ast.unparse(stub.args) == str(exercise.signature)[1:-1]
        assert ast.get_docstring(stub)
        assert [ast.unparse(line) for line in stub.body[1:]] == ["raise NotImplementedError"]


def test_every_exercise_is_graded_once_for_its_points(assignment: Assignment) -> None:
    in_notebook = [(name, marks(cell)["points"]) for name, cell in graded(assignment.solution)]
    assert in_notebook == [(name, exercise.points) for name, exercise in assignment.exercises.items()]


def test_every_test_is_locked_and_has_a_hidden_part_of_its_own(assignment: Assignment) -> None:
    hidden = [hidden_lines(NotebookNode(cells=[cell])) for _, cell in graded(assignment.solution)]
    checks = ["".join(line for line in lines if "backprop_course.check(" in line) for lines in hidden]
    for check, (name, cell) in zip(checks, graded(assignment.solution), strict=True):
        assert check.startswith(f'backprop_course.check({name}, "{name}", seed=')
        assert marks(cell)["locked"]
        assert not marks(cell)["solution"]
    assert len({check.partition("seed=")[2] for check in checks}) == len(checks)

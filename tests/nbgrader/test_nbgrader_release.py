"""The students' notebooks are what nbgrader makes of the solutions, and give nothing away."""

import ast
import contextlib
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from nbformat import NotebookNode

from backprop_course import evaluate
from tests.nbgrader.classroom import ASSIGNMENTS, START, Assignment, Course, open_course
from tests.nbgrader.notebook_cells import function_in, graded_cells, hidden_lines, marks, solution_cells

pytestmark = pytest.mark.nbgrader


def _files(folder: Path) -> dict[Path, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    visible = [path for path in files if ".ipynb_checkpoints" not in path.parts]
    return {path.relative_to(folder): path.read_bytes() for path in visible}


def test_release_is_the_committed_one_byte_for_byte(
    root: Path, assignment: Assignment, course: Course
) -> None:
    assert _files(course.release) == _files(root / "notebooks" / assignment.name)


def test_release_of_the_start_page_is_the_committed_one(root: Path, tmp_path: Path) -> None:
    assert _files(open_course(tmp_path / "course", START).release) == _files(root / "notebooks" / START)


def test_only_notebooks_are_released(root: Path) -> None:
    released = _files(root / "notebooks")
    assert {path.suffix for path in released} == {".ipynb"}
    assert sorted(path.parent.name for path in released) == [START, *ASSIGNMENTS]


def test_release_gives_nothing_away(assignment: Assignment, release: NotebookNode) -> None:
    source = "\n".join(cell.source for cell in release.cells)
    for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", *hidden_lines(assignment.solution)):
        assert secret not in source
    assert not any(cell.get("execution_count") for cell in release.cells)


def test_a_release_shows_its_questions_and_nothing_else(release: NotebookNode) -> None:
    asked = [cell.id for cell in release.cells if cell.source.startswith("choose(")]
    assert [cell.id for cell in release.cells if cell.get("outputs")] == asked


def test_no_function_of_the_release_answers_an_exercise(
    assignment: Assignment, release: NotebookNode
) -> None:
    functions = list(_functions(release))
    assert len(functions) > 5  # the search finds them
    for name, exercise in assignment.exercises.items():
        count = len(exercise.parameters)
        for function in functions:
            taken = len(inspect.signature(function).parameters)
            orders = _orders(count) if taken == count else []
            tried: list[Callable[..., Any]] = [partial(_in_order, function, order) for order in orders]
            if taken == 1 and count == 2:
                tried.append(lambda dy, z, slope=function: dy * slope(z))
            for answer in tried:
                assert not evaluate(name, answer).passed, (name, ast.unparse(function.tree))
    plt.close("all")  # some of them draw


def _functions(release: NotebookNode) -> Iterator[Any]:
    """Make each function and lambda that a release's own cells define, with the names that they may use."""
    known: dict[str, Any] = {}
    found: list[ast.FunctionDef | ast.Lambda] = []
    for cell in release.cells:
        if cell.cell_type != "code" or marks(cell).get("grade"):
            continue
        lines = [line for line in cell.source.splitlines() if line[:1] not in ("%", "!")]
        tree = ast.parse("\n".join(lines))
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Assign):
                with contextlib.suppress(Exception):  # it calls what is still to be written
                    exec(compile(ast.Module([statement], []), "release", "exec"), known)
        if not marks(cell).get("solution"):
            found += [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    for node in found:
        if isinstance(node, ast.Lambda):
            function = eval(compile(ast.Expression(node), "release", "eval"), known)
        else:
            own: dict[str, Any] = {}
            exec(compile(ast.Module([node], []), "release", "exec"), known, own)
            function = own[node.name]
        function.tree = node
        yield function


def _orders(count: int) -> list[tuple[int, ...]]:
    """Give the orders in which a function may take so many arguments: all, where they are few."""
    return list(permutations(range(count))) if count < 4 else [tuple(range(count))]


def _in_order(function: Callable[..., Any], order: tuple[int, ...], *arguments: Any) -> Any:
    return function(*(arguments[place] for place in order))


def test_stub_is_signature_docstring_error(assignment: Assignment, release: NotebookNode) -> None:
    cells = solution_cells(release)
    assert cells.keys() == assignment.exercises.keys()
    for name, exercise in assignment.exercises.items():
        stub = function_in(cells[name])
        assert f"({ast.unparse(stub.args)})" == str(exercise.signature)
        assert ast.get_docstring(stub)
        assert [ast.unparse(line) for line in stub.body[1:]] == ["raise NotImplementedError"]


def test_every_exercise_is_graded_once_for_its_points(assignment: Assignment) -> None:
    in_notebook = [(name, marks(cell)["points"]) for name, cell in graded_cells(assignment.solution)]
    assert sorted(in_notebook) == sorted(assignment.points.items())


def test_every_graded_cell_is_locked_and_has_a_hidden_check_of_its_own(assignment: Assignment) -> None:
    seeds = set()
    for name, cell in graded_cells(assignment.solution):
        assert marks(cell)["locked"]
        assert not marks(cell)["solution"]
        hidden = "\n".join(hidden_lines(NotebookNode(cells=[cell])))
        _, call, seed = hidden.partition(f'backprop_course.check({name}, "{name}", seed=')
        assert call
        seeds.add(seed)
    assert len(seeds) == len(assignment.exercises)

"""The cells of a course notebook, told apart by nbgrader's marks."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from backprop_course import exercises

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)


def marks(cell: NotebookNode) -> dict[str, Any]:
    """Give nbgrader's metadata of a cell, empty where it has none."""
    return dict(cell.metadata.get("nbgrader", {}))


def solution_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Give the cells that students fill in, by the function that each asks for."""
    cells = [cell for cell in notebook.cells if marks(cell).get("solution")]
    return {asked.name: cell for cell in cells for asked in _exercises_in(cell)}


def graded_cells(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield each graded cell with the function that it checks, in order, repetitions included."""
    for cell in notebook.cells:
        if marks(cell).get("grade"):
            yield re.findall(r"^check\((\w+)\)", cell.source, re.MULTILINE)[0], cell


def hidden_lines(notebook: NotebookNode) -> set[str]:
    """Give the lines of the hidden tests that no visible part of the notebook holds."""
    parts = [part for cell in notebook.cells for part in HIDDEN.findall(cell.source)]
    visible = "\n".join(HIDDEN.sub("", cell.source) for cell in notebook.cells)
    hidden = {line.strip() for part in parts for line in part.splitlines()}
    return {line for line in hidden if line and line not in visible}


def function_in(cell: NotebookNode) -> ast.FunctionDef:
    """Find the exercise's function in a solution cell."""
    (asked,) = _exercises_in(cell)
    return asked


def _exercises_in(cell: NotebookNode) -> list[ast.FunctionDef]:
    """Find what a solution cell asks for, nothing where no point is given for it."""
    functions = [node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if function.name in exercises.names()]


def names_in(cell: NotebookNode) -> set[str]:
    """Give the exercises that the function in a solution cell uses, itself left out."""
    function = function_in(cell)
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return used & set(exercises.names()) - {function.name}

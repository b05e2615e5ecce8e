"""The cells of a course notebook, told apart by nbgrader's marks."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from backprop_course import exercises
from nbformat import NotebookNode

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)


def marks(cell: NotebookNode) -> dict[str, Any]:
    """Give nbgrader's metadata of a cell, empty where it has none."""
    return dict(cell.metadata.get("nbgrader", {}))


def solution_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Give the cells that students fill in, by the function that each asks for."""
    return {function_of(cell): cell for cell in notebook.cells if marks(cell).get("solution")}


def test_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Give the graded cells by the function that each checks."""
    return dict(graded(notebook))


def graded(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield each graded cell with the function that it checks, in order, repetitions included."""
    for cell in notebook.cells:
        if marks(cell).get("grade"):
            yield re.findall(r"^check\((\w+)\)", cell.source, re.MULTILINE)[0], cell


def hidden_lines(notebook: NotebookNode) -> set[str]:
    """Give the lines of the hidden tests that no visible part of the notebook holds."""
    hidden = {line.strip() for cell in notebook.cells for part in HIDDEN.findall(cell.source) for line in part.splitlines()}
    visible = "\n".join(HIDDEN.sub("", cell.source) for cell in notebook.cells)
    return {line for line in hidden if line and line not in visible}


def function_of(cell: NotebookNode) -> str:
    """Name the exercise that a solution cell asks for."""
    defined = [node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]
    (name,) = set(defined) & set(exercises.names())
    return name

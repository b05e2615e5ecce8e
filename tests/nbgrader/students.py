"""A class of students: what each hands in, made from the release the way students make it."""

import copy
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from backprop_course import evaluate
from tests.mistakes import WRONG, Specimen
from tests.mistakes._corpus import named
from tests.nbgrader.classroom import TROUBLED, Assignment
from tests.nbgrader.notebook_cells import graded_cells, solution_cells

NOISE = """
import functools, logging, sys, warnings

logging.warning("from now on there is a handler that writes to the real stderr")
print("a line on stderr", file=sys.stderr)

def loud(function):
    @functools.wraps(function)
    def wrapped(*arguments, **keywords):
        print(0.25)
        print("on stderr", file=sys.stderr)
        logging.warning("logged")
        warnings.warn("careful")
        return function(*arguments, **keywords)
    return wrapped
"""
# What a wrong answer of the corpus needs around it in a notebook.
PRELUDE = "import math\nfrom typing import Any\n\nimport numpy as np\n\n"


@cache
def wrong_answer(name: str) -> tuple[str, str]:
    """Give a wrong answer to an exercise as a student types it, and the name of its mistake."""
    for specimen in WRONG:
        if specimen.exercise == name and (text := _stands_alone(specimen)):
            return f"{text}\n{name} = {specimen.function.__name__}", named(specimen)
    raise LookupError(f"no wrong answer to {name} stands alone")


def _stands_alone(specimen: Specimen) -> str:
    source = inspect.getsource(specimen.function)
    text = PRELUDE + _helpers(specimen.function) + source[source.index("def ") :]
    scope: dict[str, Any] = {}
    exec(text, scope)
    mistakes = evaluate(specimen.exercise, scope[specimen.function.__name__]).mistakes
    return text if mistakes and mistakes[0].slug == named(specimen) else ""


def _helpers(function: Callable[..., Any]) -> str:
    """Give the source of the functions beside this one that it calls."""
    beside = (function.__globals__.get(name) for name in function.__code__.co_names)
    return "".join(
        f"{inspect.getsource(f)}\n\n"
        for f in beside
        if inspect.isfunction(f) and f.__module__ == function.__module__
    )


def everybody(assignment: Assignment, release: NotebookNode) -> dict[str, str]:
    """Give the file of each student. Odd notebooks are in one class: they try nbgrader, not the course."""
    right = all_right(assignment.solution, release)
    notebooks = {"all-right": right, "untouched": release}
    for number in assignment.students_with_wrong_answers:
        notebooks[f"wrong-{number}"] = wrong(assignment.wrong_for(number), right)
    files = {student: str(nbformat.writes(notebook)) for student, notebook in notebooks.items()}
    return troublesome(right, release) | files if assignment.name == TROUBLED else files


def troublesome(right: NotebookNode, release: NotebookNode) -> dict[str, str]:
    """Give the files of those whose notebooks are odd. The first can't be read."""
    notebooks = {
        "kills-its-kernel": kills_its_kernel(right),
        "noisy": noisy(right),
        "rearranged": rearranged(right),
        "skips-its-tests": skips_its_tests(release),
        "cut-short": cut_short(right),
    }
    files = {student: str(nbformat.writes(notebook)) for student, notebook in notebooks.items()}
    return {"a-broken-file": str(nbformat.writes(right))[:1000]} | files


def all_right(solution: NotebookNode, release: NotebookNode) -> NotebookNode:
    """Fill in every function as the solution has it."""
    answers = solution_cells(solution)
    return _fill(release, lambda name, stub: answers[name].source)


def wrong(names: set[str], right: NotebookNode) -> NotebookNode:
    """Spoil some functions with a wrong answer each."""
    return _fill(right, lambda name, answer: wrong_answer(name)[0] if name in names else answer)


def noisy(right: NotebookNode) -> NotebookNode:
    """Let every function print, warn and log, and every cell of the student's end in a number."""
    notebook = _fill(right, lambda name, answer: f"{answer}\n{name} = loud({name})\n-1")
    notebook.cells[:0] = [new_code_cell(NOISE), new_code_cell("0.5"), new_code_cell("float('nan')")]
    return notebook


def rearranged(right: NotebookNode) -> NotebookNode:
    """Copy a test cell, delete another, and lose nbgrader's marks of a third, as other editors do."""
    notebook = copy.deepcopy(right)
    (_, copied), (_, deleted), (_, unmarked), *_ = graded_cells(notebook)
    notebook.cells.insert(0, copy.deepcopy(copied))
    notebook.cells[0].id = "copied"
    notebook.cells.remove(deleted)
    unmarked.metadata.clear()
    return notebook


def skips_its_tests(untouched: NotebookNode) -> NotebookNode:
    """Tag the tests of an untouched notebook so that Jupyter's tools do not run them."""
    notebook = copy.deepcopy(untouched)
    for _, cell in graded_cells(notebook):
        cell.metadata.tags = ["skip-execution"]
    return notebook


def cut_short(right: NotebookNode) -> NotebookNode:
    """Keep the first half of the cells."""
    notebook = copy.deepcopy(right)
    del notebook.cells[len(notebook.cells) // 2 :]
    return notebook


def kills_its_kernel(right: NotebookNode) -> NotebookNode:
    """End the kernel in the middle of the notebook."""
    notebook = copy.deepcopy(right)
    notebook.cells.insert(len(notebook.cells) // 2, new_code_cell("import os; os._exit(1)"))
    return notebook


def _fill(notebook: NotebookNode, answer: Callable[[str, str], str]) -> NotebookNode:
    filled = copy.deepcopy(notebook)
    for name, cell in solution_cells(filled).items():
        cell.source = answer(name, cell.source)
    return filled

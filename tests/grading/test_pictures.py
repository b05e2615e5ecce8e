"""Pictures in a graded notebook: the source's own where no answer has a part in them, else a sentence."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from backprop_course.grading import _worker
from backprop_course.grading._converter import made_whole
from backprop_course.grading._limits import Limits
from backprop_course.grading._source import parsed
from backprop_course.grading._submission import Submission
from backprop_course.grading._view import TO_TOUCH

pytestmark = pytest.mark.nbgrader

FIGURE = '<img alt="a graph" src="data:image/svg+xml;base64,AAAA">'
SETUP = """from backprop_course.graph import Graph
from backprop_course.widgets import ChainExplorer, Progress
progress = Progress("01-chain-rule")"""
STILL = ("ChainExplorer([abs])", 'Graph.from_formulas("x = 2; y = x**2")')
MOVED = ("ChainExplorer([abs], yours=twice)", "changed = twice(1)", "ChainExplorer([changed])", "progress")


def _source() -> Any:
    marks = {"grade_id": "twice", "solution": True, "grade": False, "locked": False, "task": False}
    answer = new_code_cell(
        "def twice(x):\n    return 2 * x", metadata={"nbgrader": marks | {"schema_version": 3}}
    )
    figure = new_output("display_data", data={"text/html": FIGURE, "text/plain": "Explorer"})
    drawn = [new_code_cell(code, outputs=[figure]) for code in (*STILL, *MOVED)]
    return new_notebook(cells=[new_code_cell(SETUP), answer, *drawn])


def test_picture_stands_still_where_no_answer_has_a_part_in_it() -> None:
    page = parsed(nbformat.writes(_source()))
    notebook = made_whole(nbformat.writes(_source()).encode(), page)
    _worker.run(notebook, page, lambda name: 5, Limits(), figures=True)
    _worker.close()
    shown = {cell.source: "".join(map(str, cell.outputs)) for cell in notebook.cells}
    assert all(FIGURE in shown[code] for code in STILL)
    assert not any(FIGURE in shown[code] for code in MOVED)
    assert TO_TOUCH in shown["ChainExplorer([abs], yours=twice)"]
    assert TO_TOUCH in shown["progress"]


def test_only_the_sources_own_cells_after_every_answer_are_needless() -> None:
    page = parsed(nbformat.writes(_source()))
    handed_in = _source()
    notebook = made_whole(nbformat.writes(handed_in).encode(), page)
    own = range(2, len(notebook.cells))  # after the setup and the answer
    assert Submission(notebook, page, Limits(), lambda name: 5).needless == set(own)
    assert Submission(notebook, page, Limits(), lambda name: 5, figures=True).needless == set()
    handed_in.cells.append(new_code_cell("mine = 1"))
    notebook = made_whole(nbformat.writes(handed_in).encode(), page)
    assert Submission(notebook, page, Limits(), lambda name: 5).needless == set()

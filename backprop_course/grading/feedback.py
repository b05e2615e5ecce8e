"""Steps of nbgrader's conversions that this course adds; ``nbgrader_config.py`` names them.

nbgrader runs a notebook through a list of preprocessors for each command. Two of ours stand in those lists:
one makes a submission gradable whatever happened to its cells, one keeps hidden tests out of the feedback.
"""

from typing import Any

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook, Notebook
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from traitlets import List

Resources = dict[str, Any]


class RestoreGradedCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Mark the cells of a submission as the gradebook knows them, and add the tests that are missing.

    Students copy, cut and delete cells, and other editors drop nbgrader's marks. nbgrader itself leaves the
    points of a missing test in manual grading, and one copied test cell stops it for the whole class
    (jupyter/nbgrader#1083). Here the last copy of a cell counts, and a missing test is put at the end, where
    the student's function, if there is one, has been defined.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Give every known cell its marks, take them from all others, append the missing tests."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            marks = _marks(gradebook.find_notebook(where["notebook"], where["assignment"]))
        missing = dict(marks)
        for cell in reversed(nb.cells):
            mark = missing.pop(cell.metadata.pop("nbgrader", {}).get("grade_id"), None)
            if mark is not None:
                cell.metadata = NotebookNode(nbgrader=mark)
        tests = (mark for mark in missing.values() if mark["grade"])
        nb.cells.extend(new_code_cell(metadata=NotebookNode(nbgrader=mark)) for mark in tests)
        return nb, resources


class ClearHiddenTestsFromFeedback(ClearHiddenTests):  # type: ignore[misc]
    """Remove hidden tests from a graded notebook: from its cells, and from the tracebacks that quote them."""

    # A setting of nbconvert's HTML export that reaches every step; without this line each run warns of it.
    display_data_priority = List().tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Shorten a traceback that shows a hidden line to its last line."""
        before = cell.source.splitlines()
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        hidden = [line.strip() for line in before if line not in cell.source.splitlines()]
        for output in cell.get("outputs", []):
            quoted = strip_ansi("\n".join(output.get("traceback", [])))
            if any(line in quoted for line in hidden):
                output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def _marks(notebook: Notebook) -> dict[str, NotebookNode]:
    """Give nbgrader's metadata of every cell of a released notebook, by the cell's name."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    marks = {}
    for cell in notebook.source_cells:
        marks[cell.name] = NotebookNode(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            checksum=cell.checksum,
            grade=cell.name in points,
            locked=cell.locked,
            schema_version=SCHEMA_VERSION,
            solution=cell.name in solutions,
            task=False,
        )
        if cell.name in points:
            marks[cell.name].points = points[cell.name]
    return marks

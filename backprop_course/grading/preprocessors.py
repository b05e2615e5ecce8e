"""Steps of nbgrader's conversions that this course adds; ``nbgrader_config.py`` names them.

nbgrader runs a notebook through a list of preprocessors for each command. Two of ours stand in those lists:
one makes a submission gradable whatever happened to its cells, one keeps hidden tests out of the feedback.
"""

from collections.abc import Iterator
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
    """Give a submission every test once, as released, and its other cells the marks that the gradebook knows.

    Students copy, cut and delete cells, and other editors drop nbgrader's marks. nbgrader itself leaves the
    points of a missing test in manual grading, and one copied test cell stops it for the whole class
    (jupyter/nbgrader#1083). Here the last copy of a cell counts, and a missing test is put at the end, where
    the student's function, if there is one, has been defined.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Restore the tests and the marks that the gradebook knows, unmark all else, append missing tests."""
        where = resources["nbgrader"]
        marks = [cell.metadata.pop("nbgrader", {}) for cell in nb.cells]
        places = {mark.get("grade_id"): place for place, mark in enumerate(marks)}
        with Gradebook(where["db_url"]) as gradebook:
            for mark, source in _known_cells(gradebook.find_notebook(where["notebook"], where["assignment"])):
                place = places.get(mark.grade_id)
                test = new_code_cell(source, metadata=NotebookNode(nbgrader=mark))
                if place is not None and _is_test(mark):
                    nb.cells[place] = test
                elif place is not None:
                    nb.cells[place].metadata = NotebookNode(nbgrader=mark)
                elif _is_test(mark):
                    nb.cells.append(test)
        return nb, resources


class ClearHiddenTestsFromFeedback(ClearHiddenTests):  # type: ignore[misc]
    """Remove hidden tests from a graded notebook: from its cells, and from the tracebacks that quote them."""

    # A setting of nbconvert's HTML export that reaches every step; without this line each run warns of it.
    display_data_priority: List[Any] = List().tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Shorten a traceback that shows a hidden line to its last line."""
        lines = {line.strip() for line in cell.source.splitlines()}
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        hidden = lines - {line.strip() for line in cell.source.splitlines()} - {""}
        for output in cell.get("outputs", []):
            quoted = strip_ansi("\n".join(output.get("traceback", [])))
            if any(line in quoted for line in hidden):
                output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def _is_test(mark: NotebookNode) -> bool:
    return bool(mark.grade and mark.locked)


def _known_cells(notebook: Notebook) -> Iterator[tuple[NotebookNode, str]]:
    """Yield the marks and the source of a notebook's marked cells as they were when it was released."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    for cell in notebook.source_cells:
        mark = NotebookNode(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            checksum=cell.checksum,
            grade=cell.name in points,
            locked=cell.locked,
            schema_version=SCHEMA_VERSION,
            solution=cell.name in solutions,
            task=False,
        )
        if mark.grade:
            mark.points = points[cell.name]
        yield mark, cell.source

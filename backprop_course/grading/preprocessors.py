"""Steps of nbgrader's conversions that this course adds; ``nbgrader_config.py`` names them.

nbgrader runs a notebook through a list of preprocessors for each command. Ours run and judge a submission,
which `_converter` has made whole, save its scores, and keep hidden tests out of the feedback.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Enum, Float, Int, List

from backprop_course.grading import _read, _secret, _worker
from backprop_course.grading._converter import UNREADABLE, source_file
from backprop_course.grading._grade import KEY
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import keep_unseen
from backprop_course.grading._source import Source, is_test

Resources = dict[str, Any]


class ClearOutputButQuestions(ClearOutput):  # type: ignore[misc]  # nbgrader has no types
    """Clear a release's outputs, but for what `choose` asks: a question that stands there from the start.

    A student who had to run its folded cell first might open it, and read the answer.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Clear what a cell has shown, unless it is a question."""
        if cell.source.startswith("choose("):
            for shown in (cell, *cell.outputs):
                shown.execution_count = None
        else:
            super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


class RunAndJudge(NbGraderPreprocessor):  # type: ignore[misc]
    """Run a submission in the sandbox and have its graded cells judged outside.

    What is written into the notebook stands in `_grade`.
    In nbgrader's list it stands where `Execute` stood.
    """

    sandbox = Enum(["auto", "bubblewrap", "none"], "auto", help="How students' code is kept in.").tag(
        config=True
    )
    timeout = Float(30.0, help="Seconds that a cell may run.").tag(config=True)
    notebook_timeout = Float(600.0, help="Seconds that a notebook may take, judging included.").tag(
        config=True
    )
    memory = Int(3 << 30, help="Bytes of memory that a submission may use.").tag(config=True)
    figures = Bool(
        False,
        help="Whether feedback shows figures, and what the notebook's own cells after the last answer do.",
    ).tag(config=True)

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return Limits(cell=self.timeout, notebook=self.notebook_timeout, memory=self.memory)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run and judge the notebook, which has been restored before."""
        converter = self.parent.parent
        course, where = Path(converter.coursedir.root), resources["nbgrader"]
        keep_unseen(course, self.sandbox)
        assignment, run = where["assignment"], converter.run_number
        file = source_file(converter.coursedir, assignment, where["notebook"])
        beside = _read.files_beside(Path(converter._format_dest(assignment, where["student"])))
        nb.metadata[KEY]["run"] = run
        _worker.run(
            nb,
            Source.read(file),
            lambda exercise: _secret.seed(course, assignment, run, exercise),
            self.limits,
            sandbox=self.sandbox,
            figures=self.figures,
            beside=beside,
        )
        return nb, resources


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """Score as nbgrader does; what could not be read waits for a person, too."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores of a judged notebook."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            self.save(nb, gradebook, where["notebook"], where["assignment"], where["student"])
            gradebook.db.commit()
        return nb, resources

    def save(
        self, nb: NotebookNode, gradebook: Gradebook, notebook: str, assignment: str, student: str
    ) -> None:
        """Save the scores into an open gradebook, whose owner commits them."""
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
        grades = {grade.name: grade for grade in entry.grades}
        comments = {comment.name: comment for comment in entry.comments}
        self.notebook_id, self.assignment_id, self.student_id = notebook, assignment, student
        self.gradebook = SimpleNamespace(
            find_grade=lambda name, *_: grades[name],
            find_comment=lambda name, *_: comments[name],
            db=SimpleNamespace(commit=lambda: None),
        )
        for index, cell in enumerate(nb.cells):
            self.preprocess_cell(cell, {}, index)
        if any(eye["slug"] == UNREADABLE for eye in nb.metadata.get(KEY, {}).get("needs_eye", [])):
            for grade in grades.values():
                grade.needs_manual_grade = True


class ClearHiddenTestsFromFeedback(ClearHiddenTests):  # type: ignore[misc]
    """Remove hidden tests from a graded notebook's cells; `PrepareFeedback` leaves out what quotes them."""

    # A setting of nbconvert's HTML export that reaches every step; without this line each run warns of it.
    display_data_priority: List[Any] = List().tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Remove the hidden part of a test, which has run where nothing is shown."""
        if is_test(cell):  # a student's own cell may hold the words that nbgrader looks for
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
        return cell, resources

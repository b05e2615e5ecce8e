"""Running a submission in the sandbox and judging it outside: outputs and verdicts of one restored notebook.

What is found stands in the notebook's metadata, under ``backprop_course``, for feedback and report::

    run         which grading run drew the hidden cases
    needs_eye   list of {slug, message, cell}: why a person should look; cell may be ""
    restored    list of str: what had to be put back before the notebook was run
    cells       {grade_id: {exercise, points, score, passed, headline, reason, mistakes}}; each mistake is
                {slug, message, hint}

``reason`` is the slug of an accident in the cell itself (``timed-out``, ``kernel-died``, ``out-of-memory``,
``output-flood``, ``tampering``, ``not-run``, ``judge-error``), "" where there was none. The output of a
judged cell is written here: one line on stdout for a right answer, else the report as a display and an
error `ExerciseFailed`. Nothing that the student's code printed or raised ever stands there.
"""

import ast
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from backprop_course import exercises
from backprop_course.checking import CATALOGUE, Mistake, Report, judge
from backprop_course.checking._call import Outcome
from backprop_course.exercises import Case, Exercise
from backprop_course.grading._kernel import Kernel, KernelLost
from backprop_course.grading._limits import Limits
from backprop_course.grading._outputs import error_output, outputs_from, partial_credit
from backprop_course.grading._source import Judged, Source, mark, runs_too

KEY = "backprop_course"
RESTARTS = 20  # kernels that one submission may use up
OTHER_WORDS = {
    "timed-out": "Took too long",
    "kernel-died": "Ended its kernel",
    "out-of-memory": "Took too much memory",
    "output-flood": "Showed too much",
    "tampering": "Wrote to the judge",
    "not-run": "Was not run",
    "judge-error": "Could not be judged",
}
NOT_DRAWN = "This cell uses the course's own answers, which are not at hand while you are graded.\n"


@dataclass
class Verdict:
    """What one graded cell earned, and the outputs that say so."""

    score: float
    outputs: list[NotebookNode]
    reports: list[Report] = field(default_factory=list)
    reason: str = ""
    message: str = ""


@dataclass
class Submission:
    """A submission on its way: the notebook, what it is compared with, and what became of it until now."""

    notebook: NotebookNode
    source: Source
    limits: Limits
    seed: Callable[[str], int]
    files: dict[str, bytes] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    lost: dict[int, KernelLost] = field(default_factory=dict)
    until: float = 0.0


def grade(submission: Submission, new_kernel: Callable[[], Kernel]) -> None:
    """Run all cells, judge the graded ones, and write outputs and findings into the notebook.

    A cell that ends the kernel is left out, and a fresh kernel runs the others.
    """
    submission.until = time.monotonic() + submission.limits.notebook
    for _ in range(RESTARTS):
        try:
            kernel = new_kernel()
            try:
                _run_all(submission, kernel)
            finally:
                kernel.close()
            break
        except _Lost as lost:
            submission.lost[lost.place] = lost.reason
            if lost.place < 0:
                break
        except KernelLost as reason:  # not even a kernel to begin with
            submission.lost[-1] = reason
            break
    _give_up_the_rest(submission)
    for place, verdict in submission.verdicts.items():
        submission.notebook.cells[place].outputs = verdict.outputs
    _write_findings(submission)


class _Lost(Exception):
    def __init__(self, place: int, reason: KernelLost) -> None:
        self.place, self.reason = place, reason


def _run_all(submission: Submission, kernel: Kernel) -> None:
    place = -1
    try:
        for path, content in submission.files.items():
            kernel.write(path, content)
        for place, cell in enumerate(submission.notebook.cells):
            if cell.cell_type == "code":
                _do(submission, kernel, place, cell)
    except KernelLost as reason:
        raise _Lost(place, reason) from None


def _do(submission: Submission, kernel: Kernel, place: int, cell: NotebookNode) -> None:
    name = mark(cell).get("grade_id", "")
    points = float(mark(cell).get("points", 0))
    questions = submission.source.questions.get(name, ())
    if place in submission.lost:
        _lose(submission, place)
    elif place in submission.verdicts and questions and not runs_too(cell):
        pass  # judged before an accident further down
    elif time.monotonic() > submission.until:
        message = f"the notebook ran longer than {submission.limits.notebook:.0f} seconds"
        raise _Lost(-1, KernelLost("timed-out", message))
    elif questions:
        submission.verdicts[place] = _judge_cell(submission, kernel, cell, questions, points)
    else:
        ok = _run_cell(submission, kernel, cell)
        if mark(cell).get("grade") and not mark(cell).get("solution"):
            cell.outputs = partial_credit(cell.outputs, points)
            if not ok:  # whatever was shown or taken back, and in whatever order
                kept = [o for o in cell.outputs if o.output_type not in ("error", "execute_result")]
                errors = [o for o in cell.outputs if o.output_type == "error"]
                cell.outputs = (errors or [error_output("AssertionError", "the test failed")]) + kept
            score, _ = determine_grade(cell)
            submission.verdicts[place] = Verdict(float(score or 0), cell.outputs)


def _run_cell(submission: Submission, kernel: Kernel, cell: NotebookNode) -> bool:
    limit = min(submission.limits.cell, max(1.0, submission.until - time.monotonic()))
    ran = kernel.run(cell.source, limit)
    cell.outputs = outputs_from(ran.messages)
    own = (
        not (mark(cell).get("solution") or mark(cell).get("grade")) and cell.source in submission.source.pages
    )
    if own and any(o.output_type == "error" and o.ename == "UsesReference" for o in cell.outputs):
        cell.outputs = [new_output("stream", name="stdout", text=NOT_DRAWN)]
    return ran.ok


def _judge_cell(
    submission: Submission, kernel: Kernel, cell: NotebookNode, questions: tuple[Judged, ...], points: float
) -> Verdict:
    if runs_too(cell) and not _run_cell(submission, kernel, cell):
        failed = [o for o in cell.outputs if o.output_type == "error"]
        return Verdict(0.0, failed or [error_output("AssertionError", "the cell's own tests failed")])
    try:
        reports = [_judge(submission, kernel, question) for question in questions]
    except KernelLost:
        raise
    except Exception as error:  # an answer that the judge did not foresee costs its own points, not the class
        message = f"the judge stopped with {type(error).__name__}: {str(error)[:200]}"
        return Verdict(0.0, [error_output(OTHER_WORDS["judge-error"], message)], [], "judge-error", message)
    failed_reports = [(report, numbers) for report, numbers in reports if not report.passed]
    if not failed_reports:
        lines = "".join(f"{report.headline}\n" for report, _ in reports)
        return Verdict(points, [new_output("stream", name="stdout", text=lines)], [r for r, _ in reports])
    outputs = [output for report, numbers in failed_reports for output in _failed(report, numbers)]
    return Verdict(0.0, outputs, [report for report, _ in reports])


def _failed(report: Report, numbers: bool) -> list[NotebookNode]:
    text = report.text(numbers=numbers)
    page = {"text/html": report.html(numbers=numbers), "text/plain": text}
    slugs = ", ".join(mistake.slug for mistake in report.mistakes)
    line = f"{report.headline} [{slugs}]"
    error = new_output("error", ename="ExerciseFailed", evalue=line, traceback=[line])
    return [new_output("display_data", data=page), error]


def _judge(submission: Submission, kernel: Kernel, question: Judged) -> tuple[Report, bool]:
    """Judge on the hidden cases; explain on the visible ones where these refuse the answer, too.

    Returns the report, and whether it may show its numbers.
    """
    exercise = exercises.get(question.exercise)
    until = time.monotonic() + max(submission.limits.cell, 3 * exercise.time_limit)
    source = partial(_text_of, submission.notebook, question.expression)
    asked: list[Outcome] = []

    def ask(case: Case) -> Outcome:
        if time.monotonic() > min(until, submission.until):
            raise KernelLost("timed-out", "all of its calls together took too long")
        outcome = kernel.ask(question.expression, case, exercise.time_limit)
        asked.append(outcome)
        return outcome

    hidden = judge(exercise, ask, submission.seed(exercise.name), source=source)
    if hidden.passed:
        return hidden, False
    shown = judge(exercise, ask, 0, source=source)
    report, numbers = (hidden, False) if shown.passed else (shown, True)
    return _named(report, exercise, asked), numbers


def _named(report: Report, exercise: Exercise, asked: list[Outcome]) -> Report:
    """Say that an answer asks for the course's own, where one was seen to."""
    asks = any(o.raised is not None and o.raised.kind == "UsesReference" for o in asked)
    if not asks or any(m.slug == "uses-reference" for m in report.mistakes):
        return report
    mistake = Mistake("uses-reference", *CATALOGUE["uses-reference"])
    return Report(report.exercise, report.points, (mistake,), report.cases, report.hints)


def _text_of(notebook: NotebookNode, name: str) -> str:
    """Find the text of a student's function: the last definition of that name."""
    for cell in reversed(notebook.cells):
        if cell.cell_type == "code" and f"def {name}" in cell.source:
            try:
                for node in reversed(ast.parse(cell.source).body):
                    if isinstance(node, ast.FunctionDef) and node.name == name:
                        return ast.get_source_segment(cell.source, node) or ""
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return ""


def _lose(submission: Submission, place: int) -> None:
    """Write what became of a cell that ended its kernel."""
    cell, reason = submission.notebook.cells[place], submission.lost[place]
    output = error_output(OTHER_WORDS[reason.slug], str(reason))
    cell.outputs = [output]
    if mark(cell).get("grade") and not mark(cell).get("solution"):
        submission.verdicts[place] = Verdict(0.0, [output], [], reason.slug, str(reason))


def _give_up_the_rest(submission: Submission) -> None:
    """Give nothing for what could not be run, and say why."""
    for place, cell in enumerate(submission.notebook.cells):
        test = cell.cell_type == "code" and mark(cell).get("grade") and not mark(cell).get("solution")
        if place in submission.lost and place not in submission.verdicts:
            _lose(submission, place)
        elif test and place not in submission.verdicts:
            message = "; ".join(dict.fromkeys(map(str, submission.lost.values()))) or "it was not reached"
            output = error_output(OTHER_WORDS["not-run"], message)
            submission.verdicts[place] = Verdict(0.0, [output], [], "not-run", message)


def _write_findings(submission: Submission) -> None:
    """Put verdicts, reasons and named mistakes where feedback and report find them."""
    cells: dict[str, Any] = {}
    for place, verdict in sorted(submission.verdicts.items()):
        marks = mark(submission.notebook.cells[place])
        asked = submission.source.questions.get(marks["grade_id"], ())
        cells[marks["grade_id"]] = {
            "exercise": asked[0].exercise if asked else "",
            "points": float(marks.get("points", 0)),
            "score": verdict.score,
            "passed": verdict.score > 0,
            "headline": verdict.reports[0].headline if verdict.reports else verdict.message,
            "reason": verdict.reason,
            "mistakes": [
                {"slug": m.slug, "message": m.message, "hint": m.hint}
                for report in verdict.reports
                for m in report.mistakes
            ],
        }
    found = submission.notebook.metadata.setdefault(KEY, NotebookNode())
    found["cells"] = cells
    eyes = found.setdefault("needs_eye", [])
    for place, reason in sorted(submission.lost.items()):
        cell = submission.notebook.cells[place] if place >= 0 else NotebookNode(metadata={})
        name = mark(cell).get("grade_id", "") or cell.get("id", "")
        eyes.append({"slug": reason.slug, "message": str(reason), "cell": name})
    for name, what in cells.items():
        if what["reason"] == "judge-error":
            eyes.append({"slug": "judge-error", "message": what["headline"], "cell": name})
        if any(m["slug"] == "uses-reference" for m in what["mistakes"]):
            message = "it asks for the course's own answer"
            eyes.append({"slug": "uses-reference", "message": message, "cell": name})


def derive(secret: bytes, assignment: str, run: int, exercise: str) -> int:
    """Draw the seed of an exercise's hidden cases: secret, and the same for a whole class in one run."""
    text = f"{assignment}\n{run}\n{exercise}".encode()
    return int.from_bytes(hashlib.sha256(secret + text).digest()[:8], "big")

"""The judge's verdict on one cell, from questions put to the student's functions in the kernel."""

import ast
import re
import time
from functools import partial

from nbformat import NotebookNode
from nbformat.v4 import new_output

from backprop_course import exercises
from backprop_course.checking import CATALOGUE, Mistake, Report, judge
from backprop_course.checking._call import Outcome, Raised
from backprop_course.exercises import Case
from backprop_course.grading._kernel import Kernel, KernelLost
from backprop_course.grading._outputs import error_output
from backprop_course.grading._source import Judged
from backprop_course.grading._submission import OTHER_WORDS, Submission, Verdict


def judge_all(
    submission: Submission, kernel: Kernel, questions: tuple[Judged, ...], points: float
) -> Verdict:
    """Judge what a cell asks of the judge; all of it must be right for its points."""
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
            kernel.look_at_the_processor()
            raise KernelLost("timed-out", "all of its calls together took too long")
        outcome = kernel.ask(question.expression, case, exercise.time_limit)
        asked.append(outcome)
        return outcome

    hidden = judge(exercise, ask, submission.seed(exercise.name), source=source)
    if hidden.passed:
        return hidden, False
    shown = judge(exercise, ask, 0, source=source)
    report, numbers = (hidden, False) if shown.passed else (shown, True)
    absent = [o.raised for o in asked if o.raised is not None and "NotThere" in o.raised.ancestors]
    if absent:
        mistake = _absent(submission.notebook, question.expression, absent[0])
        return Report(report.exercise, report.points, (mistake,), report.cases, report.hints), numbers
    return _named(report, asked), numbers


def _absent(notebook: NotebookNode, name: str, raised: Raised) -> Mistake:
    """Say that there is no such function, and what became of the cell that was to define it."""
    for cell in reversed(notebook.cells):
        errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
        if errors and f"def {name}" in cell.source:
            said = re.sub(r" \([^()]*, line (\d+)\)$", r" (line \1)", errors[-1].evalue)[:500]
            message = f"There is no function {name}: its cell stopped with {errors[-1].ename}: {said}."
            return Mistake("raised-error", message, "The function is there once its cell runs to its end.")
    if raised.kind != "NameError":
        return Mistake(
            "raised-error", f"There is no function {name}: {raised.message}.", "Is the name used twice?"
        )
    hint = "Its cell is missing, did not run to its end, or gives the function another name."
    return Mistake("not-implemented", f"There is no function {name}.", hint)


def _named(report: Report, asked: list[Outcome]) -> Report:
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

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

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from backprop_course.grading._judged import judge_all
from backprop_course.grading._kernel import Kernel, KernelLost
from backprop_course.grading._markup import Budget
from backprop_course.grading._outputs import error_output, outputs_from, partial_credit
from backprop_course.grading._read import as_text
from backprop_course.grading._source import is_test, mark, runs_too, to_run, visible
from backprop_course.grading._submission import OTHER_WORDS, Submission, Verdict
from backprop_course.grading._view import TO_TOUCH

KEY = "backprop_course"
RESTARTS = 20  # kernels that one run of a submission may use up
NOT_RUN = "No mark depends on this cell, so it is not run while you are graded.\n"
NOT_DRAWN = "This cell uses the course's own answers, which are not at hand while you are graded.\n"
Do = Callable[[Submission, Kernel, int, NotebookNode], None]


def grade(submission: Submission, new_kernel: Callable[[], Kernel]) -> None:
    """Run all cells, judge the graded ones, and write outputs and findings into the notebook.

    A cell that ends the kernel is left out, and a fresh kernel runs the others.
    """
    run_through(submission, new_kernel, _do)
    _give_up_the_rest(submission)
    if submission.source.hidden:
        _test_in_secret(submission, new_kernel)
    for place, verdict in submission.verdicts.items():
        submission.notebook.cells[place].outputs = verdict.outputs
    for place in submission.needless:
        cell = submission.notebook.cells[place]
        said = new_output("stream", name="stdout", text=NOT_RUN)
        cell.outputs = submission.source.stills.get(cell.source, [said])
    _write_findings(submission)


class _Lost(Exception):
    def __init__(self, place: int, reason: KernelLost) -> None:
        self.place, self.reason = place, reason


def run_through(submission: Submission, new_kernel: Callable[[], Kernel], do: Do) -> None:
    """Do something for each cell of code, in a kernel, and in a fresh one after each that ends."""
    submission.until = time.monotonic() + submission.limits.notebook
    for _ in range(RESTARTS):
        try:
            kernel = new_kernel()
            try:
                _run_all(submission, kernel, do)
            finally:
                submission.starved |= kernel.starved
                kernel.close()
            break
        except _Lost as lost:
            submission.lost[lost.place] = lost.reason
            if lost.place < 0:
                break
        except KernelLost as reason:  # not even a kernel to begin with
            submission.lost[-1] = reason
            break


def _run_all(submission: Submission, kernel: Kernel, do: Do) -> None:
    place, submission.budget = -1, Budget()
    try:
        for path, content in submission.beside.files.items():
            if failed := kernel.write(path, content):
                submission.unwritten = f"{as_text(path)} and what comes after it: {failed}"
                break
        for place, cell in enumerate(submission.notebook.cells):
            if cell.cell_type != "code" or place in submission.needless:
                continue
            if time.monotonic() > submission.until:
                kernel.look_at_the_processor()
                message = f"the notebook ran longer than {submission.limits.notebook:.0f} seconds"
                raise _Lost(-1, KernelLost("timed-out", message))
            do(submission, kernel, place, cell)
    except KernelLost as reason:
        raise _Lost(place, reason) from None


def _do(submission: Submission, kernel: Kernel, place: int, cell: NotebookNode) -> None:
    name, points = mark(cell).get("grade_id", ""), float(mark(cell).get("points", 0))
    questions = submission.source.questions.get(name, ())
    if place in submission.lost:
        _lose(submission, place)
    elif not questions or runs_too(visible(cell)):
        ok = _run_cell(submission, kernel, cell)
        if not ok and cell.source in submission.source.pages[:1]:
            submission.unready = f"the first cell, which is the course's own, failed: {_error_of(cell)}"
        if is_test(cell):
            submission.verdicts[place] = _plain_verdict(cell, ok, points)
        if ok and questions:
            submission.verdicts[place] = judge_all(submission, kernel, questions, points)
    elif place not in submission.verdicts:  # else judged before an accident further down
        submission.verdicts[place] = judge_all(submission, kernel, questions, points)


def _plain_verdict(cell: NotebookNode, ok: bool, points: float) -> Verdict:
    cell.outputs = partial_credit(cell.outputs, points)
    if not ok:  # whatever was shown or taken back, and in whatever order
        kept = [o for o in cell.outputs if o.output_type not in ("error", "execute_result")]
        errors = [o for o in cell.outputs if o.output_type == "error"]
        cell.outputs = (errors or [error_output("AssertionError", "the test failed")]) + kept
    score = float(determine_grade(cell)[0] or 0)
    said = f"the test gave {score:g} of {points:g}" if ok else f"the test failed: {_error_of(cell)}"
    return Verdict(score, cell.outputs, message=said.removesuffix(": ") if score < points else "")


def _run_cell(submission: Submission, kernel: Kernel, cell: NotebookNode) -> bool:
    ran = kernel.run(to_run(cell, visible(cell)), limit_of(submission))
    cell.outputs = outputs_from(ran.messages, submission.budget)
    own = (
        not (mark(cell).get("solution") or mark(cell).get("grade")) and cell.source in submission.source.pages
    )
    asks = any(output.get("ename") == "UsesReference" for output in cell.outputs)
    if own and (asks or any(o.get("data", {}).get("text/plain") == TO_TOUCH for o in cell.outputs)):
        instead = [new_output("stream", name="stdout", text=NOT_DRAWN)] if asks else cell.outputs
        cell.outputs = submission.source.stills.get(cell.source, instead)
    return ran.ok


def _error_of(cell: NotebookNode) -> str:
    errors = [f"{o.ename}: {o.evalue}" for o in cell.outputs if o.output_type == "error"]
    return errors[0][:200] if errors else "no more is known"


def limit_of(submission: Submission) -> float:
    """Give the seconds that the next cell may take."""
    return min(submission.limits.cell, max(1.0, submission.until - time.monotonic()))


def _test_in_secret(submission: Submission, new_kernel: Callable[[], Kernel]) -> None:
    """Run the notebook once more with the hidden tests in it, and keep of that whether each passed.

    A student's function that a hidden test calls can read the test, and carry it to any later output in any
    disguise. So the run that is shown does not hold it, and nothing of the run that holds it is shown.
    """
    secret = replace(submission, verdicts={}, lost=dict(submission.lost), unwritten="")
    run_through(secret, new_kernel, _do_in_secret)
    submission.starved |= secret.starved
    accidents = {p: r for p, r in secret.lost.items() if p not in submission.lost}
    for place, reason in accidents.items():  # its own words could tell: an exit code, say
        submission.lost[place] = KernelLost(reason.slug, f"{OTHER_WORDS[reason.slug]} while hidden tests ran")
    for place, verdict in submission.verdicts.items():
        if mark(submission.notebook.cells[place])["grade_id"] not in submission.source.hidden:
            continue
        score = secret.verdicts[place].score if place in secret.verdicts else 0.0
        if place not in secret.verdicts and verdict.score:
            lost = submission.lost.get(place) or next(iter(submission.lost.values()))
            verdict.reason, verdict.message = lost.slug, str(lost)
        if score < verdict.score:
            kept = [o for o in verdict.outputs if o.output_type not in ("error", "execute_result")]
            said = verdict.message or "a hidden test failed"
            part = new_output("execute_result", data={"text/plain": f"{score:g}"})
            verdict.outputs = [*kept, part if score else error_output("AssertionError", said)]
            verdict.score, verdict.message = score, said


def _do_in_secret(secret: Submission, kernel: Kernel, place: int, cell: NotebookNode) -> None:
    if place in secret.lost:
        return
    ran = kernel.run(to_run(cell, cell.source), limit_of(secret))
    if mark(cell).get("grade_id") in secret.source.hidden and is_test(cell):
        results = [o for o in outputs_from(ran.messages, Budget()) if o.output_type == "execute_result"]
        tested = NotebookNode(cell_type="code", metadata=cell.metadata, source="", outputs=results)
        secret.verdicts[place] = _plain_verdict(tested, ran.ok, float(mark(cell).get("points", 0)))


def _lose(submission: Submission, place: int) -> None:
    """Write what became of a cell that ended its kernel."""
    cell, reason = submission.notebook.cells[place], submission.lost[place]
    output = error_output(OTHER_WORDS[reason.slug], str(reason))
    cell.outputs = [output]
    if is_test(cell):
        submission.verdicts[place] = Verdict(0.0, [output], [], reason.slug, str(reason))


def _give_up_the_rest(submission: Submission) -> None:
    """Give nothing for what could not be run, and say why."""
    for place, cell in enumerate(submission.notebook.cells):
        if place in submission.lost and place not in submission.verdicts:
            _lose(submission, place)
        elif is_test(cell) and place not in submission.verdicts:
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
            "headline": verdict.message or (verdict.reports[0].headline if verdict.reports else ""),
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
    if submission.unready:
        eyes.append({"slug": "setup-failed", "message": submission.unready, "cell": ""})
    if submission.unwritten or submission.beside.left_out:
        names = ", ".join([*submission.beside.left_out[:3], submission.unwritten]).strip(", ")
        message = f"not every file beside the notebook was there when it ran: {names}"
        eyes.append({"slug": "files-left-out", "message": message, "cell": ""})
    for name, what in cells.items():
        if what["reason"] == "judge-error":
            eyes.append({"slug": "judge-error", "message": what["headline"], "cell": name})
        if any(m["slug"] == "uses-reference" for m in what["mistakes"]):
            message = "it asks for the course's own answer"
            eyes.append({"slug": "uses-reference", "message": message, "cell": name})

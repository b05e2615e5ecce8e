"""`check`: what a student runs in a notebook."""

import sys
from collections.abc import Callable
from typing import Any

from backprop_course import exercises
from backprop_course.checking._own_work import own_work
from backprop_course.checking.evaluate import evaluate, require_function
from backprop_course.checking.progress import remember, remembered
from backprop_course.checking.report import Report

# JupyterLite forgets the cells that wait when one raises, whatever their tags say: of a page that is run as a
# whole nothing below the first unwritten function would come. Nobody grades there; the report says it all.
DROPS_WHAT_WAITS = sys.platform == "emscripten"


class ExerciseFailed(AssertionError):
    """Raised by `check` when an answer is not right; its text is the report.

    In a notebook the report is shown as a page, and this renders itself as one line without a traceback.
    """

    def __init__(self, report: Report, *, hidden: bool = False) -> None:
        super().__init__(report.text(numbers=not hidden))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        """Lines that IPython shows in place of a traceback, and that nbgrader's feedback keeps."""
        slugs = ", ".join(mistake.slug for mistake in self.report.mistakes)
        return [f"{self.report.headline} [{slugs}]"]


_listeners: dict[object, Callable[[Report], None]] = {}
_reports: dict[str, Report] = {}


def reports() -> dict[str, Report]:
    """Return the latest report of `check` on each exercise that it has seen in this process."""
    return dict(_reports)


def verdicts() -> dict[str, bool]:
    """Return the latest verdict of `check` on each exercise that is written, here or on another day."""
    here = {name: report.verdict for name, report in _reports.items()}
    return {name: verdict for name, verdict in (remembered() | here).items() if verdict is not None}


def on_check(listener: Callable[[Report], None]) -> Callable[[], None]:
    """Call ``listener(report)`` after each evaluation by `check`; returns a function that ends this."""
    key = object()
    _listeners[key] = listener

    def stop() -> None:
        _listeners.pop(key, None)

    return stop


def check(function: Callable[..., Any], name: str | None = None, *, seed: int | None = None) -> None:
    """Check an answer, show the report, and raise unless it is right.

    Parameters
    ----------
    function : callable
        The answer: ``check(relu_backward)``.
    name : str, optional
        Of the exercise, where it can't be read off the function.
    seed : int, optional
        Of a grader's run on cases that the student does not see: a right answer shows nothing then, and the
        report of a wrong one keeps the cases' numbers to itself.

    Raises
    ------
    ExerciseFailed
        An AssertionError that carries the report. In JupyterLite, in the browser, the report is shown and
        nothing is raised.
    TypeError
        When `function` is no function: its name in quotes, say, or what it returned.
    """
    __tracebackhide__ = True  # pytest shows the line that called, and the report
    hidden = seed is not None
    require_function(function, name, "check")
    name = name or _name_of(function)
    exercise = exercises.get(name)
    report = evaluate(name, own_work(function, exercise), seed=seed or 0)
    _reports[name] = report
    if not hidden:
        remember(exercise.assignment, name, report.verdict)
    for listener in tuple(_listeners.values()):
        listener(report)
    shown = not (hidden and report.passed) and _show(report, hidden)
    if not report.passed and not (shown and DROPS_WHAT_WAITS):
        raise ExerciseFailed(report, hidden=hidden)
    if not (shown or hidden):
        print(report.headline)


def _name_of(function: Callable[..., Any]) -> str:
    """Find the exercise by the function's name, or by the variable that holds it (``f = lambda ...``)."""
    __tracebackhide__ = True
    name = getattr(function, "__name__", type(function).__name__)
    if name in exercises.names():
        return str(name)
    caller = sys._getframe(2).f_globals
    held = [variable for variable in exercises.names() if caller.get(variable) is function]
    return held[0] if held else exercises.get(name).name  # which raises, and proposes the closest name


def _show(report: Report, hidden: bool) -> bool:
    """Show the report as a page where IPython runs. Returns whether it does."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return False
    text = report.headline if report.passed else report.text(numbers=not hidden)
    page = {"text/html": report.html(numbers=not hidden), "text/plain": text}
    ipython.display.display(page, raw=True)
    return True

"""Progress: how many functions of a notebook, or of the course, are right, updated by `check`."""

from collections.abc import Iterable
from typing import Any

import traitlets as t

from backprop_course.checking import Report, on_check, verdicts
from backprop_course.checking.progress import remembered
from backprop_course.exercises import assigned, get, names
from backprop_course.svg import document, tag, text
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets._chart import Style

WIDTH, LINE = 640, 44


class Progress(CourseWidget):
    """Show how many functions are right, and which are still open: of a notebook, or of the whole course.

    Starts from what `check` has found in this kernel and on other days, and follows every later `check`.
    Shown twice, at the top and at the end of a notebook, both pictures stay in step.

    Parameters
    ----------
    assignment : str, optional
        Of the notebook: "04-activations". Without it the whole course is shown, notebook by notebook, as
        each was left: an answer that another page checks, wrong on purpose, does not count.

    Attributes
    ----------
    functions : list of dict
        ``name``, ``assignment``, ``points`` and ``state`` of each: "open", "right" or "wrong".

    Raises
    ------
    ValueError
        When there is no such assignment.

    Examples
    --------
    >>> Progress("04-activations")
    Progress: 0 of 14 functions right, 0 of 24 points.
    >>> Progress()
    Progress: 0 of 66 functions right, 0 of 126 points.
    """

    _esm = browser_module("progress")
    _css = stylesheet("progress")

    functions = t.List(t.Dict(), read_only=True).tag(sync=True)

    _stop = staticmethod(lambda: None)  # where the constructor raises, there is nothing to stop

    def __init__(self, assignment: str | None = None) -> None:
        self._known = remembered if assignment is None else verdicts
        shown = [get(name) for name in names()] if assignment is None else assigned(assignment)
        super().__init__()
        self._show(
            {"name": exercise.name, "assignment": exercise.assignment, "points": exercise.points}
            for exercise in shown
        )
        self._stop = on_check(self._hear)

    def close(self) -> None:
        """Stop listening to `check` and take the widget off the page."""
        self._stop()
        super().close()

    def summary(self) -> str:
        """Say how many functions are right and, once some are, which are not."""
        missing = [f["name"] for f in self.functions if f["state"] != "right"]
        begun = missing and len(missing) < len(self.functions)
        return f"{_count(self.functions)}." + (f" Still open: {', '.join(missing)}." if begun else "")

    def figure(self) -> str:
        """Draw a bar for each notebook, with a piece for each function."""
        notebooks = self._notebooks()
        lines = [f"{name}: {_count(functions)}" for name, functions in notebooks.items()]
        if len(lines) == 1:
            lines = [_count(self.functions)]
        bars = (_bar(functions, i * LINE) for i, functions in enumerate(notebooks.values()))
        said = (text(line, 2, i * LINE + 18, fill="ink") for i, line in enumerate(lines))
        return document(self.summary(), WIDTH, LINE * len(lines), *said, *bars)

    def _notebooks(self) -> dict[str, list[dict[str, Any]]]:
        """Return the functions of each notebook."""
        notebooks: dict[str, list[dict[str, Any]]] = {}
        for f in self.functions:
            notebooks.setdefault(f["assignment"], []).append(f)
        return notebooks

    def _show(self, functions: Iterable[dict[str, Any]]) -> None:
        known = self._known()
        self.set_trait("functions", [f | {"state": _state(known.get(f["name"]))} for f in functions])

    def _hear(self, report: Report) -> None:
        self._show(self.functions)


def _count(functions: list[dict[str, Any]]) -> str:
    right = [f for f in functions if f["state"] == "right"]
    points, total = (sum(f["points"] for f in some) for some in (right, functions))
    return f"{len(right)} of {len(functions)} functions right, {points} of {total} points"


def _bar(functions: list[dict[str, Any]], top: float) -> str:
    """Draw a piece for each function."""
    width = WIDTH / len(functions)
    style: dict[str, Style] = {
        "right": {"fill": "right"},
        "wrong": {"fill": "wrong", "fill_opacity": 0.25, "stroke": "wrong"},
        "open": {"fill": "none", "stroke": "muted"},
    }
    pieces = (
        tag("rect", x=i * width + 2, y=top + 28, width=width - 4, height=10, rx=3, **style[f["state"]])
        for i, f in enumerate(functions)
    )
    return "".join(pieces)


def _state(passed: bool | None) -> str:
    return {None: "open", True: "right", False: "wrong"}[passed]

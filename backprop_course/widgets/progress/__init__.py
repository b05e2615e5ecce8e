"""Progress: how many functions of a notebook, or of the course, are right, updated by `check`."""

from typing import Any

import traitlets as t

from backprop_course.checking import Report, on_check, remembered, verdicts
from backprop_course.exercises import assigned, get, names
from backprop_course.svg import document, tag, text
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets._chart import Style

STATES = ("open", "right", "wrong")
WIDTH, HEIGHT = 640, 44


class Progress(CourseWidget):
    """Show how many functions of a notebook are right, and which are still open; or of the whole course.

    Starts from what `check` has found in this kernel and on other days, and follows every later `check`.
    Shown twice, at the top and at the end of a notebook, both pictures stay in step.

    Parameters
    ----------
    assignment : str, optional
        Of the notebook: "04-activations". Without it the course is shown, a line for each notebook.

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
    """

    _esm = browser_module("progress")
    _css = stylesheet("progress")

    functions = t.List(t.Dict(), read_only=True).tag(sync=True)

    _stop = staticmethod(lambda: None)  # where the constructor raises, there is nothing to stop

    def __init__(self, assignment: str | None = None) -> None:
        known = remembered() | verdicts()
        functions = [
            {
                "name": exercise.name,
                "assignment": exercise.assignment,
                "points": exercise.points,
                "state": _state(known.get(exercise.name)),
            }
            for exercise in (assigned(assignment) if assignment else map(get, names()))
        ]
        super().__init__()
        self.set_trait("functions", functions)
        self._stop = on_check(self._hear)

    def close(self) -> None:
        """Stop listening to `check` and take the widget off the page."""
        self._stop()
        super().close()

    def summary(self) -> str:
        """Say how many functions are right and, once some are, which are not."""
        right = [f for f in self.functions if f["state"] == "right"]
        missing = [f["name"] for f in self.functions if f["state"] != "right"]
        points, total = (sum(f["points"] for f in functions) for functions in (right, self.functions))
        said = f"{len(right)} of {len(self.functions)} functions right, {points} of {total} points."
        counts = self._by_notebook()
        if len(counts) > 1:
            return " ".join([said, *(f"{name}: {count}." for name, count in counts.items())])
        return f"{said} Still open: {', '.join(missing)}." if right and missing else said

    def _by_notebook(self) -> dict[str, str]:
        """Count for each notebook: "3 of 14"."""
        counts: dict[str, list[bool]] = {}
        for function in self.functions:
            counts.setdefault(function["assignment"], []).append(function["state"] == "right")
        return {name: f"{sum(right)} of {len(right)}" for name, right in counts.items()}

    def figure(self) -> str:
        """Draw a bar with a piece for each function; of the course, a bar for each notebook."""
        if len(self._by_notebook()) > 1:
            return self._figure_of_course()
        width = WIDTH / len(self.functions)
        style: dict[str, Style] = {
            "right": {"fill": "right"},
            "wrong": {"fill": "wrong", "fill_opacity": 0.25, "stroke": "wrong"},
            "open": {"fill": "none", "stroke": "muted"},
        }
        pieces = [
            tag("rect", x=i * width + 2, y=28, width=width - 4, height=10, rx=3, **style[f["state"]])
            for i, f in enumerate(self.functions)
        ]
        said = self.summary().split(". ")[0].rstrip(".")
        return document(self.summary(), WIDTH, HEIGHT, text(said, 2, 18, fill="ink"), *pieces)

    def _figure_of_course(self) -> str:
        """Draw a bar for each notebook, as long as the part of its functions that is right."""
        counts = self._by_notebook()
        shapes = [text(self.summary().split(". ")[0], 2, 18, fill="ink")]
        left, room = 230.0, WIDTH - 240.0
        for row, (name, count) in enumerate(counts.items()):
            right, all_of_it = map(int, count.split(" of "))
            y = 34 + 22 * row
            shapes += [
                text(name, 2, y + 12, fill="ink"),
                tag("rect", x=left, y=y, width=room, height=12, rx=3, fill="none", stroke="muted"),
                tag("rect", x=left, y=y, width=room * right / all_of_it, height=12, rx=3, fill="right"),
            ]
        return document(self.summary(), WIDTH, 40 + 22 * len(counts), *shapes)

    def _hear(self, report: Report) -> None:
        if report.exercise in {f["name"] for f in self.functions}:
            state = _state(report.passed)
            changed: list[dict[str, Any]] = [
                f | {"state": state} if f["name"] == report.exercise else f for f in self.functions
            ]
            self.set_trait("functions", changed)


def _state(passed: bool | None) -> str:
    return {None: "open", True: "right", False: "wrong"}[passed]

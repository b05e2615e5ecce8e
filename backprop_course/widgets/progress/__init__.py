"""Progress: how many of a notebook's functions are right, updated by `check`."""

from typing import Any

import traitlets as t

from backprop_course.checking import Report, on_check, verdicts
from backprop_course.exercises import assigned
from backprop_course.svg import document, tag, text
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets._chart import Style

STATES = ("open", "right", "wrong")
WIDTH, HEIGHT = 640, 44


class Progress(CourseWidget):
    """Show how many functions of a notebook are right, and which are still open.

    Starts from what `check` has found in this kernel and on other days, and follows every later `check`.
    Shown twice, at the top and at the end of a notebook, both pictures stay in step.

    Parameters
    ----------
    assignment : str
        Of the notebook: "04-activations".

    Attributes
    ----------
    functions : list of dict
        ``name``, ``points`` and ``state`` of each: "open", "right" or "wrong".

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

    def __init__(self, assignment: str) -> None:
        known = verdicts()
        functions = [
            {"name": exercise.name, "points": exercise.points, "state": _state(known.get(exercise.name))}
            for exercise in assigned(assignment)
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
        return f"{said} Still open: {', '.join(missing)}." if right and missing else said

    def figure(self) -> str:
        """Draw a bar with a piece for each function."""
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

    def _hear(self, report: Report) -> None:
        if report.exercise in {f["name"] for f in self.functions}:
            state = _state(report.passed)
            changed: list[dict[str, Any]] = [
                f | {"state": state} if f["name"] == report.exercise else f for f in self.functions
            ]
            self.set_trait("functions", changed)


def _state(passed: bool | None) -> str:
    return {None: "open", True: "right", False: "wrong"}[passed]

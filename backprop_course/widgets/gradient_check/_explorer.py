"""Gradient-check explorer: the entries of a wrong gradient, each with its step-size curve."""

from collections.abc import Callable, Sequence
from typing import Any

import traitlets as t

from backprop_course.checking import Leaf
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets._chart import notice
from backprop_course.widgets._evaluate import CannotShowError
from backprop_course.widgets.gradient_check._cases import Checked, CheckedCase, by_exercise, by_slopes
from backprop_course.widgets.gradient_check._curve import curve_of
from backprop_course.widgets.gradient_check._figure import draw
from backprop_course.widgets.gradient_check._matrix import matrix_of, words


class GradientCheckExplorer(CourseWidget):
    r"""Show where a gradient is wrong: every case of its check, and every entry beside the right one.

    For each entry, the curve of a gradient check: the distance of the central difference
    :math:`(f(x + h) - f(x - h)) / 2h` from your value and from the right one, over the step h on log axes.
    From the right value it falls with h until round-off takes over, a V; from a wrong one it stays away.

    Parameters
    ----------
    function : callable, optional
        An answer to an exercise; it is evaluated as `check` does, on the cases that the notebook shows.
    name : str, optional
        Of the exercise, where the function has another name.
    forward, backward : callable, optional
        In place of `function`: any pair of functions, for which `gradcheck` takes the part of the check.
    inputs : sequence, optional
        Arguments of `forward`.

    Attributes
    ----------
    case, output, entry : int, str, list of int
        What is shown: number of the case, name of the returned array, index in it. Setting one moves the
        picture; another case or output opens on its worst entry.
    passed : bool
        The verdict.
    curve : dict
        Distances over the steps ``h``: ``truth`` and ``yours``. ``sentence`` says what they show, or why
        there are none.
    problem : str
        Why there is no picture (the forward function raises); empty otherwise.

    Raises
    ------
    TypeError, ValueError
        When the arguments fit neither form, or no exercise has that name.

    Examples
    --------
    >>> explorer = GradientCheckExplorer(lambda dy, z: dy, "relu_backward")
    >>> explorer.passed, explorer.output, explorer.entry
    (False, 'dz', [0])
    """

    _esm = browser_module("gradient_check")
    _css = stylesheet("gradient_check")

    report = t.Dict(help="Verdict, mistakes and cases, as the browser draws them.").tag(sync=True)
    case = t.Int(help="Number of the case.").tag(sync=True)
    output = t.Unicode(help="Name of the returned array.").tag(sync=True)
    entry = t.List(t.Int(), help="Index of the entry.").tag(sync=True)
    curve = t.Dict(help="Distances of the central difference, over its step.").tag(sync=True)

    def __init__(
        self,
        function: Callable[..., Any] | None = None,
        name: str | None = None,
        *,
        forward: Callable[..., Any] | None = None,
        backward: Callable[..., Any] | None = None,
        inputs: Sequence[Any] | None = None,
    ) -> None:
        self._checked: Checked | None = None
        _expect_one_form(function, forward, backward, inputs)
        super().__init__()
        if function is not None:
            self._checked = by_exercise(function, name)
        elif forward is not None and backward is not None and inputs is not None:
            try:
                self._checked = by_slopes(forward, backward, inputs)
            except CannotShowError as error:
                self.problem = str(error)
            except Exception as error:
                self.problem = f"There is nothing to show. {type(error).__name__}: {error}"
        if self._checked is None:
            return
        self.report = _as_json(self._checked)
        first = next((k for k, case in enumerate(self._checked.cases) if not case.passed), 0)
        mistakes = self._checked.mistakes
        self.case = mistakes[0]["case"] if mistakes else first
        self._open_case()

    @property
    def passed(self) -> bool:
        """The verdict."""
        return self._checked is not None and self._checked.passed

    def summary(self) -> str:
        """Say the verdict, the mistakes by name, and what the chosen entry is."""
        if self._checked is None:
            return self.problem
        named = [m["message"] + (f" [{m['slug']}]" if m["slug"] else "") for m in self._checked.mistakes]
        leaf = self._leaf()
        chosen = [words(leaf, tuple(self.entry), self._case())] if leaf and self._has_entry() else []
        return " ".join([self._checked.headline, *named, *chosen])

    def figure(self) -> str:
        """Draw the chosen array and the curve of the chosen entry as an SVG document."""
        if self._checked is None:
            return notice(self.problem)
        shown = next((m for m in self._matrices() if m["name"] == self.output), None)
        if shown is None:
            return notice(self.summary())
        return draw(self.summary(), shown, self.curve)

    @t.validate("case")
    def _one_of_them(self, proposal: Any) -> int:
        count = len(self._checked.cases) if self._checked else 1
        return int(within(proposal, 0, count - 1, "a case"))

    @t.observe("case")
    def _open_case(self, _: Any = None) -> None:
        """Open on the worst array of the case, unless it has the one that is shown."""
        matrices = self._matrices()
        wrong = [m["name"] for m in matrices if not m["passed"]]
        names = wrong or [m["name"] for m in matrices]
        self.output = self.output if self.output in names else next(iter(names), "")
        self._open_output()

    @t.observe("output")
    def _open_output(self, _: Any = None) -> None:
        """Open on the worst entry of the array."""
        shown = next((m for m in self._matrices() if m["name"] == self.output), None)
        if shown is None or not shown["indices"] or not shown["indices"][0]:
            self.entry, self.curve = [], {}
            return
        i, j = shown["worst"] or (0, 0)
        self.entry = shown["indices"][i][j]
        self._follow_entry()

    @t.observe("entry")
    def _follow_entry(self, _: Any = None) -> None:
        """Compute the curve of the chosen entry, once."""
        here = {"case": self.case, "output": self.output, "entry": list(self.entry)}
        leaf = self._leaf()
        if leaf is None or not self._has_entry() or here.items() <= self.curve.items():
            return
        self.curve = here | curve_of(self._case(), leaf, tuple(self.entry))

    def _case(self) -> CheckedCase:
        assert self._checked is not None
        return self._checked.cases[self.case]

    def _leaf(self) -> Leaf | None:
        return next((leaf for leaf in self._case().leaves if leaf.name == self.output), None)

    def _has_entry(self) -> bool:
        """Whether the chosen index is one of the chosen array."""
        leaf = self._leaf()
        shape = leaf.got.shape if leaf else ()
        return len(self.entry) == len(shape) and all(
            0 <= i < n for i, n in zip(self.entry, shape, strict=True)
        )

    def _matrices(self) -> list[dict[str, Any]]:
        return list(self.report["cases"][self.case]["outputs"]) if self.report else []


def _expect_one_form(function: object, *pair: object) -> None:
    """Check that there is either an answer to an exercise, or a pair of functions with inputs."""
    given = [part is not None for part in pair]
    if (function is not None) + all(given) != 1 or any(given) != all(given):
        raise TypeError(
            "expected an answer to an exercise, GradientCheckExplorer(relu_backward), "
            "or forward=..., backward=... and inputs=[...], and not both"
        )
    *functions, inputs = pair
    if any(given) and not all(map(callable, functions)):
        raise TypeError(f"forward and backward are {functions}; expected functions, without parentheses")
    if any(given) and not isinstance(inputs, list | tuple):
        raise TypeError(f"inputs is a {type(inputs).__name__}; expected a list of the arguments of forward")


def _as_json(checked: Checked) -> dict[str, Any]:
    cases = [
        {
            "why": case.why,
            "passed": case.passed,
            "outputs": [matrix_of(leaf, case) for leaf in case.leaves],
            "otherwise": _otherwise(case),
        }
        for case in checked.cases
    ]
    return {
        "headline": checked.headline,
        "passed": checked.passed,
        "mistakes": checked.mistakes,
        "cases": cases,
    }


def _otherwise(case: CheckedCase) -> str:
    """What stands in place of an array."""
    verdict = "is right" if case.passed else "is not right yet"
    return f"This case has no one right array to compare with. As a whole, your answer {verdict}."

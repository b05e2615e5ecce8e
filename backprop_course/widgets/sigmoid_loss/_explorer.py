"""Sigmoid and loss explorer: one unit, two losses, two gradients and two descents."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets as t

from backprop_course.numbers import show as number
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets._overlay import Function, checked_functions, plain
from backprop_course.widgets.sigmoid_loss._figure import VIEWS, column, draw, gradient_range, view_range
from backprop_course.widgets.sigmoid_loss._runs import LOSSES, Descent, Run, Settings, descent_of
from backprop_course.widgets.sigmoid_loss._words import place, verdict, yours

RATES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
REACH = 10.0  # the curves go this far to either side of 0, or to the first logit
MOST_STEPS = 1000


class SigmoidLossExplorer(CourseWidget):
    r"""Show how a sigmoid unit learns with half the squared error, and how with cross-entropy.

    With target d the gradients with respect to the logit are
    :math:`(\sigma(z) - d)\,\sigma(z)\,(1 - \sigma(z))` and :math:`\sigma(z) - d`. The first vanishes where
    the output is most wrong, so gradient descent from there stalls. See *Lecture 5: Backpropagation*, 2018.

    Parameters
    ----------
    d : float
        Target, from 0 to 1.
    z : float
        Logit from which both runs start.
    learning_rate : float
        Of gradient descent.
    steps : int
        How many steps the runs take, at most 1000.
    step : int, optional
        Up to which step they are shown at the start. Default: to the end.
    view : {"p", "z", "loss"}
        What is drawn over the steps: output, logit or loss.
    sigmoid_mse_backward, sigmoid_cross_entropy_backward : callable, optional
        The student's own functions of (z, d); their curves and runs are shown beside the right ones.

    Attributes
    ----------
    runs : dict
        By "mse" and "cross": arrays `z`, `p`, `loss` and `gradient`, with an entry for the start and one
        after each step.

    Raises
    ------
    TypeError, ValueError
        When the arguments make no picture: a target above 1, no step, a function that is none.

    Examples
    --------
    >>> explorer = SigmoidLossExplorer(d=1.0, z=-6.0)
    >>> {loss: round(float(run.p[50]), 4) for loss, run in explorer.runs.items()}
    {'mse': 0.0028, 'cross': 0.9768}
    """

    _esm = browser_module("sigmoid_loss")
    _css = stylesheet("sigmoid_loss")

    d = t.Float(help="Target.").tag(sync=True)
    z = t.Float(help="Logit from which both runs start.").tag(sync=True)
    learning_rate = t.Float(help="Of gradient descent.").tag(sync=True)
    step = t.Int(help="Up to which step the runs are shown.").tag(sync=True)
    view = t.Enum([*VIEWS], default_value="p", help="What is drawn over the steps.").tag(sync=True)
    steps = t.Int(help="How many steps the runs take.").tag(sync=True)
    reach = t.Float(help="How far the curves go to either side of 0.").tag(sync=True)
    rates = t.List(t.Float(), help="Learning rates to choose from.").tag(sync=True)
    picture = t.Dict(read_only=True, help="Numbers and sentences that the browser shows.").tag(sync=True)

    def __init__(
        self,
        d: float = 1.0,
        z: float = -6.0,
        *,
        learning_rate: float = 1.0,
        steps: int = 50,
        step: int | None = None,
        view: str = "p",
        sigmoid_mse_backward: Function | None = None,
        sigmoid_cross_entropy_backward: Function | None = None,
    ) -> None:
        names = {loss.backward.__name__: key for key, loss in LOSSES.items()}
        given = (sigmoid_mse_backward, sigmoid_cross_entropy_backward)
        functions = checked_functions(dict(zip(names, given, strict=True)))
        self._functions = {names[name]: f for name, f in functions.items()}
        settings = {
            "d": d, "z": z, "learning_rate": learning_rate, "steps": steps, "view": view,
            "step": steps if step is None else step,
        }  # fmt: skip
        try:
            super().__init__(reach=_reach(z), rates=sorted({*RATES, float(learning_rate)}), **settings)
        except t.TraitError as error:
            raise ValueError(str(error)) from None
        self._compute()
        self.observe(self._compute, ["d", "z", "learning_rate"])

    @property
    def runs(self) -> dict[str, Run]:
        """Both descents, by the name of the loss."""
        return self._descent.runs

    def summary(self) -> str:
        """Say where both runs are at the current step."""
        descent, step = self._descent, self.step
        rows = [f"{LOSSES[key].name.capitalize()}: {place(run, step)}." for key, run in descent.runs.items()]
        mine = [yours(descent, key, step) for key in descent.yours]
        start = f"start at z = {number(self.z)}, learning rate {number(self.learning_rate)}."
        return " ".join([start, verdict(descent, step), *rows, *mine])

    def figure(self) -> str:
        """Draw gradients and runs up to the current step as an SVG document."""
        return draw(self._descent, self.reach, self.view, self.step)

    @t.validate("d", "z", "learning_rate", "steps", "step")
    def _in_range(self, proposal: Any) -> Any:
        """Refuse what the picture has no place for."""
        ranges = {
            "d": (0.0, 1.0), "z": (-self.reach, self.reach), "learning_rate": (1e-6, 1e6),
            "steps": (1, MOST_STEPS), "step": (0, self.steps),
        }  # fmt: skip
        return within(proposal, *ranges[proposal["trait"].name])

    def _compute(self, _: Any = None) -> None:
        """Compute the picture anew; every number and sentence on the page comes from here."""
        settings = Settings(self.d, self.z, self.learning_rate, self.steps)
        self._descent = descent_of(settings, self.reach, self._functions)
        self.set_trait("picture", _picture(self._descent))


def _reach(z: float) -> float:
    """Room for the first logit, if it is a number at all."""
    if not isinstance(z, (int, float, np.integer, np.floating)) or not abs(z) <= 1000:
        raise ValueError(f"z = {z!r}; expected a number from -1000 to 1000")
    return max(REACH, float(np.ceil(abs(z))))


def _picture(descent: Descent) -> dict[str, Any]:
    steps: Sequence[int] = range(len(descent.runs["mse"].z))
    drawn = {key: answer.values for key, answer in descent.yours.items() if answer.values is not None}
    return {
        "d": descent.d,
        "z": plain(descent.z),
        "curves": {key: plain(values) for key, values in descent.curves.items()},
        "your_curves": {key: plain(values) for key, values in drawn.items()},
        "runs": {key: _plain_run(run) for key, run in descent.runs.items()},
        "your_runs": {key: _plain_run(run) for key, run in descent.your_runs.items()},
        "gradient_range": gradient_range(descent),
        "view_ranges": {view: view_range(descent, view) for view in VIEWS},
        "verdicts": [verdict(descent, step) for step in steps],
        "said": {key: [place(run, step) for step in steps] for key, run in descent.runs.items()},
        "yours_said": {key: [yours(descent, key, step) for step in steps] for key in descent.yours},
    }


def _plain_run(run: Run) -> dict[str, Any]:
    return {view: plain(column(run, view)) for view in VIEWS} | {"gradient": plain(run.gradient)}

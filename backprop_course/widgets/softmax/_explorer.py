"""Softmax explorer: move the logits, watch probabilities, loss, gradient and Jacobian."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets as t

from backprop_course.numbers import show as number
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets._overlay import Function, checked_functions
from backprop_course.widgets.softmax._figure import draw
from backprop_course.widgets.softmax._picture import picture
from backprop_course.widgets.softmax._state import state_of
from backprop_course.widgets.softmax._words import FUNCTIONS, PANELS, sentences, yours

CLASSES = (2, 6)  # fewest and most classes that fit the picture
REACH = 6.0  # sliders go this far to either side of 0, or to the largest logit
FURTHEST = 1000.0


class SoftmaxExplorer(CourseWidget):
    r"""Show what the softmax makes of a row of logits, the loss of a label, and how both depend on them.

    The probabilities are :math:`p_i = e^{z_i} / \sum_j e^{z_j}`, the Jacobian
    :math:`\partial p_i / \partial z_j = p_i (\delta_{ij} - p_j)`, the loss :math:`-\log p_{label}` and its
    gradient :math:`p - Y` with Y the one-hot label. See Z. Cui, *Forward and Backward Propagation*, 2025.
    A shift, added to all logits, leaves all of it as it is, but not the exponentials of the formula.

    Parameters
    ----------
    logits : sequence of float
        Two to six, one for each class.
    label : int
        The right class, from 0.
    shift : float
        A constant c that is added to all logits, from -1000 to 1000.
    show : sequence of {"gradient", "jacobian", "shift"}
        What is ticked at the start beside logits and probabilities.
    softmax, softmax_jacobian, softmax_cross_entropy_backward : callable, optional
        The student's own functions; their answers are shown beside the right ones.

    Attributes
    ----------
    probabilities, gradient : ndarray, shape (C,)
    jacobian : ndarray, shape (C, C)
        Outputs by inputs.
    loss : float

    Raises
    ------
    TypeError, ValueError
        When the arguments make no picture: one logit, a label that is no class, a function that is none.

    Examples
    --------
    >>> explorer = SoftmaxExplorer((2.0, 1.0, 0.1), label=0)
    >>> explorer.probabilities.round(3).tolist(), round(explorer.loss, 3)
    ([0.659, 0.242, 0.099], 0.417)
    """

    _esm = browser_module("softmax")
    _css = stylesheet("softmax")

    logits = t.List(t.Float(), help="One for each class.").tag(sync=True)
    label = t.Int(help="The right class.").tag(sync=True)
    shift = t.Float(help="Added to all logits.").tag(sync=True)
    classes = t.Int(help="How many classes there are.").tag(sync=True)
    reach = t.Float(help="How far the sliders go to either side of 0.").tag(sync=True)
    show = t.List(t.Enum(PANELS), help="What is shown beside logits and probabilities.").tag(sync=True)
    picture = t.Dict(read_only=True, help="Numbers and sentences that the browser shows.").tag(sync=True)

    def __init__(
        self,
        logits: Sequence[float] = (2.0, 1.0, 0.1),
        label: int = 0,
        *,
        shift: float = 0.0,
        show: Sequence[str] = PANELS,
        softmax: Function | None = None,
        softmax_jacobian: Function | None = None,
        softmax_cross_entropy_backward: Function | None = None,
    ) -> None:
        given = (softmax, softmax_cross_entropy_backward, softmax_jacobian)
        self._functions = checked_functions(dict(zip(FUNCTIONS, given, strict=True)))
        row = _checked_logits(logits)
        reach = max(REACH, float(np.ceil(np.abs(row).max())))
        try:
            super().__init__(
                logits=row.tolist(), label=label, shift=shift, show=list(show), classes=len(row), reach=reach
            )
        except t.TraitError as error:
            raise ValueError(str(error)) from None
        self._compute()
        self.observe(self._compute, ["logits", "label", "shift"])

    @property
    def probabilities(self) -> Array:
        """Softmax of the logits."""
        return self._state.p

    @property
    def gradient(self) -> Array:
        """Gradient of the loss with respect to the logits."""
        return self._state.gradient

    @property
    def jacobian(self) -> Array:
        """Jacobian of the softmax, outputs by inputs."""
        return self._state.jacobian

    @property
    def loss(self) -> float:
        """Minus the logarithm of the label's probability."""
        return self._state.loss

    def summary(self) -> str:
        """Say what the current logits give, in sentences."""
        said, mine = sentences(self._state), yours(self._state)
        shown = ["probabilities", *(panel for panel in PANELS if panel in self.show)]
        rows = [said[panel] + (f" {mine[panel]}" if panel in mine else "") for panel in shown]
        return " ".join([f"logits {', '.join(map(number, self.logits))}.", *rows])

    def figure(self) -> str:
        """Draw the current logits and what follows from them as an SVG document."""
        title = f"Softmax of the logits {', '.join(map(number, self.logits))}"
        return draw(self._state, self.show, title)

    @t.validate("logits")
    def _as_far_as_the_sliders(self, proposal: Any) -> list[float]:
        row: list[float] = proposal["value"]
        if len(row) != self.classes or not all(abs(z) <= self.reach for z in row):  # nan is not
            expected = f"{self.classes} numbers from {-self.reach:g} to {self.reach:g}"
            raise t.TraitError(f"logits = {row}; expected {expected}, as the sliders have")
        return row

    @t.validate("label")
    def _a_class(self, proposal: Any) -> int:
        return int(within(proposal, 0, self.classes - 1, "a class"))

    @t.validate("shift")
    def _in_reach(self, proposal: Any) -> float:
        return float(within(proposal, -FURTHEST, FURTHEST))

    def _compute(self, _: Any = None) -> None:
        """Compute the picture anew; every number and sentence on the page comes from here."""
        self._state = state_of(self.logits, self.label, self.shift, self._functions)
        self.set_trait("picture", picture(self._state))


def _checked_logits(logits: Sequence[float]) -> Array:
    row = np.array(logits, dtype=float)
    if row.ndim != 1 or not CLASSES[0] <= len(row) <= CLASSES[1]:
        raise ValueError(f"logits = {logits!r}; expected a row of two to six numbers, one for each class")
    if not (np.abs(row) <= FURTHEST).all():  # nan is not
        raise ValueError(f"logits = {logits!r}; expected numbers from -1000 to 1000")
    return row

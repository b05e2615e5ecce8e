"""Jacobian explorer: the true Jacobian beside the student's, entry by entry, in either layout."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy.typing as npt
import traitlets as t

from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet
from backprop_course.widgets._chart import notice
from backprop_course.widgets._evaluate import Array, CannotShowError, name_of
from backprop_course.widgets.jacobian._compare import Backward, Comparison, Jacobian, compare
from backprop_course.widgets.jacobian._figure import draw
from backprop_course.widgets.jacobian._picture import LAYOUTS, picture_of
from backprop_course.widgets.jacobian._student import checked_functions, checked_names, checked_point


class JacobianExplorer(CourseWidget):
    r"""Show the Jacobian :math:`J_{ij} = \partial y_i / \partial x_j` of a function beside the student's.

    Both are heat maps whose entries can be pointed at, with their difference, in either layout: outputs by
    inputs (numerator) or inputs by outputs (denominator). The truth is measured by central differences. The
    student's Jacobian is recovered from their backward function, one vector-Jacobian product with a one-hot
    upstream gradient for each row. At a kink every slope between the left and the right one is right. See
    L. Aitchison, *EMAT31530, Part 6: Backprop*, and *Lecture 5: Backpropagation* (2018) for the other layout.

    Parameters
    ----------
    forward : callable
        ``forward(x) -> y``, of any shapes; both are flattened in C order.
    x : array_like
        Where; at most 48 entries, as the output may have.
    backward : callable, optional
        ``backward(dy, x) -> dx``, the student's own. With it, chain rule and cost can be unfolded.
    yours : array_like or callable, optional
        In place of `backward`: the student's whole Jacobian, or a function of x that returns it, of shape
        (M, D) or ``y.shape + x.shape``.
    jacobian : array_like or callable, optional
        The true Jacobian, likewise, where it is not to be measured.
    names : (str, str)
        Of output and input.
    layout : {"numerator", "denominator"}
        At the start: outputs by inputs, or inputs by outputs.

    Attributes
    ----------
    truth : ndarray or None
        The true Jacobian, outputs by inputs; nan where there is a kink.
    yours, difference : ndarray or None
        The student's, and how far each entry is from what is right; None where there is none.
    wrong : list of (int, int)
        Output and input of each entry that differs beyond round-off.
    jacobian_layout : {"numerator", "denominator"}
        The layout now.
    beside : {"yours", "difference"}
        What stands beside the truth where there is no room for both.
    problem : str
        Why there is no picture (`forward` raises, or is not finite); empty otherwise.

    Raises
    ------
    TypeError, ValueError
        When the arguments make no picture: both `backward` and `yours`, more than 48 inputs, a `jacobian` of
        another shape.

    Examples
    --------
    >>> explorer = JacobianExplorer(np.square, [1.0, 2.0], backward=lambda dy, x: dy * x)
    >>> explorer.wrong
    [(0, 0), (1, 1)]
    """

    _esm = browser_module("jacobian")
    _css = stylesheet("jacobian")

    picture = t.Dict(help="What the browser draws and says, in both layouts.").tag(sync=True)
    jacobian_layout = t.Enum(LAYOUTS, "numerator", help="Outputs by inputs, or inputs by outputs.").tag(
        sync=True  # the name layout is taken: every widget has one, for its place on the page
    )
    beside = t.Enum(("yours", "difference"), "yours", help="What stands beside the truth.").tag(sync=True)

    def __init__(
        self,
        forward: Callable[[Any], Any],
        x: npt.ArrayLike,
        backward: Backward | None = None,
        *,
        yours: Jacobian | None = None,
        jacobian: Jacobian | None = None,
        names: Sequence[str] = ("y", "x"),
        layout: str = "numerator",
    ) -> None:
        checked_functions(forward, backward, yours)
        point, both = checked_point(x), checked_names(names)
        self._found: Comparison | None = None
        super().__init__(jacobian_layout=layout)
        try:
            self._found = compare(forward, point, backward, yours, jacobian, both)
        except CannotShowError as reason:
            self.problem = str(reason)
            return
        source = "measured" if jacobian is None else "given"
        self.picture = picture_of(self._found, name_of(forward), source, with_cost=backward is not None)

    @property
    def truth(self) -> Array | None:
        """The true Jacobian, outputs by inputs."""
        return None if self._found is None else self._found.truth.slopes

    @property
    def yours(self) -> Array | None:
        """The student's Jacobian, outputs by inputs."""
        return None if self._found is None else self._found.yours

    @property
    def difference(self) -> Array | None:
        """How far each entry of the student's is from what is right."""
        return None if self._found is None else self._found.difference

    @property
    def wrong(self) -> list[tuple[int, int]]:
        """Where the student's Jacobian is wrong."""
        return [] if self._found is None else self._found.wrong

    def summary(self) -> str:
        """Say what the picture shows, in sentences."""
        p = self.picture
        shape = dict(p["facts"][self.jacobian_layout])["Rows, columns"]
        said = [f"{p['title']}, {shape}", *(f"{m['head']}: {m['note']}." for m in p["panels"]), p["verdict"]]
        return " ".join(words for words in said if words)

    def figure(self) -> str:
        """Draw the current layout as an SVG document."""
        return notice(self.problem) if self.problem else draw(self.picture, self.jacobian_layout)

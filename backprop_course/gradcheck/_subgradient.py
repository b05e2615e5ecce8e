r"""Whether given gradients are elements of the subdifferential of :math:`\langle dy, f(x) \rangle`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop_course.gradcheck._clarke import hidden_kinks
from backprop_course.gradcheck._inputs import input_names, moving_positions
from backprop_course.gradcheck._noise import output_noise
from backprop_course.gradcheck._point import EPS, Direction, Entry, Point, Vector
from backprop_course.gradcheck._report import Worst
from backprop_course.gradcheck._slopes import Slopes, slopes_along
from backprop_course.gradcheck._sweep import STEP, Sweep, Upstream, settle, sweep

_ROUND_OFF = 64  # units in the last place that a backward function may lose
_RANDOM_DIRECTIONS = 6
_OUTPUTS = 8  # with a kink, for each of which directions of its own are tried
_ZOOM = 2.0**-10  # of the usual step: free of most kinks nearby


def subgradient_violation(
    forward: Callable[..., Any],
    inputs: Sequence[Any],
    dy: npt.ArrayLike,
    gradients: Sequence[npt.ArrayLike | None],
    seed: int = 0,
) -> Worst | None:
    r"""Find out whether gradients belong to the subdifferential, and where they do not.

    Where the function is smooth, the only element is the gradient. At a kink each output :math:`y_i` may take any
    slope between its left and its right one, :math:`g_j \in \sum_i dy_i\,[l_{ij}, r_{ij}]`, and the same must hold for
    :math:`\langle g, v \rangle` along directions v: all ones, random ones, and those in which `gradients` leave the
    centre of the interval. So (1, 1) and (0, 0) are refused at a tied maximum of two, and (0.3, 0.7) is accepted.

    Parameters
    ----------
    forward : callable
        Takes `inputs`, returns one array.
    inputs : sequence
        Arguments of `forward`. Never changed.
    dy : array_like
        Upstream gradient, shape of the output.
    gradients : sequence of array_like or None
        One per input, of its shape; None for an input not asked for.
    seed : int, optional
        Of the directions.

    Returns
    -------
    Worst or None
        None where the gradients are right.
    """
    if len(gradients) != len(inputs):
        raise ValueError(f"got {len(gradients)} gradients for {len(inputs)} inputs, expected one (or None) for each.")
    asked = [position for position, gradient in enumerate(gradients) if gradient is not None]
    with np.errstate(all="ignore"):
        around = Neighbourhood(forward, inputs, asked, seed)
        return around.examine(np.asarray(dy, np.float64), [np.asarray(gradients[p]) for p in asked]).violation


class Examination(NamedTuple):
    """Result of `Neighbourhood.examine`: a violation if there is one, and the worst entry in any case."""

    violation: Worst | None
    worst: Worst | None


class Neighbourhood:
    """What is known about a forward function around a point; slopes at kinks are measured once.

    Parameters
    ----------
    forward, inputs, seed
        As in `subgradient_violation`.
    asked : sequence of int
        Positions of the inputs whose gradients are examined.

    Attributes
    ----------
    kinks : dict
        Slopes of the outputs along each entry at which some output has a kink.
    """

    def __init__(self, forward: Callable[..., Any], inputs: Sequence[Any], asked: Sequence[int], seed: int) -> None:
        moving = sorted({*asked, *moving_positions(inputs)}, key=lambda p: (p not in asked, p))
        names = input_names(forward, len(inputs))
        self._names = [names[p] for p in moving]
        self._asked = len(asked)  # the first so many moving inputs
        self._rng = np.random.default_rng(seed)
        self._point = Point(forward, inputs, moving)
        self._noise = output_noise(self._point, self._rng)
        self._along: list[tuple[Direction, Slopes]] = []
        self.kinks: dict[Entry, Slopes] = {}

r"""Whether given gradients are elements of the subdifferential of :math:`\langle dy, f(x) \rangle`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop_course.numbers import count
from backprop_course.numerical._answer import as_answer
from backprop_course.numerical._neighbourhood import Neighbourhood
from backprop_course.numerical._point import EPS
from backprop_course.numerical._report import Worst
from backprop_course.ops._shapes import as_array, as_function, as_list


def subgradient_violation(
    forward: Callable[..., Any],
    inputs: Sequence[Any],
    dy: npt.ArrayLike,
    gradients: Sequence[npt.ArrayLike | None],
    seed: int = 0,
) -> Worst | None:
    r"""Find out whether gradients belong to the subdifferential, and where they do not.

    Where the function is smooth, the only element is the gradient. At a kink each output :math:`y_i` may take
    any slope between its left and its right one, :math:`g_j \in \sum_i dy_i\,[l_{ij}, r_{ij}]`, and the same
    must hold for :math:`\langle g, v \rangle` along directions v: all ones, random ones, and those in which
    `gradients` leave the centre of the interval. So (1, 1) and (0, 0) are refused at a tied maximum of two,
    and (0.3, 0.7) is accepted. Subdifferential means Clarke's, as the function need not be convex: where
    kinks cancel, the intervals are widened to the slopes found beside the point.

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
        Of the random directions.

    Returns
    -------
    Worst or None
        None where the gradients are right, or cannot be told from right: at a jump, at an infinite slope, and
        where round-off hides the slope.

    Raises
    ------
    ValueError
        Where a shape or the number of gradients is wrong, or `forward` is not finite at the point.
    """
    as_function("forward", forward)
    inputs, gradients = as_list("inputs", inputs), as_list("gradients", gradients, "arrays or None", least=0)
    if len(gradients) != len(inputs):
        raise ValueError(
            f"got {len(gradients)} gradients for {count(len(inputs), 'input')}, expected one or None each."
        )
    asked = [position for position, gradient in enumerate(gradients) if gradient is not None]
    if not asked:
        raise ValueError("every gradient is None, expected at least one to judge.")
    given = [as_array(f"gradient {position}", gradients[position]) for position in asked]
    upstream = as_array("dy", dy).astype(np.float64)
    for position, gradient in zip(asked, given, strict=True):
        _expect_shape(f"gradient {position}", gradient.shape, np.shape(inputs[position]))
    with np.errstate(all="ignore"):
        around = Neighbourhood(forward, inputs, asked, seed)
        _expect_shape("dy", upstream.shape, around.output_shape)
        return around.examine(upstream.reshape(-1), as_answer(given, _round_off(given))).violation


def _round_off(gradients: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[np.float64]]:
    """A few units in the last place of the largest entry, as there is no backward function to measure it."""
    sizes = [4 * EPS * np.max(np.abs(gradient), initial=0.0) for gradient in gradients]
    return [np.full(gradient.shape, size) for gradient, size in zip(gradients, sizes, strict=True)]


def _expect_shape(name: str, got: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if got != expected:
        raise ValueError(f"{name} has shape {got}, expected {expected}.")

"""The numbers behind the sigmoid and loss explorer: two gradients over the logit, two descents."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backprop_course import ops
from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array, CannotShowError, answer
from backprop_course.widgets._overlay import Function, Overlay, overlay

STEPS_ACROSS = 200  # intervals of the curves


@dataclass(frozen=True)
class Loss:
    """A loss of a sigmoid unit, and its gradient with respect to the logit."""

    name: str
    value: Function
    backward: Function


LOSSES = {
    "mse": Loss("squared error", ops.sigmoid_mse, ops.sigmoid_mse_backward),
    "cross": Loss("cross-entropy", ops.sigmoid_cross_entropy, ops.sigmoid_cross_entropy_backward),
}


@dataclass(frozen=True)
class Settings:
    """Where gradient descent starts, and how it goes on."""

    d: float  # target
    z: float  # first logit
    rate: float
    steps: int


@dataclass(frozen=True)
class Run:
    """Gradient descent on one loss: an entry for the start and one after each step."""

    z: Array
    p: Array
    loss: Array
    gradient: Array  # at each z; the next step goes against it


@dataclass(frozen=True)
class Descent:
    """Both gradients and both runs, with the student's beside the course's where there are any."""

    d: float
    z: Array  # of the curves
    curves: dict[str, Array]
    runs: dict[str, Run]
    yours: dict[str, Overlay]  # the student's curves
    your_runs: dict[str, Run]


def descent_of(settings: Settings, reach: float, functions: dict[str, Function]) -> Descent:
    """Compute both gradients over the logit, as far as `reach` to either side of 0, and both runs.

    `functions` are the student's backward functions, by the keys of `LOSSES`.
    """
    z = np.linspace(-reach, reach, STEPS_ACROSS + 1)
    d = np.full_like(z, settings.d)
    curves = {key: loss.backward(z, d) for key, loss in LOSSES.items()}

    def place(i: int) -> str:
        return f"at z = {number(float(z[i]))}"

    yours = {
        key: overlay(LOSSES[key].backward.__name__, f, (z.copy(), d.copy()), curves[key], place)
        for key, f in functions.items()
    }
    shown = [key for key, compared in yours.items() if compared.values is not None]
    runs = {key: _run(loss, loss.backward, settings) for key, loss in LOSSES.items()}
    your_runs = {key: _run(LOSSES[key], functions[key], settings) for key in shown}
    return Descent(settings.d, z, curves, runs, yours, your_runs)


def _run(loss: Loss, backward: Function, settings: Settings) -> Run:
    """Descend; where the gradient ends (the function raises, or is not finite), the rest is nan."""
    path = np.full((settings.steps + 1, 2), np.nan)
    for k, pair in enumerate(_walk(backward, settings)):
        path[k] = pair
    z, gradient = path.T
    with np.errstate(all="ignore"):
        return Run(z, ops.sigmoid(z), loss.value(z, np.full_like(z, settings.d)), gradient)


def _walk(backward: Function, settings: Settings) -> Iterator[tuple[float, float]]:
    """Give the logit and the gradient there, before the first step and after each."""
    z, d = np.array([settings.z]), np.array([settings.d])
    for _ in range(settings.steps + 1):
        try:
            gradient = answer(backward, z.copy(), d.copy(), shape=(1,))
        except CannotShowError:
            return
        if not np.isfinite(gradient[0]):
            return
        yield float(z[0]), float(gradient[0])
        z = z - settings.rate * gradient

"""What the exercises of 07-digits share."""

from collections.abc import Callable
from functools import partial
from typing import Any

from backprop_course.exercises._declare import Exercise, WrongForm

Exercise07 = partial(Exercise, assignment="07-digits")


def guarded_logarithm(loss_with: Callable[[float], Callable[..., Any]]) -> WrongForm:
    """A loss with a small constant inside the logarithm."""
    return WrongForm(
        "lost-precision",
        lambda *inputs, constant=1e-8: loss_with(constant)(*inputs),
        "The loss is what a constant of about {constant}, added inside the logarithm, makes of it.",
        "Such a guard changes the loss everywhere. Written in terms of the logits, the logarithm never meets a 0.",
        (1e-16, 0.1),
    )

"""What the exercises of 07-digits share."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from backprop_course.exercises._declare import Exercise, WrongForm

Exercise07 = partial(Exercise, assignment="07-digits")


def guarded_logarithms(loss_with: Callable[[float], Callable[..., Any]]) -> Iterator[WrongForm]:
    """Losses with a small constant inside the logarithm, by the constant, the smallest first."""
    for constant in (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5):
        size = "1e-10 or less" if constant == 1e-10 else f"{constant:.0e}"
        yield WrongForm(
            "wrong-value",
            loss_with(constant),
            f"The loss is slightly off, as if a constant of about {size} were added inside the logarithm.",
            "Such a guard changes the loss everywhere. Written in terms of the logits, the logarithm never meets a 0.",
        )

"""What the two losses of a sigmoid output unit share."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms


def unit_cases(rng: Generator) -> Iterator[Case]:
    """Cases of ``backward(z, d)``: logits and targets."""
    yield Case("two units, with outputs 1/2 and 3/4", (np.array([0.0, np.log(3.0)]), np.array([1.0, 0.0])))
    for shape in ((4,), (2, 3), (3, 3), (1, 5), (2, 2, 3)):
        yield Case(f"arrays of shape {shape}", (normal(rng, *shape), rng.uniform(size=shape)))
    yield Case(
        "targets 0 and 1", (normal(rng, 3, 2, scale=2.0), np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]))
    )
    yield Case(
        "saturated units, right and wrong",
        (np.array([1e4, -1e4, 1e4, -1e4, 800.0, -800.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.3, 0.3])),
    )
    yield views(normal(rng, 3, 2), rng.uniform(size=(3, 2)))
    yield Case(
        "float32 arrays", (normal(rng, 2, 3).astype(np.float32), rng.uniform(size=(2, 3)).astype(np.float32))
    )
    yield Case("arrays of integers", (np.array([2, -1, 0]), np.array([1, 1, 0])))


def two_exponentials(z: Any) -> Any:
    """Sigmoid whose exponential overflows above and below the fraction bar."""
    e = np.exp(z)
    return e / (1 + e)


def by_output(change: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong answer ``change(y, d)`` of the unit's output y."""
    return lambda z, d: change(ops.sigmoid(z), d)


def shared_forms(right: Callable[..., Any], loss: Callable[..., Any]) -> Iterator[WrongForm]:
    """Wrong answers that both losses have, from the right one and the loss itself."""
    yield WrongForm(
        "wrong-sign",
        lambda z, d: right(-z, d),
        "Your sigmoid falls where it should rise: the sign of z is lost in it.",
        "What should the output be for a large positive z?",
    )
    yield WrongForm(
        "value-instead-of-mask",
        lambda z, d: right(z, d) * z,
        "Your answer has z as an extra factor.",
        "z enters through the sigmoid alone, and nothing stands inside the sigmoid but z itself.",
    )
    yield WrongForm("forward-instead-of-backward", loss, "You return the losses, not their slopes.")
    yield from wrong_forms(
        "averaged-twice",
        [lambda z, d, count=count: right(z, d) / count(z) for count in (len, np.size)],
        "{output} is divided by a number of entries. There is one loss for every entry here, and no mean.",
        "Each entry of z moves one loss. How much, does not depend on how many others there are.",
    )
    yield WrongForm(
        "wrong-shape",
        lambda z, d: np.sum(right(z, d)),
        "You return one number. There is one loss for every entry of z, and one gradient.",
        "Each entry of z moves one loss: nothing is to be added up.",
    )


def slope(y: Any) -> Any:
    """Slope of the sigmoid in terms of its output."""
    return y * (1 - y)

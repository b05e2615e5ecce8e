"""Undoing a broadcast."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06

SMALL = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])


def _broadcast_cases(rng: Generator) -> Iterator[Case]:
    yield Case("a row copied down: an axis added in front", (SMALL, (3,)))
    yield Case("a column copied to the right: an axis of length 1 stretched", (SMALL, (2, 1)))
    for before, after in (
        ((1, 3), (2, 3)),
        ((), (2, 3)),
        ((), (4,)),
        ((3,), (3, 3)),
        ((3, 1), (3, 3)),
        ((2, 1), (4, 2, 3)),
        ((1, 2), (2, 2, 2)),
        ((3, 1, 2), (3, 4, 2)),
        ((1, 1), (2, 3)),
        ((2,), (3, 4, 2)),
        ((2, 3), (2, 3)),
        ((3, 1), (3, 1)),
        ((4,), (1, 4)),
        ((), ()),
    ):
        yield Case(f"shape {before} broadcast to {after}", (normal(rng, *after), before))
    yield Case("a float32 array", (normal(rng, 2, 3).astype(np.float32), (3,)))
    yield Case("an array of integers", (np.array([[1, 2], [3, 5]]), (2, 1)))
    yield views(normal(rng, 4, 3), (4, 1))


def _copies(dy: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Axes of dy along which there are copies."""
    padded = (1,) * (np.ndim(dy) - len(shape)) + shape
    return tuple(axis for axis, n in enumerate(padded) if n == 1)


def _in_front(dy: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(range(np.ndim(dy) - len(shape)))


BROADCAST_BACKWARD = Exercise06(
    points=2,
    reference=ops.broadcast_backward,
    cases=_broadcast_cases,
    returns=("gradient",),
    wrong=(
        WrongForm(
            "unsummed-axis",
            lambda dy, shape: dy,
            "The gradient keeps the shape of dy.",
            "An entry that was copied receives a gradient from each of its copies.",
        ),
        WrongForm(
            "unsummed-axis",
            lambda dy, shape: dy.sum(axis=_in_front(dy, shape)),
            "The axes added in front are summed, those stretched from length 1 are not.",
            "Broadcasting copies in two ways: it adds axes in front, and it stretches axes of length 1.",
        ),
        WrongForm(
            "unsummed-axis",
            lambda dy, shape: dy.sum(
                axis=tuple(a for a in _copies(dy, shape) if a not in _in_front(dy, shape)), keepdims=True
            ),
            "The stretched axes are summed, those added in front are not.",
            "Broadcasting copies in two ways: it stretches axes of length 1, and it adds axes in front.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda dy, shape: np.broadcast_to(dy, shape),
            "dy is broadcast to the small shape. That is the way forward, from small to large.",
            "Backwards, copies are added up, not made.",
        ),
        WrongForm(
            "unsummed-axis",
            lambda dy, shape: np.reshape(dy, shape),
            "dy is reshaped. That works only where nothing was copied.",
            "The gradients of the copies have to be added before the shape can fit.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, shape: dy.mean(axis=_copies(dy, shape)).reshape(shape),
            "The gradient is the mean over the copies where the sum belongs.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, shape: dy.sum(axis=_in_front(dy, shape)).mean(
                axis=_copies(np.empty(shape), shape), keepdims=True
            ),
            "Along the stretched axes the gradient is the mean over the copies where the sum belongs.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dy, shape: dy.mean(axis=_in_front(dy, shape)).sum(
                axis=_copies(np.empty(shape), shape), keepdims=True
            ),
            "Along the axes added in front the gradient is the mean over the copies where the sum belongs.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, shape: dy[
                tuple(0 if a in _copies(dy, shape) else slice(None) for a in range(dy.ndim))
            ].reshape(shape),
            "Only the first copy's gradient is returned.",
            "Every copy went its own way to the loss. Their gradients add.",
        ),
        WrongForm(
            "extra-axis",
            lambda dy, shape: dy.sum(axis=_copies(dy, shape), keepdims=True),
            "An axis that broadcasting added in front is still there, with length 1.",
            "Look at which axes `keepdims=True` keeps. The gradient has exactly the given shape.",
        ),
        WrongForm(
            "wrong-shape",
            lambda dy, shape: dy.sum(axis=_copies(dy, shape)),
            "The summed axes are all gone. Those that had length 1 before the broadcast should still be there.",
            "The gradient has exactly the given shape, axes of length 1 included.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, shape: dy.sum(axis=tuple(range(len(shape), dy.ndim))),
            "The last axes are summed as if broadcasting had added them behind.",
            "NumPy aligns shapes at their last axes, so new axes come in front.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dy, shape: np.full(shape, dy.size / max(1, int(np.prod(shape)))),
            "You count the copies. Each copy brings its own gradient from dy.",
        ),
        WrongForm(
            "wrong-shape",
            lambda dy, shape: dy.sum(),
            "Everything is summed to one number.",
            "Only entries that are copies of each other belong into one sum.",
        ),
        WrongForm(
            "wrong-value",
            lambda dy, shape: np.resize(dy, shape),
            "The first entries of dy are cut out and the rest is lost.",
            "Every entry of dy belongs to one entry of the small array: find out which, and add.",
        ),
    ),
    hints=(
        "Align the two shapes at their last axes. Along which axes of dy does the same number repeat in the forward pass?",
        "Sum over those axes: the ones in front disappear, the ones that had length 1 stay with length 1.",
    ),
)

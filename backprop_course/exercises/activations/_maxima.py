"""The maximum of a row and of sliding windows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import distinct, normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.activations._assignment import Exercise04


def _max_cases(rng: Generator) -> Iterator[Case]:
    yield Case("three entries to follow by hand", (np.array(5.0), np.array([1.0, 3.0, 2.0])))
    for shape in ((3, 4), (1, 5), (2, 3, 4), (4, 1)):
        yield Case(f"rows of shape {shape}", (normal(rng, *shape[:-1]), distinct(rng, *shape)))
    yield Case("rows of negative entries", (normal(rng, 3), distinct(rng, 3, 4) - 10))
    yield Case("float32 arrays", (normal(rng, 2).astype("f"), distinct(rng, 2, 3).astype("f")))
    yield Case("integer arrays", (np.array([3.5, -2.5]), np.array([[1, 5, 2], [7, 0, -1]])))
    yield views(normal(rng, 3), distinct(rng, 3, 4))
    yield Case("a tie of two", (np.array([6.0]), np.array([[2.0, 2.0, 1.0]])), kink=True)
    yield Case(
        "a tie of three, negative dy",
        (np.array([-6.0, 1.0]), np.array([[4.0, 4.0, 4.0], [0.0, 1.0, 2.0]])),
        kink=True,
    )


def _places_as_rows(dy: Any, z: Any) -> Any:
    dz = np.zeros(np.shape(z))
    dz[np.argmax(z, axis=-1)] = dy
    return dz


def _at_max(z: Any) -> Any:
    return z == np.max(z, axis=-1, keepdims=True)


MAX_BACKWARD = Exercise04(
    points=2,
    reference=ops.max_backward,
    cases=_max_cases,
    returns=("dz",),
    forward=ops.row_max,
    wrong=(
        WrongForm(
            "double-counted-tie",
            lambda dy, z: dy[..., None] * _at_max(z),
            "At a tie, every tied entry gets the whole gradient.",
            "Move all tied entries up by a little: the output rises once, not once for each of them.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy[..., None] * np.ones(np.shape(z)),
            "Every entry gets the gradient, not only the largest.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, z: dy[..., None] * (z == np.max(z)),
            "Only the largest entry of the whole array gets a gradient; each row has its own largest entry.",
            "The maximum is taken along the last axis.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, z: dy[..., None] * (z == np.max(z, axis=0)),
            "The winners are those of the columns, not of the rows.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, z: dy[..., None] * _at_max(z) * z,
            "dy is multiplied by the largest value, not by the slope with which the output follows it.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: ops.max_backward(dy, -z),
            "The smallest entry gets the gradient, not the largest.",
        ),
        WrongForm("wrong-mask", lambda dy, z: dy[..., None] * (z > 0), "That is the ReLU's mask."),
        WrongForm(
            "raised-error",
            _places_as_rows,
            "dz is filled at the places of the winners, and `dz[places]` takes whole rows: {error}.",
            "A mask of the shape of z marks an entry in each row. Which comparison gives one?",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, z: dy[..., None] * np.ones(np.shape(z)) / np.shape(z)[-1],
            "The gradient is spread evenly over all entries. That is what a mean does.",
        ),
    ),
    hints=(
        "Which entries could you move a little without changing the output? Their gradient is 0.",
        "At a tie the gradients of the tied entries must add up to dy. Picking one winner is enough. In NumPy, a "
        "maximum with keepdims=True fits beside z, and dy[..., np.newaxis] beside a mask of the shape of z.",
    ),
)


def _pool_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "two windows of two, side by side", (np.array([3.0, 5.0]), np.array([1.0, 4.0, 2.0, 0.0]), 2, 2)
    )
    yield Case("two windows that share their winner", (np.array([3.0, 5.0]), np.array([1.0, 4.0, 2.0]), 2, 1))
    for shape, size, stride in (
        ((2, 7), 3, 1),
        ((2, 8), 3, 2),
        ((1, 6), 2, 2),
        ((2, 2, 7), 2, 3),
        ((3, 5), 5, 1),
        ((2, 9), 4, 3),
        ((2, 4), 1, 1),
    ):
        count = (shape[-1] - size) // stride + 1
        yield Case(
            f"shape {shape}, windows of {size}, stride {stride}",
            (normal(rng, *shape[:-1], count), distinct(rng, *shape), size, stride),
        )
    yield Case("float32 arrays", (normal(rng, 2, 3).astype("f"), distinct(rng, 2, 5).astype("f"), 3, 1))
    yield Case("integer arrays", (np.array([3.5, -2.5, 4.5]), np.array([1, 5, 2, 4]), 2, 1))
    yield views(normal(rng, 2, 3), distinct(rng, 2, 5), 3, 1)
    yield Case(
        "a tie within a window", (np.array([3.0, 5.0]), np.array([2.0, 2.0, 1.0, 4.0]), 2, 2), kink=True
    )
    yield Case(
        "ties in windows that overlap",
        (np.array([3.0, -5.0, 2.0]), np.array([2.0, 2.0, 2.0, 1.0, 2.0]), 3, 1),
        kink=True,
    )


def _pool(route: Any, add: bool = True) -> Any:
    """A pooling backward pass that treats every window with ``route(dy, window)``."""

    def form(dy: Any, z: Any, size: int, stride: int) -> Any:
        dz = np.zeros(np.shape(z))
        for k in range(dy.shape[-1]):
            window = np.s_[..., k * stride : k * stride + size]
            piece = route(dy[..., k], z[window])
            dz[window] = dz[window] + piece if add else np.where(piece == 0, dz[window], piece)
        return dz

    return form


def _replaced(dy: Any, z: Any, size: int, stride: int) -> Any:
    dz = np.zeros(np.shape(z))
    for k in range(dy.shape[-1]):
        window = np.s_[..., k * stride : k * stride + size]
        dz[window] = ops.max_backward(dy[..., k], z[window])
    return dz


def _at_place_in_window(dy: Any, z: Any, size: int, stride: int) -> Any:
    dy, dz = np.asarray(dy), np.zeros(np.shape(z))
    for k in range(dy.shape[-1]):
        window = np.asarray(z)[..., k * stride : k * stride + size]
        dz[..., :size] += ops.max_backward(dy[..., k], window)
    return dz


MAX_POOL_BACKWARD = Exercise04(
    points=3,
    reference=ops.max_pool_backward,
    cases=_pool_cases,
    returns=("dz",),
    forward=ops.max_pool,
    wrong=(
        WrongForm(
            "overwritten-gradient",
            _pool(ops.max_backward, add=False),
            "An entry that wins two windows keeps the gradient of the last one only.",
            "Where paths meet, gradients add: look for an assignment that should be an addition.",
        ),
        WrongForm(
            "overwritten-gradient",
            _replaced,
            "A later window erases what an earlier one wrote where they overlap.",
            "Where paths meet, gradients add: look for an assignment that should be an addition.",
        ),
        WrongForm(
            "double-counted-tie",
            _pool(lambda dy, w: dy[..., None] * _at_max(w)),
            "At a tie, every tied entry of a window gets the whole gradient.",
        ),
        WrongForm(
            "wrong-mask",
            _pool(lambda dy, w: dy[..., None] * np.ones(w.shape)),
            "Every entry of a window gets the gradient, not only its largest.",
        ),
        WrongForm(
            "wrong-mask",
            _pool(lambda dy, w: dy[..., None] * np.ones(w.shape) / w.shape[-1]),
            "The gradient is spread evenly over the window. That is average pooling.",
        ),
        WrongForm(
            "wrong-mask",
            _at_place_in_window,
            "The place of a window's largest entry is counted from the window's start, and used as a place in z.",
            "Where in z does window k start?",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, z, size, stride: ops.max_backward(np.sum(dy, axis=-1), np.asarray(z)),
            "The largest entry of a whole row gets the gradients of all its windows.",
            "Each window has a largest entry of its own.",
        ),
        WrongForm("value-instead-of-mask", _pool(lambda dy, w: ops.max_backward(dy, w) * w)),
        WrongForm(
            "wrong-variable",
            lambda dy, z, size, stride: (
                ops.max_pool_backward(dy, z, size, size)
                if size * np.shape(dy)[-1] <= np.shape(z)[-1]
                else np.zeros(np.shape(z))
            ),
            "The windows are placed size apart, not stride apart.",
        ),
    ),
    hints=(
        "Treat each window as a small max_backward of its own.",
        "A window starts at k * stride. One entry may win several windows; what does it then receive? In NumPy, a "
        "slice can be added to with +=; for a list of places that may repeat there is np.add.at.",
    ),
)

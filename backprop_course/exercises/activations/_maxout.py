"""The maxout unit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.activations._assignment import Exercise04


def _maxout_cases(rng: Generator) -> Iterator[Case]:
    x, W, b = np.array([[1.0]]), np.array([[[1.0]], [[3.0]]]), np.array([[0.0], [-1.0]])
    yield Case("one input, two pieces", (np.array([[5.0]]), x, W, b))
    for n, k, d, m in ((4, 3, 2, 3), (1, 2, 3, 2), (3, 2, 3, 3), (5, 4, 2, 1), (3, 3, 3, 3)):
        yield Case(
            f"x {n, d}, W {k, d, m}",
            (normal(rng, n, m), normal(rng, n, d), normal(rng, k, d, m), normal(rng, k, m)),
        )
    yield Case(
        "float32 arrays",
        tuple(normal(rng, *s).astype(np.float32) for s in ((2, 3), (2, 2), (2, 2, 3), (2, 3))),
    )
    ints = (
        np.array([[2.5], [3.5]]),
        np.array([[1, 0], [0, 2]]),
        np.array([[[1], [2]], [[-1], [1]]]),
        np.array([[0], [1]]),
    )
    yield Case("integer arrays", ints)
    yield views(normal(rng, 3, 2), normal(rng, 3, 2), normal(rng, 2, 2, 2), normal(rng, 2, 2))
    tied = np.array([[[1.0], [2.0]], [[1.0], [2.0]]])
    yield Case(
        "two pieces that tie",
        (np.array([[3.0], [-2.0]]), np.array([[1.0, 1.0], [2.0, -1.0]]), tied, np.array([[0.5], [0.5]])),
        kink=True,
    )


def _from_pieces(dp: Any, x: Any, W: Any) -> Any:
    return (dp @ W.swapaxes(1, 2)).sum(axis=0), x.T @ dp, dp.sum(axis=1)


def _changed(change: Any) -> Any:
    """The right gradients after ``change(dp, dx, dW, db, W)``, where dp is what reaches the pieces."""

    def form(dy: Any, x: Any, W: Any, b: Any) -> Any:
        dp = _winners(x @ W + b[:, np.newaxis]) * dy
        return change(dp, *_from_pieces(dp, x, W), W)

    return form


def _winners(pieces: Any) -> Any:
    return np.arange(len(pieces))[:, np.newaxis, np.newaxis] == pieces.argmax(axis=0)


def _one_piece_for_a_row(x: Any, W: Any, b: Any) -> Any:
    largest = (x @ W + b[:, np.newaxis]).max(axis=2).argmax(axis=0)
    return (np.arange(len(W))[:, np.newaxis] == largest)[..., np.newaxis]


def _last_winning_example(dy: Any, x: Any, W: Any, b: Any) -> Any:
    wins = _winners(x @ W + b[:, np.newaxis])
    last = wins & (wins.cumsum(axis=1) == wins.sum(axis=1, keepdims=True))
    return _from_pieces(wins * dy, x, W)[0], *_from_pieces(last * dy, x, W)[1:]


MAXOUT_BACKWARD = Exercise04(
    points=3,
    reference=ops.maxout_backward,
    cases=_maxout_cases,
    returns=("dx", "dW", "db"),
    forward=ops.maxout,
    wrong=(
        WrongForm(
            "wrong-mask",
            _changed(lambda dp, dx, dW, db, W: (dx, dW, np.broadcast_to(dp.sum(axis=(0, 1)), db.shape))),
            "db of every piece receives the whole gradient. Only the winner's bias moved the output.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, x, W, b: _from_pieces(_winners(x @ W) * dy, x, W),
            "The winner is chosen without the biases. They are part of each piece.",
            "Compute the pieces as the forward pass does. Then look for the largest.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dy, x, W, b: _from_pieces(_one_piece_for_a_row(x, W, b) * dy, x, W),
            "One piece wins for all units of an example. Each unit has its own largest piece.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, x, W, b: _from_pieces(dy * np.ones((len(W), 1, 1)), x, W),
            "Every piece receives the gradient. Only the largest one produced the output.",
        ),
        *wrong_forms(
            "averaged-not-summed",
            (
                _changed(lambda dp, dx, dW, db, W: (dx, dW, dp.mean(axis=1))),
                _changed(lambda dp, dx, dW, db, W: (dx, dW / dp.shape[1], db)),
            ),
        ),
        WrongForm("unsummed-axis", _changed(lambda dp, dx, dW, db, W: (dx, dW, dp))),
        WrongForm(
            "overwritten-gradient",
            _changed(lambda dp, dx, dW, db, W: (dp[-1] @ W[-1].T, dW, db)),
            "dx is that of the last piece alone. Other pieces win too, and reach the loss through x as well.",
        ),
        WrongForm(
            "overwritten-gradient",
            _last_winning_example,
            "Where a piece wins for several examples, {output} holds the contribution of the last of them only.",
        ),
        WrongForm(
            "double-counted-tie",
            lambda dy, x, W, b: _from_pieces((x @ W + b[:, None] == ops.maxout(x, W, b)) * dy, x, W),
        ),
    ),
    hints=(
        "First find which piece won, for each row and each output. Only that piece sees dy. In NumPy, argmax(axis=0) "
        "over the stacked pieces names the winners, and a comparison with k makes a mask of them.",
        "Once dy is routed to the winners, each piece is a linear layer: use what you know of those, then add over the pieces for dx.",
    ),
)

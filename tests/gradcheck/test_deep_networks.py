"""Deep ReLU networks at a row of zeros, where the kinks of all layers meet."""

from typing import Any

import numpy as np
import pytest

from backprop_course.numerical import subgradient_violation

DEPTH, WIDTH, PIECES = 3, 4, 300


def _layers(weights: Any, x: Any, biases: Any) -> list[Any]:
    layers = [x]
    for W, b in zip(weights, biases, strict=True):
        layers.append(np.maximum(layers[-1] @ W + b, 0))
    return layers


@pytest.mark.parametrize("seed", range(6))
def test_the_gradient_of_a_piece_beside_the_point_is_right(seed: int) -> None:
    """Without the search beside the point, the first of them is refused."""
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((3, 3)) for _ in range(DEPTH)]
    upstream = dy = rng.standard_normal(3)
    beside = [rng.standard_normal(3) for _ in range(DEPTH)]
    gradients: list[Any] = []
    for W, y in zip(weights[::-1], _layers(weights, np.zeros(3), beside)[:0:-1], strict=True):
        gradients.insert(0, upstream * (y > 0))
        upstream = gradients[0] @ W.T

    def of_biases(*biases: Any) -> Any:
        return _layers(weights, np.zeros(3), biases)[-1]

    assert subgradient_violation(of_biases, [np.zeros(3)] * DEPTH, dy, gradients) is None


@pytest.mark.parametrize("seed", [8, 9, 10, 13, 16])
def test_slopes_that_no_subgradient_has_at_once_are_refused(seed: int) -> None:
    """Each entry is the slope of a piece. Along the gap to the centre alone three of these corners show."""
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((WIDTH, WIDTH)) for _ in range(DEPTH)]
    dy = rng.standard_normal(WIDTH)

    def of_row(x: Any) -> Any:
        return _layers(weights, x, [0.0] * DEPTH)[-1]

    def gradient(beside: Any) -> Any:
        upstream = dy
        for W, y in zip(weights[::-1], _layers(weights, beside, [0.0] * DEPTH)[:0:-1], strict=True):
            upstream = (upstream * (y > 0)) @ W.T
        return upstream

    pieces = np.array([gradient(rng.standard_normal(WIDTH)) for _ in range(PIECES)])
    corners = (np.where(rng.random(WIDTH) < 0.5, pieces.min(0), pieces.max(0)) for _ in range(50))
    corner = next(
        c for c in corners if (c - pieces.mean(0)) @ c > 1.3 * ((c - pieces.mean(0)) @ pieces.T).max()
    )
    assert subgradient_violation(of_row, [np.zeros(WIDTH)], dy, [corner]) is not None

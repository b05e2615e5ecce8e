"""One linear layer: for a single example with the bias as an extra weight, and for a batch."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.backpropagation._assignment import Exercise06, arrays


def _extended_cases(rng: Generator) -> Iterator[Case]:
    yield Case(
        "one input and one output, to follow by hand",
        (np.array([2.0]), np.array([3.0]), np.array([[5.0], [7.0]])),
    )
    w = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    yield Case("two inputs and two outputs", (np.array([1.0, 10.0]), np.array([3.0, 4.0]), w))
    for d, m in ((2, 3), (3, 3), (1, 4), (4, 1), (5, 2)):
        yield Case(f"y_prev {(d,)}, w {d + 1, m}", arrays(rng, (m,), (d,), (d + 1, m)))
    yield Case("float32 arrays", arrays(rng, (2,), (3,), (4, 2), dtype=np.float32))
    yield Case(
        "integer weights", (np.array([0.5, -1.5]), np.array([2, 3]), np.array([[1, 2], [0, 4], [5, 7]]))
    )
    yield views(*arrays(rng, (3,), (2,), (3, 3)))


def _extended(y: Any) -> Any:
    return np.concatenate([[1.0], y])


EXTENDED_LAYER_BACKWARD = Exercise06(
    points=2,
    reference=ops.extended_layer_backward,
    cases=_extended_cases,
    returns=("dy_prev", "dw"),
    forward=ops.extended_layer,
    wrong=(
        WrongForm(
            "wrong-shape",
            lambda dz, y_prev, w: (w @ dz, np.outer(y_prev, dz)),
            "{output} has the wrong number of entries.",
            "w has one row more than y_prev has entries. That row has a gradient of its own, and the constant 1 that it multiplies needs none.",
        ),
        WrongForm(
            "dropped-path",
            lambda dz, y_prev, w: (w[1:] @ dz, np.outer(np.concatenate([[0.0], y_prev]), dz)),
            "Row 0 of dw is 0, so the bias never learns.",
            "What number does row 0 of w multiply in the forward pass?",
        ),
        WrongForm(
            "wrong-order",
            lambda dz, y_prev, w: (w[:-1] @ dz, np.outer(np.append(y_prev, 1.0), dz)),
            "The last row is treated as the bias.",
            "In this layer the bias is row 0, and input i belongs to row i.",
        ),
        WrongForm(
            "missing-upstream",
            lambda dz, y_prev, w: (w[1:] @ dz, np.concatenate([np.ones((1, len(dz))), np.outer(y_prev, dz)])),
            "Row 0 of dw is 1 whatever dz is.",
            "The bias's slope is 1. The chain rule multiplies it by what comes from upstream.",
        ),
        WrongForm(
            "missing-transpose",
            lambda dz, y_prev, w: (dz @ w[1:], np.outer(_extended(y_prev), dz)),
            "The product for dy_prev sums over the inputs. It fits only where there are as many inputs as outputs.",
            "Write out dy_prev for one input: which index is summed over, that of the inputs or that of the outputs?",
        ),
        WrongForm(
            "wrong-variable",
            lambda dz, y_prev, w: (w[1:] @ dz, np.outer(_extended(y_prev), w.T @ _extended(y_prev))),
            "dw is built from the layer's output z where the gradient dz belongs.",
            "What comes from upstream is dz; the forward value z is not needed.",
        ),
        WrongForm(
            "dropped-path",
            lambda dz, y_prev, w: (w[1:, -1] * dz[-1], np.outer(_extended(y_prev), dz)),
            "Only the last output's contribution is left in dy_prev.",
            "Every input feeds every output. Where paths meet, gradients add: look for an assignment that should be an addition.",
        ),
    ),
    hints=(
        "Write z_j as a sum with y_0 = 1 in front, and ask for each y_i and each w_ij where it appears in that sum.",
        "dw has an entry for each pair of an input and an output, the constant 1 included. dy_prev has none for the constant.",
    ),
)


def _linear_cases(rng: Generator) -> Iterator[Case]:
    column = np.array([[1.0], [2.0]])
    yield Case(
        "two examples of one input and one output, to follow by hand",
        (np.array([[3.0], [4.0]]), column, np.array([[5.0]])),
    )
    yield Case(
        "two inputs, three outputs",
        (
            np.array([[1.0, 10.0, 100.0]]),
            np.array([[2.0, 3.0]]),
            np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        ),
    )
    yield Case(
        "as many inputs as outputs, so that a missing transpose still fits",
        (np.array([[1.0, 10.0]]), np.array([[2.0, 3.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
    )
    for n, d, m in ((4, 3, 2), (1, 2, 4), (5, 4, 1), (2, 1, 3), (3, 3, 3), (2, 3, 3), (3, 3, 2)):
        yield Case(f"x {n, d}, W {d, m}", arrays(rng, (n, m), (n, d), (d, m)))
    yield Case("float32 arrays", arrays(rng, (3, 2), (3, 4), (4, 2), dtype=np.float32))
    yield Case(
        "integer inputs and weights",
        (np.array([[0.5], [1.25]]), np.array([[1, 2], [3, -1]]), np.array([[2], [-3]])),
    )
    yield views(*arrays(rng, (4, 2), (4, 3), (3, 2)))


LINEAR_BACKWARD = Exercise06(
    points=3,
    reference=ops.linear_backward,
    cases=_linear_cases,
    returns=("dx", "dW", "db"),
    forward=lambda x, W, b=0.0: ops.linear(x, W, np.broadcast_to(b, np.shape(W)[1:])),
    wrong=(
        WrongForm(
            "missing-transpose",
            lambda dz, x, W: (dz @ W, x.T @ dz, dz.sum(axis=0)),
            "The product for dx fits only where there are as many inputs as outputs.",
            "Write the shapes below the factors: dz is (N, M), W is (D, M), and dx must come out as (N, D).",
        ),
        WrongForm(
            "missing-transpose",
            lambda dz, x, W: (dz @ W.T, x @ dz, dz.sum(axis=0)),
            "The product for dW fits only where there are as many examples as inputs.",
            "Write the shapes below the factors: x is (N, D), dz is (N, M). Over which axis must dW sum?",
        ),
        WrongForm(
            "missing-transpose",
            lambda dz, x, W: (dz @ W.reshape(W.shape[::-1]), x.reshape(x.shape[::-1]) @ dz, dz.sum(axis=0)),
            "In {output}, a matrix is reshaped where it should be transposed: the shape fits, the numbers sit in the wrong places.",
            "Print a matrix of shape (2, 3) beside its reshape to (3, 2) and its transpose.",
        ),
        WrongForm(
            "unsummed-axis",
            lambda dz, x, W: (dz @ W.T, x.T @ dz, dz),
            "db still has one row for each example: its shape is that of dz.",
            "The forward pass adds one b to every row, so b receives a gradient from every row.",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda dz, x, W: (dz @ W.T / len(x), x.T @ dz / len(x), dz.mean(axis=0)),
            "{output} is divided by the number of examples.",
            "The forward pass takes no mean, and the 1/N of a mean loss is already in dz.",
        ),
        WrongForm(
            "wrong-axis",
            lambda dz, x, W: (dz @ W.T, x.T @ dz, dz.sum(axis=1)),
            "db is summed over the outputs of each example, not over the examples.",
            "There is one bias for each output, whatever the size of the batch. Which axis of dz has to go?",
        ),
        WrongForm(
            "wrong-shape",
            lambda dz, x, W: (dz @ W.T, x.T @ dz, dz.sum()),
            "db is one number. Every output has a bias of its own, so db has M entries.",
            "Sum over the examples only.",
        ),
        WrongForm(
            "dropped-path",
            lambda dz, x, W: (dz @ W.T, np.outer(x[-1], dz[-1]), dz[-1]),
            "{output} holds the contribution of the last example only.",
            "All examples share W and b. Look for an assignment in a loop that should be an addition.",
        ),
        WrongForm(
            "dropped-path",
            lambda dz, x, W: (dz @ W.T, np.outer(x[0], dz[0]), dz[0]),
            "{output} holds the contribution of the first example only.",
            "All examples share W and b, so each of them contributes.",
        ),
        WrongForm(
            "wrong-variable",
            lambda dz, x, W: (dz @ W.T, x.T @ (x @ W), (x @ W).sum(axis=0)),
            "{output} is built from the layer's output where the gradient dz belongs.",
            "The forward value of the layer appears in none of its gradients.",
        ),
    ),
    hints=(
        "Start from the shapes: dx is (N, D), dW is (D, M), db is (M,). Only one product of the given matrices has each of the first two.",
        "Each example contributes to dW and db, so both sum over the batch. dx treats every example by itself.",
    ),
)

"""Jacobians of the linear layer."""

from typing import Any

import numpy as np

from backprop_course import ops
from backprop_course.exercises._declare import WrongForm
from backprop_course.exercises.jacobians._assignment import Exercise03, layer_cases

LINEAR_JACOBIAN_H = Exercise03(
    points=1,
    reference=ops.linear_jacobian_h,
    cases=layer_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "transposed",
            lambda h, W, b: W,
            "You return W itself. Its rows belong to the inputs, and those of a Jacobian to the outputs.",
            "Which weights lead to output 0? They make up row 0 of the Jacobian.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            lambda h, W, b: h @ W + b,
            "You return the layer's output, not how it changes with h.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda h, W, b: (W * np.reshape(h, (-1, 1))).T,
            "h is still in your answer: these are the terms of the sum, not their derivatives.",
            "The output is linear in h. What is left of a term when you differentiate it by its own h?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda h, W, b: np.transpose(W) + np.reshape(b, (-1, 1)),
            "The bias is still in your answer.",
            "Does the bias change when h moves?",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: np.sum(W, axis=1),
            "You return one number per input: the outputs have been added up.",
            "The Jacobian keeps the outputs apart: one row for each of them.",
        ),
        WrongForm(
            "wrong-variable", lambda h, W, b: np.eye(len(b)), "That is the Jacobian with respect to the bias."
        ),
    ),
    hints=(
        "Write output j as a sum over i. Which of its terms contains input α?",
        "Rows are outputs and columns are inputs. How does that compare with the shape of W?",
    ),
)


def _delta(h: Any, b: Any) -> Any:
    """Whether j equals β, for every [j, α, β]."""
    return np.broadcast_to(np.eye(len(b))[:, None, :], (len(b), len(h), len(b)))


LINEAR_JACOBIAN_W = Exercise03(
    points=2,
    reference=ops.linear_jacobian_W,
    cases=layer_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "wrong-mask",
            lambda h, W, b: np.ones((len(b), 1, len(b))) * np.reshape(h, (-1, 1)),
            "Every output depends on every column of W in your tensor.",
            "Output j is the product of h with one column of W. The other columns can move without changing it.",
        ),
        WrongForm(
            "wrong-mask",
            lambda h, W, b: np.ones((len(b), 1, 1)) * (np.reshape(h, (-1, 1)) * np.eye(*W.shape)),
            "The non-zero entries are those with equal indices of W, the same for every output.",
            "Output j is the product of h with one column of W. Which two of the three indices have to agree?",
        ),
        WrongForm(
            "transposed",
            lambda h, W, b: np.moveaxis(ops.linear_jacobian_W(h, W, b), 0, 2),
            "The values are right, and the axis of the outputs does not come first.",
            "The order is outputs by inputs: first j, then the two indices of W.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda h, W, b: W * _delta(h, b),
            "The non-zero entries are weights.",
            "Output j is a sum of products of an input and a weight. You differentiate by the weight: what stays?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda h, W, b: 1.0 * _delta(h, b),
            "The non-zero entries are in the right places and all of them are 1.",
            "A weight moves its output more when the input beside it is large.",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: np.outer(h, np.ones(len(b))),
            "You return one matrix of the shape of W: the outputs have been added up.",
            "There is one such matrix for every output, and most of its columns are zero.",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: ops.linear_jacobian_W(h, W, b).reshape(len(b), -1),
            "Your entries are right and W is rolled out into one axis.",
            "Keep the two indices of W apart: the tensor has three axes.",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: h,
            "You return the inputs. They do occur in the tensor, once for every output.",
        ),
    ),
    hints=(
        "Take one output j and ask, for each weight, whether it occurs in the formula of that output at all.",
        "Slice [j] has the shape of W. In which of its columns is it non-zero, and what stands there?",
    ),
)

LINEAR_JACOBIAN_B = Exercise03(
    points=1,
    reference=ops.linear_jacobian_b,
    cases=layer_cases,
    returns=("J",),
    wrong=(
        WrongForm(
            "wrong-mask",
            lambda h, W, b: np.ones((len(b), len(b))),
            "Every output depends on every bias in your matrix.",
            "Which of the outputs changes when one entry of b moves?",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: np.ones(len(b)),
            "You return one number per bias. A Jacobian has a row for every output and a column for every input.",
            "Each output depends on one bias. Where in a matrix does that stand?",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: 1.0,
            "You return a single number. A Jacobian has a row for every output and a column for every input.",
            "Each output depends on one bias. Where in a matrix does that stand?",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: np.eye(len(h)),
            "The size of your matrix is the number of inputs h.",
            "Here the input is b. How many entries does it have?",
        ),
        WrongForm(
            "wrong-shape",
            lambda h, W, b: np.eye(len(b), len(h)),
            "Your matrix has a column for every entry of h.",
            "Here the input is b. How many entries does it have?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda h, W, b: np.diag(b),
            "The biases themselves stand on the diagonal.",
            "When b[0] grows by 0.1, by how much does output 0 grow?",
        ),
        WrongForm(
            "averaged-not-summed",
            lambda h, W, b: np.eye(len(b)) / len(b),
            "Your entries are divided by the number of outputs.",
            "When b[0] grows by 0.1, by how much does output 0 grow?",
        ),
        WrongForm(
            "dropped-path",
            lambda h, W, b: np.zeros((len(b), len(b))),
            "Your matrix is zero: the bias is treated as a constant.",
            "Here b is what moves, and h and W stay.",
        ),
        WrongForm(
            "wrong-variable", lambda h, W, b: np.transpose(W), "That is the Jacobian with respect to h."
        ),
        WrongForm("forward-instead-of-backward", lambda h, W, b: h @ W + b),
    ),
    hints=(
        "Move one entry of b by 0.1. Which outputs change, and by how much?",
        "A matrix that passes every bias to its own output, unchanged, has a name.",
    ),
)

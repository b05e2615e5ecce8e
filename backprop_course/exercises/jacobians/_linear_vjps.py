"""Vector-Jacobian products of the linear layer, which make its Jacobians superfluous."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.jacobians._assignment import Exercise03, layer_cases


def _upstream_cases(rng: Generator) -> Iterator[Case]:
    """Cases of ``vjp(da, h, W, b)``."""
    by_hand = np.array([1.0, 10.0, 100.0])
    for i, case in enumerate(layer_cases(rng)):
        h, W, b = case.inputs
        da = by_hand if i == 0 else normal(rng, len(b)).astype(np.float32 if b.dtype == "f" else np.float64)
        yield Case(case.why, (da, h, W, b), strided=case.strided)


LINEAR_VJP_H = Exercise03(
    points=1,
    reference=ops.linear_vjp_h,
    cases=_upstream_cases,
    returns=("dh",),
    forward=ops.linear,
    wrong=(
        WrongForm(
            "missing-upstream",
            lambda da, h, W, b: np.transpose(W),
            "You return the Jacobian. Its product with da is what is asked for.",
            "da has one entry per output, and the rows of the Jacobian are outputs.",
        ),
        WrongForm(
            "missing-transpose",
            lambda da, h, W, b: da @ W,
            "da meets the inputs' axis of W. Its entries belong to the outputs.",
            "Write the shapes under the factors: da has M entries and W is (D, M).",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda da, h, W, b: (W @ da) * h,
            "The gradient is multiplied by h once more.",
            "The layer is linear in h, so its derivative by h contains no h.",
        ),
        WrongForm(
            "wrong-variable",
            lambda da, h, W, b: np.outer(h, da),
            "That is the gradient with respect to W: it has the shape of W.",
        ),
        WrongForm("wrong-variable", lambda da, h, W, b: da, "That is the gradient with respect to b."),
        WrongForm("forward-instead-of-backward", lambda da, h, W, b: h @ W + b),
        WrongForm(
            "overwritten-gradient",
            lambda da, h, W, b: W[:, -1] * da[-1],
            "Only what the last output sends back is left.",
            "Every output adds to every input's gradient: look for `=` where `+=` belongs.",
        ),
        WrongForm(
            "wrong-shape",
            lambda da, h, W, b: np.sum(W @ da),
            "You return one number: the gradients of all inputs are added up.",
            "The sum runs over the outputs. Each input keeps a gradient of its own.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda da, h, W, b: W @ (da + b),
            "The bias takes part in your answer. It is a constant when h moves.",
        ),
    ),
    hints=(
        "Input α reaches every output j. How strongly does it reach output j, and what comes from upstream there?",
        "Add up over the outputs. Check with shapes: M entries go in, D come out.",
    ),
)

LINEAR_VJP_W = Exercise03(
    points=2,
    reference=ops.linear_vjp_W,
    cases=_upstream_cases,
    returns=("dW",),
    forward=ops.linear,
    wrong=(
        WrongForm(
            "forgot-chain",
            lambda da, h, W, b: np.outer(np.ones(len(h)), da),
            "The inputs are missing: every weight of a column gets the same gradient.",
            "A weight moves its output more when the input beside it is large.",
        ),
        WrongForm(
            "wrong-variable",
            lambda da, h, W, b: W * da,
            "da is multiplied by the weights.",
            "A weight moves its output by as much as the input beside it. W itself does not occur in the answer.",
        ),
        WrongForm(
            "wrong-shape",
            lambda da, h, W, b: W @ da,
            "You return the gradient with respect to h. dW has the shape of W.",
        ),
        WrongForm(
            "missing-transpose",
            lambda da, h, W, b: h * da,
            "h and da are multiplied entry by entry. That fits only where there are as many inputs as outputs.",
            "Every input meets every output in some weight. How many products are there?",
        ),
        WrongForm(
            "matrix-product-for-elementwise",
            lambda da, h, W, b: h @ da,
            "The inner product of h and da fits only where there are as many inputs as outputs, and is a number.",
            "Every input meets every output in some weight. How many products are there, and are any added up?",
        ),
        WrongForm(
            "unsummed-axis",
            lambda da, h, W, b: ops.linear_jacobian_W(h, W, b) * np.reshape(da, (-1, 1, 1)),
            "You return a tensor: the contributions of the outputs are not added up.",
            "The index j of the output occurs in da and in the Jacobian, and not in the answer.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda da, h, W, b: np.outer(h, da + b),
            "The bias takes part in your answer. It is a constant when W moves.",
        ),
        WrongForm(
            "missing-upstream",
            lambda da, h, W, b: ops.linear_jacobian_W(h, W, b),
            "You return the Jacobian. Its product with da is what is asked for.",
        ),
    ),
    hints=(
        "Weight [α, β] touches one output only. Which one, and with which input?",
        "Each entry of dW is one product, of one entry of h and one of da. No sum is left.",
    ),
)

LINEAR_VJP_B = Exercise03(
    points=1,
    reference=ops.linear_vjp_b,
    cases=_upstream_cases,
    returns=("db",),
    forward=ops.linear,
    wrong=(
        WrongForm(
            "missing-upstream",
            lambda da, h, W, b: np.eye(len(b)),
            "You return the Jacobian. Its product with da is what is asked for.",
        ),
        WrongForm(
            "wrong-shape",
            lambda da, h, W, b: np.sum(da),
            "You return one number. There is one example here, so there is no batch to sum over.",
            "Each entry of b feeds one output. What comes back from there?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda da, h, W, b: da * b,
            "da is multiplied by the bias itself.",
            "When b[0] grows by 0.1, by how much does output 0 grow?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda da, h, W, b: np.add(da, b),
            "The bias is added to what comes from upstream.",
            "When b[0] grows by 0.1, by how much does output 0 grow? Does it matter how large b[0] is?",
        ),
        WrongForm("wrong-variable", lambda da, h, W, b: W @ da, "That is the gradient with respect to h."),
        WrongForm(
            "wrong-variable", lambda da, h, W, b: np.outer(h, da), "That is the gradient with respect to W."
        ),
        WrongForm(
            "averaged-not-summed",
            lambda da, h, W, b: da / len(b),
            "The gradient is divided by the number of outputs.",
            "Each output has a bias of its own; nothing is shared and nothing is averaged.",
        ),
        WrongForm(
            "dropped-path",
            lambda da, h, W, b: np.zeros(len(b)),
            "Your gradient is zero: the bias is treated as a constant.",
        ),
    ),
    hints=(
        "Move one entry of b by 0.1. Which outputs change, and by how much?",
        "The Jacobian is the simplest one there is. What does a product with it do to da?",
    ),
)

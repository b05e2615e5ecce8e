"""Sixty wrong answers of the kinds that forums show, over 39 exercises, written before they were run.

Their author had read the checker's rules, so they are fresh, not blind; and what they showed has been mended since.
``python -m tests.mistakes.unseen tests/mistakes/unseen/forum_kinds.py`` counts them. Four are in ``RIGHT``: their
author held them for wrong, and the tasks' conventions make them right.
"""

import numpy as np

RIGHT, WRONG = {}, {}


def wrong(exercise, *names, label, places=()):
    def register(function):
        WRONG.setdefault(exercise, []).append((label, function, names, places))
        return function

    return register


def right(exercise, *, label):
    def register(function):
        RIGHT.setdefault(exercise, []).append((label, function))
        return function

    return register


W = wrong
W("central_difference", "constant-factor", label="divided by h, not 2h")(
    lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h
)
W("central_difference", "wrong-sign", label="points exchanged")(
    lambda f, x, h=1e-5: (f(x - h) - f(x + h)) / (2 * h)
)
W("exp_sin_square_derivative", "forgot-chain", label="no 2x")(lambda x: np.exp(np.sin(x**2)) * np.cos(x**2))
W("exp_sin_square_derivative", "wrong-sign", "wrong-local-derivative", label="minus cosine")(
    lambda x: -np.exp(np.sin(x**2)) * np.cos(x**2) * 2 * x
)
W(
    "exp_sin_square_derivative",
    "wrong-local-derivative",
    "wrong-variable",
    label="sin for cos",
    places=("wrong-value",),
)(lambda x: np.exp(np.sin(x**2)) * np.sin(x**2) * 2 * x)


@wrong("chain_derivative", "wrong-variable", "forgot-chain", label="every slope at x")
def _(functions, derivatives, x):
    grad = 1.0
    for d in derivatives:
        grad *= d(x)
    return grad


@wrong(
    "chain_derivative", "overwritten-gradient", "dropped-path", "wrong-local-derivative", label="slopes added"
)
def _(functions, derivatives, x):
    grad = 0.0
    for f, d in zip(functions, derivatives, strict=True):
        grad += d(x)
        x = f(x)
    return grad


W("squared_error_node_gradients", "wrong-sign", label="all signs")(
    lambda x, y, z, t: tuple(
        -g for g in (2 * (x * y + z - t) * y, 2 * (x * y + z - t) * x, 2 * (x * y + z - t))
    )
)
W("add_gate_backward", "wrong-local-derivative", "wrong-variable", label="as a product")(
    lambda dy, a, b: (dy * b, dy * a)
)
W("add_gate_backward", "constant-factor", "averaged-not-summed", label="shared in halves")(
    lambda dy, a, b: (dy / 2, dy / 2)
)
W("multiply_gate_backward", "wrong-variable", "swapped-inputs", "wrong-local-derivative", label="own input")(
    lambda dy, a, b: (dy * a, dy * b)
)
W("multiply_gate_backward", "missing-upstream", label="no dy")(lambda dy, a, b: (b, a))
W("max_gate_backward", "wrong-mask", "swapped-inputs", "wrong-sign", label="min gate")(
    lambda dy, a, b: (dy * (a < b), dy * (a >= b))
)
W(
    "max_gate_backward",
    "value-instead-of-mask",
    "wrong-local-derivative",
    "wrong-variable",
    label="winner's value",
)(lambda dy, a, b: (dy * a * (a >= b), dy * b * (a < b)))


@wrong("sigmoid_neuron_backward", "forgot-chain", label="without the slope of the sigmoid")
def _(w, x):
    w, x = np.asarray(w, float), np.asarray(x, float)
    f = 1 / (1 + np.exp(-(w[:-1] @ x + w[-1])))
    return f, np.append(x, 1.0), w[:-1].copy()


@wrong("fraction_backward", "wrong-type", label="gradients in a dict")
def _(x, y):
    return {"z": 1.0, "dx": 0.0, "dy": 0.0}


W("topological_order", "wrong-order", label="reversed names")(lambda parents: sorted(parents, reverse=True))


@wrong("backpropagate", "overwritten-gradient", label="set, not added")
def _(parents, local_derivatives, output):
    gradients = dict.fromkeys(parents, 0.0)
    gradients[output] = 1.0
    done, order = set(), []

    def visit(node):
        if node not in done:
            done.add(node)
            for p in parents[node]:
                visit(p)
            order.append(node)

    for node in parents:
        visit(node)
    for node in reversed(order):
        for p in parents[node]:
            gradients[p] = gradients[node] * local_derivatives[node, p]
    return gradients


@wrong("numerical_jacobian", "transposed", "wrong-shape", label="rows are inputs")
def _(f, x, h=1e-5):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)])


right("linear_jacobian_h", label="W transposed")(lambda h, W, b: W.T)
right("linear_vjp_h", label="the other way round")(lambda da, h, W, b: W.dot(da))
right("linear_vjp_W", label="outer(h, da)")(lambda da, h, W, b: np.outer(h, da))
W("linear_vjp_b", "wrong-shape", "unsummed-axis", "wrong-axis", label="summed")(lambda da, h, W, b: da.sum())
W("chain_jacobians", "wrong-order", "missing-transpose", label="first times second")(
    lambda jacobians: np.linalg.multi_dot(jacobians) if len(jacobians) > 1 else jacobians[0]
)
W("elementwise_vjp", "wrong-variable", label="slope at dy")(lambda dy, derivative, z: dy * derivative(dy))
W("elementwise_vjp", "missing-upstream", label="slope only")(lambda dy, derivative, z: derivative(z))
W("squared_distance_backward", "constant-factor", label="no 2")(lambda x, h: x - h)
W("sigmoid_backward", "wrong-variable", label="sigmoid again")(
    lambda dy, y: dy * (1 / (1 + np.exp(-y))) * (1 - 1 / (1 + np.exp(-y)))
)
W("sigmoid_backward", "wrong-sign", "wrong-local-derivative", label="y (y - 1)")(
    lambda dy, y: dy * y * (y - 1)
)
W("sigmoid_backward", "wrong-local-derivative", label="y times 1 plus y", places=("wrong-value",))(
    lambda dy, y: dy * y * (1 + y)
)
W("tanh_backward", "wrong-local-derivative", "forgot-chain", label="1 - y")(lambda dy, y: dy * (1 - y))
W("tanh_backward", "wrong-variable", label="tanh again")(lambda dy, y: dy * (1 - np.tanh(y) ** 2))
W("tanh_backward", "wrong-local-derivative", "wrong-variable", label="the sigmoid's slope")(
    lambda dy, y: dy * y * (1 - y)
)
W("softplus_backward", "wrong-local-derivative", "wrong-sign", "wrong-variable", label="sigmoid(-z)")(
    lambda dy, z: dy / (1 + np.exp(z))
)
W(
    "softplus_backward",
    "forward-instead-of-backward",
    "value-instead-of-mask",
    "wrong-local-derivative",
    label="dy log(1+e^z)",
)(lambda dy, z: dy * np.logaddexp(0, z))
W("relu_backward", "wrong-mask", label="z < 0")(lambda dy, z: dy * (z < 0))
W(
    "relu_backward",
    "forward-instead-of-backward",
    "value-instead-of-mask",
    "wrong-variable",
    label="relu of dy",
)(lambda dy, z: np.maximum(dy, 0))
W("relu_backward", "truth-of-an-array", label="if z > 0")(lambda dy, z: dy if z > 0 else 0 * dy)
W("leaky_relu_backward", "wrong-local-derivative", "wrong-mask", "unused-parameter", label="no alpha")(
    lambda dy, z, alpha: dy * (z > 0)
)
W(
    "leaky_relu_backward",
    "wrong-variable",
    "value-instead-of-mask",
    "wrong-local-derivative",
    label="alpha z for alpha",
)(lambda dy, z, alpha: dy * np.where(z > 0, 1, alpha * z))
W("elu_backward", "wrong-local-derivative", "forgot-chain", "value-instead-of-mask", label="alpha (e^z - 1)")(
    lambda dy, z, alpha: dy * np.where(z > 0, 1, alpha * (np.exp(z) - 1))
)
W("prelu_backward", "unsummed-axis", "wrong-shape", label="dalpha not summed")(
    lambda dy, z, alpha: (dy * np.where(z > 0, 1, alpha), dy * np.where(z > 0, 0, z))
)
W("max_backward", "first-row-only", "wrong-mask", "wrong-axis", label="one winner of all")(
    lambda dy, z: (
        dy * (z == z.max()) if np.ndim(dy) == np.ndim(z) else np.asarray(dy)[..., None] * (z == z.max())
    )
)
W("softmax", "wrong-axis", label="all entries")(lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum())
W(
    "softmax",
    "forward-instead-of-backward",
    "wrong-value",
    "not-averaged",
    "wrong-local-derivative",
    label="not normalised",
    places=("wrong-local-derivative",),
)(lambda z: np.exp(z - z.max(-1, keepdims=True)))
W("log_softmax", "not-finite", label="log of softmax")(
    lambda z: np.log(
        np.exp(z - z.max(-1, keepdims=True)) / np.exp(z - z.max(-1, keepdims=True)).sum(-1, keepdims=True)
    )
)
W("softmax_jacobian", "diagonal-jacobian", label="diagonal only")(lambda y: np.diag(y * (1 - y)))
W("softmax_backward", "dropped-path", "diagonal-jacobian", label="y dy")(lambda dy, y: y * dy)
W("softmax_backward", "wrong-local-derivative", "dropped-path", "averaged-not-summed", label="mean for sum")(
    lambda dy, y: y * (dy - (dy * y).mean(-1, keepdims=True))
)
W("log_softmax_backward", "wrong-variable", label="y not exponentiated", places=("forgot-chain",))(
    lambda dy, y: dy - y * dy.sum(-1, keepdims=True)
)
W("squared_error_backward", "wrong-sign", "swapped-inputs", label="y - f")(lambda f, y: (y - f, f - y))
W("softmax_cross_entropy_backward", "not-averaged", label="no N")(
    lambda z, labels: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) - np.eye(z.shape[-1])[labels]
)
W("sigmoid_mse_backward", "forgot-chain", label="no slope")(lambda z, d: 1 / (1 + np.exp(-z)) - d)
W("sigmoid_cross_entropy_backward", "wrong-variable", "forgot-chain", label="z - d")(lambda z, d: z - d)
W("linear_backward", "averaged-not-summed", label="db a mean")(
    lambda dz, x, W: (dz @ W.T, x.T @ dz, dz.mean(0))
)
W("linear_backward", "transposed", "missing-transpose", label="dW as dz.T @ x")(
    lambda dz, x, W: (dz @ W.T, dz.T @ x, dz.sum(0))
)
W("linear_backward", "extra-axis", label="db keeps its axis")(
    lambda dz, x, W: (dz @ W.T, x.T @ dz, dz.sum(0, keepdims=True))
)
right("multiply_backward", label="broadcast not summed")(lambda dy, a, b: (dy * b, dy * a))
W("pairwise_product_backward", "dropped-path", "constant-factor", "wrong-local-derivative", label="one path")(
    lambda dy, z: dy @ z
)
W("sgd_step", "wrong-sign", label="uphill")(
    lambda parameters, gradients, learning_rate: [
        p + learning_rate * g for p, g in zip(parameters, gradients, strict=True)
    ]
)
W("sgd_step", "wrong-type", "first-row-only", label="first one only")(
    lambda parameters, gradients, learning_rate: parameters[0] - learning_rate * gradients[0]
)


@wrong("binary_loss_and_gradients", "not-averaged", label="sums of gradients")
def _(w, b, x, d):
    z = x @ w + b
    p = 0.5 * (1 + np.tanh(z / 2))
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ (p - d), (p - d).sum()


W("activation_memory", "dropped-path", "constant-factor", "wrong-value", label="input not counted")(
    lambda batch, widths, itemsize=8: batch * sum(widths[1:]) * itemsize
)
W("broadcast_backward", "wrong-shape", "unsummed-axis", label="first axis only")(
    lambda dy, shape: dy.sum(axis=0)
)

"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run, before a round of mending, all but one of 84 were refused (the product divided by its other factor, where a case of 0 was
missing): 77 under an expected name, 60 under the best of them; after the round, whose author had not seen them, 80 and 65. None was
astray, and all 20 right ones passed. By now they were looked at. `ASTRAY`
holds the names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
import functools
import graphlib
import itertools
import math

import numpy as np

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(exercise, label):
    def add(function):
        RIGHT.setdefault(exercise, []).append((label, function))
        return function

    return add


def wrong(exercise, *names, label, astray=()):
    assert 2 <= len(names) <= 4 and not set(names) & set(astray), (exercise, label)
    assert label not in [known for known, *_ in WRONG.get(exercise, [])], (exercise, label)

    def add(function):
        WRONG.setdefault(exercise, []).append((label, function, names))
        if astray:
            ASTRAY[exercise, label] = set(astray)
        return function

    return add


# What a student has from the notebook, or wrote in an earlier one.


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def relu(z):
    return np.maximum(z, 0)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def topological_order(parents):
    order, waiting = [], {node: set(above) for node, above in parents.items()}
    while waiting:
        ready = [node for node, above in waiting.items() if not above & waiting.keys()]
        if not ready:
            raise ValueError("cycle")
        order += ready
        for node in ready:
            del waiting[node]
    return order


def linear_vjp_h(da, h, W, b):
    return W @ da


def linear_vjp_W(da, h, W, b):
    return np.outer(h, da)


def linear_vjp_b(da, h, W, b):
    return da


def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = activations[-1] @ W + b
        last = layer == len(weights) - 1
        activations.append(z if last else np.maximum(z, 0))
    return activations


def loss_and_gradients(weights, biases, x, labels):
    activations, rows = forward(weights, biases, x), np.arange(len(x))
    loss = -log_softmax(activations[-1])[rows, labels].mean()
    dz = softmax(activations[-1])
    dz[rows, labels] -= 1
    dz /= len(x)
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (activations[k] > 0)
    return loss, dweights, dbiases


def sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# 01 The chain rule


@wrong(
    "central_difference", "constant-factor", "wrong-value",
    label="/ 2 * h: multiplies by h", astray=("missing-upstream", "numerical-differentiation"),
)
def _(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


@wrong(
    "central_difference", "lost-precision", "wrong-value",
    label="rounded to four digits", astray=("constant-factor", "wrong-local-derivative", "integer-truncation"),
)
def _(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return round(slope, 4)


@wrong(
    "exp_sin_square_derivative", "wrong-local-derivative", "forgot-chain", "wrong-value",
    label="differentiates inside the exponential", astray=("wrong-sign", "constant-factor", "missing-upstream"),
)
def _(x):
    return np.exp(np.cos(x**2) * 2 * x)


@wrong(
    "chain_derivative", "wrong-order", "wrong-variable",
    label="walks both lists from the end", astray=("forgot-chain", "overwritten-gradient", "dropped-path"),
)
def _(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(functions[::-1], derivatives[::-1]):
        slope *= df(x)
        x = f(x)
    return slope


@wrong(
    "distributed_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value",
    label="f_partials taken at the inner slopes", astray=("overwritten-gradient", "dropped-path", "swapped-inputs"),
)
def _(f_partials, inner, inner_derivatives, x):
    slopes = np.array([dg(x) for dg in inner_derivatives])
    return np.sum(f_partials(slopes) * slopes)


@wrong(
    "partial_and_total", "dropped-path", "forgot-chain",
    label="total without the direct path", astray=("swapped-inputs", "wrong-sign", "overwritten-gradient"),
)
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    total = df_dy(x, y(x)) * dy_dx(x)
    return partial, total


@wrong(
    "partial_and_total", "raised-error", "wrong-variable",
    label="hands over the function y, not y(x)", astray=("dropped-path", "not-implemented", "swapped-inputs"),
)
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y)
    return partial, partial + df_dy(x, y) * dy_dx(x)


@wrong(
    "squared_error_node_gradients", "forgot-chain", "missing-upstream",
    label="slopes of the first steps only", astray=("swapped-inputs", "wrong-sign", "constant-factor"),
)
def _(x, y, z, t):
    return y, x, 1


# 02 Computational graphs


@wrong(
    "add_gate_backward", "constant-factor", "wrong-local-derivative",
    label="shares dy out, half each", astray=("averaged-twice", "missing-upstream", "double-counted-tie"),
)
def _(dy, a, b):
    return dy / 2, dy / 2


@wrong(
    "multiply_gate_backward", "not-finite", "raised-error",
    label="y / a in place of b", astray=("swapped-inputs", "wrong-local-derivative", "missing-upstream"),
)
def _(dy, a, b):
    y = a * b
    return dy * y / a, dy * y / b


@wrong(
    "max_gate_backward", "wrong-mask", "dropped-path",
    label="both masks strict: a tie gets nothing", astray=("double-counted-tie", "missing-upstream", "swapped-inputs"),
)
def _(dy, a, b):
    return np.where(a > b, dy, 0), np.where(b > a, dy, 0)


@wrong(
    "max_gate_backward", "value-instead-of-mask", "wrong-local-derivative",
    label="dy times the winner's value", astray=("double-counted-tie", "swapped-inputs", "missing-upstream"),
)
def _(dy, a, b):
    da = dy * np.where(a >= b, a, 0)
    db = dy * np.where(a >= b, 0, b)
    return da, db


@wrong(
    "sigmoid_neuron_backward", "wrong-variable", "wrong-local-derivative",
    label="sigmoid of f once more in the slope", astray=("wrong-sign", "swapped-inputs", "forgot-chain"),
)
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    slope = sigmoid(f) * (1 - sigmoid(f))
    return f, slope * np.array([x[0], x[1], 1]), slope * w[:2]


@wrong(
    "softplus_graph_backward", "wrong-local-derivative", "wrong-value",
    label="power rule for exp: x exp(x - 1)", astray=("wrong-order", "swapped-inputs", "overwritten-gradient"),
)
def _(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    dy_db = dy_da * 1
    dy_dx = dy_db * x * np.exp(x - 1)
    return y, dy_da, dy_db, dy_dx


@wrong(
    "fraction_backward", "overwritten-gradient", "dropped-path",
    label="ds from the denominator replaces ds from the numerator", astray=("wrong-sign", "swapped-inputs"),
)
def _(x, y):
    s = 1 / (1 + np.exp(-x))
    q = x + y
    top, bottom = x + s, s + q**2
    z = top / bottom
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dx = dtop
    ds = dtop
    ds = dbottom
    dq = dbottom * 2 * q
    dx += dq
    dx += ds * s * (1 - s)
    return z, dx, dq


@wrong(
    "fraction_backward", "forgot-chain", "wrong-local-derivative",
    label="ds handed to x without the slope of the sigmoid", astray=("overwritten-gradient", "wrong-sign", "dropped-path"),
)
def _(x, y):
    s = 1 / (1 + np.exp(-x))
    r = (x + y) ** 2
    top, bottom = x + s, s + r
    dtop = 1 / bottom
    dbottom = -top / bottom**2
    ds = dtop + dbottom
    dq = dbottom * 2 * (x + y)
    return top / bottom, dtop + dq + ds, dq


@wrong(
    "topological_order", "wrong-value", "wrong-order",
    label="a cycle passes unnoticed", astray=("raised-error", "dropped-path", "mutated-input"),
)
def _(parents):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in parents[node]:
            visit(parent)
        order.append(node)

    for node in parents:
        visit(node)
    return order


@wrong(
    "backpropagate", "wrong-order", "dropped-path", "forgot-chain",
    label="visits parents first", astray=("overwritten-gradient", "raised-error"),
)
def _(parents, local_derivatives, output):
    grad = {node: 0.0 for node in parents}
    grad[output] = 1.0
    for child in topological_order(parents):
        for parent in parents[child]:
            grad[parent] += grad[child] * local_derivatives[child, parent]
    return grad


@wrong(
    "backpropagate", "wrong-type", "wrong-value",
    label="nodes that are not reached are left out of the dictionary", astray=("overwritten-gradient", "wrong-order"),
)
def _(parents, local_derivatives, output):
    grad = {output: 1.0}
    for child in reversed(topological_order(parents)):
        if child in grad:
            for parent in parents[child]:
                grad[parent] = grad.get(parent, 0.0) + grad[child] * local_derivatives[child, parent]
    return grad


# 03 Jacobians


@wrong(
    "numerical_jacobian", "integer-truncation", "wrong-value",
    label="adds h to a copy that holds integers", astray=("mutated-input", "transposed", "constant-factor"),
)
def _(f, x, h=1e-5):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        ahead, behind = x.copy(), x.copy()
        ahead[j] += h
        behind[j] -= h
        J[:, j] = (f(ahead) - f(behind)) / (2 * h)
    return J


@wrong(
    "chain_jacobians", "matrix-product-for-elementwise", "raised-error", "wrong-value",
    label="* in place of @", astray=("wrong-order", "transposed", "missing-transpose"),
)
def _(jacobians):
    product = jacobians[0]
    for J in jacobians[1:]:
        product = J * product
    return product


@wrong(
    "squared_distance_backward", "forgot-chain", "wrong-shape",
    label="2 times the norm", astray=("wrong-sign", "constant-factor", "swapped-inputs"),
)
def _(x, h):
    return 2 * np.linalg.norm(x - h)


@wrong(
    "numerical_hessian", "diagonal-jacobian", "dropped-path",
    label="second differences on the diagonal only", astray=("constant-factor", "integer-truncation", "wrong-sign"),
)
def _(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        e = np.zeros(D)
        e[i] = h
        H[i, i] = (f(x + e) - 2 * f(x) + f(x - e)) / h**2
    return H


@wrong(
    "linear_jacobian_h", "wrong-local-derivative", "wrong-value",
    label="W.T times h", astray=("transposed", "missing-transpose", "unsummed-axis"),
)
def _(h, W, b):
    return W.T * h


@wrong(
    "linear_jacobian_b", "wrong-shape", "wrong-axis",
    label="identity of the size of the input", astray=("transposed", "wrong-local-derivative", "extra-axis"),
)
def _(h, W, b):
    return np.eye(W.shape[0])


@wrong(
    "linear_jacobian_W", "wrong-mask", "wrong-value",
    label="h in every column of the slice", astray=("transposed", "wrong-shape", "missing-upstream"),
)
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j] = h[:, None]
    return J


@wrong(
    "linear_jacobian_W", "wrong-variable", "wrong-local-derivative", "swapped-inputs",
    label="column of W where h belongs", astray=("transposed", "wrong-mask", "wrong-shape"),
)
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = W[:, j]
    return J


@wrong(
    "linear_vjp_h", "wrong-axis", "wrong-shape",
    label="sums over the inputs", astray=("missing-upstream", "unsummed-axis", "averaged-not-summed"),
)
def _(da, h, W, b):
    return (W * da).sum(axis=0)


@wrong(
    "linear_vjp_W", "missing-upstream", "forgot-chain",
    label="h in each column, no da", astray=("transposed", "wrong-shape", "wrong-axis"),
)
def _(da, h, W, b):
    return np.outer(h, np.ones(len(b)))


@wrong(
    "linear_vjp_b", "wrong-shape", "wrong-axis",
    label="sum over axis 0, as for a batch", astray=("unsummed-axis", "missing-upstream", "passed-through"),
)
def _(da, h, W, b):
    return da.sum(axis=0)


@wrong(
    "elementwise_vjp", "integer-truncation", "wrong-value",
    label="fills zeros_like(z)", astray=("missing-upstream", "wrong-variable", "mutated-input"),
)
def _(dy, derivative, z):
    dz = np.zeros_like(z)
    for i in range(z.size):
        dz.flat[i] = dy.flat[i] * derivative(z.flat[i])
    return dz


@wrong(
    "jacobian_from_vjp", "wrong-value", "wrong-local-derivative",
    label="unit vector not set back to zero", astray=("transposed", "stale-state", "mutated-input"),
)
def _(vjp, x, output_size):
    e = np.zeros(output_size)
    J = np.zeros((output_size, len(x)))
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J


@wrong(
    "network_vjp", "swapped-inputs", "wrong-order", "wrong-shape",
    label="weights first, then biases in the result", astray=("transposed", "forgot-chain", "wrong-local-derivative"),
)
def _(dy, x, W1, b1, W2, b2):
    y1 = sigma(x @ W1 + b1)
    dy1 = linear_vjp_h(dy, y1, W2, b2)
    dz1 = dy1 * y1 * (1 - y1)
    dx = linear_vjp_h(dz1, x, W1, b1)
    dW1, dW2 = linear_vjp_W(dz1, x, W1, b1), linear_vjp_W(dy, y1, W2, b2)
    return dx, dW1, dW2, dz1, dy


@wrong(
    "network_vjp", "forgot-chain", "wrong-variable", "wrong-local-derivative",
    label="dx from dy1, not from dz1", astray=("swapped-inputs", "transposed", "missing-upstream"),
)
def _(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    y1 = sigma(z1)
    dy1 = dy @ W2.T
    dW2, db2 = np.outer(y1, dy), dy
    dz1 = dy1 * y1 * (1 - y1)
    dx = dy1 @ W1.T
    dW1, db1 = np.outer(x, dz1), dz1
    return dx, dW1, db1, dW2, db2


# 04 Activations


@wrong(
    "linear_composition", "mutated-input", "stale-state", "raised-error",
    label="pops the layers off the lists", astray=("wrong-order", "forgot-chain", "transposed"),
)
def _(weights, biases):
    W, b = weights.pop(0), biases.pop(0)
    while weights:
        W_next = weights.pop(0)
        W = W @ W_next
        b = b @ W_next + biases.pop(0)
    return W, b


@wrong(
    "sigmoid_backward", "wrong-local-derivative", "missing-upstream", "wrong-value",
    label="no brackets: dy * y - y ** 2", astray=("wrong-variable", "wrong-sign", "passed-through"),
)
def _(dy, y):
    return dy * y - y**2


@wrong(
    "tanh_backward", "wrong-local-derivative", "wrong-value",
    label="(1 - y) squared", astray=("wrong-variable", "missing-upstream", "constant-factor"),
)
def _(dy, y):
    return dy * (1 - y) ** 2


@wrong(
    "relu_backward", "wrong-mask", "wrong-variable",
    label="asks whether dy is positive", astray=("missing-upstream", "value-instead-of-mask", "mutated-input"),
)
def _(dy, z):
    return np.where(dy > 0, dy, 0)


@wrong(
    "relu_backward", "truth-of-an-array", "wrong-mask",
    label="all open or all shut", astray=("value-instead-of-mask", "missing-upstream", "mutated-input"),
)
def _(dy, z):
    if np.all(z > 0):
        return dy
    else:
        return dy * 0


@wrong(
    "leaky_relu_backward", "missing-upstream", "wrong-local-derivative",
    label="alpha alone on the left", astray=("unused-parameter", "wrong-mask", "passed-through"),
)
def _(dy, z, alpha):
    return np.where(z > 0, dy, alpha)


@wrong(
    "relu_subdifferential", "unused-parameter", "wrong-mask", "wrong-value",
    label="0 and 1 everywhere", astray=("swapped-inputs", "wrong-shape", "missing-upstream"),
)
def _(z):
    low = np.zeros_like(z)
    high = np.ones_like(z)
    return low, high


@wrong(
    "is_subgradient", "first-row-only", "wrong-value",
    label="returns at the first point", astray=("wrong-sign", "lost-precision", "unused-parameter"),
)
def _(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
        else:
            return False


@wrong(
    "max_backward", "wrong-mask", "first-row-only", "wrong-value",
    label="every row gets the winners of all rows", astray=("double-counted-tie", "missing-upstream", "value-instead-of-mask"),
)
def _(dy, z):
    dz = np.zeros(z.shape)
    dz[..., z.argmax(axis=-1)] = dy
    return dz


@wrong(
    "max_backward", "wrong-axis", "wrong-mask", "double-counted-tie",
    label="compares with the maximum of the whole array", astray=("missing-upstream", "value-instead-of-mask", "transposed"),
)
def _(dy, z):
    return np.expand_dims(dy, -1) * (z == z.max())


@wrong(
    "max_pool_backward", "unused-parameter", "raised-error", "wrong-value",
    label="window k starts at k * size", astray=("overwritten-gradient", "double-counted-tie", "missing-upstream"),
)
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        for row in np.ndindex(z.shape[:-1]):
            start = k * size
            window = z[row][start : start + size]
            dz[row][start + window.argmax()] += dy[row][k]
    return dz


@wrong(
    "max_pool_backward", "wrong-mask", "wrong-value",
    label="place in the window taken for place in z", astray=("overwritten-gradient", "unused-parameter", "double-counted-tie"),
)
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = z[..., k * stride : k * stride + size]
        winner = window.argmax(axis=-1)
        won = np.arange(size) == winner[..., None]
        dz[..., :size] += won * dy[..., k : k + 1]
    return dz


@wrong(
    "prelu_backward", "wrong-variable", "constant-factor", "wrong-local-derivative",
    label="dalpha from dz, not from dy", astray=("unsummed-axis", "wrong-mask", "missing-upstream"),
)
def _(dy, z, alpha):
    dz = np.where(z > 0, dy, alpha * dy)
    dalpha = np.sum(dz * z * (z < 0))
    return dz, dalpha


@wrong(
    "rrelu_backward", "unused-parameter", "stale-state", "wrong-local-derivative",
    label="draws new slopes", astray=("wrong-mask", "missing-upstream", "value-instead-of-mask"),
)
def _(dy, z, slopes):
    slopes = np.random.uniform(1 / 8, 1 / 3, size=np.shape(z))
    return np.where(z > 0, dy, slopes * dy)


@wrong(
    "softplus_backward", "wrong-local-derivative", "wrong-value",
    label="exp(-|z|) in the formula of the right side", astray=("not-finite", "missing-upstream", "wrong-sign"),
)
def _(dy, z):
    return dy / (1 + np.exp(-np.abs(z)))


@wrong(
    "elu_backward", "unused-parameter", "wrong-local-derivative",
    label="alpha forgotten on the left", astray=("not-finite", "missing-upstream", "wrong-mask"),
)
def _(dy, z, alpha):
    return np.where(z > 0, dy, dy * np.exp(np.minimum(z, 0)))


@wrong(
    "maxout_backward", "unused-parameter", "wrong-mask",
    label="winner chosen without the biases", astray=("overwritten-gradient", "transposed", "missing-upstream"),
)
def _(dy, x, W, b):
    pieces = np.array([x @ W[k] for k in range(len(W))])
    winner = pieces.argmax(axis=0)
    dx, dW, db = np.zeros(x.shape), [], []
    for k in range(len(W)):
        dz = dy * (winner == k)
        dx = dx + dz @ W[k].T
        dW.append(x.T @ dz)
        db.append(dz.sum(axis=0))
    return dx, np.array(dW), np.array(db)


# 05 Softmax and losses


@wrong(
    "softmax", "wrong-axis", "not-finite",
    label="one shift for the whole batch", astray=("broadcast-blow-up", "raised-error", "forgot-chain"),
)
def _(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)


@wrong(
    "softmax", "wrong-axis", "broadcast-blow-up", "raised-error",
    label="sum without keepdims", astray=("not-finite", "unsummed-axis", "transposed"),
)
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@wrong(
    "log_softmax", "lost-precision", "wrong-value",
    label="log(softmax + 1e-12)", astray=("not-finite", "wrong-axis", "constant-factor"),
)
def _(z):
    return np.log(softmax(z) + 1e-12)


@wrong(
    "softmax_jacobian", "matrix-product-for-elementwise", "broadcast-blow-up", "wrong-value",
    label="y @ y.T is a number", astray=("diagonal-jacobian", "wrong-sign", "transposed"),
)
def _(y):
    return np.diag(y) - y @ y.T


@wrong(
    "softmax_backward", "wrong-local-derivative", "averaged-not-summed", "wrong-value",
    label="plain mean of dy, not the average weighted by y", astray=("diagonal-jacobian", "wrong-axis", "missing-upstream"),
)
def _(dy, y):
    return y * (dy - dy.mean(axis=-1, keepdims=True))


@wrong(
    "softmax_backward", "first-row-only", "raised-error", "wrong-shape",
    label="Jacobian of a single row", astray=("diagonal-jacobian", "missing-upstream", "wrong-sign"),
)
def _(dy, y):
    J = np.diag(y) - np.outer(y, y)
    return dy @ J


@wrong(
    "log_softmax_backward", "wrong-variable", "wrong-local-derivative",
    label="takes the logarithms y for probabilities", astray=("wrong-axis", "diagonal-jacobian", "dropped-path"),
)
def _(dy, y):
    return dy - y * dy.sum(axis=-1, keepdims=True)


@wrong(
    "squared_error_backward", "wrong-sign", "wrong-local-derivative",
    label="the same gradient for both", astray=("constant-factor", "swapped-inputs", "not-averaged"),
)
def _(f, y):
    error = f - y
    return error, error


@wrong(
    "kl_divergence_backward", "lost-precision", "wrong-value",
    label="1e-5 added to the denominator", astray=("wrong-sign", "not-finite", "constant-factor"),
)
def _(y, d):
    return -d / (y + 1e-5)


@wrong(
    "cross_entropy_backward", "wrong-mask", "wrong-value",
    label="p[:, labels]: whole columns", astray=("not-averaged", "wrong-sign", "averaged-twice"),
)
def _(p, labels):
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / (len(labels) * p[:, labels])
    return dp


@wrong(
    "sigmoid_mse_backward", "constant-factor", "wrong-sign",
    label="2 and the sign of d - s", astray=("forgot-chain", "wrong-variable", "averaged-twice"),
)
def _(z, d):
    s = sigmoid(z)
    return 2 * (d - s) * s * (1 - s)


@wrong(
    "sigmoid_cross_entropy_backward", "averaged-twice", "constant-factor", "averaged-not-summed",
    label="divided by the number of entries", astray=("not-averaged", "wrong-sign", "forgot-chain"),
)
def _(z, d):
    return (sigmoid(z) - d) / np.size(z)


@wrong(
    "softmax_cross_entropy_backward", "wrong-mask", "wrong-axis", "raised-error",
    label="p[labels] -= 1: rows, not entries", astray=("wrong-sign", "not-averaged", "averaged-twice"),
)
def _(z, labels):
    p = softmax(z)
    p[labels] -= 1
    return p / len(labels)


@wrong(
    "softmax_cross_entropy_backward", "raised-error", "wrong-shape",
    label="three classes written into the code", astray=("wrong-mask", "not-averaged", "wrong-axis"),
)
def _(z, labels):
    onehot = np.eye(3)[labels]
    return (softmax(z) - onehot) / len(z)


# 06 Backpropagation


@wrong(
    "extended_layer_backward", "wrong-order", "wrong-value",
    label="the constant 1 behind the inputs in dw", astray=("transposed", "wrong-shape", "missing-upstream"),
)
def _(dz, y_prev, w):
    dy_prev = w[1:] @ dz
    dw = np.outer(np.append(y_prev, 1), dz)
    return dy_prev, dw


@wrong(
    "linear_backward", "overwritten-gradient", "first-row-only", "dropped-path",
    label="dW = in the loop over the batch", astray=("transposed", "missing-upstream", "averaged-not-summed"),
)
def _(dz, x, W):
    dW = np.zeros(W.shape)
    for n in range(len(x)):
        dW = np.outer(x[n], dz[n])
    return dz @ W.T, dW, dz.sum(axis=0)


@wrong(
    "linear_backward", "wrong-variable", "wrong-shape", "wrong-local-derivative",
    label="dW from dx, not from dz", astray=("transposed", "missing-transpose", "unsummed-axis"),
)
def _(dz, x, W):
    dx = dz @ W.T
    dW = x.T @ dx
    db = np.sum(dz, axis=0)
    return dx, dW, db


@wrong(
    "broadcast_backward", "unsummed-axis", "wrong-shape",
    label="axes of length 1 not summed", astray=("extra-axis", "averaged-not-summed", "passed-through"),
)
def _(dy, shape):
    while np.ndim(dy) > len(shape):
        dy = dy.sum(axis=0)
    return dy


@wrong(
    "mlp_forward", "wrong-variable", "wrong-value",
    label="keeps z, not what the ReLU makes of it", astray=("wrong-order", "wrong-type", "transposed"),
)
def _(x, weights, biases):
    kept, y = [x], x
    for W, b in zip(weights, biases):
        z = y @ W + b
        kept.append(z)
        y = relu(z)
    return kept


@wrong(
    "mlp_backward", "wrong-mask", "dropped-path",
    label="ReLU mask on the data as well", astray=("forgot-chain", "wrong-order", "missing-upstream"),
)
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        y_prev = activations[k]
        dweights.insert(0, y_prev.T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = (dy @ weights[k].T) * (y_prev > 0)
    return dy, dweights, dbiases


@wrong(
    "mlp_backward", "forgot-chain", "wrong-mask",
    label="no ReLU on the way back", astray=("wrong-order", "transposed", "missing-upstream"),
)
def _(dy, activations, weights):
    dweights, dbiases = [None] * len(weights), [None] * len(weights)
    for k in range(len(weights) - 1, -1, -1):
        dweights[k] = activations[k].T @ dy
        dbiases[k] = dy.sum(axis=0)
        dy = dy @ weights[k].T
    return dy, dweights, dbiases


@wrong(
    "activation_memory", "unused-parameter", "constant-factor",
    label="8 in place of itemsize", astray=("dropped-path", "wrong-type", "integer-truncation"),
)
def _(batch, widths, itemsize=8):
    return batch * sum(widths[:-1]) * 8


@wrong(
    "multiply_backward", "mutated-input", "wrong-local-derivative", "raised-error",
    label="da *= b changes dy, and db with it", astray=("swapped-inputs", "matrix-product-for-elementwise", "stale-state"),
)
def _(dy, a, b):
    da = dy
    da *= b
    db = dy * a
    return da, db


@wrong(
    "pairwise_product_backward", "integer-truncation", "wrong-value",
    label="writes floats into zeros_like(z)", astray=("swapped-inputs", "mutated-input", "wrong-order"),
)
def _(dy, z):
    dz = np.zeros_like(z)
    dz[..., 0::2] = dy * z[..., 1::2]
    dz[..., 1::2] = dy * z[..., 0::2]
    return dz


@wrong(
    "pairwise_product_backward", "wrong-order", "wrong-value", "wrong-variable",
    label="tile where repeat belongs", astray=("integer-truncation", "swapped-inputs", "missing-upstream"),
)
def _(dy, z):
    neighbour = np.empty(z.shape)
    neighbour[..., 0::2], neighbour[..., 1::2] = z[..., 1::2], z[..., 0::2]
    return np.concatenate([dy, dy], axis=-1) * neighbour


@wrong(
    "gated_unit_backward", "forgot-chain", "wrong-local-derivative", "dropped-path",
    label="own slope only, other branch forgotten", astray=("swapped-inputs", "wrong-variable", "missing-upstream"),
)
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c)
    return dy * s * (1 - s), dy * (1 - t**2)


@wrong(
    "shared_weight_backward", "dropped-path", "forgot-chain",
    label="dx1 without what comes back through x2", astray=("wrong-order", "missing-transpose", "overwritten-gradient"),
)
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    dx1 = dx3 @ jacobians["x3", "x1"]
    dw1 = dx3 @ jacobians["x3", "w1"] + dx1 @ jacobians["x1", "w1"]
    dw2 = dx2 @ jacobians["x2", "w2"]
    return dw1, dw2


# 07 Digits


@wrong(
    "binary_loss_and_gradients", "averaged-twice", "constant-factor",
    label="db is the mean of what is divided by N already", astray=("not-averaged", "wrong-sign", "not-finite"),
)
def _(w, b, x, d):
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (sigmoid(z) - d) / len(x)
    return loss, x.T @ dz, dz.mean()


@wrong(
    "sgd_step", "mutated-input", "raised-error", "stale-state",
    label="copies the list, not the arrays", astray=("wrong-sign", "first-row-only", "constant-factor"),
)
def _(parameters, gradients, learning_rate):
    new = parameters.copy()
    for i in range(len(new)):
        new[i] -= learning_rate * gradients[i]
    return new


@wrong(
    "loss_and_gradients", "value-instead-of-mask", "wrong-mask",
    label="times the activation, not its mask", astray=("not-averaged", "forgot-chain", "wrong-order"),
)
def _(weights, biases, x, labels):
    activations = forward(weights, biases, x)
    N = len(labels)
    logits = activations[-1]
    loss = -log_softmax(logits)[np.arange(N), labels].mean()
    dz = softmax(logits)
    dz[np.arange(N), labels] -= 1
    dz /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, activations[k].T @ dz)
        db.insert(0, dz.sum(axis=0))
        dz = dz @ weights[k].T * activations[k]
    return loss, dW, db


@wrong(
    "loss_and_gradients", "not-finite", "lost-precision",
    label="log of a probability that is 0", astray=("not-averaged", "wrong-mask", "forgot-chain"),
)
def _(weights, biases, x, labels):
    activations = forward(weights, biases, x)
    rows = np.arange(len(labels))
    p = softmax(activations[-1])
    loss = -np.mean(np.log(p[rows, labels]))
    p[rows, labels] -= 1
    dz = p / len(labels)
    dW, db = [], []
    for k in range(len(weights) - 1, -1, -1):
        dW = [activations[k].T @ dz] + dW
        db = [dz.sum(axis=0)] + db
        dz = (dz @ weights[k].T) * (activations[k] > 0)
    return loss, dW, db


def initial(widths, normal):
    weights = [normal((d, m)) * np.sqrt(2 / d) for d, m in zip(widths[:-1], widths[1:])]
    return weights, [np.zeros(m) for m in widths[1:]]


@wrong(
    "train", "wrong-order", "wrong-variable", "wrong-value",
    label="images shuffled, labels not", astray=("unused-parameter", "wrong-sign", "mutated-input"),
)
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = initial(widths, lambda size: rng.normal(size=size))
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        shuffled = x[order]
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            _, dW, db = loss_and_gradients(weights, biases, shuffled[batch], labels[batch])
            weights = sgd_step(weights, dW, learning_rate)
            biases = sgd_step(biases, db, learning_rate)
    return weights, biases


@wrong(
    "train", "unused-parameter", "stale-state",
    label="np.random without the seed", astray=("wrong-order", "wrong-sign", "mutated-input"),
)
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    weights, biases = initial(widths, lambda size: np.random.randn(*size))
    for epoch in range(epochs):
        order = np.random.permutation(len(x))
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            loss, dW, db = loss_and_gradients(weights, biases, x[chosen], labels[chosen])
            weights = sgd_step(weights, dW, learning_rate)
            biases = sgd_step(biases, db, learning_rate)
    return weights, biases


# Right answers in unusual clothes


@right("central_difference", "signed sum")
def _(f, x, h=1e-5):
    return sum(side * f(x + side * h) for side in (1, -1)) / (2 * h)


@right("chain_derivative", "accumulate the values, multiply the slopes")
def _(functions, derivatives, x):
    values = itertools.accumulate(functions, lambda y, f: f(y), initial=x)
    return math.prod(df(y) for df, y in zip(derivatives, values))


@right("max_gate_backward", "sign of the difference")
def _(dy, a, b):
    towards_a = np.sign(np.subtract(a, b))
    return dy * (1 + towards_a) / 2, dy * (1 - towards_a) / 2


@right("fraction_backward", "quotient rule")
def _(x, y):
    s = 1 / (1 + np.exp(-x))
    u, v, ds = x + s, s + (x + y) ** 2, s - s**2
    return u / v, ((1 + ds) * v - u * (ds + 2 * x + 2 * y)) / v**2, -2 * u * (x + y) / v**2


@right("topological_order", "graphlib, whose CycleError is a ValueError")
def _(parents):
    return list(graphlib.TopologicalSorter(parents).static_order())


@right("backpropagate", "asks each node's children, with a cache")
def _(parents, local_derivatives, output):
    children = {node: [] for node in parents}
    for child, above in parents.items():
        for parent in above:
            children[parent].append(child)

    @functools.cache
    def gradient(node):
        own = 1.0 if node == output else 0.0
        return own + sum(gradient(c) * local_derivatives[c, node] for c in children[node])

    return {node: gradient(node) for node in parents}


@right("numerical_jacobian", "stack over the rows of an identity")
def _(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))], axis=-1)


@right("numerical_hessian", "four corners, itertools")
def _(f, x, h=1e-4):
    steps = h * np.eye(len(x))
    H = [
        sum(s * t * f(x + s * e + t * g) for s, t in itertools.product((1, -1), repeat=2))
        for e, g in itertools.product(steps, repeat=2)
    ]
    return np.reshape(H, (len(x), len(x))) / (4 * h * h)


@right("linear_jacobian_W", "einsum with an identity")
def _(h, W, b):
    return np.einsum("i,jk->jik", h, np.identity(W.shape[1]))


@right("relu_backward", "half a slope at zero, by sign")
def _(dy, z):
    return np.multiply(dy, (1 + np.sign(z)) / 2)


@right("is_subgradient", "not any, einsum, relative slack")
def _(v, f, x0, points):
    rise = np.array([f(x) for x in points]) - f(x0)
    run = np.einsum("pd,d->p", points - x0, v)
    slack = 1e-12 * (1 + abs(f(x0)) + np.abs(rise) + np.abs(points - x0) @ np.abs(v))
    return not any(run - rise > slack)


@right("max_backward", "ties share evenly")
def _(dy, z):
    winners = z == z.max(axis=-1, keepdims=True)
    return np.expand_dims(dy, -1) * winners / winners.sum(axis=-1, keepdims=True)


@right("max_pool_backward", "lists and plain loops, last winner")
def _(dy, z, size, stride):
    rows, upstream = np.reshape(z, (-1, z.shape[-1])), np.reshape(dy, (-1, dy.shape[-1]))
    out = []
    for row, gradient in zip(rows.tolist(), upstream.tolist()):
        sums = [0.0] * len(row)
        for k, g in enumerate(gradient):
            places = range(k * stride, k * stride + size)
            sums[max(places, key=lambda i: (row[i], i))] += g
        out.append(sums)
    return np.reshape(out, z.shape)


@right("softplus_backward", "through the logarithm")
def _(dy, z):
    return dy * np.exp(-np.logaddexp(0, -z))


@right("softmax", "logaddexp.reduce")
def _(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


@right("softmax_backward", "a Jacobian for each row, einsum")
def _(dy, y):
    J = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - np.einsum("...i,...j->...ij", y, y)
    return np.einsum("...i,...ij->...j", dy, J)


@right("cross_entropy_backward", "np.where on an outer comparison")
def _(p, labels):
    here = np.equal.outer(labels, range(p.shape[1]))
    return -np.where(here, 1 / np.where(here, p, 1), 0) / len(p)


@right("broadcast_backward", "bincount of the places that were copied")
def _(dy, shape):
    size = int(np.prod(shape))
    place = np.broadcast_to(np.arange(size).reshape(shape), np.shape(dy))
    return np.bincount(place.ravel(), weights=np.ravel(dy), minlength=size).reshape(shape)


@right("mlp_forward", "itertools.accumulate, last layer by hand")
def _(x, weights, biases):
    hidden = zip(weights[:-1], biases[:-1])
    kept = list(itertools.accumulate(hidden, lambda y, layer: (y @ layer[0] + layer[1]).clip(min=0), initial=x))
    return [*kept, kept[-1] @ weights[-1] + biases[-1]]


@right("loss_and_gradients", "recursion, one-hot by comparison")
def _(weights, biases, x, labels):
    def back(y, layers):
        """(gradient at y, gradients of the layers, loss)"""
        (W, b), *rest = layers
        z = y @ W + b
        if rest:
            dy, gradients, loss = back(np.where(z > 0, z, 0), rest)
            dz = np.where(z > 0, dy, 0)
        else:
            logp = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
            target = labels[:, None] == np.arange(z.shape[1])
            dz, gradients, loss = (np.exp(logp) - target) / len(z), [], -logp[target].mean()
        return dz @ W.T, [(y.T @ dz, dz.sum(axis=0)), *gradients], loss

    _, gradients, loss = back(x, list(zip(weights, biases)))
    return loss, [dW for dW, _ in gradients], [db for _, db in gradients]


assert sum(map(len, WRONG.values())) == 84 and sum(map(len, RIGHT.values())) == 20

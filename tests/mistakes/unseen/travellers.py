"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 77 under an expected name, 64 under the best of them, none astray, 1 with nothing more said than
`wrong-value`; all 20 right ones passed. By now they were looked at. `ASTRAY`
holds the names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
import graphlib
import itertools
import math
from collections import defaultdict

import numpy as np

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(ex, label):
    def deco(fn):
        RIGHT.setdefault(ex, []).append((label, fn)); return fn
    return deco


def wrong(ex, label, *slugs, astray=()):
    assert 1 <= len(slugs) <= 4 and not set(slugs) & set(astray), (ex, label)
    def deco(fn):
        WRONG.setdefault(ex, []).append((label, fn, tuple(slugs)))
        if astray:
            ASTRAY[ex, label] = set(astray)
        return fn
    return deco


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))


def sigma(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = activations[-1] @ W + b
        last = layer == len(weights) - 1
        activations.append(z if last else np.maximum(z, 0))
    return activations


# ---------------------------------------------------------------- 01 chain rule

@wrong("central_difference", "/ 2*h without brackets", "constant-factor", "wrong-value",
       astray=("numerical-differentiation", "forgot-chain", "unused-parameter", "wrong-variable", "lost-precision"))
def _(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h

@wrong("central_difference", "own eps in the body, h unused", "unused-parameter", "wrong-value",
       astray=("constant-factor", "missing-upstream", "wrong-sign", "wrong-variable"))
def _(f, x, h=1e-5):
    eps = 1e-4
    return (f(x + eps) - f(x - eps)) / (2 * eps)

@wrong("exp_sin_square_derivative", "outer function at the inner derivative", "wrong-variable", "forgot-chain", "wrong-local-derivative",
       astray=("constant-factor", "wrong-sign", "forward-instead-of-backward", "numerical-differentiation"))
def _(x):
    inner = np.cos(x ** 2) * 2 * x
    return np.exp(inner)

@wrong("chain_derivative", "loop stops before the last function", "forgot-chain", "dropped-path", "wrong-value",
       astray=("wrong-order", "wrong-variable", "overwritten-gradient", "first-row-only"))
def _(functions, derivatives, x):
    slope = 1.0
    for k in range(len(functions) - 1):
        slope = slope * derivatives[k](x)
        x = functions[k](x)
    return slope

@wrong("distributed_derivative", "np.mean of the paths", "averaged-not-summed", "constant-factor",
       astray=("dropped-path", "forgot-chain", "overwritten-gradient", "wrong-variable"))
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    partials = np.array(f_partials(z))
    slopes = np.array([d(x) for d in inner_derivatives])
    return np.mean(partials * slopes)

@wrong("distributed_derivative", "sum times sum", "wrong-value", "wrong-local-derivative", "matrix-product-for-elementwise",
       astray=("dropped-path", "overwritten-gradient", "forgot-chain", "wrong-variable", "constant-factor"))
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return sum(f_partials(z)) * sum(d(x) for d in inner_derivatives)

@wrong("partial_and_total", "dy_dx taken at y(x)", "wrong-variable", "wrong-value",
       astray=("dropped-path", "forgot-chain", "swapped-inputs", "wrong-sign"))
def _(df_dx, df_dy, y, dy_dx, x):
    yx = y(x)
    partial = df_dx(x, yx)
    return partial, partial + df_dy(x, yx) * dy_dx(yx)

@wrong("partial_and_total", "total first", "swapped-inputs", "wrong-order",
       astray=("dropped-path", "forgot-chain", "wrong-variable", "double-counted-tie"))
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    total = partial + df_dy(x, y(x)) * dy_dx(x)
    return total, partial

@wrong("squared_error_node_gradients", "2 * x*y + z - t without brackets", "wrong-local-derivative", "wrong-value",
       astray=("swapped-inputs", "wrong-sign", "forgot-chain", "constant-factor", "missing-upstream"))
def _(x, y, z, t):
    df = 2 * x * y + z - t
    return df * y, df * x, df


# ---------------------------------------------------------------- 02 graphs

@wrong("add_gate_backward", "distributes, so half each", "constant-factor", "wrong-local-derivative",
       astray=("averaged-twice", "wrong-mask", "double-counted-tie", "missing-upstream", "passed-through"))
def _(dy, a, b):
    return dy / 2, dy / 2

@wrong("multiply_gate_backward", "dy *= b first", "mutated-input", "wrong-local-derivative", "wrong-value",
       astray=("swapped-inputs", "missing-upstream", "passed-through", "constant-factor"))
def _(dy, a, b):
    dy *= b
    da = dy
    db = dy * a
    return da, db

@wrong("max_gate_backward", "strict on both sides", "wrong-mask", "dropped-path",
       astray=("double-counted-tie", "swapped-inputs", "missing-upstream", "value-instead-of-mask", "truth-of-an-array"))
def _(dy, a, b):
    da = np.where(a > b, dy, 0.0)
    db = np.where(b > a, dy, 0.0)
    return da, db

@wrong("sigmoid_neuron_backward", "bias is a constant, gradient 0", "dropped-path", "wrong-local-derivative", "wrong-value",
       astray=("wrong-sign", "forgot-chain", "wrong-variable", "wrong-shape", "swapped-inputs"))
def _(w, x):
    f = sigma(w[0] * x[0] + w[1] * x[1] + w[2])
    dz = f * (1 - f)
    dw = np.array([dz * x[0], dz * x[1], 0.0])
    dx = np.array([dz * w[0], dz * w[1]])
    return f, dw, dx

@wrong("softplus_graph_backward", "from the input to the output", "swapped-inputs", "wrong-order",
       astray=("forgot-chain", "wrong-variable", "wrong-sign", "constant-factor"))
def _(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    da = 1 / a
    db = da
    dx = db * b
    return y, dx, db, da

@wrong("fraction_backward", "dr = where += belongs", "overwritten-gradient", "dropped-path",
       astray=("wrong-sign", "swapped-inputs", "constant-factor", "missing-upstream"))
def _(x, y):
    r = 1 / (1 + np.exp(-x))
    s = x + y
    q = s ** 2
    top = x + r
    bottom = r + q
    z = top / bottom
    dtop = 1 / bottom
    dbottom = -top / bottom ** 2
    dx = dtop
    dr = dtop
    dr = dbottom
    ds = dbottom * 2 * s
    dx += ds
    dx += dr * r * (1 - r)
    return z, dx, ds

@wrong("topological_order", "depth first, no look for cycles", "wrong-value", "wrong-order",
       astray=("raised-error", "not-implemented", "wrong-type", "mutated-input"))
def _(parents):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for p in parents[node]:
            visit(p)
        order.append(node)

    for node in parents:
        visit(node)
    return order


def topological_order(parents):
    return list(graphlib.TopologicalSorter(parents).static_order())


@wrong("backpropagate", "1 at the last node of the order", "unused-parameter", "wrong-value",
       astray=("overwritten-gradient", "forgot-chain", "missing-upstream", "wrong-sign"))
def _(parents, local_derivatives, output):
    order = topological_order(parents)
    grads = {node: 0.0 for node in order}
    grads[order[-1]] = 1.0
    for v in reversed(order):
        for u in parents[v]:
            grads[u] += grads[v] * local_derivatives[v, u]
    return grads

@wrong("backpropagate", "nodes that do not reach the output left out", "wrong-type", "wrong-shape", "wrong-value",
       astray=("overwritten-gradient", "forgot-chain", "missing-upstream", "wrong-order", "unused-parameter"))
def _(parents, local_derivatives, output):
    grads = defaultdict(float)
    grads[output] = 1.0
    for v in reversed(topological_order(parents)):
        if v in grads:
            for u in parents[v]:
                grads[u] += grads[v] * local_derivatives[v, u]
    return dict(grads)


# ---------------------------------------------------------------- 03 Jacobians

@wrong("numerical_jacobian", "copies keep the integer type", "integer-truncation", "wrong-value",
       astray=("transposed", "mutated-input", "constant-factor", "missing-upstream"))
def _(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j] += h
        down[j] -= h
        columns.append((f(up) - f(down)) / (2 * h))
    return np.stack(columns, axis=1)

@wrong("numerical_jacobian", "moves x and never puts it back", "mutated-input", "stale-state", "wrong-value",
       astray=("transposed", "wrong-sign", "unused-parameter", "constant-factor"))
def _(f, x, h=1e-5):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        x[j] = x[j] + h
        f_plus = f(x)
        x[j] = x[j] - 2 * h
        f_minus = f(x)
        J[:, j] = (f_plus - f_minus) / (2 * h)
    return J

@wrong("linear_jacobian_h", "slope times h", "wrong-local-derivative", "wrong-value",
       astray=("transposed", "missing-transpose", "forgot-chain", "wrong-shape", "forward-instead-of-backward"))
def _(h, W, b):
    return W.T * h

@wrong("linear_jacobian_b", "b on the diagonal", "wrong-local-derivative", "value-instead-of-mask", "wrong-variable",
       astray=("transposed", "wrong-shape", "wrong-sign", "diagonal-jacobian", "constant-factor"))
def _(h, W, b):
    return np.diag(b)

@wrong("linear_jacobian_W", "delta forgotten: h in every column", "wrong-mask", "wrong-value",
       astray=("transposed", "wrong-shape", "wrong-local-derivative", "wrong-sign", "unsummed-axis"))
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j] = h[:, None]
    return J

@wrong("linear_vjp_h", "W.T @ da", "missing-transpose", "transposed", "wrong-order", "raised-error",
       astray=("unsummed-axis", "wrong-sign", "missing-upstream", "matrix-product-for-elementwise"))
def _(da, h, W, b):
    return W.T @ da

@wrong("linear_vjp_W", "column times column", "missing-transpose", "raised-error", "wrong-shape",
       astray=("transposed", "swapped-inputs", "unsummed-axis", "missing-upstream"))
def _(da, h, W, b):
    h = h.reshape(-1, 1)
    da = da.reshape(-1, 1)
    return h @ da

@wrong("linear_vjp_b", "da.sum()", "wrong-shape", "wrong-type", "wrong-axis",
       astray=("unsummed-axis", "averaged-not-summed", "extra-axis", "missing-upstream"))
def _(da, h, W, b):
    return da.sum()

@wrong("chain_jacobians", "* for @", "matrix-product-for-elementwise", "raised-error",
       astray=("wrong-order", "transposed", "missing-transpose", "dropped-path"))
def _(jacobians):
    J = jacobians[0]
    for K in jacobians[1:]:
        J = K * J
    return J

@wrong("chain_jacobians", "turns the caller's list round", "mutated-input", "stale-state",
       astray=("transposed", "matrix-product-for-elementwise", "dropped-path", "forgot-chain"))
def _(jacobians):
    jacobians.reverse()
    J = jacobians[0]
    for K in jacobians[1:]:
        J = J @ K
    return J

@wrong("elementwise_vjp", "slope at dy", "wrong-variable", "unused-parameter", "wrong-local-derivative",
       astray=("missing-upstream", "wrong-sign", "constant-factor", "value-instead-of-mask"))
def _(dy, derivative, z):
    return dy * derivative(dy)

@wrong("jacobian_from_vjp", "unit vector not reset", "first-row-only", "wrong-value",
       astray=("transposed", "wrong-shape", "stale-state", "mutated-input", "integer-truncation"))
def _(vjp, x, output_size):
    e = np.zeros(output_size)
    rows = []
    for i in range(output_size):
        e[i] = 1.0
        rows.append(vjp(e))
    return np.array(rows)

@wrong("squared_distance_backward", "absolute value of the difference", "wrong-local-derivative", "wrong-sign", "wrong-value",
       astray=("constant-factor", "averaged-twice", "swapped-inputs", "missing-upstream"))
def _(x, h):
    return 2 * np.abs(x - h)

@wrong("network_vjp", "dW2 from z", "wrong-variable", "wrong-local-derivative",
       astray=("transposed", "missing-upstream", "forgot-chain", "swapped-inputs", "value-instead-of-mask"))
def _(dy, x, W1, b1, W2, b2):
    z = x @ W1 + b1
    h = sigma(z)
    dW2 = np.outer(z, dy)
    dh = W2 @ dy
    dz = dh * h * (1 - h)
    return W1 @ dz, np.outer(x, dz), dz, dW2, dy

@wrong("network_vjp", "rows made into batches of one, dx keeps the axis", "extra-axis", "wrong-shape",
       astray=("transposed", "forgot-chain", "wrong-variable", "unsummed-axis", "missing-transpose"))
def _(dy, x, W1, b1, W2, b2):
    x, dy = x[None, :], dy[None, :]
    h = sigma(x @ W1 + b1)
    dz = (dy @ W2.T) * h * (1 - h)
    return dz @ W1.T, x.T @ dz, dz.sum(axis=0), h.T @ dy, dy.sum(axis=0)

@wrong("numerical_hessian", "second differences on the diagonal only", "diagonal-jacobian", "dropped-path", "wrong-value",
       astray=("constant-factor", "wrong-sign", "wrong-shape", "transposed", "integer-truncation"))
def _(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        e = np.zeros(D)
        e[i] = h
        H[i, i] = (f(x + e) - 2 * f(x) + f(x - e)) / h ** 2
    return H


# ---------------------------------------------------------------- 04 activations

@wrong("linear_composition", "bias through the whole product", "wrong-variable", "wrong-order", "raised-error", "wrong-value",
       astray=("mutated-input", "dropped-path", "transposed", "unsummed-axis"))
def _(weights, biases):
    W, b = weights[0], biases[0]
    for k in range(1, len(weights)):
        W = W @ weights[k]
        b = b @ W + biases[k]
    return W, b

@wrong("sigmoid_backward", "dy only on the first term", "wrong-local-derivative", "wrong-value",
       astray=("wrong-variable", "wrong-sign", "constant-factor", "integer-truncation"))
def _(dy, y):
    return dy * y - y ** 2

@wrong("tanh_backward", "(1 - y)**2", "wrong-local-derivative", "wrong-value",
       astray=("wrong-variable", "missing-upstream", "wrong-sign", "constant-factor", "forgot-chain"))
def _(dy, y):
    return dy * (1 - y) ** 2

@wrong("softplus_backward", "exp(-|z|) on both sides", "wrong-local-derivative", "wrong-variable", "wrong-value",
       astray=("not-finite", "missing-upstream", "constant-factor", "value-instead-of-mask", "wrong-sign"))
def _(dy, z):
    return dy / (1 + np.exp(-np.abs(z)))

@wrong("relu_backward", "mask from dy", "wrong-mask", "unused-parameter",
       astray=("missing-upstream", "value-instead-of-mask", "mutated-input", "passed-through", "wrong-sign"))
def _(dy, z):
    return dy * (dy > 0)

@wrong("relu_subdifferential", "largest first", "swapped-inputs", "wrong-order",
       astray=("wrong-type", "wrong-sign", "integer-truncation", "wrong-shape"))
def _(z):
    low = np.where(np.asarray(z) > 0, 1.0, 0.0)
    high = np.where(np.asarray(z) >= 0, 1.0, 0.0)
    return high, low

@wrong("relu_subdifferential", "np.isclose(z, 0)", "lost-precision", "wrong-mask",
       astray=("swapped-inputs", "wrong-sign", "wrong-type", "integer-truncation"))
def _(z):
    kink = np.isclose(z, 0)
    low = np.where(kink, 0.0, np.where(np.asarray(z) > 0, 1.0, 0.0))
    high = np.where(kink, 1.0, low)
    return low, high

@wrong("is_subgradient", "any for all", "wrong-value", "wrong-mask",
       astray=("wrong-sign", "lost-precision", "truth-of-an-array", "wrong-type", "unused-parameter"))
def _(v, f, x0, points):
    gaps = [f(x) - f(x0) - v @ (x - x0) for x in points]
    return bool(np.any(np.array(gaps) >= -1e-9))

@wrong("leaky_relu_backward", "alpha * z on the left", "value-instead-of-mask", "missing-upstream", "wrong-local-derivative",
       astray=("unused-parameter", "wrong-sign", "wrong-mask", "double-counted-tie", "mutated-input"))
def _(dy, z, alpha):
    return np.where(z > 0, dy, alpha * z)

@wrong("elu_backward", "if z > 0 in a helper", "truth-of-an-array", "raised-error",
       astray=("missing-upstream", "unused-parameter", "not-finite", "wrong-sign", "wrong-mask"))
def _(dy, z, alpha):
    def slope(t):
        if t > 0:
            return 1.0
        return alpha * np.exp(t)
    return dy * slope(z)

@wrong("prelu_backward", "dalpha without dy", "missing-upstream", "wrong-value",
       astray=("unsummed-axis", "wrong-mask", "wrong-shape", "swapped-inputs", "wrong-sign"))
def _(dy, z, alpha):
    dz = np.where(z > 0, dy, alpha * dy)
    dalpha = np.sum(np.minimum(z, 0))
    return dz, dalpha

@wrong("rrelu_backward", "sides exchanged", "wrong-mask", "wrong-local-derivative", "wrong-value",
       astray=("missing-upstream", "unused-parameter", "wrong-sign", "value-instead-of-mask"))
def _(dy, z, slopes):
    return np.where(z > 0, slopes, 1.0) * dy

@wrong("maxout_backward", "dx = in the loop", "overwritten-gradient", "dropped-path",
       astray=("wrong-mask", "transposed", "unsummed-axis", "missing-upstream"))
def _(dy, x, W, b):
    z = np.array([x @ W[k] + b[k] for k in range(len(W))])
    winner = z.argmax(axis=0)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        dz = dy * (winner == k)
        dx = dz @ W[k].T
        dW[k] = x.T @ dz
        db[k] = dz.sum(axis=0)
    return dx, dW, db

@wrong("maxout_backward", "the winner without b", "wrong-mask", "unused-parameter",
       astray=("overwritten-gradient", "transposed", "unsummed-axis", "missing-upstream"))
def _(dy, x, W, b):
    winner = np.array([x @ Wk for Wk in W]).argmax(axis=0)
    dx = np.zeros(x.shape)
    dW, db = [], []
    for k, Wk in enumerate(W):
        dz = np.where(winner == k, dy, 0)
        dx += dz @ Wk.T
        dW.append(x.T @ dz)
        db.append(dz.sum(axis=0))
    return dx, np.array(dW), np.array(db)

@wrong("max_backward", "dz[..., argmax] takes whole columns", "wrong-mask", "raised-error", "wrong-value",
       astray=("double-counted-tie", "missing-upstream", "value-instead-of-mask", "mutated-input"))
def _(dy, z):
    dz = np.zeros(z.shape)
    dz[..., z.argmax(axis=-1)] = np.asarray(dy)[..., None]
    return dz

@wrong("max_backward", "one maximum for the whole array", "wrong-axis", "wrong-mask",
       astray=("double-counted-tie", "missing-upstream", "value-instead-of-mask", "wrong-shape"))
def _(dy, z):
    top = (z == z.max(keepdims=True)).astype(float)
    top /= top.sum()
    return np.expand_dims(dy, -1) * top

@wrong("max_pool_backward", "window k starts at k * size", "unused-parameter", "raised-error", "wrong-value",
       astray=("overwritten-gradient", "double-counted-tie", "missing-upstream", "value-instead-of-mask"))
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for row in np.ndindex(z.shape[:-1]):
        for k in range(dy.shape[-1]):
            start = k * size
            i = start + z[row][start:start + size].argmax()
            dz[row + (i,)] += dy[row + (k,)]
    return dz

@wrong("max_pool_backward", "place in the window, start not added", "wrong-mask", "wrong-value",
       astray=("overwritten-gradient", "double-counted-tie", "unused-parameter", "missing-upstream"))
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for row in np.ndindex(z.shape[:-1]):
        for k in range(dy.shape[-1]):
            window = z[row][k * stride:k * stride + size]
            i = np.argmax(window)
            dz[row][i] += dy[row][k]
    return dz


# ---------------------------------------------------------------- 05 softmax and losses

@wrong("softmax", "one shift for the whole batch", "wrong-axis", "not-finite",
       astray=("wrong-sign", "transposed", "lost-precision", "unsummed-axis"))
def _(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)

@wrong("softmax", "logits clipped at 500", "lost-precision", "wrong-value",
       astray=("wrong-axis", "not-finite", "wrong-sign", "mutated-input"))
def _(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=-1, keepdims=True)

@wrong("log_softmax", "log(p + 1e-12)", "lost-precision", "wrong-value",
       astray=("wrong-axis", "not-finite", "wrong-sign", "wrong-variable"))
def _(z):
    return np.log(softmax(z) + 1e-12)

@wrong("softmax_jacobian", "sigmoid's diagonal less the outer product", "wrong-local-derivative", "wrong-value",
       astray=("diagonal-jacobian", "transposed", "dropped-path", "wrong-sign", "wrong-variable"))
def _(y):
    return np.diag(y * (1 - y)) - np.outer(y, y)

@wrong("softmax_backward", "plain mean for the weighted one", "averaged-not-summed", "wrong-local-derivative",
       astray=("diagonal-jacobian", "dropped-path", "wrong-axis", "missing-upstream", "extra-axis"))
def _(dy, y):
    average = (dy * y).mean(axis=-1, keepdims=True)
    return y * (dy - average)

@wrong("softmax_backward", "sum of dy without the weights y", "wrong-local-derivative", "wrong-value",
       astray=("diagonal-jacobian", "wrong-axis", "missing-upstream", "constant-factor", "averaged-not-summed"))
def _(dy, y):
    return y * (dy - dy.sum(axis=-1, keepdims=True))

@wrong("log_softmax_backward", "y where exp(y) belongs", "wrong-variable", "wrong-local-derivative",
       astray=("diagonal-jacobian", "wrong-axis", "missing-upstream", "dropped-path", "wrong-sign"))
def _(dy, y):
    return dy - y * np.sum(dy, axis=-1, keepdims=True)

@wrong("squared_error_backward", "the same for both", "wrong-sign", "swapped-inputs",
       astray=("constant-factor", "averaged-twice", "missing-upstream", "forgot-chain"))
def _(f, y):
    error = f - y
    return error, error

@wrong("kl_divergence_backward", "derivative for d", "wrong-variable", "not-finite", "wrong-local-derivative", "wrong-value",
       astray=("wrong-sign", "not-averaged", "constant-factor", "dropped-path", "forward-instead-of-backward"))
def _(y, d):
    return np.log(d / y) + 1

@wrong("cross_entropy_backward", "every class, labels unused", "wrong-mask", "unused-parameter",
       astray=("not-averaged", "wrong-sign", "wrong-local-derivative", "missing-upstream", "constant-factor"))
def _(p, labels):
    return -1 / p / len(p)

@wrong("sigmoid_mse_backward", "divided by the number of entries", "averaged-twice", "averaged-not-summed", "constant-factor",
       astray=("forgot-chain", "wrong-variable", "wrong-sign", "not-averaged"))
def _(z, d):
    s = sigmoid(z)
    return (s - d) * s * (1 - s) / np.size(z)

@wrong("sigmoid_cross_entropy_backward", "stops at dL/dp", "forgot-chain", "not-finite",
       astray=("wrong-sign", "wrong-variable", "constant-factor", "not-averaged"))
def _(z, d):
    p = sigmoid(z)
    return -d / p + (1 - d) / (1 - p)

@wrong("sigmoid_cross_entropy_backward", "1e-7 in the denominator", "lost-precision", "wrong-value",
       astray=("forgot-chain", "wrong-sign", "not-finite", "wrong-variable", "constant-factor"))
def _(z, d):
    p = sigmoid(z)
    dp = (p - d) / (p * (1 - p) + 1e-7)
    return dp * p * (1 - p)

@wrong("softmax_cross_entropy_backward", "divided by the classes", "wrong-axis", "constant-factor", "not-averaged",
       astray=("wrong-sign", "averaged-twice", "wrong-mask", "missing-upstream"))
def _(z, labels):
    N, C = z.shape
    dz = softmax(z)
    dz[np.arange(N), labels] -= 1
    return dz / C

@wrong("softmax_cross_entropy_backward", "p[:, labels] -= 1", "wrong-mask", "wrong-value",
       astray=("not-averaged", "averaged-twice", "wrong-sign", "constant-factor", "wrong-axis"))
def _(z, labels):
    p = softmax(z)
    p[:, labels] -= 1
    return p / len(labels)


# ---------------------------------------------------------------- 06 backpropagation

@wrong("extended_layer_backward", "last row of w cut off, not the first", "wrong-local-derivative", "wrong-variable", "wrong-value",
       astray=("transposed", "missing-upstream", "unsummed-axis", "wrong-sign", "wrong-shape"))
def _(dz, y_prev, w):
    dw = np.outer(np.concatenate([[1.0], y_prev]), dz)
    dy_prev = w[:-1] @ dz
    return dy_prev, dw

@wrong("linear_backward", "dW averaged over the batch", "averaged-not-summed", "averaged-twice", "constant-factor",
       astray=("transposed", "not-averaged", "wrong-axis", "missing-transpose", "unsummed-axis"))
def _(dz, x, W):
    N = x.shape[0]
    return dz @ W.T, x.T @ dz / N, dz.sum(axis=0)

@wrong("broadcast_backward", "axes of length 1 forgotten", "unsummed-axis", "wrong-shape",
       astray=("averaged-not-summed", "transposed", "extra-axis", "wrong-axis"))
def _(dy, shape):
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    return dy

@wrong("mlp_forward", "x not in the list", "wrong-type", "wrong-shape", "dropped-path",
       astray=("wrong-order", "wrong-mask", "transposed", "mutated-input"))
def _(x, weights, biases):
    outputs = []
    y = x
    for k in range(len(weights)):
        y = y @ weights[k] + biases[k]
        if k < len(weights) - 1:
            y = np.maximum(y, 0)
        outputs.append(y)
    return outputs

@wrong("mlp_forward", "keeps z, not relu(z)", "wrong-variable", "wrong-value",
       astray=("wrong-order", "transposed", "wrong-sign", "mutated-input", "wrong-type"))
def _(x, weights, biases):
    kept = [x]
    y = x
    for W, b in zip(weights, biases):
        z = y @ W + b
        kept.append(z)
        y = np.maximum(0, z)
    return kept

@wrong("mlp_backward", "masks the output layer as well", "wrong-mask", "wrong-value",
       astray=("wrong-order", "forgot-chain", "transposed", "unsummed-axis", "swapped-inputs"))
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dy = dy * (activations[k + 1] > 0)
        dweights.insert(0, activations[k].T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = dy @ weights[k].T
    return dy, dweights, dbiases

@wrong("mlp_backward", "lists last layer first", "wrong-order", "swapped-inputs",
       astray=("wrong-mask", "transposed", "forgot-chain", "unsummed-axis"))
def _(dy, activations, weights):
    dweights, dbiases = [], []
    dz = dy
    for k in range(len(weights) - 1, -1, -1):
        dweights.append(activations[k].T @ dz)
        dbiases.append(np.sum(dz, axis=0))
        dx = dz @ weights[k].T
        dz = dx * (activations[k] > 0)
    return dx, dweights, dbiases

@wrong("activation_memory", "the output counted, the input not", "wrong-value", "dropped-path",
       astray=("unused-parameter", "constant-factor", "wrong-type", "integer-truncation"))
def _(batch, widths, itemsize=8):
    return batch * sum(widths[1:]) * itemsize

@wrong("multiply_backward", "b twice (copied line)", "unused-parameter", "swapped-inputs", "wrong-local-derivative",
       astray=("missing-upstream", "matrix-product-for-elementwise", "wrong-sign", "passed-through"))
def _(dy, a, b):
    da = dy * b
    db = dy * b
    return da, db

@wrong("pairwise_product_backward", "halves joined, not interleaved", "wrong-order", "wrong-value",
       astray=("swapped-inputs", "missing-upstream", "integer-truncation", "transposed", "wrong-sign"))
def _(dy, z):
    first, second = z[..., 0::2], z[..., 1::2]
    return np.concatenate([dy * second, dy * first], axis=-1)

@wrong("gated_unit_backward", "activations only, product forgotten", "forgot-chain", "wrong-local-derivative", "dropped-path",
       astray=("swapped-inputs", "wrong-variable", "missing-upstream", "wrong-sign"))
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c)
    dg = dy * s * (1 - s)
    dc = dy * (1 - t ** 2)
    return dg, dc

@wrong("shared_weight_backward", "Jacobians on the left", "wrong-order", "missing-transpose", "transposed", "raised-error",
       astray=("dropped-path", "overwritten-gradient", "swapped-inputs", "matrix-product-for-elementwise"))
def _(dx3, jacobians):
    dx2 = jacobians["x3", "x2"] @ dx3
    dx1 = jacobians["x3", "x1"] @ dx3 + jacobians["x2", "x1"] @ dx2
    dw1 = jacobians["x3", "w1"] @ dx3 + jacobians["x1", "w1"] @ dx1
    dw2 = jacobians["x2", "w2"] @ dx2
    return dw1, dw2


# ---------------------------------------------------------------- 07 digits

@wrong("binary_loss_and_gradients", "loss of the twos only", "dropped-path", "not-finite", "wrong-value",
       astray=("not-averaged", "wrong-sign", "transposed", "averaged-twice"))
def _(w, b, x, d):
    p = sigmoid(x @ w + b)
    loss = -np.mean(d * np.log(p))
    error = (p - d) / len(d)
    return loss, x.T @ error, error.sum()

@wrong("sgd_step", "two for in one comprehension", "wrong-type", "raised-error", "broadcast-blow-up",
       astray=("mutated-input", "wrong-sign", "constant-factor", "unused-parameter"))
def _(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p in parameters for g in gradients]

@wrong("loss_and_gradients", "log of a probability that is 0", "not-finite", "lost-precision",
       astray=("wrong-axis", "not-averaged", "wrong-mask", "wrong-order"))
def _(weights, biases, x, labels):
    activations = forward(weights, biases, x)
    rows = np.arange(len(labels))
    p = softmax(activations[-1])
    loss = np.mean(-np.log(p[rows, labels]))
    dz = p.copy()
    dz[rows, labels] -= 1
    dz /= len(labels)
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (activations[k] > 0)
    return loss, dweights, dbiases

@wrong("loss_and_gradients", "no mask on the way back", "forgot-chain", "wrong-mask",
       astray=("not-averaged", "not-finite", "transposed", "wrong-order", "wrong-sign"))
def _(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    N = len(x)
    z = ys[-1] - ys[-1].max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), labels].mean()
    dz = (np.exp(log_p) - np.eye(log_p.shape[1])[labels]) / N
    dweights = [None] * len(weights)
    dbiases = [None] * len(weights)
    for k in reversed(range(len(weights))):
        dweights[k] = ys[k].T @ dz
        dbiases[k] = dz.sum(axis=0)
        dz = dz @ weights[k].T
    return loss, dweights, dbiases


def loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    N = len(x)
    z = ys[-1] - ys[-1].max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), labels].mean()
    dz = np.exp(log_p)
    dz[np.arange(N), labels] -= 1
    dz /= N
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, ys[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dweights, dbiases


def sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


@wrong("train", "images shuffled, labels not", "wrong-order", "wrong-value",
       astray=("not-implemented", "wrong-sign", "unused-parameter", "mutated-input", "wrong-shape"))
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(a, b)) * np.sqrt(2 / a) for a, b in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        x = rng.permutation(x)
        for start in range(0, len(x), batch_size):
            xb, lb = x[start:start + batch_size], labels[start:start + batch_size]
            loss, dW, db = loss_and_gradients(weights, biases, xb, lb)
            weights = sgd_step(weights, dW, learning_rate)
            biases = sgd_step(biases, db, learning_rate)
    return weights, biases


# ---------------------------------------------------------------- right ones

@right("central_difference", "signed sum of both neighbours")
def _(f, x, h=1e-5):
    return sum(s * f(x + s * h) for s in (1, -1)) / h / 2

@right("chain_derivative", "accumulate the values, prod of the slopes")
def _(functions, derivatives, x):
    values = itertools.accumulate(functions, lambda y, f: f(y), initial=x)
    return math.prod(d(y) for d, y in zip(derivatives, values))

@right("partial_and_total", "dot product with (1, dy/dx)")
def _(df_dx, df_dy, y, dy_dx, x):
    gradient = [g(x, y(x)) for g in (df_dx, df_dy)]
    return gradient[0], np.dot(gradient, [1, dy_dx(x)])

@right("max_gate_backward", "sign of the difference, half each at a tie")
def _(dy, a, b):
    s = np.sign(np.subtract(a, b, dtype=float))
    return dy * (1 + s) / 2, dy * (1 - s) / 2

@right("fraction_backward", "quotient rule in one go")
def _(x, y):
    s = sigmoid(x)
    ds = s * sigmoid(-x)
    n, m = x + s, s + (x + y) ** 2
    return n / m, ((1 + ds) * m - n * (ds + 2 * (x + y))) / m ** 2, -2 * n * (x + y) / m ** 2

@right("topological_order", "graphlib")
def _(parents):
    return [*graphlib.TopologicalSorter(parents).static_order()]

@right("numerical_jacobian", "comprehension over the rows of the identity, then .T")
def _(f, x, h=1e-5):
    return np.array([(f(x + h * e) - f(x - h * e)) / h for e in np.eye(len(x))]).T * 0.5

@right("linear_jacobian_W", "einsum with the identity")
def _(h, W, b):
    return np.einsum("a,jk->jak", h, np.identity(W.shape[1]))

@right("jacobian_from_vjp", "apply_along_axis")
def _(vjp, x, output_size):
    return np.apply_along_axis(vjp, 1, np.identity(output_size))

@right("relu_subdifferential", "heaviside twice")
def _(z):
    return np.heaviside(z, 0), np.heaviside(z, 1)

@right("max_pool_backward", "windows of places and np.add.at")
def _(dy, z, size, stride):
    out = np.zeros((int(np.prod(z.shape[:-1])), z.shape[-1]))
    flat, g = z.reshape(out.shape), dy.reshape(len(out), -1)
    for k in range(g.shape[1]):
        best = k * stride + flat[:, k * stride:k * stride + size].argmax(axis=1)
        np.add.at(out, (np.arange(len(out)), best), g[:, k])
    return out.reshape(z.shape)

@right("maxout_backward", "one-hot winners and einsum")
def _(dy, x, W, b):
    z = np.einsum("nd,kdm->nmk", x, W) + np.transpose(b)
    dz = np.eye(len(W))[z.argmax(-1)] * dy[..., None]
    return np.einsum("nmk,kdm->nd", dz, W), np.einsum("nd,nmk->kdm", x, dz), dz.sum(0).T

@right("elu_backward", "one product, no where")
def _(dy, z, alpha):
    left = z < 0
    return dy * np.exp(z * left) * (1 + left * (alpha - 1.0))

@right("softmax_backward", "batched Jacobians, matmul")
def _(dy, y):
    J = y[..., :, None] * (np.eye(y.shape[-1]) - y[..., None, :])
    return (dy[..., None, :] @ J)[..., 0, :]

@right("log_softmax", "logaddexp.reduce")
def _(z):
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)

@right("sigmoid_mse_backward", "all in tanh(z/2)")
def _(z, d):
    t = np.tanh(np.asarray(z) / 2)
    return ((1 + t) / 2 - d) * (1 + t) * (1 - t) / 4

@right("sigmoid_cross_entropy_backward", "np.vectorize of a scalar function")
def _(z, d):
    def one(z, d):
        return 1 / (1 + np.exp(-z)) - d if z > 0 else np.exp(z) / (1 + np.exp(z)) - d
    return np.vectorize(one, otypes=[float])(z, d)

@right("broadcast_backward", "bincount over broadcast places")
def _(dy, shape):
    size = int(np.prod(shape))
    places = np.broadcast_to(np.arange(size).reshape(shape), dy.shape)
    return np.bincount(places.ravel(), weights=np.ravel(dy), minlength=size).reshape(shape)

@right("pairwise_product_backward", "repeat, and pairs turned round")
def _(dy, z):
    turned = z.reshape(*z.shape[:-1], -1, 2)[..., ::-1].reshape(z.shape)
    return np.repeat(dy, 2, axis=-1) * turned

@right("sgd_step", "loop with np.subtract")
def _(parameters, gradients, learning_rate):
    new = []
    for k in range(len(parameters)):
        new += [np.subtract(parameters[k], np.multiply(learning_rate, gradients[k]))]
    return new

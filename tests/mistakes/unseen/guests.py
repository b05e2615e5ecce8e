"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 79 under an expected name, 71 under the best of them, none astray, none with nothing more said than
`wrong-value`; all 20 right ones passed. By now they were looked at. `ASTRAY`
holds the names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
import graphlib
import itertools
import math
from functools import reduce

import numpy as np

from backprop_course import ops

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(ex, label):
    def deco(fn):
        RIGHT.setdefault(ex, []).append((label, fn)); return fn
    return deco


def wrong(ex, label, *names, astray=""):
    assert 2 <= len(names) <= 4, (ex, label)
    def deco(fn):
        WRONG.setdefault(ex, []).append((label, fn, names))
        assert (ex, label) not in ASTRAY and not set(astray.split()) & set(names), (ex, label)
        ASTRAY[ex, label] = set(astray.split()); return fn
    return deco


# helpers that the notebooks have
def sigma(z): return 1 / (1 + np.exp(-np.asarray(z, float)))
sigmoid = ops.sigmoid
def my_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)
def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = activations[-1] @ W + b
        activations.append(z if layer == len(weights) - 1 else np.maximum(z, 0))
    return activations
def my_order(parents): return list(graphlib.TopologicalSorter(parents).static_order())
def my_loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x); n = len(x)
    z = ys[-1] - ys[-1].max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(n), labels].mean()
    dz = np.exp(logp); dz[np.arange(n), labels] -= 1; dz /= n
    dws, dbs = [], []
    for k in reversed(range(len(weights))):
        dws.insert(0, ys[k].T @ dz); dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dws, dbs
def my_sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# ------------------------------------------------------------------ 01 chain rule
@wrong("central_difference", "/ 2 * h, no parentheses", "constant-factor", "wrong-value", astray="wrong-sign numerical-differentiation lost-precision")
def _(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h
@wrong("central_difference", "own step, h never read", "unused-parameter", "wrong-value", astray="constant-factor wrong-sign")
def _(f, x, h=1e-5):
    step = 0.001
    return (f(x + step) - f(x - step)) / (2 * step)

@wrong("exp_sin_square_derivative", "reads sin(x^2) as sin(x)^2", "wrong-local-derivative", "wrong-variable", "wrong-value", astray="forgot-chain constant-factor wrong-sign")
def _(x):
    inner = np.sin(x) ** 2
    return np.exp(inner) * 2 * np.sin(x) * np.cos(x)

@wrong("chain_derivative", "walks the lists from the back", "wrong-order", "wrong-variable", "wrong-value", astray="forgot-chain overwritten-gradient")
def _(functions, derivatives, x):
    slope = 1
    for f, df in zip(reversed(functions), reversed(derivatives)):
        slope *= df(x)
        x = f(x)
    return slope

@wrong("distributed_derivative", "partials at (x, ..., x)", "wrong-variable", "wrong-local-derivative", "wrong-value", astray="dropped-path overwritten-gradient forgot-chain")
def _(f_partials, inner, inner_derivatives, x):
    partials = f_partials(np.full(len(inner), x))
    total = 0
    for i in range(len(inner)):
        total += partials[i] * inner_derivatives[i](x)
    return total

@wrong("partial_and_total", "df_dy called with (y, x)", "wrong-variable", "wrong-local-derivative", "wrong-value", astray="dropped-path forgot-chain swapped-inputs")
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    return partial, partial + df_dy(y(x), x) * dy_dx(x)

@wrong("squared_error_node_gradients", "add treated as a product: dz = z df", "wrong-local-derivative", "wrong-value", astray="constant-factor missing-upstream wrong-sign")
def _(x, y, z, t):
    f = x * y + z
    df = 2 * (f - t)
    dg = df
    dz = df * z
    return dg * y, dg * x, dz


# ------------------------------------------------------------------ 02 graphs
@wrong("add_gate_backward", "shared out, half to each", "constant-factor", "wrong-local-derivative", astray="wrong-sign passed-through double-counted-tie")
def _(dy, a, b):
    return dy / 2, dy / 2

@wrong("multiply_gate_backward", "y / a and y / b", "not-finite", "raised-error", astray="swapped-inputs missing-upstream")
def _(dy, a, b):
    y = a * b
    return dy * y / a, dy * y / b

@wrong("max_gate_backward", "strict on both sides, a tie gets nothing", "wrong-mask", "dropped-path", astray="double-counted-tie value-instead-of-mask")
def _(dy, a, b):
    return np.where(a > b, dy, 0), np.where(b > a, dy, 0)
@wrong("max_gate_backward", "zeros_like(a) filled with dy", "integer-truncation", "wrong-value", astray="double-counted-tie wrong-mask")
def _(dy, a, b):
    dy, a, b = np.asarray(dy), np.asarray(a), np.asarray(b)
    da, db = np.zeros_like(a), np.zeros_like(b)
    da[a >= b] = dy[a >= b]
    db[a < b] = dy[a < b]
    return da, db

@wrong("sigmoid_neuron_backward", "bias gets w[2], not 1", "wrong-local-derivative", "wrong-variable", "swapped-inputs", "wrong-value", astray="missing-upstream wrong-shape wrong-sign")
def _(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    df = f * (1 - f)
    dw = np.array([df * x[0], df * x[1], df * w[2]])
    dx = np.array([df * w[0], df * w[1]])
    return f, dw, dx

@wrong("softplus_graph_backward", "returned from x back to a", "swapped-inputs", "wrong-order", astray="wrong-local-derivative forgot-chain")
def _(x):
    b = np.exp(x)
    a = 1 + b
    da = 1 / a
    db = da * 1
    dx = db * b
    return np.log(a), dx, db, da

@wrong("fraction_backward", "square's slope without what arrives", "missing-upstream", "forgot-chain", "wrong-value", astray="dropped-path swapped-inputs")
def _(x, y):
    s = 1 / (1 + math.exp(-x))
    top, r = x + s, x + y
    bottom = s + r ** 2
    z = top / bottom
    dtop = 1 / bottom
    dbottom = -top / bottom ** 2
    dr = 2 * r
    ds = dtop + dbottom
    return z, dtop + ds * s * (1 - s) + dr, dr

@wrong("topological_order", "node noted before its parents are visited", "wrong-order", "wrong-value", astray="dropped-path raised-error")
def _(parents):
    order, active = [], set()
    def visit(node):
        if node in active: raise ValueError("cycle")
        if node in order: return
        active.add(node)
        order.append(node)
        for parent in parents[node]: visit(parent)
        active.remove(node)
    for node in parents: visit(node)
    return order
@wrong("topological_order", "recursion without a guard against cycles", "raised-error", "wrong-value", astray="wrong-order stale-state")
def _(parents):
    order = []
    def place(node):
        for p in parents[node]:
            place(p)
        if node not in order:
            order.append(node)
    for node in parents:
        place(node)
    return order

@wrong("backpropagate", "reversed dictionary instead of a topological order", "wrong-order", "wrong-value", "dropped-path", astray="overwritten-gradient missing-upstream")
def _(parents, local_derivatives, output):
    grad = {node: 0.0 for node in parents}
    grad[output] = 1.0
    for node in reversed(list(parents)):
        for parent in parents[node]:
            grad[parent] += grad[node] * local_derivatives[node, parent]
    return grad


# ------------------------------------------------------------------ 03 Jacobians
@wrong("numerical_jacobian", "h added to a copy of an integer x", "integer-truncation", "wrong-value", astray="transposed mutated-input wrong-shape")
def _(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        plus, minus = x.copy(), x.copy()
        plus[j] += h
        minus[j] -= h
        columns.append((f(plus) - f(minus)) / (2 * h))
    return np.stack(columns, axis=1)
@wrong("numerical_jacobian", "one row per input", "transposed", "wrong-shape", astray="integer-truncation constant-factor")
def _(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    rows = []
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        rows.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(rows)

@wrong("chain_jacobians", "* between the matrices", "matrix-product-for-elementwise", "raised-error", "broadcast-blow-up", astray="wrong-order transposed")
def _(jacobians):
    J = jacobians[0]
    for K in jacobians[1:]:
        J = K * J
    return J
@wrong("chain_jacobians", "loop stops before the last one", "dropped-path", "forgot-chain", "wrong-shape", astray="wrong-order missing-transpose")
def _(jacobians):
    result = jacobians[0]
    for k in range(1, len(jacobians) - 1):
        result = jacobians[k] @ result
    return result

@wrong("squared_distance_backward", "gradient of the distance, not of its square", "wrong-local-derivative", "not-finite", "wrong-value", astray="wrong-sign constant-factor swapped-inputs")
def _(x, h):
    return (x - h) / np.sqrt(np.sum((x - h) ** 2))

@wrong("linear_jacobian_h", "W.T times h", "wrong-local-derivative", "wrong-variable", "wrong-value", astray="transposed missing-transpose wrong-shape")
def _(h, W, b):
    return W.T * h

@wrong("linear_jacobian_b", "identity of the size of h", "wrong-shape", "wrong-variable", astray="unsummed-axis extra-axis transposed")
def _(h, W, b):
    return np.eye(len(h))

@wrong("linear_jacobian_W", "columns of W instead of h", "swapped-inputs", "wrong-variable", "wrong-local-derivative", astray="wrong-mask transposed")
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = W[:, j]
    return J
@wrong("linear_jacobian_W", "h in every column of every slice", "wrong-mask", "wrong-value", "broadcast-blow-up", astray="wrong-local-derivative transposed swapped-inputs")
def _(h, W, b):
    J = np.zeros((len(b), len(h), len(b)))
    for j in range(len(b)):
        J[j] = h[:, None]
    return J

@wrong("linear_vjp_h", "summed over the inputs", "wrong-axis", "wrong-shape", astray="missing-upstream unsummed-axis")
def _(da, h, W, b):
    return (W * da).sum(axis=0)

@wrong("linear_vjp_W", "h * da for the table of products", "matrix-product-for-elementwise", "raised-error", "wrong-shape", astray="transposed missing-upstream")
def _(da, h, W, b):
    return h * da

@wrong("linear_vjp_b", "da times b", "wrong-local-derivative", "swapped-inputs", "wrong-value", astray="missing-upstream wrong-shape constant-factor")
def _(da, h, W, b):
    return da * b

@wrong("elementwise_vjp", "slope taken at dy", "wrong-variable", "wrong-local-derivative", "wrong-value", astray="missing-upstream matrix-product-for-elementwise")
def _(dy, derivative, z):
    return dy * derivative(dy)

@wrong("jacobian_from_vjp", "unit vector never set back to 0", "wrong-value", "wrong-local-derivative", astray="transposed first-row-only mutated-input")
def _(vjp, x, output_size):
    J = np.zeros((output_size, len(x)))
    e = np.zeros(output_size)
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J

@wrong("network_vjp", "z (1 - z) as the slope", "wrong-variable", "wrong-local-derivative", "wrong-value", astray="forgot-chain transposed swapped-inputs")
def _(dy, x, W1, b1, W2, b2):
    z = x @ W1 + b1
    h = sigma(z)
    dh = W2 @ dy
    dz = dh * z * (1 - z)
    return W1 @ dz, np.outer(x, dz), dz, np.outer(h, dy), dy
@wrong("network_vjp", "dx returned last", "swapped-inputs", "wrong-order", "wrong-shape", astray="transposed wrong-local-derivative forgot-chain")
def _(dy, x, W1, b1, W2, b2):
    h = sigma(x @ W1 + b1)
    db2 = dy
    dW2 = np.outer(h, db2)
    db1 = W2.dot(db2) * h * (1 - h)
    dW1 = np.outer(x, db1)
    dx = W1.dot(db1)
    return dW1, db1, dW2, db2, dx

@wrong("numerical_hessian", "divided by h^2, not 4 h^2", "constant-factor", "wrong-value", astray="wrong-sign not-averaged")
def _(f, x, h=1e-4):
    x = np.asarray(x, float)
    E = h * np.eye(len(x))
    H = np.zeros((len(x), len(x)))
    for i, a in enumerate(E):
        for j, b in enumerate(E):
            H[i, j] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / h ** 2
    return H


# ------------------------------------------------------------------ 04 activations
@wrong("linear_composition", "pops the first layer off the lists", "mutated-input", "stale-state", astray="wrong-order dropped-path")
def _(weights, biases):
    W = weights.pop(0)
    b = biases.pop(0)
    for V, c in zip(weights, biases):
        W, b = W @ V, b @ V + c
    return W, b

@wrong("sigmoid_backward", "dy * y * 1 - y", "wrong-local-derivative", "wrong-value", astray="missing-upstream wrong-variable forgot-chain")
def _(dy, y):
    return dy * y * 1 - y

@wrong("tanh_backward", "(1 - y) squared", "wrong-local-derivative", "wrong-value", astray="wrong-variable missing-upstream constant-factor")
def _(dy, y):
    return dy * (1 - y) ** 2

@wrong("relu_backward", "relu of dy", "wrong-mask", "wrong-variable", "unused-parameter", astray="value-instead-of-mask missing-upstream")
def _(dy, z):
    return np.maximum(dy, 0)
@wrong("relu_backward", "only the entries that pass", "wrong-shape", "wrong-type", "dropped-path", astray="wrong-mask mutated-input missing-upstream")
def _(dy, z):
    return dy[z > 0]

@wrong("leaky_relu_backward", "alpha alone on the left", "missing-upstream", "wrong-local-derivative", astray="wrong-mask unused-parameter")
def _(dy, z, alpha):
    return np.where(z > 0, dy, alpha)
@wrong("leaky_relu_backward", "no return", "not-implemented", "wrong-type", astray="missing-upstream wrong-mask wrong-sign mutated-input")
def _(dy, z, alpha):
    dz = np.array(dy, dtype=float)
    dz[z <= 0] *= alpha

@wrong("relu_subdifferential", "(high, low)", "swapped-inputs", "wrong-order", astray="wrong-mask wrong-sign")
def _(z):
    z = np.asarray(z)
    high = np.where(z >= 0, 1.0, 0.0)
    low = np.where(z > 0, 1.0, 0.0)
    return high, low

@wrong("is_subgradient", "returns at the first row either way", "first-row-only", "wrong-value", astray="wrong-sign truth-of-an-array")
def _(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
        else:
            return False

@wrong("max_backward", "rows and columns hard-coded", "raised-error", "wrong-axis", astray="double-counted-tie wrong-mask")
def _(dy, z):
    dz = np.zeros(z.shape)
    n = z.shape[0]
    dz[np.arange(n), z.argmax(axis=1)] = dy
    return dz
@wrong("max_backward", "argmax picks whole columns", "wrong-mask", "broadcast-blow-up", "wrong-value", astray="double-counted-tie missing-upstream")
def _(dy, z):
    dz = np.zeros(z.shape)
    dz[..., z.argmax(axis=-1)] = np.expand_dims(dy, -1)
    return dz

@wrong("max_pool_backward", "window starts at k * size", "unused-parameter", "wrong-mask", "raised-error", astray="overwritten-gradient double-counted-tie")
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for index in np.ndindex(dy.shape):
        *front, k = index
        row = z[tuple(front)]
        start = k * size
        winner = start + np.argmax(row[start:start + size])
        dz[(*front, winner)] += dy[index]
    return dz
@wrong("max_pool_backward", "place in the window used as place in the row", "wrong-mask", "wrong-value", "dropped-path", astray="overwritten-gradient unused-parameter double-counted-tie")
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = z[..., k * stride:k * stride + size]
        winner = window.argmax(axis=-1)[..., None]
        old = np.take_along_axis(dz, winner, axis=-1)
        np.put_along_axis(dz, winner, old + dy[..., k:k + 1], axis=-1)
    return dz

@wrong("prelu_backward", "dalpha without dy", "missing-upstream", "wrong-local-derivative", "wrong-value", astray="unsummed-axis wrong-mask")
def _(dy, z, alpha):
    dz = np.where(z > 0, dy, alpha * dy)
    return dz, np.sum(z[z < 0])
@wrong("prelu_backward", "dalpha summed over the last axis only", "unsummed-axis", "wrong-shape", "wrong-axis", astray="missing-upstream wrong-mask")
def _(dy, z, alpha):
    left = z <= 0
    return dy * np.where(left, alpha, 1), (dy * z * left).sum(axis=-1)

@wrong("rrelu_backward", "copied from the leaky ReLU: alpha has no value here", "raised-error", "unused-parameter", astray="missing-upstream wrong-mask")
def _(dy, z, slopes):
    return np.where(z > 0, dy, alpha * dy)

@wrong("softplus_backward", "one branch for both signs", "wrong-local-derivative", "wrong-mask", "wrong-value", astray="not-finite missing-upstream wrong-sign")
def _(dy, z):
    return dy / (1 + np.exp(-np.abs(z)))

@wrong("elu_backward", "exp(z) - 1 kept on the left", "value-instead-of-mask", "wrong-local-derivative", "wrong-value", astray="wrong-mask missing-upstream unused-parameter")
def _(dy, z, alpha):
    return np.where(z > 0, dy, dy * alpha * (np.exp(np.minimum(z, 0)) - 1))

@wrong("maxout_backward", "dW and db set, not added to", "overwritten-gradient", "dropped-path", "first-row-only", astray="wrong-mask double-counted-tie")
def _(dy, x, W, b):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for n in range(len(x)):
        for m in range(dy.shape[1]):
            k = np.argmax([x[n] @ W[i, :, m] + b[i, m] for i in range(len(W))])
            dx[n] += dy[n, m] * W[k, :, m]
            dW[k, :, m] = dy[n, m] * x[n]
            db[k, m] = dy[n, m]
    return dx, dW, db


# ------------------------------------------------------------------ 05 softmax and losses
@wrong("softmax", "row sums without keepdims", "wrong-axis", "raised-error", "broadcast-blow-up", astray="not-finite extra-axis")
def _(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)
@wrong("softmax", "largest of the whole array taken off", "not-finite", "wrong-axis", astray="lost-precision missing-upstream")
def _(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=-1, keepdims=True)

@wrong("log_softmax", "log(softmax + 1e-12)", "lost-precision", "wrong-value", astray="not-finite wrong-axis")
def _(z):
    return np.log(my_softmax(z) + 1e-12)

@wrong("softmax_jacobian", "y @ y.T of a 1-d array", "matrix-product-for-elementwise", "wrong-local-derivative", "wrong-value", astray="diagonal-jacobian transposed wrong-sign")
def _(y):
    return np.diag(y) - y @ y.T

@wrong("softmax_backward", "plain mean for the weighted average", "averaged-not-summed", "wrong-local-derivative", "wrong-value", astray="diagonal-jacobian wrong-axis missing-upstream")
def _(dy, y):
    average = np.mean(dy * y, axis=-1, keepdims=True)
    return y * (dy - average)

@wrong("log_softmax_backward", "p times dy, without the sum", "diagonal-jacobian", "dropped-path", "wrong-value", astray="wrong-variable wrong-axis missing-upstream")
def _(dy, y):
    return dy - np.exp(y) * dy

@wrong("squared_error_backward", "divided by the number of entries", "averaged-not-summed", "averaged-twice", "constant-factor", astray="wrong-sign not-averaged swapped-inputs")
def _(f, y):
    df = (f - y) / np.size(f)
    return df, -df

@wrong("kl_divergence_backward", "d in front left out", "unused-parameter", "wrong-local-derivative", "wrong-value", astray="wrong-sign constant-factor not-averaged")
def _(y, d):
    return -1 / y

@wrong("cross_entropy_backward", "dp[:, labels]", "wrong-mask", "wrong-value", astray="not-averaged wrong-sign averaged-twice")
def _(p, labels):
    dp = np.zeros_like(p)
    dp[:, labels] = -1 / (len(p) * p[:, labels])
    return dp

@wrong("sigmoid_mse_backward", "sigmoid of the sigmoid in the slope", "wrong-variable", "wrong-local-derivative", "wrong-value", astray="wrong-sign forgot-chain not-finite")
def _(z, d):
    y = sigmoid(z)
    return (y - d) * sigmoid(y) * (1 - sigmoid(y))

@wrong("sigmoid_cross_entropy_backward", "divided by the number of entries", "averaged-twice", "constant-factor", "averaged-not-summed", astray="not-averaged wrong-sign not-finite")
def _(z, d):
    return (sigmoid(z) - d) / np.size(z)

@wrong("softmax_cross_entropy_backward", "divided by all entries, N C", "averaged-twice", "constant-factor", astray="not-averaged wrong-sign wrong-axis")
def _(z, labels):
    p = my_softmax(z)
    p[np.arange(len(z)), labels] -= 1
    return p / p.size
@wrong("softmax_cross_entropy_backward", "labels counted from 1", "wrong-mask", "wrong-value", astray="not-averaged wrong-sign constant-factor transposed")
def _(z, labels):
    n = z.shape[0]
    dz = my_softmax(z)
    dz[range(n), labels - 1] -= 1
    return dz / n


# ------------------------------------------------------------------ 06 backpropagation
@wrong("extended_layer_backward", "the constant 1 put at the end", "wrong-order", "wrong-variable", "wrong-value", astray="transposed wrong-shape missing-upstream")
def _(dz, y_prev, w):
    return w[1:] @ dz, np.outer(np.append(y_prev, 1), dz)

@wrong("linear_backward", "two slips: dW averaged, db keeps its axis", "averaged-not-summed", "extra-axis", "averaged-twice", "constant-factor", astray="transposed wrong-axis not-averaged unsummed-axis")
def _(dz, x, W):
    N = x.shape[0]
    return dz @ W.T, x.T @ dz / N, dz.sum(axis=0, keepdims=True)

@wrong("broadcast_backward", "axes of length 1 not summed", "unsummed-axis", "wrong-shape", astray="averaged-not-summed extra-axis")
def _(dy, shape):
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    return dy
@wrong("broadcast_backward", "broadcasts once more", "forward-instead-of-backward", "raised-error", "unsummed-axis", astray="averaged-not-summed extra-axis wrong-axis")
def _(dy, shape):
    return np.broadcast_to(dy, shape)

@wrong("mlp_forward", "x is not in the list", "wrong-type", "wrong-shape", "wrong-value", astray="wrong-order mutated-input first-row-only")
def _(x, weights, biases):
    outs = []
    for i, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if i < len(weights) - 1:
            x = np.maximum(0, x)
        outs.append(x)
    return outs

@wrong("mlp_backward", "every layer's own output as mask, the last one too", "wrong-mask", "wrong-value", astray="wrong-order averaged-not-summed transposed")
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dz = dy * (activations[k + 1] > 0)
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dy = dz @ weights[k].T
    return dy, dweights, dbiases
@wrong("mlp_backward", "lists left last layer first", "wrong-order", "wrong-shape", astray="wrong-mask transposed swapped-inputs")
def _(dy, activations, weights):
    dWs, dbs = [], []
    grad = dy
    for k in range(len(weights) - 1, -1, -1):
        dWs.append(activations[k].T @ grad)
        dbs.append(grad.sum(axis=0))
        grad = grad @ weights[k].T
        if k > 0:
            grad = grad * (activations[k] > 0)
    return grad, dWs, dbs

@wrong("activation_memory", "8 bytes hard-coded", "unused-parameter", "constant-factor", "wrong-value", astray="dropped-path averaged-twice")
def _(batch, widths, itemsize=8):
    return sum(batch * width * 8 for width in widths[:-1])

@wrong("multiply_backward", "da is dy under another name, then *=", "mutated-input", "wrong-local-derivative", "wrong-value", astray="swapped-inputs missing-upstream matrix-product-for-elementwise")
def _(dy, a, b):
    da = dy
    da *= b
    db = dy * a
    return da, db

@wrong("pairwise_product_backward", "each entry times itself", "swapped-inputs", "wrong-local-derivative", "wrong-variable", astray="wrong-axis missing-upstream unsummed-axis")
def _(dy, z):
    return np.repeat(dy, 2, axis=-1) * z

@wrong("gated_unit_backward", "two slips: slope of the sigmoid left out, 1 - c^2", "forgot-chain", "wrong-variable", "wrong-local-derivative", astray="swapped-inputs missing-upstream wrong-sign")
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c)
    dg = dy * t
    dc = dy * s * (1 - c ** 2)
    return dg, dc

@wrong("shared_weight_backward", "dx3, not dx2, through J21", "forgot-chain", "raised-error", "wrong-variable", astray="transposed overwritten-gradient swapped-inputs")
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    dx1 = dx3 @ jacobians["x3", "x1"] + dx3 @ jacobians["x2", "x1"]
    return dx3 @ jacobians["x3", "w1"] + dx1 @ jacobians["x1", "w1"], dx2 @ jacobians["x2", "w2"]


# ------------------------------------------------------------------ 07 digits
@wrong("binary_loss_and_gradients", "p clipped before the log", "lost-precision", "wrong-value", astray="not-finite not-averaged wrong-sign")
def _(w, b, x, d):
    p = np.clip(sigmoid(x @ w + b), 1e-7, 1 - 1e-7)
    loss = -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))
    dz = (p - d) / len(d)
    return loss, x.T @ dz, dz.sum()
@wrong("binary_loss_and_gradients", "dw summed, db averaged", "not-averaged", "constant-factor", astray="averaged-twice wrong-sign transposed")
def _(w, b, x, d):
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    error = sigmoid(z) - d
    return loss, error @ x, error.mean()

@wrong("sgd_step", "one array of all parameters", "raised-error", "wrong-type", astray="mutated-input wrong-sign")
def _(parameters, gradients, learning_rate):
    return list(np.array(parameters) - learning_rate * np.array(gradients))

@wrong("loss_and_gradients", "multiplied by y instead of its mask", "value-instead-of-mask", "wrong-local-derivative", "wrong-value", astray="not-averaged wrong-order transposed")
def _(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    N = len(x)
    logp = ops.log_softmax(ys[-1])
    loss = -np.mean(logp[np.arange(N), labels])
    dz = np.exp(logp)
    dz[np.arange(N), labels] -= 1
    dz = dz / N
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, ys[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = dz @ weights[k].T * ys[k]
    return loss, dweights, dbiases

@wrong("train", "images and labels shuffled apart", "wrong-value", "wrong-order", astray="mutated-input unused-parameter not-averaged")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(a, b)) * np.sqrt(2 / a) for a, b in itertools.pairwise(widths)]
    biases = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        xs, ls = x[rng.permutation(len(x))], labels[rng.permutation(len(x))]
        for i in range(0, len(x), batch_size):
            _, dW, db = my_loss_and_gradients(weights, biases, xs[i:i + batch_size], ls[i:i + batch_size])
            weights = my_sgd_step(weights, dW, learning_rate)
            biases = my_sgd_step(biases, db, learning_rate)
    return weights, biases
@wrong("train", "generator made without the seed", "unused-parameter", "stale-state", astray="mutated-input wrong-order not-averaged")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng()
    weights, biases = [], []
    for fan_in, fan_out in zip(widths[:-1], widths[1:]):
        weights.append(rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)))
        biases.append(np.zeros(fan_out))
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            loss, dW, db = my_loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = my_sgd_step(weights, dW, learning_rate)
            biases = my_sgd_step(biases, db, learning_rate)
    return weights, biases


# ------------------------------------------------------------------ right answers
@right("exp_sin_square_derivative", "2x cos spelled with sin(x^2 + pi/2)")
def _(x):
    u = np.square(x)
    return reduce(np.multiply, [np.add(x, x), np.sin(u + np.pi / 2), np.exp(np.sin(u))])
@right("chain_derivative", "recursion from the front")
def chain(functions, derivatives, x):
    if not functions: return 1.0
    return chain(functions[1:], derivatives[1:], functions[0](x)) * derivatives[0](x)
@right("max_gate_backward", "sign, half at a tie")
def _(dy, a, b):
    share = (1 + np.sign(np.subtract(a, b))) / 2
    return dy * share, dy * (1 - share)
@right("topological_order", "graphlib, its CycleError is a ValueError")
def _(parents): return [*graphlib.TopologicalSorter(parents).static_order()]
@right("backpropagate", "asks the children, memoised")
def _(parents, local_derivatives, output):
    known = {output: 1.0}
    def of(node):
        if node not in known:
            known[node] = sum((of(c) * local_derivatives[c, node] for c, ps in parents.items() if node in ps), 0.0)
        return known[node]
    return {node: of(node) for node in parents}
@right("linear_jacobian_W", "einsum with the identity")
def _(h, W, b): return np.einsum("a,jb->jab", h, np.eye(len(b)))
@right("jacobian_from_vjp", "map over the identity")
def _(vjp, x, output_size): return np.vstack([*map(vjp, np.identity(output_size))])
@right("numerical_jacobian", "vectorised over the rows of an identity")
def _(f, x, h=1e-5):
    return np.transpose([np.subtract(f(x + e), f(x - e)) * 0.5 / h for e in np.diag(np.full(len(x), h))])
@right("relu_backward", "heaviside with a half")
def _(dy, z): return np.heaviside(z, 0.5) * dy
@right("softplus_backward", "exp(z - softplus(z))")
def _(dy, z): return dy * np.exp(z - np.logaddexp(0, z))
@right("sigmoid_backward", "completed square")
def _(dy, y): return dy * (0.25 - (y - 0.5) ** 2)
@right("max_backward", "put_along_axis, last of a tie")
def _(dy, z):
    last = z.shape[-1] - 1 - np.argmax(z[..., ::-1], axis=-1)
    dz = np.zeros(z.shape)
    np.put_along_axis(dz, last[..., None], np.asarray(dy, float)[..., None], axis=-1)
    return dz
@right("prelu_backward", "vectorize and vdot")
def _(dy, z, alpha):
    slope = np.vectorize(lambda t: 1.0 if t > 0 else float(alpha))(z)
    return slope * dy, float(np.vdot(dy, (z - np.abs(z)) / 2))
@right("log_softmax", "logaddexp.reduce")
def _(z):
    z = np.asarray(z, float)
    top = z.max(axis=-1, keepdims=True)
    return z - top - np.logaddexp.reduce(z - top, axis=-1, keepdims=True)
@right("softmax_jacobian", "row times (identity - y)")
def _(y): return y[:, None] * (np.identity(y.size) - y)
@right("softmax_backward", "all differences, einsum")
def _(dy, y): return np.einsum("...i,...j,...ij->...i", y, y, np.subtract(dy[..., :, None], dy[..., None, :]))
@right("cross_entropy_backward", "comparison with arange")
def _(p, labels):
    return np.where(labels[:, None] == np.arange(p.shape[1]), -1 / (p.shape[0] * np.where(p > 0, p, 1)), 0)
@right("linear_backward", "loop over the examples")
def _(dz, x, W):
    dx = [[sum(W[i, j] * row[j] for j in range(W.shape[1])) for i in range(W.shape[0])] for row in dz]
    return np.array(dx), sum(map(np.outer, x, dz)), sum(dz)
@right("broadcast_backward", "adds entry by entry")
def _(dy, shape):
    out = np.zeros(shape)
    for index in np.ndindex(dy.shape):
        tail = index[dy.ndim - len(shape):]
        out[tuple(0 if n == 1 else i for i, n in zip(tail, shape))] += dy[index]
    return out
@right("sgd_step", "starmap")
def _(parameters, gradients, learning_rate):
    return [*itertools.starmap(lambda p, g: p + np.negative(learning_rate) * g, zip(parameters, gradients))]

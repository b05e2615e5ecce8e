"""Answers as first-year students would write them, by somebody who knew the tasks and nothing of the checker.

At most three names are expected of each, and `ASTRAY` holds those that send its author elsewhere. At the first run all
110 were refused: 87 under an expected name, 65 under the best of them, 7 astray, 14 as `wrong-value`, 2 of these with
nothing more said; 29 of 30 right ones passed. Then their kinds were mended, and the second part was run, 85 of the same
sitting that nobody had looked at: all refused, 79 under an expected name, 63 under the best of them, none astray, 3 as
`wrong-value`, 1 with nothing more said. By now both were looked at. The format is that of `students`; ruff leaves them
alone.
"""
import functools
import graphlib
import itertools
import math

import numpy as np

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(ex, label):
    def deco(fn):
        RIGHT.setdefault(ex, []).append((label, fn)); return fn
    return deco


def wrong(ex, *slugs, label, astray=()):
    assert 1 <= len(slugs) <= 3, (ex, slugs, label)
    def deco(fn):
        WRONG.setdefault(ex, []).append((label, fn, tuple(slugs)))
        if astray: ASTRAY[ex, label] = tuple(astray)
        return fn
    return deco


def sigmoid(z):
    with np.errstate(over="ignore"): return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
def relu(z): return np.maximum(z, 0)
def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)
def log_softmax(z):
    s = z - np.max(z, axis=-1, keepdims=True); return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


# 01 chain rule

@wrong("central_difference", "constant-factor", "wrong-value", label="/ 2 * h without brackets", astray=["one-sided-difference", "lost-precision"])
def _(f, x, h=1e-5): return (f(x + h) - f(x - h)) / 2 * h
@wrong("central_difference", "unused-parameter", label="types 1e-5 in and forgets h", astray=["lost-precision"])
def _(f, x, h=1e-5): return (f(x + 0.00001) - f(x - 0.00001)) / 0.00002

@wrong("exp_sin_square_derivative", "raised-error", label="math functions on an array", astray=["truth-of-an-array"])
def _(x): return math.exp(math.sin(x ** 2)) * math.cos(x ** 2) * 2 * x
@wrong("exp_sin_square_derivative", "wrong-local-derivative", "wrong-variable", "wrong-value", label="slope of exp taken at cos instead of sin", astray=["forgot-chain"])
def _(x):
    a = x ** 2
    return np.exp(np.cos(a)) * np.cos(a) * 2 * x

@wrong("chain_derivative", "wrong-variable", "wrong-value", label="every slope at the first x")
def _(functions, derivatives, x):
    slope = 1
    for d in derivatives:
        slope = slope * d(x)
    return slope
@wrong("chain_derivative", "wrong-value", "constant-factor", label="product starts at 0", astray=["forgot-chain", "wrong-local-derivative"])
def _(functions, derivatives, x):
    slope = 0
    y = x
    for k in range(len(functions)):
        slope *= derivatives[k](y)
        y = functions[k](y)
    return slope

@wrong("distributed_derivative", "wrong-variable", "wrong-value", label="partials at the inner slopes", astray=["dropped-path"])
def _(f_partials, inner, inner_derivatives, x):
    slopes = np.array([d(x) for d in inner_derivatives])
    return np.sum(f_partials(slopes) * slopes)
@wrong("distributed_derivative", "wrong-value", label="paths multiplied instead of added", astray=["dropped-path", "overwritten-gradient", "forgot-chain"])
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    total = 1.0
    for p, d in zip(f_partials(z), inner_derivatives):
        total *= p * d(x)
    return total

@wrong("partial_and_total", "wrong-variable", "swapped-inputs", "wrong-value", label="df_dy called with (y, x)", astray=["dropped-path", "forgot-chain"])
def _(df_dx, df_dy, y, dy_dx, x):
    y0 = y(x)
    partial = df_dx(x, y0)
    return partial, partial + df_dy(y0, x) * dy_dx(x)

@wrong("squared_error_node_gradients", "unused-parameter", "wrong-value", label="z forgotten in the forward pass", astray=["wrong-sign"])
def _(x, y, z, t):
    f = x * y
    df = 2 * (f - t)
    return df * y, df * x, df
@wrong("squared_error_node_gradients", "wrong-local-derivative", "wrong-value", label="square keeps its exponent", astray=["constant-factor"])
def _(x, y, z, t):
    df = 2 * (x * y + z - t) ** 2
    return y * df, x * df, df

@right("central_difference", "mean of the two one-sided slopes")
def _(f, x, h=1e-5):
    forward = (f(x + h) - f(x)) / h
    backward = (f(x) - f(x - h)) / h
    return 0.5 * (forward + backward)
@right("chain_derivative", "reduce over (value, slope) pairs")
def _(functions, derivatives, x):
    step = lambda state, fd: (fd[0](state[0]), fd[1](state[0]) * state[1])
    return functools.reduce(step, zip(functions, derivatives), (x, 1.0))[1]
@right("chain_derivative", "values first, product later")
def _(functions, derivatives, x):
    values = list(itertools.accumulate(functions, lambda y, f: f(y), initial=x))
    return math.prod(d(v) for d, v in zip(derivatives, values))
@right("squared_error_node_gradients", "multiplied out")
def _(x, y, z, t): return 2 * x * y ** 2 + 2 * y * z - 2 * y * t, 2 * x * x * y + 2 * x * (z - t), 2 * x * y + 2 * z - 2 * t


# 02 computational graphs

@wrong("add_gate_backward", "constant-factor", label="splits dy in two")
def _(dy, a, b): return dy / 2, dy / 2

@wrong("multiply_gate_backward", "wrong-local-derivative", "wrong-value", "wrong-variable", label="db computed from da")
def _(dy, a, b):
    da = dy * b
    db = da * a
    return da, db
@wrong("multiply_gate_backward", "wrong-type", label="returns only da", astray=["wrong-shape", "swapped-inputs"])
def _(dy, a, b):
    da = b * dy
    db = a * dy
    return da

@wrong("max_gate_backward", "truth-of-an-array", "raised-error", label="Python max first, then compare")
def _(dy, a, b):
    m = max(a, b)
    return dy * (a == m), dy * (b == m)
@wrong("max_gate_backward", "wrong-mask", "dropped-path", label="a tie goes to nobody", astray=["double-counted-tie", "wrong-local-derivative"])
def _(dy, a, b):
    da = np.where(a > b, dy, 0)
    db = np.where(b > a, dy, 0)
    return da, db

@wrong("sigmoid_neuron_backward", "wrong-local-derivative", "wrong-value", label="bias gets slope times w2", astray=["wrong-shape", "missing-upstream"])
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    s = f * (1 - f)
    return f, np.array([s * x[0], s * x[1], s * w[2]]), np.array([s * w[0], s * w[1]])
@wrong("sigmoid_neuron_backward", "wrong-value", "unused-parameter", label="bias not added in the forward pass", astray=["missing-upstream", "wrong-local-derivative"])
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1])
    df = f * (1 - f)
    return f, df * np.array([x[0], x[1], 1.0]), df * np.array([w[0], w[1]])

@wrong("softplus_graph_backward", "forgot-chain", "missing-upstream", label="local derivatives, not multiplied")
def _(x):
    b = np.exp(x); a = 1 + b
    return np.log(a), 1 / a, np.ones_like(a), b
@wrong("softplus_graph_backward", "wrong-local-derivative", "wrong-value", label="slope of exp taken as x exp(x - 1)")
def _(x):
    b = np.exp(x)
    a = 1.0 + b
    return np.log(a), 1 / a, 1 / a, x * np.exp(x - 1) / a

@wrong("fraction_backward", "overwritten-gradient", "dropped-path", label="ds = twice")
def _(x, y):
    s = sigmoid(x); top = x + s; r = (x + y) ** 2; bottom = s + r
    dtop = 1 / bottom
    dbottom = -top / bottom ** 2
    ds = dtop
    ds = dbottom
    dx = dtop + dbottom * 2 * (x + y) + ds * s * (1 - s)
    return top / bottom, dx, dbottom * 2 * (x + y)
@wrong("fraction_backward", "wrong-local-derivative", "wrong-value", label="reciprocal's slope not squared", astray=["dropped-path", "constant-factor"])
def _(x, y):
    s = sigmoid(x); top = x + s; bottom = s + (x + y) ** 2
    dtop, dbottom = 1 / bottom, -top / bottom
    dsum = dbottom * 2 * (x + y)
    return top / bottom, dtop + (dtop + dbottom) * s * (1 - s) + dsum, dsum

@wrong("topological_order", "wrong-value", label="a cycle gives a short list, no error", astray=["wrong-order", "first-row-only"])
def _(parents):
    order = []
    changed = True
    while changed:
        changed = False
        for node in parents:
            if node not in order and all(p in order for p in parents[node]):
                order.append(node)
                changed = True
    return order
@wrong("topological_order", "wrong-type", "wrong-value", label="a node reached twice is listed twice", astray=["wrong-order"])
def _(parents):
    order = []
    def visit(node, path):
        if node in path:
            raise ValueError("cycle")
        for p in parents[node]:
            visit(p, path + [node])
        order.append(node)
    for node in parents:
        if node not in order:
            visit(node, [])
    return order

@wrong("backpropagate", "wrong-type", "wrong-value", "wrong-shape", label="nodes that were not reached are missing", astray=["wrong-order", "overwritten-gradient"])
def _(parents, local_derivatives, output):
    grad = {output: 1.0}
    for v in reversed(list(graphlib.TopologicalSorter(parents).static_order())):
        if v in grad:
            for u in parents[v]:
                grad[u] = grad.get(u, 0.0) + grad[v] * local_derivatives[v, u]
    return grad
@wrong("backpropagate", "wrong-value", label="every node starts with 1", astray=["missing-upstream", "double-counted-tie", "wrong-order"])
def _(parents, local_derivatives, output):
    order = list(graphlib.TopologicalSorter(parents).static_order())
    grad = {node: 1.0 for node in order}
    for v in order[::-1]:
        for u in parents[v]:
            grad[u] += grad[v] * local_derivatives[v, u]
    return grad

@right("add_gate_backward", "ones times dy")
def _(dy, a, b): return np.ones(np.shape(a)) * dy, np.ones(np.shape(b)) * dy
@right("max_gate_backward", "sign of the difference")
def _(dy, a, b):
    share = (1 + np.sign(np.subtract(a, b))) / 2
    return dy * share, dy * (1 - share)
@right("topological_order", "the standard library sorts")
def _(parents): return list(graphlib.TopologicalSorter(parents).static_order())
@right("backpropagate", "each node asks its children, remembered")
def _(parents, local_derivatives, output):
    children = {n: [c for c in parents if n in parents[c]] for n in parents}
    @functools.cache
    def d(node):
        if node == output: return 1.0
        return float(sum(d(c) * local_derivatives[c, node] for c in children[node]))
    return {n: d(n) for n in parents}


# 03 Jacobians

@wrong("numerical_jacobian", "integer-truncation", label="steps in a copy of the integers", astray=["wrong-local-derivative", "missing-upstream"])
def _(f, x, h=1e-5):
    J = np.zeros((len(f(x)), len(x)))
    for i in range(len(x)):
        up = x.copy(); up[i] += h
        down = x.copy(); down[i] -= h
        J[:, i] = (f(up) - f(down)) / (2 * h)
    return J
@wrong("numerical_jacobian", "raised-error", "wrong-shape", label="room for a square matrix only", astray=["transposed", "missing-transpose"])
def _(f, x, h=1e-5):
    D = x.shape[0]
    J = np.zeros((D, D))
    for i in range(D):
        e = np.zeros(D); e[i] = h
        J[:, i] = (f(x + e) - f(x - e)) / (2 * h)
    return J

@wrong("chain_jacobians", "raised-error", "wrong-shape", label="identity of the wrong size", astray=["wrong-order", "missing-transpose"])
def _(jacobians):
    J = np.eye(len(jacobians[0]))
    for next_one in jacobians:
        J = next_one @ J
    return J
@wrong("chain_jacobians", "forgot-chain", "dropped-path", "wrong-shape", label="last Jacobian left out", astray=["wrong-order", "transposed"])
def _(jacobians):
    total = jacobians[0]
    for k in range(1, len(jacobians) - 1):
        total = jacobians[k] @ total
    return total

@wrong("squared_distance_backward", "wrong-local-derivative", "wrong-sign", "wrong-value", label="absolute difference", astray=["constant-factor"])
def _(x, h): return 2 * abs(x - h)

@wrong("numerical_hessian", "wrong-value", label="lower triangle never filled", astray=["transposed", "dropped-path", "diagonal-jacobian"])
def _(f, x, h=1e-4):
    n = len(x); H = np.zeros((n, n)); E = np.eye(n) * h
    for i in range(n):
        for j in range(i, n):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / (4 * h * h)
    return H

@wrong("linear_jacobian_h", "missing-transpose", "transposed", "wrong-value", label="reshape for transpose", astray=["wrong-local-derivative"])
def _(h, W, b): return W.reshape(W.shape[1], W.shape[0])

@wrong("linear_jacobian_b", "wrong-shape", label="eye of the number of inputs", astray=["transposed", "wrong-axis"])
def _(h, W, b): return np.eye(W.shape[0])

@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-mask", "wrong-value", label="h in every column", astray=["transposed"])
def _(h, W, b):
    J = np.zeros((len(b), len(h), len(b)))
    for j in range(len(b)):
        J[j] = np.tile(h, (len(b), 1)).T
    return J
@wrong("linear_jacobian_W", "first-row-only", label="return inside the loop", astray=["wrong-mask", "dropped-path"])
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = h
        return J

@wrong("linear_vjp_h", "wrong-local-derivative", "wrong-value", label="multiplied by h at the end", astray=["missing-transpose", "constant-factor"])
def _(da, h, W, b): return h * (W @ da)

@wrong("linear_vjp_W", "matrix-product-for-elementwise", "raised-error", "wrong-shape", label="h.T @ da on one row", astray=["missing-transpose", "transposed"])
def _(da, h, W, b): return h.T @ da

@wrong("linear_vjp_b", "wrong-local-derivative", "value-instead-of-mask", "wrong-value", label="da times b")
def _(da, h, W, b): return da * b

@wrong("elementwise_vjp", "wrong-variable", "wrong-value", label="slope taken at the product", astray=["missing-upstream"])
def _(dy, derivative, z): return derivative(dy * z)
@wrong("elementwise_vjp", "integer-truncation", label="result in the integers of z", astray=["wrong-local-derivative"])
def _(dy, derivative, z):
    dz = np.empty_like(z)
    dz[...] = dy * derivative(z)
    return dz

@wrong("jacobian_from_vjp", "wrong-value", label="unit vector never reset to 0", astray=["overwritten-gradient", "transposed", "wrong-order"])
def _(vjp, x, output_size):
    J = np.zeros((output_size, len(x)))
    e = np.zeros(output_size)
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J
@wrong("jacobian_from_vjp", "integer-truncation", label="table in the type of x", astray=["wrong-local-derivative"])
def _(vjp, x, output_size):
    J = np.zeros((output_size, x.shape[0]), dtype=x.dtype)
    for i in range(output_size):
        J[i, :] = vjp(np.eye(output_size)[i])
    return J

@wrong("network_vjp", "wrong-variable", "wrong-value", label="dW2 from z1, not from y1", astray=["forgot-chain"])
def _(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    y1 = sigmoid(z1)
    dz1 = (W2 @ dy) * y1 * (1 - y1)
    return W1 @ dz1, np.outer(x, dz1), dz1, np.outer(z1, dy), dy
@wrong("network_vjp", "wrong-variable", "forgot-chain", "wrong-value", label="db1 gets what reaches y1", astray=["averaged-not-summed"])
def _(dy, x, W1, b1, W2, b2):
    y1 = sigmoid(x @ W1 + b1)
    dy1 = W2 @ dy
    dz1 = dy1 * y1 * (1 - y1)
    return W1 @ dz1, np.outer(x, dz1), dy1, np.outer(y1, dy), dy

@right("numerical_jacobian", "rows of the identity, transposed at the end")
def _(f, x, h=1e-5): return np.transpose([(f(x + s) - f(x - s)) / (2 * h) for s in np.eye(x.shape[0]) * h])
@right("linear_jacobian_W", "two loops and an if")
def _(h, W, b):
    D, M = W.shape
    return np.array([[[h[a] if j == k else 0 for k in range(M)] for a in range(D)] for j in range(M)])
@right("linear_vjp_h", "sum along the rows of a product")
def _(da, h, W, b): return np.sum(np.multiply(W, da), axis=1)
@right("numerical_hessian", "central difference of measured gradients")
def _(f, x, h=1e-4):
    E = h * np.eye(len(x))
    def gradient(p): return np.array([(f(p + e) - f(p - e)) / (2 * h) for e in E])
    H = np.array([(gradient(x + e) - gradient(x - e)) / (2 * h) for e in E])
    return (H + H.T) / 2


# 04 activations

@wrong("linear_composition", "wrong-variable", "wrong-value", "raised-error", label="bias times the product so far", astray=["wrong-order"])
def _(weights, biases):
    W, b = weights[0], biases[0]
    for Wk, bk in zip(weights[1:], biases[1:]):
        W = W @ Wk
        b = b @ W + bk
    return W, b

@wrong("sigmoid_backward", "wrong-local-derivative", "wrong-value", label="brackets forgotten: dy y 1 - y", astray=["missing-upstream", "wrong-sign"])
def _(dy, y): return dy * y * 1 - y

@wrong("tanh_backward", "wrong-local-derivative", "wrong-value", label="square outside the brackets", astray=["wrong-variable"])
def _(dy, y): return dy * (1 - y) ** 2

@wrong("tanh_backward", "missing-upstream", "wrong-variable", label="two slips: tanh once more, and no dy")
def _(dy, y): return 1 - np.tanh(y) ** 2

@wrong("relu_backward", "truth-of-an-array", "raised-error", label="one loop, so an if on a row")
def _(dy, z):
    dz = np.zeros(z.shape)
    for i in range(len(z)):
        if z[i] > 0:
            dz[i] = dy[i]
    return dz
@wrong("relu_backward", "wrong-mask", "value-instead-of-mask", "wrong-value", label="mask from dy times z", astray=["double-counted-tie"])
def _(dy, z): return np.where(dy * z > 0, dy, 0)

@wrong("leaky_relu_backward", "wrong-mask", label="threshold alpha instead of 0", astray=["unused-parameter", "wrong-local-derivative"])
def _(dy, z, alpha): return dy * np.where(z > alpha, 1, alpha)

@wrong("relu_subdifferential", "wrong-mask", "wrong-value", label="interval [0, 1] wherever z >= 0")
def _(z):
    z = np.asarray(z)
    return np.zeros(z.shape), (z >= 0).astype(float)
@wrong("relu_subdifferential", "wrong-local-derivative", "wrong-value", label="lowest slope -1 at the kink, as for |z|", astray=["wrong-sign"])
def _(z):
    z = np.asarray(z, dtype=float)
    low = np.where(z == 0, -1, (z > 0) * 1.0)
    return low, (z >= 0) * 1.0

@wrong("is_subgradient", "first-row-only", label="True at the first point that fits", astray=["wrong-sign", "lost-precision"])
def _(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
    return False
@wrong("is_subgradient", "wrong-value", label="no slack for round-off", astray=["wrong-sign", "first-row-only", "lost-precision"])
def _(v, f, x0, points):
    return bool(np.all([f(x) - f(x0) >= np.dot(v, x - x0) for x in points]))

@wrong("max_backward", "wrong-axis", "wrong-value", label="argmax of the whole array", astray=["double-counted-tie", "dropped-path"])
def _(dy, z):
    dz = np.zeros(z.shape)
    i = np.unravel_index(np.argmax(z), z.shape)
    dz[i] = np.sum(dy)
    return dz
@wrong("max_backward", "wrong-axis", "wrong-mask", label="compared with the largest of all rows", astray=["double-counted-tie"])
def _(dy, z):
    hit = (z == z.max())
    hit = hit / np.maximum(hit.sum(axis=-1, keepdims=True), 1)
    return hit * np.expand_dims(dy, -1)

@wrong("max_pool_backward", "wrong-value", "wrong-mask", label="index in the window used as index in the row", astray=["double-counted-tie", "overwritten-gradient"])
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for *row, k in np.ndindex(dy.shape):
        row = tuple(row)
        i = np.argmax(z[row][k * stride:k * stride + size])
        dz[row + (i,)] += dy[row + (k,)]
    return dz

@wrong("max_pool_backward", "dropped-path", "wrong-value", label="loop ends one window early", astray=["double-counted-tie", "overwritten-gradient"])
def _(dy, z, size, stride):
    dz = np.zeros(np.shape(z))
    for k in range(dy.shape[-1] - 1):
        window = z[..., k * stride:k * stride + size]
        first = np.expand_dims(window.argmax(axis=-1), -1)
        hit = np.arange(size) == first
        dz[..., k * stride:k * stride + size] += hit * dy[..., k, None]
    return dz

@wrong("prelu_backward", "unsummed-axis", "wrong-shape", label="dalpha summed over the batch only", astray=["wrong-axis"])
def _(dy, z, alpha): return dy * np.where(z > 0, 1, alpha), np.sum(dy * np.where(z > 0, 0, z), axis=0)
@wrong("prelu_backward", "wrong-local-derivative", "forgot-chain", label="dalpha counts dy, z left out", astray=["wrong-mask"])
def _(dy, z, alpha):
    left = z <= 0
    return np.where(left, alpha * dy, dy), np.sum(dy[left])

@wrong("rrelu_backward", "wrong-local-derivative", "wrong-value", label="mean slope for every entry", astray=["averaged-not-summed", "wrong-mask"])
def _(dy, z, slopes): return np.where(z > 0, dy, np.mean(slopes) * dy)

@wrong("softplus_backward", "lost-precision", label="clips z to [-10, 10]", astray=["wrong-local-derivative", "wrong-mask"])
def _(dy, z):
    z = np.clip(z, -10, 10)
    return dy / (1 + np.exp(-z))
@wrong("softplus_backward", "wrong-local-derivative", "wrong-value", label="differentiates once too often", astray=["wrong-variable"])
def _(dy, z):
    s = sigmoid(z)
    return dy * s * (1 - s)

@wrong("elu_backward", "wrong-local-derivative", "wrong-value", label="alpha inside the exponent", astray=["unused-parameter"])
def _(dy, z, alpha): return np.where(z > 0, dy, dy * np.exp(alpha * np.minimum(z, 0)))

@wrong("elu_backward", "raised-error", label="typo: np.minium", astray=["not-implemented"])
def _(dy, z, alpha):
    slope = np.where(z > 0, 1, alpha * np.exp(np.minium(z, 0)))
    return dy * slope

@wrong("maxout_backward", "wrong-mask", "unused-parameter", "wrong-value", label="winner found without the bias", astray=["double-counted-tie"])
def _(dy, x, W, b):
    pieces = np.einsum("nd,kdm->knm", x, W)
    d = dy * (np.argmax(pieces, axis=0) == np.arange(W.shape[0])[:, None, None])
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(axis=1)
@wrong("maxout_backward", "overwritten-gradient", "dropped-path", label="dx = in the loop over the pieces", astray=["wrong-mask", "first-row-only"])
def _(dy, x, W, b):
    win = np.argmax([x @ Wk + bk for Wk, bk in zip(W, b)], axis=0)
    dW, db = [], []
    for k, Wk in enumerate(W):
        d = dy * (win == k)
        dx = d @ Wk.T
        dW.append(x.T @ d); db.append(d.sum(0))
    return dx, np.array(dW), np.array(db)

@right("linear_composition", "pushes zeros and the identity through")
def _(weights, biases):
    def stack(x):
        for W, b in zip(weights, biases): x = x @ W + b
        return x
    D = np.shape(weights[0])[0]
    b = stack(np.zeros(D))
    return stack(np.eye(D)) - b, b
@right("sigmoid_backward", "completed square")
def _(dy, y): return dy * (0.25 - (y - 0.5) ** 2)
@right("relu_backward", "heaviside with 0.3 at the kink")
def _(dy, z): return dy * np.heaviside(z, 0.3)
@right("max_backward", "ties split evenly")
def _(dy, z):
    top = np.max(z, axis=-1, keepdims=True)
    share = np.equal(z, top) / np.equal(z, top).sum(-1, keepdims=True)
    return np.einsum("...,...d->...d", dy, share)
@right("is_subgradient", "loop that leaves early, relative slack")
def _(v, f, x0, points):
    base = float(f(x0))
    for p in points:
        step = p - x0
        terms = [float(f(p)), base, *(v * step)]
        slack = 1e-12 * sum(abs(t) for t in terms)
        if float(f(p)) - base < float(v.dot(step)) - slack:
            return False
    return True


# 05 softmax and losses

@wrong("softmax", "lost-precision", label="epsilon in the denominator", astray=["wrong-axis", "not-finite"])
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-5)
@wrong("softmax", "raised-error", "broadcast-blow-up", "wrong-axis", label="keepdims forgotten in the sum")
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)

@wrong("log_softmax", "wrong-value", label="m taken off in the sum, not put back", astray=["not-finite", "wrong-axis"])
def _(z):
    m = z.max(axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z - m), axis=-1, keepdims=True))

@wrong("softmax_jacobian", "matrix-product-for-elementwise", "wrong-value", label="y @ y.T is one number", astray=["diagonal-jacobian", "transposed", "missing-transpose"])
def _(y): return np.diag(y) - y @ y.T

@wrong("softmax_jacobian", "lost-precision", label="filled into a float32 table", astray=["diagonal-jacobian", "wrong-local-derivative"])
def _(y):
    C = y.shape[0]
    J = np.zeros((C, C), dtype=np.float32)
    for i in range(C):
        for j in range(C):
            if i == j:
                J[i, j] = y[i] * (1 - y[i])
            else:
                J[i, j] = -y[i] * y[j]
    return J

@wrong("softmax_backward", "averaged-not-summed", label="plain mean of dy y", astray=["wrong-axis", "not-averaged"])
def _(dy, y): return y * (dy - np.mean(dy * y, axis=-1, keepdims=True))
@wrong("softmax_backward", "wrong-local-derivative", "wrong-value", label="takes off the sum of dy, unweighted", astray=["wrong-axis", "diagonal-jacobian"])
def _(dy, y): return y * (dy - dy.sum(axis=-1, keepdims=True))

@wrong("log_softmax_backward", "diagonal-jacobian", "dropped-path", label="dy - p dy", astray=["wrong-variable"])
def _(dy, y): return dy - np.exp(y) * dy
@wrong("log_softmax_backward", "wrong-local-derivative", "wrong-value", label="dy - p, from the fused rule", astray=["wrong-axis", "wrong-sign"])
def _(dy, y): return dy - np.exp(y)

@wrong("squared_error_backward", "dropped-path", "wrong-value", label="target taken for a constant", astray=["wrong-sign", "constant-factor"])
def _(f, y): return f - y, np.zeros_like(y)

@wrong("kl_divergence_backward", "wrong-variable", "wrong-local-derivative", "not-finite", label="differentiates by d", astray=["constant-factor"])
def _(y, d): return np.log(d / y) + 1
@wrong("kl_divergence_backward", "lost-precision", label="epsilon beside y", astray=["constant-factor", "wrong-local-derivative"])
def _(y, d): return -d / (y + 1e-4)

@wrong("cross_entropy_backward", "wrong-mask", "wrong-value", label="dp[:, labels], whole columns", astray=["not-averaged", "wrong-axis"])
def _(p, labels):
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / (len(p) * p[:, labels])
    return dp
@wrong("cross_entropy_backward", "raised-error", "wrong-variable", "wrong-mask", label="loops over labels and uses them as rows", astray=["not-averaged"])
def _(p, labels):
    dp = np.zeros(p.shape)
    for n in labels:
        dp[n, labels[n]] = -1 / p[n, labels[n]] / len(labels)
    return dp

@wrong("sigmoid_mse_backward", "wrong-variable", "wrong-value", label="d (1 - d) for the slope", astray=["forgot-chain"])
def _(z, d): return (sigmoid(z) - d) * d * (1 - d)
@wrong("sigmoid_mse_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="mean over the entries", astray=["not-averaged"])
def _(z, d):
    s = sigmoid(z)
    return (s - d) * s * (1 - s) / np.size(z)

@wrong("sigmoid_cross_entropy_backward", "not-finite", label="two steps: infinity times 0", astray=["wrong-local-derivative"])
def _(z, d):
    s = sigmoid(z)
    return (-d / s + (1 - d) / (1 - s)) * s * (1 - s)
@wrong("sigmoid_cross_entropy_backward", "dropped-path", "wrong-local-derivative", "wrong-value", label="only the d log p half", astray=["wrong-sign", "constant-factor"])
def _(z, d): return -d * (1 - sigmoid(z))

@wrong("softmax_cross_entropy_backward", "wrong-value", "wrong-variable", "wrong-local-derivative", label="class numbers subtracted, no one-hot", astray=["broadcast-blow-up", "wrong-axis"])
def _(z, labels): return (softmax(z) - labels.reshape(-1, 1)) / z.shape[0]

@wrong("softmax_cross_entropy_backward", "wrong-sign", "not-averaged", "constant-factor", label="two slips: onehot - p, and no 1/N", astray=["wrong-axis", "averaged-twice"])
def _(z, labels):
    onehot = np.zeros(z.shape)
    onehot[np.arange(z.shape[0]), labels] = 1
    return onehot - softmax(z)

@right("softmax", "logaddexp.reduce")
def _(z): return np.exp(z - np.logaddexp.reduce(np.asarray(z, float), axis=-1, keepdims=True))
@right("softmax_backward", "Jacobian row by row")
def _(dy, y):
    flat_dy, flat_y = np.reshape(dy, (-1, y.shape[-1])), np.reshape(y, (-1, y.shape[-1]))
    rows = [(np.diag(p) - np.outer(p, p)) @ g for g, p in zip(flat_dy, flat_y)]
    return np.array(rows).reshape(y.shape)
@right("log_softmax_backward", "sum by @ ones")
def _(dy, y):
    C = np.shape(y)[-1]
    return dy - np.exp(y) * (dy @ np.ones((C, C)))
@right("cross_entropy_backward", "loop over the rows")
def _(p, labels):
    out = [[0.0] * len(row) for row in p]
    for n, c in enumerate(labels):
        out[n][c] = -1.0 / (len(labels) * p[n][c])
    return np.array(out)
@right("sigmoid_mse_backward", "with exp of -|z|")
def _(z, d):
    e = np.exp(-np.abs(z))
    s = np.where(np.asarray(z) < 0, e, 1.0) / (1 + e)
    return (s - d) * e / (1 + e) ** 2


# 06 backpropagation

@wrong("extended_layer_backward", "wrong-order", "wrong-value", label="takes the last row for the bias", astray=["transposed", "wrong-local-derivative"])
def _(dz, y_prev, w): return w[:-1] @ dz, np.outer(np.append(y_prev, 1), dz)

@wrong("extended_layer_backward", "not-implemented", "wrong-type", label="return forgotten", astray=["raised-error", "wrong-value"])
def _(dz, y_prev, w):
    y = np.concatenate(([1.0], y_prev))
    dw = np.outer(y, dz)
    dy_prev = w[1:] @ dz

@wrong("linear_backward", "overwritten-gradient", "first-row-only", "dropped-path", label="dW = in the loop over the batch", astray=["transposed", "averaged-not-summed"])
def _(dz, x, W):
    db = np.zeros(W.shape[1])
    for n in range(len(x)):
        dW = np.outer(x[n], dz[n])
        db += dz[n]
    return dz @ W.T, dW, db

@wrong("linear_backward", "not-implemented", "wrong-type", label="half done: db is still None", astray=["raised-error", "unsummed-axis"])
def _(dz, x, W):
    dx = dz @ W.T
    dW = x.T @ dz
    db = None  # TODO
    return dx, dW, db

@wrong("broadcast_backward", "wrong-axis", "wrong-shape", "raised-error", label="shape filled up on the right", astray=["averaged-not-summed"])
def _(dy, shape):
    padded = tuple(shape) + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i in range(dy.ndim) if padded[i] == 1)
    return dy.sum(axis=axes, keepdims=True).reshape(shape)
@wrong("broadcast_backward", "unsummed-axis", "wrong-value", label="np.resize picks the first entries", astray=["wrong-shape", "wrong-axis"])
def _(dy, shape): return np.resize(dy, shape)

@wrong("mlp_forward", "wrong-order", "wrong-value", label="bias added after the ReLU", astray=["unused-parameter", "wrong-local-derivative"])
def _(x, weights, biases):
    ys = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        ys.append(np.maximum(ys[-1] @ W, 0) + b)
    ys.append(ys[-1] @ weights[-1] + biases[-1])
    return ys

@wrong("mlp_backward", "wrong-mask", label="mask on the data x as well", astray=["forgot-chain", "missing-upstream"])
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = (dy @ weights[k].T) * (activations[k] > 0)
    return dy, dweights, dbiases

@wrong("mlp_backward", "wrong-type", "dropped-path", "wrong-shape", label="loop stops before the first layer", astray=["wrong-order", "transposed"])
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in range(len(weights) - 1, 0, -1):
        dweights.insert(0, activations[k].T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = (dy @ weights[k].T) * (activations[k] > 0)
    dx = dy @ weights[0].T
    return dx, dweights, dbiases

@wrong("activation_memory", "wrong-value", label="counts the weights", astray=["unused-parameter", "dropped-path"])
def _(batch, widths, itemsize=8): return batch * itemsize * sum(a * b for a, b in zip(widths, widths[1:]))

@wrong("multiply_backward", "mutated-input", "raised-error", label="a *= dy in place", astray=["swapped-inputs"])
def _(dy, a, b):
    a *= dy
    b *= dy
    return b, a

@wrong("pairwise_product_backward", "wrong-value", "wrong-local-derivative", label="np.roll for the neighbour", astray=["wrong-shape", "missing-upstream", "swapped-inputs"])
def _(dy, z): return np.repeat(dy, 2, axis=-1) * np.roll(z, 1, axis=-1)
@wrong("pairwise_product_backward", "raised-error", "wrong-axis", label="every second row, not column", astray=["swapped-inputs"])
def _(dy, z):
    dz = np.zeros(z.shape)
    dz[::2] = dy * z[1::2]
    dz[1::2] = dy * z[::2]
    return dz

@wrong("gated_unit_backward", "wrong-local-derivative", "wrong-value", label="tanh of c squared", astray=["forgot-chain"])
def _(dy, g, c): return dy * np.tanh(c) * sigmoid(g) * (1 - sigmoid(g)), dy * sigmoid(g) * (1 - np.tanh(c ** 2))

@wrong("shared_weight_backward", "overwritten-gradient", "dropped-path", label="dx1 = twice", astray=["transposed", "missing-transpose"])
def _(dx3, jacobians):
    J = jacobians
    dx1 = dx3 @ J["x3", "x1"]
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"], dx2 @ J["x2", "w2"]

@right("linear_backward", "one example after the other")
def _(dz, x, W):
    dx, dW, db = [], np.zeros(W.shape), np.zeros(W.shape[1])
    for g, row in zip(dz, x):
        dx.append([sum(W[i, j] * g[j] for j in range(len(g))) for i in range(len(row))])
        dW += row[:, None] * g[None, :]
        db += g
    return np.array(dx), dW, db
@right("broadcast_backward", "added up entry by entry")
def _(dy, shape):
    where = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), dy.shape)
    return np.bincount(where.ravel(), weights=np.ravel(dy), minlength=math.prod(shape)).reshape(shape)
@right("mlp_backward", "deltas first, then two comprehensions")
def _(dy, activations, weights):
    deltas = [dy]
    for W, y in zip(weights[:0:-1], activations[-2:0:-1]):
        deltas.append(np.where(y > 0, deltas[-1] @ W.T, 0))
    deltas.reverse()
    return deltas[0] @ weights[0].T, [y.T @ d for y, d in zip(activations, deltas)], [d.sum(axis=0) for d in deltas]
@right("pairwise_product_backward", "partner by index xor 1")
def _(dy, z):
    i = np.arange(np.shape(z)[-1])
    return dy[..., i // 2] * z[..., i ^ 1]
@right("gated_unit_backward", "tanh for both")
def _(dy, g, c):
    u, t = np.tanh(np.asarray(g) / 2), np.tanh(c)
    return dy * t * (1 - u) * (1 + u) / 4, dy * (1 + u) / 2 * (1 - t) * (1 + t)


# 07 digits

@wrong("binary_loss_and_gradients", "broadcast-blow-up", "wrong-shape", label="column p minus row d", astray=["transposed"])
def _(w, b, x, d):
    z = x @ np.reshape(w, (-1, 1)) + b
    e = sigmoid(z) - d
    loss = np.mean(np.maximum(z, 0) - z * d + np.log1p(np.exp(-abs(z))))
    return loss, (x.T @ e).mean(axis=1), e.mean()
@wrong("binary_loss_and_gradients", "not-averaged", label="db summed, dw averaged", astray=["averaged-twice", "wrong-local-derivative"])
def _(w, b, x, d):
    z = x @ w + b
    dz = sigmoid(z) - d
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ dz / len(x), np.sum(dz)

@wrong("sgd_step", "mutated-input", label="copies the list, not the arrays", astray=["wrong-sign"])
def _(parameters, gradients, learning_rate):
    new = parameters.copy()
    for i in range(len(new)):
        new[i] -= learning_rate * gradients[i]
    return new
@wrong("sgd_step", "raised-error", label="one array of all parameters", astray=["wrong-type"])
def _(parameters, gradients, learning_rate): return list(np.array(parameters) - learning_rate * np.array(gradients))


@wrong("loss_and_gradients", "raised-error", label="ten classes typed in", astray=["not-averaged", "broadcast-blow-up"])
def _(weights, biases, x, labels):
    ys = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        ys.append(np.maximum(0, ys[-1] @ W + b))
    z = ys[-1] @ weights[-1] + biases[-1]
    onehot = np.eye(10)[labels]
    loss = -np.mean(np.sum(onehot * log_softmax(z), axis=1))
    dz = (softmax(z) - onehot) / len(x)
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, ys[k].T @ dz)
        dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dWs, dbs

def _backward(weights, biases, x, labels):
    """The right loss and gradients, for the loops of train and for the answers that spoil one thing."""
    ys, N = [x], len(x)
    for W, b in zip(weights[:-1], biases[:-1]):
        ys.append(relu(ys[-1] @ W + b))
    z = ys[-1] @ weights[-1] + biases[-1]
    loss = -log_softmax(z)[np.arange(N), labels].mean()
    dz = softmax(z); dz[np.arange(N), labels] -= 1; dz /= N
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, ys[k].T @ dz); dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dWs, dbs
def _step(parameters, gradients, rate): return [p - rate * g for p, g in zip(parameters, gradients)]

@wrong("train", "wrong-order", "wrong-value", label="images shuffled, labels not", astray=["wrong-sign", "stale-state"])
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(b) for b in widths[1:]]
    for epoch in range(epochs):
        images = x[rng.permutation(len(x))]
        for i in range(0, len(x), batch_size):
            _, dW, db = _backward(weights, biases, images[i:i + batch_size], labels[i:i + batch_size])
            weights, biases = _step(weights, dW, learning_rate), _step(biases, db, learning_rate)
    return weights, biases

@right("binary_loss_and_gradients", "logaddexp for each class")
def _(w, b, x, d):
    z = np.asarray(x @ w + b, float)
    loss = np.where(np.asarray(d) == 1, np.logaddexp(0, -z), np.logaddexp(0, z)).mean()
    dz = np.where(np.asarray(d) == 1, -sigmoid(-z), sigmoid(z)) / len(z)
    return loss, np.einsum("n,nd->d", dz, x), dz.sum()
@right("sgd_step", "comprehension over indices")
def _(parameters, gradients, learning_rate): return [-learning_rate * gradients[i] + parameters[i] for i in range(len(parameters))]
@right("train", "array_split into batches")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((a, b)) / np.sqrt(a / 2) for a, b in itertools.pairwise(widths)]
    biases = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), math.ceil(len(x) / batch_size)):
            _, dW, db = _backward(weights, biases, x[batch], labels[batch])
            weights, biases = _step(weights, dW, learning_rate), _step(biases, db, learning_rate)
    return weights, biases


# ---- The second part, run once the kinds of the first were mended

# 01 chain rule

@wrong("central_difference", "wrong-sign", label="left minus right")
def _(f, x, h=1e-5):
    left = f(x - h)
    right = f(x + h)
    return (left - right) / (2 * h)

@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value", label="reads sin(x squared) as sin(x) squared")
def _(x): return np.exp(np.sin(x) ** 2) * 2 * np.sin(x) * np.cos(x)

@wrong("chain_derivative", "wrong-order", "wrong-variable", "wrong-value", label="last function applied first")
def _(functions, derivatives, x):
    slope = 1.0
    for f, d in zip(reversed(functions), reversed(derivatives)):
        slope *= d(x)
        x = f(x)
    return slope

@wrong("distributed_derivative", "unsummed-axis", "wrong-shape", "wrong-type", label="paths not added up")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return np.array(f_partials(z)) * np.array([d(x) for d in inner_derivatives])

@wrong("partial_and_total", "swapped-inputs", "wrong-order", label="total first, then partial", astray=["dropped-path"])
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    return partial + df_dy(x, y(x)) * dy_dx(x), partial
@wrong("partial_and_total", "dropped-path", label="total follows y only")
def _(df_dx, df_dy, y, dy_dx, x):
    return df_dx(x, y(x)), df_dy(x, y(x)) * dy_dx(x)

@wrong("squared_error_node_gradients", "wrong-sign", label="2 (t - f)")
def _(x, y, z, t):
    df = 2 * (t - (x * y + z))
    return y * df, x * df, df


# 02 computational graphs

@wrong("add_gate_backward", "wrong-local-derivative", "wrong-value", label="shares dy by size", astray=["constant-factor", "unsummed-axis"])
def _(dy, a, b): return dy * a / (a + b), dy * b / (a + b)

@wrong("multiply_gate_backward", "matrix-product-for-elementwise", "wrong-shape", label="np.dot on both", astray=["missing-transpose", "unsummed-axis"])
def _(dy, a, b): return np.dot(dy, b), np.dot(dy, a)

@wrong("max_gate_backward", "wrong-mask", "swapped-inputs", label="sends dy to the smaller one", astray=["double-counted-tie"])
def _(dy, a, b): return np.where(a < b, dy, 0.0), np.where(a < b, 0.0, dy)

@wrong("sigmoid_neuron_backward", "wrong-shape", "dropped-path", label="no gradient for the bias")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2])
    return f, f * (1 - f) * np.array(x), f * (1 - f) * np.array(w[:2])

@wrong("softplus_graph_backward", "wrong-local-derivative", "wrong-variable", "wrong-value", label="dy_db is 1 over b", astray=["forgot-chain"])
def _(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    dy_db = 1 / b
    dy_dx = dy_db * b
    return y, dy_da, dy_db, dy_dx

@wrong("fraction_backward", "dropped-path", "wrong-value", label="sigmoid in the denominator held fixed", astray=["wrong-local-derivative"])
def _(x, y):
    s = sigmoid(x)
    den = s + (x + y) ** 2
    z = (x + s) / den
    dy = -z / den * 2 * (x + y)
    dx = (1 + s * (1 - s)) / den + dy
    return z, dx, dy

@wrong("topological_order", "raised-error", "wrong-value", label="recursion never notices a cycle", astray=["wrong-order"])
def _(parents):
    order = []
    def visit(node):
        if node in order:
            return
        for p in parents[node]:
            visit(p)
        order.append(node)
    for node in parents:
        visit(node)
    return order
@wrong("topological_order", "wrong-order", label="sorted by the number of parents", astray=["raised-error"])
def _(parents):
    seen = set()
    def cyclic(node, path):
        if node in path: return True
        if node in seen: return False
        seen.add(node)
        return any(cyclic(p, path | {node}) for p in parents[node])
    if any(cyclic(n, frozenset()) for n in parents):
        raise ValueError("There is a cycle")
    return sorted(parents, key=lambda n: len(parents[n]))

@wrong("backpropagate", "raised-error", label="looks up (parent, child)", astray=["wrong-order"])
def _(parents, local_derivatives, output):
    grad = {n: 0.0 for n in parents}
    grad[output] = 1.0
    for v in reversed(list(graphlib.TopologicalSorter(parents).static_order())):
        for u in parents[v]:
            grad[u] += grad[v] * local_derivatives[u, v]
    return grad
@wrong("backpropagate", "missing-upstream", "forgot-chain", label="adds the local derivative alone", astray=["wrong-order"])
def _(parents, local_derivatives, output):
    grad = dict.fromkeys(parents, 0.0)
    grad[output] = 1.0
    for v in reversed(list(graphlib.TopologicalSorter(parents).static_order())):
        for u in parents[v]:
            grad[u] += local_derivatives[v, u]
    return grad


# 03 Jacobians

@wrong("numerical_jacobian", "mutated-input", label="never steps back", astray=["wrong-value", "lost-precision"])
def _(f, x, h=1e-5):
    columns = []
    for i in range(x.size):
        x[i] += h
        plus = f(x)
        x[i] -= 2 * h
        minus = f(x)
        columns.append((plus - minus) / (2 * h))
    return np.array(columns).T
@wrong("numerical_jacobian", "wrong-shape", "wrong-value", label="all inputs stepped at once", astray=["transposed", "unsummed-axis"])
def _(f, x, h=1e-5): return (f(x + h) - f(x - h)) / (2 * h)

@wrong("chain_jacobians", "matrix-product-for-elementwise", "raised-error", label="* for @")
def _(jacobians):
    J = jacobians[-1]
    for K in jacobians[-2::-1]:
        J = J * K
    return J

@wrong("squared_distance_backward", "wrong-local-derivative", "wrong-value", label="slope of the distance, not of its square", astray=["constant-factor"])
def _(x, h): return (x - h) / np.linalg.norm(x - h)

@wrong("numerical_hessian", "constant-factor", label="divides by h squared, not by 4 h squared", astray=["lost-precision"])
def _(f, x, h=1e-4):
    n = len(x); H = np.zeros((n, n)); E = np.eye(n) * h
    for i in range(n):
        for j in range(n):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / h ** 2
    return H
@wrong("numerical_hessian", "diagonal-jacobian", "dropped-path", label="second differences on the diagonal only")
def _(f, x, h=1e-4):
    d = []
    for e in h * np.eye(len(x)):
        d.append((f(x + e) - 2 * f(x) + f(x - e)) / h ** 2)
    return np.diag(d)

@wrong("linear_jacobian_h", "wrong-local-derivative", "wrong-value", label="h still inside", astray=["missing-upstream"])
def _(h, W, b): return W.T * h

@wrong("linear_jacobian_b", "wrong-local-derivative", "wrong-mask", "wrong-value", label="ones everywhere", astray=["unsummed-axis"])
def _(h, W, b): return np.ones((len(b), len(b)))

@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-variable", "wrong-value", label="a column of W where h belongs")
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = W[:, j]
    return J

@wrong("linear_vjp_h", "wrong-axis", "raised-error", "wrong-shape", label="products right, summed down the columns", astray=["broadcast-blow-up"])
def _(da, h, W, b): return (W * da).sum(axis=0)

@wrong("linear_vjp_W", "wrong-local-derivative", "wrong-value", label="outer product times W", astray=["missing-upstream"])
def _(da, h, W, b): return np.outer(h, da) * W

@wrong("linear_vjp_b", "wrong-shape", "wrong-type", label="adds da up", astray=["unsummed-axis", "averaged-not-summed"])
def _(da, h, W, b): return np.sum(da)

@wrong("elementwise_vjp", "wrong-variable", "swapped-inputs", "wrong-value", label="slope taken at dy", astray=["value-instead-of-mask"])
def _(dy, derivative, z): return derivative(dy) * z

@wrong("jacobian_from_vjp", "transposed", label="gradients stacked as columns")
def _(vjp, x, output_size): return np.column_stack([vjp(row) for row in np.identity(output_size)])

@wrong("network_vjp", "swapped-inputs", "wrong-order", "wrong-shape", label="weights first, then biases", astray=["transposed"])
def _(dy, x, W1, b1, W2, b2):
    y1 = sigmoid(x @ W1 + b1)
    dz1 = (dy @ W2.T) * y1 * (1 - y1)
    return dz1 @ W1.T, np.outer(x, dz1), np.outer(y1, dy), dz1, dy


# 04 activations

@wrong("linear_composition", "forgot-chain", "wrong-value", "raised-error", label="biases only added up", astray=["unsummed-axis", "broadcast-blow-up"])
def _(weights, biases):
    W = weights[0]
    for k in weights[1:]:
        W = W @ k
    return W, sum(biases)

@wrong("sigmoid_backward", "wrong-local-derivative", label="y (1 - y) one factor short", astray=["wrong-variable"])
def _(dy, y): return dy * (1 - y)

@wrong("tanh_backward", "wrong-local-derivative", "wrong-value", label="slope of the sigmoid used", astray=["wrong-variable"])
def _(dy, y): return dy * y * (1 - y)


@wrong("relu_backward", "integer-truncation", label="zeros_like an integer z, floats assigned", astray=["wrong-mask"])
def _(dy, z):
    dz = np.zeros_like(z)
    on = z > 0
    dz[on] = dy[on]
    return dz

@wrong("leaky_relu_backward", "value-instead-of-mask", "missing-upstream", "wrong-variable", label="left side alpha z", astray=["wrong-mask"])
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * z)
@wrong("leaky_relu_backward", "wrong-mask", "wrong-variable", label="max(dy, alpha dy)", astray=["missing-upstream", "unused-parameter"])
def _(dy, z, alpha): return np.maximum(dy, alpha * dy)

@wrong("relu_subdifferential", "swapped-inputs", "wrong-order", label="(high, low)", astray=["wrong-sign"])
def _(z):
    z = np.asarray(z)
    return np.where(z >= 0, 1.0, 0.0), np.where(z > 0, 1.0, 0.0)

@wrong("is_subgradient", "wrong-sign", "wrong-value", label="x0 - x on the right")
def _(v, f, x0, points):
    return all(f(x) - f(x0) >= v @ (x0 - x) - 1e-9 for x in points)


@wrong("max_pool_backward", "unused-parameter", "raised-error", "wrong-value", label="windows start at k size", astray=["overwritten-gradient"])
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for *row, k in np.ndindex(dy.shape):
        row = tuple(row)
        start = k * size
        i = start + np.argmax(z[row][start:start + size])
        dz[row + (i,)] += dy[row + (k,)]
    return dz
@wrong("max_pool_backward", "double-counted-tie", label="all the winners of a window", astray=["overwritten-gradient"])
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        w = z[..., k * stride:k * stride + size]
        dz[..., k * stride:k * stride + size] += (w == w.max(axis=-1, keepdims=True)) * dy[..., k:k + 1]
    return dz


@wrong("prelu_backward", "wrong-sign", label="dalpha with |z|", astray=["wrong-mask"])
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.sum(dy * relu(-z))

@wrong("rrelu_backward", "unused-parameter", "stale-state", label="draws new slopes", astray=["wrong-mask"])
def _(dy, z, slopes):
    new = np.random.uniform(1 / 8, 1 / 3, size=z.shape)
    return dy * np.where(z > 0, 1.0, new)

@wrong("softplus_backward", "wrong-local-derivative", "wrong-value", label="sigma(-z) for sigma(z)", astray=["wrong-sign", "constant-factor"])
def _(dy, z): return dy * sigmoid(-z)

@wrong("elu_backward", "not-finite", label="0 times an overflowing exponential", astray=["wrong-mask", "wrong-local-derivative"])
def _(dy, z, alpha): return dy * (z > 0) + dy * alpha * np.exp(z) * (z <= 0)


@wrong("maxout_backward", "wrong-mask", label="dW not masked", astray=["unsummed-axis", "double-counted-tie"])
def _(dy, x, W, b):
    pieces = np.stack([x @ W[k] + b[k] for k in range(len(W))])
    win = pieces.argmax(axis=0)
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        d = np.where(win == k, dy, 0)
        dx += d @ W[k].T
        dW[k] = x.T @ dy
        db[k] = d.sum(axis=0)
    return dx, dW, db


# 05 softmax and losses

@wrong("softmax", "not-finite", "wrong-axis", label="one shift for the whole batch")
def _(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)

@wrong("log_softmax", "lost-precision", "not-finite", label="log of softmax plus 1e-12")
def _(z): return np.log(softmax(z) + 1e-12)

@wrong("softmax_jacobian", "wrong-local-derivative", "wrong-value", label="delta misplaced: y_i (1 - y_j)", astray=["diagonal-jacobian", "wrong-sign"])
def _(y): return np.outer(y, 1 - y)
@wrong("softmax_jacobian", "first-row-only", label="return one loop too deep", astray=["dropped-path", "diagonal-jacobian"])
def _(y):
    C = len(y)
    J = np.zeros((C, C))
    for i in range(C):
        for j in range(C):
            J[i, j] = y[i] * ((i == j) - y[j])
        return J


@wrong("softmax_backward", "wrong-axis", "wrong-value", label="one average for all rows", astray=["unsummed-axis"])
def _(dy, y): return y * (dy - np.sum(dy * y))


@wrong("squared_error_backward", "wrong-sign", label="the same gradient for both", astray=["constant-factor", "swapped-inputs"])
def _(f, y):
    d = f - y
    return d, d
@wrong("squared_error_backward", "unsummed-axis", "broadcast-blow-up", "wrong-shape", label="sums over the entries", astray=["averaged-not-summed"])
def _(f, y): return np.sum(f - y), np.sum(y - f)

@wrong("kl_divergence_backward", "wrong-local-derivative", "forgot-chain", "wrong-value", label="-1 / y, target left out", astray=["missing-upstream"])
def _(y, d): return -1 / y + 0 * d

@wrong("cross_entropy_backward", "averaged-twice", label="divides by N C", astray=["wrong-mask"])
def _(p, labels):
    dp = np.zeros(p.shape)
    rows = np.arange(len(p))
    dp[rows, labels] = -1 / p[rows, labels]
    return dp / p.size

@wrong("sigmoid_mse_backward", "wrong-local-derivative", "wrong-value", label="s squared at the end: s (1 - s) s", astray=["wrong-sign", "forgot-chain"])
def _(z, d):
    s = sigmoid(z)
    return (s - d) * (1 - s) * s ** 2

@wrong("sigmoid_cross_entropy_backward", "wrong-variable", "forgot-chain", "wrong-value", label="z - d, the sigmoid left out", astray=["wrong-sign", "constant-factor"])
def _(z, d): return z - d

@wrong("softmax_cross_entropy_backward", "wrong-axis", "wrong-mask", "raised-error", label="p[labels] -= 1, whole rows", astray=["not-averaged"])
def _(z, labels):
    p = softmax(z)
    p[labels] -= 1
    return p / len(z)
@wrong("softmax_cross_entropy_backward", "wrong-mask", "dropped-path", label="gradient at the label only", astray=["wrong-sign", "not-averaged"])
def _(z, labels):
    p = softmax(z)
    N = len(z)
    dz = np.zeros(z.shape)
    dz[np.arange(N), labels] = (p[np.arange(N), labels] - 1) / N
    return dz


# 06 backpropagation

@wrong("extended_layer_backward", "missing-upstream", "wrong-local-derivative", label="ones in the row of the biases", astray=["wrong-order"])
def _(dz, y_prev, w): return w[1:] @ dz, np.vstack([np.ones_like(dz), np.outer(y_prev, dz)])
@wrong("extended_layer_backward", "wrong-shape", label="gradient of the constant 1 left in", astray=["transposed", "unsummed-axis"])
def _(dz, y_prev, w): return w @ dz, np.outer(np.concatenate([[1], y_prev]), dz)


@wrong("linear_backward", "averaged-not-summed", "constant-factor", label="dW and db divided by N", astray=["wrong-axis", "not-averaged"])
def _(dz, x, W):
    N = x.shape[0]
    return dz @ W.T, x.T @ dz / N, dz.sum(axis=0) / N
@wrong("linear_backward", "transposed", "wrong-shape", label="dx as columns: W @ dz.T", astray=["missing-transpose"])
def _(dz, x, W): return W @ dz.T, x.T @ dz, dz.sum(axis=0)


@wrong("broadcast_backward", "extra-axis", "wrong-shape", label="new axes summed and kept", astray=["unsummed-axis"])
def _(dy, shape):
    full = (1,) * (dy.ndim - len(shape)) + tuple(shape)
    for axis, n in enumerate(full):
        if n == 1:
            dy = dy.sum(axis=axis, keepdims=True)
    return dy

@wrong("mlp_forward", "wrong-value", "wrong-mask", label="ReLU after the last layer too", astray=["wrong-order"])
def _(x, weights, biases):
    activations = [x]
    for k in range(len(weights)):
        x = np.maximum(0, x @ weights[k] + biases[k])
        activations.append(x)
    return activations

@wrong("mlp_backward", "wrong-order", label="append, last layer first", astray=["transposed", "missing-transpose"])
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in range(len(weights) - 1, -1, -1):
        dweights.append(activations[k].T @ dy)
        dbiases.append(dy.sum(axis=0))
        dy = dy @ weights[k].T
        if k > 0:
            dy = dy * (activations[k] > 0)
    return dy, dweights, dbiases
@wrong("mlp_backward", "raised-error", "wrong-order", "wrong-variable", label="dz overwritten before dW", astray=["missing-transpose", "transposed"])
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dbiases.insert(0, dy.sum(axis=0))
        dy = dy @ weights[k].T
        dweights.insert(0, activations[k].T @ dy)
        if k:
            dy = dy * (activations[k] > 0)
    return dy, dweights, dbiases


@wrong("activation_memory", "unused-parameter", label="8 bytes typed in")
def _(batch, widths, itemsize=8): return batch * sum(widths[:-1]) * 8
@wrong("activation_memory", "wrong-value", "dropped-path", label="the data x not counted, the output counted", astray=["unused-parameter"])
def _(batch, widths, itemsize=8): return batch * sum(widths[1:]) * itemsize

@wrong("multiply_backward", "missing-upstream", label="da without dy", astray=["swapped-inputs"])
def _(dy, a, b): return b, dy * a

@wrong("pairwise_product_backward", "wrong-order", "wrong-value", label="np.tile for np.repeat", astray=["swapped-inputs", "wrong-local-derivative"])
def _(dy, z):
    partner = np.empty_like(z)
    partner[..., ::2] = z[..., 1::2]
    partner[..., 1::2] = z[..., ::2]
    return np.concatenate([dy, dy], axis=-1) * partner

@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative", "wrong-value", label="1 - c squared", astray=["forgot-chain"])
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c)
    return dy * s * (1 - s) * t, dy * s * (1 - c ** 2)
@wrong("gated_unit_backward", "forgot-chain", "wrong-local-derivative", label="only the product, activations not differentiated", astray=["swapped-inputs", "forward-instead-of-backward"])
def _(dy, g, c): return dy * np.tanh(c), dy * sigmoid(g)

@wrong("shared_weight_backward", "averaged-not-summed", label="mean of both uses of w1", astray=["dropped-path"])
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    dx1 = dx3 @ jacobians["x3", "x1"] + dx2 @ jacobians["x2", "x1"]
    return (dx3 @ jacobians["x3", "w1"] + dx1 @ jacobians["x1", "w1"]) / 2, dx2 @ jacobians["x2", "w2"]
@wrong("shared_weight_backward", "raised-error", label="the key written the other way round", astray=["swapped-inputs", "wrong-order"])
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x2", "x3"]
    dx1 = dx3 @ jacobians["x1", "x3"] + dx2 @ jacobians["x1", "x2"]
    return dx3 @ jacobians["w1", "x3"] + dx1 @ jacobians["w1", "x1"], dx2 @ jacobians["w2", "x2"]


# 07 digits

@wrong("binary_loss_and_gradients", "lost-precision", "not-finite", label="clips p to 1e-7 in the loss", astray=["wrong-sign", "not-averaged"])
def _(w, b, x, d):
    p = np.clip(sigmoid(x @ w + b), 1e-7, 1 - 1e-7)
    loss = -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))
    return loss, x.T @ (p - d) / len(d), np.mean(p - d)
@wrong("binary_loss_and_gradients", "wrong-local-derivative", "wrong-value", label="slope of the sigmoid once more", astray=["not-averaged", "wrong-variable"])
def _(w, b, x, d):
    z = x @ w + b
    p = sigmoid(z)
    dz = (p - d) * p * (1 - p) / len(d)
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ dz, dz.sum()

@wrong("sgd_step", "wrong-type", label="returns a generator", astray=["not-implemented", "wrong-shape"])
def _(parameters, gradients, learning_rate): return (p - learning_rate * g for p, g in zip(parameters, gradients))

@wrong("loss_and_gradients", "extra-axis", "wrong-shape", label="biases of shape (1, M)", astray=["unsummed-axis"])
def _(weights, biases, x, labels):
    ys = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        ys.append(relu(ys[-1] @ W + b))
    z = ys[-1] @ weights[-1] + biases[-1]
    N = len(x)
    loss = -log_softmax(z)[np.arange(N), labels].mean()
    dz = softmax(z); dz[np.arange(N), labels] -= 1; dz /= N
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, ys[k].T @ dz)
        dbs.insert(0, np.sum(dz, axis=0, keepdims=True))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dWs, dbs
@wrong("loss_and_gradients", "lost-precision", "not-finite", label="loss from the log of clipped p", astray=["not-averaged", "wrong-sign"])
def _(weights, biases, x, labels):
    ys = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        ys.append(relu(ys[-1] @ W + b))
    p = softmax(ys[-1] @ weights[-1] + biases[-1])
    N = len(x)
    loss = -np.mean(np.log(np.maximum(p[np.arange(N), labels], 1e-10)))
    dz = (p - np.eye(p.shape[1])[labels]) / N
    dWs, dbs = [None] * len(weights), [None] * len(weights)
    for k in range(len(weights) - 1, -1, -1):
        dWs[k], dbs[k] = ys[k].T @ dz, dz.sum(0)
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dWs, dbs
@wrong("loss_and_gradients", "forgot-chain", "wrong-mask", "dropped-path", label="no ReLU mask on the way back", astray=["not-averaged"])
def _(weights, biases, x, labels):
    ys = [x]
    for k in range(len(weights) - 1):
        ys.append(relu(ys[k] @ weights[k] + biases[k]))
    z = ys[-1] @ weights[-1] + biases[-1]
    N = len(x)
    loss = -log_softmax(z)[np.arange(N), labels].mean()
    dz = (softmax(z) - np.eye(z.shape[1])[labels]) / N
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs = [ys[k].T @ dz] + dWs
        dbs = [dz.sum(axis=0)] + dbs
        dz = dz @ weights[k].T
    return loss, dWs, dbs
@wrong("loss_and_gradients", "not-averaged", label="loss added up, gradients averaged", astray=["averaged-twice", "lost-precision"])
def _(weights, biases, x, labels):
    loss, dWs, dbs = _backward(weights, biases, x, labels)
    return loss * len(labels), dWs, dbs


@wrong("train", "wrong-value", label="all weights start at 0", astray=["wrong-sign", "stale-state", "unused-parameter"])
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [np.zeros((a, b)) for a, b in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            batch = order[i:i + batch_size]
            _, dW, db = _backward(weights, biases, x[batch], labels[batch])
            weights, biases = _step(weights, dW, learning_rate), _step(biases, db, learning_rate)
    return weights, biases
@wrong("train", "stale-state", "unused-parameter", label="seed never used", astray=["wrong-order"])
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    weights = [np.random.randn(a, b) * np.sqrt(2 / a) for a, b in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        order = np.random.permutation(len(x))
        for i in range(0, len(x), batch_size):
            batch = order[i:i + batch_size]
            _, dW, db = _backward(weights, biases, x[batch], labels[batch])
            weights, biases = _step(weights, dW, learning_rate), _step(biases, db, learning_rate)
    return weights, biases


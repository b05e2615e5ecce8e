"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 81 under an expected name, 68 under the best of them, none astray, 2 with nothing more said than
`wrong-value`; all 20 right ones passed. By now they were looked at. `ASTRAY`
holds the names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
import graphlib
import math
from functools import reduce

import numpy as np

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(ex, label):
    def deco(fn):
        RIGHT.setdefault(ex, []).append((label, fn)); return fn
    return deco


def wrong(ex, *names, label, astray=""):
    assert 2 <= len(names) <= 4 and label, (ex, names, label)
    def deco(fn):
        WRONG.setdefault(ex, []).append((label, fn, tuple(names)))
        ASTRAY[ex, label] = set(astray.split()); return fn
    return deco


# What a student has from the notebooks and from their own earlier, right answers.
def sigmoid(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))
sigma = sigmoid
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)
def log_softmax(z):
    s = z - z.max(axis=-1, keepdims=True); return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))
def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = activations[-1] @ W + b
        activations.append(z if layer == len(weights) - 1 else np.maximum(z, 0))
    return activations
def topological(parents):
    order = []
    while len(order) < len(parents):
        ready = [n for n in parents if n not in order and all(p in order for p in parents[n])]
        if not ready: raise ValueError("cycle")
        order += ready
    return order
def good_loss_and_gradients(weights, biases, x, labels):
    a = forward(weights, biases, x); N = len(x); rows = np.arange(N)
    loss = -log_softmax(a[-1])[rows, labels].mean()
    dz = softmax(a[-1]); dz[rows, labels] -= 1; dz /= N
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, a[k].T @ dz); dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (a[k] > 0)
    return loss, dWs, dbs
def good_sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# ---------------------------------------------------------------- 01 chain rule
@wrong("central_difference", "constant-factor", "wrong-value", label="/ 2 * h without brackets",
       astray="wrong-sign wrong-local-derivative missing-upstream")
def _(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h
@wrong("central_difference", "unused-parameter", "lost-precision", label="a step of its own, 1e-8",
       astray="constant-factor wrong-sign wrong-local-derivative")
def _(f, x, h=1e-5):
    h = 1e-8
    up = f(x + h)
    down = f(x - h)
    return (up - down) / (2 * h)
@wrong("exp_sin_square_derivative", "forgot-chain", "wrong-sign", "wrong-local-derivative", "wrong-value",
       label="sin' = -cos, and no 2x", astray="wrong-variable constant-factor unused-parameter")
def _(x):
    return np.exp(np.sin(x ** 2)) * -np.cos(x ** 2)
@wrong("chain_derivative", "wrong-order", "wrong-variable", "wrong-value", label="goes through both lists from the end",
       astray="wrong-sign constant-factor dropped-path overwritten-gradient")
def _(functions, derivatives, x):
    slope = 1.0
    y = x
    for f, d in zip(reversed(functions), reversed(derivatives)):
        slope = slope * d(y)
        y = f(y)
    return slope
@wrong("chain_derivative", "forgot-chain", "dropped-path", "wrong-value", label="loop stops one short: the last slope is missing",
       astray="wrong-order wrong-sign overwritten-gradient wrong-variable")
def _(functions, derivatives, x):
    slope = 1.0
    y = x
    for k in range(len(functions) - 1):
        slope *= derivatives[k](y)
        y = functions[k](y)
    return slope
@wrong("distributed_derivative", "unsummed-axis", "wrong-shape", "wrong-type", label="products not added up",
       astray="wrong-variable dropped-path extra-axis missing-upstream")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    slopes = np.array([dg(x) for dg in inner_derivatives])
    return np.array(f_partials(z)) * slopes
@wrong("partial_and_total", "forgot-chain", "unused-parameter", "wrong-local-derivative", label="total = df/dx + df/dy, dy/dx not used",
       astray="dropped-path swapped-inputs wrong-variable wrong-sign")
def _(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    total = partial + df_dy(x, y(x))
    return partial, total
@wrong("squared_error_node_gradients", "missing-upstream", "forgot-chain", "unused-parameter", "wrong-local-derivative",
       label="slopes of xy + z only, the square is forgotten", astray="swapped-inputs wrong-sign constant-factor")
def _(x, y, z, t):
    dx = y
    dy = x
    dz = 1
    return dx, dy, dz

@right("central_difference", "sum over both signs")
def _(f, x, h=1e-5): return sum(s * f(x + s * h) for s in (1, -1)) / (h + h)
@right("chain_derivative", "reduce over pairs")
def _(functions, derivatives, x):
    return reduce(lambda st, fd: (fd[0](st[0]), fd[1](st[0]) * st[1]), zip(functions, derivatives), (x, 1.0))[1]
@right("squared_error_node_gradients", "brackets multiplied out")
def _(x, y, z, t):
    return 2 * x * y**2 + 2 * y * z - 2 * y * t, 2 * x**2 * y + 2 * x * z - 2 * x * t, 2 * x * y - 2 * (t - z)


# ---------------------------------------------------------------- 02 computational graphs
@wrong("add_gate_backward", "constant-factor", "averaged-not-summed", "wrong-local-derivative", label="shares dy, half to each",
       astray="missing-upstream swapped-inputs dropped-path wrong-sign")
def _(dy, a, b):
    return dy / 2, dy / 2
@wrong("multiply_gate_backward", "wrong-local-derivative", "wrong-variable", "wrong-value", label="db from da instead of a",
       astray="swapped-inputs missing-upstream matrix-product-for-elementwise wrong-sign")
def _(dy, a, b):
    da = dy * b
    db = dy * da
    return da, db
@wrong("max_gate_backward", "integer-truncation", "lost-precision", label="zeros_like(a), filled through a mask",
       astray="double-counted-tie wrong-mask swapped-inputs missing-upstream")
def _(dy, a, b):
    dy, a, b = np.asarray(dy), np.asarray(a), np.asarray(b)
    da = np.zeros_like(a)
    db = np.zeros_like(b)
    da[a >= b] = dy[a >= b]
    db[a < b] = dy[a < b]
    return da, db
@wrong("sigmoid_neuron_backward", "wrong-local-derivative", "wrong-variable", "wrong-value", label="the bias gets w[2] instead of 1",
       astray="swapped-inputs forgot-chain missing-upstream wrong-shape")
def _(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    df = f * (1 - f)
    dw = np.array([x[0] * df, x[1] * df, w[2] * df])
    dx = np.array([w[0] * df, w[1] * df])
    return f, dw, dx
@wrong("sigmoid_neuron_backward", "wrong-shape", "dropped-path", label="no gradient for the bias, dw has two entries",
       astray="swapped-inputs wrong-local-derivative forgot-chain transposed extra-axis")
def _(w, x):
    f = 1 / (1 + np.exp(-(np.dot(w[:2], x) + w[2])))
    s = f * (1 - f)
    return f, s * x, s * w[:2]
@wrong("softplus_graph_backward", "missing-upstream", "forgot-chain", "wrong-local-derivative",
       label="each node's own slope: 1/a, 1, b", astray="wrong-variable wrong-order swapped-inputs constant-factor")
def _(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    dy_db = 1.0
    dy_dx = b
    return y, dy_da, dy_db, dy_dx
@wrong("fraction_backward", "wrong-local-derivative", "wrong-value", "forgot-chain", label="dbottom = -1 / bottom**2, top forgotten",
       astray="dropped-path overwritten-gradient wrong-sign swapped-inputs")
def _(x, y):
    s = 1 / (1 + np.exp(-x))
    top = x + s
    q = x + y
    bottom = s + q ** 2
    z = top / bottom
    dtop = 1 / bottom
    dbottom = -1 / bottom ** 2
    dq = 2 * q * dbottom
    ds = dtop + dbottom
    dx = dtop + dq + ds * s * (1 - s)
    return z, dx, dq
@wrong("topological_order", "stale-state", "wrong-type", "wrong-value", label="order=[] as a default argument",
       astray="wrong-order mutated-input dropped-path")
def _(parents, order=[]):
    def visit(node, path):
        if node in path:
            raise ValueError("cycle")
        if node in order:
            return
        for p in parents[node]:
            visit(p, path + [node])
        order.append(node)
    for node in parents:
        visit(node, [])
    return order
@wrong("backpropagate", "wrong-order", "dropped-path", "wrong-value", label="takes the dictionary's own order, backwards",
       astray="overwritten-gradient wrong-sign transposed missing-upstream")
def _(parents, local_derivatives, output):
    grad = {node: 0.0 for node in parents}
    grad[output] = 1.0
    for node in reversed(list(parents)):
        for p in parents[node]:
            grad[p] += grad[node] * local_derivatives[node, p]
    return grad
@wrong("backpropagate", "wrong-type", "wrong-value", label="only the nodes that were reached are in the dictionary",
       astray="wrong-order overwritten-gradient forgot-chain wrong-local-derivative")
def _(parents, local_derivatives, output):
    grad = {output: 1.0}
    for node in reversed(topological(parents)):
        if node in grad:
            for p in parents[node]:
                grad[p] = grad.get(p, 0.0) + grad[node] * local_derivatives[node, p]
    return grad

@right("max_gate_backward", "heaviside")
def _(dy, a, b):
    diff = np.subtract(a, b, dtype=float); return dy * np.heaviside(diff, 0.5), dy * np.heaviside(-diff, 0.5)
@right("topological_order", "graphlib")
def _(parents): return list(graphlib.TopologicalSorter(parents).static_order())
@right("backpropagate", "a linear system")
def _(parents, local_derivatives, output):
    at = {node: i for i, node in enumerate(parents)}; A = np.eye(len(at)); e = np.zeros(len(at)); e[at[output]] = 1
    for child, ps in parents.items():
        for p in ps: A[at[p], at[child]] -= local_derivatives[child, p]
    g = np.linalg.solve(A, e); return {node: float(g[i]) for node, i in at.items()}


# ---------------------------------------------------------------- 03 Jacobians
@wrong("numerical_jacobian", "mutated-input", "lost-precision", "wrong-value", label="moves x itself and does not move it back",
       astray="transposed wrong-local-derivative constant-factor wrong-axis")
def _(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    columns = []
    for j in range(len(x)):
        x[j] += h
        up = f(x)
        x[j] -= 2 * h
        down = f(x)
        columns.append((up - down) / (2 * h))
    return np.array(columns).T
@wrong("numerical_jacobian", "wrong-shape", "raised-error", label="zeros((D, D)), as if outputs = inputs",
       astray="transposed integer-truncation mutated-input wrong-axis")
def _(f, x, h=1e-5):
    D = len(x)
    J = np.zeros((D, D))
    for j in range(D):
        e = np.zeros(D)
        e[j] = h
        J[:, j] = (f(x + e) - f(x - e)) / (2 * h)
    return J
@wrong("chain_jacobians", "mutated-input", "stale-state", label="jacobians.reverse(), then multiplies",
       astray="wrong-order matrix-product-for-elementwise transposed missing-transpose")
def _(jacobians):
    jacobians.reverse()
    J = jacobians[0]
    for K in jacobians[1:]:
        J = J @ K
    return J
@wrong("squared_distance_backward", "wrong-local-derivative", "forgot-chain", "wrong-value",
       label="gradient of the distance, not of its square", astray="wrong-sign swapped-inputs averaged-not-summed")
def _(x, h):
    return (x - h) / np.sqrt(np.sum((x - h) ** 2))
@wrong("numerical_hessian", "diagonal-jacobian", "dropped-path", "wrong-value", label="second derivatives on the diagonal only",
       astray="constant-factor transposed integer-truncation wrong-sign")
def _(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        e = np.zeros(D)
        e[i] = h
        H[i, i] = (f(x + e) - 2 * f(x) + f(x - e)) / h ** 2
    return H
@wrong("linear_jacobian_h", "wrong-local-derivative", "value-instead-of-mask", label="W.T times h",
       astray="transposed missing-transpose wrong-shape wrong-mask")
def _(h, W, b):
    return W.T * h
@wrong("linear_jacobian_b", "wrong-shape", "wrong-variable", "wrong-value", label="identity as large as h",
       astray="transposed extra-axis diagonal-jacobian missing-upstream")
def _(h, W, b):
    return np.eye(len(h))
@wrong("linear_jacobian_W", "wrong-mask", "wrong-local-derivative", "wrong-value", label="h in every column of every slice, no delta",
       astray="transposed missing-upstream dropped-path wrong-shape")
def _(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        for k in range(M):
            J[j, :, k] = h
    return J
@wrong("linear_vjp_h", "wrong-axis", "wrong-shape", label="summed over the inputs",
       astray="missing-upstream averaged-not-summed extra-axis unsummed-axis")
def _(da, h, W, b):
    return (W * da).sum(axis=0)
@wrong("linear_vjp_W", "missing-upstream", "unused-parameter", label="h in every column, da for its length only",
       astray="transposed wrong-order wrong-axis value-instead-of-mask")
def _(da, h, W, b):
    dW = np.zeros(W.shape)
    for j in range(len(da)):
        dW[:, j] = h
    return dW
@wrong("linear_vjp_b", "wrong-shape", "wrong-axis", label="da.sum(axis=0), as for a batch",
       astray="missing-upstream transposed unsummed-axis averaged-not-summed value-instead-of-mask")
def _(da, h, W, b):
    return da.sum(axis=0)
@wrong("elementwise_vjp", "wrong-variable", "wrong-local-derivative", "wrong-value", label="f'(dy * z)",
       astray="matrix-product-for-elementwise diagonal-jacobian wrong-sign passed-through")
def _(dy, derivative, z):
    return derivative(dy * z)
@wrong("jacobian_from_vjp", "wrong-value", "wrong-local-derivative", label="the unit vector is not cleared: ones pile up",
       astray="transposed wrong-order missing-upstream stale-state")
def _(vjp, x, output_size):
    J = np.zeros((output_size, len(x)))
    e = np.zeros(output_size)
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J
@wrong("jacobian_from_vjp", "integer-truncation", "lost-precision", label="table of the type of x",
       astray="transposed wrong-local-derivative wrong-order wrong-axis")
def _(vjp, x, output_size):
    J = np.zeros((output_size, len(x)), dtype=x.dtype)
    I = np.eye(output_size)
    for i in range(output_size):
        J[i, :] = vjp(I[i])
    return J
@wrong("network_vjp", "swapped-inputs", "wrong-order", "wrong-shape", label="returns dx, dW1, dW2, db1, db2",
       astray="forgot-chain wrong-local-derivative missing-transpose wrong-variable")
def _(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    y1 = sigma(z1)
    dy1 = dy @ W2.T
    dz1 = dy1 * y1 * (1 - y1)
    dx = dz1 @ W1.T
    dW1 = np.outer(x, dz1)
    dW2 = np.outer(y1, dy)
    return dx, dW1, dW2, dz1, dy
@wrong("network_vjp", "forgot-chain", "wrong-variable", "wrong-local-derivative", label="dx from dy1, past the sigmoid",
       astray="swapped-inputs missing-transpose wrong-order transposed")
def _(dy, x, W1, b1, W2, b2):
    y1 = sigma(x @ W1 + b1)
    dW2 = np.outer(y1, dy)
    db2 = dy
    dy1 = W2 @ dy
    dx = W1 @ dy1
    dz1 = dy1 * (y1 - y1 ** 2)
    dW1 = np.outer(x, dz1)
    db1 = dz1
    return dx, dW1, db1, dW2, db2

@right("numerical_jacobian", "one list comprehension over the rows of eye")
def _(f, x, h=1e-5):
    return np.column_stack([np.subtract(f(x + h * e), f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
@right("linear_jacobian_W", "einsum with eye")
def _(h, W, b): return np.einsum("a,jb->jab", h, np.eye(W.shape[1]))
@right("network_vjp", "einsum, and the sigmoid's slope by cosh")
def _(dy, x, W1, b1, W2, b2):
    z = np.einsum("d,dh->h", x, W1) + b1; dz = np.einsum("m,hm->h", dy, W2) / (4 * np.cosh(z / 2) ** 2)
    return np.einsum("h,dh->d", dz, W1), np.einsum("d,h->dh", x, dz), dz, np.einsum("h,m->hm", (1 + np.tanh(z / 2)) / 2, dy), 1.0 * dy


# ---------------------------------------------------------------- 04 activations
@wrong("linear_composition", "wrong-order", "wrong-variable", "raised-error", label="W first, then b @ W with the new W",
       astray="dropped-path missing-transpose mutated-input matrix-product-for-elementwise")
def _(weights, biases):
    W = weights[0]
    b = biases[0]
    for i in range(1, len(weights)):
        W = W @ weights[i]
        b = b @ W + biases[i]
    return W, b
@wrong("sigmoid_backward", "wrong-local-derivative", "missing-upstream", "wrong-value", label="brackets lost: dy * y - y**2",
       astray="wrong-variable forward-instead-of-backward wrong-sign constant-factor")
def _(dy, y):
    return dy * y - y ** 2
@wrong("tanh_backward", "wrong-local-derivative", "wrong-value", label="(1 - y)**2 for 1 - y**2",
       astray="wrong-variable missing-upstream wrong-sign value-instead-of-mask")
def _(dy, y):
    return dy * (1 - y) ** 2
@wrong("relu_backward", "wrong-mask", "passed-through", label="np.where(z, dy, 0): the comparison is missing",
       astray="missing-upstream value-instead-of-mask mutated-input wrong-sign")
def _(dy, z):
    return np.where(z, dy, 0)
@wrong("relu_backward", "wrong-mask", "unused-parameter", "wrong-variable", label="the ReLU of dy",
       astray="value-instead-of-mask missing-upstream mutated-input passed-through")
def _(dy, z):
    return np.maximum(0, dy)
@wrong("leaky_relu_backward", "raised-error", "not-implemented", label="a typo: alhpa",
       astray="unused-parameter truth-of-an-array wrong-mask wrong-local-derivative")
def _(dy, z, alpha):
    return np.where(z > 0, dy, alhpa * dy)
@wrong("relu_subdifferential", "wrong-mask", "wrong-value", "wrong-local-derivative", label="[0, 1] for every z >= 0",
       astray="swapped-inputs wrong-sign double-counted-tie wrong-shape")
def _(z):
    z = np.asarray(z)
    low = np.zeros(z.shape)
    high = np.where(z >= 0, 1.0, 0.0)
    return low, high
@wrong("is_subgradient", "first-row-only", "wrong-value", label="return True indented into the loop",
       astray="lost-precision wrong-sign wrong-type wrong-axis unused-parameter")
def _(v, f, x0, points):
    for x in points:
        gap = f(x) - f(x0) - v @ (x - x0)
        if gap < -1e-9 * (1 + abs(f(x)) + abs(f(x0))):
            return False
        return True
@wrong("is_subgradient", "unused-parameter", "wrong-value", label="np.all of a generator is always true",
       astray="first-row-only wrong-sign lost-precision wrong-axis")
def _(v, f, x0, points):
    return bool(np.all(f(x) - f(x0) >= v @ (x - x0) - 1e-9 for x in points))
@wrong("max_backward", "wrong-mask", "broadcast-blow-up", "wrong-value", label="dz[..., argmax] = dy: the columns of every row",
       astray="double-counted-tie missing-upstream value-instead-of-mask mutated-input")
def _(dy, z):
    dz = np.zeros(z.shape)
    dz[..., z.argmax(axis=-1)] = dy
    return dz
@wrong("max_pool_backward", "wrong-mask", "wrong-value", label="argmax within the window, start not added",
       astray="overwritten-gradient double-counted-tie unused-parameter missing-upstream")
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = z[..., k * stride:k * stride + size]
        winner = window.argmax(axis=-1)
        for i in range(size):
            dz[..., i] += dy[..., k] * (winner == i)
    return dz
@wrong("max_pool_backward", "unused-parameter", "raised-error", "wrong-mask", label="windows start at k * size, stride not used",
       astray="overwritten-gradient double-counted-tie missing-upstream integer-truncation")
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        start = k * size
        winner = z[..., start:start + size].argmax(axis=-1)
        for row in np.ndindex(*dy.shape[:-1]):
            dz[row][start + winner[row]] += dy[row][k]
    return dz
@wrong("prelu_backward", "wrong-local-derivative", "forgot-chain", "wrong-value", label="dalpha = sum of dy on the left, without z",
       astray="unsummed-axis wrong-mask missing-upstream swapped-inputs")
def _(dy, z, alpha):
    dz = np.where(z > 0, dy, alpha * dy)
    dalpha = np.sum(np.where(z > 0, 0, dy))
    return dz, dalpha
@wrong("rrelu_backward", "forward-instead-of-backward", "missing-upstream", "wrong-variable", label="slopes * z on the left",
       astray="wrong-mask unused-parameter swapped-inputs wrong-sign")
def _(dy, z, slopes):
    return np.where(z > 0, dy, slopes * z)
@wrong("softplus_backward", "numerical-differentiation", "lost-precision", label="central difference of log(1 + e^z)",
       astray="wrong-local-derivative not-finite missing-upstream wrong-variable")
def _(dy, z):
    h = 1e-5
    return dy * (np.logaddexp(0, z + h) - np.logaddexp(0, z - h)) / (2 * h)
@wrong("elu_backward", "wrong-variable", "wrong-local-derivative", label="y + alpha from a book, with z for y",
       astray="wrong-mask unused-parameter missing-upstream not-finite")
def _(dy, z, alpha):
    return np.where(z > 0, dy, dy * (z + alpha))
@wrong("maxout_backward", "unused-parameter", "wrong-mask", "wrong-value", label="the winner is chosen without the bias",
       astray="double-counted-tie dropped-path transposed wrong-axis averaged-not-summed")
def _(dy, x, W, b):
    pieces = np.array([x @ W[k] for k in range(len(W))])
    winner = pieces.argmax(axis=0)
    dx = np.zeros(x.shape)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        dz = dy * (winner == k)
        dx += dz @ W[k].T
        dW[k] = x.T @ dz
        db[k] = dz.sum(axis=0)
    return dx, dW, db
@wrong("maxout_backward", "double-counted-tie", "wrong-mask", label="every piece that equals the maximum gets dy",
       astray="dropped-path transposed overwritten-gradient wrong-axis wrong-local-derivative")
def _(dy, x, W, b):
    pieces = np.array([x @ W[k] + b[k] for k in range(len(W))])
    y = pieces.max(axis=0)
    dzs = [dy * (piece == y) for piece in pieces]
    dx = sum(dz @ Wk.T for dz, Wk in zip(dzs, W))
    dW = np.array([x.T @ dz for dz in dzs])
    db = np.array([dz.sum(axis=0) for dz in dzs])
    return dx, dW, db

@right("linear_composition", "one block matrix with a row for the bias")
def _(weights, biases):
    blocks = [np.block([[W, np.zeros((W.shape[0], 1))], [b[None, :], np.ones((1, 1))]]) for W, b in zip(weights, biases)]
    whole = reduce(np.matmul, blocks); return whole[:-1, :-1], whole[-1, :-1]
@right("relu_backward", "sign, one half at the kink")
def _(dy, z): return (np.sign(z) + 1) / 2 * dy
@right("max_pool_backward", "plain loops")
def _(dy, z, size, stride):
    out = np.zeros(z.shape)
    for *row, k in np.ndindex(*dy.shape):
        row = tuple(row); window = list(z[row][k * stride:k * stride + size]); best = max(window)
        out[row][k * stride + window.index(best)] += dy[row][k]
    return out
@right("maxout_backward", "einsum, ties shared out evenly")
def _(dy, x, W, b):
    a = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]; won = a == a.max(0); g = won / won.sum(0) * dy
    return np.einsum("knm,kdm->nd", g, W), np.einsum("nd,knm->kdm", x, g), np.einsum("knm->km", g)


# ---------------------------------------------------------------- 05 softmax and losses
@wrong("softmax", "wrong-axis", "wrong-value", label="divided by the sum over the whole batch",
       astray="not-finite mutated-input extra-axis averaged-not-summed")
def _(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()
@wrong("log_softmax", "wrong-value", "dropped-path", "wrong-variable", label="the largest logit is not added back",
       astray="not-finite wrong-axis lost-precision wrong-sign")
def _(z):
    m = z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z - m).sum(axis=-1, keepdims=True))
@wrong("softmax_jacobian", "matrix-product-for-elementwise", "wrong-local-derivative", "wrong-value", label="diag(y) - y @ y.T, one number",
       astray="diagonal-jacobian wrong-sign transposed wrong-shape missing-transpose")
def _(y):
    return np.diag(y) - y @ y.T
@wrong("softmax_backward", "averaged-not-summed", "wrong-local-derivative", "wrong-value", label="the plain mean of dy, not weighted by y",
       astray="diagonal-jacobian wrong-axis wrong-sign missing-upstream")
def _(dy, y):
    return y * (dy - dy.mean(axis=-1, keepdims=True))
@wrong("softmax_backward", "wrong-local-derivative", "wrong-value", label="y missing at the second term",
       astray="diagonal-jacobian wrong-axis averaged-not-summed missing-upstream")
def _(dy, y):
    s = (dy * y).sum(axis=-1, keepdims=True)
    return dy * y - s
@wrong("log_softmax_backward", "diagonal-jacobian", "dropped-path", "unsummed-axis", label="dy - p * dy, no sum over the row",
       astray="wrong-variable wrong-axis wrong-sign missing-upstream")
def _(dy, y):
    p = np.exp(y)
    return dy - p * dy
@wrong("squared_error_backward", "wrong-sign", "wrong-value", label="f - y twice",
       astray="constant-factor swapped-inputs missing-upstream averaged-twice")
def _(f, y):
    d = f - y
    return d, d
@wrong("kl_divergence_backward", "truth-of-an-array", "raised-error", label="-d / y if d > 0 else 0",
       astray="wrong-local-derivative not-finite wrong-mask wrong-sign")
def _(y, d):
    return -d / y if d > 0 else 0.0
@wrong("cross_entropy_backward", "wrong-mask", "wrong-axis", "wrong-value", label="p[:, labels]: whole columns",
       astray="not-averaged averaged-twice wrong-sign missing-upstream")
def _(p, labels):
    N = len(p)
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / (N * p[:, labels])
    return dp
@wrong("cross_entropy_backward", "averaged-twice", "constant-factor", label="divided by p.size, N times C",
       astray="not-averaged wrong-mask wrong-sign wrong-axis")
def _(p, labels):
    onehot = np.zeros(p.shape)
    onehot[np.arange(len(p)), labels] = 1
    return -onehot / p / p.size
@wrong("sigmoid_mse_backward", "not-finite", "wrong-value", label="own sigmoid, e^z / (1 + e^z)",
       astray="forgot-chain wrong-sign wrong-variable wrong-local-derivative")
def _(z, d):
    s = np.exp(z) / (1 + np.exp(z))
    return (s - d) * s * (1 - s)
@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "wrong-value", label="the sigmoid's slope left in, as for the MSE",
       astray="wrong-sign not-finite forgot-chain averaged-twice")
def _(z, d):
    p = sigmoid(z)
    return (p - d) * p * (1 - p)
@wrong("softmax_cross_entropy_backward", "wrong-axis", "constant-factor", "not-averaged", label="divided by C instead of N",
       astray="wrong-sign wrong-mask not-finite missing-upstream")
def _(z, labels):
    p = softmax(z)
    p[range(len(labels)), labels] -= 1
    return p / p.shape[1]

@right("softmax_backward", "a Jacobian for each row")
def _(dy, y):
    J = y[..., :, None] * (np.eye(y.shape[-1]) - y[..., None, :]); return (J @ dy[..., None])[..., 0]
@right("log_softmax", "logaddexp.reduce")
def _(z): return z - np.logaddexp.reduce(1.0 * z, axis=-1, keepdims=True)
@right("cross_entropy_backward", "take and put along the axis")
def _(p, labels):
    at = np.reshape(labels, (-1, 1)); out = np.zeros(p.shape)
    np.put_along_axis(out, at, -1 / (np.take_along_axis(p, at, 1) * len(p)), 1); return out
@right("sigmoid_cross_entropy_backward", "np.vectorize over math.exp")
def _(z, d):
    one = lambda u, t: (1 / (1 + math.exp(-u)) if u >= 0 else 1 - 1 / (1 + math.exp(u))) - t
    return np.vectorize(one, otypes=[float])(z, d)


# ---------------------------------------------------------------- 06 backpropagation
@wrong("extended_layer_backward", "wrong-order", "wrong-value", label="the constant 1 at the end, bias in the last row",
       astray="wrong-shape missing-upstream missing-transpose wrong-local-derivative")
def _(dz, y_prev, w):
    y = np.append(y_prev, 1)
    dw = np.outer(y, dz)
    dy_prev = w[:-1] @ dz
    return dy_prev, dw
@wrong("linear_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="dW and db averaged over the batch",
       astray="transposed wrong-axis missing-transpose not-averaged")
def _(dz, x, W):
    N = x.shape[0]
    dx = dz @ W.T
    dW = x.T @ dz / N
    db = dz.mean(axis=0)
    return dx, dW, db
@wrong("linear_backward", "swapped-inputs", "wrong-order", "wrong-shape", label="returns dW, db, dx",
       astray="transposed missing-transpose wrong-axis wrong-local-derivative")
def _(dz, x, W):
    return x.T @ dz, dz.sum(axis=0), dz @ W.T
@wrong("broadcast_backward", "unsummed-axis", "wrong-shape", label="sums the new axes only, not those of length 1",
       astray="averaged-not-summed extra-axis transposed missing-upstream")
def _(dy, shape):
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    return dy
@wrong("mlp_forward", "lost-precision", "wrong-value", label="everything in float32",
       astray="wrong-order wrong-mask mutated-input integer-truncation wrong-shape")
def _(x, weights, biases):
    y = np.array(x, dtype=np.float32)
    activations = [y]
    for k in range(len(weights)):
        z = y @ np.array(weights[k], dtype=np.float32) + np.array(biases[k], dtype=np.float32)
        y = np.maximum(z, 0) if k < len(weights) - 1 else z
        activations.append(y)
    return activations
@wrong("mlp_backward", "mutated-input", "stale-state", label="pops the activations off the list",
       astray="wrong-order wrong-mask transposed dropped-path")
def _(dy, activations, weights):
    dweights, dbiases = [], []
    dz = dy
    activations.pop()
    for W in reversed(weights):
        y = activations.pop()
        dweights.insert(0, y.T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = dz @ W.T
        if activations:
            dz = dz * (y > 0)
    return dz, dweights, dbiases
@wrong("mlp_backward", "extra-axis", "wrong-shape", label="db with keepdims",
       astray="wrong-axis unsummed-axis wrong-order transposed wrong-mask")
def _(dy, activations, weights):
    K = len(weights)
    dweights, dbiases = [], []
    dz = dy
    for k in reversed(range(K)):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, np.sum(dz, axis=0, keepdims=True))
        dz = dz @ weights[k].T
        if k > 0:
            dz = np.where(activations[k] > 0, dz, 0)
    return dz, dweights, dbiases
@wrong("activation_memory", "not-implemented", "wrong-type", label="print instead of return",
       astray="wrong-value unused-parameter constant-factor dropped-path")
def _(batch, widths, itemsize=8):
    total = 0
    for width in widths[:-1]:
        total += batch * width * itemsize
    print(total)
@wrong("multiply_backward", "matrix-product-for-elementwise", "wrong-shape", "raised-error", label="rules of a matrix product",
       astray="swapped-inputs missing-transpose transposed wrong-local-derivative")
def _(dy, a, b):
    da = dy @ b.T
    db = a.T @ dy
    return da, db
@wrong("pairwise_product_backward", "wrong-order", "wrong-value", label="tile instead of repeat: dy meets the wrong pair",
       astray="swapped-inputs missing-upstream wrong-sign wrong-shape")
def _(dy, z):
    neighbour = np.zeros(z.shape)
    neighbour[..., 0::2] = z[..., 1::2]
    neighbour[..., 1::2] = z[..., 0::2]
    return np.tile(dy, 2) * neighbour
@wrong("gated_unit_backward", "forgot-chain", "wrong-local-derivative", "wrong-value", label="slope of each branch, without the other branch",
       astray="dropped-path wrong-variable swapped-inputs missing-upstream wrong-sign")
def _(dy, g, c):
    s = sigmoid(g)
    t = np.tanh(c)
    dg = dy * s * (1 - s)
    dc = dy * (1 - t ** 2)
    return dg, dc
@wrong("shared_weight_backward", "wrong-order", "missing-transpose", "raised-error", label="J @ dx in place of dx @ J",
       astray="dropped-path overwritten-gradient forgot-chain missing-upstream")
def _(dx3, jacobians):
    dx2 = jacobians["x3", "x2"] @ dx3
    dx1 = jacobians["x3", "x1"] @ dx3 + jacobians["x2", "x1"] @ dx2
    dw1 = jacobians["x3", "w1"] @ dx3 + jacobians["x1", "w1"] @ dx1
    dw2 = jacobians["x2", "w2"] @ dx2
    return dw1, dw2

@right("broadcast_backward", "axis by axis with add.reduce")
def _(dy, shape):
    for _ in range(np.ndim(dy) - len(shape)): dy = np.add.reduce(dy)
    for axis, n in enumerate(shape): dy = np.add.reduce(dy, axis=axis, keepdims=True) if n == 1 else dy
    return dy
@right("pairwise_product_backward", "stack, then reshape")
def _(dy, z): return np.stack([dy * z[..., 1::2], dy * z[..., ::2]], axis=-1).reshape(z.shape)


# ---------------------------------------------------------------- 07 digits
@wrong("binary_loss_and_gradients", "broadcast-blow-up", "wrong-shape", label="w as a column: (N, 1) - (N,)",
       astray="not-averaged averaged-twice wrong-sign transposed not-finite")
def _(w, b, x, d):
    z = x @ w.reshape(-1, 1) + b
    p = sigmoid(z)
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (p - d) / len(d)
    dw = x.T @ dz
    db = dz.sum()
    return loss, dw, db
@wrong("binary_loss_and_gradients", "averaged-twice", "constant-factor", label="db is a mean of what is divided by N already",
       astray="not-averaged broadcast-blow-up wrong-sign not-finite")
def _(w, b, x, d):
    N = len(x)
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (sigmoid(z) - d) / N
    dw = x.T @ dz
    db = dz.mean()
    return loss, dw, db
@wrong("sgd_step", "raised-error", "wrong-type", label="np.array of a list of arrays of different shapes",
       astray="mutated-input wrong-sign unused-parameter truth-of-an-array")
def _(parameters, gradients, learning_rate):
    return list(np.array(parameters) - learning_rate * np.array(gradients))
@wrong("loss_and_gradients", "wrong-mask", "wrong-value", "wrong-axis", label="loss over [:, labels], whole columns",
       astray="not-averaged not-finite averaged-twice wrong-order forgot-chain")
def _(weights, biases, x, labels):
    N = len(x)
    a = forward(weights, biases, x)
    loss = -log_softmax(a[-1])[:, labels].mean()
    dz = softmax(a[-1])
    dz[np.arange(N), labels] -= 1
    dz = dz / N
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, a[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (a[k] > 0)
    return loss, dweights, dbiases
@wrong("loss_and_gradients", "value-instead-of-mask", "wrong-mask", "wrong-local-derivative", label="times the activation, not its mask",
       astray="not-averaged averaged-twice wrong-order forgot-chain wrong-sign")
def _(weights, biases, x, labels):
    N = len(x)
    activations = forward(weights, biases, x)
    logits = activations[-1]
    loss = -np.mean(log_softmax(logits)[np.arange(N), labels])
    onehot = np.eye(logits.shape[1])[labels]
    dz = (softmax(logits) - onehot) / N
    dweights, dbiases = [], []
    for k in range(len(weights) - 1, -1, -1):
        y = activations[k]
        dweights.append(y.T @ dz)
        dbiases.append(dz.sum(axis=0))
        dz = dz @ weights[k].T * y
    return loss, dweights[::-1], dbiases[::-1]
@wrong("train", "wrong-order", "wrong-value", label="images shuffled, labels not",
       astray="unused-parameter stale-state mutated-input wrong-sign not-finite")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(m, n)) * np.sqrt(2 / m) for m, n in zip(widths, widths[1:])]
    biases = [np.zeros(n) for n in widths[1:]]
    for epoch in range(epochs):
        x = x[rng.permutation(len(x))]
        for i in range(0, len(x), batch_size):
            _, dW, db = good_loss_and_gradients(weights, biases, x[i:i + batch_size], labels[i:i + batch_size])
            weights = good_sgd_step(weights, dW, learning_rate)
            biases = good_sgd_step(biases, db, learning_rate)
    return weights, biases
@wrong("train", "unused-parameter", "stale-state", label="default_rng() without the seed",
       astray="wrong-order wrong-value mutated-input not-finite")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng()
    weights = [rng.normal(size=(m, n)) * np.sqrt(2 / m) for m, n in zip(widths, widths[1:])]
    biases = [np.zeros(n) for n in widths[1:]]
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            _, dW, db = good_loss_and_gradients(weights, biases, x[rows], labels[rows])
            weights = good_sgd_step(weights, dW, learning_rate)
            biases = good_sgd_step(biases, db, learning_rate)
    return weights, biases

@right("binary_loss_and_gradients", "a loop with math")
def _(w, b, x, d):
    N, D = x.shape; loss, dw, db = 0.0, [0.0] * D, 0.0
    for row, t in zip(x.tolist(), d.tolist()):
        z = sum(wi * xi for wi, xi in zip(w.tolist(), row)) + float(b); e = math.exp(-abs(z))
        loss += max(z, 0.0) + math.log1p(e) - t * z; g = ((1 / (1 + e) if z >= 0 else e / (1 + e)) - t) / N; db += g
        dw = [old + g * xi for old, xi in zip(dw, row)]
    return loss / N, np.array(dw), db

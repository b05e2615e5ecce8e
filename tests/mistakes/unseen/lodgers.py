"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 82 under an expected name, 67 under the best of them, one astray, none with
nothing more said than `wrong-value`; all 20 right ones passed. By now they were looked at. `ASTRAY` holds the
names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
from graphlib import TopologicalSorter

import numpy as np

from backprop_course.ops import sigmoid

RIGHT, WRONG, ASTRAY = {}, {}, {}


def right(exercise, label):
    def keep(fn):
        RIGHT.setdefault(exercise, []).append((label, fn))
        return fn
    return keep


def wrong(exercise, label, *names, astray=()):
    def keep(fn):
        WRONG.setdefault(exercise, []).append((label, fn, names))
        if astray:
            ASTRAY[exercise, label] = set(astray)
        return fn
    return keep


# What a student has from the notebooks.
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z):
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = activations[-1] @ W + b
        activations.append(z if layer == len(weights) - 1 else np.maximum(z, 0))
    return activations


def topological_sort(parents):
    order = []
    while len(order) < len(parents):
        free = [n for n in parents if n not in order and all(p in order for p in parents[n])]
        if not free:
            raise ValueError("cycle")
        order.append(free[0])
    return order


def loss_and_gradients(weights, biases, x, labels):
    activations, n = forward(weights, biases, x), np.arange(len(labels))
    logp = log_softmax(activations[-1])
    dz = np.exp(logp)
    dz[n, labels] -= 1
    dz /= len(labels)
    dws, dbs = [], []
    for k in reversed(range(len(weights))):
        dws.insert(0, activations[k].T @ dz)
        dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (activations[k] > 0)
    return -logp[n, labels].mean(), dws, dbs


def sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# ---------------------------------------------------------------- 01 chain rule


@wrong("central_difference", "/ 2 * h without brackets", "constant-factor", "wrong-value",
       astray={"forgot-chain", "wrong-variable", "lost-precision"})
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


@wrong("central_difference", "sets its own h", "unused-parameter", "lost-precision",
       astray={"constant-factor", "wrong-sign"})
def central_difference(f, x, h=1e-5):
    h = 1e-3
    return (f(x + h) - f(x - h)) / (2 * h)


@right("central_difference", "np.diff of the two values")
def central_difference(f, x, h=1e-5):
    return np.diff([f(x - h), f(x + h)])[0] * 0.5 / h


@wrong("exp_sin_square_derivative", "cos(x) squared for cos of x squared", "wrong-variable", "wrong-local-derivative",
       "wrong-value", astray={"forgot-chain", "wrong-sign", "constant-factor"})
def exp_sin_square_derivative(x):
    return np.exp(np.sin(x ** 2)) * np.cos(x) ** 2 * 2 * x


@wrong("chain_derivative", "both lists reversed", "wrong-order", "wrong-variable", "wrong-value",
       astray={"forgot-chain", "wrong-sign"})
def chain_derivative(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(functions[::-1], derivatives[::-1]):
        slope = slope * df(x)
        x = f(x)
    return slope


@right("chain_derivative", "all stages first, then backward")
def chain_derivative(functions, derivatives, x):
    stages = [x]
    for f in functions:
        stages.append(f(stages[-1]))
    slope = 1.0
    for k in range(len(functions) - 1, -1, -1):
        slope *= derivatives[k](stages[k])
    return slope


@wrong("distributed_derivative", "sum of partials times sum of slopes", "wrong-value", "wrong-local-derivative",
       astray={"dropped-path", "averaged-not-summed", "wrong-variable"})
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    total = 0
    for dg in inner_derivatives:
        total += dg(x)
    return sum(f_partials(z)) * total


@right("distributed_derivative", "dot of two lists")
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    return np.dot(list(f_partials(np.asarray([g(x) for g in inner]))), [d(x) for d in inner_derivatives])


@wrong("partial_and_total", "y(x) where dy_dx(x) belongs", "wrong-local-derivative", "value-instead-of-mask", "forgot-chain",
       "wrong-variable", astray={"dropped-path", "swapped-inputs", "wrong-order"})
def partial_and_total(df_dx, df_dy, y, dy_dx, x):
    partial = df_dx(x, y(x))
    total = partial + df_dy(x, y(x)) * y(x)
    return partial, total


@wrong("squared_error_node_gradients", "dz = df * z, as if z were multiplied", "wrong-local-derivative",
       "value-instead-of-mask", "swapped-inputs", astray={"forgot-chain", "missing-upstream"})
def squared_error_node_gradients(x, y, z, t):
    df = 2 * (x * y + z - t)
    return df * y, df * x, df * z


# ---------------------------------------------------------------- 02 computational graphs


@wrong("add_gate_backward", "distributes taken as: half to each", "constant-factor", "wrong-local-derivative",
       astray={"double-counted-tie", "missing-upstream", "dropped-path"})
def add_gate_backward(dy, a, b):
    return dy / 2, dy / 2


@wrong("multiply_gate_backward", "copied line: both get b", "swapped-inputs", "wrong-variable", "wrong-local-derivative",
       astray={"missing-upstream", "wrong-order"})
def multiply_gate_backward(dy, a, b):
    da = dy * b
    db = dy * b
    return da, db


@wrong("max_gate_backward", "strict on both sides: a tie gets nothing", "wrong-mask", "dropped-path",
       astray={"double-counted-tie", "missing-upstream", "swapped-inputs"})
def max_gate_backward(dy, a, b):
    da = np.where(a > b, dy, 0)
    db = np.where(b > a, dy, 0)
    return da, db


@wrong("max_gate_backward", "if with .all() to silence NumPy", "truth-of-an-array", "wrong-mask",
       astray={"swapped-inputs", "missing-upstream", "double-counted-tie"})
def max_gate_backward(dy, a, b):
    zero = np.zeros(np.shape(dy))
    if np.all(a > b):
        return dy, zero
    else:
        return zero, dy


@right("max_gate_backward", "with the sign of the difference")
def max_gate_backward(dy, a, b):
    s = np.sign(np.subtract(a, b))
    return dy * (1 + s) / 2, dy * (1 - s) / 2


@wrong("sigmoid_neuron_backward", "bias gradient is slope * w[2]", "wrong-local-derivative", "wrong-variable",
       "value-instead-of-mask", astray={"wrong-shape", "dropped-path", "forgot-chain"})
def sigmoid_neuron_backward(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    slope = f * (1 - f)
    dw = slope * np.array([x[0], x[1], w[2]])
    dx = slope * np.array([w[0], w[1]])
    return f, dw, dx


@wrong("sigmoid_neuron_backward", "zeros_like of integer weights", "integer-truncation", "wrong-value",
       astray={"wrong-local-derivative", "missing-upstream", "wrong-mask"})
def sigmoid_neuron_backward(w, x):
    z = np.dot(w[:2], x) + w[2]
    f = sigmoid(z)
    dw = np.zeros_like(w)
    dx = np.zeros_like(x)
    for i in range(2):
        dw[i] = f * (1 - f) * x[i]
        dx[i] = f * (1 - f) * w[i]
    dw[2] = f * (1 - f)
    return f, dw, dx


@wrong("softplus_graph_backward", "local slopes, never multiplied", "forgot-chain", "missing-upstream",
       "wrong-local-derivative", astray={"wrong-sign", "wrong-order", "swapped-inputs"})
def softplus_graph_backward(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    dy_db = 1
    dy_dx = b
    return y, dy_da, dy_db, dy_dx


@wrong("fraction_backward", "ds assigned twice", "overwritten-gradient", "dropped-path",
       astray={"wrong-sign", "swapped-inputs"})
def fraction_backward(x, y):
    s = sigmoid(x)
    q = x + y
    top, bottom = x + s, s + q ** 2
    z = top / bottom
    dtop = 1 / bottom
    dx = dtop
    ds = dtop
    dbottom = -top / bottom ** 2
    ds = dbottom
    dq = dbottom * 2 * q
    dx += dq
    dx += ds * s * (1 - s)
    dy = dq
    return z, dx, dy


@wrong("topological_order", "sorted by the number of parents", "wrong-order", "wrong-value",
       astray={"raised-error", "wrong-type"})
def topological_order(parents):
    return sorted(parents, key=lambda node: len(parents[node]))


@wrong("topological_order", "visited set: a ring goes unnoticed", "wrong-value",
       astray={"wrong-order", "raised-error", "wrong-type"})
def topological_order(parents):
    seen, order = set(), []

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


@right("topological_order", "graphlib")
def topological_order(parents):
    return [*TopologicalSorter(parents).static_order()]


@wrong("backpropagate", "visits the dict backwards, not a topological order", "wrong-order", "dropped-path", "wrong-value",
       astray={"overwritten-gradient", "missing-upstream", "wrong-sign"})
def backpropagate(parents, local_derivatives, output):
    grad = {node: 0.0 for node in parents}
    grad[output] = 1.0
    for node in reversed(list(parents)):
        for parent in parents[node]:
            grad[parent] += grad[node] * local_derivatives[node, parent]
    return grad


@wrong("backpropagate", "grad={} as a default: kept from call to call", "stale-state", "wrong-value",
       astray={"overwritten-gradient", "wrong-order", "dropped-path", "missing-upstream"})
def backpropagate(parents, local_derivatives, output, grad={}):
    for node in parents:
        grad.setdefault(node, 0.0)
    grad[output] = 1.0
    for node in topological_sort(parents)[::-1]:
        for parent in parents[node]:
            grad[parent] += grad[node] * local_derivatives[node, parent]
    return grad


@right("backpropagate", "each node asks its children")
def backpropagate(parents, local_derivatives, output):
    known = {output: 1.0}

    def ask(node):
        if node not in known:
            known[node] = sum((local_derivatives[c, node] * ask(c) for c in parents if node in parents[c]), 0.0)
        return known[node]

    # what comes after the output is asked by nobody, but must be 0
    below, todo = set(), [output]
    while todo:
        node = todo.pop()
        below.add(node)
        todo += [p for p in parents[node] if p not in below]
    known.update({n: 0.0 for n in parents if n not in below})
    return {n: ask(n) for n in parents}


# ---------------------------------------------------------------- 03 Jacobians


@wrong("numerical_jacobian", "no copy: plus and minus are the same array", "mutated-input", "wrong-value",
       astray={"transposed", "constant-factor", "wrong-sign"})
def numerical_jacobian(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    columns = []
    for j in range(x.size):
        plus = x
        minus = x
        plus[j] = plus[j] + h
        minus[j] = minus[j] - h
        columns.append((f(plus) - f(minus)) / (2 * h))
    return np.array(columns).T


@right("numerical_jacobian", "steps are rows of the identity")
def numerical_jacobian(f, x, h=1e-5):
    return np.transpose([(np.asarray(f(x + e)) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])


@wrong("chain_jacobians", "off by one: the last factor is left out", "forgot-chain", "wrong-shape", "wrong-value",
       astray={"transposed", "wrong-order", "missing-transpose"})
def chain_jacobians(jacobians):
    J = jacobians[0]
    for k in range(1, len(jacobians) - 1):
        J = jacobians[k] @ J
    return J


@wrong("squared_distance_backward", "return forgotten", "not-implemented", "wrong-type",
       astray={"wrong-sign", "constant-factor", "wrong-axis", "raised-error"})
def squared_distance_backward(x, h):
    difference = x - h
    dx = 2 * difference


@wrong("linear_jacobian_h", "reshape in place of a transpose", "missing-transpose", "transposed", "wrong-order",
       astray={"wrong-shape", "wrong-local-derivative"})
def linear_jacobian_h(h, W, b):
    D, M = W.shape
    return W.reshape(M, D)


@wrong("linear_jacobian_b", "diag(b)", "wrong-local-derivative", "value-instead-of-mask", "wrong-variable",
       astray={"wrong-shape", "transposed", "wrong-mask"})
def linear_jacobian_b(h, W, b):
    return np.diag(b)


@wrong("linear_jacobian_W", "no delta: every column gets h", "wrong-mask", "wrong-value",
       astray={"transposed", "wrong-shape", "first-row-only"})
def linear_jacobian_W(h, W, b):
    D, M = np.shape(W)
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j] = np.outer(h, np.ones(M))
    return J


@right("linear_jacobian_W", "einsum with the identity")
def linear_jacobian_W(h, W, b):
    return np.einsum("a,jb->jab", h, np.eye(np.shape(W)[1]))


@wrong("linear_vjp_h", "* and no sum", "matrix-product-for-elementwise", "unsummed-axis", "wrong-shape",
       astray={"missing-transpose", "missing-upstream", "transposed"})
def linear_vjp_h(da, h, W, b):
    return da * W


@wrong("linear_vjp_W", "outer of h and ones", "missing-upstream", "wrong-local-derivative",
       astray={"transposed", "wrong-variable", "wrong-shape"})
def linear_vjp_W(da, h, W, b):
    return np.outer(h, np.ones(len(da)))


@wrong("linear_vjp_b", "sum(axis=0) of a single row", "wrong-shape", "wrong-axis",
       astray={"unsummed-axis", "missing-upstream", "extra-axis"})
def linear_vjp_b(da, h, W, b):
    return da.sum(axis=0)


@wrong("elementwise_vjp", "dy inside the brackets: derivative(dy * z)", "wrong-variable", "wrong-local-derivative", "wrong-value",
       astray={"passed-through", "wrong-shape", "forward-instead-of-backward"})
def elementwise_vjp(dy, derivative, z):
    return derivative(dy * z)


@wrong("jacobian_from_vjp", "unit vector never set back to 0", "first-row-only", "wrong-value",
       astray={"transposed", "wrong-order", "wrong-shape"})
def jacobian_from_vjp(vjp, x, output_size):
    J = np.zeros((output_size, len(x)))
    e = np.zeros(output_size)
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J


@wrong("network_vjp", "weights first, then biases", "wrong-order", "swapped-inputs", "wrong-shape",
       astray={"forgot-chain", "wrong-variable", "missing-upstream"})
def network_vjp(dy, x, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    dW2, db2 = np.outer(h, dy), dy
    dz = (W2 @ dy) * h * (1 - h)
    dW1, db1 = np.outer(x, dz), dz
    dx = W1 @ dz
    return dx, dW1, dW2, db1, db2


@right("network_vjp", "einsum everywhere, list of five")
def network_vjp(dy, x, W1, b1, W2, b2):
    h = sigmoid(np.einsum("d,dh->h", x, W1) + b1)
    dz = np.einsum("m,hm,h->h", dy, W2, h - h ** 2)
    return [np.einsum("h,dh->d", dz, W1), np.einsum("d,h->dh", x, dz), dz, np.einsum("h,m->hm", h, dy), 1.0 * dy]


@wrong("numerical_hessian", "upper triangle only", "wrong-value", "first-row-only",
       astray={"constant-factor", "diagonal-jacobian", "transposed", "wrong-sign"})
def numerical_hessian(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    E = h * np.eye(D)
    for i in range(D):
        for j in range(i, D):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / (4 * h ** 2)
    return H


# ---------------------------------------------------------------- 04 activations


@wrong("linear_composition", "bias through the product that already holds the next matrix", "wrong-variable", "wrong-order",
       "raised-error", astray={"transposed", "mutated-input", "dropped-path"})
def linear_composition(weights, biases):
    W, b = weights[0], biases[0]
    for k in range(1, len(weights)):
        W = W @ weights[k]
        b = b @ W + biases[k]
    return W, b


@right("linear_composition", "one more row and column for the bias")
def linear_composition(weights, biases):
    total = None
    for W, b in zip(weights, biases):
        W = np.asarray(W, dtype=float)
        layer = np.block([[W, np.zeros((W.shape[0], 1))], [np.atleast_2d(b), np.ones((1, 1))]])
        total = layer if total is None else total @ layer
    return total[:-1, :-1], total[-1, :-1]


@wrong("sigmoid_backward", "dy * y * 1 - y without brackets", "wrong-local-derivative", "wrong-value",
       astray={"missing-upstream", "wrong-variable", "wrong-sign"})
def sigmoid_backward(dy, y):
    return dy * y * 1 - y


@wrong("tanh_backward", "z, which is not given", "raised-error", "wrong-variable",
       astray={"missing-upstream", "wrong-sign", "not-implemented"})
def tanh_backward(dy, y):
    return dy * (1 - np.tanh(z) ** 2)  # noqa: F821


@wrong("relu_backward", "z in the place of 0", "wrong-mask", "value-instead-of-mask", "wrong-value",
       astray={"missing-upstream", "mutated-input", "passed-through"})
def relu_backward(dy, z):
    return np.where(z > 0, dy, z)


@wrong("relu_backward", "comprehension over rows", "truth-of-an-array", "raised-error",
       astray={"wrong-mask", "missing-upstream", "mutated-input"})
def relu_backward(dy, z):
    return np.array([g if v > 0 else 0 for g, v in zip(dy, z)])


@right("relu_backward", "heaviside with 0.3 at the kink")
def relu_backward(dy, z):
    return np.heaviside(z, 0.3) * dy


@wrong("leaky_relu_backward", "the larger of dy and alpha dy", "wrong-mask", "forward-instead-of-backward",
       "wrong-variable", astray={"unused-parameter", "missing-upstream", "passed-through"})
def leaky_relu_backward(dy, z, alpha):
    return np.maximum(dy, alpha * dy)


@wrong("relu_subdifferential", "(high, low)", "wrong-order", "swapped-inputs", "wrong-mask",
       astray={"wrong-shape", "wrong-sign", "missing-upstream"})
def relu_subdifferential(z):
    z = np.asarray(z)
    return np.where(z >= 0, 1.0, 0.0), np.where(z > 0, 1.0, 0.0)


@wrong("is_subgradient", "both returns inside the loop", "first-row-only", "wrong-value",
       astray={"wrong-sign", "lost-precision", "truth-of-an-array"})
def is_subgradient(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
        else:
            return False


@wrong("is_subgradient", "any in place of all", "wrong-value",
       astray={"wrong-sign", "lost-precision", "first-row-only"})
def is_subgradient(v, f, x0, points):
    rise = np.array([f(x) for x in points]) - f(x0)
    run = (points - x0) @ v
    return bool(np.any(rise >= run - 1e-10 * (1 + np.abs(run))))


@wrong("max_backward", "dz[..., argmax] picks columns for all rows", "wrong-mask", "broadcast-blow-up", "wrong-value",
       astray={"missing-upstream", "double-counted-tie", "integer-truncation"})
def max_backward(dy, z):
    dz = np.zeros(z.shape)
    dz[..., z.argmax(axis=-1)] = dy
    return dz


@wrong("max_backward", "z.max() of everything", "wrong-axis", "wrong-mask", "first-row-only",
       astray={"missing-upstream", "wrong-sign", "wrong-shape"})
def max_backward(dy, z):
    mask = z == z.max()
    return dy[..., np.newaxis] * mask / mask.sum()


@wrong("max_pool_backward", "windows start at k", "unused-parameter", "wrong-mask", "wrong-value",
       astray={"overwritten-gradient", "missing-upstream", "double-counted-tie"})
def max_pool_backward(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = z[..., k:k + size]
        best = window.argmax(axis=-1)[..., None]
        mask = np.arange(size) == best
        dz[..., k:k + size] += mask * dy[..., k, None]
    return dz


@wrong("max_pool_backward", "winner's index counted inside the window", "wrong-mask", "wrong-value",
       astray={"overwritten-gradient", "unused-parameter", "double-counted-tie"})
def max_pool_backward(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for index in np.ndindex(dy.shape):
        k = index[-1]
        row = index[:-1]
        window = z[row][k * stride:k * stride + size]
        dz[row + (np.argmax(window),)] += dy[index]
    return dz


@right("max_pool_backward", "row by row, the last of a tie wins")
def max_pool_backward(dy, z, size, stride):
    z = np.asarray(z)
    rows, ups = z.reshape(-1, z.shape[-1]), np.asarray(dy).reshape(-1, np.shape(dy)[-1])
    out = [[0.0] * z.shape[-1] for _ in rows]
    for r, (row, up) in enumerate(zip(rows, ups)):
        for k, g in enumerate(up):
            places = range(k * stride, k * stride + size)
            out[r][max(places, key=lambda i: (row[i], i))] += g
    return np.array(out).reshape(z.shape)


@wrong("prelu_backward", "mean for dalpha", "averaged-not-summed", "constant-factor",
       astray={"wrong-mask", "missing-upstream", "unsummed-axis"})
def prelu_backward(dy, z, alpha):
    dz = np.where(z > 0, dy, alpha * dy)
    dalpha = np.mean(dy * np.where(z > 0, 0, z))
    return dz, dalpha


@wrong("rrelu_backward", "where with its sides exchanged", "wrong-mask", "swapped-inputs",
       astray={"missing-upstream", "wrong-local-derivative", "unused-parameter"})
def rrelu_backward(dy, z, slopes):
    return dy * np.where(z > 0, slopes, 1)


@wrong("softplus_backward", "slope measured, not derived", "numerical-differentiation", "lost-precision",
       astray={"missing-upstream", "wrong-variable", "not-finite"})
def softplus_backward(dy, z):
    h = 1e-3
    return dy * (np.logaddexp(0, z + h) - np.logaddexp(0, z - h)) / (2 * h)


@wrong("softplus_backward", "clips z at 10 against overflow", "lost-precision", "wrong-local-derivative",
       astray={"not-finite", "missing-upstream", "wrong-variable"})
def softplus_backward(dy, z):
    z = np.clip(z, -10, 10)
    return dy / (1 + np.exp(-z))


@right("softplus_backward", "exp of minus softplus(-z)")
def softplus_backward(dy, z):
    return dy * np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


@wrong("elu_backward", "alpha forgotten", "unused-parameter", "wrong-local-derivative",
       astray={"wrong-mask", "value-instead-of-mask", "missing-upstream"})
def elu_backward(dy, z, alpha):
    return dy * np.exp(np.minimum(z, 0))


@wrong("maxout_backward", "all pieces that reach the maximum get dy", "double-counted-tie", "wrong-mask",
       astray={"transposed", "missing-upstream", "overwritten-gradient"})
def maxout_backward(dy, x, W, b):
    pieces = np.array([x @ W[k] + b[k] for k in range(len(W))])
    top = pieces.max(axis=0)
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        dz = dy * (pieces[k] == top)
        dx += dz @ W[k].T
        dW[k] = x.T @ dz
        db[k] = dz.sum(axis=0)
    return dx, dW, db


@wrong("maxout_backward", "pieces compared without their bias", "wrong-mask", "unused-parameter", "wrong-value",
       astray={"transposed", "missing-upstream", "overwritten-gradient"})
def maxout_backward(dy, x, W, b):
    pieces = x @ W
    won = pieces.argmax(axis=0) == np.arange(len(W)).reshape(-1, 1, 1)
    dz = won * dy
    dx = sum(dz[k] @ W[k].T for k in range(len(W)))
    return dx, np.array([x.T @ d for d in dz]), dz.sum(axis=1)


# ---------------------------------------------------------------- 05 softmax and losses


@wrong("softmax", "e / e.sum() without an axis", "wrong-axis", "wrong-value",
       astray={"not-finite", "mutated-input", "wrong-shape"})
def softmax_1(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum()


@wrong("softmax", "z -= max", "mutated-input",
       astray={"not-finite", "wrong-axis", "stale-state"})
def softmax_2(z):
    z -= z.max(axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


@wrong("log_softmax", "the largest logit is never taken off again", "wrong-value", "wrong-variable",
       astray={"not-finite", "wrong-axis", "lost-precision"})
def log_softmax_2(z):
    m = z.max(axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z - m), axis=-1, keepdims=True))


@right("log_softmax", "logaddexp.reduce")
def log_softmax_3(z):
    return z - np.logaddexp.reduce(np.asarray(z, dtype=float), axis=-1)[..., None]


@wrong("softmax_jacobian", "diag(y) - y * y", "matrix-product-for-elementwise", "wrong-local-derivative",
       "broadcast-blow-up", "wrong-value", astray={"diagonal-jacobian", "transposed", "missing-upstream"})
def softmax_jacobian(y):
    return np.diag(y) - y * y


@right("softmax_jacobian", "double loop with a ternary")
def softmax_jacobian(y):
    return np.array([[yi * (1 - yi) if i == j else -yi * yj for j, yj in enumerate(y)] for i, yi in enumerate(y)])


@wrong("softmax_backward", "average taken as the mean", "averaged-not-summed", "wrong-value",
       astray={"diagonal-jacobian", "wrong-axis", "missing-upstream"})
def softmax_backward(dy, y):
    average = (dy * y).mean(axis=-1, keepdims=True)
    return y * (dy - average)


@wrong("softmax_backward", "keepdims forgotten", "wrong-axis", "raised-error", "wrong-value",
       astray={"diagonal-jacobian", "extra-axis", "missing-upstream"})
def softmax_backward(dy, y):
    return y * (dy - np.sum(dy * y, axis=-1))


@wrong("log_softmax_backward", "dy * (1 - p), no sum over the row", "diagonal-jacobian", "unsummed-axis", "dropped-path",
       astray={"wrong-variable", "missing-upstream", "wrong-axis"})
def log_softmax_backward(dy, y):
    return dy - np.exp(y) * dy


@wrong("squared_error_backward", "the target is a constant: zeros", "dropped-path", "wrong-value",
       astray={"wrong-sign", "constant-factor", "swapped-inputs"})
def squared_error_backward(f, y):
    return f - y, np.zeros(np.shape(y))


@wrong("kl_divergence_backward", "-1 / y, without d", "unused-parameter", "wrong-local-derivative", "forgot-chain",
       astray={"wrong-sign", "swapped-inputs", "not-averaged"})
def kl_divergence_backward(y, d):
    return -1 / y


@wrong("cross_entropy_backward", "[:, labels] picks whole columns", "wrong-mask", "wrong-value",
       astray={"not-averaged", "averaged-twice", "wrong-sign", "transposed"})
def cross_entropy_backward(p, labels):
    N = len(p)
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / (N * p[:, labels])
    return dp


@wrong("sigmoid_mse_backward", "stops at the error", "forgot-chain", "wrong-local-derivative",
       astray={"wrong-sign", "constant-factor", "wrong-variable"})
def sigmoid_mse_backward(z, d):
    p = sigmoid(z)
    return p - d


@wrong("sigmoid_cross_entropy_backward", "divided by the number of entries", "averaged-twice", "constant-factor",
       astray={"not-averaged", "forgot-chain", "wrong-variable"})
def sigmoid_cross_entropy_backward(z, d):
    return (sigmoid(z) - d) / np.size(z)


@wrong("softmax_cross_entropy_backward", "p[labels] -= 1: rows, not entries", "wrong-mask", "raised-error", "wrong-axis",
       astray={"not-averaged", "averaged-twice", "wrong-sign"})
def softmax_cross_entropy_backward(z, labels):
    p = softmax(z)
    p[labels] -= 1
    return p / len(z)


@wrong("softmax_cross_entropy_backward", "number of classes from labels.max()", "raised-error", "wrong-shape",
       astray={"not-averaged", "wrong-mask", "missing-transpose"})
def softmax_cross_entropy_backward(z, labels):
    onehot = np.eye(labels.max() + 1)[labels]
    return (softmax(z) - onehot) / len(labels)


@right("softmax_cross_entropy_backward", "labels compared with a range")
def softmax_cross_entropy_backward(z, labels):
    hit = np.reshape(labels, (-1, 1)) == np.arange(np.shape(z)[1])
    return np.where(hit, softmax(z) - 1, softmax(z)) / len(z)


# ---------------------------------------------------------------- 06 backpropagation


@wrong("extended_layer_backward", "bias looked for in the last row", "wrong-order", "wrong-value", "wrong-mask",
       astray={"transposed", "missing-upstream", "wrong-shape"})
def extended_layer_backward(dz, y_prev, w):
    dw = np.outer(np.append(y_prev, 1), dz)
    dy_prev = w[:-1] @ dz
    return dy_prev, dw


@right("extended_layer_backward", "vstack and a sum")
def extended_layer_backward(dz, y_prev, w):
    return (w * dz).sum(axis=1)[1:], np.vstack([dz, [y * dz for y in y_prev]])


@wrong("linear_backward", "dW and db divided by N", "averaged-not-summed", "averaged-twice", "constant-factor",
       astray={"transposed", "missing-upstream", "not-averaged"})
def linear_backward(dz, x, W):
    N = x.shape[0]
    return dz @ W.T, x.T @ dz / N, dz.sum(axis=0) / N


@wrong("linear_backward", "two slips: dW turned round, db a mean", "transposed", "averaged-not-summed",
       astray={"missing-upstream", "wrong-sign", "wrong-variable", "unsummed-axis"})
def linear_backward(dz, x, W):
    dx = np.dot(dz, W.T)
    dW = np.dot(dz.T, x)
    db = np.mean(dz, axis=0)
    return dx, dW, db


@right("linear_backward", "one example after the other")
def linear_backward(dz, x, W):
    dx, dW, db = [], np.zeros(W.shape), np.zeros(W.shape[1])
    for g, row in zip(dz, x):
        dx.append([sum(g * w) for w in W])
        dW += row[:, None] * g
        db += g
    return np.array(dx), dW, db


@wrong("broadcast_backward", "sums the right axes, gives none back", "wrong-shape", "wrong-axis",
       astray={"unsummed-axis", "extra-axis", "averaged-not-summed"})
def broadcast_backward(dy, shape):
    extra = dy.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(shape) if n == 1)
    return dy.sum(axis=axes)


@right("broadcast_backward", "every entry goes home by its index")
def broadcast_backward(dy, shape):
    home, extra = np.zeros(shape), np.ndim(dy) - len(shape)
    for index in np.ndindex(np.shape(dy)):
        home[tuple(min(i, n - 1) for i, n in zip(index[extra:], shape))] += dy[index]
    return home


@wrong("mlp_forward", "ReLU on the last layer too", "wrong-mask", "wrong-value",
       astray={"wrong-shape", "wrong-order", "unused-parameter"})
def mlp_forward(x, weights, biases):
    activations = [x]
    for W, b in zip(weights, biases):
        activations.append(np.maximum(0, activations[-1] @ W + b))
    return activations


@wrong("mlp_backward", "the data are masked as well", "wrong-mask", "wrong-value",
       astray={"wrong-order", "transposed", "missing-upstream"})
def mlp_backward(dy, activations, weights):
    dweights, dbiases = [], []
    dz = dy
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (activations[k] > 0)
    return dz, dweights, dbiases


@wrong("activation_memory", "output counted, input left out", "wrong-value", "wrong-variable", "dropped-path",
       astray={"unused-parameter", "constant-factor", "integer-truncation"})
def activation_memory(batch, widths, itemsize=8):
    return batch * sum(widths[1:]) * itemsize


@wrong("multiply_backward", "product divided by the own factor", "not-finite", "wrong-value",
       astray={"missing-upstream", "wrong-local-derivative", "swapped-inputs"})
def multiply_backward(dy, a, b):
    y = a * b
    with np.errstate(all="ignore"):
        return dy * y / a, dy * y / b


@wrong("pairwise_product_backward", "halves joined, not woven", "wrong-order", "wrong-value",
       astray={"missing-upstream", "wrong-shape", "integer-truncation"})
def pairwise_product_backward(dy, z):
    first, second = z[..., 0::2], z[..., 1::2]
    return np.concatenate([dy * second, dy * first], axis=-1)


@wrong("pairwise_product_backward", "float32 buffer", "lost-precision", "wrong-value",
       astray={"wrong-order", "swapped-inputs", "integer-truncation"})
def pairwise_product_backward(dy, z):
    dz = np.zeros(z.shape, dtype=np.float32)
    dz[..., ::2] = dy * z[..., 1::2]
    dz[..., 1::2] = dy * z[..., ::2]
    return dz


@wrong("gated_unit_backward", "own slopes only, the product gate skipped", "forgot-chain", "wrong-local-derivative",
       astray={"wrong-variable", "swapped-inputs", "missing-upstream"})
def gated_unit_backward(dy, g, c):
    s = sigmoid(g)
    t = np.tanh(c)
    return dy * s * (1 - s), dy * (1 - t ** 2)


@wrong("shared_weight_backward", "x1 heard only from x3", "dropped-path", "forgot-chain",
       astray={"transposed", "wrong-order", "missing-upstream"})
def shared_weight_backward(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    dx1 = dx3 @ jacobians["x3", "x1"]
    dw1 = dx3 @ jacobians["x3", "w1"] + dx1 @ jacobians["x1", "w1"]
    return dw1, dx2 @ jacobians["x2", "w2"]


# ---------------------------------------------------------------- 07 digits


@wrong("binary_loss_and_gradients", "w as a column: (N, 1) meets (N,)", "broadcast-blow-up", "wrong-value",
       astray={"not-averaged", "wrong-sign", "lost-precision", "not-finite"})
def binary_loss_and_gradients(w, b, x, d):
    z = x @ w.reshape(-1, 1) + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (sigmoid(z) - d) / len(d)
    return loss, (x.T @ dz).sum(axis=1), dz.sum()


@wrong("binary_loss_and_gradients", "1e-7 inside the logarithms", "lost-precision", "wrong-value",
       astray={"not-finite", "not-averaged", "wrong-sign"})
def binary_loss_and_gradients(w, b, x, d):
    p = sigmoid(x @ w + b)
    eps = 1e-7
    loss = -np.mean(d * np.log(p + eps) + (1 - d) * np.log(1 - p + eps))
    dz = (p - d) / len(d)
    return loss, dz @ x, dz.sum()


@wrong("sgd_step", "copy of the list, not of its arrays", "mutated-input", "raised-error",
       astray={"wrong-sign", "unused-parameter", "stale-state"})
def sgd_step_1(parameters, gradients, learning_rate):
    new = parameters.copy()
    for k in range(len(new)):
        new[k] -= learning_rate * gradients[k]
    return new


@right("sgd_step", "map")
def sgd_step_2(parameters, gradients, learning_rate):
    return list(map(lambda p, g: np.add(p, -learning_rate * np.asarray(g)), parameters, gradients))


@wrong("loss_and_gradients", "mean over all log-probabilities, labels not picked", "wrong-mask", "averaged-twice", "wrong-value",
       astray={"not-averaged", "not-finite", "wrong-sign", "wrong-order"})
def loss_and_gradients_1(weights, biases, x, labels):
    activations = forward(weights, biases, x)
    logp = log_softmax(activations[-1])
    loss = -logp.mean()
    dz = np.exp(logp)
    dz[np.arange(len(x)), labels] -= 1
    dz = dz / len(x)
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = dz @ weights[k].T * (activations[k] > 0)
    return loss, dweights, dbiases


def random_start(widths, rng):
    weights = [rng.normal(size=(D, M)) * np.sqrt(2 / D) for D, M in zip(widths, widths[1:])]
    return weights, [np.zeros(M) for M in widths[1:]]


@wrong("train", "generator without the seed", "unused-parameter", "stale-state",
       astray={"wrong-sign", "wrong-shape", "mutated-input"})
def train_1(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng()
    weights, biases = random_start(widths, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            _, dw, db = loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = sgd_step(weights, dw, learning_rate)
            biases = sgd_step(biases, db, learning_rate)
    return weights, biases


@wrong("train", "images shuffled, labels not", "wrong-value", "wrong-order",
       astray={"unused-parameter", "stale-state", "wrong-shape", "wrong-sign"})
def train_2(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = random_start(widths, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            _, dw, db = loss_and_gradients(weights, biases, x[batch], labels[start:start + batch_size])
            weights = sgd_step(weights, dw, learning_rate)
            biases = sgd_step(biases, db, learning_rate)
    return weights, biases

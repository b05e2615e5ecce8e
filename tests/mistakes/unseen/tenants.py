"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 83 under an expected name, 73 under the best of them, none astray, one with
nothing more said than `wrong-value`; all 20 right ones passed. By now they were looked at. `ASTRAY` holds the
names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
import numpy as np
RIGHT, WRONG, ASTRAY = {}, {}, {}
def right(exercise, label):
    def keep(fn):
        RIGHT.setdefault(exercise, []).append((label, fn)); return fn
    return keep
def wrong(exercise, label, *names, astray=()):
    def keep(fn):
        WRONG.setdefault(exercise, []).append((label, fn, names))
        if astray: ASTRAY[exercise, label] = set(astray)
        return fn
    return keep


import functools
import graphlib
import math
from types import SimpleNamespace

# ---- what the course gives the student, re-implemented ----------------------------------


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigma(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def _log_softmax(z):
    z = np.asarray(z, dtype=float)
    s = z - z.max(axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


def _softmax(z):
    return np.exp(_log_softmax(z))


ops = SimpleNamespace(
    sigmoid=sigmoid, softmax=_softmax, log_softmax=_log_softmax, relu=lambda z: np.maximum(z, 0)
)


def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = activations[-1] @ W + b
        activations.append(z if layer == len(weights) - 1 else np.maximum(z, 0))
    return activations


def my_loss_and_gradients(weights, biases, x, labels):
    activations = forward(weights, biases, x)
    n = np.arange(len(labels))
    log_p = ops.log_softmax(activations[-1])
    loss = -log_p[n, labels].mean()
    dz = np.exp(log_p)
    dz[n, labels] -= 1
    dz /= len(labels)
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        if k:
            dz = dz @ weights[k].T * (activations[k] > 0)
    return loss, dweights, dbiases


def my_sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# =========================================================================================
# 01-chain-rule
# =========================================================================================


# School: "the derivative is (f(x+h) - f(x)) / h".  Never saw the two-sided one as different.
@wrong("central_difference", "Newton quotient from school", "wrong-value", "lost-precision",
       astray=("constant-factor", "wrong-sign", "unused-parameter"))
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


# Reads "/ 2h" aloud while typing.
@wrong("central_difference", "over two h without brackets", "constant-factor", "wrong-value",
       astray=("wrong-sign", "numerical-differentiation", "lost-precision"))
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


# Knows Python, not NumPy.
@wrong("exp_sin_square_derivative", "math module on arrays", "raised-error", "wrong-type",
       astray=("wrong-shape", "missing-transpose"))
def exp_sin_square_derivative(x):
    u = x ** 2
    return math.exp(math.sin(u)) * math.cos(u) * 2 * x


# "Bring the exponent down and lower it by one", applied to e^u.
@wrong("exp_sin_square_derivative", "power rule on the exponential", "wrong-local-derivative",
       "wrong-value", astray=("forgot-chain", "wrong-variable"))
def exp_sin_square_derivative(x):
    u = np.sin(x ** 2)
    return u * np.exp(u - 1) * np.cos(x ** 2) * 2 * x


# f_n o ... o f_1 is read from right to left, so the student turns the lists round.
@wrong("chain_derivative", "composition read right to left", "wrong-order",
       "wrong-variable", astray=("forgot-chain", "dropped-path"))
def chain_derivative(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(reversed(functions), reversed(derivatives)):
        slope *= df(x)
        x = f(x)
    return slope


# The two lines of the loop body are in the wrong order.
@wrong("chain_derivative", "steps first, slope after", "wrong-variable",
       "wrong-local-derivative", astray=("forgot-chain", "wrong-order"))
def chain_derivative(functions, derivatives, x):
    slope = 1.0
    y = x
    for k in range(len(functions)):
        y = functions[k](y)
        slope = slope * derivatives[k](y)
    return slope


# Thinks of a gradient as a list of contributions and hands back the list.
@wrong("distributed_derivative", "a list of contributions", "unsummed-axis", "wrong-shape",
       "wrong-type", astray=("transposed", "extra-axis"))
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    dz = np.array([dg(x) for dg in inner_derivatives])
    return f_partials(z) * dz


# "Everything at x": the partials are evaluated at (x, x, ..., x).
@wrong("distributed_derivative", "all slopes taken at x", "wrong-variable",
       "wrong-local-derivative", astray=("dropped-path", "unsummed-axis"))
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    at = np.full(len(inner), float(x))
    slopes = f_partials(at)
    return float(sum(s * dg(x) for s, dg in zip(slopes, inner_derivatives)))


# Physics: "f depends on y, y on x, so df/dx = df/dy * dy/dx". The direct way is lost.
@wrong("partial_and_total", "Leibniz cancels the dy", "dropped-path", "wrong-value",
       astray=("forgot-chain", "wrong-sign", "swapped-inputs"))
def partial_and_total(df_dx, df_dy, y, dy_dx, x):
    yx = y(x)
    partial = df_dx(x, yx)
    total = df_dy(x, yx) * dy_dx(x)
    return partial, total


# Statistics: the residual is target minus prediction, and the square "does not care".
@wrong("squared_error_node_gradients", "residual of the statistician", "wrong-sign",
       astray=("constant-factor", "forgot-chain"))
def squared_error_node_gradients(x, y, z, t):
    residual = t - (x * y + z)
    d = 2 * residual
    return d * y, d * x, d


@right("central_difference", "rise over run, with the run as it was stored")
def central_difference(f, x, h=1e-5):
    left, right_ = x - h, x + h
    rise = f(right_) - f(left)
    return rise / (right_ - left)


@right("chain_derivative", "dual numbers folded with reduce")
def chain_derivative(functions, derivatives, x):
    def step(dual, pair):
        value, tangent = dual
        f, df = pair
        return f(value), tangent * df(value)

    return functools.reduce(step, zip(functions, derivatives), (x, 1.0))[1]


@right("squared_error_node_gradients", "multiplied out on paper")
def squared_error_node_gradients(x, y, z, t):
    # L = x²y² + z² + t² + 2xyz - 2xyt - 2zt
    return (
        2 * x * y**2 + 2 * y * z - 2 * y * t,
        2 * x**2 * y + 2 * x * z - 2 * x * t,
        2 * z + 2 * x * y - 2 * t,
    )


# =========================================================================================
# 02-computational-graphs
# =========================================================================================


# "A current that comes to a junction splits in two."
@wrong("add_gate_backward", "Kirchhoff splits the current", "constant-factor",
       astray=("double-counted-tie", "averaged-not-summed"))
def add_gate_backward(dy, a, b):
    return dy / 2, dy / 2


# Both are equal, so why return it twice?
@wrong("add_gate_backward", "one for both", "wrong-type", "wrong-shape", "passed-through",
       astray=("missing-upstream", "unsummed-axis"))
def add_gate_backward(dy, a, b):
    grad = dy * 1
    return grad


# Saves memory.
@wrong("multiply_gate_backward", "reuses the input buffers", "mutated-input", "raised-error",
       astray=("swapped-inputs", "wrong-variable"))
def multiply_gate_backward(dy, a, b):
    a *= dy
    b *= dy
    return b, a


# `if a > b` complained, and the error message said: use a.any() or a.all().
@wrong("max_gate_backward", "did what the error message said", "truth-of-an-array", "wrong-mask",
       astray=("double-counted-tie", "wrong-sign"))
def max_gate_backward(dy, a, b):
    if (a > b).all():
        return dy, np.zeros_like(dy)
    else:
        return np.zeros_like(dy), dy


# "The bias is a constant, and the derivative of a constant is 0."
@wrong("sigmoid_neuron_backward", "constants have no derivative", "dropped-path", "wrong-mask",
       "wrong-local-derivative", astray=("wrong-sign", "swapped-inputs"))
def sigmoid_neuron_backward(w, x):
    z = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1 / (1 + np.exp(-z))
    ds = f * (1 - f)
    dw = np.array([ds * x[0], ds * x[1], 0.0])
    dx = np.array([ds * w[0], ds * w[1]])
    return f, dw, dx


# Appends a 1 to x, and then also returns a gradient for it.
@wrong("sigmoid_neuron_backward", "gradient of the appended one", "wrong-shape",
       astray=("transposed", "unsummed-axis", "swapped-inputs"))
def sigmoid_neuron_backward(w, x):
    w = np.asarray(w, dtype=float)
    x1 = np.append(x, 1.0)
    f = 1 / (1 + np.exp(-(w @ x1)))
    return f, f * (1 - f) * x1, f * (1 - f) * w


# Fills in the column "local derivative" of the table.
@wrong("softplus_graph_backward", "the column of local slopes", "missing-upstream", "forgot-chain",
       "wrong-local-derivative", astray=("wrong-order", "swapped-inputs"))
def softplus_graph_backward(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    da_db = 1.0
    db_dx = b
    return y, dy_da, da_db, db_dx


# Goes row by row through the table; the second mention of dsig wipes out the first.
@wrong("fraction_backward", "dsig assigned twice", "overwritten-gradient", "dropped-path",
       astray=("wrong-sign", "forgot-chain"))
def fraction_backward(x, y):
    sig = 1 / (1 + np.exp(-x))
    top = x + sig
    s = x + y
    bottom = sig + s ** 2
    r = 1 / bottom
    z = top * r
    dtop = r
    dr = top
    dbottom = dr * (-1 / bottom ** 2)
    dx = dtop
    dsig = dtop
    dsig = dbottom
    ds = dbottom * 2 * s
    dx += ds
    dy = ds
    dx += dsig * sig * (1 - sig)
    return z, dx, dy


# "Who has fewer parents comes first."
@wrong("topological_order", "sorted by number of parents", "wrong-order", "missing-error",
       astray=("wrong-type", "out-of-time"))
def topological_order(parents):
    return sorted(parents, key=lambda node: len(parents[node]))


# Depth first search from the algorithms lecture; colours white and black, grey forgotten.
@wrong("topological_order", "depth first without grey", "missing-error",
       astray=("wrong-type", "out-of-time", "raised-error"))
def topological_order(parents):
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


# "Repeat until all are placed", and in a ring nobody ever is.
@wrong("topological_order", "repeat until all are placed", "out-of-time", "missing-error",
       astray=("wrong-order", "wrong-type"))
def topological_order(parents):
    order = []
    while len(order) < len(parents):
        for node in parents:
            if node not in order and all(p in order for p in parents[node]):
                order.append(node)
    return order


# Breadth first from the output: each node hands on at its first turn, ready or not.
@wrong("backpropagate", "breadth first, first come first served", "wrong-order", "dropped-path",
       astray=("overwritten-gradient", "wrong-sign"))
def backpropagate(parents, local_derivatives, output):
    d = {node: 0.0 for node in parents}
    d[output] = 1.0
    queue, seen = [output], {output}
    while queue:
        v = queue.pop(0)
        for u in parents[v]:
            d[u] += d[v] * local_derivatives[v, u]
            if u not in seen:
                seen.add(u)
                queue.append(u)
    return d


# Correct on the way, but the dictionary only ever meets the nodes that matter.
@wrong("backpropagate", "keeps no entry for bystanders", "wrong-type", "wrong-value", "wrong-shape",
       astray=("dropped-path", "overwritten-gradient", "wrong-order"))
def backpropagate(parents, local_derivatives, output):
    order = list(graphlib.TopologicalSorter(parents).static_order())
    d = {output: 1.0}
    for v in reversed(order):
        if v not in d:
            continue
        for u in parents[v]:
            d[u] = d.get(u, 0.0) + d[v] * local_derivatives[v, u]
    return d


@right("max_gate_backward", "half of one plus the sign")
def max_gate_backward(dy, a, b):
    to_a = (1 + np.sign(np.subtract(a, b))) / 2
    return dy * to_a, dy * (1 - to_a)


@right("topological_order", "the standard library has it")
def topological_order(parents):
    # CycleError is a ValueError
    return list(graphlib.TopologicalSorter(parents).static_order())


@right("backpropagate", "Neumann series of the adjacency matrix")
def backpropagate(parents, local_derivatives, output):
    nodes = list(parents)
    place = {node: i for i, node in enumerate(nodes)}
    A = np.zeros((len(nodes), len(nodes)))
    for (child, parent), slope in local_derivatives.items():
        A[place[child], place[parent]] = slope
    row = np.zeros(len(nodes))
    row[place[output]] = 1
    total = row.copy()
    for _ in nodes:
        row = row @ A
        total += row
    return {node: float(total[place[node]]) for node in nodes}


# =========================================================================================
# 03-jacobians
# =========================================================================================


# Copies x, as one should; an integer copy.
@wrong("numerical_jacobian", "nudges an integer copy", "integer-truncation",
       astray=("transposed", "lost-precision", "mutated-input"))
def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        up = np.array(x)
        down = np.array(x)
        up[j] += h
        down[j] -= h
        columns.append((f(up) - f(down)) / (2 * h))
    return np.array(columns).T


# da/dh = W, what else?
@wrong("linear_jacobian_h", "the derivative of hW is W", "transposed", "missing-transpose",
       "wrong-shape", astray=("wrong-order", "wrong-sign"))
def linear_jacobian_h(h, W, b):
    return W + 0.0


# The lecture's slip: every output moves with every weight of the row.
@wrong("linear_jacobian_W", "every slice is full", "wrong-mask", "wrong-value",
       astray=("transposed", "wrong-order", "missing-upstream"))
def linear_jacobian_W(h, W, b):
    D, M = np.shape(W)
    J = np.zeros((M, D, M))
    for j in range(M):
        for alpha in range(D):
            for beta in range(M):
                J[j, alpha, beta] = h[alpha]
    return J


# "b is just added, its derivative is 1."
@wrong("linear_jacobian_b", "a row of ones", "wrong-shape",
       astray=("transposed", "unsummed-axis", "wrong-sign"))
def linear_jacobian_b(h, W, b):
    return np.ones_like(b)


# dh = da J with "J = W" from the notes.
@wrong("linear_vjp_h", "da J with J = W", "missing-transpose", "raised-error",
       astray=("wrong-order", "unsummed-axis"))
def linear_vjp_h(da, h, W, b):
    return np.asarray(da) @ np.asarray(W)


# Rule x.T @ dz, learnt for batches; .T does nothing to one row.
@wrong("linear_vjp_W", "the rule for batches on one row", "matrix-product-for-elementwise",
       "raised-error", "wrong-shape", astray=("unsummed-axis", "transposed"))
def linear_vjp_W(da, h, W, b):
    h, da = np.asarray(h), np.asarray(da)
    return h.T @ da


# "The bias gradient is the sum", from every tutorial.
@wrong("linear_vjp_b", "tutorials sum the bias", "wrong-shape",
       astray=("unsummed-axis", "averaged-not-summed"))
def linear_vjp_b(da, h, W, b):
    return np.sum(da, axis=0)


# Right for one and for two; the rest is multiplied on in reading order.
@wrong("chain_jacobians", "last one first, then reading order", "wrong-order", "raised-error",
       astray=("missing-transpose", "transposed"))
def chain_jacobians(jacobians):
    J = jacobians[-1]
    for K in jacobians[:-1]:
        J = J @ K
    return J


# vector-Jacobian *product*: a dot.
@wrong("elementwise_vjp", "product means dot", "matrix-product-for-elementwise", "wrong-shape",
       astray=("diagonal-jacobian", "unsummed-axis"))
def elementwise_vjp(dy, derivative, z):
    return np.dot(dy, derivative(np.asarray(z)))


# One unit vector made before the loop; the old 1 is never taken back.
@wrong("jacobian_from_vjp", "the old one is not taken back", "first-row-only", "wrong-value",
       astray=("transposed", "wrong-order"))
def jacobian_from_vjp(vjp, x, output_size):
    e = np.zeros(output_size)
    rows = []
    for i in range(output_size):
        e[i] = 1
        rows.append(vjp(e.copy()))
    return np.stack(rows)


# A distance has a root in it.
@wrong("squared_distance_backward", "gradient of the distance", "wrong-local-derivative",
       "wrong-value", "forgot-chain", astray=("wrong-sign", "averaged-not-summed"))
def squared_distance_backward(x, h):
    e = np.asarray(x) - np.asarray(h)
    return e / np.sqrt((e ** 2).sum())


# Two central differences, but only one of the denominators got its 2.
@wrong("numerical_hessian", "the four became a two", "constant-factor",
       astray=("wrong-mask", "transposed", "lost-precision"))
def numerical_hessian(f, x, h=1e-4):
    x = np.asarray(x, dtype=float)
    D = len(x)
    E = h * np.eye(D)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(D):
            H[i, j] = (
                f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])
            ) / (2 * h ** 2)
    return H


# The limit is h -> 0, so a smaller h must be better.
@wrong("numerical_hessian", "smaller must be better", "unused-parameter", "lost-precision",
       astray=("transposed", "constant-factor", "wrong-order"))
def numerical_hessian(f, x, h=1e-4):
    h = 1e-8
    x = np.asarray(x, dtype=float)
    D = len(x)
    E = h * np.eye(D)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(D):
            H[i, j] = (
                f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])
            ) / (4 * h * h)
    return H


# Has h, and calls the slope of sigma on it.
@wrong("network_vjp", "sigma of what was sigma already", "wrong-variable",
       "wrong-local-derivative", astray=("missing-transpose", "swapped-inputs"))
def network_vjp(dy, x, W1, b1, W2, b2):
    h = sigma(x @ W1 + b1)
    dh = W2 @ dy
    slope = sigma(h) * (1 - sigma(h))
    dz = dh * slope
    return W1 @ dz, np.outer(x, dz), dz, np.outer(h, dy), dy


@right("linear_jacobian_W", "Kronecker product, read column by column")
def linear_jacobian_W(h, W, b):
    D, M = np.shape(W)
    return np.kron(np.eye(M), h).reshape(M, D, M, order="F")


@right("chain_jacobians", "denominator layout, turned at the end")
def chain_jacobians(jacobians):
    product = np.eye(np.shape(jacobians[0])[1])
    for J in jacobians:
        product = product @ np.transpose(J)
    return product.T


@right("linear_vjp_W", "through the big tensor after all")
def linear_vjp_W(da, h, W, b):
    D, M = np.shape(W)
    J = np.einsum("a,jb->jab", h, np.eye(M))
    return np.tensordot(da, J, axes=1)


# =========================================================================================
# 04-activations
# =========================================================================================


# Multiplies the matrices and keeps the bias that "is added last".
@wrong("linear_composition", "only the last bias survives", "dropped-path",
       astray=("wrong-order", "transposed"))
def linear_composition(weights, biases):
    W = weights[0]
    for V in weights[1:]:
        W = W @ V
    return W, biases[-1] + 0.0


# Formula collection: sigma' = e^-x / (1 + e^-x)^2, and x is what the function is given.
@wrong("sigmoid_backward", "the formula collection says x", "wrong-variable",
       "wrong-local-derivative", astray=("forgot-chain", "wrong-sign"))
def sigmoid_backward(dy, y):
    e = np.exp(-y)
    return dy * e / (1 + e) ** 2


# Copied the sigmoid's cell, and changed the name.
@wrong("tanh_backward", "the cell above with a new name", "wrong-local-derivative",
       astray=("wrong-variable", "missing-upstream", "forgot-chain"))
def tanh_backward(dy, y):
    return dy * y * (1 - y)


# Stack Overflow: "clip your logits".
@wrong("softplus_backward", "clip your logits", "lost-precision",
       astray=("not-finite", "wrong-variable"))
def softplus_backward(dy, z):
    z = np.clip(z, -8, 8)
    return dy / (1 + np.exp(-z))


# Backward through a ReLU is a ReLU on the gradient (a deconvnet).
@wrong("relu_backward", "relu on the way back too", "wrong-mask", "unused-parameter",
       astray=("value-instead-of-mask", "wrong-sign"))
def relu_backward(dy, z):
    return np.maximum(dy, 0)


# Heaviside with 1 or with 0 at the jump; which one was the low one?
@wrong("relu_subdifferential", "Heaviside the wrong way round", "swapped-inputs", "wrong-order",
       astray=("wrong-sign", "missing-upstream"))
def relu_subdifferential(z):
    z = np.asarray(z, dtype=float)
    return np.heaviside(z, 1.0), np.heaviside(z, 0.0)


# The else belongs to the loop and was tied to the if.
@wrong("is_subgradient", "decides at the first point", "first-row-only",
       astray=("lost-precision", "wrong-sign"))
def is_subgradient(v, f, x0, points):
    for x in points:
        gap = f(x) - f(x0) - np.dot(v, x - x0)
        if gap < -1e-9 * (1 + abs(f(x)) + abs(f(x0))):
            return False
        else:
            return True


# leaky(z) = max(z, alpha z), so ask which of the two has won.
@wrong("leaky_relu_backward", "asks which of the two is larger", "wrong-mask",
       astray=("unused-parameter", "wrong-sign", "missing-upstream"))
def leaky_relu_backward(dy, z, alpha):
    return dy * np.where(z > alpha * z, 1.0, alpha)


# The branch of the forward pass copied as it stood.
@wrong("elu_backward", "the forward branch as it stood", "value-instead-of-mask",
       "wrong-local-derivative", astray=("wrong-mask", "wrong-sign", "unused-parameter"))
def elu_backward(dy, z, alpha):
    return dy * np.where(z > 0, 1.0, alpha * (np.exp(np.minimum(z, 0)) - 1))


# Masks as factors, as with the ReLU: 0 * inf.
@wrong("elu_backward", "masks as factors", "not-finite",
       astray=("wrong-mask", "wrong-local-derivative", "lost-precision"))
def elu_backward(dy, z, alpha):
    z = np.asarray(z, dtype=float)
    with np.errstate(over="ignore", invalid="ignore"):
        slope = (z > 0) + (z <= 0) * alpha * np.exp(z)
    return dy * slope


# A parameter is summed over the batch, "like a bias".
@wrong("prelu_backward", "alpha summed like a bias", "unsummed-axis", "wrong-shape", "wrong-axis",
       astray=("wrong-mask", "averaged-not-summed"))
def prelu_backward(dy, z, alpha):
    dy, z = np.asarray(dy), np.asarray(z)
    dz = np.where(z > 0, dy, alpha * dy)
    dalpha = (dy * np.minimum(z, 0)).sum(axis=0)
    return dz, dalpha


# PyTorch's manual: "in evaluation the slope is the mean".
@wrong("rrelu_backward", "the mean slope of evaluation mode", "wrong-local-derivative",
       "wrong-value", astray=("wrong-mask", "not-averaged", "constant-factor"))
def rrelu_backward(dy, z, slopes):
    return np.where(np.asarray(z) > 0, dy, dy * np.mean(slopes))


# Winner = whoever equals the maximum. Twins both win.
@wrong("maxout_backward", "twins both win", "double-counted-tie",
       astray=("overwritten-gradient", "dropped-path", "wrong-axis"))
def maxout_backward(dy, x, W, b):
    pieces = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]
    won = pieces == pieces.max(axis=0)
    dz = won * dy
    dx = np.einsum("knm,kdm->nd", dz, W)
    dW = np.einsum("nd,knm->kdm", x, dz)
    db = dz.sum(axis=1)
    return dx, dW, db


# dz[..., argmax] was fine for one row.
@wrong("max_backward", "columns picked for everybody", "wrong-mask", "broadcast-blow-up",
       "first-row-only", astray=("integer-truncation", "double-counted-tie"))
def max_backward(dy, z):
    dz = np.zeros(np.shape(z))
    dz[..., np.argmax(z, axis=-1)] = dy
    return dz


# argmax counts from the window's left edge, dz from its own.
@wrong("max_pool_backward", "window index used as place", "wrong-mask", "wrong-value",
       astray=("overwritten-gradient", "double-counted-tie", "integer-truncation"))
def max_pool_backward(dy, z, size, stride):
    z, dy = np.asarray(z), np.asarray(dy)
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = z[..., k * stride : k * stride + size]
        winner = window.argmax(axis=-1)
        for row in np.ndindex(*z.shape[:-1]):
            dz[row + (winner[row],)] += dy[row + (k,)]
    return dz


@right("linear_composition", "homogeneous coordinates")
def linear_composition(weights, biases):
    total = np.eye(np.shape(weights[0])[0] + 1)
    for W, b in zip(weights, biases):
        D, M = np.shape(W)
        block = np.zeros((D + 1, M + 1))
        block[:D, :M] = W
        block[D, :M] = b
        block[D, M] = 1
        total = total @ block
    return total[:-1, :-1], total[-1, :-1]


@right("elu_backward", "output plus alpha")
def elu_backward(dy, z, alpha):
    left = alpha * np.expm1(np.minimum(z, 0))
    return dy * np.where(np.greater(z, 0), 1, left + alpha)


@right("relu_backward", "Heaviside with a third at the corner")
def relu_backward(dy, z):
    return np.multiply(dy, np.heaviside(np.asarray(z, float), 1 / 3))


@right("max_pool_backward", "scatter with add.at")
def max_pool_backward(dy, z, size, stride):
    z, dy = np.asarray(z), np.asarray(dy, dtype=float)
    flat = z.reshape(-1, z.shape[-1])
    grads = dy.reshape(len(flat), -1)
    starts = np.arange(grads.shape[1]) * stride
    places = starts[:, None] + np.arange(size)
    winners = starts + flat[:, places].argmax(axis=-1)
    dz = np.zeros(flat.shape)
    np.add.at(dz, (np.arange(len(flat))[:, None], winners), grads)
    return dz.reshape(z.shape)


# =========================================================================================
# 05-softmax-and-losses
# =========================================================================================


# From MATLAB, where a sample is a column and sum() goes down.
@wrong("softmax", "sums down the columns", "wrong-axis",
       astray=("not-finite", "transposed", "constant-factor"))
def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=0)


# "Add a small epsilon, so that the log does not explode."
@wrong("log_softmax", "epsilon in the logarithm", "lost-precision",
       astray=("wrong-axis", "forward-instead-of-backward", "not-finite"))
def log_softmax(z):
    p = ops.softmax(z)
    return np.log(p + 1e-12)


# p_i (delta - p_j) typed as it reads; NumPy lines p up with the columns both times.
@wrong("softmax_jacobian", "both factors along the columns", "wrong-local-derivative", "wrong-axis",
       "wrong-value", astray=("diagonal-jacobian", "wrong-sign", "transposed"))
def softmax_jacobian(y):
    y = np.asarray(y, dtype=float)
    return y * (np.eye(len(y)) - y)


# The text says: each row needs an average of its own.
@wrong("softmax_backward", "average means mean", "averaged-not-summed", "wrong-value",
       astray=("diagonal-jacobian", "wrong-axis", "dropped-path"))
def softmax_backward(dy, y):
    average = np.mean(dy * y, axis=-1, keepdims=True)
    return y * (dy - average)


# autograd habit: a backward pass starts by redoing the forward pass.
@wrong("softmax_backward", "redoes the forward pass", "wrong-variable", "wrong-value",
       "wrong-local-derivative", astray=("diagonal-jacobian", "wrong-axis", "dropped-path"))
def softmax_backward(dy, y):
    p = ops.softmax(y)
    return p * dy - p * (p * dy).sum(axis=-1, keepdims=True)


# The formula has p, the argument is y, and in the exercise before they were the same.
@wrong("log_softmax_backward", "y was p in the exercise before", "wrong-variable",
       "wrong-local-derivative", astray=("dropped-path", "diagonal-jacobian", "wrong-axis"))
def log_softmax_backward(dy, y):
    return dy - y * np.sum(dy, axis=-1, keepdims=True)


# (f - y)² is symmetric, so both get the same.
@wrong("squared_error_backward", "symmetric, so the same", "wrong-sign",
       astray=("constant-factor", "swapped-inputs", "averaged-not-summed"))
def squared_error_backward(f, y):
    e = f - y
    return e, e


# d log u = 1/u, with u = d/y; what stands inside u is forgotten.
@wrong("kl_divergence_backward", "one over the quotient", "forgot-chain", "wrong-local-derivative",
       "not-finite", astray=("missing-upstream", "wrong-sign"))
def kl_divergence_backward(y, d):
    with np.errstate(invalid="ignore", divide="ignore"):
        u = d / y
        return d * (1 / u)


# p[:, labels] instead of pairs of indices.
@wrong("cross_entropy_backward", "whole columns for the labels", "wrong-mask", "broadcast-blow-up",
       astray=("not-averaged", "wrong-sign", "averaged-twice"))
def cross_entropy_backward(p, labels):
    N = len(labels)
    dp = np.zeros(np.shape(p))
    dp[:, labels] = -1 / (N * p[:, labels])
    return dp


# MATLAB again: classes are counted from 1.
@wrong("softmax_cross_entropy_backward", "classes counted from one", "wrong-mask", "wrong-value",
       astray=("not-averaged", "wrong-sign", "wrong-axis"))
def softmax_cross_entropy_backward(z, labels):
    N = len(z)
    dz = ops.softmax(z)
    for n in range(N):
        dz[n, labels[n] - 1] -= 1
    return dz / N


# np.mean of the table: mean over everything.
@wrong("softmax_cross_entropy_backward", "mean over the whole table", "averaged-twice",
       "constant-factor", astray=("not-averaged", "wrong-mask", "wrong-axis"))
def softmax_cross_entropy_backward(z, labels):
    z = np.asarray(z)
    onehot = np.eye(z.shape[1])[labels]
    return (ops.softmax(z) - onehot) / z.size


# "The error of the output unit is always a - y" (a famous online course).
@wrong("sigmoid_mse_backward", "always output less target", "forgot-chain",
       "wrong-local-derivative", astray=("wrong-variable", "wrong-sign", "constant-factor"))
def sigmoid_mse_backward(z, d):
    a = sigmoid(z)
    return a - d


# Cross-entropy is -sum d log p, with no word about 1 - d.
@wrong("sigmoid_cross_entropy_backward", "only the first logarithm", "dropped-path", "wrong-mask", "wrong-value",
       astray=("wrong-sign", "constant-factor", "not-finite"))
def sigmoid_cross_entropy_backward(z, d):
    p = sigmoid(z)
    return -d * (1 - p)


@right("softmax", "logaddexp reduces")
def softmax(z):
    z = np.asarray(z, dtype=float)
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


@right("softmax_backward", "explicit Jacobian, row by row")
def softmax_backward(dy, y):
    dy, y = np.asarray(dy, dtype=float), np.asarray(y, dtype=float)
    C = y.shape[-1]
    rows = []
    for g, p in zip(dy.reshape(-1, C), y.reshape(-1, C)):
        J = np.diag(p) - np.outer(p, p)
        rows.append(J.T @ g)
    return np.array(rows).reshape(y.shape)


@right("softmax_cross_entropy_backward", "through the log-softmax, with weights on the labels")
def softmax_cross_entropy_backward(z, labels):
    log_p = ops.log_softmax(z)
    dlog = np.zeros(log_p.shape)
    dlog[range(len(labels)), labels] = -1 / len(labels)
    return dlog - np.exp(log_p) * dlog.sum(axis=1, keepdims=True)


# =========================================================================================
# 06-backpropagation
# =========================================================================================


# In notebook 2 the bias came last.
@wrong("extended_layer_backward", "the bias came last before", "wrong-order", "wrong-value",
       "wrong-variable", astray=("transposed", "missing-transpose", "unsummed-axis"))
def extended_layer_backward(dz, y_prev, w):
    y_ext = np.append(y_prev, 1)
    dw = np.outer(y_ext, dz)
    dy_prev = w[:-1] @ dz
    return dy_prev, dw


# The famous course again, with its 1/m in front of dW and db.
@wrong("linear_backward", "one over m by habit", "averaged-not-summed", "averaged-twice",
       "constant-factor", astray=("transposed", "wrong-axis", "not-averaged"))
def linear_backward(dz, x, W):
    m = x.shape[0]
    dW = (1 / m) * (x.T @ dz)
    db = (1 / m) * np.sum(dz, axis=0)
    dx = dz @ W.T
    return dx, dW, db


# Thinks broadcasting only ever adds axes in front.
@wrong("broadcast_backward", "only the new axes", "unsummed-axis", "wrong-shape",
       astray=("wrong-axis", "averaged-not-summed", "transposed"))
def broadcast_backward(dy, shape):
    dy = np.asarray(dy)
    extra = dy.ndim - len(shape)
    return dy.sum(axis=tuple(range(extra)))


# y = ab, so da = dy bᵀ and db = aᵀ dy, as the matrix calculus sheet says.
@wrong("multiply_backward", "the sheet on matrix calculus", "matrix-product-for-elementwise",
       "wrong-shape", "raised-error", astray=("transposed", "missing-transpose"))
def multiply_backward(dy, a, b):
    da = dy @ b.T
    db = a.T @ dy
    return da, db


# Indices z_{2i-1}, z_{2i} of the lecture typed into Python.
@wrong("pairwise_product_backward", "indices of the lecture", "wrong-local-derivative", "wrong-order",
       "wrong-value", "wrong-variable", astray=("missing-upstream", "wrong-sign", "wrong-axis"))
def pairwise_product_backward(dy, z):
    dz = np.zeros(np.shape(z))
    for i in range(np.shape(dy)[-1]):
        dz[..., 2 * i - 1] = dy[..., i] * z[..., 2 * i]
        dz[..., 2 * i] = dy[..., i] * z[..., 2 * i - 1]
    return dz


# "1 - y²" from notebook 4, with the c that is at hand.
@wrong("gated_unit_backward", "one minus c squared", "wrong-variable", "wrong-local-derivative",
       astray=("swapped-inputs", "dropped-path", "wrong-sign"))
def gated_unit_backward(dy, g, c):
    s = ops.sigmoid(g)
    dg = dy * s * (1 - s) * np.tanh(c)
    dc = dy * s * (1 - c ** 2)
    return dg, dc


# A list as default argument.
@wrong("mlp_forward", "a list as default argument", "stale-state", "wrong-type",
       astray=("wrong-order", "mutated-input"))
def mlp_forward(x, weights, biases, activations=[]):
    activations.append(x)
    for k in range(len(weights)):
        z = activations[-1] @ weights[k] + biases[k]
        if k < len(weights) - 1:
            z = np.maximum(0, z)
        activations.append(z)
    return activations


# One loop for all layers, so the data gets a mask, too.
@wrong("mlp_backward", "a mask for the data too", "wrong-mask", "wrong-value",
       astray=("missing-transpose", "wrong-order", "dropped-path"))
def mlp_backward(dy, activations, weights):
    dz = dy
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        y = activations[k]
        dweights.insert(0, y.T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (y > 0)
    return dz, dweights, dbiases


# append is what one does with lists.
@wrong("mlp_backward", "append and forget", "wrong-order", "swapped-inputs",
       astray=("transposed", "wrong-mask", "missing-transpose"))
def mlp_backward(dy, activations, weights):
    dweights = []
    dbiases = []
    grad = dy
    for i in range(len(weights) - 1, -1, -1):
        dweights.append(activations[i].T @ grad)
        dbiases.append(np.sum(grad, axis=0))
        grad = grad @ weights[i].T
        if i > 0:
            grad = grad * (activations[i] > 0)
    return grad, dweights, dbiases


# Sees that w1 is used twice, and not that x1 is.
@wrong("shared_weight_backward", "x1 is used twice as well", "dropped-path",
       astray=("transposed", "wrong-order", "overwritten-gradient"))
def shared_weight_backward(dx3, jacobians):
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"]
    dw2 = dx2 @ J["x2", "w2"]
    dw1 = dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"]
    return dw1, dw2


# Every layer has activations, so add up every layer.
@wrong("activation_memory", "adds up every layer", "wrong-value",
       astray=("constant-factor", "unused-parameter", "dropped-path"))
def activation_memory(batch, widths, itemsize=8):
    numbers = 0
    for width in widths:
        numbers += batch * width
    return numbers * itemsize


@right("broadcast_backward", "an index for each entry of dy")
def broadcast_backward(dy, shape):
    dy = np.asarray(dy, dtype=float)
    result = np.zeros(shape)
    for index in np.ndindex(*dy.shape):
        own = index[dy.ndim - len(shape):]
        own = tuple(0 if n == 1 else i for i, n in zip(own, shape))
        result[own] += dy[index]
    return result


@right("gated_unit_backward", "hyperbolic functions only")
def gated_unit_backward(dy, g, c):
    half = np.tanh(np.asarray(g) / 2)
    t = np.tanh(c)
    return dy * t * (1 - half**2) / 4, dy * (1 + half) / 2 * (1 - t) * (1 + t)


# =========================================================================================
# 07-digits
# =========================================================================================


# Targets as a column, because that is how labels come; the result is summed until it fits.
@wrong("binary_loss_and_gradients", "targets as a column", "broadcast-blow-up", "wrong-value",
       astray=("not-averaged", "averaged-twice", "constant-factor", "wrong-sign"))
def binary_loss_and_gradients(w, b, x, d):
    N = len(x)
    d = np.reshape(d, (-1, 1))
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    error = (sigmoid(z) - d) / N
    dw = (x.T @ error).sum(axis=1)
    db = error.sum()
    return loss, dw, db


# The formula of the loss as every book prints it.
@wrong("binary_loss_and_gradients", "the loss as books print it", "not-finite",
       astray=("not-averaged", "wrong-sign", "lost-precision"))
def binary_loss_and_gradients(w, b, x, d):
    z = x @ w + b
    p = sigmoid(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))
    dz = (p - d) / len(d)
    return loss, x.T @ dz, dz.sum()


# log_p[:, labels]: the gradients are right, the number that is printed is not.
@wrong("loss_and_gradients", "whole columns in the loss", "broadcast-blow-up", "wrong-mask",
       "wrong-value", astray=("not-averaged", "wrong-order", "constant-factor", "transposed"))
def loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    log_p = ops.log_softmax(ys[-1])
    loss = -np.mean(log_p[:, labels])
    dz = (np.exp(log_p) - np.eye(log_p.shape[1])[labels]) / len(x)
    dweights = [None] * len(weights)
    dbiases = [None] * len(weights)
    for k in range(len(weights) - 1, -1, -1):
        dweights[k] = ys[k].T @ dz
        dbiases[k] = dz.sum(0)
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dweights, dbiases


# Learns well enough, says the student, and it does.
@wrong("loss_and_gradients", "linear on the way back", "forgot-chain", "wrong-mask",
       astray=("transposed", "not-averaged", "missing-transpose", "wrong-order"))
def loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    rows = np.arange(len(labels))
    log_p = ops.log_softmax(ys[-1])
    loss = -log_p[rows, labels].mean()
    grad = np.exp(log_p)
    grad[rows, labels] -= 1
    grad /= len(labels)
    dweights, dbiases = [], []
    for y, W in zip(ys[-2::-1], weights[::-1]):
        dweights.insert(0, y.T @ grad)
        dbiases.insert(0, grad.sum(axis=0))
        grad = grad @ W.T
    return loss, dweights, dbiases


# A new list, as asked. The arrays in it are the old ones.
@wrong("sgd_step", "new list, old arrays", "mutated-input", "raised-error",
       astray=("wrong-sign", "wrong-type"))
def sgd_step(parameters, gradients, learning_rate):
    new = parameters.copy()
    for i in range(len(new)):
        new[i] -= learning_rate * gradients[i]
    return new


# Lists cannot be subtracted; arrays can.
@wrong("sgd_step", "lists made arrays", "raised-error", "wrong-type",
       astray=("wrong-sign", "mutated-input", "wrong-order"))
def sgd_step(parameters, gradients, learning_rate):
    return list(np.array(parameters) - learning_rate * np.array(gradients))


# np.random as in the tutorials; the seed lies there unused.
@wrong("train", "np.random as in the tutorials", "unused-parameter", "stale-state",
       astray=("wrong-order", "wrong-shape", "mutated-input"))
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    weights = [np.random.randn(m, n) * np.sqrt(2 / m) for m, n in zip(widths, widths[1:])]
    biases = [np.zeros(n) for n in widths[1:]]
    for epoch in range(epochs):
        order = np.random.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, dweights, dbiases = my_loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = my_sgd_step(weights, dweights, learning_rate)
            biases = my_sgd_step(biases, dbiases, learning_rate)
    return weights, biases


# Whole batches only; with a batch larger than the data there is none.
@wrong("train", "whole batches only", "wrong-value", "dropped-path",
       astray=("wrong-sign", "wrong-shape", "stale-state"))
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for m, n in zip(widths[:-1], widths[1:]):
        weights.append(rng.normal(size=(m, n)) * np.sqrt(2 / m))
        biases.append(np.zeros(n))
    n_batches = len(x) // batch_size
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(n_batches):
            batch = order[i * batch_size : (i + 1) * batch_size]
            _, dweights, dbiases = my_loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = my_sgd_step(weights, dweights, learning_rate)
            biases = my_sgd_step(biases, dbiases, learning_rate)
    return weights, biases


@right("loss_and_gradients", "samples as columns, all the way")
def loss_and_gradients(weights, biases, x, labels):
    A = [np.asarray(x, dtype=float).T]
    for k, (W, b) in enumerate(zip(weights, biases)):
        Z = np.transpose(W) @ A[-1] + np.reshape(b, (-1, 1))
        A.append(Z if k + 1 == len(weights) else Z * (Z > 0))
    Z = A.pop()
    top = Z.max(axis=0)
    lse = top + np.log(np.exp(Z - top).sum(axis=0))
    N = Z.shape[1]
    loss = np.mean(lse - Z[labels, range(N)])
    D = np.exp(Z - lse)
    D[labels, range(N)] -= 1
    D /= N
    dweights, dbiases = [], []
    while A:
        Y = A.pop()
        dweights.append((D @ Y.T).T)
        dbiases.append(D @ np.ones(N))
        D = np.where(Y > 0, np.asarray(weights[len(A)]) @ D, 0)
    return loss, dweights[::-1], dbiases[::-1]


@right("train", "array_split and no helper")
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    x, labels = np.asarray(x, dtype=float), np.asarray(labels)
    Ws = [rng.standard_normal((m, n)) * (2 / m) ** 0.5 for m, n in zip(widths, widths[1:])]
    bs = [np.zeros(n) for n in widths[1:]]
    parts = math.ceil(len(x) / batch_size)
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), parts):
            ys = [x[batch]]
            for W, b in zip(Ws, bs):
                ys.append(np.maximum(ys[-1], 0) @ W + b if len(ys) > 1 else ys[-1] @ W + b)
            p = np.exp(ys[-1] - ys[-1].max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(batch)), labels[batch]] -= 1
            g = p / len(batch)
            for k in range(len(Ws) - 1, -1, -1):
                inp = ys[k] if k == 0 else np.maximum(ys[k], 0)
                dW, db = inp.T @ g, g.sum(axis=0)
                g = (g @ Ws[k].T) * (ys[k] > 0)
                Ws[k] = Ws[k] - learning_rate * dW
                bs[k] = bs[k] - learning_rate * db
    return Ws, bs

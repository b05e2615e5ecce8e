"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written: one for each.

At the first run all 66 were refused: 62 under an expected name, 50 under the best of them, none astray, 3 as
`wrong-value`, 2 of these with nothing more said; all 16 right ones passed. By now they were looked at. `ASTRAY` holds
the names that send an answer's author elsewhere; the format is that of `students`; ruff leaves them alone.
"""
from graphlib import TopologicalSorter

import numpy as np

RIGHT, WRONG, ASTRAY = {}, {}, {}


def wrong(ex, label, names, astray):
    def keep(fn):
        WRONG.setdefault(ex, []).append((label, fn, tuple(names.split())))
        ASTRAY[ex, label] = set(astray.split())
        return fn
    return keep


def right(ex, label):
    def keep(fn):
        RIGHT.setdefault(ex, []).append((label, fn))
        return fn
    return keep


# What a student has from the notebook or from an earlier cell.
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + e), e / (1 + e))


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward(weights, biases, x):
    activations = [x]
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = activations[-1] @ W + b
        activations.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    return activations


def good_loss_and_gradients(weights, biases, x, labels):
    acts = forward(weights, biases, x)
    n = len(labels)
    z = acts[-1] - acts[-1].max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dz = np.exp(logp)
    dz[np.arange(n), labels] -= 1
    dz /= n
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, acts[k].T @ dz)
        dbs.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (acts[k] > 0)
    return -logp[np.arange(n), labels].mean(), dWs, dbs


def good_sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


# ---------------------------------------------------------------- 01 chain rule
@wrong("central_difference", "/ 2 * h without brackets", "constant-factor wrong-value",
       "numerical-differentiation one-sided-difference lost-precision forgot-chain unused-parameter")
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


@wrong("exp_sin_square_derivative", "slope of the square is 2", "wrong-local-derivative forgot-chain",
       "constant-factor wrong-sign missing-upstream wrong-variable")
def exp_sin_square_derivative(x):
    a = x ** 2
    b = np.sin(a)
    return np.exp(b) * np.cos(a) * 2


@wrong("chain_derivative", "walks from the last function to the first", "wrong-order wrong-variable",
       "forgot-chain dropped-path overwritten-gradient constant-factor")
def chain_derivative(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(reversed(functions), reversed(derivatives)):
        slope = slope * df(x)
        x = f(x)
    return slope


@wrong("distributed_derivative", "partials taken at the inner slopes", "wrong-variable wrong-local-derivative",
       "dropped-path forgot-chain overwritten-gradient constant-factor")
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    dz = np.array([dg(x) for dg in inner_derivatives])
    partials = f_partials(dz)
    total = 0.0
    for m in range(len(inner)):
        total += partials[m] * dz[m]
    return total


@wrong("partial_and_total", "dy_dx taken at y(x)", "wrong-variable wrong-local-derivative",
       "forgot-chain dropped-path swapped-inputs wrong-sign")
def partial_and_total(df_dx, df_dy, y, dy_dx, x):
    y_value = y(x)
    partial = df_dx(x, y_value)
    return partial, partial + df_dy(x, y_value) * dy_dx(y_value)


@wrong("squared_error_node_gradients", "dy goes on from dx, not from df", "wrong-local-derivative wrong-variable wrong-value",
       "forgot-chain swapped-inputs constant-factor wrong-sign dropped-path")
def squared_error_node_gradients(x, y, z, t):
    df = 2 * (x * y + z - t)
    dz = df
    dx = df * y
    dy = dx * x
    return dx, dy, dz


# ---------------------------------------------------------------- 02 computational graphs
@wrong("add_gate_backward", "distributes: half to each", "constant-factor wrong-local-derivative",
       "missing-upstream averaged-not-summed not-averaged swapped-inputs dropped-path")
def add_gate_backward(dy, a, b):
    return dy / 2, dy / 2


@wrong("multiply_gate_backward", "zeros_like of integer inputs", "integer-truncation lost-precision",
       "swapped-inputs constant-factor wrong-local-derivative wrong-shape not-finite")
def multiply_gate_backward(dy, a, b):
    da = np.zeros_like(a)
    db = np.zeros_like(b)
    da[...] = dy * b
    db[...] = dy * a
    return da, db


@wrong("max_gate_backward", "one argmax for all entries", "wrong-mask wrong-axis truth-of-an-array",
       "double-counted-tie missing-upstream wrong-sign swapped-inputs not-finite")
def max_gate_backward(dy, a, b):
    if np.argmax([a, b]) == 0:
        return dy, 0 * dy
    return 0 * dy, dy


@wrong("sigmoid_neuron_backward", "slope of the bias is the bias", "wrong-local-derivative wrong-value",
       "wrong-sign missing-upstream swapped-inputs dropped-path forgot-chain")
def sigmoid_neuron_backward(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    slope = f * (1 - f)
    return f, slope * np.array([x[0], x[1], w[2]]), slope * np.array([w[0], w[1]])


@wrong("softplus_graph_backward", "last step times a, not b", "wrong-variable wrong-local-derivative",
       "forgot-chain missing-upstream constant-factor not-finite wrong-order")
def softplus_graph_backward(x):
    b = np.exp(x)
    a = 1 + b
    dy_da = 1 / a
    dy_db = dy_da * 1
    dy_dx = dy_db * a
    return np.log(a), dy_da, dy_db, dy_dx


@wrong("fraction_backward", "second ds replaces the first", "overwritten-gradient dropped-path",
       "wrong-local-derivative wrong-sign not-finite forgot-chain swapped-inputs")
def fraction_backward(x, y):
    s = 1 / (1 + np.exp(-x))
    top = x + s
    q = x + y
    bottom = s + q ** 2
    r = 1 / bottom
    z = top * r
    dtop = r
    dr = top
    dx = dtop
    ds = dtop
    dbottom = dr * (-1 / bottom ** 2)
    ds = dbottom
    dq = dbottom * 2 * q
    dx += dq
    dy = dq
    dx += ds * s * (1 - s)
    return z, dx, dy


@wrong("topological_order", "any parent placed is enough", "wrong-order wrong-value",
       "raised-error not-implemented transposed truth-of-an-array stale-state")
def topological_order(parents):
    order = []
    waiting = list(parents)
    while waiting:
        placed = False
        for node in waiting:
            if not parents[node] or any(p in order for p in parents[node]):
                order.append(node)
                waiting.remove(node)
                placed = True
                break
        if not placed:
            raise ValueError("cycle")
    return order


@wrong("backpropagate", "adds the slope without the node's gradient", "missing-upstream forgot-chain",
       "overwritten-gradient wrong-order dropped-path wrong-sign")
def backpropagate(parents, local_derivatives, output):
    order = list(TopologicalSorter(parents).static_order())
    grads = {node: 0.0 for node in parents}
    grads[output] = 1.0
    for node in reversed(order):
        for p in parents[node]:
            grads[p] += local_derivatives[node, p]
    return grads


# ---------------------------------------------------------------- 03 jacobians
@wrong("numerical_jacobian", "steps in x itself and never back", "mutated-input stale-state integer-truncation",
       "transposed constant-factor wrong-shape one-sided-difference")
def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        x[j] += h
        up = f(x)
        x[j] -= 2 * h
        down = f(x)
        columns.append((up - down) / (2 * h))
    return np.array(columns).T


@wrong("chain_jacobians", "identity of the wrong size", "raised-error wrong-shape",
       "missing-transpose transposed wrong-order forgot-chain")
def chain_jacobians(jacobians):
    J = np.eye(len(jacobians[0]))
    for K in jacobians:
        J = K @ J
    return J


@wrong("squared_distance_backward", "keeps the sum of the loss", "wrong-shape wrong-type",
       "unsummed-axis averaged-not-summed wrong-sign constant-factor transposed")
def squared_distance_backward(x, h):
    return np.sum(2 * (x - h), axis=-1)


@wrong("numerical_hessian", "upper triangle only", "wrong-value first-row-only",
       "constant-factor transposed wrong-sign forgot-chain missing-upstream numerical-differentiation")
def numerical_hessian(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    steps = np.eye(D) * h
    for i in range(D):
        for j in range(i, D):
            H[i, j] = (f(x + steps[i] + steps[j]) - f(x + steps[i] - steps[j])
                       - f(x - steps[i] + steps[j]) + f(x - steps[i] - steps[j])) / (4 * h ** 2)
    return H


@wrong("linear_jacobian_h", "W.T times h: the terms, not their slopes", "wrong-local-derivative wrong-value",
       "transposed missing-transpose wrong-sign missing-upstream wrong-shape")
def linear_jacobian_h(h, W, b):
    return W.T * h


@wrong("linear_jacobian_b", "identity as large as h", "wrong-shape wrong-variable",
       "transposed unsummed-axis extra-axis missing-upstream wrong-local-derivative")
def linear_jacobian_b(h, W, b):
    return np.eye(h.shape[0])


@wrong("linear_jacobian_W", "h in every column of each slice", "wrong-mask wrong-local-derivative",
       "transposed wrong-shape unsummed-axis dropped-path wrong-sign")
def linear_jacobian_W(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j] = h.reshape(D, 1)
    return J


@wrong("linear_vjp_h", "sums over the inputs", "wrong-axis wrong-shape",
       "missing-upstream extra-axis averaged-not-summed unsummed-axis wrong-sign")
def linear_vjp_h(da, h, W, b):
    return (da * W).sum(axis=0)


@wrong("linear_vjp_W", "column @ row without its own axis", "matrix-product-for-elementwise raised-error wrong-shape",
       "transposed wrong-order wrong-local-derivative missing-upstream")
def linear_vjp_W(da, h, W, b):
    return h[:, None] @ da


@wrong("linear_vjp_b", "times b, as W goes with h", "wrong-local-derivative wrong-value",
       "passed-through missing-upstream unsummed-axis wrong-sign swapped-inputs")
def linear_vjp_b(da, h, W, b):
    return da * b


@wrong("elementwise_vjp", "dy and z in each other's place", "swapped-inputs wrong-variable wrong-local-derivative",
       "missing-upstream matrix-product-for-elementwise wrong-shape wrong-sign")
def elementwise_vjp(dy, derivative, z):
    return z * derivative(dy)


@wrong("jacobian_from_vjp", "a unit vector for each input", "unused-parameter raised-error wrong-shape",
       "transposed missing-transpose wrong-order missing-upstream")
def jacobian_from_vjp(vjp, x, output_size):
    return np.array([vjp(e) for e in np.eye(len(x))])


@wrong("network_vjp", "sigma of y1 in the slope", "wrong-variable wrong-local-derivative",
       "forgot-chain missing-upstream wrong-order transposed swapped-inputs")
def network_vjp(dy, x, W1, b1, W2, b2):
    def slope(z):
        return sigmoid(z) * (1 - sigmoid(z))
    y1 = sigmoid(x @ W1 + b1)
    dW2 = np.outer(y1, dy)
    db2 = dy
    dz1 = (W2 @ dy) * slope(y1)
    return W1 @ dz1, np.outer(x, dz1), dz1, dW2, db2


# ---------------------------------------------------------------- 04 activations
@wrong("linear_composition", "pops the first layer from the lists", "mutated-input stale-state",
       "wrong-order forgot-chain dropped-path first-row-only transposed")
def linear_composition(weights, biases):
    W = weights.pop(0)
    b = biases.pop(0)
    for Wk, bk in zip(weights, biases):
        W = W @ Wk
        b = b @ Wk + bk
    return W, b


@wrong("sigmoid_backward", "no brackets round 1 - y", "wrong-local-derivative wrong-value",
       "missing-upstream wrong-sign constant-factor wrong-variable")
def sigmoid_backward(dy, y):
    return dy * y * 1 - y


@wrong("tanh_backward", "y * 2 for y ** 2", "wrong-local-derivative wrong-value",
       "wrong-variable missing-upstream constant-factor wrong-sign")
def tanh_backward(dy, y):
    return dy * (1 - y * 2)


@wrong("relu_backward", "relu of dy", "wrong-mask wrong-variable forward-instead-of-backward",
       "missing-upstream value-instead-of-mask wrong-sign passed-through mutated-input")
def relu_backward(dy, z):
    return np.maximum(0, dy)


@wrong("leaky_relu_backward", "as max(alpha z, z): turns round for alpha > 1", "wrong-mask wrong-local-derivative",
       "unused-parameter wrong-sign missing-upstream constant-factor value-instead-of-mask")
def leaky_relu_backward(dy, z, alpha):
    return np.where(z > alpha * z, dy, alpha * dy)


@wrong("relu_subdifferential", ">= in low, > in high", "swapped-inputs wrong-mask wrong-order",
       "missing-upstream wrong-sign constant-factor wrong-shape wrong-local-derivative")
def relu_subdifferential(z):
    low = np.where(z >= 0, 1.0, 0.0)
    high = np.where(z > 0, 1.0, 0.0)
    return low, high


@wrong("is_subgradient", "answers after the first point", "first-row-only wrong-value",
       "wrong-sign lost-precision constant-factor wrong-type truth-of-an-array")
def is_subgradient(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
        else:
            return False


@wrong("max_backward", "largest of the whole array", "wrong-axis wrong-mask",
       "missing-upstream wrong-shape wrong-sign unsummed-axis value-instead-of-mask")
def max_backward(dy, z):
    winners = z == z.max()
    return winners * np.expand_dims(dy, -1)


@wrong("max_pool_backward", "one window short", "dropped-path wrong-value",
       "overwritten-gradient double-counted-tie unused-parameter missing-upstream wrong-axis")
def max_pool_backward(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range((z.shape[-1] - size) // stride):
        window = z[..., k * stride:k * stride + size]
        first = window.argmax(axis=-1)
        for row in np.ndindex(z.shape[:-1]):
            dz[row + (k * stride + first[row],)] += dy[row + (k,)]
    return dz


@wrong("prelu_backward", "mean over the entries for dalpha", "averaged-not-summed constant-factor",
       "missing-upstream wrong-mask unsummed-axis wrong-sign not-averaged swapped-inputs")
def prelu_backward(dy, z, alpha):
    dz = dy * np.where(z > 0, 1, alpha)
    dalpha = np.mean(dy * np.minimum(z, 0))
    return dz, dalpha


@wrong("rrelu_backward", "mean slope, as in the test pass", "wrong-local-derivative wrong-value wrong-variable",
       "unused-parameter wrong-mask missing-upstream averaged-not-summed constant-factor")
def rrelu_backward(dy, z, slopes):
    return np.where(z > 0, dy, slopes.mean() * dy)


@wrong("softplus_backward", "the right-hand form on both sides", "wrong-local-derivative wrong-mask",
       "not-finite missing-upstream wrong-sign forward-instead-of-backward constant-factor")
def softplus_backward(dy, z):
    return dy / (1 + np.exp(-np.abs(z)))


@wrong("elu_backward", "z + alpha where y + alpha is meant", "wrong-variable wrong-local-derivative",
       "missing-upstream wrong-mask unused-parameter wrong-sign not-finite")
def elu_backward(dy, z, alpha):
    return np.where(z > 0, dy, dy * (z + alpha))


@wrong("maxout_backward", "bias left out of the contest", "unused-parameter wrong-mask",
       "double-counted-tie missing-upstream transposed overwritten-gradient wrong-shape")
def maxout_backward(dy, x, W, b):
    pieces = np.array([x @ W[k] for k in range(len(W))])
    winner = pieces.argmax(axis=0)
    dx = np.zeros(x.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for k in range(len(W)):
        dzk = dy * (winner == k)
        dx += dzk @ W[k].T
        dW[k] = x.T @ dzk
        db[k] = dzk.sum(axis=0)
    return dx, dW, db


# ---------------------------------------------------------------- 05 softmax and losses
@wrong("softmax", "one shift for the whole batch", "not-finite wrong-axis",
       "missing-upstream diagonal-jacobian wrong-shape unsummed-axis")
def softmax_one_shift(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@wrong("log_softmax", "log of softmax plus 1e-12", "lost-precision wrong-value",
       "not-finite wrong-axis missing-upstream wrong-sign forgot-chain")
def log_softmax(z):
    return np.log(softmax(z) + 1e-12)


@wrong("softmax_jacobian", "np.dot for the table of products",
       "matrix-product-for-elementwise wrong-local-derivative wrong-value",
       "diagonal-jacobian transposed wrong-sign wrong-shape dropped-path")
def softmax_jacobian(y):
    return np.diag(y) - np.dot(y, y)


@wrong("softmax_backward", "plain mean for the weighted average", "averaged-not-summed wrong-local-derivative",
       "diagonal-jacobian wrong-axis missing-upstream dropped-path extra-axis not-averaged")
def softmax_backward(dy, y):
    average = np.mean(dy * y, axis=-1, keepdims=True)
    return y * (dy - average)


@wrong("log_softmax_backward", "row sums without keepdims", "raised-error wrong-axis broadcast-blow-up wrong-shape",
       "diagonal-jacobian missing-upstream wrong-variable extra-axis dropped-path")
def log_softmax_backward(dy, y):
    return dy - np.exp(y) * dy.sum(axis=-1)


@wrong("squared_error_backward", "divides by the number of entries", "averaged-not-summed averaged-twice constant-factor",
       "not-averaged wrong-sign swapped-inputs missing-upstream forgot-chain")
def squared_error_backward(f, y):
    df = (f - y) / f.size
    return df, -df


@wrong("kl_divergence_backward", "the slope of the binary cross-entropy", "wrong-local-derivative wrong-value",
       "wrong-sign missing-upstream not-averaged diagonal-jacobian constant-factor")
def kl_divergence_backward(y, d):
    return -d / y + (1 - d) / (1 - y)


@wrong("cross_entropy_backward", "p[:, labels] picks whole columns", "wrong-mask broadcast-blow-up",
       "not-averaged wrong-sign averaged-twice diagonal-jacobian missing-upstream")
def cross_entropy_backward(p, labels):
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / (len(p) * p[:, labels])
    return dp


@wrong("sigmoid_mse_backward", "z (1 - z) for the slope", "wrong-variable wrong-local-derivative",
       "forgot-chain wrong-sign not-averaged missing-upstream constant-factor")
def sigmoid_mse_backward(z, d):
    y = sigmoid(z)
    return (y - d) * z * (1 - z)


@wrong("sigmoid_cross_entropy_backward", "two steps with an epsilon below the bar",
       "lost-precision wrong-value wrong-local-derivative",
       "not-finite not-averaged wrong-sign missing-upstream forgot-chain")
def sigmoid_cross_entropy_backward(z, d):
    p = sigmoid(z)
    dp = (p - d) / (p * (1 - p) + 1e-8)
    return dp * p * (1 - p)


@wrong("softmax_cross_entropy_backward", "p[labels] -= 1 hits rows", "wrong-mask wrong-axis raised-error",
       "not-averaged averaged-twice wrong-sign forgot-chain mutated-input")
def softmax_cross_entropy_backward(z, labels):
    dz = softmax(z)
    dz[labels] -= 1
    return dz / len(labels)


# ---------------------------------------------------------------- 06 backpropagation
@wrong("extended_layer_backward", "takes the last row for the biases", "wrong-order wrong-variable wrong-value",
       "missing-transpose transposed missing-upstream unsummed-axis wrong-shape")
def extended_layer_backward(dz, y_prev, w):
    dy_prev = w[:-1] @ dz
    dw = np.outer(np.append(y_prev, 1), dz)
    return dy_prev, dw


@wrong("linear_backward", "dW first, then dx", "wrong-order swapped-inputs wrong-shape",
       "missing-transpose transposed unsummed-axis missing-upstream averaged-not-summed")
def linear_backward(dz, x, W):
    dW = x.T @ dz
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dW, dx, db


@wrong("broadcast_backward", "sums length-1 axes away", "wrong-shape wrong-axis raised-error",
       "unsummed-axis averaged-not-summed extra-axis missing-upstream")
def broadcast_backward(dy, shape):
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis=i)
    return dy


@wrong("mlp_forward", "lists z, not its ReLU", "wrong-variable wrong-value",
       "wrong-order missing-transpose wrong-shape not-implemented mutated-input")
def mlp_forward(x, weights, biases):
    activations = [x]
    a = x
    for W, b in zip(weights, biases):
        z = a @ W + b
        activations.append(z)
        a = np.maximum(0, z)
    return activations


@wrong("mlp_backward", "mask of the layer's own output, last layer too", "wrong-mask dropped-path",
       "wrong-order transposed missing-upstream missing-transpose overwritten-gradient")
def mlp_backward(dy, activations, weights):
    dweights, dbiases = [], []
    dz = dy
    for k in reversed(range(len(weights))):
        dz = dz * (activations[k + 1] > 0)
        dweights.insert(0, activations[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = dz @ weights[k].T
    return dz, dweights, dbiases


@wrong("shared_weight_backward", "average of the two uses of w1", "averaged-not-summed constant-factor",
       "dropped-path overwritten-gradient transposed wrong-order missing-upstream")
def shared_weight_backward(dx3, jacobians):
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"] + dx2 @ J["x2", "x1"]
    dw1 = np.mean([dx3 @ J["x3", "w1"], dx1 @ J["x1", "w1"]], axis=0)
    return dw1, dx2 @ J["x2", "w2"]


@wrong("activation_memory", "8 bytes whatever itemsize says", "unused-parameter constant-factor",
       "dropped-path missing-upstream wrong-type wrong-order not-averaged")
def activation_memory(batch, widths, itemsize=8):
    total = 0
    for width in widths[:-1]:
        total += batch * width * 8
    return total


@wrong("multiply_backward", "dy forgotten in the second", "missing-upstream forgot-chain",
       "swapped-inputs wrong-sign matrix-product-for-elementwise constant-factor")
def multiply_backward(dy, a, b):
    return dy * b, a


@wrong("pairwise_product_backward", "slices the first axis", "wrong-axis raised-error",
       "swapped-inputs missing-upstream wrong-local-derivative integer-truncation")
def pairwise_product_backward(dy, z):
    dz = np.zeros(z.shape)
    dz[0::2] = dy * z[1::2]
    dz[1::2] = dy * z[0::2]
    return dz


@wrong("gated_unit_backward", "no other branch, as in a sum", "forgot-chain wrong-local-derivative",
       "swapped-inputs missing-upstream wrong-variable wrong-sign constant-factor")
def gated_unit_backward(dy, g, c):
    s = sigmoid(g)
    t = np.tanh(c)
    return dy * s * (1 - s), dy * (1 - t ** 2)


# ---------------------------------------------------------------- 07 digits
@wrong("binary_loss_and_gradients", "mean of dz for db", "averaged-twice averaged-not-summed constant-factor",
       "not-averaged wrong-sign not-finite unsummed-axis missing-upstream")
def binary_loss_and_gradients(w, b, x, d):
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (sigmoid(z) - d) / len(d)
    return loss, x.T @ dz, dz.mean()


@wrong("loss_and_gradients", "mask from the gradient itself", "wrong-mask wrong-variable",
       "not-averaged wrong-order transposed missing-upstream averaged-twice")
def loss_and_gradients(weights, biases, x, labels):
    acts = forward(weights, biases, x)
    n = len(labels)
    z = acts[-1] - acts[-1].max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(n), labels].mean()
    dz = np.exp(logp)
    dz[np.arange(n), labels] -= 1
    dz = dz / n
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, acts[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dy = dz @ weights[k].T
        dz = dy * (dy > 0)
    return loss, dweights, dbiases


@wrong("sgd_step", "-= in a copy of the list only", "mutated-input stale-state raised-error",
       "wrong-sign constant-factor wrong-order missing-upstream")
def sgd_step(parameters, gradients, learning_rate):
    new = list(parameters)
    for i in range(len(new)):
        new[i] -= learning_rate * gradients[i]
    return new


@wrong("train", "result of sgd_step thrown away", "unused-parameter wrong-value",
       "wrong-sign mutated-input not-finite wrong-order transposed")
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(a, b)) * np.sqrt(2 / a) for a, b in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(b) for b in widths[1:]]
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            loss, dweights, dbiases = good_loss_and_gradients(weights, biases, x[batch], labels[batch])
            good_sgd_step(weights, dweights, learning_rate)
            good_sgd_step(biases, dbiases, learning_rate)
    return weights, biases


# ---------------------------------------------------------------- right, in other words
@right("central_difference", "mean of both one-sided slopes")
def _(f, x, h=1e-5):
    ahead, behind = (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h
    return (ahead + behind) / 2


@right("chain_derivative", "recursion from the front")
def chain_recursive(functions, derivatives, x):
    if not functions:
        return 1
    return derivatives[0](x) * chain_recursive(functions[1:], derivatives[1:], functions[0](x))


@right("max_gate_backward", "np.sign, half each at a tie")
def _(dy, a, b):
    to_a = (1 + np.sign(np.subtract(a, b))) / 2
    return dy * to_a, dy - dy * to_a


@right("topological_order", "graphlib")
def _(parents):
    return [*TopologicalSorter(parents).static_order()]


@right("backpropagate", "asks the children, with a memory")
def _(parents, local_derivatives, output):
    known = {output: 1.0}

    def grad(node):
        if node not in known:
            known[node] = sum((grad(c) * d for (c, p), d in local_derivatives.items() if p == node), 0.0)
        return known[node]
    return {node: grad(node) for node in parents}


@right("numerical_jacobian", "column_stack over the rows of h * eye")
def _(f, x, h=1e-5):
    return np.column_stack([np.subtract(f(x + s), f(x - s)) for s in h * np.eye(len(x))]) / (h + h)


@right("linear_jacobian_W", "einsum with the identity")
def _(h, W, b):
    return np.einsum("a,jb->jab", h, np.eye(W.shape[1]))


@right("relu_backward", "np.vectorize of an if")
def _(dy, z):
    return np.vectorize(lambda d, t: d if t > 0 else 0.0, otypes=[float])(dy, z)


@right("is_subgradient", "minimum of the gaps")
def _(v, f, x0, points):
    values = np.array([f(p) for p in points])
    lines = f(x0) + (points - x0) @ v
    return np.all(values - lines >= -1e-10 * (1 + abs(values) + abs(lines)))


@right("max_pool_backward", "plain loops, ties shared")
def _(dy, z, size, stride):
    z, dy = np.asarray(z), np.asarray(dy)
    dz = np.zeros(z.shape)
    for *row, k in np.ndindex(dy.shape):
        places = [k * stride + i for i in range(size)]
        best = max(z[(*row, i)] for i in places)
        winners = [i for i in places if z[(*row, i)] == best]
        for i in winners:
            dz[(*row, i)] += dy[(*row, k)] / len(winners)
    return dz


@right("softplus_backward", "through tanh of half z")
def _(dy, z):
    return dy * (0.5 + 0.5 * np.tanh(np.multiply(z, 0.5)))


@right("binary_loss_and_gradients", "one example at a time, plain Python")
def _(w, b, x, d):
    loss, dw, db, N = 0.0, [0.0] * len(w), 0.0, len(d)
    for row, target in zip(np.asarray(x), d):
        z = sum(wi * xi for wi, xi in zip(w, row)) + b
        tail = np.exp(-abs(z))
        loss += (max(z, 0) - target * z + np.log1p(tail)) / N
        error = ((1 if z >= 0 else tail) / (1 + tail) - target) / N
        dw = [old + error * xi for old, xi in zip(dw, row)]
        db += error
    return loss, np.array(dw), db


@right("log_softmax", "logaddexp.reduce")
def _(z):
    z = np.asarray(z, dtype=float)
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


@right("softmax_backward", "einsum with the whole Jacobian")
def _(dy, y):
    J = np.einsum("...i,ij->...ij", y, np.eye(np.shape(y)[-1])) - np.einsum("...i,...j->...ij", y, y)
    return np.einsum("...i,...ij->...j", dy, J)


@right("cross_entropy_backward", "loop over the examples, list of rows")
def _(p, labels):
    N, C = p.shape
    return np.array([[-1 / (p[n, c] * N) if c == labels[n] else 0.0 for c in range(C)] for n in range(N)])


@right("broadcast_backward", "adds entry by entry through a map of places")
def _(dy, shape):
    places = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), np.shape(dy))
    return np.bincount(places.ravel(), weights=np.ravel(dy), minlength=int(np.prod(shape))).reshape(shape)

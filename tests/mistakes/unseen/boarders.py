"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 82 under an expected name, 64 under the best of them, one astray, one with
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


# ---------------------------------------------------------------- helpers from earlier cells
import functools
import graphlib


def sig(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigma(z):
    return 1 / (1 + np.exp(-z))


def my_softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def my_log_softmax(z):
    s = z - np.max(z, axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


def my_forward(weights, biases, x):
    ys = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = ys[-1] @ W + b
        ys.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    return ys


def my_gradients(weights, biases, x, labels):
    ys = my_forward(weights, biases, x)
    n = np.arange(len(labels))
    loss = -my_log_softmax(ys[-1])[n, labels].mean()
    dz = my_softmax(ys[-1])
    dz[n, labels] -= 1
    dz /= len(labels)
    dWs, dbs = [], []
    for k in range(len(weights) - 1, -1, -1):
        dWs.insert(0, ys[k].T @ dz)
        dbs.insert(0, dz.sum(axis=0))
        if k:
            dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dWs, dbs


def my_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


def he_start(widths, rng):
    weights = [rng.normal(size=(a, b)) * np.sqrt(2 / a) for a, b in zip(widths, widths[1:])]
    return weights, [np.zeros(b) for b in widths[1:]]


# ================================================================ 01 chain rule
@wrong("central_difference", "step scaled with x, fails at 0", "raised-error", "not-finite", "wrong-value",
       astray={"wrong-sign", "forgot-chain", "constant-factor"})
def _(f, x, h=1e-5):
    step = h * abs(x)  # a relative step is better for large numbers
    return (f(x + step) - f(x - step)) / (2 * step)


@wrong("exp_sin_square_derivative", "took it for the square of the sine", "wrong-value", "wrong-variable",
       "wrong-local-derivative", astray={"wrong-sign", "forgot-chain", "constant-factor"})
def _(x):
    s = np.sin(x)
    outer = np.exp(s**2)
    middle = 2 * s
    inner = np.cos(x)
    return outer * middle * inner


@wrong("chain_derivative", "value stepped on before the slope is taken", "wrong-variable", "wrong-value", "wrong-order",
       astray={"wrong-sign", "constant-factor", "numerical-differentiation"})
def _(functions, derivatives, x):
    value, slope = x, 1.0
    for k in range(len(functions)):
        value = functions[k](value)
        slope *= derivatives[k](value)
    return slope


@wrong("distributed_derivative", "multiplies the paths instead of adding", "wrong-value", "wrong-local-derivative",
       astray={"wrong-sign", "forgot-chain", "constant-factor", "averaged-not-summed"})
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    total = 1.0
    for slope, dg in zip(f_partials(z), inner_derivatives):
        total *= slope * dg(x)  # chain rule: multiply along the way
    return total


@wrong("partial_and_total", "inner slope taken at y(x)", "wrong-variable", "wrong-value",
       astray={"wrong-sign", "forgot-chain", "dropped-path"})
def _(df_dx, df_dy, y, dy_dx, x):
    yx = y(x)
    partial = df_dx(x, yx)
    return partial, partial + df_dy(x, yx) * dy_dx(yx)


@wrong("squared_error_node_gradients", "product rule for two free variables", "wrong-local-derivative", "wrong-value",
       astray={"wrong-sign", "constant-factor", "forgot-chain"})
def _(x, y, z, t):
    # (xy)' = x'y + y'x, so both get y + x
    e = x * y + z - t
    dL = 2 * e
    dxy = y + x
    return dL * dxy, dL * dxy, dL


# ================================================================ 02 graphs
@wrong("add_gate_backward", "splits the gradient in halves", "constant-factor", "wrong-local-derivative",
       "averaged-not-summed", astray={"wrong-sign", "swapped-inputs", "missing-upstream"})
def _(dy, a, b):
    half = 0.5 * np.asarray(dy)  # the gate distributes what arrives
    return half, half.copy()


@wrong("multiply_gate_backward", "divides the output by the own factor", "not-finite", "wrong-value",
       astray={"swapped-inputs", "wrong-sign", "constant-factor"})
def _(dy, a, b):
    y = a * b
    with np.errstate(all="ignore"):
        da = dy * y / a
        db = dy * y / b
    return da, db


@wrong("max_gate_backward", "python loop over the first axis with if", "truth-of-an-array", "raised-error",
       astray={"wrong-shape", "wrong-mask", "double-counted-tie"})
def _(dy, a, b):
    da, db = [], []
    for d, p, q in zip(dy, a, b):
        if p > q:
            da.append(d)
            db.append(0)
        else:
            da.append(0)
            db.append(d)
    return np.array(da), np.array(db)


@wrong("sigmoid_neuron_backward", "dx times all of w, bias included", "wrong-shape",
       astray={"wrong-sign", "unsummed-axis", "transposed", "forgot-chain"})
def _(w, x):
    x1 = np.append(x, 1.0)
    f = 1 / (1 + np.exp(-np.dot(w, x1)))
    ds = f * (1 - f)
    return f, ds * x1, ds * np.asarray(w)


@wrong("softplus_graph_backward", "only local slopes, not multiplied up", "missing-upstream", "forgot-chain",
       "wrong-local-derivative", "wrong-value", astray={"wrong-sign", "constant-factor", "wrong-order"})
def _(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    dy_db = 1.0
    dy_dx = b
    return y, dy_da, dy_db, dy_dx


@wrong("fraction_backward", "sigma only heard from the numerator, square sloped as r", "dropped-path", "wrong-value",
       "wrong-local-derivative", astray={"wrong-sign", "swapped-inputs", "numerical-differentiation"})
def _(x, y):
    s = 1 / (1 + np.exp(-x))
    top = x + s
    r = x + y
    bottom = s + r**2
    z = top / bottom
    dtop = 1 / bottom
    dbottom = -top / bottom**2
    ds = dtop
    dr = dbottom * r
    dx = dtop + dr + ds * s * (1 - s)
    return z, dx, dr


@wrong("topological_order", "sorted by the number of parents", "wrong-order", "missing-error",
       astray={"wrong-type", "out-of-time", "mutated-input"})
def _(parents):
    return sorted(parents, key=lambda node: len(parents[node]))


@wrong("topological_order", "scans for ever when nothing can be placed", "out-of-time", "missing-error",
       astray={"wrong-order", "wrong-type"})
def _(parents):
    order = []
    while len(order) < len(parents):
        for node, needed in parents.items():
            if node not in order and all(p in order for p in needed):
                order.append(node)
    return order


@wrong("topological_order", "depth first without a memory", "wrong-type", "wrong-value", "missing-error",
       "wrong-order", "raised-error", "out-of-time", astray={"mutated-input", "stale-state", "missing-upstream"})
def _(parents):
    order = []

    def visit(node):
        for p in parents[node]:
            visit(p)
        order.append(node)

    for node in parents:
        visit(node)
    return order


@wrong("backpropagate", "trusts the order of the dictionary", "wrong-order", "dropped-path", "wrong-value",
       astray={"overwritten-gradient", "wrong-sign", "constant-factor", "forgot-chain"})
def _(parents, local_derivatives, output):
    grad = dict.fromkeys(parents, 0.0)
    grad[output] = 1.0
    for child in list(parents)[::-1]:
        for parent in parents[child]:
            grad[parent] += grad[child] * local_derivatives[child, parent]
    return grad


@wrong("backpropagate", "queue sends the whole sum again at each visit", "wrong-order", "wrong-value",
       astray={"overwritten-gradient", "dropped-path", "wrong-sign", "forgot-chain"})
def _(parents, local_derivatives, output):
    grad = {node: 0.0 for node in parents}
    grad[output] = 1.0
    queue = [output]
    while queue:
        v = queue.pop(0)
        for u in parents[v]:
            grad[u] += grad[v] * local_derivatives[(v, u)]
            queue.append(u)
    return grad


# ================================================================ 03 jacobians
@wrong("numerical_jacobian", "steps on a copy that stays integer", "integer-truncation", "wrong-value",
       astray={"transposed", "wrong-sign", "constant-factor"})
def _(f, x, h=1e-5):
    cols = []
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        cols.append((f(up) - f(down)) / (2 * h))
    return np.stack(cols, axis=1)


@wrong("linear_jacobian_h", "terms of the sum, not their slopes", "wrong-local-derivative", "wrong-value", "value-instead-of-mask",
       astray={"transposed", "missing-transpose", "wrong-sign"})
def _(h, W, b):
    J = np.empty(W.shape[::-1])
    for j in range(J.shape[0]):
        for i in range(J.shape[1]):
            J[j, i] = h[i] * W[i, j]
    return J


@wrong("linear_jacobian_W", "output index last", "transposed", "wrong-shape", "wrong-order",
       astray={"wrong-local-derivative", "unsummed-axis", "extra-axis"})
def _(h, W, b):
    D, M = W.shape
    T = np.zeros((D, M, M))
    for j in range(M):
        T[:, j, j] = h
    return T


@wrong("linear_jacobian_b", "identity of the input's size", "wrong-shape", "wrong-variable",
       astray={"transposed", "wrong-axis", "wrong-sign", "missing-upstream"})
def _(h, W, b):
    return np.identity(W.shape[0])


@wrong("linear_vjp_h", "einsum keeps the output index", "wrong-axis", "wrong-shape",
       astray={"averaged-not-summed", "wrong-sign", "missing-upstream"})
def _(da, h, W, b):
    return np.einsum("j,ij->j", da, W)


@wrong("linear_vjp_W", "contracts the tensor over the weight's column", "transposed", "wrong-axis", "wrong-shape",
       astray={"wrong-sign", "unsummed-axis", "missing-upstream", "averaged-not-summed"})
def _(da, h, W, b):
    J = np.einsum("a,jb->jab", h, np.eye(W.shape[1]))
    return np.tensordot(J, da, axes=([2], [0]))


@wrong("linear_vjp_b", "sums the single row, as for a batch", "wrong-shape", "wrong-axis", "wrong-type",
       astray={"unsummed-axis", "missing-upstream", "wrong-sign"})
def _(da, h, W, b):
    return np.sum(da, axis=0)


@wrong("chain_jacobians", "multi_dot in the order of the list", "wrong-order", "raised-error",
       astray={"missing-transpose", "wrong-sign", "forgot-chain"})
def _(jacobians):
    return np.linalg.multi_dot(jacobians) if len(jacobians) > 1 else jacobians[0]


@wrong("chain_jacobians", "denominator layout to the end", "transposed", "wrong-shape",
       astray={"wrong-value", "dropped-path", "forgot-chain"})
def _(jacobians):
    total = jacobians[0].T
    for J in jacobians[1:]:
        total = total @ J.T
    return total


@wrong("elementwise_vjp", "slope taken at dy times z", "wrong-variable", "wrong-value", "missing-upstream", "wrong-local-derivative",
       astray={"wrong-sign", "constant-factor", "matrix-product-for-elementwise"})
def _(dy, derivative, z):
    return derivative(dy * z)


@wrong("jacobian_from_vjp", "table of zeros with the dtype of x", "integer-truncation", "wrong-value",
       astray={"transposed", "wrong-shape", "wrong-sign"})
def _(vjp, x, output_size):
    J = np.zeros((output_size, x.size), dtype=x.dtype)
    for i in range(output_size):
        e = np.zeros(output_size)
        e[i] = 1
        J[i] = vjp(e)
    return J


@wrong("squared_distance_backward", "gradient of the distance, without the square", "wrong-local-derivative", "wrong-value",
       "constant-factor", astray={"wrong-sign", "averaged-not-summed", "wrong-axis"})
def _(x, h):
    e = np.subtract(x, h)
    return e / np.sqrt((e**2).sum())


@wrong("network_vjp", "layer two's gradients first", "wrong-order", "wrong-shape", "swapped-inputs",
       astray={"transposed", "missing-transpose", "forgot-chain", "wrong-sign"})
def _(dy, x, W1, b1, W2, b2):
    h = sigma(x @ W1 + b1)
    grads = []
    grads += [np.outer(h, dy), np.array(dy, float)]
    dz = (W2 @ dy) * h * (1 - h)
    grads += [np.outer(x, dz), dz]
    return (W1 @ dz, *grads)


@wrong("numerical_hessian", "second step overwrites the first on the diagonal", "overwritten-gradient", "wrong-value", "dropped-path",
       astray={"diagonal-jacobian", "integer-truncation", "transposed", "wrong-sign"})
def _(f, x, h=1e-4):
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(D):
            for si in (1, -1):
                for sj in (1, -1):
                    step = np.zeros(D)
                    step[i] = si * h
                    step[j] = sj * h
                    H[i, j] += si * sj * f(x + step)
    return H / (4 * h * h)


@wrong("numerical_hessian", "mirrors the triangle and the diagonal with it", "wrong-value", "constant-factor", "wrong-local-derivative",
       astray={"wrong-sign", "diagonal-jacobian", "transposed", "not-finite"})
def _(f, x, h=1e-4):
    D = len(x)
    E = h * np.eye(D)
    U = np.zeros((D, D))
    for i in range(D):
        for j in range(i, D):
            U[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / (4 * h**2)
    return U + U.T  # symmetric


# ================================================================ 04 activations
@wrong("linear_composition", "bias goes through the product so far", "raised-error", "wrong-variable", "wrong-value", "wrong-order",
       astray={"transposed", "mutated-input", "wrong-sign"})
def _(weights, biases):
    W, b = weights[0], biases[0]
    for Wk, bk in zip(weights[1:], biases[1:]):
        W = W @ Wk
        b = b @ W + bk
    return W, b


@wrong("sigmoid_backward", "the long formula, fed with the output", "wrong-variable", "wrong-value",
       astray={"wrong-sign", "constant-factor", "missing-upstream"})
def _(dy, y):
    e = np.exp(-np.asarray(y, dtype=float))
    return dy * e / np.square(1 + e)


@wrong("tanh_backward", "square in the wrong place", "wrong-local-derivative", "wrong-value",
       astray={"wrong-sign", "wrong-variable", "constant-factor", "missing-upstream"})
def _(dy, y):
    return np.multiply(dy, (1 - y) ** 2)


@wrong("relu_backward", "a ReLU on the gradient", "wrong-mask", "unused-parameter", "wrong-variable", "forward-instead-of-backward",
       astray={"missing-upstream", "value-instead-of-mask", "mutated-input"})
def _(dy, z):
    # backward of max(0, .) is max(0, .) again
    return np.where(dy > 0, dy, 0)


@wrong("leaky_relu_backward", "larger of alpha and the mask", "wrong-mask", "wrong-local-derivative", "wrong-value",
       astray={"unused-parameter", "missing-upstream", "wrong-sign"})
def _(dy, z, alpha):
    return dy * np.maximum(alpha, (z > 0).astype(float))


@wrong("relu_subdifferential", "low is always zero", "wrong-mask", "wrong-value", "wrong-local-derivative",
       astray={"swapped-inputs", "wrong-type", "wrong-shape"})
def _(z):
    z = np.asarray(z)
    return np.zeros(z.shape), (z >= 0) * 1.0


@wrong("relu_subdifferential", "goes by the sign bit, -0.0 is negative", "wrong-mask", "wrong-value",
       astray={"wrong-shape", "swapped-inputs", "integer-truncation"})
def _(z):
    z = np.asarray(z, dtype=float)
    low = np.where(z > 0, 1.0, 0.0)
    high = np.where(np.signbit(z), 0.0, 1.0)
    return low, high


@wrong("is_subgradient", "asks for equality", "wrong-value", "wrong-mask",
       astray={"lost-precision", "wrong-sign", "wrong-type", "first-row-only"})
def _(v, f, x0, points):
    rise = np.array([f(p) - f(x0) for p in points])
    line = (points - x0) @ v
    return bool(np.allclose(rise, line))


@wrong("is_subgradient", "hands all rows to f at once", "wrong-value", "raised-error", "broadcast-blow-up", "wrong-axis",
       astray={"lost-precision", "wrong-sign"})
def _(v, f, x0, points):
    gap = f(points) - f(x0) - (points - x0).dot(v)
    return bool((gap >= -1e-9).all())


@wrong("elu_backward", "input plus alpha instead of output plus alpha", "wrong-variable", "wrong-local-derivative", "wrong-value",
       astray={"wrong-sign", "missing-upstream", "unused-parameter", "not-finite"})
def _(dy, z, alpha):
    slope = np.ones(np.shape(z))
    left = z <= 0
    slope[left] = z[left] + alpha
    return dy * slope


@wrong("rrelu_backward", "mean slope, as at test time", "wrong-local-derivative", "averaged-not-summed", "wrong-value",
       astray={"wrong-mask", "missing-upstream", "wrong-sign"})
def _(dy, z, slopes):
    return dy * np.where(z >= 0, 1.0, np.mean(slopes))


@wrong("prelu_backward", "dalpha from dz, which has alpha in it", "constant-factor", "wrong-variable", "wrong-value",
       astray={"wrong-mask", "wrong-sign", "averaged-not-summed", "unsummed-axis"})
def _(dy, z, alpha):
    neg = z < 0
    dz = np.array(dy, dtype=float)
    dz[neg] *= alpha
    return dz, (dz * z)[neg].sum()


@wrong("softplus_backward", "same fraction on both sides", "wrong-local-derivative", "wrong-value", "wrong-mask", "dropped-path",
       astray={"not-finite", "wrong-sign", "missing-upstream"})
def _(dy, z):
    return dy / (1 + np.exp(-np.abs(z)))  # never overflows


@wrong("maxout_backward", "winner without the bias", "wrong-mask", "unused-parameter", "wrong-value",
       astray={"double-counted-tie", "overwritten-gradient", "transposed", "wrong-sign"})
def _(dy, x, W, b):
    scores = np.einsum("nd,kdm->knm", x, W)
    win = scores.argmax(axis=0)[None] == np.arange(len(W))[:, None, None]
    dz = win * dy
    return np.einsum("knm,kdm->nd", dz, W), np.einsum("nd,knm->kdm", x, dz), dz.sum(axis=1)


@wrong("maxout_backward", "dx of the last piece only", "overwritten-gradient", "dropped-path",
       astray={"wrong-mask", "transposed", "double-counted-tie", "wrong-sign"})
def _(dy, x, W, b):
    pieces = np.array([x @ W[k] + b[k] for k in range(len(W))])
    winner = pieces.argmax(axis=0)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        dz = dy * (winner == k)
        dx = dz @ W[k].T
        dW[k] = x.T @ dz
        db[k] = dz.sum(0)
    return dx, dW, db


@wrong("max_backward", "winners' columns for every row", "wrong-mask", "raised-error", "broadcast-blow-up", "wrong-axis", "wrong-value",
       astray={"double-counted-tie", "wrong-sign", "missing-upstream"})
def _(dy, z):
    dz = np.zeros(np.shape(z))
    dz[..., np.argmax(z, axis=-1)] = dy
    return dz


@wrong("max_backward", "row numbers, for two axes only", "raised-error", "wrong-shape", "first-row-only",
       astray={"wrong-mask", "double-counted-tie", "wrong-sign", "integer-truncation"})
def _(dy, z):
    dz = np.zeros_like(z, dtype=float)
    dz[np.arange(z.shape[0]), z.argmax(axis=1)] = dy
    return dz


@wrong("max_pool_backward", "windows start at k times size", "unused-parameter", "wrong-mask", "wrong-value", "raised-error",
       astray={"overwritten-gradient", "double-counted-tie", "wrong-sign"})
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for n in np.ndindex(z.shape[:-1]):
        for k in range(dy.shape[-1]):
            window = z[n][k * size:(k + 1) * size]
            if len(window) == 0:
                break
            dz[n][k * size + window.argmax()] += dy[n][k]
    return dz


@wrong("max_pool_backward", "put_along_axis where windows share a winner", "overwritten-gradient", "dropped-path",
       astray={"unused-parameter", "wrong-mask", "double-counted-tie", "wrong-axis"})
def _(dy, z, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(z, size, axis=-1)[..., ::stride, :]
    idx = windows.argmax(axis=-1) + stride * np.arange(windows.shape[-2])
    dz = np.zeros(z.shape)
    np.put_along_axis(dz, idx, dy, axis=-1)
    return dz


# ================================================================ 05 softmax and losses
@wrong("softmax", "axis 1 written by hand", "raised-error", "wrong-axis",
       astray={"not-finite", "extra-axis", "wrong-sign"})
def _(z):
    shifted = z - z.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=1, keepdims=True)


@wrong("log_softmax", "largest not added back", "wrong-value", "dropped-path",
       astray={"not-finite", "wrong-axis", "wrong-sign", "constant-factor"})
def _(z):
    m = z.max(axis=-1, keepdims=True)
    lse = np.log(np.exp(z - m).sum(axis=-1, keepdims=True))
    return z - lse


@wrong("softmax_jacobian", "outer product of y and 1 - y", "wrong-local-derivative", "wrong-value",
       astray={"transposed", "diagonal-jacobian", "constant-factor", "wrong-shape"})
def _(y):
    return y[:, None] * (1 - y[None, :])


@wrong("softmax_backward", "plain mean instead of the weighted one", "wrong-value", "averaged-not-summed", "wrong-local-derivative",
       astray={"wrong-axis", "diagonal-jacobian", "wrong-sign", "raised-error"})
def _(dy, y):
    centred = dy - np.mean(dy, axis=-1, keepdims=True)
    return y * centred


@wrong("softmax_backward", "last output's row of the Jacobian survives", "overwritten-gradient", "dropped-path", "wrong-value",
       astray={"wrong-axis", "wrong-sign", "averaged-not-summed"})
def _(dy, y):
    C = y.shape[-1]
    dz = np.zeros(y.shape)
    for i in range(C):
        delta = (np.arange(C) == i).astype(float)
        dz = dy[..., i:i + 1] * y[..., i:i + 1] * (delta - y)
    return dz


@wrong("softmax_backward", "rows flattened and left so", "wrong-shape", "extra-axis",
       astray={"wrong-axis", "diagonal-jacobian", "wrong-value", "transposed"})
def _(dy, y):
    p = y.reshape(-1, y.shape[-1])
    g = dy.reshape(p.shape)
    out = []
    for gi, pi in zip(g, p):
        out.append(gi @ (np.diag(pi) - np.outer(pi, pi)))
    return np.array(out)


@wrong("squared_error_backward", "both the same sign, mean of the entries", "averaged-not-summed", "constant-factor", "wrong-sign",
       "averaged-twice", astray={"swapped-inputs", "forgot-chain", "unsummed-axis"})
def _(f, y):
    df = (f - y) / np.size(f)
    dy = df
    return df, dy


@wrong("kl_divergence_backward", "slope of log at d/y, quotient not followed", "forgot-chain", "wrong-local-derivative", "not-finite",
       "wrong-value", astray={"wrong-sign", "constant-factor", "averaged-not-summed", "swapped-inputs"})
def _(y, d):
    q = d / y
    return d * (1 / q)


@wrong("cross_entropy_backward", "whole columns of the labels", "wrong-mask", "wrong-value",
       astray={"wrong-sign", "not-averaged", "averaged-twice", "unsummed-axis"})
def _(p, labels):
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / p[:, labels] / len(p)
    return dp


@wrong("softmax_cross_entropy_backward", "mean over the classes", "constant-factor", "not-averaged", "averaged-twice", "wrong-axis",
       astray={"wrong-sign", "wrong-mask", "forgot-chain"})
def _(z, labels):
    dz = my_softmax(z)
    for n, label in enumerate(labels):
        dz[n, label] -= 1
    return dz / z.shape[-1]


@wrong("sigmoid_mse_backward", "brackets forgotten", "wrong-value", "wrong-local-derivative",
       astray={"wrong-sign", "constant-factor", "not-finite", "wrong-variable"})
def _(z, d):
    s = sig(z)
    return s - d * s * (1 - s)


@wrong("sigmoid_cross_entropy_backward", "clipped p in two factors", "lost-precision", "wrong-value", "wrong-local-derivative",
       astray={"wrong-sign", "not-finite", "constant-factor", "forgot-chain"})
def _(z, d):
    s = sig(z)
    p = np.clip(s, 1e-7, 1 - 1e-7)
    dp = (1 - d) / (1 - p) - d / p
    return dp * s * (1 - s)


@wrong("log_softmax_backward", "one sum for the whole batch", "wrong-axis", "wrong-value",
       astray={"diagonal-jacobian", "wrong-variable", "wrong-sign", "forgot-chain"})
def _(dy, y):
    return dy - np.exp(y) * np.sum(dy)


@wrong("log_softmax_backward", "own path only", "diagonal-jacobian", "dropped-path",
       astray={"wrong-axis", "wrong-variable", "wrong-sign", "averaged-not-summed"})
def _(dy, y):
    p = np.exp(y)
    return dy * (1 - p)


# ================================================================ 06 backpropagation
@wrong("extended_layer_backward", "bias in the last row", "wrong-order", "wrong-variable", "wrong-value",
       astray={"transposed", "wrong-sign", "wrong-shape", "raised-error"})
def _(dz, y_prev, w):
    dy_prev = w[:-1] @ dz
    dw = np.outer(np.hstack([y_prev, 1]), dz)
    return dy_prev, dw


@wrong("linear_backward", "one weight table for each example", "unsummed-axis", "wrong-shape",
       astray={"transposed", "averaged-not-summed", "wrong-sign"})
def _(dz, x, W):
    dx = np.einsum("nm,dm->nd", dz, W)
    dW = np.einsum("nd,nm->ndm", x, dz)
    db = dz
    return dx, dW, db


@wrong("linear_backward", "loop keeps the last example", "overwritten-gradient", "first-row-only", "dropped-path",
       astray={"transposed", "averaged-not-summed", "wrong-axis"})
def _(dz, x, W):
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        dx[n] = W.dot(dz[n])
        dW = np.outer(x[n], dz[n])
        db = dz[n]
    return dx, dW, db


@wrong("broadcast_backward", "shapes lined up from the left", "wrong-axis", "wrong-shape", "raised-error", "unsummed-axis",
       astray={"averaged-not-summed", "wrong-sign", "missing-upstream"})
def _(dy, shape):
    padded = tuple(shape) + (1,) * (dy.ndim - len(shape))
    axes = tuple(i for i in range(dy.ndim) if padded[i] == 1)
    out = dy.sum(axis=axes, keepdims=True)
    return out.reshape(out.shape[:len(shape)])


@wrong("multiply_backward", "db built from da", "wrong-value", "wrong-variable", "wrong-local-derivative",
       astray={"swapped-inputs", "wrong-sign", "constant-factor", "missing-upstream"})
def _(dy, a, b):
    da = dy * b
    db = da * a
    return da, db


@wrong("pairwise_product_backward", "first half paired with second half", "wrong-order", "wrong-value", "wrong-variable",
       astray={"wrong-sign", "unsummed-axis", "missing-upstream", "constant-factor"})
def _(dy, z):
    left, right_ = np.split(z, 2, axis=-1)
    return np.concatenate([dy * right_, dy * left], axis=-1)


@wrong("gated_unit_backward", "tanh of the tanh", "wrong-variable", "wrong-local-derivative", "wrong-value",
       astray={"swapped-inputs", "wrong-sign", "forgot-chain", "dropped-path"})
def _(dy, g, c):
    s, t = sig(g), np.tanh(c)
    ds, dt = dy * t, dy * s
    dg = ds * s * (1 - s)
    dc = dt * (1 - np.tanh(t) ** 2)
    return dg, dc


@wrong("mlp_forward", "list keeps what went into the ReLU", "wrong-variable", "wrong-value", "dropped-path", "wrong-mask",
       astray={"wrong-order", "wrong-shape", "mutated-input", "wrong-sign"})
def _(x, weights, biases):
    ys, y = [x], x
    for i in range(len(weights)):
        y = np.dot(y, weights[i]) + biases[i]
        ys.append(y)
        if i < len(weights) - 1:
            y = np.maximum(y, 0)
    return ys


@wrong("mlp_backward", "the data masked like a hidden layer", "wrong-mask", "wrong-value",
       astray={"transposed", "wrong-order", "wrong-sign", "unsummed-axis"})
def _(dy, activations, weights):
    dz, dweights, dbiases = dy, [], []
    for y, W in zip(activations[-2::-1], weights[::-1]):
        dweights.insert(0, y.T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = np.where(y > 0, dz @ W.T, 0)
    return dz, dweights, dbiases


@wrong("mlp_backward", "lists left as the loop made them", "wrong-order", "wrong-shape",
       astray={"transposed", "wrong-mask", "unsummed-axis", "wrong-sign"})
def _(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.append(activations[k].T @ dy)
        dbiases.append(np.sum(dy, axis=0))
        dy = dy @ weights[k].T
        if k > 0:
            dy = dy * (activations[k] > 0)
    return dy, dweights, dbiases


@wrong("shared_weight_backward", "x1 hears from x2 only", "dropped-path", "wrong-value",
       astray={"transposed", "missing-transpose", "wrong-order", "wrong-sign"})
def _(dx3, jacobians):
    J = {child + parent: jac for (child, parent), jac in jacobians.items()}
    dx2 = dx3 @ J["x3x2"]
    dx1 = dx2 @ J["x2x1"]
    return dx3 @ J["x3w1"] + dx1 @ J["x1w1"], dx2 @ J["x2w2"]


@wrong("activation_memory", "counts weights instead of activations", "wrong-value", "wrong-variable",
       astray={"constant-factor", "unused-parameter", "wrong-sign", "wrong-type"})
def _(batch, widths, itemsize=8):
    numbers = 0
    for d_in, d_out in zip(widths[:-1], widths[1:]):
        numbers += d_in * d_out
    return batch * numbers * itemsize


# ================================================================ 07 digits
@wrong("binary_loss_and_gradients", "column of outputs against a row of targets", "broadcast-blow-up", "wrong-shape", "wrong-value",
       astray={"wrong-sign", "not-averaged", "averaged-twice", "not-finite"})
def _(w, b, x, d):
    z = x @ np.reshape(w, (-1, 1)) + b
    loss = np.mean(np.logaddexp(0, z) - d * z)
    dz = (sig(z) - d) / len(x)
    return loss, x.T @ dz, dz.sum()


@wrong("sgd_step", "one array of all gradients", "raised-error", "wrong-type", "wrong-shape",
       astray={"mutated-input", "wrong-sign", "unused-parameter", "stale-state"})
def _(parameters, gradients, learning_rate):
    step = learning_rate * np.array(gradients)
    return list(np.array(parameters) - step)


@wrong("loss_and_gradients", "loss picks whole columns", "wrong-value", "broadcast-blow-up", "wrong-mask",
       astray={"wrong-sign", "not-averaged", "not-finite", "dropped-path", "transposed"})
def _(weights, biases, x, labels):
    ys = my_forward(weights, biases, x)
    loss = -my_log_softmax(ys[-1])[:, labels].mean()
    dz = (my_softmax(ys[-1]) - np.eye(ys[-1].shape[1])[labels]) / len(x)
    dWs, dbs = [], []
    for y, W in zip(reversed(ys[:-1]), reversed(weights)):
        dWs = [y.T @ dz] + dWs
        dbs = [dz.sum(0)] + dbs
        dz = dz @ W.T * (y > 0)
    return loss, dWs, dbs


@wrong("loss_and_gradients", "weight decay from another course", "wrong-value", "wrong-local-derivative",
       astray={"wrong-sign", "not-averaged", "wrong-mask", "dropped-path", "constant-factor"})
def _(weights, biases, x, labels, reg=1e-2):
    loss, dWs, dbs = my_gradients(weights, biases, x, labels)
    loss = loss + 0.5 * reg * sum(np.sum(W * W) for W in weights)
    dWs = [dW + reg * W for dW, W in zip(dWs, weights)]
    return loss, dWs, dbs


@wrong("train", "images and labels shuffled apart", "wrong-value", "wrong-order",
       astray={"not-finite", "raised-error", "wrong-sign", "wrong-shape"})
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = he_start(widths, rng)
    for _e in range(epochs):
        xs, ls = rng.permutation(x), rng.permutation(labels)
        for i in range(0, len(xs), batch_size):
            _l, dW, db = my_gradients(weights, biases, xs[i:i + batch_size], ls[i:i + batch_size])
            weights = my_step(weights, dW, learning_rate)
            biases = my_step(biases, db, learning_rate)
    return weights, biases


@wrong("train", "full batches only, none when the batch is too large", "wrong-value", "dropped-path",
       astray={"wrong-order", "not-finite", "wrong-shape", "raised-error"})
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = he_start(widths, rng)
    for _e in range(epochs):
        order = rng.permutation(len(x))
        for k in range(len(x) // batch_size):
            pick = order[k * batch_size:(k + 1) * batch_size]
            _l, dW, db = my_gradients(weights, biases, x[pick], labels[pick])
            weights = my_step(weights, dW, learning_rate)
            biases = my_step(biases, db, learning_rate)
    return weights, biases


@wrong("train", "throws the new lists away", "wrong-value", "unused-parameter",
       astray={"mutated-input", "not-finite", "wrong-order", "wrong-sign"})
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = he_start(widths, rng)
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            loss, dweights, dbiases = my_gradients(weights, biases, x[batch], labels[batch])
            my_step(weights, dweights, learning_rate)
            my_step(biases, dbiases, learning_rate)
    return weights, biases


# ================================================================ right answers
@right("max_gate_backward", "signs, a tie in halves")
def _(dy, a, b):
    s = np.sign(np.subtract(a, b, dtype=float))
    return dy * (1 + s) / 2, dy * (1 - s) / 2


@right("topological_order", "graphlib, whose CycleError is a ValueError")
def _(parents):
    return list(graphlib.TopologicalSorter(parents).static_order())


@right("backpropagate", "each node asks its children, with a memory")
def _(parents, local_derivatives, output):
    children = {n: [c for c in parents if n in parents[c]] for n in parents}

    @functools.lru_cache(maxsize=None)
    def grad(n):
        own = 1.0 if n == output else 0.0
        return own + sum(grad(c) * local_derivatives[c, n] for c in children[n])

    return {n: grad(n) for n in parents}


@right("chain_jacobians", "right to left with reduce, nested lists returned")
def _(jacobians):
    return functools.reduce(lambda done, J: np.dot(J, done), jacobians).tolist()


@right("jacobian_from_vjp", "list of rows")
def _(vjp, x, output_size):
    return [vjp(row) for row in np.eye(output_size)]


@right("numerical_hessian", "four corners, one triangle copied")
def _(f, x, h=1e-4):
    D = len(x)
    E = np.eye(D) * h
    H = np.empty((D, D))
    for i in range(D):
        for j in range(i + 1):
            a, b = E[i], E[j]
            H[i, j] = H[j, i] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h)
    return H


@right("relu_backward", "heaviside with 0.3 at the kink")
def _(dy, z):
    return dy * np.heaviside(z, 0.3)


@right("relu_subdifferential", "booleans as floats, returned as a list")
def _(z):
    return [np.greater(z, 0).astype(float), np.greater_equal(z, 0).astype(float)]


@right("max_backward", "loop over rows, a tie split evenly")
def _(dy, z):
    dy, z = np.asarray(dy), np.asarray(z)
    dz = np.zeros(z.shape)
    for row in np.ndindex(*z.shape[:-1]):
        hit = z[row] == max(z[row])
        dz[row] = dy[row] * hit / hit.sum()
    return dz


@right("max_pool_backward", "last winner, add.at on flattened rows")
def _(dy, z, size, stride):
    rows = np.reshape(z, (-1, z.shape[-1]))
    g = np.reshape(dy, (len(rows), -1))
    out = np.zeros(rows.shape)
    for k in range(g.shape[1]):
        part = rows[:, k * stride:k * stride + size]
        last = part.shape[1] - 1 - part[:, ::-1].argmax(axis=1)
        np.add.at(out, (np.arange(len(rows)), k * stride + last), g[:, k])
    return out.reshape(z.shape)


@right("maxout_backward", "einsum, ties split evenly")
def _(dy, x, W, b):
    z = np.einsum("nd,kdm->knm", x, W) + b[:, None]
    win = (z == z.max(axis=0)).astype(float)
    dz = win / win.sum(axis=0) * dy
    return np.einsum("knm,kdm->nd", dz, W), np.einsum("nd,knm->kdm", x, dz), np.einsum("knm->km", dz)


@right("prelu_backward", "inner product with the negative part")
def _(dy, z, alpha):
    on = np.heaviside(z, 0)
    return dy * (on + (1 - on) * alpha), np.vdot(dy, np.minimum(z, 0))


@right("softmax", "transposed twice instead of keepdims")
def _(z):
    z = np.asarray(z)
    e = np.exp(z.T - z.max(axis=-1).T)
    return (e / e.sum(axis=0)).T


@right("softmax_backward", "batched Jacobian with einsum")
def _(dy, y):
    J = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - np.einsum("...i,...j->...ij", y, y)
    return np.einsum("...i,...ij->...j", dy, J)


@right("log_softmax_backward", "matrix of ones for the row sums")
def _(dy, y):
    C = y.shape[-1]
    return dy - np.exp(y) * (dy @ np.ones((C, C)))


@right("linear_backward", "loops over examples, python lists")
def _(dz, x, W):
    dx = [[sum(d * w for d, w in zip(row, Wi)) for Wi in W] for row in dz]
    dW = sum(np.outer(xn, dn) for xn, dn in zip(x, dz))
    db = [sum(column) for column in zip(*dz)]
    return [dx, dW, db]


@right("pairwise_product_backward", "pairs as an axis, read backwards")
def _(dy, z):
    pairs = z.reshape(*z.shape[:-1], -1, 2)
    return (np.asarray(dy)[..., None] * pairs[..., ::-1]).reshape(z.shape)


@right("mlp_backward", "recursion, tuples returned")
def _(dy, activations, weights):
    y, W = activations[len(weights) - 1], weights[-1]
    dW, db, below = np.tensordot(y, dy, axes=(0, 0)), np.ones(len(dy)) @ dy, np.inner(dy, W)
    if len(weights) == 1:
        return below, (dW,), (db,)
    again = _mlp_again
    dx, dWs, dbs = again(below * np.sign(y), activations[:-1], weights[:-1])
    return dx, (*dWs, dW), (*dbs, db)
_mlp_again = _


@right("shared_weight_backward", "transposes from the left")
def _(dx3, jacobians):
    pull = lambda g, child, parent: jacobians[child, parent].T.dot(g)
    dx2 = pull(dx3, "x3", "x2")
    dx1 = pull(dx3, "x3", "x1") + pull(dx2, "x2", "x1")
    return [pull(dx3, "x3", "w1") + pull(dx1, "x1", "w1"), pull(dx2, "x2", "w2")]


@right("train", "uniform start, array_split, updates in place of own arrays")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for a, b in zip(widths[:-1], widths[1:]):
        weights.append(rng.uniform(-1, 1, (a, b)) * np.sqrt(6 / (a + b)))
        biases.append(np.zeros(b))
    for _e in range(epochs):
        order = rng.permutation(len(x))
        for batch in np.split(order, range(batch_size, len(order), batch_size)):
            _l, dWs, dbs = my_gradients(weights, biases, x[batch], labels[batch])
            for p, g in zip(weights + biases, dWs + dbs):
                p -= learning_rate * g
    return weights, biases


_ = None

"""Answers by somebody who knew the tasks and nothing of the checker, nor of what others had written.

At the first run all 84 were refused: 80 under an expected name, 69 under the best of them, none astray, one with
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


# ---- what the course hands to the student, or the student has from an earlier task


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigma(z):
    return 1 / (1 + np.exp(-z))


def soft_max(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_soft_max(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def forward(weights, biases, x):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = activations[-1] @ W + b
        activations.append(z if layer == len(weights) - 1 else np.maximum(z, 0))
    return activations


def my_loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    rows = np.arange(len(labels))
    loss = -log_soft_max(ys[-1])[rows, labels].mean()
    dz = soft_max(ys[-1])
    dz[rows, labels] -= 1
    dz /= len(labels)
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, ys[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        if k:
            dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dweights, dbiases


def my_sgd_step(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


# ==== 01-chain-rule


@wrong("central_difference", "h goes to 0, so make it really small", "unused-parameter", "lost-precision",
       astray=("constant-factor", "wrong-sign"))
def central_difference(f, x, h=1e-5):
    # the derivative is the limit h -> 0
    h = 1e-12
    return (f(x + h) - f(x - h)) / (2 * h)


@wrong("central_difference", "no brackets under the fraction bar", "constant-factor", "wrong-value",
       astray=("wrong-sign", "lost-precision"))
def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2 * h


@wrong("exp_sin_square_derivative", "caret for the power, as in MATLAB", "raised-error",
       astray=("forgot-chain", "wrong-variable"))
def exp_sin_square_derivative(x):
    return np.exp(np.sin(x^2)) * np.cos(x^2) * 2 * x


@wrong("exp_sin_square_derivative", "every letter replaced by its derivative, f'(g'(h'))", "forgot-chain",
       "wrong-variable", "wrong-value", astray=("wrong-sign",))
def exp_sin_square_derivative(x):
    # exp -> exp, sin -> cos, x**2 -> 2x
    return np.exp(np.cos(2 * x))


@wrong("chain_derivative", "walks on first and asks for the slope after", "wrong-variable",
       astray=("wrong-order", "forgot-chain"))
def chain_derivative(functions, derivatives, x):
    slope = 1.0
    y = x
    for f, df in zip(functions, derivatives):
        y = f(y)
        slope *= df(y)
    return slope


@wrong("chain_derivative", "mathematician reads the list as f o g o h", "wrong-order",
       astray=("forgot-chain",))
def chain_derivative(functions, derivatives, x):
    y, slope = x, 1.0
    for k in range(len(functions) - 1, -1, -1):
        slope = derivatives[k](y) * slope
        y = functions[k](y)
    return slope


@right("chain_derivative", "pairs of value and slope, folded with reduce")
def chain_derivative(functions, derivatives, x):
    from functools import reduce

    def push(pair, stage):
        value, slope = pair
        f, df = stage
        return f(value), df(value) * slope

    return reduce(push, zip(functions, derivatives), (x, 1.0))[1]


@wrong("distributed_derivative", "total = in the loop, the last path wins", "overwritten-gradient", "dropped-path",
       astray=("wrong-variable",))
def distributed_derivative(f_partials, inner, inner_derivatives, x):
    z = [g(x) for g in inner]
    partials = f_partials(z)
    total = 0.0
    for i in range(len(inner)):
        total = partials[i] * inner_derivatives[i](x)
    return total


@wrong("partial_and_total", "y'(y(x)): once y is put in, it is put in everywhere", "wrong-variable",
       astray=("dropped-path", "forgot-chain", "swapped-inputs"))
def partial_and_total(df_dx, df_dy, y, dy_dx, x):
    y = y(x)
    partial = df_dx(x, y)
    total = partial + df_dy(x, y) * dy_dx(y)
    return partial, total


@wrong("squared_error_node_gradients", "hands in a gradient for t as well", "wrong-type",
       astray=("wrong-sign", "swapped-inputs", "dropped-path"))
def squared_error_node_gradients(x, y, z, t):
    e = x * y + z - t
    de = 2 * e
    dx = de * y
    dy = de * x
    dz = de
    dt = -de
    return dx, dy, dz, dt


@right("squared_error_node_gradients", "square multiplied out, then term by term")
def squared_error_node_gradients(x, y, z, t):
    # L = x²y² + z² + t² + 2xyz - 2xyt - 2zt
    dx = 2 * x * y**2 + 2 * y * z - 2 * y * t
    dy = 2 * x**2 * y + 2 * x * z - 2 * x * t
    dz = 2 * z + 2 * x * y - 2 * t
    return [dx, dy, dz]


# ==== 02-computational-graphs


@wrong("add_gate_backward", "both are the same, so one will do", "wrong-type", "wrong-shape",
       astray=("missing-upstream", "wrong-local-derivative"))
def add_gate_backward(dy, a, b):
    # the add gate distributes: da = db = dy
    return dy * 1.0


@wrong("multiply_gate_backward", "formula of the linear layer from the web", "matrix-product-for-elementwise",
       "raised-error", astray=("missing-transpose", "transposed", "swapped-inputs"))
def multiply_gate_backward(dy, a, b):
    da = dy @ b.T
    db = a.T @ dy
    return da, db


@wrong("max_gate_backward", "strict comparison both ways, nobody gets the tie", "wrong-mask", "dropped-path",
       astray=("double-counted-tie", "swapped-inputs"))
def max_gate_backward(dy, a, b):
    da = np.where(a > b, dy, 0)
    db = np.where(b > a, dy, 0)
    return da, db


@wrong("max_gate_backward", "followed the error message and wrote .all()", "truth-of-an-array", "wrong-mask",
       astray=("double-counted-tie", "swapped-inputs"))
def max_gate_backward(dy, a, b):
    # ValueError: ... Use a.any() or a.all()
    if np.all(a > b):
        return dy, np.zeros_like(dy)
    else:
        return np.zeros_like(dy), dy


@right("max_gate_backward", "sign of the difference, half each at a tie")
def max_gate_backward(dy, a, b):
    s = np.sign(np.subtract(a, b))
    return dy * (1 + s) / 2, dy * (1 - s) / 2


@wrong("sigmoid_neuron_backward", "bias gets its own value by pattern", "wrong-local-derivative", "swapped-inputs",
       astray=("wrong-sign", "wrong-shape", "forgot-chain"))
def sigmoid_neuron_backward(w, x):
    z = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1 / (1 + np.exp(-z))
    dz = f * (1 - f)
    dw = np.array([x[0] * dz, x[1] * dz, w[2] * dz])
    dx = np.array([w[0] * dz, w[1] * dz])
    return f, dw, dx


@wrong("sigmoid_neuron_backward", "zeros_like of whole-number weights", "integer-truncation",
       astray=("missing-upstream", "wrong-shape", "dropped-path"))
def sigmoid_neuron_backward(w, x):
    dw = np.zeros_like(w)
    dx = np.zeros_like(x)
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    dz = (1 - f) * f
    for i in range(2):
        dw[i] = dz * x[i]
        dx[i] = dz * w[i]
    dw[2] = dz
    return f, dw, dx


@wrong("softplus_graph_backward", "the local slopes, never multiplied up", "forgot-chain", "missing-upstream",
       "wrong-local-derivative", astray=("wrong-sign", "wrong-order"))
def softplus_graph_backward(x):
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    dy_da = 1 / a
    da_db = 1
    db_dx = b
    return y, dy_da, da_db, db_dx


@wrong("fraction_backward", "quotient rule remembered the wrong way round", "wrong-sign",
       astray=("dropped-path", "swapped-inputs"))
def fraction_backward(x, y):
    s = 1 / (1 + np.exp(-x))
    ds = s * (1 - s)
    u = x + s
    v = s + (x + y) ** 2
    du_dx, du_dy = 1 + ds, 0
    dv_dx, dv_dy = ds + 2 * (x + y), 2 * (x + y)
    # (u/v)' = (u v' - u' v) / v²
    return u / v, (u * dv_dx - du_dx * v) / v**2, (u * dv_dy - du_dy * v) / v**2


@wrong("fraction_backward", "the s below the bar taken for a constant", "dropped-path",
       astray=("wrong-sign", "overwritten-gradient"))
def fraction_backward(x, y):
    s = 1 / (1 + np.exp(-x))
    top = x + s
    square = (x + y) ** 2
    bottom = s + square
    r = 1 / bottom
    z = top * r
    dtop = r
    dr = top
    dbottom = dr * (-(r**2))
    dsquare = dbottom
    ds = dtop
    dx = dtop + ds * s * (1 - s) + dsquare * 2 * (x + y)
    dy = dsquare * 2 * (x + y)
    return z, dx, dy


@wrong("topological_order", "sorted by the number of parents", "wrong-order", "missing-error",
       astray=("raised-error",))
def topological_order(parents):
    # inputs have no parents, so they come first, and so on
    return sorted(parents, key=lambda node: len(parents[node]))


@wrong("topological_order", "while loop that waits for the ring to open", "out-of-time", "missing-error",
       astray=("wrong-order",))
def topological_order(parents):
    order = []
    while len(order) < len(parents):
        for node, needs in parents.items():
            if node not in order and all(p in order for p in needs):
                order.append(node)
    if len(order) != len(parents):
        raise ValueError("cycle")
    return order


@right("topological_order", "graphlib of the standard library")
def topological_order(parents):
    from graphlib import TopologicalSorter

    # its CycleError is a ValueError
    return [*TopologicalSorter(parents).static_order()]


@wrong("backpropagate", "depth-first with a stack, as for a maze", "wrong-order", "dropped-path",
       astray=("overwritten-gradient", "swapped-inputs"))
def backpropagate(parents, local_derivatives, output):
    grads = {node: 0.0 for node in parents}
    grads[output] = 1.0
    stack, seen = [output], {output}
    while stack:
        node = stack.pop()
        for p in parents[node]:
            grads[p] += grads[node] * local_derivatives[node, p]
            if p not in seen:
                seen.add(p)
                stack.append(p)
    return grads


@right("backpropagate", "a node goes once all its children have reported")
def backpropagate(parents, local_derivatives, output):
    waiting = {node: 0 for node in parents}
    for node in parents:
        for p in parents[node]:
            waiting[p] += 1
    d = dict.fromkeys(parents, 0.0)
    d[output] += 1
    ready = [node for node, n in waiting.items() if n == 0]
    while ready:
        v = ready.pop()
        for u in parents[v]:
            d[u] += d[v] * local_derivatives[v, u]
            waiting[u] -= 1
            if not waiting[u]:
                ready.append(u)
    return d


# ==== 03-jacobians


@wrong("numerical_jacobian", "one row for each input, stacked as they come", "transposed",
       astray=("wrong-order", "constant-factor"))
def numerical_jacobian(f, x, h=1e-5):
    rows = []
    for e in np.eye(len(x)):
        rows.append((f(x + h * e) - f(x - h * e)) / (2 * h))
    return np.array(rows)


@wrong("numerical_jacobian", "h is lost in a copy of whole numbers", "integer-truncation",
       astray=("mutated-input", "transposed", "constant-factor"))
def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for j in range(x.size):
        plus, minus = x.copy(), x.copy()
        plus[j] += h
        minus[j] -= h
        columns.append((f(plus) - f(minus)) / (2 * h))
    return np.stack(columns, axis=1)


@wrong("linear_jacobian_h", "what each input contributes, not its slope", "wrong-local-derivative",
       astray=("transposed", "missing-transpose", "wrong-mask"))
def linear_jacobian_h(h, W, b):
    D, M = W.shape
    J = np.zeros((M, D))
    for j in range(M):
        for i in range(D):
            J[j, i] = h[i] * W[i, j]
    return J


@wrong("linear_jacobian_W", "no delta: every weight moves every output", "wrong-mask", "wrong-value",
       "wrong-local-derivative", astray=("transposed", "wrong-order", "missing-upstream"))
def linear_jacobian_W(h, W, b):
    D, M = np.shape(W)
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, :] = np.reshape(h, (D, 1))
    return J


@right("linear_jacobian_W", "identity times h with einsum")
def linear_jacobian_W(h, W, b):
    return np.einsum("jb,a->jab", np.eye(np.shape(W)[1]), h)


@wrong("linear_jacobian_b", "b itself on the diagonal", "wrong-local-derivative",
       astray=("wrong-shape", "transposed", "wrong-mask"))
def linear_jacobian_b(h, W, b):
    # only the diagonal: b_i reaches a_i and nobody else
    return np.diag(b)


@wrong("linear_vjp_h", "J is W, or was it", "missing-transpose", "raised-error",
       astray=("wrong-order", "wrong-sign", "matrix-product-for-elementwise"))
def linear_vjp_h(da, h, W, b):
    J = W
    return da @ J


@wrong("linear_vjp_W", "batch formula, but h.T of a row is a row", "missing-transpose", "raised-error", "wrong-shape",
       "matrix-product-for-elementwise", astray=("wrong-order", "missing-upstream"))
def linear_vjp_W(da, h, W, b):
    # dW = h^T da
    return h.T @ da


@wrong("linear_vjp_b", "always sum for the bias", "wrong-shape", "wrong-axis",
       astray=("unsummed-axis", "averaged-not-summed", "missing-upstream"))
def linear_vjp_b(da, h, W, b):
    return da.sum(axis=0)


@wrong("chain_jacobians", "reduce(matmul) in the order of the list", "wrong-order",
       astray=("transposed", "missing-transpose"))
def chain_jacobians(jacobians):
    import functools
    return functools.reduce(np.matmul, jacobians)


@right("chain_jacobians", "from the last one down, slice with a negative step")
def chain_jacobians(jacobians):
    total = np.asarray(jacobians[-1])
    for J in jacobians[-2::-1]:
        total = np.dot(total, J)
    return total


@wrong("elementwise_vjp", "derivative taken for a switch, as in the ReLU", "wrong-local-derivative", "wrong-mask",
       astray=("missing-upstream", "matrix-product-for-elementwise", "diagonal-jacobian"))
def elementwise_vjp(dy, derivative, z):
    mask = derivative(z) > 0
    return dy * mask


@wrong("jacobian_from_vjp", "the 1 of the last row is never taken back", "first-row-only", "wrong-value",
       astray=("transposed", "wrong-shape", "wrong-order"))
def jacobian_from_vjp(vjp, x, output_size):
    J = np.zeros((output_size, len(x)))
    e = np.zeros(output_size)
    for i in range(output_size):
        e[i] = 1
        J[i] = vjp(e)
    return J


@right("jacobian_from_vjp", "apply_along_axis over the identity")
def jacobian_from_vjp(vjp, x, output_size):
    return np.apply_along_axis(vjp, 1, np.identity(output_size))


@wrong("squared_distance_backward", "gradient of the distance, the unit vector from geometry",
       "wrong-local-derivative", "wrong-value", "forgot-chain", astray=("wrong-sign", "swapped-inputs", "averaged-not-summed"))
def squared_distance_backward(x, h):
    # grad |x - h| = (x - h) / |x - h|
    e = x - h
    return e / np.sqrt((e**2).sum())


@wrong("numerical_hessian", "on the diagonal the second step replaces the first", "overwritten-gradient", "wrong-value",
       astray=("constant-factor", "transposed", "integer-truncation", "lost-precision"))
def numerical_hessian(f, x, h=1e-4):
    x = np.array(x, dtype=float)
    D = len(x)
    H = np.zeros((D, D))

    def at(i, si, j, sj):
        moved = x.copy()
        moved[i] = x[i] + si * h
        moved[j] = x[j] + sj * h
        return f(moved)

    for i in range(D):
        for j in range(D):
            H[i, j] = (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h**2)
    return H


@wrong("network_vjp", "db1 = dh, one line too early", "forgot-chain", "passed-through", "wrong-local-derivative",
       astray=("transposed", "missing-transpose", "wrong-order", "wrong-variable"))
def network_vjp(dy, x, W1, b1, W2, b2):
    z = x @ W1 + b1
    h = sigma(z)
    dW2 = np.outer(h, dy)
    db2 = dy
    dh = W2 @ dy
    db1 = dh
    dz = dh * h * (1 - h)
    dW1 = np.outer(x, dz)
    dx = W1 @ dz
    return dx, dW1, db1, dW2, db2


# ==== 04-activations


@wrong("linear_composition", "the bias is what is added in the end", "dropped-path", "wrong-value",
       astray=("wrong-order", "transposed"))
def linear_composition(weights, biases):
    W = weights[0]
    for V in weights[1:]:
        W = W @ V
    return W, biases[-1]


@wrong("sigmoid_backward", "y(1-y) multiplied out, dy on one term only", "wrong-value",
       astray=("wrong-variable", "wrong-sign", "constant-factor"))
def sigmoid_backward(dy, y):
    return dy * y - y**2


@wrong("tanh_backward", "(1 - y)² for 1 - y²", "wrong-local-derivative",
       astray=("wrong-variable", "missing-upstream"))
def tanh_backward(dy, y):
    return dy * (1 - y) ** 2


@wrong("softplus_backward", "clipped so that it never overflows", "lost-precision",
       astray=("not-finite", "wrong-local-derivative", "wrong-mask"))
def softplus_backward(dy, z):
    z = np.clip(z, -10, 10)
    return dy / (1 + np.exp(-z))


@wrong("relu_backward", "clip(0, 1) to make a mask of z", "value-instead-of-mask", "wrong-local-derivative",
       astray=("missing-upstream", "mutated-input"))
def relu_backward(dy, z):
    gate = np.clip(z, 0, 1)
    return dy * gate


@right("relu_backward", "heaviside with one half at the kink")
def relu_backward(dy, z):
    return dy * np.heaviside(z, 0.5)


@wrong("relu_subdifferential", "never compare floats with ==", "wrong-mask", "lost-precision",
       astray=("swapped-inputs", "wrong-shape", "integer-truncation"))
def relu_subdifferential(z):
    kink = np.isclose(z, 0)
    low = np.where(kink, 0.0, np.where(np.greater(z, 0), 1.0, 0.0))
    high = np.where(kink, 1.0, low)
    return low, high


@wrong("is_subgradient", "return in both branches of the loop", "first-row-only",
       astray=("lost-precision", "wrong-sign", "truth-of-an-array"))
def is_subgradient(v, f, x0, points):
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
        else:
            return False


@wrong("leaky_relu_backward", "which of z and alpha z is larger", "wrong-mask", "wrong-local-derivative",
       astray=("unused-parameter", "missing-upstream"))
def leaky_relu_backward(dy, z, alpha):
    # y = max(z, alpha z)
    return np.where(z > alpha * z, dy, alpha * dy)


@wrong("elu_backward", "the left branch itself for its slope", "value-instead-of-mask", "wrong-local-derivative",
       astray=("unused-parameter", "wrong-mask", "wrong-sign"))
def elu_backward(dy, z, alpha):
    left = alpha * (np.exp(np.minimum(z, 0)) - 1)
    return dy * np.where(z > 0, 1, left)


@wrong("prelu_backward", "one alpha per channel, as nn.PReLU has it", "unsummed-axis", "wrong-shape",
       astray=("wrong-mask", "averaged-not-summed"))
def prelu_backward(dy, z, alpha):
    neg = z < 0
    dz = np.where(neg, alpha * dy, dy)
    dalpha = np.sum(dy * z * neg, axis=0)
    return dz, dalpha


@right("prelu_backward", "blend of slopes, dalpha as an inner product")
def prelu_backward(dy, z, alpha):
    on = np.asarray(z) > 0
    dz = (alpha + (1 - alpha) * on) * dy
    return dz, np.vdot(np.minimum(z, 0), dy)


@wrong("rrelu_backward", "mean of the slopes, as torch does in eval()", "wrong-local-derivative",
       astray=("averaged-not-summed", "wrong-mask", "unused-parameter"))
def rrelu_backward(dy, z, slopes):
    slope = np.mean(slopes)
    return np.where(z > 0, dy, slope * dy)


@wrong("maxout_backward", "dx = for each piece, the last stays", "overwritten-gradient", "dropped-path",
       astray=("double-counted-tie", "transposed", "wrong-mask"))
def maxout_backward(dy, x, W, b):
    K = W.shape[0]
    z = np.array([x @ W[k] + b[k] for k in range(K)])
    winner = z.argmax(axis=0)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for k in range(K):
        dz = dy * (winner == k)
        dx = dz @ W[k].T
        dW[k] = x.T @ dz
        db[k] = dz.sum(axis=0)
    return dx, dW, db


@wrong("max_backward", "a one-hot of the winner and done", "missing-upstream",
       astray=("wrong-mask", "double-counted-tie", "wrong-axis"))
def max_backward(dy, z):
    dz = np.zeros(z.shape)
    best = z.argmax(axis=-1)
    np.put_along_axis(dz, np.expand_dims(best, -1), 1.0, axis=-1)
    return dz


@right("max_backward", "ties share alike, einsum")
def max_backward(dy, z):
    share = np.equal(z, np.max(z, axis=-1, keepdims=True)).astype(float)
    share /= share.sum(axis=-1, keepdims=True)
    return np.einsum("...,...d->...d", dy, share)


@wrong("max_pool_backward", "number of windows without the + 1", "dropped-path", "wrong-value", "wrong-mask",
       astray=("overwritten-gradient", "unused-parameter", "double-counted-tie"))
def max_pool_backward(dy, z, size, stride):
    dz = np.zeros(z.shape)
    flat, dflat, dyflat = z.reshape(-1, z.shape[-1]), dz.reshape(-1, z.shape[-1]), dy.reshape(-1, dy.shape[-1])
    windows = (z.shape[-1] - size) // stride
    for n in range(len(flat)):
        for k in range(windows):
            start = k * stride
            i = start + flat[n, start : start + size].argmax()
            dflat[n, i] += dyflat[n, k]
    return dz


@wrong("max_pool_backward", "the next window starts where the last one ends", "unused-parameter", "wrong-mask",
       "raised-error", astray=("overwritten-gradient", "double-counted-tie"))
def max_pool_backward(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for where in np.ndindex(dy.shape):
        *row, k = where
        start = k * size
        window = z[(*row, slice(start, start + size))]
        dz[(*row, start + np.argmax(window))] += dy[where]
    return dz


@right("max_pool_backward", "sliding windows and np.add.at")
def max_pool_backward(dy, z, size, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    z, dy = np.asarray(z), np.asarray(dy)
    windows = sliding_window_view(z, size, axis=-1)[..., ::stride, :]
    winners = windows.argmax(axis=-1) + stride * np.arange(windows.shape[-2])
    dz = np.zeros(z.shape).reshape(-1, z.shape[-1])
    rows = np.arange(len(dz))[:, None]
    np.add.at(dz, (rows, winners.reshape(len(dz), -1)), dy.reshape(len(dz), -1))
    return dz.reshape(z.shape)


# ==== 05-softmax-and-losses


@wrong("softmax", "rows are axis 1", "wrong-axis", "raised-error",
       astray=("not-finite", "unsummed-axis"))
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@wrong("log_softmax", "a tiny constant against log(0)", "lost-precision",
       astray=("wrong-axis", "not-finite"))
def log_softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return np.log(p + 1e-12)


@wrong("softmax_jacobian", "y*y' of MATLAB is a number here", "matrix-product-for-elementwise", "missing-transpose",
       "wrong-local-derivative", "wrong-value", astray=("diagonal-jacobian", "wrong-sign", "transposed"))
def softmax_jacobian(y):
    return np.diag(y) - y @ y.T


@right("softmax_jacobian", "row scaling of identity minus y")
def softmax_jacobian(y):
    y = np.asarray(y)
    return y[:, None] * (np.eye(y.size) - y)


@wrong("softmax_backward", "one average for the whole batch", "wrong-axis",
       astray=("dropped-path", "diagonal-jacobian", "averaged-not-summed"))
def softmax_backward(dy, y):
    inner = (dy * y).sum()
    return y * (dy - inner)


@wrong("softmax_backward", "pasted from the log-softmax", "wrong-local-derivative", "wrong-value",
       astray=("diagonal-jacobian", "wrong-axis", "wrong-sign"))
def softmax_backward(dy, y):
    return dy - y * dy.sum(axis=-1, keepdims=True)


@wrong("log_softmax_backward", "subtracts p times the average of dy", "averaged-not-summed",
       astray=("wrong-variable", "wrong-axis", "dropped-path"))
def log_softmax_backward(dy, y):
    p = np.exp(y)
    return dy - p * dy.mean(axis=-1, keepdims=True)


@right("log_softmax_backward", "p as the softmax of the log-probabilities")
def log_softmax_backward(dy, y):
    # log p differs from z by a constant for each row
    return dy - soft_max(y) * np.sum(dy, axis=-1, keepdims=True)


@wrong("squared_error_backward", "nn.MSELoss in the head", "averaged-not-summed", "constant-factor", "averaged-twice",
       astray=("wrong-sign", "swapped-inputs"))
def squared_error_backward(f, y):
    diff = f - y
    df = 2 * diff / diff.size
    return df, -df


@wrong("kl_divergence_backward", "log u has slope 1/u, and u = d/y is forgotten", "forgot-chain",
       "wrong-local-derivative", "not-finite", astray=("constant-factor", "swapped-inputs", "forward-instead-of-backward"))
def kl_divergence_backward(y, d):
    u = d / y
    return d * (1 / u)


@wrong("cross_entropy_backward", "a colon for all rows", "wrong-mask", "broadcast-blow-up",
       astray=("not-averaged", "wrong-sign", "wrong-axis"))
def cross_entropy_backward(p, labels):
    N = len(p)
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / p[:, labels] / N
    return dp


@wrong("softmax_cross_entropy_backward", "counts the classes in this batch", "raised-error", "broadcast-blow-up",
       "wrong-shape", astray=("not-averaged", "averaged-twice", "wrong-axis"))
def softmax_cross_entropy_backward(z, labels):
    onehot = np.eye(labels.max() + 1)[labels]
    p = soft_max(z)
    return (p - onehot) / len(labels)


@wrong("softmax_cross_entropy_backward", "softmax in the model and once more in the loss", "wrong-local-derivative",
       "wrong-value", "wrong-variable", astray=("not-averaged", "averaged-twice", "wrong-axis", "diagonal-jacobian"))
def softmax_cross_entropy_backward(z, labels):
    out = soft_max(z)
    # CrossEntropyLoss applies its own softmax
    p = soft_max(out)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


@right("softmax_cross_entropy_backward", "pure Python, entry by entry")
def softmax_cross_entropy_backward(z, labels):
    from math import exp

    dz = []
    for row, label in zip(z, labels):
        top = max(row)
        e = [exp(v - top) for v in row]
        total = sum(e) * len(z)
        dz.append([v / total for v in e])
        dz[-1][label] -= 1 / len(z)
    return np.array(dz)


@wrong("sigmoid_mse_backward", "z(1-z) where σ(1-σ) belongs", "wrong-variable",
       astray=("forgot-chain", "wrong-sign", "constant-factor"))
def sigmoid_mse_backward(z, d):
    y = sigmoid(z)
    return (y - d) * z * (1 - z)


@wrong("sigmoid_cross_entropy_backward", "the two factors one after the other", "not-finite",
       astray=("wrong-sign", "forgot-chain", "wrong-variable"))
def sigmoid_cross_entropy_backward(z, d):
    p = sigmoid(z)
    dp = -d / p + (1 - d) / (1 - p)
    return dp * p * (1 - p)


# ==== 06-backpropagation


@wrong("extended_layer_backward", "bias last, as in the neuron of notebook 2", "wrong-order", "wrong-value",
       "wrong-local-derivative", astray=("transposed", "missing-transpose", "wrong-shape"))
def extended_layer_backward(dz, y_prev, w):
    dy_prev = w[:-1] @ dz
    dw = np.outer(np.append(y_prev, 1), dz)
    return dy_prev, dw


@wrong("linear_backward", "a batch gradient is a mean", "averaged-not-summed", "averaged-twice",
       astray=("wrong-axis", "transposed"))
def linear_backward(dz, x, W):
    N = x.shape[0]
    dx = dz @ W.T
    dW = x.T @ dz / N
    db = dz.mean(axis=0)
    return dx, dW, db


@wrong("linear_backward", "nn.Linear keeps W as (out, in)", "missing-transpose", "transposed", "raised-error",
       astray=("wrong-axis", "averaged-not-summed", "wrong-order"))
def linear_backward(dz, x, W):
    # grad_input = grad_output.mm(weight); grad_weight = grad_output.t().mm(input)
    dx = dz @ W
    dW = dz.T @ x
    db = dz.sum(0)
    return dx, dW, db


@wrong("broadcast_backward", "knows the added axes, not those of length 1", "unsummed-axis", "wrong-shape",
       astray=("averaged-not-summed", "wrong-axis", "extra-axis"))
def broadcast_backward(dy, shape):
    extra = dy.ndim - len(shape)
    return dy.sum(axis=tuple(range(extra)))


@wrong("broadcast_backward", "lines the two shapes up on the left", "wrong-axis", "wrong-shape",
       astray=("averaged-not-summed", "first-row-only"))
def broadcast_backward(dy, shape):
    for axis, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis=axis, keepdims=True)
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    return dy


@right("broadcast_backward", "pad the shape with ones, sum where it differs, reshape")
def broadcast_backward(dy, shape):
    dy = np.asarray(dy)
    padded = (1,) * (dy.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (n, m) in enumerate(zip(padded, dy.shape)) if n != m)
    return dy.sum(axis=axes).reshape(shape)


@wrong("multiply_backward", "da in the second line, where dy was meant", "wrong-local-derivative", "wrong-value",
       "wrong-variable", astray=("swapped-inputs", "matrix-product-for-elementwise", "missing-upstream"))
def multiply_backward(dy, a, b):
    da = dy * b
    db = da * a
    return da, db


@wrong("pairwise_product_backward", "the formula counts from 1, the loop from 0", "wrong-value", "wrong-order",
       "wrong-local-derivative", astray=("swapped-inputs", "missing-upstream", "wrong-axis"))
def pairwise_product_backward(dy, z):
    dz = np.zeros(z.shape)
    for i in range(dy.shape[-1]):
        dz[..., 2 * i - 1] = dy[..., i] * z[..., 2 * i]
        dz[..., 2 * i] = dy[..., i] * z[..., 2 * i - 1]
    return dz


@right("pairwise_product_backward", "pairs on an axis of their own, turned round")
def pairwise_product_backward(dy, z):
    z = np.asarray(z)
    pairs = z.reshape(z.shape[:-1] + (z.shape[-1] // 2, 2))
    return (np.expand_dims(dy, -1) * pairs[..., ::-1]).reshape(z.shape)


@wrong("gated_unit_backward", "each branch its own slope, the product skipped", "forgot-chain", "wrong-local-derivative",
       "dropped-path", astray=("swapped-inputs", "wrong-variable", "missing-upstream"))
def gated_unit_backward(dy, g, c):
    s = sigmoid(g)
    t = np.tanh(c)
    dg = dy * s * (1 - s)
    dc = dy * (1 - t**2)
    return dg, dc


@wrong("mlp_forward", "keeps z, since the ReLU will need it later", "wrong-value", "wrong-variable",
       astray=("wrong-order", "transposed", "wrong-shape"))
def mlp_forward(x, weights, biases):
    kept = [x]
    y = x
    for W, b in zip(weights, biases):
        z = y @ W + b
        kept.append(z)
        y = np.maximum(0, z)
    return kept


@wrong("mlp_backward", "append on the way down, never turned round", "wrong-order",
       astray=("transposed", "wrong-mask", "unsummed-axis"))
def mlp_backward(dy, activations, weights):
    dweights, dbiases = [], []
    dz = dy
    for k in range(len(weights) - 1, -1, -1):
        dweights.append(activations[k].T @ dz)
        dbiases.append(dz.sum(axis=0))
        dprev = dz @ weights[k].T
        if k > 0:
            dz = dprev * (activations[k] > 0)
    return dprev, dweights, dbiases


@wrong("mlp_backward", "mask in every turn, the data included", "wrong-mask",
       astray=("transposed", "missing-upstream", "wrong-order"))
def mlp_backward(dy, activations, weights):
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        y = activations[k]
        dweights.insert(0, y.T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = (dy @ weights[k].T) * (y > 0)
    return dy, dweights, dbiases


@right("mlp_backward", "sign of the activations for a mask, lists by zip")
def mlp_backward(dy, activations, weights):
    found = []
    *below, _ = activations
    for y, W in zip(below[::-1], weights[::-1]):
        found.append((np.einsum("nd,nm->dm", y, dy), np.einsum("nm->m", dy)))
        dy = np.einsum("nm,dm->nd", dy, W)
        if y is not below[0]:
            dy = dy * np.sign(y)
    dweights, dbiases = zip(*found[::-1])
    return dy, dweights, dbiases


@wrong("shared_weight_backward", "x1 hears from x3 alone", "dropped-path",
       astray=("missing-transpose", "wrong-order", "overwritten-gradient"))
def shared_weight_backward(dx3, jacobians):
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"]
    dw2 = dx2 @ J["x2", "w2"]
    dw1 = dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"]
    return dw1, dw2


@wrong("activation_memory", "a float has 8 bytes", "unused-parameter",
       astray=("dropped-path", "not-averaged"))
def activation_memory(batch, widths, itemsize=8):
    numbers = 0
    for D in widths[:-1]:
        numbers += batch * D
    return numbers * 8


# ==== 07-digits


@wrong("binary_loss_and_gradients", "w as a column, d left a row", "broadcast-blow-up", "wrong-shape",
       astray=("not-averaged", "transposed", "not-finite"))
def binary_loss_and_gradients(w, b, x, d):
    z = x @ w.reshape(-1, 1) + b
    p = sigmoid(z)
    loss = np.mean(np.logaddexp(0, z) - d * z)
    err = (p - d) / len(d)
    return loss, x.T @ err, err.sum()


@wrong("binary_loss_and_gradients", "the logarithms as they stand in the book", "not-finite",
       astray=("not-averaged", "wrong-sign", "broadcast-blow-up"))
def binary_loss_and_gradients(w, b, x, d):
    p = sigmoid(x @ w + b)
    loss = -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))
    dz = (p - d) / len(x)
    return loss, dz @ x, np.sum(dz)


@right("binary_loss_and_gradients", "logaddexp twice, means in place of 1/N")
def binary_loss_and_gradients(w, b, x, d):
    z = np.matmul(x, w) + b
    miss = np.exp(-np.logaddexp(0, -z)) - d
    return np.mean(np.logaddexp(0, z) - d * z), (miss[:, None] * x).mean(axis=0), miss.mean()


@wrong("loss_and_gradients", "takes the 1 off first and the loss after", "not-finite", "wrong-order", "wrong-value",
       "mutated-input", astray=("not-averaged", "transposed", "wrong-mask"))
def loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    N = len(labels)
    p = soft_max(ys[-1])
    dz = p
    dz[np.arange(N), labels] -= 1
    dz /= N
    loss = -np.log(p[np.arange(N), labels]).mean()
    dweights, dbiases = [], []
    for k in reversed(range(len(weights))):
        dweights.insert(0, ys[k].T @ dz)
        dbiases.insert(0, dz.sum(axis=0))
        dz = (dz @ weights[k].T) * (ys[k] > 0)
    return loss, dweights, dbiases


@wrong("loss_and_gradients", "back through the layers, the ReLUs overlooked", "wrong-mask", "forgot-chain",
       astray=("not-averaged", "transposed", "wrong-order", "not-finite"))
def loss_and_gradients(weights, biases, x, labels):
    ys = forward(weights, biases, x)
    N = len(labels)
    logp = log_soft_max(ys[-1])
    loss = -logp[np.arange(N), labels].mean()
    dz = np.exp(logp)
    dz[np.arange(N), labels] -= 1
    dz = dz / N
    dweights, dbiases = [], []
    for y, W in zip(reversed(ys[:-1]), reversed(weights)):
        dweights.append(y.T @ dz)
        dbiases.append(dz.sum(axis=0))
        dz = dz @ W.T
    return loss, dweights[::-1], dbiases[::-1]


@wrong("sgd_step", "one big array of them all", "raised-error", "wrong-type",
       astray=("mutated-input", "wrong-sign"))
def sgd_step(parameters, gradients, learning_rate):
    new = np.array(parameters) - learning_rate * np.array(gradients)
    return list(new)


@wrong("sgd_step", "puts the new arrays into the old list", "mutated-input",
       astray=("wrong-sign", "wrong-order"))
def sgd_step(parameters, gradients, learning_rate):
    for i in range(len(parameters)):
        parameters[i] = parameters[i] - learning_rate * gradients[i]
    return parameters


@right("sgd_step", "map of np.add over minus the steps")
def sgd_step(parameters, gradients, learning_rate):
    steps = map(lambda g: np.multiply(-learning_rate, g), gradients)
    return [*map(np.add, parameters, steps)]


@wrong("train", "a permutation for the images and another for the labels", "wrong-order", "wrong-value",
       astray=("stale-state", "unused-parameter", "mutated-input"))
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(D, M)) * np.sqrt(2 / D) for D, M in zip(widths[:-1], widths[1:])]
    biases = [np.zeros(M) for M in widths[1:]]
    for _ in range(epochs):
        xs = x[rng.permutation(len(x))]
        ls = labels[rng.permutation(len(labels))]
        for start in range(0, len(x), batch_size):
            stop = start + batch_size
            _, dW, db = my_loss_and_gradients(weights, biases, xs[start:stop], ls[start:stop])
            weights = my_sgd_step(weights, dW, learning_rate)
            biases = my_sgd_step(biases, db, learning_rate)
    return weights, biases


@wrong("train", "whole batches only, and none if the batch is too large", "wrong-value", "dropped-path",
       astray=("stale-state", "wrong-shape", "raised-error"))
def train(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for i in range(len(widths) - 1):
        weights.append(rng.normal(size=(widths[i], widths[i + 1])) * np.sqrt(2 / widths[i]))
        biases.append(np.zeros(widths[i + 1]))
    N = len(x)
    for epoch in range(epochs):
        order = rng.permutation(N)
        for k in range(N // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            loss, dW, db = my_loss_and_gradients(weights, biases, x[batch], labels[batch])
            weights = my_sgd_step(weights, dW, learning_rate)
            biases = my_sgd_step(biases, db, learning_rate)
    return weights, biases

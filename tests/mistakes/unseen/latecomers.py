"""A second set of answers as classmates write them, before they were run, once the first had been looked at.

Nothing was added to the checker between writing and running. At that first run all 60 were refused: 58 under an
expected name, 37 under the best of them, 1 misleading, 6 as `wrong-value`, 3 of these with nothing more said; by rules
alone 54 under an expected name. The format is that of `students`; ruff leaves them alone.
"""
import numpy as np

RIGHT, WRONG = {}, {}


def wrong(ex, *slugs, label="", places=()):
    def deco(fn):
        WRONG.setdefault(ex, []).append((label, fn, slugs, places)); return fn
    return deco


def sigmoid(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))
def smax(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max(axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)
def forward(x, weights, biases):
    out = [np.asarray(x, float)]
    for i, (W, b) in enumerate(zip(weights, biases)):
        z = out[-1] @ W + b
        out.append(np.maximum(z, 0) if i < len(weights) - 1 else z)
    return out


# ---- 01 chain rule
@wrong("central_difference", "one-sided-difference", label="left neighbour and x")
def _(f, x, h=1e-5): return (f(x) - f(x - h)) / h
@wrong("central_difference", "constant-factor", "wrong-value", label="the 2 is missing, a numpy mean instead", places=("averaged-not-summed", "forgot-chain"))
def _(f, x, h=1e-5): return np.mean([(f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h]) / 2
@wrong("exp_sin_square_derivative", "dropped-path", "forgot-chain", "wrong-local-derivative", label="2x forgotten")
def _(x): return np.exp(np.sin(x ** 2)) * np.cos(x ** 2)
@wrong("exp_sin_square_derivative", "wrong-local-derivative", "wrong-variable", "wrong-value", label="exp(cos)", places=("forgot-chain",))
def _(x): return np.exp(np.cos(x ** 2)) * 2 * x
@wrong("chain_derivative", "wrong-order", "wrong-variable", "wrong-local-derivative", "wrong-value", label="zip with the lists turned round")
def _(functions, derivatives, x):
    g = 1.0
    for f, d in zip(reversed(functions), derivatives):
        g *= d(x); x = f(x)
    return g
@wrong("chain_derivative", "raised-error", "wrong-type", label="the list is called")
def _(functions, derivatives, x): return derivatives(functions(x))
@wrong("distributed_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value", label="inner slopes at g(x)")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return sum(p * d(v) for p, d, v in zip(f_partials(z), inner_derivatives, z))
@wrong("partial_and_total", "wrong-variable", "wrong-value", label="y replaced by dy/dx inside f", places=("wrong-local-derivative",))
def _(df_dx, df_dy, y, dy_dx, x):
    v = dy_dx(x); return df_dx(x, v), df_dx(x, v) + df_dy(x, v) * dy_dx(x)
@wrong("squared_error_node_gradients", "forgot-chain", "wrong-local-derivative", label="error not in the gradients", places=("dropped-path", "missing-upstream", "wrong-value"))
def _(x, y, z, t): return y, x, 1.0

# ---- 02 graphs
@wrong("add_gate_backward", "missing-upstream", "wrong-shape", label="ones")
def _(dy, a, b): return np.ones(np.shape(a)), np.ones(np.shape(b))
@wrong("multiply_gate_backward", "swapped-inputs", "wrong-variable", label="da = dy*a")
def _(dy, a, b): return dy * a, dy * b
@wrong("max_gate_backward", "wrong-mask", "wrong-local-derivative", "double-counted-tie", label="half to each, always", places=("constant-factor",))
def _(dy, a, b): return dy * 0.5, dy * 0.5
@wrong("max_gate_backward", "wrong-mask", "wrong-variable", "wrong-value", label="larger in absolute value")
def _(dy, a, b):
    m = np.abs(a) >= np.abs(b); return dy * m, dy * ~m
@wrong("sigmoid_neuron_backward", "wrong-sign", "wrong-local-derivative", label="slope f(f - 1)")
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2]); g = f * (f - 1)
    return f, np.array([g * x[0], g * x[1], g]), g * w[:2]
@wrong("softplus_graph_backward", "wrong-local-derivative", "wrong-value", "wrong-variable", label="dx multiplied by x, not by b", places=("forgot-chain",))
def _(x):
    a = 1 + np.exp(x); return np.log(a), 1 / a, 1 / a, x / a
@wrong("fraction_backward", "wrong-sign", "wrong-local-derivative", "wrong-value", label="minus of the quotient lost", places=("dropped-path",))
def _(x, y):
    s = sigmoid(x); n, m = x + s, s + (x + y) ** 2; dn, dm = 1 / m, n / m ** 2; ds = s * (1 - s)
    return n / m, dn * (1 + ds) + dm * (ds + 2 * (x + y)), dm * 2 * (x + y)
@wrong("topological_order", "wrong-order", "missing-error", label="as the keys come")
def _(parents): return list(parents)
@wrong("backpropagate", "missing-upstream", "forgot-chain", "dropped-path", "wrong-value", label="local derivatives added, not multiplied by what arrives")
def _(parents, local_derivatives, output):
    g = dict.fromkeys(parents, 0.0); g[output] = 1.0; todo = [output]; seen = set()
    while todo:
        n = todo.pop(0)
        if n in seen: continue
        seen.add(n)
        for p in parents[n]:
            g[p] += local_derivatives[n, p]; todo.append(p)
    return g

# ---- 03 Jacobians
@wrong("numerical_jacobian", "diagonal-jacobian", "dropped-path", "wrong-shape", "raised-error", label="only entry i of f for step i", places=("wrong-local-derivative",))
def _(f, x, h=1e-5):
    x = np.asarray(x, float); J = np.zeros((f(x).size, x.size))
    for i in range(min(J.shape)):
        e = np.zeros(x.size); e[i] = h
        J[i, i] = (f(x + e)[i] - f(x - e)[i]) / (2 * h)
    return J
@wrong("chain_jacobians", "dropped-path", "first-row-only", "wrong-value", "wrong-shape", label="first and last only", places=("missing-transpose", "raised-error", "wrong-order"))
def _(jacobians):
    return jacobians[-1] @ jacobians[0] if len(jacobians) > 1 else jacobians[0]
@wrong("squared_distance_backward", "wrong-shape", "unsummed-axis", "wrong-axis", label="summed over the rows", places=("averaged-not-summed",))
def _(x, h): return 2 * (x - h).sum(axis=0)
@wrong("numerical_hessian", "constant-factor", "wrong-local-derivative", "wrong-value", label="twice on the diagonal", places=("double-counted-tie", "diagonal-jacobian"))
def _(f, x, h=1e-4):
    x = np.asarray(x, float); D = x.size; H = np.zeros((D, D)); E = h * np.eye(D)
    for i in range(D):
        for j in range(i, D):
            v = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / (4 * h * h)
            H[i, j] += v; H[j, i] += v
    return H
@wrong("numerical_hessian", "dropped-path", "wrong-mask", "wrong-value", label="upper triangle only", places=("transposed", "wrong-local-derivative", "overwritten-gradient"))
def _(f, x, h=1e-4):
    x = np.asarray(x, float); D = x.size; H = np.zeros((D, D)); E = h * np.eye(D)
    for i in range(D):
        for j in range(i, D):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / (4 * h * h)
    return H
@wrong("linear_jacobian_W", "wrong-order", "transposed", "wrong-shape", "wrong-value", label="axes [D, M, M]", places=("wrong-axis",))
def _(h, W, b):
    D, M = W.shape; J = np.zeros((D, M, M))
    for j in range(M): J[:, j, j] = h
    return J
@wrong("linear_vjp_W", "forgot-chain", "missing-upstream", "wrong-local-derivative", label="h in each column, no da")
def _(da, h, W, b): return np.repeat(h[:, None], W.shape[1], axis=1)
@wrong("elementwise_vjp", "forgot-chain", "passed-through", "missing-upstream", "dropped-path", label="derivative(z), dy forgotten")
def _(dy, derivative, z): return derivative(z)
@wrong("jacobian_from_vjp", "transposed", "wrong-shape", label="stacked as columns")
def _(vjp, x, output_size): return np.stack([vjp(e) for e in np.eye(output_size)], axis=1)
@wrong("network_vjp", "dropped-path", "forgot-chain", "wrong-variable", "wrong-value", label="dx stops at the hidden layer's W2", places=("wrong-shape", "wrong-local-derivative"))
def _(dy, x, W1, b1, W2, b2):
    y1 = sigmoid(x @ W1 + b1); d1 = (W2 @ dy) * y1 * (1 - y1)
    return W1 @ (W2 @ dy), np.outer(x, d1), d1, np.outer(y1, dy), np.array(dy, float)

# ---- 04 activations
@wrong("linear_composition", "dropped-path", "wrong-value", "forgot-chain", label="first bias lost on the way", places=("wrong-local-derivative", "overwritten-gradient"))
def _(weights, biases):
    W, b = weights[0], np.zeros(biases[0].shape)
    for V, c in zip(weights[1:], biases[1:]): W, b = W @ V, b @ V + c
    return W, b
@wrong("tanh_backward", "wrong-local-derivative", "wrong-variable", label="sigmoid's slope")
def _(dy, y): return dy * y * (1 - y)
@wrong("relu_backward", "value-instead-of-mask", "wrong-local-derivative", "forward-instead-of-backward", label="dy times relu(z)")
def _(dy, z): return dy * np.maximum(z, 0)
@wrong("relu_backward", "truth-of-an-array", "raised-error", label="ternary")
def _(dy, z): return dy if z > 0 else 0
@wrong("relu_subdifferential", "wrong-type", "wrong-shape", "wrong-value", label="a single array", places=("unsummed-axis",))
def _(z): return np.where(np.asarray(z) > 0, 1.0, 0.0)
@wrong("max_backward", "wrong-mask", "wrong-axis", "wrong-value", label="entries above the mean")
def _(dy, z): return dy[..., None] * (z > z.mean(axis=-1, keepdims=True))
@wrong("max_pool_backward", "double-counted-tie", "overwritten-gradient", "wrong-mask", label="all equal entries, added", places=("wrong-local-derivative",))
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        s = slice(k * stride, k * stride + size); w = z[..., s]
        dz[..., s] += (w == w.max(-1, keepdims=True)) * dy[..., k][..., None]
    return dz
@wrong("prelu_backward", "missing-upstream", "forgot-chain", label="dalpha without dy")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.minimum(z, 0).sum()
@wrong("rrelu_backward", "wrong-mask", "wrong-local-derivative", "swapped-inputs", label="slopes on the right")
def _(dy, z, slopes): return np.where(z > 0, slopes * dy, dy)
@wrong("elu_backward", "wrong-sign", "wrong-local-derivative", label="exp of minus z", places=("wrong-variable", "not-finite", "wrong-value"))
def _(dy, z, alpha): return dy * np.where(z > 0, 1, alpha * np.exp(-np.abs(np.minimum(z, 0)) * -1))
@wrong("maxout_backward", "dropped-path", "wrong-mask", "wrong-value", label="dx from the first piece's weights", places=("wrong-variable", "first-row-only"))
def _(dy, x, W, b):
    z = np.einsum("nd,kdm->nkm", x, W) + b; best = z.argmax(1); K = len(W)
    on = (best[:, None, :] == np.arange(K)[None, :, None]) * dy[:, None, :]
    return dy @ W[0].T, np.einsum("nd,nkm->kdm", x, on), on.sum(0)

# ---- 05 softmax and losses
@wrong("softmax", "wrong-local-derivative", "wrong-value", "wrong-axis", label="divided by the maximum's exponential", places=("forgot-chain", "not-finite"))
def _(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True)); return e / e.max(axis=-1, keepdims=True)
@wrong("log_softmax", "wrong-axis", "wrong-value", label="mean in place of sum", places=("averaged-not-summed", "constant-factor"))
def _(z):
    s = z - np.max(z, axis=-1, keepdims=True); return s - np.log(np.mean(np.exp(s), axis=-1, keepdims=True))
@wrong("softmax_backward", "dropped-path", "diagonal-jacobian", "wrong-local-derivative", label="y * dy")
def _(dy, y): return y * dy
@wrong("softmax_backward", "wrong-sign", "wrong-local-derivative", label="plus the average")
def _(dy, y): return y * (dy + (dy * y).sum(axis=-1, keepdims=True))
@wrong("log_softmax_backward", "averaged-not-summed", "wrong-local-derivative", "wrong-value", label="mean of dy")
def _(dy, y): return dy - np.exp(y) * dy.mean(axis=-1, keepdims=True)
@wrong("kl_divergence_backward", "wrong-sign", label="plus d / y")
def _(y, d): return d / y
@wrong("kl_divergence_backward", "swapped-inputs", "wrong-variable", "wrong-local-derivative", label="-y / d", places=("not-finite",))
def _(y, d): return -y / np.where(d == 0, 1, d)
@wrong("cross_entropy_backward", "not-averaged", label="no N")
def _(p, labels):
    dp = np.zeros(p.shape); dp[np.arange(len(p)), labels] = -1 / p[np.arange(len(p)), labels]; return dp
@wrong("sigmoid_mse_backward", "forgot-chain", "wrong-local-derivative", "wrong-value", label="s(1-s) of the difference", places=("wrong-variable", "dropped-path"))
def _(z, d):
    s = sigmoid(z) - d; return s * (1 - s)

# ---- 06 backpropagation
@wrong("linear_backward", "averaged-not-summed", "constant-factor", label="db is a mean")
def _(dz, x, W): return dz @ W.T, x.T @ dz, dz.mean(axis=0)
@wrong("linear_backward", "missing-upstream", "forgot-chain", "wrong-local-derivative", label="dx is W summed", places=("wrong-variable", "unsummed-axis"))
def _(dz, x, W): return np.tile(W.sum(axis=1), (len(x), 1)), x.T @ dz, dz.sum(axis=0)
@wrong("broadcast_backward", "wrong-axis", "unsummed-axis", "wrong-shape", label="axes of length 1 only", places=("extra-axis",))
def _(dy, shape):
    for i, n in enumerate(shape):
        if n == 1: dy = dy.sum(axis=i, keepdims=True)
    return dy
@wrong("mlp_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="dW over N, db not", places=("wrong-local-derivative",))
def _(dy, activations, weights):
    dW, db = [], []; N = len(dy)
    for k in reversed(range(len(weights))):
        dW.insert(0, activations[k].T @ dy / N); db.insert(0, dy.sum(0)); dy = dy @ weights[k].T
        if k: dy = dy * (activations[k] > 0)
    return dy, dW, db
@wrong("gated_unit_backward", "swapped-inputs", "wrong-order", label="dc first")
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c); return dy * s * (1 - t * t), dy * s * (1 - s) * t
@wrong("shared_weight_backward", "dropped-path", "forgot-chain", label="x1 reached through x2 only", places=("wrong-value", "overwritten-gradient"))
def _(dx3, J):
    dx2 = dx3 @ J["x3", "x2"]; dx1 = dx2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"], dx2 @ J["x2", "w2"]
@wrong("activation_memory", "wrong-value", "dropped-path", "constant-factor", label="one example", places=("unused-parameter",))
def _(batch, widths, itemsize=8): return sum(widths[:-1]) * itemsize

# ---- 07 digits
@wrong("binary_loss_and_gradients", "forgot-chain", "wrong-local-derivative", "wrong-value", label="loss of the squared error", places=("constant-factor", "wrong-variable"))
def _(w, b, x, d):
    p = sigmoid(x @ w + b); e = (p - d) / len(d)
    return np.mean((p - d) ** 2), x.T @ e, e.sum()
@wrong("binary_loss_and_gradients", "wrong-mask", "dropped-path", "wrong-value", label="only the examples that are wrong", places=("wrong-local-derivative",))
def _(w, b, x, d):
    z = x @ w + b; e = (sigmoid(z) - d) * ((z > 0) != (d > 0)) / len(d)
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ e, e.sum()
@wrong("sgd_step", "wrong-variable", "wrong-value", "wrong-sign", label="gradient minus lr times parameter", places=("swapped-inputs",))
def _(parameters, gradients, learning_rate): return [g - learning_rate * p for p, g in zip(parameters, gradients)]
@wrong("loss_and_gradients", "not-averaged", label="gradients of the sum")
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    z = a[-1] - a[-1].max(1, keepdims=True); lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    d = np.exp(lp); d[np.arange(N), labels] -= 1
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.sum(0)); d = (d @ weights[k].T) * (a[k] > 0)
    return -lp[np.arange(N), labels].mean(), dW, db
@wrong("loss_and_gradients", "wrong-variable", "wrong-local-derivative", "wrong-value", label="logits minus one-hot", places=("forgot-chain",))
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    z = a[-1] - a[-1].max(1, keepdims=True); lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    d = a[-1].copy(); d[np.arange(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.sum(0)); d = (d @ weights[k].T) * (a[k] > 0)
    return -lp[np.arange(N), labels].mean(), dW, db

"""Answers written as classmates write them, after homework and forum questions, before they were run.

The checker's rules were not read for them. At that first run all 122 were refused: 116 under an expected name, 91
under the best of them, 2 misleading, 13 as `wrong-value`, 7 of these with nothing more said; all 30 right ones passed.
The format is that of `students`; ruff leaves them alone.
"""
import itertools
import math

import numpy as np

RIGHT, WRONG = {}, {}


def right(ex, label=""):
    def deco(fn):
        RIGHT.setdefault(ex, []).append((label or fn.__name__, fn)); return fn
    return deco


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
@wrong("central_difference", "wrong-value", "forward-instead-of-backward", label="brackets forgotten above the line")
def _(f, x, h=1e-5): return f(x + h) - f(x - h) / (2 * h)
@wrong("central_difference", "constant-factor", "wrong-value", label="/2*h")
def _(f, x, h=1e-5): return (f(x + h) - f(x - h)) / 2 * h
@wrong("central_difference", "lost-precision", label="rounded to four places", places=("numerical-differentiation",))
def _(f, x, h=1e-5): return round((f(x + h) - f(x - h)) / (2 * h), 4)
@wrong("central_difference", "wrong-value", "wrong-local-derivative", label="the second derivative")
def _(f, x, h=1e-5): return (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2
@wrong("exp_sin_square_derivative", "forgot-chain", "wrong-local-derivative", label="the outer exp is gone", places=("dropped-path",))
def _(x): return np.cos(x ** 2) * 2 * x
@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative", label="cos at x")
def _(x): return np.exp(np.sin(x ** 2)) * np.cos(x) * 2 * x
@wrong("exp_sin_square_derivative", "constant-factor", label="slope of the square is x", places=("forgot-chain", "wrong-local-derivative"))
def _(x): return np.exp(np.sin(x ** 2)) * np.cos(x ** 2) * x
@wrong("exp_sin_square_derivative", "wrong-local-derivative", "wrong-value", label="2**x", places=("wrong-variable",))
def _(x): return np.exp(np.sin(x ** 2)) * np.cos(x ** 2) * 2 ** np.asarray(x, float)
@wrong("chain_derivative", "wrong-variable", "wrong-order", "wrong-local-derivative", label="slope taken after the step")
def _(functions, derivatives, x):
    g = 1.0
    for f, d in zip(functions, derivatives):
        x = f(x)
        g *= d(x)
    return g
@wrong("chain_derivative", "forgot-chain", "dropped-path", "wrong-value", label="stops one short", places=("first-row-only",))
def _(functions, derivatives, x):
    g = 1.0
    for k in range(len(functions) - 1):
        g *= derivatives[k](x); x = functions[k](x)
    return g
@wrong("chain_derivative", "wrong-value", "wrong-local-derivative", label="starts at x, not at 1")
def _(functions, derivatives, x):
    g = x
    for f, d in zip(functions, derivatives):
        g = g * d(x); x = f(x)
    return g
@wrong("distributed_derivative", "dropped-path", "first-row-only", label="return in the loop", places=("overwritten-gradient",))
def _(f_partials, inner, inner_derivatives, x):
    p = f_partials(np.array([g(x) for g in inner]))
    total = 0
    for k in range(len(inner)):
        total += p[k] * inner_derivatives[k](x)
        return total
@wrong("distributed_derivative", "wrong-variable", "wrong-local-derivative", label="partials at x")
def _(f_partials, inner, inner_derivatives, x):
    p = f_partials(np.full(len(inner), x))
    return sum(a * d(x) for a, d in zip(p, inner_derivatives))
@wrong("partial_and_total", "swapped-inputs", "wrong-order", label="total first")
def _(df_dx, df_dy, y, dy_dx, x):
    p = df_dx(x, y(x)); return p + df_dy(x, y(x)) * dy_dx(x), p
@wrong("partial_and_total", "forgot-chain", "dropped-path", "wrong-local-derivative", label="df/dy left out", places=("wrong-value",))
def _(df_dx, df_dy, y, dy_dx, x): return df_dx(x, y(x)), df_dx(x, y(x)) + dy_dx(x)
@wrong("partial_and_total", "raised-error", "wrong-type", label="y without (x)")
def _(df_dx, df_dy, y, dy_dx, x): return df_dx(x, y), df_dx(x, y) + df_dy(x, y) * dy_dx
@wrong("squared_error_node_gradients", "wrong-value", "wrong-sign", "wrong-local-derivative", label="plus t", places=("wrong-variable",))
def _(x, y, z, t):
    d = 2 * (x * y + z + t); return d * y, d * x, d

# ---- 02 computational graphs
@wrong("add_gate_backward", "wrong-local-derivative", "wrong-value", label="added in place of passed", places=("wrong-variable",))
def _(dy, a, b): return dy + a, dy + b
@wrong("add_gate_backward", "wrong-type", "wrong-shape", label="one for both")
def _(dy, a, b): return dy
@wrong("multiply_gate_backward", "wrong-local-derivative", "forward-instead-of-backward", "wrong-variable", label="dy times the product", places=("value-instead-of-mask", "wrong-value"))
def _(dy, a, b): return dy * a * b, dy * a * b
@wrong("multiply_gate_backward", "matrix-product-for-elementwise", "wrong-shape", label="np.dot")
def _(dy, a, b): return np.dot(dy, b), np.dot(dy, a)
@wrong("multiply_gate_backward", "missing-upstream", label="dy in one of the two", places=("forgot-chain",))
def _(dy, a, b): return dy * b, a
@wrong("max_gate_backward", "wrong-mask", "swapped-inputs", label="to the smaller one")
def _(dy, a, b): return np.where(a < b, dy, 0.0), np.where(a < b, 0.0, dy)
@wrong("max_gate_backward", "wrong-mask", "double-counted-tie", "dropped-path", label="nothing at a tie")
def _(dy, a, b): return dy * (a > b), dy * (b > a)
@wrong("sigmoid_neuron_backward", "dropped-path", "wrong-local-derivative", "forgot-chain", label="the bias gets 0", places=("wrong-value", "wrong-mask"))
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2]); g = f * (1 - f)
    return f, np.array([g * x[0], g * x[1], 0.0]), np.array([g * w[0], g * w[1]])
@wrong("sigmoid_neuron_backward", "wrong-variable", "swapped-inputs", "wrong-local-derivative", label="w where x belongs", places=("wrong-value",))
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2]); g = f * (1 - f)
    return f, np.array([g * w[0], g * w[1], g]), np.array([g * x[0], g * x[1]])
@wrong("sigmoid_neuron_backward", "dropped-path", "unused-parameter", "wrong-value", label="forward without the bias", places=("wrong-local-derivative", "wrong-variable"))
def _(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1]); g = f * (1 - f)
    return f, np.array([g * x[0], g * x[1], g]), np.array([g * w[0], g * w[1]])
@wrong("softplus_graph_backward", "forgot-chain", "passed-through", "dropped-path", label="the exponential has no slope")
def _(x):
    a = 1 + np.exp(x); return np.log(a), 1 / a, 1 / a, 1 / a
@wrong("softplus_graph_backward", "wrong-variable", "wrong-local-derivative", "wrong-order", label="dy/db is 1/b", places=("wrong-value",))
def _(x):
    b = np.exp(x); a = 1 + b
    return np.log(a), 1 / a, 1 / b, (1 / b) * b
@wrong("fraction_backward", "overwritten-gradient", "dropped-path", label="dx = twice")
def _(x, y):
    s = sigmoid(x); top = x + s; bottom = s + (x + y) ** 2
    dtop = 1 / bottom; dbottom = -top / bottom ** 2
    dx = dtop * (1 + s * (1 - s))
    dx = dbottom * (s * (1 - s) + 2 * (x + y))
    return top / bottom, dx, dbottom * 2 * (x + y)
@wrong("fraction_backward", "wrong-variable", "wrong-local-derivative", "wrong-value", label="slope of the sigmoid from x")
def _(x, y):
    s = sigmoid(x); top = x + s; bottom = s + (x + y) ** 2
    dtop = 1 / bottom; dbottom = -top / bottom ** 2; ds = x * (1 - x)
    return top / bottom, dtop * (1 + ds) + dbottom * (ds + 2 * (x + y)), dbottom * 2 * (x + y)
@wrong("topological_order", "wrong-order", label="children first")
def _(parents):
    out, state = [], {}
    def visit(n):
        if state.get(n) == 1: raise ValueError("cycle")
        if state.get(n) == 2: return
        state[n] = 1
        for p in parents[n]: visit(p)
        state[n] = 2; out.insert(0, n)
    for n in parents: visit(n)
    return out
@wrong("topological_order", "wrong-order", "missing-error", label="by the number of parents")
def _(parents): return sorted(parents, key=lambda n: len(parents[n]))
@wrong("backpropagate", "wrong-value", "dropped-path", "missing-upstream", label="no 1 at the output", places=("forgot-chain",))
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}
    order = []
    def visit(n):
        for p in parents[n]:
            visit(p)
        if n not in order: order.append(n)
    visit(output)
    for n in order[::-1]:
        for p in parents[n]: g[p] += g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "raised-error", "swapped-inputs", "wrong-order", label="(parent, child)")
def _(parents, local_derivatives, output):
    g = dict.fromkeys(parents, 0.0); g[output] = 1.0
    for n in reversed(list(parents)):
        for p in parents[n]: g[p] += g[n] * local_derivatives[p, n]
    return g

# ---- 03 Jacobians
@wrong("numerical_jacobian", "wrong-value", "stale-state", "wrong-local-derivative", label="steps never taken back", places=("mutated-input",))
def _(f, x, h=1e-5):
    up, down = x.astype(float), x.astype(float)
    J = []
    for i in range(len(x)):
        up[i] += h; down[i] -= h
        J.append((f(up) - f(down)) / (2 * h))
    return np.array(J).T
@wrong("numerical_jacobian", "one-sided-difference", label="forward difference")
def _(f, x, h=1e-5):
    x = np.array(x, dtype=float); y = f(x)
    return np.stack([(f(x + h * e) - y) / h for e in np.eye(x.size)], axis=1)
@wrong("chain_jacobians", "wrong-order", "missing-transpose", "raised-error", label="in the order of the list", places=("transposed",))
def _(jacobians):
    J = jacobians[0]
    for K in jacobians[1:]: J = J @ K
    return J
@wrong("chain_jacobians", "matrix-product-for-elementwise", "raised-error", "wrong-shape", label="star in place of @", places=("broadcast-blow-up",))
def _(jacobians):
    J = np.array(jacobians[-1], dtype=float)
    for K in jacobians[-2::-1]: J = J * K
    return J
@wrong("squared_distance_backward", "wrong-value", "wrong-local-derivative", "forgot-chain", label="of the distance, not squared", places=("constant-factor",))
def _(x, h):
    d = np.asarray(x, float) - h; return d / np.sqrt((d ** 2).sum() + 1e-12)
@wrong("squared_distance_backward", "wrong-value", "wrong-local-derivative", "wrong-variable", label="2x - h", places=("constant-factor", "dropped-path"))
def _(x, h): return 2 * x - h
@wrong("numerical_hessian", "diagonal-jacobian", "dropped-path", label="the diagonal alone")
def _(f, x, h=1e-4):
    x = np.asarray(x, float); H = np.zeros((x.size, x.size))
    for i, e in enumerate(np.eye(x.size)):
        H[i, i] = (f(x + h * e) - 2 * f(x) + f(x - h * e)) / h ** 2
    return H
@wrong("numerical_hessian", "constant-factor", label="h*h below the line")
def _(f, x, h=1e-4):
    x = np.asarray(x, float); E = h * np.eye(x.size)
    return np.array([[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (h * h) for b in E] for a in E])
@wrong("linear_jacobian_h", "transposed", label="W itself")
def _(h, W, b): return np.array(W, dtype=float)
@wrong("linear_jacobian_b", "wrong-local-derivative", "wrong-value", "wrong-mask", label="ones everywhere", places=("diagonal-jacobian",))
def _(h, W, b): return np.ones((b.size, b.size))
@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-mask", "wrong-value", label="h in every column", places=("diagonal-jacobian", "broadcast-blow-up"))
def _(h, W, b):
    D, M = W.shape; J = np.zeros((M, D, M))
    J[:] = h[:, None]
    return J
@wrong("linear_vjp_h", "missing-transpose", "raised-error", label="da @ W")
def _(da, h, W, b): return da @ W
@wrong("linear_vjp_W", "transposed", label="outer the other way round")
def _(da, h, W, b): return np.outer(da, h)
@wrong("linear_vjp_b", "wrong-shape", "wrong-axis", label="summed", places=("unsummed-axis",))
def _(da, h, W, b): return np.sum(da)
@wrong("elementwise_vjp", "swapped-inputs", "wrong-variable", label="slope at dy, times z")
def _(dy, derivative, z): return z * derivative(dy)
@wrong("jacobian_from_vjp", "wrong-value", "first-row-only", "wrong-local-derivative", label="ones asked, copied into every row", places=("unsummed-axis", "dropped-path"))
def _(vjp, x, output_size): return np.tile(vjp(np.ones(output_size)), (output_size, 1))
@wrong("network_vjp", "wrong-variable", "wrong-local-derivative", label="z1 (1 - z1)", places=("wrong-value",))
def _(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1; y1 = sigmoid(z1)
    d1 = (W2 @ dy) * z1 * (1 - z1)
    return W1 @ d1, np.outer(x, d1), d1, np.outer(y1, dy), np.array(dy, float)
@wrong("network_vjp", "wrong-variable", "forgot-chain", "wrong-local-derivative", label="dW2 from z1, not from y1", places=("wrong-value",))
def _(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1; y1 = sigmoid(z1); d1 = (W2 @ dy) * y1 * (1 - y1)
    return W1 @ d1, np.outer(x, d1), d1, np.outer(z1, dy), np.array(dy, float)

# ---- 04 activations
@wrong("linear_composition", "forgot-chain", "dropped-path", "wrong-local-derivative", "wrong-value", label="biases added up", places=("missing-transpose", "raised-error"))
def _(weights, biases):
    W = weights[0]
    for V in weights[1:]: W = W @ V
    return W, biases[-1] + sum(np.sum(b) for b in biases[:-1])
@wrong("sigmoid_backward", "wrong-variable", label="e to the minus y")
def _(dy, y): return dy * np.exp(-y) / (1 + np.exp(-y)) ** 2
@wrong("sigmoid_backward", "wrong-local-derivative", "wrong-value", label="1 - y squared", places=("wrong-variable",))
def _(dy, y): return dy * (1 - y ** 2)
@wrong("tanh_backward", "wrong-local-derivative", "wrong-value", label="(1 - y)**2")
def _(dy, y): return dy * (1 - y) ** 2
@wrong("tanh_backward", "wrong-local-derivative", "constant-factor", "wrong-value", label="slope of the square: -2y", places=("wrong-variable",))
def _(dy, y): return dy * (-2 * y)
@wrong("relu_backward", "mutated-input", label="dy changed in place")
def _(dy, z):
    dy[z <= 0] = 0; return dy
@wrong("relu_backward", "wrong-mask", "wrong-variable", label="ReLU of dy", places=("forward-instead-of-backward", "unused-parameter"))
def _(dy, z): return np.maximum(dy, 0)
@wrong("leaky_relu_backward", "missing-upstream", "forgot-chain", label="alpha without dy")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha)
@wrong("leaky_relu_backward", "wrong-mask", "value-instead-of-mask", "wrong-local-derivative", "wrong-variable", label="maximum of dy and alpha dy")
def _(dy, z, alpha): return np.maximum(dy, alpha * dy)
@wrong("relu_subdifferential", "wrong-value", "wrong-mask", "wrong-local-derivative", label="0 to 1 everywhere", places=("unused-parameter",))
def _(z): return np.zeros(np.shape(z)), np.ones(np.shape(z))
@wrong("is_subgradient", "wrong-value", "first-row-only", "dropped-path", label="any for all", places=("overwritten-gradient", "wrong-mask"))
def _(v, f, x0, points): return bool(any(f(p) - f(x0) >= v @ (p - x0) - 1e-9 for p in points))
@wrong("max_backward", "wrong-axis", "wrong-value", "wrong-mask", "raised-error", label="dz[argmax]", places=("first-row-only", "missing-transpose"))
def _(dy, z):
    dz = np.zeros(z.shape); dz[z.argmax(axis=-1)] = dy; return dz
@wrong("max_pool_backward", "unused-parameter", "wrong-value", "wrong-mask", label="stride taken as size", places=("overwritten-gradient", "raised-error"))
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        part = z[..., k * size:(k + 1) * size]
        if part.shape[-1] == 0: continue
        i = part.argmax(-1)[..., None]
        np.put_along_axis(dz[..., k * size:(k + 1) * size], i, dy[..., k][..., None], -1)
    return dz
@wrong("prelu_backward", "wrong-mask", "wrong-variable", "wrong-value", label="dalpha from the right side", places=("dropped-path",))
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), (dy * np.where(z > 0, z, 0)).sum()
@wrong("prelu_backward", "averaged-not-summed", label="dalpha is a mean", places=("constant-factor",))
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), (dy * np.minimum(z, 0)).mean()
@wrong("rrelu_backward", "wrong-value", "wrong-local-derivative", "averaged-not-summed", label="mean of the slopes", places=("wrong-variable", "unused-parameter"))
def _(dy, z, slopes): return np.where(z > 0, dy, dy * np.mean(slopes))
@wrong("softplus_backward", "wrong-sign", "wrong-local-derivative", "wrong-variable", label="sigmoid of -z", places=("wrong-value",))
def _(dy, z): return dy * sigmoid(-z)
@wrong("elu_backward", "value-instead-of-mask", "forward-instead-of-backward", "wrong-local-derivative", label="ELU's value on the left")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, alpha * (np.exp(np.minimum(z, 0)) - 1))
@wrong("maxout_backward", "wrong-mask", "wrong-value", label="every piece gets dy", places=("double-counted-tie", "unsummed-axis"))
def _(dy, x, W, b):
    K = len(W)
    return sum(dy @ W[k].T for k in range(K)), np.stack([x.T @ dy] * K), np.stack([dy.sum(0)] * K)

# ---- 05 softmax and losses
@wrong("softmax", "wrong-axis", label="sums along axis 0")
def _(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True)); return e / e.sum(axis=0)
@wrong("softmax", "not-finite", "wrong-axis", label="one shift for all", places=("lost-precision",))
def _(z):
    e = np.exp(z - np.max(z)); return e / np.sum(e, axis=-1, keepdims=True)
@wrong("log_softmax", "wrong-value", "forgot-chain", "dropped-path", label="log of the sum forgotten", places=("wrong-local-derivative",))
def _(z):
    s = z - np.max(z, axis=-1, keepdims=True); return s - np.exp(s).sum(axis=-1, keepdims=True)
@wrong("log_softmax", "lost-precision", "not-finite", "wrong-value", label="1e-12 in the logarithm")
def _(z): return np.log(smax(z) + 1e-12)
@wrong("softmax_jacobian", "wrong-local-derivative", "wrong-value", label="y(1-y) on the diagonal, then minus outer again", places=("diagonal-jacobian", "double-counted-tie"))
def _(y): return np.diag(y * (1 - y)) - np.outer(y, y)
@wrong("softmax_jacobian", "wrong-sign", "wrong-local-derivative", label="plus beside the diagonal")
def _(y):
    C = len(y); J = np.zeros((C, C))
    for i, j in itertools.product(range(C), repeat=2): J[i, j] = y[i] * (1 - y[i]) if i == j else y[i] * y[j]
    return J
@wrong("softmax_backward", "wrong-value", "wrong-local-derivative", "forgot-chain", label="plain sum of dy taken off", places=("dropped-path", "averaged-not-summed"))
def _(dy, y): return y * (dy - dy.sum(axis=-1, keepdims=True))
@wrong("softmax_backward", "wrong-axis", label="one average for the whole batch", places=("extra-axis",))
def _(dy, y): return y * (dy - (dy * y).sum())
@wrong("log_softmax_backward", "wrong-variable", label="y taken for p", places=("forgot-chain",))
def _(dy, y): return dy - y * dy.sum(axis=-1, keepdims=True)
@wrong("log_softmax_backward", "missing-upstream", "dropped-path", "forgot-chain", "wrong-value", label="dy minus p")
def _(dy, y): return dy - np.exp(y)
@wrong("squared_error_backward", "wrong-sign", label="both f - y")
def _(f, y): return f - y, f - y
@wrong("kl_divergence_backward", "wrong-variable", "wrong-local-derivative", "wrong-value", label="with respect to d: log + 1", places=("not-finite",))
def _(y, d): return np.log(np.where(d > 0, d, 1) / y) + 1
@wrong("cross_entropy_backward", "wrong-mask", "unused-parameter", "wrong-value", label="labels not looked at", places=("wrong-local-derivative",))
def _(p, labels): return -1 / p / len(p)
@wrong("cross_entropy_backward", "wrong-local-derivative", "forgot-chain", "wrong-value", "wrong-variable", label="p minus one-hot", places=("wrong-mask",))
def _(p, labels): return (p - np.eye(p.shape[1])[labels]) / len(p)
@wrong("sigmoid_mse_backward", "wrong-sign", label="d - s")
def _(z, d):
    s = sigmoid(z); return (d - s) * s * (1 - s)
@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "wrong-value", "constant-factor", label="slope of the sigmoid once more", places=("forgot-chain", "wrong-variable"))
def _(z, d):
    s = sigmoid(z); return (s - d) * s * (1 - s)
@wrong("softmax_cross_entropy_backward", "averaged-twice", "constant-factor", label="divided by all entries")
def _(z, labels):
    p = smax(z); p[np.arange(len(p)), labels] -= 1; return p / p.size
@wrong("softmax_cross_entropy_backward", "wrong-mask", "wrong-value", "broadcast-blow-up", label="p[:, labels] -= 1", places=("wrong-local-derivative", "wrong-axis"))
def _(z, labels):
    p = smax(z); p[:, labels] -= 1; return p / len(p)

# ---- 06 backpropagation
@wrong("extended_layer_backward", "wrong-shape", "dropped-path", label="the constant gets a gradient", places=("extra-axis",))
def _(dz, y_prev, w): return w @ dz, np.outer(np.append(1.0, y_prev), dz)
@wrong("extended_layer_backward", "wrong-variable", "wrong-order", "wrong-value", label="bias row taken for the last", places=("swapped-inputs", "wrong-local-derivative"))
def _(dz, y_prev, w): return w[:-1] @ dz, np.outer(np.append(y_prev, 1.0), dz)
@wrong("linear_backward", "wrong-axis", label="db over the columns", places=("wrong-shape",))
def _(dz, x, W): return dz @ W.T, x.T @ dz, dz.sum(axis=1)
@wrong("linear_backward", "averaged-not-summed", "constant-factor", label="weights averaged over the batch")
def _(dz, x, W): return dz @ W.T, x.T @ dz / len(x), dz.sum(axis=0)
@wrong("linear_backward", "swapped-inputs", "wrong-shape", "wrong-order", label="dW first")
def _(dz, x, W): return x.T @ dz, dz @ W.T, dz.sum(axis=0)
@wrong("broadcast_backward", "wrong-shape", "unsummed-axis", "wrong-axis", label="leading axes only")
def _(dy, shape):
    while dy.ndim > len(shape): dy = dy.sum(axis=0)
    return dy
@wrong("mlp_forward", "wrong-mask", "wrong-value", "wrong-local-derivative", label="ReLU at the end too", places=("forgot-chain",))
def _(x, weights, biases):
    out = [x]
    for W, b in zip(weights, biases): out.append(np.maximum(0, out[-1] @ W + b))
    return out
@wrong("mlp_forward", "wrong-type", "wrong-order", "wrong-shape", label="x is not in the list")
def _(x, weights, biases): return forward(x, weights, biases)[1:]
@wrong("mlp_backward", "forgot-chain", "wrong-mask", "dropped-path", label="ReLU not gone through")
def _(dy, activations, weights):
    dW, db = [], []
    for y, W in zip(activations[-2::-1], weights[::-1]):
        dW.insert(0, y.T @ dy); db.insert(0, dy.sum(0)); dy = dy @ W.T
    return dy, dW, db
@wrong("mlp_backward", "wrong-mask", "value-instead-of-mask", label="mask with the layer's own output", places=("wrong-variable", "forgot-chain", "wrong-value"))
def _(dy, activations, weights):
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dy = dy * (activations[k + 1] > 0)
        dW.insert(0, activations[k].T @ dy); db.insert(0, dy.sum(0)); dy = dy @ weights[k].T
    return dy, dW, db
@wrong("activation_memory", "wrong-value", "dropped-path", label="x not counted", places=("first-row-only",))
def _(batch, widths, itemsize=8): return batch * sum(widths[1:-1]) * itemsize
@wrong("activation_memory", "unused-parameter", "constant-factor", label="numbers, not bytes", places=("forgot-chain",))
def _(batch, widths, itemsize=8): return batch * sum(widths[:-1])
@wrong("multiply_backward", "wrong-local-derivative", "wrong-value", "missing-upstream", label="dy plus the other", places=("wrong-variable",))
def _(dy, a, b): return dy + b, dy + a
@wrong("pairwise_product_backward", "swapped-inputs", "wrong-variable", "wrong-order", "wrong-local-derivative", label="repeat, times itself")
def _(dy, z): return np.repeat(dy, 2, axis=-1) * z
@wrong("pairwise_product_backward", "wrong-order", "wrong-variable", "wrong-value", "wrong-local-derivative", label="partners from the halves", places=("swapped-inputs", "wrong-axis"))
def _(dy, z):
    n = z.shape[-1] // 2
    return np.concatenate([dy * z[..., n:], dy * z[..., :n]], axis=-1)
@wrong("gated_unit_backward", "forgot-chain", "dropped-path", "wrong-local-derivative", label="tanh(c) left out of dg")
def _(dy, g, c):
    s = sigmoid(g); return dy * s * (1 - s), dy * s * (1 - np.tanh(c) ** 2)
@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative", label="1 - c squared", places=("wrong-value",))
def _(dy, g, c):
    s = sigmoid(g); return dy * s * (1 - s) * np.tanh(c), dy * s * (1 - c ** 2)
@wrong("shared_weight_backward", "dropped-path", label="w1 at x3 alone", places=("overwritten-gradient",))
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    return dx3 @ jacobians["x3", "w1"], dx2 @ jacobians["x2", "w2"]

# ---- 07 digits
@wrong("binary_loss_and_gradients", "wrong-sign", "wrong-value", label="minus forgotten before the loss")
def _(w, b, x, d):
    z = x @ w + b; e = (sigmoid(z) - d) / len(d)
    return np.mean(d * z - np.logaddexp(0, z)), e @ x, e.sum()
@wrong("binary_loss_and_gradients", "lost-precision", "not-finite", "wrong-value", label="p clipped")
def _(w, b, x, d):
    p = np.clip(sigmoid(x @ w + b), 1e-7, 1 - 1e-7); e = (p - d) / len(d)
    return -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p)), x.T @ e, e.sum()
@wrong("binary_loss_and_gradients", "dropped-path", "wrong-value", label="d log p alone", places=("wrong-mask", "not-finite"))
def _(w, b, x, d):
    z = x @ w + b; e = (sigmoid(z) - d) / len(d)
    return np.mean(d * np.logaddexp(0, -z)), x.T @ e, e.sum()
@wrong("binary_loss_and_gradients", "not-averaged", label="gradients not divided by N")
def _(w, b, x, d):
    z = x @ w + b; e = sigmoid(z) - d
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ e, e.sum()
@wrong("binary_loss_and_gradients", "unsummed-axis", "wrong-shape", label="db for each example", places=("not-averaged",))
def _(w, b, x, d):
    z = x @ w + b; e = (sigmoid(z) - d) / len(d)
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ e, e
@wrong("sgd_step", "wrong-sign", label="plus")
def _(parameters, gradients, learning_rate): return [p + learning_rate * g for p, g in zip(parameters, gradients)]
@wrong("sgd_step", "mutated-input", label="-= on a list's arrays", places=("integer-truncation", "raised-error"))
def _(parameters, gradients, learning_rate):
    for i in range(len(parameters)): parameters[i] -= learning_rate * gradients[i]
    return parameters
@wrong("sgd_step", "wrong-variable", "unused-parameter", "wrong-value", label="lr forgotten, /len", places=("constant-factor", "averaged-not-summed"))
def _(parameters, gradients, learning_rate): return [p - g / len(gradients) for p, g in zip(parameters, gradients)]
@wrong("loss_and_gradients", "wrong-mask", "wrong-variable", label="mask from the gradient")
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x); p = smax(a[-1])
    loss = -np.mean(np.log(np.maximum(p[np.arange(N), labels], 1e-300)))
    d = p.copy(); d[np.arange(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.sum(0)); d = d @ weights[k].T; d = d * (d > 0)
    return loss, dW, db
@wrong("loss_and_gradients", "wrong-variable", "overwritten-gradient", "wrong-value", "wrong-order", label="dh through the gradient's weights of the same layer twice", places=("raised-error", "missing-transpose", "forgot-chain", "wrong-local-derivative"))
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    z = a[-1] - a[-1].max(1, keepdims=True); lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    d = np.exp(lp); d[np.arange(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        g = a[k].T @ d
        dW.insert(0, g); db.insert(0, d.sum(0)); d = (d @ g.T) * (a[k] > 0)
    return -lp[np.arange(N), labels].mean(), dW, db
@wrong("loss_and_gradients", "averaged-twice", "averaged-not-summed", "constant-factor", label="db is a mean of rows already divided")
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    z = a[-1] - a[-1].max(1, keepdims=True); lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    d = np.exp(lp); d[np.arange(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.mean(0)); d = (d @ weights[k].T) * (a[k] > 0)
    return -lp[np.arange(N), labels].mean(), dW, db
@wrong("loss_and_gradients", "not-finite", "lost-precision", label="exp without a shift")
def _(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    e = np.exp(a[-1]); p = e / e.sum(1, keepdims=True)
    loss = -np.log(p[range(N), labels]).mean()
    d = p.copy(); d[range(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.sum(0)); d = (d @ weights[k].T) * (a[k] > 0)
    return loss, dW, db
def full_step(weights, biases, x, labels):
    a = forward(x, weights, biases); N = len(x)
    d = smax(a[-1]); d[np.arange(N), labels] -= 1; d /= N
    dW, db = [], []
    for k in reversed(range(len(weights))):
        dW.insert(0, a[k].T @ d); db.insert(0, d.sum(0)); d = (d @ weights[k].T) * (a[k] > 0)
    return dW, db
@wrong("train", "wrong-sign", "wrong-value", label="climbs")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed)
    Ws = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in zip(widths, widths[1:])]; bs = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            dW, db = full_step(Ws, bs, x[i:i + batch_size], labels[i:i + batch_size])
            Ws = [W + learning_rate * g for W, g in zip(Ws, dW)]; bs = [b + learning_rate * g for b, g in zip(bs, db)]
    return Ws, bs
@wrong("train", "wrong-value", "stale-state", label="all weights start at 0", places=("missing-upstream", "dropped-path"))
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    Ws = [np.zeros((a, b)) for a, b in zip(widths, widths[1:])]; bs = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            dW, db = full_step(Ws, bs, x[i:i + batch_size], labels[i:i + batch_size])
            Ws = [W - learning_rate * g for W, g in zip(Ws, dW)]; bs = [b - learning_rate * g for b, g in zip(bs, db)]
    return Ws, bs


# ---- right
@right("central_difference", "named points")
def _(f, x, h=1e-5):
    left, right_ = x - h, x + h
    return (f(right_) - f(left)) / (right_ - left)
@right("exp_sin_square_derivative", "y times y'")
def _(x):
    y = np.exp(np.sin(x * x)); return y * 2 * x * np.cos(x * x)
@right("chain_derivative", "values first, slopes after")
def _(functions, derivatives, x):
    values = list(itertools.accumulate(functions, lambda v, f: f(v), initial=x))
    return math.prod(d(v) for d, v in zip(derivatives, values))
@right("distributed_derivative", "matrix product")
def _(f_partials, inner, inner_derivatives, x):
    return np.array(f_partials(np.array([g(x) for g in inner]))) @ np.array([d(x) for d in inner_derivatives])
@right("partial_and_total", "a list")
def _(df_dx, df_dy, y, dy_dx, x):
    v = y(x); return [df_dx(x, v), df_dx(x, v) + dy_dx(x) * df_dy(x, v)]
@right("multiply_gate_backward", "np.multiply")
def _(dy, a, b): return np.multiply(dy, b), np.multiply(a, dy)
@right("max_gate_backward", "ties to b")
def _(dy, a, b):
    m = np.asarray(a) > b; return m * dy, ~m * dy
@right("sigmoid_neuron_backward", "dot with a one appended")
def _(w, x):
    x1 = np.concatenate([x, [1]]); f = sigmoid(w @ x1); g = f - f ** 2
    return f, g * x1, (g * w)[:2]
@right("topological_order", "rounds")
def _(parents):
    done = []
    while len(done) < len(parents):
        ready = [n for n in parents if n not in done and all(p in done for p in parents[n])]
        if not ready: raise ValueError("There is a cycle")
        done += ready
    return done
@right("backpropagate", "sum over all paths")
def _(parents, local_derivatives, output):
    def paths(node):
        total = {node: 1.0}
        for p in parents[node]:
            for k, v in paths(p).items(): total[k] = total.get(k, 0.0) + v * local_derivatives[node, p]
        return total
    found = paths(output)
    return {n: found.get(n, 0.0) for n in parents}
@right("numerical_hessian", "Jacobian of the gradient")
def _(f, x, h=1e-4):
    x = np.asarray(x, dtype=float); D = len(x); H = np.empty((D, D))
    for i in range(D):
        for j in range(i + 1):
            a, b = np.eye(D)[i] * h, np.eye(D)[j] * h
            H[i, j] = H[j, i] = ((f(x + a + b) - f(x + a - b)) - (f(x - a + b) - f(x - a - b))) / (2 * h) / (2 * h)
    return H
@right("linear_jacobian_W", "loops")
def _(h, W, b):
    D, M = W.shape; J = np.zeros((M, D, M))
    for j in range(M):
        for a in range(D): J[j, a, j] = h[a]
    return J
@right("elementwise_vjp", "np.multiply, other order")
def _(dy, derivative, z): return np.multiply(derivative(z), dy)
@right("jacobian_from_vjp", "apply_along_axis")
def _(vjp, x, output_size): return np.array([vjp(row) for row in np.identity(output_size)])
@right("linear_composition", "pushes a zero row through")
def _(weights, biases):
    W, b = np.eye(weights[0].shape[0]), np.zeros(weights[0].shape[0])
    for V, c in zip(weights, biases): W, b = W @ V, b @ V + c
    return W, b
@right("sigmoid_backward", "minus the square")
def _(dy, y): return dy * y - dy * y ** 2
@right("relu_backward", "copy, then zero")
def _(dy, z):
    dz = dy.copy(); dz[z < 0] = 0; return dz
@right("relu_subdifferential", "comparisons")
def _(z):
    z = np.asarray(z); return (z > 0).astype(float), (z >= 0).astype(float)
@right("max_backward", "one-hot of argmax")
def _(dy, z): return np.eye(z.shape[-1])[z.argmax(-1)] * dy[..., None]
@right("prelu_backward", "loop")
def _(dy, z, alpha):
    dz, dalpha = np.zeros(z.shape), 0.0
    for i in np.ndindex(z.shape):
        if z[i] > 0: dz[i] = dy[i]
        else: dz[i] = alpha * dy[i]; dalpha += dy[i] * z[i]
    return dz, dalpha
@right("softplus_backward", "logaddexp")
def _(dy, z): return dy * np.exp(-np.logaddexp(0, -np.asarray(z, float)))
@right("softmax_jacobian", "eye minus y")
def _(y): return y[:, None] * (np.eye(y.size) - y[None, :])
@right("log_softmax_backward", "keepdims")
def _(dy, y): return dy - np.exp(y) * np.sum(dy, axis=-1, keepdims=True)
@right("cross_entropy_backward", "loop")
def _(p, labels):
    dp = np.zeros(p.shape)
    for n, c in enumerate(labels): dp[n, c] = -1 / p[n, c] / len(labels)
    return dp
@right("sigmoid_cross_entropy_backward", "where on the sign")
def _(z, d):
    e = np.exp(-np.abs(z)); return np.where(z >= 0, 1 / (1 + e), e / (1 + e)) - d
@right("extended_layer_backward", "stacked")
def _(dz, y_prev, w): return dz @ w[1:].T, np.vstack([dz, y_prev[:, None] * dz])
@right("broadcast_backward", "reshape and sum")
def _(dy, shape):
    full = (1,) * (dy.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, n in enumerate(full) if n == 1)
    return dy.sum(axis=axes, keepdims=True).reshape(shape)
@right("pairwise_product_backward", "reshaped to pairs")
def _(dy, z):
    pairs = z.reshape(*z.shape[:-1], -1, 2)
    return (pairs[..., ::-1] * dy[..., None]).reshape(z.shape)
@right("shared_weight_backward", "Jacobians added first")
def _(dx3, J):
    w1 = J["x3", "w1"] + (J["x3", "x1"] + J["x3", "x2"] @ J["x2", "x1"]) @ J["x1", "w1"]
    return w1.T @ dx3, (J["x3", "x2"] @ J["x2", "w2"]).T @ dx3
@right("sgd_step", "append")
def _(parameters, gradients, learning_rate):
    new = []
    for p, g in zip(parameters, gradients): new.append(p - learning_rate * np.asarray(g))
    return new

"""Student answers written after public threads, before they were run.

Their kinds come from threads such as karpathy/micrograd issues 21, 64, 68 and 96 (walking the graph without an order),
interviews.ai issue 15 (the sigmoid's slope from its input), hunkim/DeepLearningZeroToAll issue 173 (no mean over the
batch), Stack Overflow 5305527 and 78417131 (a step lost in integers) and 54976533 (the softmax's diagonal),
datascience.stackexchange 20139 (a delta that is its own slope), deeplearning4j pull 366 (a mean taken twice).

``RIGHT`` and ``WRONG`` map an exercise to (label, function[, names that are right, best first[, places]]), see `read`.
A hint must not send the student anywhere that is not written down. They are written as students write, so ruff leaves
them alone.
"""
import math
from functools import reduce

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


def sigmoid(z): return 1 / (1 + np.exp(-np.asarray(z, float)))
def stable(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))
def smax(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max(axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)


# ---- 01 chain rule
@wrong("central_difference", "constant-factor", "wrong-value", label="divided by h, not 2h", places=("one-sided-difference",))
def _(f, x, h=1e-5): return (f(x + h) - f(x - h)) / h
@wrong("central_difference", "unused-parameter", "wrong-value", "lost-precision", label="a step of its own", places=("constant-factor", "numerical-differentiation"))
def _(f, x, h=1e-5):
    eps = 1e-2
    return (f(x + eps) - f(x - eps)) / (2 * eps)
@wrong("central_difference", "one-sided-difference", "wrong-value", label="forward difference at the half step")
def _(f, x, h=1e-5): return (f(x + h / 2) - f(x)) / (h / 2)
@wrong("central_difference", "wrong-sign", label="left minus right")
def _(f, x, h=1e-5): return (f(x - h) - f(x + h)) / (2 * h)
@wrong("exp_sin_square_derivative", "forgot-chain", "dropped-path", label="cos left out")
def _(x): return np.exp(np.sin(x ** 2)) * 2 * x
@wrong("exp_sin_square_derivative", "wrong-local-derivative", "forgot-chain", "wrong-value", label="factors added up", places=("dropped-path",))
def _(x): return np.exp(np.sin(x ** 2)) + np.cos(x ** 2) + 2 * x
@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value", label="sin(x) squared, not sin of x squared")
def _(x): return np.exp(np.sin(x) ** 2) * 2 * np.sin(x) * np.cos(x)
@wrong("exp_sin_square_derivative", "wrong-sign", "wrong-local-derivative", label="minus cos")
def _(x): return -np.exp(np.sin(x ** 2)) * np.cos(x ** 2) * 2 * x
@wrong("chain_derivative", "wrong-variable", "wrong-order", "wrong-local-derivative", "wrong-value", label="all slopes at x")
def _(functions, derivatives, x): return math.prod(d(x) for d in derivatives)
@wrong("chain_derivative", "wrong-order", "wrong-variable", "wrong-value", label="walks from the last function")
def _(functions, derivatives, x):
    g = 1.0
    for f, d in zip(functions[::-1], derivatives[::-1]):
        g *= d(x); x = f(x)
    return g
@wrong("chain_derivative", "first-row-only", "raised-error", "not-implemented", "forgot-chain", "dropped-path", "wrong-value", label="return inside the loop", places=("wrong-type",))
def _(functions, derivatives, x):
    g = 1.0
    for f, d in zip(functions, derivatives):
        g = g * d(x)
        x = f(x)
        return g
@wrong("chain_derivative", "wrong-value", "wrong-local-derivative", "wrong-order", "forgot-chain", label="slopes added", places=("dropped-path",))
def _(functions, derivatives, x):
    g = 0.0
    for f, d in zip(functions, derivatives):
        g += d(x); x = f(x)
    return g
@wrong("distributed_derivative", "forgot-chain", label="inner slopes missing")
def _(f_partials, inner, inner_derivatives, x):
    return sum(f_partials(np.array([g(x) for g in inner])))
@wrong("distributed_derivative", "wrong-local-derivative", "wrong-value", "dropped-path", label="product over the paths", places=("wrong-order",))
def _(f_partials, inner, inner_derivatives, x):
    p = f_partials(np.array([g(x) for g in inner]))
    t = 1.0
    for a, d in zip(p, inner_derivatives): t *= a * d(x)
    return t
@wrong("partial_and_total", "dropped-path", label="total is only the way through y")
def _(df_dx, df_dy, y, dy_dx, x): return df_dx(x, y(x)), df_dy(x, y(x)) * dy_dx(x)
@wrong("partial_and_total", "forgot-chain", label="dy/dx left out of the total")
def _(df_dx, df_dy, y, dy_dx, x): return df_dx(x, y(x)), df_dx(x, y(x)) + df_dy(x, y(x))
@wrong("squared_error_node_gradients", "swapped-inputs", "wrong-variable", "wrong-local-derivative", label="each its own value")
def _(x, y, z, t):
    d = 2 * (x * y + z - t); return d * x, d * y, d
@wrong("squared_error_node_gradients", "wrong-local-derivative", "wrong-variable", "wrong-value", label="dz multiplied by z", places=("forgot-chain",))
def _(x, y, z, t):
    d = 2 * (x * y + z - t); return d * y, d * x, d * z

# ---- 02 computational graphs
@wrong("add_gate_backward", "wrong-local-derivative", "wrong-variable", "swapped-inputs", "wrong-value", label="like a product: dy*b, dy*a", places=("value-instead-of-mask",))
def _(dy, a, b): return dy * b, dy * a
@wrong("add_gate_backward", "constant-factor", "wrong-local-derivative", label="shared half and half", places=("averaged-not-summed",))
def _(dy, a, b): return dy / 2, dy / 2
@wrong("multiply_gate_backward", "missing-upstream", "forgot-chain", label="no dy")
def _(dy, a, b): return b, a
@wrong("max_gate_backward", "double-counted-tie", label="both at a tie")
def _(dy, a, b): return dy * (a >= b), dy * (b >= a)
@wrong("max_gate_backward", "value-instead-of-mask", "wrong-local-derivative", label="the maximum in place of dy", places=("missing-upstream", "forward-instead-of-backward"))
def _(dy, a, b): return np.where(a >= b, a, 0) * dy, np.where(a < b, b, 0) * dy
@wrong("max_gate_backward", "truth-of-an-array", "raised-error", label="if")
def _(dy, a, b):
    if a > b: return dy, 0 * dy
    return 0 * dy, dy
@wrong("sigmoid_neuron_backward", "wrong-variable", "wrong-local-derivative", label="slope from the sum: s*(1-s)", places=("forgot-chain",))
def _(w, x):
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    f = sigmoid(s); ds = s * (1 - s)
    return f, np.array([ds * x[0], ds * x[1], ds]), np.array([ds * w[0], ds * w[1]])
@wrong("sigmoid_neuron_backward", "wrong-shape", "dropped-path", label="no gradient for the bias", places=("missing-transpose",))
def _(w, x):
    f = sigmoid(w[:2] @ x + w[2]); ds = f * (1 - f)
    return f, ds * x, ds * w[:2]
@wrong("sigmoid_neuron_backward", "forgot-chain", label="sigmoid's slope forgotten")
def _(w, x):
    f = sigmoid(w[:2] @ x + w[2])
    return f, np.append(x, 1.0), w[:2].copy()
@wrong("softplus_graph_backward", "wrong-local-derivative", "forgot-chain", "wrong-value", label="dy_db = 1/b", places=("wrong-variable",))
def _(x):
    b = np.exp(x); a = 1 + b
    return np.log(a), 1 / a, 1 / b, (1 / a) * b
@wrong("softplus_graph_backward", "wrong-local-derivative", "wrong-sign", "wrong-value", label="minus one over a squared", places=("wrong-variable",))
def _(x):
    b = np.exp(x); a = 1 + b
    return np.log(a), -1 / a ** 2, -1 / a ** 2, -b / a ** 2
@wrong("fraction_backward", "dropped-path", "overwritten-gradient", label="sigmoid of the top forgotten", places=("wrong-local-derivative",))
def _(x, y):
    s = sigmoid(x); top = x + s; bot = s + (x + y) ** 2
    return top / bot, 1 / bot - top / bot ** 2 * (s * (1 - s) + 2 * (x + y)), -top / bot ** 2 * 2 * (x + y)
@wrong("fraction_backward", "wrong-sign", "wrong-local-derivative", label="quotient rule with a plus", places=("dropped-path",))
def _(x, y):
    s = sigmoid(x); ds = s * (1 - s); top = x + s; bot = s + (x + y) ** 2
    return top / bot, ((1 + ds) * bot + top * (ds + 2 * (x + y))) / bot ** 2, top * 2 * (x + y) / bot ** 2
@wrong("fraction_backward", "forgot-chain", "wrong-local-derivative", "dropped-path", label="bottom not squared in the quotient rule", places=("wrong-value",))
def _(x, y):
    s = sigmoid(x); ds = s * (1 - s); top = x + s; bot = s + (x + y) ** 2
    return top / bot, ((1 + ds) * bot - top * (ds + 2 * (x + y))) / bot, -top * 2 * (x + y) / bot
@wrong("topological_order", "wrong-order", "missing-error", label="preorder walk")
def _(parents):
    seen, out = set(), []
    def visit(n):
        if n in seen: return
        seen.add(n); out.append(n)
        for p in parents[n]: visit(p)
    for n in parents: visit(n)
    return out
@wrong("topological_order", "missing-error", label="cycle not noticed")
def _(parents):
    seen, out = set(), []
    def visit(n):
        if n in seen: return
        seen.add(n)
        for p in parents[n]: visit(p)
        out.append(n)
    for n in parents: visit(n)
    return out
@wrong("backpropagate", "overwritten-gradient", "dropped-path", label="= in place of +=")
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}; g[output] = 1.0; todo = [output]
    seen = []
    def visit(n):
        if n not in seen:
            for p in parents[n]: visit(p)
            seen.append(n)
    visit(output)
    for n in reversed(seen):
        for p in parents[n]: g[p] = g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-order", "dropped-path", "overwritten-gradient", label="depth first, without an order", places=("double-counted-tie", "wrong-value"))
def _(parents, local_derivatives, output):
    g = dict.fromkeys(parents, 0.0); g[output] = 1.0
    def back(n):
        for p in parents[n]:
            g[p] += g[n] * local_derivatives[n, p]
            back(p)
    back(output)
    return g

# ---- 03 Jacobians
@wrong("numerical_jacobian", "integer-truncation", label="step lost in integers")
def _(f, x, h=1e-5):
    cols = []
    for i in range(x.size):
        a, b = x.copy(), x.copy(); a[i] += h; b[i] -= h
        cols.append((np.asarray(f(a)) - np.asarray(f(b))) / (2 * h))
    return np.array(cols).T
@wrong("numerical_jacobian", "transposed", label="rows are inputs")
def _(f, x, h=1e-5):
    x = np.asarray(x, float); J = []
    for i in range(x.size):
        e = np.zeros(x.size); e[i] = h
        J.append((np.asarray(f(x + e)) - np.asarray(f(x - e))) / (2 * h))
    return np.array(J)
@wrong("numerical_jacobian", "mutated-input", "stale-state", label="x not put back", places=("integer-truncation",))
def _(f, x, h=1e-5):
    J = []
    for i in range(len(x)):
        x[i] += h; a = np.array(f(x)); x[i] -= 2 * h; b = np.array(f(x))
        J.append((a - b) / (2 * h))
    return np.array(J).T
@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-value", "wrong-mask", label="W itself in each slice", places=("wrong-variable",))
def _(h, W, b):
    D, M = np.shape(W); J = np.zeros((M, D, M))
    for j in range(M): J[j, :, j] = np.asarray(W)[:, j]
    return J
@wrong("linear_jacobian_b", "wrong-shape", "diagonal-jacobian", "wrong-value", label="a row of ones", places=("wrong-axis",))
def _(h, W, b): return np.ones(len(b))
@wrong("linear_vjp_h", "missing-transpose", "raised-error", label="da @ W")
def _(da, h, W, b): return da @ W
@wrong("linear_vjp_W", "transposed", "wrong-order", label="outer(da, h)")
def _(da, h, W, b): return np.outer(da, h)
@wrong("chain_jacobians", "wrong-order", "missing-transpose", label="multi_dot in list order", places=("raised-error",))
def _(jacobians): return reduce(lambda A, B: A @ B, jacobians)
@wrong("elementwise_vjp", "wrong-variable", "wrong-local-derivative", label="slope at dy")
def _(dy, derivative, z): return dy * derivative(dy)
@wrong("jacobian_from_vjp", "transposed", "wrong-shape", label="as columns", places=("wrong-axis", "raised-error", "missing-transpose"))
def _(vjp, x, output_size): return np.stack([vjp(e) for e in np.eye(output_size)], axis=1)
@wrong("squared_distance_backward", "constant-factor", label="one half assumed")
def _(x, h): return x - h
@wrong("numerical_hessian", "constant-factor", "wrong-value", label="divided by h squared", places=("wrong-local-derivative",))
def _(f, x, h=1e-4):
    x = np.array(x, float); n = len(x); E = h * np.eye(n); H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])) / h ** 2
    return (H + H.T) / 2
@wrong("network_vjp", "forgot-chain", "dropped-path", "wrong-local-derivative", label="sigma's slope forgotten")
def _(dy, x, W1, b1, W2, b2):
    y1 = sigmoid(x @ W1 + b1); dz1 = dy @ W2.T
    return dz1 @ W1.T, np.outer(x, dz1), dz1, np.outer(y1, dy), np.array(dy)
@wrong("network_vjp", "wrong-variable", "wrong-local-derivative", label="the delta's own slope: d*(1-d)", places=("forgot-chain",))
def _(dy, x, W1, b1, W2, b2):
    y1 = sigmoid(x @ W1 + b1); d = dy @ W2.T; dz1 = d * (1 - d)
    return dz1 @ W1.T, np.outer(x, dz1), dz1, np.outer(y1, dy), np.array(dy)

# ---- 04 activations
@wrong("linear_composition", "dropped-path", "forgot-chain", label="first bias lost")
def _(weights, biases): return reduce(np.matmul, weights), biases[-1]
@wrong("sigmoid_backward", "wrong-variable", label="sigmoid of y once more")
def _(dy, y): return dy * sigmoid(y) * (1 - sigmoid(y))
@wrong("tanh_backward", "wrong-local-derivative", "forgot-chain", "wrong-value", label="1 - y", places=("wrong-variable",))
def _(dy, y): return dy * (1 - y)
@wrong("relu_backward", "wrong-mask", label="mask of dy")
def _(dy, z): return np.maximum(dy, 0) * (z > 0)
@wrong("relu_backward", "mutated-input", label="dy[z < 0] = 0")
def _(dy, z):
    dy[z <= 0] = 0
    return dy
@wrong("leaky_relu_backward", "dropped-path", "missing-upstream", "forgot-chain", "wrong-mask", "wrong-local-derivative", label="alpha without dy on the left")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha)
@wrong("leaky_relu_backward", "unused-parameter", "wrong-value", label="0.01 written down", places=("wrong-local-derivative", "constant-factor"))
def _(dy, z, alpha): return dy * np.where(z > 0, 1, 0.01)
@wrong("prelu_backward", "unsummed-axis", "wrong-shape", "wrong-type", label="dalpha not summed")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.where(z > 0, 0, dy * z)
@wrong("elu_backward", "wrong-local-derivative", "wrong-value", "constant-factor", label="exp - 1 kept", places=("value-instead-of-mask", "wrong-variable"))
def _(dy, z, alpha): return dy * np.where(z > 0, 1.0, alpha * (np.exp(np.minimum(z, 0)) - 1))
@wrong("max_backward", "double-counted-tie", label="all tied entries")
def _(dy, z): return dy[..., None] * (z == z.max(-1, keepdims=True))
@wrong("max_pool_backward", "overwritten-gradient", label="= where windows overlap", places=("dropped-path",))
def _(dy, z, size, stride):
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        w = z[..., k * stride:k * stride + size]
        hit = np.eye(size)[w.argmax(-1)]
        dz[..., k * stride:k * stride + size] = hit * dy[..., k, None]
    return dz
@wrong("maxout_backward", "wrong-mask", "double-counted-tie", "dropped-path", "wrong-value", label="all pieces get the gradient", places=("wrong-local-derivative",))
def _(dy, x, W, b):
    return sum(dy @ w.T for w in W), np.stack([x.T @ dy for _ in W]), np.stack([dy.sum(0) for _ in W])

# ---- 05 softmax and losses
@wrong("softmax", "wrong-axis", label="sum of the whole array")
def _(z):
    e = np.exp(z - np.max(z)); return e / e.sum()
@wrong("softmax_jacobian", "diagonal-jacobian", label="diagonal alone")
def _(y): return np.diag(y * (1 - y))
@wrong("softmax_backward", "diagonal-jacobian", label="like a sigmoid")
def _(dy, y): return dy * y * (1 - y)
@wrong("log_softmax_backward", "wrong-variable", "wrong-local-derivative", label="y used as probabilities")
def _(dy, y): return dy - y * dy.sum(-1, keepdims=True)
@wrong("cross_entropy_backward", "not-averaged", label="no mean")
def _(p, labels):
    d = np.zeros_like(p); i = np.arange(len(p)); d[i, labels] = -1 / p[i, labels]; return d
@wrong("softmax_cross_entropy_backward", "wrong-sign", label="target minus output")
def _(z, labels): return (np.eye(z.shape[1])[labels] - smax(z)) / len(z)
@wrong("sigmoid_mse_backward", "forgot-chain", "dropped-path", label="y - d alone")
def _(z, d): return stable(z) - d
@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "forgot-chain", "dropped-path", label="the sigmoid's slope as one more factor", places=("wrong-value",))
def _(z, d):
    s = stable(z); return (s - d) * s * (1 - s)

# ---- 06 backpropagation
@wrong("linear_backward", "averaged-not-summed", label="mean for db")
def _(dz, x, W): return dz @ W.T, x.T @ dz, dz.mean(0)
@wrong("linear_backward", "extra-axis", label="keepdims for db")
def _(dz, x, W): return dz @ W.T, x.T @ dz, dz.sum(0, keepdims=True)
@wrong("broadcast_backward", "extra-axis", "wrong-shape", "wrong-axis", "unsummed-axis", label="leading axes only", places=("broadcast-blow-up",))
def _(dy, shape): return dy.sum(axis=tuple(range(dy.ndim - len(shape))))
@wrong("gated_unit_backward", "wrong-local-derivative", "wrong-variable", "forgot-chain", label="tanh's slope from c: 1 - c**2", places=("wrong-value",))
def _(dy, g, c):
    s, t = sigmoid(g), np.tanh(c); return dy * t * s * (1 - s), dy * s * (1 - c ** 2)
@wrong("mlp_backward", "wrong-mask", "forgot-chain", "dropped-path", label="no ReLU on the way back", places=("wrong-local-derivative",))
def _(dy, activations, weights):
    dW, db, g = [], [], dy
    for a, w in zip(activations[-2::-1], weights[::-1]):
        dW.insert(0, a.T @ g); db.insert(0, g.sum(0)); g = g @ w.T
    return g, dW, db
@wrong("shared_weight_backward", "dropped-path", "overwritten-gradient", label="w1 only where it acts last")
def _(dx3, jacobians):
    dx2 = dx3 @ jacobians["x3", "x2"]
    return dx3 @ jacobians["x3", "w1"], dx2 @ jacobians["x2", "w2"]
@wrong("activation_memory", "wrong-value", "dropped-path", "wrong-local-derivative", label="the output counted too", places=("constant-factor",))
def _(batch, widths, itemsize=8): return batch * sum(widths) * itemsize

# ---- 07 digits
@wrong("binary_loss_and_gradients", "not-averaged", label="gradients of the sum")
def _(w, b, x, d):
    z = x @ w + b; loss = np.mean(np.logaddexp(0, z) - d * z); dz = stable(z) - d
    return loss, x.T @ dz, dz.sum()
@wrong("binary_loss_and_gradients", "forgot-chain", "wrong-local-derivative", label="squared error's delta", places=("wrong-value", "not-averaged"))
def _(w, b, x, d):
    z = x @ w + b; p = stable(z); dz = (p - d) * p * (1 - p) / len(d)
    return np.mean(np.logaddexp(0, z) - d * z), x.T @ dz, dz.sum()
@wrong("sgd_step", "wrong-sign", label="uphill")
def _(parameters, gradients, learning_rate): return [p + learning_rate * g for p, g in zip(parameters, gradients)]
@wrong("sgd_step", "mutated-input", label="-= on the same arrays")
def _(parameters, gradients, learning_rate):
    for i, g in enumerate(gradients): parameters[i] -= learning_rate * g
    return parameters
@wrong("loss_and_gradients", "averaged-twice", label="mean of the bias gradient once more", places=("averaged-not-summed",))
def _(weights, biases, x, labels):
    a = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = a[-1] @ W + b; a.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    s = a[-1] - a[-1].max(1, keepdims=True); lp = s - np.log(np.exp(s).sum(1, keepdims=True)); r = np.arange(len(x))
    g = np.exp(lp); g[r, labels] -= 1; g /= len(x); dW, db = [], []
    for k in range(len(weights) - 1, -1, -1):
        dW.insert(0, a[k].T @ g); db.insert(0, g.mean(0))
        if k: g = g @ weights[k].T * (a[k] > 0)
    return -lp[r, labels].mean(), dW, db


# ---------------------------------------------------------------- right
@right("central_difference", "half steps twice")
def _(f, x, h=1e-5):
    a, b = x - h, x + h
    return np.divide(np.subtract(f(b), f(a)), b - a)
@right("exp_sin_square_derivative", "in steps")
def _(x):
    a = np.power(x, 2); b = np.sin(a)
    return 2 * np.multiply(x, np.cos(a)) * np.exp(b)
@right("chain_derivative", "recursive")
def _(functions, derivatives, x):
    if not functions: return 1
    def go(fs, ds, v): return 1 if not fs else ds[0](v) * go(fs[1:], ds[1:], fs[0](v))
    if len(functions) > 300:
        g = 1
        for f, d in zip(functions, derivatives): g, x = g * d(x), f(x)
        return g
    return go(list(functions), list(derivatives), x)
@right("distributed_derivative", "np.dot")
def _(f_partials, inner, inner_derivatives, x):
    return np.dot(f_partials(np.array([g(x) for g in inner])), [d(x) for d in inner_derivatives])
@right("squared_error_node_gradients", "a list of numpy numbers")
def _(x, y, z, t):
    e = np.float64(x * y + z - t); return [2 * e * y, 2 * e * x, 2 * e]
@right("add_gate_backward", "times one")
def _(dy, a, b): return 1 * dy, 1 * dy
@right("max_gate_backward", "sign")
def _(dy, a, b):
    s = (1 + np.sign(np.subtract(a, b))) / 2
    return dy * s, dy * (1 - s)
@right("softplus_graph_backward", "logistic")
def _(x):
    e = np.exp(x); s = 1 / (1 + e)
    return np.log1p(e), s, s, 1 - s
@right("fraction_backward", "quotient rule")
def _(x, y):
    s = 1 / (1 + np.exp(-x)); ds = s - s * s
    n, d = x + s, s + (x + y) ** 2
    return n / d, ((1 + ds) * d - n * (ds + 2 * x + 2 * y)) / d ** 2, -2 * n * (x + y) / d ** 2
@right("topological_order", "depth first with colours")
def _(parents):
    state, out = {}, []
    for root in parents:
        stack = [(root, iter(parents[root]))] if root not in state else []
        if stack: state[root] = 1
        while stack:
            n, it = stack[-1]
            for p in it:
                if state.get(p) == 1: raise ValueError("cycle")
                if p not in state:
                    state[p] = 1; stack.append((p, iter(parents[p]))); break
            else:
                state[n] = 2; out.append(n); stack.pop()
    return out
@right("backpropagate", "sum over children, remembered")
def _(parents, local_derivatives, output):
    children = {n: [] for n in parents}
    for c, ps in parents.items():
        for p in ps: children[p].append(c)
    known = {output: 1.0}
    def grad(n):
        if n not in known:
            known[n] = 0.0 + sum(grad(c) * local_derivatives[c, n] for c in children[n])
        return known[n]
    return {n: grad(n) for n in parents}
@right("numerical_jacobian", "columns written in place")
def _(f, x, h=1e-5):
    x = x.astype(float); J = None
    for j in range(x.size):
        keep = x[j]
        x[j] = keep + h; up = np.array(f(x), float)
        x[j] = keep - h; down = np.array(f(x), float)
        x[j] = keep
        if J is None: J = np.empty((up.size, x.size))
        J[:, j] = (up - down) / (2 * h)
    return J
@right("linear_jacobian_W", "einsum")
def _(h, W, b): return np.einsum("a,jb->jab", h, np.eye(np.shape(W)[1]))
@right("linear_vjp_W", "column times row")
def _(da, h, W, b): return np.asarray(h)[:, None] * np.asarray(da)[None, :]
@right("chain_jacobians", "multi_dot reversed")
def _(jacobians): return reduce(np.dot, [np.array(J) for J in jacobians[::-1]])
@right("squared_distance_backward", "both terms written out")
def _(x, h): return 2 * x - 2 * h
@right("network_vjp", "rows as matrices")
def _(dy, x, W1, b1, W2, b2):
    X = np.atleast_2d(x); h = 1 / (1 + np.exp(-(X @ W1 + b1))); d = np.atleast_2d(dy)
    dz = d @ W2.T * (h - h ** 2)
    return (dz @ W1.T).ravel(), X.T @ dz, dz.ravel(), h.T @ d, d.ravel().copy()
@right("tanh_backward", "factored")
def _(dy, y): return dy * (1 + y) * (1 - y)
@right("relu_backward", "heaviside")
def _(dy, z): return dy * np.heaviside(z, 0.5)
@right("leaky_relu_backward", "arithmetic")
def _(dy, z, alpha):
    m = (z > 0).astype(float); return dy * m + alpha * dy * (1 - m)
@right("max_pool_backward", "np.add.at")
def _(dy, z, size, stride):
    flat = z.reshape(-1, z.shape[-1]); g = dy.reshape(len(flat), -1); out = np.zeros(flat.shape)
    rows = np.arange(len(flat))
    for k in range(g.shape[1]):
        np.add.at(out, (rows, k * stride + flat[:, k * stride:k * stride + size].argmax(1)), g[:, k])
    return out.reshape(z.shape)
@right("softmax", "through the logarithm")
def _(z):
    z = np.asarray(z, float); z = z - z.max(-1, keepdims=True)
    return np.exp(z - np.log(np.sum(np.exp(z), -1, keepdims=True)))
@right("softmax_backward", "with the Jacobian of each row")
def _(dy, y):
    J = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - y[..., :, None] * y[..., None, :]
    return np.einsum("...i,...ij->...j", dy, J)
@right("softmax_cross_entropy_backward", "one-hot, loop over rows")
def _(z, labels):
    out = []
    for row, label in zip(z, labels):
        e = np.exp(row - row.max()); p = e / e.sum(); p[label] -= 1
        out.append(p / len(z))
    return np.array(out)
@right("sigmoid_mse_backward", "through tanh")
def _(z, d):
    t = np.tanh(np.asarray(z, float) / 2); return ((1 + t) / 2 - d) * (1 - t) * (1 + t) / 4
@right("linear_backward", "einsum")
def _(dz, x, W):
    return np.einsum("nm,dm->nd", dz, W), np.einsum("nd,nm->dm", x, dz), np.einsum("nm->m", dz)
@right("broadcast_backward", "axis by axis from the right")
def _(dy, shape):
    g = dy
    while g.ndim > len(shape): g = g.sum(0)
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] > 1)
    return g.sum(axes, keepdims=True) if axes else g
@right("mlp_forward", "append, clip at 0")
def _(x, weights, biases):
    out = [x]
    for i, (w, b) in enumerate(zip(weights, biases), 1):
        z = np.dot(out[-1], w) + b
        out.append(z.clip(min=0) if i < len(weights) else z)
    return out
@right("binary_loss_and_gradients", "where on the sign")
def _(w, b, x, d):
    z = np.dot(x, w) + b
    loss = (np.maximum(z, 0) - z * d + np.log1p(np.exp(-np.abs(z)))).mean()
    e = (stable(z) - d) / d.size
    return loss, e @ x, e.sum()
@right("sgd_step", "np.subtract")
def _(parameters, gradients, learning_rate):
    new = []
    for p, g in zip(parameters, gradients): new.append(np.subtract(p, np.multiply(learning_rate, g)))
    return new

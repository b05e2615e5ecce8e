"""Student answers written from real mistakes in public threads, before any look at the checker.

``RIGHT`` and ``WRONG`` map an exercise to (label, function[, names that are right, best first[, places]]), see `read`.
They are written as students write, so ruff leaves them alone.
"""
import functools
import itertools
import math
import time
from collections import defaultdict, deque

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
def stable_sigmoid(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))
def smax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True)); return e / e.sum(axis=axis, keepdims=True)
def relu(z): return np.maximum(z, 0)
@wrong("central_difference", "one-sided-difference", label="63 backward difference")
def _(f, x, h=1e-5): return (f(x) - f(x - h)) / h
@wrong("central_difference", "wrong-value", "constant-factor", "wrong-local-derivative", label="58 no parentheses round the difference")
def _(f, x, h=1e-5): return f(x + h) - f(x - h) / (2 * h)
@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value", label="27 cos at x, not x squared")
def _(x): return np.exp(np.sin(x ** 2)) * np.cos(x) * 2 * x
@wrong("exp_sin_square_derivative", "wrong-local-derivative", "wrong-variable", "wrong-value", label="6 exp at the input: exp(x)")
def _(x): return np.exp(x) * np.cos(x ** 2) * 2 * x

@wrong("chain_derivative", "overwritten-gradient", "forgot-chain", "dropped-path", label="1 = instead of *=")
def _(functions, derivatives, x):
    grad = 1.0
    for f, d in zip(functions, derivatives):
        grad = d(x)
        x = f(x)
    return grad
@wrong("chain_derivative", "wrong-variable", "wrong-order", "wrong-value", label="78 x moved on before the slope is taken")
def _(functions, derivatives, x):
    grad = 1.0
    for i in range(len(functions)):
        x = functions[i](x)
        grad *= derivatives[i](x)
    return grad
@wrong("chain_derivative", "wrong-local-derivative", "wrong-value", label="73 value of f in place of the slope")
def _(functions, derivatives, x):
    grad = 1.0
    for f in functions:
        x = f(x)
        grad *= x
    return grad
@wrong("chain_derivative", "forgot-chain", "dropped-path", label="10 first function's slope left out")
def _(functions, derivatives, x):
    grad = 1.0
    for i in range(1, len(functions)):
        x = functions[i - 1](x)
        grad *= derivatives[i](x)
    return grad

@wrong("distributed_derivative", "overwritten-gradient", "dropped-path", label="6 = instead of +=")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner]); out = 0.0
    for p, d in zip(f_partials(z), inner_derivatives): out = p * d(x)
    return out
@wrong("distributed_derivative", "dropped-path", "overwritten-gradient", label="50 return inside the loop")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner]); out = 0.0
    for p, d in zip(f_partials(z), inner_derivatives):
        out += p * d(x)
        return out
@wrong("distributed_derivative", "wrong-variable", "wrong-local-derivative", "wrong-value", label="27 inner slope at z")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return sum(p * d(v) for p, d, v in zip(f_partials(z), inner_derivatives, z))
@wrong("distributed_derivative", "wrong-local-derivative", "wrong-value", label="73 g itself for its slope")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return float(f_partials(z) @ z)
@wrong("distributed_derivative", "wrong-value", label="76 paths multiplied")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return float(np.prod([p * d(x) for p, d in zip(f_partials(z), inner_derivatives)]))
@wrong("distributed_derivative", "wrong-shape", "unsummed-axis", "wrong-type", label="29 paths not added")
def _(f_partials, inner, inner_derivatives, x):
    z = np.array([g(x) for g in inner])
    return np.array([p * d(x) for p, d in zip(f_partials(z), inner_derivatives)])

@wrong("partial_and_total", "wrong-value", "wrong-local-derivative", label="58 parentheses: (fx+fy)*y'")
def _(df_dx, df_dy, y, dy_dx, x):
    p = df_dx(x, y(x)); return p, (p + df_dy(x, y(x))) * dy_dx(x)
@wrong("partial_and_total", "wrong-variable", "wrong-value", label="27 x passed for y")
def _(df_dx, df_dy, y, dy_dx, x):
    p = df_dx(x, x); return p, p + df_dy(x, x) * dy_dx(x)
@wrong("partial_and_total", "wrong-variable", "wrong-value", "wrong-local-derivative", label="80 y' at y(x)")
def _(df_dx, df_dy, y, dy_dx, x):
    v = y(x); p = df_dx(x, v); return p, p + df_dy(x, v) * dy_dx(v)
@wrong("partial_and_total", "wrong-sign", "wrong-value", label="67 minus between the paths")
def _(df_dx, df_dy, y, dy_dx, x):
    p = df_dx(x, y(x)); return p, p - df_dy(x, y(x)) * dy_dx(x)

@wrong("squared_error_node_gradients", "wrong-sign", label="71 t minus output")
def _(x, y, z, t):
    d = 2 * (t - (x * y + z)); return d * y, d * x, d
@wrong("squared_error_node_gradients", "forgot-chain", "missing-upstream", label="10 local derivatives only")
def _(x, y, z, t): return y, x, 1.0
@wrong("squared_error_node_gradients", "forgot-chain", "wrong-local-derivative", label="75 dz = 1, others right")
def _(x, y, z, t):
    d = 2 * (x * y + z - t); return d * y, d * x, 1.0
@wrong("squared_error_node_gradients", "wrong-local-derivative", "forgot-chain", "wrong-value", label="73 square instead of its slope")
def _(x, y, z, t):
    d = (x * y + z - t) ** 2; return d * y, d * x, d
@wrong("add_gate_backward", "wrong-sign", label="67 minus on the second")
def _(dy, a, b): return dy, -dy
@wrong("add_gate_backward", "constant-factor", label="37 split in halves")
def _(dy, a, b): return dy / 2, dy / 2
@wrong("add_gate_backward", "constant-factor", "mutated-input", label="39 doubled in place")
def _(dy, a, b):
    da = dy; db = dy
    da += dy
    return da, db
@wrong("multiply_gate_backward", "missing-upstream", label="24 local only")
def _(dy, a, b): return b, a
@wrong("multiply_gate_backward", "wrong-local-derivative", "wrong-value", "forward-instead-of-backward", label="73 times the product")
def _(dy, a, b): return dy * a * b, dy * a * b
@wrong("multiply_gate_backward", "wrong-local-derivative", "wrong-variable", "swapped-inputs", label="67 both dy*b")
def _(dy, a, b): return dy * b, dy * b
@wrong("max_gate_backward", "wrong-mask", "dropped-path", label="25 nobody gets it at a tie")
def _(dy, a, b): return dy * (a > b), dy * (b > a)
@wrong("max_gate_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 times the larger value")
def _(dy, a, b):
    m = np.maximum(a, b); return dy * m * (a >= b), dy * m * (b > a)
@wrong("max_gate_backward", "truth-of-an-array", "raised-error", label="20 if on arrays")
def _(dy, a, b):
    if a > b: return dy, 0 * dy
    return 0 * dy, dy
@wrong("max_gate_backward", "swapped-inputs", "wrong-mask", label="67 smaller one gets it")
def _(dy, a, b): return dy * (a < b), dy * (b <= a)
@wrong("sigmoid_neuron_backward", "forgot-chain", "missing-upstream", label="79 no sigmoid'")
def _(w, x):
    z = np.dot(w[:2], x) + w[2]
    return sigmoid(z), np.append(x, 1.0), w[:2].copy()
@wrong("sigmoid_neuron_backward", "wrong-local-derivative", "forgot-chain", label="11 1 - sigmoid")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2]); d = 1 - f
    return f, d * np.append(x, 1.0), d * w[:2]
@wrong("sigmoid_neuron_backward", "wrong-shape", label="71 bias gradient left out")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2]); d = f * (1 - f)
    return f, d * x, d * w[:2]
@wrong("sigmoid_neuron_backward", "wrong-value", "dropped-path", "wrong-local-derivative", label="82 bias gradient from the dot product")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2]); d = f * (1 - f)
    return f, d * np.append(x, np.sum(w[:2] * x)), d * w[:2]
@wrong("sigmoid_neuron_backward", "swapped-inputs", "wrong-local-derivative", label="71 weights and inputs mixed up")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2]); d = f * (1 - f)
    return f, d * np.append(w[:2], 1.0), d * x
@wrong("sigmoid_neuron_backward", "wrong-sign", "wrong-value", label="57 exp(+z)")
def _(w, x):
    f = 1 / (1 + np.exp(np.dot(w[:2], x) + w[2])); d = f * (1 - f)
    return f, d * np.append(x, 1.0), d * w[:2]
@wrong("sigmoid_neuron_backward", "wrong-sign", label="57 chain's minus kept: exp(-z) slope")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2]); d = -f * (1 - f)
    return f, d * np.append(x, 1.0), d * w[:2]
@wrong("sigmoid_neuron_backward", "wrong-local-derivative", "wrong-value", "value-instead-of-mask", label="73 f in place of its slope")
def _(w, x):
    f = sigmoid(np.dot(w[:2], x) + w[2])
    return f, f * np.append(x, 1.0), f * w[:2]
@wrong("softplus_graph_backward", "wrong-variable", "wrong-local-derivative", label="28 1/b for both")
def _(x):
    b = np.exp(x); a = 1 + b; return np.log(a), 1 / b, 1 / b, 1 / b * b
@wrong("softplus_graph_backward", "wrong-local-derivative", "wrong-variable", label="60 x * exp(x-1)")
def _(x):
    b = np.exp(x); a = 1 + b; return np.log(a), 1 / a, 1 / a, (1 / a) * x * np.exp(x - 1)

def _frac(x, y):
    s = sigmoid(x); n = x + s; m = s + (x + y) ** 2; return s, n, m
@wrong("fraction_backward", "overwritten-gradient", "dropped-path", label="76 = for a node that branches")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = -n / m ** 2; dq = dm * 2 * (x + y)
    dx = dn; dx = dq; ds = dn; ds = dm; dx += ds * s * (1 - s)
    return n / m, dx, dq
@wrong("fraction_backward", "dropped-path", "overwritten-gradient", label="6 sigmoid path only through the numerator")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = -n / m ** 2; dq = dm * 2 * (x + y)
    return n / m, dn + dq + dn * s * (1 - s), dq
@wrong("fraction_backward", "wrong-value", "wrong-local-derivative", "wrong-sign", label="67 quotient rule with plus")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = n / m ** 2; dq = dm * 2 * (x + y)
    return n / m, dn + dq + (dn + dm) * s * (1 - s), dq
@wrong("fraction_backward", "wrong-variable", "wrong-local-derivative", "wrong-value", label="28 slope of the sigmoid at its output")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = -n / m ** 2; dq = dm * 2 * (x + y); t = sigmoid(s)
    return n / m, dn + dq + (dn + dm) * t * (1 - t), dq
@wrong("fraction_backward", "forgot-chain", "wrong-local-derivative", label="9 power rule without the 2")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = -n / m ** 2; dq = dm * (x + y)
    return n / m, dn + dq + (dn + dm) * s * (1 - s), dq
@wrong("fraction_backward", "swapped-inputs", label="67 dz_dy before dz_dx")
def _(x, y):
    s, n, m = _frac(x, y); dn = 1 / m; dm = -n / m ** 2; dq = dm * 2 * (x + y)
    return n / m, dq, dn + dq + (dn + dm) * s * (1 - s)
@wrong("topological_order", "wrong-order", label="55 children first")
def _(parents):
    out, seen, busy = [], set(), set()
    def go(n):
        if n in busy: raise ValueError("cycle")
        if n in seen: return
        busy.add(n)
        for p in parents.get(n, ()): go(p)
        busy.discard(n); seen.add(n); out.append(n)
    for n in parents: go(n)
    return out[::-1]
@wrong("topological_order", "wrong-order", label="55 breadth first, added before all its parents are")
def _(parents):
    kids = defaultdict(list)
    for n, ps in parents.items():
        for p in ps: kids[p].append(n)
    queue = deque(n for n in parents if not parents[n]); out = []
    while queue:
        n = queue.popleft()
        if n in out: continue
        out.append(n); queue.extend(kids[n])
    if len(out) < len(parents): raise ValueError("cycle")
    return out

def _order(parents):
    out, seen = [], set()
    def go(n):
        if n in seen: return
        seen.add(n)
        for p in parents.get(n, ()): go(p)
        out.append(n)
    for n in parents: go(n)
    return out
@wrong("backpropagate", "overwritten-gradient", "dropped-path", label="6 = instead of +=")
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}; g[output] = 1.0
    for n in reversed(_order(parents)):
        for p in parents[n]: g[p] = g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-value", "wrong-order", label="54 passes its whole gradient on, once for every arrival")
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}; g[output] = 1.0
    def go(n):
        for p in parents[n]:
            g[p] += g[n] * local_derivatives[n, p]; go(p)
    go(output); return g
_grads = defaultdict(float)
@wrong("backpropagate", "wrong-type", "wrong-value", label="7 nodes that do not reach the output are left out")
def _(parents, local_derivatives, output):
    g = {output: 1.0}
    for n in reversed(_order(parents)):
        if n not in g: continue
        for p in parents[n]: g[p] = g.get(p, 0.0) + g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-order", "wrong-value", "dropped-path", label="54 goes through the nodes forward")
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}; g[output] = 1.0
    for n in _order(parents):
        for p in parents[n]: g[p] += g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-value", "wrong-mask", label="7 every node starts at 1")
def _(parents, local_derivatives, output):
    g = {n: 1.0 for n in parents}
    for n in reversed(_order(parents)):
        for p in parents[n]: g[p] += g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-order", "dropped-path", "wrong-value", label="54 order as written down, reversed")
def _(parents, local_derivatives, output):
    g = {n: 0.0 for n in parents}; g[output] = 1.0
    for n in reversed(list(parents)):
        for p in parents[n]: g[p] += g[n] * local_derivatives[n, p]
    return g
@wrong("backpropagate", "wrong-value", "wrong-order", "wrong-mask", label="7 starts from the last node, whatever the output is")
def _(parents, local_derivatives, output):
    order = _order(parents); g = {n: 0.0 for n in parents}; g[order[-1]] = 1.0
    for n in reversed(order):
        for p in parents[n]: g[p] += g[n] * local_derivatives[n, p]
    return g
@wrong("numerical_jacobian", "one-sided-difference", label="63 one-sided")
def _(f, x, h=1e-5):
    f0 = f(x); cols = []
    for i in range(x.size):
        e = np.zeros(x.size); e[i] = h; cols.append((f(x + e) - f0) / h)
    return np.array(cols).T
@wrong("numerical_jacobian", "mutated-input", label="64 x not put back")
def _(f, x, h=1e-5):
    cols = []
    for i in range(x.size):
        x[i] += h; up = np.array(f(x)); x[i] -= 2 * h; down = np.array(f(x))
        cols.append((up - down) / (2 * h))
    return np.array(cols).T
@wrong("numerical_jacobian", "constant-factor", label="61 no 2")
def _(f, x, h=1e-5): return np.array([(f(x + h * e) - f(x - h * e)) / h for e in np.eye(x.size)]).T
@wrong("linear_jacobian_h", "wrong-value", "wrong-local-derivative", "value-instead-of-mask", label="73 times h")
def _(h, W, b): return W.T * h
@wrong("linear_jacobian_h", "forward-instead-of-backward", "wrong-shape", label="73 the value")
def _(h, W, b): return h @ W + b
@wrong("linear_jacobian_W", "wrong-shape", "wrong-value", label="71 outer product")
def _(h, W, b): return np.outer(h, np.ones(W.shape[1]))
@wrong("linear_jacobian_W", "wrong-variable", "wrong-value", "wrong-local-derivative", label="12 W's own entries")
def _(h, W, b): return np.einsum("ab,jb->jab", W, np.eye(W.shape[1]))
@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-value", "forgot-chain", label="75 ones in place of h")
def _(h, W, b): return np.einsum("a,jb->jab", np.ones(h.size), np.eye(W.shape[1]))
@wrong("linear_jacobian_b", "wrong-shape", label="15 diagonal only, as a vector")
def _(h, W, b): return np.ones_like(b)
@wrong("linear_jacobian_b", "wrong-shape", label="82 identity of the input's size")
def _(h, W, b): return np.eye(len(h))

@wrong("linear_vjp_h", "missing-transpose", "raised-error", label="4 da @ W")
def _(da, h, W, b): return da @ W
@wrong("linear_vjp_h", "overwritten-gradient", "dropped-path", label="1 loop overwrites")
def _(da, h, W, b):
    dh = np.zeros_like(h)
    for j in range(da.size): dh = da[j] * W[:, j]
    return dh
@wrong("linear_vjp_W", "wrong-variable", "wrong-local-derivative", "wrong-value", label="12 W in place of h")
def _(da, h, W, b): return W * da
@wrong("linear_vjp_W", "wrong-variable", "wrong-local-derivative", "wrong-value", label="78 output in place of da", places=("missing-upstream",))
def _(da, h, W, b): return np.outer(h, h @ W + b)
@wrong("linear_vjp_W", "averaged-not-summed", "constant-factor", label="3 divided by the number of inputs")
def _(da, h, W, b): return np.outer(h, da) / h.size
@wrong("linear_vjp_b", "missing-upstream", label="29 ones")
def _(da, h, W, b): return np.ones_like(b)
@wrong("linear_vjp_b", "wrong-local-derivative", "value-instead-of-mask", "wrong-value", label="12 times b")
def _(da, h, W, b): return da * b
@wrong("linear_vjp_b", "extra-axis", label="14 keepdims")
def _(da, h, W, b): return da.reshape(1, -1)

@wrong("chain_jacobians", "wrong-order", "raised-error", "missing-transpose", label="10 order of application")
def _(jacobians): return functools.reduce(np.matmul, jacobians)
@wrong("chain_jacobians", "forgot-chain", "dropped-path", label="50 return inside the loop")
def _(jacobians):
    out = jacobians[0]
    for J in jacobians[1:]:
        out = J @ out
        return out
    return out
@wrong("chain_jacobians", "mutated-input", label="20 pops the list")
def _(jacobians):
    out = jacobians.pop(0)
    while jacobians: out = jacobians.pop(0) @ out
    return out
@wrong("chain_jacobians", "matrix-product-for-elementwise", "raised-error", "wrong-value", label="4 elementwise product")
def _(jacobians):
    out = jacobians[0]
    for J in jacobians[1:]: out = np.multiply(J, out)
    return out

@wrong("elementwise_vjp", "wrong-variable", label="80 slope at dy")
def _(dy, derivative, z): return dy * derivative(dy)
@wrong("elementwise_vjp", "missing-upstream", label="24 no dy")
def _(dy, derivative, z): return derivative(z)
@wrong("elementwise_vjp", "forgot-chain", label="75 no slope")
def _(dy, derivative, z): return dy
@wrong("elementwise_vjp", "wrong-local-derivative", "wrong-value", "forgot-chain", label="72 slope times z")
def _(dy, derivative, z): return dy * derivative(z) * z
@wrong("jacobian_from_vjp", "wrong-value", "wrong-shape", "dropped-path", label="62 vjp of ones, in every row")
def _(vjp, x, output_size): return np.array([vjp(np.ones(output_size))] * output_size)
@wrong("jacobian_from_vjp", "overwritten-gradient", "wrong-value", "wrong-mask", label="1 writes each row into row 0")
def _(vjp, x, output_size):
    J = np.zeros((output_size, x.size))
    for e in np.eye(output_size): J[0] = vjp(e)
    return J
@wrong("squared_distance_backward", "constant-factor", label="65 no 2")
def _(x, h): return x - h
@wrong("squared_distance_backward", "wrong-local-derivative", "constant-factor", "wrong-value", label="60 derivative of the distance")
def _(x, h): return (x - h) / np.linalg.norm(x - h)
@wrong("squared_distance_backward", "constant-factor", "averaged-not-summed", "averaged-twice", label="66 mean over the entries")
def _(x, h): return 2 * (x - h) / x.size
@wrong("squared_distance_backward", "wrong-shape", label="83 one number")
def _(x, h): return np.sum(2 * (x - h))
@wrong("squared_distance_backward", "forward-instead-of-backward", label="73 the value")
def _(x, h): return np.sum((x - h) ** 2)
@wrong("numerical_hessian", "dropped-path", "diagonal-jacobian", "wrong-mask", label="15 diagonal only")
def _(f, x, h=1e-4):
    n = x.size; E = np.eye(n) * h
    return np.diag([(f(x + e) - 2 * f(x) + f(x - e)) / h ** 2 for e in E])
@wrong("numerical_hessian", "one-sided-difference", "wrong-value", label="63 one-sided")
def _(f, x, h=1e-4):
    n = x.size; E = np.eye(n) * h
    return np.array([[(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h ** 2 for b in E] for a in E])
@wrong("numerical_hessian", "constant-factor", "wrong-value", label="61 h squared, not 4 h squared")
def _(f, x, h=1e-4):
    n = x.size; E = np.eye(n) * h
    return np.array([[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / h ** 2 for b in E] for a in E])
@wrong("numerical_hessian", "wrong-value", "wrong-shape", label="62 gradient outer gradient")
def _(f, x, h=1e-4):
    g = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in np.eye(x.size) * h]); return np.outer(g, g)
@wrong("sigmoid_backward", "wrong-variable", label="26 sigmoid once more")
def _(dy, y): return dy * sigmoid(y) * (1 - sigmoid(y))
@wrong("sigmoid_backward", "wrong-sign", label="57 y(y-1)")
def _(dy, y): return dy * y * (y - 1)
@wrong("sigmoid_backward", "wrong-local-derivative", "wrong-value", "constant-factor", label="72 slope squared: multiplied twice")
def _(dy, y): return dy * (y * (1 - y)) ** 2
@wrong("sigmoid_backward", "wrong-variable", "wrong-local-derivative", label="28 slope through exp at y")
def _(dy, y): return dy * np.exp(-y) / (1 + np.exp(-y)) ** 2

@wrong("tanh_backward", "wrong-local-derivative", "wrong-sign", "wrong-value", label="56 1 + y squared")
def _(dy, y): return dy * (1 + y ** 2)
@wrong("tanh_backward", "wrong-local-derivative", label="57 1 - y")
def _(dy, y): return dy * (1 - y)
@wrong("tanh_backward", "wrong-local-derivative", label="60 arctan's slope")
def _(dy, y): return dy / (1 + y ** 2)
@wrong("tanh_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 times y")
def _(dy, y): return dy * y
@wrong("tanh_backward", "passed-through", "forgot-chain", label="75 forgotten")
def _(dy, y): return dy

@wrong("softplus_backward", "wrong-local-derivative", "wrong-sign", label="57 1 - sigmoid")
def _(dy, z): return dy * (1 - stable_sigmoid(z))
@wrong("softplus_backward", "wrong-local-derivative", "forgot-chain", label="72 slope of the sigmoid")
def _(dy, z): s = stable_sigmoid(z); return dy * s * (1 - s)
@wrong("softplus_backward", "wrong-local-derivative", "forgot-chain", "not-finite", label="6 exp z only")
def _(dy, z): return dy * np.exp(np.minimum(z, 50))

@wrong("relu_backward", "mutated-input", label="20 in place")
def _(dy, z):
    delta = dy; delta[z <= 0] = 0; return delta
@wrong("relu_backward", "wrong-mask", label="21 negative gradients set to 0")
def _(dy, z): return np.where(dy < 0, 0, dy)
@wrong("relu_backward", "wrong-mask", label="21 both masks")
def _(dy, z): return dy * (z > 0) * (dy > 0)
@wrong("relu_backward", "wrong-mask", label="44 wrong side")
def _(dy, z): return dy * (z < 0)
@wrong("relu_subdifferential", "wrong-value", "wrong-local-derivative", "wrong-mask", label="37 half at the kink, both")
def _(z): d = np.where(z == 0, 0.5, (z > 0) * 1.0); return d, d
@wrong("relu_subdifferential", "wrong-shape", "wrong-type", label="86 two numbers for the whole array")
def _(z): return float(np.min(z > 0)), float(np.max(z >= 0))
@wrong("is_subgradient", "wrong-value", label="85 any in place of all")
def _(v, f, x0, points): return any(f(p) - f(x0) >= v @ (p - x0) - 1e-9 for p in points)
@wrong("is_subgradient", "wrong-value", "dropped-path", "wrong-variable", label="1 forgets x0 on the right")
def _(v, f, x0, points): return all(f(p) - f(x0) >= v @ p - 1e-9 for p in points)
@wrong("is_subgradient", "wrong-value", "wrong-type", label="4 entry by entry, not an inner product")
def _(v, f, x0, points): return all(np.all(f(p) - f(x0) >= v * (p - x0) - 1e-9) for p in points)
@wrong("is_subgradient", "wrong-value", "wrong-local-derivative", label="57 tangent: equality asked")
def _(v, f, x0, points): return all(abs(f(p) - f(x0) - v @ (p - x0)) < 1e-9 for p in points)
@wrong("is_subgradient", "wrong-type", "wrong-shape", label="85 an array of answers")
def _(v, f, x0, points): return np.array([f(p) - f(x0) >= v @ (p - x0) - 1e-9 for p in points])

@wrong("leaky_relu_backward", "unused-parameter", "wrong-local-derivative", "constant-factor", "wrong-value", label="40 slope always 0.01")
def _(dy, z, alpha): return np.where(z > 0, dy, 0.01 * dy)
@wrong("leaky_relu_backward", "swapped-inputs", "wrong-mask", "wrong-local-derivative", label="44 alpha on the right")
def _(dy, z, alpha): return np.where(z > 0, alpha * dy, dy)
@wrong("leaky_relu_backward", "wrong-local-derivative", "wrong-mask", label="44 alpha right, 0 left")
def _(dy, z, alpha): return np.where(z > 0, alpha * dy, 0)
@wrong("leaky_relu_backward", "missing-upstream", label="24 no dy")
def _(dy, z, alpha): return np.where(z > 0, 1.0, alpha)
@wrong("leaky_relu_backward", "value-instead-of-mask", label="73 times the value")
def _(dy, z, alpha): return dy * np.where(z > 0, z, alpha * z)
@wrong("leaky_relu_backward", "mutated-input", label="20 in place")
def _(dy, z, alpha):
    dy[z < 0] *= alpha; return dy
@wrong("leaky_relu_backward", "wrong-sign", "wrong-local-derivative", label="57 minus alpha")
def _(dy, z, alpha): return np.where(z > 0, dy, -alpha * dy)

def _elu(z, alpha): return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
@wrong("elu_backward", "wrong-variable", "wrong-local-derivative", label="45 z + alpha")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, z + alpha)
@wrong("elu_backward", "wrong-local-derivative", "constant-factor", label="40 alpha missing")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, np.exp(np.minimum(z, 0)))
@wrong("elu_backward", "wrong-local-derivative", "value-instead-of-mask", label="46 value on the left")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, _elu(z, alpha))
@wrong("elu_backward", "value-instead-of-mask", label="73 value on both sides")
def _(dy, z, alpha): return dy * _elu(z, alpha)
@wrong("elu_backward", "missing-upstream", label="24 no dy")
def _(dy, z, alpha): return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))
@wrong("elu_backward", "wrong-local-derivative", "wrong-value", label="46 elu + 1")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, _elu(z, alpha) + 1)

@wrong("prelu_backward", "wrong-mask", "wrong-local-derivative", label="52 dalpha masked by the output")
def _(dy, z, alpha):
    y = np.where(z > 0, z, alpha * z)
    return np.where(z > 0, dy, alpha * dy), float(np.sum(dy * z * (y <= 0)))
@wrong("prelu_backward", "unsummed-axis", "wrong-shape", label="53 dalpha not summed")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), dy * z * (z <= 0)
@wrong("prelu_backward", "averaged-not-summed", label="29 dalpha averaged")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.mean(dy * z * (z <= 0))
@wrong("prelu_backward", "wrong-mask", label="52 dalpha over all entries")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.sum(dy * z)
@wrong("prelu_backward", "wrong-mask", label="44 dalpha on the right side")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.sum(dy * relu(z))
@wrong("prelu_backward", "averaged-not-summed", "constant-factor", label="66 dalpha divided by the batch")
def _(dy, z, alpha): return np.where(z > 0, dy, alpha * dy), np.sum(dy * np.minimum(z, 0)) / z.shape[0]

@wrong("rrelu_backward", "stale-state", "wrong-local-derivative", label="7 draws new slopes")
def _(dy, z, slopes): return np.where(z > 0, dy, dy * np.random.uniform(0.1, 0.3, z.shape))
@wrong("rrelu_backward", "wrong-mask", label="42 slopes everywhere")
def _(dy, z, slopes): return dy * slopes
@wrong("rrelu_backward", "swapped-inputs", "wrong-mask", "wrong-local-derivative", label="44 slopes on the right")
def _(dy, z, slopes): return np.where(z > 0, dy * slopes, dy)
@wrong("rrelu_backward", "dropped-path", "wrong-mask", label="40 zero on the left")
def _(dy, z, slopes): return dy * (z > 0)
@wrong("rrelu_backward", "mutated-input", label="20 changes the slopes")
def _(dy, z, slopes):
    slopes[z > 0] = 1; return dy * slopes
@wrong("rrelu_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 times the value")
def _(dy, z, slopes): return dy * np.where(z > 0, z, slopes * z)

def _mx(x, W, b):
    a = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]; return a, a.argmax(0)
@wrong("maxout_backward", "wrong-mask", "missing-upstream", label="50 every piece gets the gradient")
def _(dy, x, W, b):
    d = np.broadcast_to(dy, (len(W),) + dy.shape)
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(1)
@wrong("maxout_backward", "overwritten-gradient", "dropped-path", label="6 dx = for every piece")
def _(dy, x, W, b):
    a, k = _mx(x, W, b); dW = np.zeros_like(W); db = np.zeros_like(b)
    for i in range(len(W)):
        d = dy * (k == i); dx = d @ W[i].T; dW[i] = x.T @ d; db[i] = d.sum(0)
    return dx, dW, db
@wrong("maxout_backward", "wrong-axis", "wrong-value", label="34 best unit in place of the best piece", places=("wrong-mask",))
def _(dy, x, W, b):
    a, _k = _mx(x, W, b); d = (a == a.max(axis=2, keepdims=True)) * dy
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(1)
@wrong("maxout_backward", "wrong-mask", "dropped-path", "wrong-value", label="82 bias left out of the winner", places=("unused-parameter",))
def _(dy, x, W, b):
    a, k = _mx(x, W, 0 * b); d = (np.arange(len(W))[:, None, None] == k) * dy
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(1)
@wrong("maxout_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 times the maximum")
def _(dy, x, W, b):
    a, k = _mx(x, W, b); d = (np.arange(len(W))[:, None, None] == k) * a.max(0) * dy
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(1)
@wrong("maxout_backward", "wrong-mask", "wrong-value", label="23 relu's mask on the pieces")
def _(dy, x, W, b):
    a, k = _mx(x, W, b); d = (a > 0) * dy
    return np.einsum("knm,kdm->nd", d, W), np.einsum("nd,knm->kdm", x, d), d.sum(1)
@wrong("max_backward", "wrong-axis", "wrong-mask", label="34 maximum of the whole array")
def _(dy, z): return np.expand_dims(dy, -1) * (z == z.max())
@wrong("max_backward", "missing-upstream", label="24 ones")
def _(dy, z):
    out = np.zeros(z.shape); np.put_along_axis(out, z.argmax(-1)[..., None], 1.0, -1); return out
@wrong("max_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 the maximum itself")
def _(dy, z):
    out = np.zeros(z.shape); i = z.argmax(-1)[..., None]
    np.put_along_axis(out, i, np.take_along_axis(z, i, -1) * dy[..., None], -1); return out
@wrong("max_backward", "wrong-mask", label="86 spread over all entries")
def _(dy, z): return np.broadcast_to(np.expand_dims(dy, -1) / z.shape[-1], z.shape).copy()
@wrong("max_backward", "first-row-only", "wrong-mask", "wrong-value", label="51 winner of the last row for all")
def _(dy, z):
    f = z.reshape(-1, z.shape[-1]); out = np.zeros(f.shape); out[:, f[-1].argmax()] = np.ravel(dy); return out.reshape(z.shape)
@wrong("max_backward", "wrong-shape", "raised-error", "forward-instead-of-backward", label="53 shape of dy")
def _(dy, z): return dy * z.max(-1)
@wrong("max_backward", "wrong-mask", label="23 entries greater than 0")
def _(dy, z): return np.expand_dims(dy, -1) * (z > 0)
@wrong("max_backward", "wrong-mask", label="41 tied entries get nothing")
def _(dy, z):
    m = z == z.max(-1, keepdims=True); return np.expand_dims(dy, -1) * m * (m.sum(-1, keepdims=True) == 1)

def _pool(dy, z, size, stride, write):
    zz = z.reshape(-1, z.shape[-1]); gg = dy.reshape(len(zz), -1); out = np.zeros(zz.shape)
    for r in range(len(zz)):
        for i in range(gg.shape[1]): write(out[r], i * stride, zz[r, i * stride:i * stride + size], gg[r, i])
    return out.reshape(z.shape)
@wrong("max_pool_backward", "overwritten-gradient", label="50 = in overlapping windows")
def _(dy, z, size, stride):
    def put(o, s, w, g): o[s + w.argmax()] = g
    return _pool(dy, z, size, stride, put)
@wrong("max_pool_backward", "overwritten-gradient", "wrong-value", label="50 whole window written: zeros erase")
def _(dy, z, size, stride):
    def put(o, s, w, g):
        t = np.zeros(len(w)); t[w.argmax()] = g; o[s:s + len(w)] = t
    return _pool(dy, z, size, stride, put)
@wrong("max_pool_backward", "wrong-value", "wrong-mask", label="51 last window's winner used for all")
def _(dy, z, size, stride):
    zz = z.reshape(-1, z.shape[-1]); gg = dy.reshape(len(zz), -1); out = np.zeros(zz.shape); n = gg.shape[1]
    for r in range(len(zz)):
        k = zz[r, (n - 1) * stride:(n - 1) * stride + size].argmax()
        for i in range(n): out[r, i * stride + k] += gg[r, i]
    return out.reshape(z.shape)
@wrong("max_pool_backward", "missing-upstream", label="24 ones")
def _(dy, z, size, stride):
    def put(o, s, w, g): o[s + w.argmax()] += 1
    return _pool(dy, z, size, stride, put)
@wrong("max_pool_backward", "wrong-mask", "wrong-local-derivative", label="86 average pooling")
def _(dy, z, size, stride):
    def put(o, s, w, g): o[s:s + len(w)] += g / len(w)
    return _pool(dy, z, size, stride, put)
@wrong("max_pool_backward", "wrong-value", "wrong-axis", "wrong-mask", label="34 one maximum per row")
def _(dy, z, size, stride):
    zz = z.reshape(-1, z.shape[-1]); gg = dy.reshape(len(zz), -1); out = np.zeros(zz.shape)
    for r in range(len(zz)): out[r, zz[r].argmax()] = gg[r].sum()
    return out.reshape(z.shape)
@wrong("softmax", "not-finite", label="84 no shift")
def _(z): return np.exp(z) / np.exp(z).sum(-1, keepdims=True)
@wrong("softmax", "wrong-axis", label="34 axis 0")
def _(z): return smax(z, 0)
@wrong("softmax", "wrong-axis", "wrong-value", label="83 sum of the whole array")
def _(z):
    e = np.exp(z - z.max(-1, keepdims=True)); return e / e.sum()
@wrong("softmax", "wrong-value", "wrong-local-derivative", "forgot-chain", label="75 not normalised")
def _(z): return np.exp(z - z.max(-1, keepdims=True))
@wrong("softmax", "wrong-value", label="17 sigmoid, entry by entry")
def _(z): return stable_sigmoid(z)
@wrong("softmax", "wrong-value", "wrong-sign", label="57 exp(-z)")
def _(z): return smax(-z)
@wrong("softmax", "lost-precision", "wrong-value", label="84 clipped logits")
def _(z): return smax(np.clip(z, -30, 30))
@wrong("softmax", "lost-precision", "wrong-value", label="38 rounded")
def _(z): return np.round(smax(z), 4)

@wrong("log_softmax", "not-finite", label="84 log of softmax")
def _(z): return np.log(smax(z))
@wrong("log_softmax", "wrong-value", "not-finite", label="84 log(softmax + eps)")
def _(z): return np.log(smax(z) + 1e-12)
@wrong("log_softmax", "not-finite", label="84 no shift")
def _(z): return z - np.log(np.exp(z).sum(-1, keepdims=True))
@wrong("log_softmax", "wrong-axis", label="34 axis 0")
def _(z):
    s = z - z.max(0, keepdims=True); return s - np.log(np.exp(s).sum(0, keepdims=True))
@wrong("log_softmax", "wrong-axis", "wrong-value", label="83 sum of the whole array")
def _(z):
    s = z - z.max(); return s - np.log(np.exp(s).sum())
@wrong("log_softmax", "wrong-sign", label="57 minus: the loss")
def _(z):
    s = z - z.max(-1, keepdims=True); return np.log(np.exp(s).sum(-1, keepdims=True)) - s
@wrong("log_softmax", "wrong-value", "wrong-local-derivative", label="75 softmax, no log")
def _(z): return smax(z)
@wrong("log_softmax", "not-finite", label="34 maximum of the whole array")
def _(z):
    s = z - z.max(); return s - np.log(np.exp(s).sum(-1, keepdims=True))
@wrong("log_softmax", "wrong-value", label="1 maximum not given back: z - logsum of the shifted")
def _(z):
    m = z.max(-1, keepdims=True); return z - np.log(np.exp(z - m).sum(-1, keepdims=True))

@wrong("softmax_jacobian", "dropped-path", "diagonal-jacobian", "wrong-mask", label="15 diagonal only")
def _(y): return np.diag(y * (1 - y))
@wrong("softmax_jacobian", "dropped-path", label="2 -outer without the diagonal")
def _(y): return -np.outer(y, y)
@wrong("softmax_jacobian", "wrong-value", "wrong-local-derivative", "wrong-axis", label="4 no outer product: diag(y) - y*y")
def _(y): return np.diag(y) - y * y
@wrong("softmax_jacobian", "wrong-local-derivative", "wrong-value", label="16 1 - y on the diagonal")
def _(y):
    J = -np.outer(y, y); np.fill_diagonal(J, 1 - y); return J
@wrong("softmax_jacobian", "wrong-variable", "wrong-local-derivative", "wrong-value", label="26 softmax once more")
def _(y): p = smax(y); return np.diag(p) - np.outer(p, p)
@wrong("softmax_jacobian", "overwritten-gradient", "dropped-path", "wrong-mask", label="1 loop writes one row only")
def _(y):
    J = np.zeros((y.size, y.size))
    for i in range(y.size):
        for j in range(y.size): J[0, j] = y[i] * ((i == j) - y[j])
    return J

@wrong("softmax_backward", "diagonal-jacobian", label="15 y(1-y)")
def _(dy, y): return dy * y * (1 - y)
@wrong("softmax_backward", "wrong-axis", label="34 sum over axis 0")
def _(dy, y): return y * (dy - (dy * y).sum(0, keepdims=True))
@wrong("softmax_backward", "wrong-axis", label="83 sum over the whole array")
def _(dy, y): return y * (dy - (dy * y).sum())
@wrong("softmax_backward", "raised-error", "broadcast-blow-up", "wrong-axis", label="14 no keepdims")
def _(dy, y): return y * (dy - (dy * y).sum(-1))
@wrong("softmax_backward", "wrong-value", "dropped-path", "wrong-local-derivative", label="58 parentheses: y*dy - sum")
def _(dy, y): return y * dy - (y * dy).sum(-1, keepdims=True)
@wrong("softmax_backward", "wrong-sign", label="57 sign")
def _(dy, y): return y * ((dy * y).sum(-1, keepdims=True) - dy)
@wrong("softmax_backward", "wrong-value", "wrong-local-derivative", label="17 y - dy")
def _(dy, y): return y - dy
@wrong("softmax_backward", "first-row-only", "wrong-value", "wrong-variable", label="10 jacobian of the first row for all")
def _(dy, y):
    v = y.reshape(-1, y.shape[-1])[0]; return dy @ (np.diag(v) - np.outer(v, v))

@wrong("log_softmax_backward", "diagonal-jacobian", "dropped-path", label="19 diagonal only")
def _(dy, y): return dy * (1 - np.exp(y))
@wrong("log_softmax_backward", "dropped-path", "wrong-value", "missing-upstream", label="19 dy - exp(y), sum missing")
def _(dy, y): return dy - np.exp(y)
@wrong("log_softmax_backward", "wrong-axis", label="83 sum over all")
def _(dy, y): return dy - np.exp(y) * dy.sum()
@wrong("log_softmax_backward", "dropped-path", label="6 first path only")
def _(dy, y): return dy
@wrong("squared_error_backward", "wrong-sign", "swapped-inputs", label="71 y - f first")
def _(f, y): return y - f, f - y
@wrong("squared_error_backward", "wrong-shape", label="83 sums")
def _(f, y): return np.sum(f - y), np.sum(y - f)
@wrong("squared_error_backward", "constant-factor", label="65 half on the second only")
def _(f, y): return f - y, (y - f) / 2
@wrong("squared_error_backward", "wrong-local-derivative", "forward-instead-of-backward", "wrong-value", label="73 squares")
def _(f, y): return (f - y) ** 2 / 2, -(f - y) ** 2 / 2
@wrong("squared_error_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="66 divided by the batch")
def _(f, y): return (f - y) / f.shape[0], (y - f) / f.shape[0]

@wrong("kl_divergence_backward", "wrong-sign", label="68 sign")
def _(y, d): return d / y
@wrong("kl_divergence_backward", "forgot-chain", "wrong-local-derivative", "dropped-path", label="9 -1/y: factor d lost")
def _(y, d): return -1 / y
@wrong("kl_divergence_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="66 mean")
def _(y, d): return -d / y / y.size
@wrong("kl_divergence_backward", "swapped-inputs", "wrong-local-derivative", "wrong-variable", label="32 -y/d")
def _(y, d): return -y / d
@wrong("kl_divergence_backward", "wrong-value", "wrong-local-derivative", "dropped-path", label="68 1 - d/y")
def _(y, d): return 1 - d / y
@wrong("kl_divergence_backward", "wrong-value", "wrong-local-derivative", label="68 binary: -d/y + (1-d)/(1-y)")
def _(y, d): return -d / y + (1 - d) / (1 - y)

@wrong("cross_entropy_backward", "not-averaged", label="9 no 1/N")
def _(p, labels):
    dp = np.zeros_like(p); i = np.arange(len(p)); dp[i, labels] = -1 / p[i, labels]; return dp
@wrong("cross_entropy_backward", "wrong-local-derivative", "forward-instead-of-backward", "wrong-value", label="73 log in place of its slope")
def _(p, labels): return -np.eye(p.shape[1])[labels] * np.log(p) / len(p)

@wrong("softmax_cross_entropy_backward", "wrong-local-derivative", "wrong-value", "diagonal-jacobian", label="18 a(1-a) on top")
def _(z, labels):
    p = smax(z); return (p - np.eye(z.shape[1])[labels]) * p * (1 - p) / len(z)
@wrong("softmax_cross_entropy_backward", "averaged-twice", label="66 all entries")
def _(z, labels): return (smax(z) - np.eye(z.shape[1])[labels]) / z.size
@wrong("softmax_cross_entropy_backward", "not-finite", label="34 maximum of the whole array")
def _(z, labels):
    e = np.exp(z - z.max()); p = e / e.sum(1, keepdims=True); return (p - np.eye(z.shape[1])[labels]) / len(z)
@wrong("softmax_cross_entropy_backward", "not-finite", label="84 no shift")
def _(z, labels):
    e = np.exp(z); p = e / e.sum(1, keepdims=True); return (p - np.eye(z.shape[1])[labels]) / len(z)
@wrong("softmax_cross_entropy_backward", "forgot-chain", "wrong-variable", "wrong-value", label="10 no softmax")
def _(z, labels): return (z - np.eye(z.shape[1])[labels]) / len(z)
@wrong("softmax_cross_entropy_backward", "wrong-axis", label="34 softmax over the batch")
def _(z, labels): return (smax(z, 0) - np.eye(z.shape[1])[labels]) / len(z)
@wrong("softmax_cross_entropy_backward", "not-averaged", label="9 no 1/N")
def _(z, labels): return smax(z) - np.eye(z.shape[1])[labels]
@wrong("softmax_cross_entropy_backward", "wrong-sign", label="71 onehot - p")
def _(z, labels): return (np.eye(z.shape[1])[labels] - smax(z)) / len(z)
@wrong("softmax_cross_entropy_backward", "first-row-only", "wrong-value", "wrong-mask", label="33 row 0 only gets the -1")
def _(z, labels):
    p = smax(z); p[0, labels[0]] -= 1; return p / len(z)
@wrong("softmax_cross_entropy_backward", "wrong-value", "wrong-local-derivative", label="17 sigmoid in place of softmax")
def _(z, labels): return (stable_sigmoid(z) - np.eye(z.shape[1])[labels]) / len(z)
@wrong("sigmoid_mse_backward", "constant-factor", label="65 2")
def _(z, d): s = stable_sigmoid(z); return 2 * (s - d) * s * (1 - s)
@wrong("sigmoid_mse_backward", "wrong-local-derivative", "forgot-chain", label="11 1 - s")
def _(z, d): s = stable_sigmoid(z); return (s - d) * (1 - s)
@wrong("sigmoid_mse_backward", "wrong-local-derivative", "wrong-value", label="56 tanh's slope")
def _(z, d): s = stable_sigmoid(z); return (s - d) * (1 - s ** 2)
@wrong("sigmoid_mse_backward", "wrong-value", "wrong-local-derivative", label="58 s - d*s*(1-s)")
def _(z, d): s = stable_sigmoid(z); return s - d * s * (1 - s)

@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "wrong-value", label="72 sigmoid' on top")
def _(z, d): s = stable_sigmoid(z); return (s - d) * s * (1 - s)
@wrong("sigmoid_cross_entropy_backward", "forgot-chain", "wrong-variable", "not-finite", label="10 derivative by s only")
def _(z, d): s = stable_sigmoid(z); return -d / s + (1 - d) / (1 - s)
@wrong("sigmoid_cross_entropy_backward", "averaged-not-summed", "averaged-twice", "constant-factor", label="70 divided by the size")
def _(z, d): return (stable_sigmoid(z) - d) / np.size(z)
@wrong("sigmoid_cross_entropy_backward", "wrong-sign", label="71 d - s")
def _(z, d): return d - stable_sigmoid(z)
@wrong("sigmoid_cross_entropy_backward", "not-finite", label="84 exp(z)/(1+exp(z))")
def _(z, d): e = np.exp(z); return e / (1 + e) - d
@wrong("sigmoid_cross_entropy_backward", "wrong-sign", "wrong-value", label="57 exp(+z): sigmoid mirrored")
def _(z, d): return stable_sigmoid(-z) - d
@wrong("sigmoid_cross_entropy_backward", "wrong-value", "wrong-local-derivative", label="68 brackets wrong", places=("wrong-sign",))
def _(z, d): s = stable_sigmoid(z); return -(d * (1 - s) + (1 - d) * s)

# ================================================================ 06
@wrong("extended_layer_backward", "wrong-shape", label="10 bias row kept in dy_prev")
def _(dz, y_prev, w): return w @ dz, np.outer(np.append(1.0, y_prev), dz)
@wrong("extended_layer_backward", "wrong-value", "wrong-order", label="10 the 1 at the end")
def _(dz, y_prev, w): return w[1:] @ dz, np.outer(np.append(y_prev, 1.0), dz)
@wrong("extended_layer_backward", "dropped-path", "wrong-mask", "wrong-value", label="82 bias row 0")
def _(dz, y_prev, w): return w[1:] @ dz, np.outer(np.append(0.0, y_prev), dz)

@wrong("linear_backward", "unsummed-axis", label="29 db = dz")
def _(dz, x, W): return dz @ W.T, x.T @ dz, dz
@wrong("linear_backward", "missing-transpose", "raised-error", label="4 dz @ W")
def _(dz, x, W): return dz @ W, x.T @ dz, dz.sum(0)
@wrong("linear_backward", "matrix-product-for-elementwise", "raised-error", "missing-transpose", label="13 elementwise")
def _(dz, x, W): return dz * W.T, x.T * dz, dz.sum(0)
@wrong("linear_backward", "transposed", label="85 dW = dz.T @ x")
def _(dz, x, W): return dz @ W.T, dz.T @ x, dz.sum(0)
@wrong("linear_backward", "overwritten-gradient", "dropped-path", label="6 dW = in a loop over rows")
def _(dz, x, W):
    for a, g in zip(x, dz): dW = np.outer(a, g); db = g
    return dz @ W.T, dW, db

@wrong("broadcast_backward", "unsummed-axis", label="29 leading axes only")
def _(dy, shape):
    while dy.ndim > len(shape): dy = dy.sum(axis=0)
    return dy
@wrong("broadcast_backward", "averaged-not-summed", label="81 mean")
def _(dy, shape):
    lead = dy.ndim - len(shape); out = dy.mean(axis=tuple(range(lead)))
    for i, n in enumerate(shape):
        if n == 1: out = out.mean(axis=i, keepdims=True)
    return out
@wrong("broadcast_backward", "wrong-value", "wrong-mask", "dropped-path", label="85 first slice in place of the sum")
def _(dy, shape):
    out = dy
    while out.ndim > len(shape): out = out[0]
    for i, n in enumerate(shape):
        if n == 1: out = np.take(out, [0], axis=i)
    return out
@wrong("broadcast_backward", "wrong-value", "wrong-axis", "raised-error", label="85 reshape in place of a sum")
def _(dy, shape): return np.resize(dy, shape)
@wrong("broadcast_backward", "wrong-value", "wrong-axis", label="30 sums one axis too many, broadcast back")
def _(dy, shape):
    lead = dy.ndim - len(shape); out = dy.sum(axis=tuple(range(lead)))
    for i, n in enumerate(shape):
        if n == 1: out = out.sum(axis=i, keepdims=True)
    return np.broadcast_to(out.sum(axis=-1, keepdims=True), shape).copy() if len(shape) else out
@wrong("broadcast_backward", "missing-upstream", label="22 counts of the copies")
def _(dy, shape): return np.full(shape, dy.size / max(1, int(np.prod(shape))))

@wrong("multiply_backward", "swapped-inputs", label="6 own value")
def _(dy, a, b): return dy * a, dy * b
@wrong("multiply_backward", "matrix-product-for-elementwise", "raised-error", "wrong-value", "wrong-shape", label="13 matrix product")
def _(dy, a, b): return dy @ b.T, a.T @ dy
@wrong("multiply_backward", "missing-upstream", label="24 local only")
def _(dy, a, b): return b, a
@wrong("multiply_backward", "wrong-sign", label="57 minus on the second")
def _(dy, a, b): return dy * b, -dy * a
@wrong("multiply_backward", "wrong-local-derivative", "wrong-value", "forward-instead-of-backward", label="73 with the product")
def _(dy, a, b): y = a * b; return dy * y, dy * y
@wrong("multiply_backward", "mutated-input", label="20 dy *= b first, then dy * a")
def _(dy, a, b):
    db = dy * a; dy *= b; return dy, db
@wrong("pairwise_product_backward", "wrong-order", "wrong-value", "wrong-variable", label="58 halves in place of neighbours")
def _(dy, z):
    n = z.shape[-1] // 2; return np.concatenate([dy * z[..., n:], dy * z[..., :n]], axis=-1)
@wrong("pairwise_product_backward", "wrong-order", "wrong-value", label="85 dy tiled, not repeated")
def _(dy, z):
    s = z.reshape(z.shape[:-1] + (-1, 2))[..., ::-1].reshape(z.shape); return np.concatenate([dy, dy], axis=-1) * s
@wrong("pairwise_product_backward", "wrong-axis", "wrong-value", "wrong-order", label="34 flipped along the whole row")
def _(dy, z): return np.repeat(dy, 2, axis=-1) * z[..., ::-1]
@wrong("gated_unit_backward", "wrong-local-derivative", "forgot-chain", "value-instead-of-mask", label="73 sigmoid in place of its slope")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * t * s, dy * s * (1 - t * t)
@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative", label="74 tanh of the tanh")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * t * s * (1 - s), dy * s * (1 - np.tanh(t) ** 2)
@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative", label="12 tanh' with c")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * t * s * (1 - s), dy * s * (1 - c * c)
@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative", "forgot-chain", label="75 c in place of tanh(c) in dg")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * c * s * (1 - s), dy * s * (1 - t * t)
@wrong("gated_unit_backward", "forgot-chain", "dropped-path", "wrong-local-derivative", label="10 the other factor forgotten")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * s * (1 - s), dy * (1 - t * t)
@wrong("gated_unit_backward", "missing-upstream", label="24 no dy")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return t * s * (1 - s), s * (1 - t * t)
@wrong("gated_unit_backward", "wrong-value", "wrong-local-derivative", label="58 1 - t*t*dy")
def _(dy, g, c): s, t = sigmoid(g), np.tanh(c); return dy * t * s * (1 - s), s * (1 - t * t * dy)
@wrong("mlp_forward", "wrong-value", "forgot-chain", "dropped-path", label="75 no relu at all")
def _(x, weights, biases):
    out = [x]
    for W, b in zip(weights, biases): out.append(out[-1] @ W + b)
    return out
@wrong("mlp_forward", "wrong-type", label="9 x not in the list")
def _(x, weights, biases):
    out = []
    for i, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if i < len(weights) - 1: x = relu(x)
        out.append(x)
    return out
@wrong("mlp_forward", "wrong-type", label="9 only the output")
def _(x, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1]): x = relu(x @ W + b)
    return x @ weights[-1] + biases[-1]
@wrong("mlp_forward", "wrong-value", "dropped-path", label="82 biases left out")
def _(x, weights, biases):
    out = [x]
    for W in weights[:-1]: out.append(relu(out[-1] @ W))
    return out + [out[-1] @ weights[-1]]

def _mlp(dy, A, Ws, mask=lambda a: a > 0, db=lambda d: d.sum(0), pull=lambda d, W: d @ W.T, dw=lambda a, d: a.T @ d):
    dWs, dbs = [], []
    for i in reversed(range(len(Ws))):
        dWs.insert(0, dw(A[i], dy)); dbs.insert(0, db(dy)); dy = pull(dy, Ws[i])
        if i: dy = dy * mask(A[i])
    return dy, dWs, dbs
@wrong("mlp_backward", "value-instead-of-mask", "wrong-local-derivative", label="73 times the activation")
def _(dy, activations, weights): return _mlp(dy, activations, weights, mask=lambda a: a)
@wrong("mlp_backward", "averaged-not-summed", label="81 db mean")
def _(dy, activations, weights): return _mlp(dy, activations, weights, db=lambda d: d.mean(0))
@wrong("mlp_backward", "raised-error", "missing-transpose", label="4 d @ W")
def _(dy, activations, weights): return _mlp(dy, activations, weights, pull=lambda d, W: d @ W)
@wrong("mlp_backward", "wrong-local-derivative", "wrong-mask", "wrong-value", label="18 a(1-a)")
def _(dy, activations, weights): return _mlp(dy, activations, weights, mask=lambda a: a * (1 - a))
@wrong("mlp_backward", "wrong-mask", "forgot-chain", "wrong-variable", label="21 mask from the gradient's sign")
def _(dy, activations, weights):
    dWs, dbs = [], []
    for i in reversed(range(len(weights))):
        dWs.insert(0, activations[i].T @ dy); dbs.insert(0, dy.sum(0)); dy = dy @ weights[i].T
        if i: dy = dy * (dy > 0)
    return dy, dWs, dbs
@wrong("mlp_backward", "mutated-input", label="78 weights moved before the pull")
def _(dy, activations, weights):
    dWs, dbs = [], []
    for i in reversed(range(len(weights))):
        g = activations[i].T @ dy; dWs.insert(0, g); dbs.insert(0, dy.sum(0)); weights[i] -= 0.01 * g; dy = dy @ weights[i].T
        if i: dy = dy * (activations[i] > 0)
    return dy, dWs, dbs
@wrong("mlp_backward", "extra-axis", label="14 keepdims")
def _(dy, activations, weights): return _mlp(dy, activations, weights, db=lambda d: d.sum(0, keepdims=True))
@wrong("mlp_backward", "wrong-order", "wrong-variable", "raised-error", label="78 mask one layer off", places=("wrong-mask",))
def _(dy, activations, weights):
    dWs, dbs = [], []
    for i in reversed(range(len(weights))):
        if i < len(weights) - 1: dy = dy * (activations[i] > 0) if activations[i].shape == dy.shape else dy
        dWs.insert(0, activations[i].T @ dy); dbs.insert(0, dy.sum(0)); dy = dy @ weights[i].T
    return dy, dWs, dbs
@wrong("mlp_backward", "missing-upstream", "wrong-value", label="5 starts from the output, not dy")
def _(dy, activations, weights): return _mlp(activations[-1], activations, weights)

@wrong("shared_weight_backward", "dropped-path", "overwritten-gradient", label="6 w1 only directly")
def _(dx3, jacobians):
    J = jacobians; return dx3 @ J["x3", "w1"], dx3 @ J["x3", "x2"] @ J["x2", "w2"]
@wrong("shared_weight_backward", "dropped-path", "overwritten-gradient", label="76 x1 reaches x3 directly only")
def _(dx3, jacobians):
    J = jacobians; return dx3 @ J["x3", "w1"] + dx3 @ J["x3", "x1"] @ J["x1", "w1"], dx3 @ J["x3", "x2"] @ J["x2", "w2"]
@wrong("shared_weight_backward", "averaged-not-summed", "constant-factor", label="29 mean of both uses")
def _(dx3, jacobians):
    J = jacobians; d2 = dx3 @ J["x3", "x2"]; d1 = dx3 @ J["x3", "x1"] + d2 @ J["x2", "x1"]
    return (dx3 @ J["x3", "w1"] + d1 @ J["x1", "w1"]) / 2, d2 @ J["x2", "w2"]
@wrong("shared_weight_backward", "wrong-type", label="39 two gradients for w1")
def _(dx3, jacobians):
    J = jacobians; d2 = dx3 @ J["x3", "x2"]; d1 = dx3 @ J["x3", "x1"] + d2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"], d2 @ J["x2", "w2"], d1 @ J["x1", "w1"]
@wrong("shared_weight_backward", "forgot-chain", "missing-upstream", "dropped-path", label="10 dw2 without the way through x3")
def _(dx3, jacobians):
    J = jacobians; d2 = dx3 @ J["x3", "x2"]; d1 = dx3 @ J["x3", "x1"] + d2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"] + d1 @ J["x1", "w1"], np.ones(len(J["x2", "w2"])) @ J["x2", "w2"]
@wrong("shared_weight_backward", "wrong-value", "overwritten-gradient", "dropped-path", label="54 direct path counted twice")
def _(dx3, jacobians):
    J = jacobians; d2 = dx3 @ J["x3", "x2"]; d1 = dx3 @ J["x3", "x1"]; dw1 = dx3 @ J["x3", "w1"] + d1 @ J["x1", "w1"]
    d1 = d1 + d2 @ J["x2", "x1"]; dw1 = dw1 + d1 @ J["x1", "w1"]
    return dw1, d2 @ J["x2", "w2"]
@wrong("activation_memory", "wrong-value", "constant-factor", label="40 always 8 bytes")
def _(batch, widths, itemsize=8): return batch * sum(widths[:-1]) * 8
@wrong("activation_memory", "wrong-value", label="51 widest layer only")
def _(batch, widths, itemsize=8): return batch * max(widths[:-1]) * itemsize

# ================================================================ 07
def _bl(w, b, x, d):
    p = stable_sigmoid(x @ w + b); e = 1e-300
    return -np.mean(d * np.log(p + e) + (1 - d) * np.log(1 - p + e)), p
def _bl2(w, b, x, d):
    z = x @ w + b; return np.mean(np.logaddexp(0, z) - d * z), stable_sigmoid(z)
@wrong("binary_loss_and_gradients", "not-averaged", label="3 no 1/m in the gradients")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = p - d; return L, x.T @ g, g.sum()
@wrong("binary_loss_and_gradients", "wrong-local-derivative", "wrong-value", label="72 sigmoid' on top")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = (p - d) * p * (1 - p) / len(d); return L, x.T @ g, g.sum()
@wrong("binary_loss_and_gradients", "wrong-value", "dropped-path", label="68 loss: positive class only")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = (p - d) / len(d); return np.mean(d * np.logaddexp(0, -(x @ w + b))), x.T @ g, g.sum()
@wrong("binary_loss_and_gradients", "wrong-sign", label="57 loss without its minus")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = (p - d) / len(d); return -L, x.T @ g, g.sum()
@wrong("binary_loss_and_gradients", "not-averaged", "constant-factor", label="9 loss summed")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = (p - d) / len(d); return L * len(d), x.T @ g, g.sum()
@wrong("binary_loss_and_gradients", "unsummed-axis", "wrong-shape", "wrong-type", label="29 db not summed")
def _(w, b, x, d): L, p = _bl2(w, b, x, d); g = (p - d) / len(d); return L, x.T @ g, g

def _fw(weights, biases, x):
    A = [x]
    for W, b in zip(weights[:-1], biases[:-1]): A.append(relu(A[-1] @ W + b))
    return A, A[-1] @ weights[-1] + biases[-1]
def _ce(z, labels):
    s = z - z.max(1, keepdims=True); lp = s - np.log(np.exp(s).sum(1, keepdims=True))
    return -lp[np.arange(len(z)), labels].mean(), np.exp(lp)
def _net(weights, biases, x, labels, loss=lambda L, n: L, seed=lambda p, Y, n: (p - Y) / n, **kw):
    A, z = _fw(weights, biases, x); L, p = _ce(z, labels); n = len(x)
    _, dW, db = _mlp(seed(p, np.eye(z.shape[1])[labels], n), A, weights, **kw)
    return loss(L, n), dW, db
@wrong("loss_and_gradients", "not-averaged", label="9 gradients not averaged")
def _(weights, biases, x, labels): return _net(weights, biases, x, labels, seed=lambda p, Y, n: p - Y)
@wrong("loss_and_gradients", "averaged-twice", label="3 1/m in dZ and dW, db")
def _(weights, biases, x, labels): return _net(weights, biases, x, labels, db=lambda d: d.mean(0), dw=lambda a, d: a.T @ d / len(d))
@wrong("loss_and_gradients", "wrong-local-derivative", "wrong-value", "diagonal-jacobian", label="18 p(1-p) on top")
def _(weights, biases, x, labels): return _net(weights, biases, x, labels, seed=lambda p, Y, n: (p - Y) * p * (1 - p) / n)
@wrong("loss_and_gradients", "value-instead-of-mask", "wrong-local-derivative", label="73 times the activation")
def _(weights, biases, x, labels): return _net(weights, biases, x, labels, mask=lambda a: a)
@wrong("loss_and_gradients", "wrong-order", label="10 lists from the back")
def _(weights, biases, x, labels): L, a, b = _net(weights, biases, x, labels); return L, a[::-1], b[::-1]
@wrong("loss_and_gradients", "wrong-value", "forgot-chain", "wrong-local-derivative", label="72 relu after the last layer too")
def _(weights, biases, x, labels):
    A, z = _fw(weights, biases, x); z = relu(z); L, p = _ce(z, labels)
    _, dW, db = _mlp((p - np.eye(z.shape[1])[labels]) / len(x) * (z > 0), A, weights); return L, dW, db
@wrong("loss_and_gradients", "wrong-value", "constant-factor", "wrong-local-derivative", label="68 squared error, not cross-entropy")
def _(weights, biases, x, labels):
    A, z = _fw(weights, biases, x); p = smax(z); e = p - np.eye(z.shape[1])[labels]
    _, dW, db = _mlp(e / len(x), A, weights); return (e ** 2).sum() / len(x) / 2, dW, db
@wrong("sgd_step", "mutated-input", label="20 new entries in the caller's list")
def _(parameters, gradients, learning_rate):
    for i, g in enumerate(gradients): parameters[i] = parameters[i] - learning_rate * g
    return parameters
@wrong("sgd_step", "mutated-input", label="20 list copied, arrays shared")
def _(parameters, gradients, learning_rate):
    new = list(parameters)
    for p, g in zip(new, gradients): p -= learning_rate * g
    return new
@wrong("sgd_step", "wrong-sign", label="71 plus")
def _(parameters, gradients, learning_rate): return [p + learning_rate * g for p, g in zip(parameters, gradients)]
@wrong("sgd_step", "wrong-type", "not-implemented", label="20 nothing returned")
def _(parameters, gradients, learning_rate):
    parameters = [p - learning_rate * g for p, g in zip(parameters, gradients)]
@wrong("sgd_step", "wrong-value", "wrong-order", label="1 first gradient for all")
def _(parameters, gradients, learning_rate): return [p - learning_rate * gradients[0] if gradients[0].shape == p.shape else p - learning_rate * np.mean(gradients[0]) for p in parameters]

def _train(x, labels, widths, epochs, lr, batch, seed, init=None, sign=-1, shuffle=True):
    rng = np.random.default_rng(seed)
    init = init or (lambda a, b: rng.normal(size=(a, b)) * np.sqrt(2 / a))
    Ws = [init(a, b) for a, b in zip(widths, widths[1:])]; bs = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        order = rng.permutation(len(x)) if shuffle else np.arange(len(x))
        for s in range(0, len(x), batch):
            i = order[s:s + batch]; _L, dW, db = _net(Ws, bs, x[i], labels[i])
            Ws = [W + sign * lr * g for W, g in zip(Ws, dW)]; bs = [b + sign * lr * g for b, g in zip(bs, db)]
    return Ws, bs
@wrong("train", "wrong-value", "wrong-sign", label="71 uphill")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed): return _train(x, labels, widths, epochs, learning_rate, batch_size, seed, sign=1)
@wrong("train", "wrong-value", label="25 all weights 0 at the start")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed): return _train(x, labels, widths, epochs, learning_rate, batch_size, seed, init=lambda a, b: np.zeros((a, b)))
@wrong("train", "wrong-value", label="50 return inside the loop over epochs")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed): return _train(x, labels, widths, 1, learning_rate, len(x), seed)
@wrong("train", "wrong-type", label="9 weights only")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed): return _train(x, labels, widths, epochs, learning_rate, batch_size, seed)[0]
@wrong("train", "wrong-shape", "wrong-type", label="85 weights transposed", places=("transposed",))
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    Ws, bs = _train(x, labels, widths, epochs, learning_rate, batch_size, seed); return [W.T for W in Ws], bs

# ================================================================ RIGHT, in the styles of real students
def timed(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        t0 = time.perf_counter(); out = fn(*args, **kwargs); wrapper.seconds = time.perf_counter() - t0
        print(f"{fn.__name__} took {wrapper.seconds:.6f} s"); return out
    return wrapper
@right("central_difference", "realised step")
def _(f, x, h=1e-5):
    up, down = x + h, x - h; return (f(up) - f(down)) / (up - down)
@right("central_difference", "0-d array")
def _(f, x, h=1e-5): return np.array((f(x + h) - f(x - h)) * 0.5 / h)
@right("exp_sin_square_derivative", "vectorize over math")
def _(x): return np.vectorize(lambda v: math.exp(math.sin(v * v)) * math.cos(v * v) * 2 * v, otypes=[float])(x)
@right("exp_sin_square_derivative", "walrus")
def _(x): return np.exp(np.sin(u := np.power(x, 2))) * (np.cos(u) * (x + x))
@right("exp_sin_square_derivative", "log-derivative trick with complex step")
def _(x):
    z = np.asarray(x, dtype=complex) + 1e-200j; return np.imag(np.exp(np.sin(z * z))) / 1e-200
@right("chain_derivative", "accumulate")
def _(functions, derivatives, x):
    points = list(itertools.accumulate(functions, lambda v, f: f(v), initial=x))
    return math.prod(d(v) for d, v in zip(derivatives, points))
@right("distributed_derivative", "generator sum")
def _(f_partials, inner, inner_derivatives, x):
    return sum(p * d(x) for p, d in zip(f_partials([g(x) for g in inner]), inner_derivatives))
@right("distributed_derivative", "math.fsum and a tuple")
def _(f_partials, inner, inner_derivatives, x):
    return math.fsum(map(lambda p, d: p * d(x), f_partials(tuple(g(x) for g in inner)), inner_derivatives))
@right("partial_and_total", "list return")
def _(df_dx, df_dy, y, dy_dx, x):
    out = [df_dx(x, y(x))]; out.append(out[0] + dy_dx(x) * df_dy(x, y(x))); return out
@right("squared_error_node_gradients", "array return, expanded")
def _(x, y, z, t): return np.array([2 * x * y * y + 2 * y * (z - t), 2 * x * x * y + 2 * x * (z - t), 2 * x * y + 2 * z - 2 * t])
@right("squared_error_node_gradients", "generator")
def _(x, y, z, t): return (k * 2 * (x * y + z - t) for k in (y, x, 1))

class AddGate:
    """A gate object as in the lectures' code."""
    def __call__(self, dy, a, b): return 1.0 * dy, 1.0 * dy
RIGHT.setdefault("add_gate_backward", []).append(("class with __call__", AddGate()))
class MulGate:
    def __init__(self): self.calls = 0
    def forward(self, a, b): self.a, self.b = a, b; return a * b
    def backward(self, dy): self.calls += 1; return dy * self.b, dy * self.a
    def __call__(self, dy, a, b): self.forward(a, b); return self.backward(dy)
RIGHT.setdefault("multiply_gate_backward", []).append(("class that caches", MulGate()))
RIGHT.setdefault("multiply_gate_backward", []).append(("bound method", MulGate().__call__))
RIGHT.setdefault("multiply_gate_backward", []).append(("partial", functools.partial(lambda scale, dy, a, b: (dy * b * scale, dy * a * scale), 1.0)))
RIGHT.setdefault("multiply_gate_backward", []).append(("lambda", lambda dy, a, b: (np.multiply(dy, b), np.multiply(dy, a))))
@right("max_gate_backward", "select")
def _(dy, a, b):
    wa = np.select([np.greater(a, b), np.less(a, b)], [1.0, 0.0], 0.5); return wa * dy, dy - wa * dy
@right("max_gate_backward", "second input wins a tie; loop over a flat view")
def _(dy, a, b):
    da = np.zeros(np.shape(dy)); db = np.zeros(np.shape(dy))
    for i in np.ndindex(np.shape(dy)):
        if np.asarray(a)[i] > np.asarray(b)[i]: da[i] = np.asarray(dy)[i]
        else: db[i] = np.asarray(dy)[i]
    return da, db
@right("softplus_graph_backward", "math, step by step")
def _(x):
    if np.ndim(x): return tuple(np.stack(v) for v in zip(*[tuple(map(np.asarray, _sp(float(t)))) for t in np.ravel(x)]))
    return _sp(float(x))
def _sp(x):
    b = math.exp(x); a = 1 + b; y = math.log(a); dy = 1.0; da = dy / a; db = da * 1; return y, da, db, db * b
@right("fraction_backward", "quotient rule")
def _(x, y):
    s = 1 / (1 + math.exp(-x)); ds = s * (1 - s); n, m = x + s, s + (x + y) ** 2
    return n / m, ((1 + ds) * m - n * (ds + 2 * (x + y))) / m / m, -2 * n * (x + y) / m ** 2
@right("backpropagate", "memoised recursion over children")
def _(parents, local_derivatives, output):
    kids = defaultdict(list)
    for n, ps in parents.items():
        for p in ps: kids[p].append(n)
    @functools.lru_cache(maxsize=None)
    def grad(n):
        if n == output: return 1.0
        return sum(grad(k) * local_derivatives[k, n] for k in kids[n])
    return {n: grad(n) for n in parents}

@right("numerical_jacobian", "column by column with copies")
def _(f, x, h=1e-5):
    x = np.array(x, dtype=np.float64); cols = []
    for i in range(len(x)):
        p, m = x.copy(), x.copy(); p[i] += h; m[i] -= h; cols.append((np.asarray(f(p)) - np.asarray(f(m))) / (2 * h))
    return np.column_stack(cols)
@right("linear_jacobian_h", "three loops of Python")
def _(h, W, b): return [[W[i, j] for i in range(W.shape[0])] for j in range(W.shape[1])]
@right("linear_jacobian_W", "kron")
def _(h, W, b):
    M = W.shape[1]; return np.kron(np.eye(M), h).reshape(M, M, -1).transpose(0, 2, 1)
@right("linear_vjp_W", "column times row")
def _(da, h, W, b): return h.reshape(-1, 1) @ da.reshape(1, -1)
@right("linear_vjp_W", "list of lists")
def _(da, h, W, b): return [[float(a * g) for g in da] for a in h]
@right("chain_jacobians", "multi_dot of the reversed list")
def _(jacobians): return np.linalg.multi_dot(jacobians[::-1]) if len(jacobians) > 1 else jacobians[0]
@right("elementwise_vjp", "out= on an own array")
def _(dy, derivative, z): out = np.empty(np.shape(z)); np.multiply(dy, derivative(z), out=out); return out
@right("jacobian_from_vjp", "vstack of a generator's list")
def _(vjp, x, output_size): return np.vstack([vjp(row) for row in np.identity(output_size, dtype=int)])

@right("linear_composition", "affine matrices of homogeneous coordinates")
def _(weights, biases):
    T = functools.reduce(np.matmul, [np.block([[W, np.zeros((len(W), 1))], [b[None], np.ones((1, 1))]]) for W, b in zip(weights, biases)])
    return T[:-1, :-1], T[-1, :-1]
@right("sigmoid_backward", "y - y**2 with float64 casts")
def _(dy, y): y = np.asarray(y, np.float64); return np.asarray(dy, np.float64) * (y - y ** 2)
RIGHT.setdefault("tanh_backward", []).append(("timing decorator that prints", timed(lambda dy, y: dy * (1 + y) * (1 - y))))
@right("relu_backward", "25 mask at the kink: z < 0")
def _(dy, z): g = np.copy(dy); g[np.asarray(z) < 0] = 0; return g
@right("relu_backward", "loops over rows in Python")
def _(dy, z):
    flat = [g if v > 0 else 0.0 for g, v in zip(np.asarray(dy).reshape(-1), np.asarray(z).reshape(-1))]
    return np.array(flat, dtype=np.asarray(dy).dtype).reshape(np.shape(z))
@right("relu_backward", "relu(z)/z slope with where=")
def _(dy, z): r = np.maximum(z, 0.0); return dy * np.divide(r, z, out=np.zeros_like(r), where=z != 0)
@right("relu_backward", "masked array filled")
def _(dy, z): return np.ma.masked_where(z <= 0, dy).filled(0)
@right("elu_backward", "46 elu + alpha")
def _(dy, z, alpha): return np.where(z > 0, dy, dy * (alpha * (np.exp(np.minimum(z, 0)) - 1) + alpha))
@right("elu_backward", "exp everywhere, where picks")
def _(dy, z, alpha): return np.where(z > 0, dy, dy * alpha * np.exp(np.where(z > 0, 0, z)))
@right("prelu_backward", "vdot")
def _(dy, z, alpha): return dy * np.where(z > 0, 1, alpha), np.vdot(dy, np.minimum(z, 0))
@right("max_backward", "one-hot by eye")
def _(dy, z): return np.asarray(dy)[..., None] * np.eye(z.shape[-1])[z.argmax(-1)]
@right("max_backward", "last winner")
def _(dy, z):
    i = z.shape[-1] - 1 - z[..., ::-1].argmax(-1); return np.asarray(dy)[..., None] * (np.arange(z.shape[-1]) == i[..., None])

@right("softmax", "apply_along_axis")
def _(z):
    def one(v): e = np.exp(v - max(v)); return e / sum(e)
    return np.apply_along_axis(one, -1, np.asarray(z, float))
@right("softmax", "exp of log_softmax")
def _(z): return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
@right("softmax", "transpose trick")
def _(z): s = (np.moveaxis(z, -1, 0) - z.max(-1)); e = np.exp(s); return np.moveaxis(e / e.sum(0), 0, -1)
@right("log_softmax", "logaddexp.reduce")
def _(z): return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
@right("softmax_backward", "row by row through the Jacobian")
def _(dy, y):
    g, p = np.asarray(dy).reshape(-1, y.shape[-1]), y.reshape(-1, y.shape[-1])
    return np.array([(np.diag(q) - np.outer(q, q)) @ u for u, q in zip(g, p)]).reshape(y.shape)
@right("log_softmax_backward", "matrix of ones")
def _(dy, y): C = y.shape[-1]; return dy - np.exp(y) * (dy @ np.ones((C, C)))
@right("squared_error_backward", "negated view")
def _(f, y): df = np.asarray(f) - y; return df, np.negative(df)
@right("kl_divergence_backward", "exp of logs")
def _(y, d): return -np.exp(np.log(d) - np.log(y))
@right("cross_entropy_backward", "np.add.at, loops")
def _(p, labels):
    N = len(labels); out = np.zeros(np.shape(p))
    for n, k in enumerate(labels): np.add.at(out, (n, int(k)), -1 / (N * p[n][k]))
    return out
@right("cross_entropy_backward", "comparison as one-hot")
def _(p, labels): Y = (labels.reshape(-1, 1) == np.arange(p.shape[1])); return np.divide(-1.0 / labels.size, p, out=np.zeros_like(p, float), where=Y)
@right("softmax_cross_entropy_backward", "list of rows")
def _(z, labels):
    out = []
    for row, k in zip(z, labels):
        e = np.exp(row - row.max()); r = (e / e.sum()).tolist(); r[k] -= 1; out.append([v / len(z) for v in r])
    return out
@right("sigmoid_mse_backward", "nested helpers")
def _(z, d):
    def act(v): return np.where(v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))))
    def act_slope(v): return act(v) * act(-v)
    return -(d - act(z)) * act_slope(z)
@right("sigmoid_cross_entropy_backward", "naive sigmoid, overflow warns")
def _(z, d): return 1 / (1 + np.exp(-z)) - d
@right("sigmoid_cross_entropy_backward", "two terms")
def _(z, d): s = stable_sigmoid(z); return (1 - d) * s - d * (1 - s)

@right("extended_layer_backward", "concatenate and slices")
def _(dz, y_prev, w): y = np.concatenate(([1], y_prev)); return (w @ dz)[1:], y[:, None] * dz[None, :]
@right("broadcast_backward", "recursion")
def unb(dy, shape):
    if dy.ndim > len(shape): return unb(dy.sum(0), shape)
    for i, (a, n) in enumerate(zip(dy.shape, shape)):
        if a != n: return unb(dy.sum(i, keepdims=True), shape)
    return dy
@right("multiply_backward", "map over a zip")
def _(dy, a, b): return tuple(map(lambda v: dy * v, (b, a)))
@right("pairwise_product_backward", "xor index")
def _(dy, z): i = np.arange(z.shape[-1]); return np.repeat(dy, 2, -1) * z[..., i ^ 1]
@right("pairwise_product_backward", "stack and reshape")
def _(dy, z): return np.stack([dy * z[..., 1::2], dy * z[..., ::2]], axis=-1).reshape(z.shape)
@right("gated_unit_backward", "cosh and default args")
def _(dy, g, c, *, sig=stable_sigmoid): s = sig(g); return dy * np.tanh(c) * s * sig(-g), dy * s / np.cosh(c) ** 2
@right("mlp_forward", "recursion")
def fwd(x, weights, biases):
    z = x @ weights[0] + biases[0]; return [x, z] if len(weights) == 1 else [x] + fwd(np.maximum(z, 0), weights[1:], biases[1:])
@right("mlp_backward", "recursion, tuples")
def bwd(dy, activations, weights):
    a, W = activations[-2], weights[-1]; dW, db, dx = a.T @ dy, dy.sum(0), dy @ W.T
    if len(weights) == 1: return dx, [dW], [db]
    first, dWs, dbs = bwd(dx * (a > 0), activations[:-1], weights[:-1]); return first, [*dWs, dW], [*dbs, db]
@right("mlp_backward", "deques")
def _(dy, activations, weights):
    dWs, dbs = deque(), deque(); delta = np.array(dy, dtype=float)
    for k in range(len(weights) - 1, -1, -1):
        dWs.appendleft(np.einsum("nd,nm->dm", activations[k], delta)); dbs.appendleft(np.ones(len(delta)) @ delta)
        delta = delta @ weights[k].T
        if k > 0: delta[activations[k] == 0] = 0
    return delta, list(dWs), list(dbs)
@right("shared_weight_backward", "path sums with get")
def _(dx3, jacobians):
    j = lambda a, b: jacobians[(a, b)]
    to_x1 = j("x3", "x1") + j("x3", "x2").dot(j("x2", "x1")); return np.dot(dx3, j("x3", "w1") + to_x1 @ j("x1", "w1")), np.linalg.multi_dot([dx3, j("x3", "x2"), j("x2", "w2")])
@right("activation_memory", "numpy integer")
def _(batch, widths, itemsize=8): return np.int64(batch) * np.sum(np.array(widths[:-1])) * itemsize
@right("activation_memory", "float")
def _(batch, widths, itemsize=8): return float(sum(batch * w * itemsize for w in widths) - batch * widths[-1] * itemsize)
@right("binary_loss_and_gradients", "softplus loss, list dw")
def _(w, b, x, d):
    z = x.dot(w) + b; s = stable_sigmoid(z); e = (s - d) / d.size
    loss = np.mean(np.maximum(z, 0) - z * d + np.log1p(np.exp(-np.abs(z)))); return float(loss), list(e @ x), float(sum(e))
@right("sgd_step", "map and lambda")
def _(parameters, gradients, learning_rate): return list(map(lambda p, g: np.subtract(p, np.multiply(g, learning_rate)), parameters, gradients))
@right("sgd_step", "deepcopy, then in place")
def _(parameters, gradients, learning_rate):
    import copy
    new = copy.deepcopy(parameters)
    for p, g in zip(new, gradients): p -= learning_rate * g
    return new
@right("train", "Glorot uniform, drops nothing")
def _(x, labels, widths, epochs, learning_rate, batch_size, seed):
    rng = np.random.default_rng(seed); return _train(x, labels, widths, epochs, learning_rate, batch_size, seed, init=lambda a, b: rng.uniform(-1, 1, (a, b)) * np.sqrt(6 / (a + b)))

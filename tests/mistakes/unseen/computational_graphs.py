from collections import deque
from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


# add_gate_backward
@wrong("add_gate_backward", "constant-factor")
def splits_the_gradient_evenly(dy: Any, a: Any, b: Any) -> Any:
    return dy / 2, dy / 2


@wrong("add_gate_backward", "missing-upstream")
def ones_for_both(dy: Any, a: Any, b: Any) -> Any:
    return np.ones_like(a, dtype=float), np.ones_like(b, dtype=float)


@right("add_gate_backward")
def times_one(dy: Any, a: Any, b: Any) -> Any:
    return np.array(dy) * 1.0, np.add(dy, 0)


# multiply_gate_backward
@wrong(
    "multiply_gate_backward",
    "wrong-local-derivative",
    "forward-instead-of-backward",
    "constant-factor",
    "wrong-variable",
    "swapped-inputs",
)
def product_for_both(dy: Any, a: Any, b: Any) -> Any:
    return dy * a * b, dy * a * b


@wrong("multiply_gate_backward", "missing-upstream", "dropped-path")
def only_first_is_chained(dy: Any, a: Any, b: Any) -> Any:
    return dy * b, 1.0 * a


@right("multiply_gate_backward")
def product_over_own_value_free(dy: Any, a: Any, b: Any) -> Any:
    da, db = (np.einsum("...,...->...", dy, other) for other in (b, a))
    return da, db


# max_gate_backward
@wrong("max_gate_backward", "wrong-mask", "swapped-inputs")
def routes_to_the_smaller(dy: Any, a: Any, b: Any) -> Any:
    return dy * (a < b), dy * (a >= b)


@wrong("max_gate_backward", "value-instead-of-mask", "wrong-local-derivative")
def winner_times_its_value(dy: Any, a: Any, b: Any) -> Any:
    m = np.maximum(a, b)
    return dy * np.where(a > b, m, 0), dy * np.where(b >= a, m, 0)


@right("max_gate_backward")
def sign_of_the_difference(dy: Any, a: Any, b: Any) -> Any:
    s = np.sign(np.subtract(a, b, dtype=float))
    return dy * (1 + s) / 2, dy * (1 - s) / 2


# sigmoid_neuron_backward
@wrong("sigmoid_neuron_backward", "dropped-path", "wrong-mask", "forgot-chain")
def bias_gradient_left_at_zero(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    ds = f * (1 - f)
    dw = np.zeros(3)
    dw[0], dw[1] = ds * x[0], ds * x[1]
    return f, dw, np.array([ds * w[0], ds * w[1]])


@wrong("sigmoid_neuron_backward", "wrong-variable", "wrong-local-derivative", "forgot-chain")
def slope_of_the_sum(w: Any, x: Any) -> Any:
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1 / (1 + np.exp(-s))
    ds = s * (1 - s)
    return f, ds * np.array([x[0], x[1], 1.0]), ds * np.array([w[0], w[1]])


@right("sigmoid_neuron_backward")
def backwards_through_every_gate(w: Any, x: Any) -> Any:
    s = np.dot(w[:2], x) + w[2]
    e = np.exp(-s)
    d = 1 + e
    f = 1 / d
    dd = -1 / d**2
    de = dd * 1
    dneg = de * e
    ds = -dneg
    return f, [ds * x[0], ds * x[1], ds], (ds * w[0], ds * w[1])


# softplus_graph_backward
@wrong("softplus_graph_backward", "forgot-chain", "dropped-path")
def stops_at_b(x: Any) -> Any:
    a = 1 + np.exp(x)
    return np.log(a), 1 / a, 1 / a, 1 / a


@wrong(
    "softplus_graph_backward",
    "wrong-local-derivative",
    "wrong-value",
    "forgot-chain",
    "wrong-variable",
    "constant-factor",
)
def log_slope_without_the_one(x: Any) -> Any:
    # 1/b instead of 1/a: the "1 +" is lost on the way back
    b = np.exp(x)
    a = 1 + b
    return np.log(a), 1 / b, 1 / b, (1 / b) * b


@right("softplus_graph_backward")
def with_logaddexp(x: Any) -> Any:
    x = np.asarray(x, float)
    y = np.logaddexp(0, x)
    s = np.exp(-y)
    return y, s, s.copy(), np.exp(x - y)


# fraction_backward
@wrong("fraction_backward", "dropped-path")
def denominator_sigmoid_path_lost(x: Any, y: Any) -> Any:
    s = 1 / (1 + np.exp(-x))
    n, d = x + s, s + (x + y) ** 2
    dn, dd = 1 / d, -n / d**2
    dx = dn * (1 + s * (1 - s)) + dd * 2 * (x + y)
    return n / d, dx, dd * 2 * (x + y)


@wrong("fraction_backward", "wrong-sign", "wrong-local-derivative", "dropped-path", "wrong-value")
def quotient_rule_plus(x: Any, y: Any) -> Any:
    s = 1 / (1 + np.exp(-x))
    n, d = x + s, s + (x + y) ** 2
    ds = s * (1 - s)
    dn_dx, dd_dx = 1 + ds, ds + 2 * (x + y)
    return n / d, (dn_dx * d + n * dd_dx) / d**2, n * 2 * (x + y) / d**2


@right("fraction_backward")
def quotient_rule_closed_form(x: Any, y: Any) -> Any:
    x, y = np.asarray(x, float), np.asarray(y, float)
    s = 0.5 * (1 + np.tanh(x / 2))
    u = x + y
    num, den = x + s, s + u * u
    ds = s - s * s
    return num / den, ((1 + ds) * den - num * (ds + 2 * u)) / den**2, -2 * u * num / den**2


# topological_order
@wrong("topological_order", "wrong-order")
def in_the_order_of_the_dict(parents: Any) -> Any:
    if not parents:
        return []
    seen: set[Any] = set()
    for start in parents:
        stack, path = [start], set()
        while stack:
            n = stack.pop()
            if n in path and n == start:
                raise ValueError("cycle")
            path.add(n)
            stack.extend(p for p in parents[n] if p not in path or p == start)
        seen.add(start)
    return list(parents)


@wrong("topological_order", "wrong-order", "wrong-value", "raised-error", "missing-error")
def depth_first_preorder(parents: Any) -> Any:
    order: list[Any] = []

    def visit(n: Any, above: Any) -> None:
        if n in above:
            raise ValueError("cycle")
        if n in order:
            return
        order.append(n)
        for p in parents[n]:
            visit(p, above | {n})

    for n in parents:
        visit(n, frozenset())
    return order


@right("topological_order")
def kahn_with_a_deque(parents: Any) -> Any:
    waiting = {n: len(set(p)) for n, p in parents.items()}
    children: dict[Any, list[Any]] = {n: [] for n in parents}
    for n, ps in parents.items():
        for p in set(ps):
            children[p].append(n)
    ready = deque(n for n, k in waiting.items() if k == 0)
    order = []
    while ready:
        n = ready.popleft()
        order.append(n)
        for c in children[n]:
            waiting[c] -= 1
            if not waiting[c]:
                ready.append(c)
    if len(order) < len(parents):
        raise ValueError("not a DAG")
    return order


# backpropagate
def _order(parents: Any) -> Any:
    done: list[Any] = []

    def visit(n: Any) -> None:
        if n not in done:
            for p in parents[n]:
                visit(p)
            done.append(n)

    for n in parents:
        visit(n)
    return done


@wrong("backpropagate", "wrong-local-derivative", "forgot-chain", "wrong-value", "missing-upstream")
def local_only_summed(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for p in parents[child]:
            if grads[child] != 0:
                grads[p] += local_derivatives[child, p]
    return grads


@wrong("backpropagate", "wrong-mask", "wrong-value", "dropped-path", "wrong-local-derivative")
def every_node_starts_at_one(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    for n in parents:
        if not any(n in ps for ps in parents.values()):
            grads[n] = 1.0
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for p in parents[child]:
            grads[p] += grads[child] * local_derivatives[child, p]
    return grads


@right("backpropagate")
def recursion_over_children(parents: Any, local_derivatives: Any, output: Any) -> Any:
    memo = {output: 1.0}

    def grad(n: Any) -> float:
        if n not in memo:
            memo[n] = sum((grad(c) * local_derivatives[c, n] for c in parents if n in parents[c]), 0.0)
        return memo[n]

    return {n: grad(n) for n in parents}

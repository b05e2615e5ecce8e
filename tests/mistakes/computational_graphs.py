"""Implementations of the exercises of 02-computational-graphs."""

import math
from collections import defaultdict, deque
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong

# ---------------------------------------------------------------- add_gate_backward


@wrong("add_gate_backward", "missing-upstream")
def ones(dy: Any, a: Any, b: Any) -> Any:
    return np.ones_like(a), np.ones_like(b)


@wrong("add_gate_backward", "constant-factor", "averaged-not-summed")
def shared_out(dy: Any, a: Any, b: Any) -> Any:
    half = 0.5 * dy
    return half, half


@wrong("add_gate_backward", "value-instead-of-mask", "wrong-local-derivative")
def times_its_own_input(dy: Any, a: Any, b: Any) -> Any:
    return np.multiply(a, dy), np.multiply(b, dy)


@wrong("add_gate_backward", "swapped-inputs", "wrong-local-derivative")
def multiply_gate_taken_for_it(dy: Any, a: Any, b: Any) -> Any:
    da = dy * b
    db = dy * a
    return da, db


@wrong("add_gate_backward", "dropped-path")
def nothing_for_b(dy: Any, a: Any, b: Any) -> Any:
    return dy.copy(), np.zeros(b.shape)


@wrong("add_gate_backward", "wrong-sign")
def subtract_gate(dy: Any, a: Any, b: Any) -> Any:
    return dy, -dy


@wrong("add_gate_backward", "integer-truncation")
def filled_into_the_inputs_type(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros_like(a), np.zeros_like(b)
    da[...] = dy
    db[...] = dy
    return da, db


@wrong("add_gate_backward", "wrong-shape")
def summed_to_a_number(dy: Any, a: Any, b: Any) -> Any:
    return dy.sum(), dy.sum()


@wrong("add_gate_backward", "wrong-type", "wrong-shape")
def one_for_both(dy: Any, a: Any, b: Any) -> Any:
    return dy.ravel()[0]


@wrong("add_gate_backward", "mutated-input")
def adds_into_the_inputs(dy: Any, a: Any, b: Any) -> Any:
    a *= 0
    b *= 0
    np.add(a, dy, out=a, casting="unsafe")
    np.add(b, dy, out=b, casting="unsafe")
    return dy, dy


_ran = [0.0]


@wrong("add_gate_backward", "stale-state")
def keeps_adding(dy: Any, a: Any, b: Any) -> Any:
    _ran[0] += 1.0
    return dy * _ran[0], dy * _ran[0]


@wrong("add_gate_backward", "constant-factor")
def twice(dy: Any, a: Any, b: Any) -> Any:
    return (2 * dy, 2 * dy)


@wrong("add_gate_backward", "forward-instead-of-backward")
def summed(dy: Any, a: Any, b: Any) -> Any:
    return (a + b, a + b)


@right("add_gate_backward")
def the_upstream_itself(dy: Any, a: Any, b: Any) -> Any:
    return dy, dy


@right("add_gate_backward")
def ones_times_upstream(dy: Any, a: Any, b: Any) -> Any:
    return [np.ones_like(a) * dy, np.ones_like(b) * dy]


@right("add_gate_backward")
def filled_copies(dy: Any, a: Any, b: Any) -> Any:
    da = np.empty(a.shape, dtype=dy.dtype)
    da[:] = dy
    return da, da.copy()


@right("add_gate_backward")
def stacked(dy: Any, a: Any, b: Any) -> Any:
    return np.stack([dy, dy])


# ---------------------------------------------------------------- multiply_gate_backward


@wrong("multiply_gate_backward", "swapped-inputs")
def its_own_value(dy: Any, a: Any, b: Any) -> Any:
    da = np.einsum("...,...->...", a, dy)
    db = np.einsum("...,...->...", b, dy)
    return da, db


@wrong("multiply_gate_backward", "swapped-inputs")
def b_for_both(dy: Any, a: Any, b: Any) -> Any:
    g = dy * b
    return g, g


@wrong("multiply_gate_backward", "missing-upstream")
def other_value_only(dy: Any, a: Any, b: Any) -> Any:
    return b, a


@wrong("multiply_gate_backward", "forgot-chain")
def add_gate_taken_for_it(dy: Any, a: Any, b: Any) -> Any:
    return dy * 1.0, dy * 1.0


@wrong("multiply_gate_backward", "wrong-local-derivative")
def times_the_product(dy: Any, a: Any, b: Any) -> Any:
    y = a * b
    return dy * y, dy * y


@wrong("multiply_gate_backward", "forward-instead-of-backward")
def product_twice(dy: Any, a: Any, b: Any) -> Any:
    y = a * b
    return y, y


@wrong("multiply_gate_backward", "wrong-sign")
def minus_for_b(dy: Any, a: Any, b: Any) -> Any:
    return dy * b, -dy * a


@wrong("multiply_gate_backward", "mutated-input", "wrong-local-derivative")
def overwrites_a_first(dy: Any, a: Any, b: Any) -> Any:
    saved = a.copy()
    a[...] = b
    return dy * a, dy * saved


@wrong("multiply_gate_backward", "wrong-local-derivative")
def second_sees_the_first(dy: Any, a: Any, b: Any) -> Any:
    a = dy * b
    b = dy * a
    return a, b


@wrong(
    "multiply_gate_backward",
    "matrix-product-for-elementwise",
    "missing-transpose",
    "raised-error",
    "wrong-shape",
)
def matrix_products(dy: Any, a: Any, b: Any) -> Any:
    return dy @ b.T, dy.T @ a


@wrong("multiply_gate_backward", "integer-truncation")
def into_an_array_like_a(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.empty_like(a), np.empty_like(b)
    for i in np.ndindex(a.shape):
        da[i] = dy[i] * b[i]
        db[i] = dy[i] * a[i]
    return da, db


@wrong("multiply_gate_backward", "wrong-shape")
def summed_products(dy: Any, a: Any, b: Any) -> Any:
    return np.sum(dy * b), np.sum(dy * a)


@wrong("multiply_gate_backward", "dropped-path")
def nothing_for_the_second(dy: Any, a: Any, b: Any) -> Any:
    return (dy * b, np.zeros_like(dy))


@wrong(
    "multiply_gate_backward",
    "wrong-variable",
    "wrong-local-derivative",
    "value-instead-of-mask",
    "swapped-inputs",
)
def own_square(dy: Any, a: Any, b: Any) -> Any:
    return (dy * a**2, dy * b**2)


@right("multiply_gate_backward")
def other_value_first(dy: Any, a: Any, b: Any) -> Any:
    return b * dy, a * dy


@right("multiply_gate_backward")
def entry_by_entry(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros(a.shape), np.zeros(a.shape)
    for i in np.ndindex(a.shape):
        da[i], db[i] = dy[i] * b[i], dy[i] * a[i]
    return da, db


@right("multiply_gate_backward")
def by_einsum(dy: Any, a: Any, b: Any) -> Any:
    return tuple(np.einsum("k,k->k", dy.ravel(), v.ravel()).reshape(a.shape) for v in (b, a))


@right("multiply_gate_backward")
def as_lists(dy: Any, a: Any, b: Any) -> Any:
    return [(dy * b).tolist(), (dy * a).tolist()]


# ---------------------------------------------------------------- max_gate_backward


@wrong("max_gate_backward", "double-counted-tie")
def ties_to_both(dy: Any, a: Any, b: Any) -> Any:
    m = np.maximum(a, b)
    return np.where(a == m, dy, 0), np.where(b == m, dy, 0)


@wrong("max_gate_backward", "wrong-mask")
def ties_to_neither(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros(dy.shape), np.zeros(dy.shape)
    da[a > b] = dy[a > b]
    db[b > a] = dy[b > a]
    return da, db


@wrong("max_gate_backward", "missing-upstream")
def masks_only(dy: Any, a: Any, b: Any) -> Any:
    mask = (a >= b).astype(float)
    return mask, 1 - mask


@wrong("max_gate_backward", "wrong-mask")
def both_get_it(dy: Any, a: Any, b: Any) -> Any:
    return dy, dy


@wrong("max_gate_backward", "wrong-mask", "averaged-not-summed")
def halves_everywhere(dy: Any, a: Any, b: Any) -> Any:
    return dy / 2, dy / 2


@wrong("max_gate_backward", "value-instead-of-mask")
def value_of_the_winner(dy: Any, a: Any, b: Any) -> Any:
    y = np.maximum(a, b)
    return dy * y * (a > b), dy * y * (a <= b)


@wrong("max_gate_backward", "wrong-mask")
def compared_with_zero(dy: Any, a: Any, b: Any) -> Any:
    return np.where(a > 0, dy, 0.0), np.where(b > 0, dy, 0.0)


@wrong("max_gate_backward", "wrong-mask")
def compared_by_size(dy: Any, a: Any, b: Any) -> Any:
    a_wins = np.abs(a) > np.abs(b)
    return dy * a_wins, dy * ~a_wins


@wrong("max_gate_backward", "wrong-mask", "swapped-inputs")
def min_gate(dy: Any, a: Any, b: Any) -> Any:
    return np.where(a < b, dy, 0), np.where(a < b, 0, dy)


@wrong("max_gate_backward", "wrong-mask", "dropped-path")
def winner_takes_all(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros(dy.shape), np.zeros(dy.shape)
    if a.max() > b.max():
        i = np.unravel_index(a.argmax(), a.shape)
        da[i] = dy[i]
    else:
        i = np.unravel_index(b.argmax(), b.shape)
        db[i] = dy[i]
    return da, db


@wrong("max_gate_backward", "truth-of-an-array", "raised-error")
def if_of_an_array(dy: Any, a: Any, b: Any) -> Any:
    if a > b:
        return dy, 0 * dy
    return 0 * dy, dy


@wrong("max_gate_backward", "mutated-input")
def masks_the_upstream_in_place(dy: Any, a: Any, b: Any) -> Any:
    db = np.where(b >= a, dy, 0)
    dy[b >= a] = 0
    return dy, db


@wrong("max_gate_backward", "integer-truncation")
def routed_into_the_inputs_type(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros_like(a), np.zeros_like(b)
    for i in np.ndindex(a.shape):
        if a[i] >= b[i]:
            da[i] = dy[i]
        else:
            db[i] = dy[i]
    return da, db


@wrong("max_gate_backward", "wrong-mask")
def sign_of_upstream(dy: Any, a: Any, b: Any) -> Any:
    return (np.where((a >= b) & (dy > 0), dy, 0), np.where((a < b) & (dy > 0), dy, 0))


@wrong("max_gate_backward", "wrong-mask", "missing-upstream", "wrong-local-derivative")
def value_as_gradient(dy: Any, a: Any, b: Any) -> Any:
    return (np.where(a > b, a, 0.0), np.where(a > b, 0.0, b))


@right("max_gate_backward")
def ties_to_a(dy: Any, a: Any, b: Any) -> Any:
    return dy * (a >= b), dy * (a < b)


@right("max_gate_backward")
def ties_to_b(dy: Any, a: Any, b: Any) -> Any:
    mask = b >= a
    return np.where(mask, 0.0, dy), np.where(mask, dy, 0.0)


@right("max_gate_backward")
def ties_shared(dy: Any, a: Any, b: Any) -> Any:
    share = 0.5 * (1 + np.sign(a - b))
    return dy * share, dy * (1 - share)


@right("max_gate_backward")
def what_is_left_goes_to_b(dy: Any, a: Any, b: Any) -> Any:
    da = np.zeros(a.shape)
    for i in np.ndindex(a.shape):
        if a[i] > b[i]:
            da[i] = dy[i]
        elif a[i] == b[i]:
            da[i] = 0.3 * dy[i]
    return da, dy - da


# ---------------------------------------------------------------- sigmoid_neuron_backward


def _f(w: Any, x: Any) -> Any:
    return 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))


@wrong("sigmoid_neuron_backward", "wrong-sign")
def lost_a_minus(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = -(1 - f) * f
    return f, np.array([ds * x[0], ds * x[1], ds]), np.array([ds * w[0], ds * w[1]])


@wrong("sigmoid_neuron_backward", "swapped-inputs")
def weights_for_dw(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = f * (1 - f)
    return f, [ds * w[0], ds * w[1], ds], [ds * x[0], ds * x[1]]


@wrong("sigmoid_neuron_backward", "swapped-inputs")
def dx_before_dw(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = f * (1 - f)
    return f, ds * w[:2], ds * np.append(x, 1)


@wrong("sigmoid_neuron_backward", "forgot-chain")
def stops_at_the_sum(w: Any, x: Any) -> Any:
    return _f(w, x), np.array([x[0], x[1], 1.0]), np.array([w[0], w[1]])


@wrong("sigmoid_neuron_backward", "wrong-local-derivative", "dropped-path")
def bias_without_gradient(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = f * (1 - f)
    dw = np.zeros(3)
    for i in range(2):
        dw[i] = ds * x[i]
    return f, dw, ds * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-shape")
def no_entry_for_the_bias(w: Any, x: Any) -> Any:
    f = _f(w, x)
    return f, f * (1 - f) * x, f * (1 - f) * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-shape")
def dx_with_the_bias(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = f * (1 - f)
    return f, ds * np.array([x[0], x[1], 1]), ds * w


@wrong("sigmoid_neuron_backward", "wrong-local-derivative")
def bias_times_itself(w: Any, x: Any) -> Any:
    f = _f(w, x)
    ds = f * (1 - f)
    return f, ds * np.array([*x, w[2]]), ds * w[:-1]


@wrong("sigmoid_neuron_backward", "wrong-variable")
def sigmoid_twice(w: Any, x: Any) -> Any:
    f = _f(w, x)
    s = 1 / (1 + math.exp(-f))
    return f, s * (1 - s) * np.hstack([x, 1]), s * (1 - s) * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-variable")
def slope_in_terms_of_the_sum(w: Any, x: Any) -> Any:
    s = w[:2] @ x + w[2]
    ds = s * (1 - s)
    return _f(w, x), ds * np.append(x, 1), ds * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-local-derivative")
def value_for_slope(w: Any, x: Any) -> Any:
    f = _f(w, x)
    return f, f * np.append(x, 1), f * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-sign", "wrong-local-derivative")
def exponent_without_minus(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(w[0] * x[0] + w[1] * x[1] + w[2]))
    return f, f * (1 - f) * np.append(x, 1), f * (1 - f) * w[:2]


@wrong("sigmoid_neuron_backward", "dropped-path")
def bias_forgotten_in_the_forward_pass(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-np.dot(w[:2], x)))
    return f, f * (1 - f) * np.append(x, 1), f * (1 - f) * w[:2]


@wrong("sigmoid_neuron_backward", "integer-truncation")
def arrays_like_the_inputs(w: Any, x: Any) -> Any:
    f = _f(w, x)
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    dw[:2], dw[2], dx[:] = f * (1 - f) * x, f * (1 - f), f * (1 - f) * w[:2]
    return f, dw, dx


@wrong("sigmoid_neuron_backward", "numerical-differentiation")
def quotients_for_the_neuron(w: Any, x: Any) -> Any:
    w, x, h = np.array(w, float), np.array(x, float), 1e-6
    dw = [(_f(w + h * e, x) - _f(w - h * e, x)) / (2 * h) for e in np.eye(3)]
    dx = [(_f(w, x + h * e) - _f(w, x - h * e)) / (2 * h) for e in np.eye(2)]
    return _f(w, x), dw, dx


@wrong("sigmoid_neuron_backward", "wrong-type")
def gradients_only(w: Any, x: Any) -> Any:
    f = _f(w, x)
    return f * (1 - f) * np.append(x, 1), f * (1 - f) * w[:2]


@wrong("sigmoid_neuron_backward", "wrong-sign")
def only_dx_negative(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    s = f * (1 - f)
    return (f, s * np.append(x, 1), -s * w[:2])


@wrong("sigmoid_neuron_backward", "wrong-order")
def bias_first_order(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    s = f * (1 - f)
    return (f, s * np.array([1, x[0], x[1]]), s * w[1:])


@wrong("sigmoid_neuron_backward", "forgot-chain", "wrong-local-derivative")
def f_minus_one(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    s = 1 - f
    return (f, s * np.append(x, 1), s * w[:2])


@right("sigmoid_neuron_backward")
def gate_by_gate(w: Any, x: Any) -> Any:
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    n = -s
    e = math.exp(n)
    a = 1 + e
    f = 1 / a
    da = -1 / a**2
    de = da
    dn = de * e
    ds = -dn
    return f, [ds * x[0], ds * x[1], ds], [ds * w[0], ds * w[1]]


@right("sigmoid_neuron_backward")
def slope_by_exponentials(w: Any, x: Any) -> Any:
    s = np.dot(w, np.append(x, 1.0))
    slope = np.exp(-s) / (1 + np.exp(-s)) ** 2
    return 1 / (1 + np.exp(-s)), slope * np.append(x, 1.0), slope * w[:2]


@right("sigmoid_neuron_backward")
def slope_by_tanh(w: Any, x: Any) -> Any:
    s = float(w[:2] @ x + w[2])
    slope = 0.25 / math.cosh(s / 2) ** 2
    return (1 + math.tanh(s / 2)) / 2, np.multiply([*x, 1], slope), np.multiply(w[:2], slope)


@right("sigmoid_neuron_backward")
def slope_from_the_output(w: Any, x: Any) -> Any:
    f = np.float64(_f(w, x))
    dw = np.empty(3)
    dw[:2] = (f - f**2) * x
    dw[2] = f - f**2
    return np.array(f), dw, (f - f**2) * w[0:2]


# ---------------------------------------------------------------- softplus_graph_backward


@wrong("softplus_graph_backward", "forgot-chain")
def exponential_not_differentiated(x: Any) -> Any:
    b = np.exp(x)
    a = 1 + b
    dy_da = 1 / a
    dy_db = dy_da * 1
    dy_dx = dy_db
    return np.log(a), dy_da, dy_db, dy_dx


@wrong("softplus_graph_backward", "forgot-chain")
def local_derivatives(x: Any) -> Any:
    b = math.exp(x)
    return math.log(1 + b), 1 / (1 + b), 1.0, b


@wrong("softplus_graph_backward", "forward-instead-of-backward")
def values_of_the_nodes(x: Any) -> Any:
    b = np.exp(x)
    a = 1 + b
    y = np.log(a)
    return y, a, b, x


@wrong("softplus_graph_backward", "wrong-variable")
def slope_of_the_log_at_b(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    g = 1 / b
    return math.log(a), g, g, g * b


@wrong("softplus_graph_backward", "wrong-variable")
def slope_of_the_exp_at_a(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    y = math.log(a)
    dy_da = 1 / a
    return y, dy_da, dy_da, dy_da * math.exp(a)


@wrong("softplus_graph_backward", "wrong-variable")
def factor_x_for_the_exponential(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return math.log(a), 1 / a, 1 / a, x / a


@wrong("softplus_graph_backward", "wrong-local-derivative", "forward-instead-of-backward")
def upside_down(x: Any) -> Any:
    b = np.exp(x)
    a = b + 1
    return np.log(a), a, a, a * b


@wrong("softplus_graph_backward", "wrong-local-derivative")
def one_added_to_the_gradient(x: Any) -> Any:
    b = math.exp(x)
    a = b + 1
    da = 1 / a
    db = 1 + da
    return math.log(a), da, db, db * b


@wrong("softplus_graph_backward", "swapped-inputs")
def from_x_to_a(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return math.log(a), b / a, 1 / a, 1 / a


@wrong("softplus_graph_backward", "swapped-inputs")
def y_last(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return 1 / a, 1 / a, b / a, math.log(a)


@wrong("softplus_graph_backward", "wrong-sign")
def minus_in_the_exponent(x: Any) -> Any:
    b = math.exp(-x)
    a = 1 + b
    return math.log(a), 1 / a, 1 / a, -b / a


@wrong("softplus_graph_backward", "constant-factor")
def logarithm_to_base_ten(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return math.log10(a), 1 / a, 1 / a, b / a


@wrong("softplus_graph_backward", "numerical-differentiation")
def quotient_for_dx(x: Any) -> Any:
    b, h = math.exp(x), 1e-5
    slope = (math.log(1 + math.exp(x + h)) - math.log(1 + math.exp(x - h))) / (2 * h)
    return math.log(1 + b), 1 / (1 + b), 1 / (1 + b), slope


@wrong("softplus_graph_backward", "wrong-type")
def only_dx(x: Any) -> Any:
    return 1 / (1 + math.exp(-x))


@wrong("softplus_graph_backward", "wrong-sign")
def minus_everywhere(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return (math.log(a), -1 / a, -1 / a, -b / a)


@wrong("softplus_graph_backward", "forgot-chain")
def chain_squared(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    da = 1 / a
    return (math.log(a), da, da, b)


@wrong("softplus_graph_backward", "wrong-local-derivative")
def exponential_a_step_early(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    dy_da = 1 / a
    dy_db = dy_da * b
    return math.log(a), dy_da, dy_db, dy_db


@wrong("softplus_graph_backward", "wrong-local-derivative")
def exponential_twice(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    return math.log(a), 1 / a, b / a, b / a * b


@right("softplus_graph_backward")
def back_through_the_nodes(x: Any) -> Any:
    b = math.exp(x)
    a = 1 + b
    y = math.log(a)
    dy_da = 1 / a
    dy_db = dy_da * 1
    dy_dx = dy_db * b
    return y, dy_da, dy_db, dy_dx


@right("softplus_graph_backward")
def with_sigmoids(x: Any) -> Any:
    return np.logaddexp(0, x), 1 / (1 + np.exp(x)), 1 - 1 / (1 + np.exp(-x)), 1 / (1 + np.exp(-x))


@right("softplus_graph_backward")
def one_array_of_four(x: Any) -> Any:
    b = np.exp(float(x))
    return np.array([np.log1p(b), 1 / (1 + b), 1 / (1 + b), 1 - 1 / (1 + b)])


# ---------------------------------------------------------------- fraction_backward


def _nodes(x: Any, y: Any) -> Any:
    s = 1 / (1 + math.exp(-x))
    return s, x + s, s + (x + y) ** 2


@wrong("fraction_backward", "wrong-variable")
def square_of_y_alone(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dx = dtop + dbottom * 2 * (x + y) + (dtop + dbottom) * s * (1 - s)
    return top / bottom, dx, dbottom * 2 * y


@wrong("fraction_backward", "forgot-chain")
def past_the_square(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dx = dtop + dbottom + (dtop + dbottom) * s * (1 - s)
    return top / bottom, dx, dbottom * 2 * (x + y)


@wrong("fraction_backward", "dropped-path")
def sigmoid_only_below(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dsquare = dbottom * 2 * (x + y)
    dx = dtop + dsquare + dbottom * s * (1 - s)
    return top / bottom, dx, dsquare


@wrong("fraction_backward", "dropped-path")
def sigmoid_only_above(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    u1, v1 = 1 + s * (1 - s), 2 * (x + y)
    return top / bottom, (u1 * bottom - top * v1) / bottom**2, -top * v1 / bottom**2


@wrong("fraction_backward", "dropped-path")
def without_the_square_path(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dz_dy = -2 * top * (x + y) / bottom**2
    return top / bottom, ((1 + ds) * bottom - top * ds) / bottom**2, dz_dy


@wrong("fraction_backward", "dropped-path")
def direct_path_missing(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dsquare = -top / bottom**2 * 2 * (x + y)
    return top / bottom, dsquare + (1 / bottom - top / bottom**2) * ds, dsquare


@wrong("fraction_backward", "dropped-path")
def sigmoid_not_followed_at_all(x: Any, y: Any) -> Any:
    _, top, bottom = _nodes(x, y)
    dsquare = -top / bottom**2 * 2 * (x + y)
    return top / bottom, 1 / bottom + dsquare, dsquare


@wrong("fraction_backward", "overwritten-gradient", "dropped-path")
def only_the_last_path_assigned(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dsum = dbottom * 2 * (x + y)
    dx = dsum
    dx = dtop
    dx = (dtop + dbottom) * s * (1 - s)
    return top / bottom, dx, dsum


@wrong("fraction_backward", "wrong-sign")
def quotient_rule_with_plus(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    top1, bottom1 = 1 + ds, ds + 2 * (x + y)
    return top / bottom, (top1 * bottom + top * bottom1) / bottom**2, top * 2 * (x + y) / bottom**2


@wrong("fraction_backward", "wrong-sign")
def quotient_rule_the_other_way(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dx = (top * (ds + 2 * (x + y)) - (1 + ds) * bottom) / bottom**2
    return top / bottom, dx, 2 * top * (x + y) / bottom**2


@wrong("fraction_backward", "forgot-chain")
def square_without_its_2(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dz_dy = -top * (x + y) / bottom**2
    return top / bottom, (1 + ds) / bottom - top * ds / bottom**2 + dz_dy, dz_dy


@wrong("fraction_backward", "forgot-chain", "wrong-local-derivative")
def bottom_not_squared(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dx = ((1 + ds) * bottom - top * (ds + 2 * (x + y))) / bottom
    return top / bottom, dx, -top * 2 * (x + y) / bottom


@wrong("fraction_backward", "wrong-local-derivative")
def reciprocal_without_the_top(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dbottom = -1 / bottom**2
    return top / bottom, (1 + ds) / bottom + dbottom * (ds + 2 * (x + y)), dbottom * 2 * (x + y)


@wrong("fraction_backward", "wrong-local-derivative")
def sigmoid_slope_is_its_value(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    dz_dy = -top / bottom**2 * 2 * (x + y)
    return top / bottom, (1 + s) / bottom - top / bottom**2 * s + dz_dy, dz_dy


@wrong("fraction_backward", "wrong-local-derivative", "forgot-chain")
def sigmoid_slope_missing(x: Any, y: Any) -> Any:
    _, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dz_dy = dbottom * 2 * (x + y)
    return top / bottom, dtop + dz_dy + (dtop + dbottom), dz_dy


@wrong("fraction_backward", "wrong-variable")
def sigmoid_slope_in_terms_of_x(x: Any, y: Any) -> Any:
    _, top, bottom = _nodes(x, y)
    dtop, dbottom = 1 / bottom, -top / bottom**2
    dz_dy = dbottom * 2 * (x + y)
    return top / bottom, dtop + dz_dy + (dtop + dbottom) * x * (1 - x), dz_dy


@wrong("fraction_backward", "swapped-inputs")
def dy_before_dx(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dy = -top / bottom**2 * 2 * (x + y)
    return top / bottom, dy, (1 + ds) / bottom - top / bottom**2 * ds + dy


@wrong("fraction_backward", "numerical-differentiation")
def quotients_for_the_fraction(x: Any, y: Any) -> Any:
    def z(x: Any, y: Any) -> Any:
        _, top, bottom = _nodes(x, y)
        return top / bottom

    h = 1e-6
    return z(x, y), (z(x + h, y) - z(x - h, y)) / (2 * h), (z(x, y + h) - z(x, y - h)) / (2 * h)


@wrong("fraction_backward", "dropped-path", "forgot-chain", "wrong-local-derivative")
def no_chain(x: Any, y: Any) -> Any:
    s = 1 / (1 + math.exp(-x))
    n = x + s
    d = s + (x + y) ** 2
    return (n / d, 1 / d - n / d**2, -n / d**2)


@wrong("fraction_backward", "wrong-local-derivative", "dropped-path")
def divided_derivatives(x: Any, y: Any) -> Any:
    s = 1 / (1 + math.exp(-x))
    n = x + s
    d = s + (x + y) ** 2
    ds = s * (1 - s)
    return (n / d, (1 + ds) / (ds + 2 * (x + y)), 0.0)


@wrong("fraction_backward", "wrong-sign")
def only_dy_sign(x: Any, y: Any) -> Any:
    s = 1 / (1 + math.exp(-x))
    n = x + s
    d = s + (x + y) ** 2
    ds = s * (1 - s)
    return (n / d, ((1 + ds) * d - n * (ds + 2 * (x + y))) / d**2, n * 2 * (x + y) / d**2)


@right("fraction_backward")
def quotient_rule(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = s * (1 - s)
    dx = ((1 + ds) * bottom - top * (ds + 2 * (x + y))) / bottom**2
    return top / bottom, dx, -2 * top * (x + y) / bottom**2


@right("fraction_backward")
def row_by_row(x: Any, y: Any) -> Any:
    sigy = 1.0 / (1 + np.exp(-x))
    num = x + sigy
    xpy = x + y
    den = sigy + xpy**2
    invden = 1.0 / den
    dnum = invden
    dinvden = num
    dden = -1.0 / den**2 * dinvden
    dsig = 1 * dden
    dxpy = 2 * xpy * dden
    dx, dy = dxpy, dxpy
    dx += dnum
    dsig += dnum
    dx += (1 - sigy) * sigy * dsig
    return num * invden, dx, dy


@right("fraction_backward")
def logarithmic_derivative(x: Any, y: Any) -> Any:
    s, top, bottom = _nodes(x, y)
    ds = math.exp(-x) * s * s
    z = top / bottom
    dx = (1 + ds - z * (ds + 2 * x + 2 * y)) / bottom
    return np.array([z, dx, -z * (2 * x + 2 * y) / bottom])


@right("fraction_backward")
def complex_step(x: Any, y: Any) -> Any:
    def z(x: Any, y: Any) -> Any:
        s = 1 / (1 + np.exp(-x))
        return (x + s) / (s + (x + y) ** 2)

    return z(x, y), z(x + 1e-100j, y).imag / 1e-100, z(x, y + 1e-100j).imag / 1e-100


# ---------------------------------------------------------------- topological_order


@wrong("topological_order", "wrong-order")
def as_listed(parents: Any) -> Any:
    order = []
    for node in parents:
        order.append(node)
    return order


@wrong("topological_order", "wrong-order")
def children_first(parents: Any) -> Any:
    order: list[Any] = []
    left = dict(parents)
    while left:
        used = {p for node in left for p in left[node]}
        free = [node for node in left if node not in used]
        if not free:
            raise ValueError("cycle")
        for node in free:
            order.append(node)
            del left[node]
    return order


@wrong("topological_order", "wrong-order")
def preorder(parents: Any) -> Any:
    order: list[Any] = []

    def visit(node: Any, path: Any) -> None:
        if node in path:
            raise ValueError("cycle")
        if node not in order:
            order.append(node)
            for p in parents[node]:
                visit(p, (*path, node))

    for node in parents:
        visit(node, ())
    return order[::-1]


@wrong("topological_order", "wrong-order")
def by_number_of_parents(parents: Any) -> Any:
    return [node for _, node in sorted((len(ps), node) for node, ps in parents.items())]


@wrong("topological_order", "wrong-order")
def one_parent_is_enough(parents: Any) -> Any:
    order = [node for node, ps in parents.items() if not ps]
    changed = True
    while changed:
        changed = False
        for node, ps in parents.items():
            if node not in order and any(p in order for p in ps):
                order.append(node)
                changed = True
    if len(order) < len(parents):
        raise ValueError("cycle")
    return order


@wrong("topological_order", "missing-error")
def depth_first_without_cycle_check(parents: Any) -> Any:
    order, seen = [], set()

    def visit(node: Any) -> None:
        if node in seen:
            return
        seen.add(node)
        for p in parents[node]:
            visit(p)
        order.append(node)

    for node in parents:
        visit(node)
    return order


@wrong("topological_order", "raised-error")
def endless_recursion(parents: Any) -> Any:
    order: list[Any] = []

    def visit(node: Any) -> None:
        for p in parents[node]:
            visit(p)
        if node not in order:
            order.append(node)

    for node in parents:
        visit(node)
    return order


@wrong("topological_order", "out-of-time", "missing-error")
def waits_for_ever(parents: Any) -> Any:
    order: list[Any] = []
    while len(order) < len(parents):
        for node, ps in parents.items():
            if node not in order and all(p in order for p in ps):
                order.append(node)
    return order


@wrong("topological_order", "missing-error")
def kahn_returns_what_it_has(parents: Any) -> Any:
    waiting = {node: len(ps) for node, ps in parents.items()}
    ready = [node for node in parents if waiting[node] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child, ps in parents.items():
            if node in ps:
                waiting[child] -= 1
                if waiting[child] == 0:
                    ready.append(child)
    return order


@wrong("topological_order", "raised-error")
def another_error(parents: Any) -> Any:
    try:
        return list(TopologicalSorter(parents).static_order())
    except CycleError as error:
        raise RuntimeError("there is a cycle") from error


@wrong("topological_order", "missing-error")
def returns_none_for_a_cycle(parents: Any) -> Any:
    order: list[Any] = []
    while len(order) < len(parents):
        free = [n for n in parents if n not in order and set(parents[n]) <= set(order)]
        if not free:
            return None
        order += free
    return order


@wrong("topological_order", "wrong-type")
def with_duplicates(parents: Any) -> Any:
    order: list[Any] = []

    def visit(node: Any, path: Any) -> None:
        if node in path:
            raise ValueError("cycle")
        for p in parents[node]:
            visit(p, [*path, node])
        order.append(node)

    for node in parents:
        visit(node, [])
    return order


@wrong("topological_order", "dropped-path")
def only_what_the_first_needs(parents: Any) -> Any:
    order: list[Any] = []

    def visit(node: Any, path: Any) -> None:
        if node in path:
            raise ValueError("cycle")
        if node not in order:
            for p in parents[node]:
                visit(p, path | {node})
            order.append(node)

    for node in list(parents)[:1]:
        visit(node, set())
    return order


@wrong("topological_order", "dropped-path")
def without_the_inputs(parents: Any) -> Any:
    order = list(TopologicalSorter(parents).static_order())
    return [node for node in order if parents[node]]


@wrong("topological_order", "mutated-input")
def kahn_on_the_caller_s_lists(parents: Any) -> Any:
    order = []
    while parents:
        free = [node for node in parents if not parents[node]]
        if not free:
            raise ValueError("cycle")
        for node in free:
            order.append(node)
            del parents[node]
        for ps in parents.values():
            ps[:] = [p for p in ps if p not in free]
    return order


@wrong("topological_order", "wrong-type")
def levels(parents: Any) -> Any:
    done: set[Any] = set()
    result = []
    while len(done) < len(parents):
        level = [n for n in parents if n not in done and done.issuperset(parents[n])]
        if not level:
            raise ValueError("cycle")
        result.append(level)
        done.update(level)
    return result


@wrong("topological_order", "wrong-type")
def an_iterator(parents: Any) -> Any:
    return iter(list(TopologicalSorter(parents).static_order()))


def _global_order(parents: Any, order: Any = []) -> Any:  # noqa: B006
    for node in TopologicalSorter(parents).static_order():
        if node not in order:
            order.append(node)
    return order


@wrong("topological_order", "stale-state", "wrong-value")
def default_list_kept(parents: Any) -> Any:
    try:
        return _global_order(parents)
    except CycleError as error:
        raise ValueError from error


@wrong("topological_order", "wrong-order")
def sorted_names(parents: Any) -> Any:
    return sorted(parents, reverse=True)


@wrong("topological_order", "wrong-order")
def bfs_from_inputs(parents: Any) -> Any:
    q = [n for n in parents if not parents[n]]
    o = []
    while q:
        n = q.pop(0)
        if n not in o:
            o.append(n)
            q += [c for c in parents if n in parents[c]]
    if len(o) < len(parents):
        raise ValueError
    return o


@wrong("topological_order", "raised-error")
def assertion(parents: Any) -> Any:
    o = []
    while len(o) < len(parents):
        f = [n for n in parents if n not in o and all(p in o for p in parents[n])]
        assert f
        o += f
    return o


@wrong("topological_order", "wrong-type")
def a_set(parents: Any) -> Any:
    return set(parents)


@wrong("topological_order", "wrong-type")
def a_dict(parents: Any) -> Any:
    return {n: i for i, n in enumerate(TopologicalSorter(parents).static_order())}


@right("topological_order")
def kahn(parents: Any) -> Any:
    children = defaultdict(list)
    waiting = {}
    for node, ps in parents.items():
        waiting[node] = len(ps)
        for p in ps:
            children[p].append(node)
    queue = deque(node for node, n in waiting.items() if n == 0)
    order = []
    while queue:
        node = queue.popleft()
        order.append(node)
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                queue.append(child)
    if len(order) != len(parents):
        raise ValueError("the graph has a cycle")
    return order


@right("topological_order")
def depth_first_with_colours(parents: Any) -> Any:
    WHITE, GREY, BLACK = range(3)
    colour = dict.fromkeys(parents, WHITE)
    order = []

    def visit(node: Any) -> None:
        if colour[node] == GREY:
            raise ValueError(f"cycle through {node}")
        if colour[node] == WHITE:
            colour[node] = GREY
            for p in parents[node]:
                visit(p)
            colour[node] = BLACK
            order.append(node)

    for node in parents:
        visit(node)
    return order


@right("topological_order")
def repeated_scans(parents: Any) -> Any:
    order: list[Any] = []
    while len(order) < len(parents):
        before = len(order)
        for node in parents:
            if node not in order and all(p in order for p in parents[node]):
                order.append(node)
        if len(order) == before:
            raise ValueError("cycle")
    return tuple(order)


@right("topological_order")
def by_depth(parents: Any) -> Any:
    def depth(node: Any, seen: Any = frozenset()) -> Any:
        if node in seen:
            raise ValueError("cycle")
        return 1 + max((depth(p, seen | {node}) for p in parents[node]), default=0)

    return sorted(parents, key=depth)


class GraphError(ValueError):
    """A cycle."""


@right("topological_order")
def error_of_its_own(parents: Any) -> Any:
    left = {node: set(ps) for node, ps in parents.items()}
    order: list[Any] = []
    while left:
        node = next((n for n, ps in left.items() if not ps), None)
        if node is None:
            raise GraphError("cycle")
        del left[node]
        for ps in left.values():
            ps.discard(node)
        order = [*order, node]
    return order


@right("topological_order")
def by_graphlib(parents: Any) -> Any:
    return [*TopologicalSorter(parents).static_order()]  # its CycleError is a ValueError


# ---------------------------------------------------------------- backpropagate


def _order(parents: Any) -> Any:
    return list(TopologicalSorter(parents).static_order())


@wrong("backpropagate", "overwritten-gradient")
def assigned_not_added(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in _order(parents)[::-1]:
        for parent in parents[child]:
            if grads[child] != 0:
                grads[parent] = grads[child] * local_derivatives[(child, parent)]
    return grads


@wrong("backpropagate", "overwritten-gradient")
def assigned_everywhere(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] = local_derivatives[child, parent] * grads[child]
    return grads


@wrong("backpropagate", "overwritten-gradient")
def recursion_that_assigns(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)

    def back(node: Any, g: Any) -> None:
        grads[node] = g
        for p in parents[node]:
            back(p, g * local_derivatives[node, p])

    back(output, 1.0)
    return grads


@wrong("backpropagate", "dropped-path", "overwritten-gradient")
def visited_set_skips_the_second_path(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    visited = set()

    def back(node: Any, g: Any) -> None:
        if node in visited:
            return
        visited.add(node)
        grads[node] += g
        for p in parents[node]:
            back(p, g * local_derivatives[node, p])

    back(output, 1.0)
    return grads


@wrong("backpropagate", "dropped-path", "overwritten-gradient")
def first_arrival_only(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads, queue = {output: 1.0}, [output]
    while queue:
        node = queue.pop(0)
        for p in parents[node]:
            if p not in grads:
                grads[p] = grads[node] * local_derivatives[node, p]
                queue.append(p)
    return {node: grads.get(node, 0.0) for node in parents}


@wrong("backpropagate", "wrong-order")
def hands_on_what_it_has_each_time(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0

    def back(node: Any) -> None:
        for p in parents[node]:
            grads[p] += grads[node] * local_derivatives[node, p]
            back(p)

    back(output)
    return grads


@wrong("backpropagate", "wrong-order")
def queue_without_an_order(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    queue, seen = deque([output]), {output}
    while queue:
        node = queue.popleft()
        for p in parents[node]:
            grads[p] += grads[node] * local_derivatives[node, p]
            if p not in seen:
                seen.add(p)
                queue.append(p)
    return grads


@wrong("backpropagate", "wrong-order")
def queue_with_repeats(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    queue = [output]
    while queue:
        node = queue.pop(0)
        for p in parents[node]:
            grads[p] += grads[node] * local_derivatives[node, p]
            queue.append(p)
    return grads


@wrong("backpropagate", "wrong-order")
def stack_with_a_visited_set(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    stack, done = [output], set()
    while stack:
        node = stack.pop()
        if node in done:
            continue
        done.add(node)
        for p in parents[node]:
            grads[p] += grads[node] * local_derivatives[node, p]
            stack.append(p)
    return grads


@wrong("backpropagate", "wrong-order")
def from_the_inputs(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in _order(parents):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-order")
def listed_order_reversed(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in list(parents)[::-1]:
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "forgot-chain")
def counts_paths(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child]
    return grads


@wrong("backpropagate", "missing-upstream")
def adds_local_derivatives(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "missing-upstream")
def nothing_to_start_with(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-value")
def adds_along_a_path(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] + local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-value")
def multiplies_where_paths_meet(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    reached = {output}
    for child in reversed(_order(parents)):
        if child in reached:
            for parent in parents[child]:
                part = grads[child] * local_derivatives[child, parent]
                grads[parent] = grads[parent] * part if parent in reached else part
                reached.add(parent)
    return grads


@wrong("backpropagate", "wrong-variable")
def starts_at_the_last_node(parents: Any, local_derivatives: Any, output: Any) -> Any:
    order = _order(parents)
    grads = dict.fromkeys(parents, 0.0)
    grads[order[-1]] = 1.0
    for child in order[::-1]:
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-variable", "wrong-mask")
def ones_for_every_end(parents: Any, local_derivatives: Any, output: Any) -> Any:
    used = {p for ps in parents.values() for p in ps}
    grads = {node: 0.0 if node in used else 1.0 for node in parents}
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-variable", "wrong-mask")
def ones_everywhere(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 1.0)
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-type")
def leaves_out_the_unreached(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = defaultdict(float, {output: 1.0})
    for child in reversed(_order(parents)):
        if child in grads:
            for parent in parents[child]:
                grads[parent] += grads[child] * local_derivatives[child, parent]
    return dict(grads)


@wrong("backpropagate", "wrong-type")
def none_for_the_unreached(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads: dict[Any, Any] = dict.fromkeys(parents)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        if grads[child] is not None:
            for parent in parents[child]:
                grads[parent] = (grads[parent] or 0) + grads[child] * local_derivatives[child, parent]
    return grads


@wrong("backpropagate", "wrong-type")
def list_of_gradients(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return list(grads.values())


@wrong("backpropagate", "raised-error")
def key_the_other_way(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[parent, child]
    return grads


@wrong("backpropagate", "mutated-input")
def eats_the_parents(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)
    grads[output] = 1.0
    for child in reversed(_order(parents)):
        while parents[child]:
            parent = parents[child].pop()
            grads[parent] += grads[child] * local_derivatives[child, parent]
    return grads


_grads: dict[Any, float] = defaultdict(float)


@wrong("backpropagate", "stale-state")
def gradients_never_zeroed(parents: Any, local_derivatives: Any, output: Any) -> Any:
    _grads[output] = 1.0
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            _grads[parent] += _grads[child] * local_derivatives[child, parent]
    return {node: _grads[node] for node in parents}


@wrong("backpropagate", "dropped-path", "wrong-order")
def output_s_parents_only(parents: Any, local_derivatives: Any, output: Any) -> Any:
    g = dict.fromkeys(parents, 0.0)
    g[output] = 1.0
    for p in parents[output]:
        g[p] = local_derivatives[output, p]
    return g


@wrong("backpropagate", "wrong-sign")
def negative(parents: Any, local_derivatives: Any, output: Any) -> Any:
    g = dict.fromkeys(parents, 0.0)
    g[output] = 1.0
    for c in reversed(list(TopologicalSorter(parents).static_order())):
        for p in parents[c]:
            g[p] -= g[c] * local_derivatives[c, p]
    return g


@wrong("backpropagate", "missing-upstream")
def output_zero(parents: Any, local_derivatives: Any, output: Any) -> Any:
    g = dict.fromkeys(parents, 0.0)
    g[output] = 1.0
    for c in reversed(list(TopologicalSorter(parents).static_order())):
        for p in parents[c]:
            g[p] += g[c] * local_derivatives[c, p]
    g[output] = 0.0
    return g


@wrong("backpropagate", "wrong-order")
def forward_direction(parents: Any, local_derivatives: Any, output: Any) -> Any:
    g = {}
    for n in TopologicalSorter(parents).static_order():
        g[n] = 1.0 if not parents[n] else sum(g[p] * local_derivatives[n, p] for p in parents[n])
    return g


@wrong("backpropagate", "constant-factor", "wrong-value")
def twice_added(parents: Any, local_derivatives: Any, output: Any) -> Any:
    g = dict.fromkeys(parents, 0.0)
    g[output] = 1.0
    for c in reversed(list(TopologicalSorter(parents).static_order())):
        for p in parents[c]:
            g[p] += g[c] * local_derivatives[c, p]
            g[p] += g[c] * local_derivatives[c, p]
    return g


@right("backpropagate")
def reverse_topological(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0)
    grads[output] = 1
    for child in reversed(_order(parents)):
        for parent in parents[child]:
            grads[parent] += grads[child] * local_derivatives[(child, parent)]
    return grads


@right("backpropagate")
def every_path(parents: Any, local_derivatives: Any, output: Any) -> Any:
    grads = dict.fromkeys(parents, 0.0)

    def walk(node: Any, product: Any) -> None:
        grads[node] += product
        for parent in parents[node]:
            walk(parent, product * local_derivatives[node, parent])

    walk(output, 1.0)
    return grads


@right("backpropagate")
def recursive_with_memory(parents: Any, local_derivatives: Any, output: Any) -> Any:
    children = {node: [c for c in parents if node in parents[c]] for node in parents}

    @cache
    def grad(node: Any) -> float:
        own = 1.0 if node == output else 0.0
        return own + sum(grad(c) * local_derivatives[c, node] for c in children[node])

    return {node: grad(node) for node in parents}


@right("backpropagate")
def paths_on_a_stack(parents: Any, local_derivatives: Any, output: Any) -> Any:
    totals = defaultdict(float)
    stack = [(output, 1.0)]
    while stack:
        node, product = stack.pop()
        totals[node] += product
        stack += [(p, product * local_derivatives[node, p]) for p in parents[node]]
    return {node: np.float64(totals[node]) for node in parents}


@right("backpropagate")
def linear_system(parents: Any, local_derivatives: Any, output: Any) -> Any:
    nodes = list(parents)
    at = {node: i for i, node in enumerate(nodes)}
    A = np.zeros((len(nodes), len(nodes)))
    for (child, parent), value in local_derivatives.items():
        A[at[parent], at[child]] = value
    e = np.zeros(len(nodes))
    e[at[output]] = 1
    g = np.linalg.solve(np.eye(len(nodes)) - A, e)
    return {node: g[at[node]] for node in nodes}


@right("backpropagate")
def counts_children_first(parents: Any, local_derivatives: Any, output: Any) -> Any:
    waiting = dict.fromkeys(parents, 0)
    for ps in parents.values():
        for p in ps:
            waiting[p] += 1
    grads = {node: np.array(0.0) for node in parents}
    grads[output] = np.array(1.0)
    ready = [node for node in parents if waiting[node] == 0]
    while ready:
        node = ready.pop()
        for p in parents[node]:
            grads[p] = grads[p] + grads[node] * local_derivatives[node, p]
            waiting[p] -= 1
            if waiting[p] == 0:
                ready.append(p)
    return grads


@right("backpropagate")
def matrix_powers(parents: Any, local_derivatives: Any, output: Any) -> Any:
    nodes = sorted(parents)
    index = {node: i for i, node in enumerate(nodes)}
    L = np.zeros((len(nodes), len(nodes)))
    for child in nodes:
        for parent in parents[child]:
            L[index[child], index[parent]] = local_derivatives[child, parent]
    step = np.eye(len(nodes))[index[output]]
    total = step.copy()
    for _ in nodes:
        step = step @ L
        total += step
    return dict(zip(nodes, total.tolist()))

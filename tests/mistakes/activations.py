"""Implementations of the exercises of 04-activations."""

import math
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong

# ---------------------------------------------------------------- linear_composition


@wrong("linear_composition", "dropped-path")
def last_bias_only(weights: Any, biases: Any) -> Any:
    W = np.eye(weights[0].shape[0])
    for w in weights:
        W = W @ w
    return W, biases[-1]


@wrong("linear_composition", "forgot-chain", "dropped-path")
def biases_added_unchanged(weights: Any, biases: Any) -> Any:
    W = weights[0]
    for w in weights[1:]:
        W = W @ w
    return W, np.sum(biases, axis=0)


@wrong("linear_composition", "missing-transpose", "wrong-order", "raised-error")
def column_convention(weights: Any, biases: Any) -> Any:
    W, b = weights[0], biases[0]
    for w, c in zip(weights[1:], biases[1:]):
        W, b = w @ W, w @ b + c
    return W, b


@wrong("linear_composition", "swapped-inputs")
def bias_first(weights: Any, biases: Any) -> Any:
    W, b = weights[0], biases[0]
    for w, c in zip(weights[1:], biases[1:]):
        W, b = W @ w, b @ w + c
    return b, W


@wrong("linear_composition", "mutated-input")
def composes_in_place(weights: Any, biases: Any) -> Any:
    while len(weights) > 1:
        biases[1] = biases[0] @ weights[1] + biases[1]
        weights[1] = weights[0] @ weights[1]
        weights.pop(0), biases.pop(0)
    return weights[0], biases[0]


@wrong("linear_composition", "wrong-sign")
def subtracts_the_biases(weights: Any, biases: Any) -> Any:
    W, b = weights[0], -biases[0]
    for w, c in zip(weights[1:], biases[1:]):
        W, b = W @ w, b @ w - c
    return W, b


@right("linear_composition")
def from_the_back(weights: Any, biases: Any) -> Any:
    W, b = np.array(weights[-1], float), np.array(biases[-1], float)
    for w, c in zip(weights[-2::-1], biases[-2::-1]):
        b = b + c @ W
        W = w @ W
    return W, b


@right("linear_composition")
def by_probing(weights: Any, biases: Any) -> Any:
    def run(x: Any) -> Any:
        for w, c in zip(weights, biases):
            x = x @ w + c
        return x

    D = weights[0].shape[0]
    b = run(np.zeros(D))
    return [[(run(e) - b).tolist() for e in np.eye(D)], b]


@right("linear_composition")
def multi_dot(weights: Any, biases: Any) -> Any:
    W = np.linalg.multi_dot(weights) if len(weights) > 1 else weights[0]
    b = sum(
        c @ np.linalg.multi_dot([np.eye(len(c)), *weights[i + 1 :]]) if weights[i + 1 :] else c
        for i, c in enumerate(biases)
    )
    return W, b


# ---------------------------------------------------------------- sigmoid_backward


def _s(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z, float)))


@wrong("sigmoid_backward", "wrong-variable")
def sigmoid_of_the_output(dy: Any, y: Any) -> Any:
    s = _s(y)
    return dy * s * (1 - s)


@wrong("sigmoid_backward", "missing-upstream")
def slope_only(dy: Any, y: Any) -> Any:
    return np.multiply(y, 1 - y)


@wrong("sigmoid_backward", "wrong-local-derivative")
def tanh_slope(dy: Any, y: Any) -> Any:
    return (1 - np.square(y)) * dy


@wrong("sigmoid_backward", "wrong-sign")
def decreasing(dy: Any, y: Any) -> Any:
    return -dy * y * (1 - y)


@wrong("sigmoid_backward", "constant-factor")
def doubled(dy: Any, y: Any) -> Any:
    return 2.0 * dy * (y - y**2)


@wrong("sigmoid_backward", "mutated-input")
def in_place(dy: Any, y: Any) -> Any:
    dy *= y * (1 - y)
    return dy


@wrong("sigmoid_backward", "numerical-differentiation")
def difference_quotient(dy: Any, y: Any) -> Any:
    y = np.clip(np.asarray(y, float), 1e-15, 1 - 1e-15)
    z = np.log(y / (1 - y))
    return dy * (_s(z + 1e-5) - _s(z - 1e-5)) / 2e-5


_total = np.zeros(1)


@wrong("sigmoid_backward", "stale-state")
def accumulates(dy: Any, y: Any) -> Any:
    _total[0] += 1
    return dy * y * (1 - y) * _total[0]


@right("sigmoid_backward")
def expanded(dy: Any, y: Any) -> Any:
    return dy * y - dy * y**2


@right("sigmoid_backward")
def through_the_jacobian(dy: Any, y: Any) -> Any:
    dy, y = np.asarray(dy), np.asarray(y)
    return (np.diag((y * (1 - y)).ravel()) @ dy.ravel()).reshape(y.shape)


@right("sigmoid_backward")
def entry_by_entry(dy: Any, y: Any) -> Any:
    out = np.empty(np.shape(y))
    for i in np.ndindex(*np.shape(y)):
        out[i] = dy[i] * y[i] * (1.0 - y[i])
    return out


# ---------------------------------------------------------------- tanh_backward


@wrong("tanh_backward", "wrong-variable")
def tanh_of_the_output(dy: Any, y: Any) -> Any:
    return dy / np.cosh(y) ** 2


@wrong("tanh_backward", "wrong-local-derivative")
def not_squared(dy: Any, y: Any) -> Any:
    return dy - dy * y


@wrong("tanh_backward", "wrong-local-derivative")
def sigmoid_slope(dy: Any, y: Any) -> Any:
    return dy * y * (1 - y)


@wrong("tanh_backward", "missing-upstream")
def no_upstream(dy: Any, y: Any) -> Any:
    return np.ones_like(y) - np.asarray(y) ** 2


@wrong("tanh_backward", "wrong-sign")
def minus(dy: Any, y: Any) -> Any:
    return dy * (y * y - 1)


@wrong("tanh_backward", "not-implemented")
def forgot_return(dy: Any, y: Any) -> Any:
    dz = dy * (1 - y**2)  # noqa: F841


@wrong("tanh_backward", "wrong-type")
def returns_both(dy: Any, y: Any) -> Any:
    return {"dz": dy * (1 - y**2)}


@wrong("tanh_backward", "raised-error")
def misspelt(dy: Any, y: Any) -> Any:
    return dy * (1 - tanh(y) ** 2)  # type: ignore[name-defined]  # noqa: F821


@right("tanh_backward")
def factored(dy: Any, y: Any) -> Any:
    return dy * (1 + y) * (1 - y)


@right("tanh_backward")
def as_lists(dy: Any, y: Any) -> Any:
    return (np.asarray(dy) * (1 - np.power(y, 2))).tolist()


# ---------------------------------------------------------------- softplus_backward


@wrong("softplus_backward", "not-finite")
def overflowing(dy: Any, z: Any) -> Any:
    e = np.exp(z)
    return dy * e / (1 + e)


@wrong("softplus_backward", "missing-upstream")
def bare_sigmoid(dy: Any, z: Any) -> Any:
    return np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


@wrong("softplus_backward", "wrong-local-derivative")
def relu_mask(dy: Any, z: Any) -> Any:
    return np.where(z > 0, dy, 0.0)


@wrong("softplus_backward", "wrong-local-derivative", "forgot-chain")
def outer_only(dy: Any, z: Any) -> Any:
    return dy / (1 + np.exp(np.minimum(z, 600)))


@wrong("softplus_backward", "value-instead-of-mask")
def times_the_value(dy: Any, z: Any) -> Any:
    return np.logaddexp(0, z) * dy


@wrong("softplus_backward", "numerical-differentiation")
def symmetric_quotient(dy: Any, z: Any) -> Any:
    h = 1e-6
    return dy * (np.logaddexp(0, z + h) - np.logaddexp(0, z - h)) / (2 * h)


@right("softplus_backward")
def one_minus(dy: Any, z: Any) -> Any:
    return dy * (1 - 1 / (1 + np.exp(np.minimum(np.asarray(z, float), 700))))


@right("softplus_backward")
def half_tanh(dy: Any, z: Any) -> Any:
    return dy * 0.5 * (1 + np.tanh(np.asarray(z) / 2))


@right("softplus_backward")
def overflow_to_the_right_limit(dy: Any, z: Any) -> Any:
    return dy / (1 + np.exp(-np.asarray(z, float)))


# ---------------------------------------------------------------- relu_backward


@wrong("relu_backward", "wrong-mask")
def threshold_in_the_place_of_0(dy: Any, z: Any) -> Any:
    return dy * (z > 1e-6)


@wrong("relu_backward", "wrong-mask")
def mask_from_the_output(dy: Any, z: Any) -> Any:
    y = np.maximum(0, z)
    dz = np.array(dy, float)
    dz[y < 0] = 0
    return dz


@wrong("relu_backward", "wrong-mask")
def guided(dy: Any, z: Any) -> Any:
    return dy * (z > 0) * (dy > 0)


@wrong("relu_backward", "wrong-mask")
def mask_of_dy(dy: Any, z: Any) -> Any:
    out = np.array(dy, float)
    out[out <= 0] = 0
    return out


@wrong("relu_backward", "wrong-mask")
def inverted(dy: Any, z: Any) -> Any:
    return np.where(z <= 0, dy, 0)


@wrong("relu_backward", "value-instead-of-mask")
def times_relu(dy: Any, z: Any) -> Any:
    return np.clip(z, 0, None) * dy


@wrong("relu_backward", "missing-upstream")
def mask_alone(dy: Any, z: Any) -> Any:
    return (z > 0).astype(float)


@wrong("relu_backward", "mutated-input")
def in_place_mask(dy: Any, z: Any) -> Any:
    dy[z <= 0] = 0
    return dy


@wrong("relu_backward", "integer-truncation")
def zeros_like_z(dy: Any, z: Any) -> Any:
    dz = np.zeros_like(z)
    dz[z > 0] = dy[z > 0]
    return dz


@wrong("relu_backward", "forward-instead-of-backward")
def forward_again(dy: Any, z: Any) -> Any:
    return z * (z > 0)


@wrong("relu_backward", "wrong-local-derivative")
def slope_two_at_the_kink(dy: Any, z: Any) -> Any:
    return dy * (z > 0) + dy * 2 * (z == 0)


@wrong("relu_backward", "wrong-local-derivative")
def negative_at_the_kink(dy: Any, z: Any) -> Any:
    return dy * np.where(z > 0, 1.0, np.where(z < 0, 0.0, -0.1))


@wrong("relu_backward", "truth-of-an-array", "raised-error")
def truth_of_an_array(dy: Any, z: Any) -> Any:
    return dy if z > 0 else 0


@wrong("relu_backward", "extra-axis")
def wrapped(dy: Any, z: Any) -> Any:
    return [dy * (z > 0)]


@wrong("relu_backward", "wrong-shape")
def only_the_active(dy: Any, z: Any) -> Any:
    return dy[z > 0]


@wrong("relu_backward", "wrong-shape", "unsummed-axis", "missing-upstream")
def scalar_sum(dy: Any, z: Any) -> Any:
    return (dy * (z > 0)).sum()


@right("relu_backward")
def zero_at_the_kink(dy: Any, z: Any) -> Any:
    return np.where(z > 0, dy, 0)


@right("relu_backward")
def one_at_the_kink(dy: Any, z: Any) -> Any:
    return dy * (z >= 0)


@right("relu_backward")
def half_at_the_kink(dy: Any, z: Any) -> Any:
    return dy * np.heaviside(z, 0.5)


@right("relu_backward")
def copy_and_blank(dy: Any, z: Any) -> Any:
    dz = dy.copy()
    dz[z <= 0] = 0
    return dz


@right("relu_backward")
def python_loop(dy: Any, z: Any) -> Any:
    return np.array([g if x > 0 else 0.0 for g, x in zip(np.ravel(dy), np.ravel(z))]).reshape(np.shape(z))


@right("relu_backward")
def sign_of_the_output(dy: Any, z: Any) -> Any:
    return dy * np.sign(np.maximum(z, 0))


# ---------------------------------------------------------------- subdifferential and subgradient


@wrong("relu_subdifferential", "wrong-mask")
def close_to_0_taken_for_0(z: Any) -> Any:
    at_kink = np.isclose(z, 0)
    return np.where(at_kink, 0.0, z > 0), np.where(at_kink, 1.0, z > 0)


@wrong("relu_subdifferential", "swapped-inputs")
def high_low(z: Any) -> Any:
    return np.where(z >= 0, 1.0, 0.0), np.where(np.asarray(z) > 0, 1.0, 0.0)


@wrong("relu_subdifferential", "wrong-mask")
def zero_only(z: Any) -> Any:
    d = (np.asarray(z) > 0) * 1.0
    return d, d


@wrong("relu_subdifferential", "wrong-mask")
def one_only(z: Any) -> Any:
    d = (np.asarray(z) >= 0) * 1.0
    return d, d.copy()


@wrong("relu_subdifferential", "wrong-type")
def one_array(z: Any) -> Any:
    return (np.asarray(z) > 0) * 1.0


@wrong("relu_subdifferential", "wrong-local-derivative")
def of_the_absolute_value(z: Any) -> Any:
    z = np.asarray(z)
    return np.where(z > 0, 1.0, np.where(z < 0, 0.0, -1.0)), np.where(z >= 0, 1.0, 0.0)


@right("relu_subdifferential")
def heaviside(z: Any) -> Any:
    return np.heaviside(z, 0), np.heaviside(z, 1)


@right("relu_subdifferential")
def booleans_as_list(z: Any) -> Any:
    return [np.greater(z, 0), np.greater_equal(z, 0)]


@wrong("is_subgradient", "wrong-sign")
def above(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return all(f(x) - f(x0) <= np.dot(v, x - x0) + 1e-12 for x in points)


@wrong("is_subgradient", "wrong-variable")
def from_the_origin(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return bool(np.all([f(x) - f(x0) >= v @ x - 1e-9 for x in points]))


@wrong("is_subgradient", "wrong-value")
def any_point(v: Any, f: Any, x0: Any, points: Any) -> Any:
    for x in points:
        if f(x) - f(x0) >= v @ (x - x0) - 1e-9:
            return True
    return False


@wrong("is_subgradient", "wrong-value")
def no_tolerance(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return all(f(x) >= f(x0) + v @ (x - x0) for x in points)


@wrong("is_subgradient", "dropped-path", "wrong-value")
def height_forgotten(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return all(f(x) >= v @ (x - x0) - 1e-9 for x in points)


@wrong("is_subgradient", "wrong-type", "wrong-shape", "wrong-value")
def array_of_verdicts(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return np.array([f(x) - f(x0) >= v @ (x - x0) - 1e-9 for x in points])


@right("is_subgradient")
def loop_with_early_exit(v: Any, f: Any, x0: Any, points: Any) -> Any:
    for x in points:
        line = f(x0) + sum(a * (b - c) for a, b, c in zip(v, x, x0))
        if f(x) < line - 1e-9 * max(1, abs(line)):
            return False
    return True


@right("is_subgradient")
def numpy_bool(v: Any, f: Any, x0: Any, points: Any) -> Any:
    gaps = np.array([f(x) for x in points]) - f(x0) - (points - x0) @ v
    return np.min(gaps) >= -1e-8


# ---------------------------------------------------------------- leaky_relu, elu, prelu, rrelu


@wrong("leaky_relu_backward", "dropped-path")
def plain_relu(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * (z > 0)


@wrong("leaky_relu_backward", "missing-upstream")
def alpha_alone(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha)


@wrong("leaky_relu_backward", "wrong-mask")
def sides_swapped(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * ((z < 0) + alpha * (z >= 0))


@wrong("leaky_relu_backward", "wrong-mask")
def maximum_form(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z >= alpha * z, 1.0, alpha)


@wrong("leaky_relu_backward", "wrong-mask", "wrong-local-derivative")
def alpha_everywhere_and_one_more(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * (alpha + (z > 0))


@right("leaky_relu_backward")
def alpha_plus(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * (alpha + (1 - alpha) * (z > 0))


@right("leaky_relu_backward")
def one_at_zero(dy: Any, z: Any, alpha: Any) -> Any:
    out = np.array(dy, dtype=float)
    out[np.asarray(z) < 0] *= alpha
    return out


@wrong("elu_backward", "unused-parameter")
def alpha_forgotten(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.exp(np.minimum(z, 0))


@wrong("elu_backward", "wrong-local-derivative", "value-instead-of-mask")
def value_on_the_left(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, dy * alpha * (np.exp(np.minimum(z, 0)) - 1))


@wrong("elu_backward", "not-finite")
def products_of_masks(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * (1.0 * (z > 0) + alpha * np.exp(z) * (z <= 0))


@wrong("elu_backward", "wrong-local-derivative")
def like_leaky(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0, 1.0, alpha)


@wrong("elu_backward", "wrong-sign", "wrong-local-derivative")
def minus_on_the_left(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0, 1.0, -alpha * np.exp(np.minimum(z, 0)))


@right("elu_backward")
def from_the_value(dy: Any, z: Any, alpha: Any) -> Any:
    y = alpha * np.expm1(np.minimum(z, 0))
    return np.where(z > 0, dy, dy * (y + alpha))


@right("elu_backward")
def one_at_the_kink_of_elu(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(np.asarray(z) >= 0, 1.0, alpha * np.exp(np.clip(z, None, 0)))


@wrong("prelu_backward", "unsummed-axis")
def alpha_per_entry(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.where(z > 0, 0, dy * z)


@wrong("prelu_backward", "averaged-not-summed")
def mean_over_entries(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.mean(np.where(z > 0, 0, dy * z))


@wrong("prelu_backward", "wrong-mask")
def all_entries_count(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.sum(dy * z)


@wrong("prelu_backward", "swapped-inputs")
def alpha_first(dy: Any, z: Any, alpha: Any) -> Any:
    return np.sum(np.where(z > 0, 0, dy * z)), np.where(z > 0, dy, alpha * dy)


@wrong("prelu_backward", "wrong-type")
def dz_alone(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy)


@wrong("prelu_backward", "wrong-axis", "wrong-shape", "unsummed-axis")
def summed_over_the_batch_only(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.sum(np.where(z > 0, 0, dy * z), axis=0)


@right("prelu_backward")
def with_a_loop(dy: Any, z: Any, alpha: Any) -> Any:
    dz, dalpha = np.zeros(np.shape(z)), 0.0
    for i in np.ndindex(*np.shape(z)):
        dz[i] = dy[i] * (1 if z[i] > 0 else alpha)
        dalpha += 0 if z[i] > 0 else dy[i] * z[i]
    return [dz, float(dalpha)]


@right("prelu_backward")
def with_fsum_and_einsum(dy: Any, z: Any, alpha: Any) -> Any:
    left = np.asarray(z) < 0
    return dy * np.where(left, alpha, 1), np.array(math.fsum((dy * z)[left].tolist()))


@wrong("rrelu_backward", "wrong-local-derivative")
def mean_slope(dy: Any, z: Any, slopes: Any) -> Any:
    return np.where(z > 0, dy, slopes.mean() * dy)


@wrong("rrelu_backward", "unused-parameter")
def draws_again(dy: Any, z: Any, slopes: Any) -> Any:
    return np.where(z > 0, dy, np.random.uniform(0.1, 0.4, np.shape(z)) * dy)


@wrong("rrelu_backward", "wrong-mask", "wrong-local-derivative")
def slope_everywhere(dy: Any, z: Any, slopes: Any) -> Any:
    return slopes * dy


@right("rrelu_backward")
def gain_array(dy: Any, z: Any, slopes: Any) -> Any:
    gain = np.ones(np.shape(z))
    gain[np.asarray(z) < 0] = slopes[np.asarray(z) < 0]
    return gain * dy


# ---------------------------------------------------------------- maxout


def _won(x: Any, W: Any, b: Any) -> Any:
    p = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]
    return p.argmax(0)[None] == np.arange(len(W))[:, None, None]


@wrong("maxout_backward", "wrong-mask")
def gradient_to_every_piece(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = np.broadcast_to(dy, (len(W), *dy.shape))
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp), dp.sum(1)


@wrong("maxout_backward", "averaged-not-summed")
def mean_over_the_batch(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = _won(x, W, b) * dy
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp) / len(x), dp.mean(1)


@wrong("maxout_backward", "missing-upstream")
def without_dy(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = _won(x, W, b) * 1.0
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp), dp.sum(1)


@wrong("maxout_backward", "transposed", "wrong-shape")
def weights_transposed(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = _won(x, W, b) * dy
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kmd", x, dp), dp.sum(1)


@wrong("maxout_backward", "unsummed-axis")
def bias_per_row(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = _won(x, W, b) * dy
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp), dp


@wrong("maxout_backward", "double-counted-tie")
def every_tied_piece(dy: Any, x: Any, W: Any, b: Any) -> Any:
    p = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]
    dp = (p == p.max(0)) * dy
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp), dp.sum(1)


@right("maxout_backward")
def with_einsum(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dp = _won(x, W, b) * dy
    return np.einsum("knm,kdm->nd", dp, W), np.einsum("nd,knm->kdm", x, dp), dp.sum(1)


@right("maxout_backward")
def last_winner_with_loops(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for n in range(len(x)):
        for m in range(W.shape[2]):
            values = [x[n] @ W[k, :, m] + b[k, m] for k in range(len(W))]
            k = len(W) - 1 - int(np.argmax(values[::-1]))
            dx[n] += dy[n, m] * W[k, :, m]
            dW[k, :, m] += dy[n, m] * x[n]
            db[k, m] += dy[n, m]
    return dx, dW, db


# ---------------------------------------------------------------- max_backward, max_pool_backward


@wrong("max_backward", "double-counted-tie")
def all_tied(dy: Any, z: Any) -> Any:
    return (z == z.max(axis=-1, keepdims=True)) * np.expand_dims(dy, -1)


@wrong("max_backward", "missing-upstream")
def indicator(dy: Any, z: Any) -> Any:
    return np.eye(z.shape[-1])[z.argmax(-1)]


@wrong("max_backward", "wrong-axis", "wrong-mask")
def global_maximum(dy: Any, z: Any) -> Any:
    return np.where(z == z.max(), np.expand_dims(dy, -1), 0.0)


@wrong("max_backward", "value-instead-of-mask")
def times_the_maximum(dy: Any, z: Any) -> Any:
    return np.eye(z.shape[-1])[z.argmax(-1)] * z * np.expand_dims(dy, -1)


@wrong("max_backward", "wrong-shape", "missing-transpose", "raised-error", "broadcast-blow-up")
def without_new_axis(dy: Any, z: Any) -> Any:
    return (z == z.max(-1, keepdims=True)) * dy


@wrong("max_backward", "wrong-local-derivative", "wrong-mask")
def nothing_at_ties(dy: Any, z: Any) -> Any:
    top = z == z.max(axis=-1, keepdims=True)
    return np.where(top & (top.sum(-1, keepdims=True) == 1), np.expand_dims(dy, -1), 0.0)


@right("max_backward")
def even_split(dy: Any, z: Any) -> Any:
    top = z == z.max(axis=-1, keepdims=True)
    return top / top.sum(-1, keepdims=True) * np.expand_dims(dy, -1)


@right("max_backward")
def last_winner(dy: Any, z: Any) -> Any:
    j = z.shape[-1] - 1 - z[..., ::-1].argmax(-1)
    return (np.arange(z.shape[-1]) == j[..., None]) * np.asarray(dy)[..., None]


@right("max_backward")
def seventy_thirty(dy: Any, z: Any) -> Any:
    first = np.eye(z.shape[-1])[z.argmax(-1)]
    last = np.eye(z.shape[-1])[z.shape[-1] - 1 - z[..., ::-1].argmax(-1)]
    return (0.7 * first + 0.3 * last) * np.expand_dims(dy, -1)


def _winners(z: Any, size: int, stride: int) -> Any:
    count = (z.shape[-1] - size) // stride + 1
    for row in np.ndindex(*z.shape[:-1]):
        for k in range(count):
            yield row, k, k * stride + int(np.argmax(z[row][k * stride : k * stride + size]))


@wrong("max_pool_backward", "overwritten-gradient")
def assigns(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for row, k, j in _winners(z, size, stride):
        dz[(*row, j)] = dy[(*row, k)]
    return dz


@wrong("max_pool_backward", "overwritten-gradient")
def fancy_index_add(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    flat, out = z.reshape(-1, z.shape[-1]), dz.reshape(-1, z.shape[-1])
    for r, row in enumerate(np.asarray(dy, float).reshape(len(flat), -1)):
        j = np.array([k * stride + flat[r, k * stride : k * stride + size].argmax() for k in range(len(row))])
        out[r, j] += row  # counts an index that comes twice only once
    return dz


@wrong("max_pool_backward", "integer-truncation")
def zeros_of_z_type(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros_like(z)
    for row, k, j in _winners(z, size, stride):
        dz[(*row, j)] += np.asarray(dy)[(*row, k)].astype(z.dtype)
    return dz


@wrong("max_pool_backward", "double-counted-tie")
def all_tied_of_a_window(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        w = z[..., k * stride : k * stride + size]
        dz[..., k * stride : k * stride + size] += (w == w.max(-1, keepdims=True)) * dy[..., k : k + 1]
    return dz


@wrong("max_pool_backward", "missing-upstream")
def counts_wins(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for row, _, j in _winners(z, size, stride):
        dz[(*row, j)] += 1
    return dz


@wrong("max_pool_backward", "averaged-not-summed", "wrong-mask")
def average_pool(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        dz[..., k * stride : k * stride + size] += dy[..., k : k + 1] / size
    return dz


@right("max_pool_backward")
def accumulates_properly(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for row, k, j in _winners(z, size, stride):
        dz[(*row, j)] += dy[(*row, k)]
    return dz


@right("max_pool_backward")
def splits_ties_evenly(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        w = z[..., k * stride : k * stride + size]
        top = w == w.max(-1, keepdims=True)
        dz[..., k * stride : k * stride + size] += top / top.sum(-1, keepdims=True) * dy[..., k : k + 1]
    return dz


@right("max_pool_backward")
def last_winner_of_each_window(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        w = z[..., k * stride : k * stride + size]
        j = w.shape[-1] - 1 - w[..., ::-1].argmax(-1)
        dz[..., k * stride : k * stride + size] += (np.arange(size) == j[..., None]) * dy[..., k : k + 1]
    return dz


@wrong("maxout_backward", "overwritten-gradient")
def dx_of_the_last_piece(dy: Any, x: Any, W: Any, b: Any) -> Any:
    winner = np.array([x @ W[k] + b[k] for k in range(len(W))]).argmax(axis=0)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for k in range(len(W)):
        dz = dy * (winner == k)
        dx = dz @ W[k].T
        dW[k], db[k] = x.T @ dz, dz.sum(axis=0)
    return dx, dW, db

"""Implementations of the exercises of 05-softmax-and-losses."""

import math
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong


def _softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def _sigmoid(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))


# ---------------------------------------------------------------- softmax


@wrong("softmax", "not-finite")
def overflows(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)


@wrong("softmax", "not-finite")
def one_maximum_for_the_whole_batch(z: Any) -> Any:
    z = z - z.max()
    return np.exp(z) / np.exp(z).sum(-1)[..., None]


@wrong("softmax", "wrong-axis")
def down_the_columns(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


@wrong("softmax", "wrong-axis")
def down_the_columns_unshifted(z: Any) -> Any:
    return np.exp(z) / sum(np.exp(z))


@wrong("softmax", "wrong-axis")
def over_everything(z: Any) -> Any:
    exps = np.exp(z - np.max(z))
    return exps / exps.sum()


@wrong("softmax", "wrong-axis", "missing-transpose")
def axis_lost(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@wrong("softmax", "wrong-value", "diagonal-jacobian")
def sigmoid_instead(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@wrong("softmax", "wrong-sign")
def shifted_the_wrong_way(z: Any) -> Any:
    e = np.exp(z.max(axis=-1, keepdims=True) - z)
    return e / e.sum(axis=-1, keepdims=True)


@wrong("softmax", "wrong-value")
def never_normalised(z: Any) -> Any:
    return np.exp(z - z.max(axis=-1, keepdims=True))


@wrong("softmax", "mutated-input")
def shifts_in_place(z: Any) -> Any:
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


@wrong("softmax", "not-implemented")
def prints_it(z: Any) -> Any:
    print(_softmax(z))


@wrong("softmax", "lost-precision", "wrong-value")
def guarded_sum(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-8)


@wrong("softmax", "wrong-value")
def to_the_base_of_two(z: Any) -> Any:
    e = np.exp2(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("softmax", "averaged-not-summed")
def divided_by_the_mean(z: Any) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.mean(axis=-1, keepdims=True)


@wrong("softmax", "raised-error")
def always_two_axes(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@wrong("softmax", "not-finite")
def shifted_by_the_mean(z: Any) -> Any:
    e = np.exp(z - z.mean(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("softmax", "integer-truncation")
def probabilities_like_the_logits(z: Any) -> Any:
    out = np.zeros_like(z)
    out[...] = _softmax(z)
    return out


@right("softmax")
def row_by_row(z: Any) -> Any:
    z = np.asarray(z)
    rows = []
    for row in z.reshape(-1, z.shape[-1]):
        m = max(row)
        e = [math.exp(value - m) for value in row]
        rows.append([value / sum(e) for value in e])
    return np.reshape(rows, z.shape)


@right("softmax")
def out_of_its_logarithm(z: Any) -> Any:
    m = z.max(axis=-1, keepdims=True)
    return np.exp(z - m - np.log(np.exp(z - m).sum(axis=-1, keepdims=True)))


@right("softmax")
def by_einsum(z: Any) -> Any:
    e = np.exp(z - np.amax(z, -1)[..., np.newaxis])
    return np.einsum("...i,...->...i", e, 1 / np.einsum("...i->...", e))


# ---------------------------------------------------------------- log_softmax


@wrong("log_softmax", "not-finite")
def logarithm_of_zero(z: Any) -> Any:
    return np.log(_softmax(z))


@wrong("log_softmax", "not-finite")
def sum_overflows(z: Any) -> Any:
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@wrong("log_softmax", "wrong-value", "dropped-path")
def shift_forgotten_outside(z: Any) -> Any:
    m = z.max(axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z - m), axis=-1, keepdims=True))


@wrong("log_softmax", "lost-precision", "wrong-value", "not-finite")
def guarded_logarithm(z: Any) -> Any:
    return np.log(_softmax(z) + 1e-12)


@wrong("log_softmax", "wrong-axis")
def log_down_the_columns(z: Any) -> Any:
    m = z.max(axis=0)
    return z - m - np.log(np.exp(z - m).sum(axis=0))


@wrong("log_softmax", "not-finite")
def shifted_by_the_batch_maximum(z: Any) -> Any:
    s = z - np.amax(z)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("log_softmax", "wrong-value", "forgot-chain")
def logarithm_forgotten(z: Any) -> Any:
    return _softmax(z)


@wrong("log_softmax", "wrong-sign")
def negative_log_likelihood(z: Any) -> Any:
    s = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(s).sum(axis=-1, keepdims=True)) - s


@wrong("log_softmax", "dropped-path")
def shift_forgotten_inside(z: Any) -> Any:
    m = np.max(z, axis=-1, keepdims=True)
    return (z - m) - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


@wrong("log_softmax", "wrong-value", "wrong-sign")
def logarithm_added(z: Any) -> Any:
    s = z - z.max(axis=-1, keepdims=True)
    return s + np.log(np.exp(s).sum(axis=-1, keepdims=True))


@wrong("log_softmax", "constant-factor")
def decimal_logarithm(z: Any) -> Any:
    s = z - z.max(axis=-1, keepdims=True)
    return (s - np.log(np.exp(s).sum(axis=-1, keepdims=True))) / math.log(10)


@wrong("log_softmax", "wrong-axis")
def one_sum_for_the_batch(z: Any) -> Any:
    s = z - z.max()
    return s - np.log(np.sum(np.exp(s)))


@right("log_softmax")
def logaddexp_reduced(z: Any) -> Any:
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


@right("log_softmax")
def logits_row_by_row(z: Any) -> Any:
    out = np.empty(np.shape(z))
    for i in np.ndindex(*np.shape(z)[:-1]):
        m = float(np.max(z[i]))
        out[i] = [v - m - math.log(math.fsum(math.exp(w - m) for w in z[i])) for v in z[i]]
    return out


@right("log_softmax")
def other_brackets(z: Any) -> Any:
    m = np.max(z, axis=-1, keepdims=True)
    return z - (m + np.log(np.exp(z - m).sum(axis=-1, keepdims=True)))


# ---------------------------------------------------------------- softmax_jacobian


@wrong("softmax_jacobian", "diagonal-jacobian")
def like_a_sigmoid(y: Any) -> Any:
    return np.diag(y * (1 - y))


@wrong("softmax_jacobian", "diagonal-jacobian")
def a_vector_like_a_sigmoid(y: Any) -> Any:
    return y - y**2


@wrong("softmax_jacobian", "dropped-path")
def outer_product_only(y: Any) -> Any:
    return -y[:, None] * y[None, :]


@wrong("softmax_jacobian", "wrong-local-derivative")
def both_branches_alike(y: Any) -> Any:
    J = np.zeros((len(y), len(y)))
    for i in range(len(y)):
        for j in range(len(y)):
            J[i, j] = y[i] * (1 - y[j])
    return J


@wrong("softmax_jacobian", "wrong-sign", "wrong-local-derivative")
def plus_off_the_diagonal(y: Any) -> Any:
    J = np.empty((len(y), len(y)))
    for i in range(len(y)):
        for j in range(len(y)):
            J[i, j] = y[i] * (1 - y[i]) if i == j else y[i] * y[j]
    return J


@wrong("softmax_jacobian", "wrong-sign")
def minus_the_jacobian(y: Any) -> Any:
    return np.outer(y, y) - np.diag(y)


@wrong("softmax_jacobian", "wrong-variable")
def softmax_taken_again(y: Any) -> Any:
    p = _softmax(y)
    return np.diag(p) - np.outer(p, p)


@wrong("softmax_jacobian", "matrix-product-for-elementwise", "wrong-local-derivative")
def dot_for_outer(y: Any) -> Any:
    return np.diagflat(y) - np.dot(y, y.T)


@wrong("softmax_jacobian", "numerical-differentiation", "not-finite")
def jacobian_by_differences(y: Any) -> Any:
    z = np.log(np.maximum(y, 1e-300))
    return np.array([(_softmax(z + 1e-6 * e) - _softmax(z - 1e-6 * e)) / 2e-6 for e in np.eye(len(y))]).T


@wrong("softmax_jacobian", "dropped-path", "wrong-mask", "wrong-local-derivative")
def nothing_on_the_diagonal(y: Any) -> Any:
    J = -np.outer(y, y).astype(float)
    np.fill_diagonal(J, 0)
    return J


@wrong("softmax_jacobian", "wrong-local-derivative")
def asymmetric(y: Any) -> Any:
    J = -np.outer(y, 1.0 - y)
    np.fill_diagonal(J, y * (1 - y))
    return J


@wrong("softmax_jacobian", "wrong-local-derivative")
def plus_inside_the_bracket(y: Any) -> Any:
    J = -np.outer(y, y).astype(float)
    np.fill_diagonal(J, y * (1 + y))
    return J


@right("softmax_jacobian")
def column_and_row(y: Any) -> Any:
    s = y.reshape(-1, 1)
    return np.diagflat(s) - s @ s.T


@right("softmax_jacobian")
def case_by_case(y: Any) -> Any:
    return [[y[i] * (1 - y[i]) if i == j else -y[i] * y[j] for j in range(len(y))] for i in range(len(y))]


@right("softmax_jacobian")
def kronecker(y: Any) -> Any:
    return y[:, None] * (np.eye(y.size) - y)


# ---------------------------------------------------------------- softmax_backward


@wrong("softmax_backward", "diagonal-jacobian")
def elementwise_slope(dy: Any, y: Any) -> Any:
    return dy * (y * (1.0 - y))


@wrong("softmax_backward", "dropped-path")
def only_its_own_term(dy: Any, y: Any) -> Any:
    return y * dy


@wrong("softmax_backward", "wrong-axis")
def sum_over_the_batch(dy: Any, y: Any) -> Any:
    return y * (dy - np.sum(dy * y, axis=0, keepdims=True))


@wrong("softmax_backward", "wrong-axis", "missing-transpose")
def sum_without_its_axis(dy: Any, y: Any) -> Any:
    return y * (dy - (dy * y).sum(axis=-1))


@wrong("softmax_backward", "missing-upstream")
def no_dy_at_all(dy: Any, y: Any) -> Any:
    return y * (1 - y)


@wrong("softmax_backward", "averaged-not-summed")
def average_of_the_row(dy: Any, y: Any) -> Any:
    return y * (dy - np.average(dy * y, axis=-1)[..., None])


@wrong("softmax_backward", "wrong-sign")
def sum_first(dy: Any, y: Any) -> Any:
    return y * ((dy * y).sum(axis=-1, keepdims=True) - dy)


@wrong("softmax_backward", "forgot-chain")
def factor_in_front_forgotten(dy: Any, y: Any) -> Any:
    return dy - np.einsum("...i,...i->...", dy, y)[..., None]


@wrong("softmax_backward", "overwritten-gradient")
def assigns_in_the_double_loop(dy: Any, y: Any) -> Any:
    dz = np.zeros(y.shape)
    for n in np.ndindex(*y.shape[:-1]):
        for i in range(y.shape[-1]):
            for j in range(y.shape[-1]):
                dz[(*n, j)] = dy[(*n, i)] * y[(*n, i)] * ((i == j) - y[(*n, j)])
    return dz


@wrong("softmax_backward", "wrong-local-derivative")
def average_not_weighted_by_the_class(dy: Any, y: Any) -> Any:
    return y * dy - (dy * y).sum(axis=-1, keepdims=True)


@wrong("softmax_backward", "forgot-chain")
def copies_the_upstream_gradient(dy: Any, y: Any) -> Any:
    return dy.copy()


@wrong("softmax_backward", "wrong-variable")
def as_if_with_cross_entropy(dy: Any, y: Any) -> Any:
    return dy - y


@wrong("softmax_backward", "mutated-input")
def subtracts_from_dy(dy: Any, y: Any) -> Any:
    dy -= (dy * y).sum(axis=-1, keepdims=True)
    return y * dy


@wrong("softmax_backward", "wrong-variable")
def y_is_taken_for_z(dy: Any, y: Any) -> Any:
    p = _softmax(y)
    return p * (dy - (dy * p).sum(axis=-1, keepdims=True))


@wrong("softmax_backward", "dropped-path", "wrong-local-derivative")
def other_classes_only(dy: Any, y: Any) -> Any:
    dz = np.zeros(y.shape)
    for i in range(y.shape[-1]):
        for j in range(y.shape[-1]):
            if i != j:
                dz[..., i] -= y[..., i] * y[..., j] * dy[..., j]
    return dz


@wrong("softmax_backward", "wrong-local-derivative")
def plus_for_the_other_classes(dy: Any, y: Any) -> Any:
    dz = np.zeros(y.shape)
    for i in range(y.shape[-1]):
        for j in range(y.shape[-1]):
            local = y[..., i] * (1 - y[..., i]) if i == j else y[..., i] * y[..., j]
            dz[..., i] += dy[..., j] * local
    return dz


@wrong("softmax_backward", "averaged-not-summed")
def divided_by_the_number_of_classes(dy: Any, y: Any) -> Any:
    return y * (dy - (dy * y).sum(axis=-1, keepdims=True)) / y.shape[-1]


@wrong("softmax_backward", "wrong-local-derivative")
def slope_of_a_sigmoid_in_front(dy: Any, y: Any) -> Any:
    return y * (1 - y) * (dy - (dy * y).sum(axis=-1, keepdims=True))


@wrong("softmax_backward", "missing-transpose", "raised-error")
def one_jacobian_for_the_batch(dy: Any, y: Any) -> Any:
    return dy @ (np.diag(y) - np.outer(y, y))


@right("softmax_backward")
def by_the_jacobian_of_each_row(dy: Any, y: Any) -> Any:
    dz = np.empty(y.shape)
    for n in np.ndindex(*y.shape[:-1]):
        dz[n] = dy[n] @ (np.diag(y[n]) - np.outer(y[n], y[n]))
    return dz


@right("softmax_backward")
def batched_jacobians(dy: Any, y: Any) -> Any:
    J = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - y[..., :, None] * y[..., None, :]
    return np.squeeze(dy[..., None, :] @ J, axis=-2)


@right("softmax_backward")
def two_terms(dy: Any, y: Any) -> Any:
    g = dy * y
    return g - y * g.sum(axis=-1, keepdims=True)


@right("softmax_backward")
def triple_loop(dy: Any, y: Any) -> Any:
    dz = np.zeros(y.shape, y.dtype if y.dtype.kind == "f" else float)
    for n in np.ndindex(*y.shape[:-1]):
        for i in range(y.shape[-1]):
            for j in range(y.shape[-1]):
                dz[(*n, j)] += dy[(*n, i)] * y[(*n, i)] * ((i == j) - y[(*n, j)])
    return dz


# ---------------------------------------------------------------- log_softmax_backward


@wrong("log_softmax_backward", "wrong-variable")
def y_for_the_probability(dy: Any, y: Any) -> Any:
    return dy - y * dy.sum(axis=-1, keepdims=True)


@wrong("log_softmax_backward", "diagonal-jacobian")
def no_sum_over_the_outputs(dy: Any, y: Any) -> Any:
    p = np.exp(y)
    return dy - p * dy


@wrong("log_softmax_backward", "dropped-path")
def second_term_only(dy: Any, y: Any) -> Any:
    return -np.exp(y) * dy.sum(axis=-1, keepdims=True)


@wrong("log_softmax_backward", "wrong-local-derivative")
def adds_the_upstream_gradient(dy: Any, y: Any) -> Any:
    return np.exp(y) + dy


@wrong("log_softmax_backward", "wrong-local-derivative")
def plus_for_minus(dy: Any, y: Any) -> Any:
    return dy + np.exp(y) * np.sum(dy, -1, keepdims=True)


@wrong("log_softmax_backward", "wrong-axis")
def gradient_sum_over_the_batch(dy: Any, y: Any) -> Any:
    return dy - np.exp(y) * dy.sum(axis=0, keepdims=True)


@wrong("log_softmax_backward", "wrong-local-derivative")
def softmax_formula(dy: Any, y: Any) -> Any:
    p = np.exp(y)
    return p * (dy - (dy * p).sum(axis=-1, keepdims=True))


@wrong("log_softmax_backward", "missing-upstream")
def upstream_of_ones(dy: Any, y: Any) -> Any:
    return 1 - y.shape[-1] * np.exp(y)


@wrong("log_softmax_backward", "averaged-not-summed")
def mean_of_the_row(dy: Any, y: Any) -> Any:
    return dy - np.exp(y) * dy.mean(axis=-1, keepdims=True)


@wrong("log_softmax_backward", "forgot-chain")
def shares_it_alike(dy: Any, y: Any) -> Any:
    return dy - dy.sum(axis=-1, keepdims=True)


@wrong("log_softmax_backward", "wrong-sign")
def the_other_difference(dy: Any, y: Any) -> Any:
    return np.exp(y) * dy.sum(axis=-1, keepdims=True) - dy


@wrong("log_softmax_backward", "wrong-local-derivative", "forgot-chain")
def slope_of_the_logarithm(dy: Any, y: Any) -> Any:
    return dy / np.exp(y)


@wrong("log_softmax_backward", "raised-error", "wrong-axis")
def axis_one_by_number(dy: Any, y: Any) -> Any:
    return dy - np.exp(y) * dy.sum(axis=1, keepdims=True)


@right("log_softmax_backward")
def softmax_of_its_logarithm(dy: Any, y: Any) -> Any:
    return dy - _softmax(y) * dy.sum(axis=-1)[..., np.newaxis]


@right("log_softmax_backward")
def jacobian_of_each_row(dy: Any, y: Any) -> Any:
    C = y.shape[-1]
    out = [g @ (np.eye(C) - np.exp(row)) for g, row in zip(dy.reshape(-1, C), y.reshape(-1, C))]
    return np.array(out).reshape(y.shape)


@right("log_softmax_backward")
def sum_by_matmul(dy: Any, y: Any) -> Any:
    return np.subtract(dy, np.exp(y) * (dy @ np.ones((dy.shape[-1], 1)) if dy.ndim > 1 else dy.sum()))


# ---------------------------------------------------------------- squared_error_backward


@wrong("squared_error_backward", "constant-factor")
def half_forgotten(f: Any, y: Any) -> Any:
    return 2 * (f - y), -2 * (f - y)


@wrong("squared_error_backward", "averaged-not-summed", "averaged-twice")
def mean_over_all_entries(f: Any, y: Any) -> Any:
    d = (f - y) / f.size
    return d, -d


@wrong("squared_error_backward", "wrong-type")
def first_gradient_only(f: Any, y: Any) -> Any:
    return f - y


@wrong("squared_error_backward", "wrong-sign")
def same_sign_twice(f: Any, y: Any) -> Any:
    return f - y, f - y


@wrong("squared_error_backward", "swapped-inputs", "wrong-sign")
def target_first(f: Any, y: Any) -> Any:
    return y - f, f - y


@wrong("squared_error_backward", "dropped-path")
def target_held_fixed(f: Any, y: Any) -> Any:
    return f - y, 0 * y


@wrong("squared_error_backward", "wrong-shape", "wrong-type")
def summed_residuals(f: Any, y: Any) -> Any:
    return np.sum(f - y), np.sum(y - f)


@wrong("squared_error_backward", "mutated-input")
def negates_in_place(f: Any, y: Any) -> Any:
    y -= f
    return -y, y


@wrong("squared_error_backward", "broadcast-blow-up")
def column_minus_row(f: Any, y: Any) -> Any:
    d = f.reshape(-1, 1) - y.reshape(1, -1)
    return d, -d


@wrong("squared_error_backward", "forward-instead-of-backward")
def terms_of_the_loss(f: Any, y: Any) -> Any:
    return (f - y) ** 2 / 2, (y - f) ** 2 / 2


@wrong("squared_error_backward", "dropped-path")
def output_held_fixed(f: Any, y: Any) -> Any:
    return np.zeros(f.shape), y - f


@wrong("squared_error_backward", "wrong-local-derivative")
def signs_lost(f: Any, y: Any) -> Any:
    return abs(f - y), -abs(f - y)


@wrong("squared_error_backward", "wrong-type")
def loss_as_well(f: Any, y: Any) -> Any:
    return 0.5 * np.sum((f - y) ** 2), f - y, y - f


@wrong("squared_error_backward", "wrong-local-derivative", "dropped-path")
def value_times_error(f: Any, y: Any) -> Any:
    return f * (f - y), y * (y - f)


@right("squared_error_backward")
def a_list_of_two(f: Any, y: Any) -> Any:
    d = np.subtract(f, y)
    return [d, np.negative(d)]


@right("squared_error_backward")
def by_entries(f: Any, y: Any) -> Any:
    df, dy = np.empty(f.shape), np.empty(f.shape)
    for i in np.ndindex(*f.shape):
        df[i] = 0.5 * 2 * (f[i] - y[i])
        dy[i] = 0.5 * 2 * (f[i] - y[i]) * -1
    return df, dy


@right("squared_error_backward")
def one_stacked_array(f: Any, y: Any) -> Any:
    return np.stack([f - y, y - f])


# ---------------------------------------------------------------- kl_divergence_backward


@wrong("kl_divergence_backward", "wrong-sign")
def minus_lost(y: Any, d: Any) -> Any:
    return d / y


@wrong("kl_divergence_backward", "wrong-variable")
def by_the_target(y: Any, d: Any) -> Any:
    return 1.0 + np.log(d) - np.log(y)


@wrong("kl_divergence_backward", "forward-instead-of-backward")
def terms_of_the_sum(y: Any, d: Any) -> Any:
    return d * (np.log(d) - np.log(y))


@wrong("kl_divergence_backward", "unused-parameter", "forgot-chain")
def weight_forgotten(y: Any, d: Any) -> Any:
    return -(y**-1.0)


@wrong("kl_divergence_backward", "wrong-local-derivative")
def combined_with_the_softmax(y: Any, d: Any) -> Any:
    return y - d


@wrong("kl_divergence_backward", "wrong-local-derivative")
def with_the_other_class(y: Any, d: Any) -> Any:
    return (y - d) / (y * (1 - y))


@wrong("kl_divergence_backward", "averaged-not-summed", "averaged-twice")
def mean_over_the_rows(y: Any, d: Any) -> Any:
    return -d / y / y.shape[0]


@wrong("kl_divergence_backward", "lost-precision", "wrong-value")
def guarded_division(y: Any, d: Any) -> Any:
    return -d / (y + 1e-9)


@wrong("kl_divergence_backward", "wrong-shape")
def one_number_for_all(y: Any, d: Any) -> Any:
    return -(d / y).sum()


@wrong("kl_divergence_backward", "integer-truncation")
def array_like_the_target(y: Any, d: Any) -> Any:
    dy = np.zeros_like(d)
    for i in np.ndindex(*d.shape):
        dy[i] = -d[i] / y[i]
    return dy


@wrong("kl_divergence_backward", "wrong-local-derivative", "wrong-variable", "swapped-inputs")
def arguments_exchanged(y: Any, d: Any) -> Any:
    return -y / np.where(d == 0, 1, d)


@wrong("kl_divergence_backward", "wrong-local-derivative", "forgot-chain")
def weighted_logarithm(y: Any, d: Any) -> Any:
    return -d * np.log(y)


@wrong("kl_divergence_backward", "numerical-differentiation")
def divergence_by_differences(y: Any, d: Any) -> Any:
    dy = np.zeros(y.shape)
    for i in np.ndindex(*y.shape):
        e = np.zeros(y.shape)
        e[i] = 1e-7
        dy[i] = -np.sum(d * (np.log(y + e) - np.log(y - e))) / 2e-7
    return dy


@wrong("kl_divergence_backward", "wrong-type")
def gradient_of_the_target_too(y: Any, d: Any) -> Any:
    return -d / y, np.log(d / y) + 1


@right("kl_divergence_backward")
def negative_quotient(y: Any, d: Any) -> Any:
    return np.divide(np.negative(d), y)


@right("kl_divergence_backward")
def reciprocal_times_weight(y: Any, d: Any) -> Any:
    return -d * (1 / y)


@right("kl_divergence_backward")
def where_the_class_occurs(y: Any, d: Any) -> Any:
    dy = np.zeros(y.shape)
    dy[d > 0] = -d[d > 0] / y[d > 0]
    return dy


# ---------------------------------------------------------------- cross_entropy_backward


@wrong("cross_entropy_backward", "not-averaged")
def batch_size_forgotten(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    dp[np.arange(len(p)), labels] = -1 / p[np.arange(len(p)), labels]
    return dp


@wrong("cross_entropy_backward", "wrong-sign")
def log_not_minus_log(p: Any, labels: Any) -> Any:
    Y = np.eye(p.shape[1])[labels]
    return Y / p / len(p)


@wrong("cross_entropy_backward", "wrong-mask")
def all_classes(p: Any, labels: Any) -> Any:
    return -1 / (len(p) * p)


@wrong("cross_entropy_backward", "wrong-mask")
def columns_of_all_labels(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    dp[:, labels] = -1 / p[:, labels]
    return dp / p.shape[0]


@wrong("cross_entropy_backward", "wrong-mask", "raised-error")
def rows_of_the_labels(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    dp[labels] = -1 / (len(p) * p[labels])
    return dp


@wrong("cross_entropy_backward", "averaged-twice")
def mean_of_everything(p: Any, labels: Any) -> Any:
    Y = np.eye(p.shape[1])[labels]
    return -(Y / p) / p.size


@wrong("cross_entropy_backward", "wrong-local-derivative")
def softmax_shortcut(p: Any, labels: Any) -> Any:
    dp = p.copy()
    dp[range(len(p)), labels] -= 1
    return dp / len(p)


@wrong("cross_entropy_backward", "forgot-chain")
def indicator_only(p: Any, labels: Any) -> Any:
    dp = np.zeros(p.shape)
    for n, c in enumerate(labels):
        dp[n, c] = -1 / len(labels)
    return dp


@wrong("cross_entropy_backward", "wrong-mask")
def counted_from_one(p: Any, labels: Any) -> Any:
    dp = np.zeros(p.shape)
    for n in range(len(p)):
        k = labels[n] - 1
        dp[n, k] = -1 / (len(p) * p[n, k])
    return dp


@wrong("cross_entropy_backward", "wrong-shape")
def one_per_example(p: Any, labels: Any) -> Any:
    return -1 / (p[np.arange(len(labels)), labels] * len(labels))


@wrong("cross_entropy_backward", "wrong-axis")
def divided_by_the_classes(p: Any, labels: Any) -> Any:
    N, C = p.shape
    dp = np.zeros((N, C))
    dp[np.arange(N), labels] = -1 / (C * p[np.arange(N), labels])
    return dp


@wrong("cross_entropy_backward", "numerical-differentiation")
def loss_by_differences(p: Any, labels: Any) -> Any:
    def loss(q: Any) -> Any:
        return -np.log(q[np.arange(len(q)), labels]).mean()

    dp = np.zeros(p.shape)
    for i in np.ndindex(*p.shape):
        e = np.zeros(p.shape)
        e[i] = 1e-6
        dp[i] = (loss(p + e) - loss(p - e)) / 2e-6
    return dp


@wrong("cross_entropy_backward", "wrong-mask")
def most_likely_class(p: Any, labels: Any) -> Any:
    return np.where(p == p.max(axis=1, keepdims=True), -1 / (len(p) * p), 0)


@wrong("cross_entropy_backward", "not-averaged", "wrong-sign")
def sign_and_batch_forgotten(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    dp[np.arange(len(p)), labels] = 1 / p[np.arange(len(p)), labels]
    return dp


@wrong("cross_entropy_backward", "mutated-input")
def writes_into_p(p: Any, labels: Any) -> Any:
    Y = np.eye(p.shape[1])[labels]
    p *= -len(p)
    return Y / p


@wrong("cross_entropy_backward", "first-row-only", "dropped-path", "wrong-mask")
def first_example_only(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    dp[0, labels[0]] = -1 / (len(p) * p[0, labels[0]])
    return dp


@wrong("cross_entropy_backward", "raised-error", "wrong-mask")
def indices_swapped(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    for n in range(len(p)):
        dp[labels[n], n] = -1 / (len(p) * p[labels[n], n])
    return dp


@right("cross_entropy_backward")
def one_hot_over_p(p: Any, labels: Any) -> Any:
    Y = np.zeros(p.shape)
    Y[np.arange(len(labels)), labels] = 1
    return -Y / p / len(labels)


@right("cross_entropy_backward")
def example_by_example(p: Any, labels: Any) -> Any:
    N, C = p.shape
    return [[-1 / (N * p[n, c]) if c == labels[n] else 0 for c in range(C)] for n in range(N)]


@right("cross_entropy_backward")
def put_along_the_axis(p: Any, labels: Any) -> Any:
    dp = np.zeros_like(p)
    index = labels[:, None]
    np.put_along_axis(dp, index, -1.0 / (len(p) * np.take_along_axis(p, index, axis=1)), axis=1)
    return dp


# ---------------------------------------------------------------- softmax_cross_entropy_backward


@wrong("softmax_cross_entropy_backward", "not-averaged")
def sum_of_the_losses(z: Any, labels: Any) -> Any:
    dz = _softmax(z)
    dz[np.arange(len(z)), labels] -= 1
    return dz


@wrong("softmax_cross_entropy_backward", "not-averaged", "not-finite")
def sum_of_the_losses_unstable(z: Any, labels: Any) -> Any:
    scores = np.exp(z)
    probs = scores / np.sum(scores, axis=1, keepdims=True)
    probs[range(z.shape[0]), labels] -= 1
    return probs


@wrong("softmax_cross_entropy_backward", "wrong-sign")
def label_minus_probability(z: Any, labels: Any) -> Any:
    return (np.eye(z.shape[1])[labels] - _softmax(z)) / len(z)


@wrong("softmax_cross_entropy_backward", "not-finite")
def exponentials_overflow(z: Any, labels: Any) -> Any:
    e = np.exp(z)
    dz = e / e.sum(axis=1, keepdims=True)
    dz[np.arange(len(z)), labels] -= 1
    return dz / len(z)


@wrong("softmax_cross_entropy_backward", "averaged-twice")
def mean_over_the_classes_too(z: Any, labels: Any) -> Any:
    N, C = z.shape
    return (_softmax(z) - np.eye(C)[labels]) / N / C


@wrong("softmax_cross_entropy_backward", "wrong-mask")
def one_taken_off_every_labelled_column(z: Any, labels: Any) -> Any:
    dz = _softmax(z)
    dz[:, labels] -= 1
    return dz / len(z)


@wrong("softmax_cross_entropy_backward", "wrong-axis")
def softmax_down_the_batch(z: Any, labels: Any) -> Any:
    e = np.exp(z - z.max(axis=0))
    p = e / e.sum(axis=0)
    return (p - np.eye(z.shape[1])[labels]) / len(z)


@wrong("softmax_cross_entropy_backward", "dropped-path")
def label_forgotten(z: Any, labels: Any) -> Any:
    return _softmax(z) / z.shape[0]


@wrong("softmax_cross_entropy_backward", "wrong-local-derivative", "diagonal-jacobian")
def slope_of_the_sigmoid_on_top(z: Any, labels: Any) -> Any:
    p = _softmax(z)
    return (p - np.eye(z.shape[1])[labels]) * p * (1 - p) / len(z)


@wrong("softmax_cross_entropy_backward", "wrong-variable")
def logits_for_probabilities(z: Any, labels: Any) -> Any:
    dz = z.astype(float)
    dz[np.arange(len(z)), labels] -= 1
    return dz / len(z)


@wrong("softmax_cross_entropy_backward", "mutated-input")
def logits_overwritten(z: Any, labels: Any) -> Any:
    z -= z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    p[np.arange(len(z)), labels] -= 1
    return p / len(z)


@wrong("softmax_cross_entropy_backward", "dropped-path")
def right_class_only(z: Any, labels: Any) -> Any:
    dz = np.zeros(z.shape)
    p = _softmax(z)
    for n, c in enumerate(labels):
        dz[n, c] = (p[n, c] - 1) / len(labels)
    return dz


_calls = [0]


@wrong("softmax_cross_entropy_backward", "stale-state")
def counts_its_batches(z: Any, labels: Any) -> Any:
    _calls[0] += 1
    return (_softmax(z) - np.eye(z.shape[1])[labels]) / (len(z) * _calls[0])


@wrong("softmax_cross_entropy_backward", "not-averaged")
def divided_before_the_one(z: Any, labels: Any) -> Any:
    dz = _softmax(z) / len(z)
    dz[np.arange(len(z)), labels] -= 1
    return dz


@wrong("softmax_cross_entropy_backward", "wrong-mask", "raised-error")
def ones_off_whole_rows(z: Any, labels: Any) -> Any:
    p = _softmax(z)
    p[labels] -= 1
    return p / len(z)


@wrong("softmax_cross_entropy_backward", "wrong-variable", "wrong-mask")
def class_numbers_subtracted(z: Any, labels: Any) -> Any:
    return (_softmax(z) - labels.reshape(-1, 1)) / len(z)


@wrong("softmax_cross_entropy_backward", "raised-error", "wrong-shape")
def classes_of_the_batch(z: Any, labels: Any) -> Any:
    Y = np.zeros((len(labels), max(labels) + 1))
    Y[np.arange(len(labels)), labels] = 1
    return (_softmax(z) - Y) / len(z)


@wrong("softmax_cross_entropy_backward", "wrong-axis")
def one_softmax_for_the_batch(z: Any, labels: Any) -> Any:
    e = np.exp(z - np.max(z))
    return (e / np.sum(e) - np.eye(z.shape[1])[labels]) / len(z)


@wrong("softmax_cross_entropy_backward", "constant-factor")
def doubled(z: Any, labels: Any) -> Any:
    return 2 * (_softmax(z) - np.eye(z.shape[1])[labels]) / len(z)


@wrong("softmax_cross_entropy_backward", "numerical-differentiation")
def loss_of_the_logits_by_differences(z: Any, labels: Any) -> Any:
    def loss(z: Any) -> Any:
        return -np.mean((z - np.logaddexp.reduce(z, axis=1, keepdims=True))[np.arange(len(z)), labels])

    dz = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        e = np.zeros(z.shape)
        e[i] = 1e-5
        dz[i] = (loss(z + e) - loss(z - e)) / 2e-5
    return dz


@right("softmax_cross_entropy_backward")
def in_two_steps(z: Any, labels: Any) -> Any:
    s = z - z.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    dlogp = np.zeros(logp.shape)
    dlogp[np.arange(len(z)), labels] = -1 / len(z)
    return dlogp - np.exp(logp) * dlogp.sum(axis=1, keepdims=True)


@right("softmax_cross_entropy_backward")
def mask_by_comparison(z: Any, labels: Any) -> Any:
    return np.mean([_softmax(z) - (labels[:, None] == np.arange(z.shape[1]))], axis=0) / z.shape[0]


@right("softmax_cross_entropy_backward")
def keeps_float32(z: Any, labels: Any) -> Any:
    p = _softmax(z)
    p[np.arange(len(z)), labels] -= 1
    p /= len(z)
    return p


@right("softmax_cross_entropy_backward")
def in_pure_python(z: Any, labels: Any) -> Any:
    rows = []
    for row, c in zip(z.tolist(), labels.tolist()):
        e = [math.exp(v - max(row)) for v in row]
        rows.append([(v / sum(e) - (k == c)) / len(labels) for k, v in enumerate(e)])
    return rows


# ---------------------------------------------------------------- sigmoid_mse_backward


@wrong("sigmoid_mse_backward", "forgot-chain")
def error_of_the_output(z: Any, d: Any) -> Any:
    return _sigmoid(z) - d


@wrong("sigmoid_mse_backward", "wrong-sign")
def target_minus_output(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (d - y) * y * (1 - y)


@wrong("sigmoid_mse_backward", "constant-factor")
def two_of_the_square(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return 2 * (y - d) * y * (1 - y)


@wrong("sigmoid_mse_backward", "wrong-variable")
def slope_in_terms_of_z(z: Any, d: Any) -> Any:
    return (_sigmoid(z) - d) * z * (1 - z)


@wrong("sigmoid_mse_backward", "wrong-variable")
def sigmoid_of_the_sigmoid(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (y - d) * _sigmoid(y) * (1 - _sigmoid(y))


@wrong("sigmoid_mse_backward", "averaged-not-summed", "averaged-twice")
def mean_of_all_entries(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (y - d) * y * (1 - y) / z.size


@wrong("sigmoid_mse_backward", "wrong-local-derivative")
def half_of_the_slope(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (y - d) * (1 - y)


@wrong("sigmoid_mse_backward", "not-finite")
def two_exponentials(z: Any, d: Any) -> Any:
    y = np.exp(z) / (np.exp(z) + 1)
    return (y - d) * y * (1 - y)


@wrong("sigmoid_mse_backward", "wrong-shape", "wrong-type")
def summed_gradient(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return float(np.sum((y - d) * y * (1 - y)))


@wrong("sigmoid_mse_backward", "forgot-chain", "constant-factor")
def minus_two_errors(z: Any, d: Any) -> Any:
    return -2 * (d - _sigmoid(z))


@wrong("sigmoid_mse_backward", "wrong-sign")
def minus_lost_in_the_exponent(z: Any, d: Any) -> Any:
    y = 1 / (1 + np.exp(z))
    return (y - d) * y * (1 - y)


@wrong("sigmoid_mse_backward", "wrong-local-derivative", "wrong-variable")
def with_tanh(z: Any, d: Any) -> Any:
    y = np.tanh(z)
    return (y - d) * (1 - y**2)


@wrong("sigmoid_mse_backward", "integer-truncation")
def gradient_like_the_logits(z: Any, d: Any) -> Any:
    dz = np.zeros_like(z)
    y = _sigmoid(z)
    dz[...] = (y - d) * y * (1 - y)
    return dz


@wrong("sigmoid_mse_backward", "wrong-local-derivative")
def error_squared(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return 0.5 * (y - d) ** 2 * y * (1 - y)


@right("sigmoid_mse_backward")
def slope_by_two_sigmoids(z: Any, d: Any) -> Any:
    return (_sigmoid(z) - d) * _sigmoid(z) * _sigmoid(-np.asarray(z))


@right("sigmoid_mse_backward")
def textbook(z: Any, d: Any) -> Any:
    y = 1 / (1 + np.exp(-z))
    return -(d - y) * y * (1 - y)


@right("sigmoid_mse_backward")
def units_one_by_one(z: Any, d: Any) -> Any:
    dz = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        y = 1 / (1 + math.exp(-z[i])) if z[i] > -700 else 0.0
        dz[i] = (y - d[i]) * (y - y * y)
    return dz


# ---------------------------------------------------------------- sigmoid_cross_entropy_backward


@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative")
def slope_of_the_sigmoid_left_in(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (y - d) * y * (1 - y)


@wrong("sigmoid_cross_entropy_backward", "wrong-sign")
def d_minus_y(z: Any, d: Any) -> Any:
    return d - _sigmoid(z)


@wrong("sigmoid_cross_entropy_backward", "forgot-chain")
def stops_at_the_output(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return (1 - d) / (1 - y) - d / y


@wrong("sigmoid_cross_entropy_backward", "not-finite")
def not_simplified(z: Any, d: Any) -> Any:
    y = 1 / (1 + np.exp(-z))
    return (-d / y + (1 - d) / (1 - y)) * y * (1 - y)


@wrong("sigmoid_cross_entropy_backward", "not-finite")
def overflowing_sigmoid(z: Any, d: Any) -> Any:
    e = np.exp(z)
    return e / (e + 1) - d


@wrong("sigmoid_cross_entropy_backward", "dropped-path")
def first_term_only(z: Any, d: Any) -> Any:
    return d * (_sigmoid(z) - 1)


@wrong("sigmoid_cross_entropy_backward", "wrong-variable")
def linear_output(z: Any, d: Any) -> Any:
    return z - d


@wrong("sigmoid_cross_entropy_backward", "averaged-not-summed", "averaged-twice")
def batch_mean(z: Any, d: Any) -> Any:
    return (_sigmoid(z) - d) / len(z)


@wrong("sigmoid_cross_entropy_backward", "numerical-differentiation")
def slope_of_the_loss_by_differences(z: Any, d: Any) -> Any:
    def loss(z: Any) -> Any:
        return d * np.logaddexp(0, -z) + (1 - d) * np.logaddexp(0, z)

    return (loss(z + 1e-5) - loss(z - 1e-5)) / 2e-5


@wrong("sigmoid_cross_entropy_backward", "wrong-value", "not-finite")
def clipped_output(z: Any, d: Any) -> Any:
    y = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return (-d / y + (1 - d) / (1 - y)) * y * (1 - y)


@wrong("sigmoid_cross_entropy_backward", "forgot-chain", "wrong-sign", "wrong-local-derivative")
def minus_of_the_second_logarithm(z: Any, d: Any) -> Any:
    y = _sigmoid(z)
    return -d * (1 - y) - (1 - d) * y


@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "wrong-mask")
def thresholded(z: Any, d: Any) -> Any:
    return (z > 0) - d


@wrong("sigmoid_cross_entropy_backward", "mutated-input")
def targets_overwritten(z: Any, d: Any) -> Any:
    d -= _sigmoid(z)
    return -d


@wrong("sigmoid_cross_entropy_backward", "wrong-sign")
def falling_sigmoid(z: Any, d: Any) -> Any:
    return 1 / (1 + np.exp(z)) - d


@right("sigmoid_cross_entropy_backward")
def by_tanh(z: Any, d: Any) -> Any:
    return (np.tanh(z / 2) + 1) / 2 - d


@right("sigmoid_cross_entropy_backward")
def by_the_sign_of_z(z: Any, d: Any) -> Any:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)) - d


@right("sigmoid_cross_entropy_backward")
def weighted_terms(z: Any, d: Any) -> Any:
    y = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return (1 - d) * y - d * (1 - y)


@wrong("softmax", "lost-precision")
def cut_before_the_exponential(z: Any) -> Any:
    e = np.exp(np.clip(z, -50, 50))
    return e / e.sum(axis=-1, keepdims=True)

"""Implementations of the exercises of 03-jacobians."""

import functools
import itertools
import math
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong

# ---------------------------------------------------------------- numerical_jacobian


@wrong("numerical_jacobian", "one-sided-difference")
def forward_difference(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = x.astype(float)
    y = f(x)
    J = np.zeros((y.size, x.size))
    for j in range(x.size):
        moved = x.copy()
        moved[j] += h
        J[:, j] = (f(moved) - y) / h
    return J


@wrong("numerical_jacobian", "one-sided-difference")
def backward_difference(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.transpose([(f(x) - f(x - h * e)) / h for e in np.eye(len(x))])


@wrong("numerical_jacobian", "constant-factor")
def divided_by_h_alone(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([(f(x + h * e) - f(x - h * e)) / h for e in np.eye(len(x))]).T


@wrong("numerical_jacobian", "constant-factor")
def missing_brackets(f: Any, x: Any, h: float = 1e-5) -> Any:
    D = len(x)
    columns = []
    for j in range(D):
        e = np.zeros(D)
        e[j] = h
        columns.append((f(x + e) - f(x - e)) / 2 * h)
    return np.column_stack(columns)


@wrong("numerical_jacobian", "transposed", "missing-transpose")
def one_row_per_input(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


@wrong("numerical_jacobian", "transposed", "missing-transpose", "wrong-shape")
def fills_rows(f: Any, x: Any, h: float = 1e-5) -> Any:
    J = np.zeros((len(f(x)), len(x)))
    for j, e in enumerate(np.eye(len(x))):
        J[j] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return J


@wrong("numerical_jacobian", "wrong-variable")
def own_step(f: Any, x: Any, h: float = 1e-5) -> Any:
    eps = 1e-6
    J = []
    for e in np.eye(len(x)):
        J.append((f(x + eps * e) - f(x - eps * e)) / (2 * eps))
    return np.array(J).T


@wrong("numerical_jacobian", "mutated-input")
def leaves_x_moved(f: Any, x: Any, h: float = 1e-5) -> Any:
    columns = []
    for j in range(len(x)):
        x[j] += h
        ahead = f(x)
        x[j] -= 2 * h
        behind = f(x)
        columns.append((ahead - behind) / (2 * h))
    return np.array(columns).T


@wrong("numerical_jacobian", "wrong-variable")
def copy_never_restored(f: Any, x: Any, h: float = 1e-5) -> Any:
    p = x.astype(float)
    cols = []
    for j in range(p.size):
        p[j] = p[j] + h
        a = f(p)
        p[j] = p[j] - 2 * h
        b = f(p)
        cols.append((a - b) / (2 * h))
    return np.stack(cols, axis=-1)


@wrong("numerical_jacobian", "integer-truncation")
def keeps_the_integer_type(f: Any, x: Any, h: float = 1e-5) -> Any:
    J = []
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j] += h  # an array of integers keeps the whole part
        down[j] -= h
        J.append((f(up) - f(down)) / (2 * h))
    return np.array(J).T


@wrong("numerical_jacobian", "integer-truncation")
def zeros_like_x(f: Any, x: Any, h: float = 1e-5) -> Any:
    J = np.zeros((f(x).size, x.size), dtype=x.dtype)
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        J[:, j] = (f(x + e) - f(x - e)) / (2 * h)
    return J


@wrong("numerical_jacobian", "wrong-shape")
def all_inputs_at_once(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - f(x - h)) / (2 * h)


@wrong("numerical_jacobian", "wrong-shape", "missing-transpose")
def square_only(f: Any, x: Any, h: float = 1e-5) -> Any:
    J = np.zeros((x.size, x.size))
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        J[:, j] = (f(x + e) - f(x - e)) / (2 * h)
    return J


@wrong("numerical_jacobian", "wrong-sign")
def minus_before_plus(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([(f(x - h * e) - f(x + h * e)) / (2 * h) for e in np.eye(len(x))]).T


@wrong("numerical_jacobian", "wrong-local-derivative", "transposed")
def forward_difference_in_rows(f: Any, x: Any, h: float = 1e-5) -> Any:
    y = f(x)
    return np.array([(f(x + d) - y) / h for d in np.eye(len(x)) * h])


@wrong("numerical_jacobian", "wrong-variable", "wrong-local-derivative")
def two_steps_each_way(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([(f(x + 2 * h * e) - f(x - 2 * h * e)) / (4 * h) for e in np.eye(len(x))]).T


@wrong("numerical_jacobian", "wrong-variable")
def step_relative_to_x(f: Any, x: Any, h: float = 1e-5) -> Any:
    J = []
    for i in range(len(x)):
        ahead, behind = x.astype(float), x.astype(float)
        ahead[i] *= 1 + h
        behind[i] *= 1 - h
        J.append((f(ahead) - f(behind)) / (2 * h))
    return np.array(J).T


@wrong("numerical_jacobian", "mutated-input")
def forward_difference_in_place(f: Any, x: Any, h: float = 1e-5) -> Any:
    y, columns = f(x), []
    for j in range(len(x)):
        x[j] += h
        columns.append((f(x) - y) / h)
    return np.array(columns).T


@wrong("numerical_jacobian", "overwritten-gradient", "dropped-path")
def matrix_made_in_the_loop(f: Any, x: Any, h: float = 1e-5) -> Any:
    for j in range(len(x)):
        J = np.zeros((len(f(x)), len(x)))
        step = np.zeros(len(x))
        step[j] = h
        J[:, j] = (f(x + step) - f(x - step)) / (2 * h)
    return J


@wrong("numerical_jacobian", "wrong-local-derivative", "wrong-sign")
def sum_of_the_values(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([(f(x + h * e) + f(x - h * e)) / (2 * h) for e in np.eye(len(x))]).T


@wrong("numerical_jacobian", "raised-error", "wrong-type", "wrong-shape")
def gradient_of_a_scalar(f: Any, x: Any, h: float = 1e-5) -> Any:
    g = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


@right("numerical_jacobian")
def moved_and_restored(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = np.array(x, dtype=float)
    J = np.empty((np.asarray(f(x)).size, x.size))
    for j in range(x.size):
        old = x[j]
        x[j] = old + h
        ahead = f(x)
        x[j] = old - h
        J[:, j] = (ahead - f(x)) / (2 * h)
        x[j] = old
    return J


@right("numerical_jacobian")
def entry_by_entry(f: Any, x: Any, h: float = 1e-5) -> Any:
    M, D = len(f(x)), len(x)
    return [
        [(f(x + h * np.eye(D)[j])[i] - f(x - h * np.eye(D)[j])[i]) / (2.0 * h) for j in range(D)]
        for i in range(M)
    ]


@right("numerical_jacobian")
def distance_measured(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = np.asarray(x, dtype=np.float64)
    columns = []
    for e in np.identity(x.size):
        ahead, behind = x + h * e, x - h * e
        columns.append((f(ahead) - f(behind)) / (ahead - behind).sum())
    return np.column_stack(columns)


@right("numerical_jacobian")
def halves(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.array([f(x + h * e) / (2 * h) - f(x - h * e) / (2 * h) for e in np.eye(len(x))]).T


# ---------------------------------------------------------------- linear_jacobian_h


@wrong("linear_jacobian_h", "transposed")
def weights_as_they_are(h: Any, W: Any, b: Any) -> Any:
    return W


@wrong("linear_jacobian_h", "forward-instead-of-backward")
def runs_the_layer(h: Any, W: Any, b: Any) -> Any:
    return np.einsum("i,ij->j", h, W) + b


@wrong("linear_jacobian_h", "wrong-local-derivative", "value-instead-of-mask")
def keeps_h(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((W.shape[1], W.shape[0]))
    for j in range(W.shape[1]):
        for i in range(W.shape[0]):
            J[j, i] = h[i] * W[i, j]
    return J


@wrong("linear_jacobian_h", "wrong-shape")
def gradient_of_the_sum(h: Any, W: Any, b: Any) -> Any:
    return W @ np.ones_like(b)


@wrong("linear_jacobian_h", "wrong-sign")
def negative(h: Any, W: Any, b: Any) -> Any:
    return -1 * W.T


@wrong("linear_jacobian_h", "numerical-differentiation")
def by_differences(h: Any, W: Any, b: Any) -> Any:
    return np.array([((h + 1e-6 * e) @ W - (h - 1e-6 * e) @ W) / 2e-6 for e in np.eye(len(h))]).T


@wrong("linear_jacobian_h", "wrong-local-derivative")
def keeps_the_bias(h: Any, W: Any, b: Any) -> Any:
    return W.T + b[:, None]


@wrong("linear_jacobian_h", "wrong-variable", "wrong-local-derivative")
def inputs_in_every_row(h: Any, W: Any, b: Any) -> Any:
    return np.outer(np.ones(len(b)), h)


@wrong("linear_jacobian_h", "wrong-shape")
def bias_as_one_more_column(h: Any, W: Any, b: Any) -> Any:
    return np.concatenate([W.T, b[:, None]], axis=1)


@right("linear_jacobian_h")
def a_view(h: Any, W: Any, b: Any) -> Any:
    return W.T


@right("linear_jacobian_h")
def nested_lists(h: Any, W: Any, b: Any) -> Any:
    return [[float(W[i][j]) for i in range(len(h))] for j in range(len(b))]


@right("linear_jacobian_h")
def by_probing_unit_vectors(h: Any, W: Any, b: Any) -> Any:
    return np.stack([np.dot(e, W) for e in np.eye(len(h))], axis=1)


# ---------------------------------------------------------------- linear_jacobian_W


@wrong("linear_jacobian_W", "wrong-mask")
def every_output_sees_every_column(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        for a in range(D):
            for c in range(M):
                J[j, a, c] = h[a]
    return J


@wrong("linear_jacobian_W", "transposed")
def outputs_last(h: Any, W: Any, b: Any) -> Any:
    return np.einsum("a,jc->acj", h, np.eye(len(b)))


@wrong("linear_jacobian_W", "transposed")
def weights_outputs_by_inputs(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((M, M, D))
    for j in range(M):
        J[j, j, :] = h
    return J


@wrong("linear_jacobian_W", "wrong-local-derivative", "wrong-variable")
def weights_in_the_tensor(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((len(b), *W.shape))
    for j in range(len(b)):
        J[j, :, j] = W[:, j]
    return J


@wrong("linear_jacobian_W", "wrong-local-derivative")
def ones_in_the_tensor(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((len(b), *W.shape))
    for j in range(len(b)):
        J[j, :, j] = 1
    return J


@wrong("linear_jacobian_W", "wrong-shape")
def one_matrix_for_all(h: Any, W: Any, b: Any) -> Any:
    return np.repeat(h[:, None], W.shape[1], axis=1)


@wrong("linear_jacobian_W", "wrong-shape")
def flattened_weights(h: Any, W: Any, b: Any) -> Any:
    return np.kron(h, np.eye(len(b)))


@wrong("linear_jacobian_W", "raised-error", "missing-transpose", "wrong-mask", "wrong-shape")
def first_axis_confused(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((len(b), *W.shape))
    for j in range(len(h)):
        J[j, j, :] = h[j]
    return J


@wrong("linear_jacobian_W", "wrong-mask")
def indices_of_w_compared(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        for a in range(D):
            for c in range(M):
                if a == c:
                    J[j, a, c] = h[a]
    return J


@wrong("linear_jacobian_W", "first-row-only", "overwritten-gradient", "dropped-path", "wrong-mask")
def last_slice_only(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((len(b), *W.shape))
    J[-1, :, -1] = h
    return J


@wrong("linear_jacobian_W", "extra-axis")
def one_axis_too_many(h: Any, W: Any, b: Any) -> Any:
    return np.einsum("a,jc->jac", h, np.eye(len(b)))[..., None]


@right("linear_jacobian_W")
def slice_by_slice(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = h
    return J


@right("linear_jacobian_W")
def kronecker_delta(h: Any, W: Any, b: Any) -> Any:
    return np.einsum("a,jc->jac", h, np.eye(W.shape[1]))


@right("linear_jacobian_W")
def list_of_outer_products(h: Any, W: Any, b: Any) -> Any:
    return [np.outer(h, e) for e in np.eye(len(b))]


# ---------------------------------------------------------------- linear_jacobian_b


@wrong("linear_jacobian_b", "wrong-shape")
def a_vector_of_ones(h: Any, W: Any, b: Any) -> Any:
    return np.ones_like(b)


@wrong("linear_jacobian_b", "wrong-shape", "wrong-type")
def just_one(h: Any, W: Any, b: Any) -> Any:
    return 1


@wrong("linear_jacobian_b", "wrong-mask")
def a_matrix_of_ones(h: Any, W: Any, b: Any) -> Any:
    return np.ones((b.size, b.size))


@wrong("linear_jacobian_b", "wrong-local-derivative")
def the_bias_on_the_diagonal(h: Any, W: Any, b: Any) -> Any:
    return np.eye(len(b)) * b


@wrong("linear_jacobian_b", "wrong-shape")
def identity_of_the_inputs(h: Any, W: Any, b: Any) -> Any:
    return np.identity(h.shape[0])


@wrong("linear_jacobian_b", "dropped-path")
def bias_is_constant(h: Any, W: Any, b: Any) -> Any:
    return np.zeros((len(b), len(b)))


@wrong("linear_jacobian_b", "wrong-variable", "transposed", "wrong-shape")
def jacobian_by_h(h: Any, W: Any, b: Any) -> Any:
    return W.T


@wrong("linear_jacobian_b", "averaged-not-summed", "averaged-twice", "constant-factor")
def identity_divided_by_its_size(h: Any, W: Any, b: Any) -> Any:
    return np.eye(len(b)) / len(b)


@right("linear_jacobian_b")
def diagonal_of_ones(h: Any, W: Any, b: Any) -> Any:
    return np.diag([1] * len(b))


@right("linear_jacobian_b")
def compared_indices(h: Any, W: Any, b: Any) -> Any:
    k = np.arange(len(b))
    return k[:, None] == k[None, :]


# ---------------------------------------------------------------- linear_vjp_h


@wrong("linear_vjp_h", "missing-transpose")
def without_transposing(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da.dot(W)


@wrong("linear_vjp_h", "missing-upstream")
def sums_of_rows(da: Any, h: Any, W: Any, b: Any) -> Any:
    return W.sum(axis=1)


@wrong("linear_vjp_h", "unsummed-axis")
def products_not_added_up(da: Any, h: Any, W: Any, b: Any) -> Any:
    return W * da[None, :]


@wrong("linear_vjp_h", "averaged-not-summed")
def mean_over_the_outputs(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.mean(W * da, axis=1)


@wrong("linear_vjp_h", "extra-axis")
def a_row_matrix(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da.reshape(1, -1) @ W.T


@wrong("linear_vjp_h", "overwritten-gradient", "dropped-path")
def last_output_only(da: Any, h: Any, W: Any, b: Any) -> Any:
    dh = np.zeros(len(h))
    for j in range(len(da)):
        for i in range(len(h)):
            dh[i] = W[i, j] * da[j]
    return dh


@wrong("linear_vjp_h", "wrong-local-derivative", "value-instead-of-mask")
def times_h_again(da: Any, h: Any, W: Any, b: Any) -> Any:
    return (da @ W.T) * h


@wrong("linear_vjp_h", "wrong-local-derivative")
def squared_weights(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.square(W) @ da


@wrong("linear_vjp_h", "wrong-shape", "extra-axis")
def a_column_matrix(da: Any, h: Any, W: Any, b: Any) -> Any:
    return W @ da[:, None]


@wrong("linear_vjp_h", "mutated-input")
def scales_the_weights(da: Any, h: Any, W: Any, b: Any) -> Any:
    W *= da
    return W.sum(axis=1)


@right("linear_vjp_h")
def accumulated(da: Any, h: Any, W: Any, b: Any) -> Any:
    dh = [0.0] * len(h)
    for i in range(len(h)):
        for j in range(len(da)):
            dh[i] += W[i][j] * da[j]
    return dh


@right("linear_vjp_h")
def weights_on_the_left(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.matmul(W, da)


@right("linear_vjp_h")
def through_the_jacobian(da: Any, h: Any, W: Any, b: Any) -> Any:
    J = np.transpose(W)
    return np.einsum("j,ji->i", da, J)


# ---------------------------------------------------------------- linear_vjp_W


@wrong("linear_vjp_W", "transposed")
def outer_the_other_way(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.outer(da, h)


@wrong("linear_vjp_W", "missing-upstream")
def inputs_repeated(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.tile(h, (len(b), 1)).T


@wrong("linear_vjp_W", "matrix-product-for-elementwise", "missing-transpose")
def batch_formula_on_vectors(da: Any, h: Any, W: Any, b: Any) -> Any:
    return h.T @ da


@wrong("linear_vjp_W", "wrong-variable")
def weights_times_upstream(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.einsum("ij,j->ij", W, da)


@wrong("linear_vjp_W", "averaged-not-summed", "constant-factor")
def divided_by_the_outputs(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.outer(h, da) / da.shape[0]


@wrong("linear_vjp_W", "unsummed-axis")
def three_axes(da: Any, h: Any, W: Any, b: Any) -> Any:
    J = np.einsum("a,jc->jac", h, np.eye(len(b)))
    return J * da[:, None, None]


@wrong("linear_vjp_W", "integer-truncation")
def zeros_like_the_weights(da: Any, h: Any, W: Any, b: Any) -> Any:
    dW = np.zeros_like(W)
    for i in range(len(h)):
        for j in range(len(da)):
            dW[i, j] = h[i] * da[j]
    return dW


@wrong("linear_vjp_W", "forgot-chain", "wrong-local-derivative", "wrong-variable")
def same_for_all_inputs(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.ones_like(W, dtype=float) * da


@wrong("linear_vjp_W", "diagonal-jacobian", "wrong-mask", "dropped-path")
def diagonal_weights_only(da: Any, h: Any, W: Any, b: Any) -> Any:
    dW = np.zeros(W.shape)
    for k in range(min(W.shape)):
        dW[k, k] = h[k] * da[k]
    return dW


@wrong("linear_vjp_W", "wrong-local-derivative", "wrong-variable")
def inputs_squared(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.outer(h * h, da)


@right("linear_vjp_W")
def column_times_row(da: Any, h: Any, W: Any, b: Any) -> Any:
    return h.reshape(-1, 1) @ da.reshape(1, -1)


@right("linear_vjp_W")
def by_loops(da: Any, h: Any, W: Any, b: Any) -> Any:
    return [[h_i * da_j for da_j in da] for h_i in h]


@right("linear_vjp_W")
def contracted_tensor(da: Any, h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((len(b), *W.shape))
    for j in range(len(b)):
        J[j, :, j] = h
    return np.tensordot(da, J, axes=1)


# ---------------------------------------------------------------- linear_vjp_b


@wrong("linear_vjp_b", "wrong-shape")
def summed_over_the_outputs(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da.sum(axis=0)


@wrong("linear_vjp_b", "missing-upstream")
def always_ones(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.ones(b.shape)


@wrong("linear_vjp_b", "extra-axis")
def a_batch_of_one_row(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da[np.newaxis]


@wrong("linear_vjp_b", "wrong-local-derivative", "value-instead-of-mask")
def upstream_times_bias(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.multiply(da, b)


@wrong("linear_vjp_b", "unsummed-axis")
def product_with_identity_not_summed(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da * np.eye(len(b))


@wrong("linear_vjp_b", "not-implemented")
def forgot_to_return(da: Any, h: Any, W: Any, b: Any) -> Any:
    db = da.copy()  # noqa: F841


@wrong("linear_vjp_b", "wrong-order", "wrong-mask")
def from_last_to_first(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da[::-1]


@wrong("linear_vjp_b", "wrong-variable", "wrong-local-derivative", "value-instead-of-mask")
def where_the_bias_is_positive(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da * (b > 0)


@right("linear_vjp_b")
def the_same_array(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da


@right("linear_vjp_b")
def times_the_identity(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da @ np.eye(len(b))


@right("linear_vjp_b")
def a_tuple(da: Any, h: Any, W: Any, b: Any) -> Any:
    return tuple(float(value) for value in da)


# ---------------------------------------------------------------- chain_jacobians


@wrong("chain_jacobians", "wrong-order")
def in_order_of_application(jacobians: Any) -> Any:
    J = jacobians[0]
    for K in jacobians[1:]:
        J = J @ K
    return J


@wrong(
    "chain_jacobians", "matrix-product-for-elementwise", "diagonal-jacobian", "wrong-value", "raised-error"
)
def entry_by_entry_product(jacobians: Any) -> Any:
    J = 1.0
    for K in jacobians:
        J = K * J
    return J


@wrong("chain_jacobians", "transposed")
def the_other_layout(jacobians: Any) -> Any:
    return functools.reduce(np.dot, [J.T for J in jacobians])


@wrong("chain_jacobians", "forgot-chain")
def skips_the_first(jacobians: Any) -> Any:
    J = np.eye(jacobians[0].shape[0])
    for k in range(1, len(jacobians)):
        J = jacobians[k] @ J
    return J


@wrong("chain_jacobians", "forgot-chain")
def returns_in_the_loop(jacobians: Any) -> Any:
    J = np.eye(jacobians[0].shape[1])
    for K in jacobians:
        J = K @ J
        return J
    return J


@wrong("chain_jacobians", "forgot-chain")
def last_one_only(jacobians: Any) -> Any:
    for J in jacobians:
        pass
    return J


@wrong("chain_jacobians", "mutated-input")
def pops_the_list(jacobians: Any) -> Any:
    J = jacobians.pop()
    while jacobians:
        J = J @ jacobians.pop()
    return J


@wrong("chain_jacobians", "mutated-input")
def reverses_in_place(jacobians: Any) -> Any:
    jacobians.reverse()
    return functools.reduce(np.matmul, jacobians)


@wrong("chain_jacobians", "wrong-local-derivative", "raised-error")
def added_up(jacobians: Any) -> Any:
    return sum(jacobians)


@wrong("chain_jacobians", "forgot-chain")
def first_two_only(jacobians: Any) -> Any:
    return jacobians[1] @ jacobians[0] if len(jacobians) > 1 else jacobians[0]


@wrong("chain_jacobians", "wrong-order", "missing-transpose", "raised-error")
def the_last_one_first(jacobians: Any) -> Any:
    J = jacobians[-1]
    for K in jacobians[:-1]:
        J = J @ K
    return J


@wrong("chain_jacobians", "wrong-sign", "wrong-local-derivative")
def a_minus_at_every_step(jacobians: Any) -> Any:
    J = np.eye(jacobians[0].shape[1])
    for K in jacobians:
        J = -(K @ J)
    return J


@wrong("chain_jacobians", "wrong-type", "wrong-shape")
def products_of_neighbours(jacobians: Any) -> Any:
    return [B @ A for A, B in itertools.pairwise(jacobians)]


@right("chain_jacobians")
def from_the_output(jacobians: Any) -> Any:
    J = np.eye(jacobians[-1].shape[0])
    for K in reversed(jacobians):
        J = J @ K
    return J


@right("chain_jacobians")
def multi_dot(jacobians: Any) -> Any:
    return np.linalg.multi_dot(jacobians[::-1]) if len(jacobians) > 1 else jacobians[0]


@right("chain_jacobians")
def recursive_in_pure_python(jacobians: Any) -> Any:
    *rest, A = [[list(map(float, row)) for row in J] for J in jacobians]
    if not rest:
        return A
    B = recursive_in_pure_python(rest)
    return [[sum(a * B[k][j] for k, a in enumerate(row)) for j in range(len(B[0]))] for row in A]


# ---------------------------------------------------------------- elementwise_vjp


@wrong("elementwise_vjp", "raised-error")
def with_the_whole_matrix(dy: Any, derivative: Any, z: Any) -> Any:
    J = np.diag(derivative(z).ravel())
    return (dy.ravel() @ J).reshape(z.shape)


@wrong("elementwise_vjp", "raised-error")
def matrix_of_a_vector(dy: Any, derivative: Any, z: Any) -> Any:
    return dy @ np.diag(derivative(z))


@wrong("elementwise_vjp", "raised-error")
def identity_times_slopes(dy: Any, derivative: Any, z: Any) -> Any:
    J = np.eye(z.size) * derivative(z).ravel()
    return np.dot(J, dy.ravel()).reshape(z.shape)


@wrong("elementwise_vjp", "missing-upstream")
def slopes_only(dy: Any, derivative: Any, z: Any) -> Any:
    return derivative(z)


@wrong("elementwise_vjp", "wrong-variable")
def derivative_at_dy(dy: Any, derivative: Any, z: Any) -> Any:
    return derivative(dy) * z


@wrong("elementwise_vjp", "wrong-variable")
def derivative_of_the_product(dy: Any, derivative: Any, z: Any) -> Any:
    return derivative(np.multiply(dy, z))


@wrong("elementwise_vjp", "value-instead-of-mask")
def forgot_to_call_it(dy: Any, derivative: Any, z: Any) -> Any:
    return dy * z


@wrong("elementwise_vjp", "wrong-shape")
def inner_product(dy: Any, derivative: Any, z: Any) -> Any:
    return (dy * derivative(z)).sum()


@wrong("elementwise_vjp", "mutated-input")
def multiplies_in_place(dy: Any, derivative: Any, z: Any) -> Any:
    dy *= derivative(z)
    return dy


@wrong("elementwise_vjp", "integer-truncation")
def result_of_the_type_of_z(dy: Any, derivative: Any, z: Any) -> Any:
    out = np.zeros_like(z)
    out[...] = dy * derivative(z)
    return out


@wrong("elementwise_vjp", "raised-error", "wrong-type")
def calls_an_array(dy: Any, derivative: Any, z: Any) -> Any:
    return dy(z) * derivative


@wrong("elementwise_vjp", "raised-error")
def matrix_by_einsum(dy: Any, derivative: Any, z: Any) -> Any:
    J = np.diag(derivative(z).ravel())
    return np.einsum("i,ij->j", dy.ravel(), J).reshape(z.shape)


@wrong("elementwise_vjp", "broadcast-blow-up")
def every_pair(dy: Any, derivative: Any, z: Any) -> Any:
    return np.outer(dy, derivative(z))


@wrong("elementwise_vjp", "wrong-shape", "missing-transpose")
def transposed_product(dy: Any, derivative: Any, z: Any) -> Any:
    return dy.T @ derivative(z)


@wrong("elementwise_vjp", "wrong-variable", "wrong-local-derivative")
def derivative_of_the_derivative(dy: Any, derivative: Any, z: Any) -> Any:
    return dy * derivative(derivative(z))


@right("elementwise_vjp")
def one_product(dy: Any, derivative: Any, z: Any) -> Any:
    return np.multiply(derivative(z), dy)


@right("elementwise_vjp")
def number_by_number(dy: Any, derivative: Any, z: Any) -> Any:
    out = np.empty(z.shape)
    for i in np.ndindex(*z.shape):
        out[i] = dy[i] * derivative(z[i])
    return out


@right("elementwise_vjp")
def einsum_of_the_diagonal(dy: Any, derivative: Any, z: Any) -> Any:
    return np.einsum("...i,...i->...i", dy, derivative(z))


@right("elementwise_vjp")
def rolled_out(dy: Any, derivative: Any, z: Any) -> Any:
    flat = [g * s for g, s in zip(dy.ravel(), derivative(z.ravel()))]
    return np.reshape(flat, z.shape)


# ---------------------------------------------------------------- jacobian_from_vjp


@wrong("jacobian_from_vjp", "transposed", "missing-transpose")
def rows_become_columns(vjp: Any, x: Any, output_size: int) -> Any:
    return np.stack([vjp(e) for e in np.eye(output_size)], axis=1)


@wrong("jacobian_from_vjp", "wrong-shape")
def one_call_with_ones(vjp: Any, x: Any, output_size: int) -> Any:
    return vjp(np.ones(output_size))


@wrong("jacobian_from_vjp", "unused-parameter", "raised-error", "wrong-shape")
def unit_vectors_of_the_inputs(vjp: Any, x: Any, output_size: int) -> Any:
    J = np.zeros((output_size, len(x)))
    for i in range(output_size):
        e = np.zeros(len(x))
        e[i % len(x)] = 1
        J[i] = vjp(e)
    return J


@wrong("jacobian_from_vjp", "raised-error", "wrong-shape")
def all_rows_at_once(vjp: Any, x: Any, output_size: int) -> Any:
    return vjp(np.eye(output_size))


@wrong("jacobian_from_vjp", "wrong-value")
def never_reset_to_zero(vjp: Any, x: Any, output_size: int) -> Any:
    dy, rows = np.zeros(output_size), []
    for i in range(output_size):
        dy[i] = 1
        rows.append(vjp(dy))
    return np.array(rows)


@wrong("jacobian_from_vjp", "overwritten-gradient", "wrong-shape")
def keeps_the_last_row(vjp: Any, x: Any, output_size: int) -> Any:
    for i in range(output_size):
        J = vjp(np.eye(output_size)[i])
    return J


@wrong("jacobian_from_vjp", "integer-truncation")
def matrix_of_the_type_of_x(vjp: Any, x: Any, output_size: int) -> Any:
    J = np.zeros((output_size, x.size), x.dtype)
    for i, e in enumerate(np.eye(output_size)):
        J[i] = vjp(e)
    return J


@wrong("jacobian_from_vjp", "wrong-type", "raised-error")
def a_generator(vjp: Any, x: Any, output_size: int) -> Any:
    return (vjp(e) for e in np.eye(output_size))


@wrong("jacobian_from_vjp", "raised-error", "wrong-variable")
def x_for_the_upstream_gradient(vjp: Any, x: Any, output_size: int) -> Any:
    return np.array([vjp(x) for _ in range(output_size)])


@wrong("jacobian_from_vjp", "extra-axis")
def rows_of_matrices(vjp: Any, x: Any, output_size: int) -> Any:
    return np.array([[vjp(e)] for e in np.eye(output_size)])


@wrong("jacobian_from_vjp", "constant-factor")
def twos_for_ones(vjp: Any, x: Any, output_size: int) -> Any:
    return np.array([vjp(2 * e) for e in np.eye(output_size)])


@wrong("jacobian_from_vjp", "wrong-shape")
def rows_joined_end_to_end(vjp: Any, x: Any, output_size: int) -> Any:
    return np.concatenate([vjp(e) for e in np.eye(output_size)])


@right("jacobian_from_vjp")
def list_of_rows(vjp: Any, x: Any, output_size: int) -> Any:
    return [vjp(e) for e in np.eye(output_size)]


@right("jacobian_from_vjp")
def one_hot_by_loop(vjp: Any, x: Any, output_size: int) -> Any:
    J = np.zeros((output_size, len(x)))
    for i in range(output_size):
        dy = np.zeros(output_size)
        dy[i] = 1.0
        J[i, :] = vjp(dy)
    return J


@right("jacobian_from_vjp")
def integer_unit_vectors(vjp: Any, x: Any, output_size: int) -> Any:
    rows = (vjp([int(i == k) for k in range(output_size)]) for i in range(output_size))
    return np.vstack(list(rows))


@right("jacobian_from_vjp")
def by_apply_along_axis(vjp: Any, x: Any, output_size: int) -> Any:
    return np.apply_along_axis(vjp, 1, np.identity(output_size))


# ---------------------------------------------------------------- squared_distance_backward


@wrong("squared_distance_backward", "constant-factor")
def square_not_counted(x: Any, h: Any) -> Any:
    return x - h


@wrong("squared_distance_backward", "wrong-sign")
def towards_h(x: Any, h: Any) -> Any:
    return -2 * (x - h)


@wrong("squared_distance_backward", "wrong-local-derivative")
def unit_vector(x: Any, h: Any) -> Any:
    return (x - h) / np.linalg.norm(x - h)


@wrong("squared_distance_backward", "dropped-path")
def forgets_h(x: Any, h: Any) -> Any:
    return 2 * x


@wrong("squared_distance_backward", "forward-instead-of-backward")
def the_distance_itself(x: Any, h: Any) -> Any:
    return np.linalg.norm(np.ravel(x - h)) ** 2


@wrong("squared_distance_backward", "numerical-differentiation")
def differences(x: Any, h: Any) -> Any:
    def f(z: Any) -> Any:
        return np.sum((z - h) ** 2)

    dx = np.zeros(np.shape(x))
    for i in np.ndindex(*dx.shape):
        e = np.zeros(dx.shape)
        e[i] = 1e-5
        dx[i] = (f(x + e) - f(x - e)) / 2e-5
    return dx


@wrong("squared_distance_backward", "integer-truncation", "raised-error")
def subtracts_in_a_copy(x: Any, h: Any) -> Any:
    dx = x.copy()
    dx -= h
    return 2 * dx


@wrong("squared_distance_backward", "mutated-input", "integer-truncation", "raised-error")
def subtracts_in_place(x: Any, h: Any) -> Any:
    x -= h
    x *= 2
    return x


@wrong("squared_distance_backward", "averaged-not-summed", "averaged-twice", "constant-factor")
def mean_squared_error(x: Any, h: Any) -> Any:
    return 2 * (x - h) / x.size


@wrong("squared_distance_backward", "wrong-local-derivative", "value-instead-of-mask")
def twice_the_squares(x: Any, h: Any) -> Any:
    return 2 * (x - h) ** 2


@wrong("squared_distance_backward", "wrong-type")
def both_gradients(x: Any, h: Any) -> Any:
    return 2 * (x - h), -2 * (x - h)


@wrong("squared_distance_backward", "wrong-local-derivative", "wrong-sign")
def sum_of_the_points(x: Any, h: Any) -> Any:
    return 2 * (x + h)


@wrong("squared_distance_backward", "wrong-local-derivative")
def guarded_norm(x: Any, h: Any) -> Any:
    return 2 * (x - h) / np.sqrt(np.sum((x - h) ** 2) + 1e-12)


@right("squared_distance_backward")
def expanded(x: Any, h: Any) -> Any:
    return 2 * x - 2 * h


@right("squared_distance_backward")
def added_to_itself(x: Any, h: Any) -> Any:
    d = np.subtract(x, h)
    return d + d


@right("squared_distance_backward")
def in_python_numbers(x: Any, h: Any) -> Any:
    dx = np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        dx[i] = 2 * (float(x[i]) - float(h[i]))
    return dx.tolist()


# ---------------------------------------------------------------- numerical_hessian


@wrong("numerical_hessian", "one-sided-difference")
def forward_second_difference(f: Any, x: Any, h: float = 1e-4) -> Any:
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(D):
            a, b = h * np.eye(D)[i], h * np.eye(D)[j]
            H[i, j] = (f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2
    return H


@wrong("numerical_hessian", "diagonal-jacobian")
def curvature_along_the_axes(f: Any, x: Any, h: float = 1e-4) -> Any:
    H = np.zeros((len(x), len(x)))
    for i, e in enumerate(np.eye(len(x))):
        H[i, i] = (f(x + h * e) - 2 * f(x) + f(x - h * e)) / h**2
    return H


@wrong("numerical_hessian", "diagonal-jacobian", "wrong-shape")
def vector_of_curvatures(f: Any, x: Any, h: float = 1e-4) -> Any:
    return np.array([(f(x + h * e) - 2 * f(x) + f(x - h * e)) / h**2 for e in np.eye(len(x))])


@wrong("numerical_hessian", "constant-factor")
def four_forgotten(f: Any, x: Any, h: float = 1e-4) -> Any:
    E = h * np.eye(len(x))
    return [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / h**2 for b in E] for a in E]


@wrong("numerical_hessian", "constant-factor")
def divided_by_h_once(f: Any, x: Any, h: float = 1e-4) -> Any:
    E = h * np.eye(len(x))
    return [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h) for b in E] for a in E]


@wrong("numerical_hessian", "wrong-value", "dropped-path")
def upper_triangle(f: Any, x: Any, h: float = 1e-4) -> Any:
    D = len(x)
    E = h * np.eye(D)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(i, D):
            a, b = E[i], E[j]
            H[i, j] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h)
    return H


@wrong("numerical_hessian", "wrong-shape")
def gradient_only(f: Any, x: Any, h: float = 1e-4) -> Any:
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


@wrong("numerical_hessian", "wrong-value", "wrong-local-derivative")
def outer_product_of_the_gradient(f: Any, x: Any, h: float = 1e-4) -> Any:
    g = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))]
    return np.outer(g, g)


@wrong("numerical_hessian", "wrong-variable")
def fixed_step(f: Any, x: Any, h: float = 1e-4) -> Any:
    h = 1e-4
    E = h * np.eye(len(x))
    return [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h**2) for b in E] for a in E]


@wrong("numerical_hessian", "wrong-sign")
def signs_the_wrong_way_round(f: Any, x: Any, h: float = 1e-4) -> Any:
    E = h * np.eye(len(x))
    return [[(f(x + a - b) + f(x - a + b) - f(x + a + b) - f(x - a - b)) / (4 * h**2) for b in E] for a in E]


@wrong("numerical_hessian", "integer-truncation")
def moves_integers(f: Any, x: Any, h: float = 1e-4) -> Any:
    D = len(x)
    H = np.zeros((D, D))
    for i in range(D):
        for j in range(D):
            for p in (1, -1):
                for q in (1, -1):
                    moved = x.copy()
                    moved[i] = moved[i] + p * h
                    moved[j] = moved[j] + q * h
                    H[i, j] += p * q * f(moved)
    return H / (4 * h**2)


@wrong("numerical_hessian", "mutated-input")
def never_puts_x_back(f: Any, x: Any, h: float = 1e-4) -> Any:
    def gradient(x: Any) -> Any:
        g = []
        for j in range(len(x)):
            x[j] += h
            up = f(x)
            x[j] -= 2 * h
            g.append((up - f(x)) / (2 * h))
        return np.array(g)

    return np.array([(gradient(x + h * e) - gradient(x)) / h for e in np.eye(len(x))])


@wrong("numerical_hessian", "one-sided-difference")
def one_sided_difference_of_gradients(f: Any, x: Any, h: float = 1e-4) -> Any:
    def gradient(x: Any) -> Any:
        return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

    return np.array([(gradient(x + h * e) - gradient(x)) / h for e in np.eye(len(x))])


@wrong("numerical_hessian", "dropped-path", "wrong-mask")
def off_the_diagonal_only(f: Any, x: Any, h: float = 1e-4) -> Any:
    D = len(x)
    E, H = h * np.eye(D), np.zeros((D, D))
    for i in range(D):
        for j in range(i):
            corners = f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])
            H[i, j] = H[j, i] = corners / (4 * h**2)
    return H


@wrong("numerical_hessian", "constant-factor")
def half_of_the_denominator(f: Any, x: Any, h: float = 1e-4) -> Any:
    E = h * np.eye(len(x))
    return [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (2 * h**2) for b in E] for a in E]


@wrong("numerical_hessian", "constant-factor", "wrong-local-derivative")
def diagonal_counted_twice(f: Any, x: Any, h: float = 1e-4) -> Any:
    D = len(x)
    E, H = h * np.eye(D), np.zeros((D, D))
    for i in range(D):
        for j in range(i + 1):
            corners = f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])
            H[i, j] = corners / (4 * h**2)
    return H + H.T


@wrong("numerical_hessian", "integer-truncation")
def gradients_at_integers(f: Any, x: Any, h: float = 1e-4) -> Any:
    def moved(x: Any, i: int, step: float) -> Any:
        y = x.copy()
        y[i] += step
        return y

    def gradient(x: Any) -> Any:
        return np.array([(f(moved(x, i, h)) - f(moved(x, i, -h))) / (2 * h) for i in range(len(x))])

    return [(gradient(moved(x, i, h)) - gradient(moved(x, i, -h))) / (2 * h) for i in range(len(x))]


@wrong("numerical_hessian", "wrong-shape")
def laplacian(f: Any, x: Any, h: float = 1e-4) -> Any:
    return sum((f(x + h * e) - 2 * f(x) + f(x - h * e)) / h**2 for e in np.eye(len(x)))


@right("numerical_hessian")
def difference_of_gradients(f: Any, x: Any, h: float = 1e-4) -> Any:
    def gradient(x: Any) -> Any:
        return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

    return np.array([(gradient(x + h * e) - gradient(x - h * e)) / (2 * h) for e in np.eye(len(x))])


@right("numerical_hessian")
def three_points_on_the_diagonal(f: Any, x: Any, h: float = 1e-4) -> Any:
    x = np.asarray(x, float)
    D = x.size
    E, H = h * np.eye(D), np.empty((D, D))
    for i in range(D):
        H[i, i] = (f(x + E[i]) - 2 * f(x) + f(x - E[i])) / h**2
        for j in range(i):
            corners = f(x + E[i] + E[j]) - f(x + E[i] - E[j]) - f(x - E[i] + E[j]) + f(x - E[i] - E[j])
            H[i, j] = H[j, i] = corners / (4 * h**2)
    return H


@right("numerical_hessian")
def seven_points(f: Any, x: Any, h: float = 1e-4) -> Any:
    """The mixed formula that needs no new corners: it agrees with the others up to the square of h."""
    E = h * np.eye(len(x))

    def along(d: Any) -> Any:
        return (f(x + d) - 2 * f(x) + f(x - d)) / h**2

    return [
        [along(a) if i == j else (along(a + b) - along(a) - along(b)) / 2 for j, b in enumerate(E)]
        for i, a in enumerate(E)
    ]


@right("numerical_hessian")
def symmetrised(f: Any, x: Any, h: float = 1e-4) -> Any:
    x = np.array(x, np.float64)
    H = np.zeros((x.size, x.size))
    for i in range(x.size):
        for j in range(x.size):
            for p, q in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                moved = x.copy()
                moved[i] += p * h
                moved[j] += q * h
                H[i, j] += p * q * f(moved)
    H /= math.pow(2 * h, 2)
    return (H + H.T) / 2


# ---------------------------------------------------------------- network_vjp


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@wrong("network_vjp", "forgot-chain")
def past_the_sigmoid(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = W2 @ dy
    return W1 @ dz1, np.outer(x, dz1), dz1, np.outer(y1, dy), dy


@wrong("network_vjp", "wrong-variable", "wrong-local-derivative")
def slope_of_the_output(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    s = _sigmoid(y1)
    dz1 = (W2 @ dy) * s * (1 - s)
    return W1 @ dz1, np.outer(x, dz1), dz1, np.outer(y1, dy), dy


@wrong("network_vjp", "transposed", "wrong-shape")
def outer_products_turned(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = (dy @ W2.T) * y1 * (1 - y1)
    return dz1 @ W1.T, np.outer(dz1, x), dz1, np.outer(dy, y1), dy


@wrong("network_vjp", "swapped-inputs", "wrong-order", "wrong-shape")
def in_the_order_of_the_walk(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = (dy @ W2.T) * y1 * (1 - y1)
    return np.outer(y1, dy), dy, np.outer(x, dz1), dz1, dz1 @ W1.T


@wrong("network_vjp", "wrong-type")
def stops_at_the_input(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = (dy @ W2.T) * y1 * (1 - y1)
    return dz1 @ W1.T


@wrong("network_vjp", "missing-upstream")
def forgets_dy_at_the_top(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = W2.sum(axis=1) * y1 * (1 - y1)
    return W1 @ dz1, np.outer(x, dz1), dz1, np.outer(y1, np.ones(len(b2))), np.ones(len(b2))


@right("network_vjp")
def step_by_step(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z1 = np.dot(x, W1) + b1
    y1 = 1 / (1 + np.exp(-z1))
    dy1 = np.dot(W2, dy)
    dz1 = dy1 * np.exp(-z1) / (1 + np.exp(-z1)) ** 2
    return W1.dot(dz1), x[:, None] * dz1, dz1, y1[:, None] * dy, dy


@right("network_vjp")
def by_whole_jacobians(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    y1 = _sigmoid(x @ W1 + b1)
    dz1 = dy @ W2.T @ np.diag(y1 - y1**2)
    return [dz1 @ W1.T, np.einsum("i,j->ij", x, dz1), dz1, np.einsum("i,j->ij", y1, dy), dy.copy()]


@right("network_vjp")
def unit_by_unit(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    dx, dW1, db1, dW2 = np.zeros(len(x)), np.zeros(W1.shape), np.zeros(len(b1)), np.zeros(W2.shape)
    for k in range(len(b1)):
        y = 1 / (1 + math.exp(-sum(x[i] * W1[i, k] for i in range(len(x))) - b1[k]))
        for j in range(len(b2)):
            dW2[k, j] = dy[j] * y
            db1[k] += dy[j] * W2[k, j] * y * (1 - y)
        for i in range(len(x)):
            dW1[i, k] = db1[k] * x[i]
            dx[i] += db1[k] * W1[i, k]
    return dx, dW1, db1, dW2, dy * 1.0


@wrong("jacobian_from_vjp", "constant-factor")
def shared_out_among_the_outputs(vjp: Any, x: Any, output_size: Any) -> Any:
    return np.array([vjp(e) for e in np.eye(output_size) / output_size])


@wrong("numerical_jacobian", "wrong-local-derivative")
def every_entry_moved_at_once(f: Any, x: Any, h: Any = 1e-5) -> Any:
    x = np.array(x, float)
    return np.outer((f(x + h) - f(x - h)) / (2 * h), np.ones(len(x)))


@wrong("numerical_hessian", "wrong-local-derivative")
def diagonal_of_slopes(f: Any, x: Any, h: Any = 1e-4) -> Any:
    x = np.array(x, float)
    steps, H = h * np.eye(len(x)), np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            ends = [f(x + a * steps[i] + b * steps[j]) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            H[i, j] = (ends[0] - ends[1] - ends[2] + ends[3]) / (4 * h**2)
        H[i, i] = (f(x + steps[i]) - f(x - steps[i])) / (2 * h)
    return H

"""Implementations of the exercises of 06-backpropagation."""

import math
from functools import reduce
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong

# ---------------------------------------------------------------- extended_layer_backward


@wrong("extended_layer_backward", "wrong-shape")
def no_row_for_the_bias(dz: Any, y_prev: Any, w: Any) -> Any:
    dw = np.zeros((len(y_prev), len(dz)))
    for i in range(len(y_prev)):
        dw[i] = y_prev[i] * dz
    return w[1:] @ dz, dw


@wrong("extended_layer_backward", "wrong-shape")
def gradient_for_the_constant(dz: Any, y_prev: Any, w: Any) -> Any:
    y = np.r_[1.0, y_prev]
    return np.einsum("ij,j->i", w, dz), y[:, None] * dz


@wrong("extended_layer_backward", "wrong-order")
def bias_in_the_last_row(dz: Any, y_prev: Any, w: Any) -> Any:
    D = len(y_prev)
    dy, dw = np.zeros(D), np.zeros(w.shape)
    for j in range(len(dz)):
        for i in range(D):
            dy[i] += w[i, j] * dz[j]
            dw[i, j] = y_prev[i] * dz[j]
        dw[D, j] = dz[j]
    return dy, dw


@wrong("extended_layer_backward", "missing-upstream")
def bias_gradient_of_one(dz: Any, y_prev: Any, w: Any) -> Any:
    dw = np.empty(w.shape)
    dw[0] = 1
    dw[1:] = np.outer(y_prev, dz)
    return dz @ w[1:].T, dw


@wrong("extended_layer_backward", "missing-upstream")
def rows_of_inputs(dz: Any, y_prev: Any, w: Any) -> Any:
    y = np.append([1.0], y_prev)
    return w[1:].sum(1), np.repeat(y, w.shape[1]).reshape(w.shape)


@wrong("extended_layer_backward", "transposed", "wrong-shape")
def outer_the_other_way(dz: Any, y_prev: Any, w: Any) -> Any:
    return w[1:, :].dot(dz), np.outer(dz, np.hstack([1, y_prev]))


@wrong("extended_layer_backward", "integer-truncation")
def accumulators_like_the_weights(dz: Any, y_prev: Any, w: Any) -> Any:
    dy, dw = np.zeros(len(y_prev)), np.zeros_like(w)
    dw[0] = dz
    for i, y in enumerate(y_prev):
        dy[i] = (w[i + 1] * dz).sum()
        dw[i + 1] = y * dz
    return dy, dw


@wrong("extended_layer_backward", "extra-axis")
def column_of_inputs(dz: Any, y_prev: Any, w: Any) -> Any:
    return w[1:] @ dz.reshape(-1, 1), np.outer(np.concatenate(([1], y_prev)), dz)


@wrong("extended_layer_backward", "swapped-inputs")
def weights_first(dz: Any, y_prev: Any, w: Any) -> Any:
    return np.outer(np.concatenate(([1], y_prev)), dz), w[1:] @ dz


@wrong("extended_layer_backward", "missing-transpose")
def row_times_weights(dz: Any, y_prev: Any, w: Any) -> Any:
    return np.dot(dz, w[1:]), np.outer(np.concatenate(([1], y_prev)), dz)


@wrong("extended_layer_backward", "dropped-path", "overwritten-gradient")
def last_output_only(dz: Any, y_prev: Any, w: Any) -> Any:
    dy = np.zeros(len(y_prev))
    for i in range(len(y_prev)):
        for j in range(len(dz)):
            dy[i] = w[i + 1, j] * dz[j]
    return dy, np.outer(np.concatenate(([1], y_prev)), dz)


@right("extended_layer_backward")
def index_by_index(dz: Any, y_prev: Any, w: Any) -> Any:
    D, M = len(y_prev), len(dz)
    dy, dw = [0.0] * D, [[0.0] * M for _ in range(D + 1)]
    for j in range(M):
        dw[0][j] = float(dz[j])
        for i in range(1, D + 1):
            dw[i][j] = float(y_prev[i - 1] * dz[j])
            dy[i - 1] += float(w[i, j] * dz[j])
    return dy, dw


@right("extended_layer_backward")
def extend_and_cut(dz: Any, y_prev: Any, w: Any) -> Any:
    extended = np.ones((len(y_prev) + 1, 1))
    extended[1:, 0] = y_prev
    return (w @ dz)[1:], extended @ dz[np.newaxis, :]


@right("extended_layer_backward")
def stacked_under_dz(dz: Any, y_prev: Any, w: Any) -> Any:
    dw = np.vstack([dz, np.einsum("i,j->ij", y_prev, dz)])
    return [np.inner(w[1:], dz), dw]


# ---------------------------------------------------------------- linear_backward


@wrong("linear_backward", "missing-transpose")
def forgot_to_transpose_w(dz: Any, x: Any, W: Any) -> Any:
    dx = np.dot(dz, W)
    dW = np.dot(x.T, dz)
    return dx, dW, np.sum(dz, axis=0)


@wrong("linear_backward", "missing-transpose")
def forgot_to_transpose_x(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x @ dz, dz.sum(0)


@wrong("linear_backward", "transposed")
def column_convention(dz: Any, x: Any, W: Any) -> Any:
    dW = np.matmul(dz.T, x)
    return np.matmul(W, dz.T).T, dW, dz.sum(axis=0)


@wrong("linear_backward", "missing-transpose")
def reshaped_to_fit(dz: Any, x: Any, W: Any) -> Any:
    D, M = W.shape
    return dz @ W.reshape(M, D), x.reshape(D, -1) @ dz, dz.sum(axis=0)


@wrong("linear_backward", "missing-transpose", "raised-error")
def star_for_a_matrix_product(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T * dz, dz.sum(axis=0)


@wrong("linear_backward", "unsummed-axis")
def bias_per_example(dz: Any, x: Any, W: Any) -> Any:
    db = np.ones(len(dz))[:, None] * dz
    return dz @ W.T, x.T @ dz, db


@wrong("linear_backward", "unsummed-axis")
def weights_per_example(dz: Any, x: Any, W: Any) -> Any:
    return np.einsum("nm,dm->nd", dz, W), np.einsum("nd,nm->ndm", x, dz), dz.sum(axis=0)


@wrong("linear_backward", "averaged-not-summed")
def divided_by_m(dz: Any, x: Any, W: Any) -> Any:
    m = dz.shape[0]
    dW = 1 / m * np.dot(x.T, dz)
    db = 1 / m * np.sum(dz, axis=0)
    return np.dot(dz, W.T), dW, db


@wrong("linear_backward", "averaged-not-summed")
def mean_for_the_bias(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T @ dz, np.mean(dz, axis=0)


@wrong("linear_backward", "wrong-axis")
def summed_over_outputs(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T @ dz, np.array([row.sum() for row in dz])


@wrong("linear_backward", "extra-axis")
def kept_dimensions(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T @ dz, dz.sum(axis=0, keepdims=True)


@wrong("linear_backward", "wrong-shape")
def one_bias_for_all(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T @ dz, np.sum(dz)


@wrong("linear_backward", "missing-upstream")
def local_derivatives_only(dz: Any, x: Any, W: Any) -> Any:
    n, m = dz.shape
    return np.tile(W.sum(1), (n, 1)), np.tile(x.sum(0)[:, None], (1, m)), n * np.ones(m)


@wrong("linear_backward", "overwritten-gradient", "dropped-path")
def assignment_in_the_loop(dz: Any, x: Any, W: Any) -> Any:
    dx = np.zeros((len(x), len(W)))
    for n in range(len(x)):
        dx[n] = W @ dz[n]
        dW = np.outer(x[n], dz[n])
        db = dz[n]
    return dx, dW, db


@wrong("linear_backward", "integer-truncation")
def zeros_like_everything(dz: Any, x: Any, W: Any) -> Any:
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros(W.shape[1])
    dx[:] = dz @ W.T
    dW[:] = x.T @ dz
    db[:] = dz.sum(0)
    return dx, dW, db


@wrong("linear_backward", "swapped-inputs")
def weights_before_inputs(dz: Any, x: Any, W: Any) -> Any:
    return x.T @ dz, dz @ W.T, dz.sum(0)


@wrong("linear_backward", "mutated-input")
def normalises_in_place(dz: Any, x: Any, W: Any) -> Any:
    x /= len(x)
    return dz @ W.T, x.T @ dz * len(x), dz.sum(0)


@wrong("linear_backward", "wrong-type")
def bias_forgotten(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, x.T @ dz


_grads: dict[tuple[int, ...], Any] = {}


@wrong("linear_backward", "stale-state")
def keeps_adding(dz: Any, x: Any, W: Any) -> Any:
    _grads[W.shape] = _grads.get(W.shape, 0) + x.T @ dz
    return dz @ W.T, _grads[W.shape].copy(), dz.sum(axis=0)


@wrong("linear_backward", "transposed")
def inputs_in_columns(dz: Any, x: Any, W: Any) -> Any:
    return np.dot(W, dz.T), np.dot(x.T, dz), dz.sum(axis=0)


@wrong("linear_backward", "not-averaged", "constant-factor")
def counts_the_batch_twice(dz: Any, x: Any, W: Any) -> Any:
    dW = np.zeros(W.shape)
    for row in x:
        dW += x.T @ dz
    return dz @ W.T, dW, dz.sum(0)


@wrong("linear_backward", "wrong-sign")
def already_descending(dz: Any, x: Any, W: Any) -> Any:
    return dz @ W.T, -x.T @ dz, -dz.sum(0)


@wrong("linear_backward", "numerical-differentiation")
def quotient_for_the_weights(dz: Any, x: Any, W: Any) -> Any:
    W, dW, h = np.array(W, float), np.zeros(W.shape), 1e-5
    for i in np.ndindex(*W.shape):
        up, down = W.copy(), W.copy()
        up[i] += h
        down[i] -= h
        dW[i] = np.sum(dz * (x @ up - x @ down)) / (2 * h)
    return dz @ W.T, dW, dz.sum(0)


@right("linear_backward")
def einsums(dz: Any, x: Any, W: Any) -> Any:
    return np.einsum("nm,dm->nd", dz, W), np.einsum("nd,nm->dm", x, dz), np.einsum("nm->m", dz)


@right("linear_backward")
def example_by_example(dz: Any, x: Any, W: Any) -> Any:
    dx, dW, db = [], 0.0, 0.0
    for g, row in zip(dz, x):
        dx.append(W @ g)
        dW = dW + np.outer(row, g)
        db = db + g
    return dx, dW, db


@right("linear_backward")
def columns_and_ones(dz: Any, x: Any, W: Any) -> Any:
    db = np.dot(np.ones((1, len(dz))), dz)[0]
    return np.dot(W, dz.T).T, np.dot(dz.T, x).T, db


@right("linear_backward")
def three_loops(dz: Any, x: Any, W: Any) -> Any:
    (N, M), D = dz.shape, len(W)
    dx = [[sum(dz[n, j] * W[i, j] for j in range(M)) for i in range(D)] for n in range(N)]
    dW = [[math.fsum(float(x[n, i] * dz[n, j]) for n in range(N)) for j in range(M)] for i in range(D)]
    return [dx, dW, [sum(dz[:, j]) for j in range(M)]]


@right("linear_backward")
def inner_and_tensordot(dz: Any, x: Any, W: Any) -> Any:
    return np.inner(dz, W), np.tensordot(x, dz, (0, 0)), np.add.reduce(dz)


# ---------------------------------------------------------------- broadcast_backward


@wrong("broadcast_backward", "unsummed-axis")
def new_axes_only(dy: Any, shape: Any) -> Any:
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    return dy


@wrong("broadcast_backward", "unsummed-axis")
def stretched_axes_only(dy: Any, shape: Any) -> Any:
    for i in range(1, len(shape) + 1):
        if shape[-i] == 1:
            dy = dy.sum(axis=-i, keepdims=True)
    return dy


@wrong("broadcast_backward", "averaged-not-summed")
def means_over_copies(dy: Any, shape: Any) -> Any:
    while dy.ndim > len(shape):
        dy = np.mean(dy, axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            dy = np.mean(dy, axis=i, keepdims=True)
    return dy


@wrong("broadcast_backward", "averaged-not-summed")
def mean_over_the_axes_in_front(dy: Any, shape: Any) -> Any:
    while dy.ndim > len(shape):
        dy = dy.mean(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis=i, keepdims=True)
    return dy


@wrong("broadcast_backward", "wrong-local-derivative")
def divided_by_the_last_length(dy: Any, shape: Any) -> Any:
    padded = [1] * (dy.ndim - len(shape)) + list(shape)
    total = dy.sum(axis=tuple(i for i, n in enumerate(padded) if n == 1)).reshape(shape)
    return total / dy.shape[-1] if dy.ndim else total


@wrong("broadcast_backward", "extra-axis")
def keeps_the_new_axes(dy: Any, shape: Any) -> Any:
    padded = [1] * (dy.ndim - len(shape)) + list(shape)
    for i, n in enumerate(padded):
        if n == 1:
            dy = np.sum(dy, axis=i, keepdims=True)
    return dy


@wrong("broadcast_backward", "wrong-shape")
def squeezes_too_much(dy: Any, shape: Any) -> Any:
    padded = [1] * (dy.ndim - len(shape)) + list(shape)
    for i in reversed(range(dy.ndim)):
        if padded[i] == 1:
            dy = dy.sum(i)
    return dy


@wrong("broadcast_backward", "dropped-path")
def first_copy(dy: Any, shape: Any) -> Any:
    dy = dy[(0,) * (dy.ndim - len(shape))]
    return dy[tuple(slice(0, n) for n in shape)]


@wrong("broadcast_backward", "wrong-axis")
def aligned_on_the_left(dy: Any, shape: Any) -> Any:
    while np.ndim(dy) > len(shape):
        dy = np.sum(dy, axis=-1)
    return dy


@wrong("broadcast_backward", "wrong-shape")
def total(dy: Any, shape: Any) -> Any:
    return sum(np.ravel(dy))


@wrong("broadcast_backward", "unsummed-axis", "raised-error")
def reshapes(dy: Any, shape: Any) -> Any:
    return dy.reshape(shape)


@wrong("broadcast_backward", "forward-instead-of-backward", "raised-error")
def broadcasts_again(dy: Any, shape: Any) -> Any:
    return np.broadcast_to(dy, shape).copy()


@wrong("broadcast_backward", "raised-error")
def axis_numbers_not_shifted(dy: Any, shape: Any) -> Any:
    extra = dy.ndim - len(shape)
    dy = dy.sum(axis=tuple(range(extra)))
    for i, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis=i + extra, keepdims=True)
    return dy


@wrong("broadcast_backward", "missing-upstream")
def number_of_copies(dy: Any, shape: Any) -> Any:
    return np.ones(shape) * (dy.size / np.ones(shape).size)


@right("broadcast_backward")
def front_then_stretched(dy: Any, shape: Any) -> Any:
    while dy.ndim > len(shape):
        dy = dy.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis=i, keepdims=True)
    return dy


@right("broadcast_backward")
def add_at_broadcast_indices(dy: Any, shape: Any) -> Any:
    size = int(np.prod(shape))
    where = np.broadcast_to(np.arange(size).reshape(shape), np.shape(dy))
    out = np.zeros(size)
    np.add.at(out, where.ravel(), np.ravel(dy))
    return out.reshape(shape)


@right("broadcast_backward")
def einsum_letters(dy: Any, shape: Any) -> Any:
    letters = "abcdefg"[: dy.ndim]
    kept = "".join(c for c, n in zip(letters[::-1], shape[::-1]) if n != 1)[::-1]
    return np.einsum(f"{letters}->{kept}", dy).reshape(shape)


@right("broadcast_backward")
def entry_by_entry(dy: Any, shape: Any) -> Any:
    out = np.zeros(shape)
    for index in np.ndindex(*np.shape(dy)):
        tail = index[len(index) - len(shape) :]
        out[tuple(i if n > 1 else 0 for i, n in zip(tail, shape))] += dy[index]
    return out.tolist()


# ---------------------------------------------------------------- multiply_backward


@wrong("multiply_backward", "swapped-inputs")
def own_values(dy: Any, a: Any, b: Any) -> Any:
    return np.multiply(dy, a), np.multiply(dy, b)


@wrong("multiply_backward", "missing-upstream")
def the_other_input(dy: Any, a: Any, b: Any) -> Any:
    return np.array(b), np.array(a)


@wrong("multiply_backward", "value-instead-of-mask", "wrong-local-derivative")
def times_the_output(dy: Any, a: Any, b: Any) -> Any:
    y = a * b
    return dy * y, dy * y


@wrong("multiply_backward", "wrong-local-derivative")
def like_an_add_gate(dy: Any, a: Any, b: Any) -> Any:
    return dy.copy(), dy.copy()


@wrong("multiply_backward", "swapped-inputs", "wrong-variable")
def copied_the_line(dy: Any, a: Any, b: Any) -> Any:
    da = b * dy
    db = b * dy
    return da, db


@wrong("multiply_backward", "not-finite")
def divides_it_out(dy: Any, a: Any, b: Any) -> Any:
    y = np.asarray(a * b, float)
    return dy * np.divide(y, a), dy * np.divide(y, b)


@wrong("multiply_backward", "mutated-input")
def scales_in_place(dy: Any, a: Any, b: Any) -> Any:
    db = dy * a
    dy *= b
    return dy, db


@wrong("multiply_backward", "integer-truncation")
def types_of_the_inputs(dy: Any, a: Any, b: Any) -> Any:
    return (dy * b).astype(np.asarray(a).dtype), (dy * a).astype(np.asarray(b).dtype)


@wrong("multiply_backward", "wrong-type")
def only_the_first(dy: Any, a: Any, b: Any) -> Any:
    da, db = dy * b, dy * a
    return {"a": da, "b": db}


@right("multiply_backward")
def stacked(dy: Any, a: Any, b: Any) -> Any:
    return np.stack([np.multiply(b, dy), np.multiply(a, dy)])


@right("multiply_backward")
def index_loop(dy: Any, a: Any, b: Any) -> Any:
    da, db = np.zeros(np.shape(a)), np.zeros(np.shape(b))
    for i in np.ndindex(*np.shape(dy)):
        da[i] += b[i] * dy[i]
        db[i] += a[i] * dy[i]
    return [da, db]


@right("multiply_backward")
def ellipsis(dy: Any, a: Any, b: Any) -> Any:
    return tuple(np.einsum("...,...->...", dy, other) for other in (b, a))


# ---------------------------------------------------------------- pairwise_product_backward


@wrong("pairwise_product_backward", "swapped-inputs")
def each_its_own(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    dz[..., ::2] = dy * z[..., ::2]
    dz[..., 1::2] = dy * z[..., 1::2]
    return dz


@wrong("pairwise_product_backward", "missing-upstream")
def neighbours_only(dy: Any, z: Any) -> Any:
    out = np.empty(z.shape)
    out[..., 0::2], out[..., 1::2] = z[..., 1::2], z[..., 0::2]
    return out


@wrong("pairwise_product_backward", "wrong-order")
def first_half_with_second(dy: Any, z: Any) -> Any:
    half = z.shape[-1] // 2
    a, b = z[..., :half], z[..., half:]
    return np.concatenate((dy * b, dy * a), axis=-1)


@wrong("pairwise_product_backward", "wrong-order")
def not_interleaved(dy: Any, z: Any) -> Any:
    odd, even = z[..., ::2], z[..., 1::2]
    return np.append(dy * even, dy * odd, axis=-1)


@wrong("pairwise_product_backward", "wrong-order")
def reversed_rows(dy: Any, z: Any) -> Any:
    return np.repeat(dy, 2, axis=-1) * np.flip(z, axis=-1)


@wrong("pairwise_product_backward", "wrong-order")
def tiled(dy: Any, z: Any) -> Any:
    partner = z[..., np.arange(z.shape[-1]) ^ 1]
    return np.tile(dy, 2) * partner


@wrong("pairwise_product_backward", "wrong-variable")
def neighbour_on_the_right(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    K = z.shape[-1]
    for k in range(K):
        dz[..., k] = dy[..., k // 2] * z[..., (k + 1) % K]
    return dz


@wrong("pairwise_product_backward", "dropped-path")
def first_of_each_pair(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        dz[..., 2 * k] = dy[..., k] * z[..., 2 * k + 1]
    return dz


@wrong("pairwise_product_backward", "not-finite")
def output_over_input(dy: Any, z: Any) -> Any:
    y = z[..., ::2] * z[..., 1::2]
    return np.repeat(dy * y, 2, axis=-1) / z


@wrong("pairwise_product_backward", "integer-truncation")
def filled_like_z(dy: Any, z: Any) -> Any:
    dz = np.empty_like(z)
    dz[..., ::2] = dy * z[..., 1::2]
    dz[..., 1::2] = dy * z[..., ::2]
    return dz


@wrong("pairwise_product_backward", "raised-error")
def dy_not_repeated(dy: Any, z: Any) -> Any:
    swapped = z.copy()
    swapped[..., ::2], swapped[..., 1::2] = z[..., 1::2], z[..., ::2]
    return dy * swapped


@wrong("pairwise_product_backward", "extra-axis")
def pairs_left_apart(dy: Any, z: Any) -> Any:
    pairs = z.reshape(*dy.shape, 2)
    return dy[..., None] * pairs[..., ::-1]


@wrong("pairwise_product_backward", "mutated-input")
def swaps_in_place(dy: Any, z: Any) -> Any:
    z[..., ::2], z[..., 1::2] = z[..., 1::2].copy(), z[..., ::2].copy()
    return np.repeat(dy, 2, axis=-1) * z


@right("pairwise_product_backward")
def strided_slices(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    dz[..., ::2] += dy * z[..., 1::2]
    dz[..., 1::2] += dy * z[..., ::2]
    return dz


@right("pairwise_product_backward")
def stacked_and_flattened(dy: Any, z: Any) -> Any:
    a, b = z[..., ::2], z[..., 1::2]
    return np.stack((dy * b, dy * a), axis=-1).reshape(z.shape)


@right("pairwise_product_backward")
def xor_of_the_index(dy: Any, z: Any) -> Any:
    k = np.arange(z.shape[-1])
    return dy[..., k // 2] * z[..., k ^ 1]


# ---------------------------------------------------------------- gated_unit_backward


def _s(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(np.asarray(z) / 2))


@wrong("gated_unit_backward", "forgot-chain")
def multiply_gate_only(dy: Any, g: Any, c: Any) -> Any:
    return dy * np.tanh(c), dy * _s(g)


@wrong("gated_unit_backward", "forgot-chain")
def branches_apart(dy: Any, g: Any, c: Any) -> Any:
    dg = dy * _s(g) * (1 - _s(g))
    dc = dy * (1 - np.tanh(c) ** 2)
    return dg, dc


@wrong("gated_unit_backward", "wrong-variable")
def short_forms_at_the_inputs(dy: Any, g: Any, c: Any) -> Any:
    dsigma, dtanh = dy * np.tanh(c), dy * _s(g)
    return dsigma * g * (1 - g), dtanh * (1 - c * c)


@wrong("gated_unit_backward", "wrong-variable")
def sigmoid_twice(dy: Any, g: Any, c: Any) -> Any:
    s = _s(g)
    return dy * np.tanh(c) * _s(s) * (1 - _s(s)), dy * s * (1 - np.tanh(c) ** 2)


@wrong("gated_unit_backward", "missing-upstream")
def local_slopes(dy: Any, g: Any, c: Any) -> Any:
    s, t = _s(g), np.tanh(c)
    return t * (s - s**2), s / np.cosh(c) ** 2


@wrong("gated_unit_backward", "swapped-inputs")
def candidate_first(dy: Any, g: Any, c: Any) -> Any:
    s, t = _s(g), np.tanh(c)
    return dy * s * (1 - t * t), dy * t * s * (1 - s)


@wrong("gated_unit_backward", "swapped-inputs")
def own_branch(dy: Any, g: Any, c: Any) -> Any:
    s, t = _s(g), np.tanh(c)
    return s * (s * (1 - s)) * dy, t * (1 - t**2) * dy


@wrong("gated_unit_backward", "wrong-local-derivative")
def tanh_not_squared(dy: Any, g: Any, c: Any) -> Any:
    s, t = _s(g), np.tanh(c)
    return dy * t * s * (1 - s), dy * s * (1 - t)


@wrong("gated_unit_backward", "value-instead-of-mask")
def values_of_both(dy: Any, g: Any, c: Any) -> Any:
    y = _s(g) * np.tanh(c)
    return dy * y, dy * y


@wrong("gated_unit_backward", "wrong-sign")
def sign_of_the_exponent(dy: Any, g: Any, c: Any) -> Any:
    s, t = _s(g), np.tanh(c)
    return -dy * t * s * _s(-np.asarray(g)), dy * s * (1 - t**2)


@wrong("gated_unit_backward", "numerical-differentiation")
def two_quotients(dy: Any, g: Any, c: Any) -> Any:
    h = 1e-5
    dg = (_s(g + h) - _s(g - h)) / (2 * h) * np.tanh(c)
    dc = _s(g) * (np.tanh(c + h) - np.tanh(c - h)) / (2 * h)
    return dy * dg, dy * dc


@right("gated_unit_backward")
def through_exponentials(dy: Any, g: Any, c: Any) -> Any:
    s = 1 / (1 + np.exp(-np.asarray(g, float)))
    t = np.tanh(c)
    ds, dt = dy * t, dy * s
    return ds * s * (1 - s), dt * (1 + t) * (1 - t)


@right("gated_unit_backward")
def one_number_at_a_time(dy: Any, g: Any, c: Any) -> Any:
    dg, dc = np.zeros(np.shape(g)), np.zeros(np.shape(c))
    for i in np.ndindex(*np.shape(g)):
        s, t = 1 / (1 + math.exp(-float(g[i]))), math.tanh(float(c[i]))
        dg[i] = dy[i] * t * (s - s * s)
        dc[i] = dy[i] * s * (1 - t * t)
    return dg, dc


@right("gated_unit_backward")
def with_hyperbolic_cosines(dy: Any, g: Any, c: Any) -> Any:
    return [dy * np.tanh(c) / (4 * np.cosh(np.asarray(g) / 2) ** 2), dy * _s(g) / np.square(np.cosh(c))]


# ---------------------------------------------------------------- mlp_forward


@wrong("mlp_forward", "wrong-mask")
def relu_everywhere(x: Any, weights: Any, biases: Any) -> Any:
    out = [x]
    for W, b in zip(weights, biases):
        out.append(np.maximum(0, out[-1] @ W + b))
    return out


@wrong("mlp_forward", "wrong-value", "wrong-mask")
def linear_everywhere(x: Any, weights: Any, biases: Any) -> Any:
    ys = [x]
    for k in range(len(weights)):
        ys.append(np.matmul(ys[k], weights[k]) + biases[k])
    return ys


@wrong("mlp_forward", "dropped-path")
def biases_forgotten(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for W in weights[:-1]:
        acts.append(np.clip(acts[-1] @ W, 0, None))
    return [*acts, acts[-1] @ weights[-1]]


@wrong("mlp_forward", "wrong-order")
def bias_after_the_relu(x: Any, weights: Any, biases: Any) -> Any:
    acts, last = [x], len(weights) - 1
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = acts[-1] @ W
        acts.append((z if k == last else np.where(z > 0, z, 0)) + b)
    return acts


@wrong("mlp_forward", "wrong-variable")
def keeps_the_sums(x: Any, weights: Any, biases: Any) -> Any:
    y, kept = x, [x]
    for W, b in zip(weights, biases):
        z = y @ W + b
        kept.append(z)
        y = np.maximum(z, 0)
    return kept


@wrong("mlp_forward", "wrong-type")
def without_the_input(x: Any, weights: Any, biases: Any) -> Any:
    acts = []
    for k, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if k < len(weights) - 1:
            x = np.maximum(x, 0)
        acts.append(x)
    return acts


@wrong("mlp_forward", "wrong-type")
def output_only(x: Any, weights: Any, biases: Any) -> Any:
    for W, b in zip(weights[:-1], biases[:-1]):
        x = np.maximum(x @ W + b, 0)
    return x @ weights[-1] + biases[-1]


@wrong("mlp_forward", "wrong-order")
def newest_first(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = acts[0] @ W + b
        acts.insert(0, z if k == len(weights) - 1 else np.maximum(z, 0))
    return acts


@wrong("mlp_forward", "missing-transpose")
def weights_from_the_left(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = np.dot(acts[-1], W.T) + b
        acts.append(z if k + 1 == len(weights) else np.maximum(z, 0))
    return acts


@wrong("mlp_forward", "mutated-input")
def pops_the_layers(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    while len(weights) > 1:
        acts.append(np.maximum(0, acts[-1] @ weights.pop(0) + biases.pop(0)))
    acts.append(acts[-1] @ weights[0] + biases[0])
    return acts


@wrong("mlp_forward", "missing-transpose", "broadcast-blow-up", "raised-error")
def bias_as_a_column(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = acts[-1] @ W + b.reshape(-1, 1)
        acts.append(np.maximum(z, 0) if k < len(weights) - 1 else z)
    return acts


@wrong("mlp_forward", "wrong-value")
def probabilities_at_the_end(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        acts.append(np.maximum(acts[-1] @ W + b, 0))
    z = acts[-1] @ weights[-1] + biases[-1]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return [*acts, e / e.sum(axis=1, keepdims=True)]


@wrong("mlp_forward", "raised-error")
def one_bias_too_far(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for k in range(1, len(weights) + 1):
        acts.append(np.maximum(acts[-1] @ weights[k] + biases[k], 0))
    return acts


@right("mlp_forward")
def in_place_on_its_own_arrays(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for W, b in zip(weights, biases):
        z = acts[-1] @ W
        z = z + b
        acts.append(z)
        if len(acts) <= len(weights):
            z[z < 0] = 0
    return acts


@right("mlp_forward")
def folded(x: Any, weights: Any, biases: Any) -> Any:
    inner = list(zip(weights[:-1], biases[:-1]))
    acts = reduce(lambda ys, Wb: (*ys, np.maximum(ys[-1].dot(Wb[0]) + Wb[1], 0)), inner, (x,))
    return (*acts, acts[-1].dot(weights[-1]) + biases[-1])


@right("mlp_forward")
def one_example_after_the_other(x: Any, weights: Any, biases: Any) -> Any:
    lists: list[list[Any]] = [[] for _ in range(len(weights) + 1)]
    for row in x:
        lists[0].append(row)
        for k, (W, b) in enumerate(zip(weights, biases), 1):
            row = [sum(r * w for r, w in zip(row, column)) + c for column, c in zip(W.T, b)]
            row = [max(r, 0.0) if k < len(weights) else r for r in row]
            lists[k].append(row)
    return [np.array(part) for part in lists]


# ---------------------------------------------------------------- mlp_backward


@wrong("mlp_backward", "wrong-order")
def appended_on_the_way_back(dy: Any, activations: Any, weights: Any) -> Any:
    dweights, dbiases, g = [], [], dy
    for k in range(len(weights) - 1, -1, -1):
        dweights.append(activations[k].T @ g)
        dbiases.append(g.sum(0))
        g = g @ weights[k].T
        if k > 0:
            g = g * (activations[k] > 0)
    return g, dweights, dbiases


@wrong("mlp_backward", "wrong-order")
def one_list_turned_round(dy: Any, activations: Any, weights: Any) -> Any:
    dweights, dbiases, g = [], [], dy
    for k in reversed(range(len(weights))):
        dweights.append(activations[k].T @ g)
        dbiases.append(g.sum(0))
        g = g @ weights[k].T * (activations[k] > 0 if k else 1)
    return g, dweights[::-1], dbiases


@wrong("mlp_backward", "forgot-chain", "wrong-mask")
def relus_forgotten(dy: Any, activations: Any, weights: Any) -> Any:
    L = len(weights)
    dWs, dbs = [None] * L, [None] * L
    for k in range(L - 1, -1, -1):
        dWs[k] = np.dot(activations[k].T, dy)
        dbs[k] = np.sum(dy, axis=0)
        dy = np.dot(dy, weights[k].T)
    return dy, dWs, dbs


@wrong("mlp_backward", "forgot-chain", "wrong-mask")
def not_negative(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
        if k:
            dy = np.where(activations[k] >= 0, dy, 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-mask")
def input_masked_too(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for W, y in list(zip(weights, activations))[::-1]:
        dWs, dbs = [y.T @ dy, *dWs], [dy.sum(0), *dbs]
        dy = (dy @ W.T) * (y > 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-mask")
def output_masked_too(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dy = dy * (activations[k + 1] > 0)
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-mask")
def mask_one_layer_too_low(dy: Any, activations: Any, weights: Any) -> Any:
    L = len(weights)
    dWs, dbs = [0] * L, [0] * L
    for k in range(L)[::-1]:
        if k != L - 1:
            dy = dy * np.heaviside(activations[k], 0)
        dWs[k], dbs[k] = activations[k].T @ dy, np.sum(dy, 0)
        dy = dy @ weights[k].T
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-mask")
def guided(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
        if k:
            dy = np.maximum(dy, 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-mask")
def relu_after_the_parameters(dy: Any, activations: Any, weights: Any) -> Any:
    L = len(weights)
    dWs, dbs = [0] * L, [0] * L
    for k in range(L - 1, -1, -1):
        dWs[k] = activations[k].T @ dy
        dbs[k] = dy.sum(axis=0)
        dz = dy if k == L - 1 else dy * (activations[k + 1] > 0)
        dy = dz @ weights[k].T
    return dy, dWs, dbs


@wrong("mlp_backward", "value-instead-of-mask")
def times_the_activation(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
        if k:
            dy = dy * activations[k]
    return dy, dWs, dbs


def _walk(dy: Any, activations: Any, weights: Any) -> Any:
    """A right pass, yielding (layer, gradient of its sum) from the last layer on; the last item is dx."""
    for k in reversed(range(len(weights))):
        yield k, dy
        dy = dy @ weights[k].T
        if k:
            dy = dy * (activations[k] > 0)
    yield -1, dy


@wrong("mlp_backward", "averaged-not-summed")
def batch_means(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    m = len(dy)
    steps = steps[::-1]
    return dx, [activations[k].T @ g / m for k, g in steps], [np.sum(g, 0) / m for _, g in steps]


@wrong("mlp_backward", "unsummed-axis")
def biases_per_example(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    return dx, [activations[k].T @ g for k, g in steps[::-1]], [g for _, g in steps[::-1]]


@wrong("mlp_backward", "extra-axis")
def biases_as_rows(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    dbs = [g.sum(axis=0, keepdims=True) for _, g in reversed(steps)]
    return dx, [activations[k].T @ g for k, g in reversed(steps)], dbs


@wrong("mlp_backward", "transposed")
def weight_gradients_transposed(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    return dx, [np.dot(g.T, activations[k]) for k, g in steps[::-1]], [g.sum(0) for _, g in steps[::-1]]


@wrong("mlp_backward", "missing-upstream")
def starts_from_ones(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(np.ones(activations[-1].shape), activations, weights)
    steps.reverse()
    return dx, [activations[k].T @ g for k, g in steps], [g.sum(0) for _, g in steps]


@wrong("mlp_backward", "forgot-chain", "missing-transpose")
def always_the_last_gradient(dy: Any, activations: Any, weights: Any) -> Any:
    grads: Any = {"dW": [], "db": []}
    for y, W in zip(activations, weights):
        grads["dW"].append(y.T @ dy)
        grads["db"].append(dy.sum(0))
    return dy @ weights[0].T, grads["dW"], grads["db"]


@wrong("mlp_backward", "missing-transpose")
def carried_down_untransposed(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k]
        if k:
            dy = dy * (activations[k] > 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-variable")
def outputs_for_inputs(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    return dx, [activations[k + 1].T @ g for k, g in steps[::-1]], [g.sum(0) for _, g in steps[::-1]]


@wrong("mlp_backward", "forgot-chain")
def input_not_reached(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, _ = _walk(dy, activations, weights)
    first = steps[-1][1]
    return first, [activations[k].T @ g for k, g in steps[::-1]], [g.sum(0) for _, g in steps[::-1]]


@wrong("mlp_backward", "swapped-inputs")
def biases_before_weights(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    return dx, [g.sum(0) for _, g in steps[::-1]], [activations[k].T @ g for k, g in steps[::-1]]


@wrong("mlp_backward", "mutated-input")
def pops_the_activations(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    activations.pop()
    for W in reversed(weights):
        y = activations.pop()
        dWs.insert(0, y.T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ W.T * ((y > 0) if activations else 1)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-type")
def first_layer_skipped(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in range(len(weights) - 1, 0, -1):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T * (activations[k] > 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "integer-truncation")
def gradients_like_the_weights(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    dWs, dbs = [np.zeros_like(W) for W in weights], [np.zeros(W.shape[1]) for W in weights]
    for k, g in steps:
        dWs[k][...] = activations[k].T @ g
        dbs[k] += g.sum(0)
    return dx, dWs, dbs


@wrong("mlp_backward", "wrong-order")
def first_layer_first(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in range(len(weights)):
        dWs.append(np.dot(activations[k].T, dy))
        dbs.append(dy.sum(axis=0))
        dy = np.dot(dy, weights[k].T) * (activations[k] > 0)
    return dy, dWs, dbs


@wrong("mlp_backward", "wrong-local-derivative")
def slope_of_a_sigmoid(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, activations[k].T @ dy)
        dbs.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
        if k:
            dy = dy * activations[k] * (1 - activations[k])
    return dy, dWs, dbs


@right("mlp_backward")
def index_loop_backwards(dy: Any, activations: Any, weights: Any) -> Any:
    L = len(weights)
    dWs, dbs = [None] * L, [None] * L
    g = dy
    for k in range(L - 1, -1, -1):
        if k < L - 1:
            g = np.where(activations[k + 1] > 0, g, 0.0)
        dWs[k] = np.einsum("ni,nj->ij", activations[k], g)
        dbs[k] = np.einsum("nj->j", g)
        g = np.einsum("nj,ij->ni", g, weights[k])
    return g, dWs, dbs


@right("mlp_backward")
def recursive(dy: Any, activations: Any, weights: Any) -> Any:
    *below, W = weights
    y = activations[len(weights) - 1]
    dW, db, g = y.T @ dy, dy.sum(axis=0), dy @ W.T
    if not below:
        return g, (dW,), (db,)
    dx, dWs, dbs = recursive(g * np.sign(y), activations[:-1], below)
    return dx, (*dWs, dW), (*dbs, db)


@right("mlp_backward")
def collected_then_reversed(dy: Any, activations: Any, weights: Any) -> Any:
    *steps, (_, dx) = _walk(dy, activations, weights)
    steps = sorted(steps, key=lambda step: step[0])
    return [dx, [(g.T @ activations[k]).T for k, g in steps], [np.ones(len(g)) @ g for _, g in steps]]


@right("mlp_backward")
def sums_of_examples(dy: Any, activations: Any, weights: Any) -> Any:
    dWs, dbs = [np.zeros(W.shape) for W in weights], [np.zeros(W.shape[1]) for W in weights]
    dx = np.zeros(activations[0].shape)
    for n, g in enumerate(dy):
        for k in reversed(range(len(weights))):
            dWs[k] += np.outer(activations[k][n], g)
            dbs[k] += g
            g = weights[k] @ g
            if k:
                g[activations[k][n] == 0] = 0
        dx[n] = g
    return dx, dWs, dbs


# ---------------------------------------------------------------- shared_weight_backward


@wrong("shared_weight_backward", "dropped-path")
def second_use_forgotten(dx3: Any, jacobians: Any) -> Any:
    return dx3 @ jacobians["x3", "w1"], dx3 @ jacobians["x3", "x2"] @ jacobians["x2", "w2"]


@wrong("shared_weight_backward", "dropped-path")
def first_use_forgotten(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    dx2 = dx3.dot(J["x3", "x2"])
    dx1 = dx3.dot(J["x3", "x1"]) + dx2.dot(J["x2", "x1"])
    return dx1.dot(J["x1", "w1"]), dx2.dot(J["x2", "w2"])


@wrong("shared_weight_backward", "dropped-path")
def no_way_through_x2(dx3: Any, jacobians: Any) -> Any:
    dx1 = np.matmul(dx3, jacobians["x3", "x1"])
    dx2 = np.matmul(dx3, jacobians["x3", "x2"])
    dw1 = np.matmul(dx3, jacobians["x3", "w1"]) + np.matmul(dx1, jacobians["x1", "w1"])
    return dw1, np.matmul(dx2, jacobians["x2", "w2"])


@wrong("shared_weight_backward", "overwritten-gradient", "dropped-path")
def later_arrow_wins(dx3: Any, jacobians: Any) -> Any:
    d = {"x3": dx3}
    for child, parent in (("x3", "x1"), ("x3", "x2"), ("x2", "x1")):
        d[parent] = d[child] @ jacobians[child, parent]
    dw1 = dx3 @ jacobians["x3", "w1"] + d["x1"] @ jacobians["x1", "w1"]
    return dw1, d["x2"] @ jacobians["x2", "w2"]


@wrong("shared_weight_backward", "wrong-order", "missing-transpose")
def jacobian_times_gradient(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    g2 = J["x3", "x2"] @ dx3
    g1 = J["x3", "x1"] @ dx3 + J["x2", "x1"] @ g2
    return J["x3", "w1"] @ dx3 + J["x1", "w1"] @ g1, J["x2", "w2"] @ g2


@wrong("shared_weight_backward", "missing-upstream")
def sums_of_jacobians(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    x1 = J["x3", "x1"] + J["x3", "x2"] @ J["x2", "x1"]
    w1, w2 = J["x3", "w1"] + x1 @ J["x1", "w1"], J["x3", "x2"] @ J["x2", "w2"]
    return w1.sum(axis=0), w2.sum(axis=0)


@wrong("shared_weight_backward", "swapped-inputs")
def second_weight_first(dx3: Any, jacobians: Any) -> Any:
    dx2 = dx3 @ jacobians["x3", "x2"]
    dx1 = dx3 @ jacobians["x3", "x1"] + dx2 @ jacobians["x2", "x1"]
    return dx2 @ jacobians["x2", "w2"], dx3 @ jacobians["x3", "w1"] + dx1 @ jacobians["x1", "w1"]


@wrong("shared_weight_backward", "mutated-input")
def adds_into_the_jacobian(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    total = J["x3", "w1"]
    total += (J["x3", "x1"] + J["x3", "x2"] @ J["x2", "x1"]) @ J["x1", "w1"]
    return dx3 @ total, dx3 @ J["x3", "x2"] @ J["x2", "w2"]


@wrong("shared_weight_backward", "missing-transpose", "wrong-order")
def in_order_of_the_forward_pass(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    long = J["x1", "w1"] @ J["x2", "x1"] @ J["x3", "x2"] + J["x1", "w1"] @ J["x3", "x1"]
    return dx3 @ (long + J["x3", "w1"]), dx3 @ (J["x2", "w2"] @ J["x3", "x2"])


@wrong("shared_weight_backward", "raised-error")
def missing_key(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"] + dx2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"] + dx2 @ J["x2", "w1"], dx2 @ J["x2", "w2"]


@right("shared_weight_backward")
def jacobians_first(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    x1 = J["x3", "x1"] + J["x3", "x2"] @ J["x2", "x1"]
    return dx3 @ (J["x3", "w1"] + x1 @ J["x1", "w1"]), dx3 @ (J["x3", "x2"] @ J["x2", "w2"])


@right("shared_weight_backward")
def accumulated_in_a_dict(dx3: Any, jacobians: Any) -> Any:
    d: dict[str, Any] = {"x3": dx3}
    for node in ("x3", "x2", "x1"):
        for (child, parent), J in jacobians.items():
            if child == node:
                d[parent] = d.get(parent, 0) + J.T @ d[child]
    return [d["w1"], d["w2"]]


@right("shared_weight_backward")
def three_paths_added(dx3: Any, jacobians: Any) -> Any:
    paths = ["x3 w1", "x3 x1 w1", "x3 x2 x1 w1"]

    def along(path: str) -> Any:
        nodes = path.split()
        return reduce(lambda g, edge: np.einsum("i,ij->j", g, jacobians[edge]), zip(nodes, nodes[1:]), dx3)

    return sum(along(path) for path in paths), along("x3 x2 w2")


# ---------------------------------------------------------------- activation_memory


@wrong("activation_memory", "wrong-value")
def output_kept_too(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return sum(batch * width * itemsize for width in widths)


@wrong("activation_memory", "wrong-value")
def hidden_layers_only(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    count = 0
    for width in widths[1:-1]:
        count += batch * width
    return count * itemsize


@wrong("activation_memory", "wrong-value")
def outputs_of_the_layers(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return batch * (sum(widths) - widths[0]) * itemsize


@wrong("activation_memory", "dropped-path")
def widest_layer(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return itemsize * batch * sorted(widths)[-1]


@wrong("activation_memory", "unused-parameter")
def one_example(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return itemsize * sum(widths[:-1])


@wrong("activation_memory", "unused-parameter", "constant-factor")
def numbers_not_bytes(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return int(np.sum(widths[:-1])) * batch


@wrong("activation_memory", "unused-parameter", "constant-factor")
def always_eight_bytes(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return sum(np.zeros((1, width)).nbytes for width in widths[:-1]) * batch


@wrong("activation_memory", "constant-factor")
def in_kilobytes(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return batch * sum(widths[:-1]) * itemsize / 1024


@wrong("activation_memory", "constant-factor")
def values_and_gradients(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return 2 * batch * sum(widths[:-1]) * itemsize


@wrong("activation_memory", "wrong-variable")
def counts_the_weights(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return itemsize * sum(widths[k] * widths[k + 1] for k in range(len(widths) - 1))


@right("activation_memory")
def sizes_of_real_arrays(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return sum(np.empty((batch, width), f"V{itemsize}").nbytes for width in widths[:-1])


@right("activation_memory")
def loop_with_a_float(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    total = 0.0
    for k in range(len(widths) - 1):
        total += batch * widths[k] * itemsize
    return total


@right("activation_memory")
def array_of_widths(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return np.cumsum(np.asarray(widths, np.int64) * batch * itemsize)[-2]

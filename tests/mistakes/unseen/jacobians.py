from functools import reduce
from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


# numerical_jacobian
@wrong("numerical_jacobian", "transposed")
def one_row_per_input(f: Any, x: Any, h: Any = 1e-5) -> Any:
    x = np.array(x, float)
    rows = []
    for j in range(x.size):
        e = np.zeros_like(x)
        e[j] = h
        rows.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(rows)


@wrong(
    "numerical_jacobian",
    "wrong-value",
    "mutated-input",
    "stale-state",
    "dropped-path",
    "wrong-local-derivative",
    "wrong-mask",
)
def never_steps_back(f: Any, x: Any, h: Any = 1e-5) -> Any:
    # moves a copy and does not put the entry back before it goes to the next one
    x = np.array(x, float)
    base = f(x)
    cols = []
    for j in range(len(x)):
        x[j] += h
        cols.append((f(x) - base) / h)
    return np.stack(cols, axis=1)


@right("numerical_jacobian")
def columns_with_eye(f: Any, x: Any, h: Any = 1e-5) -> Any:
    x = np.asarray(x, dtype=np.float64)
    return np.column_stack(
        [(np.asarray(f(x + d)) - np.asarray(f(x - d))) / (2 * h) for d in h * np.eye(x.size)]
    )


# linear_jacobian_h
@wrong("linear_jacobian_h", "transposed", "missing-transpose")
def just_w(h: Any, W: Any, b: Any) -> Any:
    return np.array(W, float)


@wrong(
    "linear_jacobian_h",
    "wrong-local-derivative",
    "wrong-value",
    "wrong-variable",
    "forward-instead-of-backward",
    "constant-factor",
    "forgot-chain",
)
def w_times_h(h: Any, W: Any, b: Any) -> Any:
    return (W * h[:, None]).T


@right("linear_jacobian_h")
def column_by_column(h: Any, W: Any, b: Any) -> Any:
    return [[W[a][j] for a in range(len(h))] for j in range(len(b))]


# linear_jacobian_W
@wrong("linear_jacobian_W", "wrong-mask")
def every_output_sees_every_weight(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    return np.broadcast_to(h[None, :, None], (M, D, M)).copy()


@wrong("linear_jacobian_W", "wrong-shape", "wrong-order", "wrong-axis", "transposed")
def axes_in_another_order(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((D, M, M))
    for j in range(M):
        J[:, j, j] = h
    return J


@right("linear_jacobian_W")
def kron_and_reshape(h: Any, W: Any, b: Any) -> Any:
    D, M = np.shape(W)
    return np.kron(np.asarray(h, float)[None, :], np.eye(M)).reshape(M, D, M)


# linear_jacobian_b
@wrong("linear_jacobian_b", "wrong-shape", "diagonal-jacobian")
def ones_vector(h: Any, W: Any, b: Any) -> Any:
    return np.ones(len(b))


@wrong("linear_jacobian_b", "wrong-local-derivative", "value-instead-of-mask", "wrong-variable")
def diag_of_b(h: Any, W: Any, b: Any) -> Any:
    return np.diag(b)


@right("linear_jacobian_b")
def comparisons_of_indices(h: Any, W: Any, b: Any) -> Any:
    i = np.arange(np.size(b))
    return (i[:, None] == i[None, :]).astype(float)


# linear_vjp_h
@wrong("linear_vjp_h", "missing-transpose")
def upstream_at_w(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da @ W


@wrong("linear_vjp_h", "missing-upstream")
def row_sums_of_w(da: Any, h: Any, W: Any, b: Any) -> Any:
    return W.sum(axis=1)


@right("linear_vjp_h")
def tensordot_style(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.tensordot(W, da, axes=([1], [0]))


# linear_vjp_W
@wrong("linear_vjp_W", "transposed", "wrong-order")
def outer_the_other_way(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.outer(da, h)


@wrong("linear_vjp_W", "unsummed-axis", "wrong-shape", "wrong-type", "raised-error", "missing-transpose")
def inner_instead_of_outer(da: Any, h: Any, W: Any, b: Any) -> Any:
    return h * da


@right("linear_vjp_W")
def column_times_row(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.reshape(h, (-1, 1)) @ np.reshape(da, (1, -1))


# linear_vjp_b
@wrong("linear_vjp_b", "missing-upstream")
def ones_of_b(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.ones_like(b, dtype=float)


@wrong("linear_vjp_b", "wrong-local-derivative", "value-instead-of-mask", "wrong-variable", "forgot-chain")
def upstream_times_bias(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da * b


@right("linear_vjp_b")
def as_plain_list(da: Any, h: Any, W: Any, b: Any) -> Any:
    return [float(v) for v in da]


# chain_jacobians
@wrong("chain_jacobians", "wrong-order")
def left_to_right(jacobians: Any) -> Any:
    J = np.eye(jacobians[0].shape[0])
    for j in jacobians:
        J = J @ j
    return J


@wrong(
    "chain_jacobians",
    "wrong-local-derivative",
    "wrong-value",
    "diagonal-jacobian",
    "raised-error",
    "wrong-order",
    "missing-transpose",
)
def star_instead_of_at(jacobians: Any) -> Any:
    return reduce(lambda total, j: j * total, jacobians)


@right("chain_jacobians")
def multi_dot(jacobians: Any) -> Any:
    return np.linalg.multi_dot(list(jacobians)[::-1]) if len(jacobians) > 1 else np.array(jacobians[0])


# elementwise_vjp
@wrong("elementwise_vjp", "wrong-variable")
def derivative_at_dy(dy: Any, derivative: Any, z: Any) -> Any:
    return dy * derivative(dy)


@wrong(
    "elementwise_vjp",
    "averaged-not-summed",
    "wrong-local-derivative",
    "wrong-axis",
    "wrong-shape",
    "diagonal-jacobian",
    "wrong-value",
)
def one_mean_slope(dy: Any, derivative: Any, z: Any) -> Any:
    return dy * np.mean(derivative(z))


@right("elementwise_vjp")
def flat_then_shaped(dy: Any, derivative: Any, z: Any) -> Any:
    z = np.asarray(z)
    slopes = np.broadcast_to(derivative(z), z.shape)
    return np.reshape([s * g for s, g in zip(np.ravel(slopes), np.ravel(dy), strict=True)], z.shape)


# jacobian_from_vjp
@wrong(
    "jacobian_from_vjp",
    "wrong-shape",
    "unsummed-axis",
    "wrong-type",
    "diagonal-jacobian",
    "raised-error",
    "wrong-value",
)
def one_pass_of_ones(vjp: Any, x: Any, output_size: Any) -> Any:
    return np.tile(vjp(np.ones(output_size)), (output_size, 1))


@wrong("jacobian_from_vjp", "transposed", "wrong-shape")
def stacks_columns(vjp: Any, x: Any, output_size: Any) -> Any:
    return np.stack([vjp(np.eye(output_size)[i]) for i in range(output_size)], axis=-1)


@right("jacobian_from_vjp")
def fills_row_by_row(vjp: Any, x: Any, output_size: Any) -> Any:
    J = np.empty((output_size, np.size(x)))
    for i in range(output_size):
        unit = np.zeros(output_size)
        unit[i] = 1.0
        J[i, :] = vjp(unit)
    return J


# squared_distance_backward
@wrong("squared_distance_backward", "wrong-sign")
def h_minus_x(x: Any, h: Any) -> Any:
    return 2 * (h - x)


@wrong(
    "squared_distance_backward",
    "forgot-chain",
    "wrong-local-derivative",
    "constant-factor",
    "wrong-value",
    "wrong-type",
    "wrong-shape",
)
def divided_by_the_norm(x: Any, h: Any) -> Any:
    # the gradient of the norm, not of its square
    r = x - h
    return r / np.linalg.norm(r)


@right("squared_distance_backward")
def difference_added_twice(x: Any, h: Any) -> Any:
    r = np.subtract(x, h)
    return r + r


# numerical_hessian
@wrong(
    "numerical_hessian",
    "wrong-value",
    "constant-factor",
    "wrong-local-derivative",
    "wrong-mask",
    "diagonal-jacobian",
)
def diagonal_second_differences_only(f: Any, x: Any, h: Any = 1e-4) -> Any:
    x = np.asarray(x, float)
    E = h * np.eye(x.size)
    return np.diag([(f(x + e) - 2 * f(x) + f(x - e)) / h**2 for e in E])


@wrong("numerical_hessian", "constant-factor")
def four_points_over_two_h_squared(f: Any, x: Any, h: Any = 1e-4) -> Any:
    x = np.asarray(x, float)
    E = h * np.eye(x.size)
    H = np.zeros((x.size, x.size))
    for i, a in enumerate(E):
        for j, b in enumerate(E):
            H[i, j] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (2 * h**2)
    return H


@right("numerical_hessian")
def jacobian_of_the_gradient(f: Any, x: Any, h: Any = 1e-4) -> Any:
    x = np.asarray(x, float)
    E = np.eye(x.size) * h

    def grad(p: Any) -> Any:
        return np.array([(f(p + e) - f(p - e)) / (2 * h) for e in E])

    H = np.array([(grad(x + e) - grad(x - e)) / (2 * h) for e in E])
    return (H + H.T) / 2

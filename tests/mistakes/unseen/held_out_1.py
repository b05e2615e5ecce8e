from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import wrong


# ---- chain_rule
@wrong("central_difference", "constant-factor")
def step_doubled_without_the_run(f: Any, x: Any, h: Any = 1e-5) -> Any:
    return (f(x + 2 * h) - f(x - 2 * h)) / (2 * h)


@wrong("exp_sin_square_derivative", "forgot-chain")
def derivative_of_exponent_only(x: Any) -> Any:
    u = np.sin(x**2)
    return np.exp(u) * np.cos(x**2) * 2


@wrong("chain_derivative", "wrong-order", "wrong-variable")
def works_inwards_from_the_outermost(functions: Any, derivatives: Any, x: Any) -> Any:
    slope, y = 1.0, x
    for f, d in zip(reversed(functions), reversed(derivatives), strict=True):
        slope *= d(y)
        y = f(y)
    return slope


@wrong("distributed_derivative", "dropped-path")
def largest_path_only(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    parts = [p * d(x) for p, d in zip(f_partials(z), inner_derivatives, strict=True)]
    return parts[-1]


@wrong("partial_and_total", "wrong-variable")
def second_argument_is_x_itself(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    fx = df_dx(x, x)
    return fx, fx + df_dy(x, x) * dy_dx(x)


@wrong("squared_error_node_gradients", "dropped-path", "forgot-chain")
def product_node_skipped(x: Any, y: Any, z: Any, t: Any) -> Any:
    e = 2 * (x * y + z - t)
    return e, e, e


# ---- computational graphs
@wrong("add_gate_backward", "wrong-local-derivative", "value-instead-of-mask", "swapped-inputs")
def add_treated_as_multiply(dy: Any, a: Any, b: Any) -> Any:
    return dy * b, dy * a


@wrong("multiply_gate_backward", "wrong-local-derivative")
def quotient_for_product(dy: Any, a: Any, b: Any) -> Any:
    return dy / b, dy / a


@wrong("max_gate_backward", "value-instead-of-mask", "wrong-mask", "wrong-local-derivative")
def difference_for_the_mask(dy: Any, a: Any, b: Any) -> Any:
    return dy * np.maximum(a - b, 0), dy * np.maximum(b - a, 0)


@wrong("sigmoid_neuron_backward", "forgot-chain")
def dw_without_the_slope_dx_with(w: Any, x: Any) -> Any:
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    dw = np.array([x[0], x[1], 1.0]) * f
    dx = w[:2] * f * (1 - f)
    return f, dw, dx


@wrong("softplus_graph_backward", "swapped-inputs", "wrong-variable", "wrong-value", "wrong-order")
def dy_db_multiplied_too_early(x: Any) -> Any:
    b = np.exp(x)
    a = 1 + b
    return np.log(a), 1 / a, b / a, 1 / a


@wrong("fraction_backward", "forgot-chain", "wrong-local-derivative")
def reciprocal_rule_without_square(x: Any, y: Any) -> Any:
    s = 1 / (1 + np.exp(-x))
    num, den = x + s, s + (x + y) ** 2
    dnum, dden = 1 / den, -num / den
    ds = dnum + dden
    return num / den, dnum + dden * 2 * (x + y) + ds * s * (1 - s), dden * 2 * (x + y)


@wrong("topological_order", "wrong-order")
def reversed_at_the_end(parents: Any) -> Any:
    order: list[Any] = []
    busy: set[Any] = set()

    def visit(n: Any) -> None:
        if n in order:
            return
        if n in busy:
            raise ValueError("cycle")
        busy.add(n)
        for p in parents[n]:
            visit(p)
        order.append(n)

    for n in parents:
        visit(n)
    return order[::-1]


@wrong("backpropagate", "overwritten-gradient")
def setdefault_keeps_the_first(parents: Any, local_derivatives: Any, output: Any) -> Any:
    done: list[Any] = []

    def visit(n: Any) -> None:
        if n not in done:
            for p in parents[n]:
                visit(p)
            done.append(n)

    for n in parents:
        visit(n)
    grads: dict[Any, float] = {output: 1.0}
    for child in reversed(done):
        for p in parents[child]:
            if child in grads:
                grads.setdefault(p, grads[child] * local_derivatives[child, p])
    return {n: grads.get(n, 0.0) for n in parents}


# ---- jacobians
@wrong("numerical_jacobian", "wrong-local-derivative", "wrong-mask", "wrong-value", "dropped-path")
def moves_all_entries_at_once(f: Any, x: Any, h: Any = 1e-5) -> Any:
    x = np.asarray(x, float)
    column = (f(x + h) - f(x - h)) / (2 * h)
    return np.stack([column] * x.size, axis=1)


@wrong("linear_jacobian_h", "extra-axis", "wrong-shape")
def one_more_axis_in_front(h: Any, W: Any, b: Any) -> Any:
    return W.T[None]


@wrong(
    "linear_jacobian_W",
    "wrong-mask",
    "wrong-value",
    "value-instead-of-mask",
    "wrong-local-derivative",
    "wrong-variable",
)
def ones_where_h_belongs(h: Any, W: Any, b: Any) -> Any:
    D, M = W.shape
    J = np.zeros((M, D, M))
    for j in range(M):
        J[j, :, j] = 1.0
    return J


@wrong("linear_jacobian_b", "wrong-mask")
def all_ones_matrix(h: Any, W: Any, b: Any) -> Any:
    return np.ones((len(b), len(b)))


@wrong("linear_vjp_h", "forgot-chain", "value-instead-of-mask", "wrong-local-derivative")
def sum_of_upstream_times_h(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.sum(da) * h


@wrong("linear_vjp_W", "missing-upstream")
def h_copied_into_columns(da: Any, h: Any, W: Any, b: Any) -> Any:
    return np.tile(h[:, None], (1, len(da)))


@wrong("linear_vjp_b", "wrong-shape", "wrong-type", "unsummed-axis")
def summed_over_outputs(da: Any, h: Any, W: Any, b: Any) -> Any:
    return da.sum()


@wrong("chain_jacobians", "transposed", "missing-transpose", "wrong-order")
def gradient_layout(jacobians: Any) -> Any:
    J = jacobians[0].T
    for j in jacobians[1:]:
        J = J @ j.T
    return J


@wrong("elementwise_vjp", "missing-upstream")
def slope_only(dy: Any, derivative: Any, z: Any) -> Any:
    return derivative(z) + 0 * z


@wrong("jacobian_from_vjp", "constant-factor", "wrong-value")
def rows_scaled_by_the_count(vjp: Any, x: Any, output_size: Any) -> Any:
    return np.stack([vjp(np.eye(output_size)[i] / output_size) for i in range(output_size)])


@wrong(
    "squared_distance_backward",
    "forgot-chain",
    "missing-upstream",
    "constant-factor",
    "wrong-local-derivative",
)
def square_not_differentiated(x: Any, h: Any) -> Any:
    return (x - h) ** 2


@wrong("numerical_hessian", "wrong-local-derivative", "wrong-value", "wrong-sign", "constant-factor")
def sign_of_the_last_corner(f: Any, x: Any, h: Any = 1e-4) -> Any:
    x = np.asarray(x, float)
    n = x.size
    E = np.eye(n) * h
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            H[i, j] = (f(x + E[i] + E[j]) - f(x + E[i]) - f(x + E[j]) - f(x)) / h**2
    return H


# ---- activations
@wrong("linear_composition", "wrong-order")
def bias_through_its_own_weights(weights: Any, biases: Any) -> Any:
    W = weights[0]
    b = biases[0]
    for w, c in zip(weights[1:], biases[1:], strict=True):
        W = W @ w
        b = (b @ w) + (b @ w) * 0 + c if w.shape[0] != w.shape[1] else (b + c[: len(b)]) @ w
    return W, b


@wrong("sigmoid_backward", "constant-factor", "wrong-local-derivative")
def two_y_one_minus_y(dy: Any, y: Any) -> Any:
    return 2 * dy * y * (1 - y)


@wrong("tanh_backward", "wrong-sign", "wrong-local-derivative")
def one_plus_y_squared(dy: Any, y: Any) -> Any:
    return dy * (1 + y**2)


@wrong("softplus_backward", "wrong-local-derivative", "wrong-variable", "forgot-chain")
def exp_over_nothing(dy: Any, z: Any) -> Any:
    return dy / (1 + np.exp(np.minimum(z, 30)))


@wrong("relu_backward", "value-instead-of-mask")
def masked_z_times_upstream(dy: Any, z: Any) -> Any:
    out = np.array(z, float)
    out[out < 0] = 0
    return out * dy


@wrong("relu_subdifferential", "wrong-value", "wrong-mask", "wrong-local-derivative")
def half_at_the_kink(z: Any) -> Any:
    s = np.heaviside(np.asarray(z, float), 0.5)
    return s, s.copy()


@wrong("is_subgradient", "wrong-value", "wrong-type", "unsummed-axis", "wrong-shape")
def strict_inequality(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return bool(all(f(p) > f(x0) + np.dot(v, p - x0) for p in points))


@wrong("leaky_relu_backward", "wrong-sign", "wrong-local-derivative")
def negative_alpha(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, -alpha * dy)


@wrong("elu_backward", "wrong-local-derivative", "dropped-path")
def alpha_only_on_the_left(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy)


@wrong("prelu_backward", "missing-upstream")
def dalpha_without_upstream(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.sum(z[z < 0])


@wrong("rrelu_backward", "wrong-variable", "wrong-local-derivative", "value-instead-of-mask")
def slope_times_z(dy: Any, z: Any, slopes: Any) -> Any:
    return np.where(z > 0, dy, slopes * z)


@wrong("maxout_backward", "averaged-not-summed")
def batch_averaged_parameters(dy: Any, x: Any, W: Any, b: Any) -> Any:
    z = np.einsum("nd,kdm->knm", x, W) + b[:, None]
    g = (np.arange(len(W))[:, None, None] == z.argmax(0)) * dy
    n = len(x)
    return np.einsum("knm,kdm->nd", g, W), np.einsum("nd,knm->kdm", x, g) / n, g.sum(1) / n


@wrong("max_backward", "wrong-local-derivative", "missing-upstream", "value-instead-of-mask")
def puts_the_value_at_the_winner(dy: Any, z: Any) -> Any:
    out = np.zeros(z.shape)
    np.put_along_axis(out, z.argmax(-1)[..., None], z.max(-1)[..., None], -1)
    return out


@wrong("max_pool_backward", "wrong-variable", "wrong-value", "wrong-mask", "wrong-order")
def index_inside_the_window(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    # forgets to add where the window starts
    dz = np.zeros(z.shape)
    for i in range(dy.shape[-1]):
        k = z[..., i * stride : i * stride + size].argmax(-1)[..., None]
        np.put_along_axis(dz, k, np.take_along_axis(dz, k, -1) + dy[..., i : i + 1], -1)
    return dz

from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


# linear_composition
@wrong("linear_composition", "wrong-order")
def multiplies_from_the_wrong_end(weights: Any, biases: Any) -> Any:
    W, b = weights[-1], biases[-1]
    for w, c in zip(weights[-2::-1], biases[-2::-1], strict=True):
        W, b = w.T @ W.T if w.shape[0] == W.shape[1] else w @ W, b + c @ W if c.shape[0] == W.shape[0] else b
    return W, b


@wrong(
    "linear_composition",
    "dropped-path",
    "wrong-shape",
    "forgot-chain",
    "raised-error",
    "missing-transpose",
    "wrong-value",
)
def adds_the_biases(weights: Any, biases: Any) -> Any:
    W = weights[0]
    for w in weights[1:]:
        W = W @ w
    return W, sum(biases)


@right("linear_composition")
def asks_the_network(weights: Any, biases: Any) -> Any:
    def run(x: Any) -> Any:
        for w, b in zip(weights, biases, strict=True):
            x = x @ w + b
        return x

    D = np.shape(weights[0])[0]
    b = run(np.zeros(D))
    product = np.eye(D)
    for w in weights:
        product = product @ w
    return product, b


# sigmoid_backward
@wrong("sigmoid_backward", "wrong-local-derivative", "wrong-variable", "wrong-value")
def tanh_formula_on_sigmoid(dy: Any, y: Any) -> Any:
    return dy * (1 - y**2)


@wrong("sigmoid_backward", "wrong-sign")
def y_minus_one(dy: Any, y: Any) -> Any:
    return dy * y * (y - 1)


@right("sigmoid_backward")
def y_minus_y_squared(dy: Any, y: Any) -> Any:
    return np.multiply(dy, y) - dy * np.square(y)


# tanh_backward
@wrong("tanh_backward", "wrong-local-derivative", "wrong-variable", "wrong-value")
def sigmoid_formula_on_tanh(dy: Any, y: Any) -> Any:
    return dy * y * (1 - y)


@wrong("tanh_backward", "wrong-local-derivative", "constant-factor", "wrong-value", "wrong-variable")
def one_minus_y(dy: Any, y: Any) -> Any:
    return dy * (1 - y)


@right("tanh_backward")
def product_of_two_brackets(dy: Any, y: Any) -> Any:
    return (1 - y) * dy * (1 + y)


# softplus_backward
@wrong("softplus_backward", "wrong-variable", "wrong-local-derivative", "forgot-chain")
def sigmoid_slope(dy: Any, z: Any) -> Any:
    s = 1 / (1 + np.exp(-z))
    return dy * s * (1 - s)


@wrong("softplus_backward", "wrong-sign", "wrong-variable", "wrong-local-derivative")
def sigmoid_of_minus_z(dy: Any, z: Any) -> Any:
    return dy / (1 + np.exp(np.clip(z, -500, 500)))


@right("softplus_backward")
def half_tanh(dy: Any, z: Any) -> Any:
    return dy * (0.5 + 0.5 * np.tanh(0.5 * np.asarray(z)))


# relu_backward
@wrong("relu_backward", "wrong-mask")
def where_upstream_positive(dy: Any, z: Any) -> Any:
    return np.where(dy > 0, dy, 0)


@wrong("relu_backward", "wrong-mask", "wrong-sign", "wrong-local-derivative")
def minus_one_on_the_left(dy: Any, z: Any) -> Any:
    return dy * np.sign(z)


@right("relu_backward")
def heaviside_at_a_half(dy: Any, z: Any) -> Any:
    return dy * np.heaviside(z, 0.5)


# relu_subdifferential
@wrong("relu_subdifferential", "wrong-value", "wrong-mask", "wrong-local-derivative", "value-instead-of-mask")
def interval_everywhere(z: Any) -> Any:
    z = np.asarray(z, float)
    return np.zeros_like(z), np.ones_like(z)


@wrong("relu_subdifferential", "swapped-inputs")
def high_first(z: Any) -> Any:
    z = np.asarray(z)
    return (z >= 0) * 1.0, (z > 0) * 1.0


@right("relu_subdifferential")
def one_sided_slopes(z: Any) -> Any:
    z = np.asarray(z, float)
    return np.heaviside(z, 0.0), np.heaviside(z, 1.0)


# is_subgradient
@wrong("is_subgradient", "wrong-value", "wrong-sign")
def plane_above(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return all(f(x) - f(x0) <= np.dot(v, x - x0) + 1e-9 for x in points)


@wrong("is_subgradient", "wrong-value", "wrong-mask", "dropped-path")
def any_point_will_do(v: Any, f: Any, x0: Any, points: Any) -> Any:
    return any(f(x) >= f(x0) + v @ (x - x0) - 1e-9 for x in points)


@right("is_subgradient")
def gap_is_never_negative(v: Any, f: Any, x0: Any, points: Any) -> Any:
    v, x0 = np.asarray(v, float), np.asarray(x0, float)
    for p in np.asarray(points, float):
        fx, f0, lin = float(f(p)), float(f(x0)), float((v * (p - x0)).sum())
        if fx - f0 - lin < -1e-12 * (1 + abs(fx) + abs(f0) + abs(lin)):
            return False
    return True


# leaky_relu_backward
@wrong("leaky_relu_backward", "wrong-local-derivative", "wrong-variable", "value-instead-of-mask")
def alpha_z_on_the_left(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, dy * alpha * z)


@wrong("leaky_relu_backward", "dropped-path", "wrong-mask")
def like_plain_relu(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * (z > 0)


@right("leaky_relu_backward")
def copy_then_scale(dy: Any, z: Any, alpha: Any) -> Any:
    out = np.array(dy, dtype=float)
    out[np.asarray(z) < 0] *= alpha
    return out


# elu_backward
@wrong(
    "elu_backward",
    "wrong-local-derivative",
    "forward-instead-of-backward",
    "value-instead-of-mask",
    "wrong-value",
)
def elu_value_on_the_left(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, dy * alpha * (np.exp(np.minimum(z, 0)) - 1))


@wrong(
    "elu_backward", "wrong-local-derivative", "dropped-path", "constant-factor", "forgot-chain", "wrong-value"
)
def alpha_of_the_left_lost(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.exp(np.minimum(z, 0))


@right("elu_backward")
def masks_that_add(dy: Any, z: Any, alpha: Any) -> Any:
    left = z < 0
    return dy * ~left + dy * left * alpha * np.exp(np.where(left, z, 0.0))


# prelu_backward
@wrong("prelu_backward", "unsummed-axis")
def dalpha_per_entry(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.where(z > 0, 0, z * dy)


@wrong(
    "prelu_backward", "wrong-mask", "wrong-local-derivative", "dropped-path", "wrong-value", "constant-factor"
)
def dalpha_over_everything(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), np.sum(dy * z)


@right("prelu_backward")
def dalpha_by_masked_dot(dy: Any, z: Any, alpha: Any) -> Any:
    z, dy = np.asarray(z), np.asarray(dy)
    neg = z < 0
    return dy * np.where(neg, alpha, 1), np.dot(dy[neg].ravel(), z[neg].ravel())


# rrelu_backward
@wrong("rrelu_backward", "averaged-not-summed", "wrong-local-derivative", "wrong-variable", "wrong-value")
def one_mean_slope_for_all(dy: Any, z: Any, slopes: Any) -> Any:
    return np.where(z > 0, dy, dy * np.mean(slopes))


@wrong("rrelu_backward", "wrong-mask", "wrong-local-derivative", "forgot-chain", "wrong-value")
def slopes_on_both_sides(dy: Any, z: Any, slopes: Any) -> Any:
    return dy * slopes


@right("rrelu_backward")
def slope_array_first(dy: Any, z: Any, slopes: Any) -> Any:
    slope = np.ones(np.shape(z))
    slope[z < 0] = np.asarray(slopes)[z < 0]
    return np.multiply(slope, dy)


# maxout_backward
@wrong(
    "maxout_backward",
    "wrong-mask",
    "dropped-path",
    "double-counted-tie",
    "wrong-value",
    "wrong-local-derivative",
)
def every_piece_gets_all(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dx = sum(dy @ w.T for w in W)
    dW = np.stack([x.T @ dy for _ in W])
    db = np.stack([dy.sum(0) for _ in W])
    return dx, dW, db


@wrong(
    "maxout_backward",
    "wrong-axis",
    "wrong-mask",
    "wrong-value",
    "raised-error",
    "dropped-path",
    "wrong-local-derivative",
)
def one_winner_per_row(dy: Any, x: Any, W: Any, b: Any) -> Any:
    # the winning piece is chosen once for a whole example, by its largest unit
    z = np.einsum("nd,kdm->knm", x, W) + b[:, None, :]
    win = z.max(axis=2).argmax(axis=0)
    g = np.stack([dy * (win == k)[:, None] for k in range(len(W))])
    return np.einsum("knm,kdm->nd", g, W), np.einsum("nd,knm->kdm", x, g), g.sum(1)


@right("maxout_backward")
def loop_over_examples_and_units(dy: Any, x: Any, W: Any, b: Any) -> Any:
    dx, dW, db = np.zeros(np.shape(x)), np.zeros(np.shape(W)), np.zeros(np.shape(b))
    for n in range(len(x)):
        for m in range(W.shape[2]):
            k = int(np.argmax([x[n] @ W[i, :, m] + b[i, m] for i in range(len(W))]))
            dx[n] += dy[n, m] * W[k, :, m]
            dW[k, :, m] += dy[n, m] * x[n]
            db[k, m] += dy[n, m]
    return dx, dW, db


# max_backward
@wrong("max_backward", "wrong-axis", "wrong-mask", "dropped-path", "double-counted-tie", "wrong-value")
def global_maximum(dy: Any, z: Any) -> Any:
    return (z == np.max(z)) * np.asarray(dy)[..., None]


@wrong("max_backward", "wrong-mask", "wrong-axis", "missing-upstream", "wrong-value", "dropped-path")
def all_but_the_maximum(dy: Any, z: Any) -> Any:
    return np.where(z < z.max(axis=-1, keepdims=True), np.expand_dims(dy, -1), 0.0)


@right("max_backward")
def last_winner_by_argmax(dy: Any, z: Any) -> Any:
    z = np.asarray(z, float)
    j = z.shape[-1] - 1 - z[..., ::-1].argmax(-1)
    return np.eye(z.shape[-1])[j] * np.expand_dims(dy, -1)


# max_pool_backward
@wrong("max_pool_backward", "overwritten-gradient")
def assigns_the_winner(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for i in range(dy.shape[-1]):
        win = z[..., i * stride : i * stride + size].argmax(-1)[..., None] + i * stride
        np.put_along_axis(dz, win, dy[..., i : i + 1], -1)
    return dz


@wrong("max_pool_backward", "averaged-not-summed", "wrong-mask", "wrong-local-derivative", "wrong-value")
def average_pooling(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    dz = np.zeros(z.shape)
    for i in range(dy.shape[-1]):
        dz[..., i * stride : i * stride + size] += dy[..., i : i + 1] / size
    return dz


@right("max_pool_backward")
def flat_loop(dy: Any, z: Any, size: Any, stride: Any) -> Any:
    z, dy = np.asarray(z, float), np.asarray(dy, float)
    rows, grads = z.reshape(-1, z.shape[-1]), dy.reshape(-1, dy.shape[-1])
    out = np.zeros(rows.shape)
    for r in range(rows.shape[0]):
        for w in range(grads.shape[1]):
            window = rows[r, w * stride : w * stride + size].tolist()
            out[r, w * stride + window.index(max(window))] += grads[r, w]
    return out.reshape(z.shape)

from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


# extended_layer_backward
@wrong("extended_layer_backward", "wrong-shape", "extra-axis", "unsummed-axis")
def keeps_the_constant(dz: Any, y_prev: Any, w: Any) -> Any:
    return w @ dz, np.outer(np.append(1.0, y_prev), dz)


@wrong(
    "extended_layer_backward",
    "wrong-order",
    "wrong-value",
    "wrong-mask",
    "wrong-axis",
    "wrong-local-derivative",
    "dropped-path",
)
def constant_at_the_end(dz: Any, y_prev: Any, w: Any) -> Any:
    return w[:-1] @ dz, np.outer(np.append(y_prev, 1.0), dz)


@right("extended_layer_backward")
def stacked_rows(dz: Any, y_prev: Any, w: Any) -> Any:
    dz = np.asarray(dz, float)
    return (np.asarray(w) @ dz)[1:], np.vstack([dz[None, :], np.multiply.outer(y_prev, dz)])


# linear_backward
@wrong("linear_backward", "averaged-not-summed")
def batch_mean_in_both(dz: Any, x: Any, W: Any) -> Any:
    flat_x, flat_dz = x.reshape(-1, x.shape[-1]), dz.reshape(-1, dz.shape[-1])
    m = len(flat_x)
    return dz @ W.T, flat_x.T @ flat_dz / m, flat_dz.sum(0) / m


@wrong(
    "linear_backward",
    "wrong-local-derivative",
    "wrong-variable",
    "wrong-value",
    "wrong-shape",
    "dropped-path",
    "constant-factor",
)
def bias_gradient_times_input(dz: Any, x: Any, W: Any) -> Any:
    flat_x, flat_dz = x.reshape(-1, x.shape[-1]), dz.reshape(-1, dz.shape[-1])
    return dz @ W.T, flat_x.T @ flat_dz, (flat_x.sum(1)[:, None] * flat_dz).sum(0)


@right("linear_backward")
def einsum_with_letters(dz: Any, x: Any, W: Any) -> Any:
    dz, x = np.asarray(dz), np.asarray(x)
    return (
        np.einsum("...m,dm->...d", dz, W),
        np.tensordot(x, dz, axes=(range(x.ndim - 1), range(dz.ndim - 1))),
        np.einsum("nm->m", dz.reshape(-1, dz.shape[-1])),
    )


# broadcast_backward
@wrong("broadcast_backward", "averaged-not-summed")
def mean_over_copies(dy: Any, shape: Any) -> Any:
    dy = np.asarray(dy, float)
    lead = dy.ndim - len(shape)
    axes = tuple(range(lead)) + tuple(
        lead + i for i, n in enumerate(shape) if n == 1 and dy.shape[lead + i] > 1
    )
    return dy.mean(axis=axes, keepdims=True).reshape(shape) if axes else dy


@wrong("broadcast_backward", "extra-axis", "unsummed-axis", "wrong-shape", "wrong-axis")
def only_leading_axes(dy: Any, shape: Any) -> Any:
    dy = np.asarray(dy, float)
    return dy.sum(axis=tuple(range(dy.ndim - len(shape))))


@right("broadcast_backward")
def while_loop_then_stretched(dy: Any, shape: Any) -> Any:
    dy = np.asarray(dy)
    while dy.ndim > len(shape):
        dy = dy.sum(0)
    for axis, n in enumerate(shape):
        if n == 1:
            dy = dy.sum(axis, keepdims=True)
        elif dy.shape[axis] != n:
            raise ValueError("shapes")
    return dy


# multiply_backward
@wrong("multiply_backward", "swapped-inputs")
def own_factor(dy: Any, a: Any, b: Any) -> Any:
    return dy * a, dy * b


@wrong(
    "multiply_backward",
    "dropped-path",
    "wrong-mask",
    "wrong-value",
    "not-implemented",
    "wrong-local-derivative",
    "missing-upstream",
)
def second_is_a_constant(dy: Any, a: Any, b: Any) -> Any:
    return dy * b, np.zeros_like(b, dtype=float)


@right("multiply_backward")
def stacked_pair(dy: Any, a: Any, b: Any) -> Any:
    return np.stack([b, a]).astype(float) * dy


# pairwise_product_backward
@wrong("pairwise_product_backward", "swapped-inputs", "wrong-variable", "wrong-local-derivative")
def gets_its_own_value(dy: Any, z: Any) -> Any:
    return np.repeat(dy, 2, axis=-1) * z


@wrong(
    "pairwise_product_backward",
    "wrong-order",
    "wrong-mask",
    "wrong-value",
    "wrong-axis",
    "wrong-local-derivative",
)
def halves_not_neighbours(dy: Any, z: Any) -> Any:
    m = z.shape[-1] // 2
    return np.concatenate([dy * z[..., m:], dy * z[..., :m]], axis=-1)


@right("pairwise_product_backward")
def reversed_pairs(dy: Any, z: Any) -> Any:
    z, dy = np.asarray(z), np.asarray(dy)
    pairs = z.reshape(*dy.shape, 2)
    return (pairs[..., [1, 0]] * dy[..., None]).reshape(z.shape)


# gated_unit_backward
@wrong("gated_unit_backward", "wrong-variable", "wrong-local-derivative")
def slopes_at_the_inputs(dy: Any, g: Any, c: Any) -> Any:
    s, t = 1 / (1 + np.exp(-g)), np.tanh(c)
    return dy * t * g * (1 - g), dy * s * (1 - c**2)


@wrong("gated_unit_backward", "dropped-path", "forgot-chain", "wrong-local-derivative", "wrong-variable")
def other_factor_missing(dy: Any, g: Any, c: Any) -> Any:
    s, t = 1 / (1 + np.exp(-g)), np.tanh(c)
    return dy * s * (1 - s), dy * (1 - t**2)


@right("gated_unit_backward")
def through_two_gates(dy: Any, g: Any, c: Any) -> Any:
    gate, cell = 0.5 * (1 + np.tanh(np.divide(g, 2))), np.tanh(c)
    d_gate, d_cell = dy * cell, dy * gate
    return d_gate * (gate - gate**2), d_cell * (1 - cell) * (1 + cell)


# mlp_forward
@wrong("mlp_forward", "wrong-mask", "wrong-value", "wrong-local-derivative", "dropped-path")
def relu_on_the_last_too(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for W, b in zip(weights, biases, strict=True):
        acts.append(np.maximum(acts[-1] @ W + b, 0))
    return acts


@wrong("mlp_forward", "dropped-path", "wrong-value", "wrong-mask")
def bias_after_the_relu(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        acts.append(np.maximum(acts[-1] @ W, 0) + b)
    acts.append(acts[-1] @ weights[-1] + biases[-1])
    return acts


@right("mlp_forward")
def tuple_of_layers(x: Any, weights: Any, biases: Any) -> Any:
    out = (np.asarray(x),)
    for k, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
        z = np.add(np.matmul(out[-1], W), b)
        out += (z if k == len(weights) else z * (z > 0),)
    return out


# mlp_backward
@wrong("mlp_backward", "dropped-path", "wrong-mask", "wrong-value", "wrong-local-derivative", "forgot-chain")
def mask_forgotten(dy: Any, activations: Any, weights: Any) -> Any:
    dW: list[Any] = []
    db: list[Any] = []
    for a, W in zip(activations[-2::-1], weights[::-1], strict=True):
        dW.insert(0, a.T @ dy)
        db.insert(0, dy.sum(0))
        dy = dy @ W.T
    return dy, dW, db


@wrong("mlp_backward", "wrong-mask", "value-instead-of-mask", "wrong-local-derivative", "wrong-value")
def mask_from_the_gradient(dy: Any, activations: Any, weights: Any) -> Any:
    # dZ = dA * (dA > 0): the sign of the gradient, not of the activation
    dW: list[Any] = []
    db: list[Any] = []
    for k in range(len(weights) - 1, -1, -1):
        dW.insert(0, activations[k].T @ dy)
        db.insert(0, dy.sum(0))
        dy = dy @ weights[k].T
        if k > 0:
            dy = np.multiply(dy, np.int64(dy > 0))
    return dy, dW, db


@right("mlp_backward")
def recursion_from_the_front(dy: Any, activations: Any, weights: Any) -> Any:
    if not weights:
        return dy, [], []
    a = np.asarray(activations[0])
    if len(weights) == 1:
        g, dWs, dbs = np.asarray(dy), [], []
    else:
        g, dWs, dbs = recursion_from_the_front(dy, activations[1:], weights[1:])
        g = np.where(np.asarray(activations[1]) > 0, g, 0)
    rows = g.reshape(-1, g.shape[-1])
    return g @ weights[0].T, [a.reshape(-1, a.shape[-1]).T @ rows, *dWs], [rows.sum(0), *dbs]


# shared_weight_backward
@wrong("shared_weight_backward", "dropped-path")
def w1_in_first_place_only(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"] + dx2 @ J["x2", "x1"]
    return dx1 @ J["x1", "w1"], dx2 @ J["x2", "w2"]


@wrong("shared_weight_backward", "dropped-path")
def x1_only_through_x2(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx2 @ J["x2", "x1"]
    return dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"], dx2 @ J["x2", "w2"]


@right("shared_weight_backward")
def total_jacobians_first(dx3: Any, jacobians: Any) -> Any:
    J = {k: np.asarray(v, float) for k, v in jacobians.items()}
    x3_by_x1 = J["x3", "x1"] + J["x3", "x2"] @ J["x2", "x1"]
    total = J["x3", "w1"] + x3_by_x1 @ J["x1", "w1"]
    return total.T @ dx3, (J["x3", "x2"] @ J["x2", "w2"]).T @ dx3


# activation_memory
@wrong(
    "activation_memory", "wrong-value", "constant-factor", "dropped-path", "wrong-mask", "double-counted-tie"
)
def output_counted_too(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return batch * sum(widths) * itemsize


@wrong("activation_memory", "wrong-value", "dropped-path")
def hidden_layers_only(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return batch * sum(widths[1:-1]) * itemsize


@right("activation_memory")
def by_counting_bytes(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    total = 0
    for w in list(widths)[: len(widths) - 1]:
        total += int(batch) * int(w) * int(itemsize)
    return np.int64(total)

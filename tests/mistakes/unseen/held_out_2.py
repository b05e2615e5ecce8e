import math
from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import wrong


def _sig(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(np.asarray(z, float) / 2))


# ---- softmax and losses
@wrong("softmax", "not-finite")
def naive_exponentials(z: Any) -> Any:
    e = np.exp(z)
    return (e.T / e.T.sum(axis=0)).T


@wrong("log_softmax", "wrong-axis")
def log_sum_of_the_array(z: Any) -> Any:
    return z - np.logaddexp.reduce(np.ravel(z))


@wrong("softmax_jacobian", "wrong-local-derivative", "dropped-path", "wrong-mask")
def zero_diagonal(y: Any) -> Any:
    J = -np.outer(y, y)
    np.fill_diagonal(J, y)
    return J


@wrong("softmax_backward", "wrong-sign", "wrong-local-derivative")
def plus_the_dot(dy: Any, y: Any) -> Any:
    return y * (dy + (dy * y).sum(-1, keepdims=True))


@wrong("log_softmax_backward", "wrong-axis")
def total_of_the_columns(dy: Any, y: Any) -> Any:
    return dy - np.exp(y) * dy.sum(0)


@wrong("squared_error_backward", "averaged-twice", "averaged-not-summed", "constant-factor")
def divided_by_the_size(f: Any, y: Any) -> Any:
    d = (f - y) / np.size(f)
    return d, -d


@wrong("kl_divergence_backward", "dropped-path", "wrong-local-derivative", "forgot-chain")
def one_over_y(y: Any, d: Any) -> Any:
    return -np.where(d > 0, 1 / np.where(y > 0, y, 1), 0.0)


@wrong("cross_entropy_backward", "wrong-mask", "dropped-path")
def every_class_is_right(p: Any, labels: Any) -> Any:
    return -1 / (len(p) * p)


@wrong("softmax_cross_entropy_backward", "averaged-twice")
def mean_over_all_entries(z: Any, labels: Any) -> Any:
    e = np.exp(z - z.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    p[np.arange(len(z)), labels] -= 1
    return p / z.size


@wrong("sigmoid_mse_backward", "missing-upstream", "forgot-chain", "dropped-path")
def only_the_slope(z: Any, d: Any) -> Any:
    s = _sig(z)
    return s * (1 - s)


@wrong("sigmoid_cross_entropy_backward", "wrong-local-derivative", "wrong-variable")
def of_the_hinge(z: Any, d: Any) -> Any:
    return np.where(d == 1, _sig(z) - 1, -_sig(z))


# ---- backpropagation
@wrong(
    "extended_layer_backward",
    "wrong-order",
    "wrong-local-derivative",
    "wrong-value",
    "wrong-axis",
    "wrong-variable",
)
def drops_the_last_row(dz: Any, y_prev: Any, w: Any) -> Any:
    return w[:-1] @ dz, np.outer(np.r_[1.0, y_prev], dz)


@wrong("linear_backward", "wrong-axis", "wrong-shape")
def bias_summed_over_outputs(dz: Any, x: Any, W: Any) -> Any:
    flat_x, flat_dz = x.reshape(-1, x.shape[-1]), dz.reshape(-1, dz.shape[-1])
    return dz @ W.T, flat_x.T @ flat_dz, flat_dz.sum(axis=1)


@wrong("broadcast_backward", "wrong-mask", "dropped-path", "unsummed-axis")
def first_copy_only(dy: Any, shape: Any) -> Any:
    dy = np.asarray(dy)
    while dy.ndim > len(shape):
        dy = dy[0]
    for axis, n in enumerate(shape):
        if n == 1:
            dy = np.take(dy, [0], axis=axis)
    return dy


@wrong("multiply_backward", "missing-upstream")
def local_derivatives_only(dy: Any, a: Any, b: Any) -> Any:
    return b.astype(float), a.astype(float)


@wrong("pairwise_product_backward", "dropped-path", "wrong-mask")
def only_even_entries(dy: Any, z: Any) -> Any:
    out = np.zeros(z.shape)
    out[..., 0::2] = dy * z[..., 1::2]
    return out


@wrong("gated_unit_backward", "swapped-inputs", "wrong-local-derivative")
def slopes_exchanged(dy: Any, g: Any, c: Any) -> Any:
    s, t = _sig(g), np.tanh(c)
    return dy * t * (1 - t**2), dy * s * s * (1 - s)


@wrong("mlp_forward", "wrong-value", "wrong-mask", "dropped-path", "wrong-variable", "wrong-order")
def feeds_x_to_every_layer(x: Any, weights: Any, biases: Any) -> Any:
    acts = [x]
    h = x
    for k in range(len(weights)):
        z = h @ weights[k] + biases[k]
        h = np.maximum(z, 0)
        acts.append(h if k < len(weights) - 1 else z)
        h = z
    return acts


@wrong("mlp_backward", "wrong-axis", "wrong-shape", "wrong-value")
def keeps_rows_of_the_bias(dy: Any, activations: Any, weights: Any) -> Any:
    dW: list[Any] = []
    db: list[Any] = []
    g = dy
    for k in range(len(weights) - 1, -1, -1):
        dW.insert(0, activations[k].T @ g)
        db.insert(0, g)
        g = (g @ weights[k].T) * (activations[k] > 0 if k else 1)
    return g, dW, db


@wrong("shared_weight_backward", "swapped-inputs")
def second_weight_first(dx3: Any, jacobians: Any) -> Any:
    J = jacobians
    dx2 = dx3 @ J["x3", "x2"]
    dx1 = dx3 @ J["x3", "x1"] + dx2 @ J["x2", "x1"]
    return dx2 @ J["x2", "w2"], dx3 @ J["x3", "w1"] + dx1 @ J["x1", "w1"]


@wrong("activation_memory", "wrong-value", "wrong-local-derivative", "constant-factor", "wrong-variable")
def product_of_widths(batch: Any, widths: Any, itemsize: Any = 8) -> Any:
    return batch * math.prod(widths[:-1]) * itemsize


# ---- digits
@wrong("binary_loss_and_gradients", "wrong-sign")
def maximises_the_likelihood(w: Any, b: Any, x: Any, d: Any) -> Any:
    z = x @ w + b
    e = (d - _sig(z)) / len(x)
    return (np.logaddexp(0, z) - d * z).mean(), x.T @ e, e.sum()


@wrong("loss_and_gradients", "wrong-mask", "dropped-path", "wrong-local-derivative", "forgot-chain")
def only_the_last_layer_learns(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    acts = [x]
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = acts[-1] @ W + b
        acts.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    logp = acts[-1] - np.logaddexp.reduce(acts[-1], axis=1)[:, None]
    loss = -logp[np.arange(len(x)), labels].mean()
    g = np.exp(logp)
    g[np.arange(len(x)), labels] -= 1
    g /= len(x)
    dW = [np.zeros_like(W, dtype=float) for W in weights]
    db = [np.zeros_like(b, dtype=float) for b in biases]
    dW[-1], db[-1] = acts[-2].T @ g, g.sum(0)
    return loss, dW, db


@wrong("sgd_step", "mutated-input")
def minus_equals(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    for p, g in zip(parameters, gradients, strict=True):
        p -= learning_rate * g
    return parameters


@wrong("train", "wrong-value", "dropped-path", "wrong-variable", "wrong-local-derivative")
def one_batch_an_epoch(
    x: Any, labels: Any, widths: Any, epochs: Any, learning_rate: Any, batch_size: Any, seed: Any
) -> Any:
    rng = np.random.default_rng(seed)
    Ws = [rng.normal(size=(a, b)) * np.sqrt(2 / a) for a, b in zip(widths, widths[1:])]
    bs = [np.zeros(b) for b in widths[1:]]
    for _ in range(epochs):
        rows = rng.permutation(len(x))[:batch_size]
        acts = [x[rows]]
        for k, (W, b) in enumerate(zip(Ws, bs)):
            z = acts[-1] @ W + b
            acts.append(z if k == len(Ws) - 1 else np.maximum(z, 0))
        logp = acts[-1] - np.logaddexp.reduce(acts[-1], axis=1)[:, None]
        g = np.exp(logp)
        g[np.arange(len(rows)), labels[rows]] -= 1
        g /= len(rows)
        for k in range(len(Ws) - 1, -1, -1):
            dW, db = acts[k].T @ g, g.sum(0)
            g = (g @ Ws[k].T) * (acts[k] > 0)
            Ws[k] = Ws[k] - learning_rate * dW
            bs[k] = bs[k] - learning_rate * db
    return Ws, bs

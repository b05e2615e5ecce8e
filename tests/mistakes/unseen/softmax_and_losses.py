from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


def _sm(z: Any) -> Any:
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _sig(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(np.asarray(z, float) / 2))


# softmax
@wrong("softmax", "wrong-axis")
def sum_over_everything(z: Any) -> Any:
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@wrong(
    "softmax",
    "wrong-value",
    "wrong-local-derivative",
    "forgot-chain",
    "constant-factor",
    "wrong-axis",
    "value-instead-of-mask",
)
def divides_by_largest(z: Any) -> Any:
    return np.exp(z - z.max(-1, keepdims=True))


@right("softmax")
def via_log_sum_exp(z: Any) -> Any:
    return np.exp(z - np.logaddexp.reduce(np.asarray(z, float), axis=-1, keepdims=True))


# log_softmax
@wrong("log_softmax", "not-finite")
def log_of_stable_softmax(z: Any) -> Any:
    return np.log(_sm(np.asarray(z, float)))


@wrong("log_softmax", "wrong-value", "dropped-path", "wrong-axis")
def maximum_not_put_back(z: Any) -> Any:
    m = z.max(-1, keepdims=True)
    return z - np.log(np.exp(z - m).sum(-1, keepdims=True))


@right("log_softmax")
def logaddexp_reduce(z: Any) -> Any:
    z = np.asarray(z, float)
    return z - np.expand_dims(np.logaddexp.reduce(z, axis=-1), -1)


# softmax_jacobian
@wrong("softmax_jacobian", "diagonal-jacobian")
def diagonal_of_y_one_minus_y(y: Any) -> Any:
    return np.diag(y * (1 - y))


@wrong("softmax_jacobian", "wrong-sign", "wrong-local-derivative", "wrong-value")
def plus_outside_the_diagonal(y: Any) -> Any:
    n = len(y)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = y[i] * (1 - y[i]) if i == j else y[i] * y[j]
    return J


@right("softmax_jacobian")
def kronecker_delta_loop(y: Any) -> Any:
    return [[a * ((i == j) - b) for j, b in enumerate(y)] for i, a in enumerate(y)]


# softmax_backward
@wrong(
    "softmax_backward", "dropped-path", "wrong-local-derivative", "wrong-value", "forgot-chain", "wrong-axis"
)
def minus_mean_upstream(dy: Any, y: Any) -> Any:
    return y * (dy - dy.mean(-1, keepdims=True))


@wrong("softmax_backward", "wrong-axis", "dropped-path")
def dot_over_the_whole_batch(dy: Any, y: Any) -> Any:
    return y * (dy - np.sum(dy * y))


@right("softmax_backward")
def matmul_with_each_jacobian(dy: Any, y: Any) -> Any:
    y, dy = np.asarray(y, float), np.asarray(dy, float)
    J = y[..., :, None] * np.eye(y.shape[-1]) - y[..., :, None] * y[..., None, :]
    return np.matmul(J, dy[..., None])[..., 0]


# log_softmax_backward
@wrong("log_softmax_backward", "wrong-variable", "wrong-local-derivative")
def forgets_exp_of_the_log(dy: Any, y: Any) -> Any:
    return dy - y * dy.sum(-1, keepdims=True)


@wrong("log_softmax_backward", "diagonal-jacobian", "dropped-path")
def no_sum_over_classes(dy: Any, y: Any) -> Any:
    return dy * (1 - np.exp(y))


@right("log_softmax_backward")
def row_by_row_dot(dy: Any, y: Any) -> Any:
    p = np.exp(y)
    ones = np.ones((p.shape[-1], p.shape[-1]))
    return dy - p * (dy @ ones)


# squared_error_backward
@wrong("squared_error_backward", "constant-factor")
def two_from_the_power_rule(f: Any, y: Any) -> Any:
    return 2 * (f - y), -2 * (f - y)


@wrong("squared_error_backward", "wrong-sign")
def same_sign_for_both(f: Any, y: Any) -> Any:
    d = f - y
    return d, d.copy()


@right("squared_error_backward")
def negated_pair(f: Any, y: Any) -> Any:
    dy = np.subtract(y, f, dtype=float)
    return np.negative(dy), dy


# kl_divergence_backward
@wrong("kl_divergence_backward", "wrong-sign")
def d_over_y(y: Any, d: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(d == 0, 0.0, d / y)


@wrong("kl_divergence_backward", "wrong-variable", "wrong-local-derivative", "wrong-value", "swapped-inputs")
def derivative_by_d(y: Any, d: Any) -> Any:
    return np.where(d > 0, np.log(np.where(d > 0, d, 1) / y) + 1, 0)


@right("kl_divergence_backward")
def divide_where(y: Any, d: Any) -> Any:
    y, d = np.asarray(y, float), np.asarray(d, float)
    out = np.zeros(np.broadcast(y, d).shape)
    return -np.divide(d, y, out=out, where=d != 0)


# cross_entropy_backward
@wrong("cross_entropy_backward", "not-averaged")
def sum_not_mean(p: Any, labels: Any) -> Any:
    dp = np.zeros(p.shape)
    dp[np.arange(len(p)), labels] = -1 / p[np.arange(len(p)), labels]
    return dp


@wrong("cross_entropy_backward", "wrong-mask", "wrong-value", "dropped-path")
def all_columns_at_once(p: Any, labels: Any) -> Any:
    # p[:, labels] picks columns for every row instead of one entry per row
    dp = np.zeros(p.shape)
    dp[:, labels] = -1 / p[:, labels]
    return dp / len(p)


@right("cross_entropy_backward")
def onehot_over_p(p: Any, labels: Any) -> Any:
    p = np.asarray(p, float)
    dp = np.zeros_like(p)
    n = p.shape[0]
    for row, c in enumerate(labels):
        dp[row, c] = -1.0 / (n * p[row, c])
    return dp


# softmax_cross_entropy_backward
@wrong(
    "softmax_cross_entropy_backward",
    "diagonal-jacobian",
    "dropped-path",
    "wrong-mask",
    "wrong-value",
    "wrong-local-derivative",
)
def staged_without_the_sum(z: Any, labels: Any) -> Any:
    # staged backward: the gradient of the denominator is not summed over the row
    e = np.exp(z - z.max(1, keepdims=True))
    den = e.sum(1, keepdims=True)
    p = e / den
    y = np.eye(z.shape[1])[labels]
    dp = -y / p / len(z)
    de = dp / den
    de = de + (-e / den**2) * dp
    return e * de


@wrong(
    "softmax_cross_entropy_backward",
    "wrong-variable",
    "wrong-local-derivative",
    "forgot-chain",
    "dropped-path",
)
def logits_minus_onehot(z: Any, labels: Any) -> Any:
    return (z - np.eye(z.shape[1])[labels]) / len(z)


@right("softmax_cross_entropy_backward")
def subtract_at_labels(z: Any, labels: Any) -> Any:
    p = np.exp(z - np.logaddexp.reduce(np.asarray(z, float), -1)[:, None])
    np.subtract.at(p, (np.arange(len(p)), np.asarray(labels)), 1)
    p /= len(p)
    return p


# sigmoid_mse_backward
@wrong("sigmoid_mse_backward", "forgot-chain")
def no_sigmoid_slope(z: Any, d: Any) -> Any:
    return _sig(z) - d


@wrong("sigmoid_mse_backward", "wrong-variable", "wrong-local-derivative")
def slope_at_z(z: Any, d: Any) -> Any:
    return (_sig(z) - d) * z * (1 - z)


@right("sigmoid_mse_backward")
def by_exponentials(z: Any, d: Any) -> Any:
    s = _sig(z)
    return (s - d) * s * _sig(-np.asarray(z, float))


# sigmoid_cross_entropy_backward
@wrong("sigmoid_cross_entropy_backward", "not-finite", "wrong-value")
def staged_divides_by_zero(z: Any, d: Any) -> Any:
    s = 1 / (1 + np.exp(-z))
    ds = -d / s + (1 - d) / (1 - s)
    return ds * s * (1 - s)


@wrong(
    "sigmoid_cross_entropy_backward", "dropped-path", "wrong-local-derivative", "wrong-value", "forgot-chain"
)
def first_term_only(z: Any, d: Any) -> Any:
    # forgets the (1 - d) log(1 - s) term
    return -d * (1 - _sig(z))


@right("sigmoid_cross_entropy_backward")
def two_terms(z: Any, d: Any) -> Any:
    return (1 - d) * _sig(z) - d * _sig(-np.asarray(z, float))

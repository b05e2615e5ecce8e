"""Implementations of the exercises of 07-digits."""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong


def _sigmoid(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(np.asarray(z) / 2))


def _cost(p: Any, d: Any) -> Any:
    return -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))


# ---------------------------------------------------------------- binary_loss_and_gradients


@wrong("binary_loss_and_gradients", "not-averaged")
def sums_everywhere(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    loss = -np.sum(d * np.log(p) + (1 - d) * np.log(1 - p))
    return loss, x.T @ (p - d), np.sum(p - d)


@wrong("binary_loss_and_gradients", "not-averaged")
def gradient_not_divided(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    return _cost(p, d), np.dot(p - d, x), np.mean(p - d)


@wrong("binary_loss_and_gradients", "averaged-twice")
def mean_of_the_mean(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dz = (p - d) / len(d)
    return _cost(p, d), x.T @ dz, dz.mean()


@wrong("binary_loss_and_gradients", "wrong-sign")
def target_minus_output(w: Any, b: Any, x: Any, d: Any) -> Any:
    p, m = _sigmoid(x @ w + b), len(d)
    return _cost(p, d), 1 / m * np.dot(x.T, d - p), 1 / m * np.sum(d - p)


@wrong("binary_loss_and_gradients", "wrong-sign")
def log_likelihood(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    return -_cost(p, d), x.T @ (p - d) / len(d), (p - d).mean()


@wrong("binary_loss_and_gradients", "wrong-local-derivative")
def slope_of_the_sigmoid_too(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dz = (p - d) * p * (1 - p) / len(d)
    return _cost(p, d), dz @ x, dz.sum()


@wrong("binary_loss_and_gradients", "dropped-path")
def only_the_twos_cost(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    return -np.mean(d * np.log(p)), x.T @ (p - d) / len(d), np.mean(p - d)


@wrong("binary_loss_and_gradients", "forgot-chain")
def gradient_of_the_probabilities(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dp = (-(d / p) + (1 - d) / (1 - p)) / len(d)
    return _cost(p, d), x.T @ dp, dp.sum()


@wrong("binary_loss_and_gradients", "broadcast-blow-up")
def column_of_weights(w: Any, b: Any, x: Any, d: Any) -> Any:
    n = len(x)
    A = _sigmoid(np.dot(x, w.reshape(len(w), 1)) + b)
    cost = -np.mean(d * np.log(A) + (1 - d) * np.log(1 - A))
    return cost, np.dot(x.T, A - d) / n, np.sum(A - d) / n


@wrong("binary_loss_and_gradients", "extra-axis")
def gradient_as_a_column(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    return _cost(p, d), x.T @ (p - d)[:, None] / len(d), np.mean(p - d)


@wrong("binary_loss_and_gradients", "unsummed-axis")
def one_row_per_example(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dz = (p - d) / len(d)
    return _cost(p, d), dz[:, None] * x, dz.sum()


@wrong("binary_loss_and_gradients", "wrong-variable")
def sigmoid_forgotten_in_the_gradient(w: Any, b: Any, x: Any, d: Any) -> Any:
    z = x @ w + b
    return _cost(_sigmoid(z), d), x.T @ (z - d) / len(d), (z - d).mean()


@wrong("binary_loss_and_gradients", "constant-factor")
def base_two(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    loss = -np.mean(d * np.log2(p) + (1 - d) * np.log2(1 - p))
    return loss, x.T @ (p - d) / len(d), np.mean(p - d)


@wrong("binary_loss_and_gradients", "lost-precision", "wrong-value")
def guarded_logarithm(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    loss = -np.mean(d * np.log(p + 1e-8) + (1 - d) * np.log(1 - p + 1e-8))
    return loss, x.T @ (p - d) / len(d), np.mean(p - d)


@wrong("binary_loss_and_gradients", "wrong-type")
def loss_not_returned(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    return x.T @ (p - d) / len(d), np.mean(p - d)


@wrong("binary_loss_and_gradients", "integer-truncation")
def gradient_like_the_weights(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dw = np.zeros_like(w)
    for i in range(len(w)):
        dw[i] = np.mean((p - d) * x[:, i])
    return _cost(p, d), dw, np.mean(p - d)


@wrong("binary_loss_and_gradients", "mutated-input")
def trains_at_once(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = _sigmoid(x @ w + b)
    dw, db = x.T @ (p - d) / len(d), np.mean(p - d)
    w[:] = w - 0.1 * dw
    return _cost(p, d), dw, db


@wrong("binary_loss_and_gradients", "numerical-differentiation")
def quotients_of_the_loss(w: Any, b: Any, x: Any, d: Any) -> Any:
    def loss(w: Any, b: Any) -> Any:
        return _cost(_sigmoid(x @ w + b), d)

    h, w = 1e-5, np.asarray(w, float)
    dw = [(loss(w + h * e, b) - loss(w - h * e, b)) / (2 * h) for e in np.eye(len(w))]
    return loss(w, b), np.array(dw), (loss(w, b + h) - loss(w, b - h)) / (2 * h)


@wrong("binary_loss_and_gradients", "not-finite")
def textbook(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = 1 / (1 + np.exp(-(np.dot(x, w) + b)))
    loss = -(d * np.log(p) + (1 - d) * np.log(1 - p)).mean()
    return loss, np.dot(x.T, p - d) / len(d), np.mean(p - d)


@right("binary_loss_and_gradients")
def log_add_exp(w: Any, b: Any, x: Any, d: Any) -> Any:
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, np.where(d == 1, -z, z)))
    dz = (_sigmoid(z) - d) / d.size
    return float(loss), dz @ x, np.array(dz.sum())


@right("binary_loss_and_gradients")
def one_example_at_a_time(w: Any, b: Any, x: Any, d: Any) -> Any:
    n, loss, db = len(x), 0.0, 0.0
    dw = [0.0] * len(w)
    for row, target in zip(x, d):
        z = float(b) + sum(float(a) * float(c) for a, c in zip(row, w))
        p = 0.5 * (1 + math.tanh(z / 2))
        loss += (max(z, 0) - z * target + math.log1p(math.exp(-abs(z)))) / n
        db += (p - target) / n
        dw = [g + (p - target) * float(a) / n for g, a in zip(dw, row)]
    return loss, dw, db


@wrong("binary_loss_and_gradients", "lost-precision")
def clipped_probabilities(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = np.clip(_sigmoid(np.einsum("nd,d->n", x, w) + b), 1e-12, 1 - 1e-12)
    dp = ((1 - d) / (1 - p) - d / p) / len(d)
    dz = dp * p * (1 - p)
    return [-np.log(np.where(d == 1, p, 1 - p)).mean(), (x * dz[:, None]).sum(axis=0), dz.sum()]


# ---------------------------------------------------------------- loss_and_gradients


def _softmax(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _activations(weights: Any, biases: Any, x: Any) -> Any:
    ys = [x]
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = ys[-1] @ W + b
        ys.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    return ys


def _down(g: Any, ys: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, ys[k].T @ g)
        dbs.insert(0, g.sum(0))
        g = g @ weights[k].T * (ys[k] > 0)
    return dWs, dbs


def _nll(p: Any, labels: Any) -> Any:
    return -np.log(p[np.arange(len(labels)), labels]).mean()


@wrong("loss_and_gradients", "not-averaged")
def summed_over_the_batch(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    loss = 0.0
    for n, label in enumerate(labels):
        loss -= np.log(p[n, label])
        p[n, label] -= 1
    return loss, *_down(p, ys, weights)


@wrong("loss_and_gradients", "not-averaged")
def gradients_of_the_sum(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    return _nll(p, labels), *_down(p - np.eye(p.shape[1])[labels], ys, weights)


@wrong("loss_and_gradients", "averaged-twice")
def divided_in_both_places(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p, m = _softmax(ys[-1]), len(x)
    dWs, dbs = _down((p - np.eye(p.shape[1])[labels]) / m, ys, weights)
    return _nll(p, labels), [dW / m for dW in dWs], [db / m for db in dbs]


@wrong("loss_and_gradients", "averaged-twice")
def mean_over_the_whole_array(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    Y = np.zeros_like(p)
    Y[np.arange(len(Y)), labels] = 1
    return np.mean(-Y * np.log(p)), *_down((p - Y) / len(Y), ys, weights)


@wrong("loss_and_gradients", "wrong-sign")
def labels_minus_probabilities(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    return _nll(p, labels), *_down((np.eye(p.shape[1])[labels] - p) / len(p), ys, weights)


@wrong("loss_and_gradients", "wrong-axis")
def sum_of_the_builtin(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    e = np.exp(ys[-1] - ys[-1].max())
    p = e / sum(e)
    return _nll(p, labels), *_down((p - np.eye(p.shape[1])[labels]) / len(p), ys, weights)


@wrong("loss_and_gradients", "wrong-axis", "missing-transpose")
def sums_without_their_axis(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    e = np.exp(ys[-1] - np.max(ys[-1]))
    p = e / np.sum(e, axis=1)
    p[range(len(x)), labels], chosen = p[range(len(x)), labels] - 1, p[range(len(x)), labels]
    return -np.log(chosen).mean(), *_down(p / len(x), ys, weights)


@wrong("loss_and_gradients", "wrong-local-derivative")
def squared_differences(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    error = p - np.eye(p.shape[1])[labels]
    return np.mean(np.sum(error**2, axis=1)), *_down(2 / len(x) * error, ys, weights)


@wrong("loss_and_gradients", "not-finite")
def bare_exponentials(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    e = np.exp(ys[-1])
    p = e / e.sum(axis=1)[:, None]
    return _nll(p, labels), *_down((p - np.eye(p.shape[1])[labels]) / len(p), ys, weights)


@wrong("loss_and_gradients", "wrong-order")
def as_they_were_computed(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    dWs, dbs = _down((p - np.eye(p.shape[1])[labels]) / len(p), ys, weights)
    return _nll(p, labels), list(reversed(dWs)), list(reversed(dbs))


@wrong("loss_and_gradients", "dropped-path")
def labels_forgotten(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    return _nll(p, labels), *_down(p / len(p), ys, weights)


@wrong("loss_and_gradients", "broadcast-blow-up")
def picks_whole_columns(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    loss = np.mean(-np.log(p[:, labels]))
    p[:, labels] -= 1
    return loss, *_down(p / len(x), ys, weights)


@wrong("loss_and_gradients", "diagonal-jacobian")
def softmax_like_a_sigmoid(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    dp = -np.eye(p.shape[1])[labels] / p / len(p)
    return _nll(p, labels), *_down(dp * p * (1 - p), ys, weights)


@wrong("loss_and_gradients", "forgot-chain")
def from_the_probabilities(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    dp = np.zeros(p.shape)
    rows = range(len(p))
    dp[rows, labels] = -1 / (p[rows, labels] * len(p))
    return _nll(p, labels), *_down(dp, ys, weights)


@wrong("loss_and_gradients", "wrong-local-derivative")
def softmax_once_too_often(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    g = (p - np.eye(p.shape[1])[labels]) / len(p)
    return _nll(p, labels), *_down(p * (g - np.sum(g * p, axis=1, keepdims=True)), ys, weights)


@wrong("loss_and_gradients", "forgot-chain", "wrong-mask")
def no_mask(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    g = (p - np.eye(p.shape[1])[labels]) / len(p)
    return _nll(p, labels), *_unmasked(g, ys, weights)


def _unmasked(g: Any, ys: Any, weights: Any) -> Any:
    dWs, dbs = [], []
    for y, W in zip(ys[-2::-1], weights[::-1]):
        dWs, dbs = [y.T @ g, *dWs], [g.sum(0), *dbs]
        g = g @ W.T
    return dWs, dbs


@wrong("loss_and_gradients", "wrong-value", "wrong-mask")
def relu_on_the_logits(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    z = np.maximum(0, ys[-1])
    p = _softmax(z)
    g = (p - np.eye(p.shape[1])[labels]) / len(p) * (z > 0)
    return _nll(p, labels), *_down(g, ys, weights)


@wrong("loss_and_gradients", "unsummed-axis")
def bias_gradients_per_row(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    g = (p - np.eye(p.shape[1])[labels]) / len(p)
    dWs, dbs = [], []
    for k in reversed(range(len(weights))):
        dWs.insert(0, ys[k].T @ g)
        dbs.insert(0, g)
        g = g @ weights[k].T * (ys[k] > 0)
    return _nll(p, labels), dWs, dbs


@wrong("loss_and_gradients", "lost-precision", "wrong-value")
def log_with_epsilon(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    Y = np.eye(p.shape[1])[labels]
    return -np.sum(Y * np.log(p + 1e-9)) / len(p), *_down((p - Y) / len(p), ys, weights)


@wrong("loss_and_gradients", "wrong-type")
def dictionary_of_gradients(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    dWs, dbs = _down((p - np.eye(p.shape[1])[labels]) / len(p), ys, weights)
    return _nll(p, labels), {"dW": dWs, "db": dbs}


@wrong("loss_and_gradients", "mutated-input")
def centres_its_inputs(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    x[:] = x - x.mean(axis=0)
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    return _nll(p, labels), *_down((p - np.eye(p.shape[1])[labels]) / len(p), ys, weights)


@wrong("loss_and_gradients", "not-finite")
def from_scratch(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p, rows = _softmax(ys[-1]), np.arange(len(x))
    loss = np.sum(-np.log(p[rows, labels])) / len(x)
    g = p.copy()
    g[rows, labels] -= 1
    g /= len(x)
    dWs, dbs = [None] * len(weights), [None] * len(weights)
    for k in range(len(weights) - 1, -1, -1):
        dWs[k], dbs[k] = np.dot(ys[k].T, g), np.sum(g, axis=0)
        if k:
            g = np.dot(g, weights[k].T)
            g[ys[k] <= 0] = 0
    return loss, dWs, dbs


@right("loss_and_gradients")
def log_sum_exp(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    top = ys[-1].max(axis=1, keepdims=True)
    log_p = ys[-1] - top - np.log(np.exp(ys[-1] - top).sum(axis=1, keepdims=True))
    right_ones = np.take_along_axis(log_p, labels[:, None], axis=1)
    g = (np.exp(log_p) - (np.arange(log_p.shape[1]) == labels[:, None])) / len(x)
    dWs, dbs = _down(g, ys, weights)
    return -float(right_ones.mean()), tuple(dWs), tuple(dbs)


@wrong("loss_and_gradients", "not-finite")
def mean_of_examples(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    N, loss = len(x), 0.0
    dWs, dbs = [np.zeros(W.shape) for W in weights], [np.zeros(W.shape[1]) for W in weights]
    for n in range(N):
        ys = _activations(weights, biases, x[n : n + 1])
        p = _softmax(ys[-1])
        loss -= np.log(p[0, labels[n]]) / N
        p[0, labels[n]] -= 1
        for total, part in zip(dWs + dbs, sum(_down(p, ys, weights), [])):
            total += part / N
    return [loss, dWs, dbs]


@wrong("loss_and_gradients", "not-finite")
def through_the_softmax(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p, Y = _softmax(ys[-1]), np.eye(ys[-1].shape[1])[labels]
    dp = -(Y / p) / len(Y)
    jacobians = np.einsum("ni,ij->nij", p, np.eye(p.shape[1])) - np.einsum("ni,nj->nij", p, p)
    return np.log(p[Y == 1]).mean() * -1, *_down(np.einsum("ni,nij->nj", dp, jacobians), ys, weights)


# ---------------------------------------------------------------- sgd_step


@wrong("sgd_step", "wrong-sign")
def uphill(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [p + learning_rate * g for p, g in zip(parameters, gradients)]


@wrong("sgd_step", "unused-parameter", "dropped-path", "wrong-variable")
def full_steps(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return list(map(np.subtract, parameters, gradients))


@wrong("sgd_step", "dropped-path")
def steps_without_start(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [-learning_rate * g for g in gradients]


@wrong("sgd_step", "mutated-input")
def minus_equals(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    for p, g in zip(parameters, gradients):
        p -= learning_rate * g
    return parameters


@wrong("sgd_step", "mutated-input")
def shallow_copy(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new = list(parameters)
    for k in range(len(new)):
        new[k][...] = new[k] - learning_rate * gradients[k]
    return new


@wrong("sgd_step", "mutated-input")
def replaces_entries_of_the_list(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    for k, g in enumerate(gradients):
        parameters[k] = parameters[k] - learning_rate * g
    return parameters


@wrong("sgd_step", "not-implemented")
def changes_and_returns_nothing(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    for k in range(len(parameters)):
        parameters[k] = parameters[k] - learning_rate * gradients[k]


@wrong("sgd_step", "wrong-variable")
def rate_times_difference(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [learning_rate * (p - g) for p, g in zip(parameters, gradients)]


@wrong("sgd_step", "forward-instead-of-backward")
def rebinds_the_loop_variable(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new = [p.copy() for p in parameters]
    for p, g in zip(new, gradients):
        p = p - learning_rate * g
    return new


@wrong("sgd_step", "integer-truncation")
def typed_like_the_parameters(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new = [np.empty_like(p) for p in parameters]
    for k in range(len(new)):
        new[k][...] = parameters[k] - learning_rate * gradients[k]
    return new


@wrong("sgd_step", "wrong-type")
def returns_in_the_loop(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new = []
    for p, g in zip(parameters, gradients):
        new.append(p - learning_rate * g)
        return new


@wrong("sgd_step", "wrong-order")
def inserted_in_front(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new: list[Any] = []
    for p, g in zip(parameters, gradients):
        new.insert(0, p - learning_rate * g)
    return new


@right("sgd_step")
def comprehension(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]


@right("sgd_step")
def in_place_on_copies(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    new = [np.array(p, np.result_type(p, np.float32)) for p in parameters]
    for p, g in zip(new, gradients):
        p += -learning_rate * g
    return tuple(new)


@right("sgd_step")
def entry_by_entry(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    def step(p: Any, g: Any) -> Any:
        if np.ndim(p) == 0:
            return float(p) - learning_rate * float(g)
        return [step(a, b) for a, b in zip(p, g)]

    return [step(p, g) for p, g in zip(parameters, gradients)]


# ---------------------------------------------------------------- train


def _start(widths: Any, rng: Any) -> Any:
    weights = [rng.normal(size=(d, m)) * np.sqrt(2 / d) for d, m in pairwise(widths)]
    return weights, [np.zeros(m) for m in widths[1:]]


def _gradients(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    p = _softmax(ys[-1])
    p[np.arange(len(x)), labels] -= 1
    return _down(p / len(x), ys, weights)


def _epochs(
    x: Any,
    labels: Any,
    weights: Any,
    biases: Any,
    epochs: Any,
    learning_rate: Any,
    batch_size: Any,
    rng: Any,
) -> Any:
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            dWs, dbs = _gradients(weights, biases, x[batch], labels[batch])
            weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
            biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return weights, biases


def _in_order(x: Any, labels: Any, widths: Any, seed: Any, batches: Any, learning_rate: Any) -> Any:
    weights, biases = _start(widths, np.random.default_rng(seed))
    for batch in batches:
        dWs, dbs = _gradients(weights, biases, x[batch], labels[batch])
        weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
        biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return weights, biases


@wrong("train", "wrong-order")
def never_shuffles(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    batches = [slice(k, k + batch_size) for k in range(0, len(x), batch_size)]
    return _in_order(x, labels, widths, seed, batches * epochs, learning_rate)


@wrong("train", "wrong-order")
def shuffles_once(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    order = np.random.default_rng(seed).permutation(len(x))
    batches = [order[k : k + batch_size] for k in range(0, len(x), batch_size)]
    weights, biases = _in_order(x, labels, widths, seed, batches * epochs, learning_rate)
    return [W.astype("f") for W in weights], [b.astype("f") for b in biases]


@wrong("train", "dropped-path")
def full_batches_alone(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    starts = range(0, len(x) - batch_size + 1, batch_size)
    orders = (rng.permutation(len(x)) for _ in range(epochs))
    batches = [order[k : k + batch_size] for order in orders for k in starts]
    return _in_order(x, labels, widths, seed, batches, learning_rate)


@wrong("train", "wrong-sign")
def climbs(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), epochs, -learning_rate, batch_size, rng)


@wrong("train", "wrong-value")
def zero_weights(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights, biases = [np.zeros((d, m)) for d, m in pairwise(widths)], [np.zeros(m) for m in widths[1:]]
    return _epochs(x, labels, weights, biases, epochs, learning_rate, batch_size, rng)


@wrong("train", "wrong-value")
def own_learning_rate(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), epochs, 0.2, batch_size, rng)


@wrong("train", "wrong-value")
def own_number_of_epochs(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), 20, learning_rate, batch_size, rng)


@wrong("train", "wrong-value")
def own_batch_size(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), epochs, learning_rate, 32, rng)


@wrong("train", "wrong-value")
def one_batch_an_epoch(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights, biases = _start(widths, rng)
    for _ in range(epochs):
        batch = rng.permutation(len(x))[:batch_size]
        dWs, dbs = _gradients(weights, biases, x[batch], labels[batch])
        weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
        biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return weights, biases


@wrong("train", "wrong-value")
def labels_left_behind(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    mixed = x[rng.permutation(len(x))]
    return _epochs(mixed, labels, *_start(widths, rng), epochs, learning_rate, batch_size, rng)


@wrong("train", "dropped-path")
def biases_stay(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights, biases = _start(widths, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            dWs, _ = _gradients(weights, biases, x[batch], labels[batch])
            weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
    return weights, biases


@wrong("train", "mutated-input")
def shuffles_in_place(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    order = np.random.default_rng(seed).permutation(len(x))
    x[:], labels[:] = x[order], labels[order]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), epochs, learning_rate, batch_size, rng)


@wrong("train", "swapped-inputs")
def biases_before_weights(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    return _start(widths, np.random.default_rng(seed))[::-1]


@wrong("train", "transposed")
def outputs_by_inputs(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    weights, biases = _start(widths, np.random.default_rng(seed))
    return [W.T for W in weights], biases


@wrong("train", "wrong-shape")
def biases_as_rows(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    weights, biases = _start(widths, np.random.default_rng(seed))
    return weights, [b.reshape(1, -1) for b in biases]


@wrong("train", "wrong-type")
def one_hidden_layer_only(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights, biases = _start([widths[0], widths[1], widths[-1]], rng)
    return _epochs(x, labels, weights, biases, min(epochs, 5), learning_rate, batch_size, rng)


@wrong("train", "wrong-type")
def the_losses(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    return [2.3 * 0.9**k for k in range(epochs)]


@wrong("train", "raised-error")
def last_batch_assumed_full(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights, biases = _start(widths, rng)
    for _ in range(epochs):
        for batch in np.split(rng.permutation(len(x)), len(x) // batch_size):
            dWs, dbs = _gradients(weights, biases, x[batch], labels[batch])
            weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
            biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return weights, biases


@wrong("train", "stale-state")
def global_randomness(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    weights = [np.random.randn(d, m) / np.sqrt(d) for d, m in pairwise(widths)]
    biases = [np.zeros(m) for m in widths[1:]]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, weights, biases, epochs, learning_rate, batch_size, rng)


_kept: dict[Any, Any] = {}


@wrong("train", "stale-state")
def goes_on_where_it_stopped(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    start = _kept.get(tuple(widths)) or _start(widths, rng)
    _kept[tuple(widths)] = _epochs(x, labels, *start, epochs, learning_rate, batch_size, rng)
    return _kept[tuple(widths)]


@right("train")
def he_and_permutations(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    return _epochs(x, labels, *_start(widths, rng), epochs, learning_rate, batch_size, rng)


@right("train")
def small_uniform_in_float32(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.RandomState(seed % 2**32)
    weights = [rng.uniform(-1, 1, (d, m)).astype("f") / np.float32(np.sqrt(d)) for d, m in pairwise(widths)]
    biases = [rng.uniform(-0.1, 0.1, m).astype("f") for m in widths[1:]]
    x, step = x.astype("f"), np.float32(learning_rate)
    for _ in range(epochs):
        order = np.arange(len(x))
        rng.shuffle(order)
        for k in range(0, len(x), batch_size):
            dWs, dbs = _gradients(
                weights, biases, x[order[k : k + batch_size]], labels[order[k : k + batch_size]]
            )
            for p, g in zip([*weights, *biases], [*dWs, *dbs]):
                p -= step * g
    return tuple(weights), tuple(biases)


@right("train")
def drawn_with_replacement(x, labels, widths, epochs, learning_rate, batch_size, seed):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(d, m)) * np.sqrt(2 / (d + m)) for d, m in pairwise(widths)]
    biases = [np.full(m, 0.01) for m in widths[1:]]
    for _ in range(epochs * (len(x) // batch_size)):
        batch = rng.integers(0, len(x), batch_size)
        dWs, dbs = _gradients(weights, biases, x[batch], labels[batch])
        weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
        biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return weights, biases


@wrong("loss_and_gradients", "wrong-local-derivative")
def tanh_slopes_on_the_way_down(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    log_p = ys[-1] - np.logaddexp.reduce(ys[-1], axis=1, keepdims=True)
    rows, g = np.arange(len(x)), np.exp(log_p) / len(x)
    g[rows, labels] -= 1 / len(x)
    dweights, dbiases = [], []
    for k in range(len(weights) - 1, -1, -1):
        dweights.insert(0, ys[k].T @ g)
        dbiases.insert(0, g.sum(axis=0))
        g = (g @ weights[k].T) * (1 - np.square(ys[k]))
    return -log_p[rows, labels].mean(), dweights, dbiases


@wrong("loss_and_gradients", "wrong-local-derivative")
def slope_of_the_tanh_at_the_end(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    ys = _activations(weights, biases, x)
    log_p = ys[-1] - np.logaddexp.reduce(ys[-1], axis=1, keepdims=True)
    Y = np.eye(log_p.shape[1])[labels]
    g = (np.exp(log_p) - Y) * (1 - np.exp(2 * log_p)) / len(x)
    return -log_p[Y == 1].mean(), *_down(g, ys, weights)

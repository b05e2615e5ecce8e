from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


def _sig(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(np.asarray(z, float) / 2))


def _bce(z: Any, d: Any) -> Any:
    return np.logaddexp(0, z) - d * z


# binary_loss_and_gradients
@wrong("binary_loss_and_gradients", "not-averaged")
def gradients_of_the_sum(w: Any, b: Any, x: Any, d: Any) -> Any:
    z = x @ w + b
    g = _sig(z) - d
    return _bce(z, d).mean(), x.T @ g, g.sum()


@wrong("binary_loss_and_gradients", "forgot-chain", "wrong-local-derivative", "wrong-value")
def mse_gradient_for_bce(w: Any, b: Any, x: Any, d: Any) -> Any:
    z = x @ w + b
    s = _sig(z)
    g = (s - d) * s * (1 - s) / len(x)
    return _bce(z, d).mean(), x.T @ g, g.sum()


@right("binary_loss_and_gradients")
def python_loop_over_examples(w: Any, b: Any, x: Any, d: Any) -> Any:
    loss, dw, db = 0.0, np.zeros(len(w)), 0.0
    for row, target in zip(x, d, strict=True):
        z = float(np.dot(row, w)) + float(b)
        loss += float(_bce(z, target)) / len(x)
        g = (float(_sig(z)) - target) / len(x)
        dw = dw + g * row
        db += g
    return loss, dw, db


# loss_and_gradients
def _forward(weights: Any, biases: Any, x: Any) -> Any:
    acts = [x]
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = acts[-1] @ W + b
        acts.append(z if k == len(weights) - 1 else np.maximum(z, 0))
    return acts


def _loss(z: Any, labels: Any) -> Any:
    logp = z - np.logaddexp.reduce(z, axis=1)[:, None]
    return logp, -logp[np.arange(len(z)), labels].mean()


def _back(g: Any, acts: Any, weights: Any) -> Any:
    dW: list[Any] = []
    db: list[Any] = []
    for k in reversed(range(len(weights))):
        dW.insert(0, acts[k].T @ g)
        db.insert(0, g.sum(0))
        g = (g @ weights[k].T) * (acts[k] > 0)
    return dW, db


@wrong("loss_and_gradients", "wrong-value", "not-averaged")
def sums_the_loss(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    acts = _forward(weights, biases, x)
    logp, loss = _loss(acts[-1], labels)
    g = (np.exp(logp) - np.eye(logp.shape[1])[labels]) / len(x)
    dW, db = _back(g, acts, weights)
    return loss * len(x), dW, db


@wrong("loss_and_gradients", "wrong-sign")
def onehot_minus_p(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    acts = _forward(weights, biases, x)
    logp, loss = _loss(acts[-1], labels)
    g = (np.eye(logp.shape[1])[labels] - np.exp(logp)) / len(x)
    dW, db = _back(g, acts, weights)
    return loss, dW, db


@right("loss_and_gradients")
def with_inner_helpers(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
    acts = _forward(weights, biases, np.asarray(x, float))
    logp, loss = _loss(acts[-1], labels)
    g = np.exp(logp)
    for n, c in enumerate(labels):
        g[n, c] -= 1
    dW, db = _back(g, acts, weights)
    return float(loss), tuple(w / len(x) for w in dW), tuple(v / len(x) for v in db)


# sgd_step
@wrong("sgd_step", "wrong-sign")
def climbs(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [p + learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@wrong(
    "sgd_step",
    "wrong-value",
    "dropped-path",
    "forgot-chain",
    "constant-factor",
    "forward-instead-of-backward",
)
def returns_only_the_update(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [-learning_rate * g for g in gradients]


@right("sgd_step")
def subtract_out_of_place(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return tuple(
        np.subtract(p, np.multiply(learning_rate, g)) for p, g in zip(parameters, gradients, strict=True)
    )


# train
def _start(widths: Any, rng: Any, scale: float = 1.0) -> Any:
    weights = [
        rng.normal(size=(a, b)) * scale * np.sqrt(2 / a) for a, b in zip(widths, widths[1:], strict=False)
    ]
    return weights, [np.zeros(b) for b in widths[1:]]


def _fit(
    x: Any, labels: Any, widths: Any, epochs: Any, rate: Any, size: Any, rng: Any, shuffle: Any, state: Any
) -> Any:
    weights, biases = state
    for _ in range(epochs):
        order = shuffle(len(x))
        for i in range(0, len(x), size):
            rows = order[i : i + size]
            acts = _forward(weights, biases, x[rows])
            logp, _ = _loss(acts[-1], labels[rows])
            g = (np.exp(logp) - np.eye(logp.shape[1])[labels[rows]]) / len(rows)
            dW, db = _back(g, acts, weights)
            weights = [w - rate * d for w, d in zip(weights, dW, strict=True)]
            biases = [b - rate * d for b, d in zip(biases, db, strict=True)]
    return weights, biases


@wrong("train", "wrong-value", "wrong-local-derivative", "dropped-path")
def all_zero_start(
    x: Any, labels: Any, widths: Any, epochs: Any, learning_rate: Any, batch_size: Any, seed: Any
) -> Any:
    rng = np.random.default_rng(seed)
    state = _start(widths, rng, scale=0.0)
    return _fit(x, labels, widths, epochs, learning_rate, batch_size, rng, rng.permutation, state)


@wrong("train", "stale-state")
def seed_unused(
    x: Any, labels: Any, widths: Any, epochs: Any, learning_rate: Any, batch_size: Any, seed: Any
) -> Any:
    rng = np.random.default_rng()
    state = _start(widths, rng)
    return _fit(x, labels, widths, epochs, learning_rate, batch_size, rng, rng.permutation, state)


@right("train")
def legacy_random_state(
    x: Any, labels: Any, widths: Any, epochs: Any, learning_rate: Any, batch_size: Any, seed: Any
) -> Any:
    rng = np.random.RandomState(seed)
    state = _start(widths, np.random.default_rng(seed))
    return _fit(
        np.asarray(x, float),
        np.asarray(labels),
        widths,
        epochs,
        learning_rate,
        batch_size,
        rng,
        rng.permutation,
        state,
    )

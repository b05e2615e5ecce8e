"""Two or not two: one sigmoid unit with its cross-entropy."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import network, ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.digits._assignment import Exercise07, guarded_logarithm
from backprop_course.numbers import count


def _binary_cases(rng: Generator) -> Iterator[Case]:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    yield Case("two examples of the class, all weights 0", (np.zeros(2), 0.0, x, np.array([1, 1])))
    yield Case("one example of each kind", (np.array([1.0, -1.0]), 0.5, x, np.array([1, 0])))
    for n, d in ((4, 3), (1, 2), (3, 3), (5, 1), (2, 4)):
        targets = rng.permutation(np.arange(n) % 2)
        why = "a batch of one" if n == 1 else f"{n} examples of {count(d, 'number')}"
        yield Case(why, (normal(rng, d), float(rng.normal()), normal(rng, n, d, scale=0.5), targets))
    yield Case(
        "the bias as an array of no axes",
        (normal(rng, 2), np.array(0.25), normal(rng, 4, 2, scale=0.5), np.array([1, 1, 0, 1])),
    )
    yield Case(
        "float32 arrays",
        (
            normal(rng, 3).astype(np.float32),
            np.array(0.5, np.float32),
            normal(rng, 4, 3, scale=0.5).astype(np.float32),
            np.array([0, 1, 1, 0]),
        ),
    )
    yield Case(
        "integer arrays", (np.array([1, -1]), 1, np.array([[1, 2], [2, 0], [0, 1]]), np.array([0, 1, 1]))
    )
    yield views(normal(rng, 2), -0.5, normal(rng, 3, 2, scale=0.5), np.array([1, 0, 0]))
    yield Case("z as large as 900 and 1,000", (np.array([900.0, -1000.0]), 0.0, np.eye(2), np.array([1, 1])))


def _loss(w: Any, b: Any, x: Any, d: Any) -> Any:
    return ops.sigmoid_cross_entropy(x @ w + b, d).mean()


def _mean_loss(p: Any, d: Any) -> Any:
    return -(d * np.log(p) + (1 - d) * np.log(1 - p)).mean()


def _unit(
    loss: Callable[[Any, Any], Any] = _mean_loss,
    dz: Callable[[Any, Any], Any] = lambda p, d: (p - d) / len(d),
    gradients: Callable[[Any, Any], tuple[Any, Any]] = lambda dz, x: (x.T @ dz, dz.sum()),
) -> Callable[..., Any]:
    """One sigmoid unit in which the loss, its slope or what is made of it may go wrong."""

    def form(w: Any, b: Any, x: Any, d: Any) -> Any:
        p = ops.sigmoid(x @ w + b)
        return loss(p, d), *gradients(dz(p, d), x)

    return form


def _square_of_examples(w: Any, b: Any, x: Any, d: Any) -> Any:
    """Weights as a column: p is a column, d a row, and their difference is a square."""
    p = ops.sigmoid(x @ w.reshape(-1, 1) + b)
    dz = (p - d) / len(d)
    return _mean_loss(p, d), x.T @ dz, dz.sum()


BINARY_LOSS_AND_GRADIENTS = Exercise07(
    points=3,
    reference=network.binary_loss_and_gradients,
    cases=_binary_cases,
    returns=("loss", "dw", "db"),
    forward=_loss,
    wrong=(
        guarded_logarithm(
            lambda e: _unit(lambda p, d: -(d * np.log(p + e) + (1 - d) * np.log(1 - p + e)).mean())
        ),
        WrongForm(
            "not-averaged",
            _unit(lambda p, d: _mean_loss(p, d) * len(d), lambda p, d: p - d),
            "{output} is N times too large, where N is the number of examples.",
            "The loss is a mean over the batch. What does that do to the gradient of one example?",
        ),
        WrongForm(
            "averaged-twice",
            _unit(lambda p, d: _mean_loss(p, d) / len(d), lambda p, d: (p - d) / len(d) ** 2),
            "{output} is divided by the number of examples once too often.",
            "The loss divides by N once, so its gradients do.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _unit(lambda p, d: ((p - d) ** 2).mean() / 2, lambda p, d: (p - d) * p * (1 - p) / len(d)),
            "{output} is that of the squared error.",
            "With the cross-entropy, the sigmoid's slope cancels. Derive the loss with respect to z, not to p.",
        ),
        WrongForm(
            "dropped-path",
            _unit(lambda p, d: -(d * np.log(p)).mean(), lambda p, d: -d * (1 - p) / len(d)),
            "{output} looks at the examples of the class only, those with d = 1.",
            "An example with d = 0 costs something too: its probability is 1 - p.",
        ),
        WrongForm(
            "forgot-chain",
            _unit(dz=lambda p, d: (p - d) / (p * (1 - p)) / len(d)),
            "{output} uses the gradient with respect to p. The sigmoid's slope is missing.",
            "w and b reach p through z. Multiply by the slope of the step from z to p.",
        ),
        WrongForm(
            "broadcast-blow-up",
            _square_of_examples,
            "Every probability met every target: a column minus a row is a square, and {output} comes from that.",
            "Shapes (N, 1) and (N,) broadcast to (N, N). Print the shapes of z and d.",
        ),
        WrongForm(
            "unsummed-axis",
            _unit(
                lambda p, d: -(d * np.log(p) + (1 - d) * np.log(1 - p)),
                gradients=lambda dz, x: (x * dz[:, np.newaxis], dz),
            ),
            "{output} still has one entry for each example.",
            "All examples share w and b, and the loss is one number.",
        ),
        WrongForm(
            "wrong-variable",
            lambda w, b, x, d: _unit(dz=lambda p, t: (x @ w + b - t) / len(t))(w, b, x, d),
            "{output} compares the target with z. The sigmoid is missing.",
            "The targets are 0 and 1, and so are probabilities. z can be any number.",
        ),
    ),
    hints=(
        "Three steps: z for all examples, then the probabilities, then the loss. Backwards, the gradient of the loss with respect to z is the one you derived in 05.",
        "dw has an entry for each pixel: which product of x and dz sums over the examples?",
    ),
)

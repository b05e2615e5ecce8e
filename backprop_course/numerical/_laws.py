"""Laws across calls of a backward function: same answer twice, linear in dy, one answer for all dtypes."""

from collections.abc import Sequence

import numpy as np

from backprop_course.arrays import Array
from backprop_course.numerical._contract import BrokenContract, Contract, Gradients
from backprop_course.numerical._inputs import kind_of, private_copies

_ROUND_OFF = 64  # units in the last place that a backward function may lose
_JITTER = 8  # units in the last place by which arguments are moved to see how far round-off travels
_SCALES = 4  # of dy, as round-off for one may be small by chance
_BESIDE = 1e-4  # relative distance of "a little different"
_LOW_PRECISION_SAMPLES = 8

_NATURAL_SAMPLES = 4
_TINIEST = 64 * float(np.finfo(np.float64).smallest_subnormal)

Slack = dict[int, Array]


def upstream_gradient(rng: np.random.Generator, output: Array) -> Array:
    """Random signs, sizes in [0.5, 1.5]: no two alike, none so small that it hides an output."""
    dy = rng.choice((-1.0, 1.0), output.shape) * rng.uniform(0.5, 1.5, output.shape)
    return np.asarray(dy, output.dtype if output.dtype.kind == "f" else np.float64)


def round_off(contract: Contract, rng: np.random.Generator, dy: Array, gradients: Gradients) -> Slack:
    """How far round-off can move each entry of the gradients.

    Two things show it: dy moved in its last digits, and how fast the entry changes where the inputs are a
    little different, as terms that cancel at the point do not cancel there.
    """
    eps = max(_eps(gradient) for gradient in gradients.values())
    slack = {p: np.zeros(gradient.shape) for p, gradient in gradients.items()}
    for _ in range(2):
        moved = contract.backward(_jittered(rng, dy, _JITTER * eps), list(gradients))
        beside = _moved_backward(contract, rng, dy, _BESIDE, gradients)
        for p, g in gradients.items():
            terms = _distance(beside[p], g) / _BESIDE
            slack[p] = np.max([slack[p], _distance(moved[p], g), _JITTER * eps * terms], axis=0)
    return slack


def round_off_of_scaled(
    contract: Contract, rng: np.random.Generator, dy: Array, gradients: Gradients
) -> Slack:
    """How far each entry is from that for a scaled dy, scaled back: in a linear function, round-off alone.

    A difference of nearly equal terms, as of a saturated softmax, rounds to other digits for each scale.
    """
    slack = {p: np.zeros(gradient.shape) for p, gradient in gradients.items()}
    for factor in rng.uniform(1.0, 2.0, _SCALES):
        scaled = contract.backward(factor * dy, list(gradients))
        slack = {p: np.fmax(s, _distance(scaled[p] / factor, gradients[p])) for p, s in slack.items()}
    return slack


def expect_repeatable_forward(contract: Contract, asked: Sequence[int]) -> None:
    """Raise ValueError where the forward function draws new random numbers in each call."""
    first, second = contract.forward(asked), contract.forward(asked)
    tolerance = 1e-6 * np.max(np.abs(first), initial=0.0)
    if first.shape != second.shape or np.any(_distance(first, second) > tolerance):
        raise ValueError(
            "forward gave two answers for the same inputs, expected one: fix its random numbers beforehand."
        )


def expect_same_twice(contract: Contract, dy: Array, gradients: Gradients) -> None:
    """Refuse an answer that depends on the calls before, such as one accumulated in a global array."""
    again = contract.backward(dy, list(gradients))
    tolerance = {
        p: np.full(g.shape, _ROUND_OFF * _eps(g) * np.max(np.abs(g), initial=0.0) + _TINIEST)
        for p, g in gradients.items()
    }
    contract.compare(again, gradients, tolerance, "backward gives another answer on the second call")


def expect_linear(
    contract: Contract, rng: np.random.Generator, dy: Array, gradients: Gradients, slack: Slack
) -> None:
    """Refuse an answer that is not linear in dy, as every vector-Jacobian product is."""
    asked = list(gradients)
    largest = np.max(np.abs(contract.forward(asked)), initial=0.0)
    least = np.finfo(np.float64).eps * largest  # an entry of softmax(±100) is less than what its terms lose
    other = upstream_gradient(rng, dy)
    second, mixed = contract.backward(other, asked), contract.backward(2 * dy - 3 * other, asked)
    ignores = any(np.any(g) and np.array_equal(g, second[p]) for p, g in gradients.items() if dy.size)
    sums = {p: 2.0 * g - 3.0 * second[p] for p, g in gradients.items()}
    sizes = {p: 2 * np.abs(g) + 3 * np.abs(second[p]) for p, g in gradients.items()}
    tolerance = {
        p: _ROUND_OFF * (5 * (slack[p] + least) + _eps(gradients[p]) * sizes[p]) + _TINIEST for p in asked
    }
    message = "backward is not linear in the upstream gradient: backward(2 dy₁ − 3 dy₂) is not as expected"
    if ignores:
        message = "backward does not depend on its upstream gradient dy"
    contract.compare(mixed, sums, tolerance, message)


def expect_dtype_agreement(
    contract: Contract, rng: np.random.Generator, dy: Array, given: Gradients, gradients: Gradients
) -> None:
    """Refuse an answer for the caller's dtypes that differs from the one for the same numbers in float64."""
    dtypes = {p: np.asarray(contract.inputs[p]).dtype for p in gradients}
    if all(dtype == np.float64 for dtype in dtypes.values()):
        return
    low = [float(np.finfo(d).eps) for d in dtypes.values() if d.kind == "f" and d.itemsize < 8]
    eps = max([_eps(g) for g in given.values()] + low)
    spread = {p: np.zeros(g.shape) for p, g in gradients.items()}
    for _ in range(_LOW_PRECISION_SAMPLES if low else 0):  # where float32 flips a mask, these do
        moved = _moved_backward(contract, rng, dy, _JITTER * eps, gradients)
        spread = {p: np.fmax(s, _distance(moved[p], gradients[p])) for p, s in spread.items()}
    natural = _natural_sizes(contract, rng, dy, gradients)
    smallest = max(float(np.finfo(g.dtype).smallest_subnormal) for g in given.values())
    tolerance = {p: _ROUND_OFF * (eps * natural[p] + smallest) + _JITTER * spread[p] for p in gradients}
    described = ", ".join(f"{contract.names[p]} {dtype}" for p, dtype in dtypes.items())
    contract.compare(
        given, gradients, tolerance, f"backward depends on the dtype of its inputs ({described})"
    )


def _natural_sizes(
    contract: Contract, rng: np.random.Generator, dy: Array, gradients: Gradients
) -> dict[int, float]:
    """Largest entry of each gradient at the point and at inputs that are closer to zero.

    A saturated unit computes its small gradient from terms that are not small, such as 1 - y, and loses their
    round-off; where it does not saturate, the gradient is of the size of these terms.
    """
    sizes = {p: float(np.max(np.abs(g), initial=0.0)) for p, g in gradients.items()}
    for _ in range(_NATURAL_SAMPLES):
        arguments = private_copies(contract.inputs, list(gradients))
        for p in gradients:
            if kind_of(contract.inputs[p]) == "floating":
                arguments[p] = np.asarray(arguments[p] * 10 ** rng.uniform(-2, 0, arguments[p].shape))
        try:
            elsewhere = contract.backward_at(dy, arguments)
        except BrokenContract:
            continue
        sizes = {p: max(s, float(np.max(np.abs(elsewhere[p]), initial=0.0))) for p, s in sizes.items()}
    return sizes


def _moved_backward(
    contract: Contract, rng: np.random.Generator, dy: Array, size: float, gradients: Gradients
) -> Gradients:
    """Gradients where all floats are moved by a part `size`; the given ones where that leaves the domain."""
    arguments = private_copies(contract.inputs, list(gradients))
    for p in gradients:
        if kind_of(contract.inputs[p]) == "floating":
            arguments[p] = _jittered(rng, arguments[p], size)
    try:
        return contract.backward_at(_jittered(rng, dy, size), arguments)
    except BrokenContract:
        return gradients


def _jittered(rng: np.random.Generator, array: Array, size: float) -> Array:
    moves = rng.choice((-1.0, 1.0), array.shape) * rng.uniform(0.5, 1.0, array.shape)
    return np.asarray(array * (1 + size * moves))


def _distance(a: Array, b: Array) -> Array:
    return np.asarray(np.abs(np.subtract(a, b, dtype=np.float64)))


def _eps(array: Array) -> float:
    return float(np.finfo(array.dtype).eps)

"""What an answer may be made of: upstream gradient, value, inputs, right answer, and combinations of them."""

from collections.abc import Callable

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._trial import Trial
from backprop_course.exercises.functions import resolve


def _exp_over_sum(a: Array) -> Array:
    if not a.ndim:  # of one number it is always 1
        return np.full((), np.nan)
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "the sigmoid of {p}": lambda a: 1 / (1 + np.exp(-a)),
    "the softmax of {p}": _exp_over_sum,
    "tanh({p})": np.tanh,
    "exp({p})": np.exp,
}
Made = Callable[[Trial, Leaf], Array | None]  # an array that the answer may be equal to


def is_everywhere(output: OutputEvidence, made: Made) -> bool:
    """Whether every plain answer is what `made` gives; at least one of them with entries that tell."""
    telling = 0
    for asked, leaf in output.plain:
        candidate = made(asked, leaf) if leaf.fits else None
        if candidate is None or candidate.shape != leaf.got.shape or not _same(leaf, candidate):
            return False
        telling += bool(np.any(candidate)) and not leaf.passed and differs(candidate, leaf)
    return telling > 0


def differs(candidate: Array, leaf: Leaf) -> bool:
    """Whether a candidate is another array than the right one: a near miss is like both."""
    scale = 1e-6 * np.abs(leaf.expected).max(initial=0.0)
    return not close(candidate, leaf.expected, scale + leaf.tolerance).all()


def _same(leaf: Leaf, candidate: Array) -> bool:
    return bool(close(leaf.got, candidate, 1e-9 * np.abs(candidate) + leaf.tolerance).all())


def upstream(asked: Trial, leaf: Leaf) -> Array | None:
    """The upstream gradient."""
    if asked.question.exercise.upstream is None:
        return None
    return _stretched(np.asarray(asked.case.inputs[0]), leaf)


def _stretched(a: Array, leaf: Leaf) -> Array | None:
    """The array, with a last axis where one is missing, in the shape of a leaf; None where that can't be."""
    for b in (a, a[..., np.newaxis]):
        if b.ndim <= leaf.expected.ndim:
            try:
                return np.broadcast_to(b, leaf.expected.shape)
            except ValueError:
                continue
    return None


def value(asked: Trial, leaf: Leaf) -> Array | None:
    """What the forward pass gives."""
    exercise = asked.question.exercise
    if exercise.forward is None:
        return None
    inputs = resolve(asked.case.inputs)
    return _stretched(np.asarray(exercise.forward(*(inputs[1:] if exercise.upstream else inputs))), leaf)


def given(position: int) -> Made:
    """An input."""

    def made(asked: Trial, leaf: Leaf) -> Array | None:
        inputs = asked.case.inputs
        a = inputs[position] if position < len(inputs) else None
        is_numbers = isinstance(a, float | int | np.ndarray)
        return _stretched(np.asarray(a, np.float64), leaf) if is_numbers else None

    return made


def product(*factors: Made) -> Made:
    """A product, entry by entry."""

    def made(asked: Trial, leaf: Leaf) -> Array | None:
        arrays = [factor(asked, leaf) for factor in factors]
        return (
            None if any(a is None for a in arrays) else np.prod([a for a in arrays if a is not None], axis=0)
        )

    return made


def right(_: Trial, leaf: Leaf) -> Array:
    """The right answer."""
    return leaf.expected


def changed(change: Callable[[Array], Array], made: Made) -> Made:
    """A function of something."""

    def after(asked: Trial, leaf: Leaf) -> Array | None:
        a = made(asked, leaf)
        return None if a is None else change(a)

    return after


def slope(asked: Trial, leaf: Leaf) -> Array | None:
    """What the upstream gradient is multiplied by in the right answer."""
    dy = upstream(asked, leaf)
    return (
        None if dy is None else np.divide(leaf.expected, dy, out=np.zeros(leaf.expected.shape), where=dy != 0)
    )


def only_where_wrong(made: Made) -> Made:
    """The right answer, but for the entries that are wrong."""

    def patched(asked: Trial, leaf: Leaf) -> Array | None:
        other = made(asked, leaf) if leaf.wrong.any() else leaf.expected
        return None if other is None else np.where(leaf.wrong, other, leaf.expected)

    return patched


def added(one: Made, other: Made, sign: int) -> Made:
    """A sum, or a difference."""

    def made(asked: Trial, leaf: Leaf) -> Array | None:
        a, b = one(asked, leaf), other(asked, leaf)
        return None if a is None or b is None else a + sign * b

    return made

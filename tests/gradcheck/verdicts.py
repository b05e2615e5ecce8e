"""Hard questions for a gradient checker, by kind.

The kinds are those of public bug reports about gradient checkers, named in each group; the functions are our
own. Every case has right gradients and wrong ones. A verdict is wrong where a right gradient is refused or a
wrong one accepted; "cannot be told" is no verdict. `tests.benchmarks.verdicts` asks other checkers the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course import gradcheck, ops

Function = Callable[..., Any]
F32 = np.float32


@dataclass(frozen=True)
class Question:
    """One gradient at one point: ``backward(dy, *inputs)`` is `right` or not, `told` if that can be told."""

    kind: str
    name: str
    forward: Function
    backward: Function
    inputs: tuple[Any, ...]
    right: bool
    told: bool = True


def elementwise(derivative: Function) -> Function:
    """Make the backward pass of an elementwise function of one array."""
    return lambda dy, x: dy * derivative(x)


def both(kind: str, name: str, f: Function, df: Function, x: Any, told: bool = True) -> Iterator[Question]:
    """Ask about the right derivative, and about three wrong ones: a sign, a factor, zero."""
    for right, what, factor in ((True, "", 1.0), (False, ", wrong sign", -1.0), (False, ", half", 0.5)):
        backward = elementwise(lambda x, factor=factor: factor * df(x))
        yield Question(kind, f"{name}{what}", f, backward, (x,), right, told)
    yield Question(kind, f"{name}, zero", f, elementwise(lambda x: 0 * x), (x,), False, told)


def saturated_float32() -> Iterator[Question]:
    """Single precision (pytorch #5351, chainer #3046): a small gradient whose terms are not small."""
    for at in (2.0, 5.0, 8.3, -8.3, 12.0, 16.0):
        x = np.array([at], F32)
        yield from both("float32", f"sigmoid {at:g}", ops.sigmoid, sigmoid_slope, x)
        yield from both("float32", f"tanh {at / 2:g}", np.tanh, lambda x: 1 / np.cosh(x) ** 2, x / 2)
    for lead in (2, 10, 20):
        z = np.array([[lead, 0, 0], [0, lead, 1]], F32)
        for right, factor in ((True, 1.0), (False, -1.0), (False, 0.5)):
            name = f"cross-entropy, lead {lead}, {factor:g} times"
            yield Question("float32", name, loss, lambda dy, z, c=factor: c * dy * loss_slope(z), (z,), right)


def plateaus() -> Iterator[Question]:
    """Round-off hides the slope (scipy #7766, jax-gcm #820)."""
    for lead in (25, 30, 33, 36, 40, 100):
        z = np.array([[lead, 0, 0], [0, lead, 1.0]])
        for right, factor in ((True, 1.0), (False, 0.5), (False, 0.0), (False, -1.0)):
            name = f"cross-entropy, lead {lead}, {factor:g} times"
            backward = lambda dy, z, c=factor: c * dy * loss_slope(z)  # noqa: E731
            yield Question("plateau", name, loss, backward, (z,), right, told=lead < 30)
    for x in (1e-3, 1e-5, 1e-7, 1e-9):
        f = lambda x: np.log(1 + x**2)  # noqa: E731
        yield from both("plateau", f"log(1 + x²) at {x:g}", f, lambda x: 2 * x / (1 + x**2), np.array([x]))
    yield from both(
        "plateau", "1 + 1e-16 x", lambda x: 1 + 1e-16 * x, lambda x: 1e-16, np.array([1.0]), told=False
    )
    yield from both("plateau", "sigmoid at 40", ops.sigmoid, sigmoid_slope, np.array([40.0]), told=False)


def no_slope() -> Iterator[Question]:
    """Jumps and infinite slopes: nothing is right there, and nothing may pass (scipy #12487)."""
    points: dict[str, tuple[Function, float]] = {
        "step at 0": (lambda x: np.heaviside(x, 1), 0.0),
        "sign at 0": (np.sign, 0.0),
        "floor at 2": (np.floor, 2.0),
        "sqrt at 0": (np.sqrt, 0.0),
        "sqrt of |x| at 0": (lambda x: np.sqrt(np.abs(x)), 0.0),
        "cbrt at 0": (np.cbrt, 0.0),
        "x log x at 0": (lambda x: np.where(x > 0, x * np.log(np.where(x > 0, x, 1)), 0), 0.0),
    }
    for name, (f, x) in points.items():
        for slope in (0.0, 1.0, -7.0):
            backward = elementwise(lambda x, s=slope: s + 0 * x)
            yield Question("no slope", f"{name}, {slope:g}", f, backward, (np.array([x]),), False, told=False)
    for name, f, x in (("sign", np.sign, 0.5), ("floor", np.floor, 2.4), ("sign", np.sign, 1e-7)):
        for right, slope in ((True, 0.0), (False, 1.0)):
            backward = elementwise(lambda x, s=slope: s + 0 * x)
            yield Question("no slope", f"{name} at {x:g}, {slope:g}", f, backward, (np.array([x]),), right)


def kinks() -> Iterator[Question]:
    """At a kink every subgradient is right (pytorch #114234, #114233, #114219; jax #29111)."""
    zeros = np.array([0.0, 1.0, -1.0])
    for slope in (0.0, 0.5, 1.0, -0.1, 1.1):
        backward = elementwise(lambda x, s=slope: np.where(x == 0, s, x > 0))
        yield Question("kink", f"relu at 0, {slope:g}", ops.relu, backward, (zeros,), 0 <= slope <= 1)
    for shares in ((1, 0), (0, 1), (0.5, 0.5), (1, 1), (0, 0)):
        backward = lambda dy, z, s=shares: dy[..., None] * np.array(s)  # noqa: E731
        name = f"maximum of a tie, {shares}"
        yield Question("kink", name, ops.row_max, backward, (np.array([[2.0, 2.0]]),), sum(shares) == 1)
    tiny = np.array([[1e-3, 1.3823e-310, 2.1646e-304]])
    for column in (0, 1):
        backward = lambda dy, z, c=column: dy[..., None] * np.eye(3)[c]  # noqa: E731
        name = f"maximum beside subnormal numbers, entry {column}"
        yield Question("kink", name, ops.row_max, backward, (tiny,), column == 0)
    f = lambda x: np.sum(np.abs(x)) ** 4 + np.exp(x[..., 1])  # noqa: E731
    for slope, right in ((0.0, True), (1.0, True), (1.3, False)):
        backward = lambda dy, x, s=slope: dy * np.array([4.0, 4 * s + 1])  # noqa: E731
        yield Question("kink", f"power of a norm, {slope:g}", f, backward, (np.array([1.0, 0.0]),), right)


def near_kinks() -> Iterator[Question]:
    """Beside a kink there is one right answer (tensorflow-fast-rcnn #12, PaddlePaddle #4120)."""
    for distance in (1e-3, 1e-7, 1e-10, 1e-11, 1e-12, 1e-13):
        for side in (1, -1):
            at = side * distance
            for centre in (0.0, 1.0):
                f = lambda x, c=centre: np.maximum(x - c, 0)  # noqa: E731
                for right, mask in ((True, at > 0), (False, at <= 0)):
                    backward = lambda dy, x, m=mask: dy * np.array([m, 1.0])  # noqa: E731
                    name = f"relu(x - {centre:g}) at {at:g}, {float(mask):g}"
                    x = np.array([centre + at, 3.0])
                    yield Question("near a kink", name, f, backward, (x,), right)


def scales() -> Iterator[Question]:
    """Tiny and huge numbers (scipy #7766, jax-gcm #820), subnormal ones, longdouble."""
    for size in (1e-310, 1e-300, 1e-12, 1e-6, 1e6, 1e12, 1e300):
        yield from both("scale", f"3 x at {size:g}", lambda x: 3 * x, lambda x: 3 + 0 * x, np.array([size]))
    for size in (1e-310, 1e-300, 1e-9, 1e9, 1e300):
        f, df = (lambda x, s=size: s * np.sin(x)), (lambda x, s=size: s * np.cos(x))
        yield from both("scale", f"{size:g} sin x", f, df, np.array([0.5, 2.0]))
    x = np.array([1.0, 2.0], np.longdouble)
    yield from both("scale", "x² in longdouble", lambda x: x**2, lambda x: 2 * x, x)
    beside = np.array([np.longdouble(1) + np.longdouble("1e-18")])
    sign = elementwise(lambda x: np.sign(x - 1))
    yield Question("scale", "|x - 1| at a longdouble", lambda x: np.abs(x - 1), sign, (beside,), True)


def one_entry() -> Iterator[Question]:
    """One entry of a thousand is wrong (torch's fast mode looks at one random direction)."""
    x = np.random.default_rng(0).standard_normal(1_000)
    for at in (0, 617, 999):
        for right, factor in ((True, 1.0), (False, 1.001), (False, -1.0), (False, 0.0)):
            scale = np.where(np.arange(1_000) == at, factor, 1.0)
            backward = elementwise(lambda x, s=scale: s * np.cos(x))
            yield Question("one entry", f"sin, entry {at} times {factor:g}", np.sin, backward, (x,), right)


def zeros() -> Iterator[Question]:
    """Inputs of zero, and gradients that are zero with good reason."""
    for x, right_answer in (
        ([0.0, 2.0, 3.0], [6.0, 0.0, 0.0]),
        ([0.0, 0.0, 3.0], [0.0, 0.0, 0.0]),
    ):
        for right, answer in ((True, right_answer), (False, [0, 0, 1e-3]), (False, [-6.0, 0.0, 0.0])):
            backward = lambda dy, x, a=answer: dy * np.array(a)  # noqa: E731
            yield Question("zeros", f"product of {x}, {answer}", np.prod, backward, (np.array(x),), right)
    for name, f in (("x²", np.square), ("x³", lambda x: x**3), ("x |x|", lambda x: x * np.abs(x))):
        for right, slope in ((True, 0.0), (False, 1.0), (False, -1e-3)):
            backward = elementwise(lambda x, s=slope: s + 0 * x)
            yield Question("zeros", f"{name} at 0, {slope:g}", f, backward, (np.zeros(3),), right)
    dead = np.array([-1.0, -2.0, -0.5])
    for right, slope in ((True, 0.0), (False, 1.0), (False, 1e-3)):
        backward = elementwise(lambda x, s=slope: s + 0 * x)
        yield Question("zeros", f"dead relu, {slope:g}", ops.relu, backward, (dead,), right)


def sigmoid_slope(x: Any) -> Any:
    """Slope of the sigmoid, right in both tails."""
    return ops.sigmoid(x) * ops.sigmoid(-x)


_LABELS = np.array([0, 1])


def loss(z: Any) -> Any:
    """Mean cross-entropy of two rows of logits."""
    return ops.softmax_cross_entropy(z, _LABELS)


def loss_slope(z: Any) -> Any:
    """Gradient of `loss`, right where a row is confident: 1 - p is the sum of the other probabilities."""
    p = ops.softmax(z)
    others = np.where(np.arange(3) == _LABELS[:, None], 0, p)
    return np.where(np.arange(3) == _LABELS[:, None], -others.sum(-1, keepdims=True), p) / len(z)


GROUPS = (saturated_float32, plateaus, no_slope, kinks, near_kinks, scales, one_entry, zeros)


def questions() -> list[Question]:
    """All of them."""
    return [question for group in GROUPS for question in group()]


def ours(question: Question) -> str:
    """Verdict of `gradcheck`."""
    return gradcheck(question.forward, question.backward, *question.inputs).verdict


def mistaken(question: Question, verdict: str) -> bool:
    """Whether a verdict is wrong: a right gradient refused, or a wrong one accepted."""
    return verdict == ("wrong" if question.right else "right")

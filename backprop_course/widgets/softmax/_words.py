"""What the softmax explorer says about its numbers, on the page and in Python."""

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets.softmax._state import State

PANELS = ("gradient", "jacobian", "shift")  # those that a notebook may leave out
FUNCTIONS = {  # which panel shows which of the student's functions
    "softmax": "probabilities",
    "softmax_cross_entropy_backward": "gradient",
    "softmax_jacobian": "jacobian",
}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def indexed(letter: str, i: int) -> str:
    """Write a letter with its index: p₀."""
    return f"{letter}{i}".translate(_SUBSCRIPTS)


def listed(values: Array) -> str:
    """Write numbers in a row: "0.659, 0.2424 and 0.0986"."""
    *first, last = (number(float(value)) for value in values)
    return f"{', '.join(first)} and {last}"


def sentences(state: State) -> dict[str, str]:
    """Give the sentence of each panel."""
    return {
        "probabilities": f"The probabilities {listed(state.p)} add up to 1.",
        "gradient": _gradient(state),
        "jacobian": "Each row adds up to 0: adding the same to all logits leaves p as it is. "
        "Each column adds up to 0 too: the probabilities always add up to 1.",
        "shift": _shift(state),
    }


def yours(state: State) -> dict[str, str]:
    """Give the sentence about the student's function in each panel that shows one."""
    return {FUNCTIONS[name]: answer.said for name, answer in state.yours.items()}


def entry(state: State, i: int, j: int) -> str:
    """Say an entry of the Jacobian with its rule and its numbers."""
    p, q = number(float(state.p[i])), number(float(state.p[j]))
    slope = f"∂{indexed('p', i)}/∂{indexed('z', j)}"
    if i == j:
        less = number(float(1 - state.p[i]))
        rule = f"{indexed('p', i)} (1 − {indexed('p', i)}) = {p} × {less}"
    else:
        rule = f"−{indexed('p', i)} {indexed('p', j)} = −{p} × {q}"
    said = f"{slope} = {rule} = {number(float(state.jacobian[i, j]))}"
    answer = state.yours.get("softmax_jacobian")
    if answer is None or answer.values is None:
        return said
    return f"{said}; yours {number(float(answer.values[i, j]))}"


def _gradient(state: State) -> str:
    right, value = indexed("p", state.label), number(float(state.p[state.label]))
    worked = f"−log {value} = " if value != "1" else ""  # rounded to 1, it would read −log 1 = 1.8e−5
    return (
        f"The loss is −log {right} = {worked}{number(state.loss)}. "
        f"Its gradient {listed(state.gradient)} adds up to 0: a step of descent raises "
        f"{indexed('z', state.label)} by as much as it lowers all other logits together."
    )


def _shift(state: State) -> str:
    c = number(state.shift)
    stable = "The softmax subtracts the largest logit first and stays as it was."
    if np.isinf(state.exponentials).any():
        return f"c = {c}: an exponential overflows to inf, and inf / inf is nan. {stable}"
    if not state.exponentials.any():
        return f"c = {c}: every exponential underflows to 0, and 0 / 0 is nan. {stable}"
    if not np.allclose(state.unshifted, state.p, rtol=1e-6, atol=0):
        return f"c = {c}: the exponentials are too small for a float to keep their digits. {stable}"
    return f"c = {c}: every exponential fits a float, so the formula as it stands gives the same p."

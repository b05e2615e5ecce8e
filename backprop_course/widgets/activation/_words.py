"""What the activation explorer says about an activation, in Python and in the browser alike."""

from backprop_course.numbers import show as number
from backprop_course.widgets.activation._slopes import FAR, SATURATED


def value_words(z: float, y: float) -> str:
    """Say what the activation returns."""
    return f"y = {number(y)} at z = {number(z)}"


def slope_words(left: float, right: float) -> str:
    """Say the slope, or what stands in its place at a kink."""
    if left == right:
        return number(left)
    return f"{number(left)} from the left, {number(right)} from the right; any slope between is right"


def gradient_words(dy: float, left: float, right: float) -> str:
    """Say how the upstream gradient and the slope make dz."""
    if left == right:
        factor = f"({number(left)})" if left < 0 else number(left)
        return f"{number(dy)} · {factor} = {number(dy * left)}"
    return f"anything {between(*sorted([dy * left, dy * right]))}"


def between(low: float, high: float) -> str:
    """Say one number, or a range."""
    return number(low) if low == high else f"from {number(low)} to {number(high)}"


def saturated_head(largest: float) -> str:
    """Say what counts as saturated."""
    return f"Saturated, slope below {100 * SATURATED:g} % of the largest, {number(largest)}"


def saturated_words(stretches: list[tuple[float, float]]) -> str:
    """Say where the activation is saturated."""
    return " and ".join(f"for {_stretch(*ends)}" for ends in stretches) or "nowhere"


def _stretch(low: float, high: float) -> str:
    if low == -FAR:
        return "every z" if high == FAR else f"z < {number(high)}"
    return f"z > {number(low)}" if high == FAR else f"z from {number(low)} to {number(high)}"

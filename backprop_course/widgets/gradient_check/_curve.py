"""How far the central difference is from an answer, over its step: on log axes, a V above the right one."""

from typing import Any

import numpy as np

from backprop_course.checking import Leaf, OneEntry
from backprop_course.numbers import show as number
from backprop_course.numerical import central_difference
from backprop_course.widgets.gradient_check._cases import CheckedCase, Index
from backprop_course.widgets.gradient_check._matrix import entry_name

STEPS = np.logspace(-15, 0, 46)
REACHED = 1e-3  # of the gradient's size: a central difference that never comes so close meets a kink


def curve_of(case: CheckedCase, leaf: Leaf, index: Index) -> dict[str, Any]:
    """Compute both distances, for every step, and say what they show.

    ``h``, ``truth`` and ``yours`` are lists of one length, or empty where there is no such curve. A distance
    of 0 is lifted a little, as it has no logarithm. ``whose`` names the value that is checked, ``says`` gives
    the least distances in words, and ``sentence`` what to see, or why there is nothing.
    """
    nothing: dict[str, Any] = {"name": "", "h": [], "truth": [], "yours": []}
    if leaf.got.shape != leaf.expected.shape:
        return nothing | {"sentence": "Mend the shape first: then every entry has a slope to compare with."}
    found = case.follow(leaf, index)
    if isinstance(found, str):
        return nothing | {"sentence": found}
    slopes = np.array([_slope(found, h) for h in STEPS])
    yours, expected = float(leaf.got[index]), float(leaf.expected[index])
    size = max(abs(v) for v in (yours, expected) if np.isfinite(v)) or 1.0
    truth, off = abs(slopes - expected), abs(slopes - yours)
    here = STEPS[np.isfinite(truth)]
    if not here.size:
        return nothing | {"sentence": "The function is not finite on both sides of this entry."}
    best = int(np.flatnonzero(truth == np.nanmin(truth))[-1])  # the largest of equally good steps
    least = f"{_written(truth[best])} at h = {STEPS[best]:.1g}"
    right = not leaf.wrong[index] or case.passed
    whose = "yours" if case.yours else "the given value"
    return {
        "name": entry_name(leaf.name, index),
        "h": STEPS.tolist(),
        "truth": _lifted(truth, size),
        "yours": _lifted(off, size) if np.isfinite(yours) else [],
        "whose": whose,
        "says": {"truth": f"{least}, the least", "yours": f"{_written(off[best])} at the same h"},
        "sentence": _sentence(best, truth[best] / size, truth[best], off[best], right, whose),
    }


def _slope(along: OneEntry, h: float) -> float:
    """Central difference; nan where the function is not finite on both sides."""
    try:
        with np.errstate(all="ignore"):
            return central_difference(along.change, along.at, h)
    except (ArithmeticError, ValueError):  # outside the domain
        return np.nan


def _lifted(distance: np.ndarray[Any, Any], size: float) -> list[float | None]:
    return [float(max(d, 1e-17 * size)) if np.isfinite(d) else None for d in distance]


def _written(distance: float) -> str:
    return "exactly 0" if distance == 0 else number(float(distance))


def _sentence(best: int, reached: float, least: float, off: float, right: bool, whose: str) -> str:
    """Say what the curves show, from both distances at the best step, `reached` in units of the gradient."""
    if reached > REACHED:
        mean = "a central difference across it is the mean of two slopes, and settles at neither value"
        return f"The function has a kink here: {mean}."
    away = f"is {_written(least)} away from" if least else "meets"
    step = f"At its best step, h = {STEPS[best]:.1g}, the central difference {away}"
    if right:
        return f"{whose.capitalize()} is right. {step} it, and the two curves differ by round-off at most."
    if not np.isfinite(off):
        return f"{step} the expected value."
    keeps = "A wrong value keeps its distance, however good the step."
    return f"{step} the expected value, and is {_written(off)} away from {whose}. {keeps}"

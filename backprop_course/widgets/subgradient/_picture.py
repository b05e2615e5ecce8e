"""What the browser needs to draw a graph and judge lines on it: plain lists, computed once."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backprop_course.widgets._evaluate import Array, CannotShowError, call, name_of, numbers, sample
from backprop_course.widgets._lines import Line, winners
from backprop_course.widgets.subgradient._supporting_lines import (
    central_differences,
    one_sided_slopes,
    subgradient_intervals,
)

H = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # steps of the central difference


def finite(name: str, value: float) -> float:
    """Check one number among the arguments."""
    if not isinstance(value, (int, float, np.integer, np.floating)) or not np.isfinite(value):
        raise ValueError(f"{name} = {value!r}; expected a finite number")
    return float(value)


def checked_lines(f: object, lines: Sequence[Line] | None) -> list[Line]:
    """Check that there is either a function or a list of (slope, intercept)."""
    if (f is None) == (lines is None):
        raise TypeError("expected a function f or lines=[(slope, intercept), ...], and not both")
    if f is not None and not callable(f):
        raise TypeError(f"f is {f!r}; expected a function of one number, such as relu (without parentheses)")
    if lines is None:
        return []
    pairs = np.array(lines, dtype=float)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.isfinite(pairs).all():
        raise ValueError(f"lines = {lines!r}; expected pairs of finite numbers, [(slope, intercept), ...]")
    return [(slope, intercept) for slope, intercept in pairs.tolist()]


def checked_span(span: tuple[float, float] | None, at: float, kinks: Array) -> tuple[float, float]:
    """Check, or choose, which x the picture shows."""
    if span is None:
        reach = max([3.0, *(1.25 * np.abs(kinks - at))])
        return at - reach, at + reach
    low, high = (finite("span", end) for end in span)
    if not low < at < high:
        raise ValueError(f"span = ({low:g}, {high:g}) does not hold at = {at:g}; expected from < at < to")
    return low, high


def samples_of(
    f: Callable[[Any], Any], x: Array, lines: list[Line], backward: Callable[[Any, Any], Any] | None
) -> dict[str, Any]:
    """Sample graph, slopes, subgradients and the student's backward function; no entry at the rim has slopes.

    Raises
    ------
    CannotShowError
        When `f` has no finite value somewhere.
    """
    y = sample(f, x)
    left, right = _line_slopes(lines, x, y) if lines else one_sided_slopes(f, x[1:-1], np.diff(x).min() / 512)
    tolerance = 1e-6 * float(np.abs(np.diff(y) / np.diff(x)).max() or 1.0)
    low, high = subgradient_intervals(x, y, left, right, tolerance)
    width = x[-1] - x[0]
    steps = [h for h in H if h <= width / 2]
    yours, yours_problem = _student_slopes(backward, x)
    return {
        "name": f"max of {len(lines)} lines" if lines else name_of(f),
        "x": x.tolist(),
        "y": y.tolist(),
        "left": _within_rim(left),
        "right": _within_rim(right),
        "low": _within_rim(low),
        "high": _within_rim(high),
        "tolerance": tolerance,
        "lines": lines,
        "steps": steps,
        "central": [_plain(central_differences(f, x, h)) for h in steps],
        "yours": yours,
        "yours_name": name_of(backward, "backward") if backward else "",
        "yours_problem": yours_problem,
    }


def with_step(samples: dict[str, Any], f: Callable[[Any], Any], h: float) -> dict[str, Any]:
    """Add the central differences of one more step."""
    column = _plain(central_differences(f, np.array(samples["x"]), h))
    columns = sorted([*zip(samples["steps"], samples["central"], strict=True), (h, column)])
    return samples | {"steps": [step for step, _ in columns], "central": [values for _, values in columns]}


def _line_slopes(lines: list[Line], x: Array, y: Array) -> tuple[Array, Array]:
    """Flattest and steepest of the lines that share the maximum, at every interior sample."""
    active = [[lines[k][0] for k in winners(lines, *point)] for point in zip(x[1:-1], y[1:-1], strict=True)]
    return np.array([min(slopes) for slopes in active]), np.array([max(slopes) for slopes in active])


def _student_slopes(backward: Callable[[Any, Any], Any] | None, x: Array) -> tuple[list[float], str]:
    """Run the student's backward function with an upstream gradient of ones."""
    if backward is None:
        return [], ""
    name = name_of(backward, "backward")
    try:
        returned = call(backward, np.ones_like(x), x.copy())
        slopes = numbers(returned)
    except CannotShowError as reason:
        return [], str(reason)
    except (TypeError, ValueError):
        return [], f"{name} returned {returned!r}; expected an array of numbers shaped like z."
    if slopes.shape != x.shape:
        return [], f"{name} returned shape {slopes.shape}; expected that of z, {x.shape}."
    if not np.isfinite(slopes).all():
        first = int(np.argmin(np.isfinite(slopes)))
        return [], f"{name} returned {slopes[first]} at z = {x[first]:.4g}; expected finite numbers."
    return slopes.tolist(), ""


def _within_rim(values: Array) -> list[float | None]:
    return [None, *_plain(values), None]


def _plain(values: Array) -> list[float | None]:
    """Turn nan into None, which JSON knows."""
    return [None if np.isnan(value) else value for value in values.tolist()]

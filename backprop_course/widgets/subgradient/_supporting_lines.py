r"""The mathematics behind the subgradient explorer, on sampled graphs of scalar functions.

A line of slope v through :math:`(x_0, f(x_0))` supports the graph when :math:`f(x) \ge f(x_0) + v (x - x_0)`
for every x; v is then a subgradient of f at :math:`x_0` (Z. Cui, *Forward and Backward Propagation*, 2025).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_course.widgets._evaluate import Array, sample


def one_sided_slopes(f: Callable[[Any], Any], x: Array, step: float) -> tuple[Array, Array]:
    r"""Estimate the slopes from the left and from the right at every entry of `x`.

    Difference quotients q at `step` and half of it, extrapolated: :math:`2 q(h/2) - q(h)`, which is exact for
    a straight piece and off by :math:`h^2 f'''/12` for a smooth one. Digits below that error are dropped, and
    where both sides then agree to 1e-7 of the steepest slope the function counts as smooth.
    """
    y = sample(f, x)

    def quotient(h: float) -> Array:
        return (sample(f, x + h) - y) / h

    left, right = (2 * quotient(h / 2) - quotient(h) for h in (-step, step))
    steepest = max(np.abs(left).max(), np.abs(right).max(), np.finfo(float).tiny)
    decimals = 10 - int(np.ceil(np.log10(steepest)))
    smooth = np.abs(right - left) <= 1e-7 * steepest
    middle = (left + right) / 2
    return _rounded(np.where(smooth, middle, left), decimals), _rounded(
        np.where(smooth, middle, right), decimals
    )


def _rounded(values: Array, decimals: int) -> Array:
    return np.asarray(np.round(values, decimals) + 0.0)  # the sum turns −0 into 0


def subgradient_intervals(
    x: Array, y: Array, left: Array, right: Array, tolerance: float
) -> tuple[Array, Array]:
    """Find the smallest and the largest subgradient at every interior point of a sampled graph.

    No chord to a sample on the left may be steeper than the line, none to a sample on the right flatter.
    For a convex function that leaves ``[left, right]``. Both ends are nan where no line supports the graph.

    Parameters
    ----------
    x, y : ndarray, shape (N,)
        The samples, in order of x.
    left, right : ndarray, shape (N - 2,)
        One-sided slopes at ``x[1:-1]``.
    tolerance : float
        Chords that miss a one-sided slope by no more count as equal to it.
    """
    run = x[None, :] - x[1:-1, None]
    slope = np.divide(y[None, :] - y[1:-1, None], run, out=np.zeros_like(run), where=run != 0)
    steepest_left = np.where(run < 0, slope, -np.inf).max(axis=1)
    flattest_right = np.where(run > 0, slope, np.inf).min(axis=1)
    low = np.where(steepest_left > left + tolerance, steepest_left, left)
    high = np.where(flattest_right < right - tolerance, flattest_right, right)
    none = low > high + tolerance
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def central_differences(f: Callable[[Any], Any], x: Array, h: float) -> Array:
    """Evaluate (f(x + h) − f(x − h)) / 2h at every entry of `x`, nan where a step leaves the range of `x`."""
    inside = (x - h >= x[0]) & (x + h <= x[-1])
    result = np.full(x.shape, np.nan)
    if inside.any():
        result[inside] = (sample(f, x[inside] + h) - sample(f, x[inside] - h)) / (2 * h)
    return result


def stretches_above(x: Array, y: Array, x0: float, slope: float) -> list[tuple[float, float]]:
    """Find where the line of `slope` through the sample at `x0` runs above the graph, as intervals of x."""
    gap = y[np.argmin(np.abs(x - x0))] + slope * (x - x0) - y
    above = gap > 1e-9 * max(1.0, np.ptp(y))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], above, [0]))))
    return [
        (_crossing(x, gap, first, first - 1), _crossing(x, gap, end - 1, end))
        for first, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def _crossing(x: Array, gap: Array, inside: int, outside: int) -> float:
    """Where the gap vanishes between two neighbouring samples; the inner one at the rim of the picture."""
    if not 0 <= outside < len(x):
        return float(x[inside])
    share = gap[inside] / (gap[inside] - min(gap[outside], 0.0))
    return float(x[inside] + share * (x[outside] - x[inside]))

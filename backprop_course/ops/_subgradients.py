"""Subgradients of convex functions (Z. Cui, *Forward and Backward Propagation*, 2025)."""

from collections.abc import Callable

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_floats, as_function

__all__ = ["is_subgradient"]


def is_subgradient(v: ArrayLike, f: Callable[[Array], float], x0: ArrayLike, points: ArrayLike) -> bool:
    r"""Whether :math:`f(x) - f(x_0) \ge v^T (x - x_0)` at every one of `points`.

    The plane of slope `v` through :math:`(x_0, f(x_0))` must stay under the graph. For a convex `f` and all
    x this is the definition of a subgradient; on finitely many points ``False`` is a proof, ``True`` is not.

    Parameters
    ----------
    v : array_like, shape (D,)
        Candidate.
    f : callable
        Takes an array of shape (D,), returns a number.
    x0 : array_like, shape (D,)
        Where the plane touches the graph.
    points : array_like, shape (P, D)
        Where to compare, one point a row.

    Returns
    -------
    bool
        With a tolerance of a few units of round-off of the terms compared.
    """
    v, x0, points = as_floats("D, D, P D", v=v, x0=x0, points=points)
    as_function("f", f)
    value = float(f(x0))
    rise = np.array([float(f(x)) for x in points]) - value
    run = (points - x0) @ v
    roundoff = 64 * np.finfo(run.dtype).eps * (abs(value) + np.abs(rise) + np.abs(points - x0) @ np.abs(v))
    return bool(np.all(rise >= run - roundoff))

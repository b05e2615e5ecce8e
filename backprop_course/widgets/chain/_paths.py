"""Several functions side by side: along each path slopes multiply, and where the paths meet they add."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from backprop_course.numbers import show as number
from backprop_course.numerical import numerical_gradient
from backprop_course.widgets._evaluate import Array, answer, name_of
from backprop_course.widgets.chain._picture import Row, Travel, product, ratio, rule_row, value_row
from backprop_course.widgets.chain._stages import (
    Formula,
    Function,
    Move,
    Stage,
    checked,
    checked_names,
    derivatives_of,
    formula,
    stage,
    subscripted,
    value,
)


class Paths:
    r"""A function of several paths, :math:`y = f(g_1(x), \dots, g_M(x))`, and what each contributes to Δy."""

    whole = "the sum over the paths"
    last = 3  # the push reaches the end of the inner functions, then y along each path, then y as a whole

    def __init__(
        self,
        paths: object,
        outer: object,
        derivatives: object,
        f_partials: object,
        names: Sequence[str] | None,
    ) -> None:
        self._inner = checked("paths", paths)
        (self._outer,) = checked("outer", [outer])
        self._derivatives = derivatives_of(self._inner, derivatives)
        self._partials: Function = partial(numerical_gradient, self._outer)
        if f_partials is not None:
            (self._partials,) = checked("f_partials", [f_partials])
        self._measured = derivatives is None, f_partials is None
        *inner, outer_name = checked_names(names, len(self._inner) + 1)
        self._names = list(self._formulas(inner))
        joined = ", ".join(name.variable for name in self._names)
        self._name = formula(outer_name, "y", f"{name_of(self._outer)}({joined})")

    def _formulas(self, names: Sequence[str | None]) -> Iterator[Formula]:
        for m, (g, given) in enumerate(zip(self._inner, names, strict=True), 1):
            yield formula(given, subscripted("z", m), f"{name_of(g, subscripted('g', m))}(x)")

    def arguments(self, x: float) -> tuple[Function, list[Function], list[Function], float]:
        """Give what a student's ``distributed_derivative`` takes, in lists of its own."""
        return self._partials, list(self._inner), list(self._derivatives), x

    def push(self, x: float, dx: float) -> Travel:
        """Send Δx along every path, and to where they meet."""
        functions = zip(self._inner, self._derivatives, self._names, strict=True)
        stages = [stage(g, dg, "x", name, Move(x, x + dx)) for g, dg, name in functions]
        z, moved = (np.array([getattr(s.leaves, when) for s in stages]) for when in ("before", "after"))
        partials = answer(self._partials, z.copy(), shape=z.shape)
        y = Move(self._y(z), self._y(moved))
        rows = [value_row(0, "x", Move(x, x + dx))]
        for m, each in enumerate(stages):
            alone = Move(y.before, self._y(np.where(np.arange(len(z)) == m, moved, z)))
            rows += self._path(each, alone, float(partials[m]), dx, self._place(z))
        slopes = [float(p) * each.slope for p, each in zip(partials, stages, strict=True)]
        terms = [product(float(p), each.slope) for p, each in zip(partials, stages, strict=True)]
        rows += self._meeting(y, dx, slopes, terms)
        return Travel(rows, self._name.variable, y, sum(slopes), terms)

    def _y(self, z: Array) -> float:
        return value(self._outer, self._name, "z", z.copy())

    def _place(self, z: Array) -> str:
        """Say where the partial derivatives are taken: at the values that stand in the rows of the paths."""
        at = ", ".join(map(number, z))
        place = f"at ({at})" if len(z) > 1 else f"at {self._names[0].variable} = {at}"
        return f"{place}, measured" if self._measured[1] else place

    def _path(self, each: Stage, alone: Move, slope: float, dx: float, place: str) -> Iterator[Row]:
        """Give the rows of one path: its own number, and how y moves where that number alone moves."""
        y, z = self._name.variable, each.formula.variable
        yield rule_row(1, each, self._measured[0], path=True)
        yield value_row(1, z, each.leaves, [each.slope * dx], path=True)
        yield {
            "kind": "rule",
            "step": 2,
            "name": f"{y}, when {z} alone moves",
            "ratio": ratio(y, z, alone, each.leaves),
            "slope": f"∂{y}/∂{z} = {number(slope)}, {place}",
            "path": True,
        }
        yield value_row(2, y, alone, [slope * each.slope * dx], path=True)

    def _meeting(self, y: Move, dx: float, slopes: list[float], terms: list[str]) -> Iterator[Row]:
        """Give the rows where the paths meet; their contributions lie head to tail."""
        name = self._name.variable
        yield {
            "kind": "rule",
            "step": 3,
            "name": f"{self._name.written}, all paths",
            "ratio": ratio(name, "x", y, Move(0.0, dx)),
            "slope": f"d{name}/dx = {' + '.join(terms)} = {number(sum(slopes))}",
        }
        yield value_row(3, name, y, [slope * dx for slope in slopes])

"""One function after another: on a single path, the slopes multiply."""

from collections.abc import Iterator, Sequence

import numpy as np

from backprop_course.widgets._evaluate import name_of
from backprop_course.widgets.chain._picture import Travel, product, rule_row, value_row
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
)


class Chain:
    r"""A composition :math:`y = f_n(\dots f_1(x))`: :math:`\Delta y \approx f_n' \cdots f_1' \, \Delta x`."""

    whole = "the product of the slopes"

    def __init__(self, functions: object, derivatives: object, names: Sequence[str] | None) -> None:
        self._functions = checked("functions", functions)
        self._derivatives = derivatives_of(self._functions, derivatives)
        self._measured = derivatives is None
        self._names = list(self._formulas(checked_names(names, len(self._functions))))
        self.last = len(self._functions)

    def _formulas(self, names: Sequence[str | None]) -> Iterator[Formula]:
        source = "x"
        for k, (f, given) in enumerate(zip(self._functions, names, strict=True), 1):
            variable = "y" if k == len(self._functions) else subscripted("y", k)
            name = formula(given, variable, f"{name_of(f, subscripted('f', k))}({source})")
            source = name.variable
            yield name

    def arguments(self, x: float) -> tuple[list[Function], list[Function], float]:
        """Give what a student's ``chain_derivative`` takes, in lists of its own."""
        return list(self._functions), list(self._derivatives), x

    def push(self, x: float, dx: float) -> Travel:
        """Send Δx through every stage."""
        stages = self._stages(Move(x, x + dx))
        slopes = [each.slope for each in stages]
        rows = [value_row(0, "x", Move(x, x + dx))]
        for k, (each, forecast) in enumerate(zip(stages, dx * np.cumprod(slopes), strict=True), 1):
            rows.append(rule_row(k, each, self._measured))
            rows.append(value_row(k, each.formula.variable, each.leaves, [float(forecast)]))
        output = stages[-1].formula.variable
        return Travel(rows, output, stages[-1].leaves, float(np.prod(slopes)), [product(*slopes)])

    def _stages(self, move: Move) -> list[Stage]:
        stages: list[Stage] = []
        source = "x"
        for f, derivative, name in zip(self._functions, self._derivatives, self._names, strict=True):
            stages.append(stage(f, derivative, source, name, move))
            source, move = name.variable, stages[-1].leaves
        return stages

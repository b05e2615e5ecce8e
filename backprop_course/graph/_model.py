"""The model of a computational graph: named scalar nodes with values, derivatives and gradients."""

from __future__ import annotations

import math
import re
from typing import Self

from backprop_course.graph._backpropagation import backpropagate
from backprop_course.graph._edges import Edge
from backprop_course.graph._formulas import read_formulas
from backprop_course.graph._operations import Function, Operation
from backprop_course.numbers import count, show

# Parentheses around a negative number that stands first in a sum, or alone as the argument of a function.
_NEEDLESS = re.compile(r"(?:^|(?<=\()|(?<=, ))\((−[^()]*)\)(?=,|\)|$| [+−])")


class Model:
    """Nodes, values and gradients of a graph; `Graph` adds the views and says how to use it."""

    def __init__(self) -> None:
        self._inputs: dict[str, float] = {}
        self._operations: dict[str, Operation] = {}
        self._arguments: dict[str, tuple[str, ...]] = {}  # of every node, in the order they were added
        self._overrides: dict[tuple[str, str], float] = {}

    @classmethod
    def from_formulas(cls, formulas: str) -> Self:
        """Build a graph from lines such as ``x = 4``, an input, and ``b = 1 + exp(x)``.

        Formulas know ``+ - * /``, ``**`` with a number as exponent, and the functions of `OPERATIONS`. A step
        without a name of its own becomes a node v1, v2, …; a step that occurs twice becomes one node, used
        twice. A number inside a formula is part of its operation, not a node.

        Raises
        ------
        ValueError
            If a line is not a formula, or uses a node that no earlier line defines.
        """
        graph = cls()
        for name, step in read_formulas(formulas):
            if isinstance(step, float):
                graph.input(name, step)
            else:
                operation, arguments = step
                graph.node(name, operation, *arguments)
        return graph

    def input(self, name: str, value: float) -> str:
        """Add an input and return its name."""
        self._check_new(name)
        self._inputs[name] = _finite(value, f"input {name!r}")
        self._arguments[name] = ()
        return name

    def node(self, name: str, operation: Operation, *arguments: str) -> str:
        """Add a node that applies an operation to earlier nodes, and return its name."""
        self._check_new(name)
        for argument in arguments:
            if argument not in self._arguments:
                raise ValueError(
                    f"node {name!r} uses {argument!r}, which does not exist yet: have {list(self._arguments)}"
                )
        if len(arguments) != len(operation.derivatives):
            expected = count(len(operation.derivatives), "input")
            raise ValueError(f"node {name!r}: {operation.name} takes {expected}, got {len(arguments)}")
        self._operations[name] = operation
        self._arguments[name] = arguments
        return name

    def copy(self) -> Self:
        """Return a graph of the same nodes whose inputs and overrides can be changed on their own."""
        other = type(self)()
        for name, mine in vars(self).items():
            setattr(other, name, dict(mine))
        return other

    def set_input(self, name: str, value: float) -> None:
        """Give an input another value."""
        if name not in self._inputs:
            raise ValueError(f"{name!r} is not an input: expected one of {list(self._inputs)}")
        self._inputs[name] = _finite(value, f"input {name!r}")

    def override(self, child: str, parent: str, local_derivative: float) -> None:
        """Put a number in the place of the local derivative ∂child/∂parent, to see what it changes."""
        if parent not in self._arguments.get(child, ()):
            edges = ", ".join(f"{c} ← {p}" for c, its_parents in self.parents.items() for p in its_parents)
            raise ValueError(f"{parent!r} is no parent of {child!r}: expected one of {edges}")
        self._overrides[child, parent] = _finite(
            local_derivative, f"local derivative {child!r} by {parent!r}"
        )

    def clear_overrides(self) -> None:
        """Go back to the computed local derivatives."""
        self._overrides.clear()

    @property
    def inputs(self) -> dict[str, float]:
        """The value of each input."""
        return dict(self._inputs)

    @property
    def overrides(self) -> dict[tuple[str, str], float]:
        """The local derivatives ∂child/∂parent that were set by hand, by (child, parent)."""
        return dict(self._overrides)

    @property
    def parents(self) -> dict[str, list[str]]:
        """The parents of each node, each parent once, in an order in which the nodes can be computed."""
        return {name: list(dict.fromkeys(arguments)) for name, arguments in self._arguments.items()}

    @property
    def values(self) -> dict[str, float]:
        """The value of each node: the forward pass."""
        values: dict[str, float] = {}
        for name in self._arguments:
            if name in self._inputs:
                values[name] = self._inputs[name]
            else:
                values[name] = self._apply(self._operations[name].function, name, values)
        return values

    @property
    def computed_derivatives(self) -> dict[tuple[str, str], float]:
        """∂child/∂parent of each edge by the rules; a parent that is used twice contributes twice."""
        values = self.values
        computed: dict[tuple[str, str], float] = {}
        for child, operation in self._operations.items():
            for parent, derivative in zip(self._arguments[child], operation.derivatives, strict=True):
                local = self._apply(derivative, child, values)
                computed[child, parent] = computed.get((child, parent), 0.0) + local
        return computed

    @property
    def local_derivatives(self) -> dict[tuple[str, str], float]:
        """∂child/∂parent of each edge, by (child, parent), with the overrides."""
        return self.computed_derivatives | self._overrides

    def gradients(self, output: str | None = None) -> dict[str, float]:
        """Return {node: d output / d node}: the backward pass."""
        return backpropagate(self.parents, self.local_derivatives, self._output(output))

    def edges(self, output: str | None = None) -> list[Edge]:
        """Return all edges with what the backward pass sends along them, parents before children."""
        local, gradients = self.local_derivatives, self.gradients(output)
        return [
            Edge(
                parent=parent,
                child=child,
                rule=self.rule(child, parent),
                computed=computed,
                local=local[child, parent],
                upstream=gradients[child],
                downstream=gradients[child] * local[child, parent],
            )
            for (child, parent), computed in self.computed_derivatives.items()
        ]

    def formula(self, name: str) -> str:
        """Return what a node computes, in terms of its parents; an input is its own name."""
        return (
            self._operations[name].text.format(*self._arguments[name]) if name in self._operations else name
        )

    def substituted(self, name: str) -> str:
        """Return what a node computes, with numbers in place of its parents: ``"3·(−4)"``."""
        if name not in self._operations:
            return show(self._inputs[name])
        numbers = [show(self.values[argument]) for argument in self._arguments[name]]
        text = self._operations[name].text.format(*(f"({n})" if n[0] == "−" else n for n in numbers))
        return _NEEDLESS.sub(r"\1", text)

    def rule(self, child: str, parent: str) -> str:
        """Return the formula for ∂child/∂parent, in terms of the child's parents."""
        rules = zip(self._arguments[child], self._operations[child].rules, strict=True)
        names = self._arguments[child]
        return " + ".join(rule.format(*names) for argument, rule in rules if argument == parent)

    def backward_order(self, output: str | None = None) -> list[str]:
        """Return the output and every node from which a path leads to it, children before parents."""
        reaching = {self._output(output)}
        for name in reversed(self._arguments):
            if name in reaching:
                reaching.update(self._arguments[name])
        return [name for name in reversed(self._arguments) if name in reaching]

    def __repr__(self) -> str:
        steps = [f"{name} = {self.formula(name)}" for name in self._operations]
        return f"<Graph of {', '.join(self._inputs)}: {'; '.join(steps)}>"

    def _check_new(self, name: str) -> None:
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"a node needs a name, got {name!r}")
        if name in self._arguments:
            raise ValueError(
                f"the graph has a node {name!r} already; use another name, or set_input for an input"
            )

    def _output(self, output: str | None) -> str:
        if not self._arguments:
            raise ValueError("the graph has no nodes yet; add one with input() and node()")
        if output is not None and output not in self._arguments:
            raise ValueError(f"{output!r} is not a node: expected one of {list(self._arguments)}")
        return next(reversed(self._arguments)) if output is None else output

    def _apply(self, function: Function, name: str, values: dict[str, float]) -> float:
        """Evaluate a function of a node's inputs, and say where if it has no value there."""
        arguments = {argument: values[argument] for argument in self._arguments[name]}
        reason = "the result is not finite"
        at = ", ".join(f"{argument} = {value:g}" for argument, value in arguments.items())
        try:
            result = float(function(*(values[argument] for argument in self._arguments[name])))
        except OverflowError:  # in Python's words a "math range error"
            result, reason = math.nan, "the result is too large, beyond 1.8e308"
        except (ArithmeticError, ValueError) as error:
            result, reason = math.nan, str(error)
        except Exception as error:
            error.add_note(f"in the node {name} = {self.formula(name)} at {at}")
            raise
        if not math.isfinite(result):
            raise ValueError(
                f"{name} = {self.formula(name)} cannot be computed or differentiated at {at}: {reason}"
            )
        return result


def _finite(value: float, what: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{what} must be a finite number, got {value!r}")
    return number

"""Graph explorer: step through the forward and the backward pass of a computational graph."""

from typing import Any

import traitlets as t

from backprop_course.graph import Graph
from backprop_course.numbers import show
from backprop_course.widgets._base import CourseWidget, browser_module, stylesheet, within
from backprop_course.widgets._chart import notice
from backprop_course.widgets.graph._picture import picture_of
from backprop_course.widgets.graph._run import Run, both_passes, broken
from backprop_course.widgets.graph._state import state_of


class GraphExplorer(CourseWidget):
    """Step through both passes of a graph: first values, then gradients, edge by edge.

    Each step of the backward pass spells out upstream × local = downstream and fills in a row of the table.
    Inputs have sliders. A click on a local derivative puts another number in its place, and marks every
    gradient that is wrong because of it. Steps are taken in the browser.

    The explorer works on a copy: the graph that it was given stays as it is. `graph` is the copy, at the
    inputs and with the local derivatives of the picture.

    Parameters
    ----------
    graph : Graph or str
        The graph, or its formulas: ``"x = -2; y = 5; z = -4; q = x + y; f = q * z"``.
    output : str, optional
        The node to differentiate. Default: the node that was added last.

    Attributes
    ----------
    inputs : dict of str to float
        The value of each input; those left out when it is set stay as they are.
    overrides : list of dict
        Local derivatives set by hand, each with ``child``, ``parent`` and ``value``.
    step : int
        The step on the picture: 0 before the first, `last` when both passes are done.
    problem : str
        Why there are no numbers: the formulas are no graph, a node has no value at these inputs, or the
        function of a node raises. Empty otherwise.

    Raises
    ------
    TypeError, ValueError
        When `graph` is neither a graph nor a text, has no node, or has no node `output`.

    References
    ----------
    P. Arias Martínez, *T4: Backpropagation algorithm*, Master in Computer Vision Barcelona, 2022.

    Examples
    --------
    >>> explorer = GraphExplorer("x = -2; y = 5; z = -4; q = x + y; f = q * z")
    >>> explorer
    GraphExplorer: f = −12 at x = −2, y = 5, z = −4. df/dx = −4, df/dy = −4, df/dz = 3.
    >>> explorer.inputs = {"z": 10}
    >>> explorer.graph.gradients()["x"]
    10.0
    """

    _esm = browser_module("graph")
    _css = stylesheet("graph")

    picture = t.Dict(help="Boxes, edges and places of numbers.").tag(sync=True)
    run = t.Dict(help="What each step shows and says.").tag(sync=True)
    inputs = t.Dict(value_trait=t.Float(), key_trait=t.Unicode()).tag(sync=True)
    overrides = t.List(t.Dict()).tag(sync=True)
    step = t.Int(0, min=0).tag(sync=True)

    def __init__(self, graph: Graph | str, output: str | None = None) -> None:
        if not isinstance(graph, Graph | str):
            raise TypeError(
                f"graph is {graph!r}; expected a backprop_course.graph.Graph, or its formulas as a text, "
                "such as 'x = 2; y = x**2'"
            )
        super().__init__()
        try:
            self.graph = Graph.from_formulas(graph) if isinstance(graph, str) else graph.copy()
        except ValueError as error:
            self.graph, self.problem = Graph(), f"This is no graph: {error}."
            return
        self.output = self.graph.backward_order(output)[0]
        self.picture = picture_of(self.graph)
        by_hand = [{"child": c, "parent": p, "value": v} for (c, p), v in self.graph.overrides.items()]
        self.set_trait("overrides", by_hand)
        self.inputs = self.graph.inputs
        self._follow()

    @property
    def last(self) -> int:
        """The step after which both passes are done."""
        return len(self.run["steps"]) - 1 if self.run else 0

    def summary(self) -> str:
        """Say what comes out, and what is wrong where a local derivative was set by hand."""
        now = self._passes()
        at = ", ".join(f"{name} = {show(value)}" for name, value in now.graph.inputs.items())
        gradients = ", ".join(
            f"d{self.output}/d{name} = {show(now.gradients[name])}" for name in now.graph.inputs
        )
        value = show(now.graph.values[self.output])
        return f"{self.output} = {value} at {at}. {gradients}. {broken(now, now.gradients)}".rstrip()

    def figure(self) -> str:
        """Draw the graph with both passes done."""
        return notice(self.problem) if self.problem else self.graph.svg(self.output)

    def _passes(self) -> Run:
        return both_passes(self.graph, self.output)

    @t.validate("inputs")
    def _known_inputs(self, proposal: Any) -> dict[str, float]:
        """Keep the inputs that are not set, and refuse what is no input or no number."""
        trial = self.graph.copy()
        for name, value in proposal["value"].items():
            _or_trait_error(trial.set_input, name, value)
        return trial.inputs

    @t.validate("overrides")
    def _known_edges(self, proposal: Any) -> list[dict[str, Any]]:
        trial = self.graph.copy()
        for override in proposal["value"]:
            try:
                child, parent, value = (override[key] for key in ("child", "parent", "value"))
            except KeyError as missing:
                raise t.TraitError(f"{override} has no {missing}; expected child, parent and value") from None
            _or_trait_error(trial.override, child, parent, value)
        return list(proposal["value"])

    @t.validate("step")
    def _existing_step(self, proposal: Any) -> int:
        return int(within(proposal, 0, self.last, "a step"))

    @t.observe("inputs", "overrides")
    def _follow(self, _: Any = None) -> None:
        """Compute both passes at the inputs and local derivatives of the picture."""
        for name, value in self.inputs.items():
            self.graph.set_input(name, value)
        self.graph.clear_overrides()
        for override in self.overrides:
            self.graph.override(override["child"], override["parent"], override["value"])
        try:
            now = state_of(self._passes())
        except Exception as error:
            self.problem = _kindly(error)
        else:
            self.problem, self.run = "", now


def _or_trait_error(change: Any, *arguments: Any) -> None:
    try:
        change(*arguments)
    except ValueError as error:
        raise t.TraitError(str(error)) from None


def _kindly(error: Exception) -> str:
    """Say why a node has no value; `Graph` notes the node on whatever its function raises."""
    where = ", ".join(["", *getattr(error, "__notes__", [])])
    if isinstance(error, NotImplementedError):
        return f"A function is not written yet{where}. Write it, run its cell, then run this cell again."
    if isinstance(error, ValueError) and not where:
        return f"{error}. Move an input, or choose another formula."
    return f"A function stopped with {type(error).__name__}: {error}{where}."

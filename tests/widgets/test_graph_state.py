"""What Python reads and sets on a graph explorer; no browser here."""

import json
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.graph import OPERATIONS, Graph, Operation
from backprop_course.widgets import GraphExplorer

SMALL = "x = -2; y = 5; z = -4; q = x + y; f = q * z"
FRACTION = (
    "x = 4; y = 3; s = sigmoid(x); top = x + s; square = squared_sum(x, y); "
    "bottom = s + square; r = 1 / bottom; z = top * r"
)
NEURON = "w0 = 2; w1 = -3; w2 = -3; x0 = -1; x1 = -2; f = sigmoid(w0*x0 + w1*x1 + w2)"


def said(explorer: GraphExplorer) -> list[str]:
    return [step["said"] for step in explorer.run["steps"]]


def test_a_step_for_each_operation_and_each_row_of_the_way_back():
    w = GraphExplorer(SMALL)
    assert said(w) == [
        "The inputs are given: x = −2, y = 5, z = −4.",
        "q = x + y = −2 + 5 = 3. Kept for the way back: ∂q/∂x = 1, ∂q/∂y = 1.",
        "f = q·z = 3·(−4) = −12. Kept for the way back: ∂f/∂q = z = −4, ∂f/∂z = q = 3.",
        "The way back starts at f, with df/df = 1. f hands upstream × local on to q.",
        "f hands upstream × local on to z.",
        "q hears −4 from f. q hands upstream × local on to x.",
        "q hands upstream × local on to y.",
        "z hears 3 from f. z is an input: df/dz = 3 is a result.",
        "y hears −4 from q. y is an input: df/dy = −4 is a result.",
        "x hears −4 from q. x is an input: df/dx = −4 is a result.",
    ]
    assert [step["phase"] for step in w.run["steps"]] == ["start"] + 2 * ["forward"] + 7 * ["backward"]
    assert w.last == 9


@pytest.mark.parametrize("formulas", [SMALL, FRACTION, NEURON])
def test_every_equation_multiplies(formulas):
    w = GraphExplorer(formulas)
    graph = Graph.from_formulas(formulas)
    equations = [step["edge"] for step in w.run["steps"] if step.get("edge")]
    assert {(e["parent"], e["child"]) for e in equations} == {(e.parent, e.child) for e in graph.edges()}
    for equation in equations:
        up, local, down = (float(n.strip("()").replace("−", "-")) for n in equation["numbers"])
        assert down == pytest.approx(up * local, rel=2e-3)


def test_where_paths_meet_the_sum_is_said_and_shown():
    w = GraphExplorer(FRACTION)
    assert (
        "s hears 0.02001 from top and −0.001994 from bottom. Where paths meet, gradients add: 0.01801."
        in " ".join(said(w))
    )
    assert "x hears 0.0003182 from s, 0.02001 from top and −0.02792 from square." in said(w)[-1]
    summed = {node["name"] for node in w.picture["nodes"] if node["sum"]}
    assert summed == {"x", "s"}
    assert w.run["nodes"]["x"]["gradient"]["text"] == "−0.007594"


def test_the_tables_are_those_of_the_graph_row_for_row():
    w, graph = GraphExplorer(FRACTION), Graph.from_formulas(FRACTION)
    for shown, table in zip(w.run["tables"], (graph.forward_table(), graph.backward_table()), strict=True):
        assert (shown["caption"], shown["columns"]) == (table.caption, table.columns)
        assert [row["cells"] for row in shown["rows"]] == list(table.rows)
    assert [row["at"] for table in w.run["tables"] for row in table["rows"]] == list(range(1, w.last + 1))


def test_things_appear_when_they_are_computed():
    w = GraphExplorer(SMALL)
    at = {name: (node["value"]["at"], node["gradient"]["at"]) for name, node in w.run["nodes"].items()}
    assert at == {"x": (0, 9), "y": (0, 8), "z": (0, 7), "q": (1, 5), "f": (2, 3)}
    edges = {(e["child"], e["parent"]): (e["local"]["at"], e["gradient"]["at"]) for e in w.run["edges"]}
    assert edges == {("q", "x"): (1, 5), ("q", "y"): (1, 6), ("f", "q"): (2, 3), ("f", "z"): (2, 4)}


def test_moving_an_input_computes_both_passes_anew():
    w = GraphExplorer(NEURON)
    w.inputs = {"w0": 0.5, "x1": 2.0}
    f = ops.sigmoid(0.5 * -1 + -3 * 2.0 - 3)
    assert w.inputs == {"w0": 0.5, "w1": -3, "w2": -3, "x0": -1, "x1": 2}
    assert w.graph.values["f"] == pytest.approx(f)
    slope = f * (1 - f)
    expected = {"w0": -slope, "w1": 2 * slope, "w2": slope, "x0": 0.5 * slope, "x1": -3 * slope}
    assert {name: w.graph.gradients()[name] for name in expected} == pytest.approx(expected)
    assert w.run["nodes"]["w1"]["gradient"]["text"] == f"{2 * slope:.4g}".replace("-", "−")


def test_the_users_graph_stays_as_it_is():
    graph = Graph.from_formulas(SMALL)
    w = GraphExplorer(graph)
    w.inputs = {"x": 7}
    w.overrides = [{"child": "q", "parent": "x", "value": 3}]
    assert (graph.values["x"], graph.overrides) == (-2, {})
    graph.set_input("x", 1)
    assert w.graph.values["x"] == 7


def test_a_local_derivative_by_hand_marks_what_is_wrong_because_of_it():
    w = GraphExplorer(FRACTION)
    w.overrides = [{"child": "r", "parent": "bottom", "value": 1.0}]
    wrong = {n for n, node in w.run["nodes"].items() if node["gradient"]["truth"] is not None}
    assert wrong == {"bottom", "square", "s", "x", "y"}
    assert w.run["nodes"]["y"]["gradient"]["truth"] == "−0.02792"
    edges = {(e["child"], e["parent"]): e for e in w.run["edges"]}
    assert edges["r", "bottom"]["overridden"]
    assert edges["top", "x"]["gradient"]["truth"] is None
    assert edges["square", "x"]["gradient"]["truth"] == "−0.02792"
    marked = {(row["cells"][0], row["cells"][2]): row["wrong"] for row in w.run["tables"][1]["rows"]}
    assert (marked["z", "top"], marked["r", "bottom"], marked["bottom", "s"]) == ([], [4], [1, 4])
    assert (marked["", "square"], marked["x", ""]) == ([4], [1])
    assert "∂r/∂bottom is set to 1 by hand; the rule −1/bottom² gives −0.0004003. 5 wrong" in repr(w)
    assert "dz/dy is 69.75 instead of −0.02792" in w.run["steps"][-1]["broken"]
    w.overrides = []
    assert w.run == GraphExplorer(FRACTION).run


def test_a_local_derivative_that_changes_nothing_says_so():
    w = GraphExplorer("x = 1; y = 0; q = 2 * x; f = q * y")
    w.overrides = [{"child": "q", "parent": "x", "value": 5}]
    assert all(step["broken"].endswith("No gradient is wrong because of it.") for step in w.run["steps"])


def test_what_is_wrong_is_told_when_its_step_comes():
    w = GraphExplorer(SMALL)
    w.overrides = [{"child": "q", "parent": "x", "value": 0}]
    by_hand = "∂q/∂x is set to 0 by hand; the rule 1 gives 1."
    assert [step["broken"] for step in w.run["steps"]] == [
        *9 * [f"{by_hand} No gradient is wrong so far."],
        f"{by_hand} 1 wrong gradient: df/dx is 0 instead of −4.",
    ]


def test_overrides_of_the_graph_are_taken_over():
    graph = Graph.from_formulas(SMALL)
    graph.override("q", "x", 2)
    w = GraphExplorer(graph)
    assert w.overrides == [{"child": "q", "parent": "x", "value": 2.0}]
    assert "df/dx is −8 instead of −4" in repr(w)


def test_any_node_can_be_the_output_and_what_does_not_lead_there_gets_zero():
    w = GraphExplorer("x = 3; y = 2; p = x * y; q = x + y", "p")
    assert "p = 6 at x = 3, y = 2. dp/dx = 2, dp/dy = 3." in repr(w)
    assert w.run["nodes"]["q"]["gradient"] == {"text": "0", "truth": None, "at": 3}
    assert [row["cells"][0] for row in w.run["tables"][1]["rows"]] == ["p", "", "y", "x"]


def test_a_graph_of_inputs_alone():
    assert said(GraphExplorer("x = 3")) == [
        "The inputs are given: x = 3.",
        "The way back starts at x, with dx/dx = 1.",
    ]


@pytest.mark.parametrize(
    ("value", "low", "high"), [(4.0, -2, 10), (0.0, -3, 3), (-2.0, -5, 1), (100.0, -50, 250)]
)
def test_sliders_reach_to_both_sides_in_steps_that_meet_the_value(value, low, high):
    (given,) = GraphExplorer(f"x = {value}; y = x**2").picture["inputs"]
    assert (given["min"], given["max"]) == pytest.approx((low, high))
    assert (value - given["min"]) / given["step"] == pytest.approx(
        round((value - given["min"]) / given["step"])
    )


def own(function, derivative=lambda x: 1.0) -> Graph:
    graph = Graph()
    graph.input("x", 2.0)
    graph.node("y", Operation("own", "own({0})", function, (derivative,), ("1",)), "x")
    return graph


def unwritten(x):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("graph", "problem"),
    [
        ("a = b + 1; b = exp(a)", "This is no graph: the graph has a cycle, .*: a → b → a."),
        ("y = x + 1", "This is no graph: node 'y' uses 'x', which does not exist yet"),
        ("x = 2; y = gauss(x)", r"This is no graph: cannot read 'gauss\(x\)'"),
        ("x = -1; y = log(x)", r"y = log\(x\) cannot be computed or differentiated at x = -1"),
        ("x = 800; y = exp(x)", r"y = exp\(x\) cannot .* at x = 800: the result is too large"),
        (own(lambda x: math.nan), r"y = own\(x\) cannot be computed .*not finite. Move an input"),
        (own(lambda x: x, lambda x: np.inf), r"y = own\(x\) cannot be computed or differentiated at x = 2"),
        (own(unwritten), r"A function is not written yet, in the node y = own\(x\) at x = 2. Write it"),
        (own(lambda x: x, unwritten), "A function is not written yet, in the node y"),
        (own(lambda x: x[0]), r"A function stopped with TypeError: .* in the node y = own\(x\) at x = 2."),
        (own(lambda x: {}[x]), "A function stopped with KeyError: 2.0, in the node y"),
        (own(lambda x: None), "A function stopped with TypeError: .*, in the node y"),
    ],
)
def test_what_cannot_be_computed_is_said_in_the_widget(graph, problem):
    w = GraphExplorer(graph)
    assert (w.run, w.last) == ({}, 0)
    assert re.match(problem, w.problem), w.problem
    assert repr(w) == f"GraphExplorer: {w.problem}"
    assert "".join(ElementTree.fromstring(w.figure()).itertext()).strip()


def test_an_input_without_a_value_is_a_problem_until_it_moves_on():
    w = GraphExplorer("x = 2; y = 1 / x")
    w.step = w.last
    w.inputs = {"x": 0}
    assert w.problem.startswith("y = 1 / x cannot be computed or differentiated at x = 0")
    assert w.last == w.step == 3
    w.inputs = {"x": 4}
    assert w.problem == ""
    assert w.run["nodes"]["x"]["gradient"]["text"] == "−0.0625"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((3,), TypeError, "graph is 3; expected a backprop_course.graph.Graph, or its formulas"),
        ((Graph(),), ValueError, "no nodes yet"),
        ((SMALL, "g"), ValueError, "'g' is not a node: expected one of"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        GraphExplorer(*arguments)


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        ("inputs", {"q": 1}, "'q' is not an input"),
        ("inputs", {"x": math.nan}, "finite"),
        ("overrides", [{"child": "f", "parent": "x", "value": 1}], "no parent"),
        ("overrides", [{"child": "f", "parent": "q", "value": math.inf}], "finite"),
        ("overrides", [{"child": "f", "value": 1}], "expected child, parent and value"),
        ("step", 10, "expected a step from 0 to 9"),
        ("step", -1, "step"),
    ],
)
def test_a_state_that_does_not_exist_is_refused(trait, value, message):
    w = GraphExplorer(SMALL)
    before = getattr(w, trait)
    with pytest.raises(TraitError, match=message):
        setattr(w, trait, value)
    assert getattr(w, trait) == before


def test_the_figure_is_the_graphs_own_with_both_passes_done():
    w = GraphExplorer(FRACTION)
    w.inputs = {"x": 1}
    graph = Graph.from_formulas(FRACTION)
    graph.set_input("x", 1)
    assert w.figure() == graph.svg() == GraphExplorer(graph).figure()
    w.overrides = [{"child": "r", "parent": "bottom", "value": 1.0}]
    assert w.figure().count('stroke-dasharray="5 4"') == 1


def test_numbers_keep_clear_of_boxes_and_of_each_other():
    """In the lecture's largest graph, with room for ten digits everywhere."""
    picture = GraphExplorer(FRACTION).picture
    stacks = [(x - 40, y - 25, 80, 51) for x, y in (edge["numbers"] for edge in picture["edges"])]
    boxes = [tuple(node["box"]) for node in picture["nodes"]]
    sums = [(node["sum"][0] - 40, node["sum"][1] - 7.5, 80, 15) for node in picture["nodes"] if node["sum"]]
    for i, one in enumerate(stacks):
        for other in [*stacks[i + 1 :], *boxes, *sums]:
            across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
            down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
            assert min(across, down) < 2, (one, other)  # their rims may touch


@pytest.mark.parametrize("graph", [SMALL, FRACTION, NEURON, "a = a", "x = -1; y = log(x)"])
def test_the_state_is_plain_json(graph):
    state = GraphExplorer(graph).get_state()
    json.dumps({key: value for key, value in state.items() if key != "layout"}, allow_nan=False)


def test_every_operation_has_its_steps():
    for name, operation in OPERATIONS.items():
        names = "xyz"[: len(operation.derivatives)]
        w = GraphExplorer(
            "; ".join(f"{n} = {i + 0.5}" for i, n in enumerate(names)) + f"; f = {name}({', '.join(names)})"
        )
        assert w.problem == "", name
        assert f"f = {w.graph.formula('f')} = " in said(w)[-len(w.run["tables"][1]["rows"]) - 1]

"""The computational graph: the lecture notes' numbers, finite differences, tables, data and pictures."""

import math
import subprocess
import sys
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_course.graph import OPERATIONS, Graph, Operation, backpropagate, power, scale, topological_order
from backprop_course.graph._layout import place

FRACTION = """
    x = 4
    y = 3
    s = sigmoid(x)
    top = x + s
    square = squared_sum(x, y)
    bottom = s + square
    inverse = 1 / bottom
    z = top * inverse
"""
NEURON = "w0 = 2; w1 = -3; w2 = -3; x0 = -1; x1 = -2; f = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"
SHARED = "x0 = 0.5; w1 = -1.5; w2 = 2; x1 = tanh(w1 * x0); x2 = x0 * x1 * w2; x3 = (x1 + x2) * w1"
TWO_BY_TWO = "x1 = 1; x2 = 2; y1 = x1 * x2; y2 = x1 + x2; z = y1 / y2"
LSTM_CELL = """
    x = 0.5; h = 0.2; c = 0.7; wi = 1; wf = -1
    i = sigmoid(wi * x + h); f = sigmoid(wf * x + h); g = tanh(x - h)
    cell = f * c + i * g; out = sigmoid(x + h) * tanh(cell)
"""
COURSE = (FRACTION, NEURON, SHARED, TWO_BY_TWO, "x = 0.5; b = exp(x); a = 1 + b; y = log(a)")


# Orders and gradients on plain dictionaries


@st.composite
def acyclic(draw: st.DrawFn) -> dict[int, list[int]]:
    """Parents of an acyclic graph; its nodes are listed, and its edges point, in random order."""
    size = draw(st.integers(1, 8))
    nodes = draw(st.permutations(range(size)))
    rank = draw(st.permutations(range(size)))
    return {n: [m for m in nodes if rank[m] < rank[n] and draw(st.booleans())] for n in nodes}


@given(acyclic())
def test_parents_come_first(parents: dict[int, list[int]]):
    order = topological_order(parents)
    assert sorted(order) == sorted(parents)
    assert all(order.index(p) < order.index(n) for n in parents for p in parents[n])


@given(acyclic(), st.data())
def test_backpropagate_adds_the_products_along_all_paths(parents: dict[int, list[int]], data: st.DataObject):
    local = {(n, p): data.draw(st.integers(-3, 3)) for n in parents for p in parents[n]}
    output = data.draw(st.sampled_from(sorted(parents)))

    def along_paths(node: int, end: int) -> float:
        ways = sum(local[node, p] * along_paths(p, end) for p in parents[node])
        return 1.0 if node == end else ways

    assert backpropagate(parents, local, output) == {n: along_paths(output, n) for n in parents}


def test_a_node_that_does_not_reach_the_output_gets_zero():
    parents = {"x": [], "f": ["x"], "g": ["x"], "alone": []}
    gradients = backpropagate(parents, {("f", "x"): 2.0, ("g", "x"): 5.0}, "f")
    assert gradients == {"x": 2.0, "f": 1.0, "g": 0.0, "alone": 0.0}
    assert all(isinstance(gradient, float) for gradient in gradients.values())


def test_a_cycle_is_named():
    parents = {"x": [], "a": ["x", "c"], "b": ["a"], "c": ["b"], "y": ["c"]}
    with pytest.raises(ValueError, match="cycle") as error:
        topological_order(parents)
    cycle = str(error.value).split(": ")[-1].split(" → ")
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"a", "b", "c"}
    assert all(before in parents[after] for before, after in pairwise(cycle))
    with pytest.raises(ValueError, match="a → a"):
        topological_order({"a": ["a"]})


@pytest.mark.parametrize(
    ("parents", "local", "output", "message"),
    [
        ({"y": ["x"]}, {("y", "x"): 1.0}, "y", r"'y' has the parent 'x', which is not a node.*\['y'\]"),
        ({"x": [], "y": ["x"]}, {}, "y", r"\['y', 'x'\] is missing"),
        ({"x": [], "y": ["x"]}, {("x", "y"): 1.0}, "y", r"\['y', 'x'\] is missing.*\(child, parent\)"),
        ({"x": [], "y": ["x"]}, {("y", "x"): math.nan}, "y", r"is nan, expected a finite"),
        ({"x": [], "y": ["x"]}, {("y", "x"): 1.0, ("x", "y"): 1.0}, "y", r"'y' is no parent of 'x'"),
        ({"x": [], "y": ["x", "x"]}, {("y", "x"): 1.0}, "y", r"'y' lists the parent 'x' 2 times"),
        ({"x": [], "y": ["x"]}, {("y", "x"): 1.0}, "z", r"'z' is not a node.*\['x', 'y'\]"),
    ],
)
def test_bad_dictionaries(
    parents: dict[str, list[str]], local: dict[tuple[str, str], float], output: str, message: str
):
    with pytest.raises(ValueError, match=message):
        backpropagate(parents, local, output)


# Operations


@pytest.mark.parametrize("operation", [*OPERATIONS.values(), power(3), power(-1), power(0.5), scale(-2.5)])
@given(data=st.data())
def test_derivatives_of_operations(operation: Operation, data: st.DataObject):
    inputs = [data.draw(st.floats(0.3, 2.0)) * data.draw(st.sampled_from([1, -1])) for _ in operation.rules]
    if operation.name == "log" or (operation.name == "power" and "0.5" in operation.text):
        inputs = [abs(a) for a in inputs]
    if operation.name == "max" and abs(inputs[0] - inputs[1]) < 1e-3:
        inputs[0] += 1  # away from the kink
    h = 1e-6
    for i, derivative in enumerate(operation.derivatives):
        above, below = ([a + step * (i == j) for j, a in enumerate(inputs)] for step in (h, -h))
        slope = (operation.function(*above) - operation.function(*below)) / (2 * h)
        assert derivative(*inputs) == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_rules_and_texts_fit_the_operations():
    for operation in OPERATIONS.values():
        letters = "ab"[: len(operation.rules)]
        assert all(letter in operation.text.format(*letters) for letter in letters)
        assert not any("{" in rule.format(*letters) for rule in operation.rules)
    assert power(2).rules == ("2·{0}",)
    assert power(-1).rules == ("−1·{0}⁻²",)
    assert power(1).rules == ("1",)
    assert power(0.5).text == "{0}^0.5"
    with pytest.raises(ValueError, match="1 derivatives and 0 rules"):
        Operation("f", "f({0})", abs, (math.copysign,), ())


def test_a_tie_shares_the_gradient_and_a_kink_takes_zero():
    g = Graph.from_formulas("a = 2; b = 2; m = max(a, b)")
    assert g.gradients() == {"a": 0.5, "b": 0.5, "m": 1.0}
    assert Graph.from_formulas("a = 0; y = relu(a)").gradients()["a"] == 0.0


# The lecture notes' graphs


def test_sum_times_factor():
    g = Graph.from_formulas("x = -2; y = 5; z = -4; q = x + y; f = q * z")
    assert g.values == {"x": -2, "y": 5, "z": -4, "q": 3, "f": -12}
    assert g.gradients() == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}


def test_neuron_step_by_step():
    g = Graph.from_formulas(NEURON)
    rounded = {name: round(gradient, 4) for name, gradient in g.gradients().items()}
    assert round(g.values["f"], 4) == 0.7311
    assert [rounded[n] for n in ("w0", "w1", "w2")] == [-0.1966, -0.3932, 0.1966]
    assert [rounded[n] for n in ("x0", "x1")] == [0.3932, -0.5898]
    steps = [g.formula(n) for n in g.parents if g.parents[n]]
    assert steps == ["w0·x0", "w1·x1", "v1 + v2", "v3 + w2", "−v4", "exp(v5)", "v6 + 1", "1 / v7"]
    assert [round(g.values[n], 2) for n in ("v4", "v5", "v6", "v7")] == [1, -1, 0.37, 1.37]


def test_softplus():
    g = Graph.from_formulas("x = 0.5; b = exp(x); a = 1 + b; y = log(a)")
    gradients = g.gradients()
    assert g.values["y"] == pytest.approx(math.log1p(math.exp(0.5)))
    assert gradients["a"] == gradients["b"] == pytest.approx(1 / (1 + math.exp(0.5)))
    assert gradients["x"] == pytest.approx(1 / (1 + math.exp(-0.5)))


def test_squared_error_node():
    g = Graph.from_formulas("x = -2; y = 3; z = 1; t = -4; L = (x*y + z - t)**2")
    gradients = g.gradients()
    assert g.values["L"] == 1
    assert [gradients[n] for n in "xyzt"] == [-6, 4, -2, 2]


def test_shared_parameter_gets_a_gradient_from_both_uses():
    # dx3/dw1 = (x1 + x2) + dx1/dw1 * (dx3/dx1 + dx3/dx2 * dx2/dx1), by hand
    x0, w1, w2 = 0.5, -1.5, 2.0
    x1 = math.tanh(w1 * x0)
    by_hand = x1 + x0 * x1 * w2 + (1 - x1**2) * x0 * w1 * (1 + x0 * w2)
    assert Graph.from_formulas(SHARED).gradients()["w1"] == pytest.approx(by_hand)


def test_a_general_acyclic_graph_from_operations_of_ones_own():
    phi = [
        Operation("phi1", "φ₁({0}; {1})", lambda x, w: w * x, (lambda x, w: w, lambda x, w: x), ("w", "x")),
        Operation(
            "phi2",
            "φ₂({0}, {1}; {2})",
            lambda x, y, w: w * x * y,
            (lambda x, y, w: w * y, lambda x, y, w: w * x, lambda x, y, w: x * y),
            ("wy", "wx", "xy"),
        ),
        Operation(
            "phi3",
            "φ₃({0}, {1}; {2})",
            lambda x, y, w: x * w + y,
            (lambda x, y, w: w, lambda x, y, w: 1.0, lambda x, y, w: x),
            ("w", "1", "x"),
        ),
    ]
    g = Graph()
    x0, w1, w2 = g.input("x0", 2), g.input("w1", 3), g.input("w2", 5)
    x1 = g.node("x1", phi[0], x0, w1)
    x2 = g.node("x2", phi[1], x0, x1, w2)
    g.node("x3", phi[2], x1, x2, w1)
    # x3 = w1² x0 + w2 x0² w1
    assert g.values["x3"] == 9 * 2 + 5 * 4 * 3
    assert {n: g.gradients()[n] for n in (x0, w1, w2)} == {"x0": 9 + 60, "w1": 12 + 20, "w2": 12}
    assert g.formula("x3") == "φ₃(x1, x2; w1)"


def test_forward_table_of_the_fraction_as_printed():
    g = Graph.from_formulas(FRACTION)
    values, local = g.values, g.local_derivatives
    printed = {"s": 0.982, "top": 4.982, "square": 49, "bottom": 49.982, "inverse": 0.02, "z": 0.0997}
    for name, value in printed.items():
        assert values[name] == pytest.approx(value, abs=0.5 * 10 ** -len(str(value).partition(".")[2]))
    assert round(local["s", "x"], 4) == 0.0177
    assert local["top", "x"] == local["top", "s"] == local["bottom", "s"] == local["bottom", "square"] == 1
    assert local["square", "x"] == local["square", "y"] == 14
    assert round(local["inverse", "bottom"], 4) == -0.0004
    assert round(local["z", "top"], 2) == 0.02
    assert round(local["z", "inverse"], 3) == 4.982


def test_backward_table_of_the_fraction_as_printed():
    g = Graph.from_formulas(FRACTION)
    edges = {(e.child, e.parent): e for e in g.edges()}
    down = {key: edge.downstream for key, edge in edges.items()}
    assert round(down["z", "top"], 2) == 0.02
    assert round(down["z", "inverse"], 3) == 4.982
    assert round(down["inverse", "bottom"], 5) == -0.00199
    assert round(down["bottom", "s"], 5) == round(down["bottom", "square"], 5) == -0.00199
    assert round(down["square", "x"], 4) == round(down["square", "y"], 4) == -0.0279
    assert round(down["top", "x"], 2) == round(down["top", "s"], 2) == 0.02
    assert round(down["s", "x"], 5) == 0.00032
    gradients = g.gradients()
    assert round(g.values["z"], 5) == 0.09968
    assert (round(gradients["x"], 6), round(gradients["y"], 6)) == (-0.007594, -0.027919)
    operations = [name for name in g.backward_order() if g.parents[name]]
    assert operations == ["z", "inverse", "bottom", "square", "top", "s"]


@pytest.mark.parametrize("formulas", COURSE)
def test_gradients_by_finite_differences(formulas: str):
    g, h = Graph.from_formulas(formulas), 1e-6
    output = next(reversed(g.values))
    for name, gradient in g.gradients().items():
        if not g.parents[name]:
            here = g.values[name]
            ends = []
            for there in (here + h, here - h, here):
                g.set_input(name, there)
                ends.append(g.values[output])
            assert gradient == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-6, abs=1e-9)


# Several outputs, changes


def test_several_outputs_each_have_their_own_gradients():
    g = Graph.from_formulas("x = 3; y = 2; p = x * y; q = x + y")
    assert g.gradients("p") == {"x": 2, "y": 3, "p": 1, "q": 0}
    assert g.gradients() == g.gradients("q") == {"x": 1, "y": 1, "p": 0, "q": 1}
    assert g.backward_order("p") == ["p", "y", "x"]
    assert "q" not in [row[0] for row in g.backward_table("p").rows]


def test_a_node_used_twice_by_one_operation_counts_twice():
    g = Graph.from_formulas("x = 3; y = x * x; z = y / y")
    assert g.parents["y"] == ["x"]
    assert g.local_derivatives == {("y", "x"): 6.0, ("z", "y"): 0.0}
    assert g.edges()[0].rule == "x + x"


def test_inputs_can_be_set_again():
    g = Graph.from_formulas("x = 1; y = x**2")
    g.set_input("x", 5)
    assert (g.values["y"], g.gradients()["x"]) == (25, 10)


def test_an_override_changes_everything_upstream_of_it_and_nothing_else():
    g = Graph.from_formulas(FRACTION)
    right = g.gradients()
    g.override("inverse", "bottom", 1.0)
    wrong = g.gradients()
    assert {name for name in right if right[name] != wrong[name]} == {"bottom", "square", "s", "x", "y"}
    assert wrong["bottom"] == right["inverse"]
    assert g.values["z"] == Graph.from_formulas(FRACTION).values["z"]
    (changed,) = [edge for edge in g.edges() if edge.overridden]
    assert (changed.child, changed.parent, changed.local) == ("inverse", "bottom", 1.0)
    assert changed.computed == pytest.approx(-0.0004003, rel=1e-3)
    assert "set by hand" in repr(g.backward_table())
    assert g.svg().count('stroke-dasharray="5 4"') == 1
    g.clear_overrides()
    assert g.gradients() == right


def test_edges_tell_what_the_backward_pass_sends():
    g = Graph.from_formulas(FRACTION)
    g.override("z", "top", 2.0)
    assert list(g.values) == ["x", "y", "s", "top", "square", "bottom", "inverse", "z"]
    edges, gradients = g.edges(), g.gradients()
    assert len(edges) == 10
    for edge in edges:
        assert edge.downstream == edge.upstream * edge.local
        assert edge.upstream == gradients[edge.child]
    for name, gradient in gradients.items():
        arriving = sum(edge.downstream for edge in edges if edge.parent == name)
        assert gradient == pytest.approx(1.0 if name == "z" else arriving)
    assert [edge.parent for edge in edges if edge.overridden] == ["top"]


# Formulas


def test_a_step_that_occurs_twice_is_one_node():
    g = Graph.from_formulas("x = 4; y = 3; z = (x + sigmoid(x)) / (sigmoid(x) + squared_sum(x, y))")
    assert list(g.parents) == ["x", "y", "v1", "v2", "v3", "v4", "z"]
    assert g.gradients()["x"] == pytest.approx(-0.007594, abs=1e-6)
    g = Graph.from_formulas("x = 4; s = x**2; z = x**2 + (1 + s) * (1 + s)")
    assert list(g.parents) == ["x", "s", "v1", "v2", "z"]


def test_free_names_avoid_those_in_use():
    g = Graph.from_formulas("v1 = 2; y = v1 * v1 + v1")
    assert list(g.parents) == ["v1", "v2", "y"]


@given(st.floats(0.5, 3), st.floats(0.5, 3))
def test_formulas_mean_what_python_means(x: float, y: float):
    formulas = (
        "x + y - 2 * y / x",
        "-(1 - x) * (y - 3) / 4",
        "3 / x ** 2 + y * 0.5 - -1",
        "2 ** 3 * x + (7 - 2 / 4) * y",
        "max(x, y) * tanh(x) - relu(x - y) / 2 + sin(x) * cos(y) + log(x)",
    )
    functions = {n: getattr(math, n) for n in ("tanh", "sin", "cos", "log")} | {"max": max}
    functions |= {"relu": lambda a: max(a, 0)}
    for formula in formulas:
        g = Graph.from_formulas(f"x = {x!r}; y = {y!r}; f = {formula}")
        assert g.values["f"] == pytest.approx(eval(formula, functions, {"x": x, "y": y}), abs=1e-12)


@pytest.mark.parametrize(
    ("formulas", "message"),
    [
        ("x = ", r"line 1 is not a formula: 'x ='"),
        ("x = 1\ny = x +", r"line 2 is not a formula"),
        ("x + 1", r"such as 'q = x \+ y', got 'x \+ 1'"),
        ("x = y = 1", r"got 'x = y = 1'"),
        ("x = 1; y = x", r"'y = x' computes nothing"),
        ("x = 1; y = x + q", r"node 'y' uses 'q', which does not exist yet: have \['x'\]"),
        ("y = y + 1", r"has a cycle.*: y → y"),
        ("a = b + 1; b = exp(a)", r"has a cycle.*: a → b → a"),
        ("b = exp(a); a = 1", r"node 'b' uses 'a', which does not exist yet"),
        ("x = 1; x = 2", r"has a node 'x' already"),
        ("x = 1; y = sinh(x)", r"cannot read 'sinh\(x\)': expected .*tanh"),
        ("x = 1; y = __import__('os')", r"cannot read"),
        ("x = 1; y = x.real", r"cannot read 'x.real'"),
        ("x = 1; y = exp(x, x)", r"exp takes 1 input, got 2"),
        ("x = 1; y = 2 ** x", r"exponent must be a number"),
        ("x = 1; y = x ** x", r"exponent must be a number"),
        ("x = 1; y = max(x, 0)", r"needs a name"),
        ("x = True", r"cannot read 'True'"),
        ("x = 1; y = x / 0", r"cannot read 'x / 0'.*divide by must not be 0"),
        ("x = 1; y = x + 1 / 0", r"cannot read '1 / 0'"),
        ("x = 1; y = x + exp(2)", r"cannot read 'exp\(2\)'.*needs a name"),
    ],
)
def test_bad_formulas(formulas: str, message: str):
    with pytest.raises(ValueError, match=message):
        Graph.from_formulas(formulas)


# Bad graphs


def test_bad_nodes_and_changes():
    g = Graph.from_formulas("x = 1; y = exp(x)")
    for call, message in (
        (lambda: g.input("x", 2), "has a node 'x' already"),
        (lambda: g.input(" ", 2), "needs a name, got ' '"),
        (lambda: g.input("z", math.nan), "input 'z' must be a finite number, got nan"),
        (lambda: g.input("z", [1]), r"got \[1\]"),  # type: ignore[arg-type]
        (lambda: g.node("z", OPERATIONS["add"], "y"), "add takes 2 inputs, got 1"),
        (lambda: g.node("z", OPERATIONS["exp"], "z"), "uses 'z', which does not exist yet"),
        (lambda: g.set_input("y", 2), r"'y' is not an input: expected one of \['x'\]"),
        (lambda: g.set_input("x", math.inf), "must be a finite number, got inf"),
        (lambda: g.override("x", "y", 1), "'y' is no parent of 'x': expected one of y ← x"),
        (lambda: g.override("y", "x", math.nan), "got nan"),
        (lambda: g.gradients("q"), r"'q' is not a node: expected one of \['x', 'y'\]"),
        (lambda: g.svg("q"), "'q' is not a node"),
        (lambda: Graph().svg(), "no nodes yet"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    assert list(g.parents) == ["x", "y"]


@pytest.mark.parametrize(
    ("formulas", "message"),
    [
        ("x = -1; y = log(x)", r"y = log\(x\) cannot be .* at x = -1: "),
        ("x = 0; y = 1 / x", r"y = 1 / x cannot be .* at x = 0: .*division"),
        ("x = 800; y = exp(x)", r"y = exp\(x\) .* at x = 800: "),
        ("x = 1e200; y = x * x", r"y = x·x .* at x = 1e\+200: the result is not finite"),
        ("x = 0; y = x ** 0.5", r"y = x\^0.5 .* at x = 0: "),
    ],
)
def test_a_value_or_derivative_that_does_not_exist(formulas: str, message: str):
    g = Graph.from_formulas(formulas)
    for view in (g.gradients, g.forward_table, g.backward_table, g.edges, g.svg):
        with pytest.raises(ValueError, match=message):
            view()


# Tables


def test_tables_as_text():
    g = Graph.from_formulas(FRACTION)
    assert repr(g.forward_table()).splitlines()[4].split() == [
        *("s", "σ(x)", "x", "=", "4", "0.982", "∂s/∂x", "=", "0.01766")
    ]
    rows = {row[0]: row for row in g.backward_table().rows if row[0]}
    assert rows["z"][1:] == ("1", "top", "∂z/∂top = 0.02001", "0.02001")
    assert rows["s"][1] == "−0.001994 + 0.02001 = 0.01801"
    assert rows["x"][1:] == ("−0.02792 + 0.02001 + 0.0003182 = −0.007594", "", "", "")
    lines = repr(g.backward_table()).splitlines()
    columns = [lines[2].index(name) for name in g.backward_table().columns]
    assert all(line[c - 1] == " " for line in lines[4:] for c in columns[1:] if len(line) > c)


def test_tables_as_html():
    g = Graph()
    g.node("<y>", OPERATIONS["exp"], g.input("x&x", 0))
    for table in (g.forward_table(), g.backward_table()):
        root = ElementTree.fromstring(table._repr_html_())
        cells = [cell.text or "" for cell in root.iter("td")]
        assert cells == [cell for row in table.rows for cell in row]
        assert root.findtext("caption") == table.caption
        assert [th.text for th in root.iter("th")] == list(table.columns)


def test_zero_has_no_sign():
    g = Graph.from_formulas("x = 0; y = -x; z = y * 3")
    assert "−0" not in repr(g.forward_table()) + g.svg()


# Pictures

SVG = "{http://www.w3.org/2000/svg}"


def numbers(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the background of every number."""
    groups = [
        g for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if g.get("class") in ("value", "gradient")
    ]
    boxes = [next(group.iter(f"{SVG}rect")) for group in groups]
    x, y, width, height = (
        [float(box.get(key, "nan")) for box in boxes] for key in ("x", "y", "width", "height")
    )
    return [(a, b, a + c, b + d) for a, b, c, d in zip(x, y, width, height, strict=True)]


@pytest.mark.parametrize("formulas", [*COURSE, LSTM_CELL])
def test_a_picture_shows_every_number_and_none_over_another(formulas: str):
    g = Graph.from_formulas(formulas)
    svg = g.svg()
    root = ElementTree.fromstring(svg)
    left, top, width, height = (float(n) for n in root.get("viewBox", "").split())
    boxes = numbers(svg)
    assert all(a >= left and b >= top and c <= left + width and d <= top + height for a, b, c, d in boxes)
    for (a, b, c, d), (e, f, h, i) in combinations(boxes, 2):
        assert c <= e + 1 or h <= a + 1 or d <= f + 2 or i <= b + 2
    fan_out = [sum(name in parents for parents in g.parents.values()) for name in g.parents]
    stubs, totals = 2 * fan_out.count(0), sum(n > 1 for n in fan_out)
    legend = 3 if totals else 2
    assert len(boxes) == legend + 2 * len(g.edges()) + stubs + totals


def test_the_numbers_in_a_picture():
    g = Graph.from_formulas("x = 2; y = x**2; z = 3 * x; f = y * z; unused = x - 5")
    root = ElementTree.fromstring(g.svg("f"))
    texts: dict[str, list[str | None]] = {"value": [], "gradient": []}
    for kind, found in texts.items():
        for group in root.iter(f"{SVG}g"):
            if group.get("class") == kind:
                found.append(group.findtext(f"{SVG}text"))
        found.sort()
    values = ["2", "2", "2", "4", "6", "24", "−3"]  # x three times, y, z, the output, the unused node
    downstream = ["24", "12", "0", "6", "4", "1", "0", "Σ 36"]  # x three times, y, z, the two ends, all of x
    assert texts["value"] == sorted([*values, "above: value"])
    legend = ["below: upstream × local", "Σ: gradient, where several meet"]
    assert texts["gradient"] == sorted(downstream + legend)


def test_the_picture_of_the_forward_pass_has_the_values_and_no_gradient():
    g = Graph.from_formulas("x = 2; y = 7; z = x * y + x")  # dz/dx = 8
    forward, both = g.forward_picture(), g.svg()
    shown = [box for role in ("value", "gradient") for box in texts(forward.svg, role)]
    assert shown == texts(both, "value")
    assert "8" in " ".join(texts(both, "gradient"))
    assert "8" not in " ".join([*shown, repr(forward)])
    assert "gradient" not in repr(forward) + "".join(ElementTree.fromstring(forward.svg).itertext())
    assert repr(forward) in forward._repr_html_()


def texts(svg: str, role: str) -> list[str]:
    """Every text of a role, the legend's too."""
    return [
        "".join(g.itertext()) for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if g.get("class") == role
    ]


def test_a_picture_says_in_words_what_it_shows():
    root = ElementTree.fromstring(Graph.from_formulas("x = 2; y = x**2").svg())
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]  # first, or readers miss them
    assert root.findtext(f"{SVG}title") == "Computational graph of y"
    assert root.findtext(f"{SVG}desc") == (
        "x has the value 2 and the gradient 4. y = x² has the value 4 and the gradient 1."
    )
    (edge,) = (g for g in root.iter(f"{SVG}g") if g.get("class") == "edge")
    assert (edge.get("data-parent"), edge.get("data-child")) == ("x", "y")
    assert edge.findtext(f"{SVG}title") == "∂y/∂x = 2·x, here 4. 1 × 4 = 4"


def test_a_picture_runs_from_left_to_right_past_other_nodes():
    g = Graph.from_formulas(FRACTION)
    root = ElementTree.fromstring(g.svg())
    boxes = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == "node":
            box = group[0]
            x, y, w, h = (float(box.get(key, "nan")) for key in ("x", "y", "width", "height"))
            boxes[group.get("data-node")] = (x, y, x + w, y + h)
    assert list(boxes) == list(g.parents)
    for child, parents in g.parents.items():
        assert all(boxes[parent][2] < boxes[child][0] for parent in parents)
    for (a, b, c, d), (e, f, h, i) in combinations(boxes.values(), 2):
        assert c < e or h < a or d < f or i < b


def test_a_picture_is_the_same_every_time():
    code = f"from backprop_course.graph import Graph; print(Graph.from_formulas({FRACTION!r}).svg())"
    run = [sys.executable, "-X", "utf8", "-c", code]
    other = subprocess.run(run, capture_output=True, encoding="utf-8", check=True).stdout
    assert other == Graph.from_formulas(FRACTION).svg() + "\n"


def test_names_are_escaped_in_a_picture():
    g = Graph()
    g.node("<b> & c", OPERATIONS["exp"], g.input('"x"', 0))
    assert "<b>" not in g.svg()
    assert ElementTree.fromstring(g.svg()).findtext(f"{SVG}title") == "Computational graph of <b> & c"


def test_a_graph_of_one_node_and_one_with_unused_inputs_can_be_drawn():
    for formulas in ("x = 1", "x = 1; y = 2", "x = 1; y = 2; z = exp(x)"):
        ElementTree.fromstring(Graph.from_formulas(formulas).svg())


@given(acyclic())
@settings(deadline=None)  # milliseconds of a busy machine say nothing
def test_the_layout_takes_any_graph(parents: dict[int, list[int]]):
    named = {f"n{n}": [f"n{p}" for p in its_parents] for n, its_parents in parents.items()}
    layout = place(named, dict.fromkeys(named, 50.0), row_height=100.0, gap=80.0)
    for child, its_parents in named.items():
        for parent in its_parents:
            assert layout.centres[parent][0] + 130 <= layout.centres[child][0]
    columns = [*layout.centres.values(), *(p for route in layout.crossings.values() for p, _ in route)]
    for (x, y), (u, v) in combinations(columns, 2):
        assert abs(x - u) > 1 or abs(y - v) > 99.9
    assert all(-1e-9 <= y <= layout.height + 1e-9 and 0 <= x <= layout.width for x, y in columns)


def test_a_planar_graph_is_drawn_without_a_crossing():
    parents = {
        "a": [],
        "b": [],
        "c": [],
        "d": [],
        "p": ["a", "d"],
        "q": ["b", "c"],
        "r": ["p"],
        "s": ["q", "r"],
    }
    centres = place(parents, dict.fromkeys(parents, 50.0), row_height=100.0, gap=80.0).centres
    edges = [(centres[p], centres[c]) for c in parents for p in parents[c]]
    for (a, b), (c, d) in combinations(edges, 2):
        if a[0] == c[0] and b[0] == d[0]:
            assert (a[1] - c[1]) * (b[1] - d[1]) >= 0


def test_importing_the_graph_needs_numpy_alone():
    heavy = ("matplotlib", "IPython", "ipywidgets", "anywidget", "nbgrader")
    code = f"import sys, backprop_course.graph; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("parents", "local", "message"),
    [
        ({"x": None}, {}, "the parents of node 'x' are None, expected a list"),
        ({"x": [], "y": "x"}, {}, "the parents of node 'y' are 'x', expected a list"),
        ({"x": [], "y": ["x"]}, {("y", "x"): "2"}, "is '2', expected a finite number"),
        ({"x": [], "y": ["x"]}, {("y", "x"): 2.0, "yx": 1.0}, r"the key 'yx', expected \(child, parent\)"),
    ],
)
def test_what_is_no_graph_is_refused(parents, local, message):
    with pytest.raises((TypeError, ValueError), match=message):
        backpropagate(parents, local, "x")

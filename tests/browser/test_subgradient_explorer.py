"""The subgradient explorer, driven by mouse and keyboard in a real JupyterLab."""

import ast
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from backprop_course import ops
from tests.browser.looks import (
    IN_BOTH_THEMES,
    boxes,
    expect_no_overlap,
    expect_readable,
    expect_uncut,
    rgb,
    style,
    zoomed,
)
from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
RELU, LINES, SOFTPLUS, SINE, BROKEN, QUIET = range(6)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import SubgradientExplorer\n"
    "def unwritten(dy, z):\n    raise NotImplementedError\n"
    "relu = SubgradientExplorer(ops.relu, at=0.0, backward=ops.relu_backward)\nrelu",
    "lines = SubgradientExplorer(lines=[(-1, 0), (0.5, 0), (2, 0), (3, -2)])\nlines",
    "softplus = SubgradientExplorer(ops.softplus, at=0.0, slope=0.48, backward=unwritten)\nsoftplus",
    "sine = SubgradientExplorer(np.sin, at=1.0)\nsine",
    "SubgradientExplorer(np.log)",
    "quiet = SubgradientExplorer(ops.relu, show=[])\nquiet",
)
PAGE_SUMMARY = """(widget) => {
  const text = (selector) => widget.querySelector(selector).textContent;
  const rows = [...widget.querySelectorAll(".legend li:not([hidden])")];
  const [graph, ...rest] = rows.map((row) => row.textContent.trim());
  const slope = widget.querySelector(".turn").getAttribute("aria-valuetext");
  const line = `${graph.split(":")[0]}, a line of slope ${slope}.`;
  return [line, text(".verdict strong"), ...rest.map((row) => `${row.replace(/\\.$/, "")}.`)].join(" ");
}"""
FOCUSED = """() => {
  const node = document.activeElement;
  const ring = node.querySelector(".ring");
  const { opacity, outlineWidth } = getComputedStyle(ring ?? node);
  return [node.getAttribute("aria-label"), ring ? opacity === "1" : outlineWidth === "3px"];
}"""
SPAN, VALUES = (-3.0, 3.0), (-0.35 * 3, 1.1 * 3)  # what the picture of the ReLU shows


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "subgradient.ipynb", *CELLS)
    lab.open("subgradient.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def relu(opened: Lab) -> Locator:
    """Give the widget of the ReLU as it was at first, once Python has heard of what the last test did."""
    widget = opened.widget("subgradient", RELU)
    opened.expect_python("[relu.x0, relu.slope]", str([value(widget, "point"), value(widget, "turn")]))
    place(opened, "relu", 0.0, 0.5, 0.5)
    expect(widget.locator(".point")).to_have_attribute("aria-valuenow", "0")
    expect(widget.locator(".turn")).to_have_attribute("aria-valuenow", "0.5")
    return widget


def place(lab: Lab, name: str, x0: float, slope: float, h: float) -> None:
    """Set the position of a widget from Python."""
    lab.set(name, x0=x0, slope=slope, h=h)


def value(widget: Locator, handle: str) -> float:
    return float(widget.locator(f".{handle}").get_attribute("aria-valuenow"))


def finding(widget: Locator, name: str) -> Locator:
    return widget.locator(f"[data-row={name}] strong")


def verdict(widget: Locator) -> Locator:
    return widget.locator(".verdict strong")


def at(widget: Locator, x: float, y: float) -> tuple[float, float]:
    """Where on the page the picture of the ReLU shows (x, y)."""
    box = widget.locator(".rim").bounding_box()
    across = (x - SPAN[0]) / (SPAN[1] - SPAN[0])
    down = (VALUES[1] - y) / (VALUES[1] - VALUES[0])
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def test_the_widget_shows_and_not_the_static_figure(opened, relu):
    expect(relu.locator("svg.picture")).to_be_visible()
    assert opened.page.locator(".backprop-still").count() == 0


def test_its_numbers_are_numpys(opened, relu):
    step = relu.get_by_role("slider", name="Step h of the central difference")
    step.press("Home")
    for h in (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0):
        expected = (np.maximum(h, 0) - np.maximum(-h, 0)) / (2 * h)
        expect(finding(relu, "difference")).to_have_text(f"{expected:g}, a subgradient")
        opened.expect_python("relu.h", repr(h))
        step.press("ArrowRight")
    expect(finding(relu, "interval")).to_have_text("every slope from 0 to 1")
    expect(finding(relu, "yours")).to_have_text(f"{ops.relu_backward(1.0, 0.0):g}, a subgradient")


def points(widget: Locator, name: str) -> np.ndarray:
    """Read the corners of a drawn path back as pairs (x, y)."""
    size = np.array([float(widget.locator(".frame").get_attribute(side)) for side in ("width", "height")])
    drawn = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", widget.locator(f".frame .{name}").first.get_attribute("d"))
    share = np.array(drawn, dtype=float) / size
    return np.array([SPAN[0], VALUES[1]]) + share * [SPAN[1] - SPAN[0], VALUES[0] - VALUES[1]]


def test_every_line_is_drawn_where_numpy_puts_it(opened, relu):
    x0, slope, h = -0.2, 0.4, 0.5
    place(opened, "relu", x0, slope, h)
    expect(relu.locator(".point")).to_have_attribute("aria-valuenow", str(x0))
    half_a_pixel = 0.01
    ends = np.array(SPAN)
    graph = points(relu, "graph")
    np.testing.assert_allclose(graph[:, 1], ops.relu(graph[:, 0]), atol=half_a_pixel)
    np.testing.assert_allclose(
        points(relu, "line"), np.stack([ends, slope * (ends - x0)], axis=1), atol=half_a_pixel
    )
    chord = np.array([x0 - h, x0 + h])
    np.testing.assert_allclose(
        points(relu, "difference"), np.stack([chord, ops.relu(chord)], axis=1), atol=half_a_pixel
    )
    yours = ops.relu_backward(1.0, x0) * (ends - x0)
    np.testing.assert_allclose(points(relu, "yours"), np.stack([ends, yours], axis=1), atol=half_a_pixel)
    above = points(relu, "above")
    np.testing.assert_allclose(
        above, [[x0, 0], [-slope * x0 / (1 - slope), 0.08 / (1 - slope)]], atol=half_a_pixel
    )


def test_the_wedge_at_the_kink_is_drawn_between_both_slopes(relu):
    tip, low, high, *_ = points(relu, "interval")
    np.testing.assert_allclose(tip, 0, atol=0.01)
    assert low[1] / low[0] == pytest.approx(0, abs=0.01)
    assert high[1] / high[0] == pytest.approx(1, abs=0.01)


def test_dragging_the_slope_gives_the_verdict_and_python_follows(opened, relu):
    opened.drag(relu.locator(".turn"), lambda *_: at(relu, 1.5, 2.4))
    assert value(relu, "turn") == pytest.approx(1.6, abs=0.02)
    expect(verdict(relu)).to_have_text("Does not support the graph: the line is above it for x from 0 to 3.")
    expect(relu.locator(".icon")).to_have_text("✗")
    assert relu.locator(".line").first.evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
    opened.expect_python("(relu.slope, relu.supports)", repr((value(relu, "turn"), False)))
    opened.drag(relu.locator(".turn"), lambda *_: at(relu, 2, 1))
    assert value(relu, "turn") == pytest.approx(0.5, abs=0.02)
    expect(relu.locator(".icon")).to_have_text("✓")
    assert relu.locator(".line").first.evaluate("e => getComputedStyle(e).strokeDasharray") == "none"
    opened.expect_python("relu.supports", "True")


def test_the_line_itself_can_be_dragged(opened, relu):
    opened.page.mouse.move(*at(relu, 2.4, 1.2))
    opened.page.mouse.down()
    opened.page.mouse.move(*at(relu, 2.4, -0.6), steps=4)
    opened.page.mouse.up()
    assert value(relu, "turn") == pytest.approx(-0.25, abs=0.02)
    expect(verdict(relu)).to_have_text(re.compile("for x from −3 to 0"))


def test_a_dragged_slope_stops_at_the_end_of_the_interval(opened, relu):
    opened.drag(relu.locator(".turn"), lambda *_: at(relu, 2, 2 * 1.02))
    assert value(relu, "turn") == 1.0


def test_dragging_the_point_along_the_graph(opened, relu):
    opened.drag(relu.locator(".point"), lambda *_: at(relu, 1.5, 0))
    x0 = float(relu.locator(".point").get_attribute("aria-valuenow"))
    assert x0 == pytest.approx(1.5, abs=0.026)
    expect(finding(relu, "graph")).to_have_text(f"{x0:g}")
    expect(finding(relu, "interval")).to_have_text("only 1")
    expect(verdict(relu)).to_have_text(
        "Does not support the graph: the line is above it for x from −1.5 to 1.5."
    )
    opened.expect_python("(relu.x0, relu.interval)", repr((x0, (1.0, 1.0))))
    opened.drag(relu.locator(".point"), lambda *_: at(relu, 0.04, 0))
    assert float(relu.locator(".point").get_attribute("aria-valuenow")) == 0.0  # the kink attracts it


def test_a_central_difference_across_the_kink_is_off(relu):
    point = relu.locator(".point")
    for _ in range(8):
        point.press("ArrowRight")
    expected = (ops.relu(0.2 + 0.5) - ops.relu(0.2 - 0.5)) / 1.0
    expect(finding(relu, "difference")).to_have_text(f"{expected:g}, off by {1 - expected:.4g}")


def test_keys_move_handles_and_not_cells(opened, relu):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    turn = relu.locator(".turn")
    turn.focus()
    before = opened.page.evaluate(cells)
    for key, expected in {"ArrowUp": 0.55, "ArrowLeft": 0.5, "PageUp": 1.0, "End": 2.0, "Home": -1.0}.items():
        if key in ("End", "Home"):  # each stops at an end of the interval on its way
            turn.press(key)
            turn.press(key)
        turn.press(key)
        assert value(relu, "turn") == expected, key
    for key in "abdd":
        turn.press(key)
    assert opened.page.evaluate(cells) == before


def test_tab_reaches_every_control_and_focus_is_seen(opened, relu):
    relu.locator(".point").focus()
    seen = []
    for _ in range(6):
        seen.append(opened.page.evaluate(FOCUSED))
        opened.page.keyboard.press("Tab")
    assert seen == [
        ["Point on the graph, x₀", True],
        ["Slope of the line", True],
        ["Point x₀, where the line touches the graph", True],
        ["Slope of the line", True],
        ["Slope of the line, as a number", True],
        ["Step h of the central difference", True],
    ]


def test_sliders_obey_the_keyboard(opened, relu):
    relu.get_by_role("slider", name="Point x₀, where").press("ArrowLeft")
    opened.expect_python("relu.x0", "-0.025")
    relu.locator("input[type=range]").nth(1).press("ArrowUp")
    assert value(relu, "turn") == 0.55


def test_keys_stop_at_a_subgradient_that_is_no_multiple_of_the_step(opened):
    softplus = opened.widget("subgradient", SOFTPLUS)
    place(opened, "softplus", 0.3, 0.48, 0.5)
    expect(softplus.locator(".point")).to_have_attribute("aria-valuetext", "0.3")
    turn = softplus.locator(".turn")
    turn.focus()
    for _ in range(40):
        turn.press("ArrowUp")
        if softplus.locator(".icon").text_content() == "✓":
            break
    assert value(softplus, "turn") == pytest.approx(float(ops.sigmoid(0.3)), abs=1e-9)
    expect(finding(softplus, "yours")).to_have_text(re.compile("^unwritten is not written yet"))


def test_a_typed_slope(opened, relu):
    box = relu.get_by_role("spinbutton")
    for typed in ("-0.125", ""):  # what is no number changes nothing
        box.select_text()
        box.press("Delete")
        box.press_sequentially(typed)
        box.press("Enter")
        assert (value(relu, "turn"), box.input_value()) == (-0.125, "-0.125")
    opened.expect_python("relu.slope", "-0.125")
    box.press("ArrowUp")
    assert value(relu, "turn") == -0.1


@pytest.mark.parametrize(
    ("name", "position", "states"),
    [
        (
            "relu",
            RELU,
            [(0.0, 0.5, 0.5), (0.3, 1.5, 0.2), (-1.0, -0.5, 1.0), (2.9, 1.0, 0.5), (0.0, 0.2, 0.3)],
        ),
        ("lines", LINES, [(0.0, 2.5, 1e-3), (2.0, 2.25, 0.5), (1.0, -7.0, 1.0)]),
        ("softplus", SOFTPLUS, [(0.0, 0.5, 1e-6), (-1.2, 0.77, 0.1)]),
        ("sine", SINE, [(1.0, 0.5403, 0.1), (-1.575, 0.0, 1.0)]),
    ],
)
def test_page_and_python_say_the_same(opened, name, position, states):
    widget = opened.widget("subgradient", position)
    for state in states:
        place(opened, name, *state)
        said = ast.literal_eval(opened.python(f"{name}.summary()"))
        for _ in range(30):
            if (shown := widget.evaluate(PAGE_SUMMARY)) == said:
                break
            opened.page.wait_for_timeout(100)
        assert shown == said


def test_setting_traits_in_python_moves_the_picture(opened, relu):
    before = relu.locator(".line").first.get_attribute("d")
    opened.set("relu", slope=0.75)
    expect(relu.locator(".turn")).to_have_attribute("aria-valuenow", "0.75")
    assert relu.locator(".line").first.get_attribute("d") != before


def test_the_verdict_is_announced(relu):
    relu.locator(".turn").press("ArrowUp")
    expect(relu.get_by_role("status")).to_have_text(
        "x₀ = 0, slope 0.55. Supports the graph: the line stays under it everywhere in the picture."
    )


def test_a_hidden_layer_is_told_when_it_is_ticked(opened):
    quiet = opened.widget("subgradient", QUIET)
    expect(finding(quiet, "interval")).to_have_text("hidden")
    assert quiet.locator(".frame .interval").get_attribute("d") == ""
    quiet.get_by_role("checkbox", name="Subgradients").check()
    expect(finding(quiet, "interval")).to_have_text("every slope from 0 to 1")
    assert quiet.locator(".frame .interval").get_attribute("d") != ""
    opened.expect_python("quiet.show", "['interval']")


def test_a_function_that_cannot_be_drawn_says_why(opened):
    expect(opened.widget("subgradient", BROKEN).get_by_role("alert")).to_have_text(
        re.compile(r"log\(-3\) is nan")
    )


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, relu, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    for name, role in {
        ".line": "value",
        ".difference": "gradient",
        ".yours": "yours",
        ".interval": "right",
    }.items():
        assert style(relu.locator(name), "stroke") == rgb(colours[role])
    expect_readable(relu, dark=theme == "Dark")


@pytest.mark.parametrize("position", [RELU, LINES, SOFTPLUS])
def test_at_200_percent_nothing_is_cut_or_overlaps(opened, position):
    with zoomed(opened):
        widget = opened.widget("subgradient", position)
        expect_uncut(widget, "text, input, strong, .controls span, li span")
        expect_no_overlap(boxes(widget, "text"))

"""The activation explorer, driven by mouse and keyboard in a real JupyterLab."""

import ast
import re
from collections.abc import Callable
from typing import Any

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
from tests.browser.real_lab import Lab, pick, write_notebook

pytestmark = pytest.mark.browser
ALL, LEAKY, BARE = range(3)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import ActivationExplorer\n"
    "def masks_at_one(dy, z):\n    return dy * (z > 1)\n"
    "def unwritten(dy, y):\n    raise NotImplementedError\n"
    "def raises(dy, z):\n    return dy[10_000]\n"
    "def not_finite(dy, z, alpha):\n    return dy * np.nan\n"
    "every = ActivationExplorer('sigmoid', backward={'sigmoid': ops.sigmoid_backward, 'tanh': unwritten,"
    " 'relu': masks_at_one, 'softplus': raises, 'elu': not_finite})\nevery",
    "leaky = ActivationExplorer('leaky_relu', among=['leaky_relu'], backward=ops.leaky_relu_backward,"
    " z=0.0)\nleaky",
    "bare = ActivationExplorer('tanh', show=[], backward=ops.tanh_backward)\nbare",
)
VALUE, SLOPE = range(2)  # the two charts
FOCUS_SEEN = """(node) => {
  const ring = node.querySelector(".ring");
  const { opacity, outlineWidth } = getComputedStyle(ring ?? node);
  return ring ? opacity === "1" : outlineWidth === "3px";
}"""
PARAMETERS = {"w1": -1.0, "w2": 0.25, "w3": 2.0}
CURVES: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
    "softplus": lambda z: np.log1p(np.exp(z)),
    "leaky ReLU": lambda z: np.where(z > 0, z, 0.1 * z),
    "PReLU": lambda z: np.where(z > 0, z, 0.25 * z),
    "ELU": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "maxout": lambda z: np.max([-z, 0.25 * z, 2 * z - 2], axis=0),
}


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "activation.ipynb", *CELLS)
    lab.open("activation.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def every(opened: Lab) -> Locator:
    """Give the widget of all activations as it was at first."""
    widget = opened.widget("activation", ALL)
    values = {"activation": "sigmoid", "z": 1.0, "dy": 1.0, "show": ["slope", "saturated", "yours"]}
    opened.set("every", **values)
    expect(said(widget, "value")).to_have_text("y = 0.7311 at z = 1")
    expect(said(widget, "gradient")).to_have_text("1 · 0.1966 = 0.1966")
    return widget


@pytest.fixture
def leaky(opened: Lab) -> Locator:
    """Give the widget of the leaky ReLU as it was at first."""
    widget = opened.widget("activation", LEAKY)
    values = {"parameters": {"alpha": 0.1}, "z": 0.0, "dy": 1.0}
    opened.set("leaky", **values)
    expect(said(widget, "slope")).to_have_text(re.compile("^0.1 from the left"))
    expect(said(widget, "gradient")).to_have_text("anything from 0.1 to 1")
    return widget


def said(widget: Locator, row: str) -> Locator:
    return widget.locator(f"[data-row={row}] strong")


def choose(widget: Locator, label: str) -> None:
    pick(widget, label)
    expect(widget.locator(".formula")).to_have_text(re.compile(f"^{label}: "))


def slider(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("slider", name=name, exact=True)


def points(lab: Lab, widget: Locator, chart: int, name: str, python: str) -> np.ndarray:
    """Read the corners of a drawn path back as pairs (z, height)."""
    low, high = ast.literal_eval(lab.python(f"{python}.samples['{('values', 'slopes')[chart]}']"))
    frame = widget.locator(".frame").nth(chart)
    size = np.array([float(frame.get_attribute(side)) for side in ("width", "height")])
    drawn = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", frame.locator(f"path.{name}").get_attribute("d"))
    return np.array([-6, high]) + np.array(drawn, dtype=float) / size * [12, low - high]


def test_the_widget_shows_and_not_the_static_figure(opened, every):
    expect(every.locator("svg.picture")).to_have_count(2)
    assert opened.page.locator(".backprop-still").count() == 0


@pytest.mark.parametrize("label", CURVES)
def test_value_and_slope_are_drawn_where_numpy_puts_them(opened, every, label):
    choose(every, label)
    z, y = points(opened, every, VALUE, "graph", "every").T
    assert (z.min(), z.max()) == (-6, 6)
    np.testing.assert_allclose(y, CURVES[label](z), atol=0.03)
    z, slope = points(opened, every, SLOPE, "slope", "every").T
    h = 0.02  # the width of a pixel; beside a kink both sides are drawn
    f = CURVES[label]
    left, right = (f(z) - f(z - h)) / h, (f(z + h) - f(z)) / h
    low, high = np.minimum(left, right) - 0.02, np.maximum(left, right) + 0.02
    assert np.all((low <= slope) & (slope <= high))


def test_the_sentences_follow_the_point_without_a_round_trip(opened, every):
    opened.python("every.observe(lambda _: globals().__setitem__('again', True), 'samples')")
    every.locator(".point").press("PageUp")
    z, y = 1.5, float(ops.sigmoid(1.5))
    expect(said(every, "value")).to_have_text(f"y = {y:.4g} at z = {z:g}")
    expect(said(every, "slope")).to_have_text(f"{y * (1 - y):.4g}")
    expect(said(every, "yours")).to_have_text(f"dz = {y * (1 - y):.4g}, right")
    expect(slider(every, "Point z")).to_have_attribute("aria-valuetext", "1.5")
    opened.expect_python("(every.z, every.value)", repr((z, y)))
    assert opened.python("'again' in globals()") == "False"


def test_the_point_is_dragged_and_a_kink_attracts_it(opened, every):
    choose(every, "ReLU")
    width = float(every.locator(".frame").first.get_attribute("width"))
    opened.drag(every.locator(".point"), lambda x, y: (x - width / 4, y))
    z = float(every.locator(".point").get_attribute("aria-valuenow"))
    assert z == pytest.approx(-2, abs=0.06)
    expect(said(every, "slope")).to_have_text("0")
    opened.drag(every.locator(".point"), lambda x, y: (x - z * width / 12 + 5, y))
    expect(every.locator(".point")).to_have_attribute("aria-valuenow", "0")
    expect(said(every, "slope")).to_have_text("0 from the left, 1 from the right; any slope between is right")
    opened.expect_python("every.z", "0.0")


def test_the_lower_point_is_dragged_too(opened, every):
    box = every.locator(".below circle").first.bounding_box()
    width = float(every.locator(".frame").first.get_attribute("width"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x + width / 6, y, steps=4)
    opened.page.mouse.up()
    assert float(every.locator(".point").get_attribute("aria-valuenow")) == pytest.approx(3, abs=0.06)


def test_saturation_is_hatched_where_the_slope_is_small(opened, every):
    edge = np.log((1 + np.sqrt(0.95)) / (1 - np.sqrt(0.95)))  # where σ'(z) is 5 % of 1/4
    width = float(every.locator(".frame").first.get_attribute("width"))
    for chart in (VALUE, SLOPE):
        drawn = every.locator(".frame").nth(chart).locator(".shade").get_attribute("d")
        pixels = np.array(re.findall(r"M([-\d.]+) 0H([-\d.]+)V", drawn), dtype=float)
        np.testing.assert_allclose(pixels / width * 12 - 6, [[-6, -edge], [edge, 6]], atol=1e-6)
    expect(said(every, "saturated")).to_have_text(f"for z < −{edge:.4g} and for z > {edge:.4g}")
    choose(every, "PReLU")
    expect(said(every, "saturated")).to_have_text("nowhere")
    assert every.locator(".shade").first.get_attribute("d") == ""


def test_a_parameter_moves_the_curve_and_python_follows(opened, leaky):
    slider(leaky, "α").press("End")
    expect(said(leaky, "slope")).to_have_text("2 from the left, 1 from the right; any slope between is right")
    z, y = points(opened, leaky, VALUE, "graph", "leaky").T
    np.testing.assert_allclose(y, np.where(z > 0, z, 2 * z), atol=0.04)
    opened.expect_python("(leaky.parameters, leaky.slopes)", "({'alpha': 2.0}, (2.0, 1.0))")


def test_the_upstream_gradient_is_multiplied_with_the_slope(opened, every):
    slider(every, "Upstream dy").press("Home")
    slope = float(ops.sigmoid_backward(1.0, ops.sigmoid(1.0)))
    expect(said(every, "gradient")).to_have_text(f"−2 · {slope:.4g} = −{2 * slope:.4g}")
    expect(said(every, "yours")).to_have_text(f"dz = −{2 * slope:.4g}, right")
    opened.expect_python("every.dy", "-2.0")


def test_another_slope_is_drawn_by_a_button(opened, every):
    choose(every, "randomised leaky ReLU")
    for draw in (0, 1, 2):
        drawn = np.random.default_rng(draw).uniform(0.1, 0.4)
        expect(said(every, "note")).to_have_text(f"slope {drawn:.4g} on the left")
        every.get_by_role("button", name="Draw another s").press("Enter")
    opened.expect_python("every.parameters['draw']", "3.0")


def test_a_maxout_can_lose_its_kinks(opened, every):
    choose(every, "maxout")
    expect(said(every, "note")).to_have_text("piece 2")
    for name in ("w₁", "w₂", "w₃"):
        slider(every, name).press("Home")
    expect(said(every, "note")).to_have_text("pieces 1 and 2 tie")
    opened.expect_python("every.slopes", "(-2.0, -2.0)")
    opened.set("every", parameters=PARAMETERS)
    expect(said(every, "note")).to_have_text("piece 2")


def test_the_many_controls_of_a_maxout_stay_on_one_screen(opened, every):
    choose(every, "maxout")
    expect(said(every, "note")).to_have_text("piece 2")
    assert (
        every.locator(".controls").evaluate("e => getComputedStyle(e).gridTemplateColumns.split(' ').length")
        == 6
    )
    assert (
        every.evaluate("e => e.getBoundingClientRect().height") < 900 - 118
    )  # as in test_released_notebooks


def test_a_wrong_function_is_drawn_and_told_where(opened, every):
    choose(every, "ReLU")
    verdict = "Your masks_at_one differs at 20 of 241 points, first at z = 0.05: dz = 0, expected 1."
    expect(every.locator(".verdict")).to_have_text(f"✗{verdict}")
    z, slope = points(opened, every, SLOPE, "yours", "every").T
    np.testing.assert_allclose(slope, z > 1.01, atol=0.01)
    choose(every, "sigmoid")
    expect(every.locator(".verdict")).to_have_text(
        "✓Your sigmoid_backward is right at all 241 points of the picture."
    )


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("tanh", "^unwritten is not written yet"),
        ("softplus", "^raises stopped with IndexError"),
        ("ELU", "^not_finite returned"),
    ],
)
def test_a_function_that_gives_nothing_leaves_the_truth(every, label, words):
    choose(every, label)
    expect(said(every, "yours")).to_have_text(re.compile(words))
    assert every.locator(".verdict").is_hidden()
    assert every.locator(".frame path.yours").get_attribute("d") == ""
    assert every.locator(".frame path.slope").get_attribute("d") != ""


def test_a_hidden_layer_is_told_when_it_is_ticked(opened):
    bare = opened.widget("activation", BARE)
    expect(said(bare, "slope")).to_have_text("hidden")
    assert bare.locator("[data-row=gradient]").is_hidden()
    assert bare.locator(".frame path.slope").get_attribute("d") == ""
    bare.get_by_role("checkbox", name="Slope f").check()
    expect(said(bare, "slope")).to_have_text(f"{1 - np.tanh(1) ** 2:.2f}")
    expect(bare.locator("[data-row=gradient]")).to_be_visible()
    assert bare.locator(".frame path.slope").get_attribute("d") != ""
    opened.expect_python("bare.show", "['slope']")


def test_python_moves_the_picture_and_both_say_the_same(opened, every):
    opened.set("every", activation="prelu", z=-2.0, dy=-1.5)
    expect(said(every, "value")).to_have_text("y = −0.5 at z = −2")
    summary = ast.literal_eval(opened.python("every.summary()"))
    rows = every.locator(".legend li").all_text_contents()
    assert len(rows) == 5  # value, slope, gradient, the share in dα, saturation
    assert all(row in summary for row in rows)


def test_the_point_is_announced(every):
    every.locator(".point").press("Home")
    expect(every.get_by_role("status")).to_have_text(
        re.compile(r"^sigmoid: y = 0.002473 at z = −6, slope 0.002467. Your sigmoid_backward is right")
    )


def test_tab_reaches_every_control_and_keys_stay_in_the_widget(opened, leaky):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    leaky.locator(".point").focus()
    opened.page.keyboard.press("Shift")  # a key, so that the focus is one to see
    before = opened.page.evaluate(cells)
    seen = []
    for k in range(7):
        if k:
            opened.page.keyboard.press("Tab")
        found = opened.page.locator(":focus")
        name = found.get_attribute("aria-label") or found.locator("xpath=..").text_content()
        seen.append([name.split(":")[0], found.evaluate(FOCUS_SEEN)])
        opened.page.keyboard.press("d")
    names = ["Point on the curve, z", "α", "Point z", "Upstream dy"]
    names += ["Slope f′(z)", "Saturated, slope below 5 % of the largest, 1", "Your leaky_relu_backward"]
    assert seen == [[name, True] for name in names]
    assert opened.page.evaluate(cells) == before


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, leaky, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    for name, role in {".graph": "value", ".frame .slope": "gradient", ".frame .yours": "yours"}.items():
        assert style(leaky.locator(name), "stroke") == rgb(colours[role])
    expect_readable(leaky, dark=theme == "Dark")


@pytest.mark.parametrize("position", [ALL, LEAKY, BARE])
def test_at_200_percent_nothing_is_cut_or_overlaps(opened, position):
    with zoomed(opened):
        widget = opened.widget("activation", position)
        expect_uncut(widget, "text, p, input, button, strong, .controls span, fieldset label")
        for chart in widget.locator(".picture").all():
            expect_no_overlap(boxes(chart, "text"))

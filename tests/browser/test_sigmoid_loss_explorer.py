"""The sigmoid and loss explorer, driven by mouse and keyboard in a real JupyterLab."""

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
PLAIN, YOURS = range(2)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import SigmoidLossExplorer\n"
    "def twice(z, d):\n    return 2 * ops.sigmoid_mse_backward(z, d)\n"
    "def unwritten(z, d):\n    raise NotImplementedError\n"
    "plain = SigmoidLossExplorer(d=1.0, z=-6.0)\nplain",
    "yours = SigmoidLossExplorer(z=-2.0, steps=20, view='z', sigmoid_mse_backward=twice,"
    " sigmoid_cross_entropy_backward=unwritten)\nyours",
)
GRADIENTS, RUNS = range(2)
FOCUS_SEEN = """(node) => {
  const ring = node.querySelector(".ring");
  const { opacity, outlineWidth } = getComputedStyle(ring ?? node);
  return ring ? opacity === "1" : outlineWidth === "3px";
}"""
BACKWARD = {"mse": ops.sigmoid_mse_backward, "cross": ops.sigmoid_cross_entropy_backward}


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "sigmoid_loss.ipynb", *CELLS)
    lab.open("sigmoid_loss.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def plain(opened: Lab) -> Locator:
    """Give the widget without functions of a student as it was at first."""
    opened.set("plain", d=1.0, z=-6.0, learning_rate=1.0, step=50, view="p")
    widget = opened.widget("sigmoid-loss", PLAIN)
    expect(verdict(widget)).to_have_text(re.compile("^After 50 steps: squared error p = 0.002818, "))
    expect(widget.locator(".start")).to_have_attribute("aria-valuenow", "-6")
    expect(slider(widget, "learning rate")).to_have_attribute("aria-valuetext", "1")
    expect(widget.locator(".title").nth(RUNS)).to_have_text("Output p over the steps")
    return widget


def verdict(widget: Locator) -> Locator:
    return widget.locator(".verdict-words")


def slider(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("slider", name=name)


def descend(backward, z: float, d: float, rate: float, steps: int) -> np.ndarray:
    path = [z]
    for _ in range(steps):
        path.append(path[-1] - rate * float(backward(path[-1], d)))
    return np.array(path)


def points(widget: Locator, chart: int, name: str, domain, values) -> np.ndarray:
    """Read the corners of a drawn path back as pairs (x, y)."""
    frame = widget.locator(".frame").nth(chart)
    size = np.array([float(frame.get_attribute(side)) for side in ("width", "height")])
    drawn = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", frame.locator(f".{name}").get_attribute("d"))
    share = np.array(drawn, dtype=float) / size
    return np.array([domain[0], values[1]]) + share * [domain[1] - domain[0], values[0] - values[1]]


@pytest.mark.parametrize("loss", ["mse", "cross"])
def test_curves_are_drawn_where_numpy_puts_them(plain, loss):
    z, gradient = points(plain, GRADIENTS, loss, (-10, 10), (-1.1, 0.1)).T
    np.testing.assert_allclose(z, np.linspace(-10, 10, 201), atol=0.01)
    np.testing.assert_allclose(gradient, BACKWARD[loss](z, np.ones_like(z)), atol=0.01)


@pytest.mark.parametrize("loss", ["mse", "cross"])
def test_runs_are_drawn_where_numpy_puts_them(plain, loss):
    step, p = points(plain, RUNS, loss, (0, 52), (-0.05, 1.05)).T
    np.testing.assert_allclose(step, np.arange(51), atol=0.05)
    expected = ops.sigmoid(descend(BACKWARD[loss], -6.0, 1.0, 1.0, 50))
    np.testing.assert_allclose(p, expected, atol=0.01)


def test_the_sentences_give_the_numbers(opened, plain):
    paths = [descend(backward, -6.0, 1.0, 1.0, 50) for backward in BACKWARD.values()]
    ends = [f"{float(ops.sigmoid(path[-1])):.4g}" for path in paths]
    expect(verdict(plain)).to_have_text(
        f"After 50 steps: squared error p = {ends[0]}, cross-entropy p = {ends[1]}. "
        "The target is 1: squared error stalls; cross-entropy has arrived."
    )
    rows = plain.locator(".legend strong").all_text_contents()
    summary = ast.literal_eval(opened.python("plain.summary()"))
    assert summary.endswith(f"Squared error: {rows[0]}. Cross-entropy: {rows[1]}.")


def test_stepping_asks_nothing_of_python(opened, plain):
    opened.python("plain.observe(lambda _: globals().__setitem__('again', True), 'picture')")
    plain.get_by_role("button", name="First").click()
    expect(verdict(plain)).to_have_text(re.compile("^Before the first step: squared error p = 0.002473"))
    plain.get_by_role("button", name="Forward").click()
    expect(verdict(plain)).to_have_text(re.compile("^After 1 step: "))
    plain.get_by_role("button", name="Forward").press("Enter")
    plain.get_by_role("button", name="Back").click()
    expect(slider(plain, "step")).to_have_attribute("aria-valuetext", "1 of 50")
    assert len(points(plain, RUNS, "cross", (0, 52), (-0.05, 1.05))) == 2
    slider(plain, "step").press("End")
    expect(verdict(plain)).to_have_text(re.compile("^After 50 steps: "))
    opened.expect_python("(plain.step, 'again' in globals())", "(50, False)")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_runs_to_the_end_and_python_follows(opened, plain, motion):
    opened.page.emulate_media(reduced_motion=motion)
    plain.get_by_role("button", name="First").click()
    plain.get_by_role("button", name="Play").click()
    expect(plain.get_by_role("button", name="Pause")).to_be_visible()
    expect(verdict(plain)).to_have_text(re.compile("^After 50 steps: "))
    expect(plain.get_by_role("button", name="Play")).to_be_visible()
    opened.expect_python("plain.step", "50")
    opened.page.emulate_media(reduced_motion="no-preference")


def test_pause_stops_the_run(opened, plain):
    play = plain.locator(".play")
    play.click()  # from the end: starts anew
    opened.page.wait_for_timeout(200)
    play.click()
    expect(play).to_have_text("Play")
    paused = verdict(plain).text_content()
    opened.page.wait_for_timeout(300)
    assert verdict(plain).text_content() == paused
    assert not paused.startswith("After 50 steps")


def test_the_start_is_dragged_and_both_runs_follow(opened, plain):
    rim = plain.locator(".rim").first.bounding_box()
    opened.drag(plain.locator(".start"), lambda _, y: (rim["x"] + rim["width"] * 0.4, y))
    z = float(plain.locator(".start").get_attribute("aria-valuenow"))
    assert z == pytest.approx(-2.0, abs=0.11)
    paths = [descend(backward, z, 1.0, 1.0, 50) for backward in BACKWARD.values()]
    ends = [f"{float(ops.sigmoid(path[-1])):.4g}".rstrip("0") for path in paths]
    expect(verdict(plain)).to_have_text(
        re.compile(f"squared error p = {ends[0]}, cross-entropy p = {ends[1]}")
    )
    opened.expect_python("(plain.z, float(plain.runs['mse'].z[0]))", f"({z}, {z})")


def test_keys_move_the_start_and_not_cells(opened, plain):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    start = plain.locator(".start")
    start.focus()
    before = opened.page.evaluate(cells)
    moves = {"ArrowRight": -5.9, "ArrowDown": -6.0, "PageUp": -5.0, "Home": -10.0, "End": 10.0}
    for key, expected in moves.items():
        start.press(key)
        assert float(start.get_attribute("aria-valuenow")) == expected, key
    for key in "abdd":
        start.press(key)
    assert opened.page.evaluate(cells) == before


def test_target_and_rate_run_anew(opened, plain):
    slider(plain, "target d").press("Home")
    expect(verdict(plain)).to_have_text(
        re.compile("The target is 0: squared error has arrived; cross-entropy has")
    )
    z, gradient = points(plain, GRADIENTS, "cross", (-10, 10), (-0.1, 1.1)).T
    np.testing.assert_allclose(gradient, ops.sigmoid(z), atol=0.01)
    slider(plain, "target d").press("End")
    slider(plain, "learning rate").press("ArrowRight")
    opened.expect_python("(plain.d, plain.learning_rate)", "(1.0, 2.0)")
    expected = float(ops.sigmoid(descend(BACKWARD["cross"], -6.0, 1.0, 2.0, 50)[-1]))
    expect(verdict(plain)).to_have_text(re.compile(f"cross-entropy p = {expected:.4g}"))


def test_the_view_changes_in_the_browser(opened, plain):
    plain.get_by_role("radio", name="loss").check()
    expect(plain.locator(".title").nth(RUNS)).to_have_text("Loss over the steps")
    loss = ops.sigmoid_cross_entropy(descend(BACKWARD["cross"], -6.0, 1.0, 1.0, 50), np.ones(51))
    low, high = float(loss.min()), float(loss.max())
    room = 0.05 * (high - low + 0.1)
    drawn = points(plain, RUNS, "cross", (0, 52), (low - room, high + room))[:, 1]
    np.testing.assert_allclose(drawn, loss, atol=0.1)
    opened.expect_python("plain.view", "'loss'")


def test_the_students_functions_run_beside_the_courses(opened):
    widget = opened.widget("sigmoid-loss", YOURS)
    rows = widget.locator(".legend strong")
    expect(rows.nth(2)).to_have_text(
        re.compile(r"furthest off at z = −0.7: −0.2963, not −0.1481\. With it: z ")
    )
    expect(rows.nth(3)).to_have_text(re.compile("^unwritten is not written yet"))
    path = descend(lambda z, d: 2 * BACKWARD["mse"](z, d), -2.0, 1.0, 1.0, 20)
    cross = descend(BACKWARD["cross"], -2.0, 1.0, 1.0, 20)
    low, high = cross.min(), cross.max()
    room = 0.05 * (high - low + 0.1)
    drawn = points(widget, RUNS, "yours-mse", (0, 20.8), (low - room, high + room))[:, 1]
    np.testing.assert_allclose(drawn, path, atol=0.05)
    assert widget.locator(".yours-cross").first.get_attribute("d") == ""


def test_tab_reaches_every_control_and_focus_is_seen(opened, plain):
    plain.get_by_role("button", name="First").focus()
    opened.page.keyboard.press("Shift+Tab")
    seen = []
    for _ in range(10):
        found = opened.page.locator(":focus")
        name = found.get_attribute("aria-label") or found.text_content() or found.get_attribute("value")
        seen.append([name, found.evaluate(FOCUS_SEEN)])
        opened.page.keyboard.press("Tab")
    names = ["Logit z at the start", "First", "Back", "Play", "Forward", "p"]
    names += ["step", "start at z", "target d", "learning rate"]
    assert seen == [[name, True] for name in names]


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, plain, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    for name, role in {".mse": "wrong", ".cross": "value", ".yours-mse": "yours"}.items():
        assert style(plain.locator(name), "stroke") == rgb(colours[role])
    expect_readable(plain, dark=theme == "Dark")


@pytest.mark.parametrize("position", [PLAIN, YOURS])
def test_at_200_percent_nothing_is_cut_or_overlaps(opened, position):
    with zoomed(opened):
        widget = opened.widget("sigmoid-loss", position)
        expect_uncut(widget, "text, p, input, button, strong, .reading, label")
        expect_no_overlap(boxes(widget, "text"))

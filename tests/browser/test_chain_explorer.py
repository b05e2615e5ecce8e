"""The chain explorer, driven by mouse and keyboard in a real JupyterLab."""

import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from backprop_course import ops
from backprop_course.numbers import show as number
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
CHAIN, PATHS, ASKS, LOG, BROKEN = range(5)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import ChainExplorer\n"
    "def unwritten(functions, derivatives, x):\n    raise NotImplementedError\n"
    "chain = ChainExplorer([np.square, np.sin, np.exp], [lambda x: 2 * x, np.cos, np.exp], "
    "names=['a = x²', 'b = sin(a)', 'y = exp(b)'], yours=ops.chain_derivative)\nchain",
    "paths = ChainExplorer(paths=[lambda x: 2 * x, lambda x: x + 1], outer=lambda z: z[0] * z[1], "
    "x=2.0, dx=0.25, names=['u = 2x', 'v = x + 1', 'y = u v'], yours=ops.distributed_derivative)\npaths",
    "asks = ChainExplorer([np.square, np.sin, np.exp], reached=0, yours=unwritten)\nasks",
    "log = ChainExplorer([np.log, np.square], x=0.5, span=(-1, 1))\nlog",
    "ChainExplorer([np.square, lambda a: 1 / 0], x=2.0)",
)
BOXES = """(widget) => [...widget.querySelectorAll(".value .arrow.change")].map((arrow) => {
  const [box, lane] = [arrow, arrow.parentElement].map((node) => node.getBoundingClientRect());
  const share = parseFloat(arrow.parentElement.style.getPropertyValue("--zero")) / 100;
  const ends = [box.left, box.right].map((x) => x - lane.left - lane.width * share);
  return arrow.classList.contains("back") ? ends.reverse() : ends;
})"""
FOCUSED = """() => {
  const node = document.activeElement;
  return [node.getAttribute("aria-label") ?? node.textContent, getComputedStyle(node).outlineWidth === "3px"];
}"""


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "chain.ipynb", *CELLS)
    lab.open("chain.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def chain(opened: Lab) -> Locator:
    """Give the widget of exp(sin(x²)) as it was at first."""
    widget = opened.widget("chain", CHAIN)
    opened.set("chain", x=1.0, dx=0.1, reached=3)
    expect(reading(widget, "x")).to_have_text("1")
    expect(reading(widget, "Push Δx")).to_have_text("0.1")
    expect(widget.locator(".player .reading")).to_have_text("step 3 of 3")
    return widget


def reading(widget: Locator, label: str) -> Locator:
    return widget.locator(f".controls span:text-is('{label}') ~ .reading").first


def slider(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("slider", name=name, exact=True)


def finding(widget: Locator, name: str) -> Locator:
    return widget.locator(f"[data-row={name}] strong")


def press(widget: Locator, name: str) -> None:
    widget.get_by_role("button", name=name, exact=True).click()


def said(widget: Locator) -> list[str]:
    return [text.strip() for text in widget.locator(".said").all_inner_texts()]


def stages(x: float) -> np.ndarray:
    return np.array([x, x**2, np.sin(x**2), np.exp(np.sin(x**2))])


def test_the_widget_shows_and_not_the_static_figure(opened, chain):
    expect(chain.locator(".rows li")).to_have_count(7)
    assert opened.page.locator(".backprop-still").count() == 0


@pytest.mark.parametrize(("x", "dx"), [(1.0, 0.1), (-0.65, 0.25), (1.4, -0.02)])
def test_its_numbers_and_arrows_are_numpys(opened, chain, x, dx):
    opened.set("chain", x=x, dx=dx)
    moves = stages(x + dx) - stages(x)
    slopes = [2 * x, np.cos(x**2), np.exp(np.sin(x**2))]
    labels = [f"Δ{name} = {number(move)}" for name, move in zip("xaby", moves, strict=True)]
    expect(chain.locator(".said")).to_have_text(labels)
    ratios = [number(move / before) for before, move in itertools.pairwise(moves)]
    expect(chain.locator(".ratio")).to_have_text([re.compile(f"= {re.escape(r)}$") for r in ratios])
    expect(chain.locator(".slope")).to_have_text(
        [re.compile(f"= {re.escape(number(s))}, at") for s in slopes]
    )
    expect(finding(chain, "change")).to_have_text(number(moves[-1]))
    expect(finding(chain, "forecast")).to_have_text(
        re.compile(f"= {re.escape(number(np.prod(slopes) * dx))}$")
    )
    expect(finding(chain, "yours")).to_have_text(re.compile(f"✓ {re.escape(number(np.prod(slopes)))}, as is"))
    opened.page.wait_for_timeout(700)  # the arrows' transition
    starts, ends = np.array(chain.evaluate(BOXES)).T
    np.testing.assert_allclose(starts, 0, atol=0.5)
    np.testing.assert_allclose(ends, moves / moves[0] * ends[0], atol=0.02 * abs(ends[0]) + 0.5)


def test_sliders_by_keyboard_and_python_follows(opened, chain):
    slider(chain, "x").press("ArrowRight")
    expect(reading(chain, "x")).to_have_text("1.05")
    expect(chain.locator(".value .before").first).to_have_text("1.05")
    opened.expect_python("chain.x", "1.05")
    slider(chain, "Push Δx").press("ArrowLeft")
    expect(reading(chain, "Push Δx")).to_have_text("0.05")
    expected = float(ops.exp_sin_square(1.1) - ops.exp_sin_square(1.05))
    expect(finding(chain, "change")).to_have_text(number(expected))
    opened.expect_python("round(chain.change, 12)", repr(round(expected, 12)))
    slider(chain, "Push Δx").press("Home")
    expect(reading(chain, "Push Δx")).to_have_text("−1")


def test_sliders_by_mouse(opened, chain):
    box = slider(chain, "x").bounding_box()
    opened.page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + box["height"] / 2)
    x = float(reading(chain, "x").inner_text().replace("−", "-"))
    assert x == pytest.approx(0.0, abs=0.06)
    opened.expect_python("chain.x", repr(x))
    expect(chain.locator(".said").first).to_have_text("Δx = 0.1")


def test_the_miss_shrinks_with_the_push(opened, chain):
    misses = []
    for dx in (0.1, 0.01, 0.001):
        opened.set("chain", dx=dx)
        expect(reading(chain, "Push Δx")).to_have_text(f"{dx:g}")
        expect(finding(chain, "change")).to_have_text(number(stages(1 + dx)[-1] - stages(1.0)[-1]))
        misses.append(float(finding(chain, "miss").inner_text().split(";")[0].replace("−", "-")))
    assert abs(misses[0] / misses[1]) > 80
    assert misses[1] / misses[2] == pytest.approx(100, rel=0.1)


def test_stepping_shows_one_stage_after_the_other_without_python(opened, chain):
    press(chain, "First")
    assert said(chain) == ["Δx = 0.1", "", "", ""]
    expect(finding(chain, "change")).to_have_text("once the push has arrived")
    for step in range(1, 4):
        press(chain, "Forward")
        assert chain.locator(".said:visible").count() == step + 1
        assert chain.locator(".ratio:visible").count() == step
        expect(chain.locator("li.here .name").first).to_have_text(
            ["a = x²", "b = sin(a)", "y = exp(b)"][step - 1]
        )
    expect(finding(chain, "change")).to_have_text("0.229")
    forward = chain.get_by_role("button", name="Forward")
    expect(forward).to_be_disabled()
    forward.press("Enter")  # keeps the focus, and does nothing
    expect(chain.locator(".player .reading")).to_have_text("step 3 of 3")
    press(chain, "Back")
    opened.expect_python("chain.reached", "2")


def test_arrow_keys_step_from_every_button(chain):
    chain.get_by_role("button", name="Play").focus()
    for key, step in (("Home", 0), ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 3)):
        chain.get_by_role("button", name="Play").press(key)
        expect(chain.locator(".player .reading")).to_have_text(f"step {step} of 3")


def test_play_sends_the_push_to_the_end_and_can_be_paused(chain):
    press(chain, "Play")
    expect(chain.locator(".player .reading")).to_have_text("step 0 of 3")
    expect(chain.locator(".player .reading")).to_have_text("step 1 of 3")
    press(chain, "Pause")
    expect(chain.get_by_role("button", name="Play")).to_be_visible()
    press(chain, "Play")
    expect(chain.locator(".player .reading")).to_have_text("step 3 of 3")
    expect(chain.get_by_role("button", name="Play")).to_be_visible()


def test_reduced_motion_plays_without_transitions(opened, chain):
    style = "e => getComputedStyle(e).transitionDuration"
    assert chain.locator(".arrow").first.evaluate(style) == "0.6s"
    opened.page.emulate_media(reduced_motion="reduce")
    assert chain.locator(".arrow").first.evaluate(style) == "0s"
    opened.page.emulate_media(reduced_motion="no-preference")


def test_contributions_of_two_paths_lie_head_to_tail_beside_the_change(opened):
    paths = opened.widget("chain", PATHS)
    opened.set("paths", x=2.0, dx=0.25)
    expect(finding(paths, "forecast")).to_have_text("(3 · 2 + 4 · 1) · 0.25 = 2.5")
    expect(finding(paths, "miss")).to_have_text(re.compile("^0.125;"))
    last = paths.locator("li.value").last
    boxes = [last.locator(".arrow").nth(k).bounding_box() for k in range(3)]
    change, first, second = [(box["x"], box["x"] + box["width"]) for box in boxes]
    assert first[0] == pytest.approx(change[0], abs=0.5)
    assert second[0] == pytest.approx(first[1], abs=0.5)
    assert (second[1] - first[0]) / (change[1] - change[0]) == pytest.approx(2.5 / 2.625, abs=0.01)
    assert (first[1] - first[0]) / (second[1] - second[0]) == pytest.approx(1.5, abs=0.02)
    slider(paths, "x").press("ArrowLeft")
    expected = [float(number(v)) for v in (2.95, 3.9)]
    expect(finding(paths, "forecast")).to_have_text(
        re.compile(f"^\\({expected[0]} · 2 \\+ {expected[1]} · 1\\)")
    )
    expect(finding(paths, "yours")).to_have_text(re.compile("^✓ 9.8, as is the sum over the paths"))


def test_it_can_ask_before_it_tells_and_an_unwritten_function_hides_nothing(opened):
    asks = opened.widget("chain", ASKS)
    opened.set("asks", reached=0)
    expect(asks.locator(".player .reading")).to_have_text("step 0 of 3")
    assert asks.locator(".slope:visible").count() == 0
    opened.set("asks", reached=3)
    expect(finding(asks, "change")).to_have_text("0.229")
    expect(finding(asks, "yours")).to_have_text(re.compile("^unwritten is not written yet"))


def test_a_problem_keeps_the_sliders_and_the_focus(opened):
    log = opened.widget("chain", LOG)
    x = slider(log, "x")
    x.press("Home")
    expect(log.get_by_role("alert")).to_have_text(re.compile(r"log at x = −1, .* returned nan"))
    expect(log.locator(".rows")).to_have_count(0)
    x.press("End")
    expect(log.locator(".said").first).to_have_text("Δx = 0.1")
    assert x.evaluate("e => e === document.activeElement")
    expect(log.get_by_role("alert")).to_have_count(0)


def test_a_function_that_raises_says_so(opened):
    alert = opened.widget("chain", BROKEN).get_by_role("alert")
    expect(alert).to_have_text(re.compile("f stopped at y₁ = 4, .* with ZeroDivisionError"))


def test_keys_move_the_slider_and_not_the_cells(opened, chain):
    cells = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"
    slider(chain, "x").focus()
    before = opened.page.evaluate(cells)
    for key in ("ArrowUp", "ArrowDown", "a", "d", "d"):
        slider(chain, "x").press(key)
    chain.get_by_role("button", name="Back").press("ArrowDown")
    assert opened.page.evaluate(cells) == before


def test_tab_reaches_every_control_and_focus_is_seen(opened, chain):
    chain.get_by_role("button", name="First").focus()
    opened.page.keyboard.press("Shift+Tab")
    seen = []
    for _ in range(6):
        opened.page.keyboard.press("Tab")
        seen.append(opened.page.evaluate(FOCUSED))
    names = ["First", "Back", "Play", "Forward", "x", "Push Δx"]
    assert seen == [[name, True] for name in names]


def test_what_has_arrived_is_announced(chain):
    chain.get_by_role("button", name="Back").press("Home")
    expect(chain.get_by_role("status")).to_have_text("Step 0 of 3. Δx = 0.1")
    chain.get_by_role("button", name="Back").press("ArrowRight")
    expect(chain.get_by_role("status")).to_have_text("Step 1 of 3. Δa/Δx = 2.1. Δa = 0.21")


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, chain, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    assert style(chain.locator(".ratio"), "color") == rgb(colours["value"])
    assert style(chain.locator(".slope"), "color") == rgb(colours["gradient"])
    assert style(chain.locator(".arrow.change"), "backgroundColor") == rgb(colours["value"])
    expect_readable(chain, dark=theme == "Dark")


@pytest.mark.parametrize("position", [CHAIN, PATHS])
def test_at_200_percent_nothing_is_cut_or_overlaps(opened, position):
    parts = ".values, .lane, .said, .rule .name, .ratio, .slope, input, button, strong, .reading"
    with zoomed(opened):
        widget = opened.widget("chain", position)
        expect_uncut(widget, parts)
        expect_no_overlap(boxes(widget, parts), by=1)

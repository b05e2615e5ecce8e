"""The graph explorer, driven by mouse and keyboard in a real JupyterLab."""

import re
from contextlib import nullcontext

import pytest
from playwright.sync_api import Locator, expect

from backprop_course.graph import Graph
from backprop_course.widgets import GraphExplorer
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
SMALL, FRACTION, UNDEFINED, CYCLE, WIDE = range(5)
FORMULAS = "x = -2; y = 5; z = -4; q = x + y; f = q * z"
LECTURE = (
    "x = 4; y = 3; s = sigmoid(x); top = x + s; square = squared_sum(x, y); "
    "bottom = s + square; r = 1 / bottom; z = top * r"
)
LONG = "w = 2; x = -1; p = w * x; z = p + x; n = -z; e = exp(n); m = 1 + e; f = 1 / m; s = f - 1; L = s * s"
CELLS = (
    f"from backprop_course.widgets import GraphExplorer\nsmall = GraphExplorer({FORMULAS!r})\nsmall",
    f"fraction = GraphExplorer({LECTURE!r})\nfraction",
    "undefined = GraphExplorer('x = 2; y = 1 / x')\nundefined",
    "GraphExplorer('a = b + 1; b = exp(a)')",
    f"GraphExplorer({LONG!r})",
)
SIZES = """e => [...e.querySelectorAll(".picture text")].map((text) => {
  const [shown, drawn] = [text.getBoundingClientRect(), text.getBBox()];
  return (shown.height / drawn.height) * parseFloat(getComputedStyle(text).fontSize);
})"""
BUTTONS = ["First", "Back", "Play", "Forward", "Last"]


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "graph.ipynb", *CELLS)
    lab.open("graph.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def small(opened: Lab) -> Locator:
    """Give the widget of (x + y) z as it was at first."""
    widget = opened.widget("graph-explorer", SMALL)
    reset(opened, "small", x=-2, y=5, z=-4)
    expect(widget.locator(".reading")).to_have_text("step 0 of 9, before the passes")
    expect(widget.locator(".broken")).to_be_hidden()
    return widget


@pytest.fixture
def fraction(opened: Lab) -> Locator:
    """Give the widget of the lecture's fraction, both passes done."""
    widget = opened.widget("graph-explorer", FRACTION)
    reset(opened, "fraction", x=4, y=3)
    press(widget, "Last")
    expect(widget.locator(".reading")).to_have_text("step 18 of 18, backward pass")
    expect(widget.locator(".broken")).to_be_hidden()
    return widget


def reset(lab: Lab, name: str, **inputs: float) -> None:
    lab.set(name, inputs=inputs, overrides=[], step=0)


def press(widget: Locator, name: str, times: int = 1) -> None:
    for _ in range(times):
        widget.get_by_role("button", name=name, exact=True).click()


def shown(widget: Locator, kind: str) -> list[str]:
    """Read the numbers of a kind that are on the picture, in the order of their texts."""
    return sorted(widget.locator(f".number.{kind}:not(.hidden) text").all_text_contents())


def rows(widget: Locator, name: str) -> list[list[str]]:
    """Read the rows of a table that are filled in."""
    found = widget.locator(f"[data-pass={name}] tbody tr:not(.empty)").all()
    return [row.locator("td").all_text_contents() for row in found]


def local(widget: Locator, edge: str) -> Locator:
    return widget.get_by_role("button", name=f"Local derivative {edge} =")


def four(*numbers: float) -> list[str]:
    """Write numbers as the picture does."""
    return sorted(f"{number:.4g}".replace("-", "−") for number in numbers)


def test_the_widget_shows_and_not_the_static_figure(opened, small):
    expect(small.locator("svg.picture")).to_be_visible()
    assert opened.page.locator(".backprop-still").count() == 0


def test_the_key_explains_what_is_drawn(small, fraction):
    expect(small.locator(".key li")).to_have_count(3)
    expect(fraction.locator(".key li").last).to_have_text("Σ gradient, where several meet")


def test_each_step_adds_its_numbers_and_its_row(small):
    graph = Graph.from_formulas(FORMULAS)
    forward, backward = graph.forward_table().rows, graph.backward_table().rows
    values = [-2, 5, -4]
    locals_: list[int] = []
    gradients: list[int] = []
    assert shown(small, "value") == four(*values)
    steps = [
        ([3], [1, 1], []),
        ([-12], [-4, 3], []),
        *(([], [], g) for g in ([1, -4], [3], [-4], [-4], [], [], [])),
    ]
    for step, (value, factors, sent) in enumerate(steps, start=1):
        press(small, "Forward")
        values, locals_, gradients = values + value, locals_ + factors, gradients + sent
        assert shown(small, "value") == four(*values)
        assert shown(small, "local") == four(*locals_)
        assert shown(small, "gradient") == four(*gradients)
        assert rows(small, "forward") == [list(row) for row in forward[:step]]
        assert rows(small, "backward") == [list(row) for row in backward[: max(0, step - 2)]]
    expect(small.locator(".reading")).to_have_text("step 9 of 9, backward pass")


def test_the_rule_is_spelled_out_with_its_numbers(small):
    press(small, "Forward", 5)
    expect(small.locator(".said")).to_have_text("q hears −4 from f. q hands upstream × local on to x.")
    expect(small.locator(".equation > .upstream")).to_have_text("−4upstreamdf/dq")
    expect(small.locator(".equation > .local")).to_have_text("1local∂q/∂x = 1")
    expect(small.locator(".equation > .downstream")).to_have_text("−4downstreamdf/dx")
    expect(small.get_by_role("status").last).to_have_text(
        "q hears −4 from f. q hands upstream × local on to x. −4 × 1 = −4."
    )
    expect(small.locator(".node[data-phase]")).to_have_attribute("data-node", "q")
    sending = small.locator(".edge[data-phase=backward]")
    assert [sending.get_attribute(f"data-{end}") for end in ("parent", "child")] == ["x", "q"]


def test_stepping_needs_no_round_trip(opened, small):
    """While the kernel sleeps, the picture goes on."""
    opened.page.evaluate(
        "() => { jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code: 'import time; time.sleep(4)' }); }"
    )
    press(small, "Forward", 3)
    expect(small.locator(".reading")).to_have_text("step 3 of 9, backward pass", timeout=500)
    assert shown(small, "gradient") == four(1, -4)
    opened.wait_until_idle()
    opened.expect_python("small.step", "3")


def test_keys_take_steps_and_leave_the_cells_alone(opened, small):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    frame = small.get_by_role("group", name="Graph: arrow keys take steps")
    frame.focus()
    before = opened.page.evaluate(cells)
    for key, step in {"ArrowRight": 1, "End": 9, "ArrowLeft": 8, "Home": 0}.items():
        opened.page.keyboard.press(key)
        expect(small.locator(".reading")).to_contain_text(f"step {step} of 9")
    for key in "abdd":
        opened.page.keyboard.press(key)
    small.get_by_role("slider", name="Step").press("ArrowRight")
    expect(small.locator(".reading")).to_contain_text("step 1 of 9")
    assert opened.page.evaluate(cells) == before
    opened.expect_python("small.step", "1")


def test_play_goes_on_by_itself_and_pauses(small):
    play = small.locator(".play")
    play.focus()
    play.press("Enter")
    expect(play).to_have_text("Pause")
    expect(small.locator(".reading")).to_contain_text("step 2 of 9", timeout=5000)
    play.press("Space")
    expect(play).to_have_text("Play")
    step = small.locator(".reading").text_content()
    small.page.wait_for_timeout(2500)  # milliseconds: what a step with few words stays, and more
    assert small.locator(".reading").text_content() == step
    press(small, "Last")
    play.click()  # from the end, it starts again
    expect(small.locator(".reading")).to_contain_text("step 0 of 9")
    press(small, "Back")
    expect(play).to_have_text("Play")


def test_moving_an_input_computes_in_python(opened, small):
    press(small, "Last")
    small.get_by_role("slider", name="Input z").press("ArrowRight")
    opened.expect_python("small.inputs['z']", "-3.8")
    expected = four(1, -3.8, -3.8, -3.8, 3)
    expect(small.locator(".number.value", has_text="−11.4")).to_be_visible()
    assert shown(small, "gradient") == expected
    typed = small.get_by_role("spinbutton", name="Input z, as a number")
    typed.fill("10")
    typed.press("Enter")
    expect(small.locator(".number.value", has_text="30")).to_be_visible()
    assert shown(small, "gradient") == four(1, 10, 10, 10, 3)
    opened.expect_python("small.graph.gradients()['x']", "10.0")


def test_the_lectures_tables_fill_in(fraction):
    graph = Graph.from_formulas(LECTURE)
    assert rows(fraction, "forward") == [list(row) for row in graph.forward_table().rows]
    assert rows(fraction, "backward") == [list(row) for row in graph.backward_table().rows]
    fraction.get_by_text("Both passes as a table").click()
    expect(fraction.locator("[data-pass=forward]")).to_be_hidden()
    fraction.get_by_role("radio", name="forward pass").check()
    expect(fraction.locator("[data-pass=forward]")).to_be_visible()
    fraction.get_by_text("Both passes as a table").click()
    sums = [text for text in shown(fraction, "gradient") if text.startswith("Σ")]
    gradients = graph.gradients()
    assert sums == sorted(f"Σ {gradients[name]:.4g}".replace("-", "−") for name in ("x", "s"))


@pytest.mark.parametrize("way", ["mouse", "keys"])
def test_a_local_derivative_by_hand_shows_what_breaks(opened, fraction, way):
    chip = local(fraction, "∂r/∂bottom")
    if way == "mouse":
        chip.click()
    else:
        chip.focus()
        chip.press("Enter")
    field = fraction.get_by_role("spinbutton", name="Local derivative ∂r/∂bottom, by hand")
    expect(field).to_be_focused()
    field.press_sequentially("1")  # it is selected: what is typed replaces it
    field.press("Enter")
    broken = fraction.locator(".broken")
    expect(broken).to_contain_text("∂r/∂bottom is set to 1 by hand; the rule −1/bottom² gives −0.0004003.")
    python = GraphExplorer(LECTURE)
    python.overrides = [{"child": "r", "parent": "bottom", "value": 1}]
    expect(broken.locator("p span").last).to_have_text(python.run["steps"][-1]["broken"])
    wrong = fraction.locator(".number.wrong")
    texts = [text.removeprefix("✗") for text in wrong.locator("text").all_text_contents()]
    gradients = python.graph.gradients()
    down = {f"{e.child} {e.parent}": e.downstream for e in python.graph.edges()}
    paths = ("r bottom", "bottom s", "bottom square", "square x", "square y", "s x")
    expected = four(*map(down.__getitem__, paths))
    expected += [f"Σ {gradients[name]:.4g}".replace("-", "−") for name in ("x", "s")]
    assert sorted(texts) == sorted(expected)
    assert wrong.first.locator("rect").evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
    cells = fraction.locator("[data-pass=backward] td.wrong").count()
    assert cells == len(paths) + len({"bottom", "square", "s", "y", "x"})
    field.press("Escape")
    expect(chip).to_be_focused()
    fraction.get_by_role("button", name="Put the rules back").click()
    expect(broken).to_be_hidden()
    expect(fraction.locator(".number.wrong")).to_have_count(0)
    opened.expect_python("fraction.overrides", "[]")


def test_an_input_without_a_value_says_why_and_can_be_moved_on(opened):
    widget = opened.widget("graph-explorer", UNDEFINED)
    typed = widget.get_by_role("spinbutton", name="Input x, as a number")
    typed.fill("0")
    typed.press("Enter")
    alert = widget.get_by_role("alert")
    expect(alert).to_contain_text("y = 1 / x cannot be computed or differentiated at x = 0")
    assert shown(widget, "value") == []
    typed.fill("4")
    typed.press("Enter")
    expect(alert).to_be_hidden()
    assert shown(widget, "value") == ["4"]


def test_a_cycle_is_named(opened):
    widget = opened.widget("graph-explorer", CYCLE)
    expect(widget.get_by_role("alert")).to_contain_text(re.compile("the graph has a cycle.* → "))


def test_tab_goes_through_buttons_picture_and_inputs(opened, small):
    press(small, "Last")
    small.get_by_role("button", name="First").focus()
    seen = []
    for _ in range(17):
        seen.append(
            opened.page.evaluate(
                "(({ activeElement: e }) => e.getAttribute('aria-label') ?? e.textContent)(document)"
            )
        )
        opened.page.keyboard.press("Tab")
    chips = [f"Local derivative ∂{edge}" for edge in ("q/∂x = 1", "q/∂y = 1", "f/∂q = −4", "f/∂z = 3")]
    inputs = [f"Input {name}{kind}" for name in "xyz" for kind in ("", ", as a number")]
    frame = "Graph: arrow keys take steps"
    assert seen == [*BUTTONS, "Step", frame, *chips, *inputs]


def test_focus_is_seen(opened, small):
    press(small, "Last")
    small.get_by_role("slider", name="Step").focus()
    opened.page.keyboard.press("Tab")
    frame = small.locator(".scroller").first
    assert frame.evaluate("e => [e === document.activeElement, getComputedStyle(e).outlineWidth]") == [
        True,
        "3px",
    ]
    opened.page.keyboard.press("Tab")
    chip = small.locator(".number.local").first
    style = (
        "e => [e === document.activeElement, getComputedStyle(e.querySelector('rect:not(.hit)')).strokeWidth]"
    )
    assert chip.evaluate(style) == [True, "3px"]


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, small, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    press(small, "Last")
    for role in ("value", "gradient"):
        assert style(small.locator(f".number.{role} text"), "fill") == rgb(colours[role])
    expect_readable(small, dark=theme == "Dark")


@pytest.mark.parametrize("zoom", [zoomed, nullcontext])
def test_numbers_do_not_overlap_and_nothing_is_cut(opened, fraction, zoom):
    with zoom(opened):
        expect_uncut(fraction, ".scroller, input, button, .said, .equation, .key li")
        texts = boxes(fraction, ".picture .number text")
        expect_no_overlap(texts, by=2)
        assert texts[0]["height"] > (10 if zoom is nullcontext else 6)  # 12 of the screen's pixels


def test_words_of_a_picture_that_shrinks_keep_ten_pixels(opened):
    wide = opened.widget("graph-explorer", WIDE)
    press(wide, "Last")
    assert min(wide.evaluate(SIZES)) > 9.99
    expect_no_overlap(boxes(wide, ".picture .number text"), by=2)


def test_the_picture_follows_the_node_where_it_scrolls(opened, fraction):
    frame = fraction.locator(".scroller").first.element_handle()
    size = opened.page.viewport_size
    opened.page.set_viewport_size({"width": 400, "height": size["height"]})  # a phone
    try:
        press(fraction, "First")
        press(fraction, "Forward", 6)  # z, at the right end
        opened.page.wait_for_function("e => e.scrollLeft > 100", arg=frame)
        press(fraction, "Last")  # x, at the left end
        opened.page.wait_for_function("e => e.scrollLeft < 20", arg=frame)
    finally:
        opened.page.set_viewport_size(size)

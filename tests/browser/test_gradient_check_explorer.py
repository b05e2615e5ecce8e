"""The gradient-check explorer, driven by mouse and keyboard in a real JupyterLab."""

import ast
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from backprop_course import evaluate
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
AVERAGED, PAIR, UNWRITTEN, BROKEN, TALL = range(5)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import GradientCheckExplorer\n"
    "def linear_backward(dz, x, W):\n    return dz @ W.T, x.T @ dz, dz.mean(axis=0)\n"
    "averaged = GradientCheckExplorer(linear_backward)\naveraged",
    "def tanh_layer(x, W, b):\n    return np.tanh(x @ W + b)\n"
    "def tanh_layer_backward(dy, x, W, b):\n"
    "    g = dy * (1 - tanh_layer(x, W, b) ** 2)\n    return g @ W.T, 2 * x.T @ g, g.sum(axis=0)\n"
    "inputs = [np.ones((3, 2)), np.arange(24.0).reshape(2, 12) / 99, np.ones(12)]\n"
    "pair = GradientCheckExplorer(forward=tanh_layer, backward=tanh_layer_backward, inputs=inputs)\npair",
    "def relu_backward(dy, z):\n    raise NotImplementedError\nGradientCheckExplorer(relu_backward)",
    "GradientCheckExplorer(forward=lambda z: 1 / 0, backward=relu_backward, inputs=[np.ones(3)])",
    "GradientCheckExplorer(forward=lambda x, b: x * b, inputs=[np.ones((40, 3)), np.ones(3)],\n"
    "    backward=lambda dy, x, b: (dy * b, 2 * (dy * x).sum(axis=0)))",
)
PAGE_SUMMARY = """(widget) => {
  const text = (selector) => widget.querySelector(selector).textContent;
  const mistakes = [...widget.querySelectorAll(".mistakes li")].map((item) =>
    `${item.querySelector("strong").textContent} [${item.querySelector("code").textContent}]`);
  return [text(".verdict strong"), ...mistakes, text(".entries .reading")].join(" ");
}"""
AXIS = """(texts) => texts.map((text) =>
  [text.textContent, ...["text-anchor", "x", "y"].map((name) => text.getAttribute(name))])"""
FOCUSED = """() => {
  const node = document.activeElement;
  return [node.localName, node.type ?? node.getAttribute("role"), getComputedStyle(node).outlineWidth];
}"""
MARKED = (
    """(widget) => [...widget.querySelectorAll("td.marked")].map((cell) => cell.getAttribute("aria-label"))"""
)


def linear_backward(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.mean(axis=0)


REPORT = evaluate("linear_backward", linear_backward)


def number(words: str) -> int:
    """Find the case of these words."""
    return next(n for n, case in enumerate(REPORT.cases) if case.why.startswith(words))


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "gradient_check.ipynb", *CELLS)
    lab.open("gradient_check.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def averaged(opened: Lab) -> Locator:
    """Give the widget of the averaged bias gradient as it was at first."""
    widget = opened.widget("gradient-check", AVERAGED)
    opened.page.mouse.move(0, 0)
    opened.set("averaged", case=0, output="db")
    expect(reading(widget)).to_have_text("db[0]: yours 3.5, expected 7: off by −3.5.")
    expect(widget.locator(".curve .title")).to_contain_text("from db[0],")
    return widget


def reading(widget: Locator) -> Locator:
    return widget.locator(".entries .reading")


def cells(widget: Locator) -> np.ndarray:
    """Read the numbers of the heat map."""
    rows = widget.locator("table.matrix tbody tr").all()
    texts = [[cell.text_content() for cell in row.locator("td").all()] for row in rows]
    return np.array([[float(text.replace("−", "-")) for text in row] for row in texts])


def _line(points: list[tuple[float, float]]) -> np.ndarray:
    pixels, values = np.transpose(points)
    return np.polyfit(pixels, values, 1)


def curve(widget: Locator, name: str) -> np.ndarray:
    """Read a curve back as log10 of step and distance, from the labels of the axes."""
    axis = widget.locator(".axis text").evaluate_all(AXIS)
    ticks = [
        (float(said.replace("1e", "").replace("−", "-")), anchor, float(x), float(y))
        for said, anchor, x, y in axis
    ]
    left, top = (float(widget.locator("svg.frame").get_attribute(side)) for side in "xy")
    em = float(widget.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    across = _line([(x - left, v) for v, anchor, x, _ in ticks if anchor == "middle"])
    down = _line([(y - 0.32 * em - top, v) for v, anchor, _, y in ticks if anchor == "end"])
    drawn = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", widget.locator(f"svg.frame .{name}").get_attribute("d"))
    pixels = np.array(drawn, dtype=float)
    return np.stack([np.polyval(across, pixels[:, 0]), np.polyval(down, pixels[:, 1])], axis=1)


def choose(widget: Locator, name: str) -> None:
    """Choose a case by a part of what the list says of it."""
    cases = widget.get_by_role("combobox", name="Case")
    cases.select_option(cases.locator("option", has_text=name).first.get_attribute("value"))


def expect_case(widget: Locator, name: str) -> None:
    chosen = widget.get_by_role("combobox", name="Case").locator("option:checked")
    expect(chosen).to_contain_text(name)


def test_the_widget_says_what_check_says(opened, averaged):
    expect(averaged.locator(".verdict")).to_have_text(f"✗{REPORT.headline}")
    expect(averaged.locator(".mistakes code")).to_have_text("averaged-not-summed")
    expect(averaged.get_by_role("combobox", name="Case").locator("option")).to_have_count(len(REPORT.cases))
    assert opened.page.locator(".backprop-still").count() == 0


def test_the_heat_map_is_numpys_difference(opened, averaged):
    dz = REPORT.cases[number("x (4, 3)")].inputs["dz"]
    choose(averaged, "x (4, 3)")
    expected = dz.mean(axis=0) - dz.sum(axis=0)
    expect(averaged.locator("table.matrix td[role=gridcell]")).to_have_count(expected.size)
    np.testing.assert_allclose(cells(averaged)[0], expected, atol=0.006)
    signs = averaged.locator("td[role=gridcell]").evaluate_all("cells => cells.map(c => +c.dataset.sign)")
    assert signs == np.sign(expected).tolist()
    opened.expect_python("(averaged.case, averaged.output)", f"({number('x (4, 3)')}, 'db')")


def test_the_right_array_of_a_wrong_answer_is_all_0(averaged):
    choose(averaged, "x (4, 3)")
    averaged.get_by_role("radio", name="dW").check()
    expect(averaged.locator(".entries .title")).to_have_text("dW, shape (3, 2): yours − expected")
    assert not cells(averaged).any()
    expect(averaged.locator("td.worst")).to_have_count(0)


def test_the_curves_are_where_numpy_puts_them(opened):
    pair = opened.widget("gradient-check", PAIR)
    known = {
        name: np.array(ast.literal_eval(opened.python(f"pair.curve['{name}']")))
        for name in ("h", "truth", "yours")
    }
    for name in ("truth", "yours"):
        drawn = curve(pair, name)
        np.testing.assert_allclose(drawn[:, 0], np.log10(known["h"]), atol=0.05)
        np.testing.assert_allclose(drawn[:, 1], np.log10(known[name]), atol=0.05)
    assert known["truth"].min() < 1e-9 < 1e-3 < known["yours"].min()


def test_each_array_of_a_pair_fits_the_screen_and_is_called_nobody_s(opened):
    tall = opened.widget("gradient-check", TALL)
    room = opened.page.viewport_size["height"] - 118  # less JupyterLab's menu, tabs, toolbar and status bar
    for name in ("✗ db (not yet)", "✓ dx", "✗ db (not yet)"):
        pick(tall, name)
        expect(reading(tall)).to_have_text(re.compile(rf"^{name[2:4]}\["))
        expect(tall.locator(".curve .title")).to_contain_text(f"from {name[2:4]}[")
        assert tall.evaluate("e => e.offsetHeight") <= room
        expect(tall).to_contain_text("From the given value")
        expect(tall).not_to_contain_text("ours")


def test_hovering_an_entry_shows_its_numbers_and_its_curve(opened, averaged):
    choose(averaged, "x (4, 3)")
    averaged.locator("td[role=gridcell]").nth(1).hover()
    expect(reading(averaged)).to_have_text(re.compile(r"^db\[1\]: yours"))
    expect(averaged.locator(".curve .title")).to_contain_text("from db[1],")
    opened.expect_python("(averaged.entry, averaged.curve['name'])", "([1], 'db[1]')")


def test_arrow_keys_walk_through_the_entries_and_not_through_the_notebook(opened, averaged):
    choose(averaged, "x (4, 3)")
    averaged.get_by_role("radio", name="dW").check()
    expect(reading(averaged)).to_have_text(re.compile(r"^dW\[0, 0\]"))
    notebook = "jupyterapp.shell.currentWidget.content"
    before = opened.page.evaluate(f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]")
    averaged.locator("td[role=gridcell]").first.focus()
    for key, entry in {
        "ArrowRight": "0, 1",
        "ArrowDown": "1, 1",
        "ArrowLeft": "1, 0",
        "ArrowUp": "0, 0",
    }.items():
        opened.page.keyboard.press(key)
        expect(reading(averaged)).to_have_text(re.compile(rf"^dW\[{entry}\]"))
        assert averaged.evaluate(MARKED) == [reading(averaged).text_content()]
    opened.page.keyboard.press("d")
    assert opened.page.evaluate(f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]") == before


def test_the_button_of_a_mistake_goes_to_its_case(opened, averaged):
    choose(averaged, "integer inputs")
    opened.expect_python("averaged.case", str(number("integer inputs")))
    averaged.get_by_role("button", name="Show its case").click()
    expect_case(averaged, "to follow by hand")
    expect(averaged.locator("td.worst.marked")).to_have_count(1)


def test_cases_are_chosen_by_the_keyboard(opened, averaged):
    choose(averaged, "to follow by hand")
    averaged.get_by_role("combobox", name="Case").focus()
    opened.page.keyboard.press("ArrowDown")
    expect_case(averaged, "two inputs, three")
    expect(averaged.get_by_role("combobox", name="Case")).to_be_focused()
    opened.expect_python("averaged.case", "1")


def test_tab_reaches_every_control_and_focus_is_seen(opened, averaged):
    averaged.get_by_role("button", name="Show its case").focus()
    seen = []
    for _ in range(4):
        seen.append(opened.page.evaluate(FOCUSED))
        opened.page.keyboard.press("Tab")
    assert seen == [
        ["button", "button", "3px"],
        ["select", "select-one", "3px"],
        ["input", "radio", "3px"],
        ["td", "gridcell", "3px"],
    ]


def test_page_and_python_say_the_same(opened, averaged):
    for case, output in ((0, "db"), (4, "dx"), (7, "dW"), (11, "db")):
        opened.set("averaged", case=case, output=output)
        said = ast.literal_eval(opened.python("averaged.summary()"))
        expect(reading(averaged)).to_have_text(re.compile(re.escape(said[said.rindex(f"{output}[") :])))
        assert averaged.evaluate(PAGE_SUMMARY) == said


def test_the_entry_is_announced(opened, averaged):
    choose(averaged, "two inputs, three")
    expect(averaged.get_by_role("status")).to_contain_text(re.compile(r"^db\[\d\]: yours.*At its best step"))


def test_an_unwritten_function_shows_the_truth(opened):
    widget = opened.widget("gradient-check", UNWRITTEN)
    codes = ["not-implemented", "raise NotImplementedError", "return"]  # the mistake, then the hint's code
    expect(widget.locator(".mistakes code")).to_have_text(codes)
    expect(widget.locator("td[data-sign=none]")).to_have_count(2)
    expect(reading(widget)).to_have_text("dz[0]: no answer of yours, expected 0.")
    expect(widget.locator(".legend li:not([hidden])")).to_have_count(1)


def test_a_function_that_raises_is_a_sentence(opened):
    alert = opened.widget("gradient-check", BROKEN).get_by_role("alert")
    expect(alert).to_contain_text("ZeroDivisionError: division by zero")


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, averaged, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    for name, role in {".truth": "right", ".yours": "yours"}.items():
        assert style(averaged.locator(f"svg.frame {name}"), "stroke") == rgb(colours[role])
    expect_readable(averaged, dark=theme == "Dark")


@pytest.mark.parametrize("position", [AVERAGED, PAIR, UNWRITTEN])
def test_at_200_percent_nothing_is_cut_or_overlaps(opened, position):
    with zoomed(opened):
        widget = opened.widget("gradient-check", position)
        expect_uncut(widget, "text, input, strong, p, button, label")
        expect_no_overlap(boxes(widget, "text"))

"""The Jacobian explorer, driven by mouse and keyboard in a real JupyterLab."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from backprop_course import ops
from tests.browser.looks import (
    IN_BOTH_THEMES,
    expect_no_overlap,
    expect_readable,
    expect_uncut,
    rgb,
    style,
    zoomed,
)
from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
SMALL, WRONG, WIDE, UNWRITTEN, BROKEN = range(5)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import JacobianExplorer\n"
    "def three(x):\n    return np.array([x[0] ** 2, x[0] * x[1], 3 * x[1]])\n"
    "def backward(dy, x):\n    return np.array([dy @ [2 * x[0], x[1], 0], dy @ [1, x[0], 3]])\n"
    "def diagonal(dy, x):\n    return dy * ops.softmax(x) * (1 - ops.softmax(x))\n"
    "def unwritten(dy, x):\n    raise NotImplementedError\n"
    "small = JacobianExplorer(three, [2.0, 1.0], backward)\nsmall",
    "wrong = JacobianExplorer(ops.softmax, [1, 2, 0.5, 0, -1], diagonal)\nwrong",
    "wide = JacobianExplorer(np.sin, np.linspace(-3, 3, 32), lambda dy, x: dy * np.cos(x))\nwide",
    "JacobianExplorer(three, [2.0, 1.0], unwritten)",
    "JacobianExplorer(np.log, [0.0])",
)
TRUTH, YOURS = np.array([[4, 0], [1, 2], [0, 3]]), np.array([[4, 1], [1, 2], [0, 3]])
P = ops.softmax(np.array([1, 2, 0.5, 0, -1]))


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "jacobian.ipynb", *CELLS)
    lab.open("jacobian.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def small(opened: Lab) -> Locator:
    """Give the widget of three outputs and two inputs as it was at first."""
    for name in ("small", "wrong", "wide"):
        opened.set(name, jacobian_layout="numerator")
    widget = opened.widget("jacobian", SMALL)
    expect(radio(widget, "outputs by inputs")).to_be_checked()
    widget.locator(".title").hover()  # a mouse that is in the cell already would not enter it
    cell(widget, 0, 1).hover()
    return widget


def table(widget: Locator, name: str) -> Locator:
    return widget.locator(f"[data-panel={name}] table")


def cells_of(table: Locator) -> Locator:
    return table.locator("td[role=gridcell]")


def cell(widget: Locator, row: int, column: int, name: str = "yours") -> Locator:
    return cells_of(table(widget, name).locator("tbody tr").nth(row)).nth(column)


def radio(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("radio", name=re.compile(f"^{name}"))


def fact(widget: Locator, name: str) -> Locator:
    return widget.locator("dl.facts div").filter(has=widget.page.get_by_text(name, exact=True)).locator("dd")


def shown(values: np.ndarray) -> list[str]:
    """Write numbers as small cells do."""
    return [f"{value:g}".replace("-", "−") for value in values.ravel()]


def test_the_heat_maps_are_numpys(small):
    for name, values in {"truth": TRUTH, "yours": YOURS, "difference": YOURS - TRUTH}.items():
        expect(cells_of(table(small, name))).to_have_text(shown(values))
    expect(table(small, "truth").locator("thead th")).to_have_text(["x₀", "x₁"])
    expect(table(small, "truth").locator("tbody th")).to_have_text(["y₀", "y₁", "y₂"])


def test_sparsity_is_counted(small):
    expect(small.locator(".caption")).to_have_text(
        ["Truth, measured4 of 6 not zero", "Yours5 of 6 not zero", "Yours − truth1 of 6 not zero"]
    )


def test_a_larger_slope_is_deeper_in_colour(small):
    depths = [
        style(cell(small, i, j, "truth"), "backgroundColor") for i, j in ((0, 0), (2, 1), (1, 1), (1, 0))
    ]
    assert len(set(depths)) == 4
    zeros = {style(cell(small, i, j, "truth"), "backgroundColor") for i, j in ((0, 1), (2, 0))}
    assert len(zeros) == 1
    assert not zeros & set(depths)


def test_wrong_entries_are_framed_and_named(opened, small):
    expect(small.locator("[data-panel=yours] .marked")).to_have_text("1")
    expect(small.locator("[data-panel=truth] .marked")).to_have_count(0)
    expect(small.locator(".verdict")).to_contain_text("1 of 6 entries differs. ∂y₀/∂x₁ is 0, yours is 1.")
    expect(opened.widget("jacobian", WRONG).locator("[data-panel=yours] .marked")).to_have_count(20)


def test_hovering_names_the_entry_in_all_maps(small):
    cell(small, 2, 1, "truth").hover()
    expect(small.locator(".entry")).to_have_text("∂y₂/∂x₁ (row y₂, column x₁): truth 3, yours 3.")
    expect(small.locator(".current")).to_have_text(["3", "3", "0"])
    cell(small, 0, 1).hover()
    expect(small.locator(".entry")).to_have_text("∂y₀/∂x₁ (row y₀, column x₁): truth 0, yours 1, off by 1.")


def test_arrow_keys_walk_and_each_cell_says_what_it_is(opened, small):
    cell(small, 0, 0, "truth").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowDown"):
        opened.page.keyboard.press(key)
    words = "∂y₁/∂x₁ (row y₁, column x₁): truth 2, yours 2."
    focused = opened.page.locator(":focus")
    assert focused.get_attribute("aria-label") == words
    assert focused.evaluate("e => getComputedStyle(e).outlineWidth") == "3px"
    expect(small.locator(".entry")).to_have_text(words)


def test_the_other_layout_turns_the_maps_and_relabels(opened, small):
    radio(small, "inputs by outputs").check()
    for name, values in {"truth": TRUTH, "yours": YOURS}.items():
        expect(cells_of(table(small, name))).to_have_text(shown(values.T))
    expect(table(small, "yours").locator("thead th")).to_have_text(["y₀", "y₁", "y₂"])
    expect(small.locator(".entry")).to_have_text("∂y₀/∂x₁ (row x₁, column y₀): truth 0, yours 1, off by 1.")
    expect(fact(small, "Rows, columns")).to_contain_text("inputs x by outputs y: Jᵀ has the shape (2, 3).")
    expect(fact(small, "Chain rule")).to_have_text("Jᵀ = J₁ᵀ J₂ᵀ ⋯ Jₙᵀ, in the order of application.")
    expect(small.locator("[data-panel=yours] .marked")).to_have_text("1")
    opened.expect_python("small.jacobian_layout", "'denominator'")
    assert "Jᵀ has the shape (2, 3)" in opened.python("small.summary()")


def test_python_switches_the_layout(opened, small):
    opened.set("small", jacobian_layout="denominator")
    expect(radio(small, "inputs by outputs")).to_be_checked()
    expect(fact(small, "Backward")).to_contain_text("dx = Jᵀ dy")


def test_the_cost_of_a_product_and_of_the_whole(opened, small):
    expect(fact(small, "Whole J")).to_contain_text("3 × 2 = 6 numbers kept")
    expect(fact(small, "To fill J")).to_contain_text("3 backward passes")
    wide = opened.widget("jacobian", WIDE)
    expect(fact(wide, "Whole J")).to_contain_text("32 × 32 = 1024 numbers kept")
    expect(fact(wide, "VJP")).to_contain_text("at most D = 32 multiplications")


def test_where_three_maps_do_not_fit_one_is_chosen(opened, small):
    wrong = opened.widget("jacobian", WRONG)
    difference = np.outer(P, P) * (1 - np.eye(5))
    expect(table(wrong, "yours")).to_be_visible()
    expect(table(wrong, "difference")).to_be_hidden()
    radio(wrong, "the difference").check()
    expect(table(wrong, "yours")).to_be_hidden()
    found = cells_of(table(wrong, "difference")).all_text_contents()
    np.testing.assert_allclose(
        [float(text.replace("−", "-")) for text in found], difference.ravel(), atol=0.005
    )
    opened.expect_python("wrong.beside", "'difference'")
    radio(wrong, "yours").check()
    expect(radio(small, "yours")).to_be_hidden()


def test_a_wide_map_is_read_cell_by_cell(opened, small):
    wide = opened.widget("jacobian", WIDE)
    cell(wide, 8, 8).hover()
    value = f"{np.cos(np.linspace(-3, 3, 32)[8]):.4g}".replace("-", "−")
    expect(wide.locator(".entry")).to_have_text(f"∂y₈/∂x₈ (row y₈, column x₈): truth {value}, yours {value}.")
    assert cell(wide, 8, 8).bounding_box()["width"] >= 4
    expect(table(wide, "truth").locator("[data-sign='1'], [data-sign='-1']")).to_have_count(32)


def test_an_unwritten_function_hides_nothing_and_bad_input_is_told(opened, small):
    unwritten = opened.widget("jacobian", UNWRITTEN)
    expect(unwritten.locator(".verdict")).to_contain_text("unwritten is not written yet. Write it")
    expect(cells_of(table(unwritten, "truth"))).to_have_text(shown(TRUTH))
    expect(table(unwritten, "yours")).to_have_count(0)
    broken = opened.widget("jacobian", BROKEN)
    expect(broken).to_contain_text("log returned [-inf], which is not finite: there is no slope.")
    expect(broken.locator("table")).to_have_count(0)


def test_tab_reaches_every_control_and_keys_stay_in_the_widget(opened, small):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    cell(small, 0, 1, "truth").focus()
    before = opened.page.evaluate(cells)
    seen = []
    for k in range(4):
        if k:
            opened.page.keyboard.press("Tab")
        focused = opened.page.locator(":focus")
        seen.append(focused.evaluate("e => e.closest('[data-panel]')?.dataset.panel ?? e.value"))
        assert not k or focused.evaluate("e => getComputedStyle(e).outlineWidth") == "3px"
        opened.page.keyboard.press("d")
    assert seen == ["truth", "yours", "difference", "numerator"]
    opened.page.keyboard.press("ArrowRight")
    expect(radio(small, "inputs by outputs")).to_be_checked()
    assert opened.page.evaluate(cells) == before


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, small, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    marked = small.locator("[data-panel=yours] .marked")
    assert rgb(colours["wrong"]) in style(marked, "boxShadow")
    assert style(small.locator(".verdict.wrong .icon"), "backgroundColor") == rgb(colours["wrong"])
    expect_readable(small, dark=theme == "Dark")


@pytest.mark.parametrize("position", [SMALL, WRONG, WIDE])
def test_at_200_percent_nothing_is_cut(opened, small, position):
    widget = opened.widget("jacobian", position)
    with zoomed(opened):
        expect_uncut(widget, "p, .matrix-frame, fieldset label, dd")
        parts = ".map, .entry, .verdict, fieldset, dl"
        expect_no_overlap(box for part in widget.locator(parts).all() if (box := part.bounding_box()))

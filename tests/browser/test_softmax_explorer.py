"""The softmax explorer, driven by mouse and keyboard in a real JupyterLab."""

import ast
import re
from collections.abc import Iterable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from backprop_course import ops
from tests.browser.looks import IN_BOTH_THEMES, expect_readable, expect_uncut, rgb, style, zoomed
from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
THREE, SIX, BARE = range(3)
CELLS = (
    "import numpy as np\n"
    "from backprop_course import ops\n"
    "from backprop_course.widgets import SoftmaxExplorer\n"
    "def naive(z):\n    return np.exp(z) / np.exp(z).sum()\n"
    "def diagonal(y):\n    return np.diag(y * (1 - y))\n"
    "def unwritten(z, labels):\n    raise NotImplementedError\n"
    "three = SoftmaxExplorer((2.0, 1.0, 0.1), softmax=naive, softmax_jacobian=diagonal,"
    " softmax_cross_entropy_backward=unwritten)\nthree",
    "six = SoftmaxExplorer((2, 1, 0, -1, -2, 1), 3, softmax_cross_entropy_backward="
    "ops.softmax_cross_entropy_backward, softmax_jacobian=ops.softmax_jacobian)\nsix",
    "bare = SoftmaxExplorer((2, 1), show=[])\nbare",
)
LOGITS = np.array([2.0, 1.0, 0.1])


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "softmax.ipynb", *CELLS)
    lab.open("softmax.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def three(opened: Lab) -> Locator:
    """Give the widget of three classes as it was at first."""
    values = {"logits": LOGITS.tolist(), "label": 0, "shift": 0.0, "show": ["gradient", "jacobian", "shift"]}
    opened.set("three", **values)
    widget = opened.widget("softmax", THREE)
    expect(numbers(widget, "logits")).to_have_text(["2", "1", "0.1"])
    expect(numbers(widget, "gradient")).to_have_text(["−0.341", "0.2424", "0.09857"])
    expect(said(widget, "shift")).to_have_text(re.compile("^c = 0"))
    return widget


def numbers(widget: Locator, part: str) -> Locator:
    return widget.locator(f".bars.{part} .numbers div:first-child")


def said(widget: Locator, part: str) -> Locator:
    """Find the sentence of a part, or of the student's function in it."""
    name, _, yours = part.partition(" ")
    return widget.locator(f"[data-part={name}] p").nth(1 if yours else 0)


def slider(widget: Locator, name: str) -> Locator:
    return widget.get_by_role("slider", name=name)


def shown(values: Iterable[float]) -> list[str]:
    """Write numbers as the page does."""
    return [f"{value:.4g}".replace("-", "−") for value in values]


def test_its_numbers_are_numpys(three):
    p = np.exp(LOGITS) / np.exp(LOGITS).sum()
    expect(numbers(three, "probabilities")).to_have_text(shown(p))
    expect(numbers(three, "gradient")).to_have_text(shown(p - [1, 0, 0]))
    expect(said(three, "gradient")).to_have_text(re.compile(f"= {shown([-np.log(p[0])])[0]}\\. Its gradient"))


def test_bars_are_as_long_as_their_numbers(three):
    track = three.locator(".bars.probabilities .track").first.bounding_box()["width"]
    widths = [bar.bounding_box()["width"] for bar in three.locator(".bars.probabilities .bar.truth").all()]
    np.testing.assert_allclose(np.array(widths) / track, ops.softmax(LOGITS), atol=0.02)
    bars = [bar.bounding_box() for bar in three.locator(".bars.gradient .bar.truth").all()]
    assert bars[0]["x"] + bars[0]["width"] == pytest.approx(bars[1]["x"], abs=1.5)  # both begin at 0
    assert bars[0]["width"] > bars[1]["width"] > bars[2]["width"]


def test_a_key_on_a_logit_moves_all_and_python_follows(opened, three):
    slider(three, "logit z₀").press("ArrowRight")
    p = ops.softmax(LOGITS + np.array([0.1, 0, 0]))
    expect(numbers(three, "probabilities")).to_have_text(shown(p))
    opened.expect_python("[round(z, 9) for z in three.logits]", "[2.1, 1.0, 0.1]")
    slider(three, "logit z₂").press("End")
    expect(numbers(three, "probabilities")).to_have_text(shown(ops.softmax([2.1, 1.0, 6.0])))
    opened.expect_python("three.logits[2]", "6.0")


def test_the_mouse_drags_a_logit(opened, three):
    box = slider(three, "logit z₁").bounding_box()
    opened.page.mouse.move(box["x"] + box["width"] * 7 / 12, box["y"] + box["height"] / 2)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=5)
    opened.page.mouse.up()
    expect(numbers(three, "logits").nth(1)).to_have_text("6")
    expect(numbers(three, "probabilities")).to_have_text(shown(ops.softmax([2.0, 6.0, 0.1])))


def test_the_label_moves_the_gradient(opened, three):
    three.get_by_role("radio", name="2").check()
    gradient = ops.softmax_cross_entropy_backward(LOGITS[None], [2])[0]
    expect(numbers(three, "gradient")).to_have_text(shown(gradient))
    expect(three.locator(".bars.gradient caption")).to_have_text("Gradient dz, label 2")
    expect(three.locator(".bars.gradient tr.label th")).to_have_text("2")
    opened.expect_python("three.label", "2")


def test_the_jacobian_is_walked_with_the_arrow_keys(opened, three):
    grid = three.get_by_role("grid", name="Jacobian of the softmax")
    expected = ops.softmax_jacobian(ops.softmax(LOGITS)).round(2)
    expect(grid.locator("td[role]")).to_have_text(shown(expected.ravel()))
    grid.locator("td[role]").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        opened.page.keyboard.press(key)
    rule = "∂p₁/∂z₀ = −p₁ p₀ = −0.2424 × 0.659 = −0.1598; yours 0"
    expect(three.locator(".entry")).to_have_text(rule)
    focused = opened.page.locator(":focus")
    assert focused.get_attribute("aria-label") == rule
    assert focused.evaluate("e => getComputedStyle(e).outlineWidth") == "3px"


def test_two_jacobians_of_six_classes_are_shown_uncut(opened):
    opened.set("six", logits=[1.5, 1, 0.5, 0, -0.5, -1])  # entries as long as −0.003
    frames = opened.widget("softmax", SIX).locator(".matrix-frame")
    expect(frames.first.get_by_text("−0.003").first).to_be_visible()
    hidden = frames.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert hidden == [0, 0]


def test_hovering_names_the_entry(three):
    three.get_by_role("grid", name="Jacobian of the softmax").get_by_role("gridcell").last.hover()
    expect(three.locator(".entry")).to_have_text(
        "∂p₂/∂z₂ = p₂ (1 − p₂) = 0.09857 × 0.9014 = 0.08885; yours 0.08885"
    )


def test_the_students_functions_are_shown_and_their_differences_named(three):
    expect(said(three, "probabilities yours")).to_have_text("Your softmax gives the same.")
    expect(said(three, "gradient yours")).to_have_text(re.compile("^unwritten is not written yet"))
    expect(said(three, "jacobian yours")).to_have_text(
        "Your softmax_jacobian is furthest off in row 0, column 1: 0, not −0.1598."
    )
    yours = three.get_by_role("grid", name="Your Jacobian")
    expect(yours.locator(".marked")).to_have_text("0")
    assert yours.locator(".marked").evaluate("e => [e.parentNode.sectionRowIndex, e.cellIndex - 1]") == [0, 1]
    expect(three.locator(".bars.gradient .yours")).to_have_count(0)


def test_a_shift_breaks_the_formula_and_not_the_softmax(opened, three):
    cells = three.locator(".shifted tbody tr").first.locator("td")
    expect(cells).to_have_text(["2", "7.389", "0.659", "0.659", "0.659"])
    slider(three, "shift c").press("End")
    expect(cells).to_have_text(["1002", "inf", "nan", "0.659", "nan"])
    expect(numbers(three, "probabilities")).to_have_text(shown(ops.softmax(LOGITS)))
    expect(said(three, "shift")).to_have_text(re.compile("overflows to inf, and inf / inf is nan"))
    expect(said(three, "probabilities yours")).to_have_text(
        "Your softmax is furthest off for class 0: nan, not 0.659."
    )
    opened.expect_python("three.shift", "1000.0")
    slider(three, "shift c").press("Home")
    expect(cells).to_have_text(["−998", "0", "nan", "0.659", "nan"])


def test_parts_are_hidden_and_shown_in_the_browser(opened, three):
    bare = opened.widget("softmax", BARE)
    assert bare.locator(".bars.gradient").is_hidden()
    assert bare.get_by_role("grid").first.is_hidden()
    bare.get_by_role("checkbox", name="Jacobian").check()
    expect(bare.get_by_role("grid").first).to_be_visible()
    assert bare.get_by_role("radio").first.is_hidden()
    bare.get_by_role("checkbox", name="loss and gradient").check()
    expect(bare.get_by_role("radio").first).to_be_visible()
    opened.expect_python("bare.show", "['jacobian', 'gradient']")


def test_python_moves_the_picture_and_both_say_the_same(opened):
    opened.set("six", logits=[0.5, -1.5, 3, 0, 0, 1])
    widget = opened.widget("softmax", SIX)
    expect(numbers(widget, "logits").first).to_have_text("0.5")
    summary = ast.literal_eval(opened.python("six.summary()"))
    sentences = [text for text in widget.locator("[data-part] p:not([hidden])").all_text_contents() if text]
    assert summary.endswith(" ".join(sentences))


def test_what_changes_is_announced(three):
    slider(three, "logit z₀").press("Home")
    expect(three.get_by_role("status")).to_have_text(re.compile(r"^The probabilities .* The loss is"))


def test_tab_reaches_every_control_and_keys_stay_in_the_widget(opened, three):
    notebook = "jupyterapp.shell.currentWidget.content"
    cells = f"() => [{notebook}.activeCellIndex, {notebook}.widgets.length]"
    slider(three, "logit z₀").focus()
    before = opened.page.evaluate(cells)
    seen = []
    for k in range(10):
        if k:
            opened.page.keyboard.press("Tab")
        found = opened.page.locator(":focus")
        name = found.get_attribute("aria-label") or found.locator("xpath=..").text_content()
        seen.append((name.split(" =")[0], found.evaluate("e => getComputedStyle(e).outlineWidth")))
        opened.page.keyboard.press("d")
    controls = ["logit z₀", "logit z₁", "logit z₂", "0", "loss and gradient", "Jacobian", "shift"]
    assert [name for name, _ in seen[:7]] == controls
    assert [name[:2] for name, _ in seen[7:]] == ["∂p", "∂p", "sh"]  # one cell of each matrix, the shift
    assert {outline for _, outline in seen} == {"3px"}
    assert opened.page.evaluate(cells) == before


@IN_BOTH_THEMES
def test_both_themes_use_the_palette(opened, three, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    for name, role in {
        ".logits .truth": "value",
        ".gradient .truth": "gradient",
        ".bar.yours": "yours",
    }.items():
        assert style(three.locator(name), "backgroundColor") == rgb(colours[role])
    expect_readable(three, dark=theme == "Dark")


@pytest.mark.parametrize("position", [THREE, SIX])
def test_at_200_percent_nothing_is_cut(opened, position):
    with zoomed(opened):
        parts = "p, caption, .bars :is(th, td), input, .reading, fieldset label, .scrolls, .matrix-frame"
        expect_uncut(opened.widget("softmax", position), parts)

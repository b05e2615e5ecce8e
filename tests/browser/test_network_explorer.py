"""The network explorer, driven by mouse and keyboard in a real JupyterLab."""

import time

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.looks import IN_BOTH_THEMES, expect_readable, rgb, style
from tests.browser.real_lab import Lab, new_page, write_notebook

pytestmark = pytest.mark.browser
CELL = """from backprop_course.widgets import NetworkExplorer
w = NetworkExplorer([[[1, -.5, .8], [.5, 1, -1.2]], [[1.0], [-.7], [.4]]], [[0, .1, .2], [.3]], [1, 2], [1])
w"""

PLACES = (".network-explorer", ".jp-WindowedPanel-outer")


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "network.ipynb", CELL)
    lab.open("network.ipynb")
    lab.run_all()
    return lab


@pytest.fixture
def widget(opened: Lab) -> Locator:
    opened.set("w", edge=[0, 0, 0], nudge=0.1, step=0)
    found = opened.widget("network-explorer")
    expect(found.locator(".reading").first).to_have_text("step 0 of 13, before the passes")
    return found


def shown(widget: Locator, role: str) -> list[str]:
    parts = widget.locator(f".drawing g[data-at]:not(.hidden) .bp-fill-{role}").all()
    return [part.text_content() for part in parts]


def test_keys_walk_forward_and_numbers_appear_one_by_one(widget):
    assert shown(widget, "value") == ["1", "2"]
    drawing = widget.locator(".drawing")
    for step, value in enumerate(["2", "1.6", "0", "1.18"], start=1):
        drawing.press("ArrowRight")
        expect(widget.locator(".reading").first).to_have_text(f"step {step} of 13, forward pass")
        assert value in shown(widget, "value")
    assert shown(widget, "gradient") == []
    drawing.press("End")
    assert "0.243" in shown(widget, "gradient")
    assert "0.0392" in shown(widget, "yours")


def test_a_played_step_stays_until_its_words_are_read(widget):
    widget.get_by_role("slider", name="Step").press("End")
    widget.get_by_role("button", name="Back").click()
    words = len(widget.locator(".said").text_content())
    widget.get_by_role("button", name="Back").click()
    began = time.monotonic()
    widget.get_by_role("button", name="Play").click()
    expect(widget.locator(".reading").first).to_contain_text("step 12 of 13")
    expect(widget.locator(".reading").first).to_contain_text("step 13 of 13")
    assert time.monotonic() - began > 0.06 * words > 4  # seconds
    expect(widget.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 900), (819, 614)])
def test_after_shift_enter_the_whole_picture_is_on_the_screen(browser, lab_url, lab_root, size):
    write_notebook(lab_root / "run.ipynb", "# a line\n" * 60, CELL, "# next\n" * 60)
    with new_page(browser, lab_url) as lab:
        lab.page.set_viewport_size({"width": size[0], "height": size[1]})
        lab.open("run.ipynb")
        lab.page.locator(".jp-CodeCell .cm-content").nth(1).click()
        lab.page.keyboard.press("Shift+Enter")
        lab.page.locator(".network-explorer .drawing svg").wait_for()
        lab.page.wait_for_timeout(1500)  # milliseconds, until JupyterLab has placed the cells
        widget, screen = (lab.page.locator(name).bounding_box() for name in PLACES)
        assert screen["y"] - 1 <= widget["y"]
        assert widget["y"] + widget["height"] <= screen["y"] + screen["height"] + 1


def test_after_shift_enter_the_question_above_is_on_the_screen_too(browser, lab_url, lab_root):
    above = ["words\n\n" * 30, "What happens?"]
    write_notebook(lab_root / "asked.ipynb", CELL, "# next\n" * 60, above=above)
    with new_page(browser, lab_url) as lab:
        lab.open("asked.ipynb")
        lab.page.locator(".jp-CodeCell .cm-content").first.click()
        lab.page.keyboard.press("Shift+Enter")
        lab.page.locator(".network-explorer .drawing svg").wait_for()
        lab.page.wait_for_timeout(1500)  # milliseconds, until JupyterLab has placed the cells
        widget, screen, asked = (
            lab.page.locator(name).bounding_box() for name in (*PLACES, "p:text-is('What happens?')")
        )
        assert asked["y"] >= screen["y"]
        assert widget["y"] + widget["height"] <= screen["y"] + screen["height"] + 1


def test_no_step_moves_what_stands_below(widget):
    place = widget.get_by_role("slider", name="Step")
    heights = set()
    for step in range(int(place.get_attribute("max")) + 1):
        place.press("ArrowRight" if step else "Home")
        expect(widget.locator(".steps .reading")).to_contain_text(f"step {step} of")
        heights.add(widget.evaluate("e => e.offsetHeight"))
    assert len(heights) == 1


def test_a_click_on_a_line_chooses_the_weight_and_shows_the_ripple(widget, opened):
    widget.locator("[data-edge='1,0,0'] text").first.click()
    opened.expect_python("w.edge", "[1, 0, 0]")
    expect(widget.locator(".said")).to_contain_text("predicted was 0.036")
    expect(widget.locator("select")).to_have_value("1,0,0")


def test_the_slider_moves_the_weight(widget, opened):
    widget.get_by_role("slider", name="Δw").press("ArrowLeft")
    opened.expect_python("w.nudge", "0.09")
    expect(widget.locator(".said")).to_contain_text("h₁ by 0.09")


@IN_BOTH_THEMES
def test_it_follows_the_theme(widget, opened, theme, colours):
    opened.theme(f"JupyterLab {theme}")
    expect_readable(widget, dark=theme == "Dark")
    assert style(widget.locator(".drawing text.bp-fill-value"), "fill") == rgb(colours["value"])

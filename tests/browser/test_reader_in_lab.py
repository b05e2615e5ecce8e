"""The page that reads digits, in the frame that a notebook gives it."""

import pytest
from playwright.sync_api import expect

from tests.browser.real_lab import new_page, write_notebook

pytestmark = pytest.mark.browser
CELL = """from backprop_course.network import initial_parameters
from backprop_course.notebook import reader_page

reader_page(*initial_parameters([64, 16, 10], 0), title="Draw", path=None)"""


def test_after_shift_enter_the_whole_page_is_on_the_screen_with_the_question(browser, lab_url, lab_root):
    write_notebook(lab_root / "reads.ipynb", CELL, "# next\n" * 60, above=["words\n\n" * 30, "What happens?"])
    with new_page(browser, lab_url) as lab:
        lab.open("reads.ipynb")
        lab.page.locator(".jp-CodeCell .cm-content").first.click()
        lab.page.keyboard.press("Shift+Enter")
        expect(lab.page.frame_locator(".backprop-reader").locator("#answer")).to_have_text(
            "Draw a digit in the frame."
        )
        lab.page.wait_for_timeout(1500)  # milliseconds, until JupyterLab has placed the cells
        places = (".backprop-reader", ".jp-WindowedPanel-outer", "p:text-is('What happens?')")
        frame, screen, asked = (lab.page.locator(name).bounding_box() for name in places)
        assert asked["y"] >= screen["y"]
        assert frame["y"] + frame["height"] <= screen["y"] + screen["height"] + 1
        assert not lab.page.get_by_text("This page stands still").is_visible()  # for saved pages alone

"""The progress line in a real JupyterLab: checks move it, in every place where it is shown."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.looks import expect_readable
from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
CELLS = (
    "import numpy as np\n"
    "from backprop_course import check\n"
    "from backprop_course.widgets import Progress\n"
    "progress = Progress('07-digits')\nprogress",
    "def sgd_step(parameters, gradients, rate):\n"
    "    return [p - rate * dp for p, dp in zip(parameters, gradients)]\n"
    "def binary_loss_and_gradients(w, b, x, d):\n"
    "    z = x @ w + b\n"
    "    dz = (np.exp(-np.logaddexp(0, -z)) - d) / len(d)\n"
    "    return np.mean(np.logaddexp(0, z) - d * z), x.T @ dz, dz.sum()\n"
    "check(sgd_step)",
    "check(lambda w, b, x, d: (0.0, w, b), 'binary_loss_and_gradients')",
    "progress",
    "Progress()",
)


@pytest.fixture(scope="module")
def opened(lab: Lab, lab_root) -> Lab:
    write_notebook(lab_root / "progress.ipynb", *CELLS)
    lab.open("progress.ipynb")
    lab.run_all()
    return lab


@pytest.fixture(params=["at the top", "at the end"])
def shown(opened: Lab, request: pytest.FixtureRequest) -> Locator:
    return opened.widget("progress", ["at the top", "at the end"].index(request.param))


def test_both_places_count_what_was_checked(shown):
    expect(shown.locator(".count")).to_have_text("1 of 4 functions right, 2 of 11 points")
    expect(shown.locator("li.right code")).to_have_text("sgd_step")
    expect(shown.locator("li.wrong code")).to_have_text("binary_loss_and_gradients")
    expect(shown.locator("li.open")).to_have_count(2)


def test_a_state_is_told_in_words_too(shown):
    expect(shown.locator("li.wrong")).to_have_text(re.compile("not yet, . points"))
    expect(shown.locator("li.open").first).to_have_text(re.compile("still to be written"))


def test_a_later_check_moves_both_and_is_announced(opened):
    first, last = opened.widget("progress", 0), opened.widget("progress", 1)
    opened.python("check(binary_loss_and_gradients)")
    for place in (first, last):
        expect(place.locator(".count")).to_have_text(re.compile("^2 of 4 functions right"))
        expect(place.get_by_role("status")).to_have_text(re.compile("^2 of 4 functions right"))


def test_the_course_is_a_line_for_each_notebook_that_opens(opened):
    course = opened.widget("progress", 2)
    expect(course.locator("details")).to_have_count(7)
    expect(course.locator("progress").first).to_have_css("appearance", "none")  # Chromium's own is dark: full
    digits = course.locator("details", has_text="07-digits")
    expect(digits.locator("li")).to_have_count(4)
    expect(digits.locator("li").first).to_be_hidden()
    digits.locator("summary").click()
    expect(digits.locator("li").first).to_be_visible()


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_it_is_readable_in_both_themes(opened, theme):
    opened.theme(f"JupyterLab {theme}")
    expect_readable(opened.widget("progress"), dark=theme == "Dark")

"""A widget's module on a bare page: readable with no JupyterLab around it, in light and dark systems."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer
from tests.browser.looks import expect_readable, style

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><title>bare</title><style>{css}</style><div id="here"></div><script type="module">
{esm}
const state = {state};
const events = new EventTarget();
const model = {{
  get: (trait) => state[trait],
  set: (trait, value) => {{
    state[trait] = value;
    events.dispatchEvent(new Event(`change:${{trait}}`));
  }},
  on: (names, listen) => names.split(" ").forEach((name) => events.addEventListener(name, listen)),
  save_changes: () => {{}},
}};
render({{ model, el: document.getElementById("here") }});
</script>"""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    widget = SubgradientExplorer(ops.relu, slope=2.0)
    traits = ("samples", "problem", "x0", "slope", "h", "show")
    state = json.dumps({trait: getattr(widget, trait) for trait in traits})
    esm = widget._esm.replace("export default { render };", "")
    page = browser.new_page(color_scheme=request.param, reduced_motion="reduce")
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.set_content(PAGE.format(css=widget._css, esm=esm, state=state))
    page.locator(".backprop-widget .picture .graph").wait_for()
    yield page
    page.close()
    assert not errors


def test_ink_stands_out_from_paper_that_follows_the_system(page):
    dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    expect_readable(page.locator(".backprop-widget"), dark=dark)


def test_no_animation_runs_where_motion_is_unwelcome(page):
    page.add_style_tag(
        content="@keyframes turn { to { opacity: 0 } } .subgradient .line { animation: turn 1s }"
    )
    assert style(page.locator(".line"), "animationName") == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert style(page.locator(".line"), "animationName") == "turn"


def test_the_handles_work_there_too(page):
    turn, verdict = page.locator(".turn"), page.locator(".verdict")
    for slope, words in ((1, "Supports"), (0, "Supports"), (-1, "Does not support")):
        turn.press("Home")  # stops at both ends of the interval on its way
        assert turn.get_attribute("aria-valuenow") == str(slope)
        assert words in verdict.text_content()

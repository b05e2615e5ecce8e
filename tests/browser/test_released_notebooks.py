"""Every notebook as students get it, untouched, in a real JupyterLab: it runs, and its pictures move."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.real_lab import EXPLORER, Lab, new_page

pytestmark = pytest.mark.browser
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
RELEASES = sorted(str(file.relative_to(NOTEBOOKS)) for file in NOTEBOOKS.glob("*/*.ipynb"))
CODE_CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model)
  .filter((model) => model.type === "code").map((model) => ({
    id: model.id, count: model.executionCount,
    raised: model.outputs.toJSON().some((output) => output.output_type === "error"),
  }))"""
# a chart's frame is an svg within its svg: it cuts off what it draws, but its box would be that of all of it
MEASURE = """(e, nth) => ({
  name: e.className, nth, height: e.getBoundingClientRect().height,
  cut: [...e.querySelectorAll("svg:not(svg svg), .scroller, .drawing")].some((part) =>
    part.getBoundingClientRect().right > e.getBoundingClientRect().right + 1
    || (part.matches(".scroller") && part.scrollWidth > part.clientWidth + 1 && part.querySelector("svg"))),
})"""
SIZES = {"laptop": (1280, 900), "1024x768 at 125 %": (819, 614)}


@pytest.fixture(scope="module", params=RELEASES)
def released(
    browser: Browser, lab_url: str, lab_root: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Lab, nbformat.NotebookNode]]:
    """Open a released notebook as a student would and run all of its cells."""
    file = NOTEBOOKS / request.param
    shutil.copytree(file.parent, lab_root / "released" / file.parent.name)
    with new_page(browser, lab_url) as lab:
        lab.open(f"released/{request.param}")
        lab.command("notebook:run-all-cells")
        lab.wait_until_shown()
        yield lab, nbformat.read(file, as_version=4)


@pytest.fixture
def page(released: tuple[Lab, nbformat.NotebookNode]) -> Lab:
    return released[0]


def test_only_the_checks_of_what_is_unwritten_raise(released):
    lab, notebook = released
    may_raise = {c.id for c in notebook.cells if "raises-exception" in c.metadata.get("tags", ())}
    ran = lab.page.evaluate(CODE_CELLS)
    assert [cell["count"] for cell in ran] == list(range(1, len(ran) + 1))
    assert {cell["id"] for cell in ran if cell["raised"]} == may_raise


def test_every_formula_is_typeset(released):
    lab, notebook = released
    text = [c for c in notebook.cells if c.cell_type == "markdown" and "$" in c.source]
    assert lab.page.locator(".jp-MarkdownOutput:has(mjx-container)").count() == len(text)
    assert lab.page.locator("mjx-merror, [data-mjx-error]").count() == 0


def test_every_picture_has_loaded_and_every_widget_is_there(page):
    sizes = page.page.locator(".jp-OutputArea img").evaluate_all("l => l.map((e) => e.naturalWidth)")
    assert all(sizes)
    views = page.page.locator(".jp-OutputArea-output[data-mime-type*=widget-view]")
    empty = views.evaluate_all("l => l.filter((e) => e.getBoundingClientRect().height < 10).length")
    assert (empty, page.page.get_by_text("Error displaying widget").count()) == (0, 0)


def test_every_explorer_moves(page):
    assert page.stuck_explorers() == []


@pytest.mark.parametrize("size", SIZES)
def test_every_explorer_fits_one_screen(page, size):
    before = page.page.viewport_size
    page.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    # what JupyterLab's full window takes for its menu, tabs, toolbar and status bar
    room = SIZES[size][1] - 118
    measured = [_measure(widget, nth) for nth, widget in enumerate(page.page.locator(EXPLORER).all())]
    page.page.set_viewport_size(before)
    assert [one for one in measured if one["height"] > room or one["cut"]] == []


def _measure(widget: Locator, nth: int) -> dict[str, Any]:
    """Measure an explorer as it is when the reader has come to it: far away, it keeps its former size."""
    widget.scroll_into_view_if_needed()
    widget.page.wait_for_timeout(300)  # milliseconds, for it to take its new size
    found: dict[str, Any] = widget.evaluate(MEASURE, nth)
    return found


def test_no_error_is_logged(page):
    assert page.errors == []

"""The students' notebook of 04-activations in JupyterLab, as it is released: run, and its widgets used."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.real_lab import Lab, pick

pytestmark = pytest.mark.browser
KINK, LINES = range(2)  # the subgradient explorers that wait for no function, in the notebook's order
LEAKY, FAMILY = range(2)  # and the activation explorers
EVERY = ["sigmoid", "tanh", "relu", "softplus", "leaky_relu", "prelu", "rrelu", "elu", "maxout"]


@pytest.fixture(scope="module")
def notebook(lab: Lab, lab_root: Path, root: Path) -> Lab:
    released = root / "notebooks" / "04-activations"
    if not (released / "activations.ipynb").exists():
        pytest.skip("no release yet (nbgrader generate_assignment 04-activations)")
    shutil.copytree(released, lab_root / "04-activations")
    lab.open("04-activations/activations.ipynb")
    lab.run_all()
    return lab


def test_the_line_through_the_kink_of_the_relu_can_be_dragged(notebook):
    widget = notebook.widget("subgradient", KINK)
    expect(widget.locator(".verdict")).to_have_text(re.compile("Does not support the graph"))
    expect(widget.locator("[data-row=interval] strong")).to_have_text("hidden")  # the question comes first

    def half_as_steep(x: float, y: float) -> tuple[float, float]:
        box = widget.locator(".point .target").bounding_box()
        return x, (y + box["y"] + box["height"] / 2) / 2

    notebook.drag(widget.locator(".turn"), half_as_steep)
    expect(widget.locator(".verdict")).to_have_text(re.compile("Supports the graph"))
    slope = float(widget.locator(".turn").get_attribute("aria-valuenow"))
    assert slope == pytest.approx(1.3 / 2, abs=0.02)


def test_the_point_can_be_dragged(notebook):
    widget = notebook.widget("subgradient", KINK)
    notebook.drag(widget.locator(".point"), lambda x, y: (x - 120, y))
    assert float(widget.locator(".point").get_attribute("aria-valuenow")) < -0.5
    expect(widget.locator(".verdict")).to_have_text(re.compile("above it for x from"))


@pytest.mark.parametrize("name", ["sigmoid_backward", "relu_backward"])
def test_the_explorer_of_an_unwritten_function_says_kindly_that_it_waits(notebook, name):
    cell = notebook.page.locator(".jp-Cell", has_text=f"%%attempt{name}(")
    words = f"{name} is still to be written. When it is, run its cell and those from there to here."
    expect(cell.locator(".jp-OutputArea")).to_have_text(words)


def test_the_tie_of_lines_shows_its_interval(notebook):
    widget = notebook.widget("subgradient", LINES)
    expect(widget.locator("[data-row=interval] strong")).to_have_text("hidden")  # the question comes first
    widget.locator("[data-row=interval] input").check()
    expect(widget.locator("[data-row=interval] strong")).to_have_text("every slope from −1 to 0.25")
    expect(widget.locator("[data-row=given] strong")).to_have_text("slopes −1, 0.25")


def test_a_leaky_relu_is_tilted_on_the_left(notebook):
    widget = notebook.widget("activation", LEAKY)
    widget.get_by_role("slider", name="α").press("End")
    expect(widget.locator("[data-row=slope] strong")).to_have_text("2")
    pick(widget, "ELU")
    expect(widget.locator("[data-row=saturated] strong")).to_have_text("for z < −2.996")


def test_every_activation_says_whose_backward_pass_is_missing(notebook):
    widget = notebook.widget("activation", FAMILY)
    labels = widget.locator("option")
    expect(labels).to_have_count(9)
    for name, label in zip(EVERY, labels.all_text_contents(), strict=True):
        pick(widget, label)
        expect(widget.locator("[data-row=yours]")).to_have_text(
            re.compile(f" {name}_backward is not written yet")
        )
        assert widget.locator(".frame path.slope").get_attribute("d") != ""

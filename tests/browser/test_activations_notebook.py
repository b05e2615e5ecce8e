"""The students' notebook of 04-activations in JupyterLab, as it is released: run, and its widgets used."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from real_lab import Lab, pick

pytestmark = pytest.mark.browser
KINK, YOURS, LINES = range(3)  # the subgradient explorers of the notebook, in its order
SATURATION, LEAKY, FAMILY = range(3)  # and its activation explorers
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


def test_an_unwritten_relu_backward_says_so_kindly(notebook):
    row = notebook.widget("subgradient", YOURS).locator("[data-row=yours]")
    expect(row).to_have_text(re.compile("relu_backward is not written yet"))


def test_the_tie_of_lines_shows_its_interval(notebook):
    widget = notebook.widget("subgradient", LINES)
    expect(widget.locator("[data-row=interval] strong")).to_have_text("every slope from −1 to 0.25")
    expect(widget.locator("[data-row=given] strong")).to_have_text("slopes −1, 0.25")


def test_saturation_is_seen_before_sigmoid_backward_is_written(notebook):
    widget = notebook.widget("activation", SATURATION)
    expect(widget.locator("[data-row=yours]")).to_have_text(re.compile("sigmoid_backward is not written yet"))
    widget.locator(".point").press("End")
    expect(widget.locator("[data-row=slope] strong")).to_have_text("0.002467")
    assert "M" in widget.locator(".hatch").first.get_attribute("d")


def test_a_leaky_relu_is_tilted_on_the_left(notebook):
    widget = notebook.widget("activation", LEAKY)
    widget.get_by_role("slider", name="α").press("End")
    expect(widget.locator("[data-row=slope] strong")).to_have_text("2")
    pick(widget, "ELU")
    expect(widget.locator("[data-row=saturated] strong")).to_have_text("for z < −2.9957")


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

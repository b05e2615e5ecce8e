"""Where no widget runs, the output's figure shows; where one runs, the widget does."""

import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from backprop_course import ops
from backprop_course.widgets import COLOURS, DARK_COLOURS, SubgradientExplorer

CELL = """
from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer
SubgradientExplorer(ops.relu, at=0.0, backward=ops.relu_backward)
"""
SVG, VIEW = "image/svg+xml", "application/vnd.jupyter.widget-view+json"


def executed() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    return NotebookClient(notebook, store_widget_state=False, kernel_name="python3").execute()


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    return executed()


def test_the_output_carries_widget_figure_and_sentence(notebook):
    data = notebook.cells[0].outputs[0].data
    assert set(data) == {VIEW, SVG, "text/plain"}
    assert data["text/plain"].startswith("SubgradientExplorer: relu at x₀ = 0, a line of slope 0.5. Supports")


def test_a_page_without_widget_state_shows_the_figure(notebook):
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert 'data-mime-type="image/svg+xml"' in page
    assert "widget-view" not in page


def test_two_runs_write_the_same_bytes(notebook):
    one, other = (run.cells[0].outputs[0].data for run in (notebook, executed()))
    assert (one[SVG], one["text/plain"]) == (other[SVG], other["text/plain"])


@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_the_figure_draws_what_the_state_says(slope):
    w = SubgradientExplorer(ops.relu, slope=slope, show=["interval"])
    drawn = ET.fromstring(w.figure())
    words = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    verdict = "Supports the graph" if slope == 0.5 else "Does not support the graph"
    assert any(f"Slope {slope:g}. {verdict}" in said for said in words)
    assert "Subgradients at x₀: every slope from 0 to 1" in words
    strokes = [element.get("stroke") for element in drawn.iter("{http://www.w3.org/2000/svg}polyline")]
    assert (COLOURS["wrong"] in strokes) == (slope == 2.0)
    assert COLOURS["gradient"] not in strokes


def test_a_hidden_layer_is_not_told_either():
    w = SubgradientExplorer(ops.relu, show=[])
    assert "every slope" not in repr(w) + w.figure()
    assert "Central difference" not in repr(w) + w.figure()


def test_a_problem_is_drawn_as_words():
    figure = SubgradientExplorer(np.log).figure()
    assert "log(-3) is nan" in "".join(ET.fromstring(figure).itertext())


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, after WCAG 2."""

    def luminance(colour: str) -> float:
        channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("role", COLOURS)
def test_every_colour_stands_out_from_its_background(role):
    assert contrast(COLOURS[role], "#FFFFFF") >= 3
    assert contrast(DARK_COLOURS[role], "#111111") >= 3

"""Where no widget runs, the output's figure shows; where one runs, the widget does."""

import base64
import copy
import re
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from traitlets.config import Config

from backprop_course import ops
from backprop_course.svg import PAINTS
from backprop_course.widgets import COLOURS, DARK_COLOURS, SubgradientExplorer
from backprop_course.widgets.saved import pre_save

CELL = """
from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer
SubgradientExplorer(ops.relu, at=0.0, backward=ops.relu_backward)
"""
HTML, VIEW = "text/html", "application/vnd.jupyter.widget-view+json"


def executed() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    return NotebookClient(notebook, store_widget_state=False, kernel_name="python3").execute()


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    return executed()


def test_the_output_carries_widget_figure_and_sentence(notebook):
    data = notebook.cells[0].outputs[0].data
    assert set(data) == {VIEW, HTML, "text/plain"}
    assert data["text/plain"].startswith("SubgradientExplorer: relu at x₀ = 0, a line of slope 0.5. Supports")


def test_a_page_without_widget_state_shows_the_figure(notebook):
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert '<img alt="SubgradientExplorer: relu at x₀ = 0' in page
    assert "widget-view" not in page


def test_a_saved_notebook_keeps_the_figure_alone(notebook):
    saved = copy.deepcopy(notebook)
    pre_save({"type": "notebook", "content": saved})
    (output,) = saved.cells[0].outputs
    assert set(output.data) == {HTML, "text/plain"}
    pre_save({"type": "notebook", "content": None})  # as a server asks for one without its content
    pre_save({"type": "file", "content": "text"})


def test_jupyter_servers_find_the_hook():
    config = Config({"ContentsManager": {"pre_save_hook": "backprop_course.widgets.saved.pre_save"}})
    assert AsyncLargeFileManager(config=config).pre_save_hook is pre_save


def test_the_image_follows_the_theme_of_its_page(notebook):
    image = re.search(r'base64,([^"]+)"', notebook.cells[0].outputs[0].data[HTML])[1]
    drawn = base64.b64decode(image).decode()
    assert f"prefers-color-scheme: dark){{.bp-fill-ink{{fill:{PAINTS['ink'][1]}}}" in drawn


def test_two_runs_write_the_same_bytes(notebook):
    one, other = (run.cells[0].outputs[0].data for run in (notebook, executed()))
    assert (one[HTML], one["text/plain"]) == (other[HTML], other["text/plain"])


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

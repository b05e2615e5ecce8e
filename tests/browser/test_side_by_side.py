"""Several widgets on one page: each brings the shared stylesheet, and none may undo how another looks."""

import pytest

from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
SETUP = "import numpy as np\nfrom backprop_course import ops\nfrom backprop_course.widgets import *"
CELLS = {
    "gradient-check": "GradientCheckExplorer(lambda dy, z: dy, 'relu_backward')",
    "graph-explorer": "GraphExplorer('x = 2; y = 3; q = x * y; f = q + x')",
    "jacobian": "JacobianExplorer(np.tanh, np.linspace(-2, 2, 20), lambda dy, z: dy)",
}


def sizes(lab: Lab, lab_root, notebook: str, cells: list[str]) -> dict[str, tuple[float, float]]:
    """Width and height of each kind of widget in a notebook of these cells."""
    write_notebook(lab_root / notebook, SETUP, *cells)  # its own kernel: JupyterLab loads all widgets of one
    lab.open(notebook)
    lab.run_all()
    boxes = {name: lab.widget(name) for name in CELLS if lab.page.locator(f".{name}").count()}
    return {name: (box["width"], box["height"]) for name, w in boxes.items() if (box := w.bounding_box())}


def test_a_widget_looks_the_same_with_others_after_it(lab, lab_root):
    everything = [*CELLS.values(), "SubgradientExplorer(ops.relu)", "SoftmaxExplorer((2, 1))"]
    together = sizes(lab, lab_root, "together.ipynb", everything)
    assert set(together) == set(CELLS)
    for name, cell in CELLS.items():
        assert sizes(lab, lab_root, f"{name}.ipynb", [cell]) == {name: pytest.approx(together[name], abs=1)}

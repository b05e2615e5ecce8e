"""Points stand in one place, the declaration: text and nbgrader's marks of every notebook say the same."""

import dataclasses
import re

import nbformat
import pytest

from backprop_course import exercises
from backprop_course.grading.refresh import write_points

from ..conftest import ROOT

NOTEBOOKS = sorted(ROOT.glob("solutions/*/*.ipynb")) + sorted(ROOT.glob("notebooks/*/*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: f"{file.parts[-3]}/{file.parts[-2]}")
def test_every_notebook_says_the_declared_points(file):
    written = nbformat.read(file, as_version=4)
    write_points(written)
    assert written == nbformat.read(file, as_version=4)


def test_every_task_says_its_points_in_the_form_that_is_written():
    for name in exercises.names():
        (file,) = ROOT.glob(f"solutions/{exercises.get(name).assignment}/*.ipynb")
        tasks = {cell.id: cell.source for cell in nbformat.read(file, as_version=4).cells}
        if f"{name}-task" in tasks:
            assert re.search(r"\*\*Your turn\*\* \(\d+ points?\)", tasks[f"{name}-task"]), name


def test_changed_points_reach_text_and_mark(monkeypatch):
    changed = dataclasses.replace(exercises.get("relu_backward"), points=7)
    monkeypatch.setattr(exercises, "get", lambda name: changed if name == changed.name else real(name))
    notebook = nbformat.read(ROOT / "solutions/04-activations/activations.ipynb", as_version=4)
    before = {cell.id: cell.source for cell in notebook.cells}
    write_points(notebook)
    after = {cell.id: cell for cell in notebook.cells}
    assert "**Your turn** (7 points)" in after["relu_backward-task"].source
    assert after["check-relu_backward"].metadata.nbgrader.points == 7
    assert {name for name, cell in after.items() if cell.source != before[name]} == {"relu_backward-task"}


real = exercises.get

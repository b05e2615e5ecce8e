"""The small helpers that every notebook imports, and that the course shows every widget."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from backprop_course import widgets
from backprop_course.widgets import attempt, table


def unwritten(dy):
    raise NotImplementedError


def test_a_table_has_aligned_columns(capsys):
    table({"z": [-1, 2], "relu(z)": np.array([0.0, 2.0])})
    assert (
        capsys.readouterr().out
        == "           z     relu(z)\n          -1           0\n           2           2\n"
    )


def test_an_attempt_that_works_returns_its_answer(capsys):
    assert attempt(max, 3, 4) == 4
    assert capsys.readouterr().out == ""


def test_an_unwritten_function_leaves_a_gap_and_is_named(capsys):
    gap = attempt(lambda z: unwritten(z), np.zeros((2, 3)))
    assert gap.shape == (2, 3)
    assert np.isnan(gap).all()
    assert capsys.readouterr().out == "unwritten is still to be written. Come back to this cell when it is.\n"


def test_a_function_that_fails_is_no_flood(capsys):
    assert np.isnan(attempt(int, "x"))
    assert "int stopped with ValueError" in capsys.readouterr().out


def test_the_figure_style_loads():
    with plt.style.context("backprop_course.widgets.course"):
        assert plt.rcParams["axes.grid"]


@pytest.mark.parametrize("name", [n for n in widgets.__all__ if n.endswith("Explorer") or n == "Progress"])
def test_every_widget_stands_in_a_notebook(root, name):
    assert any(f"{name}(" in file.read_text(encoding="utf-8") for file in root.glob("solutions/*/*.ipynb"))

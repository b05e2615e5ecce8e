"""The small helpers that every notebook imports, and that the course shows every widget."""

import re
from itertools import permutations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from backprop_course import widgets
from backprop_course.notebook import attempt, choose, expect, show, table
from backprop_course.notebook._figure import UNDRAWN, _page
from backprop_course.palette import COLOURS, DARK_COLOURS

AN_ARRAY = "Return an array: np.array(...) makes one of a list."


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
    said = "unwritten is still to be written. When it is, run its cell and those from there to here.\n"
    assert capsys.readouterr().out == said


def test_a_function_that_fails_is_no_flood(capsys):
    assert np.isnan(attempt(int, "x"))
    assert "int stopped with ValueError" in capsys.readouterr().out


def test_a_right_answer_is_printed(capsys):
    expect(lambda x: x * 2, np.array([1.0, 2.0]), result=[2, 4])
    assert capsys.readouterr().out == "right: [2.0, 4.0]\n"


def test_an_answer_in_place_is_told_and_spoils_nothing():
    numbers = np.array([1.0, 2.0])

    def doubled(x):
        x *= 2
        return x

    with pytest.raises(AssertionError, match="doubled changes an array that it is given"):
        expect(doubled, numbers, result=[2, 4])
    assert numbers.tolist() == [1, 2]


def test_an_error_comes_with_the_example(capsys):
    attempt(lambda: expect(np.linalg.inv, np.zeros((1, 1)), result=[[1]]))
    assert "LinAlgError: Singular matrix\nin inv([[0.0]])" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("refused", "rule"),
    [
        (lambda z: z if z > 0 else 0, "`if`, `and` and `or` want one True or False, and a mask has many.\n"),
        (lambda z: z[:, np.newaxis][np.arange(2), np.arange(3)], "they need the same length.\n"),
        (lambda z: z @ np.ones(3), "so the two need the same length.\n"),
        (lambda z: z.sum(axes=0), "must be one of the function's own, such as axis or keepdims.\n"),
        (lambda z: z + np.ones(3), "two lengths fit if they are equal or one of them is 1.\n"),
    ],
)
def test_what_numpy_refuses_comes_with_its_rule(refused, rule, capsys):
    attempt(lambda: expect(refused, np.array([1.0, 2.0]), result=[1, 2]))
    assert capsys.readouterr().out.endswith(rule)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "answer returns None: `return` is missing, or what stands after it gives nothing."),
        ([2, 4], f"answer returns something of type list. {AN_ARRAY}"),
        (np.float64(2), "answer([1], 3)\nexpected an array of shape (2,), got one number: 2.0."),
        (np.array([2, None]), "answer returns [2 None]. Return an array of numbers."),
        (
            np.array([[2, 4]]),
            "answer([1], 3)\nexpected an array of shape (2,), got one of shape (1, 2): [[2, 4]]",
        ),
        (np.array([2, 1 / 3]), "answer([1], 3)\nexpected [2.0, 4.0]\ngot      [2.0, 0.333]"),
        (np.array([True, False]), "answer([1], 3)\nexpected [2.0, 4.0]\ngot      [True, False]"),
        (np.array([2, np.nan]), "answer([1], 3)\nexpected [2.0, 4.0]\ngot      [2.0, nan]"),
    ],
)
def test_a_wrong_answer_is_said_plainly(returned, said):
    def answer(x, size):
        return returned

    with pytest.raises(AssertionError) as raised:
        expect(answer, np.array([1]), 3, result=[2, 4])
    # where pytest runs the module's example too, it indents the message of an assert and adds to it
    assert str(raised.value).replace("\n  ", "\n").startswith(said)


def test_several_arrays_are_compared_one_by_one(capsys):
    right = ([1, 2], [[3]])
    expect(lambda: (np.array([1, 2]), np.array([[3.0]])), result=right)
    assert capsys.readouterr().out == "right: [1, 2] and [[3.0]]\n"
    for wrong, said in (
        ((np.array([1, 2]), np.array([[4.0]])), "array 2 of 2:\nexpected [[3.0]]\ngot      [[4.0]]"),
        ((np.array([1]), np.array([[3.0]])), "array 1 of 2:\nexpected an array of shape (2,)"),
        (np.array([1, 2]), "type ndarray. Return 2 arrays, with commas between them."),
        ((1.5, np.array([[3.0]])), "array 1 of 2:\nexpected an array of shape (2,), got one number: 1.5."),
    ):
        with pytest.raises(AssertionError, match=re.escape(said)):
            expect(lambda wrong=wrong: wrong, result=right)


def test_the_figure_style_loads():
    with plt.style.context("backprop_course.notebook.course"):
        assert plt.rcParams["axes.grid"]


@pytest.mark.parametrize("name", [n for n in widgets.__all__ if n.endswith("Explorer") or n == "Progress"])
def test_every_widget_stands_in_a_notebook(root, name):
    assert any(f"{name}(" in file.read_text(encoding="utf-8") for file in root.glob("solutions/*/*.ipynb"))


def test_a_choice_keeps_its_answer_closed_until_a_click():
    page = choose(
        "The slope of `x**2` at 5?", {"5": "That is x.", "10": "2x < 11."}, answer="10"
    )._repr_html_()
    assert "<details open" not in page
    assert "<code>x**2</code>" in page
    assert page.index("<summary>10</summary>") < page.index("2x &lt; 11.")
    assert page.count("✓ Right.") == 1


def test_the_place_of_the_right_option_is_not_its_author_s():
    options = {"5": "That is x.", "10": "2x.", "25": "That is x²."}
    pages = {
        choose("The slope of x² at 5?", dict(order), answer="10")._repr_html_()
        for order in permutations(options.items())
    }
    assert len(pages) == 1


def test_numbered_options_keep_their_order():
    lines = {f"line {n}": "No." for n in range(1, 8)}
    assert re.findall(r"line \d", repr(choose("Which line is wrong?", lines, answer="line 4"))) == list(lines)


@pytest.mark.parametrize(("options", "answer"), [({"5": "No."}, "5"), ({"5": "No.", "10": "Yes."}, "7")])
def test_a_choice_needs_options_and_an_answer_among_them(options, answer):
    with pytest.raises(ValueError, match="two options or more"):
        choose("Which?", options, answer=answer)


def shown(capsys):
    """Draw and show a line, outside of a notebook: the words are printed."""
    _, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], color=COLOURS["value"])
    show('A line from "0" to 1.')
    return capsys.readouterr().out


def test_a_figure_says_in_words_what_there_is_to_see(capsys):
    assert shown(capsys) == 'Figure: A line from "0" to 1.\n'
    assert plt.get_fignums() == []


def test_a_figure_at_which_nobody_will_look_is_not_drawn(capsys, monkeypatch):
    monkeypatch.setenv(UNDRAWN, "yes")
    monkeypatch.setattr(Figure, "savefig", lambda *_, **__: pytest.fail("it was drawn"))
    assert shown(capsys) == 'Figure: A line from "0" to 1.\n'


def test_a_figure_is_a_labelled_picture_in_the_colours_of_the_theme():
    figure, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], color=COLOURS["value"])
    page = _page(figure, 'A line from "0" to 1.')
    plt.close(figure)
    assert 'aria-label="A line from &quot;0&quot; to 1."' in page
    assert f"stroke: light-dark({COLOURS['value']}, {DARK_COLOURS['value']})" in page
    assert "#000000" not in page.partition("<img")[0]


def test_showing_needs_a_figure_and_words():
    with pytest.raises(ValueError, match="no figure"):
        show("A line.")
    plt.figure()
    with pytest.raises(ValueError, match="alt text"):
        show(" ")
    plt.close("all")

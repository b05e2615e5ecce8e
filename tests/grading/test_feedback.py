"""The feedback page: its table, its formulas offline, and what it never shows."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from backprop_course.grading import feedback
from backprop_course.grading._markup import Budget
from backprop_course.grading._outputs import outputs_from
from backprop_course.grading.config import configure
from backprop_course.grading.feedback import FeedbackExporter, PrepareFeedback
from backprop_course.grading.preprocessors import ClearHiddenTestsFromFeedback
from backprop_course.widgets.saved import WIDGET

SECRET = 'assert round(mystery(17), 3) == 42.125, "never shown"'
QUOTED = (
    ("In", SECRET),
    ("repr", repr(SECRET)),
    ("spaced", SECRET.replace(" ", "  ")),
    ("colours", SECRET.replace("(", "\x1b[32m(")),
)


def _mark(name: str, **more: object) -> dict[str, object]:
    kind = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": kind | {"grade_id": name} | more}


def _stream(text: str) -> NotebookNode:
    return NotebookNode(output_type="stream", name="stdout", text=text)


def _page(*outputs: NotebookNode, root, text: str = "", **found: object) -> str:
    """Export a graded notebook of one exercise, with some outputs in a student's cell."""
    test = f"check(relu_backward)\n### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
    judged = {
        "exercise": "relu_backward",
        "passed": False,
        "score": 0.0,
        "headline": "relu_backward: not yet.",
        "reason": "",
        "mistakes": [{"slug": "wrong-mask", "message": "It passes where z < 0.", "hint": "Look at >=."}],
    }
    notebook = new_notebook(
        cells=[
            new_markdown_cell(r"The slope $\frac{dy}{dx}$ and $$y = \sum_i x_i < 3$$"),
            new_markdown_cell(text),
            new_code_cell("print(In)", outputs=list(outputs)),
            new_code_cell(
                "def relu_backward(dy, z): ...",
                metadata=_mark("relu_backward", solution=True, comment="Nearly."),
            ),
            new_code_cell(test, metadata=_mark("check_relu_backward", grade=True, points=2, score=0.0)),
        ],
        metadata={"backprop_course": {"cells": {"check_relu_backward": judged}} | found},
    )
    where = {
        "notebook": "n",
        "assignment": "04",
        "student": "an<na",
        "score": 0,
        "max_score": 2,
        "late_penalty": 0,
    }
    notebook, resources = PrepareFeedback().preprocess(notebook, {"nbgrader": where})
    config = Config()
    configure(config, root)
    config.Exporter.default_preprocessors = []
    page, _ = FeedbackExporter(config=config).from_notebook_node(notebook, resources=resources)
    return str(page)


def test_it_opens_with_a_table_of_exercises_and_names_the_mistake(root):
    page = _page(root=root)
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    for part in (
        'href="#check_relu_backward"',
        "relu_backward",
        "0 of 2",
        "It passes where z &lt; 0.",
        "wrong-mask",
    ):
        assert part in table
    assert 'id="check_relu_backward"' in page
    assert "<strong>Hint.</strong> Look at &gt;=." in page
    assert "Nearly." in page
    assert "an&lt;na" in page


def test_formulas_are_there_without_a_network(root):
    page = _page(root=root)
    assert page.count("<math") == 2
    assert "<script" not in page
    assert "//" not in page.replace("http://www.w3.org/1998/Math/MathML", "").partition("<table")[0]


def test_lines_of_a_formula_are_aligned(root):
    page = _page(root=root, text=r"$$\begin{aligned} y &= a + b \\ &= c \end{aligned}$$")
    assert page.count("<mtr>") == 2
    assert "<mi>&" not in page


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<style>.a { b: c }</style><p>x</p>", "<p>x</p>"),
        ("x<STYLE a=1>b</Style >y<script>c</script>z", "xyz"),
        ("x<style>y", "x"),
        ("<sty<style></style>le>x", "x"),
        ("İ<style>x</style>y", "İy"),
        (f"x<style>{'a ' * 1000}</style>y", "xy"),
    ],
)
def test_a_style_is_not_shown_as_text(page, shown):
    (output,) = outputs_from([{"out": "display", "data": {"text/html": page}}], Budget())
    assert output.data == {"text/html": shown}


@pytest.mark.parametrize("text", [text for _, text in QUOTED], ids=[name for name, _ in QUOTED])
def test_an_output_that_quotes_a_hidden_test_is_left_out(root, text):
    for output in (
        _stream(f"before {text} after"),
        new_output("error", ename="AssertionError", evalue=text, traceback=[text]),
        new_output("display_data", data={"text/html": f"<b>{text}</b>", "text/plain": "x"}),
    ):
        page = _page(output, root=root)
        assert "quotes a test" in page
        assert "before" not in page


def test_the_words_of_a_hidden_test_in_a_student_s_own_cell_stop_no_page():
    notebook = new_notebook(cells=[new_code_cell("### BEGIN HIDDEN TESTS\nmine"), new_code_cell("1")])
    kept, _ = ClearHiddenTestsFromFeedback().preprocess(notebook, {})
    assert kept.cells[0].source == "### BEGIN HIDDEN TESTS\nmine"


def test_other_outputs_stay(root):
    assert "as it was" in _page(_stream("as it was"), root=root)


def test_text_that_takes_for_ever_stands_there_as_it_was_written(root, monkeypatch):
    monkeypatch.setattr(feedback, "RENDERING", 0.5)
    text = "<" + " " * 10**6 + "end"
    assert f"<pre>{text.replace('<', '&lt;')}</pre>" in _page(root=root, text=text)


def test_a_widget_leaves_its_figure_or_a_sentence_in_place_of_a_blank(root):
    view = {WIDGET: {"model_id": "1"}, "text/plain": "Explorer()"}
    figure = new_output("display_data", data=view | {"image/svg+xml": "<svg><title>still</title></svg>"})
    alone = new_output("display_data", data=dict(view))
    assert "data:image/svg+xml" in _page(figure, root=root)
    assert "A picture to touch stood here" in _page(alone, root=root)


def test_what_a_person_should_look_at_stands_on_top(root):
    eye = {"slug": "unreadable", "message": "the file is empty", "cell": ""}
    top = _page(root=root, needs_eye=[eye], restored=["a test"]).partition("<tbody>")[0]
    assert "the file is empty" in top
    assert "a test" in top

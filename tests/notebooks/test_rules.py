"""The rules themselves: each finds a page that breaks it, and leaves one alone that does not."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import pages

QUESTION = new_markdown_cell("Some numbers.\n\n**Predict.** 6 or 10?", id="q-question")
ANSWER = new_code_cell("print(2 * 5)", id="q-predict")
FOLDED = "<details><summary>What you saw</summary>\n\nTen.\n\n</details>"


@pytest.mark.parametrize(
    "after",
    [FOLDED, f"{FOLDED}\n\n**See it.** At 7:", "## 2. Something new", "**Your turn.** Write it."],
)
def test_what_goes_on_may_stand_under_a_question(after):
    assert list(pages.answers_in_view(new_notebook(cells=[QUESTION, ANSWER, new_markdown_cell(after)]))) == []


@pytest.mark.parametrize(
    "cells",
    [
        [QUESTION, ANSWER, new_markdown_cell("At 10. The ratio depends on x.")],
        [QUESTION, ANSWER, new_markdown_cell(f"{FOLDED}\n\n**The rule.** It is 2x, so 10.")],
        [QUESTION, ANSWER, new_markdown_cell("<details open><summary>Saw</summary>\n\nTen.\n\n</details>")],
        [new_markdown_cell("**Predict.** 6 or 10?\n\nIt is 10."), ANSWER],
        [QUESTION, new_markdown_cell("It is 10."), ANSWER],
        [new_code_cell("choose('6 or 10?', options, answer='10')"), new_markdown_cell("It is 10.")],
    ],
)
def test_an_answer_in_view_is_found(cells):
    assert list(pages.answers_in_view(new_notebook(cells=cells))) != []


@pytest.mark.parametrize(
    ("below", "found"),
    [("At the end.", 1), (FOLDED, 0), ("**The rule.** They part.", 0), ("## 2. Something new", 0)],
)
def test_what_a_reader_is_to_find_in_a_picture_is_not_told_below_it(below, found):
    asked = new_markdown_cell("**See it.** Two curves. Where do they part?")
    page = new_notebook(cells=[asked, new_code_cell("curves()"), new_markdown_cell(below)])
    assert len(list(pages.looks_answered_in_view(page))) == found


@pytest.mark.parametrize(("asked", "found"), [("**See it.** A square:", ["q-predict"]), ("Is it 10?", [])])
def test_a_cell_named_for_a_prediction_that_nobody_asked_for_is_found(asked, found):
    page = new_notebook(cells=[new_markdown_cell(f"Is it a square?\n\n{asked}"), ANSWER])
    assert pages.predictions_of_nothing(page) == found


@pytest.mark.parametrize(("shown", "found"), [("14 20 8", 1), ("14 20", 0), ("5 8", 0)])
def test_a_right_number_printed_above_its_choice_is_found(shown, found):
    above = new_code_cell(f"print('{shown}')", outputs=[new_output("stream", text=shown)])
    asked = new_code_cell("choose('b?', {'5': 'No.', '8': 'Yes.'}, answer='8')")
    page = new_notebook(cells=[above, new_markdown_cell("A slope."), asked])
    assert len(pages.answers_printed_above(page)) == found


def test_the_minutes_of_a_sitting_are_counted():
    time = "**Time.** Two sittings of 20 to 30 minutes: parts 1 and 2, and 3 to 4. To come back, click."
    cells = [new_markdown_cell(time), new_markdown_cell("## 2. Two\n\n**Your turn** (3 points).")]
    cells += [new_code_cell("1"), new_markdown_cell("## 4. Four"), new_code_cell("XExplorer(1)")]
    cells += [new_markdown_cell("## Going further"), new_code_cell("2")]  # extras do not count
    parts, minutes = pages.sittings(new_notebook(cells=cells))
    assert parts == [(1, 2), (3, 4)]
    assert [round(one) for one in minutes] == [13, 3]


def test_a_picture_s_code_has_to_be_folded():
    drawing = new_code_cell("fig, ax = plt.subplots()\nshow('A line.')", id="line-figure")
    page = new_notebook(cells=[drawing, new_code_cell("print('plot')")])
    assert pages.unfolded(page) == ["line-figure"]
    drawing.metadata["jupyter"] = {"source_hidden": True}
    assert pages.unfolded(page) == []


@pytest.mark.parametrize(("words", "found"), [(60, []), (61, ["first: 121 words"])])
def test_long_readings_are_counted_over_cells_without_what_is_folded(words, found):
    folded = FOLDED.replace("Ten.", "word " * 200)
    title, end = new_markdown_cell("word " * 300), new_markdown_cell("word " * 300)
    prose = [new_markdown_cell("word " * words, id="first"), new_markdown_cell("word " * 60 + folded)]
    page = new_notebook(cells=[title, new_code_cell("1"), *prose, new_code_cell("2"), end])
    assert pages.long_readings(page) == found


def test_a_cell_that_goes_back_to_another_meaning_is_found(tmp_path):
    cells = ["h = 3", "print(h)", "h = 4", "def twice(v):\n    return 2 * v", "twice = twice(h)"]
    page = new_notebook(cells=[new_code_cell(cell, id=f"cell-{i}") for i, cell in enumerate(cells)])
    run = pages.run_forth_and_back(page, str(tmp_path))
    assert [said.partition(":")[0] for said in run.changed] == ["cell-4", "cell-1"]
    assert run.kinds["twice"] == {"function", "numbers"}
    assert run.kinds["h"] == {"numbers"}


@pytest.mark.parametrize(
    ("told", "found"), [("It stops near 0.07.", ["a-answer: 0.07"]), ("It stops near 0.09.", [])]
)
def test_a_sentence_that_says_another_number_than_the_cell_is_found(told, found):
    cell = new_code_cell(
        "show_ratio()", id="a-predict", outputs=[new_output("stream", text="ratio 0.0873\n")]
    )
    answer = new_markdown_cell(FOLDED.replace("Ten.", told), id="a-answer")
    assert list(pages.not_printed(new_notebook(cells=[QUESTION, cell, answer]))) == found


def test_work_of_the_reader_s_own_is_found_at_the_end_and_not_among_extras():
    task = new_code_cell("def double(x):\n    return 2 * x", metadata={"nbgrader": {"solution": True}})
    use = new_code_cell("%%attempt\nprint(double(3))", id="double-use")
    extra = new_markdown_cell("## Going further")
    assert pages.own_work_at_the_end(new_notebook(cells=[task, use, extra])) == ["double-use"]
    assert pages.own_work_at_the_end(new_notebook(cells=[task, extra, use])) == []

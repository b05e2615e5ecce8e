"""Rules of a page, seen by a machine. How to follow them: the docstring of ``backprop_course.notebook``."""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from backprop_course import exercises
from tests.notebooks import pages

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
FILES = sorted(SOLUTIONS.rglob("*.ipynb"))

each_page = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@each_page
def test_no_answer_stands_in_view_under_a_question(file: Path):
    assert list(pages.answers_in_view(nbformat.read(file, as_version=4))) == []


@each_page
def test_what_a_reader_is_to_find_in_a_picture_is_not_told_below_it(file: Path):
    assert list(pages.looks_answered_in_view(nbformat.read(file, as_version=4))) == []


@each_page
def test_a_cell_is_named_for_a_prediction_where_something_is_asked(file: Path):
    assert pages.predictions_of_nothing(nbformat.read(file, as_version=4)) == []


@each_page
def test_no_right_number_is_printed_above_its_choice(file: Path):
    assert pages.answers_printed_above(nbformat.read(file, as_version=4)) == []


@each_page
def test_a_sitting_takes_about_an_hour_and_no_part_is_left_out(file: Path):
    parts, minutes = pages.sittings(nbformat.read(file, as_version=4))
    assert [one for one in minutes if not 30 <= one <= 75] == []
    assert [(a, b) for a, b in pairwise(parts) if a[1] + 1 != b[0]] == []


@each_page
def test_the_progress_line_follows_the_page(file: Path):
    checked = [re.match(r"check\((\w+)\)", c.source) for c in nbformat.read(file, as_version=4).cells]
    if file.parent.name != "00-start":  # which has no points, and checks a wrong answer for practice
        listed = [exercise.name for exercise in exercises.assigned(file.parent.name)]
        assert [found[1] for found in checked if found] == listed


@each_page
def test_code_that_only_draws_or_sets_up_is_folded(file: Path):
    assert pages.unfolded(nbformat.read(file, as_version=4)) == []


@each_page
def test_there_is_little_to_read_between_two_cells_to_run(file: Path):
    assert pages.long_readings(nbformat.read(file, as_version=4)) == []


@each_page
def test_a_decimal_that_you_saw_was_printed(file: Path):
    assert list(pages.not_printed(nbformat.read(file, as_version=4))) == []


@each_page
def test_every_cell_runs_again_from_last_to_first_and_a_name_keeps_its_kind(file: Path):
    run = pages.run_forth_and_back(nbformat.read(file, as_version=4), str(file.parent))
    assert run.changed == []
    assert {name: kinds for name, kinds in run.kinds.items() if len(kinds) > 1} == {}


@each_page
def test_no_cell_of_ours_stopped(file: Path):
    printed = {
        cell.id: text
        for cell in nbformat.read(file, as_version=4).cells
        if cell.cell_type == "code"
        for text in pages.printed(cell)
        if " stopped with " in text
    }
    assert printed == {}


@each_page
def test_a_page_ends_in_what_the_reader_made(file: Path):
    notebook = nbformat.read(file, as_version=4)
    tried = [cell.id for cell in notebook.cells if cell.id.endswith("-try")]  # right below a task
    assert set(pages.own_work_at_the_end(notebook)) - set(tried) != set()

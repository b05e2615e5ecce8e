"""The progress line: it counts what `check` finds, whenever that is."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

from backprop_course import ExerciseFailed, check, exercises
from backprop_course.checking import verdicts
from backprop_course.widgets import Progress


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch) -> Iterator[Progress]:
    monkeypatch.setattr(import_module("backprop_course.checking.check"), "_reports", {})
    shown = Progress("04-activations")
    yield shown
    shown.close()


def right(name: str) -> None:
    """Check a right answer; a copy, as the course's own functions refuse to be one."""
    reference = exercises.get(name).reference
    check(FunctionType(reference.__code__, reference.__globals__, name, reference.__defaults__), name)


def wrong(name: str, seed: int | None = None) -> None:
    with pytest.raises(ExerciseFailed):
        check(exercises.get(name).wrong[0].function, name, seed=seed)


def test_nothing_is_right_at_first(progress):
    assert repr(progress) == "Progress: 0 of 14 functions right, 0 of 24 points."
    assert {f["state"] for f in progress.functions} == {"open"}


def test_a_check_moves_it_on_and_back(progress):
    right("relu_backward")
    assert progress.summary().startswith("1 of 14 functions right, 2 of 24 points. Still open: linear_")
    assert ", relu_backward" not in progress.summary()
    wrong("relu_backward")
    assert progress.summary() == "0 of 14 functions right, 0 of 24 points."
    assert [f["name"] for f in progress.functions if f["state"] == "wrong"] == ["relu_backward"]


def test_what_is_unwritten_is_open_again_and_no_mistake(progress):
    def unwritten(dy, z):
        raise NotImplementedError

    right("relu_backward")
    with pytest.raises(AssertionError, match="relu_backward: still to be written"):
        check(unwritten, "relu_backward")
    assert {f["state"] for f in progress.functions} == {"open"}
    assert "relu_backward" not in verdicts()


def test_a_hidden_check_counts_too(progress):
    right("relu_backward")
    wrong("relu_backward", seed=3)
    assert progress.summary().startswith("0 of 14")


def test_other_notebooks_are_none_of_its_business(progress):
    before = progress.functions
    right("add_gate_backward")
    assert progress.functions == before


def test_a_second_one_knows_what_was_checked_before(progress):
    right("relu_backward")
    again = Progress("04-activations")
    assert again.functions == progress.functions
    assert verdicts() == {"relu_backward": True}
    again.close()
    right("tanh_backward")
    assert again.functions != progress.functions


def test_everything_right_leaves_nothing_open(progress):
    for exercise in exercises.assigned("04-activations"):
        right(exercise.name)
    assert progress.summary() == "14 of 14 functions right, 24 of 24 points."


def test_its_figure_has_a_piece_for_each_function(progress):
    right("relu_backward")
    wrong("tanh_backward")
    figure = progress.figure()
    assert figure.count("<rect") == 1 + 14  # the paper, and the functions
    assert "1 of 14 functions right, 2 of 24 points" in figure


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of notebook 4, in a copy that `start` laid down; give the file that remembers."""
    monkeypatch.setattr(import_module("backprop_course.checking.check"), "_reports", {})
    (tmp_path / "04-activations").mkdir()
    (tmp_path / "progress.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "04-activations")
    return tmp_path / "progress.json"


def test_another_day_begins_where_the_last_one_ended(desk, monkeypatch):
    right("relu_backward")
    wrong("tanh_backward")
    monkeypatch.setattr(import_module("backprop_course.checking.check"), "_reports", {})
    assert json.loads(desk.read_text()) == {"relu_backward": True, "tanh_backward": False}
    assert Progress("04-activations").summary().startswith("1 of 14 functions right")


def test_only_a_notebook_s_own_folder_is_remembered(desk, monkeypatch):
    (desk.parent / "00-start").mkdir()
    monkeypatch.chdir(desk.parent / "00-start")
    wrong("relu_backward")
    assert desk.read_text() == "{}"


def test_the_whole_course_is_shown_notebook_by_notebook_as_each_was_left(desk):
    right("relu_backward")
    course = Progress()
    assert course.summary().startswith(f"1 of {len(exercises.names())} functions right, 2 of ")
    wrong("add_gate_backward")  # in the folder of another notebook
    right("tanh_backward")
    assert {f["name"]: f["state"] for f in course.functions if f["state"] != "open"} == {
        "relu_backward": "right",
        "tanh_backward": "right",
    }
    figure = course.figure()
    assert "04-activations: 2 of 14 functions right, 3 of 24 points" in figure
    assert figure.count("functions right") == 1 + 7  # its name, and the notebooks
    course.close()


def test_where_no_file_lies_none_is_made(desk):
    desk.unlink()
    right("relu_backward")
    assert [path.name for path in desk.parent.iterdir()] == ["04-activations"]


@pytest.mark.parametrize("text", ["", "no json", "[1]", '{"relu_backward": "yes"}'])
def test_a_file_that_cannot_be_read_tells_nothing(desk, text):
    desk.write_text(text)
    assert Progress("04-activations").summary().startswith("0 of 14")
    right("relu_backward")
    assert json.loads(desk.read_text()) == {"relu_backward": True}


def test_a_disk_that_is_full_breaks_no_check_and_loses_nothing(desk, monkeypatch):
    right("relu_backward")
    before = desk.read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        right("tanh_backward")
    assert desk.read_text() == before
    assert sorted(path.name for path in desk.parent.iterdir()) == ["04-activations", "progress.json"]


def test_an_unknown_assignment_is_an_error():
    with pytest.raises(ValueError, match=r"expected one of .*04-activations"):
        Progress("04")

"""The progress line: it counts what `check` finds, whenever that is."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from backprop_course import ExerciseFailed, check, exercises
from backprop_course.checking import verdicts
from backprop_course.widgets import Progress


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch) -> Iterator[Progress]:
    monkeypatch.setattr(import_module("backprop_course.checking.check"), "_verdicts", {})
    shown = Progress("04-activations")
    yield shown
    shown.close()


def right(name: str) -> None:
    check(exercises.get(name).reference)


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


def test_an_unknown_assignment_is_an_error():
    with pytest.raises(ValueError, match=r"expected one of .*04-activations"):
        Progress("04")

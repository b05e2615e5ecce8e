"""A sandbox that is gone costs nobody the grade."""

import socket
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from backprop_course.grading import _sandbox, _worker
from backprop_course.grading._converter import made_whole
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import Sandbox
from backprop_course.grading._source import parsed
from tests.attacks.conftest import POINTS, RIGHT, answered, source

pytestmark = pytest.mark.nbgrader


@pytest.fixture(autouse=True)
def _no_warm_sandboxes() -> Iterator[None]:
    _worker.close()
    yield
    _worker.close()


def _graded(code: str = RIGHT["relu_backward"], sandbox: str = "auto", **answers: str) -> dict[str, Any]:
    page = parsed(nbformat.writes(source()))
    handed_in = nbformat.writes(answered(source(), RIGHT | {"relu_backward": code} | answers)).encode()
    notebook = made_whole(handed_in, page)
    _worker.run(notebook, page, lambda name: 5, Limits(cell=3), sandbox=sandbox)
    return dict(notebook.metadata["backprop_course"])


def _scores(found: dict[str, object]) -> dict[str, float]:
    return {name: cell["score"] for name, cell in found["cells"].items()}  # type: ignore[attr-defined]


def _hang_up(sandbox: Sandbox) -> None:
    assert sandbox._commands is not None
    sandbox._commands.shutdown(socket.SHUT_RDWR)


def test_sandbox_that_ended_between_two_submissions_is_started_again() -> None:
    assert _scores(_graded()) == POINTS
    ((sandbox, _),) = _worker._warm.values()
    _hang_up(sandbox)
    assert _scores(_graded()) == POINTS


def test_sandbox_that_is_stopped_costs_no_more_than_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sandbox, "START_LIMIT", 9999.0)  # the test's own limit would end it
    stops = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\n"
    found = _graded(stops + RIGHT["relu_backward"], sandbox="none")
    assert _scores(found) == POINTS


def test_judge_that_takes_for_ever_is_ended_and_the_next_submission_is_graded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Limits, "whole", 2.0)
    with pytest.raises(TimeoutError, match="grading it takes longer than 2 seconds"):
        _graded("import time; time.sleep(2.8)")
    monkeypatch.undo()
    assert _scores(_graded()) == POINTS


def test_sandbox_that_ends_each_time_is_named_in_the_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = Sandbox._fork

    def lost(sandbox: Sandbox) -> tuple[socket.socket, int]:
        _hang_up(sandbox)
        return fork(sandbox)

    monkeypatch.setattr(Sandbox, "_fork", lost)
    found = _graded()
    assert _scores(found) == dict.fromkeys(POINTS, 0)
    (eye,) = found["needs_eye"]
    assert eye["slug"] == "kernel-died"
    assert "the sandbox ended twice before a kernel began (BrokenPipeError" in eye["message"]


def test_setup_that_fails_is_no_silent_zero() -> None:
    page = source()
    page.cells[0].source = "import a_package_that_is_not_here"
    notebook = made_whole(nbformat.writes(answered(page, RIGHT)).encode(), parsed(nbformat.writes(page)))
    _worker.run(notebook, parsed(nbformat.writes(page)), lambda name: 5, Limits(cell=3))
    (eye,) = notebook.metadata["backprop_course"]["needs_eye"]
    assert eye["slug"] == "setup-failed"
    assert "a_package_that_is_not_here" in eye["message"]


def test_check_whose_name_is_gone_costs_no_right_answer() -> None:
    assert _scores(_graded("del check\n" + RIGHT["relu_backward"])) == POINTS


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "def relu_backward(dy, z)\n    return dy",
            "its cell stopped with SyntaxError: expected ':' (line 1).",
        ),
        ("def relu_backwards(dy, z):\n    return dy", "There is no function relu_backward."),
        ("relu_backward = 3", "relu_backward is a int; expected a function."),
    ],
)
def test_function_that_is_not_there_is_told_by_what_became_of_it(code: str, said: str) -> None:
    (mistake,) = _graded(code)["cells"]["check_relu_backward"]["mistakes"]
    assert said in mistake["message"]


def test_plain_test_that_fails_has_its_reason_in_the_table() -> None:
    code = RIGHT["relu_backward"]
    wrong = "def squares(n):\n    return [0, 1, 4, 9] if n == 4 else {}"
    assert "TypeError" in _graded(code, squares="squares = len")["cells"]["check_squares"]["headline"]
    assert _graded(code, squares=wrong)["cells"]["check_squares"]["headline"] == "a hidden test failed"

"""``backprop-course check``: a notebook's verdicts in a terminal, from a real kernel."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

COMMAND = Path(sys.executable).with_name("backprop-course")
STUB = "    raise NotImplementedError"
ANSWERS = {
    "relu_backward": "def relu_backward(dy, z):\n    return dy",
    "sigmoid_backward": "def sigmoid_backward(dy, y):\n    return dy * y * (1 - y)",
    "tanh_backward": f"def tanh_backward(dy, y):\n{STUB}",
    "elu_backward": "def elu_backward(dy, z, alpha):\n    return dy *",
}


def _write(file: Path, answers: dict[str, str]) -> Path:
    """Write a notebook as nbgrader releases one: a cell with each answer, and one with its check."""
    cells = [nbformat.v4.new_code_cell("from backprop_course import check")]
    for name, source in answers.items():
        for grade_id, text in ((name, source), (f"check_{name}", f"check({name})")):
            cells.append(nbformat.v4.new_code_cell(text, metadata={"nbgrader": {"grade_id": grade_id}}))
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def _check(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, "check", file], capture_output=True, text=True, timeout=300)


def test_each_function_has_a_line_and_the_verdicts_are_remembered(tmp_path: Path) -> None:
    file = _write(tmp_path / "04-activations/activations.ipynb", ANSWERS)
    (tmp_path / "progress.json").write_text("{}")
    before = file.read_bytes()
    done = _check(file)
    _, relu, sigmoid, tanh, elu, summary = done.stdout.splitlines()
    assert "relu_backward     not yet: wrong-mask. " in relu
    assert sigmoid.split() == ["sigmoid_backward", "right"]
    assert tanh.split(maxsplit=1) == ["tanh_backward", "still to be written"]
    assert "elu_backward      not checked: SyntaxError: invalid syntax (line 2)" in elu
    assert done.stderr == ""
    assert summary == "1 of 4 functions right, 1 of 6 points."
    assert done.returncode == 1, done.stderr
    assert file.read_bytes() == before
    kept = json.loads((tmp_path / "progress.json").read_text())
    assert kept == {"relu_backward": False, "sigmoid_backward": True}


def test_all_right_ends_with_code_0(tmp_path: Path) -> None:
    done = _check(_write(tmp_path / "mine.ipynb", {"sigmoid_backward": ANSWERS["sigmoid_backward"]}))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("1 of 1 functions right, 1 of 1 points.\n")


def test_a_kernel_that_dies_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = _check(_write(tmp_path / "mine.ipynb", {"sigmoid_backward": "import os; os._exit(1)"}))
    assert done.returncode == 1
    assert "Python ended while it ran" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.ipynb", None, "is not there; expected a notebook"),
        ("notes.txt", "notes", "is not a notebook"),
        ("list.ipynb", "[]", "is not a notebook"),
        ("empty.ipynb", "", "is not a notebook"),
        ("other.ipynb", nbformat.writes(nbformat.v4.new_notebook()), "asks for no graded function"),
    ],
)
def test_another_file_is_told_apart(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    done = _check(tmp_path / name)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    assert "is a folder; expected a notebook" in _check(tmp_path).stderr

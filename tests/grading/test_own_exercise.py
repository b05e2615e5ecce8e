"""An exercise of one's own, as the instructors' page declares it: handed out, checked, judged outside."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from tests.conftest import ROOT

pytestmark = pytest.mark.nbgrader

PAGE = (ROOT / "backprop_course/grading/README.md").read_text(encoding="utf-8")
SCRIPTS = Path(sys.executable).parent
RIGHT = "def swish_backward(dy, z):\n    s = 1 / (1 + np.exp(-z))\n    return dy * (s + z * s * (1 - s))"
WRONG = "def swish_backward(dy, z):\n    return dy / (1 + np.exp(-z))"


def _run(folder: Path, *command: object, **environment: str) -> str:
    known = {name: value for name, value in os.environ.items() if name != "BACKPROP_COURSE_EXERCISES"}
    done = subprocess.run(
        [str(SCRIPTS / str(command[0])), *map(str, command[1:])],
        cwd=folder,
        env=known | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _mark(name: str, **more: object) -> dict[str, object]:
    kind = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": kind | {"grade_id": name, "cell_type": "code"} | more}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a class and add the exercise to it, as the page says."""
    folder = tmp_path_factory.mktemp("own") / "spring"
    _run(folder.parent, "backprop-course", "new-class", folder, "--only", "00-start")
    (declaration,) = (b for b in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "EXERCISES" in b)
    (folder / "exercises.py").write_text(declaration)
    notebook = new_notebook(
        cells=[
            new_code_cell("import numpy as np\nfrom backprop_course import check"),
            new_markdown_cell("**Your turn** (1 point). Write the backward pass of the swish."),
            new_code_cell(
                f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION",
                metadata=_mark("swish_backward", solution=True),
            ),
            new_code_cell(
                "check(swish_backward)",
                metadata=_mark("check_swish_backward", grade=True, locked=True, points=1),
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    (folder / "source/08-swish").mkdir()
    nbformat.write(notebook, folder / "source/08-swish/swish.ipynb")
    _run(folder, "python", "-m", "backprop_course.grading.refresh", "08-swish")
    return folder


def test_the_refresh_writes_the_declared_points_and_runs_the_check(made):
    cells = nbformat.read(made / "source/08-swish/swish.ipynb", as_version=4).cells
    assert "(3 points)" in cells[1].source
    assert cells[3].metadata.nbgrader.points == 3
    assert "right" in str(cells[3].outputs)


def test_a_student_s_wheel_checks_it_and_holds_no_solution(made, tmp_path):
    _run(made, "backprop-course", "release", tmp_path / "given", "--only", "08-swish")
    (wheel,) = (tmp_path / "given").glob("*.whl")
    held = zipfile.ZipFile(wheel)
    notebooks = [name for name in held.namelist() if name.endswith(".ipynb")]
    assert notebooks == ["backprop_course/_notebooks/08-swish/swish.ipynb"]
    assert "np.exp" not in held.read(notebooks[0]).decode()
    assert not any("solutions" in name for name in held.namelist())
    held.extractall(tmp_path / "installed")
    said = _run(
        *(tmp_path, "python", "-c"),
        f"import numpy as np\nfrom backprop_course import evaluate\n{WRONG}\n"
        "print(evaluate('swish_backward', swish_backward).mistakes[0].slug)",
        PYTHONPATH=str(tmp_path / "installed"),
    )
    assert said.strip() == "dropped-path"


def test_it_is_judged_outside_like_the_course_s(made):
    released = nbformat.read(made / "release/08-swish/swish.ipynb", as_version=4)
    for student, answer in {"anna": RIGHT, "ben": WRONG}.items():
        folder = made / "submitted" / student / "08-swish"
        folder.mkdir(parents=True)
        released.cells[2].source = answer
        nbformat.write(released, folder / "swish.ipynb")
    _run(made, "nbgrader", "autograde", "08-swish")
    _run(made, "nbgrader", "generate_feedback", "08-swish")
    with Gradebook(f"sqlite:///{made}/gradebook.db") as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions("08-swish")}
    assert scores == {"anna": 3, "ben": 0}
    assert "dropped-path" in (made / "feedback/ben/08-swish/swish.html").read_text()


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("Ada Lovelace_4711_assignsubmission_file/swish.ipynb", "Ada Lovelace"),
        ("Ada O'Neil-Šimečková_4712_assignsubmission_file_/swish.ipynb", "Ada O'Neil-Šimečková"),
        ("Ada B._4713_assignsubmission_file_/My answers.ipynb", "Ada B."),
        ("group 2-Ada_4714_assignsubmission_file_swish.ipynb", "group 2-Ada"),
        ("lovelaceada_LATE_815_99_swish-1.ipynb", "815"),
        ("lovelaceada_816_100_swish (1)-2.ipynb", "816"),
    ],
)
def test_zips_of_moodle_and_canvas_are_collected(made, file, student):
    command = next(
        line
        for line in PAGE.splitlines()
        if "zip_collect" in line and ("assignsub" in line) == ("assignsub" in file)
    )
    (pattern,) = re.findall(r"named_regexp='(.*)'", command)
    archive = made / "downloaded/08-swish/archive"
    archive.mkdir(parents=True, exist_ok=True)
    for old in archive.iterdir():
        old.unlink()
    with zipfile.ZipFile(archive / "all.zip", "w") as packed:
        packed.write(made / "release/08-swish/swish.ipynb", file)
    _run(
        made,
        "nbgrader",
        "zip_collect",
        "08-swish",
        "--force",
        f"--FileNameCollectorPlugin.named_regexp={pattern}",
    )
    (collected,) = (made / "submitted" / student / "08-swish").glob("*.ipynb")
    assert collected.read_bytes() == (made / "release/08-swish/swish.ipynb").read_bytes()

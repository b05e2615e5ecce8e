"""One class with everybody in it, graded in one run."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from backprop_course.grading import _secret, many
from backprop_course.grading.course import make_releases
from tests.attacks.code import ATTACKS, WRONG
from tests.attacks.more_code import ODD_FORMS
from tests.attacks.more_files import FILES

CONFIG = """
from pathlib import Path
from backprop_course.grading.config import configure
c = get_config()
configure(c, Path(__file__).resolve().parent)
c.RunAndJudge.timeout = 3
c.RunAndJudge.notebook_timeout = 60
"""
RIGHT = {
    "relu_backward": "def relu_backward(dy, z):\n    return dy * (z > 0)",
    "sigmoid_backward": "def sigmoid_backward(dy, y):\n    return dy * y * (1 - y)",
    "squares": "def squares(n):\n    return [k * k for k in range(n)]",
}
POINTS = {"check_relu_backward": 2.0, "check_sigmoid_backward": 2.0, "check_squares": 1.0}
SETUP = """import numpy as np

from backprop_course import check, exercises, ops"""
CANARY = "CANARY"  # stands wherever no student may read


def _mark(name: str, **more: Any) -> dict[str, Any]:
    marks = {"grade_id": name, "schema_version": 3, "cell_type": "code", "task": False}
    return {"nbgrader": marks | {"grade": False, "solution": False, "locked": False} | more}


def source() -> Any:
    """Give the instructor's notebook: two exercises of the course, and a test that is plain nbgrader's."""
    cells = [new_code_cell(SETUP, metadata=_mark("setup", locked=True))]
    for name, answer in RIGHT.items():
        solution = f"### BEGIN SOLUTION\n{answer}  # {CANARY}\n### END SOLUTION"
        test = f"check({name})" if name != "squares" else "assert squares(4) == [0, 1, 4, 9]"
        secret = "pass" if name != "squares" else "assert squares(2) == [0, 1]"
        hidden = f"### BEGIN HIDDEN TESTS\n{secret}\n### END HIDDEN TESTS"
        cells.append(new_code_cell(solution, metadata=_mark(name, solution=True)))
        marks = _mark(f"check_{name}", grade=True, locked=True, points=POINTS[f"check_{name}"])
        cells.append(new_code_cell(f"{test}\n{hidden}", metadata=marks))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def answered(release: Any, answers: dict[str, str]) -> Any:
    """Fill in the answer cells."""
    filled = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in filled.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    return filled


@dataclass(frozen=True)
class Classroom:
    """The class after grading."""

    course: Path
    graded: dict[str, many.Graded]

    def scores(self, student: str) -> dict[str, float]:
        """Give a student's scores, from the gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            notebook = gradebook.find_submission_notebook("page", "attacked", student)
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def text(self, student: str) -> str:
        """Give a student's graded notebook."""
        return (self.course / "autograded" / student / "attacked/page.ipynb").read_text(encoding="utf-8")

    def slugs(self, student: str) -> set[str]:
        """Give the names of everything that was seen."""
        found = json.loads(self.text(student))["metadata"]["backprop_course"]
        cells = found["cells"].values()
        mistakes = {m["slug"] for cell in cells for m in cell["mistakes"]}
        return mistakes | {eye["slug"] for eye in found["needs_eye"]} | {cell["reason"] for cell in cells}


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Grade everybody at once."""
    course = tmp_path_factory.mktemp("attacks") / "course"
    folder = course / "source/attacked"
    folder.mkdir(parents=True)
    nbformat.write(source(), folder / "page.ipynb")
    (course / "nbgrader_config.py").write_text(CONFIG)
    make_releases(course, ["attacked"], lambda name: None)
    release = nbformat.read(course / "release/attacked/page.ipynb", as_version=4)
    honest = answered(release, RIGHT)
    for name in ("honest", *FILES, *ATTACKS, *ODD_FORMS):
        place = course / "submitted" / name / "attacked"
        place.mkdir(parents=True)
        if name in FILES:
            FILES[name][0](place, honest, course)
            continue
        code = ATTACKS[name][0] if name in ATTACKS else ODD_FORMS.get(name, RIGHT["relu_backward"])
        if "def relu_backward" not in code and "relu_backward =" not in code:
            code += WRONG
        nbformat.write(answered(release, RIGHT | {"relu_backward": code}), place / "page.ipynb")
    (course / "submitted/secret.ipynb").write_text(CANARY)
    _secret.secret(course)
    before = os.getcwd()
    room = many.open_class(course, "attacked")
    todo, _ = many.pending(room)
    graded = {one.student: one for one in many.grade(room, todo, jobs=2)}
    many.finish(room)
    os.chdir(before)
    return Classroom(course, graded)

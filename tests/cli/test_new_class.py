"""``backprop-course new-class``: what is there afterwards, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.nbgrader

COMMAND = Path(sys.executable).with_name("backprop-course")
TAKEN = ("01-chain-rule", "04-activations")


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=300)


def _new_class(*arguments: object) -> subprocess.CompletedProcess[str]:
    return _run("new-class", *arguments, "--only", ",".join(TAKEN))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "spring"
    done = _new_class(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_it_has_nbgrader_s_layout_and_the_course_s_own_releases(made, root):
    held = _contents(made)
    for assignment in TAKEN:
        (notebook,) = (root / "solutions" / assignment).glob("*.ipynb")
        assert held[f"source/{assignment}/{notebook.name}"] == notebook.read_bytes()
        released = root / "notebooks" / assignment / notebook.name
        assert held[f"release/{assignment}/{notebook.name}"] == released.read_bytes()
    assert [path.name for path in made.parent.iterdir()] == ["spring"]


def test_its_gradebook_knows_the_assignments_and_their_points(made):
    with Gradebook(f"sqlite:///{made}/gradebook.db") as gradebook:
        points = {assignment.name: assignment.max_score for assignment in gradebook.assignments}
    assert points.keys() == set(TAKEN)
    assert all(points.values())


def test_what_is_there_is_never_overwritten(made):
    before = _contents(made)
    done = _new_class(made)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert _contents(made) == before


def test_an_unknown_assignment_is_named_and_leaves_nothing(tmp_path):
    done = _run("new-class", tmp_path / "class", "--only", "04-activation")
    assert done.returncode == 1
    assert "no assignment 04-activation; expected some of 00-start" in done.stderr
    assert not list(tmp_path.iterdir())


def test_where_there_are_no_solutions_it_says_what_to_do(tmp_path):
    done = _run("new-class", tmp_path / "class", "--clone", tmp_path)
    assert done.returncode == 1
    assert "Get a clone of the repository" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_release_that_fails_leaves_nothing(tmp_path):
    broken = tmp_path / "clone" / "solutions" / "01-broken"
    broken.mkdir(parents=True)
    (broken / "broken.ipynb").write_text("{}")
    done = _run("new-class", tmp_path / "class", "--clone", tmp_path / "clone")
    assert done.returncode == 1
    assert "nbgrader could not release 01-broken" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["clone"]

"""Binder's recipe: what repo2docker reads, and the environment it describes, without the container."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import pytest

LEFT_TO_A_STUDENT = {"LICENSE", "README.md", "notebooks"}
MEGABYTES = 450  # with Python beside it, what a visitor waits for and Binder keeps
UNSOLVED = "ExerciseFailed"  # what `check` raises for a function that is still a stub


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _call(*command: object, folder: Path, path: str = os.environ["PATH"]) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what git would hand to Binder: every file that is not ignored."""
    copy = tmp_path_factory.mktemp("binder") / "checkout"
    listed = _call("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=root)
    for name in filter(lambda name: (root / name).is_file(), listed.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, copy / name)
    (copy / ".git").mkdir()
    return copy


def test_repo2docker_reads_every_file(checkout):
    recipe = _call(_tool("repo2docker"), "--no-build", "--debug", ".", folder=checkout)
    python = (checkout / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Building conda environment for python={python}" in recipe
    for name in (path.name for path in (checkout / "binder").iterdir() if path.name != "runtime.txt"):
        assert re.search(rf"^(RUN|COPY) .*binder/{name}", recipe, re.MULTILINE), f"binder/{name} is not used"


@pytest.mark.network
def test_the_pins_are_those_of_the_extra(checkout):
    pins = checkout / "binder/requirements.txt"
    before = pins.read_text()
    command = re.search(r"^#    uv (.+)$", before, re.MULTILINE)
    assert command, "the file's first lines should name the command that makes it"
    _call(_tool("uv"), *command[1].split(), folder=checkout)
    assert pins.read_text() == before, f"make it again: uv {command[1]}"


@pytest.mark.network
def test_the_untouched_notebooks_run_in_binder_s_environment(checkout, tmp_path):
    home = shutil.copytree(checkout, tmp_path / "home")
    python = tmp_path / "venv/bin/python"
    venv.create(tmp_path / "venv", with_pip=True)
    _call(python, "-m", "pip", "install", "-q", "-r", "binder/requirements.txt", folder=home)
    _call("binder/postBuild", folder=home, path=f"{python.parent}:{os.environ['PATH']}")
    assert {path.name for path in home.iterdir()} == LEFT_TO_A_STUDENT
    assert sum(file.lstat().st_size for file in (tmp_path / "venv").rglob("*")) < MEGABYTES * 1e6
    notebooks = sorted((home / "notebooks").rglob("*.ipynb"))
    assert notebooks
    for notebook in notebooks:
        options = "--execute", "--allow-errors", "--to=notebook", "--inplace"
        _call(python, "-m", "nbconvert", *options, notebook, folder=notebook.parent)
        assert _errors(notebook) <= {UNSOLVED}


def _errors(notebook: Path) -> set[str]:
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return {output.ename for output in outputs if output.output_type == "error"}

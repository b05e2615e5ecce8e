"""What the wheel holds, what its lower floors need, and that it runs where its metadata says it does."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

FLOORS = ("ops", "data", "numerical", "graph", "exercises", "checking")
NUMPY_ALONE = ("backprop_course", *(f"backprop_course.{name}" for name in FLOORS))
HEAVY = {"matplotlib", "ipywidgets", "IPython", "nbgrader"}


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _python(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, root)
    return next(folder.glob("*.whl"))


def _python(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("module", NUMPY_ALONE)
def test_importing_pulls_in_nothing_heavy(module):
    loaded = _python(sys.executable, "-c", f"import {module}, sys; print(*sys.modules)").split()
    assert not HEAVY & set(loaded)


@pytest.mark.network
def test_the_wheel_holds_every_file_of_the_package_and_the_released_notebooks(wheel, root):
    held = set(zipfile.ZipFile(wheel).namelist())
    assert _files(root / "backprop_course", "backprop_course") <= held
    assert _files(root / "notebooks", "backprop_course/_notebooks") <= held
    assert {name.split("/")[0].split("-")[0] for name in held} == {"backprop_course"}


def _files(folder: Path, inside: str) -> set[str]:
    hidden = (".", "__pycache__")
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    shown = [name for name in names if not any(part.startswith(hidden) for part in name.parts)]
    assert shown
    return {f"{inside}/{name.as_posix()}" for name in shown}


@pytest.mark.network
def test_the_wheel_works_with_numpy_alone(wheel, tmp_path):
    venv.create(tmp_path, with_pip=True)
    python = tmp_path / "bin/python"
    _python(python, "-m", "pip", "install", "-q", "numpy")
    _python(python, "-m", "pip", "install", "-q", "--no-deps", wheel)
    judged = _python(
        *(python, "-W", "error", "-c"),
        f"import {', '.join(NUMPY_ALONE)}\n"
        "wrong = backprop_course.evaluate('relu_backward', lambda dy, z: dy)\n"
        "right = backprop_course.evaluate('relu_backward', lambda dy, z: dy * (z > 0))\n"
        "print(wrong.passed, right.passed)",
    )
    assert judged.split() == ["False", "True"]


def _newest_python() -> str:
    """Give the newest Python here: on PATH, or installed by pyenv, which hides what is not chosen."""
    pyenv = {path.parts[-3]: str(path) for path in Path.home().glob(".pyenv/versions/3.*/bin/python")}
    on_path = {f"3.{minor}.0": path for minor in range(11, 30) if (path := shutil.which(f"python3.{minor}"))}
    found = {f"{sys.version_info.major}.{sys.version_info.minor}.0": sys.executable} | on_path | pyenv
    return found[max(found, key=lambda version: [int(part) for part in version.split(".")])]


@pytest.mark.network
@pytest.mark.parametrize("versions", ["lowest-direct", "highest"])
def test_a_notebook_is_right_with_the_lowest_versions_declared_and_with_the_newest_python(
    wheel: Path, root: Path, tmp_path: Path, versions: str
) -> None:
    uv = sys.executable, "-m", "uv"
    oldest = f"{sys.version_info.major}.{sys.version_info.minor}"  # CI runs on the oldest
    _python(
        *uv,
        "venv",
        "-q",
        tmp_path / "venv",
        "-p",
        oldest if versions == "lowest-direct" else _newest_python(),
    )
    python = tmp_path / "venv/bin/python"
    _python(
        *uv, "pip", "install", "-q", "--python", python, f"--resolution={versions}", f"{wheel}[notebooks]"
    )
    command = tmp_path / "venv/bin/backprop-course"
    assert "Usage" in _python(command, "--help")
    solved = shutil.copy(root / "solutions/02-computational-graphs/computational_graphs.ipynb", tmp_path)
    assert "8 of 8 functions right" in _python(command, "check", solved)

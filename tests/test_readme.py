"""README and CONTRIBUTING say what is true: their links lead to files, and CI calls README's test command."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest


def _blocks(document: Path, language: str) -> list[str]:
    fence = rf"^```{language}\n(.*?)^```"
    return re.findall(fence, document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def _commands(document: Path) -> list[str]:
    lines = (line for block in _blocks(document, "bash") for line in block.splitlines())
    return [line.split("  #")[0].strip() for line in lines]


def _targets(document: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))


def test_ci_calls_the_test_command_of_the_readme_word_for_word(root):
    command = next(command for command in _commands(root / "README.md") if "pytest" in command)
    assert command in (root / ".ci/run").read_text().splitlines()


def test_the_first_command_of_the_readme_ends_in_the_course(root):
    assert _commands(root / "README.md")[0].endswith(".venv/bin/backprop-course start")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_extra_named_in_a_command_exists(root, name):
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = re.findall(r"'\.\[(.+?)\]'", " ".join(_commands(root / name)))
    assert named
    assert {extra for group in named for extra in group.split(",")} <= set(extras)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_and_edited_paths_lead_to_files(root, name):
    links = {target for target in _targets(root / name) if not urlsplit(target).scheme and target[0] != "#"}
    paths = set(re.findall(r"`((?:\w+/|\.ci/)[\w./-]*|[\w.-]+\.(?:py|toml|md))`", (root / name).read_text()))
    made_by_the_reader = {"submitted/"}
    missing = [path for path in sorted((links | paths) - made_by_the_reader) if not (root / path).exists()]
    assert not missing


def test_the_python_example_prints_what_its_comment_says(root):
    (example,) = _blocks(root / "README.md", "python")
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True)
    assert done.stdout == example.split("  # ")[1], done.stderr


def _rows(root: Path) -> list[list[str]]:
    lines = [line for line in (root / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_row_of_the_table_of_changes_says_what_comes_next(root):
    rows = _rows(root)
    assert rows
    assert [row[0] for row in rows if len(row) != 3 or not all(row)] == []


def test_every_room_has_a_row_in_the_table_of_changes(root):
    edited = " ".join(row[1] for row in _rows(root))
    rooms = [path for path in (root / "backprop_course").iterdir() if path.name[0] != "_"]
    names = [f"backprop_course/{path.name}" for path in rooms if path.is_dir() or path.suffix == ".py"]
    assert [name for name in sorted(names) if name not in edited] == []


def test_the_floors_are_those_that_the_linter_watches(root):
    linter = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = [layer.split(" : ") for layer in linter["contracts"][0]["layers"]]
    told = (root / "CONTRIBUTING.md").read_text().partition("rooms below it: ")[2].partition(".")[0]
    assert [re.findall(r"`(\w+)`", floor) for floor in told.split(" → ")] == floors

"""Lint, layout, types, floors, and notebooks stored as they ran: part of the one test command."""

import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy", "lint-imports --no-cache"])
def test_style(command: str, root: Path):
    tool, *options = command.split()
    tool = sysconfig.get_path("scripts") + f"/{tool}"
    done = subprocess.run([tool, *options], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("notebook", sorted(SOLUTIONS.rglob("*.ipynb")), ids=lambda path: path.stem)
def test_a_solution_is_stored_as_run_from_top_to_bottom(notebook: Path):
    # nbval compares nothing with a cell that was stored without having run.
    cells = nbformat.read(notebook, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    # Nor does it see what `attempt` made of an exception in a cell whose output is ignored.
    printed = {cell.id: "".join(o.text for o in cell.outputs if o.output_type == "stream") for cell in code}
    assert [name for name, text in printed.items() if "Its check tells you more." in text] == []

"""Run the solution notebooks anew and make their releases: ``python -m tests.refresh 04-activations ...``.

Without a name, all of them. Outputs are kept in `solutions/`, without what differs from run to run for no
reason that a reader sees: the times of the cells, in how many pieces they printed, and the random numbers of
the widgets, whose figures stay.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(file: Path) -> None:
    """Run every cell of a notebook in its own folder and save it with its outputs."""
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(
        notebook,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(file.parent)}},
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    nbformat.write(notebook, file)


def main(assignments: list[str]) -> None:
    """Execute and release these assignments."""
    for folder in sorted(ROOT.glob("solutions/*/")):
        if assignments and folder.name not in assignments:
            continue
        for file in sorted(folder.glob("*.ipynb")):
            print(f"{file.relative_to(ROOT)} ...", flush=True)
            execute(file)
        nbgrader = Path(sysconfig.get_path("scripts"), "nbgrader")
        subprocess.run(
            [nbgrader, "generate_assignment", folder.name], cwd=ROOT, check=True, capture_output=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])

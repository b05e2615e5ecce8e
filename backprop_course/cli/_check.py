"""A student's checks without JupyterLab: the notebook runs in a kernel of its own, a verdict is a line."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backprop_course import exercises
from backprop_course.cli._fail import fail

if TYPE_CHECKING:
    from nbformat import NotebookNode

# On a slow machine. A cell with an endless loop is stopped then, and the next one runs.
CELL_SECONDS = 180
SHOWS = "application/json"
TELL = f"""
from IPython.display import display
from backprop_course.checking.check import reports
first = {{name: next(iter(report.mistakes), None) for name, report in reports().items()}}
display({{"{SHOWS}": {{name: m and [m.slug, m.message] for name, m in first.items()}}}}, raw=True)
"""
STUB = "raise NotImplementedError"  # a release has it in the place of each answer


def check(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Such as activations.ipynb.")],
) -> None:
    """Run NOTEBOOK from top to bottom, without JupyterLab, and say for each function whether it is right.

    The file stays as it is. Ends with code 0 when all functions are right, and with 1 otherwise.

    Example: backprop-course check backprop-course/04-activations/activations.ipynb
    """
    if find_spec("nbclient") is None:
        fail("nbclient is not installed here. Install it: pip install 'backprop-course[student]'")
    page = _read(notebook)
    asked = {name: cell for name, cell in _grade_ids(page).items() if name in exercises.names()}
    if not asked:
        fail(f"{notebook} asks for no graded function; expected a notebook of the course, from 1 on.")
    typer.echo(f"Running {notebook} ...")
    told = _run(page, notebook)
    stopped = _stopped(page)
    for name, cell in asked.items():
        said = _verdict(name, told, stopped, unwritten=STUB in cell.source)
        typer.echo(f"  {name:<{max(map(len, asked))}}  {said}")
    right = [name for name in asked if told.get(name, "") is None]
    points, total = (sum(exercises.get(name).points for name in names) for names in (right, asked))
    typer.echo(f"{len(right)} of {len(asked)} functions right, {points} of {total} points.")
    raise typer.Exit(0 if len(right) == len(asked) else 1)


def _read(file: Path) -> "NotebookNode":
    """Read a notebook, or end the command and say what the file is instead."""
    import nbformat

    if not file.is_file():
        what = "is a folder" if file.is_dir() else "is not there"
        fail(f"{file} {what}; expected a notebook, such as 04-activations/activations.ipynb.")
    try:
        page: NotebookNode = nbformat.read(file, as_version=4)
    except OSError as error:
        fail(f"cannot read {file}: {error.strerror}.")
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError):
        fail(f"{file} is not a notebook; expected a file that JupyterLab saved, ending in .ipynb.")
    return page


def _grade_ids(page: "NotebookNode") -> dict[str, "NotebookNode"]:
    """Cells that nbgrader knows, by its names for them: a function's cell has the function's name."""
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in page.cells}
    return {name: cell for name, cell in cells.items() if isinstance(name, str)}


def _run(page: "NotebookNode", file: Path) -> dict[str, list[str] | None]:
    """Run the notebook where it lies; give the first mistake of each function that was checked, or None."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_code_cell

    page.cells.append(new_code_cell(TELL))
    client = NotebookClient(
        page,
        kernel_name="python3",
        timeout=CELL_SECONDS,
        interrupt_on_timeout=True,
        allow_errors=True,
        extra_arguments=["--log-level=ERROR"],  # a warning is for whoever runs servers
        resources={"metadata": {"path": str(file.resolve().parent)}},
    )
    try:
        client.execute()
    except (DeadKernelError, CellTimeoutError):
        fail(f"Python ended while it ran {file}. Run its cells one by one in JupyterLab to see where.")
    except NoSuchKernel:
        fail("there is no Jupyter kernel here. Install one: pip install 'backprop-course[student]'")
    shown = (output.get("data", {}) for output in page.cells.pop().outputs)
    return next((data[SHOWS] for data in shown if SHOWS in data), {})


def _stopped(page: "NotebookNode") -> dict[str, str]:
    """What stopped the cells that nbgrader knows, in words."""
    return {
        name: re.sub(r"\(\d+\.py, ", "(", f"{output.ename}: {output.evalue}")  # a file that nobody wrote
        for name, cell in reversed(_grade_ids(page).items())
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    }


def _verdict(
    name: str, told: dict[str, list[str] | None], stopped: dict[str, str], *, unwritten: bool
) -> str:
    """Say of one function what its check found, or why there is no verdict."""
    if name not in told:
        reason = stopped.get(name) or stopped.get(f"check_{name}")
        return f"not checked: {reason}" if reason else "not checked: its check is missing"
    mistake = told[name]
    if mistake is None:
        return "right"
    slug, message = mistake
    return "still to be written" if slug == "not-implemented" and unwritten else f"not yet: {slug}. {message}"

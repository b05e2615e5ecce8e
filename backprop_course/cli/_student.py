"""The commands of who studies: the notebooks in a folder of their own, opened in JupyterLab."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from backprop_course.cli import _copy, _lab
from backprop_course.cli._fail import fail
from backprop_course.notebook.released import release_folder, release_names


def start(
    folder: Annotated[Path, typer.Argument(help="Your folder for the notebooks.")] = Path("backprop-course"),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="JupyterLab's port; by default one that is free.")
    ] = None,
) -> None:
    """Copy the notebooks into FOLDER and open the first one in JupyterLab.

    What you wrote in FOLDER is yours and stays as it is; a newer package brings its corrections. What your
    checks find is remembered in FOLDER/progress.json. Ctrl-C stops JupyterLab.

    Example: backprop-course start my-course --port 8900
    """
    if find_spec("jupyterlab") is None:
        fail("JupyterLab is not installed here. Install it: pip install 'backprop-course[student]'")
    if address := _lab.address_of_running(folder):
        typer.echo(f"The course is open in {folder.resolve()} already, at {address}")
        if browser:
            typer.launch(address)
        raise typer.Exit
    if port is not None:
        _lab.require_free(port)
    names = release_names()
    if not names:
        fail(f"no notebooks in {release_folder()}; expected the course. Install backprop-course again.")
    _copy.copy_new(names, folder)
    typer.echo(f"The course is in {folder.resolve()}. Ctrl-C stops JupyterLab.")
    raise typer.Exit(_lab.serve(_lab.jupyterlab_command(folder, names[0], browser, port), folder))

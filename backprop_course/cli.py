"""The command ``backprop-course``: puts the notebooks into a folder of yours and opens them in JupyterLab."""

import shutil
import signal
import socket
import subprocess
import sys
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import quote

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backprop-course {metadata.version('backprop-course')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Learn backpropagation by writing it."""


@app.command()
def start(
    folder: Annotated[Path, typer.Argument(help="Your folder for the notebooks.")] = Path("backprop-course"),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="JupyterLab's port; by default one that is free.")
    ] = None,
) -> None:
    """Copy the notebooks into FOLDER and open the first one in JupyterLab.

    Notebooks that are in FOLDER already are yours: they stay as they are. Ctrl-C stops JupyterLab.
    """
    if find_spec("jupyterlab") is None:
        _fail("JupyterLab is not installed here. Install it: pip install 'backprop-course[student]'")
    if port is not None:
        _require_free(port)
    names = _release_names()
    if not names:
        _fail(f"no notebooks in {_release_folder()}; expected the course. Install backprop-course again.")
    _copy_new(names, folder)
    typer.echo(f"The course is in {folder.resolve()}. Ctrl-C stops JupyterLab.")
    raise typer.Exit(_serve(_jupyterlab_command(folder, names[0], browser, port), folder))


def _release_folder() -> Path:
    """Find the students' notebooks: inside an installed wheel, or beside the package in a source tree."""
    package = Path(str(resources.files("backprop_course")))
    installed = package / "_notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def _release_names() -> list[Path]:
    """List the released files in the order of the course: a notebook at the top, then folder by folder."""
    release = _release_folder()
    names = (path.relative_to(release) for path in release.rglob("*") if path.is_file())
    visible = (name for name in names if not any(part.startswith((".", "__")) for part in name.parts))
    return sorted(visible, key=lambda name: (name.suffix != ".ipynb", len(name.parts), name))


def _copy_new(names: list[Path], folder: Path) -> None:
    """Copy the released files that ``folder`` lacks, and say of each whether it was added or kept."""
    if folder.exists() and not folder.is_dir():
        _fail(f"{folder} is a file; expected a folder. Name another: backprop-course start FOLDER")
    try:
        kept = [name for name in names if not _copy_if_new(name, folder)]
    except OSError as error:
        _fail(f"cannot write {error.filename}: {error.strerror}. Name another: backprop-course start FOLDER")
    if kept:
        typer.echo("Kept files are yours and stay as they are. To begin one afresh, rename it.")


def _copy_if_new(name: Path, folder: Path) -> bool:
    target = folder / name
    new = not target.exists()
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy that is cut short must not pass for the user's own the next time.
        unfinished = target.with_name(target.name + ".part")
        shutil.copyfile(_release_folder() / name, unfinished)
        unfinished.rename(target)
    typer.echo(f"  {'added' if new else 'kept '} {name}")
    return new


def _require_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        _fail(f"port {port} cannot be used: {error.strerror}. Name another with --port, or leave --port out.")


def _jupyterlab_command(folder: Path, first: Path, browser: bool, port: int | None) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{quote(first.as_posix())}",
        "--log-level=WARN",
        "--allow-root",  # without it JupyterLab refuses to start in most containers
        *([] if browser else ["--no-browser"]),
        *([] if port is None else [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]),
    ]


def _serve(command: list[str], folder: Path) -> int:
    """Run JupyterLab in ``folder`` until it ends, or until Ctrl-C or a closed terminal ends it."""
    # In a group of its own JupyterLab gets no Ctrl-C, so neither its question nor a traceback follows one.
    with subprocess.Popen(command, cwd=folder, process_group=0) as server:
        for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
            signal.signal(getattr(signal, name), lambda *_: server.terminate())
        status = server.wait()
    return max(status, 0)  # negative: ended by the signal passed on above


def _fail(message: str) -> NoReturn:
    typer.echo(f"backprop-course: {message}", err=True)
    raise typer.Exit(1)

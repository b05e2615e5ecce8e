"""A student's copy of the released notebooks: what is new is added, what is there is theirs."""

import shutil
from pathlib import Path

import typer

from backprop_course.cli._fail import fail
from backprop_course.notebook.released import release_folder


def copy_new(names: list[Path], folder: Path) -> None:
    """Copy the released files that ``folder`` lacks, and say of each whether it was added or kept."""
    if folder.exists() and not folder.is_dir():
        fail(f"{folder} is a file; expected a folder. Name another: backprop-course start FOLDER")
    try:
        kept = [name for name in names if not _copy_if_new(name, folder)]
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}. Name another: backprop-course start FOLDER")
    if kept:
        typer.echo("Kept files are yours and stay as they are. To begin one afresh, rename it.")


def _copy_if_new(name: Path, folder: Path) -> bool:
    target = folder / name
    new = not target.exists()
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy that is cut short must not pass for the user's own the next time.
        unfinished = target.with_name(target.name + ".part")
        shutil.copyfile(release_folder() / name, unfinished)
        unfinished.rename(target)
    typer.echo(f"  {'added' if new else 'kept '} {name}")
    return new

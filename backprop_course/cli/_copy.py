"""A student's copy of the released notebooks: new ones come, corrections arrive, what is theirs stays."""

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import typer

from backprop_course.checking.progress import FILE, replace
from backprop_course.cli._fail import fail
from backprop_course.notebook.released import release_folder

RECORD = ".handed-out.json"  # for each file, the fingerprint of the release that the student last got


def copy_new(names: list[Path], folder: Path) -> None:
    """Bring ``folder`` up to date with the released files, and say of each what was done.

    A file that the student never touched is replaced by its correction. Beside one that they did, the new one
    is laid. Nothing of theirs is overwritten.
    """
    if folder.exists() and not folder.is_dir():
        fail(f"{folder} is a file; expected a folder. Name another: backprop-course start FOLDER")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _read_record(folder / RECORD)
        handed_out = dict(before)
        for name in names:
            said = _bring(name, folder, handed_out)
            typer.echo(f"  {said}")
        if handed_out != before:
            replace(folder / RECORD, json.dumps(handed_out, indent=1))
        if not (folder / FILE).exists():
            replace(folder / FILE, "{}")  # from now on checks are remembered
    except OSError as error:
        fail(
            f"cannot write {error.filename or folder}: {error.strerror}. What is there stays as it was. "
            "Make room, or name another folder: backprop-course start FOLDER"
        )
    typer.echo("What is kept is yours. To begin a notebook afresh, rename it and start again.")


def _bring(name: Path, folder: Path, handed_out: dict[str, str]) -> str:
    """Bring one file up to date; give what was done in words."""
    source, target, key = release_folder() / name, folder / name, name.as_posix()
    new, before = _fingerprint(source), handed_out.get(key)
    handed_out[key] = new
    if not target.exists():
        _copy(source, target)
        return f"added     {name}"
    if before in (None, new) or _fingerprint(target) == new:
        return f"kept      {name}"
    if _fingerprint(target) == before:
        _copy(source, target)
        return f"corrected {name}, which you had not changed"
    beside = _free_name(target)
    _copy(source, beside)
    return f"kept      {name}, which you changed; its correction lies beside it: {beside.name}"


def _free_name(target: Path) -> Path:
    number = 2
    while (free := target.with_stem(f"{target.stem}-{number}")).exists():
        number += 1
    return free


def _copy(source: Path, target: Path) -> None:
    """Copy whole or not at all: one that is cut short must not pass for the user's own the next time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    try:
        shutil.copyfile(source, unfinished)
        os.chmod(unfinished, 0o644)
        if source.suffix == ".ipynb":
            _trust(Path(unfinished))
        os.replace(unfinished, target)
    except OSError as error:
        os.unlink(unfinished)
        raise OSError(error.errno, error.strerror, str(target)) from error


def _trust(notebook: Path) -> None:
    """Let Jupyter show the questions in it with their style, as what was run here."""
    import nbformat  # with JupyterLab
    from nbformat.sign import NotebookNotary

    with suppress(ValueError):  # no notebook: Jupyter says so where it is opened
        NotebookNotary().sign(nbformat.read(notebook, as_version=4))


def _fingerprint(file: Path) -> str:
    """Tell contents apart; of a notebook what its cells say, for running it changes nothing of that."""
    held = file.read_bytes()
    try:
        cells = json.loads(held)["cells"]
        held = json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells]).encode()
    except (ValueError, KeyError, TypeError):
        pass  # no notebook, or a broken one
    return hashlib.sha256(held).hexdigest()


def _read_record(file: Path) -> dict[str, str]:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}

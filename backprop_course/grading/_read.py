"""Reading a submitted file that may be anything."""

import contextlib
import hashlib
import json
import os
import stat
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

LARGEST = 50 << 20
FILES_LIMIT = 32 << 20  # bytes of the files beside a notebook
FILES_MOST = 2_000
NEEDED = {"cell_type": "raw", "metadata": {}, "source": ""}  # what nbformat's own reader cannot do without
CONFLICT = ("<<<<<<< ", ">>>>>>> ")


class UnreadableError(Exception):
    """The file is no notebook that can be read; the message says what is wrong, for the student too."""


def content(file: Path) -> bytes:
    """Read the bytes of a student's file.

    Raises
    ------
    UnreadableError
        When it is a link, or in a folder that is one, or no file, empty, or too large.
    """
    if any(map(os.path.islink, (file.parent, file.parent.parent))):
        raise UnreadableError("its folder is a link to another folder")
    if os.path.islink(file):
        raise UnreadableError("it is a link to another file")
    try:
        return _bytes(file, LARGEST)
    except OSError as error:
        raise UnreadableError(f"it cannot be opened: {error.strerror}") from None


def _bytes(file: Path, most: int) -> bytes:
    """Read a real file, which may have become anything since it was found."""
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("it is not a file")
        if status.st_size > most:
            raise UnreadableError(f"it has {status.st_size >> 20} MB; at most {most >> 20} are read")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            return opened.read(most + 1)
    finally:
        os.close(descriptor)


class Beside(NamedTuple):
    """The files that lie beside a notebook: those that were read, and names of those that were left out."""

    files: dict[str, bytes]
    left_out: list[str]


def files_beside(folder: Path) -> Beside:
    """Read the files that lie beside a notebook: real files alone, no links, up to a limit together."""
    beside, left = Beside({}, []), FILES_LIMIT
    for path in real_files(folder):
        name = path.relative_to(folder)
        if any(p.startswith(".") or p == "__pycache__" or p.endswith(".ipynb") for p in name.parts):
            continue
        try:
            if len(beside.files) == FILES_MOST:
                raise UnreadableError("there are too many")
            content = _bytes(path, left)
        except (OSError, UnreadableError):
            beside.left_out.append(as_text(name.as_posix()))
            continue
        left -= len(content)
        beside.files[name.as_posix()] = content
    return beside


def as_text(name: str) -> str:
    """Give a file's name as text that every file takes: names may hold bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def real_files(folder: Path) -> list[Path]:
    """List the files in a folder at any depth, no links; none where the folder is a link, or is gone."""
    found = []
    for place, _, names in os.walk(folder) if not os.path.islink(folder) else ():
        for path in (Path(place, name) for name in names):
            with contextlib.suppress(OSError):
                if stat.S_ISREG(path.lstat().st_mode):
                    found.append(path)
    return sorted(found)


def notebooks(folder: Path) -> list[str]:
    """List the notebooks in a folder at any depth, copies that editors hide left out."""
    places = [path.relative_to(folder) for path in real_files(folder) if path.suffix == ".ipynb"]
    return [str(place) for place in places if not any(part.startswith(".") for part in place.parts)]


def digest(folders: Iterable[Path]) -> str:
    """Sum up the content of all files in some folders; of one that cannot be read, that it is there."""
    summed = hashlib.sha256()
    for folder in folders:
        for path in real_files(folder):
            summed.update(f"{path.relative_to(folder)}\0".encode("utf-8", "replace"))
            with contextlib.suppress(OSError), path.open("rb") as file:
                summed.update(f"{path.stat().st_size}\0".encode() + file.read(LARGEST))
    return summed.hexdigest()[:16]


def parse(content: bytes) -> NotebookNode:
    """Make a notebook of a file's bytes.

    Raises
    ------
    UnreadableError
        When it is no text, no JSON, no notebook, or of a format from the future.
    """
    text = _text(content)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        if all(any(line.startswith(mark) for line in text.splitlines()) for mark in CONFLICT):
            raise UnreadableError("it holds the marks of a merge conflict (<<<<<<<, >>>>>>>)") from None
        raise UnreadableError(f"it is cut short or damaged: {error}") from None
    if "\\ud" in text.lower():  # half of a surrogate pair is no text, and no file takes it
        text = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace").decode()
        said = json.loads(text)
    version = said.get("nbformat") if isinstance(said, dict) else None
    if not isinstance(version, int):
        raise UnreadableError("it is not a notebook")
    if not 2 <= version <= 4:
        raise UnreadableError(f"its format is {version}; formats 2 to 4 can be read")
    if isinstance(said.get("cells"), list):  # other programs leave odd things there; the cells may be sound
        cells = [NEEDED | cell for cell in said["cells"] if isinstance(cell, dict)]
        cells = [c if isinstance(c["metadata"], dict) else c | {"metadata": {}} for c in cells]
        text = json.dumps(said | {"cells": cells})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ids that two cells share: `restore` gives new ones
            notebook = nbformat.reads(text, as_version=4)
    except Exception as error:  # whatever nbformat makes of it: nothing more precise is known
        raise UnreadableError(f"it is not a sound notebook: {type(error).__name__}: {error}") from None
    if not isinstance(notebook.get("cells"), list):
        raise UnreadableError("it has no cells")
    notebook.cells = [cell for cell in notebook.cells if isinstance(cell, dict)]
    return notebook  # type: ignore[no-any-return]


def _text(content: bytes) -> str:
    if not content.strip():
        raise UnreadableError("it is empty")
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _guess(content)


def _guess(content: bytes) -> str:
    """Take text in another encoding where it is a notebook all the same; what is lost are accents."""
    text = content.decode("latin-1")
    try:
        if isinstance(json.loads(text), dict):
            return text
    except (ValueError, RecursionError):
        pass
    raise UnreadableError("it is not text in UTF-8")

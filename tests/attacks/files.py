"""Attacks and accidents in what is handed in: each makes a student's folder of an honest notebook."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from tests.attacks.code import LINKS

Notebook = Any
FILE = "page.ipynb"


def changed(change: Callable[[Notebook], Any]) -> Callable[[Path, Notebook, Path], None]:
    """Hand in a notebook after a change of it."""

    def hand_in(folder: Path, notebook: Notebook, course: Path) -> None:
        mine = copy.deepcopy(notebook)
        mine = change(mine) or mine
        (folder / FILE).write_text(json.dumps(mine), encoding="utf-8")

    return hand_in


def written(content: bytes) -> Callable[[Path, Notebook, Path], None]:
    """Hand in a file with that content."""

    def hand_in(folder: Path, notebook: Notebook, course: Path) -> None:
        (folder / FILE).write_bytes(content)

    return hand_in


def _marks(notebook: Notebook) -> list[Any]:
    return [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]


def _tests(notebook: Notebook) -> list[Any]:
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]


def _forge_points(notebook: Notebook) -> None:
    for marks in _marks(notebook):
        marks["points"] = 1000.0


def _empty_tests(notebook: Notebook) -> None:
    for cell in _tests(notebook):
        cell["source"] = "pass"


def _delete_tests(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if c not in _tests(notebook)]


def _copy_cells(notebook: Notebook) -> None:
    notebook["cells"] = [copy.deepcopy(c) for c in notebook["cells"] for _ in range(2)]


def _turn_around(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def _unmark(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _swap_marks(notebook: Notebook) -> None:
    tests = _tests(notebook)
    for cell, other in zip(tests, [*tests[1:], tests[0]], strict=True):
        cell["source"], other["source"] = other["source"], cell["source"]


def _tests_as_answers(notebook: Notebook) -> None:
    for cell in _tests(notebook):
        cell["metadata"]["nbgrader"] |= {"solution": True, "locked": False}
        cell["source"] = "pass"


def _as_markdown(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None), cell.pop("execution_count", None)


def _tags(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell"]


def _new_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"


def _format_4_0(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell.pop("id", None)


def _format_3(notebook: Notebook) -> Any:
    _format_4_0(notebook)
    return nbformat.convert(nbformat.from_dict(notebook), 3)


def _format_5(notebook: Notebook) -> None:
    notebook["nbformat"] = 5


def _kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "matlab", "display_name": "x", "language": "matlab"}


def _setup(notebook: Notebook) -> None:
    notebook["cells"][0]["source"] = "def check(*a): pass\nraise SystemExit"


def _outputs(notebook: Notebook) -> None:
    text = "relu_backward: right. 7 of 7 cases, 2 points."
    for cell in _tests(notebook):
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]


def _findings(notebook: Notebook) -> None:
    notebook["metadata"]["backprop_course"] = {
        "cells": {"check_relu_backward": {"score": 2, "passed": True}},
        "needs_eye": [],
        "digest": "x",
    }


def _odd_json(notebook: Notebook) -> None:
    notebook["cells"] += [
        None,
        3,
        {},
        {"cell_type": "code"},
        {"cell_type": "zebra", "source": 3, "metadata": 4},
    ]
    for cell in notebook["cells"][:2]:
        cell["metadata"]["collapsed"] = {"a": [1] * 10}


def _list_sources(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _script(notebook: Notebook) -> None:
    cell = {"cell_type": "markdown", "id": "s", "metadata": {}, "source": "<script>CANARY</script>"}
    notebook["cells"].append(cell)


def _links(notebook: Notebook) -> None:
    for n, link in enumerate(LINKS):
        cell = {"cell_type": "markdown", "id": f"link-{n}", "metadata": {}, "source": link}
        notebook["cells"].append(cell)


def _linked(to: str) -> Callable[[Path, Notebook, Path], None]:
    return lambda folder, notebook, course: (folder / FILE).symlink_to(course / to)


def _renamed(*names: str) -> Callable[[Path, Notebook, Path], None]:
    def hand_in(folder: Path, notebook: Notebook, course: Path) -> None:
        for name in names:
            (folder / name).write_text(json.dumps(notebook), encoding="utf-8")

    return hand_in


def _beside(make: Callable[[Path, Path], Any]) -> Callable[[Path, Notebook, Path], None]:
    def hand_in(folder: Path, notebook: Notebook, course: Path) -> None:
        (folder / FILE).write_text(json.dumps(notebook), encoding="utf-8")
        make(folder, course)

    return hand_in


def _linked_folder(folder: Path, notebook: Notebook, course: Path) -> None:
    folder.rmdir()
    folder.symlink_to(course / "submitted/honest/attacked")


def _linked_to_nowhere(folder: Path, notebook: Notebook, course: Path) -> None:
    folder.rmdir()
    folder.symlink_to(course / "nowhere")


def _file_for_a_folder(folder: Path, notebook: Notebook, course: Path) -> None:
    folder.rmdir()
    nbformat.write(notebook, folder)


def _sparse(folder: Path, notebook: Notebook, course: Path) -> None:
    with (folder / FILE).open("wb") as file:
        file.truncate(1 << 33)


def _folder_with_a_file(folder: Path, notebook: Notebook, course: Path) -> None:
    (folder / FILE).mkdir()
    (folder / FILE / "x.txt").write_text("x")


def _endless_time(folder: Path, course: Path) -> None:
    with (folder / "timestamp.txt").open("wb") as file:
        file.truncate(1 << 37)


def _text(source: str) -> Callable[[Path, Notebook, Path], None]:
    cell = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": source}
    return changed(lambda notebook: notebook["cells"].append(cell))


def _folders_in_folders(folder: Path, course: Path) -> None:
    """Lay more folders beside the notebook than the scratch folder has room for, by their number."""
    for n in range(300):
        place = folder.joinpath(str(n), *"abcdefghijklmnopqrstuvwxyzabcdefghijkl")
        place.mkdir(parents=True)
        (place / "x").write_text("x")


def _many_files(folder: Path, course: Path) -> None:
    for n in range(2_500):
        (folder / f"{n}.txt").touch()


CONFLICT = b'<<<<<<< HEAD\n{"cells": []}\n=======\n{}\n>>>>>>> other\n'

# How it is handed in, and whether the honest answers in it keep their marks.
FILES: dict[str, tuple[Callable[[Path, Notebook, Path], None], bool]] = {
    "forged-points": (changed(_forge_points), True),
    "emptied-tests": (changed(_empty_tests), True),
    "deleted-tests": (changed(_delete_tests), True),
    "every-cell-twice": (changed(_copy_cells), True),
    "turned-around": (changed(_turn_around), True),
    "without-marks": (changed(_unmark), True),
    "tests-swapped": (changed(_swap_marks), True),
    "tests-become-answers": (changed(_tests_as_answers), True),
    "all-markdown": (changed(_as_markdown), True),
    "tags-that-skip": (changed(_tags), True),
    "all-ids-the-same": (changed(_new_ids), True),
    "format-4.0": (changed(_format_4_0), True),
    "format-3": (changed(_format_3), True),
    "format-5": (changed(_format_5), False),
    "another-kernel": (changed(_kernel), True),
    "another-setup": (changed(_setup), True),
    "outputs-of-success": (changed(_outputs), True),
    "findings-of-success": (changed(_findings), True),
    "odd-cells": (changed(_odd_json), True),
    "sources-in-lines": (changed(_list_sources), True),
    "script-in-the-text": (changed(_script), True),
    "empty": (written(b""), False),
    "cut-short": (written(b'{"cells": [{"cell_type": "code", "sou'), False),
    "not-utf-8": (written(b"\xff\xfe\xfa\x00\xd8"), False),
    "merge-conflict": (written(CONFLICT), False),
    "a-list": (written(b"[]"), False),
    "deep": (written(b'{"nbformat": 4, "cells": ' + b"[" * 100_000), False),
    "word-document": (written(b"PK\x03\x04" + bytes(1000)), False),
    "sparse": (_sparse, False),
    "nothing": (lambda folder, notebook, course: None, False),
    "a-folder": (lambda folder, notebook, course: (folder / FILE).mkdir(), False),
    "a-folder-with-a-file": (_folder_with_a_file, False),
    "endless-time": (_beside(_endless_time), True),
    "half-a-character": (_text("\ud800"), True),
    "spaces-that-take-for-ever": (_text("<" + " " * 10**6), True),
    "a-pipe": (lambda folder, notebook, course: os.mkfifo(folder / FILE), False),
    "link-to-the-source": (_linked("source/attacked/page.ipynb"), False),
    "link-to-another-student": (_linked("submitted/honest/attacked/page.ipynb"), False),
    "link-to-nowhere": (_linked("nowhere"), False),
    "folder-that-is-a-link": (_linked_folder, False),
    "folder-linked-to-nowhere": (_linked_to_nowhere, False),
    "file-for-a-folder": (_file_for_a_folder, False),
    "another-name": (_renamed("My answers (1).ipynb"), True),
    "two-other-names": (_renamed("a.ipynb", "b.ipynb"), False),
    "anna[1]": (_renamed(FILE), True),
    "o'brien; rm -rf *": (_renamed(FILE), True),
    "Zoë 学生": (_renamed(FILE), True),
    "data-link": (
        _beside(lambda folder, course: (folder / "data.txt").symlink_to(course / "gradebook.db")),
        True,
    ),
    "folder-link": (_beside(lambda folder, course: (folder / "up").symlink_to(course)), True),
    "time-forged": (
        _beside(lambda folder, course: (folder / "timestamp.txt").write_bytes(b"\xff not a time")),
        True,
    ),
    "links-in-the-text": (changed(_links), True),
    "many-files-beside": (_beside(_many_files), True),
    "folders-in-folders-beside": (_beside(_folders_in_folders), True),
    "module-beside": (
        _beside(lambda folder, course: (folder / "numpy.py").write_text("raise SystemExit")),
        True,
    ),
}

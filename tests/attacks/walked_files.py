"""What a walk through a term handed in besides, as other programs leave it; see `files`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.files import FILE, changed, written


def _colab(notebook: Any) -> None:
    """Leave what Colab leaves: ids in the metadata, an older format, and no marks."""
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
    notebook["metadata"] = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "x"},
    }


def _merge(notebook: Any) -> None:
    """Merge each answer with the check below it, as a click in the menu does."""
    merged: list[Any] = []
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            merged[-1]["source"] += "\n\n" + cell["source"]
        else:
            merged.append(cell)
    notebook["cells"] = merged


def _as_text(notebook: Any) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]


def _many_cells(notebook: Any) -> None:
    notebook["cells"] += [
        {
            "cell_type": "code",
            "metadata": {},
            "source": "",
            "outputs": [],
            "execution_count": None,
            "id": f"e{i}",
        }
        for i in range(20_000)
    ]


def _returns(notebook: Any) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def _packed(folder: Path, notebook: Any, course: Path) -> None:
    """Hand in a packed folder: unpacked, the notebook lies in one of its own, beside a checkpoint."""
    for place in ("homework", "homework/.ipynb_checkpoints", "__MACOSX"):
        (folder / place).mkdir()
    (folder / "homework/mine.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "homework/.ipynb_checkpoints/mine-checkpoint.ipynb").write_text("{}", encoding="utf-8")
    (folder / "__MACOSX/._mine.ipynb").write_bytes(b"\0\5\26\7")


def _age(time: str) -> Any:
    def hand_in(folder: Path, notebook: Any, course: Path) -> None:
        (folder / FILE).write_text(json.dumps(notebook), encoding="utf-8")
        (folder / "timestamp.txt").write_text(time, encoding="utf-8")

    return hand_in


def _secret_words(notebook: Any) -> None:
    notebook["cells"].insert(
        1,
        {
            "cell_type": "code",
            "metadata": {},
            "source": "### BEGIN HIDDEN TESTS\n1",
            "outputs": [],
            "execution_count": None,
            "id": "mine",
        },
    )


HANDED_IN: dict[str, tuple[Callable[[Path, Any, Path], None], bool]] = {
    "notebook-from-colab": (changed(_colab), True),
    "answers-merged-with-their-checks": (changed(_merge), True),
    "answers-turned-into-text": (changed(_as_text), True),
    "twenty-thousand-empty-cells": (changed(_many_cells), True),
    "line-ends-of-windows": (changed(_returns), True),
    "words-of-a-hidden-test": (changed(_secret_words), True),
    "format-from-far-ahead": (changed(lambda n: n.update(nbformat_minor=10**30)), True),
    "in-a-packed-folder": (_packed, True),
    "page-of-html": (written(b"<!DOCTYPE html>\n<html><body>page</body></html>"), False),
    "utf-16-without-its-mark": (written('{"cells": [], "nbformat": 4}'.encode("utf-16-le")), False),
    "handed-in-in-the-year-9999": (_age("9999-12-31 23:59:59 -12:00"), True),
}

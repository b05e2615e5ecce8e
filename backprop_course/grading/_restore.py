"""Making a submission whole: the instructor's cells as released, the student's answers in their places.

Students copy, cut, move and edit cells, and other editors drop marks and ids. What counts is each answer's
text; all else of a marked cell comes from the source: tests, the setup cell, types, tags, points, and the
order.
"""

import ast
import copy
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id
from nbformat.v4 import new_notebook

from backprop_course.grading._markup import clean_markdown
from backprop_course.grading._outputs import PICTURES
from backprop_course.grading._source import Source, mark, visible

LONGEST = 200_000  # characters of a cell of code: to read what it defines takes a thousand times the memory
TOO_LONG = f"# This cell had more than {LONGEST} characters, and was left out."
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass
class Restored:
    """A submission made whole, to be run and judged, and what had to be put back, in words for a person."""

    notebook: NotebookNode
    findings: list[str] = field(default_factory=list)


def restore(submitted: NotebookNode, source: Source) -> Restored:
    """Put the instructor's marked cells and the student's answers together, in the source's order.

    Each cell of the student's own follows the one that it followed before. What was handed in is left as it
    is.
    """
    cells = [_sound(cell) for cell in submitted.cells]
    places = _match(cells, source)
    findings = _changes(cells, places, source)
    taken = {place for found in places.values() for place in found}
    followers = _followers(len(cells), places)
    result = [cells[i] for i in followers.get(None, []) if i not in taken]
    for index, original in enumerate(source.notebook.cells):
        found = places.get(index, [])
        result += _cell(original, [cells[i] for i in found])
        result += [cells[i] for i in followers.get(index, []) if i not in taken]
    own = {cell.source for cell in source.notebook.cells}
    for cell in result:
        if cell.cell_type != "code" and cell.source not in own:
            pasted = cell.get("attachments", ())
            cell.source = clean_markdown(cell.source, pasted)  # an instructor's browser will show this page
        if source.marked.keys().isdisjoint(_name(cell)):
            cell.metadata.pop("nbgrader", None)
        cell.metadata.pop("tags", None) if not mark(cell) else None
    minor = submitted.get("nbformat_minor")
    minor = minor if type(minor) is int and 0 <= minor <= 5 else 5
    notebook = new_notebook(nbformat_minor=minor)
    notebook.cells = result  # not in the call, which validates: their ids are put right below
    notebook.metadata = NotebookNode(kernelspec=source.notebook.metadata.get("kernelspec", {}))
    language = source.notebook.metadata.get("language_info")
    if language:
        notebook.metadata["language_info"] = language
    _give_ids(notebook)
    return Restored(notebook, findings)


def _sound(cell: NotebookNode) -> NotebookNode:
    """Copy a cell, with the fields that its type must have, and no outputs."""
    sound = NotebookNode(
        cell_type=cell.get("cell_type"),
        metadata=copy.deepcopy(cell.get("metadata")),
        source=cell.get("source"),
    )
    if sound.cell_type not in ("code", "markdown", "raw"):
        sound.cell_type = "raw"
    if not isinstance(sound.source, str):
        sound.source = "".join(map(str, sound.source)) if isinstance(sound.source, list) else ""
    if not isinstance(sound.metadata, dict):
        sound.metadata = NotebookNode()
    if not isinstance(sound.metadata.get("nbgrader", {}), dict):
        del sound.metadata["nbgrader"]
    if sound.cell_type == "code" and len(sound.source) > LONGEST:
        sound.source = TOO_LONG
    if sound.cell_type != "code" and isinstance(cell.get("attachments"), dict):
        sound["attachments"] = _pictures(cell["attachments"])
    if isinstance(cell.get("id"), str):
        sound["id"] = cell["id"]
    return _as_type(sound, sound.cell_type)


def _pictures(attachments: NotebookNode) -> NotebookNode:
    """Keep the pictures that were pasted into a text."""
    kept = NotebookNode()
    for name, data in attachments.items():
        plain = {
            kind: data[kind]
            for kind in PICTURES
            if isinstance(data, dict) and isinstance(data.get(kind), str) and BASE64.fullmatch(data[kind])
        }
        if plain:
            kept[name] = NotebookNode(plain)
    return kept


def _as_type(cell: NotebookNode, kind: str) -> NotebookNode:
    cell.cell_type = kind
    if kind == "code":
        cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return cell


def _match(cells: list[NotebookNode], source: Source) -> dict[int, list[int]]:
    """Find the submitted cells that belong to each cell of the source: by mark, id, text or definition."""
    rest = set(range(len(cells)))
    found: dict[int, list[int]] = {}
    for known_by, looked_for in ((_name, _name), (_id, _id), (_text, _text), (_functions, _function)):
        wanted = {
            i: key
            for i, cell in enumerate(source.notebook.cells)
            if i not in found
            for key in looked_for(cell)
        }
        places: dict[str, list[int]] = {}
        for place in sorted(rest) if wanted else ():
            for key in known_by(cells[place]):
                places.setdefault(key, []).append(place)
        for index, key in wanted.items():
            if left := [place for place in places.get(key, ()) if place in rest]:
                found[index] = left if mark(source.notebook.cells[index]) else left[:1]
                rest -= set(found[index])
    return found


def _name(cell: NotebookNode) -> list[str]:
    name = mark(cell).get("grade_id")
    return [name] if name and isinstance(name, str) else []


def _id(cell: NotebookNode) -> list[str]:
    return [cell["id"]] if "id" in cell else []


def _text(cell: NotebookNode) -> list[str]:
    text = visible(cell).strip()  # a hidden test was never there to be handed in
    return [text] if text else []


def _functions(cell: NotebookNode) -> set[str]:
    return defined_in(cell.source)


def _function(original: NotebookNode) -> list[str]:
    return _name(original) if mark(original).get("solution") else []


def defined_in(source: str) -> set[str]:
    """Names of the functions that a cell's text defines; found line by line where it is no Python."""
    try:
        return {n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        starts = [line[4:].split("(")[0].strip() for line in source.splitlines() if line.startswith("def ")]
        return set(starts)


def _cell(original: NotebookNode, found: list[NotebookNode]) -> list[NotebookNode]:
    """Give a cell of the source as it goes into the restored notebook; none where it may be missing."""
    restored = copy.deepcopy(original)
    if not mark(original):
        for cell in found:
            cell.metadata = restored.metadata
        return found
    if not mark(original).get("solution"):
        return [_as_type(restored, original.cell_type)]
    # Of a copied answer cell all run, in their order, as in the student's own notebook.
    *earlier, last = found or [NotebookNode(source=_missing(original))]
    restored.source = last.source
    if "attachments" in last and original.cell_type != "code":
        restored["attachments"] = last["attachments"]
    for cell in earlier:
        cell.metadata = NotebookNode()
    return [*earlier, _as_type(restored, original.cell_type)]


def _missing(original: NotebookNode) -> str:
    comment = "#" if original.cell_type == "code" else ""
    return f"{comment} This answer was missing from the submission.".strip()


def _changes(cells: list[NotebookNode], places: dict[int, list[int]], source: Source) -> list[str]:
    """Say what is not as it was released, of the cells that students have no reason to touch."""
    said = []
    for index, original in enumerate(source.notebook.cells):
        marks = mark(original)
        found = [cells[i] for i in places.get(index, [])]
        if not marks:
            continue
        name = marks["grade_id"]
        if not found:
            said.append(f"the cell {name} was missing")
        elif len(found) > 1:
            said.append(f"the cell {name} was there {len(found)} times")
        said += [
            f"the cell {name} had become {c.cell_type}" for c in found if c.cell_type != original.cell_type
        ]
        if any("points" in mark(c) and mark(c).get("points") != marks.get("points") for c in found):
            said.append(f"the points of the cell {name} were changed")
    order = [min(found) for index, found in sorted(places.items()) if mark(source.notebook.cells[index])]
    if any(cell.source == TOO_LONG for cell in cells):
        said.append(f"a cell had more than {LONGEST} characters, and was left out")
    if order != sorted(order):
        said.append("cells were in another order")
    return said


def _followers(count: int, places: dict[int, list[int]]) -> dict[int | None, list[int]]:
    """Submitted cells by the cell of the source that they come after."""
    owner = {place: index for index, found in places.items() for place in found}
    followers: dict[int | None, list[int]] = {}
    last: int | None = None
    for place in range(count):
        last = owner.get(place, last)
        followers.setdefault(last, []).append(place)
    return followers


def _give_ids(notebook: NotebookNode) -> None:
    """Give each cell an id of its own, where the file's format has ids; no id where it has none."""
    seen: set[str] = set()
    for cell in notebook.cells:
        if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
            cell.pop("id", None)
            continue
        if not cell.get("id") or cell["id"] in seen or len(cell["id"]) > 64 or not _valid_id(cell["id"]):
            cell["id"] = generate_corpus_id()
        seen.add(cell["id"])


def _valid_id(text: str) -> bool:
    return text.isascii() and all(c.isalnum() or c in "-_" for c in text)

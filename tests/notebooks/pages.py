"""What a machine can see of how a page reads: questions, folded cells, words between two cells, names."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

WORDS = 120
GOES_ON = re.compile(r"#|\*\*(See it|Your turn|Try it|Predict)")
NOT_PROSE = re.compile(r"^\|[^\n]*$|\$\$.*?\$\$|```.*?```", re.DOTALL | re.MULTILINE)
CLOSED = re.compile(r"<details>\s*<summary>.*?</details>", re.DOTALL)
KINDS = """
def _kind_of(value):
    import numbers, types, numpy
    if isinstance(value, (numbers.Number, numpy.ndarray, numpy.generic)):
        return "numbers"
    if isinstance(value, types.ModuleType) or isinstance(value, type):
        return type(value).__name__
    return "function" if callable(value) else type(value).__name__


{name: _kind_of(value) for name, value in list(get_ipython().user_ns.items())
 if not name.startswith("_") and name not in get_ipython().user_ns_hidden}
"""


def answers_in_view(notebook: NotebookNode) -> Iterator[str]:
    """Name the cells that show, under a question, anything but cells to run and closed details.

    A question is the ``**Predict.**`` at the end of a cell. Below it come one or more cells that answer when
    they are run, then prose that a click opens; what stands outside of it goes on to something else.
    """
    cells = notebook.cells
    for number, cell in enumerate(cells):
        if cell.cell_type != "markdown" or "**Predict.**" not in cell.source:
            continue
        after = cell.source.rpartition("**Predict.**")[2]
        if "\n\n" in CLOSED.sub("", after).strip():
            yield f"{cell.id}: prose follows the question in its cell"
        groups = [list(group) for _, group in groupby(cells[number + 1 :], key=lambda c: c.cell_type)][:2]
        if not groups or groups[0][0].cell_type != "code":
            yield f"{cell.id}: no cell to run follows the question"
        elif len(groups) > 1:
            yield from _opens(groups[1][0])
    for cell, below in pairwise(cells):
        if "choose(" in cell.source and (cell.cell_type, below.cell_type) == ("code", "markdown"):
            yield from _opens(below)


def looks_answered_in_view(notebook: NotebookNode) -> Iterator[str]:
    """Name the cells that answer, in view below the picture, a question ``**See it.** ...?`` above it.

    A rule may stand there: it says what holds, not what was seen. Extras are left alone.
    """
    groups = [list(group) for _, group in groupby(notebook.cells, key=lambda cell: cell.cell_type)]
    for above, _, below in zip(groups, groups[1:], groups[2:], strict=False):
        asked = above[-1].source.rpartition("**See it.**")
        if any(cell.source.startswith("## Going further") for cell in above):
            return
        if asked[1] and "?" in asked[2] and "**The rule" not in _first(below[0]):
            yield from _opens(below[0])


def _first(cell: NotebookNode) -> str:
    """Give the first paragraph in view."""
    return CLOSED.sub("", cell.source).strip().partition("\n\n")[0]


def _opens(cell: NotebookNode) -> Iterator[str]:
    """Complain unless the first thing in view is something new."""
    first = CLOSED.sub("", cell.source).strip()
    if first and not GOES_ON.match(first):
        yield f"{cell.id}: in view under a question: {first[:40]!r}"


def predictions_of_nothing(notebook: NotebookNode) -> list[str]:
    """List cells named for a prediction, where the last paragraph above asks nothing."""
    return [
        cell.id
        for above, cell in pairwise(notebook.cells)
        if cell.id.endswith("-predict")
        and "choose(" not in above.source
        and "?" not in above.source.rpartition("\n\n")[2]
    ]


def answers_printed_above(notebook: NotebookNode) -> list[str]:
    """List choices whose right number, unlike a wrong one, is printed by the cell to run above them."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for above, cell in pairwise(code):
        if "choose(" in cell.source and "choose(" not in above.source:
            question, options, answer = _choice(cell.source)
            shown = f" {_numerals(' '.join(printed(above)))} "
            seen = {option for option in options if f" {_numerals(option)} " in shown}
            told = len(seen) < len(options) and _numerals(answer) not in _numerals(question)
            if re.fullmatch(r"[\d\s().,−-]+", answer) and answer in seen and told:
                found.append(f"{cell.id}: {answer} is printed by {above.id}")
    return found


def _choice(source: str) -> tuple[str, list[str], str]:
    """Give the question of a choice, its options and the right one."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.keywords]
    call = next(c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "choose")
    question, options = map(ast.literal_eval, call.args)
    return question, list(options), ast.literal_eval(call.keywords[0].value)


def _numerals(text: str) -> str:
    return " ".join(re.findall(r"-?\d[\d.]*", text.replace("−", "-")))


def sittings(notebook: NotebookNode) -> tuple[list[tuple[int, int]], list[float]]:
    """Give the parts of each sitting that the first screen names, and the minutes that they add up to.

    They are counted as the docstring of ``backprop_course.notebook`` says.
    """
    time = next(line for line in notebook.cells[0].source.split("\n") if line.startswith("**Time.**"))
    spans = re.findall(r"(\d+) (?:to|and) (\d+)", time.partition(":")[2] if "sittings" in time else "")
    parts = [(int(first), int(last)) for first, last in spans]
    minutes = dict.fromkeys(range(1, 1 + max((last for _, last in parts), default=0)), 0.0)
    part = 1
    for cell in notebook.cells:
        part = int(([part, *re.findall(r"^## (\d+)\.", cell.source, re.MULTILINE)])[-1])
        if cell.source.startswith("## Going further"):
            break
        minutes[part] = minutes.get(part, 0.0) + _minutes(cell)
    return parts, [sum(minutes[k] for k in range(first, last + 1)) for first, last in parts]


def _minutes(cell: NotebookNode) -> float:
    """Count a cell: reading, running, an explorer to play with, points to earn."""
    if cell.cell_type == "code":
        return 0.75 + 2 * ("Explorer(" in cell.source)
    points = sum(map(int, re.findall(r"\*\*Your turn\*\* \((\d+) point", cell.source)))
    return len(CLOSED.sub("", cell.source).split()) / 200 + 4 * points


def unfolded(notebook: NotebookNode) -> list[str]:
    """List cells that only draw, set up or hold a choice, and whose code is not folded."""
    shown = (c for c in notebook.cells if c.cell_type == "code" and "nbgrader" not in c.metadata)
    return [
        cell.id
        for cell in shown
        if re.search(r"^\s*(show|choose)\(|plt\.", cell.source, re.MULTILINE)
        and not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]


def long_readings(notebook: NotebookNode) -> list[str]:
    """List where more words stand in view between two cells to run than a reader should have to take in."""
    found = []
    for kind, group in groupby(notebook.cells[1:-1], key=lambda cell: cell.cell_type):
        cells = list(group)
        words = sum(len(_prose(cell.source).split()) for cell in cells)
        if kind == "markdown" and words > WORDS:
            found.append(f"{cells[0].id}: {words} words")
    return found


def _prose(source: str) -> str:
    """Take away what is not read in line: folded text, tables, formulas, code."""
    return NOT_PROSE.sub("", CLOSED.sub("", source))


def not_printed(notebook: NotebookNode) -> Iterator[str]:
    """Name the decimals in "What you saw" that neither the question nor the cells below it show, rounded."""
    cells = notebook.cells
    for number, cell in enumerate(cells):
        for words in re.findall(r"<summary>What you saw.*?</details>", cell.source, re.DOTALL):
            start = next(k for k in range(number, -1, -1) if k == 0 or _asks(cells[k - 1]))
            shown = [value for c in cells[max(start - 1, 0) : number] for value in _numbers(_in_view(c))]
            for told in re.findall(r"\d+\.\d+", NOT_PROSE.sub("", words)):
                places = len(told.partition(".")[2])
                if not any(f"{value:.{places}f}" == told for value in shown):
                    yield f"{cell.id}: {told}"


def _asks(cell: NotebookNode) -> bool:
    return "**Predict.**" in cell.source or "choose(" in cell.source


def _in_view(cell: NotebookNode) -> str:
    return "\n".join([cell.source, *(printed(cell) if cell.cell_type == "code" else ())])


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", text.replace(",", ""))]


@dataclass
class Run:
    """What running a notebook forth and back has shown."""

    changed: list[str]  # cells that printed something else when they ran again, from last to first
    kinds: dict[str, set[str]]  # kinds of value that each name has had


def run_forth_and_back(notebook: NotebookNode, folder: str) -> Run:
    """Run all cells in order, then once more from last to first, in one kernel."""
    client = NotebookClient(notebook, resources={"metadata": {"path": folder}}, coalesce_streams=True)
    code = [
        (number, cell)
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source
    ]
    kinds: dict[str, set[str]] = {}
    first: dict[str, Any] = {}
    with client.setup_kernel():
        for number, cell in code:
            client.execute_cell(cell, number)
            first[cell.id] = printed(cell)
            asked = nbformat.v4.new_code_cell(KINDS)
            client.execute_cell(asked, number)
            for name, kind in eval(asked.outputs[0].data["text/plain"]).items():
                kinds.setdefault(name, set()).add(kind)
        changed = []
        client.allow_errors = True  # a cell that fails the second time is one that changed
        for number, cell in reversed(code):
            client.execute_cell(cell, number)
            if printed(cell) != first[cell.id] and "nbval-ignore-output" not in cell.metadata.get("tags", []):
                changed.append(f"{cell.id}: {first[cell.id]} became {printed(cell)}")
    return Run(changed, kinds)


def printed(cell: NotebookNode) -> list[str]:
    """Give what a cell said in words; progress, which grows by itself, is left out."""
    said = []
    for output in cell.outputs:
        text = output.get("text") or output.get("data", {}).get("text/plain") or output.get("ename", "")
        if not text.startswith("Progress:"):
            said.append(text)
    return said


def own_work_at_the_end(notebook: NotebookNode) -> list[str]:
    """List the cells after the last task, extras left out, that run a function written on the page."""
    cells = notebook.cells
    end = next((k for k, c in enumerate(cells) if c.source.startswith("## Going further")), len(cells))
    written = [c for c in cells[:end] if c.metadata.get("nbgrader", {}).get("solution")]
    names = re.findall(r"^def (\w+)", "\n".join(cell.source for cell in written), re.MULTILINE)
    after = cells[cells.index(written[-1]) + 1 : end]
    runs = (cell for cell in after if cell.source.startswith("%%attempt"))
    return [cell.id for cell in runs if set(names) & set(re.findall(r"\w+", cell.source))]

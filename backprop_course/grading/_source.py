"""What the instructor released: a notebook's cells, and which of them are judged outside."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from backprop_course import exercises

HIDDEN = re.compile(r"^.*BEGIN HIDDEN TESTS.*\n((?:.*\n)*?).*END HIDDEN TESTS.*$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Judged:
    """A question to the judge: which exercise, and the expression that names the student's function."""

    exercise: str
    expression: str


@dataclass(frozen=True, eq=False)
class Source:
    """A notebook as the instructor wrote it, with all answers and tests: it never enters the sandbox."""

    notebook: NotebookNode
    text: str

    @staticmethod
    def read(file: Path) -> "Source":
        """Read it from its file."""
        return parsed(file.read_text(encoding="utf-8"))

    @cached_property
    def marked(self) -> dict[str, NotebookNode]:
        """The cells that nbgrader knows, by its name for them, in order."""
        return {mark(cell)["grade_id"]: cell for cell in self.notebook.cells if mark(cell).get("grade_id")}

    @cached_property
    def questions(self) -> dict[str, tuple[Judged, ...]]:
        """The graded cells that a judge decides, by nbgrader's name, with what they ask."""
        asked = {name: questions_in(c) for name, c in self.marked.items() if is_test(c)}
        return {name: found for name, found in asked.items() if found}

    @cached_property
    def hidden(self) -> set[str]:
        """The test cells, by nbgrader's name, with a hidden part that Python runs, and no judge decides."""
        tests = {name: "\n".join(HIDDEN.findall(c.source)) for name, c in self.marked.items() if is_test(c)}
        return {name for name, part in tests.items() if part and runs_too(part)}

    @cached_property
    def pages(self) -> list[str]:
        """Sources of the code cells that are the instructor's own."""
        own = [c for c in self.notebook.cells if c.cell_type == "code" and not mark(c).get("solution")]
        return [cell.source for cell in own]

    @cached_property
    def stills(self) -> dict[str, list[NotebookNode]]:
        """The figures of the source's own cells, by the cell's text, where no answer has a part in them."""
        solved = [cell for cell in self.marked.values() if mark(cell).get("solution")]
        answers = {"Progress"}.union(*(_stored(cell)[1] for cell in solved))  # it shows what is answered
        found: dict[str, list[NotebookNode]] = {}
        for cell in self.notebook.cells:
            read, stored = _stored(cell)
            if read & answers:
                answers |= stored
            elif cell.source in self.pages:
                shown = [o for o in cell.outputs if "<img " in str(o.get("data", {}).get("text/html", ""))]
                found |= {cell.source: shown} if shown else {}
        return found

    @cached_property
    def exercises(self) -> list[exercises.Exercise]:
        """What the notebook asks for."""
        return [exercises.get(q.exercise) for asked in self.questions.values() for q in asked]


@lru_cache(maxsize=32)
def parsed(text: str) -> Source:
    """Make a source of a file's text, once for a whole class."""
    return Source(nbformat.reads(text, as_version=4), text)


def mark(cell: NotebookNode) -> dict[str, Any]:
    """Give nbgrader's marks of a cell; empty where there are none, or they are not what nbgrader writes."""
    marks = cell.metadata.get("nbgrader", {})
    return marks if isinstance(marks, dict) else {}


def _stored(cell: NotebookNode) -> tuple[set[str], set[str]]:
    """Give the names that a cell reads, and those that it gives a value; none where it is no Python."""
    lines = [] if cell.cell_type != "code" else cell.source.splitlines()
    try:
        nodes = list(ast.walk(ast.parse("\n".join(line for line in lines if line[:1] not in ("%", "!")))))
    except SyntaxError:
        return set(), set()
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {node.id for node in names} - stored, stored | defined


def visible(cell: NotebookNode) -> str:
    """Give a cell's text without hidden tests, which run where nothing is shown."""
    return HIDDEN.sub("", cell.source) if is_test(cell) else str(cell.source)


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is code that decides about points."""
    marks = mark(cell)
    return bool(cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"))


def questions_in(cell: NotebookNode) -> tuple[Judged, ...]:
    """Find what a test cell asks of the judge: each ``check(function)`` in it, whatever its seed."""
    found: dict[Judged, None] = {}
    for node in filter(None, map(_check_in, _statements(cell.source))):
        expression = ast.unparse(node.args[0])
        named = node.args[1] if len(node.args) > 1 else None
        named = next((k.value for k in node.keywords if k.arg == "name"), named)
        name = named.value if isinstance(named, ast.Constant) else expression
        if name in exercises.names():
            found[Judged(str(name), expression)] = None
    return tuple(found)


def runs_too(source: str) -> bool:
    """Whether a judged cell's text holds more than checks and imports, so that it must be run as well."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return True
    return any(not isinstance(s, ast.Import | ast.ImportFrom) and not _check_in(s) for s in statements)


def to_run(cell: NotebookNode, source: str) -> str:
    """Give what is run of a cell: of a test no `check`. Its name may be gone, and the judge decides it."""
    statements = _statements(source) if is_test(cell) else []
    kept = [s for s in statements if not _check_in(s)]
    return ast.unparse(ast.Module(kept, [])) if len(kept) < len(statements) else source


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _check_in(statement: ast.stmt) -> ast.Call | None:
    """Give the call that a statement is where it is one of ``check(function)``."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not call.args:
        return None
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return call if name == "check" else None

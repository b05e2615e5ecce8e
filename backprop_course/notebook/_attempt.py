"""Cells and calls that need a function of the student's: while it is unwritten, they say so kindly."""

import ast
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_course import exercises

_NAMELESS = {"<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
_waiting: dict[str, str] = {}  # names that a skipped cell would have assigned, and why they are missing
_made: dict[frozenset[str], dict[str, Any]] = {}  # what cells that ran assigned, by the names in the cell


def register() -> None:
    """Make ``%%attempt`` known where IPython runs, and do nothing elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.register_magic_function(_attempt_cell, "cell", "attempt")


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call what needs a function of the student's; while that does not work, say so and return nan.

    Parameters
    ----------
    function : callable
        The student's function, or one that calls it.
    *arguments
        What to call it with.

    Returns
    -------
    object
        What `function` returns, or nan in the shape of the first argument, which leaves a gap in a figure.
    """
    try:
        return function(*arguments)
    except Exception as error:
        print(_sentence(error, getattr(function, "__name__", "The function")))
    return np.full(np.shape(arguments[0]) if arguments else (), np.nan)


def _attempt_cell(line: str, cell: str) -> None:
    """Run a cell that needs a function of the student's.

    While that function is unwritten or stops, a sentence says so, the rest of the cell is skipped, and
    what it would have assigned stays as other cells left it; results of its own last run go, since they
    would pass for new ones. Where numbers overflow or are not defined, one sentence stands in place of
    NumPy's warnings, one a line of code, which fill the page when a loop diverges.
    """
    import IPython

    shell = IPython.get_ipython()
    code = shell.transform_cell(cell)
    file = shell.compile.cache(code, shell.execution_count, raw_code=cell)
    tree = ast.parse(code, file)
    last = None if shell.displayhook.semicolon_at_end_of_expression(cell) else tree.body[-1:]
    names = _assigned(tree)
    last_time = _made.pop(names, {})
    before = {
        name: shell.user_ns[name]
        for name in names & shell.user_ns.keys()
        if name not in last_time or last_time[name] is not shell.user_ns[name]
    }
    warned: dict[str, str] = {}
    try:
        with np.errstate(divide="call", over="call", invalid="call", call=_noting(warned)):
            for statement in tree.body:
                _run(shell, statement, file, shows=[statement] == last)
    except Exception as error:
        said = _sentence(error, "This cell")
        for name in names - before.keys():  # half of a cell's names would make the next picture untrue
            shell.user_ns.pop(name, None)
            _waiting[name] = said
        shell.user_ns.update(before)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")  # of a picture only the empty axes would be shown
        print(said)
    else:
        for name in names:
            _waiting.pop(name, None)
        _made[names] = {name: shell.user_ns[name] for name in names & shell.user_ns.keys()}
    if warned:
        print(f"NumPy warned of {' and '.join(warned)}, first {next(iter(warned.values()))}")


def _run(shell: Any, statement: ast.stmt, file: str, shows: bool) -> None:
    """Run one statement in the notebook's names; the last one shows its value, as in any cell."""
    if shows and isinstance(statement, ast.Expr):
        exec(shell.compile(ast.Interactive([statement]), file, "single"), shell.user_ns)
    else:
        exec(shell.compile(ast.Module([statement], []), file, "exec"), shell.user_ns)


def _noting(warned: dict[str, str]) -> Callable[[str, int], None]:
    """Note where each kind of warning came up first: "overflow", "divide by zero" or "invalid value"."""

    def note(kind: str, _: int) -> None:
        if kind not in warned and (frame := _innermost(traceback.extract_stack())):
            who = "" if frame.name == "<module>" else f"in {frame.name}, "
            warned[kind] = f"{who}at the line: {frame.line}"

    return note


def _innermost(frames: traceback.StackSummary) -> traceback.FrameSummary | None:
    """Find the innermost frame of a function that was typed into a cell, or of the cell itself."""
    theirs = [frame for frame in frames if _is_in_notebook(frame.filename) and frame.name not in _NAMELESS]
    return theirs[-1] if theirs else None


def _sentence(error: Exception, called: str) -> str:
    """Say what was seen: which function is missing, or which one stopped, and at which line.

    The function is the innermost one written in the notebook, or else what was `called`.
    """
    if isinstance(error, NameError) and error.name in _waiting:
        return _passed_on(error.name)
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, NotImplementedError):
        who = frames[-1].name
        return f"{who} is still to be written. When it is, run its cell and those from there to here."
    said = ": ".join(filter(None, [type(error).__name__, str(error).strip()]))
    notes = getattr(error, "__notes__", [])
    said = "\n".join([said, *notes])
    frame = _innermost(frames)
    who, line = (frame.name, frame.line) if frame else (called, None)
    if isinstance(error, NameError) and who == "<module>":
        return f"{called} waits for {error.name}. Run the cell above that makes it."
    if isinstance(error, AssertionError) and who == "<module>":
        return f"Not yet: {error}" if str(error) else f"Not yet: this does not hold: {line}"
    who = called if who == "<module>" else who
    after = "\n" if notes else ", "  # a row each: JupyterLab would break a long one inside of a word
    where = f"{after}at the line: {line}" if line else "."
    more = " Its check tells you more." if who in exercises.names() else _reminder(str(error))
    return f"{who} stopped with {said}{where}{more}"


def _reminder(refused: str) -> str:
    """Say the rule of NumPy that a beginner meets in this refusal."""
    if "truth value of an array" in refused:
        return "\n`if`, `and` and `or` want one True or False, and a mask has many."
    if "operands could not be broadcast together" in refused:
        return (
            "\nNumPy lines up shapes from the right: two lengths fit if they are equal or one of them is 1."
        )
    if "unexpected keyword argument" in refused:
        return "\nA name before `=` in a call must be one of the function's own, such as axis or keepdims."
    if "matmul: " in refused:
        return "\n`@` multiplies a row on its left by a column on its right, so the two need the same length."
    if "indexing arrays could not be broadcast together" in refused:
        return "\nOne list says the rows and one the columns of the places: they need the same length."
    return ""


def _passed_on(name: str) -> str:
    """Say in a cell that needs a name what kept another cell from making it."""
    said, maker = _waiting[name], f"This cell waits for {name}. The cell that makes it"
    return f"{maker} says: {said}" if said.startswith("Not yet") else said.replace("This cell", maker, 1)


def _is_in_notebook(file: str) -> bool:
    """Tell whether code was typed into a cell, by the name that IPython or ipykernel gives to its file."""
    return "ipykernel_" in file or file.startswith("<ipython-input")


def _assigned(tree: ast.Module) -> frozenset[str]:
    """Names to which the lines of a cell assign; functions and classes that it defines are kept."""
    nodes = ast.walk(tree)
    stores = (node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return frozenset(node.id for node in stores)

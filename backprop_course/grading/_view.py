"""The student view: this package as a notebook finds it in the sandbox, made from the package by rule.

Everything is there but answers: the declarations, their wrong forms and cases, the judge, the grader, and
whatever differentiates. A reference that an exercise asks for keeps its name, so that importing it does no
harm, and raises `UsesReference` when it is called; so do the gradient checker, and the local derivatives of a
graph's operations. What a notebook's own cells import from `ops` stays, unless the notebook asks for it, too.
Pictures to touch, which compute their own truth, are stand-ins.
"""

import ast
import base64
import inspect
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import backprop_course
from backprop_course import exercises, widgets
from backprop_course.arrays import tree_leaves
from backprop_course.exercises import Exercise, Named
from backprop_course.grading import _hollow
from backprop_course.grading.inside import frames

PACKAGE = Path(backprop_course.__file__).parent
LEFT_OUT = {"grading", "cli", "site", "_notebooks", "exercises", "checking", "numerical", "widgets"}
KEPT = {
    "exercises": ("_declare.py", "functions.py"),
    "checking": ("__init__.py", "_call.py", "_time_limit.py"),
    "numerical": ("__init__.py",),
    "widgets": (),
}
HOLLOW = ("checking", "numerical")  # rooms whose names stay, and no function's body
TO_TOUCH = "A picture to touch stood here. Run the cell in JupyterLab to see it."

ABSENT = '''
"""What the sandbox has in place of the course's own answers."""


class UsesReference(Exception):
    """The course's own answer was asked for, and it is not here."""


def absent(name):
    raise UsesReference(f"{name} is one of the course's own answers, which are not here while you are graded")
'''

EXERCISES = '''
"""The exercises by name and points; their declarations are with the judge."""

import base64
import inspect
import json
from pathlib import Path

from backprop_course._absent import absent
from backprop_course.exercises._declare import {kept}
from backprop_course.exercises.functions import resolve

_DECLARED = {declared}


class Exercise:
    """What a notebook may know of an exercise."""

    def __init__(self, name, assignment, points, parameters):
        self.name, self.assignment, self.points, self.parameters = name, assignment, points, tuple(parameters)

    @property
    def signature(self):
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature([inspect.Parameter(name, kind) for name in self.parameters])

    def __getattr__(self, what):
        if what.startswith("__"):
            raise AttributeError(what)
        absent(f"{{what}} of an exercise")


_BY_NAME = {{name: Exercise(name, *rest) for name, *rest in _DECLARED}}


def names():
    return tuple(_BY_NAME)


def get(name):
    if name not in _BY_NAME:
        raise KeyError(f"no exercise is called {{name!r}}. exercises.names() lists them all.")
    return _BY_NAME[name]


def inputs(name, position):
    from course_kernel import frames

    made = json.loads(Path(__file__).with_name("_inputs.json").read_text())
    cases = made["cases"].get(get(name).name, [])
    if not 0 <= position < len(cases):
        raise IndexError(f"{{name}} has cases 0 to {{len(cases) - 1}}, got {{position}}")
    return tuple(resolve(frames.decode(cases[position], base64.b64decode(made["arrays"]), Named, str)))


def assigned(assignment):
    return tuple(exercise for exercise in _BY_NAME.values() if exercise.assignment == assignment)
'''

CHECK = '''
"""Inside the sandbox a check decides nothing: the judge is elsewhere."""


class ExerciseFailed(AssertionError):
    """Never raised here."""


def verdicts():
    return {}


def on_check(listener):
    return lambda: None


def check(function, name=None, *, seed=None):
    print("This is checked by the grader.")
'''


WIDGETS = '''
"""Pictures to touch are not here: nobody touches them, and they are drawn from the course's own answers."""

from backprop_course._absent import absent
from backprop_course.palette import COLOURS, DARK_COLOURS, OKABE_ITO


class Picture:
    """Stands in the place of a picture, whatever it was to show."""

    def __init__(self, *args, **options):
        pass

    def __repr__(self):
        return {to_touch!r}

    def __getattr__(self, what):
        if what.startswith("_"):
            raise AttributeError(what)
        absent(f"{{what}} of a picture")


{names} = (Picture,) * {count}
'''


def build(folder: Path, pages: Iterable[str], graded: Sequence[Exercise]) -> None:
    """Write the student view into an empty folder, which becomes a place for Python to import from.

    `pages` are sources of the notebook's own code cells, without those that students fill in; `graded` is
    what the notebook asks for.
    """
    asked = {exercise.name for exercise in graded}
    used = {name for page in pages for name in _names_used(page)}
    removed = [e for e in map(exercises.get, exercises.names()) if e.name in asked or e.name not in used]
    target = folder / "backprop_course"
    shutil.copytree(PACKAGE, target, ignore=_left_out)
    for room, names in KEPT.items():
        (target / room).mkdir()
        for name in names:
            shutil.copyfile(PACKAGE / room / name, target / room / name)
    (target / "_absent.py").write_text(ABSENT, encoding="utf-8")
    _write_exercises(target / "exercises", graded)
    for room in HOLLOW:
        for source in sorted((PACKAGE / room).glob("*.py")):
            if source.name not in KEPT[room]:
                _hollow.rewrite(source, target / room / source.name, _hollow.hollow)
    (target / "checking/check.py").write_text(CHECK, encoding="utf-8")
    operations = target / "graph/_operations.py"
    _hollow.rewrite(operations, operations, _hollow.without_derivatives)
    drawn = [name for name in widgets.__all__ if not name.isupper()]
    pictures = WIDGETS.format(to_touch=TO_TOUCH, names=", ".join(drawn), count=len(drawn))
    (target / "widgets/__init__.py").write_text(pictures, encoding="utf-8")
    _remove_references(target, removed)
    shutil.copytree(PACKAGE / "grading/inside", folder / "course_kernel", ignore=_left_out)
    about = folder / f"backprop_course-{version('backprop-course')}.dist-info"
    about.mkdir()
    about_text = f"Metadata-Version: 2.1\nName: backprop-course\nVersion: {version('backprop-course')}\n"
    (about / "METADATA").write_text(about_text, encoding="utf-8")
    for path in (folder, *folder.rglob("*")):  # the sandbox reads it as nobody
        path.chmod(0o755 if path.is_dir() else 0o644)


def _left_out(folder: str, names: list[str]) -> list[str]:
    top = Path(folder) == PACKAGE
    return [n for n in names if (top and n in LEFT_OUT) or n == "__pycache__" or n.endswith(".md")]


def _names_used(page: str) -> Iterable[str]:
    """Names that a cell imports from the course, or takes from one of its modules with a dot."""
    try:
        tree = ast.parse("\n".join(line for line in page.splitlines() if not line.startswith(("%", "!"))))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("backprop_course"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _write_exercises(target: Path, graded: Sequence[Exercise]) -> None:
    """Write what may be known of the exercises, and derivatives by name where a graded one takes some.

    The inputs of the cases that `check` tries are no secret: students may call their function on them.
    """
    declared = [(e.name, e.assignment, e.points, e.parameters) for e in map(exercises.get, exercises.names())]
    plain = (name for name in exercises.__all__ if name != "Exercise")
    kept = [n for n in plain if getattr(exercises, n).__module__ == "backprop_course.exercises._declare"]
    text = EXERCISES.format(declared=repr(declared), kept=", ".join(kept))
    (target / "__init__.py").write_text(text, encoding="utf-8")
    arrays = bytearray()
    tried = {e.name: [frames.encode(c.inputs, arrays) for c in e.cases(_visible())] for e in graded}
    made = json.dumps({"cases": tried, "arrays": base64.b64encode(arrays).decode()})
    (target / "_inputs.json").write_text(made, encoding="utf-8")
    if not any(_names_a_derivative(value) for e in graded for value in _arguments(e)):
        functions = target / "functions.py"
        _hollow.rewrite(functions, functions, _hollow.without_named_derivatives)


def _arguments(exercise: Exercise) -> Iterator[Any]:
    return (v for case in exercise.cases(_visible()) for v in tree_leaves(case.inputs))


def _visible() -> np.random.Generator:
    """Draw the cases that everybody's `check` tries."""
    return np.random.default_rng(0)


def _names_a_derivative(value: Any) -> bool:
    return isinstance(value, Named) and value.name.endswith("'")


def _remove_references(target: Path, removed: Iterable[Exercise]) -> None:
    by_file: dict[Path, set[str]] = {}
    for exercise in removed:
        home = Path(inspect.getsourcefile(inspect.unwrap(exercise.reference)) or "")
        if home.is_relative_to(PACKAGE):
            name = exercise.reference.__name__
            by_file.setdefault(target / home.relative_to(PACKAGE), set()).add(name)
    for file, names in by_file.items():
        if file.exists():
            _hollow.rewrite(file, file, partial(_hollow.without, names=names))

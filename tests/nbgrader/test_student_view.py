"""What a notebook finds of the course in the sandbox: all that it needs, and no answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import ASSIGNMENTS, ROOT

from backprop_course import exercises
from backprop_course.checking import judge
from backprop_course.grading import _view
from backprop_course.grading._kernel import Kernel
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import Sandbox
from backprop_course.grading._source import Source

pytestmark = [pytest.mark.nbgrader, pytest.mark.parametrize("assignment", ASSIGNMENTS, scope="module")]

# Every function of every module of the course's, by its place in a list, with its parameters.
COLLECT = """
import importlib, inspect, pkgutil, types
import backprop_course
found = []
for module in pkgutil.walk_packages(backprop_course.__path__, "backprop_course."):
    try:
        module = importlib.import_module(module.name)
    except Exception:
        continue
    found += [f for f in vars(module).values() if isinstance(f, types.FunctionType)]
found = list(dict.fromkeys(found))
name = "{0.__module__}.{0.__qualname__}".format
print([(i, name(f), *inspect.signature(f).parameters) for i, f in enumerate(found)])
"""

# Tools of the gradient checker and of a picture, which work for numbers as for arrays: they stay.
GIVEN = {
    "backprop_course.numerical._finite.numerical_gradient",
    "backprop_course.widgets.subgradient._supporting_lines.central_differences",
}


@pytest.fixture(scope="module")
def source(assignment: str) -> Source:
    """Read the assignment's solution."""
    (file,) = ROOT.glob(f"solutions/{assignment}/*.ipynb")
    return Source.read(file)


@pytest.fixture(scope="module")
def kernel(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Start a kernel that sees the assignment's student view."""
    folder: Path = tmp_path_factory.mktemp("view")
    _view.build(folder, source.pages, source.exercises)
    sandbox = Sandbox(folder, "auto", Limits())
    connected = Kernel(sandbox, Limits())
    yield connected
    connected.close()
    sandbox.remove()


def test_notebook_imports_what_it_needs(source: Source, kernel: Kernel) -> None:
    setup = next(page for page in source.pages if "import" in page)
    ran = kernel.run(setup, 30)
    assert ran.ok, ran.messages


def test_no_function_in_it_answers_an_exercise(assignment: str, kernel: Kernel) -> None:
    ran = kernel.run(COLLECT, 30)
    assert ran.ok, ran.messages
    found = eval("".join(m["text"] for m in ran.messages if m["out"] == "stream"))
    assert len(found) > 100
    for exercise in exercises.assigned(assignment):
        for place, where, *parameters in found:
            if tuple(parameters[: len(exercise.parameters)]) == exercise.parameters:
                report = judge(
                    exercise,
                    lambda case, place=place, limit=exercise.time_limit: kernel.ask(
                        f"found[{place}]", case, limit
                    ),
                    seed=7,
                )
                assert not report.passed or where in GIVEN, (exercise.name, where)

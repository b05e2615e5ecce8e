"""What a notebook finds of the course in the sandbox: all that it needs, and no answer."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from backprop_course import exercises
from backprop_course.arrays import tree_map
from backprop_course.checking import judge
from backprop_course.checking._call import Outcome
from backprop_course.grading import _view
from backprop_course.grading._kernel import Kernel
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import Sandbox
from backprop_course.grading._source import Source
from tests.nbgrader.classroom import ASSIGNMENTS, ROOT

pytestmark = [pytest.mark.nbgrader, pytest.mark.parametrize("assignment", ASSIGNMENTS, scope="module")]

# Every function that is there, in a module, a class, a table or a closure, by its place in a list, with its
# parameters; and each as a local derivative of the value or of the input, for a backward function.
COLLECT = """
import gc, importlib, inspect, pkgutil, types
import numpy as np
import backprop_course
for module in pkgutil.walk_packages(backprop_course.__path__, "backprop_course."):
    try:
        importlib.import_module(module.name)
    except Exception:
        continue
gc.unfreeze()
found = [f for f in gc.get_objects() if isinstance(f, types.FunctionType)]
found = [f for f in found if (f.__module__ or "").startswith("backprop_course")]
found.sort(key=lambda f: (f.__module__, f.__qualname__, f.__code__.co_firstlineno))
WAYS = {
    "at z": lambda z: z,
    "at the z of tanh": np.arctanh,
    "at the z of sigmoid": lambda y: np.log(y / (1 - y)),
}
def local(f, way):
    return lambda dy, z: dy * np.vectorize(f, otypes=[float])(WAYS[way](z))
name = "{0.__module__}.{0.__qualname__}".format
print([(i, name(f), *inspect.signature(f).parameters) for i, f in enumerate(found)])
"""
WAYS = ("at z", "at the z of tanh", "at the z of sigmoid")
DIFFERENTIATES = (
    "from backprop_course.graph import OPERATIONS\nOPERATIONS['sigmoid'].derivatives[0](0.5)",
    "from backprop_course.graph import power\npower(2).derivatives[0](0.5)",
    "from backprop_course.graph import Graph\nGraph.from_formulas('x = 1; y = tanh(x)').local_derivatives",
    "from backprop_course.graph import Graph\nGraph.from_formulas('x = 1; y = tanh(x)').gradients()",
    "from backprop_course import gradcheck\ngradcheck(abs, lambda dy, z: dy, 1.0)",
    "from backprop_course.numerical import numerical_gradient\nnumerical_gradient(lambda x: x @ x, [1.0])",
    "from backprop_course.numerical import complex_step_gradient\ncomplex_step_gradient(sum, [1.0])",
    "from backprop_course.numerical import error_curve\nerror_curve(abs, abs, 1.0, [0.1])",
    "from backprop_course.widgets import NetworkExplorer\nNetworkExplorer([[[1.0]]], [[0.0]]).passes",
)


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
            tried = [f"found[{place}]"] if same_parameters(exercise, parameters) else []
            derives = len(exercise.parameters) == 2 and exercise.upstream and len(parameters) == 1
            if derives and not where.endswith("sigmoid"):  # the slope of softplus, as students write it
                tried += [f"local(found[{place}], {way!r})" for way in WAYS]
            for expression in tried:
                report = judge(exercise, partial(asks, kernel, expression, exercise.time_limit), seed=7)
                assert not report.passed, (exercise.name, where, expression)


def same_parameters(exercise: exercises.Exercise, parameters: list[str]) -> bool:
    """Whether a function takes what an exercise's takes, first of all."""
    return tuple(parameters[: len(exercise.parameters)]) == exercise.parameters


def asks(kernel: Kernel, expression: str, limit: float, case: exercises.Case) -> Outcome:
    """Put a case to a function in the kernel."""
    return kernel.ask(expression, case, limit)


@pytest.mark.parametrize("code", DIFFERENTIATES)
def test_what_differentiates_says_that_it_is_not_there(kernel: Kernel, code: str) -> None:
    ran = kernel.run(code, 30)
    assert [m["ename"] for m in ran.messages if m["out"] == "error"] == ["UsesReference"]


def test_every_function_that_a_case_names_is_there(assignment: str, kernel: Kernel) -> None:
    named: set[str] = set()
    for exercise in exercises.assigned(assignment):
        for seed in range(40):
            for case in exercise.cases(np.random.default_rng(seed)):
                tree_map(lambda v: named.add(v.name) if isinstance(v, exercises.Named) else None, case.inputs)
    code = (
        f"from backprop_course.exercises.functions import FUNCTIONS\nassert not {named!r} - FUNCTIONS.keys()"
    )
    ran = kernel.run(code, 30)
    assert ran.ok, ran.messages


def test_a_graph_has_its_values(kernel: Kernel) -> None:
    code = "from backprop_course.graph import Graph\nvalues = Graph.from_formulas('x = 2; y = x*x').values"
    ran = kernel.run(f"{code}\nassert values['y'] == 4", 30)
    assert ran.ok, ran.messages

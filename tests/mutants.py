"""``python -m tests.mutants [room] [how many] [seed]``: what do the tests not see?

Changes functions of a room at random places, one at a time (``+`` to ``-``, ``<`` to ``<=``, 2 to 3), and
runs the tests that must notice, the fastest first. What they let pass is printed: either it says the same as
the right code, or a test is missing. It needs ``pip install cosmic-ray``.

Cosmic Ray's own runs start Python anew for each change, which takes longer than the tests. Here each change
has a process forked from one that has imported everything, in which the functions get other bodies.
"""

import difflib
import gc
import os
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "ops": ("tests/test_network.py", "tests/ops", "--ignore=tests/ops/oracles"),
    "numerical": tuple(
        f"tests/gradcheck/test_{name}.py"
        for name in (
            "smooth",
            "kinks",
            "contract",
            "misuse",
            "finite",
            "complex_step",
            "verdicts",
            "deep_networks",
        )
    ),
    "checking": ("tests/checking",),
}
LONGEST = 2  # seconds: a slower test is left out
TOO_EASY = re.compile("Bit|Shift|Decorator|Is|In|Exception|Variable")  # nearly all of these fail at once
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist", "-o", "addopts=")


def sample(room: str, seed: int) -> Iterator[tuple[Path, str, str]]:
    """Yield changed modules in random order: path, source, and changed source."""
    sources = {file: file.read_text() for file in sorted((ROOT / "backprop_course" / room).glob("*.py"))}
    nodes = {file: list(ast_nodes(get_ast(source))) for file, source in sources.items()}
    operators = [get_operator(n)() for n in sorted(operator_names()) if not TOO_EASY.search(n)]
    places = [
        (file, operator, occurrence)
        for operator in operators
        for file in sources
        for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in nodes[file]))
    ]
    random.Random(seed).shuffle(places)
    for file, operator, occurrence in places:
        yield file, sources[file], mutate_code(sources[file], operator, occurrence)


def bodies(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of every function in a module's."""
    for inner in (constant for constant in code.co_consts if isinstance(constant, CodeType)):
        yield inner
        yield from bodies(inner)


def changes(file: Path, source: str, changed: str) -> list[tuple[FunctionType, CodeType]]:
    """Find the functions whose body is another one now; none where the change is outside of all."""
    old, new = (bodies(compile(text, str(file), "exec")) for text in (source, changed))
    differ = {(o.co_qualname, o.co_firstlineno): n for o, n in zip(old, new, strict=True) if o != n}
    functions = [f for f in gc.get_objects() if isinstance(f, FunctionType)]
    here = [f for f in functions if f.__code__.co_filename == str(file)]
    keys = [(f.__code__.co_qualname, f.__code__.co_firstlineno) for f in here]
    return [(f, differ[key]) for f, key in zip(here, keys, strict=True) if key in differ]


def passes(items: list[pytest.Item]) -> bool:
    """Run tests until one fails."""
    for item, following in pairwise([*items, None]):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return False
    return True


class Mutants:
    """In place of pytest's loop over the tests: a loop over changes, with the tests inside."""

    def __init__(self, room: str, size: int, seed: int) -> None:
        self.room, self.size, self.seed = room, size, seed
        self.seen: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Time the tests on the right code, then run the fast ones on each change."""
        taken: dict[pytest.Item, float] = {}
        for item in session.items:
            begun = time.process_time()
            assert passes([item]), f"{item.nodeid} fails on the right code"
            taken[item] = time.process_time() - begun
        fast = sorted((item for item in taken if taken[item] < LONGEST), key=taken.__getitem__)
        longest = int(10 + 3 * sum(taken[item] for item in fast))
        for file, source, changed in sample(self.room, self.seed):
            if found := changes(file, source, changed):
                self._try(found, fast, longest, "\n".join(_diff(file, source, changed)))
                if self.seen.total() == self.size:
                    break
        return True

    def _try(self, found: list[tuple[Any, CodeType]], tests: list[Any], longest: int, diff: str) -> None:
        if not (child := os.fork()):
            resource.setrlimit(resource.RLIMIT_CPU, (longest, longest))
            for function, body in found:
                function.__code__ = body
            os._exit(not passes(tests))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        verdict = {0: "survived", 1: "failed a test"}.get(code, "crashed or did not end")
        self.seen[verdict] += 1
        sys.__stderr__.write(f"{self.room} {self.seen.total()}: {verdict}\n{diff if code == 0 else ''}\n")


def _diff(file: Path, source: str, changed: str) -> Iterator[str]:
    lines = difflib.unified_diff(source.split("\n"), changed.split("\n"), str(file), str(file), "", "", 2, "")
    return (line for line in lines if not line.startswith("---"))


def main(room: str = "ops", size: str = "50", seed: str = "0") -> None:
    """Print the changes that survive, as they are found, and how many did not."""
    mutants = Mutants(room, int(size), int(seed))
    pytest.main([*TESTS[room], *PYTEST, f"--rootdir={ROOT}"], plugins=[mutants])
    print(room, dict(mutants.seen))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""``python -m tests.mutants [room] [how many] [seed]``: what do the tests not see?

Changes the code of a room at random places, one at a time (``+`` to ``-``, ``<`` to ``<=``, 2 to 3), and
runs the tests that must notice. What they let pass is printed: either it says the same as the right code, or
a test is missing. It works in a copy of the tree, takes minutes, and needs ``pip install cosmic-ray``.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import TestOutcome

from tests.conftest import ROOT

TESTS = {  # of each room, those that see most in least time first
    "ops": "tests/test_network.py tests/ops/test_*.py",
    "numerical": "tests/gradcheck",
    "checking": "tests/checking tests/mistakes/test_mistakes.py",
}
LONG = 900  # seconds after which a mutant counts as seen: it does not end
TOO_EASY = re.compile("Bit|Shift|Decorator|Is")  # operators that floats have not: any test sees those


def sample(room: str, size: int, seed: int) -> list[Any]:
    """Choose mutants of a room, the same ones for the same code and seed."""
    modules = sorted(Path("backprop_course", room).glob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        mutants = WorkDB(Path(folder, "mutants.sqlite"), WorkDB.Mode.create)
        init(modules, mutants, {})
        told = [item.mutations for item in mutants.work_items]
        mutants.close()
    told = [m for m in told if not TOO_EASY.search(m[0].operator_name)]
    told.sort(key=lambda m: (str(m[0].module_path), m[0].operator_name, m[0].occurrence))
    return random.Random(seed).sample(told, min(size, len(told)))


def survivors(room: str, size: int, seed: int) -> Iterator[str]:
    """Run the tests of a room on each of its mutants; yield what changed in those that pass."""
    paths = [str(found) for test in TESTS[room].split() for found in sorted(Path().glob(test))]
    command = " ".join(
        [sys.executable, "-m pytest -x -q -p no:cacheprovider -p no:nbval -o addopts=", *paths]
    )
    subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)  # compiles what stays unchanged
    seen: Counter[TestOutcome] = Counter()
    for tried, mutations in enumerate(sample(room, size, seed), 1):
        print(f"{room}: mutant {tried}", end="\r", file=sys.stderr)
        result = mutate_and_test(mutations, command, LONG)
        seen[result.test_outcome] += 1
        if result.test_outcome == TestOutcome.SURVIVED:
            yield result.diff
        elif result.test_outcome == TestOutcome.INCOMPETENT:
            yield result.output
    yield f"{room}: " + ", ".join(f"{count} {outcome.value}" for outcome, count in seen.items())


def main(room: str = "ops", size: str = "50", seed: str = "0") -> None:
    """Print the mutants that survive, as they are found, and how many did not."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as copy, chdir(copy):
        for name in listed.stdout.splitlines():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, name)
        for found in survivors(room, int(size), int(seed)):
            print(found, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

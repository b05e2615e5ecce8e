"""Run the benchmarks beside their peers: ``python -m tests.benchmarks [--write] [NAME ...]``.

It runs and prints the named parts, or all of them. ``--write`` puts them in the place of those in
``tests/benchmarks/results.md``, with machine, versions and date, and copies the first table there into the
pages that show it. A part that fails or takes longer than its limit, or than your ``--seconds``, says so in
its place, and the others still run. The peers are the extra ``bench``, in an environment of its own.
"""

import argparse
import datetime
import importlib.metadata
import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks._measure import REACH

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.md")
# Pages that show the first table, between two comments; the site makes its teacher's page from the second.
SHOWN = (ROOT / "README.md", ROOT / "backprop_course/grading/README.md")
BLOCK = re.compile(r"(?<=<!-- benchmarks -->\n).*?(?=<!-- end of benchmarks -->)", re.DOTALL)
TITLE = (
    "# Benchmarks\n\nWritten by `python -m tests.benchmarks --write`: in each part ours beside the peers.\n"
)
HEAD = "| measured | found | to be reached | reached |\n| --- | --- | --- | --- |\n"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


class Part(NamedTuple):
    """One benchmark: its title, its module, what the module's environment has, and its limit."""

    title: str
    module: str
    environment: dict[str, str] = {}  # noqa: RUF012
    seconds: float = 300


PARTS = {
    "ops": Part("Operations, one thread", "tests.benchmarks.ops_speed", ONE_THREAD),
    "ops-threads": Part("Operations, all threads", "tests.benchmarks.ops_speed"),
    "training": Part("A training step, one thread", "tests.benchmarks.training_speed", ONE_THREAD),
    "training-threads": Part("A training step, all threads", "tests.benchmarks.training_speed"),
    "gradcheck": Part("Gradient checking", "tests.benchmarks.gradcheck_speed"),
    "verdicts": Part("Wrong verdicts of gradient checkers", "tests.benchmarks.verdicts"),
    "wrong": Part("Wrong answers through courses' tests", "tests.benchmarks.wrong_answers"),
    "check": Part("One check beside the bare calls", "tests.benchmarks.evaluate_speed"),
    "claims": Part("What the lecture notes claim about cost", "tests.benchmarks.claims", ONE_THREAD),
    "start": Part("The import, the first verdict, a notebook", "tests.benchmarks.start_speed"),
    "widgets": Part("From a gesture to the painted picture", "tests.benchmarks.widget_latency"),
    "first": Part("First contact", "tests.benchmarks.first_contact", seconds=900),
    "grading": Part("Grading beside nbgrader's own", "tests.benchmarks.grading_speed", seconds=900),
    "otter": Part("Grading beside otter-grader", "tests.benchmarks.otter_speed", seconds=600),
    "parts": Part("Where a submission's time goes", "tests.benchmarks.grading_parts"),
    "growth": Part("Grading larger classes", "tests.benchmarks.grading_growth", seconds=1800),
    "mixed": Part("A mixed class, attacks among them", "tests.benchmarks.grading_mixed", seconds=900),
}
PACKAGES = ("numpy", "torch", "jax", "autograd", "scipy", "numdifftools", "nbgrader", "otter-grader")


def run(name: str, seconds: float | None = None) -> str:
    """Run one part in a process of its own and return its section."""
    part = PARTS[name]
    begun = f"{datetime.date.today()}, load before it {os.getloadavg()[0]:.1f}.\n\n"
    seconds = seconds or part.seconds
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", part.module],
        cwd=ROOT,
        env=os.environ | part.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that whatever the part started ends with it
    )
    try:
        output, trouble = process.communicate(timeout=seconds)
        failed = f"Failed with code {process.returncode}:\n\n" if process.returncode else ""
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, trouble = process.communicate()
        failed = f"Stopped after {seconds:g} seconds:\n\n"
    shown = f"{output}\n{trouble}" if failed else output  # what pip and kernels warn of is no result
    return f"## {part.title}\n\n{begun}{failed}```text\n{shown.rstrip()}\n```\n"


def table(sections: Sequence[str]) -> str:
    """Gather what was to be reached into one table, and name the parts that did not end well."""
    rows = re.findall(rf"^{REACH}(.*)$", "\n".join(sections), re.MULTILINE)
    ends = [re.match(r"## (.*)\n\n.*\n\n(Failed|Stopped)", section) for section in sections]
    rows += [f"{end[1]} | nothing | | no. The part did not end well" for end in ends if end]
    return HEAD + "".join(f"| {row} |\n" for row in rows)


def written() -> dict[str, str]:
    """Return the sections of the results that stand, by their titles."""
    sections = re.findall(r"^## .*?\n```\n", RESULTS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {section[3 : section.index("\n")]: section for section in sections}


def header() -> str:
    """Return when, where and with what this ran."""
    versions = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    machine = f"{_processor()}, {os.cpu_count()} processors, {platform.system()} on {platform.machine()}"
    return f"{datetime.date.today()}, {machine}. Python {platform.python_version()}, {versions}.\n"


def _processor() -> str:
    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return names[0] if names else platform.processor()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def shown(results: str) -> str:
    """Return what pages show of the results: when and where, and the first table."""
    return "\n" + results.split("\n\n", 2)[2].split("\n## ", 1)[0].strip() + "\n\n"


def write(new: dict[str, str]) -> None:
    """Put sections into the results, and what pages show of them into the pages."""
    known = written() | new
    sections = [known[part.title] for part in PARTS.values() if part.title in known]
    results = "\n".join([TITLE, header(), table(sections), *sections])
    RESULTS.write_text(results, encoding="utf-8")
    for page in SHOWN:
        text = page.read_text(encoding="utf-8")
        page.write_text(BLOCK.sub(lambda _: shown(results), text), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Print the parts of these names, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Run the benchmarks.",
        epilog="The parts:\n" + "\n".join(f"  {name:18}{part.title}" for name, part in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts, from the list below; none: all")
    parser.add_argument(
        "--seconds", type=float, metavar="LIMIT", help="seconds for each part, in place of its own limit"
    )
    parser.add_argument("--write", action="store_true", help="put them into results.md and the pages")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in PARTS]
    if unknown:
        sys.exit(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in given.names or PARTS:
        section = run(name, given.seconds)
        print(section, flush=True)
        if given.write:
            write({PARTS[name].title: section})


if __name__ == "__main__":
    main(sys.argv[1:])

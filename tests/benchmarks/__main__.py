"""Run the benchmarks beside their peers: ``python -m tests.benchmarks [NAME ...]``.

Without names it runs every part and writes ``tests/benchmarks/results.md``, with machine, versions and
date. With names it prints those parts only. A part that fails or takes too long says so in its place, and
the others still run.
"""

import datetime
import importlib.metadata
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.md")
SECONDS = 115  # for each of six parts: less than twelve minutes in all
PARTS = {
    "ops": ("Operations beside PyTorch eager, one thread", "tests.benchmarks.ops_speed"),
    "gradcheck": ("Gradient checking beside PyTorch's", "tests.benchmarks.gradcheck_speed"),
    "verdicts": ("Wrong verdicts of gradient checkers", "tests.gradcheck.verdicts"),
    "wrong": ("Wrong answers through plain tests", "tests.benchmarks.wrong_answers"),
    "check": ("One check beside the bare calls", "tests.benchmarks.evaluate_speed"),
    "grading": ("Grading beside nbgrader's own", "tests.benchmarks.grading_speed"),
}
PACKAGES = ("numpy", "torch", "nbgrader")


def run(name: str, seconds: float = SECONDS) -> str:
    """Run one part in a process of its own and return its section."""
    title, module = PARTS[name]
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that whatever the part started ends with it
    )
    try:
        output, _ = process.communicate(timeout=seconds)
        failed = f"Failed with code {process.returncode}:\n\n" if process.returncode else ""
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        failed = f"Stopped after {seconds:g} seconds:\n\n"
    return f"## {title}\n\n{failed}```text\n{output.rstrip()}\n```\n"


def header() -> str:
    """Return when, where and with what this runs."""
    versions = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
    return (
        "# Benchmarks\n\nWritten by `python -m tests.benchmarks`, ours and the peer in one run.\n\n"
        f"{datetime.date.today()}, {machine}. Python {platform.python_version()}, {versions}.\n"
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def main(names: list[str]) -> None:
    """Print the parts of these names, or write the results of all."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    sections = [header()]
    for name in names or PARTS:
        sections.append(run(name))
        print(sections[-1], flush=True)
    if not names:
        RESULTS.write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

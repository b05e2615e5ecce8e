"""How long one waits for the import, a verdict, a notebook: ``python -m tests.benchmarks.start_speed``.

Each import is a Python of its own, in turns with NumPy alone. A notebook is run from top to bottom by
nbclient, with the start of its kernel.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.benchmarks._measure import medians

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {
    "import numpy": "import numpy",
    "import backprop_course": "import backprop_course",
    "from backprop_course import check": "from backprop_course import check",
    "import, and the first verdict": "from backprop_course import evaluate; evaluate('relu_backward', abs)",
}


def python(script: str) -> None:
    """Run a script in a Python of its own, one that keeps what it compiled, as everybody's does."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=kept, check=True)


def seconds_of(notebook: Path) -> float:
    """Seconds that a notebook takes from top to bottom."""
    client = NotebookClient(
        nbformat.read(notebook, as_version=4),
        startup_timeout=300,
        resources={"metadata": {"path": notebook.parent}},
    )
    started = time.perf_counter()
    client.execute()
    return time.perf_counter() - started


def main(notebooks: Sequence[Path] | None = None, repeat: int = 7) -> None:
    """Print seconds for each."""
    calls: dict[str, Callable[[], object]] = {name: partial(python, code) for name, code in SCRIPTS.items()}
    print(f"{'median of ' + str(repeat):<44}{'seconds':>9}")
    for name, seconds in medians(calls, repeat, least=0).items():
        print(f"{name:<44}{seconds:>9.2f}")
    print(f"\n{'a solved notebook, from top to bottom, once':<44}{'seconds':>9}")
    for notebook in sorted((ROOT / "solutions").glob("*/*.ipynb")) if notebooks is None else notebooks:
        print(f"{notebook.parent.name:<44}{seconds_of(notebook):>9.1f}")


if __name__ == "__main__":
    main()

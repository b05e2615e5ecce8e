"""Grading larger classes, here and on a cluster: ``python -m tests.benchmarks.grading_growth [SIZE ...]``.

Each size is graded by two processes, then by two workers of a Dask cluster on this machine, whose start
is not counted. The marks of both must be the same. Memory is that of the command's own process, and of all
the processes that it has started; the cluster's are its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks._watched import SCRIPTS, watched
from tests.benchmarks.grading_speed import ASSIGNMENT, OURS, make_class, marks

HEADER = """submissions   where                  seconds   a minute   most MB: command   the others"""


def main(*sizes: int) -> None:
    print(HEADER)
    for size in sizes or (10, 100, 1000):
        found = []
        with tempfile.TemporaryDirectory() as place, cluster() as address:
            for where, options in (
                ("two processes", ("--jobs", "2")),
                ("two Dask workers", ("--scheduler", address)),
            ):
                course = make_class(Path(place, where.replace(" ", "-")), OURS, size)
                seen = watched(course, "backprop-course", "grade", ASSIGNMENT, *options)
                if seen.code:
                    raise SystemExit(seen.said[-3000:])
                own, others = (max((line[i] for line in seen.memory), default=0) for i in (1, 2))
                rate = size / seen.seconds * 60
                print(
                    f"{size:11}   {where:20} {seen.seconds:9.1f} {rate:10.1f} {own:18.0f} {others:12.0f}",
                    flush=True,
                )
                found.append(marks(course))
        if found[0] != found[1]:
            raise SystemExit("the marks differ between two processes and the cluster")
    print(f"{ASSIGNMENT}, every second submission wrong in a third of its answers; the same marks both times")


@contextmanager
def cluster(workers: int = 2) -> Iterator[str]:
    """Start a Dask scheduler and workers of one thread each, and give the scheduler's address."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        about = Path(place, "scheduler.json")

        def start(*options: str) -> None:
            quiet = subprocess.DEVNULL
            command = [str(SCRIPTS / "dask"), *options, "--scheduler-file", str(about)]
            running = stack.enter_context(subprocess.Popen(command, cwd=place, stdout=quiet, stderr=quiet))
            stack.callback(running.terminate)

        start("scheduler", "--port", "0", "--no-dashboard")
        while not about.is_file():
            time.sleep(0.1)
        for _ in range(workers):
            start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        yield str(json.loads(about.read_text())["address"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

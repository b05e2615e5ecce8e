"""A command with all that it starts: how long it takes, how much memory, and what it leaves behind."""

import contextlib
import ctypes
import os
import subprocess
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SCRIPTS = Path(sysconfig.get_path("scripts"))
BECOME_SUBREAPER = 36  # Linux's prctl: whatever a command leaves behind becomes a child of this process


@dataclass
class Watched:
    """What was seen of a command.

    Attributes
    ----------
    code, seconds, said : int, float, str
        How it ended, how long it took, and what it printed.
    memory : list of (float, float, float, int)
        At a second of the run: MB of the command's own process, of all that it started, and their number.
        Pages that processes share count once.
    left : list of str
        Processes that are still there a few seconds after it has ended.
    """

    code: int = 0
    seconds: float = 0.0
    said: str = ""
    memory: list[tuple[float, float, float, int]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def watched(folder: Path, *command: str, every: float = 2.0, **environment: str) -> Watched:
    """Run a command in a folder to its end, looking at its memory every few seconds."""
    ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1, 0, 0, 0)
    path = os.pathsep.join([str(SCRIPTS), os.environ["PATH"]])
    seen, started, log = Watched(), time.perf_counter(), folder / "log.txt"
    others = {process.pid for process in psutil.Process().children(recursive=True)}
    with log.open("w") as said:
        process = subprocess.Popen(
            [SCRIPTS / command[0], *command[1:]],
            cwd=folder,
            env=os.environ | {"PATH": path} | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(every)
            seen.memory += _look(process.pid, time.perf_counter() - started)
    seen.code, seen.seconds = process.returncode, time.perf_counter() - started
    time.sleep(3)  # workers look twice a second whether their parent is there
    seen.left, seen.said = _left(others), log.read_text(encoding="utf-8")
    log.unlink()
    return seen


def _look(process: int, second: float) -> list[tuple[float, float, float, int]]:
    try:
        own = psutil.Process(process)
        family = own.children(recursive=True)
        return [(second, _megabytes([own]), _megabytes(family), len(family))]
    except psutil.Error:  # it has just ended
        return []


def _megabytes(processes: Sequence[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += process.memory_full_info().pss / 2**20
    return total


def _left(others: set[int]) -> list[str]:
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.pid not in others and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())[:100]}")
    return found

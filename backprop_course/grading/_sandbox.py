"""A sandbox, made by bubblewrap, with a process in it that forks a warm kernel for each submission.

Inside there is Python, the installed packages, and a *student view* of this package (`_view`). There is no
network, no class, no gradebook, no other student, nothing to write to but a scratch folder, and no root.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from backprop_course.grading._limits import Limits
from backprop_course.grading.inside import frames

WARM = (
    "matplotlib.pyplot",
    "ipywidgets",
    "backprop_course.checking",
    "backprop_course.notebook",
    "backprop_course.graph",
)
VERBOSE = "GRADING_VERBOSE" in os.environ  # kernels then say on stderr why they cannot start
START_LIMIT = 120.0  # seconds that the imports may take on a busy machine
MISSING = (
    "bubblewrap is not installed, so students' code would run with all that you may do: your files, the "
    "gradebook, the network. Install it (Debian, Ubuntu: apt-get install bubblewrap), or, if you trust every "
    "submission, go on without: --sandbox none, or c.RunAndJudge.sandbox = 'none' in nbgrader_config.py. "
    "The marks are decided outside of the students' code either way."
)


class SandboxError(Exception):
    """The sandbox cannot be made here; the message says why and what to do."""


class SandboxLost(Exception):  # it is an event of a run, and the submission's grade says so
    """The sandbox has worked, and has ended, and does so again when it is started anew."""


# What is seen of a process that is gone, or does not answer.
GONE = (OSError, EOFError, ValueError, KeyError, frames.FrameError)


def choose(wanted: str) -> str:
    """Turn ``auto`` into what this machine has: ``bubblewrap``, or an error that says how to go on without.

    Raises
    ------
    SandboxError
        On Windows, and when there is no bubblewrap and ``none`` was not asked for.
    """
    if wanted not in ("auto", "bubblewrap", "none"):
        raise SandboxError(f"no sandbox is called {wanted!r}; expected auto, bubblewrap or none")
    if not hasattr(os, "fork"):
        raise SandboxError("Windows cannot fork a kernel. Grade in WSL, or on Linux or macOS.")
    if wanted != "none" and shutil.which("bwrap") is None:
        raise SandboxError(MISSING)
    return "none" if wanted == "none" else "bubblewrap"


def keep_unseen(course: Path, kind: str) -> None:
    """Refuse a class whose folder lies where the sandbox shows this machine's packages.

    Raises
    ------
    SandboxError
        When it does; the message says where it lies, and what to do.
    """
    for folder in _visible() if choose(kind) == "bubblewrap" else ():
        if course.resolve().is_relative_to(folder.resolve()):
            raise SandboxError(
                f"the class is in {course.resolve()}, and students' code sees all of {folder}, which holds "
                "Python or its packages. Move the class to another place, such as a home folder."
            )


class Sandbox:
    """A running sandbox; ``fork`` gives the connection to a new kernel in it, ``close`` ends all of it."""

    def __init__(self, view: Path, kind: str, limits: Limits, *, figures: bool = False) -> None:
        self.view, self.kind, self.limits, self.figures = view, choose(kind), limits, figures
        self.folder = Path(tempfile.mkdtemp(prefix="grading-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._commands: socket.socket | None = None
        self._nested = False
        self.standing: set[int] = set()  # the processes that are there before any kernel

    def fork(self) -> tuple[socket.socket, int]:
        """Start a kernel and return the socket to it, and its number for `end`.

        Raises
        ------
        SandboxError
            When a sandbox cannot be made here.
        SandboxLost
            When the one that was at hand is gone, and so is the one in its place.
        """
        for _ in range(2):  # a warm sandbox may have ended since it was last used: then a fresh one
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                return self._fork()
            except GONE as error:
                self.close()
                reason = f"{type(error).__name__}: {error}"
        raise SandboxLost(f"the sandbox ended twice before a kernel began ({reason})")

    def _fork(self) -> tuple[socket.socket, int]:
        assert self._commands is not None
        here, there = socket.socketpair()
        try:
            with there:
                socket.send_fds(self._commands, [b'{"fork": true}'], [there.fileno()])
            return here, int(self._reply(self._commands)["forked"])
        except GONE:
            here.close()
            raise

    def end(self, kernel: int, patience: float = 0.0) -> int | None:
        """End a kernel with all that it has started; its exit code, where that is known."""
        if self._commands is None:
            return None
        self._commands.settimeout(patience + self.limits.cell)  # a student's code may have stopped it
        try:
            self._commands.sendall(json.dumps({"end": kernel, "patience": patience}).encode())
            code = int(self._reply(self._commands)["ended"])
        except GONE:
            self.close()  # or an answer that is late would be taken for that to the next command
            return None
        self._commands.settimeout(START_LIMIT)
        if not self._nested:
            self.close()  # without namespaces of its own, a kernel may have left something behind
        return code

    def close(self) -> None:
        """End everything in the sandbox."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
        if self._commands is not None:
            self._commands.close()
        self._process = self._commands = None

    def remove(self) -> None:
        """End everything, and remove what stood for the scratch folder where there is no sandbox."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def process(self) -> int | None:
        """The process whose descendants all run in the sandbox."""
        return self._process.pid if self._process else None

    def _reply(self, commands: socket.socket) -> dict[str, Any]:
        message, _ = frames.receive(commands)
        return message

    def _start(self) -> None:
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        command, environment = self._command(json.dumps(self._settings()))
        here, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(  # type: ignore[call-overload]  # a socket is a fine stdin
                command,
                stdin=there,
                stdout=subprocess.DEVNULL,
                env=environment,
                cwd="/",
                start_new_session=True,
                stderr=None if VERBOSE else subprocess.PIPE,
            )
        self._commands = here
        here.settimeout(START_LIMIT)
        try:
            hello = self._reply(here)
        except GONE:
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
            self.close()
            raise SandboxError(
                f"the sandbox did not start: {said.strip()[-999:] or 'it said nothing'}. Where containers "
                "forbid user namespaces, bubblewrap cannot work; --sandbox none goes on without it."
            ) from None
        self._nested = bool(hello["nested"])
        with contextlib.suppress(psutil.Error):
            self.standing = {p.pid for p in psutil.Process(self._process.pid).children(recursive=True)}

    def _settings(self) -> dict[str, Any]:
        """What the process inside is told."""
        return {
            "confined": self.kind == "bubblewrap",
            "figures": self.figures,
            "verbose": VERBOSE,
            "imports": WARM,
            "folder": str(self.folder),
            "scratch": self.limits.scratch,
            "memory": self.limits.memory,
            "processes": self.limits.processes,
        }

    def _command(self, settings: str) -> tuple[list[str], dict[str, str]]:
        inner = [sys._base_executable, "-S", "-m", "course_kernel.zygote", settings]  # type: ignore[attr-defined]
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": "/tmp" if self.kind == "bubblewrap" else str(self.folder),
            "USER": "student",
            "MPLBACKEND": "agg",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONHASHSEED": "0",  # the same submission gives the same marks
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "NBGRADER_EXECUTION": "autograde",
        }
        if self.kind == "none":
            return inner, environment | {"PYTHONPATH": os.pathsep.join([str(self.view), *_packages()])}
        environment["PYTHONPATH"] = os.pathsep.join(["/course", *map(_inside, _packages())])
        inner[0] = _inside(inner[0])
        return ["bwrap", *_walls(self.view), "--", *inner], environment


def _packages() -> list[str]:
    return [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages") and Path(p).is_dir()]


def _inside(place: str | Path) -> str:
    """Give a folder's place in the sandbox: another where a kernel has folders of its own over this one."""
    covered = any(Path(place).is_relative_to(own) for own in ("/tmp", "/dev", "/proc"))
    return f"/packages{place}" if covered else str(place)


def _walls(view: Path) -> list[str]:
    """What bubblewrap is told: all that is there, read-only, and nothing of this package but the view."""
    nothing = view / ".nothing"
    nothing.mkdir(exist_ok=True)
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
    if os.getuid() == 0:  # the process inside gives up root itself: only then do its limits hold
        options += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    options += ["--perms", "1777", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
    options += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib64", "lib32", "bin", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for place in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"):
        options += ["--ro-bind-try", place, place]
    for place in dict.fromkeys([sys.base_prefix, *_packages()]):
        if not place.startswith("/usr/"):
            for parent in reversed(Path(_inside(place)).parents[:-1]):  # else bubblewrap's are for root alone
                options += ["--perms", "0755", "--dir", str(parent)]
            options += ["--ro-bind", place, _inside(place)]
    for path in _hidden():
        options += ["--ro-bind", str(nothing) if path.is_dir() else "/dev/null", _inside(path)]
    options += ["--ro-bind", str(view), "/course", "--chdir", "/"]
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/"]


def _visible() -> list[Path]:
    """List the folders of this machine that the sandbox shows."""
    shown = [*_packages(), sys.base_prefix, "/usr", sysconfig.get_path("stdlib")]
    return [Path(folder) for folder in shown]


def _hidden() -> list[Path]:
    """List what must not be seen in the folders that the sandbox shows: this package, and plug-ins of it."""
    shown = [Path(folder) for folder in _packages()]
    found = [path for folder in shown for path in folder.glob("*backprop_course*")]
    found += [path for folder in shown for path in folder.glob("*.pth")]
    tree = Path(__file__).parents[2]  # a clone under /usr, in a container say, lies in what is shown
    found += filter(Path.exists, map(tree.joinpath, ("backprop_course", "solutions", "tests", ".git")))
    for plugin in entry_points(group="backprop_course.exercises"):
        with contextlib.suppress(ImportError, ValueError):
            spec = find_spec(plugin.module.partition(".")[0])
            places = [*(spec.submodule_search_locations or ()), spec.origin] if spec else []
            found += [Path(place) for place in places if place and Path(place).exists()]
    inside = [path for path in found if any(path.is_relative_to(folder) for folder in _visible())]
    return [path for path in dict.fromkeys(inside) if not any(parent in inside for parent in path.parents)]

"""The process that kernels are forked from: it has imported what notebooks import, and holds no secret.

``python -m course_kernel.zygote`` reads commands from its standard input, a socket: *fork* brings with it
the socket of a new kernel, *end* names a kernel to be ended. Where it can, it forks each kernel into
namespaces of its own. Where it cannot, it says so, and whoever started it uses it for one submission only.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from typing import Any

from . import frames, namespaces


def main(settings: dict[str, Any]) -> None:
    """Import, say hello, then obey until the other end hangs up."""
    commands = socket.socket(fileno=os.dup(0))
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    if settings["confined"]:
        namespaces.become_nobody()
    from .shell import make_shell, serve  # after root is given up: nothing imported runs with it

    shell = make_shell(settings["figures"])
    for name in settings["imports"]:
        with contextlib.suppress(Exception):  # a notebook that needs it says so itself
            __import__(name)
    if not settings["verbose"]:
        os.dup2(quiet, 2)
    gc.collect()
    gc.freeze()  # a collection in a fork then leaves the shared pages shared
    nested = settings["confined"] and _can_nest()
    frames.send(commands, {"nested": nested})
    while True:
        try:
            message, channel = _command(commands)
        except EOFError:
            os._exit(0)
        if channel is not None:
            process = os.fork()
            if process == 0:
                commands.close()
                _become_kernel(settings, nested, lambda channel=channel: serve(channel, shell))
            channel.close()
            frames.send(commands, {"forked": process})
        else:
            frames.send(commands, {"ended": _end(message["end"], message["patience"])})


def _command(commands: socket.socket) -> tuple[dict[str, Any], socket.socket | None]:
    text, files, _, _ = socket.recv_fds(commands, 4096, 1)
    if not text:
        raise EOFError
    channel = socket.socket(fileno=files[0]) if files else None
    return json.loads(text), channel


def _can_nest() -> bool:
    """Try once whether namespaces inside the sandbox's are allowed here."""
    process = os.fork()
    if process == 0:
        with contextlib.suppress(OSError):
            namespaces.enter()
            inner = os.fork()
            if inner == 0:
                with contextlib.suppress(OSError):
                    namespaces.furnish(1 << 20)
                    namespaces.give_up_powers()
                    os._exit(0)
                os._exit(1)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 255)
        os._exit(1)
    return os.waitpid(process, 0)[1] == 0


def _become_kernel(settings: dict[str, Any], nested: bool, serve: Any) -> None:
    """Never return: be, or watch over, the kernel of one submission."""
    try:
        namespaces.die_with_parent()
        os.setsid()
        if nested:
            namespaces.enter()
            _watch(os.fork())  # the first process of the new world comes back from here
            namespaces.die_with_parent()
            namespaces.furnish(settings["scratch"])
            _watch(os.fork())
        if settings["confined"]:
            namespaces.limit(settings["memory"], settings["processes"], settings["scratch"])
            namespaces.give_up_powers()
            os.chdir("/tmp")
        else:
            os.chdir(settings["folder"])
        gc.enable()
        sys.path.append(os.getcwd())  # modules beside the notebook; last, so that they hide no package
        serve()
    except BaseException as error:
        if settings["verbose"]:
            os.write(2, f"kernel: {type(error).__name__}: {error}\n".encode())
    os._exit(70)


def _watch(child: int) -> None:
    """In the parent, wait for the child, whatever else ends meanwhile, and end as it did."""
    if child == 0:
        return
    os.closerange(3, 1024)  # the socket among them: the kernel alone holds it
    while True:
        process, status = os.wait()
        if process == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _end(process: int, patience: float) -> int:
    """End a kernel, unless it ends by itself within so many seconds, and tell how it ended."""
    until = time.monotonic() + patience
    done, status = os.waitpid(process, os.WNOHANG)
    while not done and time.monotonic() < until:
        time.sleep(0.005)
        done, status = os.waitpid(process, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)  # without namespaces this reaches what it has started
    if not done:
        os.kill(process, signal.SIGKILL)
        status = os.waitpid(process, 0)[1]
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

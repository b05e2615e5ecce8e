"""A student's JupyterLab: its command line, and running it until Ctrl-C."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from backprop_course.cli._fail import fail


def require_free(port: int) -> None:
    """End the command where the port is not free."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        fail(f"port {port} cannot be used: {error.strerror}. Name another with --port, or leave --port out.")


def jupyterlab_command(folder: Path, first: Path, browser: bool, port: int | None) -> list[str]:
    """Give the command line of a JupyterLab in ``folder`` that opens the notebook ``first``."""
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{quote(first.as_posix())}",
        # a notebook opened on another day shows its pictures
        "--ContentsManager.pre_save_hook=backprop_course.widgets.saved.pre_save",
        "--log-level=WARN",
        "--allow-root",  # without it JupyterLab refuses to start in most containers
        *([] if browser else ["--no-browser"]),
        *([] if port is None else [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]),
    ]


def serve(command: list[str], folder: Path) -> int:
    """Run JupyterLab in ``folder`` until it ends, or until Ctrl-C or a closed terminal ends it."""
    # In a group of its own JupyterLab gets no Ctrl-C, so neither its question nor a traceback follows one.
    with subprocess.Popen(command, cwd=folder, process_group=0) as server:
        for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
            signal.signal(getattr(signal, name), lambda *_: server.terminate())
        status = server.wait()
    return max(status, 0)  # negative: ended by the signal passed on above

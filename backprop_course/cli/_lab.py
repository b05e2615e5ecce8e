"""A student's JupyterLab: its command line, and running it until Ctrl-C."""

import os
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


def address_of_running(folder: Path) -> str | None:
    """Give the address of a Jupyter server that serves ``folder`` already."""
    from jupyter_server.serverapp import list_running_servers

    serving = (server for server in list_running_servers() if Path(server["root_dir"]) == folder.resolve())
    server = next(serving, None)
    return f"{server['url']}lab?token={server['token']}" if server else None


def jupyterlab_command(folder: Path, first: Path, browser: bool, port: int | None) -> list[str]:
    """Give the command line of a JupyterLab in ``folder`` that opens the notebook ``first``."""
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{quote(first.as_posix())}",
        # a notebook opened on another day shows its pictures
        "--ContentsManager.pre_save_hook=backprop_course.widgets.saved.pre_save",
        "--log-level=ERROR",  # a warning is for whoever runs servers, such as that a notebook is not trusted
        "--allow-root",  # without it JupyterLab refuses to start in most containers
        *([] if browser else ["--no-browser"]),
        *([] if port is None else [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]),
    ]


def student_environment() -> dict[str, str]:
    """Give an environment in which JupyterLab has a student's tools: Validate, nothing of an instructor's.

    Without the extensions that ask nbgrader's exchange, none complains that there is no exchange.
    """
    ours = str(Path(__file__).parent / "student_lab")
    paths = filter(None, (ours, os.environ.get("JUPYTER_CONFIG_PATH")))
    return os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def serve(command: list[str], folder: Path) -> int:
    """Run JupyterLab in ``folder`` until it ends, or until Ctrl-C or a closed terminal ends it."""
    # In a group of its own JupyterLab gets no Ctrl-C, so neither its question nor a traceback follows one.
    with subprocess.Popen(command, cwd=folder, env=student_environment(), process_group=0) as server:
        for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
            signal.signal(getattr(signal, name), lambda *_: server.terminate())
        status = server.wait()
    return max(status, 0)  # negative: ended by the signal passed on above

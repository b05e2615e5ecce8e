"""A student's JupyterLab, as its own server describes it: Validate, and no tools of an instructor's."""

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websocket import create_connection

from backprop_course.cli import _lab

TERMINAL = "terminal.txt"
GONE = {"assignment-list", "course-list", "create-assignment", "formgrader", "menu"}


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a folder as ``start`` does, and give JupyterLab's address."""
    for name in ("CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    command = [*_lab.jupyterlab_command(tmp_path, Path("a.ipynb"), False, None), "--IdentityProvider.token="]
    command += ["--ServerApp.disable_check_xsrf=True"]  # a test is no page of the server's
    environment = _lab.student_environment()
    said = (tmp_path / TERMINAL).open("w")
    with said, subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=said) as server:
        file = tmp_path / f"RUNTIME/jpserver-{server.pid}.json"
        deadline = time.monotonic() + 120
        while not (file.exists() and file.read_text()):
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.2)
        yield str(json.loads(file.read_text())["url"])
        server.terminate()


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_kernel_warns_nobody_in_the_terminal(url: str, tmp_path: Path) -> None:
    begun = urllib.request.Request(f"{url}api/kernels", data=b'{"name": "python3"}', method="POST")
    with urllib.request.urlopen(begun, timeout=60) as answer:
        kernel = json.load(answer)["id"]
    channels = f"{url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels"
    with contextlib.closing(create_connection(channels, timeout=60)) as connection:
        while json.loads(connection.recv())["content"].get("execution_state") != "idle":
            pass
    assert "WARNING" not in (tmp_path / TERMINAL).read_text()


def test_it_has_validate_and_no_instructor_s_tools(url: str) -> None:
    with urllib.request.urlopen(f"{url}lab", timeout=60) as answer:
        page = answer.read().decode()
    start = page.index("{", page.index('id="jupyter-config-data"'))
    disabled = set(json.JSONDecoder().raw_decode(page[start:])[0]["disabledExtensions"])
    assert disabled == {f"@jupyter/nbgrader:{name}" for name in GONE} | {
        "@jupyterlab/apputils-extension:announcements"
    }
    assert _status(f"{url}formgrader") == _status(f"{url}assignments") == 404
    assert _status(f"{url}assignments/validate") == 405  # it is there, and takes a POST

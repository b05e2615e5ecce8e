"""A student's JupyterLab, as its own server describes it: Validate, and no tools of an instructor's."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from backprop_course.cli import _lab

GONE = {"assignment-list", "course-list", "create-assignment", "formgrader", "menu"}


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a folder as ``start`` does, and give JupyterLab's address."""
    for name in ("CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    command = [*_lab.jupyterlab_command(tmp_path, Path("a.ipynb"), False, None), "--IdentityProvider.token="]
    environment = _lab.student_environment()
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as server:
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

"""The command ``backprop-course``, with a real JupyterLab."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import metadata
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from backprop_course import cli
from backprop_course.cli import _copy, _lab, _student
from backprop_course.notebook import released

COMMAND = Path(sys.executable).with_name("backprop-course")
TOKEN = "secret-of-this-test"


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _get(port: int, path: str) -> tuple[str, bytes]:
    url = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.url, answer.read()


def _wait_for(server: subprocess.Popen[str], port: int) -> None:
    for _ in range(300):
        assert server.poll() is None, f"it ended: {server.communicate()}"
        try:
            _get(port, "/api/status")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail("JupyterLab did not answer within a minute")


def test_help_names_the_command_and_version_is_the_package_s():
    assert "start" in _run("--help").stdout
    assert _run("--version").stdout == f"backprop-course {metadata.version('backprop-course')}\n"


def _help(*arguments: str) -> str:
    return CliRunner().invoke(cli.app, [*arguments, "--help"], env={"COLUMNS": "200"}).output


@pytest.mark.parametrize("command", [command.callback.__name__ for command in cli.app.registered_commands])
def test_every_help_has_an_example_that_parses(command):
    name = command.replace("_", "-")
    example = re.search(rf"Example: backprop-course ({name} .+?) *$", _help(name), re.MULTILINE)
    assert example, _help(name)
    command, *arguments = shlex.split(example[1])
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    parser = group.commands[command]
    assert parser.make_context(command, arguments).params


def test_shell_completion_can_be_installed_and_knows_the_commands():
    assert "--install-completion" in _help()
    asked = {
        "_BACKPROP_COURSE_COMPLETE": "complete_bash",
        "COMP_WORDS": "backprop-course st",
        "COMP_CWORD": "1",
    }
    done = subprocess.run([COMMAND], env=os.environ | asked, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["start"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_start_serves_the_first_notebook_until_it_is_stopped(tmp_path, stop):
    port, names = _free_port(), ("CONFIG", "DATA", "RUNTIME")
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in names}
    server = subprocess.Popen(
        [COMMAND, "start", tmp_path / "my course", "--no-browser", "--port", str(port)],
        env=os.environ | own | {"JUPYTER_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for(server, port)
        first = released.release_names()[0].as_posix()
        served = json.loads(_get(port, f"/api/contents/{first}")[1])
        landed, page = _get(port, "/")
    finally:
        server.send_signal(stop)
        said, _ = server.communicate(timeout=30)
    original = json.loads((released.release_folder() / first).read_text(encoding="utf-8"))
    assert served["type"] == "notebook"
    assert [cell["id"] for cell in served["content"]["cells"]] == [cell["id"] for cell in original["cells"]]
    asked = [cell["metadata"]["trusted"] for cell in served["content"]["cells"] if cell.get("outputs")]
    assert asked == [True, True]  # two questions, which keep their style
    assert landed == f"http://127.0.0.1:{port}/lab/tree/{first}"
    assert b"JupyterLab" in page
    assert server.returncode == 0
    assert "Traceback" not in said
    with pytest.raises(urllib.error.URLError):
        _get(port, "/api/status")


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Give a release of two notebooks and one picture, with what must not be copied among them."""
    folder = tmp_path / "release"
    names = "02-b/b.ipynb", "01-a/a.ipynb", "01-a/figure.png", "01-a/.ipynb_checkpoints/a.ipynb"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"released {name}")
    _release(monkeypatch, folder)
    return folder


def _release(monkeypatch, folder: Path) -> None:
    for module in (_copy, _student, released):
        monkeypatch.setattr(module, "release_folder", lambda: folder)


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Run ``start`` with every step but JupyterLab; the command that would run it is kept instead."""
    commands: list[list[str]] = []

    def kept(command: list[str], _: object) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(_lab, "serve", kept)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object):
        return CliRunner().invoke(cli.app, ["start", *map(str, arguments)]), commands

    return run


def _files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def test_copies_the_visible_release_and_opens_the_first_notebook(release, start, tmp_path):
    result, commands = start()
    assert result.exit_code == 0
    copied = set(_files(tmp_path / "backprop-course")) - {"progress.json", ".handed-out.json"}
    assert copied == {"01-a/a.ipynb", "01-a/figure.png", "02-b/b.ipynb"}
    assert "--LabApp.default_url=/lab/tree/01-a/a.ipynb" in commands[0]


def test_a_start_page_comes_before_the_folders(release, start):
    (release / "start.ipynb").write_text("start")
    _, commands = start("--no-browser")
    assert "--LabApp.default_url=/lab/tree/start.ipynb" in commands[0]
    assert "--no-browser" in commands[0]


def test_keeps_work_says_so_and_adds_what_a_newer_release_brings(release, start, tmp_path):
    start("mine")
    (tmp_path / "mine/01-a/a.ipynb").write_text("my work")
    (release / "03-c").mkdir()
    (release / "03-c/c.ipynb").write_text("new")
    result, _ = start("mine")
    assert _files(tmp_path / "mine")["01-a/a.ipynb"] == "my work"
    assert _files(tmp_path / "mine")["03-c/c.ipynb"] == "new"
    assert "kept      01-a/a.ipynb\n" in result.output
    assert "added     03-c/c.ipynb" in result.output
    assert "What is kept is yours" in result.output


def _notebook(words: str, result: str = "") -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": [words], "outputs": [result]}]})


def test_a_correction_replaces_what_was_not_changed_and_lies_beside_what_was(release, start, tmp_path):
    (release / "01-a/a.ipynb").write_text(_notebook("x = 1"))
    (release / "02-b/b.ipynb").write_text(_notebook("y = 1"))
    start("mine")
    (tmp_path / "mine/01-a/a.ipynb").write_text(_notebook("x = 1", "it was run"))
    (tmp_path / "mine/02-b/b.ipynb").write_text(_notebook("my answer"))
    (release / "01-a/a.ipynb").write_text(_notebook("x = 2"))
    (release / "02-b/b.ipynb").write_text(_notebook("y = 2"))
    result, _ = start("mine")
    held = _files(tmp_path / "mine")
    assert held["01-a/a.ipynb"] == _notebook("x = 2")
    assert held["02-b/b.ipynb"] == _notebook("my answer")
    assert held["02-b/b-2.ipynb"] == _notebook("y = 2")
    assert "corrected 01-a/a.ipynb, which you had not changed" in result.output
    assert "02-b/b.ipynb, which you changed; its correction lies beside it: b-2.ipynb" in result.output
    start("mine")  # once is enough
    assert not (tmp_path / "mine/02-b/b-3.ipynb").exists()


def test_what_was_remembered_stays(release, start, tmp_path):
    start("mine")
    (tmp_path / "mine/progress.json").write_text('{"relu_backward": true}')
    start("mine")
    assert _files(tmp_path / "mine")["progress.json"] == '{"relu_backward": true}'


def test_a_second_start_says_where_the_course_is_open(start, tmp_path, monkeypatch):
    runtime = tmp_path / "runtime"
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    runtime.mkdir()
    server = {"pid": os.getpid(), "root_dir": str(tmp_path / "mine"), "url": "http://x/", "token": "t"}
    (runtime / f"jpserver-{os.getpid()}.json").write_text(json.dumps(server | {"port": 1}))
    result, commands = start("mine", "--no-browser")
    assert result.exit_code == 0
    assert "already, at http://x/lab?token=t" in result.output
    assert not commands
    assert not (tmp_path / "mine").exists()


def test_a_copy_cut_short_does_not_pass_for_the_user_s_own(release, start, tmp_path, monkeypatch):
    def full_disk(source: Path, target: str) -> None:
        Path(target).write_text("half")
        raise OSError(28, "No space left on device", target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full_disk)
        failed, _ = start("mine")
    start("mine")
    assert failed.exit_code == 1
    assert "No space left on device" in failed.output
    assert _files(tmp_path / "mine")["01-a/a.ipynb"] == "released 01-a/a.ipynb"


def test_a_folder_that_is_a_file_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes").write_text("notes")
    result = _run("start", tmp_path / "notes")
    assert (result.returncode, result.stdout) == (1, "")
    assert "is a file; expected a folder" in result.stderr
    assert (tmp_path / "notes").read_text() == "notes"


def test_an_unwritable_folder_is_refused_without_a_traceback(tmp_path):
    (tmp_path / "file").touch()
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    # Permissions do not stop root, a file in the place of a folder does.
    result = _run("start", (tmp_path / "file" if os.geteuid() == 0 else locked) / "course")
    assert result.returncode == 1
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_refused_before_anything_is_copied(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = _run("start", tmp_path / "course", "--port", port)
    assert result.returncode == 1
    assert f"port {port} cannot be used: Address already in use" in result.stderr
    assert not (tmp_path / "course").exists()


def test_a_port_out_of_range_is_a_usage_error(tmp_path):
    result = _run("start", tmp_path / "course", "--port", 70000)
    assert result.returncode == 2
    assert "65535" in result.stderr


def test_an_installation_without_notebooks_says_so(tmp_path, start, monkeypatch):
    _release(monkeypatch, tmp_path / "nothing")
    result, commands = start()
    assert result.exit_code == 1
    assert "no notebooks in" in result.output
    assert not commands


def test_without_jupyterlab_it_says_how_to_install_it(start, tmp_path):
    hide = "import sys; sys.modules['jupyterlab'] = None; from backprop_course.cli import app; app()"
    result = subprocess.run(
        [sys.executable, "-c", hide, "start"], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert result.returncode == 1
    assert "pip install 'backprop-course[student]'" in result.stderr

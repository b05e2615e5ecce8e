"""Where BACKPROP_COURSE_NO_SKIP=1, as in CI, a skip of any kind is a failure."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = {
    "test_call.py": "import pytest\ndef test(): pytest.skip('no browser')",
    "test_mark.py": "import pytest\n@pytest.mark.skip('no browser')\ndef test(): pass",
    "test_module.py": "import pytest\npytest.importorskip('not_installed', reason='no browser')",
    "test_expected.py": "import pytest\n@pytest.mark.xfail\ndef test(): assert 0",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of small tests beside a copy of the configuration under test."""
    folder = tmp_path_factory.mktemp("skips")
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    for name, test in TESTS.items():
        (folder / name).write_text(test)
    return folder


def _run(folder: Path, no_skip: str) -> str:
    # With CI set, pytest spells every reason out a second time in its summary.
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {
        "BACKPROP_COURSE_NO_SKIP": no_skip,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    options = "-p", "no:cacheprovider", "-ra", "--continue-on-collection-errors", "--rootdir", str(folder)
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def test_elsewhere_a_skip_is_a_skip(folder):
    assert "3 skipped, 1 xfailed" in _run(folder, no_skip="0")


def test_where_nothing_may_skip_each_skip_fails_with_its_reason(folder):
    said = _run(folder, no_skip="1")
    assert "1 failed, 1 xfailed, 2 errors" in said
    assert said.count("allows no skip: no browser") + said.count("allows no skip: Skipped: no browser") == 3

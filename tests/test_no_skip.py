"""Where BACKPROP_COURSE_NO_SKIP=1, as in CI, a skip of any kind is a failure."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "in a test": "import pytest\ndef test(): pytest.skip('no browser')",
    "as a mark": "import pytest\n@pytest.mark.skip('no browser')\ndef test(): pass",
    "of a module": "import pytest\npytest.importorskip('not_installed_here', reason='no browser')",
}


def _run(folder: Path, test: str, no_skip: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "test_it.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--rootdir", str(folder)]
    environment = os.environ | {"BACKPROP_COURSE_NO_SKIP": no_skip}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_only_where_nothing_may_skip(test, tmp_path):
    allowed, forbidden = _run(tmp_path, test, "0"), _run(tmp_path, test, "1")
    assert "1 skipped" in allowed.stdout
    assert forbidden.returncode != 0
    assert "allows no skip" in forbidden.stdout
    assert "no browser" in forbidden.stdout


def test_an_expected_failure_stays_one(tmp_path):
    assert "1 xfailed" in _run(tmp_path, "import pytest\n@pytest.mark.xfail\ndef test(): assert 0", "1").stdout

"""Students' code finds the packages wherever they lie, and nothing of the class."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backprop_course.grading import _sandbox, _view
from backprop_course.grading._kernel import Kernel
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import Sandbox, SandboxError, keep_unseen

pytestmark = pytest.mark.nbgrader


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    """Start a kernel where a package lies in the folder for temporary files."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    packages, view = folder / "site-packages", folder / "view"
    packages.mkdir()
    (packages / "lies_in_tmp.py").write_text("here = 1")
    (packages / "backprop_course_plugin.py").write_text("answers = 1")
    monkeypatch.syspath_prepend(packages)
    _view.build(view, [], [])
    sandbox = Sandbox(view, "bubblewrap", Limits())
    opened = Kernel(sandbox, Limits())
    yield opened
    opened.close()
    sandbox.remove()
    shutil.rmtree(folder)


def test_package_in_the_temporary_folder_is_found_and_its_secrets_are_not(kernel: Kernel) -> None:
    assert kernel.run("import lies_in_tmp\nassert lies_in_tmp.here == 1", 30).ok
    assert not kernel.run("from backprop_course_plugin import answers", 30).ok


def test_class_among_the_packages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sandbox, "_visible", lambda: [tmp_path])
    with pytest.raises(SandboxError, match="Move the class"):
        keep_unseen(tmp_path / "spring", "bubblewrap")
    keep_unseen(tmp_path / "spring", "none")

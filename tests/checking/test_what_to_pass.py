"""What `check` and `evaluate` say to what is no function, and that pytest hides their insides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_course import check, evaluate


def relu_backward(dy, z):
    return dy


def test_a_name_in_quotes_is_told_apart():
    with pytest.raises(TypeError, match="pass relu_backward, without quotes"):
        check("relu_backward")  # type: ignore[arg-type]


def test_so_is_what_the_function_returned():
    with pytest.raises(TypeError, match=r"of type list: pass relu_backward, not relu_backward\(...\)"):
        check([0.0, 1.0])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"of type float: pass elu_backward, not elu_backward\(...\)"):
        evaluate("elu_backward", 1.0)  # type: ignore[arg-type]


def test_pytest_shows_the_line_that_checked_and_nothing_below_it(tmp_path: Path):
    (tmp_path / "test_mine.py").write_text(
        "from backprop_course import check\n\n"
        "def relu_backward(dy, z):\n    return dy\n\n"
        "def test_mine():\n    check(relu_backward)\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # plug-ins take longer than the check
    shown = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True).stdout
    assert ">       check(relu_backward)" in shown
    assert "[wrong-mask]" in shown
    assert "raise ExerciseFailed" not in shown

"""The widgets' JavaScript: linted by eslint, its arithmetic tested by node."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from backprop_course.numbers import show

HERE = Path(__file__).parent


def run(*command: str, **environment: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"no {command[0]} on PATH (Debian, Ubuntu: apt-get install nodejs npm)")
    done = subprocess.run(
        [program, *command[1:]], cwd=HERE, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_arithmetic(tmp_path: Path):
    rng = np.random.default_rng(0)
    values = [0.0, 1.0625, -0.03125, 9.9995, 99995.0, 1e6, *(n / 64 for n in range(-200, 200))]
    values += (rng.normal(size=400) * 10.0 ** rng.integers(-12, 12, size=400)).tolist()
    known = tmp_path / "written.json"
    known.write_text(json.dumps([(value, show(value)) for value in values]), encoding="utf-8")
    run("node", "--test", WRITTEN_BY_PYTHON=str(known))


@pytest.mark.network
def test_its_style():
    run("npm", "ci", "--no-audit", "--no-fund")
    run("npm", "run", "lint", "--silent")

"""The command runs a part in a process of its own and survives one that fails or hangs."""

import pytest

from tests.benchmarks import __main__ as command


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('ours 1.0')", "ours 1.0"),
        ("raise SystemExit('the marks differ')", "Failed with code 1:\n\n```text\nthe marks differ"),
        (
            "import time; print('begun', flush=True); time.sleep(60)",
            "Stopped after 3 seconds:\n\n```text\nbegun",
        ),
    ],
)
def test_a_part_says_how_it_ended(code, said, tmp_path, monkeypatch):
    (tmp_path / "part.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setitem(command.PARTS, "part", ("A part", "part"))
    assert said in command.run("part", seconds=3)


def test_an_unknown_part_is_named():
    with pytest.raises(SystemExit, match="no part is called speed; there are ops, gradcheck"):
        command.main(["speed"])

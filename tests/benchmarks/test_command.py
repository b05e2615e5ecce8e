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
    monkeypatch.setitem(command.PARTS, "part", command.Part("A part", "part"))
    assert said in command.run("part", seconds=3)


def test_an_unknown_part_is_named():
    with pytest.raises(SystemExit, match="no part is called speed; there are ops, ops-threads"):
        command.main(["speed"])


def test_the_first_table_gathers_what_was_to_be_reached_and_who_failed():
    sections = [
        "## A\n\n```text\nreach: speed | 2× | ≤ 1× | no. It waits\nmore\n```\n",
        "## B\n\nFailed with code 1:\n",
    ]
    assert command.table(sections).splitlines()[2:] == [
        "| speed | 2× | ≤ 1× | no. It waits |",
        "| B | nothing | | no. The part did not end well |",
    ]
    assert command.details(sections[0]) == "## A\n\n```text\nmore\n```\n"


@pytest.mark.parametrize("page", command.SHOWN, ids=lambda page: page.parent.name)
def test_a_page_shows_what_the_run_wrote(page):
    (block,) = command.BLOCK.findall(page.read_text(encoding="utf-8"))
    assert block == command.shown(command.RESULTS.read_text(encoding="utf-8"))


def test_what_pages_show_is_date_machine_versions_and_the_table(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- benchmarks -->\nold\n<!-- end of benchmarks -->\nAfter\n", encoding="utf-8")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.md")
    monkeypatch.setattr(command, "SHOWN", (page,))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "PARTS", {"part": command.Part("A part", "part")})
    (tmp_path / "part.py").write_text("print('reach: a | 1 | 2 | yes')", encoding="utf-8")
    command.main([])
    before, *middle, after = page.read_text(encoding="utf-8").splitlines()
    assert (before, after) == ("Before", "After")
    assert "| a | 1 | 2 | yes |" in middle
    assert any("numpy" in line and "Load before the run" in line for line in middle)
    assert "old" not in middle

"""The command runs a part in a process of its own and survives one that fails or hangs."""

import pytest

from tests.benchmarks import __main__ as command


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('ours 1.0')", "ours 1.0"),
        ("raise SystemExit('the marks differ')", "Failed with code 1:\n\n```text\n\nthe marks differ"),
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
        "## A\n\nToday.\n\n```text\nreach: speed | 2× | ≤ 1× | no. It waits\nmore\n```\n",
        "## B\n\nToday.\n\nFailed with code 1:\n\n```text\n```\n",
    ]
    assert command.table(sections).splitlines()[2:] == [
        "| speed | 2× | ≤ 1× | no. It waits |",
        "| B | nothing | | no. The part did not end well |",
    ]


@pytest.mark.parametrize("page", command.SHOWN, ids=lambda page: page.parent.name)
def test_a_page_shows_what_the_run_wrote(page):
    (block,) = command.BLOCK.findall(page.read_text(encoding="utf-8"))
    assert block == command.shown(command.RESULTS.read_text(encoding="utf-8"))


def test_a_part_is_written_in_its_place_and_the_pages_show_it(tmp_path, monkeypatch):
    page, results = tmp_path / "page.md", tmp_path / "results.md"
    page.write_text("Before\n<!-- benchmarks -->\nold\n<!-- end of benchmarks -->\nAfter\n", encoding="utf-8")
    kept = "## Kept\n\nToday.\n\n```text\nreach: kept | 3 | 4 | yes\n```\n"
    results.write_text(
        f"# Benchmarks\n\n## A part\n\nToday.\n\n```text\nold\n```\n\n{kept}", encoding="utf-8"
    )
    monkeypatch.setattr(command, "RESULTS", results)
    monkeypatch.setattr(command, "SHOWN", (page,))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    parts = {"part": command.Part("A part", "part"), "kept": command.Part("Kept", "kept")}
    monkeypatch.setattr(command, "PARTS", parts)
    (tmp_path / "part.py").write_text("print('reach: a | 1 | 2 | yes')", encoding="utf-8")
    command.main(["part"])
    assert "old" in results.read_text(encoding="utf-8")
    command.main(["--write", "part"])
    before, *middle, after = page.read_text(encoding="utf-8").splitlines()
    assert (before, after) == ("Before", "After")
    assert [line for line in middle if "yes" in line] == ["| a | 1 | 2 | yes |", "| kept | 3 | 4 | yes |"]
    assert any("numpy" in line for line in middle)
    assert "old" not in results.read_text(encoding="utf-8")
    assert kept in results.read_text(encoding="utf-8")

"""One command says where a copy is published; until then nothing leads to a dead link."""

import re
import shutil
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from backprop_course.site.addresses import main

FILES = "pyproject.toml", "README.md", "CITATION.cff"


@pytest.fixture
def clone(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the files that name the addresses."""
    for name in FILES:
        shutil.copy(root / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(folder: Path) -> list[str]:
    return [(folder / name).read_text() for name in FILES]


def urls(folder: Path) -> dict[str, str]:
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return dict(project.get("urls", {}))


def test_readme_and_the_citation_say_what_the_project_says(clone: Path) -> None:
    before = texts(clone)
    main([])
    assert texts(clone) == before


def test_one_command_sets_them_everywhere(clone: Path) -> None:
    main(["https://github.com/Ada/course.git"])
    site = "https://ada.github.io/course/"
    assert urls(clone)["Source"] == "https://github.com/Ada/course"
    assert urls(clone)["Site"] == site
    assert f"({site})" in (clone / "README.md").read_text()
    assert f"({urls(clone)['Binder']})" in (clone / "README.md").read_text()
    cited = yaml.safe_load((clone / "CITATION.cff").read_text())
    assert (cited["repository-code"], cited["url"]) == ("https://github.com/Ada/course", site)


def test_another_address_replaces_the_first_one(clone: Path) -> None:
    main(["https://github.com/ada/course"])
    first = texts(clone)
    main(["https://github.com/grace/course"])
    assert "ada" not in "".join(urls(clone).values())
    main(["https://github.com/ada/course"])
    assert texts(clone) == first


def test_binder_s_address_opens_a_released_notebook(clone: Path, root: Path) -> None:
    main(["https://github.com/ada/course"])
    opened = parse_qs(urlsplit(urls(clone)["Binder"]).query)["urlpath"][0]
    assert opened.startswith("lab/tree/")
    assert (root / opened.removeprefix("lab/tree/")).is_file()


def test_until_they_are_set_readme_leads_to_no_dead_link(root: Path) -> None:
    if not urls(root):
        assert not re.search(r"github\.io|mybinder\.org/v2|ACCOUNT\)", (root / "README.md").read_text())


@pytest.mark.parametrize("wrong", ["ada/course", "https://example.org/ada/course", "https://github.com/ada"])
def test_another_kind_of_address_changes_nothing_and_says_what_is_expected(clone: Path, wrong: str) -> None:
    before = texts(clone)
    with pytest.raises(SystemExit, match=r"got .*expected https://github\.com/ACCOUNT/REPOSITORY") as refused:
        main([wrong])
    assert wrong in str(refused.value)
    assert texts(clone) == before


def test_outside_a_clone_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="expected a clone"):
        main([])

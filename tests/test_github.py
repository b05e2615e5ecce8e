"""What GitHub reads: workflows, issue forms and the citation, against their published schemas."""

import tomllib
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main
from click.testing import CliRunner

SCHEMAS = {
    ".github/workflows/*.yml": "vendor.github-workflows",
    ".github/ISSUE_TEMPLATE/[!c]*.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/check.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    "CITATION.cff": "vendor.citation-file-format",
}


@pytest.mark.parametrize(("files", "schema"), SCHEMAS.items())
def test_github_s_files_keep_to_their_schemas(root: Path, files: str, schema: str) -> None:
    found = sorted(root.glob(files))
    assert found
    options = ["--builtin-schema", schema, "--default-filetype", "yaml", *map(str, found)]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 0, done.output


def test_a_workflow_runs_what_ci_runs(root: Path) -> None:
    jobs = yaml.safe_load((root / ".github/workflows/tests.yml").read_text())["jobs"]
    assert ".ci/run" in [step.get("run") for step in jobs["everything"]["steps"]]


def test_the_citation_names_this_version(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert yaml.safe_load((root / "CITATION.cff").read_text())["version"] == project["version"]

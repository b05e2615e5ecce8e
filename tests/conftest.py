"""What every test may use: a browser if there is one, and the rule that CI skips nothing."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("BACKPROP_COURSE_NO_SKIP") == "1"
if NO_SKIP:  # CI tries the same examples each time; a developer's run tries new ones
    settings.register_profile("ci", derandomize=True, deadline=None)
    settings.load_profile("ci")
# What `pytest -m quick` runs: the mathematics, the checker and what can be read, in less than a minute.
QUICK = ("tests/checking", "tests/ops/test_", "tests/test_")
SLOW = ("network", "browser", "nbgrader", "oracles", "thorough")
FIGURES = ("image/png", "image/jpeg", "image/svg+xml")  # of notebooks; their pixels depend on the machine
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of a Chromium for Playwright's ``executable_path``, or skip."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on PATH (Debian, Ubuntu: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """Start Chromium once for all tests: Playwright refuses a second start while the first one runs."""
    pytest.importorskip("playwright.sync_api")
    from tests.browser.real_lab import launch

    with launch(chromium) as running:
        yield running


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out of the quick run, unread, what is not its own: to import nbgrader alone takes seconds."""
    if config.option.markexpr != "quick" or collection_path.is_dir():
        return None
    return None if collection_path.relative_to(ROOT).as_posix().startswith(QUICK) else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Compare what notebooks print, without figures and styles; keep together what shares a costly fixture.

    Under ``pytest -n auto`` the tests of a file run in one process, and so do those of an assignment's class.
    """
    for item in items:
        if item.nodeid.startswith(QUICK) and not any(map(item.get_closest_marker, SLOW)):
            item.add_marker(pytest.mark.quick)
        notebook: Any = item.parent
        if hasattr(notebook, "skip_compare"):  # a notebook, collected by nbval
            notebook.skip_compare = (*notebook.skip_compare, *FIGURES)
            notebook.sanitize_patterns[r"(?s)<div class=.backprop-(figure|still).*"] = "a picture"
            notebook.sanitize_patterns[r"(?s)<style>.*?</style>"] = "a style"
        if config.pluginmanager.hasplugin("xdist"):
            parameters = (
                item.callspec.params
                if isinstance(item, pytest.Function) and hasattr(item, "callspec")
                else {}
            )
            graded = parameters.get("assignment")
            item.add_marker(pytest.mark.xdist_group(graded or item.location[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that skips, where nothing may."""
    return _skip_is_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a module that skips (``pytest.importorskip`` at its top), where nothing may."""
    return _skip_is_failure((yield))


def _skip_is_failure(report: Report) -> Report:
    """Turn a skip into a failure when BACKPROP_COURSE_NO_SKIP=1; an expected failure stays one."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but BACKPROP_COURSE_NO_SKIP=1 allows no skip: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext

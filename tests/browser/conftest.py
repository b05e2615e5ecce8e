"""A real JupyterLab and a real Chromium for every test in this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.real_lab import Lab, new_page, serve

expect.set_options(timeout=20_000)  # milliseconds, for a busy machine


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that JupyterLab serves."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="session")
def lab_url(browser: Browser, lab_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a JupyterLab that knows nothing of the user's settings, and give its address."""
    with serve(lab_root, tmp_path_factory.mktemp("jupyter")) as url:
        yield url


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_url: str) -> Iterator[Lab]:
    """Give a page of JupyterLab, the same for all tests of a module."""
    with new_page(browser, lab_url) as lab:
        yield lab


@pytest.fixture(autouse=True)
def no_console_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which the page logged an error."""
    yield
    if "lab" in request.fixturenames:
        lab: Lab = request.getfixturevalue("lab")
        errors, lab.errors = lab.errors, []
        assert not errors, "\n".join(errors)

"""A choice in a real JupyterLab: what tells the answer is out of sight until the reader has decided."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.real_lab import Lab, write_notebook

pytestmark = pytest.mark.browser
CHOICE = """\
from backprop_course.notebook import choose
choose("The slope of x² at 5?", {"5": "That is x.", "10": "2x, at x = 5."}, answer="10")"""
RULE = "**The rule.** It is 2x."
SEE = "**See it.** Measured:"


@pytest.mark.parametrize(
    "between",
    [
        ["print(10)"],
        ["print(10)", "1"],
        ["def slope(x):\n    return 2 * x", "slope(5)"],
        [SEE, "print(10)"],
        [SEE, "print(10)", "1"],
    ],
    ids=["prints", "prints twice", "defines", "see it", "see it twice"],
)
@pytest.mark.parametrize("decides", ["by a click", "by running what answers"])
def test_the_rule_is_out_of_focus_until_the_reader_has_decided(
    lab: Lab, lab_root: Path, between: list[str], decides: str
) -> None:
    write_notebook(lab_root / "choice.ipynb", CHOICE, *between, RULE)
    page = nbformat.read(lab_root / "choice.ipynb", as_version=4)
    page.cells = [nbformat.v4.new_markdown_cell(c.source) if "**" in c.source else c for c in page.cells]
    nbformat.write(page, lab_root / "choice.ipynb")
    lab.open("choice.ipynb")
    rule = lab.page.locator(".jp-RenderedMarkdown", has_text="The rule.")
    expect(rule).to_have_css("filter", "none")
    lab.command("notebook:run-cell-and-select-next")
    expect(rule).to_have_css("filter", "blur(5px)")
    if decides == "by a click":
        lab.page.locator(".backprop-choice summary", has_text="10").click()
    else:
        for _ in between:
            lab.command("notebook:run-cell-and-select-next")
    expect(rule).to_have_css("filter", "none")


def test_a_heading_right_below_a_choice_begins_something_else(lab: Lab, lab_root: Path) -> None:
    write_notebook(lab_root / "choice.ipynb", CHOICE, "## 2. Something new", "print(10)", "Read on.")
    page = nbformat.read(lab_root / "choice.ipynb", as_version=4)
    for k in (1, 3):
        page.cells[k] = nbformat.v4.new_markdown_cell(page.cells[k].source)
    nbformat.write(page, lab_root / "choice.ipynb")
    lab.open("choice.ipynb")
    lab.command("notebook:run-cell-and-select-next")
    expect(lab.page.locator(".backprop-choice")).to_be_visible()
    expect(lab.page.locator(".jp-RenderedMarkdown", has_text="Read on.")).to_have_css("filter", "none")


def test_what_stands_above_the_next_heading_is_out_of_focus_too(lab: Lab, lab_root: Path) -> None:
    write_notebook(
        lab_root / "choice.ipynb", CHOICE, "print(10)", f"{RULE}\n\n## 2. Something new\n\nRead on."
    )
    page = nbformat.read(lab_root / "choice.ipynb", as_version=4)
    page.cells[2] = nbformat.v4.new_markdown_cell(page.cells[2].source)
    nbformat.write(page, lab_root / "choice.ipynb")
    lab.open("choice.ipynb")
    lab.command("notebook:run-cell-and-select-next")
    expect(lab.page.locator("p", has_text="The rule.")).to_have_css("filter", "blur(5px)")
    for clear in (
        lab.page.locator("h2", has_text="Something new"),
        lab.page.locator("p", has_text="Read on."),
    ):
        expect(clear).to_have_css("filter", "none")
    lab.page.locator(".backprop-choice summary", has_text="10").click()
    expect(lab.page.locator("p", has_text="The rule.")).to_have_css("filter", "none")


def test_the_code_that_names_the_answer_opens_once_the_reader_has_decided(lab: Lab, lab_root: Path) -> None:
    write_notebook(lab_root / "choice.ipynb", CHOICE)
    lab.open("choice.ipynb")
    code = lab.page.locator(".jp-InputArea-editor", has_text='answer="10"')
    expect(code).to_be_visible()
    lab.command("notebook:run-cell")
    expect(code).to_be_hidden()
    lab.page.locator(".backprop-choice summary", has_text="10").click()
    expect(code).to_be_visible()

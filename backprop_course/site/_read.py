"""The notebooks as pages to read: what students get, with the pictures that a finished notebook draws."""

import copy
import html
import re
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from backprop_course.grading.offline_html import OfflineHTMLExporter
from backprop_course.site._course import Page, solved_file
from backprop_course.site._shell import TEMPLATES, code_to_html, fill, page

# A cell whose id ends so answers a question; its output stays folded until the reader has decided.
PREDICTION = "-predict"
HEADING = re.compile(r"<(h[1-6])>(.*?)</\1>", re.DOTALL)
LINK = re.compile(r'href="\.\./([\w-]+)/\w+\.ipynb"')  # from one notebook to another


def build_read(folder: Path, pages: Sequence[Page]) -> None:
    """Write one page for each notebook, and the list of them."""
    folder.mkdir()
    for before, each, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        text = page(
            fill("notebook.html.j2", notebook=_as_html(each), page=each, before=before, after=after),
            title=f"{each.title} · backprop_course",
            kind="notebook",
            up="../",
            description=each.lead,
        )
        (folder / f"{each.name}.html").write_text(text, encoding="utf-8")
    listing = fill("read.html.j2", pages=pages)
    (folder / "index.html").write_text(
        page(listing, title="Read · backprop_course", kind="list", up="../"), encoding="utf-8"
    )


def _as_html(each: Page) -> str:
    notebook = _with_pictures(each)
    exporter = OfflineHTMLExporter(
        config=Config(TemplateExporter={"exclude_input_prompt": True, "exclude_output_prompt": True}),
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="page",
    )
    exporter.register_filter("course_code", code_to_html)
    predictions = {cell.id for cell in notebook.cells if cell.id.endswith(PREDICTION)}
    body, _ = exporter.from_notebook_node(notebook, resources={"predictions": predictions})
    return LINK.sub(r'href="\1.html"', HEADING.sub(_with_anchor, str(body)))


def _with_anchor(heading: re.Match[str]) -> str:
    """A heading with the id that JupyterLab gives it, for links within a notebook."""
    level, title = heading.groups()
    anchor = html.escape(html.unescape(re.sub("<.*?>", "", title)).strip().replace(" ", "-"))
    return f'<{level} id="{anchor}">{title}</{level}>'


def _with_pictures(each: Page) -> NotebookNode:
    """Give the released cells the outputs of the finished notebook, but not those of graded cells."""
    notebook = copy.deepcopy(each.notebook)
    solved = {cell.id: cell for cell in nbformat.read(solved_file(each), as_version=4).cells}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
            cell.outputs = solved[cell.id].outputs
    return notebook

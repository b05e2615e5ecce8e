"""The front page, with a real report and a real picture on it, and the teacher's page."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from backprop_course import evaluate
from backprop_course.exercises import names
from backprop_course.grading.offline_html import markdown_to_html
from backprop_course.site._course import Page
from backprop_course.site._shell import code_to_html, fill, page, write_style

WRONG_ANSWER = """\
def relu_backward(dy, z):
    y = (z > 0) * z
    return dy * (y >= 0)
"""
HEADING = re.compile(r"<h2>(.*?)</h2>")
ANCHORED = re.compile(r'<h2 id="(.*?)">(.*?)</h2>')


def build_front(site: Path, pages: Sequence[Page]) -> None:
    """Write ``index.html``, the style sheet and the icon."""
    from backprop_course.graph import Graph
    from backprop_course.widgets import GraphExplorer

    written: dict[str, Callable[..., object]] = {}
    exec(WRONG_ANSWER, written)
    body = fill(
        "front.html.j2",
        pages=pages,
        count=len(names()),
        code=code_to_html(WRONG_ANSWER),
        report=evaluate("relu_backward", written["relu_backward"])._repr_html_(),
        figure=GraphExplorer(Graph.from_formulas("x = -2; y = 5; z = -4; q = x + y; f = q * z")).figure(),
    )
    lead = "Learn backpropagation by writing it: notebooks in your browser whose checks name the mistake."
    (site / "index.html").write_text(
        page(body, title="backprop_course", kind="front", description=lead), encoding="utf-8"
    )
    write_style(site)


def build_teach(folder: Path) -> None:
    """Write the instructor's page from ``grading/README.md``."""
    folder.mkdir()
    text = (Path(__file__).parents[1] / "grading" / "README.md").read_text(encoding="utf-8")
    body = HEADING.sub(_with_anchor, markdown_to_html(text))
    lead, _, rest = body.partition("<h2 ")
    body = fill("teach.html.j2", lead=lead, sections=ANCHORED.findall(body), rest=f"<h2 {rest}")
    (folder / "index.html").write_text(
        page(body, title="Teach · backprop_course", kind="teach", up="../"), encoding="utf-8"
    )


def _with_anchor(heading: re.Match[str]) -> str:
    """Give a heading the name by which GitHub's page of the same text has it."""
    title = heading[1]
    anchor = re.sub(r"[^\w\s-]", "", re.sub("<.*?>", "", title)).strip().lower().replace(" ", "-")
    return f'<h2 id="{anchor}">{title}</h2>'

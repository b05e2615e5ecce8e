"""A student's feedback page: what it opens with, and what it never shows."""

import html
import re
from typing import Any

from jinja2 import pass_context
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets import List

from backprop_course.grading._grade import KEY
from backprop_course.grading._limits import READING, at_most
from backprop_course.grading._source import HIDDEN, is_test, visible
from backprop_course.grading._view import TO_TOUCH
from backprop_course.grading.offline_html import OfflineHTMLExporter
from backprop_course.widgets.saved import WIDGET

Resources = dict[str, Any]

RENDERING = 5.0  # seconds for one cell's Markdown
TELLING = 12  # letters and digits of a hidden line from which it cannot stand in an output by chance
WITHHELD = "This output quotes a test that you are not shown, so it is left out here."


class FeedbackExporter(OfflineHTMLExporter):
    """nbgrader's feedback, in the course's template."""

    def from_notebook_node(self, nb: NotebookNode, *args: Any, **kwargs: Any) -> Any:
        """Make a page; one that takes for ever keeps nobody else from theirs."""
        with at_most(READING, "its page"):
            return super().from_notebook_node(nb, *args, **kwargs)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Render a cell's Markdown, or show it as it was written where that takes too long."""
        try:
            with at_most(RENDERING, "its text"):
                return super().markdown2html(context, source)
        except TimeoutError:
            return f"<pre>{html.escape(source)}</pre>"


class PrepareFeedback(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Gather the table that a page opens with; take out hidden tests, and widgets that cannot run there."""

    # A setting of nbconvert's HTML export that reaches every step; without this line each run warns of it.
    display_data_priority: List[Any] = List().tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Fill ``resources["backprop_course"]``, which the template reads."""
        found = nb.metadata.get(KEY, {})
        cells = found.get("cells", {})
        resources[KEY] = {
            "highlight": _highlight(),
            "needs_eye": [eye for eye in found.get("needs_eye", []) if eye["cell"] not in cells],
            "restored": found.get("restored", []),
            "rows": [_row(cell.metadata.nbgrader, cells) for cell in nb.cells if _is_graded(cell)],
            "hints": {name: _hints(judged) for name, judged in cells.items()},
        }
        hidden = _hidden_lines(nb)
        for cell in nb.cells:
            cell.setdefault("outputs", [])
            cell.outputs = [_shown(output, hidden) for output in cell.outputs]
        return nb, resources


def _is_graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _row(mark: NotebookNode, cells: dict[str, Any]) -> dict[str, Any]:
    """Give the table's row of a graded cell: its score from the gradebook, its mistakes from the judge."""
    judged = cells.get(mark.grade_id, {})
    mistakes = [] if judged.get("passed") else judged.get("mistakes", [])
    return {
        "name": judged.get("exercise") or mark.grade_id,
        "anchor": mark.grade_id,
        "score": mark.get("score"),
        "points": mark.get("points", 0),
        "seen": mistakes[0]["message"] if mistakes else judged.get("headline", ""),
        "slugs": list(dict.fromkeys(filter(None, [judged.get("reason"), *(m["slug"] for m in mistakes)]))),
    }


def _hints(judged: dict[str, Any]) -> list[str]:
    return [] if judged.get("passed") else [m["hint"] for m in judged.get("mistakes", []) if m.get("hint")]


def _hidden_lines(nb: NotebookNode) -> set[str]:
    """Give the letters and digits of each line of a hidden test that stands in no visible part."""
    parts = [part for cell in filter(is_test, nb.cells) for part in HIDDEN.findall(cell.source)]
    shown = _bare("".join(map(visible, nb.cells)))
    lines = {_bare(line) for part in parts for line in part.splitlines()}
    return {line for line in lines if len(line) >= TELLING and line not in shown}


def _bare(text: str) -> str:
    """Reduce a text to letters and digits, so that it is known again in quotes, colours or another layout."""
    return re.sub(r"\x1b\[[0-9;]*m|\\[ntr]|<[^>]*>|&#?\w+;|[\W_]", "", text)


def _shown(output: NotebookNode, hidden: set[str]) -> NotebookNode:
    """Give an output as the page shows it."""
    if any(line in text for line in hidden for text in map(_bare, _texts(output))):
        return NotebookNode(output_type="stream", name="stderr", text=WITHHELD)
    data = output.get("data", {})
    if data.pop(WIDGET, None) is not None and not data.keys() - {"text/plain"}:
        data["text/plain"] = TO_TOUCH
    return output


def _texts(output: NotebookNode) -> list[str]:
    """Give every text of an output, whatever its kind."""
    texts = [output.get("text", ""), output.get("evalue", ""), "".join(output.get("traceback", []))]
    return texts + [value for value in output.get("data", {}).values() if isinstance(value, str)]


def _highlight() -> str:
    """Colours of code, for a light and a dark page."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    clear = ".highlight { background: none }"
    return f"{light} @media (prefers-color-scheme: dark) {{ {dark} }} {clear}"

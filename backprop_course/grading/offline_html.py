"""A notebook as a page that needs no network: formulas become MathML, which browsers draw by themselves."""

import html
from collections.abc import Iterable
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


def _drawn(body: str, display: str) -> str:
    """Give a formula as MathML; as its own text where a student wrote what is none."""
    try:
        # The converter knows lines that are aligned only by the name that they have outside of a formula.
        return str(convert(body.replace("{aligned}", "{align*}"), display=display))
    except Exception:  # the converter has an error of its own for each kind of slip
        return f"<code>{html.escape(body)}</code>"


class _Renderer(IPythonRenderer):
    """Markdown's HTML with formulas drawn, where nbconvert leaves them to a script from the network."""

    def block_math(self, body: str) -> str:
        return _drawn(body, "block")

    def inline_math(self, body: str) -> str:
        return _drawn(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return _drawn(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")


def markdown_to_html(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Render Markdown as notebooks have it, with LaTeX between dollar signs; the HTML needs no script."""
    renderer = _Renderer(escape=False, attachments=attachments or {}, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class OfflineHTMLExporter(HTMLExporter):
    """nbconvert's HTML export with formulas as MathML."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Render a cell's Markdown, its pictures included."""
        return markdown_to_html(source, context.get("cell", {}).get("attachments"))

    def default_filters(self) -> Iterable[Any]:
        """Give nbconvert's filters with ours among them."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "markdown2html", self.markdown2html

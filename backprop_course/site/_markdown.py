"""Markdown and formulas as plain HTML: formulas become MathML, which every browser draws by itself."""

import re
from html import escape

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, with formulas drawn where it leaves them to a script of another server."""

    def inline_math(self, body: str) -> str:
        return convert(body)

    def block_math(self, body: str) -> str:
        return convert(body, display="block")

    def latex_environment(self, name: str, body: str) -> str:
        return convert(rf"\begin{{{name}}}{body}\end{{{name}}}", display="block")


def markdown_to_html(text: str) -> str:
    """Render markdown as notebooks have it: tables, code, HTML, LaTeX between dollar signs."""
    page = MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(text)
    # A wide formula, like a wide table, scrolls by itself; the page never does.
    return re.sub(
        r'(<math [^>]*display="block".*?</math>)', r'<div class="formula">\1</div>', page, flags=re.DOTALL
    )


def code_to_html(source: str, language: str = "python") -> str:
    """Colour source code by classes, which the page's style sheet fills in for light and dark."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    if not source.strip():
        return f"<pre>{escape(source)}</pre>"
    return str(highlight(source, get_lexer_by_name(language), HtmlFormatter(cssclass="code")))

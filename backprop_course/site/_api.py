"""The reference, from the docstrings of the public modules."""

import html
import inspect
import re
from pathlib import Path
from typing import Any

# The package with what it exports (ops and exercises among it), and the public modules beside.
MODULES = (
    "backprop_course",
    *(f"backprop_course.{room}" for room in ("graph", "network", "notebook", "numerical", "widgets")),
)
THEIR_WORDS = (
    "A float trait",
    "Alias for field number",
    "An instance of a Python",
    "An integer trait",
    "Create new instance of",
    "Public constructor",
)
FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def build_api(folder: Path) -> None:
    """Let pdoc write a page for each public module."""
    import pdoc
    from pygments.formatters import HtmlFormatter

    from backprop_course import widgets
    from backprop_course.graph import Graph

    for name in widgets.__all__:  # they load when asked for, which pdoc does not do
        setattr(widgets, name, getattr(widgets, name))
    for name, part in vars(
        Graph.__base__
    ).items():  # pdoc shows nothing that is inherited from a private class
        if not name.startswith("_"):
            setattr(Graph, name, part)

    pdoc.render.configure(
        docformat="numpy",
        math=False,  # it would fetch MathJax from elsewhere
        search=True,
        show_source=False,
        footer_text="backprop_course",
        template_directory=Path(__file__).parent / "templates" / "api",
    )
    night = HtmlFormatter(style="github-dark").get_style_defs(".pdoc-code")
    pdoc.render.env.globals["code_at_night"] = night  # custom.css, which is a template too, has it
    pdoc.render.env.filters["own_words"] = _own_words
    formatted = pdoc.render.env.filters["format_signature"]
    pdoc.render.env.filters["format_signature"] = lambda s, colon: formatted(_names_only(s), colon=colon)
    pdoc.pdoc(*MODULES, output_directory=folder)
    for page in folder.rglob("*.html"):
        page.write_text(FORMULA.sub(_drawn, page.read_text(encoding="utf-8")), encoding="utf-8")


def _names_only(signature: inspect.Signature) -> inspect.Signature:
    """Drop the types: the docstring says array_like where these spell out half of NumPy."""
    parameters = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return signature.replace(parameters=parameters, return_annotation=signature.empty)


def _own_words(doc: Any) -> str:
    """Give a docstring; none where Python or traitlets wrote it."""
    return "" if doc.docstring.startswith(THEIR_WORDS) else str(doc.docstring)


def _drawn(formula: re.Match[str]) -> str:
    from latex2mathml.converter import convert

    inline, displayed = formula.groups()
    return str(convert(html.unescape(inline or displayed), display="inline" if inline else "block"))

"""The frame around every page of the site, its style sheet and its icon."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from backprop_course.grading.offline_html import markdown_to_html
from backprop_course.palette import COLOURS, DARK_COLOURS

TEMPLATES = Path(__file__).parent / "templates"
START = "00-start/start.ipynb"
RUN = (
    "lab/notebooks/index.html?path="  # a notebook's path follows; the page has one notebook, and fits a phone
)

_templates = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False)
_templates.globals |= {"run": RUN, "start": START}
_templates.filters["course_markdown"] = lambda text: (
    markdown_to_html(text).strip().removeprefix("<p>").removesuffix("</p>")
)


def page(body: str, *, title: str, kind: str, up: str = "", description: str = "") -> str:
    """Put the body of a page into the frame.

    Parameters
    ----------
    body : str
        HTML.
    title : str
        Of the window.
    kind : str
        CSS class of the page.
    up : str
        From the page's folder to the site's: ``"../"`` one below.
    description : str
        For search engines; the title where empty.
    """
    shell = _templates.get_template("shell.html.j2")
    return shell.render(body=body, title=title, kind=kind, up=up, description=description or title)


def fill(template: str, **values: object) -> str:
    """Fill in one of the templates beside this module."""
    return _templates.get_template(template).render(**values)


def code_to_html(source: str) -> str:
    """Colour Python by classes, which the style sheet fills in for light and dark."""
    return str(highlight(source, PythonLexer(), HtmlFormatter(cssclass="code")))


def write_style(folder: Path) -> None:
    """Write the style sheet, with the course's colours and those of code, and the icon."""
    roles = "\n".join(f"  --{role}: light-dark({COLOURS[role]}, {DARK_COLOURS[role]});" for role in COLOURS)
    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    own = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    page = f":root {{\n{roles}\n}}\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{own}"
    (folder / "style.css").write_text(page, encoding="utf-8")
    (folder / "icon.svg").write_text((TEMPLATES / "icon.svg").read_text(encoding="utf-8"), encoding="utf-8")

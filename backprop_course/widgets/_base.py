"""What every widget of the course shares: how its files load, and what shows where no widget runs."""

import re
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from backprop_course.palette import COLOURS, DARK_COLOURS
from backprop_course.svg import PAINTS, image

STILL = "This picture stands still. Run its cell, in Jupyter, to move it."
_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\.{1,2}/(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def browser_module(name: str) -> str:
    """Join ``<name>/<name>.js`` and the modules it imports, here in this folder, into one ES module.

    The browser receives the module as text, where ``import … from "./shared.js"`` has nothing to be relative
    to. So imports are dropped, and each imported module stands once, above those that use it.
    """
    return "\n".join(_with_imports(f"{name}/{name}.js", {}).values())


def _with_imports(file: str, joined: dict[str, str]) -> dict[str, str]:
    """Add a file's text to `joined`, after those of the modules it imports."""
    text = _read(file)
    for imported in _IMPORT.findall(text):
        if imported not in joined:
            _with_imports(imported, joined)
    if "/" not in file:  # a shared module: what it exports becomes local
        text = _EXPORT.sub("", text)
    joined[file] = _IMPORT.sub("", text)
    return joined


def stylesheet(name: str) -> str:
    """Join the palette, as CSS variables, with ``shared.css`` and ``<name>/<name>.css``.

    Every widget on a page brings ``shared.css``. A widget's own rules are nested in
    ``.backprop-widget.<root>``, which outranks the copies that come after it.
    """
    colours = "\n".join(f"  --{role}: light-dark({COLOURS[role]}, {DARK_COLOURS[role]});" for role in COLOURS)
    paints = "\n".join(
        f".backprop-widget .bp-{paint}-{role} {{ {paint}: var(--{role}); }}"
        for role in PAINTS
        for paint in ("fill", "stroke")
    )
    own = _read(f"{name}/{name}.css")
    return f".backprop-widget {{\n{colours}\n}}\n{paints}\n{_read('shared.css')}\n{own}"


def within(proposal: Any, low: float, high: float, expected: str = "a number") -> Any:
    """Return what a trait is to become, or refuse what is not from `low` to `high`, as nan is not."""
    name, value = proposal["trait"].name, proposal["value"]
    if not low <= value <= high:
        raise t.TraitError(f"{name} = {value}; expected {expected} from {low:g} to {high:g}")
    return value


class CourseWidget(anywidget.AnyWidget):
    """An anywidget whose output also carries a sentence and a figure, for pages where no widget runs."""

    problem = t.Unicode(help="What the widget says in place of its picture; empty when all is well.").tag(
        sync=True
    )

    def summary(self) -> str:
        """Say in a sentence or two what the widget shows."""
        raise NotImplementedError

    def figure(self) -> str:
        """Draw the current state as an SVG document, the same bytes for the same state."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.problem or self.summary()}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Add the figure to what anywidget sends: a live page prefers the widget, a static one the figure."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/html"] = image(self.figure(), repr(self), STILL)
        return bundle


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")

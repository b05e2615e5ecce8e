"""The few SVG elements that a drawing of a graph is made of."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from backprop_course.palette import COLOURS

LINE = "#797979"  # a contrast of 4.3 with white and with the background of JupyterLab's dark theme
PAPER, INK = "#ffffff", "#222222"  # boxes and numbers bring their own background, light in either theme
Point = tuple[float, float]
Curve = tuple[Point, Point]


def document(left: float, top: float, width: float, height: float, title: str, description: str) -> Element:
    """Return an empty document that shows the given part of the plane."""
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": "sans-serif"})
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    root.set("style", "max-width: 100%; height: auto")
    add(root, "title").text = title
    add(root, "desc").text = description
    return root


def add(parent: Element, tag: str, **attributes: str | float) -> Element:
    """Add an element; class_ and stroke_width become class and stroke-width."""
    texts = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else f"{value:g}"
        for name, value in attributes.items()
    }
    return SubElement(parent, tag, texts)


def add_box(parent: Element, centre: Point, size: Point, corner: float, outline: str = "none") -> None:
    """Add a light box with round corners."""
    (x, y), (width, height) = centre, size
    place: dict[str, float] = {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height}
    add(parent, "rect", rx=corner, fill=PAPER, stroke=outline, stroke_width=1.5, **place)


def add_text(
    parent: Element, centre: Point, text: str, fill: str, size: float, weight: str = "normal"
) -> None:
    """Add a line of text."""
    x, y = centre[0], centre[1] + size * 0.36
    place = add(parent, "text", x=x, y=y, fill=fill, font_size=size, font_weight=weight, text_anchor="middle")
    place.text = text


def add_number(parent: Element, centre: Point, text: str, kind: str) -> None:
    """Add text on a light background; `kind`, value or gradient, is its class and gives its colour."""
    group = add(parent, "g", class_=kind)
    add_box(group, centre, (number_width(text), 15), corner=4)
    add_text(group, centre, text, COLOURS[kind], size=12, weight="bold")


def number_width(text: str) -> float:
    """Estimate the width of bold text of size 12, with a margin."""
    return 7.2 * len(text) + 8


def add_arrow(parent: Element, curves: list[Curve], highlight: bool = False) -> None:
    """Add curves, each after a straight line from the one before, and an arrowhead; highlighted: dashed."""
    colour, dashes = (COLOURS["gradient"], "5 4") if highlight else (LINE, "none")
    add(
        parent,
        "path",
        d=path_of(curves),
        fill="none",
        stroke=colour,
        stroke_width=1.5,
        stroke_dasharray=dashes,
    )
    x, y = curves[-1][1]
    add(parent, "path", d=f"M{x:g} {y:g}l-9 -4.5v9z", fill=colour)


def path_of(curves: list[Curve]) -> str:
    """Write curves as the data of a path, each after a straight line from the one before."""
    path = ""
    for (x0, y0), (x1, y1) in curves:
        middle = (x0 + x1) / 2
        path += f"{'L' if path else 'M'}{x0:g} {y0:g}C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}"
    return path


def point_on(curve: Curve, t: float) -> Point:
    """Return the point of a curve of `add_arrow` at the parameter t in [0, 1]."""
    (x0, y0), (x1, y1) = curve
    across = (1 - t) ** 3 * x0 + 1.5 * t * (1 - t) * (x0 + x1) + t**3 * x1
    return across, y0 + t * t * (3 - 2 * t) * (y1 - y0)

"""Draw a value, a gradient, the ring of a unit at work; mark a number that is not the true one."""

from backprop_course.numbers import show
from backprop_course.svg import label, tag, text, title, width_of
from backprop_course.widgets.network._passes import is_off


def draw_ring(circle: dict[str, float], role: str) -> str:
    return tag("circle", **circle, fill="none", stroke=role, stroke_width=4)


def draw_value(value: float, true: float, x: float, y: float, role: str) -> str:
    words = show(value, 3) if len(show(value)) > 5 else show(value)
    size = 12.5 if len(words) < 6 else 11  # within the circle
    style = {"fill": role, "font_size": size, "font_weight": "bold", "text_anchor": "middle"}
    return _marked(text(words, x, y + 4.5, **style), value, true, x, y, 40.0)


def draw_gradient(found: float, true: float, x: float, y: float, words: str = "") -> str:
    words = words or show(found)
    return _marked(label(words, x, y, "gradient"), found, true, x, y, width_of(words))


def _marked(written: str, found: float, true: float, x: float, y: float, width: float) -> str:
    """Frame and cross out a number that is not the true one, and say which is."""
    if not is_off(found, true):
        return written
    frame = {"x": x - width / 2, "y": y - 8, "width": width, "height": 16, "rx": 3, "fill": "none"}
    box = tag("rect", **frame, stroke="wrong", stroke_width=1.5, stroke_dasharray="4 3")
    cross = text("✗", x - width / 2 - 7, y + 4.5, fill="wrong", font_size=12, text_anchor="middle")
    return tag("g", title(f"wrong: {show(true)} is right"), written, box, cross, class_="wrong")

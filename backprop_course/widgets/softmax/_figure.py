"""The softmax explorer as a static figure, for a printed page or one where no widget runs."""

from collections.abc import Iterator

from backprop_course.numbers import show as number
from backprop_course.svg import document, tag, text
from backprop_course.widgets._chart import ROW, Style, legend
from backprop_course.widgets._evaluate import Array
from backprop_course.widgets._heat_map import heat_map
from backprop_course.widgets.softmax._state import State
from backprop_course.widgets.softmax._words import indexed, sentences, yours

WIDTH, PANEL, TRACK = 640, 205, 110  # pixels: the figure, one list of bars, the longest bar
YOURS: Style = {"stroke": "yours", "stroke_width": 6}


def draw(state: State, show: list[str], title: str) -> str:
    """Draw bars of logits, probabilities and gradient, the Jacobian below, and their sentences."""
    parts = list(_bars(state, show))
    top = 30.0 + ROW * len(state.z)
    if "jacobian" in show:
        rows, columns = ([indexed(letter, i) for i in range(len(state.z))] for letter in "pz")
        title_above = "Jacobian ∂p/∂z, outputs by inputs"
        matrix, _, height = heat_map(state.jacobian.tolist(), rows, columns, title_above, (12, top + 8))
        parts.append(matrix)
        top += height + 16
    words, bottom = legend(_said(state, show), top)
    return document(title, WIDTH, bottom, *parts, words)


def _bars(state: State, show: list[str]) -> Iterator[str]:
    answers = {name: answer.values for name, answer in state.yours.items()}
    reach = max(6.0, float(abs(state.z).max()))
    yield _panel(0, "Logits z", "value", state.z, None, reach)
    yield _panel(1, "Probabilities p", "right", state.p, answers.get("softmax"), 1)
    if "gradient" in show:
        pulled = answers.get("softmax_cross_entropy_backward")
        title = f"Gradient dz, label {state.label}"
        yield _panel(2, title, "gradient", state.gradient, None if pulled is None else pulled[0], 1)


def _panel(column: int, title: str, role: str, values: Array, mine: Array | None, reach: float) -> str:
    """Draw one bar a class, from 0 in the middle where values may be negative, else from the left."""
    zero, unit = (24.0, TRACK / reach) if role == "right" else (24 + TRACK / 2, TRACK / 2 / reach)
    parts = [text(title, 0, 14, fill="ink")]
    for i, value in enumerate(values):
        y = 24.0 + ROW * i
        parts.append(text(str(i), 14, y + 13, text_anchor="end", fill="muted", font_size=12))
        parts.append(_bar(value, zero, unit, y, 9, role))
        if mine is not None:
            parts.append(_bar(mine[i], zero, unit, y + 10, 4, "yours"))
        parts.append(text(number(float(value)), 30 + TRACK, y + 13, fill="ink", font_size=12))
    rim = tag("path", d=f"M{zero:g} 20V{24 + ROW * len(values)}", stroke="muted")
    return tag("g", "".join([*parts, rim]), transform=f"translate({12 + column * PANEL} 0)")


def _bar(value: float, zero: float, unit: float, y: float, height: int, colour: str) -> str:
    if not abs(value) < float("inf"):  # nan or infinite: no bar
        return ""
    length = min(abs(float(value)) * unit, TRACK)
    start = zero - length if value < 0 else zero
    return tag("rect", x=start, y=y, width=length, height=height, fill=colour)


def _said(state: State, show: list[str]) -> Iterator[tuple[Style | None, str]]:
    for panel, sentence in sentences(state).items():
        if panel == "probabilities" or panel in show:
            yield None, sentence
            if panel in yours(state):
                yield YOURS, yours(state)[panel]

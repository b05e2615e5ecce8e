"""Draw a matrix of numbers as SVG text, in the colours of the browser's heat map (``matrix.js``)."""

import math
from collections.abc import Collection, Sequence

from backprop_course.numbers import show as number
from backprop_course.svg import tag, text

CELL = (58.0, 26.0)
LABEL = 64.0  # room for the labels of the rows
SMALL = 8  # columns up to which numbers are written


def heat_map(
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    at: tuple[float, float] = (0.0, 0.0),
    *,
    largest: float | None = None,
    wide: bool | None = None,
    marked: Collection[tuple[int, int]] = (),
) -> tuple[str, float, float]:
    """Draw a matrix: numbers above 0 in the colour of gradients, below 0 in that of values; give its size.

    Parameters
    ----------
    values : sequence of rows
        None, and what is not finite, gives an empty cell.
    rows, columns : sequence of str
        Labels along both sides.
    title : str
        Stands above.
    at : (float, float)
        Corner at the top left, in pixels.
    largest : float, optional
        Size of a number that gets the deepest colour. Default: the largest of `values`.
    wide : bool, optional
        Whether cells are small, without numbers and labels. Default: with more than 8 columns.
    marked : collection of (row, column)
        Cells that get a frame.
    """
    wide = len(columns) > SMALL if wide is None else wide
    width, height = (14.0, 14.0) if wide else CELL
    finite = [abs(v) for row in values for v in row if v is not None and math.isfinite(v)]
    largest = largest or max(finite, default=0.0) or 1.0
    parts = [text(title, 0, 14, fill="ink")]
    if not wide:
        parts += [
            text(name, LABEL + (j + 0.5) * width, 34, text_anchor="middle", fill="muted", font_size=12)
            for j, name in enumerate(columns)
        ]
    for i, row in enumerate(values):
        top = 40 + i * height
        if not wide:
            parts.append(
                text(rows[i], LABEL - 6, top + height / 2 + 4, text_anchor="end", fill="muted", font_size=12)
            )
        for j, value in enumerate(row):
            parts.append(_cell(value, largest, (LABEL + j * width, top), (width, height), wide))
    parts += [_frame(LABEL + j * width, 40 + i * height, width, height) for i, j in marked]
    body = tag("g", "".join(parts), transform=f"translate({at[0]:g} {at[1]:g})")
    return body, LABEL + len(columns) * width, 40 + len(values) * height


def _frame(x: float, y: float, width: float, height: float) -> str:
    size = {"x": x + 1.5, "y": y + 1.5, "width": width - 3, "height": height - 3}
    return tag("rect", "", **size, fill="none", stroke="wrong", stroke_width=3)


def _cell(
    value: float | None, largest: float, at: tuple[float, float], size: tuple[float, float], wide: bool
) -> str:
    shown = value is not None and math.isfinite(value)
    depth = 0.5 * abs(value) / largest if shown and value is not None else 0.0
    colour = "gradient" if (value or 0) > 0 else "value"
    box = tag(
        "rect",
        x=at[0],
        y=at[1],
        width=size[0],
        height=size[1],
        fill=colour,
        fill_opacity=depth,
        stroke="rule",
    )
    if wide:
        return box
    words = number(round(value, 3)) if shown and value is not None else "·"
    return box + text(
        words, at[0] + size[0] / 2, at[1] + size[1] / 2 + 4, text_anchor="middle", font_size=12, fill="ink"
    )

"""Draw small charts and legends: for the static figures that stand in for a widget."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from backprop_course.numbers import show as number
from backprop_course.svg import document, tag, text, written

Style = dict[str, Any]

LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 28  # room for the labels of the axes
ROW = 22  # height of a line of the legend
LETTERS = 72  # of 8 pixels each, in a line of the legend


@dataclass(frozen=True)
class Chart:
    """A rectangle of width by height pixels that shows a range of x and of y, `written` at its axes."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: int = 640
    height: int = 340
    written: Callable[[float], str] = number

    def px(self, x: float) -> float:
        """Pixel column of `x` inside the frame."""
        return (x - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - LEFT - RIGHT)

    def py(self, y: float) -> float:
        """Pixel row of `y` inside the frame."""
        return (self.y[1] - y) / (self.y[1] - self.y[0]) * (self.height - TOP - BOTTOM)

    def path(self, x: Iterable[float], y: Iterable[float], **style: Any) -> str:
        """Join the points (x, y) by straight lines."""
        points = " ".join(f"{written(self.px(a))},{written(self.py(b))}" for a, b in zip(x, y, strict=True))
        return tag("polyline", **({"points": points, "fill": "none"} | style))

    def line(
        self, at: tuple[float, float], slope: float, between: tuple[float, float] | None = None, **style: Any
    ) -> str:
        """Draw the line of `slope` through the point `at`, across the frame or `between` two x."""
        ends = between or self.x
        return self.path(ends, [at[1] + slope * (x - at[0]) for x in ends], **style)

    def frame(self, *content: str) -> str:
        """Put `content` into the frame, cut off at its rim, with numbers along both axes."""
        box: Style = {
            "x": LEFT,
            "y": TOP,
            "width": self.width - LEFT - RIGHT,
            "height": self.height - TOP - BOTTOM,
        }
        columns = [
            text(self.written(x), LEFT + self.px(x), self.height - 10, text_anchor="middle")
            for x in ticks(*self.x)
        ]
        rows = [
            text(self.written(y), LEFT - 6, TOP + self.py(y) + 4, text_anchor="end") for y in ticks(*self.y)
        ]
        labels = tag("g", "".join(columns + rows), fill="muted", font_size=12)
        inside = tag("svg", "".join(content), **box, overflow="hidden")
        return inside + tag("rect", **box, fill="none", stroke="muted") + labels


def legend(rows: Iterable[tuple[Style | None, str]], top: float) -> tuple[str, float]:
    """Write sentences below a picture, each after a stroke of its style, if it has one.

    They start at `top` and are broken into lines; returns them and where they end.
    """
    lines: list[tuple[Style | None, str]] = []
    for style, words in rows:
        first, *rest = wrap(words, LETTERS) or [""]
        lines += [(style, first), *((None, line) for line in rest)]
    written = "".join(_legend_line(top + ROW * i + 8, *line) for i, line in enumerate(lines))
    return tag("g", written, fill="ink"), top + ROW * len(lines) + 8


def _legend_line(y: float, style: Style | None, words: str) -> str:
    stroke = "" if style is None else tag("path", d=f"M12 {written(y)}h40", fill="none", **style)
    return stroke + text(words, 62, y + 5)


def notice(words: str) -> str:
    """Make a document of words alone, in place of a picture that cannot be drawn."""
    lines = wrap(words, 76)
    rows = [text(line, 16, 30 + 22 * i, fill="ink") for i, line in enumerate(lines)]
    return document(words, 640, 24 + 22 * len(lines), *rows)


def ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Choose about `count` round numbers between `low` and `high`."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough * (1 - 1e-9))
    return [
        round(k * step, 12) for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]

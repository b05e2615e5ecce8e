"""How a widget looks: in the palette's colours, readable in both themes, all of it on the page at 200 %."""

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FloatRect, Locator

from backprop_course.widgets import COLOURS, DARK_COLOURS
from tests.browser.real_lab import Lab

IN_BOTH_THEMES = pytest.mark.parametrize(("theme", "colours"), [("Dark", DARK_COLOURS), ("Light", COLOURS)])
CONTRAST = 600  # of 765, between the sums of red, green and blue of text and of what it stands on


def style(part: Locator, name: str) -> str:
    """Give the computed value of a property of CSS, of the first part."""
    return str(part.first.evaluate("(e, name) => getComputedStyle(e)[name]", name))


def rgb(colour: str) -> str:
    """Write a colour as browsers do."""
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


def expect_readable(widget: Locator, *, dark: bool) -> None:
    """Ink stands out from paper, and the paper is the dark one in a dark theme."""
    ink, paper = (_lightness(style(widget, name)) for name in ("color", "backgroundColor"))
    assert (paper < ink) == dark
    assert abs(ink - paper) > CONTRAST


def _lightness(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


@contextmanager
def zoomed(lab: Lab, *, height: bool = True) -> Iterator[None]:
    """Show the page at 200 %: half as many of CSS's pixels to a side, or to the width alone."""
    size = lab.page.viewport_size
    lab.page.set_viewport_size(
        {"width": size["width"] // 2, "height": size["height"] // 2 if height else size["height"]}
    )
    lab.page.wait_for_timeout(300)  # milliseconds, for the widgets to take their new size
    yield
    lab.page.set_viewport_size(size)


def boxes(widget: Locator, parts: str) -> list[FloatRect]:
    """Where the parts of a widget that have a size are on the page."""
    found = [part.bounding_box() for part in widget.locator(parts).all()]
    return [box for box in found if box and box["width"] > 1]


def expect_uncut(widget: Locator, parts: str) -> None:
    """Nothing sticks out of the widget to the left or right."""
    (outer,), inner = boxes(widget, "xpath=."), boxes(widget, parts)
    right = outer["x"] + outer["width"]
    assert inner
    assert all(outer["x"] <= box["x"] and box["x"] + box["width"] <= right + 0.5 for box in inner)


def expect_no_overlap(placed: Iterable[FloatRect], by: float = 0) -> None:
    """No two boxes share more than `by` pixels in both directions."""
    pairs = [pair for pair in itertools.combinations(placed, 2) if _overlap(*pair, by)]
    assert not pairs


def _overlap(one: FloatRect, other: FloatRect, by: float) -> bool:
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > by and down > by

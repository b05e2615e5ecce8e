"""Figures of matplotlib in the colours of the reader's theme, with an alt text that is read out."""

import io
from typing import TYPE_CHECKING, NamedTuple

from backprop_course.palette import COLOURS, DARK_COLOURS
from backprop_course.svg import image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _RULE = "#000000", "#b0b0b0"  # matplotlib's own: text, axes; the grid
# An image has no page around it: it takes the light or dark colours of the place where it stands.
_THEME = "<style>svg { color-scheme: light dark; color: light-dark(#212121, #e4e4e4); }"


def show(alt: str) -> None:
    """Show the current figure and close it.

    Parameters
    ----------
    alt : str
        What there is to see, in a sentence or two, for readers who hear the page.

    Raises
    ------
    ValueError
        When there is no figure, or no words.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not plt.get_fignums():
        raise ValueError("there is no figure to show: draw one first, with plt.subplots()")
    if not alt.strip():
        raise ValueError("expected an alt text, a sentence on what there is to see; got none")
    figure = plt.gcf()
    display(_Picture(_page(figure, alt), alt))
    plt.close(figure)


class _Picture(NamedTuple):
    page: str
    alt: str

    def _repr_html_(self) -> str:
        return self.page

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def _page(figure: "Figure", alt: str) -> str:
    """Write the figure as an image: untrusted pages drop SVG elements, and leave the words in them behind."""
    return image(_themed(_svg(figure)), alt)


def _svg(figure: "Figure") -> str:
    """Draw the figure as an SVG element: text as text, the same bytes for the same figure."""
    import matplotlib as mpl

    nothing_about_the_run = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "backprop_course"}):
        file = io.BytesIO()
        figure.savefig(file, format="svg", transparent=True, metadata=nothing_about_the_run)
    svg = file.getvalue().decode()
    return svg[svg.index("<svg") :].replace("<svg ", '<svg fill="currentColor" ', 1)


def _themed(svg: str) -> str:
    """Let the palette's colours, text and axes follow the theme; other colours stay as they are."""
    for role, light in COLOURS.items():
        svg = svg.replace(light.lower(), f"light-dark({light}, {DARK_COLOURS[role]})")
    svg = svg.replace('<style type="text/css">', _THEME, 1)
    return svg.replace(_INK, "currentColor").replace(_RULE, "light-dark(#b0b0b0, #6a6a6a)")

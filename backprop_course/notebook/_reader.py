"""A page to show: a trained network in one HTML file, which reads the digits that its visitors draw."""

import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_DATA = '{"weights": []}'  # what `reader.html` holds where the network belongs
_THEME = """<style>
.backprop-reader { width: 100%; max-width: 46rem; height: 29rem; border: 0; }
.backprop-reader + p { display: none; }
.backprop-reader { color-scheme: light dark; }
body[data-jp-theme-light="true"] .backprop-reader { color-scheme: light; }
body[data-jp-theme-light="false"] .backprop-reader { color-scheme: dark; }
</style>"""  # the page asks for its frame's scheme. Where frame and style are taken away, _STILL is left
_ABOUT = "a page on which you draw a digit and the network reads it."
_STILL = "This page stands still. Run its cell, in Jupyter, to draw a digit that the network reads."
Layers = tuple[Sequence[npt.ArrayLike], Sequence[npt.ArrayLike]]
_DIGITS = 4  # after the point: far below what moves an answer


class ReaderPage:
    """A page that reads digits; a notebook shows it in a frame."""

    def __init__(self, page: str, path: Path | None) -> None:
        self.page, self.path = page, path

    def _repr_html_(self) -> str:
        frame = f'<iframe class="backprop-reader" sandbox="allow-scripts" title="{_ABOUT}"'
        page = f'{frame} srcdoc="{html.escape(self.page)}"></iframe>'
        bring_back = (files("backprop_course.widgets") / "bring_back.js").read_text(encoding="utf-8")
        run = f"{bring_back.replace('export ', '')}bringBack(document.currentScript.previousElementSibling);"
        return f"{_THEME}<div>{page}<p>{_STILL}</p></div><script>{{{run}}}</script>"

    def __repr__(self) -> str:
        return f"{self.path or 'In this notebook'}: {_ABOUT}"


def reader_page(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike],
    *,
    title: str = "A network that reads digits",
    by: str = "",
    about: str = "",
    accuracy: float | Mapping[int, float] | None = None,
    examples: npt.ArrayLike = (),
    meant: Sequence[int] = (),
    training: Mapping[int, Layers] | None = None,
    path: str | Path | None = "my-network.html",
) -> ReaderPage:
    """Write a page on which visitors draw a digit, and a network reads it: one file, no Python, no internet.

    The drawing is prepared as the images of the data set were (E. Alpaydin and C. Kaynak, *Optical
    Recognition of Handwritten Digits*, 1998): scaled to 32 × 32, and its ink counted in blocks of 4 × 4.

    Parameters
    ----------
    weights, biases : sequence of array_like
        Of a ReLU network with 64 inputs and ten logits, as `load_digits` gives images, shapes (D, M), (M,).
    title, by : str
        Headline of the page, and who trained the network.
    about : str, optional
        What the line below the headline says. Default: that it was trained with gradients written by hand.
    accuracy : float or mapping of int to float, optional
        Share of unseen images that it reads, from 0 to 1; with `training`, of each network, by its epochs.
    examples : array_like, shape (n, 64), optional
        Images that a visitor may choose in place of drawing.
    meant : sequence of int, optional
        The digit that each example was meant to be, written beside it.
    training : mapping of int to (weights, biases), optional
        The network as it was after fewer epochs, 0 for its random start, and as it is: a slider of the page
        goes through them.
    path : str, Path or None
        The file; one that is there is replaced. None writes none: the page is for the notebook alone.

    Returns
    -------
    ReaderPage
        Shown in a frame by a notebook.

    Raises
    ------
    ValueError
        If the layers do not follow on from 64 pixels to ten logits, a number is not finite, or `meant` has
        not one digit for each example.
    """
    images = np.reshape(examples, (-1, 64))
    if len(meant) not in (0, len(images)):
        raise ValueError(f"got {len(meant)} digits in meant, expected {len(images)}: one for each example")
    training = training or {}
    last = max(training, default=0)
    shares = accuracy if isinstance(accuracy, Mapping) else {last: accuracy}
    network = {
        **_layers(weights, biases),
        "training": [
            {"epochs": epochs, "accuracy": shares.get(epochs), **_layers(*training[epochs])}
            for epochs in sorted(training)
        ],
        "examples": images.round(_DIGITS).tolist(),
        "meant": [int(digit) for digit in meant],
        "title": title,
        "about": about or f"Trained{f' by {by}' if by else ''} with gradients written by hand.",
        "accuracy": None if training else shares.get(last),
    }
    template = (files(__package__) / "reader.html").read_text(encoding="utf-8")
    data = json.dumps(network).replace("<", "\\u003c")  # so that no tag in a title ends the script
    page = template.replace(_DATA, data, 1)
    if path is not None:
        Path(path).write_text(page, encoding="utf-8")
    return ReaderPage(page, None if path is None else Path(path))


def _layers(weights: Sequence[npt.ArrayLike], biases: Sequence[npt.ArrayLike]) -> dict[str, Any]:
    """Write a network as the page reads it, or refuse what the page could not compute."""
    weights, biases = ([np.asarray(array, dtype=float) for array in arrays] for arrays in (weights, biases))
    got = [W.shape for W in weights], [b.shape for b in biases]
    sizes = [64, *(W.shape[-1] for W in weights if W.ndim)]
    expected = list(pairwise(sizes)), [(size,) for size in sizes[1:]]
    if got != expected or sizes[-1] != 10:
        raise ValueError(
            f"weights have the shapes {got[0]} and biases {got[1]}; "
            "expected (64, M), …, (D, 10), each with as many rows as the layer before has biases"
        )
    if not all(np.isfinite(array).all() for array in (*weights, *biases)):
        raise ValueError("a weight or bias is not finite; train with a smaller learning rate")
    return {
        "weights": [W.round(_DIGITS).tolist() for W in weights],
        "biases": [b.round(_DIGITS).tolist() for b in biases],
    }

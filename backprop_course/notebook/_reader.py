"""A page to show: a trained network in one HTML file, which reads the digits that its visitors draw."""

import html
import json
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

_DATA = '{"weights": []}'  # what `reader.html` holds where the network belongs
_THEME = """<style>
.backprop-reader { color-scheme: light dark; }
body[data-jp-theme-light="true"] .backprop-reader { color-scheme: light; }
body[data-jp-theme-light="false"] .backprop-reader { color-scheme: dark; }
</style>"""  # the page asks for its frame's scheme
_DIGITS = 4  # after the point: far below what moves an answer


class ReaderPage:
    """A page that was written; a notebook shows it in a frame."""

    def __init__(self, page: str, path: Path, about: str) -> None:
        self.page, self.path, self._about = page, path, about

    def _repr_html_(self) -> str:
        words = html.escape(self._about)
        frame = (
            'class="backprop-reader" sandbox="allow-scripts" style="width: 100%; height: 31rem; border: 0"'
        )
        return f'{_THEME}<iframe title="{words}" srcdoc="{html.escape(self.page)}" {frame}></iframe>'

    def __repr__(self) -> str:
        return f"{self.path}: {self._about}"


def reader_page(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike],
    *,
    title: str = "A network that reads digits",
    by: str = "",
    accuracy: float | None = None,
    examples: npt.ArrayLike = (),
    path: str | Path = "my-network.html",
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
    accuracy : float, optional
        Share of unseen images that it reads, from 0 to 1.
    examples : array_like, shape (n, 64), optional
        Images that a visitor may choose in place of drawing.
    path : str or Path
        The file; one that is there is replaced.

    Returns
    -------
    ReaderPage
        Shown in a frame by a notebook.

    Raises
    ------
    ValueError
        If the layers do not follow on from 64 pixels to ten logits, or a number is not finite.
    """
    layers = [np.asarray(W, dtype=float) for W in weights], [np.asarray(b, dtype=float) for b in biases]
    _check(*layers)
    network = {
        "weights": [W.round(_DIGITS).tolist() for W in layers[0]],
        "biases": [b.round(_DIGITS).tolist() for b in layers[1]],
        "examples": np.reshape(examples, (-1, 64)).round(_DIGITS).tolist(),
        "title": title,
        "by": by,
        "accuracy": accuracy,
    }
    template = (files(__package__) / "reader.html").read_text(encoding="utf-8")
    data = json.dumps(network).replace("<", "\\u003c")  # so that no tag in a title ends the script
    page = template.replace(_DATA, data, 1)
    path = Path(path)
    path.write_text(page, encoding="utf-8")
    return ReaderPage(page, path, "a page on which you draw a digit and the network reads it.")


def _check(weights: list[npt.NDArray[np.float64]], biases: list[npt.NDArray[np.float64]]) -> None:
    """Refuse what the page could not compute."""
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

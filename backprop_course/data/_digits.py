"""Load the handwritten digits and split them into a part to learn from and a part to test on."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST_PIXEL = 16  # the file counts ink in 4 x 4 blocks


class Split(NamedTuple):
    """The digits in two parts without a common picture, in the order in which code unpacks them."""

    images: NDArray[np.float64]
    labels: NDArray[np.int64]
    held_out_images: NDArray[np.float64]
    held_out_labels: NDArray[np.int64]


def load_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return all 1,797 handwritten digits, one picture a row.

    Returns
    -------
    images : ndarray of float64, shape (1797, 64)
        Pixels from 0 (paper) to 1 (ink), in steps of 1/16, row by row from the top left.
        ``images @ W`` works as it is; ``images[n].reshape(8, 8)`` is a picture to look at.
    labels : ndarray of int64, shape (1797,)
        The digit that was meant, 0 to 9. Each digit occurs 174 to 183 times.

    Notes
    -----
    Every call returns new arrays, so changing them changes nothing for anyone else.
    The pictures are the test part of a larger set; 13 people wrote them.

    References
    ----------
    E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
    Repository, 1998, doi 10.24432/C50P49. Licence: Creative Commons Attribution 4.0 (CC BY 4.0).
    ``digits-source.txt``, beside the data, tells how the file was made.

    Examples
    --------
    >>> images, labels = load_digits()
    >>> images.shape, labels[:3].tolist()
    ((1797, 64), [0, 1, 2])
    """
    with files(__package__).joinpath("digits.npz").open("rb") as file, np.load(file) as arrays:
        return arrays["pixels"] / LARGEST_PIXEL, arrays["labels"].astype(np.int64)


def split_digits(held_out: int = 360, seed: int = 0) -> Split:
    """Shuffle the digits and hold some of them out, to test on pictures a network has never seen.

    Parameters
    ----------
    held_out : int
        How many pictures to hold out, 1 to 1,796; by default about a fifth.
    seed : int
        The same seed gives the same split, on every machine.

    Returns
    -------
    Split
        Unpacks to ``images, labels, held_out_images, held_out_labels``.

    Raises
    ------
    ValueError
        If one of the two parts would be empty.

    Examples
    --------
    >>> x, labels, x_held_out, labels_held_out = split_digits()
    >>> len(x), len(x_held_out)
    (1437, 360)
    """
    images, labels = load_digits()
    if not 0 < held_out < len(labels):
        raise ValueError(f"held_out must be 1 to {len(labels) - 1}, got {held_out}: both parts need pictures")
    order = np.random.default_rng(seed).permutation(len(labels))
    test, train = order[:held_out], order[held_out:]
    return Split(images[train], labels[train], images[test], labels[test])

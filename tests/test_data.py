import hashlib
import math
from importlib.resources import files

import numpy as np
import pytest

from backprop_course.data import load_digits, split_digits
from backprop_course.network import accuracy, train
from backprop_course.ops import softmax_cross_entropy_backward


def test_shapes_types_and_range() -> None:
    images, labels = load_digits()
    assert images.shape == (1797, 64)
    assert images.dtype == np.float64
    assert labels.shape == (1797,)
    assert labels.dtype == np.int64
    assert images.min() == 0.0
    assert images.max() == 1.0


def test_every_digit_occurs_as_often_as_its_source_says() -> None:
    _, labels = load_digits()
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_pixels_and_labels_are_the_sources() -> None:
    # The digest was taken from scikit-learn's digits.csv.gz, not from our file.
    images, labels = load_digits()
    pixels = (images * 16).astype(np.uint8)
    assert np.array_equal(pixels / 16, images)
    digest = hashlib.sha256(pixels.tobytes() + labels.astype(np.uint8).tobytes()).hexdigest()
    assert digest == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    assert digest in files("backprop_course.data").joinpath("digits-source.txt").read_text()


def test_a_row_is_a_picture_from_the_top_left() -> None:
    images, labels = load_digits()
    zero = images[labels == 0].mean(axis=0).reshape(8, 8)
    one = images[labels == 1].mean(axis=0).reshape(8, 8)
    assert zero[3:5, 3:5].mean() < 0.2 < 0.5 < one[3:5, 3:5].mean()  # a hole in the middle, a stroke
    seven = images[labels == 7].mean(axis=0).reshape(8, 8)
    assert seven[0].sum() > seven[7].sum()  # the bar is at the top


def test_arrays_are_the_callers_own() -> None:
    images, labels = load_digits()
    images[:] = 7.0
    labels[:] = 7
    again, labels_again = load_digits()
    assert again.max() == 1.0
    assert len(np.unique(labels_again)) == 10


def test_the_file_is_small() -> None:
    assert len(files("backprop_course.data").joinpath("digits.npz").read_bytes()) < 50_000


@pytest.mark.parametrize("held_out", [1, 360, 1796])
def test_split_shares_out_every_picture_once(held_out: int) -> None:
    images, labels = load_digits()
    split = split_digits(held_out=held_out)
    assert len(split.held_out_images) == len(split.held_out_labels) == held_out
    together = [*zip(split.images.tolist(), split.labels, strict=True)]
    together += zip(split.held_out_images.tolist(), split.held_out_labels, strict=True)
    assert sorted(together) == sorted(zip(images.tolist(), labels, strict=True))


def test_split_depends_on_the_seed_alone() -> None:
    first, second, other = split_digits(seed=3), split_digits(seed=3), split_digits(seed=4)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first.held_out_labels, other.held_out_labels)


def test_held_out_part_has_every_digit_in_a_fair_share() -> None:
    _, counts = np.unique(split_digits().held_out_labels, return_counts=True)
    assert len(counts) == 10
    assert counts.min() > 36 - 3 * math.sqrt(36)


@pytest.mark.parametrize("held_out", [0, -1, 1797])
def test_an_empty_part_is_refused(held_out: int) -> None:
    with pytest.raises(ValueError, match=rf"1 to 1796, got {held_out}"):
        split_digits(held_out=held_out)


def test_steps_from_the_ten_means_read_more_than_they_and_hidden_units_more_than_steps() -> None:
    # What the start page says of other divisions into 1,437 old and 360 new pictures.
    gains, hidden = [], []
    for seed in range(60):
        old, labels, new, new_labels = split_digits(seed=seed)
        means = np.array([old[labels == digit].mean(axis=0) for digit in range(10)])
        W, b = 2 * means.T, -(means**2).sum(axis=1)
        before = np.sum((new @ W + b).argmax(axis=1) == new_labels)
        for _ in range(200):
            dz = softmax_cross_entropy_backward(old @ W + b, labels)
            W, b = W - 0.5 * old.T @ dz, b - 0.5 * dz.sum(axis=0)
        after = np.sum((new @ W + b).argmax(axis=1) == new_labels)
        gains.append(after - before)
        network = train(old, labels, [64, 16, 10], 20, 0.2, 32, seed=0)
        hidden.append(360 * accuracy(*network, new, new_labels) - after)
    assert round(np.mean(gains)) == 16
    assert min(gains) >= 9
    assert round(np.mean(hidden)) == 5
    assert -4 < min(hidden) < 0
    assert 13 < max(hidden) < 17

"""The page to show: what it holds, what it refuses, and that it reads in a browser as Python does."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from backprop_course.data import load_digits
from backprop_course.network import initial_parameters, mlp_forward
from backprop_course.notebook import reader_page
from backprop_course.ops import softmax


def test_a_title_cannot_end_the_script(tmp_path: Path):
    made = reader_page(*initial_parameters([64, 10], 0), title="</script><b>", path=tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    held = re.search(r'<script type="application/json" id="network">(.*?)</script>', page)
    assert held
    assert json.loads(held[1])["title"] == "</script><b>"
    assert "<iframe" in made._repr_html_()
    assert "sandbox" in made._repr_html_()


@pytest.mark.parametrize("widths", [[63, 10], [64, 9]])
def test_a_network_that_reads_no_digits_is_refused(widths: list[int], tmp_path: Path):
    with pytest.raises(ValueError, match="expected \\(64, M\\)"):
        reader_page(*initial_parameters(widths, 0), path=tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_weight_that_is_not_finite_is_refused(tmp_path: Path):
    weights, biases = initial_parameters([64, 10], 0)
    with pytest.raises(ValueError, match="not finite"):
        reader_page([weights[0] * np.nan], biases, path=tmp_path / "page.html")


@pytest.mark.browser
def test_a_drawing_has_as_much_ink_as_the_images_whatever_its_size(browser: Browser, tmp_path: Path):
    images, labels = load_digits()
    reader_page(*initial_parameters([64, 10], 3), path=tmp_path / "page.html")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    for size in (20, 110):
        turns = [2 * np.pi * k / 32 for k in range(33)]
        ring = [[128 + 0.7 * size * np.cos(turn), 128 + size * np.sin(turn)] for turn in turns]
        ink = page.evaluate("(ring) => prepared([ring]).reduce((a, b) => a + b)", ring)
        assert ink == pytest.approx(images[labels == 0].sum(axis=1).mean(), rel=0.15)
    page.close()


@pytest.mark.browser
def test_the_page_reads_an_image_as_python_does_and_a_drawing_at_all(browser: Browser, tmp_path: Path):
    images, _ = load_digits()
    weights, biases = initial_parameters([64, 32, 10], 3)
    reader_page(weights, biases, examples=images[:2], path=tmp_path / "page.html")
    page = browser.new_page(
        viewport={"width": 589, "height": 496}
    )  # its frame in a notebook on a small screen
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    page.get_by_role("button", name="Example 2").press("Enter")
    p = softmax(mlp_forward(images[1], weights, biases)[-1])
    assert page.locator("li.best").inner_text().split()[0] == str(p.argmax())
    shown = [float(row.split()[-2]) for row in page.locator("li").all_inner_texts()]
    np.testing.assert_allclose(shown, 100 * p, atol=0.1)
    page.get_by_role("button", name="Clear").click()
    pad = page.locator("#pad").bounding_box()
    assert pad
    page.mouse.move(pad["x"] + 130, pad["y"] + 20)
    page.mouse.down()
    page.mouse.move(pad["x"] + 130, pad["y"] + 230, steps=5)
    page.mouse.up()
    assert page.evaluate("document.documentElement.scrollHeight") == 496  # nothing to scroll to
    assert "I read a" in page.locator("#answer").inner_text()
    page.close()
    assert errors == []

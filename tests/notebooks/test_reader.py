"""The page to show: what it holds, what it refuses, and that it reads in a browser as Python does."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator

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


def test_for_the_notebook_alone_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    made = reader_page(*initial_parameters([64, 10], 0), path=None)
    assert list(tmp_path.iterdir()) == []
    assert repr(made) == "In this notebook: a page on which you draw a digit and the network reads it."
    assert "Run its cell" in made._repr_html_().partition("</iframe>")[2]  # for where the frame is taken away


def test_a_network_of_an_earlier_stage_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="expected \\(64, M\\)"):
        reader_page(
            *initial_parameters([64, 10], 0), training={0: initial_parameters([63, 10], 0)}, path=None
        )


def test_one_digit_is_meant_by_each_example():
    images, _ = load_digits()
    with pytest.raises(ValueError, match="got 1 digits in meant, expected 2"):
        reader_page(*initial_parameters([64, 10], 0), examples=images[:2], meant=[0], path=None)


@pytest.mark.browser
def test_each_stage_of_training_reads_with_its_own_weights_and_says_what_it_reads(
    browser: Browser, tmp_path: Path
):
    images, _ = load_digits()
    stages = {20: initial_parameters([64, 16, 10], 3), 0: initial_parameters([64, 16, 10], 4)}
    shares = {0: 0.1, 20: 0.975}
    path = tmp_path / "page.html"
    reader_page(*stages[20], training=stages, accuracy=shares, examples=images[:1], path=path)
    page = browser.new_page()
    page.goto(path.as_uri())
    slider, inside = page.get_by_role("slider", name="Training"), page.locator("#inside")
    assert dots(inside, "blue") == dots(inside, "orange") == 0
    page.get_by_role("button", name="Example 1").click()
    for epochs, key, said in (
        (20, "End", "20 epochs: 97.5 % of new images"),
        (0, "Home", "0 epochs: 10.0 % of new images"),
    ):
        slider.press(key)
        assert page.locator("#trained").inner_text() == slider.get_attribute("aria-valuetext") == said
        activations = mlp_forward(images[0], *stages[epochs])
        shown = [float(row.split()[-2]) for row in page.locator("li").all_inner_texts()]
        np.testing.assert_allclose(shown, 100 * softmax(activations[-1]), atol=0.1)
        on = np.count_nonzero(activations[1])
        assert f"on: {on} of 16" in (inside.get_attribute("aria-label") or "")
        assert dots(inside, "blue") > 100 < dots(inside, "orange")
    page.close()


@pytest.mark.browser
def test_a_speck_is_no_digit_yet_and_leaves_the_network_at_rest(browser: Browser, tmp_path: Path):
    reader_page(
        *initial_parameters([64, 16, 10], 3), about="Not ours.", accuracy=0.5, path=tmp_path / "p.html"
    )
    page = browser.new_page()
    page.goto((tmp_path / "p.html").as_uri())
    assert page.locator("#about").inner_text() == "Not ours. It reads 50.0 % of images it had never seen."
    assert not page.locator("#training").is_visible()
    page.locator("#pad").click()
    assert page.locator("#answer").inner_text() == "Draw a digit in the frame."
    drawn = page.evaluate("pen.getImageData(0, 0, 256, 256).data.filter((_, k) => k % 4 === 3 && _).length")
    assert drawn > 200  # a round spot, as wide as the pen
    assert dots(page.locator("#inside"), "orange") == 0
    page.close()


def dots(canvas: Locator, colour: str) -> int:
    """Count the dots of a drawing that are more blue than red, or more red than blue."""
    more, less = (2, 0) if colour == "blue" else (0, 2)
    return int(
        canvas.evaluate(
            """(e, [more, less]) => {
                const { data } = e.getContext("2d").getImageData(0, 0, e.width, e.height);
                let found = 0;
                for (let k = 0; k < data.length; k += 4)
                    found += data[k + 3] > 40 && data[k + more] > data[k + less] + 60;
                return found;
            }""",
            [more, less],
        )
    )


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


@pytest.mark.browser
@pytest.mark.parametrize(("light", "paper"), [("true", "rgb(255, 255, 255)"), ("false", "rgb(26, 26, 26)")])
def test_in_a_narrow_notebook_its_frame_is_seen_whole_reads_and_follows_the_theme(
    browser: Browser, light: str, paper: str
):
    made = reader_page(*initial_parameters([64, 16, 10], 3), path=None)
    page = browser.new_page(viewport={"width": 394, "height": 560}, color_scheme="null")
    page.set_content(f'<body data-jp-theme-light="{light}">{made._repr_html_()}')
    frame = page.frames[1]
    frame.wait_for_function("document.body.style.zoom < 1")
    assert frame.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    root = "document.documentElement"
    assert frame.evaluate(f"{root}.scrollHeight <= innerHeight && {root}.scrollWidth <= innerWidth")
    pad, bars = (frame.locator(name).bounding_box() for name in ("#pad", "#bars"))
    assert pad
    assert bars
    assert bars["y"] < pad["y"] + pad["height"]  # beside it, not below
    page.mouse.move(pad["x"] + 60, pad["y"] + 10)
    page.mouse.down()
    page.mouse.move(pad["x"] + 60, pad["y"] + 100, steps=5)
    page.mouse.up()
    assert "I read a" in frame.locator("#answer").inner_text()
    drawn = frame.evaluate(
        """() => {
            const { data } = pen.getImageData(0, 0, 256, 256), rows = [];
            for (let k = 3; k < data.length; k += 4) if (data[k]) rows.push((k >> 2) >> 8);
            return [Math.min(...rows), Math.max(...rows)];
        }"""
    )
    assert drawn == pytest.approx([256 * 10 / pad["height"] - 11, 256 * 100 / pad["height"] + 11], abs=4)
    page.close()

"""The pictures that the notebooks carry, for a page where nothing runs: each word whole, large enough."""

import base64
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

FILES = sorted((Path(__file__).resolve().parents[2] / "solutions").rglob("*.ipynb"))
IMAGE = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)">')
STANDS_FOR_A_WIDGET = "This picture stands still."
PAGE = 848  # pixels that JupyterLab leaves for an output in a window of 1280
SMALLEST = 10.5  # pixels
TEXTS = """() => [...document.querySelectorAll("svg text:not(:has(tspan))")].map((text) => {
  const [inner, outer] = [text, text.ownerSVGElement].map((part) => part.getBoundingClientRect());
  const { a, b } = text.getScreenCTM();
  const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  const over = Math.max(inner.right - outer.right, outer.left - inner.left);
  return { words: text.textContent, size, over };
})"""


def pictures(file: Path) -> list[str]:
    """Give the outputs that hold a picture, with each image as the element that it shows."""
    cells = nbformat.read(file, as_version=4).cells
    pages = [o.get("data", {}).get("text/html", "") for cell in cells for o in cell.get("outputs", ())]
    drawn = [IMAGE.sub(lambda found: base64.b64decode(found[1]).decode(), page) for page in pages]
    return [page for page in drawn if "<svg" in page]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_word_of_a_picture_is_cut_off_or_too_small(browser: Browser, file: Path):
    shown = browser.new_page(viewport={"width": PAGE, "height": 900})
    cut, small = [], []
    for page in pictures(file):
        shown.set_content(f"<body style='margin: 0'>{page}")
        texts = shown.evaluate(TEXTS)
        cut += [text for text in texts if text["over"] > 1]
        # a widget's own picture has fewer numbers on it, or scrolls
        small += [text for text in texts if text["size"] < SMALLEST and STANDS_FOR_A_WIDGET not in page]
    shown.close()
    assert (cut, small) == ([], [])

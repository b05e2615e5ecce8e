"""How long a client-side step of a widget takes, from the input event to the painted picture.

Run from the repository's root: ``python -m tests.benchmarks.widget_latency``. It starts a JupyterLab and a
headless Chromium of its own and prints one line a gesture. "Handler" is the time until the new picture is in
the page, "painted" until the browser has drawn the frame that shows it.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.browser.real_lab import Lab, launch, new_page, serve, write_notebook

CELL = """
from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer
SubgradientExplorer(ops.relu, at=0.0, backward=ops.relu_backward)
"""
STEPS = 200
LIMIT = 100  # milliseconds at the 95th percentile
MEASURE = """async ([selector, event, steps]) => {
  const node = document.querySelector(`.backprop-widget ${selector}`);
  const line = document.querySelector(".backprop-widget .line");
  node.focus();
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  }));
  const times = [];
  for (let i = 0; i < steps; i += 1) {
    await new Promise((done) => setTimeout(done, 5 + 20 * Math.random())); // at any moment between two frames
    const before = line.getAttribute("d");
    const start = performance.now();
    if (event === "input") {
      const share = (i % 40) / 40;
      node.value = Number(node.min) + share * (node.max - node.min);
      node.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      const key = i % 80 < 40 ? "ArrowUp" : "ArrowDown";
      node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }
    const handled = performance.now() - start;
    if (event === "input" && line.getAttribute("d") === before) throw new Error("the picture did not move");
    await painted();
    times.push([handled, performance.now() - start]);
  }
  return times;
}"""
GESTURES = {
    "slider: slope": (".controls input[type=range]:nth-of-type(2)", "input"),
    "slider: point": (".controls input[type=range]:nth-of-type(1)", "input"),
    "key: slope": (".turn", "keydown"),
    "key: point": (".point", "keydown"),
}


def measure(lab: Lab, root: Path) -> bool:
    """Print the latency of each gesture; whether all stay under the limit."""
    write_notebook(root / "latency.ipynb", CELL)
    lab.open("latency.ipynb")
    lab.run_all()
    lab.widget("subgradient").wait_for()
    fast = True
    print(f"{'':16}{'handler p50':>14}{'p95':>8}{'painted p50':>14}{'p95':>8}   ms, {STEPS} steps each")
    for name, (selector, event) in GESTURES.items():
        times = np.array(lab.page.evaluate(MEASURE, [selector, event, STEPS]))
        (handler, painted), (handler95, painted95) = np.percentile(times, [50, 95], axis=0)
        print(f"{name:16}{handler:14.1f}{handler95:8.1f}{painted:14.1f}{painted95:8.1f}")
        fast &= bool(painted95 < LIMIT)
    return fast


def main() -> int:
    """Measure in a JupyterLab of its own."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on PATH (Debian, Ubuntu: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        root, home = Path(folder, "notebooks"), Path(folder, "jupyter")
        root.mkdir()
        home.mkdir()
        with launch(chromium) as browser, serve(root, home) as url, new_page(browser, url) as lab:
            return 0 if measure(lab, root) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long a step of a widget takes, from the input event to the painted picture.

Run from the repository's root: ``python -m tests.benchmarks.widget_latency [class ...]``, with CSS classes of
widgets or none for all. It starts a JupyterLab and a headless Chromium of its own and prints one line a
gesture: milliseconds until the browser has drawn the frame that shows the new picture, beside their limit.
Exits with 1 if a gesture is slower than its limit at the 95th percentile.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.browser.real_lab import Lab, launch, new_page, serve, write_notebook

STEPS = 100
IN_BROWSER, ROUND_TRIP = 100, 250  # limits in milliseconds, without and with a call of Python


class Gesture(NamedTuple):
    """One way to move a widget.

    ``event`` is "input" (a slider is moved to another place), "click", "switch" (to another radio button of
    the group), or the two keys that are pressed by turns, the second one first: "ArrowUp ArrowDown".
    ``watched`` is an element that looks or reads differently after each step.
    """

    widget: str
    name: str
    selector: str
    event: str
    watched: str
    limit: int


CELLS = {
    "subgradient": """
from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer
SubgradientExplorer(ops.relu, at=0.5, backward=ops.relu_backward)
""",
    "chain": """
import numpy as np
from backprop_course import ops
from backprop_course.widgets import ChainExplorer
functions, derivatives = [np.square, np.sin, np.exp], [lambda x: 2 * x, np.cos, np.exp]
ChainExplorer(functions, derivatives, yours=ops.chain_derivative)
""",
    "softmax": """
from backprop_course import ops
from backprop_course.widgets import SoftmaxExplorer
SoftmaxExplorer((2, 1, 0, -1, -2, 1), softmax=ops.softmax, softmax_jacobian=ops.softmax_jacobian,
                softmax_cross_entropy_backward=ops.softmax_cross_entropy_backward)
""",
    "sigmoid-loss": """
from backprop_course import ops
from backprop_course.widgets import SigmoidLossExplorer
SigmoidLossExplorer(z=-8, steps=400, sigmoid_mse_backward=ops.sigmoid_mse_backward,
                    sigmoid_cross_entropy_backward=ops.sigmoid_cross_entropy_backward)
""",
    "graph-explorer": """
from backprop_course.widgets import GraphExplorer
neuron = GraphExplorer("w0 = 2; w1 = -3; w2 = -3; x0 = -1; x1 = -2; p = w0 * x0; q = w1 * x1; r = p + q; "
                       "s = r + w2; n = -s; e = exp(n); a = 1 + e; f = 1 / a")
neuron.step = neuron.last
neuron
""",
    "gradient-check": """
import numpy as np
from backprop_course.widgets import GradientCheckExplorer
def layer(x, W, b):
    return np.tanh(x @ W + b)
def layer_backward(dy, x, W, b):
    g = dy * (1 - layer(x, W, b) ** 2)
    return g @ W.T, 2 * x.T @ g, g.sum(axis=0)
GradientCheckExplorer(
    forward=layer, backward=layer_backward, inputs=[np.ones((32, 20)), np.ones((20, 30)) / 30, np.ones(30)]
)
""",
    "activation": """
from backprop_course import ops
from backprop_course.widgets import ActivationExplorer
ActivationExplorer("elu", backward=ops.elu_backward)
""",
    "network-explorer": """
from backprop_course.widgets import NetworkExplorer
NetworkExplorer([[[1, -.5, .8], [.5, 1, -1.2]], [[1.0], [-.7], [.4]]], [[0, .1, .2], [.3]], [1, 2], [1])
""",
    "jacobian": """
import numpy as np
from backprop_course import ops
from backprop_course.widgets import JacobianExplorer
JacobianExplorer(ops.softmax, np.linspace(-2, 2, 48), lambda dy, x: dy * ops.softmax(x))
""",
}
GESTURES = (
    Gesture("subgradient", "slider: slope", "input[type=range] >> nth=1", "input", ".picture", IN_BROWSER),
    Gesture("subgradient", "slider: point", "input[type=range] >> nth=0", "input", ".picture", IN_BROWSER),
    Gesture("subgradient", "key: slope", ".turn", "ArrowUp ArrowDown", ".picture", IN_BROWSER),
    Gesture("subgradient", "key: point", ".point", "ArrowUp ArrowDown", ".picture", IN_BROWSER),
    Gesture("chain", "slider: x", "input[type=range] >> nth=0", "input", ".rows", ROUND_TRIP),
    Gesture("chain", "slider: Δx", "input[type=range] >> nth=1", "input", ".rows", ROUND_TRIP),
    Gesture("chain", "key: step", ".player", "ArrowUp ArrowDown", ".rows", IN_BROWSER),
    Gesture("softmax", "slider: logit", "[type=range] >> nth=0", "input", ".probabilities", ROUND_TRIP),
    Gesture("softmax", "slider: shift", "[type=range] >> nth=6", "input", ".shifted", ROUND_TRIP),
    Gesture("softmax", "key: Jacobian", "td[role] >> nth=0", "ArrowLeft ArrowRight", ".entry", IN_BROWSER),
    Gesture("softmax", "box: shift", "[type=checkbox] >> nth=2", "click", ".part:last-of-type", IN_BROWSER),
    Gesture("sigmoid-loss", "slider: step", "[type=range] >> nth=0", "input", ".charts", IN_BROWSER),
    Gesture("sigmoid-loss", "button: step back", "button >> nth=1", "click", ".charts", IN_BROWSER),
    Gesture("sigmoid-loss", "slider: start", "[type=range] >> nth=1", "input", ".verdict-words", ROUND_TRIP),
    Gesture("sigmoid-loss", "slider: target", "[type=range] >> nth=2", "input", ".verdict-words", ROUND_TRIP),
    Gesture("graph-explorer", "slider: step", ".steps input", "input", ".picture", IN_BROWSER),
    Gesture("graph-explorer", "key: step", ".scroller >> nth=0", "Home End", ".picture", IN_BROWSER),
    Gesture("graph-explorer", "slider: input", ".inputs input >> nth=0", "input", ".picture", ROUND_TRIP),
    Gesture(
        "gradient-check",
        "key: entry",
        "td[role=gridcell] >> nth=0",
        "ArrowLeft ArrowRight",
        ".reading",
        IN_BROWSER,
    ),
    Gesture(
        "gradient-check",
        "key: its curve",
        "td[role=gridcell] >> nth=0",
        "ArrowLeft ArrowRight",
        ".curve",
        ROUND_TRIP,
    ),
    Gesture("activation", "slider: point", "[type=range] >> nth=1", "input", ".picture", IN_BROWSER),
    Gesture("activation", "key: point", ".point", "ArrowUp ArrowDown", ".picture", IN_BROWSER),
    Gesture("activation", "box: slope", "[type=checkbox] >> nth=0", "click", ".legend", IN_BROWSER),
    Gesture("activation", "slider: α", "[type=range] >> nth=0", "input", ".frame .graph", ROUND_TRIP),
    Gesture("activation", "slider: dy", "[type=range] >> nth=2", "input", "[data-row=gradient]", ROUND_TRIP),
    Gesture("network-explorer", "key: step", ".drawing", "Home End", ".said", IN_BROWSER),
    Gesture("network-explorer", "slider: Δw", ".weight input", "input", ".drawing", ROUND_TRIP),
    Gesture("jacobian", "key: entry", "td[role] >> nth=0", "ArrowUp ArrowDown", ".entry", IN_BROWSER),
    Gesture("jacobian", "radio: layout", "[type=radio] >> nth=0", "switch", "details dl", IN_BROWSER),
)
MEASURE = """async (node, [event, watched, steps]) => {
  const seen = node.closest(".backprop-widget").querySelector(watched);
  const look = () => seen.outerHTML;
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  }));
  const keys = event.split(" ");
  const act = (i) => {
    if (event === "input") {
      const share = ((7 * i) % 40) / 40;
      node.value = Number(node.min) + share * (node.max - node.min);
      node.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event === "click") node.click();
    else if (event === "switch") node.closest("fieldset").querySelector("input:not(:checked)").click();
    else {
      const key = keys[i % keys.length];
      node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }
  };
  const times = [];
  node.focus();
  for (let i = 1; i <= steps; i += 1) {
    await new Promise((done) => setTimeout(done, 5 + 20 * Math.random())); // at any moment between two frames
    const before = look();
    const start = performance.now();
    act(i);
    do {
      await frame();
      if (performance.now() - start > 5000) throw new Error(`step ${i} did not change the picture`);
    } while (look() === before);
    times.push(performance.now() - start);
  }
  return times;
}"""


def measure(lab: Lab, root: Path, widget: str) -> bool:
    """Print the latency of each gesture of a widget; whether all stay under their limits."""
    write_notebook(root / f"{widget}.ipynb", CELLS[widget])
    lab.open(f"{widget}.ipynb")
    lab.run_all()
    shown = lab.widget(widget)
    shown.wait_for()
    fast = True
    for gesture in (g for g in GESTURES if g.widget == widget):
        node = shown.locator(gesture.selector)
        times = node.evaluate(MEASURE, [gesture.event, gesture.watched, STEPS])
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{widget:16}{gesture.name:28}{p50:8.1f}{p95:8.1f}{gesture.limit:8d}")
        fast &= bool(p95 < gesture.limit)
    return fast


def main(widgets: list[str]) -> int:
    """Measure in a JupyterLab of its own."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on PATH (Debian, Ubuntu: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        root, home = Path(folder, "notebooks"), Path(folder, "jupyter")
        root.mkdir()
        home.mkdir()
        print(f"{'':16}{'':28}{'p50':>8}{'p95':>8}{'limit':>8}   ms, {STEPS} steps each")
        with launch(chromium) as browser, serve(root, home) as url, new_page(browser, url) as lab:
            fast = [measure(lab, root, widget) for widget in widgets or CELLS]
    return 0 if all(fast) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

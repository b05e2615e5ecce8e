"""The sigmoid and loss explorer as a static figure, for a page where no widget runs."""

from collections.abc import Iterator

import numpy as np

from backprop_course.svg import document, tag, text
from backprop_course.widgets._chart import Chart, Style, legend
from backprop_course.widgets.sigmoid_loss._runs import LOSSES, Descent, Run
from backprop_course.widgets.sigmoid_loss._words import place, verdict, yours

STYLE: dict[str, Style] = {
    "mse": {"stroke": "wrong", "stroke_width": 3},
    "cross": {"stroke": "value", "stroke_width": 3, "stroke_dasharray": "9 5"},
    "yours": {"stroke": "yours", "stroke_width": 2, "stroke_dasharray": "2 4"},
}
VIEWS = {"p": "Output p", "z": "Logit z", "loss": "Loss"}
WIDTH, HEIGHT, TITLE = 330, 230, 26


def gradient_range(descent: Descent) -> tuple[float, float]:
    """Give the room that both gradients need: the output less the target."""
    return -descent.d - 0.1, 1.1 - descent.d


def view_range(descent: Descent, view: str) -> tuple[float, float]:
    """Give the room that both runs of the course need, in one of the views."""
    if view == "p":
        return -0.05, 1.05
    values = np.concatenate([column(run, view) for run in descent.runs.values()])
    low, high = float(values.min()), float(values.max())
    return low - 0.05 * (high - low + 0.1), high + 0.05 * (high - low + 0.1)


def column(run: Run, view: str) -> np.ndarray:
    """Give what one of the views shows of a run."""
    return {"p": run.p, "z": run.z, "loss": run.loss}[view]


def draw(descent: Descent, reach: float, view: str, step: int) -> str:
    """Draw both gradients over the logit, both runs over the steps, and their sentences below."""
    last = len(descent.runs["mse"].z) - 1
    curves = Chart((-reach, reach), gradient_range(descent), WIDTH, HEIGHT)
    over = Chart((0.0, 1.04 * last), view_range(descent, view), WIDTH, HEIGHT)
    left = _titled("Gradient dz over the logit z", curves, 0, _curves(descent, curves, step))
    right = _titled(f"{VIEWS[view]} over the steps", over, WIDTH, _runs(descent, over, view, step))
    words, bottom = legend(_said(descent, step), TITLE + HEIGHT + 4)
    return document(verdict(descent, step), 2 * WIDTH, bottom, left, right, words)


def _titled(title: str, chart: Chart, x: int, content: Iterator[str]) -> str:
    inside = tag("g", chart.frame(*content), transform=f"translate({x} {TITLE})")
    return inside + text(title, x + 48, 20, fill="ink")


def _curves(descent: Descent, chart: Chart, step: int) -> Iterator[str]:
    yield chart.path([chart.x[0], chart.x[1]], [0, 0], stroke="muted")
    for key, values in descent.curves.items():
        yield chart.path(descent.z, values, **STYLE[key])
    for answer in descent.yours.values():
        if answer.values is not None:
            fits = np.isfinite(answer.values)
            yield chart.path(descent.z[fits], answer.values[fits], **STYLE["yours"])
    for key, run in descent.runs.items():
        x, y = chart.px(float(run.z[step])), chart.py(float(run.gradient[step]))
        yield tag("circle", cx=x, cy=y, r=6, fill=STYLE[key]["stroke"], stroke="paper")


def _runs(descent: Descent, chart: Chart, view: str, step: int) -> Iterator[str]:
    steps = np.arange(step + 1, dtype=float)
    for key, run in descent.runs.items():
        yield chart.path(steps, column(run, view)[: step + 1], **STYLE[key])
    for run in descent.your_runs.values():
        fits = np.isfinite(column(run, view)[: step + 1])
        yield chart.path(steps[fits], column(run, view)[: step + 1][fits], **STYLE["yours"])


def _said(descent: Descent, step: int) -> Iterator[tuple[Style | None, str]]:
    yield None, verdict(descent, step)
    for key, run in descent.runs.items():
        yield STYLE[key], f"{LOSSES[key].name.capitalize()}: {place(run, step)}"
    for key in descent.yours:
        yield STYLE["yours"], yours(descent, key, step)

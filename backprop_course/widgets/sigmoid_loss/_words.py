"""What the sigmoid and loss explorer says after each step, on the page and in Python."""

import numpy as np

from backprop_course.numbers import count
from backprop_course.numbers import show as number
from backprop_course.widgets.sigmoid_loss._runs import LOSSES, Descent, Run

NEAR, FLAT = 0.05, 0.05  # an error below NEAR has arrived; a slope below FLAT moves nothing


def verdict(descent: Descent, step: int) -> str:
    """Say where both outputs are after a step, and which of them has learned."""
    runs = [(LOSSES[key].name, run) for key, run in descent.runs.items()]
    outputs = ", ".join(f"{name} p = {number(float(run.p[step]))}" for name, run in runs)
    target = f"The target is {number(descent.d)}"
    if step == 0:
        return f"Before the first step: {outputs}. {target}."
    progress = "; ".join(f"{name} {_progress(descent.d, run, step)}" for name, run in runs)
    return f"After {count(step, 'step')}: {outputs}. {target}: {progress}."


def place(run: Run, step: int) -> str:
    """Say where one run is after a step."""
    if np.isnan(run.z[step]):
        taken = int(np.isfinite(run.z).sum())
        return f"the run ends after {count(max(taken - 1, 0), 'step')}, as no finite number came back"
    values = {"z": run.z, "p": run.p, "loss": run.loss, "gradient": run.gradient}
    return ", ".join(f"{name} {number(float(column[step]))}" for name, column in values.items())


def yours(descent: Descent, key: str, step: int) -> str:
    """Say how the student's gradient compares and, where it differs, where its run is after a step."""
    answer = descent.yours[key]
    if answer.worst is None:
        return answer.said
    return f"{answer.said} With it: {place(descent.your_runs[key], step)}."


def _progress(target: float, run: Run, step: int) -> str:
    first, now = (abs(target - float(p)) for p in (run.p[0], run.p[step]))
    if np.isnan(now):
        return "has run out of finite numbers"
    if now < NEAR:
        return "has arrived"
    if abs(run.gradient[step]) < FLAT and now > first / 2:  # a run that comes close gets flat, too
        return "stalls"
    return "is on its way" if now <= first else "is further off than at the start"

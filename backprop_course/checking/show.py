"""The report as text and as HTML."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from backprop_course.arrays import Nested
from backprop_course.checking._records import CaseResult
from backprop_course.exercises import Mistake, Named
from backprop_course.palette import COLOURS

READABLE = 12  # entries up to which an array is shown in full
WIDTH = 84


def text(headline: str, mistakes: Sequence[Mistake], hints: Sequence[str], *, numbers: bool) -> str:
    """Verdict and mistakes in lines of `WIDTH`, the numbers of the telling case or else the hints."""
    lines = [headline]
    for mistake in mistakes:
        lines += ["", *_mistake_text(mistake, numbers)]
    if mistakes and not numbers:
        lines += [f"  Hint {i}: {hint}" for i, hint in enumerate(hints, 1)]
    return "\n".join(lines)


def _mistake_text(mistake: Mistake, numbers: bool) -> Iterator[str]:
    *lines, last = textwrap.wrap(mistake.message, WIDTH - 4, initial_indent="  ", subsequent_indent="  ")
    yield from lines
    tag = f"[{mistake.slug}]"
    yield f"{last:<{WIDTH - len(tag)}} {tag}"
    if mistake.case and numbers:
        yield ""
        yield from (f"     {line}" for line in illustration(mistake.case))
        yield ""
    elif mistake.case:
        yield f"  Seen in a case that the notebook does not show: {mistake.case.why}."
    yield from textwrap.wrap(mistake.hint, WIDTH, initial_indent="  ", subsequent_indent="  ")


def illustration(case: CaseResult) -> Iterator[str]:
    """Inputs, answer and the mark under the worst entry, a line each."""
    shown = {**case.inputs, **{f"your {name}": value for name, value in case.outputs.items()}}
    width = max(map(len, shown), default=0)
    last: list[str] = []
    for name, value in shown.items():
        last = _lines(value)
        yield f"{name:<{width}}  {last[0]}"
        yield from (" " * (width + 2) + line for line in last[1:])
    if case.worst is None:
        return
    if len(case.worst.index) == 1 and len(last) == 1 and last[0].startswith("["):
        yield " " * (width + 2 + _column(last[0], case.worst.index[0])) + "^ " + case.note
    else:
        where = f"[{', '.join(map(str, case.worst.index))}]" if case.worst.index else ""
        yield f"{case.worst.output}{where} is {case.worst.got:.6g}; {case.note}"


def _column(line: str, index: int) -> int:
    """Where the entry with that index ends in a printed one-dimensional array."""
    position = 0
    for i, token in enumerate(line.strip("[]").split()):
        position = line.index(token, position + (i > 0) * 1)
        if i == index:
            return position + len(token) - 1
        position += len(token) - 1
    return 1


def _lines(value: Nested) -> list[str]:
    if isinstance(value, Named):
        return [value.name]
    if isinstance(value, np.ndarray) and value.size > READABLE:
        return [f"array of shape {value.shape}"]
    if isinstance(value, np.ndarray | np.generic):
        return np.array2string(
            np.asarray(value), precision=4, suppress_small=False, max_line_width=WIDTH
        ).split("\n")
    if isinstance(value, list | tuple):
        return ["; ".join(" ".join(_lines(v)).replace("\n", " ") for v in value)[: 2 * WIDTH]]
    return [f"{value:.6g}" if isinstance(value, float) else str(value)]


STYLE = (
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:var(--jp-ui-font-size1,13px);"
    "line-height:1.5;padding:.4em .8em;border-left:4px solid {colour};max-width:52em"
)
# JupyterLab breaks long lines anywhere, and a mark would no longer stand under its entry.
PICTURE = "margin:.2em 0;padding:.2em .6em;background:none;color:inherit;white-space:pre;overflow-x:auto"


def html(headline: str, mistakes: Sequence[Mistake], hints: Sequence[str], *, numbers: bool) -> str:
    """Verdict and mistakes as a box, with the hints folded away."""
    colour, sign = (COLOURS["wrong"], "✗") if mistakes else (COLOURS["right"], "✓")
    body = "".join(_mistake_html(m, numbers) for m in mistakes)
    if mistakes:
        body += "".join(
            f"<details><summary>Hint {i}</summary>{_prose(hint)}</details>" for i, hint in enumerate(hints, 1)
        )
    mark = f'<strong style="color:{colour}" aria-hidden="true">{sign}</strong>'
    style = STYLE.format(colour=colour)
    return f'<div role="status" style="{style}">{mark} <strong>{escape(headline)}</strong>{body}</div>'


def _mistake_html(mistake: Mistake, numbers: bool) -> str:
    shown = ""
    if mistake.case and numbers:
        picture = escape("\n".join(illustration(mistake.case)))
        shown = f'<pre style="{PICTURE}">{picture}</pre>'
    elif mistake.case:
        shown = f"<p>Seen in a case that the notebook does not show: {escape(mistake.case.why)}.</p>"
    return (
        f'<p style="margin:.6em 0 .2em">{_prose(mistake.message)} <code>{mistake.slug}</code></p>'
        f'{shown}<p style="margin:.2em 0 .6em">{_prose(mistake.hint)}</p>'
    )


def _prose(text: str) -> str:
    """HTML of a sentence in which backticks mark code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))

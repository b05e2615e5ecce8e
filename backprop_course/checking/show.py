"""The report as text and as HTML."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from backprop_course.arrays import Array, Nested
from backprop_course.checking._records import CaseResult
from backprop_course.exercises import Mistake, Named
from backprop_course.numbers import show as write
from backprop_course.palette import COLOURS

READABLE = 24  # entries up to which an array is shown in full
MOST = 12  # lines of a list or dictionary that are shown
WIDTH = 84


def text(headline: str, mistakes: Sequence[Mistake], hints: Sequence[str], *, numbers: bool) -> str:
    """Verdict and mistakes in lines of `WIDTH`, the numbers of the telling case or else the hints."""
    lines = [headline]
    for mistake in mistakes:
        lines += ["", *_mistake_text(mistake, numbers)]
    if mistakes and not numbers:
        for i, hint in enumerate(hints, 1):
            lines += _wrapped(f"Hint {i}: {hint}")
    return "\n".join(lines)


def _wrapped(prose: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(prose, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _mistake_text(mistake: Mistake, numbers: bool) -> Iterator[str]:
    tag = f"[{mistake.slug}]"
    *lines, last = _wrapped(mistake.message)
    yield from lines
    if len(last) + 1 + len(tag) > WIDTH:
        yield last
        last = ""
    yield f"{last:<{WIDTH - len(tag)}}{tag}"
    if mistake.case and numbers:
        yield ""
        yield from _case_text(mistake.case)
        yield ""
    elif mistake.case:
        yield from _wrapped(f"Seen in a case that the notebook does not show: {mistake.case.why}.")
    yield from _wrapped(mistake.hint)


def _case_text(case: CaseResult) -> Iterator[str]:
    *lines, last = [f"     {line}" for line in picture(case)] or [""]
    yield from lines
    note = _note(case)
    if last.endswith("^") and len(last) + 1 + len(note) <= WIDTH:
        yield f"{last} {note}"
    else:
        yield last
        yield from _wrapped(note, "     ")
    if case.call:
        yield from ("", "  To call it yourself:", textwrap.indent(case.call, "     "))


def picture(case: CaseResult) -> list[str]:
    """Inputs and answer, a line or several each, and a mark under the worst entry where there is one line."""
    shown = {**case.inputs, **{f"your {name}": value for name, value in case.outputs.items()}}
    width = max(map(len, shown), default=0)
    lines: list[str] = []
    last: list[str] = []
    for name, value in shown.items():
        last = _lines(value, WIDTH - width - 8)
        lines.append(f"{name:<{width}}  {last[0]}")
        lines += [" " * (width + 2) + line for line in last[1:]]
    if case.worst and len(case.worst.index) == 1 and len(last) == 1 and last[0].startswith("["):
        lines.append(" " * (width + 2 + _column(last[0], case.worst.index[0])) + "^")
    return lines


def _note(case: CaseResult) -> str:
    """What there is to say of the worst entry."""
    if case.worst is None:
        return ""
    says_yes_or_no = np.asarray(case.outputs.get(case.worst.output)).dtype.kind == "b"
    if says_yes_or_no and case.worst.expected in (
        0,
        1,
    ):  # a mask in the place of a gradient has more to reach
        return f"expected {bool(case.worst.expected)}"  # not in numbers: the picture says True or False
    where = f"[{', '.join(map(str, case.worst.index))}]" if case.worst.index else ""
    got, expected = apart(case.worst.got, case.worst.expected)
    is_marked = len(case.worst.index) == 1 and len(expected) <= 6 and picture(case)[-1].endswith("^")
    return case.note if is_marked else f"{case.worst.output}{where} is {got}; {case.note}"


def apart(got: float, expected: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart, four at least."""
    for digits in range(4, 18):
        shown = write(got, digits), write(expected, digits)
        if shown[0] != shown[1]:
            break
    return shown


def _column(line: str, index: int) -> int:
    """Where the entry with that index ends in a printed one-dimensional array."""
    return [m.end() for m in re.finditer(r"[^\s\[\]]+", line)][index] - 1


def _lines(value: Nested, width: int) -> list[str]:
    """A value in lines of at most `width`; what is cut ends in "…" and says how large it is."""
    if isinstance(value, np.ndarray | np.generic):
        return _array_lines(np.asarray(value), width)
    shown = value if isinstance(value, str) else _plain(value)
    if _holds_more(value) or (isinstance(value, dict) and len(shown) > width):
        named = value.items() if isinstance(value, dict) else enumerate(value)
        mark = "{!r}: " if isinstance(value, dict) else "[{}]  "
        lines = [line for name, item in named for line in _item(mark.format(name), item, width)]
        return lines if len(lines) <= MOST else [*lines[: MOST - 1], f"… {len(value)} in all"]
    return [shown if len(shown) <= width else f"{shown[: width - 2]} …"]


def _holds_more(value: Nested) -> bool:
    """Whether a value is shown item by item: its items are themselves arrays or lists."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(isinstance(item, np.ndarray | list | tuple | dict) for item in items)


def _item(at: str, item: Nested, width: int) -> list[str]:
    """An item behind its key, or its place in a list."""
    first, *rest = _lines(item, width - len(at))
    return [at + first, *(" " * len(at) + line for line in rest)]


def _plain(value: object) -> str:
    """A number, a name, or a list of them, as Python writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))}{',' * (len(value) == 1)})"
    if isinstance(value, Named):
        return value.name
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def _array_lines(a: Array, width: int) -> list[str]:
    if a.ndim == 0 and a.dtype.kind == "f":
        return [write(float(a), 5)]
    if a.size <= READABLE:
        return np.array2string(a, precision=4, suppress_small=False, max_line_width=width).split("\n")
    first = np.array2string(np.ravel(a)[:4], precision=4)[1:-1].strip()
    return [f"array of shape {a.shape}: {first} …"]


STYLE = (
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:var(--jp-ui-font-size1,13px);"
    "line-height:1.5;padding:.4em .8em;border-left:4px solid {colour};max-width:76em"
)
# On a narrow page lines wrap: a mark that slips is better than a number that is out of sight.
PICTURE = (
    "margin:.2em 0;padding:.2em .6em;background:none;color:inherit;"
    "white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal"
)


SIGN_COLOURS = {"✓": COLOURS["right"], "✗": COLOURS["wrong"], "○": "#8a8a8a"}


def html(
    sign: str, headline: str, mistakes: Sequence[Mistake], hints: Sequence[str], *, numbers: bool
) -> str:
    """Verdict and mistakes as a box after its sign, with the hints folded away."""
    colour = SIGN_COLOURS[sign]
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
        shown = _case_html(mistake.case)
    elif mistake.case:
        shown = f"<p>Seen in a case that the notebook does not show: {escape(mistake.case.why)}.</p>"
    hint = f'<p style="margin:.2em 0 .6em">{_prose(mistake.hint)}</p>' if mistake.hint else ""
    said = f'<p style="margin:.6em 0 .2em">{_prose(mistake.message)} <code>{mistake.slug}</code></p>'
    return f"{said}{shown}{hint}"


def _case_html(case: CaseResult) -> str:
    lines, note = picture(case), _note(case)
    if lines and lines[-1].endswith("^") and len(lines[-1]) + len(note) < WIDTH:
        lines, note = [*lines[:-1], f"{lines[-1]} {note}"], ""
    shown = _preformatted("\n".join(lines))
    if note:
        shown += f'<p style="margin:.2em 0">{_prose(note)}</p>'
    if case.call:
        shown += f'<p style="margin:.2em 0">To call it yourself:</p>{_preformatted(case.call)}'
    return shown


def _preformatted(lines: str) -> str:
    return f'<pre style="{PICTURE}">{escape(lines)}</pre>'


def _prose(prose: str) -> str:
    """HTML of a sentence in which backticks mark code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(prose))

"""A question to decide before its answer is seen: options to click, each opens its own sentence.

The options are HTML's own ``<details>``: they open by mouse and keyboard with no kernel and no script, in
JupyterLab, in a saved page and on GitHub, and are closed again whenever the page is opened.

In JupyterLab, until an option is open, the question's own code, which names the right one, cannot be opened,
and the text below the next cell to run is out of focus, up to a heading or a cell that has shown something.
Where a cell has both, the end of what was asked and a heading, only what stands above the heading is.
"""

import html
import re
import zlib
from collections.abc import Mapping

from backprop_course.palette import COLOURS, DARK_COLOURS

_HEADING = ":is(h1, h2, h3)"
_UP_TO_A_HEADING = f"""& + .jp-MarkdownCell:has({_HEADING}) {{
  .jp-RenderedMarkdown > :not({_HEADING}, {_HEADING} ~ *) {{ filter: blur(5px); }} }}"""
_BELOW = ""  # CSS knows a cell's next, not all up to some other: five, each inside the one before
for _ in range(5):
    _BELOW = f"""{_UP_TO_A_HEADING} & + .jp-Cell:not(:has(.jp-OutputArea-child, {_HEADING})) {{
  .jp-RenderedMarkdown {{ filter: blur(5px); }} {_BELOW} }}"""

_STYLE = f"""<style>
.backprop-choice {{ color-scheme: light dark; max-width: 46rem; padding: 0.3rem 0; line-height: 1.45;
  --right: light-dark({COLOURS["right"]}, {DARK_COLOURS["right"]});
  --wrong: light-dark({COLOURS["wrong"]}, {DARK_COLOURS["wrong"]}); }}
body[data-jp-theme-light="true"] .backprop-choice {{ color-scheme: light; }}
body[data-jp-theme-light="false"] .backprop-choice {{ color-scheme: dark; }}
.backprop-choice details {{ margin: 0.3rem 0; border: 1px solid #8a8a8a; border-radius: 4px; }}
.backprop-choice summary {{ padding: 0.3rem 0.7rem; cursor: pointer; }}
.backprop-choice summary:focus-visible {{ outline: 3px solid currentColor; outline-offset: 2px; }}
.backprop-choice p {{ margin: 0; padding: 0.3rem 0.7rem; }}
.backprop-choice .right[open] {{ border-color: var(--right); border-inline-start-width: 5px; }}
.backprop-choice .wrong[open] {{ border-color: var(--wrong); border-inline-start-width: 5px; }}
.jp-Cell:has(.backprop-choice):not(:has(.backprop-choice [open])) {{
  .jp-Cell-inputWrapper {{ visibility: hidden; }}
  &, & + .jp-MarkdownCell:not(:has({_HEADING})) {{
    & + .jp-CodeCell:not(:has(.jp-OutputArea-child)) {{ {_BELOW} }} }} }}
</style>"""


class Choice:
    """A question with its options, as a page and as plain text."""

    def __init__(self, question: str, options: Mapping[str, str], answer: str) -> None:
        if len(options) < 2 or answer not in options:
            raise ValueError(
                f"expected two options or more, the answer among them; got the answer {answer!r} "
                f"and the options {list(options)}"
            )
        # whoever writes a question puts the right option last or in the middle, and readers learn that
        numbered = all(option.endswith(f" {number}") for number, option in enumerate(options, 1))
        order = options if numbered else sorted(options, key=lambda o: zlib.crc32((question + o).encode()))
        self.question, self.options, self.answer = question, {o: options[o] for o in order}, answer

    def _repr_html_(self) -> str:
        group = f"choice-{zlib.crc32(self.question.encode())}"  # of one name, only one is open
        options = "\n".join(self._option(option, group) for option in self.options)
        question = f"<p><strong>Predict.</strong> {_written(self.question)}</p>"
        return f'{_STYLE}\n<div class="backprop-choice">\n{question}\n{options}\n</div>'

    def _option(self, option: str, group: str) -> str:
        kind, said = ("right", "✓ Right.") if option == self.answer else ("wrong", "✗ Not this one.")
        because = f"<p><strong>{said}</strong> {_written(self.options[option])}</p>"
        return (
            f'<details class="{kind}" name="{group}"><summary>{_written(option)}</summary>{because}</details>'
        )

    def __repr__(self) -> str:
        return f"Predict. {self.question} {' / '.join(self.options)}"


def choose(question: str, options: Mapping[str, str], *, answer: str) -> Choice:
    """Ask a question whose answer is out of sight until an option is clicked.

    Parameters
    ----------
    question : str
        In words; ``code`` between backticks.
    options : mapping of str to str
        What can be chosen, two or more, each with one sentence that is shown once it is. Unless they
        are numbered ("line 1", "line 2"), they stand in an order of their own: the place of the right one
        tells nothing.
    answer : str
        The right option.

    Returns
    -------
    Choice
        Shown as a page where it is the last line of a cell.

    Raises
    ------
    ValueError
        When there are fewer than two options, or the answer is none of them.

    Examples
    --------
    >>> choose("The slope of x² at 5?", {"5": "That is x.", "10": "2x, at x = 5."}, answer="10")
    Predict. The slope of x² at 5? 5 / 10
    """
    return Choice(question, options, answer)


def _written(words: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(words, quote=False))

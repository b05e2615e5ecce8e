"""What a page of the course needs beside its widgets. Here is how a page is written.

The first code cell, ``setup``, imports, and sets the style of the figures::

    from backprop_course.notebook import COLOURS, choose, show, table
    plt.style.use("backprop_course.notebook.course")

**A cell that needs a function of the student's** starts with ``%%attempt``. Its lines stay plain. While the
function is unwritten or stops, one kind sentence takes the place of the output, the rest of the cell is
skipped, and what it assigned is taken back. A later ``%%attempt`` cell that misses a name for this reason
says what it waits for. Numbers that overflow get one sentence, too. An answer given for practice,
with no `check`, is tried by `expect`, or by ``assert`` lines: a failed one shows its message.

**A question** is a markdown cell whose id ends in ``-question`` and whose last paragraph starts with
``**Predict.**``. What answers is a code cell below it, never text in view:

- a cell that prints the answer (id ending in ``-predict``), or
- ``choose(question, {option: what is so, ...}, answer=option)`` in a folded cell, ahead of which the question
  cell may be left away. It stands in the release as it was shown. A click on an option opens its sentence. In
  JupyterLab the markdown below the next cell to run is out of focus until then, or until that cell has run.

Markdown below the answering cell starts with ``<details><summary>What you saw</summary>`` (an empty line, the
sentences, an empty line, ``</details>``). Outside of it may follow what goes on: a heading, ``**See it.**``,
``**Your turn**``, ``**Try it.**``. The rule comes after one more cell to run.
The same holds below a picture that answers ``**See it.** ...?``.

**A figure** is drawn as always and ends with ``show("what there is to see")`` in the place of ``plt.show()``:
a picture in the colours of the reader's theme whose alt text a screen reader reads. Cells that only draw or
set up are folded: ``cell.metadata["jupyter"] = {"source_hidden": True}``.

**The time** on the first screen adds up: a minute for 200 words, 45 seconds a code cell, two minutes more for
an explorer, four minutes a point. Extras do not count. It names its sittings ("parts 1 to 4, 5 to 7"), each
of about an hour; where one begins, its first cell says so in italics.

``tests/notebooks/test_pages.py`` watches these rules, that no right number is printed above its choice,
that a decimal under "What you saw" was printed, that exercises are declared in the order of the page, that
every cell runs again from last to first with the same printed result, that a name keeps its kind (numbers,
function, text), and that there are at most 120 words between two cells to run: ``pytest tests/notebooks -k
<name>``.
"""

from backprop_course.notebook._attempt import attempt, register
from backprop_course.notebook._choice import choose
from backprop_course.notebook._expect import expect
from backprop_course.notebook._figure import show
from backprop_course.notebook._reader import reader_page
from backprop_course.notebook._table import table
from backprop_course.palette import COLOURS

__all__ = ["COLOURS", "attempt", "choose", "expect", "reader_page", "show", "table"]

register()

"""More of what is handed in, thought of by somebody who had no part in the grader; see `files`."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.files import FILE, _beside, _renamed, _text, changed
from tests.attacks.files import FILES as EARLIER
from tests.attacks.walked_files import HANDED_IN

Notebook = Any


def _without_minor(notebook: Notebook) -> None:
    del notebook["nbformat_minor"]


def _more_at_the_top(notebook: Notebook) -> None:
    notebook |= {"nbformat_minor": True, "grades": [2], "worksheets": {}, "signature": None}


def _numbers_that_are_none(notebook: Notebook) -> None:
    extra = {"cell_type": "raw", "id": "odd", "metadata": {"x": float("inf")}, "source": "x"}
    notebook["cells"].append(extra)


def _deep_metadata(notebook: Notebook) -> None:
    deep: Any = 1
    for _ in range(300):
        deep = {"a": [deep]}
    notebook["cells"].append({"cell_type": "raw", "id": "deep", "metadata": {"x": deep}, "source": "x"})


def _long_cell(notebook: Notebook) -> None:
    code: dict[str, Any] = {
        "cell_type": "code",
        "id": "long",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook["cells"].append(code | {"source": "a = 1\n" * 2_000_000})


def _attachments_that_break_out(notebook: Notebook) -> None:
    text = "ACTS ![x](attachment:x.png) ![y](attachment:y\"onerror='ACTS') ![z](attachment:missing.png)"
    pictures = {"x.png": {"image/png": '" onerror="ACTS'}, "y\"onerror='ACTS'": {"image/png": "AAAA"}}
    cell = {"cell_type": "markdown", "id": "pasted", "metadata": {}, "source": text, "attachments": pictures}
    notebook["cells"].append(cell)


def _no_text(folder: Path) -> Path:
    """Give the path of a file with a name that is no text: an old zip's, unpacked on Linux."""
    return Path(os.fsdecode(os.fsencode(folder) + b"/M\xfcller.bin"))


def _large_file(folder: Path, course: Path) -> None:
    with _no_text(folder).open("wb") as file:
        file.truncate(1 << 30)


def _no_files(folder: Path, course: Path) -> None:
    os.mkfifo(folder / "pipe")
    before = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket")
    os.chdir(before)
    (folder / "timestamp.txt").mkdir()


def _modules(folder: Path, course: Path) -> None:
    for name in ("sitecustomize.py", "IPython.py", "course_kernel.py", "backprop_course.py", "exercises.py"):
        (folder / name).write_text("raise SystemExit")
    (folder / "matplotlibrc").write_text("nonsense: 1")


def _time(said: str) -> Callable[[Path, Notebook, Path], None]:
    return _beside(lambda folder, course: (folder / "timestamp.txt").write_text(said))


FORMULA = (
    r"$\href{javascript:ACTS}{x} \style{position:fixed}{x} \def\h{\href} \text{<img src=x onerror=ACTS>}$"
)

# How it is handed in, and whether the honest answers in it keep their marks.
FILES = (
    EARLIER
    | HANDED_IN
    | {
        "no-minor-format": (changed(_without_minor), True),
        "more-at-the-top": (changed(_more_at_the_top), True),
        "numbers-that-are-none": (changed(_numbers_that_are_none), True),
        "deep-metadata": (changed(_deep_metadata), False),
        "long-cell": (changed(_long_cell), True),
        "formula-in-the-text": (_text(FORMULA), True),
        "picture-from-elsewhere": (
            _text("ACTS ![x](https://example.org/x.png) ![y][z]\n\n[z]: /logout"),
            True,
        ),
        "attachments-that-break-out": (changed(_attachments_that_break_out), True),
        "time-that-is-none": (_time("2026:111111111111111111111111111111Z - 31 00٣Thu "), True),
        "time-before-all-times": (_time("0001-01-01 00:00:00 +2300"), True),
        "name-that-is-no-text-beside": (_beside(lambda f, _: _no_text(f).write_text("x")), True),
        "large-file-beside": (_beside(_large_file), True),
        "no-files-beside": (_beside(_no_files), True),
        "modules-beside": (_beside(_modules), True),
        "-rf": (_renamed(FILE), True),
        "$(touch attack-was-here)": (_renamed(FILE), True),
        "{student_id} %s %(x)s": (_renamed(FILE), True),
        "two\nlines \x1b[2J": (_renamed(FILE), True),
        "=1+1": (_renamed(FILE), True),
        "[bold]": (_renamed(FILE), True),
        "<img src=x onerror=ACTS>": (_renamed(FILE), True),
        "x" * 200: (_renamed(FILE), True),
        "M\udcfcller": (_renamed(FILE), True),
    }
)

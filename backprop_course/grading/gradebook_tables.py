"""A class's scores as tables: ours, and in the columns that Canvas and Moodle import.

Sources
-------
Canvas: Instructure Community, *How do I import grades in the Gradebook?*, and The Ohio State University,
*Import CSV File Carmen Grades*: a student's name, ID or SIS User ID, then SIS Login ID, Section and the
assignment's name; a row "Points Possible" under the head gives the points. Its importer (`GradebookImporter`)
looks for a number in the column ID first, then for the SIS User ID, the SIS Login ID and the name.

Moodle: MoodleDocs 3.11, *Grade import*: any column that identifies a user (ID number, email address, which is
compared letter by letter) and a column for the grade item, matched by hand when importing. Where feedback is
mapped the grade must be too, so there is no feedback column.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from backprop_course.grading.report import Standing


def write_tables(stem: Path, assignment: str, points: float, found: Sequence[Standing]) -> list[Path]:
    """Write the three tables beside a report, and give their files.

    A student without a grade has an empty cell, which neither system takes for a zero.
    """
    exercises = sorted({name for standing in found for name in standing.exercises})
    ours = [
        ["student", "name", "score", "points", *exercises, "needs a person"],
        *(_own_row(standing, points, exercises) for standing in found),
    ]
    canvas = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment],
        ["Points Possible", "", "", "", "", f"{points:g}"],
        *([s.name or s.student, _id(s), s.student, s.student, "", _number(s.score)] for s in found),
    ]
    moodle = [
        ["ID number", "Email address", assignment],
        *([s.student, s.email, _number(s.score)] for s in found),
    ]
    tables = {".csv": ours, "-canvas.csv": canvas, "-moodle.csv": moodle}
    return [_write(stem.with_name(stem.name + end), rows) for end, rows in tables.items()]


def _id(standing: Standing) -> str:
    """Give Canvas's number of a student, which is the name where a zip of Canvas's was collected."""
    return standing.student if standing.student.isdecimal() else ""


def _own_row(standing: Standing, points: float, exercises: Iterable[str]) -> list[str]:
    scores = [_number(standing.exercises.get(name, {}).get("score")) for name in exercises]
    reasons = "; ".join(standing.reasons)
    return [standing.student, standing.name, _number(standing.score), f"{points:g}", *scores, reasons]


def _number(score: float | None) -> str:
    return "" if score is None else f"{score:g}"


def _write(file: Path, rows: Iterable[Sequence[str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([[_plain(cell) for cell in row] for row in rows])
    return file


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking a student's text for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell

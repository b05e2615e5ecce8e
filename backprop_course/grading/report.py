"""A class's report on one assignment: who needs a person, scores, mistakes made, whose code agrees.

Everything is read from the gradebook and from what the judge left in the graded notebooks.
"""

import ast
import difflib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from backprop_course.grading._grade import KEY
from backprop_course.grading._read import as_text, notebooks
from backprop_course.grading.course import CourseError, load_config

ALIKE = 0.95  # of the normalised code
MOST_COMPARED = 100_000  # pairs of answers: some minutes
LONGEST = 4_000  # characters of an answer that are compared, which takes time that grows with their square
LONG_ENOUGH = 120  # characters of normalised code below which two honest answers agree by chance


@dataclass
class Standing:
    """What one student has for one assignment."""

    student: str
    name: str
    email: str
    score: float | None  # with what lateness costs taken off; None: nothing graded
    exercises: dict[str, dict[str, Any]] = field(default_factory=dict)  # as the judge left them, by name
    reasons: list[str] = field(default_factory=list)  # why a person should look
    answers: dict[str, str] = field(default_factory=dict)  # source of each solution cell, by its name


@dataclass(frozen=True)
class Pair:
    """Two students whose answers to an exercise nearly agree."""

    exercise: str
    students: tuple[str, str]
    ratio: float


def standings(course: Path, assignment: str) -> tuple[float, list[Standing]]:
    """Read the assignment's points and every student's standing.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment.
    """
    directory = CourseDirectory(config=load_config(course))
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            points = gradebook.find_assignment(assignment).max_score
        except MissingEntry:
            known = ", ".join(sorted(entry.name for entry in gradebook.assignments)) or "none"
            raise CourseError(f"the gradebook knows no {assignment}; it knows {known}") from None
        scores = {
            submission.student.id: (
                max(0.0, submission.score - (submission.late_submission_penalty or 0.0)),
                submission.needs_manual_grade,
            )
            for submission in gradebook.assignment_submissions(assignment)
        }
        people = {
            person.id: (" ".join(filter(None, (person.first_name, person.last_name))), person.email or "")
            for person in gradebook.students
        }
    folders = course.glob(f"{directory.submitted_directory}/*/{assignment}")
    handed_in = {as_text(folder.parent.name): folder for folder in folders}
    found = []
    for student in sorted(people.keys() | scores.keys() | handed_in.keys()):
        score, manual = scores.get(student, (None, False))
        standing = Standing(student, *people.get(student, ("", "")), score)
        graded = course / directory.autograded_directory / student / assignment
        _read_notebooks(graded, standing)
        if student in handed_in and score is None:
            standing.reasons.append("handed in, not graded: run backprop-course grade")
        if student not in handed_in:
            standing.reasons.append("nothing handed in")
        elif len(files := notebooks(handed_in[student])) > max(1, len([*graded.glob("*.ipynb")])):
            names = ", ".join(map(as_text, files[:5]))
            standing.reasons.append(f"more notebooks were handed in than are graded: {names}")
        if manual:
            standing.reasons.append("waits for manual grading in the formgrader")
        found.append(standing)
    return points, found


def _read_notebooks(folder: Path, standing: Standing) -> None:
    for file in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        judged = notebook.metadata.get(KEY, {})
        for name, cell in judged.get("cells", {}).items():
            standing.exercises[cell.get("exercise") or name] = cell
            if cell.get("reason"):
                standing.reasons.append(f"{cell.get('exercise') or name}: {cell['reason']}")
        for eye in judged.get("needs_eye", []):
            where = eye.get("cell", "").removeprefix("check_")
            standing.reasons.append(f"{where + ': ' if where else ''}{eye['slug']}, {eye['message']}")
        standing.reasons += [f"put back: {line}" for line in judged.get("restored", [])]
        for cell in notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("solution") and cell.cell_type == "code":
                standing.answers[mark["grade_id"]] = cell.source


def success(found: list[Standing]) -> dict[str, tuple[int, int]]:
    """Count for each exercise how many students have it right, of how many that were judged."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for standing in found:
        for name, cell in standing.exercises.items():
            counts[name].append(bool(cell.get("passed")))
    return {name: (sum(passed), len(passed)) for name, passed in counts.items()}


def mistakes(found: list[Standing]) -> list[tuple[str, int, str, str]]:
    """Count named mistakes, the most frequent first: name, how often, an example, and who made it."""
    counted: Counter[str] = Counter()
    example: dict[str, tuple[str, str]] = {}
    for standing in found:
        for name, cell in standing.exercises.items():
            for mistake in [] if cell.get("passed") else cell.get("mistakes", [])[:1]:
                counted[mistake["slug"]] += 1
                example.setdefault(mistake["slug"], (f"{name}: {mistake['message']}", standing.student))
    return [(slug, number, *example[slug]) for slug, number in counted.most_common()]


def normalised(source: str) -> str:
    """Give code as it is without what can be changed at no cost: names, layout, comments, docstrings.

    Every name of the code's own becomes the number of its first appearance. Empty where it cannot be parsed.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    numbers: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = numbers.setdefault(node.id, f"v{len(numbers)}")
        elif isinstance(node, ast.arg):
            node.arg = numbers.setdefault(node.arg, f"v{len(numbers)}")
        elif isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    try:
        return ast.unparse(tree)
    except (RecursionError, ValueError):  # it takes more of the stack than reading does
        return ""


def alike(found: list[Standing]) -> tuple[list[Pair], int]:
    """Find pairs of long answers that nearly agree once names, layout and comments are taken out.

    The measure is difflib's ratio of the normalised code, twice the matched characters over all; pairs from
    `ALIKE` on are listed. Answers that more than three students share are the expected form and say nothing.

    Returns
    -------
    list of Pair
        The most alike first.
    int
        How many pairs were passed over, as `MOST_COMPARED` had been compared.
    """
    by_exercise: dict[str, dict[str, str]] = defaultdict(dict)
    for standing in found:
        for name, source in standing.answers.items():
            code = normalised(source)[:LONGEST]
            if len(code) >= LONG_ENOUGH:
                by_exercise[name][standing.student] = code
    pairs, passed_over = [], 0
    for name, codes in by_exercise.items():
        near = _near(codes)
        for one, other in itertools.islice(near, MOST_COMPARED // len(by_exercise)):
            ratio = _ratio(codes[one], codes[other])
            if ratio >= ALIKE:
                pairs.append(Pair(name, (one, other), ratio))
        passed_over += sum(1 for _ in near)
    return sorted(pairs, key=lambda pair: (-pair.ratio, pair.exercise, pair.students)), passed_over


def _near(codes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give pairs of students whose answers may be alike by their length, those of nearly the same first.

    Answers that many share are left out.
    """
    shared = Counter(codes.values())
    rare = [student for student in codes if shared[codes[student]] <= 3]
    rare.sort(key=lambda student: (len(codes[student]), codes[student]))
    lengths = [len(codes[student]) for student in rare]
    for gap in range(1, len(rare)):
        places = [n for n in range(len(rare) - gap) if lengths[n] * (2 - ALIKE) >= lengths[n + gap] * ALIKE]
        if not places:
            return
        yield from (tuple(sorted((rare[n], rare[n + gap]))) for n in places)  # type: ignore[misc]


def _ratio(a: str, b: str) -> float:
    """Compare two texts; a cheap upper bound first, as of a class's many pairs few are alike."""
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return 0.0 if a != b and matcher.quick_ratio() < ALIKE else matcher.ratio()

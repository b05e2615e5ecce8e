"""What ``backprop-course grade`` shows: a line a submission, a bar with the time left, who needs a person."""

import logging
import warnings
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backprop_course.cli._fail import fail
from backprop_course.grading._sandbox import SandboxError
from backprop_course.grading.course import CourseError
from backprop_course.grading.many import Class, Graded, alone, finish, grade, open_class, pending


def grade_class(
    course: Path,
    assignment: str,
    jobs: int,
    student: str,
    force: bool,
    scheduler: str | None,
    sandbox: str | None,
    verbose: bool,
) -> int:
    """Grade, tell as it goes, and return the code to end with: 0 when each submission has a grade."""
    logging.basicConfig(level=logging.INFO)
    if not verbose:
        logging.getLogger("traitlets").disabled = True  # nbgrader's; what matters is in the lines and the end
        warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    try:
        room = open_class(course, assignment, force=force, sandbox=sandbox)
        with alone(course):
            return _grade(Console(), room, jobs, student, scheduler)
    except (CourseError, SandboxError) as reason:
        fail(str(reason))


def _grade(console: Console, room: Class, jobs: int, student: str, scheduler: str | None) -> int:
    todo, done = pending(room, student)
    if not todo and not done:
        fail(f"no student is called {student!r}; look into the folder submitted")
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    graded: list[Graded] = []
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("grading", total=len(todo), rate="")
        for one in grade(room, todo, jobs, scheduler):
            graded.append(one)
            console.print(_line(one), highlight=False, soft_wrap=True)
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, rate=f"{60 * speed:.0f} a minute" if speed else "")
    failed = [one for one in graded if one.failed]
    if not failed and student == "*":
        finish(room)
    _summarise(console, graded, done)
    return 1 if failed else 0


def _shown(text: str) -> str:
    """Give a student's text as a terminal may have it: nothing in it is a command."""
    return escape("".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text))


def _line(one: Graded) -> str:
    if one.failed:
        return f"{_shown(one.student)}  no grade: {_shown(one.failed)}"
    reasons = ", ".join(dict.fromkeys(eye["slug"] for eye in one.eyes))
    marks = f"{one.score:g} of {one.max_score:g}"
    return f"{_shown(one.student)}  {marks}  {one.seconds:.1f} s" + (f"  {reasons}" if reasons else "")


def _summarise(console: Console, graded: list[Graded], done: list[str]) -> None:
    """Count, and name whoever needs a person, and why."""
    have = "has" if len(done) == 1 else "have"
    skipped = f", {len(done)} had been graded before and {have} not changed" if done else ""
    console.print(f"{len([g for g in graded if not g.failed])} graded{skipped}.", highlight=False)
    looked_at = [one for one in graded if one.eyes or one.failed]
    if looked_at:
        console.print(f"{len(looked_at)} need a person:", highlight=False)
    for one in looked_at:
        reasons = Counter((eye["slug"], eye["message"]) for eye in one.eyes)
        for (slug, message), count in reasons.items():
            times = f" ({count} times)" if count > 1 else ""
            console.print(
                f"  {_shown(one.student)}: {slug}{times}: {_shown(message)}", highlight=False, soft_wrap=True
            )
        if one.failed:
            console.print(
                f"  {_shown(one.student)}: no grade: {_shown(one.failed)}", highlight=False, soft_wrap=True
            )

"""The commands of who teaches: a new class, and what its students get."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from backprop_course.cli._fail import fail

Only = Annotated[
    str, typer.Option(metavar="NAMES", help="Some of the assignments, such as 01-chain-rule,04-activations.")
]
Clone = Annotated[
    Path | None, typer.Option(help="Where the solutions are: a clone of the course, or its source archive.")
]


def new_class(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The class's folder; it is made.")],
    only: Only = "",
    db_url: Annotated[
        str | None,
        typer.Option(help="The gradebook's database, as SQLAlchemy spells it; else a file in DIR."),
    ] = None,
    clone: Clone = None,
) -> None:
    """Make a class's folder with nbgrader's layout, ready for the formgrader and to grade.

    DIR gets the configuration, the sources with their answers, the releases for students, and a gradebook
    that knows the assignments. Nothing that exists is overwritten.

    Example: backprop-course new-class spring --only 01-chain-rule,04-activations
    """
    require_nbgrader()
    from backprop_course.grading.course import CourseError, source_tree
    from backprop_course.grading.new_class import new_class as make

    try:
        solutions = source_tree(clone) / "solutions"
        made = make(folder, solutions, _names(only), db_url, lambda name: typer.echo(f"  ready {name}"))
    except CourseError as reason:
        fail(str(reason))
    typer.echo(f"The class is in {folder.resolve()}: {len(made)} assignments.")
    typer.echo(f"Put what students hand in under {folder}/submitted/STUDENT/ASSIGNMENT/, then:")
    typer.echo(f"  backprop-course grade {made[-1]} --course {folder}")


def release(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What to give to students; it is made.")],
    course: Annotated[Path, typer.Option(help="The class's folder.")] = Path(),
    only: Only = "",
    clone: Clone = None,
) -> None:
    """Make a folder to give to students: notebooks, and a wheel that holds them and no solutions.

    It is made from the releases of the class's folder, and holds the class's own exercises too. Nothing that
    exists is overwritten.

    Example: backprop-course release ../for-students --course spring
    """
    require_nbgrader()
    from backprop_course.grading.course import CourseError, source_tree
    from backprop_course.grading.handout import hand_out

    try:
        handed_out = hand_out(course, folder, source_tree(clone), _names(only))
    except CourseError as reason:
        fail(str(reason))
    typer.echo(f"{folder.resolve()} is for your students: {', '.join(handed_out)}.")
    typer.echo("START.txt in it tells them what to run.")


def report(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Such as 04-activations.")],
    course: Annotated[Path, typer.Option(help="The class's folder.")] = Path(),
    to: Annotated[
        Path | None, typer.Option(help="Where to write; else reports/ in the class's folder.")
    ] = None,
) -> None:
    """Report on a class: who needs a person, scores, exercises, mistakes, answers that nearly agree.

    One page, and tables beside it: all scores, and the columns that Canvas and Moodle import.

    Example: backprop-course report 04-activations --to reports
    """
    require_nbgrader()
    from backprop_course.grading.course import CourseError
    from backprop_course.grading.report_page import write_report

    try:
        files = write_report(course, assignment, to or course / "reports")
    except CourseError as reason:
        fail(str(reason))
    for file in files:
        typer.echo(f"  {file}")


def _names(only: str) -> list[str]:
    return [name.strip() for name in only.split(",") if name.strip()]


def grade(
    assignment: Annotated[str, typer.Argument(help="Such as 04-activations.")],
    course: Annotated[Path, typer.Option(metavar="DIR", help="The class's folder.")] = Path("."),
    jobs: Annotated[int, typer.Option(min=1, help="Submissions at a time.")] = os.cpu_count() or 1,
    student: Annotated[str, typer.Option(metavar="GLOB", help="Whose; a name or a pattern.")] = "*",
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed, too.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a Dask cluster that runs and judges.")
    ] = None,
    sandbox: Annotated[
        str | None, typer.Option(help="auto, bubblewrap or none; else as the class's configuration says.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show nbgrader's log.")] = False,
) -> None:
    """Grade everybody's submissions of ASSIGNMENT, many at once; run again, it does what is not done.

    Students' code runs in a sandbox and is judged outside of it. Ends with code 0 when each submission has a
    grade, and names whoever needs a person, and why.

    Example: backprop-course grade 04-activations --student "ada*" --jobs 4
    """
    require_nbgrader()
    from backprop_course.cli._grade import grade_class

    raise typer.Exit(
        grade_class(course.resolve(), assignment, jobs, student, force, scheduler, sandbox, verbose)
    )


def require_nbgrader() -> None:
    """End the command where nbgrader is not installed."""
    if find_spec("nbgrader") is None:
        fail("nbgrader is not installed here. Install it: pip install 'backprop-course[instructor]'")

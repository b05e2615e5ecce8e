"""The commands of who teaches: a new class, and what its students get."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from backprop_course.cli._fail import fail


def new_class(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The class's folder; it is made.")],
    only: Annotated[
        str,
        typer.Option(metavar="NAMES", help="The assignments to take, such as 01-chain-rule,04-activations."),
    ] = "",
    db_url: Annotated[
        str | None,
        typer.Option(help="The gradebook's database, as SQLAlchemy spells it; else a file in DIR."),
    ] = None,
    clone: Annotated[
        Path | None,
        typer.Option(help="Where the solutions are: a clone of the course, or its source archive."),
    ] = None,
) -> None:
    """Make a class's folder with nbgrader's layout, ready for the formgrader and to grade.

    DIR gets the configuration, the sources with their answers, the releases for students, and a gradebook
    that knows the assignments. Nothing that exists is overwritten.
    """
    require_nbgrader()
    from backprop_course.grading.new_class import CannotMakeClass, find_solutions
    from backprop_course.grading.new_class import new_class as make

    chosen = [name.strip() for name in only.split(",") if name.strip()]
    try:
        made = make(folder, find_solutions(clone), chosen, db_url, lambda name: typer.echo(f"  ready {name}"))
    except CannotMakeClass as reason:
        fail(str(reason))
    typer.echo(f"The class is in {folder.resolve()}: {len(made)} assignments.")
    typer.echo(f"Put what students hand in under {folder}/submitted/STUDENT/ASSIGNMENT/, then:")
    typer.echo(f"  backprop-course grade {made[-1]} --course {folder}")


def require_nbgrader() -> None:
    """End the command where nbgrader is not installed."""
    if find_spec("nbgrader") is None:
        fail("nbgrader is not installed here. Install it: pip install 'backprop-course[instructor]'")

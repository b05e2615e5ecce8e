"""The command ``backprop-course``. Its commands parse, call and print, in a module for each reader."""

from importlib import metadata
from typing import Annotated

import typer

from backprop_course.cli._check import check
from backprop_course.cli._class import grade, new_class, release, report
from backprop_course.cli._site import site
from backprop_course.cli._student import start

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backprop-course {metadata.version('backprop-course')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Learn backpropagation by writing it."""


# In the order of the help page.
app.command(rich_help_panel="Study")(start)
app.command(rich_help_panel="Study")(check)
app.command(rich_help_panel="Teach")(new_class)
app.command(rich_help_panel="Teach")(release)
app.command(rich_help_panel="Teach")(report)
app.command(rich_help_panel="Teach")(grade)
app.command(rich_help_panel="Publish")(site)

"""How a command ends that cannot do what it was asked."""

from typing import NoReturn

import typer


def fail(message: str) -> NoReturn:
    """Say what was got, what was expected and what to do, and end with exit code 1."""
    typer.echo(f"backprop-course: {message}", err=True)
    raise typer.Exit(1)

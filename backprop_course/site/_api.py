"""The reference, from the docstrings of the public modules."""

from pathlib import Path

# The package with what it exports (ops and exercises among it), and the public modules beside.
MODULES = (
    "backprop_course",
    *(f"backprop_course.{room}" for room in ("graph", "network", "notebook", "numerical", "widgets")),
)


def build_api(folder: Path) -> None:
    """Let pdoc write a page for each public module."""
    import pdoc

    from backprop_course import widgets

    for name in widgets.__all__:  # they load when asked for, which pdoc does not do
        setattr(widgets, name, getattr(widgets, name))

    pdoc.render.configure(
        docformat="numpy", math=False, search=True, show_source=False, footer_text="backprop_course"
    )
    pdoc.pdoc(*MODULES, output_directory=folder)

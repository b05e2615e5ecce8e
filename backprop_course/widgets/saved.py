"""A notebook as it is saved: with the still picture of each widget, without the widget itself.

A widget lives as long as its kernel. A page opened on another day would say "model not found" in its place.
JupyterLab prefers the widget where an output has both, so the output of a saved file has one.
"""

from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"


def without_views(notebook: dict[str, Any]) -> None:
    """Take the widgets out of the outputs that also have a picture."""
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(WIDGET, None)


def pre_save(model: dict[str, Any], **_: Any) -> None:
    """Do so whenever a Jupyter server saves: for its option ``ContentsManager.pre_save_hook``."""
    if model["type"] == "notebook" and isinstance(model.get("content"), dict):
        without_views(model["content"])

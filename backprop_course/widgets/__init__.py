"""Pictures to touch: Jupyter widgets that show the student's own functions beside the truth.

Each widget is one line in a notebook, such as ``SubgradientExplorer(relu, at=0.0)``, and a plain ES module
beside its Python file does the work in the browser. Importing this package loads neither anywidget nor
ipywidgets; the first widget that is asked for does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from backprop_course.widgets.page import attempt, table, to_write, where_you_stand
from backprop_course.widgets.palette import COLOURS, DARK_COLOURS, OKABE_ITO

if TYPE_CHECKING:
    from backprop_course.widgets.subgradient import SubgradientExplorer

__all__ = [
    "COLOURS",
    "DARK_COLOURS",
    "OKABE_ITO",
    "SubgradientExplorer",
    "attempt",
    "table",
    "to_write",
    "where_you_stand",
]

_MODULES = {"SubgradientExplorer": "subgradient"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(f"{__name__}.{_MODULES[name]}")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"{name} needs the package {error.name!r}, which is not installed. "
            "Install what the notebooks use with: pip install 'backprop-course[student]'"
        ) from error
    return getattr(module, name)


def __dir__() -> list[str]:
    return __all__

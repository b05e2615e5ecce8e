"""Pictures to touch: Jupyter widgets that show the student's own functions beside the truth.

Each widget is one line in a notebook, such as ``SubgradientExplorer(relu, at=0.0)``, and a folder here, in
which the same things have the same names: ``_explorer.py`` is the widget, ``_words.py`` what it says,
``_picture.py`` or ``_state.py`` what the browser draws, ``_figure.py`` the same drawn for a page where no
widget runs, ``_student.py`` the functions that it is given; whatever else is there is the mathematics, under
its own name. A plain ES module with a stylesheet does the work in the browser. Importing this package loads
neither anywidget nor ipywidgets; the first widget that is asked for does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from backprop_course.palette import COLOURS, DARK_COLOURS, OKABE_ITO

if TYPE_CHECKING:
    from backprop_course.widgets.activation import ActivationExplorer
    from backprop_course.widgets.chain import ChainExplorer
    from backprop_course.widgets.gradient_check import GradientCheckExplorer
    from backprop_course.widgets.graph import GraphExplorer
    from backprop_course.widgets.jacobian import JacobianExplorer
    from backprop_course.widgets.network import NetworkExplorer, draw_network
    from backprop_course.widgets.progress import Progress
    from backprop_course.widgets.sigmoid_loss import SigmoidLossExplorer
    from backprop_course.widgets.softmax import SoftmaxExplorer
    from backprop_course.widgets.subgradient import SubgradientExplorer

__all__ = [
    "COLOURS",
    "DARK_COLOURS",
    "OKABE_ITO",
    "ActivationExplorer",
    "ChainExplorer",
    "GradientCheckExplorer",
    "GraphExplorer",
    "JacobianExplorer",
    "NetworkExplorer",
    "Progress",
    "SigmoidLossExplorer",
    "SoftmaxExplorer",
    "SubgradientExplorer",
    "draw_network",
]

_MODULES = {
    "ActivationExplorer": "activation",
    "ChainExplorer": "chain",
    "GradientCheckExplorer": "gradient_check",
    "GraphExplorer": "graph",
    "JacobianExplorer": "jacobian",
    "NetworkExplorer": "network",
    "Progress": "progress",
    "SigmoidLossExplorer": "sigmoid_loss",
    "SoftmaxExplorer": "softmax",
    "SubgradientExplorer": "subgradient",
    "draw_network": "network",
}


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

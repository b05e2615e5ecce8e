"""Learn backpropagation by writing it.

>>> from backprop_course import check, evaluate, gradcheck, ops
>>> report = evaluate("relu_backward", lambda dy, z: dy * (z > 0))
>>> report.passed
True
"""

from typing import TYPE_CHECKING

from backprop_course import exercises, ops
from backprop_course.checking import ExerciseFailed, check, evaluate
from backprop_course.numerical import gradcheck

__all__ = ["ExerciseFailed", "__version__", "check", "evaluate", "exercises", "gradcheck", "ops"]
__version__: str

if not TYPE_CHECKING:  # to a type checker it would say that there is every name

    def __getattr__(name):
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version  # slow to load, and hardly anybody asks

        return version("backprop-course")

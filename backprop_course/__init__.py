"""Learn backpropagation by writing it.

>>> from backprop_course import check, evaluate, gradcheck, ops
>>> report = evaluate("relu_backward", lambda dy, z: dy * (z > 0))
>>> report.passed
True
"""

from importlib.metadata import version

from backprop_course import exercises, ops
from backprop_course.checking import ExerciseFailed, check, evaluate
from backprop_course.numerical import gradcheck

__version__ = version("backprop-course")

__all__ = ["ExerciseFailed", "__version__", "check", "evaluate", "exercises", "gradcheck", "ops"]

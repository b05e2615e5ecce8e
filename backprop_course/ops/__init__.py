"""Reference mathematics: forward, backward and, where the course shows one, Jacobian.

Conventions of the whole course: row vectors, batch first, ``z = x @ W + b``; ``dy`` is the upstream
gradient, and ``d<name>`` is the gradient of the loss with respect to ``<name>`` and has its shape. A Jacobian
is outputs by inputs, ``J[i, j] = dy_i / dx_j``.
"""

from backprop_course.ops import (
    _activations,
    _calculus,
    _gates,
    _jacobians,
    _linear,
    _losses,
    _maxima,
    _softmax,
    _subgradients,
)
from backprop_course.ops._activations import *
from backprop_course.ops._calculus import *
from backprop_course.ops._gates import *
from backprop_course.ops._jacobians import *
from backprop_course.ops._linear import *
from backprop_course.ops._losses import *
from backprop_course.ops._maxima import *
from backprop_course.ops._softmax import *
from backprop_course.ops._subgradients import *

__all__ = _activations.__all__ + _calculus.__all__ + _gates.__all__ + _jacobians.__all__
__all__ += _linear.__all__ + _losses.__all__ + _maxima.__all__ + _softmax.__all__ + _subgradients.__all__

"""Wrong and right implementations of every exercise, written from how students really err.

``python -m tests.mistakes`` prints how each kind of mistake is named.
"""

from tests.mistakes import (
    activations,
    backpropagation,
    chain_rule,
    computational_graphs,
    digits,
    jacobians,
    softmax_and_losses,
)
from tests.mistakes._corpus import RIGHT, WRONG, Specimen

__all__ = [
    "RIGHT",
    "WRONG",
    "Specimen",
    "activations",
    "backpropagation",
    "chain_rule",
    "computational_graphs",
    "digits",
    "jacobians",
    "softmax_and_losses",
]

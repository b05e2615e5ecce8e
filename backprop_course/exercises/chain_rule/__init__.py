"""Exercises of assignment 01-chain-rule."""

from backprop_course.exercises.chain_rule._one_path import (
    CENTRAL_DIFFERENCE,
    CHAIN_DERIVATIVE,
    EXP_SIN_SQUARE_DERIVATIVE,
)
from backprop_course.exercises.chain_rule._several_paths import (
    DISTRIBUTED_DERIVATIVE,
    PARTIAL_AND_TOTAL,
    SQUARED_ERROR_NODE_GRADIENTS,
)

EXERCISES = (
    CENTRAL_DIFFERENCE,
    EXP_SIN_SQUARE_DERIVATIVE,
    CHAIN_DERIVATIVE,
    DISTRIBUTED_DERIVATIVE,
    PARTIAL_AND_TOTAL,
    SQUARED_ERROR_NODE_GRADIENTS,
)

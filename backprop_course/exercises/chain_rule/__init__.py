"""Exercises of assignment 01-chain-rule."""

from backprop_course.exercises.chain_rule._difference import CENTRAL_DIFFERENCE
from backprop_course.exercises.chain_rule._node import SQUARED_ERROR_NODE_GRADIENTS
from backprop_course.exercises.chain_rule._one_path import CHAIN_DERIVATIVE, EXP_SIN_SQUARE_DERIVATIVE
from backprop_course.exercises.chain_rule._several_paths import DISTRIBUTED_DERIVATIVE, PARTIAL_AND_TOTAL

EXERCISES = (
    CENTRAL_DIFFERENCE,
    EXP_SIN_SQUARE_DERIVATIVE,
    CHAIN_DERIVATIVE,
    DISTRIBUTED_DERIVATIVE,
    PARTIAL_AND_TOTAL,
    SQUARED_ERROR_NODE_GRADIENTS,
)

"""Exercises of assignment 01-chain-rule."""

from backprop_course.exercises.chain_rule import _difference, _node, _one_path, _several_paths

EXERCISES = (
    _difference.CENTRAL_DIFFERENCE,
    _one_path.EXP_SIN_SQUARE_DERIVATIVE,
    _one_path.CHAIN_DERIVATIVE,
    _several_paths.DISTRIBUTED_DERIVATIVE,
    _several_paths.PARTIAL_AND_TOTAL,
    _node.SQUARED_ERROR_NODE_GRADIENTS,
)

"""Exercises of assignment 06-backpropagation."""

from backprop_course.exercises.backpropagation import (
    _broadcast,
    _graph,
    _layers,
    _mlp_backward,
    _mlp_forward,
    _products,
)

EXERCISES = (
    _layers.EXTENDED_LAYER_BACKWARD,
    _layers.LINEAR_BACKWARD,
    _broadcast.BROADCAST_BACKWARD,
    _mlp_forward.MLP_FORWARD,
    _mlp_backward.MLP_BACKWARD,
    _graph.ACTIVATION_MEMORY,
    _products.MULTIPLY_BACKWARD,
    _products.PAIRWISE_PRODUCT_BACKWARD,
    _products.GATED_UNIT_BACKWARD,
    _graph.SHARED_WEIGHT_BACKWARD,
)

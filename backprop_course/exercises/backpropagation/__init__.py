"""Exercises of assignment 06-backpropagation."""

from backprop_course.exercises.backpropagation._broadcast import BROADCAST_BACKWARD
from backprop_course.exercises.backpropagation._graph import ACTIVATION_MEMORY, SHARED_WEIGHT_BACKWARD
from backprop_course.exercises.backpropagation._layers import EXTENDED_LAYER_BACKWARD, LINEAR_BACKWARD
from backprop_course.exercises.backpropagation._mlp_backward import MLP_BACKWARD
from backprop_course.exercises.backpropagation._mlp_forward import MLP_FORWARD
from backprop_course.exercises.backpropagation._products import (
    GATED_UNIT_BACKWARD,
    MULTIPLY_BACKWARD,
    PAIRWISE_PRODUCT_BACKWARD,
)

EXERCISES = (
    EXTENDED_LAYER_BACKWARD,
    LINEAR_BACKWARD,
    BROADCAST_BACKWARD,
    MLP_FORWARD,
    MLP_BACKWARD,
    ACTIVATION_MEMORY,
    MULTIPLY_BACKWARD,
    PAIRWISE_PRODUCT_BACKWARD,
    GATED_UNIT_BACKWARD,
    SHARED_WEIGHT_BACKWARD,
)

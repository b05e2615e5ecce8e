"""Exercises of assignment 04-activations."""

from backprop_course.exercises.activations._leaky import (
    ELU_BACKWARD,
    LEAKY_RELU_BACKWARD,
    PRELU_BACKWARD,
    RRELU_BACKWARD,
)
from backprop_course.exercises.activations._maxima import MAX_BACKWARD, MAX_POOL_BACKWARD
from backprop_course.exercises.activations._maxout import MAXOUT_BACKWARD
from backprop_course.exercises.activations._relu import IS_SUBGRADIENT, RELU_BACKWARD, RELU_SUBDIFFERENTIAL
from backprop_course.exercises.activations._smooth import (
    LINEAR_COMPOSITION,
    SIGMOID_BACKWARD,
    SOFTPLUS_BACKWARD,
    TANH_BACKWARD,
)

EXERCISES = (
    LINEAR_COMPOSITION,
    SIGMOID_BACKWARD,
    TANH_BACKWARD,
    RELU_BACKWARD,
    LEAKY_RELU_BACKWARD,
    RELU_SUBDIFFERENTIAL,
    IS_SUBGRADIENT,
    MAX_BACKWARD,
    MAX_POOL_BACKWARD,
    PRELU_BACKWARD,
    RRELU_BACKWARD,
    SOFTPLUS_BACKWARD,
    ELU_BACKWARD,
    MAXOUT_BACKWARD,
)

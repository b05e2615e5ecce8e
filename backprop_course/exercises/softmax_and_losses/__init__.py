"""Exercises of assignment 05-softmax-and-losses."""

from backprop_course.exercises.softmax_and_losses._backward import LOG_SOFTMAX_BACKWARD, SOFTMAX_BACKWARD
from backprop_course.exercises.softmax_and_losses._cross_entropy import CROSS_ENTROPY_BACKWARD
from backprop_course.exercises.softmax_and_losses._divergences import (
    KL_DIVERGENCE_BACKWARD,
    SQUARED_ERROR_BACKWARD,
)
from backprop_course.exercises.softmax_and_losses._sigmoid_cross_entropy import (
    SIGMOID_CROSS_ENTROPY_BACKWARD,
)
from backprop_course.exercises.softmax_and_losses._sigmoid_mse import SIGMOID_MSE_BACKWARD
from backprop_course.exercises.softmax_and_losses._softmax import LOG_SOFTMAX, SOFTMAX
from backprop_course.exercises.softmax_and_losses._softmax_cross_entropy import (
    SOFTMAX_CROSS_ENTROPY_BACKWARD,
)
from backprop_course.exercises.softmax_and_losses._softmax_jacobian import SOFTMAX_JACOBIAN

EXERCISES = (
    SOFTMAX,
    LOG_SOFTMAX,
    SOFTMAX_JACOBIAN,
    SOFTMAX_BACKWARD,
    LOG_SOFTMAX_BACKWARD,
    SQUARED_ERROR_BACKWARD,
    KL_DIVERGENCE_BACKWARD,
    CROSS_ENTROPY_BACKWARD,
    SIGMOID_MSE_BACKWARD,
    SIGMOID_CROSS_ENTROPY_BACKWARD,
    SOFTMAX_CROSS_ENTROPY_BACKWARD,
)

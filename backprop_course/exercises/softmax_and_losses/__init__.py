"""Exercises of assignment 05-softmax-and-losses."""

from backprop_course.exercises.softmax_and_losses import (
    _backward,
    _cross_entropy,
    _divergences,
    _sigmoid_cross_entropy,
    _sigmoid_mse,
    _softmax,
    _softmax_cross_entropy,
    _softmax_jacobian,
)

EXERCISES = (
    _softmax.SOFTMAX,
    _softmax.LOG_SOFTMAX,
    _softmax_jacobian.SOFTMAX_JACOBIAN,
    _backward.SOFTMAX_BACKWARD,
    _divergences.SQUARED_ERROR_BACKWARD,
    _cross_entropy.CROSS_ENTROPY_BACKWARD,
    _sigmoid_mse.SIGMOID_MSE_BACKWARD,
    _sigmoid_cross_entropy.SIGMOID_CROSS_ENTROPY_BACKWARD,
    _softmax_cross_entropy.SOFTMAX_CROSS_ENTROPY_BACKWARD,
    _backward.LOG_SOFTMAX_BACKWARD,
    _divergences.KL_DIVERGENCE_BACKWARD,
)

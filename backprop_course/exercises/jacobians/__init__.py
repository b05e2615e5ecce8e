"""Exercises of assignment 03-jacobians."""

from backprop_course.exercises.jacobians._linear_jacobians import (
    LINEAR_JACOBIAN_B,
    LINEAR_JACOBIAN_H,
    LINEAR_JACOBIAN_W,
)
from backprop_course.exercises.jacobians._linear_vjps import LINEAR_VJP_B, LINEAR_VJP_H, LINEAR_VJP_W
from backprop_course.exercises.jacobians._network import NETWORK_VJP
from backprop_course.exercises.jacobians._numerical_hessian import NUMERICAL_HESSIAN
from backprop_course.exercises.jacobians._numerical_jacobian import NUMERICAL_JACOBIAN
from backprop_course.exercises.jacobians._products import CHAIN_JACOBIANS, ELEMENTWISE_VJP
from backprop_course.exercises.jacobians._row_by_row import JACOBIAN_FROM_VJP, SQUARED_DISTANCE_BACKWARD

EXERCISES = (
    NUMERICAL_JACOBIAN,
    CHAIN_JACOBIANS,
    SQUARED_DISTANCE_BACKWARD,
    NUMERICAL_HESSIAN,
    LINEAR_JACOBIAN_H,
    LINEAR_JACOBIAN_B,
    LINEAR_JACOBIAN_W,
    LINEAR_VJP_H,
    LINEAR_VJP_W,
    LINEAR_VJP_B,
    ELEMENTWISE_VJP,
    JACOBIAN_FROM_VJP,
    NETWORK_VJP,
)

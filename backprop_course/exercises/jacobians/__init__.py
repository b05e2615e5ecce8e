"""Exercises of assignment 03-jacobians."""

from backprop_course.exercises.jacobians import (
    _linear_jacobians,
    _linear_vjps,
    _network,
    _numerical_hessian,
    _numerical_jacobian,
    _products,
    _row_by_row,
)

EXERCISES = (
    _numerical_jacobian.NUMERICAL_JACOBIAN,
    _products.CHAIN_JACOBIANS,
    _row_by_row.SQUARED_DISTANCE_BACKWARD,
    _linear_jacobians.LINEAR_JACOBIAN_H,
    _linear_jacobians.LINEAR_JACOBIAN_B,
    _linear_jacobians.LINEAR_JACOBIAN_W,
    _linear_vjps.LINEAR_VJP_H,
    _linear_vjps.LINEAR_VJP_W,
    _linear_vjps.LINEAR_VJP_B,
    _products.ELEMENTWISE_VJP,
    _row_by_row.JACOBIAN_FROM_VJP,
    _network.NETWORK_VJP,
    _numerical_hessian.NUMERICAL_HESSIAN,
)

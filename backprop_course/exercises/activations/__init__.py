"""Exercises of assignment 04-activations."""

from backprop_course.exercises.activations import _leaky, _maxima, _maxout, _relu, _smooth

EXERCISES = (
    _smooth.LINEAR_COMPOSITION,
    _smooth.SIGMOID_BACKWARD,
    _smooth.TANH_BACKWARD,
    _relu.RELU_BACKWARD,
    _leaky.LEAKY_RELU_BACKWARD,
    _relu.RELU_SUBDIFFERENTIAL,
    _relu.IS_SUBGRADIENT,
    _maxima.MAX_BACKWARD,
    _maxima.MAX_POOL_BACKWARD,
    _leaky.ELU_BACKWARD,
    _leaky.RRELU_BACKWARD,
    _leaky.PRELU_BACKWARD,
    _smooth.SOFTPLUS_BACKWARD,
    _maxout.MAXOUT_BACKWARD,
)

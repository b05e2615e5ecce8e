"""Exercises of assignment 07-digits."""

from backprop_course.exercises.digits import _binary, _network, _step, _training

EXERCISES = (_binary.BINARY_LOSS_AND_GRADIENTS, _step.SGD_STEP, _network.LOSS_AND_GRADIENTS, _training.TRAIN)

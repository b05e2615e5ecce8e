"""Exercises of assignment 07-digits."""

from backprop_course.exercises.digits._binary import BINARY_LOSS_AND_GRADIENTS
from backprop_course.exercises.digits._network import LOSS_AND_GRADIENTS
from backprop_course.exercises.digits._step import SGD_STEP
from backprop_course.exercises.digits._training import TRAIN

EXERCISES = (BINARY_LOSS_AND_GRADIENTS, SGD_STEP, LOSS_AND_GRADIENTS, TRAIN)

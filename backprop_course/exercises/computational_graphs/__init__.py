"""Exercises of assignment 02-computational-graphs."""

from backprop_course.exercises.computational_graphs._algorithms import BACKPROPAGATE, TOPOLOGICAL_ORDER
from backprop_course.exercises.computational_graphs._examples import (
    FRACTION_BACKWARD,
    SIGMOID_NEURON_BACKWARD,
    SOFTPLUS_GRAPH_BACKWARD,
)
from backprop_course.exercises.computational_graphs._gates import (
    ADD_GATE_BACKWARD,
    MAX_GATE_BACKWARD,
    MULTIPLY_GATE_BACKWARD,
)

EXERCISES = (
    ADD_GATE_BACKWARD,
    MULTIPLY_GATE_BACKWARD,
    MAX_GATE_BACKWARD,
    SIGMOID_NEURON_BACKWARD,
    SOFTPLUS_GRAPH_BACKWARD,
    FRACTION_BACKWARD,
    TOPOLOGICAL_ORDER,
    BACKPROPAGATE,
)

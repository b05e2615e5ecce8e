"""Exercises of assignment 02-computational-graphs."""

from backprop_course.exercises.computational_graphs._backpropagate import BACKPROPAGATE
from backprop_course.exercises.computational_graphs._examples import (
    SIGMOID_NEURON_BACKWARD,
    SOFTPLUS_GRAPH_BACKWARD,
)
from backprop_course.exercises.computational_graphs._fraction import FRACTION_BACKWARD
from backprop_course.exercises.computational_graphs._gates import (
    ADD_GATE_BACKWARD,
    MAX_GATE_BACKWARD,
    MULTIPLY_GATE_BACKWARD,
)
from backprop_course.exercises.computational_graphs._topological_order import TOPOLOGICAL_ORDER

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

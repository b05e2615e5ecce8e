"""Exercises of assignment 02-computational-graphs."""

from backprop_course.exercises.computational_graphs import (
    _backpropagate,
    _examples,
    _fraction,
    _gates,
    _topological_order,
)

EXERCISES = (
    _gates.ADD_GATE_BACKWARD,
    _gates.MULTIPLY_GATE_BACKWARD,
    _gates.MAX_GATE_BACKWARD,
    _examples.SIGMOID_NEURON_BACKWARD,
    _examples.SOFTPLUS_GRAPH_BACKWARD,
    _fraction.FRACTION_BACKWARD,
    _topological_order.TOPOLOGICAL_ORDER,
    _backpropagate.BACKPROPAGATE,
)

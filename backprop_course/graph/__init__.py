"""Computational graphs: an order to visit the nodes, the backward pass, and a graph to look at and change.

`topological_order` and `backpropagate` work on plain dictionaries. `Graph` holds named nodes with their
values and local derivatives, shows the forward and the backward pass as tables, and draws itself.
"""

from backprop_course.graph._backpropagation import backpropagate, topological_order
from backprop_course.graph._edges import Edge
from backprop_course.graph._graph import Graph
from backprop_course.graph._operations import OPERATIONS, Operation, add_constant, power, scale
from backprop_course.graph._tables import Table

__all__ = [
    "OPERATIONS",
    "Edge",
    "Graph",
    "Operation",
    "Table",
    "add_constant",
    "backpropagate",
    "power",
    "scale",
    "topological_order",
]

"""A computational graph to work with: the model, with the tables and the picture that show it."""

from __future__ import annotations

from backprop_course.graph._drawing import draw, in_words
from backprop_course.graph._model import Model
from backprop_course.graph._tables import Table, backward_table, forward_table
from backprop_course.svg import Picture, image


class Graph(Model):
    """A computational graph: named inputs, and named nodes that each apply one operation to earlier nodes.

    A node is known by its name. It can only use nodes that exist already, so a graph has no cycles. Values
    and gradients are computed when asked for, from the inputs as they are then. In a notebook a graph draws
    itself: values in blue, above, and what the backward pass sends along each edge in purple, below.

    Methods that take `output` differentiate that node; without it, the node that was added last.

    See Also
    --------
    Graph.from_formulas : Write the computation down as lines of Python.

    References
    ----------
    P. Arias Martínez, *T4: Backpropagation algorithm*, Master in Computer Vision Barcelona, 2022, for the
    tables; *Lecture 5: Backpropagation*, lecture of 29 January 2018, for the pictures.

    Examples
    --------
    >>> g = Graph.from_formulas("x = -2; y = 5; z = -4; q = x + y; f = q * z")
    >>> g.values["f"], g.gradients()
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0, 'q': -4.0, 'f': 1.0})

    The same graph node by node, which also takes operations of your own:

    >>> from backprop_course.graph import OPERATIONS
    >>> g = Graph()
    >>> x, y, z = g.input("x", -2), g.input("y", 5), g.input("z", -4)
    >>> q = g.node("q", OPERATIONS["add"], x, y)
    >>> f = g.node("f", OPERATIONS["multiply"], q, z)
    """

    def forward_table(self) -> Table:
        """Return the forward pass as a table: each operation with its inputs, value and local derivatives."""
        return forward_table(self)

    def backward_table(self, output: str | None = None) -> Table:
        """Return the backward pass as a table: upstream gradient times local derivative, edge by edge."""
        return backward_table(self, self._output(output))

    def forward_picture(self) -> Picture:
        """Return the picture of the forward pass: the graph with its values, and no gradients yet."""
        words = in_words(self, backward=False)
        return Picture(draw(self, self._output(None), backward=False), words)

    def svg(self, output: str | None = None) -> str:
        """Draw the graph from left to right."""
        return draw(self, self._output(output))

    def _repr_html_(self) -> str:
        return image(self.svg(), in_words(self))

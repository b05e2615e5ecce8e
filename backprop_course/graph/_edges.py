"""What the backward pass sends along an edge of a graph."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """An edge of a graph, and what the backward pass sends along it from the child to the parent.

    ``downstream = upstream * local`` is this edge's share of the parent's gradient; `upstream` is the
    gradient of the child. `rule` is the formula of the local derivative ∂child/∂parent, `computed` its value,
    and `local` the number in use: they differ where it was overridden.
    """

    parent: str
    child: str
    rule: str
    computed: float
    local: float
    upstream: float
    downstream: float

    @property
    def overridden(self) -> bool:
        """Whether another number stands in the place of the computed local derivative."""
        return self.local != self.computed

"""Where the units, the lines between them and their numbers go."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

from backprop_course.svg import Box, Point, least_overlap
from backprop_course.widgets.network._network import Network

RADIUS = 25.0
MOST = 8  # units of a layer that are all drawn; of more, the first two and the last
NUMBERED = 12  # lines drawn between two layers up to which each shows its numbers
WIDE, NARROW, TALL, LOW = 200.0, 130.0, 104.0, 64.0
ALONG = (0.36, 0.64, 0.45, 0.55, 0.29, 0.71, 0.5)  # places for numbers on a line
Edge = tuple[int, int, int]  # weights[layer][i, j]


@dataclass(frozen=True)
class Layout:
    """Middles of units (layer, i), of gaps where units are left out, and of the numbers on each line."""

    units: dict[tuple[int, int], Point]
    gaps: list[tuple[Point, int]]  # and how many are left out there
    edges: dict[Edge, Point | None]
    width: float
    height: float


def lay_out(
    network: Network, room: Callable[[Edge], float], name_width: float, below: dict[tuple[int, int], float]
) -> Layout:
    """Place a network from left to right.

    `room` is how wide the numbers on a line may get, `name_width` how wide the widest name is, and
    `below` how wide what stands below a unit, where that is wider than its circle.
    """
    shown = [_shown(width) for width in network.widths]
    numbered = [len(_pairs(a, b)) <= NUMBERED and network.x is not None for a, b in pairwise(shown)]
    row = TALL if any(numbered) else LOW
    height = (max(map(len, shown)) - 1) * row
    units: dict[tuple[int, int], Point] = {}
    gaps: list[tuple[Point, int]] = []
    x = 0.0
    for layer, rows in enumerate(shown):
        top = (height - (len(rows) - 1) * row) / 2
        for place, i in enumerate(rows):
            point = (x, top + place * row)
            if i is None:
                gaps.append((point, network.widths[layer] - len(rows) + 1))
            else:
                units[layer, i] = point
        x += WIDE if layer < len(numbered) and numbered[layer] else NARROW
    width = max(x for x, _ in units.values())
    edges = [(k, i, j) for k, (a, b) in enumerate(pairwise(shown)) for i, j in _pairs(a, b)]
    taken: list[Box] = [(*point, 2 * RADIUS + 8, 2 * RADIUS + 34) for point in units.values()]
    taken += [(x, y - RADIUS - 12, name_width, 16.0) for x, y in units.values()]
    taken += [(x, y + RADIUS + 10, below[unit], 16.0) for unit, (x, y) in units.items() if unit in below]
    lines = {edge: _boxes(*ends(units[edge[0], edge[1]], units[edge[0] + 1, edge[2]])) for edge in edges}
    places: dict[Edge, Point | None] = {}
    for edge in sorted(edges, key=lambda e: abs(units[e[0], e[1]][1] - units[e[0] + 1, e[2]][1])):
        if not numbered[edge[0]]:
            places[edge] = None
            continue
        start, end = ends(units[edge[0], edge[1]], units[edge[0] + 1, edge[2]])
        on_line = [(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in ALONG]
        size = (room(edge), 36.0)
        others = [box for e in edges if e != edge for box in lines[e]]
        best = least_overlap(on_line, size, [*taken, *others])
        taken.append((*best, *size))
        places[edge] = best
    return Layout(units, gaps, {edge: places[edge] for edge in edges}, width, height)


def ends(one: Point, other: Point) -> tuple[Point, Point]:
    """Return where the line between two units leaves the first circle and meets the second."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = (dx * dx + dy * dy) ** 0.5
    along = (dx * RADIUS / length, dy * RADIUS / length)
    return (one[0] + along[0], one[1] + along[1]), (other[0] - along[0], other[1] - along[1])


def _boxes(start: Point, end: Point) -> list[Box]:
    """Return small boxes along a line, for the numbers of other lines to keep clear of."""
    (x, y), (to_x, to_y) = start, end
    return [(x + t / 40 * (to_x - x), y + t / 40 * (to_y - y), 2.0, 2.0) for t in range(41)]


def _shown(width: int) -> list[int | None]:
    """List the units of a layer to draw; None stands for those left out."""
    return list(range(width)) if width <= MOST else [0, 1, None, width - 1]


def _pairs(a: list[int | None], b: list[int | None]) -> list[tuple[int, int]]:
    return [(i, j) for i, j in product(a, b) if i is not None and j is not None]

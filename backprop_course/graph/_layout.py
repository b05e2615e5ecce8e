"""Where to draw nodes and edges: a layered layout (Sugiyama), from left to right.

It is our own because none that is kept fits: grandalf and igraph are under copyleft licences, networkx has no
layout that avoids crossings, and the others are compiled, with no build for Python in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

from backprop_course.graph._backpropagation import topological_order
from backprop_course.svg import Point

SWEEPS = 12  # there and back over the columns; the graphs of the course are settled after six
Slot = tuple[str, ...]  # (node,), or (parent, child, column) where an edge passes through a column
Links = dict[Slot, list[Slot]]


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes and, for each edge (parent, child), where it enters and leaves other columns."""

    centres: dict[str, Point]
    crossings: dict[tuple[str, str], list[tuple[Point, Point]]]
    width: float
    height: float


def place(
    parents: Mapping[str, Sequence[str]], widths: Mapping[str, float], row_height: float, gap: float
) -> Layout:
    """Place nodes of the given widths in columns, every parent left of its children, with few crossings.

    Between two columns there is a `gap`; two nodes of a column are a `row_height` apart, or more.
    """
    column_of = _columns(parents)
    routes = {
        (parent, child): [(parent, child, str(k)) for k in range(column_of[parent] + 1, column_of[child])]
        for child in parents
        for parent in parents[child]
    }
    slots: list[list[Slot]] = [[] for _ in range(max(column_of.values()) + 1)]
    for name, column in column_of.items():
        slots[column].append((name,))
    before: Links = {}
    after: Links = {}
    for (parent, child), route in routes.items():
        for passing in route:
            slots[int(passing[2])].append(passing)
        for left, right in pairwise([(parent,), *route, (child,)]):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    columns = _ordered(slots, before, after)
    rows = _rows(columns, before, after)
    breadths = [max((widths[slot[0]] for slot in c if len(slot) == 1), default=0.0) for c in columns]
    lefts = list(accumulate((breadth + gap for breadth in breadths), initial=0.0))

    def at(slot: Slot, side: float) -> Point:
        column = column_of[slot[0]] if len(slot) == 1 else int(slot[2])
        return lefts[column] + side * breadths[column], rows[slot] * row_height

    return Layout(
        {name: at((name,), 0.5) for name in parents},
        {edge: [(at(slot, 0.0), at(slot, 1.0)) for slot in route] for edge, route in routes.items()},
        lefts[-1] - gap,
        max(rows.values()) * row_height,
    )


def _columns(parents: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Give each node the first column right of its parents; an input stands just before what uses it."""
    order = topological_order(parents)
    column: dict[str, int] = {}
    for name in order:
        column[name] = 1 + max((column[parent] for parent in parents[name]), default=-1)
    for name in parents:
        users = [column[child] for child in parents if name in parents[child]]
        if users and not parents[name]:
            column[name] = min(users) - 1
    return {name: column[name] for name in parents}


def _ordered(columns: list[list[Slot]], before: Links, after: Links) -> list[list[Slot]]:
    """Order each column by the mean place of its neighbours, to and fro; keep what crosses least."""
    best, fewest = columns, _crossings(columns, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        links, direction = (before, 1) if forward else (after, -1)
        found = [list(column) for column in best] if sweep % 4 == 0 else [list(c) for c in columns]
        for k in list(range(len(found)))[::direction][1:]:
            places = {slot: i for i, slot in enumerate(found[k - direction])}
            found[k].sort(key=_mean_of(links, places, {slot: i for i, slot in enumerate(found[k])}))
        for k, column in enumerate(found):
            _swap_neighbours(column, found[max(0, k - 1) : k + 2], after)
        columns = found
        if (now := _crossings(found, after)) < fewest:
            best, fewest = found, now
        if fewest == 0:
            break
    return best


def _mean_of(links: Links, places: dict[Slot, int], own: dict[Slot, int]) -> Callable[[Slot], float]:
    def mean(slot: Slot) -> float:
        linked = [places[other] for other in links.get(slot, []) if other in places]
        return sum(linked) / len(linked) if linked else own[slot]

    return mean


def _swap_neighbours(column: list[Slot], around: list[list[Slot]], after: Links) -> None:
    """Swap two slots of a column wherever that saves a crossing with the columns `around` it."""
    now = _crossings(around, after)
    for i in range(len(column) - 1):
        column[i], column[i + 1] = column[i + 1], column[i]
        swapped = _crossings(around, after)
        if swapped < now:
            now = swapped
        else:
            column[i], column[i + 1] = column[i + 1], column[i]


def _crossings(columns: Sequence[Sequence[Slot]], after: Links) -> int:
    """Count the pairs of lines that cross between two columns."""
    total = 0
    for left, right in pairwise(columns):
        places = {slot: i for i, slot in enumerate(right)}
        lines = [(i, places[end]) for i, slot in enumerate(left) for end in after.get(slot, [])]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
    return total


def _rows(columns: Sequence[Sequence[Slot]], before: Links, after: Links) -> dict[Slot, float]:
    """Move each slot towards its neighbours, in the order of its column and a row apart; the top is row 0."""
    rows = {slot: float(i) for column in columns for i, slot in enumerate(column)}
    for sweep in range(SWEEPS):
        links = (before, after)[sweep % 2]
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = []
            for slot in column:
                linked = [rows[other] for other in links.get(slot, [])]
                wanted.append(sum(linked) / len(linked) if linked else rows[slot])
            rows.update(zip(column, _apart(wanted), strict=True))
    top = min(rows.values())
    return {slot: row - top for slot, row in rows.items()}


def _apart(wanted: Sequence[float]) -> list[float]:
    """Return rows at least 1 apart, in order, as near as can be to the wanted ones (least squares)."""
    blocks: list[list[float]] = []  # of slots that touch: how many, and the mean of wanted row − place
    for i, row in enumerate(wanted):
        blocks.append([1.0, row - i])
        while len(blocks) > 1 and blocks[-2][1] >= blocks[-1][1]:
            (n, a), (m, b) = blocks[-2:]
            blocks[-2:] = [[n + m, (n * a + m * b) / (n + m)]]
    shifts = [shift for count, shift in blocks for _ in range(int(count))]
    return [shift + i for i, shift in enumerate(shifts)]

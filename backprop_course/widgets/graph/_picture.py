"""Where the browser draws a graph, and how far its inputs can be moved: what no step changes."""

import math
from typing import Any

from backprop_course.graph import Graph
from backprop_course.graph._plan import BOX_HEIGHT, Plan, Spacing, path_of, plan
from backprop_course.svg import width_of

SPACING = Spacing(row=130, gap=94, numbers=51, stub=70)  # three numbers on an edge; narrower than a figure
ROOM = width_of("−0.0004003")  # for every number, so that none moves when another one changes
LEFT, TOP, RIGHT, BOTTOM = 36.0, 8.0, 8.0, 22.0  # room for Σ and for numbers on the outermost edges


def picture_of(graph: Graph) -> dict[str, Any]:
    """Return boxes, edges, places of numbers and ranges of inputs, in the units of the drawing."""
    made = plan(graph, lambda name: ROOM, lambda parent, child: ROOM, SPACING)
    width = LEFT + made.layout.width + SPACING.stub + RIGHT
    height = TOP + BOX_HEIGHT + made.layout.height + BOTTOM
    return {
        "view": [-LEFT, -TOP - BOX_HEIGHT / 2, width, height],
        "nodes": [_node(made, name) for name in graph.parents],
        "edges": [
            _arrow(made.curves(parent, child)) | {"parent": parent, "child": child, "numbers": at}
            for (parent, child), at in made.numbers.items()
        ],
        "inputs": [{"name": name} | range_of(value) for name, value in graph.inputs.items()],
    }


def _node(made: Plan, name: str) -> dict[str, Any]:
    x, y = made.layout.centres[name]
    children = made.children(name)
    stub = _arrow([made.stub(name)]) | {"numbers": [x + (made.widths[name] + SPACING.stub) / 2 - 4, y]}
    return {
        "name": name,
        "formula": made.graph.formula(name) if made.graph.parents[name] else None,
        "box": [x - made.widths[name] / 2, y - BOX_HEIGHT / 2, made.widths[name], BOX_HEIGHT],
        "sum": made.sum_at(name) if children > 1 else None,
        "stub": None if children else stub,
    }


def _arrow(curves: list[Any]) -> dict[str, Any]:
    """Return the path of an edge and its two ends, where arrowheads stand."""
    return {"path": path_of(curves), "start": curves[0][0], "end": curves[-1][1]}


def range_of(value: float) -> dict[str, float]:
    """Choose how far an input can be moved: some way to both sides, in round steps that meet `value`."""
    reach = max(3.0, 1.5 * abs(value))
    power = 10.0 ** math.floor(math.log10(reach / 50))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= reach / 50)
    count = math.ceil(reach / step)
    return {"min": value - count * step, "max": value + count * step, "step": step}

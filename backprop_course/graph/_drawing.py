"""Draw a graph as SVG: values above the edges, and below them what the backward pass sends along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backprop_course.graph._edges import Edge
from backprop_course.graph._model import Model
from backprop_course.graph._plan import BOX_HEIGHT, Plan, Spacing, path_of, plan
from backprop_course.numbers import show
from backprop_course.svg import Curve, Point, document, label, tag, text, title, width_of

MARGIN, LEGEND_BELOW, LEGEND_WIDTH = 34.0, 44.0, 505.0
PAGE = 848.0  # what a notebook in a window of 1280 pixels has room for; a wider picture shrinks
LEGEND = (
    ("above: value", "value"),
    ("below: upstream × local", "gradient"),
)
SUMS = (("Σ: gradient, where several meet", "gradient"),)  # where the graph has one

Number = tuple[str, Point, str]  # words, where they stand, and their role


def draw(graph: Model, output: str, *, backward: bool = True) -> str:
    """Return the graph as an SVG document, with every gradient taken from `output`, or with values alone."""
    values, gradients, edges = graph.values, graph.gradients(output), graph.edges(output)
    sent = {(edge.parent, edge.child): edge.downstream for edge in edges}
    numbers_on = {key: max(width_of(show(n)) for n in (values[key[0]], sent[key])) for key in sent}
    widest = max(numbers_on.values(), default=0.0)
    for spacing in (Spacing(), Spacing(gap=min(Spacing.gap, widest + 24))):
        made = plan(
            graph, lambda name: width_of(_sum(gradients[name])), lambda *edge: numbers_on[edge], spacing
        )
        width = max(made.layout.width + spacing.stub, LEGEND_WIDTH) + 2 * MARGIN
        if width <= PAGE:
            break
    lines, numbers = _stubs(made, values, gradients)
    for edge in edges:
        lines.append(_edge(made, edge, backward=backward))
        numbers += _pair(made.numbers[edge.parent, edge.child], values[edge.parent], edge.downstream)
    boxes = [_node(made, name) for name in graph.parents]
    shown, legend = (
        [_number(*number) for number in all_of_them if backward or number[-1] == "value"]
        for all_of_them in (numbers, _legend(made))
    )
    groups = {"edges": lines, "nodes": boxes, "numbers": shown, "legend": legend}
    return document(
        f"Computational graph of {output}",
        width,
        made.layout.height + BOX_HEIGHT + LEGEND_BELOW + 2 * MARGIN,
        *(tag("g", *parts, class_=name) for name, parts in groups.items()),
        description=in_words(graph, output, backward=backward),
        corner=(-MARGIN, -MARGIN - BOX_HEIGHT / 2),
    )


def _stubs(
    made: Plan, values: Mapping[str, float], gradients: Mapping[str, float]
) -> tuple[list[str], list[Number]]:
    """Draw the arrow after each node that nothing uses; place its numbers, and Σ below what several use."""
    lines, numbers = [], []
    for name in made.graph.parents:
        if made.children(name) == 0:
            (start, y), (end, _) = stub = made.stub(name)
            lines.append(_arrow([stub]))
            numbers += _pair(((start + end) / 2 - 4, y), values[name], gradients[name])
        elif made.children(name) > 1:
            numbers.append((_sum(gradients[name]), made.sum_at(name), "gradient"))
    return lines, numbers


def _node(made: Plan, name: str) -> str:
    (x, y), width, parents = made.layout.centres[name], made.widths[name], made.graph.parents[name]
    box = {"x": x - width / 2, "y": y - BOX_HEIGHT / 2, "width": width, "height": BOX_HEIGHT}
    corner = 5 if parents else BOX_HEIGHT / 2
    parts = [
        tag("rect", **box, rx=corner, fill="paper", stroke="muted", stroke_width=1.5),
        _line(name, x, y - 3 if parents else y + 5, font_size=14, font_weight="bold"),
    ]
    if parents:
        parts.append(_line(made.graph.formula(name), x, y + 14.3, font_size=12))
    return tag("g", *parts, class_="node", data_node=name)


def _line(words: str, x: float, y: float, **style: object) -> str:
    return text(words, x, y, fill="ink", text_anchor="middle", **style)


def _edge(made: Plan, edge: Edge, *, backward: bool) -> str:
    said = f"∂{edge.child}/∂{edge.parent} = {edge.rule}, here {show(edge.local)}."
    if backward:
        said += f" {show(edge.upstream)} × {show(edge.local)} = {show(edge.downstream)}"
    arrow = _arrow(made.curves(edge.parent, edge.child), by_hand=edge.overridden)
    return tag("g", title(said), arrow, class_="edge", data_parent=edge.parent, data_child=edge.child)


def _arrow(curves: list[Curve], *, by_hand: bool = False) -> str:
    """Draw curves, each after a straight line from the one before, and an arrowhead; dashed if by hand."""
    role, dashes = ("gradient", "5 4") if by_hand else ("muted", None)
    x, y = curves[-1][1]
    line = {"d": path_of(curves), "fill": "none", "stroke_width": 1.5, "stroke_dasharray": dashes}
    return tag("path", **line, stroke=role) + tag("path", d=f"M{x:g} {y:g}l-9 -4.5v9z", fill=role)


def _pair(centre: Point, value: float, gradient: float) -> list[Number]:
    x, y = centre
    return [(show(value), (x, y - 8.5), "value"), (show(gradient), (x, y + 8.5), "gradient")]


def _number(words: str, centre: Point, role: str) -> str:
    return tag("g", label(words, *centre, role), class_=role)


def _sum(gradient: float) -> str:
    return f"Σ {show(gradient)}"


def _legend(made: Plan) -> Iterator[Number]:
    x, y = 0.0, made.layout.height + BOX_HEIGHT / 2 + LEGEND_BELOW
    sums = any(made.children(name) > 1 for name in made.graph.parents)
    for words, role in LEGEND + SUMS * sums:
        yield words, (x + width_of(words) / 2, y), role
        x += width_of(words) + 12


def in_words(graph: Model, output: str | None = None, *, backward: bool = True) -> str:
    """Say what the picture shows."""
    values, gradients = graph.values, graph.gradients(output)
    return " ".join(
        (f"{name} = {graph.formula(name)}" if parents else name)
        + f" has the value {show(values[name])}"
        + (f" and the gradient {show(gradients[name])}." if backward else ".")
        for name, parents in graph.parents.items()
    )

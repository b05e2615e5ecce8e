"""What Python reads and sets on a chain explorer; no browser here."""

import json
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.numerical import central_difference
from backprop_course.widgets import ChainExplorer

FUNCTIONS: list[Callable[..., Any]] = [np.square, np.sin, np.exp]
DERIVATIVES: list[Callable[..., Any]] = [lambda x: 2 * x, np.cos, np.exp]
NAMES = ["a = x²", "b = sin(a)", "y = exp(b)"]
INNER: list[Callable[..., Any]] = [np.sin, np.square, lambda x: x]
INNER_DERIVATIVES: list[Callable[..., Any]] = [np.cos, lambda x: 2 * x, lambda x: 1.0]


def outer(z):
    return z[0] * z[1] + 5 * z[2]


def partials(z):
    return np.array([z[1], z[0], 5.0])


def chain(**more):
    return ChainExplorer(FUNCTIONS, DERIVATIVES, **{"names": NAMES} | more)


def paths(**more):
    given: dict[str, Any] = {"paths": INNER, "outer": outer}
    given |= {"derivatives": INNER_DERIVATIVES, "f_partials": partials}
    return ChainExplorer(**given | more)


def words(w, row):
    return next(found["words"] for found in w.picture["findings"] if found["row"] == row)


def rows(w, kind):
    return [row for row in w.picture["rows"] if row["kind"] == kind]


@pytest.mark.parametrize("x", [-1.5, 0.3, 1.0])
@pytest.mark.parametrize("dx", [-0.5, 1e-4, 0.1])
def test_a_chain_is_followed_as_ops_and_numpy_do(x, dx):
    w = chain(x=x, dx=dx)
    assert w.slope == pytest.approx(float(ops.chain_derivative(FUNCTIONS, DERIVATIVES, x)), rel=1e-12)
    assert w.change == float(ops.exp_sin_square(x + dx) - ops.exp_sin_square(x))


def test_every_stage_is_told_with_its_slope_where_it_is_taken():
    w = chain(x=1.0, dx=0.1)
    first, second, third = rows(w, "rule")
    assert (first["ratio"], first["slope"]) == ("Δa/Δx = 2.1", "da/dx = 2, at x = 1")
    assert second["ratio"] == f"Δb/Δa = {(np.sin(1.21) - np.sin(1.0)) / 0.21:.4g}"
    assert second["slope"] == f"db/da = {np.cos(1.0):.4g}, at a = 1"
    assert third["slope"] == f"dy/db = {math.exp(math.sin(1.0)):.4g}, at b = {math.sin(1.0):.4g}"
    assert [row["said"] for row in rows(w, "value")][:2] == ["Δx = 0.1", "Δa = 0.21"]


def test_the_arrows_are_the_moves_and_the_products_of_the_slopes_so_far():
    w = chain(x=1.0, dx=0.1)
    values = [1.0, 1.1]
    for row, f, slope in zip(
        rows(w, "value")[1:], FUNCTIONS, np.cumprod([2.0, np.cos(1.0), np.exp(np.sin(1))]), strict=True
    ):
        values = [float(f(v)) for v in values]
        (_, start, end), (_, from_, forecast) = row["arrows"]
        assert (start, from_) == (0.0, 0.0)
        assert end == pytest.approx(values[1] - values[0])
        assert forecast == pytest.approx(0.1 * slope)
    ends = [end for row in rows(w, "value") for _, *pair in row["arrows"] for end in pair]
    assert w.picture["span"] == [0.0, max(ends)]


def test_a_tenth_of_the_push_leaves_a_hundredth_of_the_miss():
    w = ChainExplorer([np.square], [lambda x: 2 * x], x=3.0, dx=0.1)
    assert words(w, "miss") == "0.01; with a tenth of Δx, 0.0001, 100 times smaller"
    assert words(ChainExplorer([lambda x: 3 * x], [lambda x: 3.0]), "miss") == "0"


def test_a_wrong_slope_leaves_a_miss_that_shrinks_no_faster_than_the_push():
    w = ChainExplorer([np.square], [lambda x: x], x=3.0, dx=0.01)
    assert "10 times smaller" in words(w, "miss")


def test_slopes_that_are_not_given_are_measured():
    w = ChainExplorer(FUNCTIONS, x=1.0)
    assert w.slope == pytest.approx(central_difference(ops.exp_sin_square, 1.0), rel=1e-7)
    assert all(row["slope"].endswith(", measured") for row in rows(w, "rule"))
    assert rows(w, "rule")[1]["name"] == "y₂ = sin(y₁)"


@pytest.mark.parametrize("x", [-0.7, 1.2])
@pytest.mark.parametrize("given", [True, False])
def test_several_paths_add_up_as_in_ops(x, given):
    w = paths(x=x, dx=0.01) if given else ChainExplorer(paths=INNER, outer=outer, x=x, dx=0.01)
    expected = float(ops.distributed_derivative(partials, INNER, INNER_DERIVATIVES, x))
    assert w.slope == pytest.approx(expected, rel=1e-7)
    moved = [np.sin(v) * v**2 + 5 * v for v in (x, x + 0.01)]
    assert w.change == pytest.approx(moved[1] - moved[0], rel=1e-9)
    *_, last = rows(w, "value")
    (_, _, change), *pieces = last["arrows"]
    assert change == w.change
    contributions = [end - start for _, start, end in pieces]
    slopes = partials(np.array([g(x) for g in INNER])) * [dg(x) for dg in INNER_DERIVATIVES]
    np.testing.assert_allclose(contributions, 0.01 * slopes, rtol=1e-7)
    assert [start for _, start, _ in pieces[1:]] == [end for _, _, end in pieces[:-1]]


def test_a_path_shows_what_y_does_where_its_number_alone_moves():
    w = ChainExplorer(paths=[lambda x: 2 * x, lambda x: x + 1], outer=lambda z: z[0] * z[1], x=2.0, dx=0.25)
    alone = [row for row in rows(w, "value") if row["step"] == 2]
    assert [row["after"] for row in alone] == [f"{4.5 * 3:g}", f"{4 * 3.25:g}"]
    assert words(w, "forecast") == "(3 · 2 + 4 · 1) · 0.25 = 2.5"
    assert words(w, "miss").startswith("0.125; ")


def test_moving_x_and_dx_follows_the_push_anew():
    w = chain(yours=ops.chain_derivative)
    w.x, w.dx = 0.5, -0.03
    assert w.change == float(ops.exp_sin_square(0.47) - ops.exp_sin_square(0.5))
    assert w.your_slope == pytest.approx(float(ops.exp_sin_square_derivative(0.5)))
    assert -0.03 in w.sizes
    assert w.sizes == sorted(w.sizes)


def test_a_right_and_a_wrong_function_of_the_student():
    right, wrong = chain(yours=ops.chain_derivative), chain(yours=lambda fs, ds, x: sum(d(x) for d in ds))
    assert words(right, "yours") == "✓ 2.507, as is the product of the slopes"
    assert words(wrong, "yours").startswith("✗ 5.259, while the product of the slopes is 2.507")
    assert words(paths(yours=ops.distributed_derivative), "yours").startswith("✓")


def test_a_students_function_cannot_change_the_lists_of_the_picture():
    def emptying(functions, derivatives, x):
        functions.clear()
        return derivatives.pop()(x)

    w = chain(yours=emptying)
    w.x = 0.5
    assert len(rows(w, "rule")) == 3
    assert w.your_slope == math.exp(0.5)


def unwritten(functions, derivatives, x):
    raise NotImplementedError


def broken(functions, derivatives, x):
    return functions[7](x)


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (unwritten, "unwritten is not written yet"),
        (broken, "broken stopped with IndexError"),
        (lambda fs, ds, x: None, "function returned None; expected one number."),
        (lambda fs, ds, x: [1.0, 2.0], "function returned [1.0, 2.0]; expected one number."),
        (lambda fs, ds, x: np.nan, "function returned nan; expected a finite number."),
    ],
)
def test_a_students_function_that_cannot_be_shown_hides_nothing_else(yours, said):
    w = chain(yours=yours)
    assert said in words(w, "yours")
    assert said in repr(w)
    assert (w.problem, w.your_slope) == ("", None)
    assert w.slope == pytest.approx(float(ops.exp_sin_square_derivative(1.0)))


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (np.log, "log at y₁ = 0, in y = log(y₁), returned -inf; expected a finite number. Move x"),
        (lambda y: 1 / 0, "f stopped at y₁ = 0, in y = f₂(y₁), with ZeroDivisionError"),
        (lambda y: None, "returned None; expected one number."),
        (lambda y: [1, 2], "returned [1, 2]; expected one number."),
        (lambda y: 1j, "expected one number."),
        (unwritten, "unwritten stopped at y₁ = 0"),
    ],
)
def test_a_stage_that_cannot_be_followed_says_why(f, said):
    w = ChainExplorer([np.square, f], x=0.0)
    assert said in w.problem
    assert said in repr(w)
    assert w.slope is None
    assert "".join(ET.fromstring(w.figure()).itertext()).startswith(w.problem[:40])


def test_a_stage_that_is_not_written_yet_says_so():
    def square(x):
        raise NotImplementedError

    assert ChainExplorer([square]).problem.startswith("square is not written yet.")


def test_moving_on_from_a_problem_shows_the_picture_again():
    w = ChainExplorer([np.square, np.log], x=1.0)
    w.x = 0.0
    assert w.problem
    assert w.change is None
    w.x = 0.5
    assert not w.problem
    assert w.change == pytest.approx(math.log(0.36) - math.log(0.25))


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({}, TypeError, "not both"),
        ({"functions": FUNCTIONS, "paths": INNER, "outer": outer}, TypeError, "not both"),
        ({"paths": INNER}, TypeError, "with outer=f"),
        ({"functions": np.sin}, TypeError, "expected a list of functions"),
        ({"functions": [np.sin(1)]}, TypeError, "without parentheses"),
        ({"functions": []}, ValueError, "at least one function"),
        ({"functions": FUNCTIONS, "derivatives": [np.cos]}, ValueError, "3 functions and 1 derivatives"),
        ({"functions": FUNCTIONS, "names": ["a"]}, ValueError, "expected a list of 3"),
        ({"paths": INNER, "outer": outer, "names": ["a", "b", "c"]}, ValueError, "expected a list of 4"),
        ({"functions": FUNCTIONS, "x": np.nan}, ValueError, "x = nan"),
        ({"functions": FUNCTIONS, "dx": "far"}, ValueError, "dx = 'far'"),
        ({"functions": FUNCTIONS, "dx": 0.0}, TraitError, "no push"),
        ({"functions": FUNCTIONS, "span": (1, 1)}, ValueError, "from < to"),
        ({"functions": FUNCTIONS, "x": 3.0, "span": (0, 1)}, TraitError, "outside the slider"),
        ({"functions": FUNCTIONS, "reached": 4}, TraitError, "from 0 to 3"),
        ({"functions": FUNCTIONS, "yours": 2.5}, TypeError, "expected a function"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        ChainExplorer(**arguments)


def test_what_the_push_has_not_reached_is_not_told():
    w = chain(reached=1, yours=ops.chain_derivative)
    figure = "".join(ET.fromstring(w.figure()).itertext())
    for said in (repr(w), figure):
        assert "Δa/Δx = 2.1" in said
        assert "Δb/Δa" not in said
        assert "2.507" not in said
    w.reached = 3
    assert "Δb/Δa = 0.4483" in repr(w)
    assert "2.507" in "".join(ET.fromstring(w.figure()).itertext())


@pytest.mark.parametrize("make", [chain, paths])
def test_the_figure_is_the_same_bytes_and_draws_arrows_to_scale(make):
    w = make(dx=0.1)
    assert w.figure() == make(dx=0.1).figure()
    drawn = ET.fromstring(w.figure())
    starts = [
        p.get("d") for p in drawn.iter("{http://www.w3.org/2000/svg}path") if p.get("stroke-width") == "6"
    ]
    lengths = [float(d.split("H")[1]) - float(d[1:].split()[0]) + 7 for d in starts if "H" in d]
    moves = [row["arrows"][0][2] for row in rows(w, "value")]
    scale = max(lengths) / max(moves)
    np.testing.assert_allclose(lengths, np.multiply(moves, scale), atol=0.02)


@pytest.mark.parametrize("w", [chain(), paths(), ChainExplorer([np.log], x=0.0)])
def test_the_state_is_plain_json(w):
    json.dumps({key: value for key, value in w.get_state().items() if key != "layout"}, allow_nan=False)

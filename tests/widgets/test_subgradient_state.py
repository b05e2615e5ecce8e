"""What Python reads and sets on a subgradient explorer; no browser here."""

import json
import subprocess
import sys

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.widgets import SubgradientExplorer


def scalar_relu(x):
    return x if x > 0 else 0.0


def test_importing_the_package_loads_no_widget_library():
    code = (
        "import backprop_course.widgets, sys; print({'anywidget', 'IPython', 'traitlets'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_a_missing_widget_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    for module in [name for name in sys.modules if name.startswith("backprop_course.widgets.")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(ImportError, match=r"pip install 'backprop-course\[student\]'"):
        from backprop_course.widgets import SubgradientExplorer  # noqa: F401


@pytest.mark.parametrize("f", [ops.relu, scalar_relu, lambda x: max(0.0, x), lambda x: x * (x > 0)])
def test_the_relu_at_its_kink(f):
    w = SubgradientExplorer(f, at=0.0)
    assert (w.interval, w.slope, w.supports, w.central_difference) == ((0.0, 1.0), 0.5, True, 0.5)


@pytest.mark.parametrize(
    ("slope", "supports"), [(0, True), (1, True), (0.3, True), (1.0001, False), (-0.0001, False), (2, False)]
)
def test_setting_the_slope_gives_the_verdict(slope, supports):
    w = SubgradientExplorer(ops.relu)
    w.slope = slope
    assert w.supports is supports


def test_moving_the_point_gives_another_interval():
    w = SubgradientExplorer(ops.relu)
    w.x0 = 0.3
    assert w.x0 == pytest.approx(0.3)
    assert w.interval == (1.0, 1.0)
    assert not w.supports
    w.slope = 1.0
    assert w.supports


def test_the_point_goes_to_the_nearest_sample():
    w = SubgradientExplorer(ops.relu)
    w.x0 = 0.001
    assert w.x0 == 0.0


@pytest.mark.parametrize("h", [1e-6, 0.01, 0.5, 0.3, 2.0])
@pytest.mark.parametrize("x0", [-1.0, 0.0, 0.25])
def test_the_central_difference_is_numpys_for_every_step(x0, h):
    w = SubgradientExplorer(ops.softplus, h=0.1)
    w.x0, w.h = x0, h
    expected = (ops.softplus(w.x0 + h) - ops.softplus(w.x0 - h)) / (2 * h)
    assert w.central_difference == expected


def test_a_step_that_leaves_the_picture_has_no_difference():
    w = SubgradientExplorer(ops.relu)
    w.x0, w.h = 2.8, 0.5
    assert w.central_difference is None
    assert "x₀ ± h leaves the picture" in repr(w)


def test_lines_open_on_their_tie():
    w = SubgradientExplorer(lines=[(-1, 0), (0.5, 0), (2, 0), (3, -2)])
    assert (w.x0, w.interval) == (0.0, (-1.0, 2.0))
    assert "slopes −1, 0.5, 2" in repr(w)
    w.x0 = 2.0
    assert w.interval == (2.0, 3.0)


def test_a_tie_between_samples_is_a_position_of_its_own():
    w = SubgradientExplorer(lines=[(0, 0), (3, -1)])
    assert (w.x0, w.interval) == (1 / 3, (0.0, 3.0))


def test_no_supporting_line_under_a_concave_stretch():
    w = SubgradientExplorer(np.sin, at=1.0)
    assert (w.interval, w.supports) == (None, False)
    assert "No supporting line exists here." in repr(w)


def test_the_students_backward_function_at_the_point():
    w = SubgradientExplorer(ops.relu, backward=lambda dy, z: dy * np.where(z == 0, 2.0, z > 0))
    assert w.yours == 2.0
    assert "Your backward: 2, off by 1." in repr(w)
    w.x0 = 1.0
    assert w.yours == 1.0


def unwritten(dy, z):
    raise NotImplementedError


def broken(dy, z):
    return dy[10_000]


@pytest.mark.parametrize(
    ("backward", "said"),
    [
        (unwritten, "unwritten is not written yet"),
        (broken, "broken stopped with IndexError"),
        (lambda dy, z: None, "backward returned None; expected an array"),
        (lambda dy, z: "no", "backward returned 'no'; expected an array"),
        (lambda dy, z: 1.0, "backward returned shape ()"),
        (lambda dy, z: dy / (z - z), "backward returned inf at z = -3"),
    ],
)
def test_a_backward_function_that_cannot_be_shown_says_why(backward, said):
    w = SubgradientExplorer(ops.relu, backward=backward)
    assert w.yours is None
    assert not w.problem
    assert said in repr(w)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (np.log, "log(-3) is nan"),
        (lambda x: 1 / 0, "f stopped at x = -3 with ZeroDivisionError: division by zero."),
        (lambda x: None, "f(-3) returned None; expected one number."),
        (lambda x: "high", "f(-3) returned 'high'; expected one number."),
        (lambda x: [x, x, x], "expected one number."),
        (lambda x: np.where(x == 0, np.inf, x), "f(0) is inf"),
    ],
)
def test_a_function_that_cannot_be_drawn_says_why(f, said):
    w = SubgradientExplorer(f)
    assert said in w.problem
    assert said in repr(w)
    assert (w.interval, w.supports) == (None, False)


def test_an_unwritten_function_says_so():
    def relu(z):
        raise NotImplementedError

    assert SubgradientExplorer(relu).problem.startswith("relu is not written yet.")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"f": 3.0}, TypeError, "expected a function of one number"),
        ({}, TypeError, "not both"),
        ({"f": ops.relu, "lines": [(1, 0)]}, TypeError, "not both"),
        ({"lines": [(1, 0, 2)]}, ValueError, "expected pairs"),
        ({"lines": []}, ValueError, "expected pairs"),
        ({"lines": [(np.nan, 0)]}, ValueError, "expected pairs"),
        ({"f": ops.relu, "at": np.nan}, ValueError, "at = nan"),
        ({"f": ops.relu, "at": 9.0, "span": (0, 1)}, ValueError, "does not hold at = 9"),
        ({"f": ops.relu, "slope": np.inf}, ValueError, "slope = inf"),
        ({"f": ops.relu, "h": 0.0}, TraitError, "expected 0 < h"),
        ({"f": ops.relu, "show": ["wedge"]}, TraitError, "show"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        SubgradientExplorer(**arguments)


@pytest.mark.parametrize(
    ("trait", "value"), [("x0", 4.0), ("x0", np.nan), ("slope", np.nan), ("h", -1.0), ("h", 4.0)]
)
def test_a_position_outside_the_picture_is_refused(trait, value):
    w = SubgradientExplorer(ops.relu)
    before = getattr(w, trait)
    with pytest.raises(TraitError, match=trait):
        setattr(w, trait, value)
    assert getattr(w, trait) == before


@pytest.mark.parametrize("arguments", [{"f": np.sin}, {"lines": [(0, 0), (3, -1)]}, {"f": np.log}])
def test_the_state_is_plain_json(arguments):
    state = SubgradientExplorer(**arguments).get_state()
    json.dumps({key: value for key, value in state.items() if key != "layout"}, allow_nan=False)

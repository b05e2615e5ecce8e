"""What Python reads and sets on a sigmoid and loss explorer; no browser here."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.widgets import COLOURS, SigmoidLossExplorer

BACKWARD = {"mse": ops.sigmoid_mse_backward, "cross": ops.sigmoid_cross_entropy_backward}
VALUE = {"mse": ops.sigmoid_mse, "cross": ops.sigmoid_cross_entropy}


def unwritten(z, d):
    raise NotImplementedError


@pytest.mark.parametrize(("d", "z", "rate"), [(1.0, -6.0, 1.0), (0.0, 8.0, 0.5), (0.3, 2.0, 10.0)])
@pytest.mark.parametrize("loss", ["mse", "cross"])
def test_the_runs_are_gradient_descent(loss, d, z, rate):
    w = SigmoidLossExplorer(d, z, learning_rate=rate, steps=30)
    run = w.runs[loss]
    assert run.z[0] == z
    np.testing.assert_allclose(np.diff(run.z), -rate * run.gradient[:-1])
    np.testing.assert_allclose(run.gradient, [BACKWARD[loss](x, d) for x in run.z])
    np.testing.assert_allclose(run.p, 1 / (1 + np.exp(-run.z)))
    np.testing.assert_allclose(run.loss, [VALUE[loss](x, d) for x in run.z])
    assert len(run.z) == 31


@pytest.mark.parametrize("d", [0.0, 0.25, 1.0])
def test_the_curves_are_the_gradients_of_the_course(d):
    w = SigmoidLossExplorer(d)
    z = np.array(w.picture["z"])
    np.testing.assert_allclose(z, np.linspace(-10, 10, 201))
    for loss, backward in BACKWARD.items():
        np.testing.assert_allclose(w.picture["curves"][loss], backward(z, np.full_like(z, d)))


def test_squared_error_stalls_and_cross_entropy_learns():
    w = SigmoidLossExplorer(d=1.0, z=-6.0, steps=50)
    said = "After 50 steps: squared error p = 0.002818, cross-entropy p = 0.9768."
    assert f"{said} The target is 1: squared error stalls; cross-entropy has arrived." in repr(w)
    w.step = 0
    assert "Before the first step: squared error p = 0.002473, cross-entropy p = 0.002473." in repr(w)
    w.step = 6
    assert "cross-entropy is on its way" in repr(w)


def test_a_run_that_has_nearly_arrived_does_not_stall():
    w = SigmoidLossExplorer(d=1.0, z=-5.0, steps=400)
    assert "squared error p = 0.9489" in repr(w)
    assert "squared error is on its way" in repr(w)


def test_a_start_near_the_target_has_arrived_with_both():
    assert repr(SigmoidLossExplorer(1.0, 6.0)).count("has arrived") == 2


def test_setting_traits_runs_anew():
    w = SigmoidLossExplorer()
    w.z = 3.0
    assert w.runs["mse"].z[0] == 3.0
    w.d = 0.0
    assert w.picture["curves"]["cross"][0] == pytest.approx(0, abs=1e-4)
    w.learning_rate = 0.1
    assert w.runs["cross"].z[1] == pytest.approx(3.0 - 0.1 * float(ops.sigmoid(3.0)))


def test_the_students_right_functions():
    w = SigmoidLossExplorer(
        sigmoid_mse_backward=ops.sigmoid_mse_backward,
        sigmoid_cross_entropy_backward=ops.sigmoid_cross_entropy_backward,
    )
    assert "Your sigmoid_mse_backward gives the same." in repr(w)
    assert "Your sigmoid_cross_entropy_backward gives the same." in repr(w)
    assert w.picture["your_curves"] == w.picture["curves"]
    assert w.picture["your_runs"] == w.picture["runs"]


def test_the_students_wrong_function_runs_its_own_way():
    w = SigmoidLossExplorer(sigmoid_mse_backward=lambda z, d: 2 * ops.sigmoid_mse_backward(z, d), steps=10)
    assert (
        "Your sigmoid_mse_backward is furthest off at z = −0.7: −0.2963, not −0.1481. With it: z −5.95,"
        in repr(w)
    )
    twice = SigmoidLossExplorer(learning_rate=2.0, steps=10)
    np.testing.assert_allclose(w.picture["your_runs"]["mse"]["z"], twice.picture["runs"]["mse"]["z"])
    assert w.picture["your_runs"]["mse"]["z"] != w.picture["runs"]["mse"]["z"]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (unwritten, "unwritten is not written yet."),
        (lambda z, d: 1 / 0, "stopped with ZeroDivisionError"),
        (lambda z, d: None, "returned None; expected an array of numbers of shape (201,)"),
        (lambda z, d: 0.5, "returned an array of shape (); expected (201,)"),
    ],
)
def test_a_function_that_cannot_be_shown_hides_nothing_else(function, said):
    w = SigmoidLossExplorer(sigmoid_mse_backward=function)
    assert said in repr(w)
    assert "squared error p = 0.0028" in repr(w)
    assert w.picture["your_curves"] == {}
    assert not w.problem
    assert said.split(";")[0] in " ".join(ET.fromstring(w.figure()).itertext())


def test_a_run_ends_where_the_numbers_do():
    w = SigmoidLossExplorer(sigmoid_mse_backward=lambda z, d: np.where(z > -5.5, np.nan, -0.25), steps=9)
    assert w.picture["your_runs"]["mse"]["z"] == [-6.0, -5.75, -5.5, *[None] * 7]
    assert "the run ends after 2 steps, as no finite number came back" in repr(w)
    json.dumps(w.picture, allow_nan=False)
    assert "nan" not in w.figure().split("<title>")[1].split("</title>")[1].replace("nan, not", "")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"d": 1.5}, ValueError, "d = 1.5; expected a number from 0 to 1"),
        ({"z": np.nan}, ValueError, "z = nan; expected a number"),
        ({"z": "low"}, ValueError, "z = 'low'; expected a number"),
        ({"learning_rate": 0.0}, ValueError, "learning_rate = 0.0; expected a number"),
        ({"learning_rate": -1.0}, ValueError, "learning_rate"),
        ({"steps": 0}, ValueError, "steps = 0; expected a number from 1 to 1000"),
        ({"step": 51}, ValueError, "step = 51; expected a number from 0 to 50"),
        ({"view": "y"}, ValueError, "view"),
        ({"sigmoid_mse_backward": 2}, TypeError, "sigmoid_mse_backward is 2; expected your function"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        SigmoidLossExplorer(**arguments)


@pytest.mark.parametrize(
    ("trait", "value"), [("d", -0.1), ("z", 11.0), ("z", np.nan), ("step", 51), ("learning_rate", 0.0)]
)
def test_a_value_the_picture_has_no_place_for_is_refused(trait, value):
    w = SigmoidLossExplorer()
    before = getattr(w, trait), w.picture
    with pytest.raises(TraitError, match=f"{trait} = "):
        setattr(w, trait, value)
    assert (getattr(w, trait), w.picture) == before


def test_a_start_far_out_widens_the_curves():
    w = SigmoidLossExplorer(z=-12.0)
    assert (w.reach, w.picture["z"][0]) == (12.0, -12.0)


@pytest.mark.parametrize("view", ["p", "z", "loss"])
def test_the_figure_draws_what_the_state_says(view):
    arguments = {"step": 20, "view": view, "sigmoid_mse_backward": ops.sigmoid_mse_backward}
    w = SigmoidLossExplorer(**arguments)
    drawn = ET.fromstring(w.figure())
    lines = list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))
    strokes = [e.get("stroke") for e in lines]
    assert [strokes.count(COLOURS[role]) for role in ("wrong", "value", "yours")] == [2, 2, 2]
    assert len(lines[-1].get("points").split()) == 21
    assert "After 20 steps" in " ".join(drawn.itertext())
    assert w.figure() == SigmoidLossExplorer(**arguments).figure()


def test_the_state_is_plain_json():
    state = SigmoidLossExplorer(
        0.5, 1000.0, learning_rate=1e6, sigmoid_mse_backward=lambda z, d: z * np.inf
    ).get_state()
    json.dumps({key: value for key, value in state.items() if key != "layout"}, allow_nan=False)

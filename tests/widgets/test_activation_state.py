"""What Python reads and sets on an activation explorer; no browser here."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.palette import COLOURS
from backprop_course.widgets import ActivationExplorer

NAMES = ["sigmoid", "tanh", "relu", "softplus", "leaky_relu", "prelu", "rrelu", "elu", "maxout"]
REFERENCE = {name: getattr(ops, f"{name}_backward") for name in NAMES}
CURVES: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), {}),
    "tanh": (np.tanh, {}),
    "relu": (lambda z: np.maximum(z, 0), {}),
    "softplus": (lambda z: np.log1p(np.exp(z)), {}),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.3 * z), {"alpha": 0.3}),
    "prelu": (lambda z: np.where(z > 0, z, 1.7 * z), {"alpha": 1.7}),
    "rrelu": (lambda z: np.where(z > 0, z, 0.25 * z), {"low": 0.25, "high": 0.25}),
    "elu": (lambda z: np.where(z > 0, z, 0.5 * np.expm1(z)), {"alpha": 0.5}),
    "maxout": (lambda z: np.max([-z, 0.5 * z, z - 2], axis=0), {"w1": -1.0, "w2": 0.5, "w3": 1.0}),
}


def row(widget, layer):
    return {name: sentence for name, _, sentence in widget.sentences()}[layer]


@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes_from_both_sides_are_numpys(name):
    f, parameters = CURVES[name]
    s = ActivationExplorer(name, **parameters).samples
    z = np.array(s["z"])
    assert {-6.0, 0.0, 6.0} <= set(s["z"])
    np.testing.assert_allclose(s["y"], f(z), atol=1e-12)
    h = 1e-6
    np.testing.assert_allclose(s["left"], (f(z) - f(z - h)) / h, atol=1e-5)
    np.testing.assert_allclose(s["right"], (f(z + h) - f(z)) / h, atol=1e-5)


def test_the_slopes_at_a_kink_between_two_samples():
    w = ActivationExplorer("maxout", w1=-1.0, w2=0.25, w3=2.0, z=8 / 7)
    assert w.z == pytest.approx(8 / 7, abs=1e-12)
    assert w.slopes == (0.25, 2.0)
    assert row(w, "slope") == "0.25 from the left, 2 from the right; any slope between is right"
    assert row(w, "note") == "pieces 2 and 3 tie"


def test_a_leaky_relu_steeper_on_the_left_has_its_interval_too():
    w = ActivationExplorer("leaky_relu", alpha=1.5, z=0.0, dy=-2.0, backward=lambda dy, z, alpha: 1.2 * dy)
    assert w.slopes == (1.5, 1.0)
    assert row(w, "gradient") == "anything from −3 to −2"
    assert row(w, "yours") == "dz = −2.4, right"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dy", [1.0, -2.0, 0.25, 0.0])
def test_the_reference_is_right_everywhere(name, dy):
    w = ActivationExplorer(name, backward=REFERENCE, dy=dy)
    points = len(w.samples["z"])
    assert w.samples["verdict"] == f"Your {name}_backward is right at all {points} points of the picture."
    assert w.samples["fits"]
    if dy:
        assert w.slopes[0] <= w.yours <= w.slopes[1]
    else:
        assert w.yours is None


def threshold(share):
    """Where σ'(z) is this share of 1/4: y (1 − y) = share / 4."""
    y = (1 - np.sqrt(1 - share)) / 2
    return np.log(y / (1 - y))


def test_saturation_begins_where_the_formulas_say():
    ends = {
        "sigmoid": [(-6, threshold(0.05)), (-threshold(0.05), 6)],
        "tanh": [(-6, threshold(0.05) / 2), (-threshold(0.05) / 2, 6)],
        "relu": [(-6, 0)],
        "softplus": [(-6, np.log(0.05 / 0.95))],
        "leaky_relu": [],
        "elu": [(-6, np.log(0.05))],
        "maxout": [],
    }
    for name, expected in ends.items():
        np.testing.assert_allclose(
            ActivationExplorer(name).samples["saturated"], np.reshape(expected, (-1, 2)) if expected else []
        )
    assert row(ActivationExplorer("sigmoid"), "saturated") == "for z < −4.357 and for z > 4.357"
    assert row(ActivationExplorer("relu"), "saturated") == "for z < 0"
    assert row(ActivationExplorer("leaky_relu"), "saturated") == "nowhere"


def test_a_flat_piece_of_a_maxout_is_saturated_between_its_kinks():
    w = ActivationExplorer("maxout", w1=-1.0, w2=0.0, w3=1.0)
    assert row(w, "saturated") == "for z from 0 to 2"
    constant = ActivationExplorer("maxout", w1=0.0, w2=0.0, w3=0.0)
    assert row(constant, "saturated") == "for every z"


def test_saturation_beyond_the_picture_is_told_too():
    w = ActivationExplorer("maxout", w1=0.0, w2=0.0, w3=0.2)
    assert row(w, "saturated") == "for z < 10"


def test_parameters_are_kept_for_each_activation():
    w = ActivationExplorer("elu", alpha=0.4)
    w.activation = "leaky_relu"
    assert w.parameters == {"alpha": 0.1}
    w.parameters = {"alpha": 0.7}
    w.activation = "sigmoid"
    assert w.parameters == {}
    w.activation = "elu"
    assert w.parameters == {"alpha": 0.4}
    w.activation = "leaky_relu"
    w.z = -2.0
    assert (w.parameters, w.value, w.slopes) == ({"alpha": 0.7}, -1.4, (0.7, 0.7))


def test_one_parameter_may_be_set_alone():
    w = ActivationExplorer("maxout")
    w.parameters = {"w2": 0.5}
    assert w.parameters == {"w1": -1.0, "w2": 0.5, "w3": 2.0}


def test_a_slope_is_drawn_from_its_seed_and_kept_for_the_backward_pass():
    given = []

    def rrelu_backward(dy, z, slopes):
        given.append(slopes)
        return ops.rrelu_backward(dy, z, slopes)

    w = ActivationExplorer("rrelu", low=0.1, high=0.4, draw=3, z=-1.0, backward=rrelu_backward)
    drawn = np.random.default_rng(3).uniform(0.1, 0.4)
    assert w.slopes == (drawn, drawn)
    assert set(given[-1]) == {drawn}
    w.parameters = {"draw": 4}
    assert w.slopes == 2 * (np.random.default_rng(4).uniform(0.1, 0.4),)
    assert "is right at all" in w.samples["verdict"]


def test_the_share_of_one_entry_in_the_gradient_of_alpha():
    w = ActivationExplorer("prelu", z=-3.0, dy=2.0)
    assert row(w, "note") == "−6"
    w.z = 3.0
    assert row(w, "note") == "0"


def test_a_forgotten_upstream_gradient_is_seen_for_another_dy():
    w = ActivationExplorer("sigmoid", backward=lambda dy, y: y * (1 - y))
    assert "is right at all" in w.samples["verdict"]
    w.dy = 2.0
    assert w.yours == pytest.approx(w.slopes[0] / 2)
    tail = ops.sigmoid_backward(1.0, ops.sigmoid(-6.0))
    numbers = f"dz = {tail:.4g}, expected {2 * tail:.4g}"
    assert w.samples["verdict"] == f"Your backward differs at 241 of 241 points, first at z = −6: {numbers}."


def test_the_first_point_that_differs_is_named():
    def masks_at_one(dy, z):
        return dy * (z > 1)

    w = ActivationExplorer("relu", backward=masks_at_one)
    assert w.samples["verdict"].endswith("20 of 241 points, first at z = 0.05: dz = 0, expected 1.")
    w.z = 0.0
    assert row(w, "yours") == "dz = 0, right"


def test_a_difference_below_the_digits_shown_is_told_as_one():
    w = ActivationExplorer("relu", backward=lambda dy, z: dy * (z > 0) * 1.000001)
    assert row(w, "yours") == "dz = 1, off by 1e−6"


def test_round_off_is_no_difference():
    w = ActivationExplorer("tanh", backward=lambda dy, y: dy * (1 - y**2) * (1 + 1e-14))
    assert w.samples["fits"]


def unwritten(dy, z):
    raise NotImplementedError


def broken(dy, z):
    return dy[10_000]


@pytest.mark.parametrize(
    ("name", "backward", "said"),
    [
        ("relu", unwritten, "unwritten is not written yet"),
        ("relu", broken, "broken stopped with IndexError"),
        ("relu", lambda dy, z: None, "returned None; expected an array of numbers"),
        ("relu", lambda dy, z: "no", "returned 'no'; expected an array of numbers"),
        ("relu", lambda dy, z: 1.0, "returned an array of shape (); expected (241,)"),
        ("relu", lambda dy, z: dy / (z - z), "backward returned inf at z = -6"),
        ("prelu", lambda dy, z, alpha: dy, "returned one ndarray; expected (dz, dalpha)"),
        ("maxout", lambda dy, x, W, b: (dy, W), "returned one tuple; expected (dx, dW, db)"),
    ],
)
def test_a_backward_function_that_cannot_be_shown_leaves_the_rest(name, backward, said):
    w = ActivationExplorer(name, backward=backward)
    assert said in row(w, "yours")
    assert (w.yours, w.problem, w.samples["verdict"]) == (None, "", "")
    assert w.slopes == ActivationExplorer(name).slopes
    assert said in repr(w)


def test_a_function_that_changes_its_arguments_harms_nothing():
    def clips(dy, z):
        dy[z < 0] = 0
        z[:] = 7
        return dy

    w = ActivationExplorer("relu", backward=clips)
    assert w.samples["z"][0] == -6.0
    assert w.samples["fits"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"activation": "swish"}, ValueError, "'swish' is no activation of the course"),
        ({"among": ["tanh"]}, ValueError, "'sigmoid' is not in among"),
        ({"among": "tanh"}, TypeError, "expected a list of names"),
        ({"backward": 3.0}, TypeError, "expected a function, such as sigmoid_backward"),
        ({"backward": {"gelu": unwritten}}, ValueError, "has a key 'gelu'"),
        ({"alpha": 0.1}, TypeError, "alpha is no parameter of sigmoid, which has no parameters"),
        ({"activation": "elu", "beta": 0.1}, TypeError, "which has alpha"),
        ({"activation": "elu", "alpha": np.nan}, ValueError, "alpha = nan; expected a finite number"),
        ({"activation": "elu", "alpha": 3.0}, ValueError, "alpha = 3; expected a number from 0 to 2"),
        ({"z": 7.0}, TraitError, "shows z from -6 to 6"),
        ({"z": np.nan}, TraitError, "shows z from -6 to 6"),
        ({"dy": 5.0}, TraitError, "expected an upstream gradient from -2 to 2"),
        ({"show": ["tangent"]}, TraitError, "show"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        ActivationExplorer(**arguments)


@pytest.mark.parametrize(
    ("trait", "value"),
    [("activation", "swish"), ("parameters", {"alpha": 1.0}), ("z", -7.0), ("dy", np.inf)],
)
def test_a_state_that_makes_no_picture_is_refused(trait, value):
    w = ActivationExplorer("sigmoid")
    before = getattr(w, trait)
    with pytest.raises(TraitError):
        setattr(w, trait, value)
    assert getattr(w, trait) == before


def test_a_hidden_layer_is_not_told_either():
    w = ActivationExplorer("sigmoid", show=[], backward=ops.sigmoid_backward)
    assert repr(w) == "ActivationExplorer: sigmoid. Value: y = 0.7311 at z = 1."
    assert "0.1966" not in w.figure()
    assert COLOURS["gradient"] not in w.figure()
    assert COLOURS["yours"] not in w.figure()


@pytest.mark.parametrize("name", NAMES)
def test_the_figure_draws_what_the_state_says(name):
    w = ActivationExplorer(name, backward=REFERENCE, z=0.0)
    assert w.figure() == ActivationExplorer(name, backward=REFERENCE, z=0.0).figure()
    words = [element.text for element in ET.fromstring(w.figure()).iter("{http://www.w3.org/2000/svg}text")]
    for _, label, sentence in w.sentences():
        assert any(f"{label}: {sentence}".startswith(line) for line in words if line)
    assert {COLOURS["value"], COLOURS["gradient"], COLOURS["yours"]} <= {
        element.get("stroke")
        for element in ET.fromstring(w.figure()).iter("{http://www.w3.org/2000/svg}polyline")
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_plain_json(name):
    state = ActivationExplorer(name, backward=unwritten).get_state()
    json.dumps({key: value for key, value in state.items() if key != "layout"}, allow_nan=False)

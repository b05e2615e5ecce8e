"""What Python reads and sets on a softmax explorer; no browser here."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.widgets import COLOURS, SoftmaxExplorer

LOGITS = [(2.0, 1.0, 0.1), (0.0, 0.0), (5.0, -6.0, 1.5, 0.0, -0.3, 2.2), (300.0, -1000.0)]


def naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def unwritten(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("logits", LOGITS)
@pytest.mark.parametrize("label", [0, 1])
def test_its_numbers_are_numpys(logits, label):
    w = SoftmaxExplorer(logits, label)
    e = np.exp(np.array(logits) - max(logits))
    p = e / e.sum()
    np.testing.assert_allclose(w.probabilities, p)
    np.testing.assert_allclose(w.gradient, p - np.eye(len(p))[label], atol=1e-15)
    np.testing.assert_allclose(w.jacobian, np.diag(p) - np.outer(p, p), atol=1e-15)
    assert w.loss == pytest.approx(np.log(e.sum()) + max(logits) - logits[label])


def test_the_page_gets_the_same_numbers():
    w = SoftmaxExplorer((2.0, 1.0, 0.1), 2)
    bars = w.picture["bars"]
    assert bars["logits"]["values"] == w.logits
    assert bars["probabilities"]["values"] == w.probabilities.tolist()
    assert bars["probabilities"]["text"] == ["0.659", "0.2424", "0.09857"]
    assert bars["gradient"]["values"] == w.gradient.tolist()
    assert w.picture["jacobian"] == w.jacobian.tolist()
    assert w.picture["entries"][0][1] == "∂p₀/∂z₁ = −p₀ p₁ = −0.659 × 0.2424 = −0.1598"
    assert w.picture["entries"][2][2] == "∂p₂/∂z₂ = p₂ (1 − p₂) = 0.09857 × 0.9014 = 0.08885"


def test_setting_traits_moves_the_numbers():
    w = SoftmaxExplorer()
    w.logits = [0.0, 0.0, 0.0]
    np.testing.assert_allclose(w.probabilities, 1 / 3)
    assert "−log 0.3333 = 1.099" in w.summary()
    w.label = 2
    np.testing.assert_allclose(w.gradient, [1 / 3, 1 / 3, -2 / 3])
    assert "raises z₂" in w.summary()


@pytest.mark.parametrize(
    ("shift", "exponential", "share", "said"),
    [
        (0.0, "7.389", "0.659", "every exponential fits a float"),
        (700.0, "7.494e304", "0.659", "every exponential fits a float"),
        (1000.0, "inf", "nan", "an exponential overflows to inf, and inf / inf is nan"),
        (-1000.0, "0", "nan", "every exponential underflows to 0, and 0 / 0 is nan"),
        (-745.0, "2e−323", "1", "too small for a float to keep their digits"),
    ],
)
def test_a_shift_changes_the_exponentials_and_not_the_softmax(shift, exponential, share, said):
    w = SoftmaxExplorer((2.0, 1.0, 0.1))
    before = w.probabilities
    w.shift = shift
    np.testing.assert_allclose(w.probabilities, before)
    table = w.picture["shifted"]
    assert table["softmax"][0] == "0.659"
    assert said in w.summary()
    if shift != -745:
        assert (table["e^(z + c)"][0], table["divided by their sum"][0]) == (exponential, share)


def test_the_students_right_functions():
    w = SoftmaxExplorer(
        softmax=ops.softmax,
        softmax_jacobian=ops.softmax_jacobian,
        softmax_cross_entropy_backward=ops.softmax_cross_entropy_backward,
    )
    assert w.summary().count("gives the same.") == 3
    assert w.picture["your_jacobian"] == w.jacobian.tolist()
    assert w.picture["worst"] is None
    assert w.picture["bars"]["gradient"]["yours"] == w.gradient.tolist()


def test_the_students_wrong_functions_are_named_with_the_difference():
    w = SoftmaxExplorer(
        softmax=naive_softmax,
        softmax_jacobian=lambda y: np.diag(y * (1 - y)),
        softmax_cross_entropy_backward=lambda z, labels: np.eye(z.shape[1])[labels] - ops.softmax(z),
    )
    assert "Your softmax gives the same." in w.summary()
    assert "Your softmax_jacobian is furthest off in row 0, column 1: 0, not −0.1598." in w.summary()
    assert w.picture["worst"] == [0, 1]
    assert (
        "Your softmax_cross_entropy_backward is furthest off for class 0: 0.341, not −0.341." in w.summary()
    )
    w.shift = 1000.0
    assert "Your softmax is furthest off for class 0: nan, not 0.659." in w.summary()
    assert w.picture["bars"]["probabilities"]["yours"] == [None, None, None]
    assert w.picture["bars"]["probabilities"]["yours_text"] == ["nan"] * 3


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (unwritten, "unwritten is not written yet."),
        (lambda y: 1 / 0, "stopped with ZeroDivisionError"),
        (lambda y: None, "returned None; expected an array of numbers of shape (3, 3)"),
        (lambda y: y, "returned an array of shape (3,); expected (3, 3)"),
        (lambda y: "no", "returned 'no'; expected an array of numbers"),
    ],
)
def test_a_function_that_cannot_be_shown_hides_nothing_else(function, said):
    w = SoftmaxExplorer(softmax_jacobian=function)
    assert said in w.picture["yours"]["jacobian"]
    assert said in w.summary()
    assert w.picture["your_jacobian"] is None
    assert w.picture["jacobian"] == w.jacobian.tolist()
    assert not w.problem
    assert said.split(";")[0] in " ".join(ET.fromstring(w.figure()).itertext())


def test_a_function_cannot_change_what_is_shown():
    def meddling(y):
        y[:] = 0
        return np.diag(y)

    w = SoftmaxExplorer(softmax_jacobian=meddling)
    assert w.probabilities.sum() == pytest.approx(1)
    assert "is furthest off" in w.picture["yours"]["jacobian"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"logits": (1.0,)}, ValueError, "expected a row of two to six numbers"),
        ({"logits": range(7)}, ValueError, "expected a row of two to six numbers"),
        ({"logits": [[1, 2]]}, ValueError, "expected a row of two to six numbers"),
        ({"logits": (1.0, np.nan)}, ValueError, "expected numbers from -1000 to 1000"),
        ({"label": 3}, ValueError, "label = 3; expected a class from 0 to 2"),
        ({"label": -1}, ValueError, "expected a class from 0 to 2"),
        ({"shift": np.inf}, ValueError, "shift = inf; expected a number"),
        ({"show": ["loss"]}, ValueError, "show"),
        ({"softmax": 0.5}, TypeError, "softmax is 0.5; expected your function"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        SoftmaxExplorer(**arguments)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("logits", [1.0, 2.0]),
        ("logits", [7.0, 0.0, 0.0]),
        ("logits", [np.nan] * 3),
        ("label", 3),
        ("shift", 2e3),
    ],
)
def test_a_value_the_picture_has_no_place_for_is_refused(trait, value):
    w = SoftmaxExplorer()
    before = getattr(w, trait), w.picture
    with pytest.raises(TraitError, match=f"{trait} = "):
        setattr(w, trait, value)
    assert (getattr(w, trait), w.picture) == before


def test_the_figure_draws_what_the_state_says():
    w = SoftmaxExplorer(softmax=lambda z: np.full(3, 0.5), show=["jacobian"])
    drawn = ET.fromstring(w.figure())
    bars = [e for e in drawn.iter("{http://www.w3.org/2000/svg}rect") if e.get("fill") == COLOURS["right"]]
    widths = np.array([float(bar.get("width")) for bar in bars])
    np.testing.assert_allclose(widths / widths.sum(), w.probabilities, atol=1e-3)
    yours = [e for e in drawn.iter("{http://www.w3.org/2000/svg}rect") if e.get("fill") == COLOURS["yours"]]
    assert len({bar.get("width") for bar in yours}) == 1
    words = " ".join(drawn.itertext())
    assert "0.225" in words
    assert "The loss" not in words
    assert w.figure() == SoftmaxExplorer(softmax=lambda z: np.full(3, 0.5), show=["jacobian"]).figure()


def test_a_probability_that_rounds_to_1_gets_no_logarithm_of_1():
    assert "The loss is −log p₁ = −log 0.2689 = 1.313." in repr(SoftmaxExplorer([1.0, 0.0], label=1))
    assert "The loss is −log p₀ = 6.144e−6." in repr(SoftmaxExplorer([6.0, -6.0], label=0))


def test_a_hidden_part_is_not_told_either():
    said = repr(SoftmaxExplorer(show=[]))
    assert (
        said == "SoftmaxExplorer: logits 2, 1, 0.1. The probabilities 0.659, 0.2424 and 0.09857 add up to 1."
    )


def test_the_state_is_plain_json():
    state = SoftmaxExplorer((1000.0, -1000.0), shift=1000.0, softmax=naive_softmax).get_state()
    json.dumps({key: value for key, value in state.items() if key != "layout"}, allow_nan=False)

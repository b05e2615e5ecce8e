"""What Python reads and sets on a gradient-check explorer; no browser here."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import evaluate, exercises, gradcheck, ops
from backprop_course.widgets import GradientCheckExplorer
from backprop_course.widgets.gradient_check._matrix import digits


def averaged(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.mean(axis=0)


def transposed(dz, x, W):
    return dz @ W.T, dz.T @ x, dz.sum(axis=0)


def unwritten(dy, z):
    raise NotImplementedError


def tanh_layer(x, W, b):
    return np.tanh(x @ W + b)


def tanh_layer_backward(dy, x, W, b):
    g = dy * (1 - tanh_layer(x, W, b) ** 2)
    return g @ W.T, x.T @ g, 2 * g.sum(axis=0)


EMPTY: dict[str, float] = {}
LAYER = [np.ones((3, 2)), np.arange(6.0).reshape(2, 3) / 9, np.ones(3)]


def matrix(w: GradientCheckExplorer) -> dict[str, Any]:
    return next(m for m in w.report["cases"][w.case]["outputs"] if m["name"] == w.output)


def test_it_says_what_check_says():
    w, report = (
        GradientCheckExplorer(averaged, "linear_backward"),
        evaluate("linear_backward", averaged),
    )
    assert not w.passed
    assert w.report["headline"] == report.headline
    assert (
        [m["slug"] for m in w.report["mistakes"]]
        == [m.slug for m in report.mistakes]
        == ["averaged-not-summed"]
    )
    assert [c["passed"] for c in w.report["cases"]] == [c.passed for c in report.cases]
    assert w.report["mistakes"][0]["hint"] == report.mistakes[0].hint


def test_it_opens_on_the_case_and_the_worst_entry_of_the_first_mistake():
    w = GradientCheckExplorer(averaged, "linear_backward")
    dz = evaluate("linear_backward", averaged).mistakes[0].case.inputs["dz"]
    assert (w.case, w.output, w.entry) == (0, "db", [0])
    assert matrix(w)["values"] == [(dz.mean(axis=0) - dz.sum(axis=0)).tolist()]
    assert "db[0]: yours 3.5, expected 7: off by −3.5." in repr(w)


@pytest.mark.parametrize("output", ["dx", "dW", "db"])
def test_the_heat_map_is_yours_minus_expected_and_0_within_round_off(output):
    w = GradientCheckExplorer(averaged, "linear_backward")
    w.case = 3
    w.output = output
    leaf = next(leaf for leaf in evaluate("linear_backward", averaged).cases[3].leaves if leaf.name == output)
    np.testing.assert_array_equal(
        np.ravel(matrix(w)["values"]), np.where(leaf.wrong, leaf.got - leaf.expected, 0).ravel()
    )
    assert np.any(matrix(w)["values"]) == (output == "db")


def test_the_curve_is_the_central_differences_distance():
    w = GradientCheckExplorer(averaged, "linear_backward")
    w.case = 3
    inputs = evaluate("linear_backward", averaged).cases[3].inputs
    index = tuple(w.entry)
    right = inputs["dz"].sum(axis=0)[index]
    # db moves every row of z by one unit: the loss is linear in it
    assert w.curve["truth"][30] == pytest.approx(0, abs=1e-8)
    wrong = abs(right - inputs["dz"].mean(axis=0)[index])
    assert w.curve["yours"][30] == pytest.approx(wrong, abs=1e-8)
    assert "A wrong value keeps its distance" in w.curve["sentence"]


def test_the_curve_is_a_v_above_the_right_value():
    w = GradientCheckExplorer(forward=tanh_layer, backward=tanh_layer_backward, inputs=LAYER)
    h, truth, yours = (np.array(w.curve[name]) for name in ("h", "truth", "yours"))
    best = truth.argmin()
    assert 1e-8 < h[best] < 1e-4
    assert truth[best] < 1e-9
    falling = (h > 1e-3) & (h < 0.1)
    assert np.polyfit(np.log(h[falling]), np.log(truth[falling]), 1)[0] == pytest.approx(2, abs=0.05)
    assert yours[(h > 1e-12) & (h < 0.1)] == pytest.approx(yours[best], rel=0.05)


def test_any_pair_of_functions_is_judged_by_gradcheck():
    w = GradientCheckExplorer(forward=tanh_layer, backward=tanh_layer_backward, inputs=LAYER)
    report = gradcheck(tanh_layer, tanh_layer_backward, *LAYER)
    assert not w.passed
    assert w.report["mistakes"][0]["message"] == f"{report.worst}."
    assert (w.output, tuple(w.entry)) == ("db", report.worst.index)
    halves = np.array(matrix(w)["values"]).ravel()
    np.testing.assert_allclose(halves, report.measured[2].gradient / 2, rtol=1e-6)


def test_the_picture_of_a_pair_opens_on_the_entry_that_gradcheck_names():
    x, W = np.random.default_rng(1).normal(size=(2, 3, 3))

    def without_mask(dy, x, W):
        return ops.linear_backward(dy, x, W)[:2]

    pair = (lambda x, W: ops.relu(x @ W), without_mask)
    worst = gradcheck(*pair, x, W).worst
    explorer = GradientCheckExplorer(forward=pair[0], backward=pair[1], inputs=[x, W])
    assert (explorer.output, tuple(explorer.entry)) == (f"d{worst.input}", worst.index)


def test_a_pair_that_passes():
    w = GradientCheckExplorer(
        forward=ops.relu, backward=ops.relu_backward, inputs=[np.array([-1.0, 0.0, 2.0])]
    )
    assert w.passed
    assert matrix(w)["values"] == [[0, 0, 0]]
    w.entry = [1]
    assert "kink" in w.curve["sentence"]


def test_a_broken_contract_is_told_beside_the_slopes():
    w = GradientCheckExplorer(forward=ops.relu, backward=lambda dy, z: dy[:1], inputs=[np.ones(3)])
    assert (
        w.report["mistakes"][0]["message"]
        == "the gradient for z has shape (1,), expected (3,) (the input is float64 of shape (3,))."
    )
    assert matrix(w)["title"] == "dz, shape (3,): nothing given yet"
    assert "shape (1,)" in w.figure()


def test_a_forward_function_that_raises_is_a_sentence():
    w = GradientCheckExplorer(forward=lambda z: 1 / 0, backward=ops.relu_backward, inputs=[np.ones(3)])
    assert w.problem == "There is nothing to show. ZeroDivisionError: division by zero"
    assert "ZeroDivisionError" in repr(w) + w.figure()


def mlp(*_):
    raise NotImplementedError


def test_a_pair_whose_forward_calls_an_unwritten_function_names_it():
    w = GradientCheckExplorer(
        forward=lambda x: mlp(x), backward=lambda dy, x: 2 * dy * x, inputs=[np.ones(3)]
    )
    assert w.problem.startswith("mlp is not written yet.")
    assert not w.passed


def test_a_pair_whose_backward_calls_an_unwritten_function_waits_and_has_not_failed():
    w = GradientCheckExplorer(forward=lambda x: x**2, backward=lambda dy, x: mlp(dy), inputs=[np.arange(3.0)])
    assert w.report["headline"].endswith(": gradcheck waits.")


@pytest.mark.parametrize(
    ("backward", "said"),
    [
        (lambda dy, x, c: mlp(dy), "mlp is not written yet."),
        (lambda dy, x, c: dy / EMPTY["key"], "KeyError"),
        (lambda dy, x, c: (dy[:2], dy), "shape"),
    ],
)
def test_a_pair_without_gradients_to_compare_shows_the_slopes(backward, said):
    w = GradientCheckExplorer(forward=lambda x, c: x**2 * c, backward=backward, inputs=[np.arange(3.0), 2.0])
    assert said in w.report["mistakes"][0]["message"]
    assert not w.passed
    right = gradcheck(
        lambda x, c: x**2 * c, lambda dy, x, c: (dy * 2 * x * c, dy @ x**2), np.arange(3.0), 2.0
    )
    w.entry = [2]
    assert f"dx[2]: nothing given, expected {digits(8 * right.dy[2])}." in repr(w)
    assert min(w.curve["truth"]) < 1e-6
    assert w.curve["yours"] == []


def test_a_wrong_shape_shows_your_own_numbers():
    w = GradientCheckExplorer(transposed, "linear_backward")
    assert (w.output, matrix(w)["values"]) == ("dW", [[2, 3], [20, 30], [200, 300]])
    assert matrix(w)["title"].startswith("Your dW has shape (3, 2), expected (2, 3).")
    assert w.curve["h"] == []
    assert "shape" in w.curve["sentence"]


def test_an_unwritten_function_still_shows_the_truth():
    w = GradientCheckExplorer(unwritten, "relu_backward")
    assert w.report["mistakes"][0]["slug"] == "not-implemented"
    assert matrix(w)["values"] == [[None, None]]
    w.entry = [1]
    case = evaluate("relu_backward", ops.relu_backward).cases[0]
    right = ops.relu_backward(*case.inputs.values())[1]
    assert f"dz[1]: no answer of yours, expected {right:g}." in repr(w)
    assert max(w.curve["truth"][20:30]) < 1e-3
    assert w.curve["yours"] == []


def test_a_function_that_raises_says_where():
    w = GradientCheckExplorer(lambda dy, z: dy / 0 + EMPTY["key"], "relu_backward")
    assert "KeyError" in repr(w)
    assert matrix(w)["values"] == [[None, None]]


def test_nan_is_an_empty_cell_and_the_worst():
    w = GradientCheckExplorer(lambda dy, z: np.where(z < 0, 0.0, dy) / (z > 0), "relu_backward")
    assert None in np.ravel(matrix(w)["values"]).tolist()
    assert "yours nan" in repr(w)
    json.dumps(w.get_state(), allow_nan=False, default=str)


@pytest.mark.parametrize(
    "name", ["softmax_backward", "loss_and_gradients", "topological_order", "max_gate_backward"]
)
def test_right_answers_pass_and_their_state_is_json(name):
    w = GradientCheckExplorer(exercises.get(name).reference, name)
    assert w.passed
    json.dumps(w.report | w.curve, allow_nan=False)
    for case in range(len(w.report["cases"])):
        w.case = case
        assert not np.any([np.any(m["values"]) for m in w.report["cases"][case]["outputs"]])


def test_without_a_forward_function_it_says_so():
    w = GradientCheckExplorer(lambda dy, y: dy * y, "softmax_backward")
    assert w.curve["h"] == []
    assert "no step-size curve" in w.curve["sentence"]


def test_a_loss_is_no_gradient_and_weights_in_a_list_have_curves():
    w = GradientCheckExplorer(exercises.get("loss_and_gradients").reference)
    w.case = 3
    assert (w.output, "no gradient of an input" in w.curve["sentence"]) == ("loss", True)
    w.output = "dweights[1]"
    w.entry = [3, 2]
    assert w.curve["name"] == "dweights[1][3, 2]"
    assert min(w.curve["truth"]) < 1e-9


def test_a_large_array_shows_the_part_around_its_worst_entry():
    def off(dy, derivative, z):
        return dy * derivative(z) * (1 + (np.arange(z.size).reshape(z.shape) == 70_000))

    w = GradientCheckExplorer(off, "elementwise_vjp")
    assert w.entry == [70_000]
    assert len(matrix(w)["values"][0]) == 32
    assert matrix(w)["indices"][0][matrix(w)["worst"][1]] == [70_000]
    assert len(json.dumps(w.report)) < 100_000


def test_another_case_opens_on_its_own_worst_entry():
    w = GradientCheckExplorer(averaged, "linear_backward")
    w.output = "dx"
    assert (w.entry, w.curve["name"]) == ([0, 0], "dx[0, 0]")
    w.case = 5
    assert w.output == "db"
    assert w.curve["case"] == 5


def test_a_case_that_is_not_there():
    w = GradientCheckExplorer(averaged, "linear_backward")
    with pytest.raises(TraitError, match="case = 99; expected a case from 0 to 12"):
        w.case = 99


@pytest.mark.parametrize(
    ("arguments", "keywords", "said"),
    [
        ((), {}, "GradientCheckExplorer\\(relu_backward\\)"),
        ((averaged,), {"forward": ops.relu}, "not both"),
        ((), {"forward": ops.relu, "inputs": [1.0]}, "forward=..., backward=..."),
        ((), {"forward": 3, "backward": ops.relu, "inputs": [1.0]}, "without parentheses"),
        ((), {"forward": ops.relu, "backward": ops.relu_backward, "inputs": np.ones(3)}, "a list"),
        ((np.ones(3),), {"name": "relu_backward"}, "needs a function, got ndarray"),
    ],
)
def test_wrong_arguments_say_what_is_expected(arguments, keywords, said):
    with pytest.raises(TypeError, match=said):
        GradientCheckExplorer(*arguments, **keywords)


def test_a_function_of_no_exercise_says_what_to_do():
    with pytest.raises(ValueError, match=r"no exercise is called 'unwritten'.*name the exercise"):
        GradientCheckExplorer(unwritten)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GradientCheckExplorer(averaged, "linear_backward"),
        lambda: GradientCheckExplorer(transposed, "linear_backward"),
        lambda: GradientCheckExplorer(unwritten, "relu_backward"),
        lambda: GradientCheckExplorer(exercises.get("topological_order").reference),
    ],
)
def test_the_figure_is_stable_and_says_what_python_says(make):
    one, other = make(), make()
    assert one.figure() == other.figure()
    words = " ".join(
        text.text or "" for text in ET.fromstring(one.figure()).iter("{http://www.w3.org/2000/svg}text")
    )
    assert one.report["headline"] in words

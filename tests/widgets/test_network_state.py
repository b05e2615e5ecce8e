"""The network picture and its explorer: numbers, words, and what is said of functions that do not work."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop_course.network import mlp_backward, mlp_forward
from backprop_course.widgets import NetworkExplorer, draw_network

WEIGHTS = [[[1.0, -0.5, 0.8], [0.5, 1.0, -1.2]], [[1.0], [-0.7], [0.4]]]
BIASES = [[0.0, 0.1, 0.2], [0.3]]
X, TARGET = [1.0, 2.0], [1.0]


def explorer(**options) -> NetworkExplorer:
    return NetworkExplorer(WEIGHTS, BIASES, X, TARGET, **options)


def texts(svg: str, role: str = "") -> list[str]:
    found = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [node.text for node in found if role in node.get("class", "")]


def not_written(*arguments):
    raise NotImplementedError


def test_the_picture_holds_the_numbers_of_the_students_passes():
    drawn = draw_network(WEIGHTS, BIASES, X, TARGET, forward=mlp_forward, backward=mlp_backward)
    activations = mlp_forward(np.array([X]), WEIGHTS, BIASES)
    dx, dweights, dbiases = mlp_backward(activations[-1] - TARGET, activations, WEIGHTS)
    values, gradients = texts(drawn.svg, "fill-value"), texts(drawn.svg, "fill-gradient")
    loss = 0.5 * float(np.sum((activations[-1] - TARGET) ** 2))
    assert sorted(values) == sorted(f"{v:.4g}" for v in [*np.concatenate(activations, axis=1)[0], loss])
    expected = np.concatenate([np.ravel(g) for g in (dx, *dweights, *dbiases)])
    goes_on = [words.split(" → ")[-1] for words in gradients]
    assert sorted(goes_on) == sorted(f"{g + 0.0:.4g}".replace("-", "−") for g in expected)
    assert "wrong" not in drawn.svg
    assert repr(drawn) in "".join(ET.fromstring(drawn.svg).itertext())


@pytest.mark.parametrize(
    ("outputs", "letter"), [(["a₀", "a₁"], "a"), (["cat", "dog"], "y"), (["y2[0]", "y2[1]"], "y")]
)
def test_the_loss_is_written_with_the_letter_of_the_outputs(outputs, letter):
    weights, x, target, names = [[[1.0, 2.0]]], [1.0], [0.0, 0.0], [["h"], outputs]
    drawn = draw_network(weights, x=x, target=target, names=names)
    assert f"L = ½ Σ ({letter} − d)²" in texts(drawn.svg)
    said = [step["said"] for step in NetworkExplorer(weights, None, x=x, target=target, names=names).steps]
    assert any(f"{letter} − d = 2" in words for words in said)


def test_a_single_output_has_no_sum_in_its_loss_and_its_target_stands_above_the_level_line():
    drawn = draw_network([[[1.0]]], x=[1.0], target=[0.5])
    assert "L = ½ (y − d)²" in texts(drawn.svg)
    level, above = (
        float(re.findall(f'y="([^"]+)"[^>]*>{words}<', drawn.svg)[0]) for words in ("1", "d = 0.5")
    )
    assert above < level - 10


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "linear"])
def test_the_gradient_predicts_what_a_small_nudge_does(activation):
    for edge in [(0, 1, 1), (1, 0, 0)]:
        w = explorer(activation=activation, edge=edge, nudge=1e-4)
        assert w.true == pytest.approx(w.predicted, rel=1e-3)
        assert w.predicted != 0


def test_a_dead_unit_says_so_and_its_weights_do_nothing():
    w = explorer(edge=(0, 0, 2), nudge=0.3)
    said = [step["said"] for step in w.steps]
    assert any("h₃ = max(0, " in words and "The ReLU is off" in words for words in said)
    assert any("lets nothing through" in words for words in said)
    assert (w.predicted, w.true) == (0, 0)
    assert said[-1].startswith("No value moves. The ReLU of h₃ is off.")


def test_a_relu_that_is_off_shows_what_arrives_and_what_goes_on():
    w = NetworkExplorer([[[1.0, -2.0], [4.0, 1.0]], [[0.5], [3.0]]], None, x=[3, 1], target=[5.5])
    assert [words for words in texts(w.picture, "fill-gradient") if "→" in words] == ["−6 → 0"]
    assert "At the ReLU of h₂, −6 arrives and 0 goes on." in w.summary()
    assert any("arrives at a ReLU" in words for words in texts(w.picture))
    for activation in ("sigmoid", "linear"):
        other = explorer(activation=activation)
        assert not any("→" in words for words in [*texts(other.picture), other.summary()])


def test_where_an_input_of_0_stops_a_nudge_no_relu_is_blamed():
    w = NetworkExplorer(WEIGHTS, BIASES, [0.0, 2.0], TARGET, edge=(0, 0, 2), nudge=0.3)
    assert w.steps[-1]["said"].startswith("No value moves. x₁ is 0, and 0 times any weight is 0.")


def test_a_nudge_that_is_too_large_for_its_forecast_is_called_so_and_a_slope_of_0_is_not():
    too_large = NetworkExplorer([[[1.0]]], None, [1.0], [0.75], edge=(0, 0, 0), nudge=1.0)
    assert (too_large.predicted, too_large.true) == (0.25, 0.75)
    assert "this Δw is too large" in too_large.steps[-1]["said"]
    at_the_minimum = NetworkExplorer([[[1.0]]], None, [1.0], [1.0], edge=(0, 0, 0), nudge=0.1)
    assert at_the_minimum.steps[-1]["said"].endswith("The rest, 0.005, shrinks faster than Δw.")


def test_a_nudge_of_0_moves_nothing():
    assert explorer(edge=(0, 0, 1), nudge=0.0).steps[-1]["said"].startswith("No value moves. Δw is 0.")


def test_steps_go_forward_to_the_loss_back_and_through_the_nudge():
    phases = [step["phase"] for step in explorer().steps]
    assert phases == ["start", *["forward"] * 4, "loss", *["backward"] * 6, "nudge", "nudge"]


def test_every_part_of_the_picture_shows_at_some_step():
    w = explorer()
    for part in ET.fromstring(w.picture).iter():
        at, until = int(part.get("data-at", 0)), int(part.get("data-until", w.last + 1))
        assert 0 <= at < until <= w.last + 1


def test_what_is_not_written_is_named_and_the_rest_is_shown():
    w = explorer(forward=not_written)
    assert [step["phase"] for step in w.steps] == ["start"]
    assert w.problem == "not_written is not written yet. Write it, run its cell, then run this cell again."
    w = explorer(forward=mlp_forward, backward=not_written)
    assert w.steps[-1]["phase"] == "loss"
    assert "not_written is not written yet" in w.steps[-1]["said"]
    assert np.isnan(w.predicted)
    assert np.isnan(w.true)


@pytest.mark.parametrize("returned", [None, 3, (1, 2, 3), (np.ones((1, 2)), [np.ones((3, 2))] * 2, [1, 2])])
def test_a_strange_answer_is_said_kindly(returned):
    def mine(dy, activations, weights):
        return returned

    assert re.match("mine returned .*expected", explorer(backward=mine).problem)


def test_a_wrong_number_is_marked_beside_the_right_one():
    def without_mask(dy, activations, weights):
        dx, dweights, dbiases = mlp_backward(dy, activations, weights)
        return dx, dweights, [dbiases[0] + [0, 0, 1], dbiases[1]]

    w = explorer(backward=without_mask)
    assert "wrong: 0 is right" in w.figure()
    assert "Some of these numbers are wrong" in w.summary()
    assert any("Your function returns 1 here" in step["said"] for step in w.steps)
    assert any("from x₂: 2 × 1 = 2 (your function returns 0)" in step["said"] for step in w.steps)


def test_a_student_cannot_change_the_network_by_what_they_do_to_their_arguments():
    def greedy(x, weights, biases):
        out = mlp_forward(x, weights, biases)
        weights[0] *= 0
        biases[0] *= 0
        return out

    assert explorer(forward=greedy).figure() == explorer().figure()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"weights": [1, "two"]}, "two or more positive widths"),
        ({"weights": [3]}, "two or more positive widths"),
        (
            {"weights": [np.ones((2, 3)), np.ones((2, 1))]},
            r"weights\[1\] has shape \(2, 1\); expected \(3, M\)",
        ),
        ({"weights": WEIGHTS, "x": np.ones((4, 2))}, "one example, not a batch"),
        ({"weights": WEIGHTS, "target": [1]}, "needs an input"),
        ({"weights": WEIGHTS, "biases": [[0], [0]]}, "biases have the shapes"),
        ({"weights": WEIGHTS, "activation": "swish"}, "expected one of"),
        ({"weights": WEIGHTS, "names": [["a"]]}, "expected a list for each layer"),
        ({"weights": [64, 16, 10], "outputs": range(9)}, "outputs are .* expected 10 of them"),
    ],
)
def test_bad_arguments_get_a_clear_error(arguments, words):
    with pytest.raises(ValueError, match=words):
        draw_network(**arguments)


def test_a_large_network_is_drawn_with_some_left_out_and_not_explored():
    drawn = draw_network([64, 16, 10])
    on_paper = re.findall(r"<rect[^>]*bp-fill-paper[^>]*></rect><text[^>]*>(\d+ more)", drawn.svg)
    assert on_paper == ["61 more", "13 more", "7 more"]  # else lines cross it
    with pytest.raises(ValueError, match="80 units, expected at most 16"):
        NetworkExplorer([np.ones((64, 16))], None, np.ones(64), np.ones(16))


def test_inputs_and_outputs_are_called_what_they_stand_for():
    drawn = draw_network([64, 16, 10], inputs="64 pixels", outputs=range(10))
    assert {"64 pixels", "0", "1", "9"} <= set(texts(drawn.svg))
    assert not any("y" in words for words in texts(drawn.svg))
    said = "Its inputs are 64 pixels. Its outputs stand for 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."
    assert repr(drawn).endswith(said)


def test_a_line_that_carries_a_number_is_one_of_at_most_twelve():
    few, many = (draw_network([np.ones((3, M))], x=np.ones(3)) for M in (4, 5))
    assert texts(few.svg).count("1") == 3 + 12
    assert texts(many.svg).count("1") == 3

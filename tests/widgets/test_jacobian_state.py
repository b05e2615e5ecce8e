"""What Python reads and sets on a Jacobian explorer; no browser here."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from traitlets import TraitError

from backprop_course import ops
from backprop_course.widgets import JacobianExplorer

H, W = np.array([2.0, 5.0]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
POINT = np.array([1.0, 0.2, -1.0])


def three(x):
    return np.array([x[0] ** 2, x[0] * x[1], 3 * x[1]])


def three_backward(dy, x):
    return np.array([[2 * x[0], 0], [x[1], x[0]], [0, 3]]).T @ dy


def softmax_backward(dy, x):
    return ops.softmax_backward(dy, ops.softmax(x))


def diagonal_backward(dy, x):
    return dy * ops.softmax(x) * (1 - ops.softmax(x))


def unwritten(dy, x):
    raise NotImplementedError


def largest(values):
    return np.atleast_1d(np.max(values))


def test_truth_and_yours_are_numpys():
    w = JacobianExplorer(ops.softmax, POINT, softmax_backward)
    p = np.exp(POINT) / np.exp(POINT).sum()
    expected = np.diag(p) - np.outer(p, p)
    np.testing.assert_allclose(w.truth, expected, atol=1e-9)
    np.testing.assert_allclose(w.yours, expected, atol=1e-15)
    assert not w.difference.any()
    assert w.wrong == []
    assert "Yours agrees with the truth, up to round-off, in all 9 entries." in w.summary()


def test_outputs_are_rows_also_when_there_are_more_of_them():
    w = JacobianExplorer(three, [2.0, 1.0], three_backward)
    np.testing.assert_allclose(w.truth, [[4, 0], [1, 2], [0, 3]], atol=1e-8)
    np.testing.assert_array_equal(w.yours, [[4, 0], [1, 2], [0, 3]])
    assert [panel["note"] for panel in w.picture["panels"]] == [
        "4 of 6 not zero",
        "4 of 6 not zero",
        "0 of 6 not zero",
    ]


def test_wrong_entries_are_named_with_both_numbers():
    w = JacobianExplorer(ops.softmax, POINT, diagonal_backward)
    assert w.wrong == [(i, j) for i in range(3) for j in range(3) if i != j]
    p = ops.softmax(POINT)
    np.testing.assert_allclose(w.difference, np.outer(p, p) * (1 - np.eye(3)), atol=1e-8)
    said = f"∂y₀/∂x₁ is −{p[0] * p[1]:.4f}, yours is 0."
    assert f"6 of 9 entries differ. {said} Also ∂y₀/∂x₂, " in w.picture["verdict"]


@pytest.mark.parametrize(("factor", "kind"), [(1 + 1e-3, "wrong"), (1 - 1e-4, "wrong"), (1 + 1e-12, "right")])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_small_errors_are_told_from_round_off_at_any_scale(factor, kind, scale):
    w = JacobianExplorer(lambda x: scale * np.sin(x), POINT, lambda dy, x: scale * dy * np.cos(x) * factor)
    assert w.picture["kind"] == kind


def test_a_transposed_jacobian_is_called_so():
    square = np.array([[1.0, 2.0], [3.0, 4.0]])
    w = JacobianExplorer(lambda x: x @ square, [1.0, 1.0], yours=square)
    assert w.wrong == [(0, 1), (1, 0)]
    assert "Yours is the truth transposed" in w.picture["verdict"]
    other = JacobianExplorer(three, [2.0, 1.0], yours=np.zeros((2, 3)))
    assert (
        "has shape (2, 3); expected (3, 2), outputs by inputs. That is the other layout"
        in other.picture["verdict"]
    )


def test_a_matrix_as_input_is_flattened():
    w = JacobianExplorer(lambda W: H @ W, W, lambda da, W: np.outer(H, da), names=("a", "W"))
    tensor = ops.linear_jacobian_W(H, W, np.zeros(3))
    np.testing.assert_array_equal(w.yours, tensor.reshape(3, 6))
    assert w.picture["inputs"] == ["W[0, 0]", "W[0, 1]", "W[0, 2]", "W[1, 0]", "W[1, 1]", "W[1, 2]"]
    assert ("Flattened", "W, of shape (2, 3), is read row by row, 6 numbers.") in w.picture["remarks"]
    whole = JacobianExplorer(lambda W: H @ W, W, yours=tensor)
    np.testing.assert_array_equal(whole.yours, w.yours)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_every_slope_at_a_kink_is_right(slope):
    w = JacobianExplorer(ops.relu, [0.0, 1.0], lambda dy, z: dy * np.where(z == 0, slope, z > 0))
    assert w.wrong == []
    assert np.isnan(w.truth[0, 0])
    assert w.picture["kinks"] == [[0, 0, pytest.approx(0), pytest.approx(1)]]


def test_a_slope_outside_the_kink_is_wrong():
    w = JacobianExplorer(ops.relu, [0.0, 1.0], lambda dy, z: dy * np.where(z == 0, 1.5, z > 0))
    assert w.wrong == [(0, 0)]
    assert "∂y₀/∂x₀ has a kink, where every slope from 0 to 1 is right; yours is 1.5." in w.picture["verdict"]


@pytest.mark.parametrize(
    ("row", "right"), [([1, 0], True), ([0.3, 0.7], True), ([1, 1], False), ([0, 0], False)]
)
def test_a_tied_maximum_is_split_not_doubled(row, right):
    w = JacobianExplorer(largest, [2.0, 2.0], yours=[row])
    assert (w.wrong == []) == right
    assert ("do not fit together" in w.picture["verdict"]) != right


def test_a_given_truth_is_not_measured():
    w = JacobianExplorer(three, [2.0, 1.0], jacobian=lambda x: [[4, 0], [1, 2], [0, 3]])
    np.testing.assert_array_equal(w.truth, [[4, 0], [1, 2], [0, 3]])
    assert w.picture["panels"][0]["head"] == "Truth, given"
    assert w.yours is None
    assert w.picture["kind"] == "none"


def test_both_layouts_relabel_shapes_and_the_chain_rule():
    facts = JacobianExplorer(three, [2.0, 1.0]).picture["facts"]
    ours, other = dict(facts["numerator"]), dict(facts["denominator"])
    assert "(3, 2)" in ours["Rows, columns"]
    assert "(2, 3)" in other["Rows, columns"]
    assert ours["Chain rule"].startswith("J = Jₙ ⋯ J₂ J₁")
    assert other["Chain rule"].startswith("Jᵀ = J₁ᵀ J₂ᵀ ⋯ Jₙᵀ")


@pytest.mark.parametrize(("dimension", "zeros"), [(5, 0), (5, 2)])
def test_the_cost_of_a_diagonal_is_its_length(dimension, zeros):
    x = np.r_[-np.ones(zeros), np.ones(dimension - zeros)]
    cost = dict(JacobianExplorer(ops.relu, x, lambda dy, z: dy * (z > 0)).picture["cost"])
    assert cost["Whole J"].startswith("5 × 5 = 25 numbers kept.")
    assert cost["VJP"].startswith(
        "5 + 5 = 10 numbers kept, dy and dx. It takes at most D = 5 multiplications"
    )
    assert cost["To fill J"] == "5 backward passes, one a row, or 10 calls of the function, two a column."


def test_the_cost_is_not_told_beside_a_whole_jacobian():
    assert JacobianExplorer(three, [2.0, 1.0], yours=np.zeros((3, 2))).picture["cost"] == []


def test_a_loss_takes_one_backward_pass():
    cost = dict(JacobianExplorer(np.sum, np.ones(7), lambda dy, x: dy * np.ones(7)).picture["cost"])
    assert cost["To fill J"].startswith("1 backward pass, ")


@pytest.mark.parametrize(
    ("backward", "said"),
    [
        (unwritten, "unwritten is not written yet."),
        (lambda dy, x: unwritten(dy, x), "unwritten is not written yet."),
        (lambda dy, x: 1 / 0, "backward stopped with ZeroDivisionError"),
        (lambda dy, x: None, "returned None; expected an array of numbers of shape (3,)"),
        (lambda dy, x: np.ones((3, 3)), "returned an array of shape (3, 3); expected (3,)"),
    ],
)
def test_a_function_that_cannot_be_shown_does_not_hide_the_truth(backward, said):
    w = JacobianExplorer(ops.softmax, POINT, backward)
    assert said in w.picture["verdict"]
    assert w.picture["kind"] == "problem"
    assert [panel["key"] for panel in w.picture["panels"]] == ["truth"]
    assert not w.problem
    assert said in " ".join(" ".join(ET.fromstring(w.figure()).itertext()).split())


def test_nan_in_yours_is_wrong_and_has_no_place_in_json():
    w = JacobianExplorer(np.sin, POINT, lambda dy, x: dy * np.array([np.nan, np.cos(0.2), np.cos(1)]))
    assert (0, 0) in w.wrong
    assert "yours is no finite number but nan" in w.picture["verdict"]
    json.dumps({k: v for k, v in w.get_state().items() if k != "layout"}, allow_nan=False)


@pytest.mark.parametrize(
    ("forward", "x", "said"),
    [
        (lambda x: 1 / 0, [1.0], "f stopped with ZeroDivisionError"),
        (np.log, [0.0], "log returned [-inf], which is not finite"),
        (np.log, [1e-6], "log is not finite next to x"),
        (lambda x: "no", [1.0], "f returned 'no'; expected an array of numbers"),
        (lambda x: np.ones(49), [1.0], "f returned 49 numbers"),
    ],
)
def test_a_forward_function_without_a_jacobian_is_told(forward, x, said):
    w = JacobianExplorer(forward, x)
    assert said in w.problem
    assert said in repr(w)
    assert said.split(",")[0] in " ".join(ET.fromstring(w.figure()).itertext())
    assert w.truth is None
    assert w.wrong == []


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((3.0, [1.0]), TypeError, "forward is 3.0; expected a function"),
        ((np.sin, "abc"), TypeError, "x is 'abc'; expected an array of numbers"),
        ((np.sin, np.ones(49)), ValueError, "x has 49 entries; expected 1 to 48"),
        ((np.sin, [np.nan]), ValueError, "expected finite numbers"),
        ((np.sin, [1.0], 5), TypeError, "backward is 5; expected a function"),
    ],
)
def test_arguments_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        JacobianExplorer(*arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"backward": unwritten, "yours": [[1.0]]}, TypeError, "expected one of them"),
        ({"jacobian": [[1.0, 2.0]]}, ValueError, "has shape"),
        ({"names": "yx"}, ValueError, "expected the names of output and input"),
        ({"layout": "sideways"}, TraitError, "jacobian_layout"),
    ],
)
def test_options_that_make_no_picture_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        JacobianExplorer(np.sin, [1.0], **arguments)


def test_a_function_cannot_change_what_is_shown():
    def meddling(dy, x):
        x[:] = 0
        dy[:] = 0
        return dy

    w = JacobianExplorer(np.sin, POINT, meddling)
    np.testing.assert_allclose(w.truth, np.diag(np.cos(POINT)), atol=1e-9)
    assert w.wrong == [(0, 0), (1, 1), (2, 2)]


def test_the_figure_follows_the_layout_and_is_the_same_bytes_for_the_same_state():
    w, same = (JacobianExplorer(three, [2.0, 1.0], three_backward) for _ in range(2))
    figure = w.figure()
    assert figure == same.figure()
    w.jacobian_layout = "denominator"
    assert w.figure() != figure
    assert "Jᵀ has the shape (2, 3)" in w.summary()
    w.jacobian_layout = "numerator"
    assert w.figure() == figure

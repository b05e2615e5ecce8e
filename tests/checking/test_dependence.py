"""What the checker sees by changing one argument, with the exercise's bank of wrong forms emptied."""

from typing import Any

import numpy as np

from backprop_course import ops
from backprop_course.exercises import Mistake
from tests.mistakes._corpus import Function, judged_by_rules


def untaught(name: str, function: Function) -> Mistake:
    """The first mistake that general rules find."""
    report = judged_by_rules(name, function)
    assert not report.passed
    return report.mistakes[0]


def guided(dy: Any, z: Any) -> Any:
    return dy * (z > 0) * (dy > 0)


def mask_of_upstream(dy: Any, z: Any) -> Any:
    return dy * (dy > 0)


def test_a_gradient_stopped_by_its_own_sign_is_a_wrong_mask() -> None:
    mistake = untaught("relu_backward", guided)
    assert mistake.slug == "wrong-mask"
    assert "dz does more than change its sign when dy does" in mistake.message


def test_the_right_formula_with_another_variable_is_told_so() -> None:
    mistake = untaught("relu_backward", mask_of_upstream)
    assert mistake.slug == "wrong-variable"
    assert mistake.message == "In dz, dy stands where z belongs."


def test_a_local_derivative_that_holds_the_upstream_gradient_is_wrong() -> None:
    mistake = untaught("sigmoid_backward", lambda dy, y: y * dy**2)
    assert mistake.slug == "wrong-local-derivative"
    assert "dz does not double when dy doubles" in mistake.message


def test_a_part_that_does_not_come_from_upstream_is_mentioned() -> None:
    mistake = untaught("sigmoid_backward", lambda dy, y: y * (1 - y) + dy)
    assert mistake.slug == "wrong-local-derivative"
    assert "where dy is 0, dz is not" in mistake.message


def test_an_answer_of_booleans_raises_nothing() -> None:
    assert untaught("relu_backward", lambda dy, z: z > 0).slug == "missing-upstream"
    assert untaught("softmax_backward", lambda dy, y: dy > 5).slug


def test_an_input_that_the_answer_ignores_is_mentioned() -> None:
    mistake = untaught("squared_error_backward", lambda f, y: (f, -f))
    assert mistake.slug == "unused-parameter"
    assert mistake.message == "df does not change when y changes, and it should."


def test_an_input_that_does_not_belong_in_the_answer_is_mentioned() -> None:
    mistake = untaught("linear_vjp_b", lambda da, h, W, b: da * (b > 0))
    assert mistake.slug == "wrong-local-derivative"
    assert "it changes when b changes, and it should not" in mistake.message.replace("db", "it")


def test_a_mask_depends_on_its_input_though_a_small_step_does_not_show_it() -> None:
    assert "should not" not in untaught("relu_backward", lambda dy, z: dy * np.tanh(z)).message


def test_where_entries_are_only_passed_on_no_slope_is_to_be_derived() -> None:
    mistake = untaught(
        "broadcast_backward",
        lambda dy, shape: ops.broadcast_backward(dy, shape) / len(dy.T) if dy.ndim else dy,
    )
    assert mistake.message == (
        "gradient takes from the right entries of dy, and multiplies some of them. "
        "Each should be passed on as it is."
    )
    assert "mean" in mistake.hint


def test_a_wrong_but_linear_answer_is_not_called_anything_else() -> None:
    mistake = untaught("softmax_backward", lambda dy, y: 1.5 * ops.softmax_backward(dy, y) + 0.5 * y * dy)
    assert mistake.message == (
        "dz takes from the right entries of dy, and multiplies some of them by wrong numbers."
    )

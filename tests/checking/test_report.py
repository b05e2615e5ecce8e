"""The report, as text, as a page, and as an exception."""

import re
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest
from IPython.testing.globalipapp import start_ipython

import backprop_course
from backprop_course import ExerciseFailed, check, evaluate, exercises, gradcheck, ops
from backprop_course.checking import judge
from backprop_course.checking._call import call
from backprop_course.exercises import Case
from backprop_course.graph import OPERATIONS
from backprop_course.network import mlp_forward

EXAMPLE = """\
relu_backward: not yet. 1 of 11 cases right.

  The gradient passes through where z < 0.                              [wrong-mask]

     dy       [3. 4.]
     z        [-1.  2.]
     your dz  [3. 4.]
                ^ the output does not change when this z moves, so its gradient is 0

  A mask taken from the output with >= 0 would do this: after a ReLU, every output
  is >= 0."""


def relu_backward(dy: Any, z: Any) -> Any:
    return dy * (np.maximum(z, 0) >= 0)


def test_the_text_shows_the_mistake_in_numbers() -> None:
    assert str(evaluate("relu_backward", relu_backward)) == EXAMPLE


def test_check_quotes_the_line_of_the_student_that_stopped() -> None:
    def relu_backward(dy: Any, z: Any) -> Any:
        return dy if z > 0 else 0

    with pytest.raises(ExerciseFailed, match=r"The line `return dy if z > 0 else 0` needs one\s+answer"):
        check(relu_backward)


def test_round_off_beside_a_right_answer_of_zero_is_no_evidence() -> None:
    report = evaluate("log_softmax", lambda z: z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))
    assert [case.passed for case in report.cases if case.shapes["z"] == (3, 1)] == [True]
    assert "inf" in str(report)  # the case shown is one where the exponential overflows, as the sentence says


def test_yes_or_no_is_not_shown_as_a_number() -> None:
    report = str(evaluate("is_subgradient", lambda v, f, x0, points: True))
    assert "your answer  True\n     expected False\n" in report


def test_an_answer_of_another_kind_is_named_by_its_kind() -> None:
    returned = str(evaluate("topological_order", lambda parents: ValueError("a cycle")))
    assert "your answer  a ValueError\n" in returned
    inside = str(evaluate("backpropagate", lambda parents, local_derivatives, output: {"f": {1.0}}))
    assert "should be a number, and yours is a set." in inside
    assert "your answer        {'f': a set}\n" in inside


def test_a_mask_in_the_place_of_a_gradient_is_told_the_number() -> None:
    assert "expected 4: when this z" in str(evaluate("relu_backward", lambda dy, z: z > 0))


def test_lists_and_dictionaries_are_shown_to_their_end_as_python_writes_them() -> None:
    short = evaluate("broadcast_backward", lambda dy, shape: dy.sum(axis=tuple(range(dy.ndim - len(shape)))))
    assert re.search(r"^ +shape +\(2, 1\)$", str(short), re.MULTILINE)
    forgot = evaluate("shared_weight_backward", lambda dx3, J: (dx3 @ J["x3", "w1"], dx3 @ J["x3", "x2"]))
    assert re.search(r"^ +\('x1', 'w1'\): \[\[2\.\]\]$", str(forgot), re.MULTILINE)
    overwritten = evaluate(
        "backpropagate", lambda parents, local_derivatives, output: dict.fromkeys(parents, 2.0)
    )
    assert re.search(r"^ +\('q', 'y'\): 1$", str(overwritten), re.MULTILINE)
    assert "…" not in str(forgot) + str(overwritten)
    ended = evaluate("mlp_forward", lambda x, weights, biases: [x])
    assert re.search(r"^ +weights +\[0\] +\[\[3\.\]\]$", str(ended), re.MULTILINE)


def test_check_shows_the_student_s_own_line_where_it_stopped() -> None:
    def sgd_step(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
        return parameters - learning_rate * gradients

    with pytest.raises(ExerciseFailed) as failure:
        check(sgd_step)
    (mistake,) = failure.value.report.mistakes
    assert "`return parameters - learning_rate * gradients`" in mistake.message
    assert "A list is no array" in mistake.hint


def test_a_list_of_the_wrong_kind_is_said_once_though_it_fits_a_case_by_chance() -> None:
    report = evaluate("mlp_forward", lambda x, weights, biases: mlp_forward(x, weights, biases)[-1])
    assert [mistake.slug for mistake in report.mistakes] == ["wrong-type"]


def test_a_slope_that_is_wrong_entry_by_entry_gets_no_words_about_other_entries() -> None:
    report = evaluate("relu_backward", lambda dy, z: dy * (1 + 0.37 * np.sin(3 * z)))
    assert "others" not in str(report)
    assert "by a wrong factor" in str(report)


def test_a_right_answer_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    check(lambda dy, z: dy * (z > 0), "relu_backward")
    assert capsys.readouterr().out == "relu_backward: right. 11 of 11 cases, 2 points.\n"


def test_check_raises_an_assertion_error_with_the_report() -> None:
    with pytest.raises(AssertionError, match="wrong-mask") as failure:
        check(relu_backward)
    assert isinstance(failure.value, ExerciseFailed)
    assert failure.value.report.mistakes[0].slug == "wrong-mask"


def test_a_hidden_case_keeps_its_numbers_to_itself() -> None:
    with pytest.raises(ExerciseFailed) as failure:
        check(relu_backward, seed=7)
    assert "[3. 4.]" not in str(failure.value)
    assert "wrong-mask" in str(failure.value)


def test_a_right_answer_shows_nothing_on_hidden_cases(capsys: pytest.CaptureFixture[str]) -> None:
    check(lambda dy, z: dy * (z > 0), "relu_backward", seed=7)
    assert capsys.readouterr().out == ""


max_backward = lambda dy, z: np.zeros(np.shape(z))  # noqa: E731


def test_check_finds_the_name_of_a_lambda() -> None:
    with pytest.raises(ExerciseFailed) as failure:
        check(max_backward)
    assert failure.value.report.exercise == "max_backward"


def test_check_of_a_function_that_is_no_exercise_says_so() -> None:
    with pytest.raises(KeyError, match="no exercise is called 'test_check_of"):
        check(test_check_of_a_function_that_is_no_exercise_says_so)


def test_a_form_that_stops_in_some_cases_is_shown_in_the_smallest_that_fails() -> None:
    shown = evaluate("chain_jacobians", lambda jacobians: reduce(np.matmul, jacobians)).mistakes[0].case
    assert (shown.why, shown.comparable) == ("two square Jacobians, to follow by hand", True)


def test_the_page_escapes_what_the_student_wrote() -> None:
    def evil(dy: Any, z: Any) -> Any:
        raise ValueError("<script>alert(1)</script>")

    page = evaluate("relu_backward", evil)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_page_folds_the_hints_away() -> None:
    assert evaluate("relu_backward", relu_backward)._repr_html_().count("<details>") == 2


def test_code_in_a_sentence_is_code_in_html():
    def relu_backward(dy, z):
        raise NotImplementedError

    report = evaluate("relu_backward", relu_backward)
    assert "<code>raise NotImplementedError</code>" in report._repr_html_()
    assert "`raise NotImplementedError`" in str(report)


def test_in_ipython_the_report_is_shown_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    shell = start_ipython()
    shell.user_ns.update(relu_backward=relu_backward, check=check)
    shell.run_cell("check(relu_backward)")
    shown = capsys.readouterr().out
    assert EXAMPLE in shown
    assert "Traceback" not in shown
    assert shown.rstrip().endswith("relu_backward: not yet. 1 of 11 cases right. [wrong-mask]")


@pytest.mark.parametrize(
    ("code", "slow"),
    [
        ("import backprop_course", {"numpy", "backprop_course.ops"}),
        ("from backprop_course import ops", {"backprop_course.checking", "backprop_course.exercises"}),
        ("from backprop_course import check", {"importlib.metadata", "backprop_course.exercises.digits"}),
        ("from backprop_course import *; check, evaluate", {"matplotlib", "backprop_course.graph"}),
    ],
)
def test_importing_the_package_loads_what_is_asked_for(code: str, slow: set[str]) -> None:
    heavy = {"matplotlib", "ipywidgets", "IPython", "nbgrader", *slow}
    code = f"{code}; import sys; print({heavy} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"


def test_the_package_lists_what_it_has_before_anything_is_loaded() -> None:
    assert set(backprop_course.__all__) <= set(dir(backprop_course))
    assert backprop_course.numerical.gradcheck is backprop_course.gradcheck
    with pytest.raises(AttributeError, match="'backprop_course' has no attribute 'chek'"):
        backprop_course.chek  # type: ignore[attr-defined] # noqa: B018


def test_an_answer_that_asks_the_course_is_refused_though_it_hides_that() -> None:
    def asks(dy: Any, z: Any) -> Any:
        try:
            return ops.relu_backward(dy, z)
        except Exception:
            return dy * (z > 0)

    def differentiates(dy: Any, z: Any) -> Any:
        return dy * np.vectorize(OPERATIONS["relu"].derivatives[0])(z)

    def measures(dy: Any, z: Any) -> Any:
        return gradcheck(ops.relu, lambda dy, z: dy * (z > 0), z).worst.low

    asking = (asks, ops.relu_backward, lambda dy, z: ops.relu_backward(dy, z), differentiates, measures)
    for function in asking:
        with pytest.raises(ExerciseFailed, match="uses-reference"):
            check(function, "relu_backward")
    assert evaluate("relu_backward", ops.relu_backward).passed  # the reference itself is as it was


def test_a_number_beyond_the_fourth_digit_is_shown() -> None:
    def softplus_backward(dy: Any, z: Any) -> Any:
        return ops.softplus_backward(dy, z) + 1e-7

    shown = str(evaluate("softplus_backward", softplus_backward))
    got, expected = re.search(r"is ([-+\d.e]+); +expected ([-+\d.e]+)", shown).groups()  # type: ignore[union-attr]
    assert got != expected


def test_no_line_is_wider_than_the_page() -> None:
    for name in ("loss_and_gradients", "mlp_backward", "linear_backward", "topological_order"):
        for function in (lambda *a: a[0], lambda *a: a, lambda *a: a[99]):
            lines = str(evaluate(name, function)).splitlines()
            calls = [line for line in lines if line.strip().startswith(f"{name}(")]  # to copy, in one piece
            assert max(len(line) for line in lines if line not in calls) <= 84


@pytest.mark.parametrize("name", exercises.names())
def test_what_a_report_cuts_short_is_a_large_array_or_a_long_list_that_says_its_length(name: str) -> None:
    for form in exercises.get(name).wrong[:2]:
        for line in str(evaluate(name, form.function)).splitlines():
            assert "…" not in line or re.search(r"array of shape|… \d+ in all", line)


def refused(*arguments: Any) -> Any:
    raise TypeError("no")


@pytest.mark.parametrize("name", ["numerical_jacobian", "backpropagate", "max_pool_backward", "train"])
def test_an_error_comes_with_lines_that_make_the_inputs_again(name: str) -> None:
    """Short ones written down, long ones and functions by their place among the cases."""
    (mistake, *_) = evaluate(name, refused).mistakes
    made: dict[str, Any] = {}
    exec(mistake.case.call.replace(f"{name}(", "called = (lambda *given: given)("), {"np": np}, made)
    assert [np.shape(v) for v in made["called"] if isinstance(v, np.ndarray)] == [
        np.shape(v) for v in mistake.case.inputs.values() if isinstance(v, np.ndarray)
    ]
    assert len(made["called"]) == len(mistake.case.inputs)


def test_a_secret_seed_gives_no_way_to_its_inputs() -> None:
    assert evaluate("numerical_jacobian", refused, seed=3).mistakes[0].case.call == ""


def test_inputs_says_which_cases_there_are() -> None:
    with pytest.raises(IndexError, match=r"relu_backward has cases 0 to \d+, got 99"):
        exercises.inputs("relu_backward", 99)


def test_a_hint_of_the_catalogue_stays_with_its_own_words() -> None:
    """No difference is taken the wrong way round where the slopes of sine and cosine are mistaken."""
    (mistake, *_) = evaluate(
        "exp_sin_square_derivative", lambda x: -np.exp(np.sin(x**2)) * np.cos(x**2) * 2 * x
    ).mistakes
    assert (mistake.slug, mistake.hint) == ("wrong-sign", "")
    (mistake, *_) = evaluate("kl_divergence_backward", lambda y, d: d / y).mistakes
    assert mistake.slug == "wrong-sign"
    assert mistake.hint.startswith("Look for a difference")


def test_nan_alone_is_not_taken_for_a_wrong_formula() -> None:
    """A known form with a wrong sign elsewhere has nan in its loss as well."""
    w, x = np.array([1.0, 1.0]), np.array([[900.0, 0.0], [0.0, 900.0]])
    saturated = Case("saturated", (w, 0.0, x, np.array([1, 1])))
    exercise = replace(exercises.get("binary_loss_and_gradients"), cases=lambda rng: [saturated])

    def plain_logarithms(w: Any, b: Any, x: Any, d: Any) -> Any:
        p = ops.sigmoid(x @ w + b)
        loss = -(d * np.log(p) + (1 - d) * np.log(1 - p)).mean()
        return loss, x.T @ (p - d) / len(d), (p - d).mean()

    (mistake,) = judge(exercise, lambda case: call(plain_logarithms, case.inputs), seed=0).mistakes
    assert mistake.slug == "not-finite"


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        (
            "distributed_derivative",
            lambda f_partials, inner, slopes, x: sum(f_partials(x) * [slope(x) for slope in slopes]),
            r"f_partials got 2\.0; expected one array of\s+all of z_1, \.\.\., z_M",
        ),
        (
            "distributed_derivative",
            lambda f_partials, inner, slopes, x: f_partials(inner) @ [slope(x) for slope in slopes],
            "f_partials got functions; expected an array",
        ),
        (
            "distributed_derivative",
            lambda f_partials, inner, slopes, x: sum(
                p(x) * d(x) for p, d in zip(f_partials, slopes, strict=True)
            ),
            "'function' object is not iterable.*To get what it returns, call",
        ),
        (
            "partial_and_total",
            lambda df_dx, df_dy, y, dy_dx, x: (df_dx(x, y), df_dx(x, y) + df_dy(x, y) * dy_dx(x)),
            r"got a\s+function; expected the number y\(x\)",
        ),
        (
            "partial_and_total",
            lambda df_dx, df_dy, y, dy_dx, x: (df_dx(x, y(x)), df_dx(x, y(x)) + df_dy(x, y(x)) * dy_dx),
            "To get what it returns, call",
        ),
    ],
)
def test_a_function_in_the_place_of_its_value_is_said(name, answer, told) -> None:
    assert re.search(told, str(evaluate(name, answer)), re.DOTALL)

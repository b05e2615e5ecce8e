"""Which findings come, in which order, and which entry shows them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from backprop_course import evaluate, exercises
from backprop_course.checking import judge
from backprop_course.checking._call import call
from backprop_course.checking._leaves import Leaf
from backprop_course.exercises import Case, WrongForm


def slugs(exercise: str, answer: Any) -> list[str]:
    return [mistake.slug for mistake in evaluate(exercise, answer).mistakes]


def test_each_value_that_is_wrong_for_a_cause_of_its_own_is_named() -> None:
    found = slugs("linear_backward", lambda dz, x, W: (-dz @ W.T, dz.T @ x, dz.sum(axis=0)))
    assert sorted(found) == ["transposed", "wrong-sign"]


def test_a_return_that_some_cases_do_not_reach_is_not_missing() -> None:
    def answer(weights: Any, biases: Any) -> Any:
        W, b = weights[0], biases[0]
        for V, c in zip(weights[1:], biases[1:], strict=True):
            W, b = W @ V, b @ V + c
            return W, b

    report = evaluate("linear_composition", answer)
    [mistake] = report.mistakes
    assert "In some cases your function returns None" in mistake.message
    assert mistake.hint == "`return W, b` ends the loop in its first round."
    assert report.verdict is False  # it is written, and wrong


def test_causes_come_before_what_only_describes() -> None:
    def answer(dz: Any, x: Any, W: Any) -> Any:
        return np.tanh(dz @ W.T), x.T @ dz, dz.sum(axis=0, keepdims=True)

    found = slugs("linear_backward", answer)
    assert found[0] == "extra-axis"
    assert len(found) == 2


def test_a_value_without_a_known_cause_is_silent_beside_one_that_has_it() -> None:
    def answer(x: Any, y: Any) -> Any:
        z, dz_dx, dz_dy = exercises.get("fraction_backward").reference(x, y)
        return z, dz_dx + 0.1 * np.sin(7 * x), -dz_dy

    assert slugs("fraction_backward", answer) == ["wrong-sign"]


def test_a_known_form_that_stops_where_the_answer_does_is_all_there_is_to_say() -> None:
    # Only where W is square does the product come out; what it looks like there is no second mistake.
    assert slugs("linear_vjp_h", lambda da, h, W, b: da @ W) == ["missing-transpose"]
    both = slugs("linear_vjp_h", lambda da, h, W, b: da @ W + 1)  # like no form: both are told
    assert len(both) == 2


def test_a_hessian_from_the_students_own_jacobian_is_told_that_it_lost_h() -> None:
    def jacobian(f: Any, x: Any, h: float = 1e-5) -> Any:
        columns = [(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))]
        return np.stack(columns, axis=1)

    def hessian(given: Any) -> Any:
        def answer(f: Any, x: Any, h: float = 1e-4) -> Any:
            return jacobian(lambda at: jacobian(lambda z: np.array([f(z)]), at, *given(h))[0], x, *given(h))

        return answer

    assert slugs("numerical_hessian", hessian(lambda h: ())) == ["wrong-variable"]
    assert slugs("numerical_hessian", hessian(lambda h: (h,))) == []


def leaf(got: Any, expected: Any, tolerance: Any) -> Leaf:
    return Leaf("dz", np.array(expected, float), np.array(got, float), np.array(tolerance, float))


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        (leaf([1.0, 2.1], [0.0, 2.0], [0.5, 1e-3]), (1,)),  # in units of what round-off allows
        (leaf([1e9, np.nan], [0.0, 0.0], [1.0, 1.0]), (1,)),
        (leaf([[0.0, 0.0], [np.inf, 5.0]], np.zeros((2, 2)), np.ones((2, 2))), (1, 0)),
        (leaf([1.0], [1.0], [0.0]), None),
        (leaf([1.0], [[1.0, 2.0]], [[0.0, 0.0]]), None),
        (leaf(3.0, 1.0, 0.0), ()),
    ],
)
def test_the_worst_entry_is_shown(found: Leaf, worst: tuple[int, ...] | None) -> None:
    assert found.worst == worst


def test_a_form_without_words_that_itself_raises_is_told_as_what_it_raised() -> None:
    def refuses(dy: Any, z: Any) -> Any:
        raise KeyError("z")

    taught = replace(exercises.get("relu_backward"), wrong=(WrongForm("wrong-variable", refuses),))
    report = judge(taught, lambda case: call(refuses, case.inputs), seed=0)
    assert report.mistakes[0].slug == "wrong-variable"
    assert report.mistakes[0].message == "Your function stopped with KeyError: 'z'."


def test_an_answer_that_changes_from_call_to_call_is_called_nothing_else() -> None:
    def answer(dy: Any, z: Any, slopes: Any) -> Any:
        return np.where(z > 0, dy, np.random.default_rng().uniform(size=slopes.shape) * dy)

    assert slugs("rrelu_backward", answer) == ["stale-state"]


def test_a_list_that_ends_with_its_first_round_is_told_the_line() -> None:
    def answer(parameters: Any, gradients: Any, learning_rate: float) -> Any:
        new = []
        for p, g in zip(parameters, gradients, strict=True):
            new.append(p - learning_rate * np.asarray(g))
            return new

    found = evaluate("sgd_step", answer).mistakes[0]
    assert (found.slug, found.hint) == ("wrong-type", "`return new` ends the loop in its first round.")


def test_what_never_came_back_is_not_shown_as_an_answer() -> None:
    def answer(parents: Any) -> Any:
        while True:
            pass

    report = evaluate("topological_order", answer)
    assert report.mistakes[0].slug == "out-of-time"
    assert "your answer" not in str(report)


def test_a_list_without_its_first_entry_is_told_also_beside_a_case_without_any() -> None:
    def answer(parameters: Any, gradients: Any, learning_rate: float) -> Any:
        return [p - learning_rate * g for p, g in zip(parameters[1:], gradients[1:], strict=True)]

    assert slugs("sgd_step", answer)[0] == "wrong-type"
    exercise = exercises.get("sgd_step")
    empty = replace(exercise, cases=lambda rng: [*exercise.cases(rng), Case("no parameters", ([], [], 0.1))])
    report = judge(empty, lambda case: call(lambda *_: [1.0], case.inputs), seed=0)
    assert report.mistakes[0].slug == "wrong-type"


def test_an_error_that_was_asked_for_is_no_sign_of_another_mistake() -> None:
    def order(parents: Any) -> Any:
        placed: list[Any] = []
        while parents:
            ready = [node for node in parents if not any(parent in parents for parent in parents[node])]
            if not ready:
                raise ValueError("cycle")
            placed += ready
            for node in ready:
                del parents[node]
        return placed

    assert slugs("topological_order", order) == ["mutated-input"]


def test_the_quoted_line_without_keepdims_is_the_first_one() -> None:
    def softmax(z: Any) -> Any:
        e = np.exp(z - z.max(axis=-1))
        return e / e.sum(axis=-1)

    assert (
        "`e = np.exp(z - z.max(axis=-1))` takes an axis away" in evaluate("softmax", softmax).mistakes[0].hint
    )


def said(exercise: str, answer: Any) -> list[tuple[str, str]]:
    return [(m.slug, f"{m.message} {m.hint}") for m in evaluate(exercise, answer).mistakes]


def batch_formulas(of_weights: Any, of_biases: Any) -> Any:
    def network_vjp(dy: Any, x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        h = 1 / (1 + np.exp(-(x @ W1 + b1)))
        dz = dy @ W2.T * h * (1 - h)
        return dz @ W1.T, of_weights(x, dz), of_biases(dz), of_weights(h, dy), of_biases(dy)

    return network_vjp


@pytest.mark.parametrize("of_biases", [lambda dz: dz, lambda dz: dz.sum(axis=0)])
def test_the_formulas_of_a_batch_are_one_mistake_in_a_single_row(of_biases: Any) -> None:
    [(slug, words)] = said("network_vjp", batch_formulas(lambda x, dz: x.T @ dz, of_biases))
    assert slug == "wrong-shape"
    assert "formulas of a batch" in words
    assert "np.outer" in words


def test_biases_summed_over_no_batch_are_told_of_the_biases_alone() -> None:
    [(slug, words)] = said("network_vjp", batch_formulas(np.outer, lambda dz: dz.sum(axis=0)))
    assert slug == "wrong-shape"
    assert words.startswith("db1 is summed as over a batch")
    assert evaluate("network_vjp", batch_formulas(np.outer, lambda dz: dz)).passed


def fills(make: Any) -> Any:
    def linear_jacobian_W(h: Any, W: Any, b: Any) -> Any:  # noqa: N802
        J = make(W)
        for j in range(J.shape[0]):
            J[j, :, j] = h
        return J

    return linear_jacobian_W


def three_classes(z: Any, labels: Any) -> Any:
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return (p / p.sum(axis=1, keepdims=True) - np.eye(3)[labels]) / len(z)


def test_a_size_written_in_as_numbers_is_quoted_and_told_once() -> None:
    def answer(h: Any, W: Any, b: Any) -> Any:
        J = np.zeros((3, 2, 3))
        for j in range(3):
            J[j, :, j] = h
        return J

    [(slug, words)] = said("linear_jacobian_W", answer)
    assert slug == "raised-error"
    assert "works only where sizes happen to agree" in words
    assert "`J = np.zeros((3, 2, 3))` makes an array of one size" in words
    [(slug, words)] = said("linear_jacobian_b", lambda h, W, b: np.eye(3))
    assert slug == "wrong-shape"
    assert "yours has (3, 3) in every case" in words
    # Labels beyond the rows of the identity: an index is out of bounds.
    (slug, words), *_ = said("softmax_cross_entropy_backward", three_classes)
    assert slug == "raised-error"
    assert "makes an array of one size" in words
    # A size that follows the inputs is none, though its axes are exchanged.
    assert "written in as" not in str(
        evaluate("linear_jacobian_W", fills(lambda W: np.zeros((W.shape[1], *W.shape[::-1]))))
    )
    assert evaluate("linear_jacobian_W", fills(lambda W: np.zeros((W.shape[1], *W.shape)))).passed


def test_a_matrix_without_room_is_shown_in_the_case_that_has_none_for_it() -> None:
    [found] = evaluate("elementwise_vjp", lambda dy, derivative, z: dy @ np.diag(derivative(z))).mistakes
    assert found.slug == "raised-error"
    assert np.size(found.case.inputs["z"]) == 100_000


@pytest.mark.parametrize("signs", [(1, -1, 1, 1), (1, -1, -1, -1), (1, 1, -1, 1), (1, 1, -1, -1)])
def test_the_corners_of_a_hessian_are_told_of_their_signs(signs: tuple[int, ...]) -> None:
    def numerical_hessian(f: Any, x: Any, h: float = 1e-4) -> Any:
        H = np.zeros((len(x), len(x)))
        for i, j in np.ndindex(*H.shape):
            for sign, (a, b) in zip(signs, ((h, h), (h, -h), (-h, h), (-h, -h)), strict=True):
                moved = np.array(x, float)
                moved[i] += a
                moved[j] += b
                H[i, j] += sign * f(moved) / (4 * h**2)
        return H

    [(slug, words)] = said("numerical_hessian", numerical_hessian)
    assert slug == "wrong-sign"
    assert "sign does each of the four get" in words


@pytest.mark.parametrize("one", [1, 1.0])
def test_the_local_derivatives_of_a_sum_lack_what_comes_from_upstream(one: float) -> None:
    [(slug, words)] = said("add_gate_backward", lambda dy, a, b: (one, one))
    assert slug == "missing-upstream"
    assert "dy is missing" in words


def test_what_is_wrong_in_every_case_comes_before_what_is_wrong_at_a_tie() -> None:
    [(_, words)] = said("max_gate_backward", lambda dy, a, b: (dy * (a > b), dy * (a > b)))
    assert words.startswith("The mask of db")
    first, tie = said("max_gate_backward", lambda dy, a, b: (dy * (a > b), -2.5 * dy * (a <= b)))
    assert "-2.5" in first[1].replace("\N{MINUS SIGN}", "-")
    assert tie[1].startswith("At a tie")


def test_the_gates_taken_for_one_another_have_hints_of_their_own() -> None:
    [(slug, words)] = said("multiply_gate_backward", lambda dy, a, b: (dy, dy))
    assert slug == "forgot-chain"
    assert "Hold one input still" in words
    [(slug, words)] = said("add_gate_backward", lambda dy, a, b: (dy * a, dy * b))
    assert slug == "wrong-local-derivative"
    assert "Let a be 3" in words


def test_keepdims_is_asked_about_only_where_an_axis_is_lost() -> None:
    def mask_of_another_layer(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
        loss, _, dbiases = exercises.get("loss_and_gradients").reference(weights, biases, x, labels)
        loss = np.sum([loss], axis=0)  # takes an axis away, where none is missed
        dz = np.ones((len(x), len(biases[-1])))
        for k in reversed(range(1, len(weights))):
            dz = (dz @ weights[k].T) * (dz @ weights[k].T @ weights[k] > 0)
        return loss, weights, dbiases

    told = " ".join(words for _, words in said("loss_and_gradients", mask_of_another_layer))
    assert "Two arrays can't be combined entry by entry" in told
    assert "keepdims" not in told


def test_where_there_are_layers_a_product_may_be_of_another_one() -> None:
    def not_reversed(dy: Any, activations: Any, weights: Any) -> Any:
        dweights, dbiases = [], []
        for k in range(len(weights)):
            dweights.append(activations[k].T @ dy)
            dbiases.append(dy.sum(axis=0))
            dy = dy @ weights[k].T
        return dy, dweights, dbiases

    assert "Is one of them of another layer" in " ".join(w for _, w in said("mlp_backward", not_reversed))


def test_the_size_of_a_guard_is_said_and_not_that_of_its_effect() -> None:
    def guarded(w: Any, b: Any, x: Any, d: Any) -> Any:
        p = 1 / (1 + np.exp(-(x @ w + b)))
        loss = -np.mean(d * np.log(p + 1e-12) + (1 - d) * np.log(1 - p + 1e-12))
        return loss, *exercises.get("binary_loss_and_gradients").reference(w, b, x, d)[1:]

    words = "The loss is what a constant of about 1e−12, added inside the logarithm, makes of it."
    assert ("lost-precision", words) in [
        (slug, w[: len(words)]) for slug, w in said("binary_loss_and_gradients", guarded)
    ]

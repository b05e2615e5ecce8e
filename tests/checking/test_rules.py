"""What the general rules see by themselves, without an exercise's bank: an answer of each kind."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_course import evaluate, exercises
from tests.mistakes._corpus import judged_by_rules

KINDS: list[tuple[str, Callable[..., Any], str, str]] = []


def seen(exercise: str, slug: str, says: str) -> Callable[[Callable[..., Any]], None]:
    return lambda answer: KINDS.append((exercise, answer, slug, says))


def exponentials(z: Any) -> Any:
    return np.exp(z - z.max(axis=-1, keepdims=True))


def sigmoid(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * z))


@seen("squared_error_node_gradients", "wrong-sign", "dx would be right if t had the other sign.")
def _(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z + t)
    return d * y, d * x, d


@seen("partial_and_total", "forgot-chain", "total is what it would be if dy_dx were 1.")
def _(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    return df_dx(x, y(x)), df_dx(x, y(x)) + df_dy(x, y(x))


@seen("distributed_derivative", "dropped-path", "if every entry of inner_derivatives but the first were 0.")
def _(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    return f_partials(np.array([g(x) for g in inner]))[0] * inner_derivatives[0](x)


@seen("distributed_derivative", "wrong-variable", "if inner gave back what goes in.")
def _(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    return np.dot(f_partials(np.full(len(inner), x)), [d(x) for d in inner_derivatives])


@seen("shared_weight_backward", "dropped-path", "dw1 is what it would be if jacobians['x1', 'w1'] were 0.")
def _(dx3: Any, jacobians: Any) -> Any:
    return dx3 @ jacobians["x3", "w1"], dx3 @ jacobians["x3", "x2"] @ jacobians["x2", "w2"]


@seen("mlp_forward", "dropped-path", "activations is what it would be if biases were 0.")
def _(x: Any, weights: Any, biases: Any) -> Any:
    return exercises.get("mlp_forward").reference(x, weights, [np.zeros_like(b) for b in biases])


@seen("elu_backward", "wrong-local-derivative", "dz is what it would be if alpha were 1.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))


@seen("sgd_step", "swapped-inputs", "parameters and gradients stand in each other's place.")
def _(parameters: Any, gradients: Any, learning_rate: float) -> Any:
    return [g - learning_rate * p for p, g in zip(parameters, gradients, strict=True)]


@seen(
    "max_backward",
    "value-instead-of-mask",
    "dz has the right factors, and the value of the function as one more.",
)
def _(dy: Any, z: Any) -> Any:
    return exercises.get("max_backward").reference(dy * z.max(axis=-1), z)


@seen(
    "elementwise_vjp",
    "wrong-local-derivative",
    "All entries of dz get the average slope. Each one has its own.",
)
def _(dy: Any, derivative: Any, z: Any) -> Any:
    return dy * np.mean(derivative(z))


@seen("elu_backward", "value-instead-of-mask", "Where dz is wrong, it is dy times the value of the function")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0, 1.0, alpha * np.expm1(np.minimum(z, 0)))


@seen("prelu_backward", "wrong-local-derivative", "Where dz is wrong, it is dy times z itself.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0, 1.0, z), (dy * np.minimum(z, 0)).sum()


@seen("relu_backward", "wrong-type", "dz holds True and False, where numbers belong.")
def _(dy: Any, z: Any) -> Any:
    return dy * z > 0


@seen("leaky_relu_backward", "wrong-mask", "Some entries of dz get the slope of the other side of the kink.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return dy * np.where(z > 0.4, 1.0, alpha)


@seen("linear_jacobian_W", "first-row-only", "Only the first part along the first axis of J is right.")
def _(h: Any, W: Any, b: Any) -> Any:
    J = np.zeros((W.shape[1], *W.shape))
    for k in range(W.shape[1]):
        J[k, :, k] = h
        return J


@seen(
    "sigmoid_backward", "lost-precision", "dz is right to the last digits in most entries, and a little off"
)
def _(dy: Any, y: Any) -> Any:
    return dy * ((100 + y * (1 - y)) - 100)


@seen("chain_jacobians", "raised-error", "NumPy refused a matrix product")
def _(jacobians: Any) -> Any:
    J = np.eye(len(jacobians[0]))
    for K in jacobians:
        J = K @ J
    return J


@seen("softmax_backward", "wrong-axis", "A row of dz takes from other rows of dy")
def _(dy: Any, y: Any) -> Any:
    return y * (dy - dy.sum(axis=0))


@seen("log_softmax", "wrong-axis", "y is right where there is one row, and wrong where there are several.")
def _(z: Any) -> Any:
    return z - z.max() - np.log(np.exp(z - z.max()).sum())


@seen("log_softmax", "wrong-value", "The entries of a row of y are all off by the same number.")
def _(z: Any) -> Any:
    return z - z.max(axis=-1, keepdims=True) - exponentials(z).sum(axis=-1, keepdims=True)


@seen("softmax", "wrong-axis", "In y the columns add up to 1, and the rows should.")
def _(z: Any) -> Any:
    return exponentials(z) / exponentials(z).sum(axis=0)


@seen("softmax_cross_entropy_backward", "wrong-value", "The entries of a row of dz should add up to 0")
def _(z: Any, labels: Any) -> Any:
    return (sigmoid(z) - np.eye(z.shape[-1])[labels]) / len(z)


@seen(
    "pairwise_product_backward",
    "raised-error",
    "works for one row alone, and stops where an axis stands in front of it",
)
def _(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    dz[::2], dz[1::2] = dy * z[1::2], dy * z[::2]
    return dz


@seen("softmax_backward", "raised-error", "works for one row alone, and stops or goes wrong where")
def _(dy: Any, y: Any) -> Any:
    return y * (dy - np.dot(y, dy))  # right for a vector, and there is no matrix product to be rid of


@seen("softmax_jacobian", "wrong-value", "The entries of a row of J should add up to 0, and yours do not.")
def _(y: Any) -> Any:
    return np.diag(y) - np.outer(y, 1 - y)  # of two classes alone the rows do


@seen("max_pool_backward", "overwritten-gradient", "only one of them is left in dz")
def _(dy: Any, z: Any, size: int, stride: int) -> Any:
    dz = np.zeros(z.shape)
    for k in range(dy.shape[-1]):
        window = slice(k * stride, k * stride + size)
        place = z[..., window].argmax(axis=-1)[..., np.newaxis]
        np.put_along_axis(dz[..., window], place, dy[..., k, np.newaxis], -1)
    return dz


@seen("softmax_jacobian", "diagonal-jacobian", "J is 0 off its diagonal, and it should not be.")
def _(y: Any) -> Any:
    return np.diag(y * (1 - y))


@seen("numerical_hessian", "dropped-path", "H is 0 below its diagonal, and right in its other half.")
def _(f: Any, x: Any, h: float = 1e-4) -> Any:
    return np.triu(exercises.get("numerical_hessian").reference(f, x, h))


@seen("broadcast_backward", "averaged-not-summed", "the number of entries of dy that are summed up in each")
def _(dy: Any, shape: Any) -> Any:
    right = exercises.get("broadcast_backward").reference(dy, shape)
    return right * np.size(right) / np.size(dy)


@seen("softmax", "lost-precision", " times its largest entry.")
def _(z: Any) -> Any:
    return (1 + 1e-9 * np.cos(z)) * exponentials(z) / exponentials(z).sum(axis=-1, keepdims=True)


@seen("leaky_relu_backward", "missing-upstream", "Some entries of dz do not depend on dy.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha + 1)


@seen("sigmoid_neuron_backward", "dropped-path", "dw is right but for its last entry, where yours is 0.")
def _(w: Any, x: Any) -> Any:
    f, dw, dx = exercises.get("sigmoid_neuron_backward").reference(w, x)
    return f, dw * [1, 1, 0], dx


@seen("numerical_jacobian", "wrong-value", "Each column of J is right but for those before it")
def _(f: Any, x: Any, h: float = 1e-5) -> Any:
    up, down, columns = x.astype(float), x.astype(float), []
    for i in range(len(x)):
        up[i] += h
        down[i] -= h
        columns.append((f(up) - f(down)) / (2 * h))
    return np.array(columns).T


@seen("kl_divergence_backward", "wrong-local-derivative", "dy is too large by y, in every entry.")
def _(y: Any, d: Any) -> Any:
    return -d / y + y


@seen("fraction_backward", "wrong-value", "dz_dx is not right, and z and dz_dy are.")
def _(x: Any, y: Any) -> Any:
    z, _, dz_dy = exercises.get("fraction_backward").reference(x, y)
    return z, 1 / (sigmoid(x) + (x + y) ** 2), dz_dy


@seen(
    "linear_vjp_h",
    "wrong-axis",
    "dh is summed along the wrong axis: its total is right, its shape (3,) is not.",
)
def _(da: Any, h: Any, W: Any, b: Any) -> Any:
    return (W * da).sum(axis=0)


@seen("tanh_backward", "wrong-local-derivative", "In dz the slope is wrong at some points.")
def _(dy: Any, y: Any) -> Any:
    return dy * (1 - y) ** 2


@seen("broadcast_backward", "unsummed-axis", "An axis of gradient should be summed: its shape is (2, 3)")
def _(dy: Any, shape: Any) -> Any:
    return dy.sum(axis=tuple(range(dy.ndim - len(shape))))


@seen("broadcast_backward", "wrong-axis", "its total is right, its shape (4, 1, 3) is not.")
def _(dy: Any, shape: Any) -> Any:
    """Where no axis has length 1 it sums nothing: such a case cannot show a sum along the wrong axis."""
    return dy.sum(axis=tuple(k for k, size in enumerate(shape) if size == 1), keepdims=True)


@seen(
    "linear_jacobian_h", "missing-transpose", "J has the right numbers, filled row by row into another shape."
)
def _(h: Any, W: Any, b: Any) -> Any:
    return W.reshape(W.T.shape)


@seen("squared_error_node_gradients", "wrong-local-derivative", "dx, dy and dz are all off by one factor")
def _(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z - t) ** 2
    return d * y, d * x, d


@seen("numerical_hessian", "constant-factor", "Where H is wrong, it is 2 times the right one.")
def _(f: Any, x: Any, h: float = 1e-4) -> Any:
    H = exercises.get("numerical_hessian").reference(f, x, h)
    return H + np.diag(np.diag(H))


@seen("tanh_backward", "wrong-sign", "Where dz is wrong, it has the wrong sign.")
def _(dy: Any, y: Any) -> Any:
    return dy * (1 - y * y) * np.where(y < 0, -1, 1)


@seen("elu_backward", "wrong-variable", "Where dz is wrong, z stands in the place of dy.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, z * alpha * np.exp(np.minimum(z, 0)))


@seen("relu_backward", "value-instead-of-mask", "Where dz should be 0, it is z itself.")
def _(dy: Any, z: Any) -> Any:
    return np.where(z > 0, dy, z)


@seen("tanh_backward", "missing-upstream", "Where dz is wrong, it is y itself, and dy is no factor of it.")
def _(dy: Any, y: Any) -> Any:
    return np.where(y > 0, dy * (1 - y * y), y)


@seen("max_pool_backward", "dropped-path", "Some entries of dz are 0, and they should not be")
def _(dy: Any, z: Any, size: int, stride: int) -> Any:
    used = np.arange(dy.shape[-1]) < dy.shape[-1] - 1  # the loop ends one window early
    return exercises.get("max_pool_backward").reference(dy * used, z, size, stride)


@seen("prelu_backward", "not-implemented", "There is no answer yet for dalpha: yours is None.")
def _(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, alpha * dy), None


@seen(
    "sigmoid_mse_backward", "wrong-local-derivative", "dz has the right factors, and the sigmoid of z as one"
)
def _(z: Any, d: Any) -> Any:
    s = sigmoid(np.asarray(z))
    return (s - d) * s * (1 - s) * s


@seen("max_gate_backward", "wrong-mask", "db is non-zero where it should be 0, or 0 where it should not.")
def _(dy: Any, a: Any, b: Any) -> Any:
    return dy * (a > 0), dy * (a <= 0)


@seen(
    "kl_divergence_backward", "averaged-not-summed", "dy is divided by the length of y's first axis once too"
)
def _(y: Any, d: Any) -> Any:
    return -d / y / len(y)


@seen(
    "cross_entropy_backward",
    "averaged-twice",
    "dp is divided by the length of p's first axis once too often.",
)
def _(p: Any, labels: Any) -> Any:
    return exercises.get("cross_entropy_backward").reference(p, labels) / len(p)


@seen(
    "maxout_backward",
    "value-instead-of-mask",
    "In dx, dy is multiplied by the value of the function as well.",
)
def _(dy: Any, x: Any, W: Any, b: Any) -> Any:
    largest = (np.einsum("nd,kdm->nkm", x, W) + b).max(axis=1)
    return exercises.get("maxout_backward").reference(dy * largest, x, W, b)


@seen("softplus_backward", "wrong-local-derivative", "dz would be right if z were |z|.")
def _(dy: Any, z: Any) -> Any:
    return dy / (1 + np.exp(-np.abs(z)))


@seen("backpropagate", "dropped-path", "Its child 'q' has handed on its gradient to 'x', and nothing to 'y'.")
def _(parents: Any, local_derivatives: Any, output: Any) -> Any:
    gradients = {node: float(node == output) for node in parents}
    for node in reversed(exercises.get("topological_order").reference(parents)):
        for parent in parents[node][:1]:
            gradients[parent] += gradients[node] * local_derivatives[node, parent]
    return gradients


@pytest.mark.parametrize(
    ("exercise", "answer", "slug", "says"), KINDS, ids=[f"{k[0]}: {k[3]}" for k in KINDS]
)
def test_a_kind_is_named_without_the_bank(
    exercise: str, answer: Callable[..., Any], slug: str, says: str
) -> None:
    first = judged_by_rules(exercise, answer).mistakes[0]
    assert first.slug == slug, first
    assert says in first.message


def rows_in_place_of_entries(dy: Any, z: Any) -> Any:
    dz = np.zeros(z.shape)
    dz[z.argmax(axis=-1)] = dy
    return dz


def test_places_that_take_whole_rows_are_told_as_such_and_by_themselves_are_no_running_sum() -> None:
    [mistake] = evaluate("max_backward", rows_in_place_of_entries).mistakes
    assert "takes whole rows: ValueError" in mistake.message
    untaught = judged_by_rules("max_backward", rows_in_place_of_entries)
    assert not any("before" in m.message for m in untaught.mistakes)


def test_only_an_answer_that_loops_is_told_of_its_loop() -> None:
    def with_the_rows_before(vjp: Any, x: Any, output_size: int) -> Any:
        return np.cumsum(exercises.get("jacobian_from_vjp").reference(vjp, x, output_size), axis=0)

    mistake = judged_by_rules("jacobian_from_vjp", with_the_rows_before).mistakes[0]
    assert "those before it" in mistake.message
    assert "loop" not in mistake.hint


def test_a_column_that_met_a_row_is_not_asked_for_a_sum() -> None:
    found = evaluate("max_backward", lambda dy, z: dy * (z == z.max(axis=-1))).mistakes
    assert [m.slug for m in found] == ["raised-error", "broadcast-blow-up"]


def test_a_slack_that_lets_a_steep_line_pass_is_seen() -> None:
    mistake = evaluate(
        "is_subgradient",
        lambda v, f, x0, points: all(f(x) - f(x0) >= v @ (x - x0) - 1e-2 for x in points),
    ).mistakes[0]
    assert "A line that is a little too steep passes." in mistake.message


def set_twice(x: Any, y: Any) -> Any:
    s = sigmoid(x)
    top, bottom = x + s, s + (x + y) ** 2
    dbottom = -top / bottom**2
    dx = (1 + s * (1 - s)) / bottom
    dx = dbottom * (s * (1 - s) + 2 * (x + y))
    return top / bottom, dx, dbottom * 2 * (x + y)


def test_what_is_computed_twice_is_seen_in_the_source() -> None:
    first = evaluate("fraction_backward", set_twice).mistakes[0]
    assert first.slug == "overwritten-gradient"
    assert "your code computes dx twice" in first.message
    assert "`dx = dbottom * (s * (1 - s) + 2 * (x + y))`" in first.hint


def assigned_in_a_loop(dz: Any, x: Any, W: Any) -> Any:
    for row, upstream in zip(x, dz, strict=True):
        dW = np.outer(row, upstream)
    return dz @ W.T, dW, dz.sum(axis=0)


def test_the_line_that_erases_a_path_is_quoted_beside_a_known_form() -> None:
    first = evaluate("linear_backward", assigned_in_a_loop).mistakes[0]
    assert first.slug == "overwritten-gradient"
    assert first.message == "dW holds the contribution of the last example only."
    assert first.hint.startswith("`dW = np.outer(row, upstream)` forgets what stood there.")


def second_step_in_place_of_the_first(f: Any, x: Any, h: float = 1e-4) -> Any:
    H = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            for a, b in itertools.product((1, -1), repeat=2):
                step = np.zeros(len(x))
                step[i] = a * h
                step[j] = b * h
                H[i, j] += a * b * f(x + step) / (4 * h**2)
    return H


def below_the_diagonal(f: Any, x: Any, h: float = 1e-4) -> Any:
    H = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(i):
            for a, b in itertools.product((1, -1), repeat=2):
                step = np.zeros(len(x))
                step[i] = a * h
                step[j] = b * h
                H[i, j] += a * b * f(x + step) / (4 * h**2)
    return H + H.T


def test_a_step_that_is_set_over_another_is_told_from_pairs_that_are_not_visited() -> None:
    over, unvisited = (
        evaluate("numerical_hessian", answer).mistakes[0]
        for answer in (second_step_in_place_of_the_first, below_the_diagonal)
    )
    assert over.message == unvisited.message == "The diagonal of H is zero."
    assert (over.slug, unvisited.slug) == ("overwritten-gradient", "dropped-path")
    assert over.hint.startswith("`step[j] = b * h` forgets what stood there.")


def notes_the_running_gradient(dy: Any, activations: Any, weights: Any) -> Any:
    dweights, dbiases = list[Any](), list[Any]()
    for y, W in zip(activations[-2::-1], weights[::-1], strict=True):
        dweights.insert(0, y.T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dx = dy @ W.T
        dy = dy @ W.T
    return dx, dweights, dbiases


def test_a_line_that_keeps_the_last_of_a_running_gradient_is_not_blamed() -> None:
    first = evaluate("mlp_backward", notes_the_running_gradient).mistakes[0]
    assert first.slug == "forgot-chain"
    assert "`dx = dy @ W.T`" not in first.hint


def ends_in_its_first_round(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    for f, d in zip(functions, derivatives, strict=True):
        slope *= d(x)
        x = f(x)
        return slope


def keeps_the_last_slope(functions: Any, derivatives: Any, x: Any) -> Any:
    for f, d in zip(functions, derivatives, strict=True):
        slope = d(x)
        x = f(x)
    return slope


@pytest.mark.parametrize(
    ("answer", "slug", "hint"),
    [
        (ends_in_its_first_round, "forgot-chain", "`return slope` ends the loop in its first round."),
        (keeps_the_last_slope, "overwritten-gradient", "`slope = d(x)` forgets what stood there."),
    ],
)
def test_the_line_that_loses_a_factor_is_quoted(answer: Any, slug: str, hint: str) -> None:
    first = evaluate("chain_derivative", answer).mistakes[0]
    assert first.slug == slug
    assert first.hint.startswith(hint)


def test_a_loss_that_is_cut_comes_after_what_is_wrong_with_the_gradient() -> None:
    def answer(w: Any, b: Any, x: Any, d: Any) -> Any:
        p = np.clip(sigmoid(x @ w + b), 1e-6, 1 - 1e-6)
        e = (d - p) / len(d)
        return -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p)), x.T @ e, e.sum()

    found = [m.slug for m in evaluate("binary_loss_and_gradients", answer).mistakes]
    assert found == ["wrong-sign", "lost-precision"]


def z_never_read(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y - t)
    return d * y, d * x, d


def steps_of_its_own(parameters: Any, gradients: Any, learning_rate: float) -> Any:
    return [p - 0.1 * g for p, g in zip(parameters, gradients, strict=True)]


def four_bytes(batch: int, widths: Any, itemsize: int = 8) -> Any:
    return batch * sum(widths[:-1]) * 4


def step_set_anew(f: Any, x: Any, h: float = 1e-5) -> Any:
    h = 1e-8
    return (f(x + h) - f(x - h)) / (2 * h)


def without_alpha(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, dy * np.exp(z))


def windows_side_by_side(dy: Any, z: Any, size: int, stride: int) -> Any:
    dz = np.zeros(np.shape(z))
    for index in np.ndindex(np.shape(dy)):
        *row, k = index
        window = z[tuple(row)][k * size : (k + 1) * size]
        dz[(*row, k * size + window.argmax())] += dy[index]
    return dz


def slopes_drawn_anew(dy: Any, z: Any, slopes: Any) -> Any:
    return np.where(z > 0, dy, dy * np.random.default_rng().uniform(size=np.shape(z)))


@pytest.mark.parametrize(
    ("exercise", "answer", "parameter"),
    [
        ("squared_error_node_gradients", z_never_read, "z"),
        ("central_difference", step_set_anew, "h"),
        ("elu_backward", without_alpha, "alpha"),
        ("max_pool_backward", windows_side_by_side, "stride"),
        ("rrelu_backward", slopes_drawn_anew, "slopes"),
        ("sgd_step", steps_of_its_own, "learning_rate"),
        ("activation_memory", four_bytes, "itemsize"),
    ],
)
def test_an_argument_that_is_never_read_is_told_as_such(exercise: str, answer: Any, parameter: str) -> None:
    first, *others = evaluate(exercise, answer).mistakes
    assert first.slug == "unused-parameter"
    words = f"Your function never reads the {parameter} that it is given."
    assert first.message.startswith(words) or first.hint.startswith(words)
    assert not any(words in other.message for other in others)


def test_an_error_of_an_argument_that_is_never_read_is_told_once_with_its_cause_first() -> None:
    (only,) = evaluate("max_pool_backward", windows_side_by_side).mistakes
    assert only.message.startswith(
        "Your function never reads the stride that it is given. Your function stopped"
    )


def test_a_small_constant_is_shown_where_it_matters() -> None:
    first = evaluate(
        "log_softmax", lambda z: np.log(exponentials(z) / exponentials(z).sum(-1, keepdims=True) + 1e-12)
    )
    assert first.mistakes[0].slug == "lost-precision"
    worst = first.mistakes[0].case.worst
    assert abs(worst.got - worst.expected) > 1


def test_an_axis_that_is_missing_is_counted_from_the_end() -> None:
    (only,) = evaluate(
        "softmax", lambda z: exponentials(z) / exponentials(z).sum(axis=1, keepdims=True)
    ).mistakes[:1]
    assert only.slug == "raised-error"
    assert "`axis=-1` is the last one" in only.hint


def counts_its_calls(h: Any, W: Any, b: Any, calls: list[int] = []) -> Any:  # noqa: B006
    calls.append(1)
    return np.array(W).T * len(calls)


def test_a_value_that_is_right_at_a_kink_is_not_blamed_for_another() -> None:
    def prelu_backward(dy: Any, z: Any, alpha: Any) -> Any:
        dz = np.where(z < 0, alpha * dy, dy)  # at 0 the slope on the right, which is one of the right ones
        return dz, (dz * z)[z < 0].sum()

    report = evaluate("prelu_backward", prelu_backward)
    assert ["dalpha" in m.message and "dz" not in m.message for m in report.mistakes] == [True]


def test_an_argument_that_the_answer_may_do_without_is_no_cause() -> None:
    first = evaluate("linear_jacobian_h", counts_its_calls).mistakes[0]
    assert first.slug == "stale-state"
    assert "never reads" not in f"{first.message} {first.hint}"


def misspelt(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, dy * alhpa)  # type: ignore[name-defined]  # noqa: F821


def test_a_misspelt_argument_is_told_as_a_name_that_is_not_there() -> None:
    assert evaluate("leaky_relu_backward", misspelt).mistakes[0].slug == "raised-error"


def all_or_nothing(dy: Any, z: Any) -> Any:
    if (z > 0).all():
        return dy
    return np.zeros_like(dy)


def test_one_decision_for_all_entries_is_seen_in_the_source() -> None:
    first = evaluate("relu_backward", all_or_nothing).mistakes[0]
    assert first.slug == "truth-of-an-array"
    assert "`if (z > 0).all():`" in first.hint


def columns_of_all_rows(dy: Any, z: Any) -> Any:
    dz = np.zeros(np.shape(z))
    dz[..., np.argmax(z, axis=-1)] = dy
    return dz


def test_a_mask_that_lets_the_entries_of_other_rows_through_is_a_mask() -> None:
    first = evaluate("max_backward", columns_of_all_rows).mistakes[0]
    assert first.slug == "wrong-mask"
    assert "where there is one row" in first.message


def star_beside_matrix_products(dz: Any, x: Any, W: Any) -> Any:
    dx = dz * W.T
    dW = x.T @ dz
    return dx, dW, dz.sum(axis=0)


def a_mask_that_does_not_fit(dy: Any, activations: Any, weights: Any) -> Any:
    dweights: list[Any] = []
    dbiases: list[Any] = []
    for k in reversed(range(len(weights))):
        dweights.insert(0, activations[k].T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = dy @ weights[k].T
        dy = dy * (activations[k + 1] > 0)
    return dy, dweights, dbiases


def test_a_star_is_asked_about_where_a_matrix_product_would_fit() -> None:
    first = evaluate("linear_backward", star_beside_matrix_products).mistakes[0]
    assert first.slug == "matrix-product-for-elementwise"
    assert first.hint.startswith("`dx = dz * W.T` multiplies entry by entry.")
    first = evaluate("mlp_backward", a_mask_that_does_not_fit).mistakes[0]
    assert first.slug == "raised-error"


def masks_of_another_layer(dy: Any, activations: Any, weights: Any) -> Any:
    dweights: list[Any] = []
    dbiases: list[Any] = []
    for k in reversed(range(len(weights))):
        if k:
            dy = dy * (activations[k - 1] > 0)
        dweights.insert(0, activations[k].T @ dy)
        dbiases.insert(0, dy.sum(axis=0))
        dy = dy @ weights[k].T
    return dy, dweights, dbiases


def test_a_mask_that_is_wrong_comes_before_the_product_that_its_shape_breaks() -> None:
    found = [m.slug for m in evaluate("mlp_backward", masks_of_another_layer).mistakes]
    assert found[0] == "wrong-mask"
    assert found[-1] == "missing-transpose"


def test_a_form_that_overflows_where_the_student_is_guarded_is_recognised() -> None:
    def log_of_quotient(y: Any, d: Any) -> Any:
        return np.log(np.where(d > 0, d, 1) / y) + 1

    first = evaluate("kl_divergence_backward", log_of_quotient).mistakes[0]
    assert first.message == "You differentiate by d, the target. The question is for the derivative by y."


def test_a_cut_number_is_asked_about_where_nothing_more_is_known() -> None:
    def answer(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
        loss, *gradients = exercises.get("loss_and_gradients").reference(weights, biases, x, labels)
        return -np.log(np.maximum(np.exp(-loss), 1e-10)), *gradients

    first = evaluate("loss_and_gradients", answer).mistakes[0]
    assert first.slug == "lost-precision"
    assert first.hint.startswith(
        "`return -np.log(np.maximum(np.exp(-loss), 1e-10)), *gradients` cuts numbers."
    )


def test_a_guard_below_the_bar_is_no_difference_quotient() -> None:
    def answer(z: Any, d: Any) -> Any:
        s = sigmoid(np.asarray(z))
        return (s - d) / (s * (1 - s) + 1e-8) * s * (1 - s)

    first = evaluate("sigmoid_cross_entropy_backward", answer).mistakes[0]
    assert first.slug == "lost-precision"
    assert "`return (s - d) / (s * (1 - s) + 1e-8) * s * (1 - s)` changes every number" in first.hint


def test_a_threshold_in_the_place_of_0_is_seen_where_inputs_are_small() -> None:
    found = evaluate("relu_backward", lambda dy, z: dy * (z > 1e-6)).mistakes[0]
    assert (found.slug, found.message) == (
        "wrong-mask",
        "dz is wrong only where z is close to 0 without being 0.",
    )


def test_only_wrong_entries_are_called_large() -> None:
    assert "far larger" in first_words("relu_backward", lambda dy, z: dy * (z > 0) * (abs(z) < 99))
    # wrong at 0.001, in a case with 10,000
    assert "larger" not in first_words("relu_backward", lambda dy, z: dy * (z > 0.002))


def test_rows_that_add_up_to_1_by_chance_are_no_law() -> None:
    def wrong_at_1e_300(z: Any) -> Any:
        low, high = exercises.get("relu_subdifferential").reference(z)
        return np.where(abs(z) == 1e-300, 0, low), high

    assert "add up" not in first_words("relu_subdifferential", wrong_at_1e_300)


def first_words(name: str, answer: Any) -> str:
    return evaluate(name, answer).mistakes[0].message


def slope_like_z(dy: Any, z: Any, alpha: Any) -> Any:
    slope = np.ones_like(z)
    slope[z <= 0] = alpha
    return dy * slope


def two_arrays_of_integers(w: Any, x: Any) -> Any:
    dw = np.zeros_like(w)
    dx = np.zeros_like(x)
    f, dw[:], dx[:] = exercises.get("sigmoid_neuron_backward").reference(w, x)
    return f, dw, dx


def test_an_answer_that_is_not_cut_itself_is_not_called_cut() -> None:
    first = evaluate("leaky_relu_backward", slope_like_z).mistakes[0]
    assert first.slug == "integer-truncation"
    assert "cut" not in first.message
    assert first.hint.startswith("`slope = np.ones_like(z)` makes an array")


def test_each_value_is_told_the_line_that_makes_its_own_array() -> None:
    hints = [
        m.hint.split("`")[1] for m in evaluate("sigmoid_neuron_backward", two_arrays_of_integers).mistakes
    ]
    assert hints == ["dw = np.zeros_like(w)", "dx = np.zeros_like(x)"]


def test_an_error_where_0_belongs_is_measured_by_the_largest_entry() -> None:
    def elu_backward(dy: Any, z: Any, alpha: Any) -> Any:
        return dy * np.where(z > 0, 1.0, alpha * np.exp(np.clip(z, -20, 0)))

    assert "at most 3e-10 times its largest entry" in first_words("elu_backward", elu_backward)


def clips_p(w: Any, b: Any, x: Any, d: Any) -> Any:
    p = np.clip(sigmoid(x @ w + b), 1e-7, 1 - 1e-7)
    loss = -np.mean(d * np.log(p) + (1 - d) * np.log(1 - p))
    return loss, (p - d) @ x / len(d), np.mean(p - d)


def test_few_decimals_by_chance_are_no_rounding() -> None:
    of_loss, of_dw = evaluate("binary_loss_and_gradients", clips_p).mistakes[:2]
    assert "far larger" in of_loss.message
    assert "rounded" not in of_dw.message
    assert "np.clip" in of_dw.hint


def test_a_number_that_is_cut_is_not_called_right_in_its_first_digits() -> None:
    def answer(weights: Any, biases: Any, x: Any, labels: Any) -> Any:
        loss, dweights, dbiases = exercises.get("loss_and_gradients").reference(weights, biases, x, labels)
        late = loss > 100
        return np.clip(loss, 0, 100), [g + late for g in dweights], [g + late for g in dbiases]

    assert first_words("loss_and_gradients", answer) == "loss is right in some cases, and wrong in others."


def test_a_bound_that_cuts_one_side_is_not_said_to_cut_the_other() -> None:
    def softplus_backward(dy: Any, z: Any) -> Any:
        return dy * sigmoid(np.clip(z, -3, None))

    assert "right in every case with inputs up to" in first_words("softplus_backward", softplus_backward)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda dy, z: dy / (1 + 2.71828 ** -np.clip(z, -500, 500)), "holds a number with few digits"),
        (lambda dy, z: dy * np.round(sigmoid(z), 5), "rounds what it is given"),
        (lambda dy, z: dy * sigmoid(np.maximum(z, -10)), "changes the numbers that it cuts"),
        (lambda dy, z: dy * sigmoid(np.where(z < -10, -10, z)), "or for a small constant that was added"),
    ],
)
def test_small_errors_are_put_down_to_a_line_that_makes_them(answer: Callable[..., Any], why: str) -> None:
    first = evaluate("softplus_backward", answer).mistakes[0]
    assert first.slug == "lost-precision"
    assert first.hint.endswith(f"{why}.")


def test_an_absolute_value_is_quoted() -> None:
    def prelu_backward(dy: Any, z: Any, alpha: Any) -> Any:
        return np.where(z > 0, dy, abs(alpha) * dy), np.sum(dy * np.minimum(z, 0))

    first = evaluate("prelu_backward", prelu_backward).mistakes[0]
    assert (
        first.hint
        == "`return np.where(z > 0, dy, abs(alpha) * dy), np.sum(dy * np.minimum(z, 0))` takes signs away."
    )


def test_an_input_that_moves_other_right_values_is_no_surplus() -> None:
    def one_class(z: Any) -> Any:
        return sigmoid(z) if z.shape[-1] == 1 else exercises.get("softmax").reference(z)

    assert (
        first_words("softmax", one_class) == "In the case shown, y changes when z changes, and it should not."
    )


def test_one_number_among_errors_shows_no_factor() -> None:
    def caret(x: Any) -> Any:
        return np.exp(np.sin(x**2)) * 2 * x if x == 2 else x ^ 2

    found = evaluate("exp_sin_square_derivative", caret).mistakes
    assert found[0].slug == "raised-error"
    assert "constant-factor" not in [m.slug for m in found]


def one_verdict(dy: Any, a: Any, b: Any) -> Any:
    return (dy, 0 * dy) if (a > b).all() else (0 * dy, dy)


def whole_alpha(dy: Any, z: Any, alpha: Any) -> Any:
    return np.where(z > 0, dy, int(alpha) * dy)


@pytest.mark.parametrize(
    ("exercise", "answer"), [("max_gate_backward", one_verdict), ("leaky_relu_backward", whole_alpha)]
)
def test_what_hides_small_changes_is_not_said_to_ignore_its_input(exercise: str, answer: Any) -> None:
    assert not [m for m in evaluate(exercise, answer).mistakes if "does not change when" in m.message]


def test_words_of_several_values_are_not_said_where_one_of_them_is_right() -> None:
    def dx_twice(x: Any, y: Any, z: Any, t: Any) -> Any:
        e = x * y + z - t
        return 2 * e * y, 2 * e * y, 2 * e

    def dx_negated(x: Any, y: Any, z: Any, t: Any) -> Any:
        e = x * y + z - t
        return -2 * e * y, 2 * e * x, 2 * e

    for exercise, answer, says in (
        ("squared_error_node_gradients", dx_twice, "In dy, x and y stand in each other's place."),
        ("squared_error_node_gradients", dx_negated, "dx is right but for its sign."),
        (
            "multiply_gate_backward",
            lambda dy, a, b: (dy * (a + b), dy * a),
            "da is multiplied by the sum of both values.",
        ),
        ("add_gate_backward", lambda dy, a, b: (dy / 2, dy * 1), "da is half of dy"),
    ):
        (found,) = evaluate(exercise, answer).mistakes
        assert says in found.message
        assert "minus target" not in found.hint


def test_rows_that_are_wrong_by_themselves_too_are_not_told_of_other_rows() -> None:
    says = first_words("relu_backward", lambda dy, z: dy * (z > 0) * (np.abs(dy) > 0.5))
    assert says == "dz does not double when dy doubles."


def test_one_wrong_pair_does_not_make_all_that_is_off_the_diagonal_wrong() -> None:
    def one_pair(y: Any) -> Any:
        J = np.diag(y) - np.outer(y, y)
        J[0, 1:2] = J[1:2, 0] = 0.5 * y[0]
        return J

    assert first_words("softmax_jacobian", one_pair).startswith(
        "The entries of a row of J should add up to 0"
    )


def test_a_row_that_is_left_out_is_no_missing_path() -> None:
    def but_the_first(dz: Any, x: Any, W: Any) -> Any:
        dx = np.zeros(x.shape)
        dx[1:] = dz[1:] @ W.T
        return dx, x.T @ dz, dz.sum(axis=0)

    assert (
        first_words("linear_backward", but_the_first)
        == "dx is right but for its first row, where yours is 0."
    )
    says = first_words("relu_backward", lambda dy, z: dy * (z > 0.3))
    assert says == "Some entries of dz are 0, and they should not be."


def test_a_factor_of_all_gradients_is_told_once() -> None:
    right = exercises.get("linear_backward").reference
    (found,) = evaluate("linear_backward", lambda dz, x, W: right(dz / np.sqrt(len(dz)), x, W)).mistakes
    assert found.message.endswith("off by one factor, the same for all of them in a case.")


def test_a_slope_that_is_wrong_everywhere_is_not_wrong_at_some_points() -> None:
    assert (
        first_words("kl_divergence_backward", lambda y, d: d * (y / np.maximum(d, 0.01)))
        == "In dy the slope is wrong."
    )


def test_an_upstream_gradient_that_is_cut_is_asked_about() -> None:
    def relu_backward(dy: Any, z: Any) -> Any:
        return np.clip(dy, -1, 1) * (z > 0)

    first = evaluate("relu_backward", relu_backward).mistakes[0]
    assert first.hint == "`return np.clip(dy, -1, 1) * (z > 0)` cuts numbers. Does it cut dy?"


def test_a_precision_is_that_of_every_answer() -> None:
    found = first_words("tanh_backward", lambda dy, y: np.round(dy * (1 - y * y), 6 if dy.size > 6 else 16))
    assert "no entry" not in found

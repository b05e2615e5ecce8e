from typing import Any

import numpy as np

from tests.mistakes.unseen._corpus import right, wrong


# central_difference
@wrong("central_difference", "constant-factor")
def half_step_each_side_over_two_h(f: Any, x: Any, h: Any = 1e-5) -> Any:
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)


@wrong(
    "central_difference",
    "wrong-value",
    "forgot-chain",
    "not-finite",
    "constant-factor",
    "wrong-local-derivative",
)
def relative_step_not_divided_by(f: Any, x: Any, h: Any = 1e-5) -> Any:
    step = h * max(1.0, abs(x))
    return (f(x + step) - f(x - step)) / (2 * h)


@right("central_difference")
def five_lines_with_names(f: Any, x: Any, h: Any = 1e-5) -> Any:
    left, right_ = x - h, x + h
    rise = f(right_) - f(left)
    run = right_ - left
    return np.float64(rise / run)


# exp_sin_square_derivative
@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative", "forgot-chain")
def sin_squared_misread(x: Any) -> Any:
    # reads sin(x^2) as sin(x)^2
    return np.exp(np.sin(x) ** 2) * 2 * np.sin(x) * np.cos(x)


@wrong("exp_sin_square_derivative", "wrong-variable", "wrong-local-derivative")
def cosine_at_x(x: Any) -> Any:
    return np.exp(np.sin(x**2)) * np.cos(x) * 2 * x


@right("exp_sin_square_derivative")
def through_named_nodes(x: Any) -> Any:
    a = np.square(np.asarray(x, dtype=float))
    y = np.exp(np.sin(a))
    grad = 1.0
    for local in (y, np.cos(a), np.multiply(2.0, x)):
        grad = grad * local
    return grad


# chain_derivative
@wrong("chain_derivative", "wrong-variable", "forgot-chain")
def all_at_the_output(functions: Any, derivatives: Any, x: Any) -> Any:
    y = x
    for f in functions:
        y = f(y)
    total = 1.0
    for d in derivatives:
        total *= d(y)
    return total


@wrong(
    "chain_derivative", "wrong-local-derivative", "forgot-chain", "dropped-path", "wrong-value", "wrong-order"
)
def sums_the_factors(functions: Any, derivatives: Any, x: Any) -> Any:
    total = 0.0
    for f, d in zip(functions, derivatives, strict=True):
        total += d(x)
        x = f(x)
    return total


@right("chain_derivative")
def recursive_on_the_tail(functions: Any, derivatives: Any, x: Any) -> Any:
    if len(functions) == 0:
        return 1.0
    inner = functions[0](x)
    return derivatives[0](x) * recursive_on_the_tail(functions[1:], derivatives[1:], inner)


# distributed_derivative
@wrong("distributed_derivative", "wrong-variable")
def partials_at_x_repeated(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([x for _ in inner])
    return sum(p * d(x) for p, d in zip(f_partials(z), inner_derivatives, strict=True))


@wrong("distributed_derivative", "wrong-variable", "wrong-order")
def inner_derivative_at_z(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    p = f_partials(z)
    return sum(p[m] * inner_derivatives[m](z[m]) for m in range(len(z)))


@right("distributed_derivative")
def dot_of_two_lists(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([float(g(x)) for g in inner])
    slopes = [d(x) for d in inner_derivatives]
    return float(np.dot(np.ravel(f_partials(z)), slopes))


# partial_and_total
@wrong("partial_and_total", "forgot-chain", "dropped-path")
def no_inner_slope(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    px = df_dx(x, y(x))
    return px, px + df_dy(x, y(x))


@wrong("partial_and_total", "dropped-path")
def total_is_only_the_second_path(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v), df_dy(x, v) * dy_dx(x)


@right("partial_and_total")
def as_an_array_of_two(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    at = (x, y(x))
    partial = df_dx(*at)
    return [partial, df_dy(*at) * dy_dx(x) + partial]


# squared_error_node_gradients
@wrong("squared_error_node_gradients", "wrong-sign")
def target_minus_output(x: Any, y: Any, z: Any, t: Any) -> Any:
    e = t - (x * y + z)
    return 2 * e * y, 2 * e * x, 2 * e


@wrong(
    "squared_error_node_gradients",
    "forgot-chain",
    "wrong-local-derivative",
    "dropped-path",
    "constant-factor",
    "wrong-variable",
)
def forgets_the_shift(x: Any, y: Any, z: Any, t: Any) -> Any:
    # the derivative of the square is taken at xy + z, the target is lost
    e = 2 * (x * y + z)
    return e * y, e * x, e


@right("squared_error_node_gradients")
def expanded_by_hand(x: Any, y: Any, z: Any, t: Any) -> Any:
    dz = 2 * x * y + 2 * z - 2 * t
    return np.multiply(dz, y), np.multiply(x, dz), dz

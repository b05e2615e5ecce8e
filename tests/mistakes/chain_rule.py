"""Implementations of the exercises of 01-chain-rule."""

import functools
import math
import operator
from typing import Any

import numpy as np

from tests.mistakes._corpus import right, wrong

# ---------------------------------------------------------------- central_difference


@wrong("central_difference", "one-sided-difference")
def forward_difference(f: Any, x: Any, h: float = 1e-5) -> Any:
    y0 = f(x)
    y1 = f(x + h)
    return (y1 - y0) / h


@wrong("central_difference", "one-sided-difference")
def backward_difference(f: Any, x: Any, h: float = 1e-5) -> Any:
    rise = f(x) - f(x - h)
    return rise / h


@wrong("central_difference", "wrong-variable")
def half_a_step_to_each_side(f: Any, x: Any, h: float = 1e-5) -> Any:
    left, right_ = x - h / 2, x + h / 2
    return (f(right_) - f(left)) / (right_ - left)


@wrong("central_difference", "unused-parameter")
def own_step(f: Any, x: Any, h: float = 1e-5) -> Any:
    eps = 1e-5
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@wrong("central_difference", "unused-parameter")
def own_step_of_another_size(f: Any, x: Any, h: float = 1e-5) -> Any:
    eps = 1e-4
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@wrong("central_difference", "constant-factor")
def run_is_one_step(f: Any, x: Any, h: float = 1e-5) -> Any:
    plus, minus = f(x + h), f(x - h)
    return (plus - minus) / h


@wrong("central_difference", "constant-factor")
def multiplied_by_h(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - f(x - h)) / 2 * h


@wrong("central_difference", "constant-factor")
def rise_without_run(f: Any, x: Any, h: float = 1e-5) -> Any:
    return f(x + h) - f(x - h)


@wrong("central_difference", "constant-factor")
def halved_but_not_divided_by_h(f: Any, x: Any, h: float = 1e-5) -> Any:
    return 0.5 * (f(x + h) - f(x - h))


@wrong("central_difference", "wrong-value", "wrong-order")
def numerator_without_parentheses(f: Any, x: Any, h: float = 1e-5) -> Any:
    return f(x + h) - f(x - h) / (2 * h)


@wrong("central_difference", "wrong-sign")
def left_minus_right(f: Any, x: Any, h: float = 1e-5) -> Any:
    ys = [f(x + s * h) for s in (-1, 1)]
    return (ys[0] - ys[1]) / (2.0 * h)


@wrong("central_difference", "wrong-sign", "wrong-local-derivative")
def plus_instead_of_minus(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) + f(x - h)) / (2 * h)


@wrong("central_difference", "wrong-local-derivative")
def second_derivative(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


@wrong("central_difference", "wrong-type", "wrong-shape")
def both_sides_for_one(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h


@wrong("central_difference", "not-implemented")
def prints_the_slope(f: Any, x: Any, h: float = 1e-5) -> Any:
    print((f(x + h) - f(x - h)) / (2 * h))


@wrong("central_difference", "constant-factor")
def divided_by_4h(f: Any, x: Any, h: Any = 1e-05) -> Any:
    return (f(x + h) - f(x - h)) / (4 * h)


@wrong("central_difference", "wrong-variable")
def two_steps_each(f: Any, x: Any, h: Any = 1e-05) -> Any:
    return (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)


@wrong("central_difference", "wrong-sign", "wrong-local-derivative")
def absolute(f: Any, x: Any, h: Any = 1e-05) -> Any:
    return abs(f(x + h) - f(x - h)) / (2 * h)


@right("central_difference")
def fourth_order(f: Any, x: Any, h: Any = 1e-05) -> Any:
    return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)


@right("central_difference")
def mean_of_the_two_sides(f: Any, x: Any, h: float = 1e-5) -> Any:
    ahead = (f(x + h) - f(x)) / h
    behind = (f(x) - f(x - h)) / h
    return (ahead + behind) / 2


@right("central_difference")
def divided_twice(f: Any, x: Any, h: float = 1e-5) -> Any:
    return (f(x + h) - f(x - h)) / 2 / h


@right("central_difference")
def by_arrays(f: Any, x: Any, h: float = 1e-5) -> Any:
    points = np.array([x - h, x + h], dtype=float)
    return np.diff([f(p) for p in points])[0] / np.diff(points)[0]


@right("central_difference")
def as_a_0d_array(f: Any, x: Any, h: float = 1e-5) -> Any:
    return np.asarray(f(x + h) - f(x - h)) / np.asarray(2 * h)


@right("central_difference")
def by_the_real_run(f: Any, x: Any, h: float = 1e-5) -> Any:
    right_, left = x + h, x - h
    return float((f(right_) - f(left)) / (right_ - left))


# ---------------------------------------------------------------- exp_sin_square_derivative


@wrong("exp_sin_square_derivative", "forgot-chain")
def without_the_square(x: Any) -> Any:
    u = x * x
    return np.exp(np.sin(u)) * np.cos(u)


@wrong("exp_sin_square_derivative", "forgot-chain")
def without_the_cosine(x: Any) -> Any:
    return 2 * x * np.exp(np.sin(x**2))


@wrong("exp_sin_square_derivative", "forgot-chain")
def without_the_exponential(x: Any) -> Any:
    return 2 * x * np.cos(x**2)


@wrong("exp_sin_square_derivative", "forgot-chain", "forward-instead-of-backward")
def the_exponential_is_its_own_derivative(x: Any) -> Any:
    return np.exp(np.sin(x**2))


@wrong("exp_sin_square_derivative", "wrong-variable")
def cosine_of_x(x: Any) -> Any:
    dx2 = 2 * x
    dsin = np.cos(x)
    dexp = np.exp(np.sin(x**2))
    return dexp * dsin * dx2


@wrong("exp_sin_square_derivative", "wrong-variable")
def cosine_of_the_slope(x: Any) -> Any:
    return np.exp(np.sin(x**2)) * np.cos(2 * x) * 2 * x


@wrong("exp_sin_square_derivative", "wrong-variable")
def every_factor_at_x(x: Any) -> Any:
    return np.exp(x) * np.cos(x) * 2 * x


@wrong("exp_sin_square_derivative", "wrong-variable")
def derivatives_inside_one_another(x: Any) -> Any:
    return np.exp(np.cos(2 * x))


@wrong("exp_sin_square_derivative", "wrong-variable")
def squared_cosine(x: Any) -> Any:
    return np.exp(np.sin(x) ** 2) * np.cos(x) ** 2 * 2 * x


@wrong("exp_sin_square_derivative", "wrong-local-derivative")
def exponent_differentiated(x: Any) -> Any:
    inside = 2 * x * np.cos(x**2)
    return np.exp(inside)


@wrong("exp_sin_square_derivative", "constant-factor")
def square_without_its_2(x: Any) -> Any:
    s = np.sin(x**2)
    return x * np.cos(x**2) * np.exp(s)


@wrong("exp_sin_square_derivative", "wrong-sign")
def minus_the_cosine(x: Any) -> Any:
    return -2 * x * np.cos(x * x) * np.exp(np.sin(x * x))


@wrong("exp_sin_square_derivative", "wrong-local-derivative")
def exponential_as_a_power(x: Any) -> Any:
    s = np.sin(x**2)
    return s * np.exp(s - 1) * np.cos(x**2) * 2 * x


@wrong("exp_sin_square_derivative", "numerical-differentiation")
def quotient(x: Any) -> Any:
    def y(t: Any) -> Any:
        return np.exp(np.sin(t**2))

    return (y(x + 1e-6) - y(x - 1e-6)) / 2e-6


@wrong("exp_sin_square_derivative", "numerical-differentiation")
def quotient_of_the_inside(x: Any) -> Any:
    h = 1e-5
    inside = (np.sin((x + h) ** 2) - np.sin((x - h) ** 2)) / (2 * h)
    return np.exp(np.sin(x**2)) * inside


@wrong("exp_sin_square_derivative", "wrong-variable")
def cos_of_2x(x: Any) -> Any:
    return np.exp(np.sin(x**2)) * np.cos(2 * x)


@wrong("exp_sin_square_derivative", "wrong-sign", "wrong-local-derivative")
def cosine_becomes_minus_sine(x: Any) -> Any:
    return np.exp(np.sin(x**2)) * -np.sin(x**2) * 2 * x


@wrong("exp_sin_square_derivative", "constant-factor")
def squared_2(x: Any) -> Any:
    return 4 * x * np.cos(x**2) * np.exp(np.sin(x**2))


@wrong("exp_sin_square_derivative", "wrong-variable")
def exp_at_cos(x: Any) -> Any:
    return np.exp(np.cos(x**2)) * np.cos(x**2) * 2 * x


@wrong("exp_sin_square_derivative", "raised-error")
def for_one_number_alone(x: Any) -> Any:
    return math.exp(math.sin(x**2)) * math.cos(x**2) * 2 * x


@wrong("exp_sin_square_derivative", "wrong-shape", "wrong-type")
def summed_up(x: Any) -> Any:
    return np.sum(np.exp(np.sin(x**2)) * np.cos(x**2) * 2 * x)


@right("exp_sin_square_derivative")
def stage_by_stage(x: Any) -> Any:
    a = x**2
    b = np.sin(a)
    y = np.exp(b)
    db = y
    da = db * np.cos(a)
    return da * (2 * x)


@right("exp_sin_square_derivative")
def with_numpy(x: Any) -> Any:
    return np.exp(np.sin(np.power(x, 2))) * np.cos(np.power(x, 2)) * np.multiply(2, x)


@right("exp_sin_square_derivative")
def dual_numbers(x: Any) -> Any:
    value, slope = x * x, x + x
    value, slope = np.sin(value), np.cos(value) * slope
    return np.exp(value) * slope


@right("exp_sin_square_derivative")
def complex_step(x: Any) -> Any:
    return np.exp(np.sin((x + 1e-200j) ** 2)).imag / 1e-200


# ---------------------------------------------------------------- chain_derivative


@wrong("chain_derivative", "wrong-variable")
def all_slopes_at_x(functions: Any, derivatives: Any, x: Any) -> Any:
    total = 1.0
    for d in derivatives:
        total *= d(x)
    return total


@wrong("chain_derivative", "wrong-variable")
def value_updated_too_early(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1
    for i in range(len(functions)):
        x = functions[i](x)
        slope = slope * derivatives[i](x)
    return slope


@wrong("chain_derivative", "wrong-variable")
def one_stage_late(functions: Any, derivatives: Any, x: Any) -> Any:
    stages = [x, x]
    for f in functions:
        stages.append(f(stages[-1]))
    slope = 1.0
    for i, d in enumerate(derivatives):
        slope *= d(stages[i])
    return slope


@wrong("chain_derivative", "wrong-variable")
def slopes_of_slopes(functions: Any, derivatives: Any, x: Any) -> Any:
    for d in derivatives:
        x = d(x)
    return x


@wrong("chain_derivative", "wrong-variable")
def all_slopes_at_the_end(functions: Any, derivatives: Any, x: Any) -> Any:
    y = functools.reduce(lambda v, f: f(v), functions, x)
    return math.prod(float(d(y)) for d in derivatives)


@wrong("chain_derivative", "wrong-order")
def applied_from_the_last(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    for f, d in zip(functions[::-1], derivatives[::-1]):
        slope *= d(x)
        x = f(x)
    return slope


@wrong("chain_derivative", "wrong-order")
def stages_paired_backwards(functions: Any, derivatives: Any, x: Any) -> Any:
    stages = [x]
    for f in functions[:-1]:
        stages.append(f(stages[-1]))
    slope = 1.0
    for d, y in zip(reversed(derivatives), stages):
        slope *= d(y)
    return slope


@wrong("chain_derivative", "wrong-local-derivative")
def slopes_added(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 0.0
    for f, d in zip(functions, derivatives):
        slope += d(x)
        x = f(x)
    return slope


@wrong("chain_derivative", "forgot-chain")
def only_the_outermost(functions: Any, derivatives: Any, x: Any) -> Any:
    for f in functions[:-1]:
        x = f(x)
    return derivatives[-1](x)


@wrong("chain_derivative", "forgot-chain")
def only_the_innermost(functions: Any, derivatives: Any, x: Any) -> Any:
    return derivatives[0](x)


@wrong("chain_derivative", "forgot-chain")
def loop_starts_at_1(functions: Any, derivatives: Any, x: Any) -> Any:
    y, slope = functions[0](x), 1.0
    for i in range(1, len(functions)):
        slope *= derivatives[i](y)
        y = functions[i](y)
    return slope


@wrong("chain_derivative", "forgot-chain")
def loop_stops_early(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    for i in range(len(functions) - 1):
        slope *= derivatives[i](x)
        x = functions[i](x)
    return slope


@wrong("chain_derivative", "overwritten-gradient", "forgot-chain")
def slope_assigned(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    for f, d in zip(functions, derivatives):
        slope = d(x)
        x = f(x)
    return slope


@wrong("chain_derivative", "forward-instead-of-backward")
def composed(functions: Any, derivatives: Any, x: Any) -> Any:
    for f in functions:
        x = f(x)
    return x


@wrong("chain_derivative", "numerical-differentiation")
def quotient_of_the_composition(functions: Any, derivatives: Any, x: Any) -> Any:
    def run(t: Any) -> Any:
        for f in functions:
            t = f(t)
        return t

    return (run(x + 1e-5) - run(x - 1e-5)) / 2e-5


@wrong("chain_derivative", "mutated-input")
def pops_the_lists(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    while functions:
        slope *= derivatives.pop(0)(x)
        x = functions.pop(0)(x)
    return slope


@wrong("chain_derivative", "mutated-input")
def reverses_in_place(functions: Any, derivatives: Any, x: Any) -> Any:
    stages = [x]
    for f in functions:
        stages.append(f(stages[-1]))
    derivatives.reverse()
    slope = 1.0
    for d, y in zip(derivatives, stages[-2::-1]):
        slope *= d(y)
    return slope


@wrong("chain_derivative", "wrong-type", "wrong-shape")
def value_and_slope(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1.0
    for f, d in zip(functions, derivatives):
        slope, x = slope * d(x), f(x)
    return x, slope


@wrong("chain_derivative", "raised-error")
def multiplies_functions(functions: Any, derivatives: Any, x: Any) -> Any:
    return functools.reduce(operator.mul, derivatives)(x)


@wrong("chain_derivative", "value-instead-of-mask", "wrong-local-derivative")
def product_of_values(functions: Any, derivatives: Any, x: Any) -> Any:
    s = 1.0
    for f in functions:
        x = f(x)
        s *= x
    return s


@wrong("chain_derivative", "wrong-variable")
def value_never_goes_on(functions: Any, derivatives: Any, x: Any) -> Any:
    s = 1.0
    for i in range(len(functions)):
        s *= derivatives[i](functions[i - 1](x) if i else x)
    return s


@wrong("chain_derivative", "wrong-variable", "wrong-order")
def last_slope_first_all_at_x(functions: Any, derivatives: Any, x: Any) -> Any:
    s = derivatives[-1](x)
    for d in derivatives[:-1]:
        s *= d(x)
    return s


@wrong("chain_derivative", "constant-factor")
def starts_with_zero(functions: Any, derivatives: Any, x: Any) -> Any:
    s = 0.0
    for f, d in zip(functions, derivatives):
        s *= d(x)
        x = f(x)
    return s


@right("chain_derivative")
def forward_mode(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = 1
    for f, d in zip(functions, derivatives):
        slope *= d(x)
        x = f(x)
    return slope


@right("chain_derivative")
def backward_mode(functions: Any, derivatives: Any, x: Any) -> Any:
    inputs = []
    for f in functions:
        inputs.append(x)
        x = f(x)
    upstream = 1.0
    for d, y in zip(reversed(derivatives), reversed(inputs)):
        upstream = upstream * d(y)
    return upstream


@right("chain_derivative")
def reduced(functions: Any, derivatives: Any, x: Any) -> Any:
    def step(pair: Any, stage: Any) -> Any:
        (value, slope), (f, d) = pair, stage
        return f(value), slope * d(value)

    return functools.reduce(step, zip(functions, derivatives), (x, 1.0))[1]


@right("chain_derivative")
def recursive_chain(functions: Any, derivatives: Any, x: Any) -> Any:
    if not functions:
        return 1.0
    return derivatives[0](x) * recursive_chain(functions[1:], derivatives[1:], functions[0](x))


@right("chain_derivative")
def product_of_an_array(functions: Any, derivatives: Any, x: Any) -> Any:
    ys = np.empty(len(functions))
    ys[0] = x
    for k in range(len(functions) - 1):
        ys[k + 1] = functions[k](ys[k])
    return np.prod([d(y) for d, y in zip(derivatives, ys)], keepdims=False)


@right("chain_derivative")
def recomputes_every_stage(functions: Any, derivatives: Any, x: Any) -> Any:
    slope = np.float64(1)
    for k, d in enumerate(derivatives):
        y = x
        for f in functions[:k]:
            y = f(y)
        slope = d(y) * slope
    return slope


# ---------------------------------------------------------------- distributed_derivative


@wrong("distributed_derivative", "wrong-variable")
def partials_at_x(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    M = len(inner)
    p = f_partials([x] * M)
    return sum(p[m] * inner_derivatives[m](x) for m in range(M))


@wrong("distributed_derivative", "wrong-variable")
def inner_slopes_at_z(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return np.dot(f_partials(z), [dg(v) for dg, v in zip(inner_derivatives, z)])


@wrong("distributed_derivative", "wrong-variable")
def partials_at_the_slopes(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    slopes = np.array([dg(x) for dg in inner_derivatives])
    return np.dot(f_partials(slopes), slopes)


@wrong("distributed_derivative", "dropped-path")
def first_path(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = [g(x) for g in inner]
    return f_partials(z)[0] * inner_derivatives[0](x)


@wrong("distributed_derivative", "dropped-path")
def last_path_forgotten(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = [g(x) for g in inner]
    p = f_partials(z)
    total = 0.0
    for m in range(len(inner) - 1):
        total += p[m] * inner_derivatives[m](x)
    return total


@wrong("distributed_derivative", "dropped-path")
def returns_inside_the_loop(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    total = 0.0
    for p, dg in zip(f_partials(z), inner_derivatives):
        total += p * dg(x)
        return total


@wrong("distributed_derivative", "overwritten-gradient")
def assigned_in_the_loop(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    partials = f_partials(z)
    for m, dg in enumerate(inner_derivatives):
        dy_dx = partials[m] * dg(x)
    return dy_dx


@wrong("distributed_derivative", "forgot-chain")
def partials_only(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    return np.sum(f_partials(np.array([g(x) for g in inner])))


@wrong("distributed_derivative", "dropped-path", "forgot-chain")
def inner_slopes_only(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    return math.fsum(dg(x) for dg in inner_derivatives)


@wrong("distributed_derivative", "wrong-value")
def paths_multiplied(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    result = 1.0
    for p, dg in zip(f_partials(z), inner_derivatives):
        result *= p * dg(x)
    return result


@wrong("distributed_derivative", "averaged-not-summed")
def paths_averaged(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return np.mean(np.array(f_partials(z)) * np.array([d(x) for d in inner_derivatives]))


@wrong("distributed_derivative", "unsummed-axis", "wrong-shape")
def not_summed(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return f_partials(z) * np.array([d(x) for d in inner_derivatives])


@wrong("distributed_derivative", "wrong-value")
def sums_multiplied(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return sum(f_partials(z)) * sum(d(x) for d in inner_derivatives)


@wrong("distributed_derivative", "wrong-order")
def slopes_from_the_back(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    p = f_partials(np.array([g(x) for g in inner]))
    return sum(p[-m - 1] * dg(x) for m, dg in enumerate(inner_derivatives))


@wrong("distributed_derivative", "numerical-differentiation")
def inner_quotients(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    p = f_partials(np.array([g(x) for g in inner]))
    return sum(q * (g(x + 1e-5) - g(x - 1e-5)) / 2e-5 for q, g in zip(p, inner))


@wrong("distributed_derivative", "wrong-local-derivative", "dropped-path", "forgot-chain")
def only_one_slope(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return sum(f_partials(z)) * inner_derivatives[0](x)


@wrong("distributed_derivative", "wrong-sign")
def minus_second(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return -np.dot(f_partials(z), [d(x) for d in inner_derivatives])


@wrong("distributed_derivative", "value-instead-of-mask", "wrong-local-derivative")
def values_not_slopes(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return np.dot(f_partials(z), z)


@right("distributed_derivative")
def dot_product(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = np.array([g(x) for g in inner])
    return np.dot(f_partials(z), np.array([d(x) for d in inner_derivatives]))


@right("distributed_derivative")
def accumulated(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    z = []
    for g in inner:
        z.append(g(x))
    partials = f_partials(z)
    total = 0
    for m in range(len(inner)):
        total += inner_derivatives[m](x) * partials[m]
    return total


@right("distributed_derivative")
def tuple_and_fsum(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    partials = f_partials(tuple(g(x) for g in inner))
    return math.fsum(map(operator.mul, partials, (d(x) for d in inner_derivatives)))


@right("distributed_derivative")
def row_times_column(f_partials: Any, inner: Any, inner_derivatives: Any, x: Any) -> Any:
    row = np.reshape(f_partials(np.array([g(x) for g in inner])), (1, -1))
    column = np.array([[d(x)] for d in inner_derivatives])
    return np.einsum("ij,ji->", row, column)


# ---------------------------------------------------------------- partial_and_total


@wrong("partial_and_total", "dropped-path")
def total_without_y(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    partial = df_dx(x, y(x))
    return partial, partial


@wrong("partial_and_total", "dropped-path")
def total_through_y_only(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v), df_dy(x, v) * dy_dx(x)


@wrong("partial_and_total", "forgot-chain")
def sum_of_partials(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    partial = df_dx(x, v)
    total = partial + df_dy(x, v)
    return partial, total


@wrong("partial_and_total", "forgot-chain", "dropped-path")
def slope_of_y_without_df_dy(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v), df_dx(x, v) + dy_dx(x)


@wrong("partial_and_total", "wrong-variable")
def y_taken_for_x(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    fx, fy = df_dx(x, x), df_dy(x, x)
    return fx, fx + fy * dy_dx(x)


@wrong("partial_and_total", "wrong-variable")
def slope_of_y_at_y(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    x2 = y(x)
    part = df_dx(x, x2)
    return part, part + df_dy(x, x2) * dy_dx(x2)


@wrong("partial_and_total", "wrong-variable", "swapped-inputs")
def arguments_swapped(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(v, x), df_dx(v, x) + df_dy(v, x) * dy_dx(x)


@wrong("partial_and_total", "swapped-inputs")
def total_first(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v) + df_dy(x, v) * dy_dx(x), df_dx(x, v)


@wrong("partial_and_total", "swapped-inputs")
def partials_swapped(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dy(x, v), df_dy(x, v) + df_dx(x, v) * dy_dx(x)


@wrong("partial_and_total", "wrong-value")
def two_paths_multiplied(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v), df_dx(x, v) * df_dy(x, v) * dy_dx(x)


@wrong("partial_and_total", "wrong-sign")
def path_through_y_subtracted(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return df_dx(x, v), df_dx(x, v) - df_dy(x, v) * dy_dx(x)


@wrong("partial_and_total", "numerical-differentiation")
def slope_of_y_by_a_quotient(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v, h = y(x), 1e-6
    return df_dx(x, v), df_dx(x, v) + df_dy(x, v) * (y(x + h) - v) / h


@wrong("partial_and_total", "wrong-type")
def only_the_total(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    return df_dx(x, y(x)) + df_dy(x, y(x)) * dy_dx(x)


@wrong("partial_and_total", "raised-error")
def y_not_called(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    return df_dx(x, y), df_dx(x, y) + df_dy(x, y) * dy_dx(x)


@wrong("partial_and_total", "missing-upstream", "forgot-chain", "dropped-path")
def total_is_fy(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    return (df_dx(x, y(x)), df_dy(x, y(x)))


@wrong("partial_and_total", "forgot-chain", "wrong-variable", "wrong-value", "wrong-mask")
def partial_zero(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return (df_dx(x, 0.0), df_dx(x, v) + df_dy(x, v) * dy_dx(x))


@wrong("partial_and_total", "constant-factor", "wrong-value")
def slope_squared(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    return (df_dx(x, v), (df_dx(x, v) + df_dy(x, v)) * dy_dx(x))


@right("partial_and_total")
def by_name(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    point = (x, y(x))
    partial = df_dx(*point)
    total = partial
    total = total + df_dy(*point) * dy_dx(x)
    return [partial, total]


@right("partial_and_total")
def as_an_array(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    v = y(x)
    gradient = np.array([df_dx(x, v), df_dy(x, v)])
    return np.array([[1.0, 0.0], [1.0, dy_dx(x)]]) @ gradient


@right("partial_and_total")
def total_is_two_paths(df_dx: Any, df_dy: Any, y: Any, dy_dx: Any, x: Any) -> Any:
    paths = [df_dx(x, y(x)) * 1, df_dy(x, y(x)) * dy_dx(x)]
    return float(paths[0]), np.sum(paths)


# ---------------------------------------------------------------- squared_error_node_gradients


@wrong("squared_error_node_gradients", "swapped-inputs")
def own_values(x: Any, y: Any, z: Any, t: Any) -> Any:
    df = 2 * (x * y + z - t)
    return x * df, y * df, df


@wrong("squared_error_node_gradients", "swapped-inputs")
def z_first(x: Any, y: Any, z: Any, t: Any) -> Any:
    df = 2 * (x * y + z - t)
    return df, y * df, x * df


@wrong("squared_error_node_gradients", "constant-factor")
def without_the_2(x: Any, y: Any, z: Any, t: Any) -> Any:
    error = x * y + z - t
    return error * y, error * x, error


@wrong("squared_error_node_gradients", "constant-factor")
def with_a_4(x: Any, y: Any, z: Any, t: Any) -> Any:
    df = 2 * (x * y + z - t)
    return 2 * df * y, 2 * df * x, 2 * df


@wrong("squared_error_node_gradients", "wrong-sign")
def target_minus_output(x: Any, y: Any, z: Any, t: Any) -> Any:
    f = x * y + z
    g = 2 * (t - f)
    return g * y, g * x, g


@wrong("squared_error_node_gradients", "forgot-chain", "missing-upstream")
def slopes_of_the_node(x: Any, y: Any, z: Any, t: Any) -> Any:
    return y, x, 1


@wrong("squared_error_node_gradients", "forgot-chain", "missing-upstream")
def loss_left_out_for_the_product(x: Any, y: Any, z: Any, t: Any) -> Any:
    return y, x, 2 * (x * y + z - t)


@wrong("squared_error_node_gradients", "forgot-chain")
def same_for_all(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z - t)
    return d, d, d


@wrong("squared_error_node_gradients", "wrong-local-derivative", "swapped-inputs")
def z_treated_as_a_factor(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z - t)
    return d * y, d * x, d * z


@wrong("squared_error_node_gradients", "wrong-local-derivative")
def upstream_is_the_loss(x: Any, y: Any, z: Any, t: Any) -> Any:
    loss = (x * y + z - t) ** 2
    return loss * y, loss * x, loss


@wrong("squared_error_node_gradients", "wrong-variable", "dropped-path")
def error_without_the_target(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z)
    return d * y, d * x, d


@wrong("squared_error_node_gradients", "unused-parameter")
def slope_of_the_square_is_2(x: Any, y: Any, z: Any, t: Any) -> Any:
    return 2 * y, 2 * x, 2


@wrong("squared_error_node_gradients", "numerical-differentiation")
def three_quotients(x: Any, y: Any, z: Any, t: Any) -> Any:
    def loss(x: Any, y: Any, z: Any) -> Any:
        return (x * y + z - t) ** 2

    h, at = 1e-5, np.array([x, y, z], float)
    return tuple((loss(*(at + h * e)) - loss(*(at - h * e))) / (2 * h) for e in np.eye(3))


@wrong("squared_error_node_gradients", "wrong-type")
def with_the_loss(x: Any, y: Any, z: Any, t: Any) -> Any:
    df = 2 * (x * y + z - t)
    return (x * y + z - t) ** 2, y * df, x * df, df


@wrong("squared_error_node_gradients", "wrong-sign")
def z_negative(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * (x * y + z - t)
    return (d * y, d * x, -d)


@wrong("squared_error_node_gradients", "wrong-local-derivative", "wrong-sign", "constant-factor")
def cube_rule(x: Any, y: Any, z: Any, t: Any) -> Any:
    d = 2 * abs(x * y + z - t)
    return (d * y, d * x, d)


@right("squared_error_node_gradients")
def node_by_node(x: Any, y: Any, z: Any, t: Any) -> Any:
    q = x * y
    f = q + z
    e = f - t
    de = 2 * e
    df = de
    dq, dz = df, df
    return dq * y, dq * x, dz


@right("squared_error_node_gradients")
def multiplied_out(x: Any, y: Any, z: Any, t: Any) -> Any:
    dx = 2 * x * y**2 + 2 * y * (z - t)
    dy = 2 * y * x**2 + 2 * x * (z - t)
    return dx, dy, 2 * x * y + 2 * z - 2 * t


@right("squared_error_node_gradients")
def as_one_array(x: Any, y: Any, z: Any, t: Any) -> Any:
    return 2.0 * (x * y + z - t) * np.array([y, x, 1.0])

"""What the lecture notes claim about cost, measured: ``python -m tests.benchmarks.claims``.

An explicit Jacobian takes O(D²) and its vector-Jacobian product O(D), in time and in memory; a backward pass
takes about twice its forward pass; training keeps the activations that `activation_memory` counts.
"""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from backprop_course import ops
from backprop_course.network import activation_memory, initial_parameters, mlp_backward, mlp_forward
from tests.benchmarks._measure import medians, reach

JACOBIAN, VJP = (512, 1_024, 2_048, 4_096), (16_384, 65_536, 262_144, 1_048_576)
DEPTHS = (2, 8, 32)
WIDTHS = (64, 256, 512)


def peak(function: Callable[[], object]) -> int:
    """Most bytes that a call holds at once, beside its arguments."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The k of cost = c · size^k, fitted by least squares to the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def growth(what: str, call: Callable[[np.ndarray], object], sizes: Sequence[int], repeat: int) -> list[float]:
    """Print time and memory of a call by size, and return the two exponents."""
    rng, seconds, peaks = np.random.default_rng(0), [], []
    for size in sizes:
        y = ops.softmax(rng.standard_normal(size))
        turn = {what: partial(call, y)}
        seconds.append(medians(turn, repeat, clock=time.process_time)[what])
        peaks.append(float(peak(turn[what])))
        print(f"{what:<28}{size:>10,}{1e3 * seconds[-1]:>12.3f} ms{peaks[-1] / 1e6:>12.3f} MB")
    return [exponent(sizes, seconds), exponent(sizes, peaks)]


def jacobian_and_vjp(jacobian: Sequence[int], vjp: Sequence[int], repeat: int) -> None:
    """Softmax's Jacobian, built and multiplied, beside `softmax_backward`."""
    print(f"{'softmax':<28}{'D':>10}{'time':>15}{'memory':>15}")
    full = growth("Jacobian, times dy", lambda y: ops.softmax_jacobian(y).T @ y, jacobian, repeat)
    product = growth("vector-Jacobian product", lambda y: ops.softmax_backward(y, y), vjp, repeat)
    print(f"exponents of D: Jacobian {full[0]:.2f} in time, {full[1]:.2f} in memory")
    print(f"exponents of D: product  {product[0]:.2f} in time, {product[1]:.2f} in memory\n")
    near = [abs(k - 2) <= 0.25 for k in full] + [abs(k - 1) <= 0.25 for k in product]
    measured = f"D^{full[0]:.2f} and D^{full[1]:.2f}; D^{product[0]:.2f} and D^{product[1]:.2f}"
    why = "Caches and new memory have a share that does not grow as the arithmetic does"
    what = "Jacobian and vector-Jacobian product of softmax, time and memory"
    reach(what, measured, "exponents 2 and 1, ± 0.25", all(near), why)


def backward_and_forward(widths: Sequence[int], depths: Sequence[int], repeat: int) -> None:
    """A network's backward pass beside its forward pass, by width and depth."""
    rng, ratios = np.random.default_rng(0), []
    print(f"{'network, 128 examples':<28}{'depth':>6}{'forward':>13}{'backward':>13}{'ratio':>8}")
    for width, depth in [(width, depths[0]) for width in widths] + [(widths[0], d) for d in depths[1:]]:
        weights, biases = initial_parameters([width] * (depth + 1), 0)
        x, dy = rng.standard_normal((2, 128, width))
        activations = mlp_forward(x, weights, biases)
        turns: dict[str, Callable[[], object]] = {
            "forward": partial(mlp_forward, x, weights, biases),
            "backward": partial(mlp_backward, dy, activations, weights),
        }
        seconds = medians(turns, repeat, clock=time.process_time)
        ratios.append(seconds["backward"] / seconds["forward"])
        times = "".join(f"{1e3 * seconds[turn]:>10.3f} ms" for turn in turns)
        print(f"{f'width {width}':<28}{depth:>6}{times}{ratios[-1]:>8.2f}")
    measured = f"{min(ratios):.2f} to {max(ratios):.2f}×"
    why = "Beside the two products stand masks, sums and new memory"
    reach(
        "backward pass beside forward pass",
        measured,
        "about 2×: 1.5 to 2.5",
        1.5 <= min(ratios) <= max(ratios) <= 2.5,
        why,
    )


def held(batch: int, widths: Sequence[int]) -> int:
    """Bytes that a forward pass leaves behind for the backward pass: all but the output, with x."""
    weights, biases = initial_parameters(widths, 0)
    x = np.zeros((batch, widths[0]))
    tracemalloc.start()
    try:
        activations = mlp_forward(x, weights, biases)
        return tracemalloc.get_traced_memory()[0] + x.nbytes - activations[-1].nbytes
    finally:
        tracemalloc.stop()


def memory() -> None:
    """Bytes held after a forward pass beside the formula."""
    print(f"\n{'activations':<28}{'held':>12}{'formula':>12}{'ratio':>9}")
    ratios = []
    for batch, widths in ((32, [64, 32, 10]), (128, [256] * 9), (1_024, [64] * 33)):
        formula, measured = activation_memory(batch, widths), held(batch, widths)
        ratios.append(measured / formula)
        what = f"{batch} × {len(widths) - 1} layers"
        print(f"{what:<28}{measured / 1e3:>9.1f} kB{formula / 1e3:>9.1f} kB{ratios[-1]:>9.4f}")
    measured_ratio = f"{min(ratios):.3f} to {max(ratios):.3f}× the formula"
    reach("memory of activations", measured_ratio, "1×, ± 0.05", all(abs(r - 1) <= 0.05 for r in ratios))


def main(
    jacobian: Sequence[int] = JACOBIAN,
    vjp: Sequence[int] = VJP,
    widths: Sequence[int] = WIDTHS,
    depths: Sequence[int] = DEPTHS,
    repeat: int = 9,
) -> None:
    """Print the three claims beside what was measured."""
    jacobian_and_vjp(jacobian, vjp, repeat)
    backward_and_forward(widths, depths, repeat)
    memory()


if __name__ == "__main__":
    main()

"""What the parts share: medians of calls that take turns, and the rows of the table at the top."""

import statistics
import time
from collections.abc import Callable, Mapping

REACH = "reach: "  # how such a row begins in what a part prints


def medians(
    functions: Mapping[str, Callable[[], object]],
    repeat: int = 7,
    least: float = 0.002,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Seconds a call: the functions take turns, so that a busy machine slows all of them.

    Short calls are repeated within a turn until it takes about `least` seconds.
    """
    numbers = {}
    for name, function in functions.items():
        function()  # compiles, fills caches
        numbers[name] = max(1, round(least / max(_seconds(function, 1, clock), 1e-7))) if least else 1
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(repeat):
        for name, function in functions.items():
            times[name].append(_seconds(function, numbers[name], clock) / numbers[name])
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def _seconds(function: Callable[[], object], number: int, clock: Callable[[], float]) -> float:
    started = clock()
    for _ in range(number):
        function()
    return clock() - started


def reach(what: str, measured: str, goal: str, met: bool, why: str = "") -> None:
    """Print a row for the table at the top of the results; `why` it falls short, where it does."""
    print(f"{REACH}{what} | {measured} | {goal} | {'yes' if met else f'no. {why}'.strip()}")

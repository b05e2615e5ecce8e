"""Whatever a student's function does stays inside `call`, and is reported."""

import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from backprop_course.checking._call import Foreign, call


def test_the_answer_is_a_copy() -> None:
    kept = np.ones(2)
    outcome = call(lambda: kept, ())
    kept[:] = 7
    np.testing.assert_array_equal(outcome.value, [1, 1])


def test_a_changed_argument_is_reported_and_the_caller_s_array_is_not_touched() -> None:
    mine = np.array([1.0, 2.0])

    def double(a: Any, b: Any) -> Any:
        b *= 2
        return b

    outcome = call(double, (np.zeros(2), mine))
    assert outcome.mutated == (1,)
    np.testing.assert_array_equal(mine, [1, 2])


def test_a_changed_list_inside_a_list_is_reported() -> None:
    assert call(lambda layers: layers[0].pop(), ([[1, 2]],)).mutated == (0,)


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, RecursionError])
def test_any_exception_is_an_outcome(error: type[BaseException]) -> None:
    def stop() -> None:
        raise error("no\nway")

    outcome = call(stop, ())
    assert outcome.raised is not None
    assert outcome.raised.kind == error.__name__
    assert str(outcome.raised) == f"{error.__name__}: no way"
    assert outcome.raised.line == 'raise error("no\\nway")'


def test_an_exception_that_cannot_be_printed_is_an_outcome() -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def stop() -> None:
        raise Unprintable

    outcome = call(stop, ())
    assert str(outcome.raised) == "Unprintable"


def test_endless_recursion_is_an_outcome() -> None:
    def deeper() -> Any:
        return deeper()

    outcome = call(deeper, ())
    assert outcome.raised is not None
    assert outcome.raised.kind == "RecursionError"


def test_prints_warnings_and_numpy_complaints_stay_inside(capfd: pytest.CaptureFixture[str]) -> None:
    def noisy() -> Any:
        print("out")
        print("err", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return np.log(np.zeros(1)) - np.exp(np.full(1, 1e4))

    outcome = call(noisy, ())
    assert outcome.value == -np.inf
    assert capfd.readouterr() == ("", "")


def _forever() -> None:
    while True:
        pass


def _forever_catching_everything() -> None:
    while True:
        try:
            while True: pass  # fmt: skip  # noqa: E701
        except: pass  # fmt: skip  # noqa: E701, E722


@pytest.mark.parametrize("function", [_forever, _forever_catching_everything])
def test_a_call_that_does_not_end_is_stopped(function: Callable[[], None]) -> None:
    assert call(function, (), time_limit=0.2).timed_out


ENDLESS = {
    "a loop": "while True: pass",
    "a comprehension": "[0 for _ in iter(int, 1)]",
    "every exception swallowed": "while True:\n    try: sum(range(1000))\n    except BaseException: continue",
    "endless recursion, swallowed": "def f(): f()\nwhile 1:\n    try: f()\n    except RecursionError: pass",
}
# The browser's way needs Python 3.12, as the browser has.
WAYS = ["_alarmed", "_watched", *(["_monitored"] if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_nothing_endless_escapes_its_limit(way: str, code: str) -> None:
    _expect_stopped(way, code)


@pytest.mark.parametrize("way", ["_alarmed", "_watched"])
def test_an_alarm_that_is_swallowed_is_followed_by_another(way: str) -> None:
    # Where nothing but the alarm itself raises.
    code = "try:\n    while True: pass\nexcept BaseException: pass\nwhile True: pass"
    _expect_stopped(way, code, "_time_limit._haunt, _time_limit.AGAIN = lambda *_: None, 0.1")


def _expect_stopped(way: str, code: str, before: str = "") -> None:
    # In a process of its own: what escapes hangs that one, and not the run.
    script = f"""
from backprop_course.checking import _time_limit
{before}
try:
    _time_limit.{way}(0.1, lambda: exec({code!r}, {{}}))
except _time_limit.OutOfTime:
    print("stopped")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "stopped\n", done.stderr


def test_a_call_in_a_thread_is_stopped() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(call, _forever, (), time_limit=0.05).result().timed_out


def test_a_thread_s_limit_leaves_nothing_behind() -> None:
    def calls() -> list[bool]:
        return [call(lambda: 1, (), time_limit=0.002).timed_out for _ in range(200)]

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(calls).result().count(True) < 200
        assert threads.submit(sys.gettrace).result() is None


def test_an_alarm_of_the_caller_s_survives() -> None:
    rung: list[bool] = []
    previous = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        call(lambda: None, ())
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        time.sleep(0.5)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rung == [True]


def test_the_user_s_ctrl_c_interrupts() -> None:
    with pytest.raises(KeyboardInterrupt):
        call(lambda: signal.raise_signal(signal.SIGINT), ())


@pytest.mark.parametrize(
    "answer", [lambda: None, object(), {1, 2}, (i for i in range(3)), 1j, np.array([None])]
)
def test_answers_of_other_kinds_are_named(answer: Any) -> None:
    assert isinstance(call(lambda: answer, ()).value, Foreign)


def test_views_are_not_contiguous_when_asked() -> None:
    outcome = call(lambda a: a.flags.c_contiguous, (np.ones((2, 3)),), strided=True)
    assert outcome.value is False

"""Ending a call of the student's that takes too long, wherever it runs."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


SLOWED = 4  # times the limit where watching slows the answer, so that a right one is not cut off


class OutOfTime(BaseException):
    """Raised in the student's code when its time is up. No `except Exception` of theirs catches it."""


def in_main_thread() -> bool:
    """Whether signals can be handled here."""
    return threading.current_thread() is threading.main_thread()


def within(seconds: float, run: Callable[[], T]) -> T:
    """Return ``run()``; raise `OutOfTime` in it, and from here, once it has taken `seconds`.

    An alarm costs nothing while it waits. A browser, Windows and threads have none; there each instruction
    looks at the clock first, which makes loops of Python many times slower, and a loop that swallows every
    exception goes on. So does one that swallows the `RecursionError` of an endless recursion: it is raised in
    the watching too, and Python then watches no more. Neither ends a single call into compiled code,
    ``sum(itertools.count())`` say.
    """
    alarms = hasattr(signal, "setitimer") and sys.platform != "emscripten" and in_main_thread()
    end = time.monotonic() + seconds * (1 if alarms else SLOWED)
    here, previous = sys._getframe(), sys.gettrace()
    here.f_trace_opcodes = True  # before settrace: Python 3.12 does not heed it afterwards

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        # Instruction by instruction: Python reports no new line in ``while True: pass``.
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if time.monotonic() >= end:
            raise OutOfTime
        return look

    def ring(_: int, frame: FrameType | None) -> None:
        # A bare `except:` of the student's may swallow what is raised here; then their next line meets it.
        sys.settrace(look)
        while frame not in (None, here):
            assert frame is not None
            frame.f_trace, frame.f_trace_opcodes = look, True
            frame = frame.f_back
        raise OutOfTime

    try:
        if alarms:
            with _alarm(seconds, ring):
                return run()
        sys.settrace(look)
        return run()
    finally:
        sys.settrace(previous)


@contextlib.contextmanager
def _alarm(seconds: float, ring: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    started = time.monotonic()
    previous = signal.signal(signal.SIGALRM, ring)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # and again, should they swallow it
    try:
        yield
    finally:
        sys.settrace(None)  # first of all: from here on the lines that run are ours
        # An alarm of the caller's (a test runner's time-out, say) goes on with what it had left.
        left = max(outer - (time.monotonic() - started), 1e-3) if outer else 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        signal.setitimer(signal.ITIMER_REAL, left)

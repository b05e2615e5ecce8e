"""Ending a call of the student's that takes too long, wherever it runs."""

import contextlib
import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

AGAIN = 1.0  # seconds until the next exception, should the student's code have swallowed all before
SLOWED = 2  # times the limit where watching slows the answer, so that a right one is not cut off


class OutOfTime(BaseException):
    """Raised in the student's code when its time is up. No `except Exception` of theirs catches it."""


def in_main_thread() -> bool:
    """Whether signals can be handled here."""
    return threading.current_thread() is threading.main_thread()


def within(seconds: float, run: Callable[[], T]) -> T:
    """Return ``run()``; raise `OutOfTime` in it, and from here, once it has taken `seconds`.

    An alarm tells when the time is up. Windows and threads have none: there a second thread raises the
    exception, again and again. A browser has no threads either: there every jump and every call looks at the
    clock. Neither of the two ends a single call into compiled code, ``sum(itertools.count())`` say.
    """
    if sys.platform == "emscripten":
        return _monitored(seconds * SLOWED, run)
    if hasattr(signal, "setitimer") and in_main_thread():
        return _alarmed(seconds, run)
    return _watched(seconds, run)


def _alarmed(seconds: float, run: Callable[[], T]) -> T:
    here = sys._getframe()

    def ring(_: int, frame: FrameType | None) -> None:
        _haunt(frame, here)
        raise OutOfTime

    started, tracing = time.monotonic(), sys.gettrace()
    previous = signal.signal(signal.SIGALRM, ring)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        return run()
    finally:
        sys.settrace(None)  # first of all: from here on the lines that run are ours
        # An alarm of the caller's (a test runner's time-out, say) goes on with what it had left.
        left = max(outer - (time.monotonic() - started), 1e-3) if outer else 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        signal.setitimer(signal.ITIMER_REAL, left)
        sys.settrace(tracing)


def _haunt(frame: FrameType | None, here: FrameType) -> None:
    """Raise in the next instruction of a frame and of its callers, too: the first may have been swallowed."""

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        # Instruction by instruction: Python reports no new line in ``while True: pass``. Not when it tells of
        # an exception: it drops what raises then, and the student's `except` would be the end of it.
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            raise OutOfTime
        return look

    while frame not in (None, here):
        assert frame is not None
        frame.f_trace, frame.f_trace_opcodes = look, True
        frame = frame.f_back
    sys.settrace(look)  # last: Python 3.12 heeds only what asked for its instructions before


def _watched(seconds: float, run: Callable[[], T]) -> T:
    here = sys._getframe()

    class Raised(OutOfTime):
        def __init__(self) -> None:  # runs in the student's thread, where it is raised
            if running:
                _haunt(sys._getframe().f_back, here)

    is_done, thread, tracing = threading.Event(), ctypes.c_ulong(threading.get_ident()), sys.gettrace()
    running: list[bool] = []  # not while threads begin and end: an exception there would upset their locks
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        wait = seconds
        while not is_done.wait(wait):
            if running:
                raise_in(thread, ctypes.py_object(Raised))
            wait = 0.1 * AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        watcher.start()
        running.append(True)
        return run()
    finally:
        running.clear()
        # One more exception may come until the watcher knows.
        while not is_done.is_set() or watcher.is_alive():
            with contextlib.suppress(OutOfTime):
                sys.settrace(None)  # first of all: from here on the lines that run are ours
                is_done.set()
                if watcher.is_alive():
                    watcher.join()
        raise_in(thread, None)
        sys.settrace(tracing)


def _monitored(seconds: float, run: Callable[[], T]) -> T:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined]  # since Python 3.12
    tool, events = monitoring.DEBUGGER_ID, (monitoring.events.JUMP, monitoring.events.PY_START)
    end = time.monotonic() + seconds

    def look(*_: Any) -> None:
        if time.monotonic() >= end:
            raise OutOfTime

    monitoring.use_tool_id(tool, "backprop_course")
    for event in events:
        monitoring.register_callback(tool, event, look)
    monitoring.set_events(tool, sum(events))
    try:
        return run()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)

"""How much of everything a submission may use."""

import contextlib
import ctypes
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass

READING = 60.0  # seconds that it may take to read a file, and to make it whole


@dataclass(frozen=True)
class Limits:
    """Bounds that one submission cannot pass.

    Attributes
    ----------
    cell, notebook : float
        Seconds for a cell, and for the notebook with all of its judging.
    memory : int
        Bytes of address space of a process, and of memory of all of them together.
    processes : int
        Processes and threads at a time.
    scratch : int
        Bytes of the scratch folder, and of the largest file in it.
    output : int
        Bytes of outputs that a notebook may show.
    """

    cell: float = 30.0
    notebook: float = 600.0
    memory: int = 3 << 30
    processes: int = 64
    scratch: int = 64 << 20
    output: int = 24 << 20

    @property
    def whole(self) -> float:
        """Seconds for everything: the notebook, once more for hidden tests, and what is done outside."""
        return 2 * self.notebook + 2 * READING


class _OutOfTime(BaseException):
    """Passes every `except Exception` on its way to `at_most`."""


@contextlib.contextmanager
def at_most(seconds: float, what: str) -> Iterator[None]:
    """End what takes longer, outside of the sandbox, by TimeoutError."""
    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    try:
        with _alarm(seconds) if alarms else _alarm_in_a_thread(seconds):
            yield
    except _OutOfTime:
        raise TimeoutError(f"{what} takes longer than {seconds:.0f} seconds") from None


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise _OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, previous)
        signal.setitimer(signal.ITIMER_REAL, outer)


@contextlib.contextmanager
def _alarm_in_a_thread(seconds: float) -> Iterator[None]:
    """Have another thread raise the error in this one, a Dask worker's say, between two steps of Python."""
    here, lock, over = ctypes.c_ulong(threading.get_ident()), threading.Lock(), False

    def ring() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(_OutOfTime))

    clock = threading.Timer(seconds, ring)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        with lock:
            over = True
        clock.cancel()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(here, None)  # one that rang and was not heard yet

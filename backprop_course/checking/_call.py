"""Calling a function that may do anything, and saying in plain data what it did.

This is the only module that runs the student's code. It knows nothing about right answers, so it can run in a
process of its own.
"""

import contextlib
import inspect
import io
import numbers
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_course.arrays import Nested, tree_map
from backprop_course.checking._time_limit import OutOfTime, in_main_thread, within
from backprop_course.exercises import functions
from backprop_course.exercises.functions import resolve


@dataclass(frozen=True)
class Raised:
    """An exception, as text.

    Attributes
    ----------
    kind, message : str
        Class name and message.
    line : str
        The line of the student's own code that was running, where known.
    ancestors : tuple of str
        Names of the class and the classes it is derived from.
    in_given : bool
        Whether it arose inside a function of the course that the student's code was given and called.
    """

    kind: str
    message: str
    line: str = ""
    ancestors: tuple[str, ...] = ()
    in_given: bool = False

    def __str__(self) -> str:
        """Kind and message, on one line."""
        message = " ".join(self.message.split())
        return f"{self.kind}: {message[:200]}" if message else self.kind


@dataclass(frozen=True)
class Outcome:
    """What one call did.

    Attributes
    ----------
    value : object
        The answer, copied: arrays, numbers, strings and lists, tuples and dicts of those. An object of
        another kind is a `Foreign`.
    raised : Raised or None
        The exception that ended the call.
    timed_out : bool
        Whether the call was stopped.
    mutated : tuple of int
        Positions of the arguments that the call changed.
    """

    value: Any = None
    raised: Raised | None = None
    timed_out: bool = False
    mutated: tuple[int, ...] = ()


@dataclass(frozen=True)
class Foreign:
    """An answer that is no number, array, string or container of those."""

    kind: str

    def __repr__(self) -> str:
        """Say what it is: reports show it, in containers too."""
        return self.kind


def call(
    function: Callable[..., Any], inputs: tuple[Any, ...], *, strided: bool = False, time_limit: float = 5.0
) -> Outcome:
    """Call `function` on fresh copies of `inputs` and report what happened.

    Parameters
    ----------
    function : callable
        Anything; whatever it raises, prints, warns of or changes stays inside.
    inputs : tuple
        Plain data as in `exercises.Case`; ``Named`` functions are looked up.
    strided : bool
        Pass arrays as views that are not contiguous.
    time_limit : float
        Seconds.

    Notes
    -----
    A Ctrl-C of the user still interrupts; a KeyboardInterrupt that the function raises itself does not.
    """
    pristine = resolve(inputs)
    arguments = fresh(pristine, strided)
    interrupted: list[bool] = []
    try:
        with _quiet(), _noting_interrupts(interrupted):
            value = within(time_limit, lambda: plain(function(*arguments)))
    except OutOfTime:
        return Outcome(timed_out=True)
    except BaseException as error:
        if interrupted:
            raise
        return Outcome(raised=_describe(error, function), mutated=_changed(pristine, arguments))
    return Outcome(value=value, mutated=_changed(pristine, arguments))


def fresh(value: Nested, strided: bool = False) -> Nested:
    """Copy every array in a nested value; as every second entry of a larger one where `strided`."""

    def one(leaf: Any) -> Any:
        if not isinstance(leaf, np.ndarray):
            return leaf
        if not strided or leaf.ndim == 0:
            return leaf.copy()
        wide = np.zeros((*leaf.shape[:-1], 2 * leaf.shape[-1]), leaf.dtype)
        wide[..., ::2] = leaf
        return wide[..., ::2]

    return tree_map(one, value)


def plain(value: Any) -> Any:
    """Copy an answer into arrays, numbers, strings and containers of those."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else tuple(map(plain, value))
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return np.array(value) if value.dtype != object else Foreign("an array of objects")
    if isinstance(value, numbers.Real):
        return float(value)
    if hasattr(value, "__array__"):
        return plain(np.asarray(value))
    return Foreign(f"a {type(value).__name__}")


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return bool(a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(_same(a[key], b[key]) for key in a)
    return a is b or bool(a == b)


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(i for i, (a, b) in enumerate(zip(before, after, strict=True)) if not _same(a, b))


def _describe(error: BaseException, function: Callable[..., Any]) -> Raised:
    try:
        message = str(error)
    except Exception:
        message = ""
    home = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if frame.filename == home]
    line = (frames[own[-1]].line or "").strip() if own else ""
    in_given = any(frame.filename == functions.__file__ for frame in frames[own[-1] + 1 :]) if own else False
    return Raised(
        type(error).__name__, message, line, tuple(c.__name__ for c in type(error).__mro__), in_given
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Swallow prints and warnings: in nbgrader anything on stderr would cost the points of the cell."""
    sink = io.StringIO()
    with (
        contextlib.redirect_stdout(sink),
        contextlib.redirect_stderr(sink),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _noting_interrupts(interrupted: list[bool]) -> Iterator[None]:
    """Tell a Ctrl-C of the user from a KeyboardInterrupt that the student's code raises."""
    if not in_main_thread():
        yield
        return

    def note(*_: object) -> None:
        interrupted.append(True)
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)

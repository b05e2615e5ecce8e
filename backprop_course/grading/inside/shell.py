"""The kernel: runs cells and answers questions, over one socket, in a process forked for one submission.

It is IPython's own shell. Its displays, prints and errors become messages in place of a terminal's text.
All of it belongs to the student's code, which may change anything here; it can only spoil its own answers.
"""

import base64
import io
import os
import signal
import socket
import sys
import types
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import frames

TEXT_LIMIT = 200_000  # characters that a cell may print; the rest is left out
DATA_LIMIT = 8 << 20  # bytes that the displays of a cell may hold


class Outputs:
    """Where everything that a cell shows goes: to the channel, up to a limit."""

    channel: socket.socket | None = None
    owner = 0  # a process that the student's code forks must not write into the conversation

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start counting anew, for a new cell."""
        self.text, self.data, self.buffer, self.name = 0, 0, [], ""  # type: ignore[var-annotated]

    def write(self, name: str, text: str) -> None:
        """Take what was printed on stdout or stderr."""
        if self.text > TEXT_LIMIT:
            return
        self.text += len(text)
        if self.text > TEXT_LIMIT:
            text = text[: TEXT_LIMIT - self.text] + "\n[the rest of what this cell printed is left out]\n"
        if name != self.name:
            self.flush()
            self.name = name
        self.buffer.append(text)
        if len(self.buffer) > 1000:
            self.flush()

    def flush(self) -> None:
        """Send what was printed until now."""
        text, self.buffer = "".join(self.buffer), []
        if text:
            self.send({"out": "stream", "name": self.name, "text": text})

    def show(self, kind: str, data: dict[str, Any], display_id: str = "") -> None:
        """Send what was displayed."""
        self.flush()
        plain = {str(k): _plain(v) for k, v in data.items()}
        self.data += sum(len(str(v)) for v in plain.values())
        if self.data > DATA_LIMIT:
            plain = {"text/plain": "[left out: this cell shows too much]"}
        self.send({"out": kind, "data": plain, "display_id": display_id})

    def send(self, message: frames.Message, block: bytes = b"") -> None:
        """Write to the channel, from the kernel's own process alone."""
        if os.getpid() != self.owner:
            os._exit(0)
        if self.channel is not None:
            frames.send(self.channel, message, block)


outputs = Outputs()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


class Stream(io.TextIOBase):
    """Stdout or stderr."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str) -> None:
        self.stream = name

    def write(self, text: str) -> int:
        """Pass on what is printed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        outputs.write(self.stream, text)
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True


class Publisher(DisplayPublisher):
    """Sends what `display` shows."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: Any = False,
        **_: Any,
    ) -> None:
        """Send a display, or another content for one that was sent."""
        kind = "update" if update else "display"
        outputs.show(kind, data, str((transient or {}).get("display_id", "")))

    def clear_output(self, wait: bool = False) -> None:
        """Take back what the cell has shown."""
        outputs.flush()
        outputs.send({"out": "clear"})


class Result(DisplayHook):
    """Sends the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: the notebook has its own."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send the value in its formats."""
        outputs.show("result", format_dict)

    def finish_displayhook(self) -> None:
        """End without the terminal's empty line."""


class Shell(InteractiveShell):
    """IPython's shell with its ends in our hands."""

    def enable_gui(self, gui: Any = None) -> None:
        """Have no window to open."""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Show an error whole: the alarm that may have raised it does not ring again meanwhile."""
        signal.setitimer(signal.ITIMER_REAL, 0)  # the judge has a clock of its own
        super().showtraceback(*args, **kwargs)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        outputs.flush()
        try:
            said = str(evalue)
        except Exception:
            said = ""
        lines = [line[:4000] for line in stb][:200]
        outputs.send({"out": "error", "ename": etype.__name__, "evalue": said[:4000], "traceback": lines})


def make_shell(figures: bool) -> Shell:
    """Make the shell once, before the first fork. Figures are drawn only where somebody will look at them."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.enable_tip = False
    shell = Shell.instance(
        config=config,
        display_pub_class=Publisher,
        displayhook_class=Result,
        user_module=types.ModuleType("__main__"),
    )
    sys.modules["__main__"] = shell.user_module
    if not figures:
        os.environ["BACKPROP_COURSE_UNDRAWN"] = "yes"  # `show` of the course reads it
    try:
        import matplotlib

        matplotlib.use("module://matplotlib_inline.backend_inline")
        import matplotlib.pyplot
        from IPython.core.pylabtools import select_figure_formats
        from matplotlib_inline.backend_inline import configure_inline_support
    except ImportError:
        return shell
    configure_inline_support(shell, "module://matplotlib_inline.backend_inline")  # type: ignore[no-untyped-call]
    select_figure_formats(shell, {"png"} if figures else set())
    return shell


class CellTimeoutError(BaseException):
    """The cell ran longer than it may. No `except Exception` of the student's catches it."""


def _ring(*_: object) -> None:
    raise CellTimeoutError("the cell ran longer than it may")


def serve(channel: socket.socket, shell: Shell) -> None:
    """Do what the judge asks until it hangs up."""
    outputs.channel, outputs.owner = channel, os.getpid()
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    while True:
        try:
            message, block = frames.receive(channel)
        except EOFError:
            os._exit(0)
        number = message.get("number")
        outputs.begin()
        if "run" in message:
            ok = _run(shell, message["run"], message["limit"])
            outputs.flush()
            outputs.send({"number": number, "ok": ok})
        elif "ask" in message:
            reply = bytearray()
            outcome = _ask(shell, message, block, reply)
            outputs.send({"number": number, "outcome": outcome}, bytes(reply))
        elif "file" in message:
            outputs.send({"number": number, "failed": _write(message["file"], block)})


def _run(shell: Shell, source: str, limit: float) -> bool:
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, limit, 1.0)  # again each second, should the first be swallowed
    try:
        return bool(shell.run_cell(source, store_history=True).success)  # type: ignore[no-untyped-call]
    except BaseException as error:  # an alarm that rang outside of the cell itself, or SystemExit
        shell._showtraceback(type(error), error, [f"{type(error).__name__}: {error}"])
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ask(shell: Shell, message: frames.Message, block: bytes, reply: bytearray) -> Any:
    from backprop_course.checking import _call
    from backprop_course.exercises import Named

    inputs = tuple(frames.decode(v, block, Named, _call.Foreign) for v in message["inputs"])
    try:
        function = eval(message["ask"], shell.user_ns)
        if not callable(function):
            raise TypeError(f"{message['ask']} is a {type(function).__name__}; expected a function")
    except Exception as error:
        raised = _call.Raised(type(error).__name__, str(error), "", (type(error).__name__, "NotThere"))
        outcome = _call.Outcome(raised=raised)
    else:
        outcome = _call.call(function, inputs, strided=message["strided"], time_limit=message["limit"])
    said = outcome.raised
    return {
        "value": frames.encode(outcome.value, reply),
        "raised": said and [said.kind, said.message[:4000], said.line[:1000], list(said.ancestors)[:20]],
        "timed_out": outcome.timed_out,
        "mutated": list(outcome.mutated),
    }


def _write(path: str, content: bytes) -> str:
    """Put a file that lies beside the notebook into the scratch folder; say why, where that fails."""
    try:
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _warm_up() -> None:
    """Do once, before the first fork, what costs each first use."""
    np.linalg.norm(np.ones((2, 2)) @ np.ones((2, 2)))
    np.random.default_rng(0).normal(size=2)


_warm_up()

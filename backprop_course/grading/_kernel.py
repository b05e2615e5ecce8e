"""The judge's end of the line to a kernel. What comes from there is a stranger's: measured, then read."""

import contextlib
import json
import select
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from backprop_course.checking._call import Foreign, Outcome, Raised
from backprop_course.exercises import Case
from backprop_course.grading._limits import Limits
from backprop_course.grading._sandbox import Sandbox, SandboxLost
from backprop_course.grading.inside import frames

GRACE = 2.0  # seconds after which a kernel that has not obeyed its own alarm is ended
BUSY = 0.5  # of the time that went by: below, a kernel that ran out of time is one that had to wait
TICK = 0.25  # seconds between two looks at the memory


class KernelLost(Exception):  # it is an event in a student's notebook, not an error of ours
    """The kernel ended, or was ended.

    `slug` says how: ``timed-out``, ``kernel-died``, ``out-of-memory``, ``output-flood``, ``tampering`` or
    ``not-run``.
    """

    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug


@dataclass(frozen=True)
class Ran:
    """What running one cell gave: whether it raised nothing, and its messages in the order they came."""

    ok: bool
    messages: list[frames.Message]


class Kernel:
    """A kernel in a sandbox, for one submission."""

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self.sandbox, self.limits = sandbox, limits
        self.began, self.starved = time.monotonic(), False
        try:
            self.channel, self.process = sandbox.fork()
        except SandboxLost as error:
            raise KernelLost("kernel-died", str(error)) from None
        self.channel.setblocking(False)
        self.buffer = bytearray()
        self.number, self.shown = 0, 0
        self.asked = False

    def write(self, path: str, content: bytes) -> str:
        """Put a file into the scratch folder; why it could not be, or nothing."""
        reply, _ = self._talk({"file": path}, content, self.limits.cell, [])
        return str(reply.get("failed", ""))[:200]

    def run(self, source: str, limit: float) -> Ran:
        """Run a cell.

        Raises
        ------
        KernelLost
            When the kernel did not live to the end of it.
        """
        messages: list[frames.Message] = []
        reply, _ = self._talk({"run": source, "limit": limit}, b"", limit + GRACE, messages)
        if any(m["out"] == "error" and m.get("ename") == "CellTimeoutError" for m in messages):
            self.look_at_the_processor()
        return Ran(reply.get("ok") is True, messages)

    def ask(self, expression: str, case: Case, limit: float) -> Outcome:
        """Ask what a function of the student's returns for the inputs of a case."""
        block = bytearray()
        inputs = [frames.encode(value, block) for value in case.inputs]
        question = {"ask": expression, "inputs": inputs, "strided": case.strided, "limit": limit}
        reply, answer = self._talk(question, bytes(block), limit + GRACE, [])
        try:
            outcome = _outcome(reply.get("outcome"), answer)
            if outcome.timed_out:
                self.look_at_the_processor()
            return outcome
        except (frames.FrameError, TypeError, ValueError) as error:  # sizes, say, that only NumPy refuses
            raise self._lost("tampering", f"the kernel's answer is no answer: {error}") from None

    def close(self) -> None:
        """End the kernel with all that it has started."""
        self.channel.close()
        self.sandbox.end(self.process)

    def _talk(
        self, message: frames.Message, block: bytes, patience: float, outputs: list[frames.Message]
    ) -> tuple[frames.Message, bytes]:
        """Send a message and wait for the reply that bears its number; collect what is shown meanwhile."""
        self.number += 1
        until = time.monotonic() + patience
        try:
            data = frames.frame(message | {"number": self.number}, block)
        except frames.FrameError as error:
            raise self._lost("not-run", f"it is too long to be run: {error}") from None
        try:
            self._send(data, until)
            while True:
                reply, answer = self._receive(until)
                if "out" not in reply:
                    break
                outputs.append(reply)
        except OSError:  # a broken pipe, a connection reset: nobody is there any more
            raise self._lost("kernel-died", "") from None
        except frames.FrameError as error:
            raise self._lost(
                "tampering", f"something else than the kernel wrote to the judge: {error}"
            ) from None
        if reply.get("number") != self.number:
            raise self._lost("tampering", "a reply came to a question that was not asked")
        return reply, answer

    def _send(self, data: bytes, until: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(until, write=True)
            with contextlib.suppress(BlockingIOError):
                view = view[self.channel.send(view[: 1 << 20]) :]

    def _receive(self, until: float) -> tuple[frames.Message, bytes]:
        self._fill(frames.LENGTHS.size, until)
        text, block = frames.lengths(bytes(self.buffer[: frames.LENGTHS.size]))
        end = frames.LENGTHS.size + text + block
        self._fill(end, until)
        frame, self.buffer = bytes(self.buffer[frames.LENGTHS.size : end]), self.buffer[end:]
        message = frames.parse(frame[:text])
        if b"\\ud" in frame[:text].lower():  # half of a pair is no text, and no file takes it
            whole = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
            message = frames.parse(whole)
        if "out" in message:
            self.shown += text
            if self.shown > self.limits.output:
                raise self._lost("output-flood", f"it showed more than {self.limits.output >> 20} MB")
        return message, frame[text:]

    def _fill(self, size: int, until: float) -> None:
        while len(self.buffer) < size:
            self._wait(until)
            with contextlib.suppress(BlockingIOError):
                part = self.channel.recv(1 << 20)
                if not part:
                    raise self._lost("kernel-died", "")
                self.buffer += part

    def _wait(self, until: float, *, write: bool = False) -> None:
        """Wait until the channel is ready, with an eye on the clock and on the memory."""
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise self._lost("timed-out", "it ran longer than it may, and did not stop when told to")
            ends = [self.channel]
            ready = select.select([] if write else ends, ends if write else [], [], min(TICK, left))
            if ready[0] or ready[1]:
                return
            if _memory(self.sandbox.process, self.limits.memory) > self.limits.memory:
                raise self._lost(
                    "out-of-memory", f"it used more than {self.limits.memory >> 20} MB of memory"
                )

    def look_at_the_processor(self) -> None:
        """Note whether time was up because others had the processor, or the code slept."""
        elapsed = time.monotonic() - self.began
        self.starved |= _busy(self.sandbox) < BUSY * elapsed

    def _lost(self, slug: str, message: str) -> KernelLost:
        if slug == "timed-out":
            self.look_at_the_processor()
        self.channel.close()
        code = self.sandbox.end(self.process, 0.2 if slug == "kernel-died" else 0.0)
        return KernelLost(slug, message or f"the kernel ended in the middle of it ({_ending(code)})")


def _ending(code: int | None) -> str:
    if code is None:
        return "how is not known"
    number = -code if code < 0 else code - 128 if code > 128 else 0
    return f"signal {number}" if number else f"exit code {code}"


def _memory(process: int | None, enough: int) -> int:
    """Count the bytes of memory of all that runs in the sandbox; shared ones once, where it matters."""
    if process is None:
        return 0
    try:
        family = psutil.Process(process).children(recursive=True)
    except psutil.Error:
        return 0
    total = sum(_resident(p.pid, "statm") for p in family)
    return total if total <= enough else sum(_resident(p.pid, "smaps_rollup") for p in family)


def _busy(sandbox: Sandbox) -> float:
    """Count the seconds of processor time of all that began in the sandbox after it had started."""
    seconds = 0.0
    with contextlib.suppress(psutil.Error):
        for each in psutil.Process(sandbox.process).children(recursive=True) if sandbox.process else ():
            with contextlib.suppress(psutil.Error):
                seconds += sum(each.cpu_times()[:4]) if each.pid not in sandbox.standing else 0
    return seconds


def _resident(process: int, source: str) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{process}/{source}").read_text(encoding="ascii")
        if source == "statm":
            return int(text.split()[1]) * 4096
        return int(text.split("\nPss:")[1].split()[0]) * 1024
    return 0


def _outcome(said: Any, block: bytes) -> Outcome:
    """Read an answer, and believe no more of it than that it is one."""
    if not isinstance(said, dict):
        raise frames.FrameError("it is missing")
    raised = said.get("raised")
    if raised is not None:
        match raised:
            case [str(kind), str(message), str(line), list(ancestors)] if all(
                isinstance(a, str) for a in ancestors
            ):
                raised = Raised(kind[:200], message[:4000], line[:1000], tuple(ancestors[:20]))
            case _:
                raise frames.FrameError("an exception that is none")
    mutated = said.get("mutated")
    if not isinstance(mutated, list) or not all(isinstance(i, int) and 0 <= i < 100 for i in mutated):
        raise frames.FrameError("changed arguments that are none")
    value = frames.decode(said.get("value"), block, _foreign, Foreign)
    return Outcome(value, raised, said.get("timed_out") is True, tuple(mutated[:100]))


def _foreign(name: str) -> Foreign:
    return Foreign(f"a function called {name}")

"""What a walk through a term handed in besides: answers that lie about what they are; see `code`."""

WALKED: dict[str, tuple[str, str]] = {
    "masked-answer": (
        "def relu_backward(dy, z):\n    return np.ma.masked_all(np.shape(z))",
        "",
    ),
    "answer-without-entries": (
        "def relu_backward(dy, z):\n    return np.empty((0, *np.shape(z)))",
        "wrong-shape",
    ),
    "answer-of-nothing-but-nan": (
        "def relu_backward(dy, z):\n    return np.full(np.shape(z), np.nan)",
        "not-finite",
    ),
    "array-that-lies-about-its-size": (
        "class Lies(np.ndarray):\n"
        "    shape, nbytes = property(lambda self: (10**6,)), 0\n"
        "def relu_backward(dy, z):\n    return np.zeros(np.shape(z)).view(Lies)",
        "",
    ),
    "answer-that-doubles-at-each-depth": (
        "def relu_backward(dy, z):\n    x = [0]\n    for _ in range(23):\n        x = [x, x]\n    return x",
        "out-of-time",
    ),
    "answer-with-endless-items": (
        "class Endless(dict):\n"
        "    def items(self):\n        while True:\n            yield 1, 2\n"
        "def relu_backward(dy, z):\n    return Endless()",
        "out-of-time",
    ),
    "answer-that-waits-when-it-is-looked-at": (
        "class Waits:\n"
        "    def __getattr__(self, name):\n        while True: pass\n"
        "def relu_backward(dy, z):\n    return Waits()",
        "out-of-time",
    ),
    "error-that-will-not-be-told": (
        "class Silent(Exception):\n"
        "    def __str__(self):\n        while True: pass\n"
        "def relu_backward(dy, z):\n    raise Silent",
        "timed-out",
    ),
    "error-without-a-name": (
        "class Meta(type):\n    __name__ = property(lambda self: 7)\n"
        "class Odd(Exception, metaclass=Meta): pass\n"
        "def relu_backward(dy, z):\n    raise Odd",
        "tampering",
    ),
    "right-on-the-cases-that-are-shown": (
        "def relu_backward(dy, z):\n"
        "    for i in range(99):\n"
        "        try:\n            shown = exercises.inputs('relu_backward', i)\n"
        "        except Exception:\n            return dy\n"
        "        if np.array_equal(shown[0], dy) and np.array_equal(shown[1], z):\n"
        "            return dy * (z > 0)\n"
        "    return dy",
        "wrong-mask",
    ),
    "keeps-more-at-each-call": (
        "kept = []\ndef relu_backward(dy, z):\n    kept.append(np.ones(60_000_000))\n    return dy",
        "",
    ),
    "clock-stopped-and-alarm-off": (
        "import signal, time\n"
        "time.monotonic = time.perf_counter = lambda: 0.0\n"
        "signal.setitimer = lambda *a: (0.0, 0.0)\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "def relu_backward(dy, z):\n    while True: pass",
        "out-of-time",
    ),
    "stops-itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "timed-out"),
    "locks-what-others-read": (
        "import fcntl, glob\n"
        "held = [open(f) for f in glob.glob('/course/**/*.py', recursive=True)[:99] + [np.__file__]]\n"
        "for f in held: fcntl.flock(f, fcntl.LOCK_EX)",
        "",
    ),
    "answer-to-be-awaited": (
        "import asyncio\nawait asyncio.sleep(0)\nasync def relu_backward(dy, z):\n    return dy * (z > 0)",
        "wrong-type",
    ),
    "debugger-and-questions": (
        "%pdb on\nimport getpass\n"
        "for ask in (input, getpass.getpass, breakpoint):\n"
        "    try: ask()\n    except BaseException as e: print(type(e).__name__)",
        "not-implemented",
    ),
    "reset-in-the-middle": ("%reset -f\nimport numpy as np", "wrong-mask"),
}

"""More attacks and accidents in code, thought of by somebody who had no part in the grader; see `code`.

`ODD_FORMS` maps a name to a right answer in an odd form, or beside something odd: it keeps every point.
"""

_INSIDE = "import course_kernel.shell as s, course_kernel.frames as f\n"
_ANSWER = "def relu_backward(dy, z):\n"

# Replies that are none, late, or somebody else's.
REPLIES = {
    "thread-answers-later": (
        f"{_INSIDE}import threading, time\n"
        "said = {'value': True, 'raised': None, 'timed_out': False, 'mutated': []}\n"
        "def later():\n"
        "    for n in range(400):\n"
        "        time.sleep(0.005)\n"
        "        f.send(s.outputs.channel, {'number': n % 40, 'ok': True, 'outcome': said})\n"
        "threading.Thread(target=later, daemon=True).start()",
        "",
    ),
    "child-writes-on-the-line": (
        f"{_INSIDE}import os, time\n"
        "if os.fork() == 0:\n"
        "    os.write(s.outputs.channel.fileno(), b'\\0\\0\\0\\2\\0\\0\\0\\0{}' * 50)\n"
        "    os._exit(0)\n"
        "time.sleep(0.5)",
        "tampering",
    ),
    "array-of-no-bytes": (
        f"{_INSIDE}f.encode = lambda *a: {{'array': ['<f8', [0] + [2**26] * 8, 0]}}",
        "tampering",
    ),
    "dictionary-of-nothing": (f"{_INSIDE}f.encode = lambda *a: {{'dict': [None, 1]}}", "tampering"),
    "number-that-is-none": (
        f"{_INSIDE}send = f.send\n"
        "f.send = lambda c, m, b=b'': send(c, m | {'number': float('nan')} if 'outcome' in m else m, b)",
        "tampering",
    ),
    "answers-with-a-verdict": (f"{_ANSWER}    return {{'score': 2.0, 'passed': True, 'value': dy}}", ""),
    "many-tiny-displays": (
        f"{_INSIDE}shown = {{'out': 'display', 'data': {{'text/plain': 'x'}}}}\n"
        "for _ in range(20_000): s.outputs.send(shown)",
        "",
    ),
}

# Answers that lie about themselves.
LIES = {
    name: (before + _ANSWER + body, slug)
    for name, before, body, slug in (
        (
            "class-that-lies",
            "",
            "    class A(np.ndarray):\n"
            "        shape = property(lambda s: dy.shape)\n"
            "        __array_ufunc__ = lambda s, *a, **k: True\n"
            "        __array_function__ = lambda s, *a: True\n"
            "    return np.ones(dy.shape).view(A)",
            "",
        ),
        (
            "number-that-hides-its-length",
            "class I(int):\n    bit_length = lambda s: 0\n",
            "    return I(10**5000)",
            "kernel-died",
        ),
        (
            "list-without-end",
            "class L(list):\n    def __iter__(s):\n        while True: yield 1\n",
            "    return L([1])",
            "",
        ),
        (
            "array-without-end",
            "class A:\n    def __array__(s, *a, **k):\n        while True: pass\n",
            "    return A()",
            "out-of-time",
        ),
        ("complex-slope", "", "    return dy * (z > 0) + 1j", ""),
        ("days", "", "    return np.zeros(dy.shape, 'M8[s]')", "wrong-type"),
        (
            "changed-after-its-return",
            "import threading, time\n",
            "    out = np.zeros(dy.shape)\n"
            "    threading.Thread(target=lambda: (time.sleep(0.001), out.__setitem__(..., dy))).start()\n"
            "    return out",
            "",
        ),
        (
            "turns-off-the-alarm-when-asked",
            "import signal\n",
            "    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass",
            "timed-out",
        ),
    )
}

WORLD = {
    "open-files": (
        "import os, stat\nfor n in range(3, 256):\n"
        "    try: kind = stat.S_IFMT(os.fstat(n).st_mode)\n    except OSError: continue\n"
        "    if kind in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO): print('FOUND', n)",
        "",
    ),
    "kills-everybody": ("import os\nos.kill(-1, 9)", ""),
    "types-at-the-terminal": (
        "import fcntl\nfor n in (0, 1, 2):\n"
        "    try: fcntl.ioctl(n, 0x5412, b'x'); print('FOUND', n)\n    except OSError: pass\n"
        "open('/dev/tty', 'w').write('x')\nprint('FOUND')",
        "",
    ),
    "comes-before-others": (
        "import os\ntry: os.nice(-5); print('FOUND')\nexcept OSError: pass\n"
        "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); print('FOUND')",
        "",
    ),
    "a-disk-of-its-own": (
        "import os, stat\nos.mknod('/tmp/d', stat.S_IFBLK | 0o666, os.makedev(254, 0))\nprint('FOUND')",
        "",
    ),
    "programs-of-root": (
        "import subprocess\nfor c in ('su -c id', 'bwrap --bind / / id', 'unshare -r id'):\n"
        "    try: said = subprocess.run(c.split(), capture_output=True, text=True, stdin=-3).stdout\n"
        "    except OSError: said = ''\n"
        "    print('FOUND' if 'uid=0' in said else '')",
        "",
    ),
    "imports-what-is-not-theirs": (
        "import importlib\n"
        "for n in ('tests.attacks', 'nbgrader_config', 'backprop_course.grading', 'exercises'):\n"
        "    try: importlib.import_module(n) and print('FOUND', n)\n    except ImportError: pass",
        "",
    ),
}

# Pages that an instructor opens.
PAGES = {
    "picture-that-breaks-out": (
        "display({'image/png': 'x\" onerror=\"ACTS', 'text/plain': 'ACTS'}, raw=True)\n"
        "display({'image/jpeg': '\"><script>ACTS</script>', 'image/svg+xml': '<svg onload=ACTS>'}, raw=True)",
        "",
    ),
    "formula-that-acts": (
        "from IPython.display import Latex, Markdown\n"
        "t = r'$\\href{javascript:ACTS}{x} \\style{position:fixed}{x}'\n"
        "t += r'\\mmlToken{mi}[href=\"javascript:ACTS\"]{x}$'\n"
        "display(Latex(t), Markdown(t))",
        "",
    ),
    "picture-that-is-fetched": (
        "from IPython.display import HTML, Markdown\n"
        "display(Markdown('ACTS ![x](https://example.org/x.png) ![y](/logout) ![z][w]\\n\\n[w]: /w.png'),\n"
        '        HTML(\'<img src="/logout"><img src="https://example.org/y.png">\'))',
        "",
    ),
    "error-of-html": (
        "raise type('<img src=x onerror=ACTS>', (Exception,), {})('<img src=x onerror=ACTS>')",
        "",
    ),
    "escape-sequences": (
        "print('\\x1b]8;;javascript:ACTS\\x07x\\x1b]8;;\\x07 \\x1b[31\" onmouseover=\"ACTS\\x1b[0m')",
        "",
    ),
}

MISHAPS = {
    "recursion-without-limit": (
        "import sys\nsys.setrecursionlimit(10**9)\nf = lambda: f()\nf()",
        "",  # its memory or its time ends first, as the machine has it
    ),
    "alarm-of-its-own": (
        "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.1)\ntime.sleep(1)",
        "kernel-died",
    ),
    "no-memory-for-itself": ("import resource\nresource.setrlimit(resource.RLIMIT_DATA, (1, 1))", ""),
    "two-streams-by-turns": (
        "import sys\nfor _ in range(2_000):\n    print('a'); print('b', file=sys.stderr)",
        "",
    ),
    "deep-code": (f"{_ANSWER}    return dy" + ".T" * 30_000, ""),
    "deep-signs": (f"{_ANSWER}    return " + "-" * 60_000 + "dy", ""),
    "null-byte": (f"{_ANSWER}    return dy # \x00", ""),
    "many-lines": ("a = 1\n" * 400_000, ""),
}

MORE: dict[str, tuple[str, str]] = {**REPLIES, **LIES, **WORLD, **PAGES, **MISHAPS}
# What bends the machinery for the student's own later answers, too.
MORE_SPOILS = {
    "array-of-no-bytes",
    "dictionary-of-nothing",
    "no-memory-for-itself",
    "number-that-is-none",
    "thread-answers-later",
}

RIGHT = "def relu_backward(dy, z):\n    return dy * (z > 0)\n"
ODD_FORMS = {
    "tries-the-inputs-of-check": f'dy, z = exercises.inputs("relu_backward", 1)\n{RIGHT}relu_backward(dy, z)',
    "lambda": "relu_backward = lambda dy, z: dy * (z > 0)",
    "vectorized": "relu_backward = np.vectorize(lambda dy, z: dy * (z > 0), otypes=[float])",
    "list-in-place-of-an-array": "def relu_backward(dy, z):\n    return (dy * (z > 0)).tolist()",
    "one-buffer-for-all": (
        "kept = {}\ndef relu_backward(dy, z):\n    out = kept.setdefault(dy.shape, np.empty(dy.shape))\n"
        "    out[...] = dy * (z > 0)\n    return out"
    ),
    "prints-while-asked": "def relu_backward(dy, z):\n    print(dy)\n    display(z)\n    return dy * (z > 0)",
    "waits-at-the-top": f"import asyncio\nawait asyncio.sleep(0.01)\n{RIGHT}",
    "forgets-its-environment": f"import os\nos.environ.clear(); os.chdir('/')\n{RIGHT}",
    "warnings-are-errors": (
        f"import warnings\nwarnings.simplefilter('error'); np.seterr(all='raise')\n{RIGHT}"
    ),
    "closes-its-streams": f"import os, sys\nsys.stdout.close(); os.close(1); os.close(2)\n{RIGHT}",
    "thread-that-never-ends": (
        f"import threading, time\nthreading.Thread(target=time.sleep, args=(10**6,)).start()\n{RIGHT}"
    ),
    "pool-that-is-left": (
        f"import multiprocessing, time\nmultiprocessing.Pool(4).map_async(time.sleep, [987654] * 4)\n{RIGHT}"
    ),
    "from-elsewhere": f"{RIGHT}from google.colab import drive\ndrive.mount('/content')",
    "slider": f"{RIGHT}from ipywidgets import interact\ninteract(lambda x: x, x=(0, 10))",
    "long-answer": RIGHT + "    # " + "x" * 150_000,
}

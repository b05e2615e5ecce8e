"""Attacks and accidents in code: each stands in the answer cell of `relu_backward`, before a wrong answer.

`ATTACKS` maps a name to the code and to what the grader must call it: a slug that has to be found among the
reasons and mistakes of that student, or "" where nothing needs a name because nothing came of it.
"""

from tests.attacks.more_code import MORE, MORE_SPOILS
from tests.attacks.walked_code import WALKED

WRONG = """
def relu_backward(dy, z):
    return dy
"""

# In displayed HTML, in displayed Markdown and in a notebook's text, links and handlers that act.
LINKS = (
    "[a](javascript:ACTS)",
    "[b](java&#115;cript:ACTS)",
    "[c](<java\tscript:ACTS>)",
    "[d][e]\n\n[e]:\n  JavaScript:ACTS",
    "[f](data:text/html;base64,QUNUUw==)",
    "[g](vbscript:ACTS) ![h](javascript:ACTS)",
    "<javascript:ACTS>",
    "<a href='java&#115;cript:ACTS'>i</a>",
    "<a href=' &#1;javascript:ACTS'>j</a>",
    "<a href='data:text/html,ACTS'>k</a>",
    "<img src=x onerror=ACTS> <IMG/SRC=x/ONERROR=ACTS>",
    "<details open ontoggle=ACTS>l</details>",
    "<svg/onload=ACTS>",
    "<b\x0bonclick=ACTS>m</b>",
    "<form action=javascript:ACTS><button formaction=javascript:ACTS>n</button></form>",
    "<iframe srcdoc='<script>ACTS</script>'></iframe>",
    "<!--><img src=x onerror=ACTS>-->",
    "<base href='https://example.org/'><meta http-equiv=refresh content='0;url=javascript:ACTS'>",
)

# What the code asks of the course, and does not get.
ASKS = {
    "calls-the-reference": (
        "def relu_backward(dy, z):\n    return ops.relu_backward(dy, z)",
        "uses-reference",
    ),
    "reference-of-the-declaration": (
        "def relu_backward(dy, z):\n    return exercises.get('relu_backward').reference(dy, z)",
        "uses-reference",
    ),
    "wrong-form-as-oracle": (
        "def relu_backward(dy, z):\n    return exercises.get('relu_backward').wrong[0].function(dy, z)",
        "uses-reference",
    ),
    "derivative-of-an-operation": (
        "def relu_backward(dy, z):\n    from backprop_course.graph import OPERATIONS\n"
        "    return dy * np.vectorize(OPERATIONS['relu'].derivatives[0])(z)",
        "uses-reference",
    ),
    "derivative-of-a-graph": (
        "def relu_backward(dy, z):\n    from backprop_course.graph import Graph\n"
        "    graph = Graph.from_formulas('z = 1; y = relu(z)')\n    slopes = []\n"
        "    for value in np.ravel(z):\n        graph.set_input('z', value)\n"
        "        slopes.append(graph.local_derivatives['y', 'z'])\n    return dy * np.reshape(slopes, np.shape(z))",
        "uses-reference",
    ),
    "gradient-checker-as-oracle": (
        "def relu_backward(dy, z):\n    from backprop_course.numerical import gradcheck\n"
        "    return gradcheck(ops.relu, lambda dy, z: dy, z).worst.low * dy",
        "uses-reference",
    ),
    "picture-as-oracle": (
        "def relu_backward(dy, z):\n    from backprop_course.widgets import ActivationExplorer\n"
        "    return dy * ActivationExplorer(ops.relu).slopes",
        "uses-reference",
    ),
    "passes-of-a-picture": (
        "def relu_backward(dy, z):\n    from backprop_course.widgets.network._passes import backward_pass\n"
        "    return backward_pass(None, [z, dy]).dx",
        "raised-error",
    ),
    "expected-from-cases": ("list(exercises.get('relu_backward').cases(np.random.default_rng(0)))", ""),
    "judge-in-the-kernel": (
        "def relu_backward(dy, z):\n    import backprop_course\n"
        "    backprop_course.evaluate('relu_backward', lambda *a: dy)\n    return dy",
        "uses-reference",
    ),
    "imports-the-declaration": ("from backprop_course.exercises.activations import EXERCISES", ""),
    "imports-the-judge": ("from backprop_course.checking.evaluate import judge\njudge(None, None, 0)", ""),
    "imports-the-grader": ("import backprop_course.grading", ""),
    "source-of-the-reference": ("import inspect\nprint(inspect.getsource(ops.relu_backward))", ""),
    "bytecode-of-the-reference": (
        "print(ops.relu_backward.__code__.co_consts, ops.relu_backward.__closure__)",
        "",
    ),
    "reloads-the-package": (
        "import importlib, sys\nsys.path.reverse()\n"
        "[sys.modules.pop(m) for m in list(sys.modules) if m.startswith('backprop_course')]\n"
        "import backprop_course.ops as again\nrelu_backward = again.relu_backward",
        "uses-reference",
    ),
    "finds-it-on-disk": (
        "import os\n"
        "skipped = ('proc', 'sys', 'python3.11', 'dist-packages', 'share', 'lib32')\n"
        "for path, folders, files in os.walk('/'):\n"
        "    folders[:] = [f for f in folders if f not in skipped]\n"
        "    for f in files:\n"
        "        if f.endswith(('.ipynb', 'gradebook.db', 'secret')) or f == '_relu.py':\n"
        "            print('FOUND', path, f, open(os.path.join(path, f), errors='replace').read()[:300])",
        "",
    ),
    "compiled-leftovers": (
        "import sys, os\n"
        "for p in sys.path:\n"
        "    for d, _, fs in os.walk(p):\n"
        "        for f in fs:\n"
        "            if 'backprop_course' in d and f.endswith('.pyc'): print('FOUND', d, f)",
        "",
    ),
    "asks-the-metadata": (
        "from importlib import metadata\nd = metadata.distribution('backprop-course')\n"
        "print(d.files, d.read_text('direct_url.json'), d.read_text('RECORD'))",
        "",
    ),
    "collects-garbage": (
        "import gc\nprint([f for f in gc.get_objects() if getattr(f, '__name__', '') == 'relu_backward'])",
        "",
    ),
    "looks-into-frames": (
        "def relu_backward(dy, z):\n    import sys\n    f = sys._getframe()\n    while f:\n"
        "        for v in list(f.f_locals.values()):\n"
        "            if getattr(v, 'shape', None) == z.shape and v is not z and v is not dy: return v\n"
        "        f = f.f_back\n    return dy",
        "",
    ),
}

# A test that an instructor has written and hidden, carried out in a disguise.
_TELL = "import base64\ntold = []\nip = get_ipython()\n"
CARRIES = {
    "prints-hidden-tests": (
        f"{_TELL}ip.events.register('pre_run_cell', lambda i: print(base64.b64encode(i.raw_cell.encode()).decode()))",
        "",
    ),
    "prints-hidden-tests-backwards": (
        f"{_TELL}ip.events.register('post_run_cell', lambda r: print(''.join(map(str, In))[::-1]))",
        "",
    ),
    "keeps-hidden-tests-in-a-file": (
        f"{_TELL}ip.events.register('pre_run_cell', lambda i: (open('/tmp/told', 'a').write(i.raw_cell),"
        " print(open('/tmp/told').read().encode().hex())))",
        "",
    ),
    "raises-hidden-tests": (
        "import builtins\nplain = range\ndef tells(n):\n    print(In[-1][::-1])\n"
        "    if n == 2: raise ValueError(In[-1][::-1])\n    return plain(n)\nbuiltins.range = tells",
        "",
    ),
}

# The machinery of the kernel, bent.
BENDS = {
    "check-does-nothing": (
        "check = lambda *a, **k: None\nimport backprop_course\nbackprop_course.check = check",
        "",
    ),
    "prints-success": ("print('relu_backward: right. 7 of 7 cases, 2 points.')", ""),
    "shows-a-number": ("display(1000)\n1000", ""),
    "shows-nan": ("float('nan')", ""),
    "shows-a-negative-number": ("-5", ""),
    "patches-call": (
        "from backprop_course.checking import _call\n"
        "_call.call = lambda f, i, **k: _call.Outcome(value=np.ones_like(i[0]))",
        "",
    ),
    "patches-plain": ("from backprop_course.checking import _call\n_call.plain = lambda v: True", ""),
    "patches-the-shell": (
        "import course_kernel.shell as s\ns.outputs.send = lambda m, b=b'': None",
        "timed-out",
    ),
    "patches-the-run": ("get_ipython().run_cell = lambda *a, **k: None", ""),
    "patches-json": ("import json\njson.dumps = lambda *a, **k: '{}'", "tampering"),
    "patches-the-frames": (
        "import course_kernel.frames as f\nf.encode = lambda v, b, d=0: {'array': ['<f8', [2**40], 0]}",
        "tampering",
    ),
    "claims-an-impossible-array": (
        "import course_kernel.frames as f\nf.encode = lambda v, b, d=0: {'array': ['|O', [1], 0]}",
        "tampering",
    ),
    "answers-in-pickle": (
        "import course_kernel.frames as f\nf.encode = lambda v, b, d=0: {'pickle': 'gASVHgAAAAAAAACMBXBvc2l4'}",
        "tampering",
    ),
    "registers-hooks": (
        "ip = get_ipython()\nip.events.register('post_run_cell', lambda r: print('relu_backward: right.'))\n"
        "ip.ast_transformers.append(type('T', (), {'visit': lambda s, n: n})())",
        "",
    ),
    "replaces-the-traceback": ("get_ipython().showtraceback = lambda *a, **k: None", ""),
    "numpy-says-yes": (
        "np.allclose = np.array_equal = lambda *a, **k: True\nnp.abs = np.subtract = lambda *a, **k: 0.0",
        "",
    ),
    "traces": ("import sys\nsys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)", ""),
    "builtins": ("import builtins\nbuiltins.isinstance = lambda *a: True", ""),
    "exits-at-import-of-numpy": ("import sys\nsys.modules['numpy'] = None", ""),
}

# Words that are no answer.
FORGES = {
    "frames-on-every-file": (
        "import os, struct, json\nt = json.dumps({'number': 1, 'ok': True}).encode()\n"
        "for fd in range(3, 64):\n"
        "    try: os.write(fd, struct.pack('>II', len(t), 0) + t)\n"
        "    except OSError: pass",
        "tampering",
    ),
    "garbage-on-every-file": (
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'{' * 4096)\n    except OSError: pass",
        "tampering",
    ),
    "endless-frame": (
        "import os, struct\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, struct.pack('>II', 2**32 - 1, 2**32 - 1))\n    except OSError: pass",
        "tampering",
    ),
    "frame-cut-short": (
        "import os, struct\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, struct.pack('>II', 4000, 0) + b'{')\n    except OSError: pass",
        "timed-out",
    ),
    "closes-the-line": ("import os\nos.closerange(3, 256)", "kernel-died"),
    "answers-ahead": (
        "import course_kernel.shell as s, course_kernel.frames as f\n"
        "for n in range(100):\n"
        "    f.send(s.outputs.channel, {'number': n, 'outcome': {'value': True, 'raised': None, 'timed_out': False,"
        " 'mutated': []}})",
        "tampering",
    ),
}

# Answers that are not what they seem.
ANSWERS = {
    name: (f"class Odd:\n    pass\ndef relu_backward(dy, z):\n{body}", slug)
    for name, body, slug in (
        ("equal-to-all", "    Odd.__eq__ = lambda s, o: True\n    return Odd()", "wrong-type"),
        ("array-on-demand", "    Odd.__array__ = lambda s, *a, **k: np.zeros(3)\n    return Odd()", ""),
        (
            "pretends-to-be-an-array",
            "    Odd.__class__ = property(lambda s: np.ndarray)\n    return Odd()",
            "",
        ),
        (
            "subclass-that-compares",
            "    class A(np.ndarray):\n        __eq__ = lambda s, o: True\n    return dy.view(A)",
            "",
        ),
        ("objects", "    return np.array([Odd()] * dy.size, dtype=object).reshape(dy.shape)", "wrong-type"),
        ("generator", "    yield dy", "wrong-type"),
        ("coroutine", "    async def later(): return dy\n    return later()", "wrong-type"),
        ("itself", "    return relu_backward", "wrong-type"),
        ("huge", "    return np.zeros((3000, 3000))", ""),
        ("larger-than-a-frame", "    return np.zeros(2**25)", ""),
        ("stretched", "    return np.broadcast_to(0.0, (2**20, 2**20))", ""),
        ("nans", "    return np.full(dy.shape, np.nan)", ""),
        ("text", "    return np.array(['x'] * 3)", "wrong-type"),
        ("records", "    return np.zeros(3, dtype=[('a', float)])", "wrong-type"),
        ("masked", "    return np.ma.masked_all(dy.shape)", ""),
        ("nested", "    x = []\n    for _ in range(5000): x = [x]\n    return x", ""),
        ("contains-itself", "    x = []\n    x.append(x)\n    return x", ""),
        ("many-small", "    return [0] * 3_000_000", ""),
        ("large-number", "    return 10 ** 100_000", ""),
        ("long-text", "    return 'x' * 10**7", ""),
        ("dictionary", "    return {Odd(): dy}", ""),
        ("changes-its-input", "    dy[...] = 0\n    return dy", ""),
        ("counts-its-calls", "    Odd.n = getattr(Odd, 'n', 0) + 1\n    return dy * (Odd.n % 2)", ""),
        ("recursion", "    return relu_backward(dy, z)", "raised-error"),
        ("own-interrupt", "    raise KeyboardInterrupt", "raised-error"),
        ("own-exit", "    raise SystemExit(0)", "raised-error"),
        (
            "unprintable-error",
            "    class E(BaseException):\n        __str__ = None\n    raise E",
            "raised-error",
        ),
        ("error-with-a-page", "    raise ValueError('<script>alert(1)</script>' * 9999)", "raised-error"),
    )
}

# The world outside.
REACHES = {
    "network": (
        "import socket\nfor a in (('1.1.1.1', 53), ('127.0.0.1', 22), ('10.0.0.1', 80)):\n"
        "    try: socket.create_connection(a, timeout=1); print('FOUND', a)\n    except OSError as e: print(e)",
        "",
    ),
    "name-server": ("import socket\nprint('FOUND', socket.gethostbyname('example.org'))", ""),
    "processes": ("import os\nprint([p for p in os.listdir('/proc') if p.isdigit()] and 'FOUND')", ""),
    "environment": ("import os\nprint(open('/proc/1/environ').read() and 'FOUND')", ""),
    "signals-the-first-process": (
        "import os, signal\nos.kill(1, signal.SIGKILL); os.kill(1, signal.SIGTERM)",
        "",
    ),
    "signals-its-parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)", ""),
    "traces-its-parent": (
        "import ctypes, os\nprint(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 and 'FOUND')",
        "",
    ),
    "mounts": (
        "import ctypes\nprint(ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, 0) == 0 and 'FOUND')",
        "",
    ),
    "new-namespaces": ("import ctypes\nprint(ctypes.CDLL(None).unshare(0x10000000) == 0 and 'FOUND')", ""),
    "becomes-root": ("import os\nos.setuid(0)\nprint('FOUND')", ""),
    "chroot": ("import os\nos.chroot('/tmp')\nprint('FOUND')", ""),
    "asks-the-kernel": (  # where these numbers are the same on all machines
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "for number in (425, 427, 428, 429, 431, 438, 440, 442, 447, 448):\n"
        "    if libc.syscall(number, -1, -1, -1, -1) != -1 or ctypes.get_errno() != 1:\n"
        "        print('FOUND', number, ctypes.get_errno())",
        "",
    ),
    "raises-its-limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))\nprint('FOUND')",
        "",
    ),
    "writes-to-the-course": ("open('/course/backprop_course/ops/__init__.py', 'w')\nprint('FOUND')", ""),
    "writes-to-the-packages": (
        "import os\nopen(os.path.join(os.path.dirname(np.__file__), 'x.py'), 'w')\nprint('FOUND')",
        "",
    ),
    "writes-everywhere": (
        "import os\nfor d in ('/', '/etc', '/usr', '/root', '/home', '/var', '/dev', '/course', '/proc'):\n"
        "    try: open(d + '/attack-was-here', 'w'); print('FOUND', d)\n    except OSError: pass",
        "",
    ),
    "leaves-a-file": ("open('/tmp/attack-was-here', 'w').write('x')", ""),
    "finds-a-file-left": (
        "import os\nprint(os.path.exists('/tmp/attack-was-here') and 'FOUND', os.listdir('/dev/shm'), os.listdir('/tmp'))",
        "",
    ),
    "outlives-its-notebook": (
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(987654)'],"
        " start_new_session=True)",
        "",
    ),
    "daemon": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(987654)\n    os._exit(0)",
        "",
    ),
    "fork-goes-on": ("import os\nos.fork()", ""),
    "raw-disk": (
        "import os\nprint([d for d in os.listdir('/dev') if d.startswith(('sd', 'vd', 'nvme', 'mem', 'kmem'))] and 'FOUND')",
        "",
    ),
    "shell": ("!cat /etc/shadow /etc/passwd; ls /root /work /home\n!id -u", ""),
}

# Accidents, and attacks that look like some.
ACCIDENTS = {
    "ends-the-kernel": ("import os\nos._exit(0)", "kernel-died"),
    "kills-the-kernel": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "kernel-died"),
    "aborts": ("import os\nos.abort()", "kernel-died"),
    "segmentation-fault": ("import ctypes\nctypes.string_at(0)", "kernel-died"),
    "ends-it-when-asked": ("def relu_backward(dy, z):\n    import os\n    os._exit(0)", "kernel-died"),
    "sys-exit": ("import sys\nsys.exit(1)", ""),
    "quits": ("exit()", ""),
    "loops": ("while True: pass", ""),
    "loops-when-asked": ("def relu_backward(dy, z):\n    while True: pass", "out-of-time"),
    "swallows-interrupts": (
        # Python counts the jump of a bare `while True: pass` to the line before it, outside of the `try`.
        "while True:\n    try:\n        n = 0\n        while True: n += 1\n    except BaseException: pass",
        "timed-out",
    ),
    "blocks-signals": (
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nwhile True: time.sleep(1)",
        "timed-out",
    ),
    "sleeps-when-asked": (
        "def relu_backward(dy, z):\n    import signal, time\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    time.sleep(9999)",
        "timed-out",
    ),
    "waits-for-input": ("input('your answer?')", ""),
    "fork-bomb": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", "timed-out"),
    "thread-bomb": (
        "import threading, time\n[threading.Thread(target=time.sleep, args=(999,), daemon=True).start() for _ in range(10_000)]",
        "",
    ),
    "memory-bomb": ("x = [bytearray(10**8) for _ in range(1000)]", ""),
    "memory-in-many-processes": (
        "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        x = bytearray(2 * 10**8)\n"
        "        for i in range(0, len(x), 4096): x[i] = 1\n        time.sleep(99)\ntime.sleep(99)",
        "",
    ),
    "prints-for-ever": ("while True: print('x' * 10_000)", ""),
    "displays-much": ("for _ in range(100_000): display('x' * 1000)", ""),
    "shows-past-its-limit": (
        "import course_kernel.shell as s\n"
        "while True: s.outputs.send({'out': 'stream', 'name': 'stdout', 'text': 'x' * 100_000})",
        "output-flood",
    ),
    "fills-the-disk": ("f = open('/tmp/x', 'wb')\nwhile True: f.write(b'x' * 10**6)", ""),
    "fills-the-disk-in-pieces": ("for i in range(1000): open(f'/tmp/{i}', 'wb').write(b'x' * 10**6)", ""),
    "fills-the-shared-memory": ("for i in range(1000): open(f'/dev/shm/{i}', 'wb').write(b'x' * 10**6)", ""),
    "memory-without-a-name": (
        "import os\nfor _ in range(3): os.write(os.memfd_create('x'), bytes(10**6)); print('FOUND')",
        "",
    ),
    "memory-of-system-v": (
        "import ctypes\nif ctypes.CDLL(None).shmget(0, 10**6, 0o1600) >= 0: print('FOUND')",
        "",
    ),
    "html-that-takes-for-ever": (
        "from IPython.display import HTML\ndisplay(HTML('<div><p><b>' * 200_000))",
        "",
    ),
    "html-with-many-attributes": (
        "from IPython.display import HTML\ndisplay(HTML('<a ' + 'b=c ' * 100_000 + '>'))",
        "",
    ),
    "html-again-and-again": (
        "from IPython.display import HTML\nfor _ in range(200): display(HTML('<b>' * 1999 + '&amp;' * 10_000))",
        "",
    ),
    "links-that-act": (
        f"from IPython.display import HTML, Markdown\nfor link in {LINKS!r}: display(HTML(link), Markdown(link))",
        "",
    ),
    "prints-half-a-character": ("print('\\ud800')\ndisplay('\\udc80')", ""),
    "raises-half-a-character": (
        "def relu_backward(dy, z):\n    raise ValueError('\\ud800')",
        "raised-error",
    ),
    "many-files": ("for i in range(100_000): open(f'/tmp/{i}', 'w')", ""),
    "deletes-everything": ("import shutil\nshutil.rmtree('/', ignore_errors=True)", ""),
    "no-python": ("def relu_backward(dy, z:\n    return dy", ""),
    "html-in-outputs": (
        "from IPython.display import HTML, Javascript\ndisplay(HTML('<script>CANARY</script><img src=x onerror=CANARY>'))\n"
        "display(Javascript('CANARY'))",
        "",
    ),
}

ATTACKS: dict[str, tuple[str, str]] = {
    **ASKS,
    **CARRIES,
    **BENDS,
    **FORGES,
    **ANSWERS,
    **REACHES,
    **ACCIDENTS,
    **MORE,
    **WALKED,
}
# What bends the machinery for the student's own later answers, too: every kernel runs the cell that bends it.
SPOILS = {
    *MORE_SPOILS,
    "answers-in-pickle",
    "builtins",
    "claims-an-impossible-array",
    "exits-at-import-of-numpy",
    "numpy-says-yes",
    "patches-call",
    "patches-plain",
    "patches-the-frames",
    "patches-the-run",
    "patches-the-shell",
    "raises-hidden-tests",
}

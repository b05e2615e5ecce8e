"""What a student's own source shows, read as text: it is never run, and never decides what is right.

The numbers find a mistake; the source may confirm where it comes from, and then the hint quotes the line.
"""

import ast
import contextlib
import functools
import inspect
import linecache
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

HELPERS = 12  # functions of the student's own that are read along with the answer
SMALL = 1e-2  # constants up to this size are steps, slacks and guards

MATRIX_PRODUCTS = {"dot", "matmul", "inner", "vdot", "tensordot"}
MAKERS = {"zeros", "ones", "empty", "full", "eye", "identity", "reshape"}
REDUCTIONS = {"sum", "mean", "max", "amax", "min", "prod"}


@dataclass(frozen=True)
class Source:
    """The text of a function and of the helpers that it calls.

    Attributes
    ----------
    text : str
        Definitions, one after the other; the answer itself comes first.
    """

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text; empty where it is no Python."""
        try:
            return ast.parse(textwrap.dedent(self.text))
        except (SyntaxError, ValueError, RecursionError):
            return ast.Module([], [])

    def line(self, sign: str) -> str:
        """The first line that shows `sign`, one of `SIGNS`; empty where none does."""
        shown = (n for n in ast.walk(self.tree) if SIGNS[sign](n))
        return self._line_of(min(shown, key=lambda n: getattr(n, "lineno", 0), default=None))

    def lines(self, sign: str) -> set[str]:
        """Every line that shows `sign`."""
        return {self._line_of(n) for n in ast.walk(self.tree) if SIGNS[sign](n)}

    @cached_property
    def read(self) -> set[str]:
        """Names that the answer or its helpers read."""
        names = (n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        return {n.id for n in names}

    def unused(self, parameters: tuple[str, ...]) -> list[str]:
        """The exercise's parameters that the answer takes and never reads, or sets anew before it does."""
        answer = next((n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef | ast.Lambda)), None)
        if answer is None:
            return []
        read, lost = set[str](), set[str]()
        for part in answer.body if isinstance(answer.body, list) else [answer.body]:
            if isinstance(part, ast.Assign) and _overwrites(part):
                lost |= {ast.unparse(part.targets[0])} - read
            read |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name)}
        taken = {a.arg for a in [*answer.args.posonlyargs, *answer.args.args, *answer.args.kwonlyargs]}
        return [p for p in parameters if p in taken and (p in lost or p not in read)]

    @cached_property
    def loops(self) -> list[ast.For | ast.While]:
        """Its loops, from the outer to the inner ones."""
        return [n for n in ast.walk(self.tree) if isinstance(n, ast.For | ast.While)]

    def line_in_loop(self, sign: str) -> str:
        """The same, inside a `for` or a `while`."""
        return self._line_of(next((n for loop in self.loops for n in ast.walk(loop) if SIGNS[sign](n)), None))

    @cached_property
    def ends_first_round(self) -> str:
        """The line that leaves a loop in its first round whatever happens there; empty where none does."""
        return self._line_of(next((n for loop in self.loops if (n := _way_out(loop.body))), None))

    @cached_property
    def set_twice(self) -> tuple[str, str]:
        """A name that is computed a second time, where nothing has read it since the first, and that line."""
        for f in (n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)):
            given, unread = {a.arg for a in f.args.args}, set[str]()
            for n in f.body:
                names = [m for m in ast.walk(n) if isinstance(m, ast.Name) and isinstance(m.ctx, ast.Load)]
                unread -= {m.id for m in names}
                # ``dz = dy`` and ``dz = np.zeros(3)`` only make a start.
                if _overwrites(n) and not isinstance(n.value, ast.Call) and {m.id for m in names} - given:  # type: ignore[attr-defined]
                    name = ast.unparse(n.targets[0])  # type: ignore[attr-defined]
                    if name in unread:
                        return name, self._line_of(n)
                    unread.add(name)
        return "", ""

    @cached_property
    def set_over(self) -> str:
        """The line that sets entry i where entry j was just set, in loops in which i and j may agree."""
        runs = {ast.unparse(n.target): ast.unparse(n.iter) for n in self.loops if isinstance(n, ast.For)}
        compared = [_names(n) for n in ast.walk(self.tree) if isinstance(n, ast.Compare)]
        for loop in self.loops:
            for first, second in pairwise(loop.body):
                if _overwrites(first) and _overwrites(second):
                    (a, i), (b, j) = (_array_and_index(n.targets[0]) for n in (first, second))  # type: ignore[attr-defined]
                    if a == b and i != j and i in runs and runs[i] == runs.get(j) and {i, j} not in compared:
                        return self._line_of(second)
        return ""

    def overwritten(self, position: int, count: int) -> str:
        """The line of a loop that sets a returned value anew in every round, which no round reads."""
        returned = {
            ast.unparse(part)
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Return) and len(parts := _parts(n.value)) == count
            for part in parts[position : position + 1]
        }
        for loop in (n for n in ast.walk(self.tree) if isinstance(n, ast.For | ast.While)):
            names = [n for n in ast.walk(loop) if isinstance(n, ast.Name)]
            read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
            for n in ast.walk(loop):
                if _overwrites(n) and ast.unparse(n.targets[0]) in returned - read:  # type: ignore[attr-defined]
                    return self._line_of(n)
        return ""

    def _line_of(self, node: ast.AST | None) -> str:
        number = getattr(node, "lineno", None)
        lines = textwrap.dedent(self.text).splitlines()
        return lines[number - 1].strip() if number and number <= len(lines) else ""


def source_of(function: Callable[..., Any]) -> str:
    """The text of a function and of the helpers beside it, as far as Python can still find them."""
    parts: dict[Any, str] = {}
    waiting = [_bare(function)]
    while waiting and len(parts) < HELPERS:
        reading = waiting.pop(0)
        code = getattr(reading, "__code__", None)
        if code is None or code in parts:
            continue
        try:
            parts[code] = _parsable(_lines_of(reading))
        except SyntaxError:
            parts[code] = ""
        beside = [reading.__globals__.get(name) for name in code.co_names]
        waiting += [f for f in beside if inspect.isfunction(f) and f.__code__.co_filename == code.co_filename]
    return "\n".join(parts.values())


def _lines_of(function: Any) -> str:
    """Give what `inspect.getsource` gives, which looks through every module there is first."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, function.__globals__)
    return "".join(inspect.getblock(lines[code.co_firstlineno - 1 :]))


def _bare(function: Any) -> Any:
    """The function behind decorators, `functools.partial`, bound methods and objects that can be called."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function)
    if not inspect.isroutine(function):
        function = getattr(function, "__call__", function)  # noqa: B004  # its code, not whether it has any
    return getattr(function, "__func__", function)


def _parsable(part: str) -> str:
    """A definition as Python by itself, or nothing. `inspect` gives a lambda with the rest of its line."""
    part = textwrap.dedent(part)
    for text in (part, f"({part.strip().rstrip(',')}\n)"):
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(text)
            return text
    return ""


def _called(node: ast.AST) -> str:
    """Name of the function or method that a node calls."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _keywords(node: ast.AST) -> set[str | None]:
    return {k.arg for k in node.keywords} if isinstance(node, ast.Call) else set()


def _overwrites(node: ast.AST) -> bool:
    """A name or an entry set to a product that does not hold its old value."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return False
    target = node.targets[0]
    return isinstance(target, ast.Name | ast.Subscript) and ast.unparse(target) not in ast.unparse(node.value)


def _array_and_index(target: ast.expr) -> tuple[str, str]:
    if not isinstance(target, ast.Subscript):
        return ast.unparse(target), ""
    return ast.unparse(target.value), ast.unparse(target.slice)


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _way_out(body: list[ast.stmt]) -> ast.stmt | None:
    """A `return` that every way through a block of statements comes to."""
    for n in body:
        if isinstance(n, ast.Return):
            return n
        if isinstance(n, ast.If) and _way_out(n.body) and (found := _way_out(n.orelse)):
            return found
        if any(isinstance(m, ast.Continue | ast.Break) for m in ast.walk(n)):
            return None
    return None


def _parts(value: ast.AST | None) -> list[ast.AST]:
    return list(value.elts) if isinstance(value, ast.Tuple | ast.List) else [value] if value else []


def _has_size_in_numbers(node: ast.AST) -> bool:
    """An array of a size that is written in: ``np.zeros((3, 2))``, ``np.eye(3)``, ``a.reshape(3, 2)``."""
    if _called(node) not in MAKERS or not isinstance(node, ast.Call):
        return False
    # The shape is the last tuple among the arguments; `eye` and the method `reshape` take plain numbers.
    tuples = [arg.elts for arg in node.args if isinstance(arg, ast.Tuple | ast.List)]
    shape = tuples[-1] if tuples else node.args
    sizes = [n.value if isinstance(n, ast.Constant) and isinstance(n.value, int) else 0 for n in shape]
    return min(sizes, default=0) > 0 and max(sizes) > 1


def _is_small(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < abs(node.value) <= SMALL


def _has_small_constant(node: ast.BinOp) -> bool:
    return _is_small(node.left) or _is_small(node.right)


def _is_bound(node: ast.AST) -> bool:
    """A number other than 0, which makes no ReLU."""
    return isinstance(node, ast.UnaryOp | ast.Constant) and ast.unparse(node).lstrip("-") not in ("0", "0.0")


def _is_guard(node: ast.AST) -> bool:
    """A small constant added, lest something be 0."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _has_small_constant(node)


def _is_difference(node: ast.AST) -> bool:
    """A difference of two calls divided, any difference divided by a small number, or a step to the left."""
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, ast.Sub):  # ``1 - 1e-12`` is a bound
        return _is_small(node.right) and not isinstance(node.left, ast.Constant)
    if not (isinstance(node.op, ast.Div) and isinstance(node.left, ast.BinOp)):
        return False
    ends = node.left.left, node.left.right
    # ``(p - d) / len(d)`` is a mean, not a quotient.
    is_guarded = any(map(_is_guard, ast.walk(node.right)))
    return isinstance(node.left.op, ast.Sub) and (
        all(isinstance(end, ast.Call) for end in ends)
        or (any(map(_is_small, ast.walk(node.right))) and not is_guarded)
    )


SIGNS: dict[str, Callable[[ast.AST], bool]] = {
    "matrix product": lambda n: (
        (isinstance(n, ast.BinOp) and isinstance(n.op, ast.MatMult)) or _called(n) in MATRIX_PRODUCTS
    ),
    "elementwise product": lambda n: (
        (isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult)) or _called(n) == "multiply"
    ),
    "condition": lambda n: (
        isinstance(n, ast.If | ast.IfExp | ast.While | ast.BoolOp)
        or (_called(n) in ("max", "min") and isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    ),
    "one verdict": lambda n: (
        isinstance(n, ast.If | ast.IfExp | ast.While)
        and any(_called(m) in ("all", "any") for m in ast.walk(n.test))
    ),
    "reduction without keepdims": lambda n: (  # not Python's own `sum` and `max`, which have no axes
        isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and _called(n) in REDUCTIONS
        and "keepdims" not in _keywords(n)
    ),
    "size in numbers": _has_size_in_numbers,
    "absolute value": lambda n: _called(n) in ("abs", "absolute", "fabs"),
    "mean": lambda n: _called(n) in ("mean", "average"),
    "array like an input": lambda n: (
        _called(n) in ("zeros_like", "empty_like", "ones_like", "full_like") and "dtype" not in _keywords(n)
    ),
    "rounding": lambda n: _called(n) in ("round", "around", "round_", "rint", "floor", "trunc"),
    "float32": lambda n: (
        getattr(n, "attr", "") in ("float32", "float16", "single", "half")
        or (isinstance(n, ast.Constant) and n.value in ("float32", "f", "f4", "float16"))
    ),
    "clipping": lambda n: (
        _called(n) == "clip"
        or (isinstance(n, ast.Call) and _called(n) in ("maximum", "max") and any(map(_is_small, n.args)))
        or (isinstance(n, ast.Call) and _called(n) in ("maximum", "minimum") and any(map(_is_bound, n.args)))
    ),
    "guard": _is_guard,
    "few digits": lambda n: (
        isinstance(n, ast.Constant)
        and isinstance(n.value, float)
        and 4 <= len(str(n.value).split("e")[0].replace(".", "").strip("0")) < 15
    ),
    "subtraction": lambda n: isinstance(n, ast.BinOp) and isinstance(n.op, ast.Sub),
    "difference": _is_difference,
    "return": lambda n: isinstance(n, ast.Return),
    "overwriting": _overwrites,
}

"""Taking answers out of a module's text: names stay, so that imports work, and what they did raises."""

import ast
from collections.abc import Callable, Iterable
from pathlib import Path


def rewrite(source: Path, target: Path, change: Callable[[ast.Module], ast.Module]) -> None:
    """Write a module's text as it is after a change of its tree."""
    tree = change(ast.parse(source.read_text(encoding="utf-8")))
    target.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")


def hollow(tree: ast.Module) -> ast.Module:
    """Leave a module's names and classes, no function's body, and no value that is no constant."""
    emptied: ast.Module = _Hollow().visit(tree)
    emptied.body.insert(0, ast.parse("from __future__ import annotations").body[0])
    return emptied


class _Hollow(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = _raises(node.name)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if isinstance(node.targets[0], ast.Tuple):
            node.value = ast.Tuple([ast.Constant(None) for _ in node.targets[0].elts])
        elif not isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
        return node


def without(tree: ast.Module, names: Iterable[str]) -> ast.Module:
    """Take the bodies of some functions out."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            node.body = _raises(node.name)
    return tree


def without_derivatives(tree: ast.Module) -> ast.Module:
    """Take the local derivatives of each `Operation` out, and the helpers that only they called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Operation":
            derivatives = node.args[3]
            assert isinstance(derivatives, ast.Tuple)
            derivatives.elts = [ast.Name("_derivative") for _ in derivatives.elts]
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] == "_"}
    nothing = ast.FunctionDef(
        "_derivative",
        ast.arguments([], [], ast.arg("inputs"), [], [], None, []),
        _raises("a local derivative of an operation"),
        [],
    )
    last_import = max(i for i, node in enumerate(tree.body) if isinstance(node, ast.Import | ast.ImportFrom))
    tree.body.insert(last_import + 1, nothing)
    return without(tree, own - called)


def without_named_derivatives(tree: ast.Module) -> ast.Module:
    """Leave, of the functions that cases name, those that are no derivative of another: no ``tanh'``."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            table = node.value
            entries = zip(table.keys, table.values, strict=True)
            kept = [e for e in entries if not (isinstance(e[0], ast.Constant) and str(e[0].value)[-1] == "'")]
            table.keys, table.values = [key for key, _ in kept], [value for _, value in kept]
    return tree


def _raises(name: str) -> list[ast.stmt]:
    return ast.parse(f"from backprop_course._absent import absent\nabsent({name!r})").body

"""The names that the packaged manager offers, read without importing it."""

from __future__ import annotations

import ast

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MANAGER = "consolidated_nonce_manager.py"


def packaged_source() -> str:
    """The text of the manager that `apply` installs; "" where it cannot be read."""
    from importlib import resources

    file = resources.files("nonce_migrate").joinpath("vendored", _MANAGER)
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def packaged_members() -> frozenset[str]:
    """What the classes of the packaged manager define; empty where it cannot be read."""
    tree = ast.parse(packaged_source())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    functions = (n for c in classes for n in c.body if isinstance(n, _FUNCTIONS))
    return frozenset(function.name for function in functions)


def names_in_all(module: ast.Module) -> frozenset[str]:
    """The strings of the list or tuple that a module assigns to `__all__` last."""
    found: frozenset[str] = frozenset()
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        is_all = any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
        if is_all and isinstance(statement.value, ast.List | ast.Tuple):
            found = frozenset(
                item.value
                for item in statement.value.elts
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )
    return found

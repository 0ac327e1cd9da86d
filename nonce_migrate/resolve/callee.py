"""What a called name is called where it is defined.

After `from unittest.mock import patch as p`, `p` is `unittest.mock.patch`.

Only names whose every binding says the same are known; pytest's fixtures are known by the names of
parameters, as pytest itself knows them.
"""

from __future__ import annotations

import ast
import builtins
from functools import lru_cache

from nonce_migrate.resolve.scopes import Binding, BindingKind, NameTable, ScopeKind

_BUILTINS = frozenset(dir(builtins))
_MAX_DEPTH = 60  # of attributes, calls and assignments together
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Fixtures of pytest and pytest-mock, by the name that a parameter must have to get them.
_FIXTURES = {
    "monkeypatch": "pytest.MonkeyPatch()",
    "caplog": "pytest.LogCaptureFixture()",
    "mocker": "pytest_mock",
    "class_mocker": "pytest_mock",
    "module_mocker": "pytest_mock",
    "package_mocker": "pytest_mock",
    "session_mocker": "pytest_mock",
}
_SAME = {
    "pytest.MonkeyPatch().context()": "pytest.MonkeyPatch()",
    "pytest.MonkeyPatch.context()": "pytest.MonkeyPatch()",
    "_pytest.monkeypatch.MonkeyPatch": "pytest.MonkeyPatch",
    "_pytest.logging.LogCaptureFixture": "pytest.LogCaptureFixture",
    "pytest_mock.MockerFixture()": "pytest_mock",
    "pytest_mock.patch": "unittest.mock.patch",
    "pytest_mock.plugin.MockerFixture": "pytest_mock.MockerFixture",
    "mock": "unittest.mock",  # the backport on PyPI
}
_ANNOTATED = ("pytest.MonkeyPatch", "pytest.LogCaptureFixture", "pytest_mock.MockerFixture")


def qualified(names: NameTable, node: ast.expr) -> str:
    """The dotted name of what an expression is, with `()` after what is called; "" if unknown.

    `unittest.mock.patch.object`, `builtins.getattr`, `pytest.MonkeyPatch().setattr`. A name of
    the project itself is given as its import writes it; one from a relative import is unknown.
    """
    return _qualified(names, node, 0)


def _qualified(names: NameTable, node: ast.expr, depth: int) -> str:
    if depth > _MAX_DEPTH or not isinstance(node, ast.Name | ast.Attribute | ast.Call):
        return ""
    known = names.qualified.get(node)
    if known is None:
        names.qualified[node] = ""  # what a loop of assignments gives
        known = names.qualified[node] = _plain(_spelt_out(names, node, depth + 1))
    return known


def _spelt_out(names: NameTable, node: ast.Name | ast.Attribute | ast.Call, depth: int) -> str:
    if isinstance(node, ast.Attribute):
        owner = _qualified(names, node.value, depth)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, ast.Call):
        function = _qualified(names, node.func, depth)
        return f"{function}()" if function else ""
    scope = names.scope_of[node].lookup(node.id)
    if scope is None:
        return f"builtins.{node.id}" if node.id in _BUILTINS else ""
    found = ""
    for binding in scope.bindings[node.id]:
        if not _is_none(binding):
            own = _plain(_of_binding(names, binding, depth))
            if not own or own != (found or own):
                return ""
            found = own
    return found


def _is_none(binding: Binding) -> bool:
    """`mock = None`, after the import of it failed."""
    return isinstance(binding.value, ast.Constant) and binding.value.value is None


def _of_binding(names: NameTable, binding: Binding, depth: int) -> str:
    if binding.kind is BindingKind.IMPORT and binding.alias is not None:
        return _imported(binding.node, binding.alias)
    if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
        return _qualified(names, binding.value, depth)
    if binding.kind is BindingKind.PARAMETER and isinstance(binding.node, ast.arg):
        return _of_parameter(names, binding.node, depth)
    return ""


def _imported(node: ast.AST, alias: ast.alias) -> str:
    if isinstance(node, ast.ImportFrom):
        return f"{node.module}.{alias.name}" if node.module and not node.level else ""
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _of_parameter(names: NameTable, parameter: ast.arg, depth: int) -> str:
    """A parameter that pytest fills with a fixture of its own, or that is annotated as one."""
    if parameter.annotation is not None:
        annotated = _qualified(names, parameter.annotation, depth)
        if annotated in _ANNOTATED:
            return _plain(f"{annotated}()")
    function = names.parents.get(parameter)
    if not isinstance(function, _FUNCTIONS) or parameter.arg not in _FIXTURES:
        return ""
    given = [*function.args.posonlyargs, *function.args.args]
    has_default = parameter in given[len(given) - len(function.args.defaults) :]
    is_own = any(_is_own_fixture(b) for b in names.module.bindings.get(parameter.arg, ()))
    return "" if has_default or is_own else _FIXTURES[parameter.arg]


def _is_own_fixture(binding: Binding) -> bool:
    return binding.kind is BindingKind.DEFINITION and binding.scope.kind is ScopeKind.MODULE


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """One of several names for the same thing."""
    head, dot, tail = name.partition(".")
    if head == "mock":
        name = f"unittest.mock{dot}{tail}"
    for old, new in _SAME.items():
        if name == old or name.startswith(f"{old}."):
            return new + name[len(old) :]
    return name

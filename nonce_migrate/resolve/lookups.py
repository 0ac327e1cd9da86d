"""What takes a module by its name: `import_module("a.b")`, `sys.modules["a.b"]`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath

from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding, BindingKind


class Gives(Enum):
    """What a lookup gives."""

    MODULE = auto()  # the module, imported if need be
    LOADED = auto()  # the module if something has imported it (sys.modules)
    PACKAGE = auto()  # the first package of the name: `__import__("a.b")`
    SPEC = auto()  # where the module would be found
    RUN = auto()  # the names of the module after it has run as a script


_FUNCTIONS = {
    "importlib.import_module": Gives.MODULE,
    "pytest.importorskip": Gives.MODULE,
    "builtins.__import__": Gives.PACKAGE,
    "importlib.__import__": Gives.PACKAGE,
    "importlib.util.find_spec": Gives.SPEC,
    "importlib.find_loader": Gives.SPEC,
    "runpy.run_module": Gives.RUN,
    "sys.modules.get": Gives.LOADED,
}
WORDS = frozenset(name.rpartition(".")[2] for name in _FUNCTIONS) - {"get"}
_NEEDED = WORDS | {"modules"}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A lookup of a module by a constant text.

    text: the constant. found: the module that it names. package: the folder that the dots of a
    relative name count from, None for an absolute one.
    """

    node: ast.Call | ast.Subscript
    text: ast.Constant
    gives: Gives
    found: Found
    package: str | None = None


def may_look_up(module: ParsedModule) -> bool:
    """Whether a file may look modules up: it spells what does, whatever it calls that then."""
    return not _NEEDED.isdisjoint(module.spelt)


def function_of(module: ParsedModule, call: ast.Call) -> Gives | None:
    """What a call of a known function gives; None where it is no lookup of a module."""
    if not may_look_up(module):
        return None
    gives = _FUNCTIONS.get(qualified(module.names, call.func))
    if gives is Gives.PACKAGE and (_fromlist(call) is not None or not _is_dotted(call)):
        return Gives.MODULE
    return gives


def name_argument(call: ast.Call) -> ast.expr | None:
    """The argument of a lookup that is the module's name."""
    if call.args:
        return call.args[0]
    named = (k.value for k in call.keywords if k.arg in ("name", "modname", "fullname", "mod_name"))
    return next(named, None)


def lookup_at(project: Project, module: ParsedModule, node: ast.expr) -> Lookup | None:
    """The lookup that an expression is, None where it is none of a module of the project."""
    if isinstance(node, ast.Subscript):
        text, gives = node.slice, Gives.LOADED
        if not isinstance(node.ctx, ast.Load) or not is_registry(module, node.value):
            return None
    elif isinstance(node, ast.Call):
        argument = name_argument(node)
        known = function_of(module, node) if isinstance(argument, ast.Constant) else None
        if argument is None or known is None:
            return None
        text, gives = argument, known
    else:
        return None
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    package = None
    if text.value.startswith("."):
        package = _package(project, module, node)
        found = None if package is None else _relative(project, package, text.value)
    else:
        found = project.locate_dotted(module, text.value)
    return None if found is None else Lookup(node, text, gives, found, package)


def is_registry(module: ParsedModule, node: ast.expr) -> bool:
    """Whether an expression is `sys.modules`."""
    return "modules" in module.spelt and qualified(module.names, node) == "sys.modules"


def binding_of(module: ParsedModule, node: ast.expr) -> Binding:
    """What stands for the import that a lookup makes, the same one whoever asks."""
    if node not in module.lookups:
        scope = module.names.scope_of[node]
        module.lookups[node] = Binding("", BindingKind.OTHER, node, scope)
    return module.lookups[node]


def from_list(call: ast.Call) -> Sequence[ast.expr]:
    """The names that `__import__` is asked for, with which it gives the module itself."""
    given = _fromlist(call)
    return given.elts if given is not None else ()


def _fromlist(call: ast.Call) -> ast.List | ast.Tuple | None:
    given = call.args[3] if len(call.args) > 3 else None
    given = next((k.value for k in call.keywords if k.arg == "fromlist"), given)
    return given if isinstance(given, ast.List | ast.Tuple) and given.elts else None


def _is_dotted(call: ast.Call) -> bool:
    name = name_argument(call)
    return not isinstance(name, ast.Constant) or "." in str(name.value)


def _package(project: Project, module: ParsedModule, node: ast.expr) -> str | None:
    """The folder that `package=` of a relative lookup names."""
    if not isinstance(node, ast.Call):
        return None
    given = node.args[1] if len(node.args) > 1 else None
    given = next((k.value for k in node.keywords if k.arg == "package"), given)
    folder = PurePosixPath(module.path).parent.as_posix()
    if isinstance(given, ast.Name):
        is_init = module.path.endswith("/__init__.py")
        return folder if given.id == "__package__" or (is_init and given.id == "__name__") else None
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return None
    found = project.locate_dotted(module, given.value)
    return found.module if found and not found.module.endswith(".py") else None


def _relative(project: Project, package: str, text: str) -> Found | None:
    name = text.lstrip(".")
    parts: Sequence[str] = name.split(".") if name else ()
    return project.index.relative(f"{package}/__init__.py", len(text) - len(name), parts)

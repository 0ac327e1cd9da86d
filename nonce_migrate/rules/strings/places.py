"""What the call around a string does with what the string names."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum, auto

from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.lookups import WORDS, is_registry
from nonce_migrate.resolve.project import ParsedModule


class Does(Enum):
    """What happens to what a string names."""

    PATCH = auto()  # replaced or deleted, by its whole path
    PATCH_MANY = auto()  # names of that module are replaced, given as keywords
    OPEN = auto()  # the module's `__dict__`
    ATTRIBUTE = auto()  # looked up, or replaced, in the object before it
    FAKE = auto()  # an entry of sys.modules is made or replaced
    FORGET = auto()  # an entry of sys.modules is taken out
    ASK = auto()  # it is asked whether sys.modules has it
    LOGGER = auto()  # the name of a logger
    IMPORT = auto()  # a module is taken in a way that is not followed
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """What a string does. call: the call that does it. is_known: whether that call is resolved."""

    does: Does
    call: ast.expr | None = None
    is_known: bool = True


_BY_PATH = {
    "unittest.mock.patch": Does.PATCH,
    "pytest.MonkeyPatch().setattr": Does.PATCH,
    "pytest.MonkeyPatch().delattr": Does.PATCH,
    "unittest.mock.patch.multiple": Does.PATCH_MANY,
    "unittest.mock.patch.dict": Does.OPEN,
    "logging.getLogger": Does.LOGGER,
    "sys.modules.pop": Does.FORGET,
    "sys.modules.setdefault": Does.FAKE,
}
PATCHES_OF_OBJECTS = frozenset(
    (
        "unittest.mock.patch.object",
        "pytest.MonkeyPatch().setattr",
        "pytest.MonkeyPatch().delattr",
        "pytest_mock.spy",
    )
)
PATCH_WORDS = frozenset(("patch", "setattr", "delattr"))
_TARGETS = frozenset(("target", "name", "logger"))
# What a file must spell to patch anything of an object by its name.
WORDS_OF_PATCHES = frozenset(name.rpartition(".")[2] for name in PATCHES_OF_OBJECTS)
_BUILTINS = frozenset(f"builtins.{n}" for n in ("getattr", "hasattr", "setattr", "delattr"))
_WORDS_BY_NAME = frozenset(("getattr", "hasattr", "setattr", "delattr", "object", "spy"))
_LOGGED = ("pytest.LogCaptureFixture().at_level", "pytest.LogCaptureFixture().set_level")
_NOWHERE = Place(Does.NOTHING)


def place_of(module: ParsedModule, node: ast.Constant) -> Place:
    """What the expression around a string does with it."""
    parent = module.names.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.slice is node:
        return _of_entry(module, parent)
    if isinstance(parent, ast.Compare):
        return _of_test(module, parent)
    if isinstance(parent, ast.Dict):
        return _of_key(module, parent, node)
    keyword = ""
    if isinstance(parent, ast.keyword):
        keyword, parent = parent.arg or "", module.names.parents.get(parent)
    if isinstance(parent, ast.Call):
        return _of_argument(module, parent, node, keyword)
    return _NOWHERE


def _of_entry(module: ParsedModule, node: ast.Subscript) -> Place:
    if not is_registry(module, node.value):
        return _NOWHERE
    if isinstance(node.ctx, ast.Load):
        return Place(Does.IMPORT, node)
    return Place(Does.FAKE if isinstance(node.ctx, ast.Store) else Does.FORGET, node)


def _of_test(module: ParsedModule, node: ast.Compare) -> Place:
    """`"a.b" in sys.modules`, `record.name == "a.b"`."""
    if any(is_registry(module, side) for side in node.comparators):
        return Place(Does.ASK, node)
    sides = [node.left, *node.comparators]
    is_logged = any(isinstance(side, ast.Attribute) and side.attr == "name" for side in sides)
    return Place(Does.LOGGER, node, is_known=False) if is_logged else _NOWHERE


def _of_key(module: ParsedModule, node: ast.Dict, key: ast.Constant) -> Place:
    """A key of what is put into sys.modules, or of the loggers of `logging.config.dictConfig`."""
    if key not in node.keys:
        return _NOWHERE
    parent = module.names.parents.get(node)
    if isinstance(parent, ast.keyword):
        parent = module.names.parents.get(parent)
    if isinstance(parent, ast.Call) and fills_registry(module, parent):
        return Place(Does.FAKE, parent)
    if isinstance(parent, ast.Dict):
        keys = [k for k, v in zip(parent.keys, parent.values, strict=True) if v is node]
        if any(isinstance(k, ast.Constant) and k.value == "loggers" for k in keys):
            return Place(Does.LOGGER, parent)
    return _NOWHERE


def is_patch_by_path(module: ParsedModule, call: ast.Call) -> bool:
    """Whether a call replaces what a path names: `patch(path)`, `monkeypatch.setattr(path, x)`."""
    word = qualified(module.names, call.func)
    if _BY_PATH.get(word) is not Does.PATCH or not call.args:
        return False
    most = {"setattr": 2, "delattr": 1}.get(word.rpartition(".")[2], len(call.args))
    return len(call.args) <= most and not any(k.arg == "name" for k in call.keywords)


def fills_registry(module: ParsedModule, call: ast.Call) -> bool:
    """Whether a call puts something into sys.modules."""
    word = qualified(module.names, call.func)
    if word == "sys.modules.update":
        return True
    first = call.args[0] if call.args else None
    first = next((k.value for k in call.keywords if k.arg == "in_dict"), first)
    is_named = isinstance(first, ast.Constant) and first.value == "sys.modules"
    is_it = is_named or (first is not None and is_registry(module, first))
    return is_it and word in ("unittest.mock.patch.dict", "pytest.MonkeyPatch().setitem")


def _of_argument(module: ParsedModule, call: ast.Call, node: ast.expr, keyword: str) -> Place:
    word = qualified(module.names, call.func)
    last = word.rpartition(".")[2] or _last_word(call.func)
    if call.args[:1] == [node] or keyword in _TARGETS:
        if word in _LOGGED or (last == "assertLogs" and not keyword):
            is_name = keyword == "logger" or last == "assertLogs"
            return Place(Does.LOGGER, call, is_known=word in _LOGGED) if is_name else _NOWHERE
        if word in _BY_PATH:
            return Place(_BY_PATH[word], call)
        if last in PATCH_WORDS and word not in _BUILTINS:
            return Place(Does.PATCH, call, is_known=False)
        return Place(Does.IMPORT, call) if last in WORDS else _NOWHERE
    if call.args[1:2] == [node]:
        if call.args and is_registry(module, call.args[0]):
            is_set = last == "setitem"
            return Place(Does.FAKE if is_set else Does.FORGET, call)
        if word in PATCHES_OF_OBJECTS or word in _BUILTINS:
            return Place(Does.ATTRIBUTE, call)
        if last in _WORDS_BY_NAME:
            return Place(Does.ATTRIBUTE, call, is_known=False)
    return _NOWHERE


def _last_word(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")

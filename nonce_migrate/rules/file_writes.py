"""Finds the calls of a file that write, replace or delete files, and the paths they are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.resolve.scopes import NameTable

_METHODS_ON_PATH = {"write_text", "write_bytes", "unlink", "rename", "replace", "touch"}
_MODULES = {"os", "shutil", "pathlib"}
_FUNCTIONS = {
    "remove": (0,),
    "unlink": (0,),
    "truncate": (0,),
    "rename": (0, 1),
    "renames": (0, 1),
    "replace": (0, 1),
    "move": (0, 1),
    "copy": (1,),
    "copy2": (1,),
    "copyfile": (1,),
}
_WRITING = frozenset("wax+")


@dataclass(frozen=True, slots=True)
class FileWrite:
    """A call that changes files: paths: the expressions that say which."""

    call: ast.Call
    paths: tuple[ast.expr, ...]


def find_writes(names: NameTable) -> Iterator[FileWrite]:
    """Every such call, in the order of the text."""
    for call, _ in names.calls:
        paths = _paths(call)
        if paths:
            yield FileWrite(call, paths)


def _paths(call: ast.Call) -> tuple[ast.expr, ...]:
    function = call.func
    if isinstance(function, ast.Name):
        if function.id == "open":
            return tuple(call.args[:1]) if _is_writing(call, 1) else ()
        known = function.id in ("copyfile", "copy2", "move")
        return _given(call, _FUNCTIONS[function.id]) if known else ()
    if not isinstance(function, ast.Attribute):
        return ()
    owner, word = function.value, function.attr
    module = owner.id if isinstance(owner, ast.Name) else ""
    if module in _MODULES:
        return _given(call, _FUNCTIONS.get(word, ()))
    if module in ("io", "codecs", "aiofiles", "gzip") and word == "open":
        return tuple(call.args[:1]) if _is_writing(call, 1) else ()
    if word == "open":
        return (owner,) if _is_writing(call, 0) else ()
    if module == "fileinput" and word in ("input", "FileInput"):
        in_place = any(k.arg == "inplace" and _is_true(k.value) for k in call.keywords)
        return _given(call, (0,)) if in_place else ()
    if word not in _METHODS_ON_PATH or (word == "replace" and len(call.args) != 1):
        return ()  # `text.replace(old, new)` is no file
    return (owner, *call.args[:1]) if word in ("rename", "replace") else (owner,)


def _given(call: ast.Call, places: tuple[int, ...]) -> tuple[ast.expr, ...]:
    named = [k.value for k in call.keywords if k.arg in ("dst", "path", "src", "files")]
    return (*(call.args[i] for i in places if i < len(call.args)), *named) if places else ()


def _is_writing(call: ast.Call, place: int) -> bool:
    """Whether the mode of an `open` writes."""
    mode = next((k.value for k in call.keywords if k.arg == "mode"), None)
    if mode is None and len(call.args) > place:
        mode = call.args[place]
    text = mode.value if isinstance(mode, ast.Constant) else ""
    return isinstance(text, str) and bool(_WRITING & set(text))


def _is_true(node: ast.expr) -> bool:
    return not isinstance(node, ast.Constant) or bool(node.value)

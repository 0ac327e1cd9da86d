"""Edits as the rules want them, over syntax nodes. The engine turns them into text."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keyword:
    """The argument is handed on as `name=`."""

    name: str


@dataclass(frozen=True, slots=True)
class Drop:
    """The argument goes: it has no side effect and nothing to say any more."""


@dataclass(frozen=True, slots=True)
class RenameName:
    """The last name of a Name or Attribute."""

    node: ast.Name | ast.Attribute
    new: str


@dataclass(frozen=True, slots=True)
class RenamePrefix:
    """The first `parts` names of a dotted expression become `new` (dotted)."""

    node: ast.Attribute
    parts: int
    new: str


@dataclass(frozen=True, slots=True)
class ChangeCall:
    """The member, arguments (by index in the order written) or type of a call.

    via: a member that is called first on what stands before the dot
    (`Class.old()` -> `Class.via().member()`), "" for none.
    """

    node: ast.Call
    member: str | None = None
    arguments: Mapping[int, Keyword | Drop] = field(default_factory=dict)
    convert: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """Parts of the content of a string literal: (start, end, new), in characters of its value."""

    node: ast.Constant
    parts: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class NewImport:
    """One imported name after the change. module: with leading dots; None for `import name`."""

    module: str | None
    name: str
    as_name: str | None


@dataclass(frozen=True, slots=True)
class ChangeImport:
    """What each alias (by index) of an import statement turns into; () drops it."""

    node: ast.Import | ast.ImportFrom
    changes: Mapping[int, tuple[NewImport, ...]]


@dataclass(frozen=True, slots=True)
class ReplaceExpression:
    """A whole expression becomes other text, which needs no brackets around it."""

    node: ast.expr
    new: str


@dataclass(frozen=True, slots=True)
class AddImport:
    """An import at the top level, behind those that stand before the statement `before`."""

    before: ast.stmt
    new: NewImport


Intent = (
    RenameName
    | RenamePrefix
    | ChangeCall
    | ChangeText
    | ChangeImport
    | ReplaceExpression
    | AddImport
)

"""Rewrites one import statement: other names, other modules, one statement or several."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from nonce_migrate import source
from nonce_migrate.edit.dotted import dotted_node, dotted_text, with_text
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.name_list import Alias, NameList, inner_comments
from nonce_migrate.edit.parse import ImportStatement, comments, read_import, refusing

_STAR = "*"


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that a statement imports.

    module: what stands after `from`, with its leading dots (`..utils.x`, `.`); None for
    `import name`. name: the imported name, a dotted one for `import a.b`, `*` for a star.
    as_name: what stands after `as`, None for no `as`. It is left out where it equals the name,
    except where the statement has that very `X as X` already (a marked re-export).
    """

    module: str | None
    name: str
    as_name: str | None = None

    @property
    def _binding(self) -> tuple[str, str | None]:
        """The same for two names that would import the same twice."""
        return self.name, None if self.as_name == self.name else self.as_name


@dataclass(slots=True)
class _Group:
    """The names that one statement of the result imports, in order.

    placed: the index of the name that each comes from; extra names have none. merged: the index
    of a name that stands here already -> the indexes of those that became the same.
    """

    module: str | None
    names: list[Imported] = field(default_factory=list)
    placed: list[int | None] = field(default_factory=list)
    merged: dict[int, list[int]] = field(default_factory=dict)

    def add(self, imported: Imported, index: int | None) -> None:
        for name, place in zip(self.names, self.placed, strict=True):
            if name._binding == imported._binding:
                if index is not None and place is not None and index != place:
                    self.merged.setdefault(place, []).append(index)
                return
        self.names.append(imported)
        self.placed.append(index)


def rewrite_import(
    statement: str,
    changes: Mapping[int, Sequence[Imported]],
    *,
    extra: Sequence[Imported] = (),
    separator: str = "; ",
) -> str:
    """The statement with some of its names replaced; "" where none is left.

    statement: the exact source of one `import` or `from` statement, without a comment or line
    end behind it. changes: index of a name -> the names instead of it, none to drop it; the
    others stay. extra: names to add to the resulting `from` statement of their module.
    separator: what to put between statements where the names end in several modules; those come
    in the order of their first names.

    With one module in the end the statement is edited in place: only the changed tokens differ.
    A comment goes with its name; one that belongs to a name that became the same as another goes
    to that one. Raises EditError where a comment would be lost, where an index or module is not
    there, and where the result would not import exactly the names asked for.
    """
    if not changes and not extra:
        return statement
    fixed = tuple((index, tuple(changes[index])) for index in sorted(changes))
    return _rewritten(statement, fixed, tuple(extra), separator)


@lru_cache(maxsize=1024)  # the same statement stands in many files
def _rewritten(
    statement: str,
    fixed: tuple[tuple[int, tuple[Imported, ...]], ...],
    extra: tuple[Imported, ...],
    separator: str,
) -> str:
    changes = dict(fixed)
    module, node = read_import(statement)
    names = NameList.of(node)
    if not all(0 <= index < len(names.aliases) for index in changes):
        raise EditError(f"the statement imports {len(names.aliases)} names only")
    groups = _grouped(node, names, changes, extra)
    if "#" in statement:
        _check_owners(names, groups)
    results = []
    for number, group in enumerate(groups):
        first, last = number == 0, number == len(groups) - 1
        with refusing():
            changed = _statement(node, names, group, first=first, last=last)
            text = module.code_for_node(changed)
        _check_names(text, group)
        results.append(text)
    result = separator.join(results)
    if "#" in statement:
        _check_comments(node, groups, result)
    return result


def _grouped(
    node: ImportStatement,
    names: NameList,
    changes: Mapping[int, Sequence[Imported]],
    extra: Sequence[Imported],
) -> list[_Group]:
    groups: dict[str | None, _Group] = {}
    old_module = _module_text(node)
    for index, alias in enumerate(names.aliases):
        for imported in changes.get(index, [_as_written(alias, old_module)]):
            group = groups.setdefault(imported.module, _Group(imported.module))
            group.add(imported, index)
    for imported in extra:
        if imported.module is None or imported.module not in groups:
            raise EditError(f"no name of the statement comes from {imported.module!r} in the end")
        groups[imported.module].add(imported, None)
    return list(groups.values())


def _module_text(node: ImportStatement) -> str | None:
    if isinstance(node, cst.Import):
        return None
    dots = "." * len(node.relative)
    return dots + (dotted_text(node.module) or "" if node.module else "")


def _as_written(alias: Alias, module: str | None) -> Imported:
    if isinstance(alias, cst.ImportStar):
        return Imported(module, _STAR)
    as_name = alias.asname.name if alias.asname else None
    name = dotted_text(alias.name)
    assert name is not None and (as_name is None or isinstance(as_name, cst.Name))
    return Imported(module, name, as_name.value if as_name else None)


def _check_owners(names: NameList, groups: Sequence[_Group]) -> None:
    """Refuses to drop a name with a comment, or to split one over several statements."""
    placed = [set(group.placed) | set(itertools.chain(*group.merged.values())) for group in groups]
    for index in range(len(names.aliases)):
        owners = sum(index in indexes for indexes in placed)
        if owners != 1 and names.comments_of(index):
            raise EditError("a comment would be lost with the name that it belongs to")
    if not groups and comments(names.gaps[0]) + comments(names.gaps[-1]):
        raise EditError("a comment would be lost with the statement")


def _check_comments(node: ImportStatement, groups: Sequence[_Group], result: str) -> None:
    """Refuses a result in which a comment of the statement stands less often than before."""
    once = any(group.merged for group in groups)
    for comment, times in Counter(comments(node)).items():
        if result.count(comment) < (1 if once else times):
            raise EditError("a comment would be lost")


def _statement(
    node: ImportStatement, names: NameList, group: _Group, *, first: bool, last: bool
) -> ImportStatement:
    whole = first and last
    if (group.module is None) != isinstance(node, cst.Import):
        return _fresh(group)
    picked = _picked(names, group).trimmed(keep_opening=first, keep_closing=last)
    statement = picked.in_place(node)
    if not whole and len(group.names) == 1 and not comments(statement):
        return _fresh(group)
    if isinstance(statement, cst.ImportFrom):
        return _with_module(statement, group.module or "")
    return statement


def _picked(names: NameList, group: _Group) -> NameList:
    """The names of the group in the layout of the statement, with the comments merged into it."""
    kept: dict[int, list[Alias]] = {}
    added = []
    for imported, index in zip(group.names, group.placed, strict=True):
        if index is None:
            added.append(_new_alias(imported))
        elif index in kept:
            kept[index].append(_new_alias(imported))
        else:
            alias = _changed_alias(names.aliases[index], imported)
            still_there = inner_comments(alias)
            homeless = [c for c in inner_comments(names.aliases[index]) if c not in still_there]
            for other in group.merged.get(index, ()):
                if other not in group.placed:
                    homeless.extend(names.comments_of(other))
            names = names.annotated(index, homeless)
            kept[index] = [alias]
    return names.picked(kept).extended(added)


def _changed_alias(alias: Alias, imported: Imported) -> Alias:
    new = _new_alias(imported)
    if isinstance(alias, cst.ImportStar) or isinstance(new, cst.ImportStar):
        return new
    if _as_written(alias, imported.module) == imported:
        return alias
    as_name = new.asname
    if as_name and alias.asname:
        as_name = alias.asname.with_changes(name=as_name.name)
    return alias.with_changes(name=with_text(alias.name, imported.name), asname=as_name)


def _new_alias(imported: Imported) -> Alias:
    if imported.name == _STAR:
        return cst.ImportStar()
    name = dotted_node(imported.name)
    as_name = imported._binding[1]
    if as_name is None:
        return cst.ImportAlias(name)
    return cst.ImportAlias(name, cst.AsName(cst.Name(as_name)))


def _with_module(statement: cst.ImportFrom, text: str) -> cst.ImportFrom:
    """The statement with another module; only the differing tokens change."""
    if text == _module_text(statement):
        return statement
    name = text.lstrip(".")
    dots = len(text) - len(name)
    old = statement.module
    module = (with_text(old, name) if old else dotted_node(name)) if name else None
    space = cst.SimpleWhitespace(" ")
    after_from, before_import = statement.whitespace_after_from, statement.whitespace_before_import
    return statement.with_changes(
        module=module,
        relative=statement.relative if dots == len(statement.relative) else [cst.Dot()] * dots,
        whitespace_after_from=space if after_from.empty and not dots else after_from,
        whitespace_before_import=space if before_import.empty and name else before_import,
    )


def _fresh(group: _Group) -> ImportStatement:
    """A new statement on one line."""
    pattern: ImportStatement = cst.Import([cst.ImportAlias(cst.Name("_"))])
    if group.module is not None:
        pattern = cst.ImportFrom(cst.Name("_"), [cst.ImportAlias(cst.Name("_"))])
        pattern = _with_module(pattern, group.module)
    return NameList.on_one_line(map(_new_alias, group.names)).in_place(pattern)


def _check_names(text: str, group: _Group) -> None:
    """Proves with Python's own parser that a new statement imports exactly the group."""
    try:
        (node,) = source.parse(text).body
    except (source.UnparsableError, ValueError):
        raise EditError("the result would not be one statement of Python") from None
    if isinstance(node, ast.ImportFrom):
        module: str | None = "." * node.level + (node.module or "")
        names = node.names
    elif isinstance(node, ast.Import):
        module, names = None, node.names
    else:
        raise EditError("the result would not be an import")
    found = [Imported(module, alias.name, alias.asname)._binding for alias in names]
    if module != group.module or found != [imported._binding for imported in group.names]:
        raise EditError("the result would not import the names asked for")

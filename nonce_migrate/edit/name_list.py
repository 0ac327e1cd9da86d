"""The names of an import statement with the space and the comments around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from nonce_migrate.edit import gaps
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.gaps import Gap
from nonce_migrate.edit.parse import ImportStatement, comments

# One thing that an import statement names.
Alias = cst.ImportAlias | cst.ImportStar

_ONE_SPACE = cst.SimpleWhitespace(" ")
_NOTHING = cst.SimpleWhitespace("")


@dataclass(frozen=True, slots=True)
class NameList:
    """aliases[i] stands between gaps[i] and gaps[i + 1].

    The space in the aliases' own commas is not used. ends_in_comma: whether the last name is
    followed by one. bracketed: whether the list stands in brackets; without them the first gap
    is the space after `import`, and the last one is empty. A star is the only one
    of the aliases.
    """

    aliases: tuple[Alias, ...]
    gaps: tuple[Gap, ...]
    bracketed: bool
    ends_in_comma: bool

    @classmethod
    def of(cls, statement: ImportStatement) -> NameList:
        """The names of a statement as they are written."""
        if isinstance(statement.names, cst.ImportStar):
            space = (statement.whitespace_after_import, _NOTHING)
            return cls((statement.names,), space, False, False)
        aliases = tuple(statement.names)
        first: Gap = statement.whitespace_after_import
        last: Gap = _NOTHING
        bracketed = isinstance(statement, cst.ImportFrom) and statement.lpar is not None
        if isinstance(statement, cst.ImportFrom) and statement.lpar and statement.rpar:
            first, last = statement.lpar.whitespace_after, statement.rpar.whitespace_before
        after: list[Gap] = []
        for alias in aliases:
            comma = alias.comma
            after.append(comma.whitespace_after if isinstance(comma, cst.Comma) else last)
        return cls(aliases, (first, *after), bracketed, isinstance(comma, cst.Comma))

    @classmethod
    def on_one_line(cls, aliases: Iterable[Alias]) -> NameList:
        """New names without brackets."""
        names = tuple(aliases)
        return cls(names, (*[_ONE_SPACE] * len(names), _NOTHING), False, False)

    def comments_of(self, index: int) -> list[str]:
        """Every comment that belongs to a name: above it, inside it, and behind it."""
        behind = gaps.head(self.gaps[index + 1])
        return [
            *gaps.own_lines(self.gaps[index]),
            *inner_comments(self.aliases[index]),
            *([behind] if behind else ()),
        ]

    def annotated(self, index: int, added: Sequence[str]) -> NameList:
        """The list with comments added behind a name."""
        if not added:
            return self
        changed = list(self.gaps)
        closing = index + 1 == len(self.aliases)
        changed[index + 1] = gaps.with_head(changed[index + 1], added, closing=closing)
        return replace(self, gaps=tuple(changed))

    def picked(self, kept: Mapping[int, Sequence[Alias]]) -> NameList:
        """The names with an index in `kept`, each replaced by what stands there.

        The comments of the others go with them.
        """
        aliases: list[Alias] = []
        between: list[Gap] = []
        pending = self.gaps[0]
        for index, after in enumerate(self.gaps[1:]):
            if index not in kept:
                pending = gaps.close_up(pending, after, leading=not aliases)
                continue
            aliases.extend(kept[index])
            between.extend((pending, *[_ONE_SPACE] * (len(kept[index]) - 1)))
            pending = after
        return replace(self, aliases=tuple(aliases), gaps=(*between, pending))

    def extended(self, added: Sequence[Alias]) -> NameList:
        """The list with names added at its end, each on a line of its own where the last is."""
        if not added:
            return self
        before, closing = self.gaps[-2], self.gaps[-1]
        between: Gap = _ONE_SPACE
        behind_last: Gap = _ONE_SPACE
        if self.bracketed and isinstance(before, cst.ParenthesizedWhitespace):
            between = gaps.without_head(before).with_changes(empty_lines=())
            behind_last = between
            if gaps.head(closing):
                behind_last = gaps.with_head(between, [gaps.head(closing)], closing=False)
                closing = gaps.without_head(closing)
        inserted = (behind_last, *[between] * (len(added) - 1))
        return replace(
            self,
            aliases=(*self.aliases, *added),
            gaps=(*self.gaps[:-1], *inserted, closing),
        )

    def trimmed(self, *, keep_opening: bool, keep_closing: bool) -> NameList:
        """Without the comment behind the opening bracket, or those before the closing one."""
        first, *others = self.gaps
        if not keep_opening:
            first = gaps.without_head(first)
        if not keep_closing:
            others[-1] = gaps.without_own_lines(others[-1])
        return replace(self, gaps=(first, *others))

    def in_place(self, statement: ImportStatement) -> ImportStatement:
        """The statement with these names instead of its own."""
        if any(isinstance(alias, cst.ImportStar) for alias in self.aliases):
            return self._star_in_place(statement)
        if isinstance(statement, cst.Import) or not self.bracketed:
            space = _ONE_SPACE if self.gaps[0].empty else self.gaps[0]
            return statement.with_changes(names=self._with_commas(), whitespace_after_import=space)
        assert statement.lpar is not None and statement.rpar is not None
        last = _NOTHING if self.ends_in_comma else self.gaps[-1]
        return statement.with_changes(
            names=self._with_commas(),
            lpar=statement.lpar.with_changes(whitespace_after=self.gaps[0]),
            rpar=statement.rpar.with_changes(whitespace_before=last),
        )

    def _star_in_place(self, statement: ImportStatement) -> ImportStatement:
        if len(self.aliases) > 1 or isinstance(statement, cst.Import):
            raise EditError("a star cannot stand beside names")
        return statement.with_changes(names=cst.ImportStar(), lpar=None, rpar=None)

    def _with_commas(self) -> list[cst.ImportAlias]:
        result = []
        last = len(self.aliases) - 1
        for index, (alias, after) in enumerate(zip(self.aliases, self.gaps[1:], strict=True)):
            assert isinstance(alias, cst.ImportAlias)
            comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
            if index < last or self.ends_in_comma:
                own = alias.comma if isinstance(alias.comma, cst.Comma) else cst.Comma()
                comma = own.with_changes(whitespace_after=after)
            result.append(alias.with_changes(comma=comma))
        return result


def inner_comments(alias: Alias) -> list[str]:
    """The comments between a name, its `as` and its comma."""
    if isinstance(alias, cst.ImportStar):
        return []
    found = comments(alias.asname) if alias.asname else []
    if isinstance(alias.comma, cst.Comma):
        found.extend(comments(alias.comma.whitespace_before))
    return found

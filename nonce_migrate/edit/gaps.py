"""The space between the parts of a list in brackets, and whose comment is whose.

A gap lies between two neighbours of a list. The comment on its first line belongs to what stands
before it, the comments on lines of their own belong to what stands after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

Gap = cst.BaseParenthesizableWhitespace
_INDENT = "    "


def head(gap: Gap) -> str:
    """The comment on the first line, "" for none."""
    if isinstance(gap, cst.ParenthesizedWhitespace) and gap.first_line.comment:
        return gap.first_line.comment.value
    return ""


def own_lines(gap: Gap) -> list[str]:
    """The comments on lines of their own."""
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        return []
    return [line.comment.value for line in gap.empty_lines if line.comment]


def without_head(gap: Gap) -> Gap:
    """The gap without the comment on its first line."""
    if not isinstance(gap, cst.ParenthesizedWhitespace) or gap.first_line.comment is None:
        return gap
    bare = cst.TrailingWhitespace(newline=gap.first_line.newline)
    return gap.with_changes(first_line=bare)


def without_own_lines(gap: Gap) -> Gap:
    """The gap without the lines that hold nothing but a comment, where there are any."""
    return gap.with_changes(empty_lines=()) if own_lines(gap) else gap


def with_head(gap: Gap, added: Sequence[str], *, closing: bool) -> Gap:
    """The gap with comments added behind those of its first line; repeated ones are left out.

    closing: whether the gap is the one before the closing bracket.
    """
    found = [head(gap)] if head(gap) else []
    found.extend(comment for comment in dict.fromkeys(added) if comment not in found)
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        indent = cst.SimpleWhitespace("" if closing else _INDENT)
        gap = cst.ParenthesizedWhitespace(last_line=indent)
    space = gap.first_line.whitespace if gap.first_line.comment else cst.SimpleWhitespace("  ")
    line = cst.TrailingWhitespace(space, cst.Comment("  ".join(found)), gap.first_line.newline)
    return gap.with_changes(first_line=line)


def close_up(before: Gap, after: Gap, *, leading: bool) -> Gap:
    """The gap that is left when the part between two gaps goes, together with its comments.

    leading: whether that part is the first of the list. The comments of its neighbours stay.
    """
    shape, other = (before, after) if leading else (after, before)
    if not head(before) and not own_lines(after):
        return without_head(without_own_lines(shape))
    if not isinstance(shape, cst.ParenthesizedWhitespace):
        shape = other
    assert isinstance(shape, cst.ParenthesizedWhitespace)
    first_from = before if head(before) else without_head(shape)
    assert isinstance(first_from, cst.ParenthesizedWhitespace)
    lines = after.empty_lines if isinstance(after, cst.ParenthesizedWhitespace) else ()
    return shape.with_changes(first_line=first_from.first_line, empty_lines=lines)

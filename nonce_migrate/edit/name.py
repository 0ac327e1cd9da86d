"""Renames inside names and dotted names."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from nonce_migrate.edit.dotted import dotted_node, dotted_text, with_text
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.parse import comments, read_expression, refusing


@lru_cache(maxsize=1024)  # the same name is used in many places
def rename_last(expression: str, new: str) -> str:
    """`old` or `anything.old` with `new` as its last name; space, brackets, comments stay.

    Raises EditError where the expression is neither a name nor an attribute, or new no name.
    """
    name = dotted_node(new)
    if not isinstance(name, cst.Name):
        raise EditError(f"not a single name: {new!r}")
    module, node = read_expression(expression)
    if isinstance(node, cst.Name):
        node = node.with_changes(value=new)
    elif isinstance(node, cst.Attribute):
        node = node.with_changes(attr=node.attr.with_changes(value=new))
    else:
        raise EditError("neither a name nor an attribute")
    with refusing():
        return module.code_for_node(node)


@lru_cache(maxsize=1024)
def replace_prefix(expression: str, old_dotted_parts: int, new_dotted: str) -> str:
    """Replaces the first `old_dotted_parts` names of a dotted name by the names of `new_dotted`.

    `a.b.legacy.X` with 3 and `a.b.new` gives `a.b.new.X`. What follows the prefix stays as it is
    written; so does the space inside the prefix where the number of names stays the same. Raises
    EditError where the expression is no dotted name, is shorter, or would lose a comment.
    """
    module, node = read_expression(expression)
    dotted = dotted_text(node)
    names = dotted.count(".") + 1 if dotted else 0
    if not 1 <= old_dotted_parts <= names:
        raise EditError(f"a dotted name of {old_dotted_parts} parts or more was expected")
    outer: list[cst.Attribute] = []
    prefix = node
    for _ in range(names - old_dotted_parts):
        assert isinstance(prefix, cst.Attribute)
        outer.append(prefix)
        prefix = prefix.value
    if not isinstance(prefix, cst.Name | cst.Attribute):
        raise EditError("not a dotted name")
    result: cst.BaseExpression = with_text(prefix, new_dotted)
    for attribute in reversed(outer):
        result = attribute.with_changes(value=result)
    if "#" in expression and comments(result) != comments(node):
        raise EditError("a comment would be lost")
    with refusing():
        return module.code_for_node(result)

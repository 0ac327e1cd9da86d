"""Dotted names as LibCST nodes."""

from __future__ import annotations

import keyword

import libcst as cst

from nonce_migrate.edit.errors import EditError

Dotted = cst.Name | cst.Attribute


def dotted_text(node: cst.BaseExpression) -> str | None:
    """`a.b.c` without the space inside it; None where the node is not a dotted name."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return ".".join((node.value, *reversed(parts)))


def dotted_node(text: str) -> Dotted:
    """The node of a dotted name. Raises EditError where the text is none."""
    first, *others = _parts(text)
    node: Dotted = cst.Name(first)
    for part in others:
        node = cst.Attribute(node, cst.Name(part))
    return node


def with_text(node: Dotted, text: str) -> Dotted:
    """The node with other names in it.

    With as many parts as before, the space, comments and brackets between them stay. Raises
    EditError where the text is not a dotted name.
    """
    if dotted_text(node) == text:
        return node
    parts = _parts(text)
    renamed = _rename(node, parts)
    if renamed is not None:
        return renamed
    return dotted_node(text).with_changes(lpar=node.lpar, rpar=node.rpar)


def _rename(node: cst.BaseExpression, parts: list[str]) -> Dotted | None:
    """None where the number of parts differs."""
    if isinstance(node, cst.Name):
        return node.with_changes(value=parts[0]) if len(parts) == 1 else None
    if not isinstance(node, cst.Attribute):
        return None
    value = _rename(node.value, parts[:-1])
    if value is None:
        return None
    return node.with_changes(value=value, attr=node.attr.with_changes(value=parts[-1]))


def _parts(text: str) -> list[str]:
    parts = text.split(".")
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise EditError(f"not a dotted name: {text!r}")
    return parts
